"""What an office may do with a case beside giving it commands."""

import pytest

from domain.actors import Role
from domain.rights import may_reissue_code, may_see_contact

REGISTERED_BY, HOLDER, ON_THE_WAY = "620000", "620105", "620100"


@pytest.mark.parametrize(
    ("office", "may"), [(REGISTERED_BY, True), (HOLDER, True), (ON_THE_WAY, False), ("620102", False)]
)
def test_whoever_registered_or_holds_a_case_works_on_it(office: str, may: bool) -> None:
    assert may_see_contact(office, REGISTERED_BY, HOLDER) is may
    assert may_reissue_code(office, [Role.CLERK], REGISTERED_BY, HOLDER) is may
    assert may_reissue_code(office, [Role.FINANCE, Role.HEAD], REGISTERED_BY, HOLDER) is may
    assert not may_reissue_code(office, [Role.FINANCE], REGISTERED_BY, HOLDER)
