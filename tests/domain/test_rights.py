"""What an office may do with a case beside giving it commands."""

import pytest

from domain.actors import Role, parse_actor
from domain.rights import handles, may_register, may_reissue_code, may_see_contact

REGISTERED_BY, HOLDER, ON_THE_WAY = "620000", "620105", "620100"


@pytest.mark.parametrize(
    ("office", "may"), [(REGISTERED_BY, True), (HOLDER, True), (ON_THE_WAY, False), ("620102", False)]
)
def test_whoever_registered_or_holds_a_case_works_on_it(office: str, may: bool) -> None:
    assert may_see_contact(office, REGISTERED_BY, HOLDER) is may
    assert may_reissue_code(office, [Role.CLERK], REGISTERED_BY, HOLDER) is may
    assert may_reissue_code(office, [Role.FINANCE, Role.HEAD], REGISTERED_BY, HOLDER) is may
    assert not may_reissue_code(office, [Role.FINANCE], REGISTERED_BY, HOLDER)


@pytest.mark.parametrize(
    ("office", "so"), [(HOLDER, True), (ON_THE_WAY, True), ("620102", False), ("620200", False)]
)
def test_an_office_handles_what_it_or_one_below_it_holds(office: str, so: bool) -> None:
    assert handles(office, HOLDER) is so
    assert not handles(HOLDER, ON_THE_WAY)


@pytest.mark.parametrize(
    ("by", "own", "in_a_sheet"),
    [
        ("clerk:李敏@620105", True, True),
        ("clerk@620105", True, True),
        ("clerk:陈@620100", False, True),
        ("clerk:周@620102", False, False),
        ("head:孙@620105", False, False),
        ("finance:钱@620105", False, False),
        ("creditor", False, False),
        ("system", False, False),
    ],
)
def test_a_clerk_registers_for_the_own_office_and_in_a_sheet_for_those_below(
    by: str, own: bool, in_a_sheet: bool
) -> None:
    actor = parse_actor(by)
    assert may_register(actor, "620105") is own
    assert may_register(actor, "620105", below=True) is in_a_sheet
