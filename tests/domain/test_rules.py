"""Rule packs are validated whole, and offices stand above and below each other by their codes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import Role
from domain.calendar import Term
from domain.duties import DutyKind
from domain.rules import RulePack, Rules, is_below, subtree, superior, superiors
from domain.value import Light
from runtime.packs import load_pack, published_calendar

PACK = load_pack("gansu")
CALENDAR = published_calendar(date(2023, 1, 1))
Spoil = Callable[[dict[str, Any]], object]


def _spoilt(spoil: Spoil) -> dict[str, Any]:
    written = PACK.model_dump(mode="json")
    spoil(written)
    return written


def test_the_gansu_pack_is_as_the_contract_says() -> None:
    terms = {kind.value: (rule.owner.value, str(rule.term)) for kind, rule in PACK.duties.items()}
    assert terms == {
        "intake": ("clerk", "10wd"),
        "correction": ("creditor", "5wd"),
        "transfer": ("clerk", "10wd"),
        "acknowledgement": ("debtor", "3wd"),
        "verification": ("debtor", "30d"),
        "endorsement": ("creditor", "5wd"),
        "dispute": ("clerk", "90d"),
        "funding": ("debtor", "30d"),
        "bonding": ("finance", "120d"),
        "instalment": ("debtor", "None"),
        "confirmation": ("creditor", "5wd"),
        "answer": ("debtor", "5wd"),
        "review": ("clerk", "10wd"),
    }
    assert PACK.duties[DutyKind.VERIFICATION].ceiling == Term(90, working=False)
    assert [(str(rung.at), rung.light) for rung in PACK.ladder] == [
        ("-3wd", Light.BLUE),
        ("1d", Light.YELLOW),
        ("3wd", Light.RED),
    ]
    assert PACK.allocation_order == ("migrant_wages", "livelihood", "received_on", "case_no")


def test_a_pack_is_read_as_it_is_written() -> None:
    assert RulePack.model_validate(_spoilt(lambda pack: None)) == PACK


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda pack: pack["duties"].pop("answer"), "no rule for the duties answer"),
        (lambda pack: pack["duties"].update(tea={"owner": "clerk", "basis": "-"}), "Input should be"),
        (lambda pack: pack["duties"]["review"].pop("term"), "every duty but instalment has a term"),
        (
            lambda pack: pack["duties"]["instalment"].update(term="5wd"),
            "every duty but instalment has a term",
        ),
        (lambda pack: pack["duties"]["review"].update(term="0wd"), "must be positive, not 0wd"),
        (lambda pack: pack["duties"]["verification"].update(ceiling="-90d"), "must be positive, not -90d"),
        (lambda pack: pack["duties"]["review"].update(term="ten days"), "not a term"),
        (lambda pack: pack["duties"]["review"].update(term=10), "Input should be"),
        (lambda pack: pack["duties"]["review"].update(owner="mayor"), "Input should be"),
        (lambda pack: pack["duties"]["review"].update(basis=" "), "at least 1 character"),
        (lambda pack: pack["ladder"].reverse(), "must rise from rung to rung"),
        (lambda pack: pack["ladder"].append({"at": "5wd", "light": "red"}), "must rise from rung to rung"),
        (lambda pack: pack["ladder"].append({"at": "5wd", "light": "violet"}), "Input should be"),
        (lambda pack: pack.update(allocation_order=[]), "ends with case_no"),
        (lambda pack: pack.update(allocation_order=["case_no", "received_on"]), "ends with case_no"),
        (lambda pack: pack.update(allocation_order=["livelihood", "livelihood", "case_no"]), "each key once"),
        (lambda pack: pack.update(allocation_order=["size", "case_no"]), "Input should be"),
        (lambda pack: pack.update(offices={}), "at least 1 item"),
        (lambda pack: pack.update(offices={"62010": "兰州"}), "match pattern"),
        (lambda pack: pack.update(colour="red"), "Extra inputs"),
        (lambda pack: pack.pop("effective_on"), "Field required"),
    ],
)
def test_a_pack_that_is_wrong_is_refused(spoil: Spoil, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        RulePack.model_validate(_spoilt(spoil))


def test_a_shorter_allocation_order_is_a_pack_s_own_choice() -> None:
    pack = RulePack.model_validate(_spoilt(lambda written: written.update(allocation_order=["case_no"])))
    assert pack.allocation_order == ("case_no",)


@pytest.mark.parametrize(
    ("office", "above"),
    [
        ("620105", ("620100", "620000")),
        ("620100", ("620000",)),
        ("620200", ("620000",)),
        ("621002", ("621000", "620000")),
        ("622901", ("622900", "620000")),
        ("620000", ()),
        ("110101", ()),
    ],
)
def test_superiors_are_the_coarser_codes_of_the_pack(office: str, above: tuple[str, ...]) -> None:
    assert superiors(office, PACK.offices) == above
    assert superior(office, PACK.offices) == (above[0] if above else None)


def test_an_office_that_the_pack_does_not_name_is_no_superior() -> None:
    assert superiors("620105", {"620000": "甘肃省清欠办"}) == ("620000",)


@pytest.mark.parametrize(
    ("office", "other", "below"),
    [
        ("620105", "620100", True),
        ("620105", "620000", True),
        ("620100", "620000", True),
        ("621002", "621000", True),
        ("620105", "620105", False),
        ("620100", "620105", False),
        ("620104", "620105", False),
        ("620302", "620100", False),
        ("621002", "620100", False),
        ("110101", "620000", False),
        ("622901", "622900", True),
    ],
)
def test_an_office_is_below_the_coarser_code(office: str, other: str, below: bool) -> None:
    assert is_below(office, other) is below


def test_an_office_s_own_tree_has_it_at_the_top() -> None:
    for office in PACK.offices:
        assert subtree(office).fullmatch(office)
        assert all(subtree(above).fullmatch(office) for above in superiors(office, PACK.offices))


@pytest.mark.parametrize(
    ("office", "carried"),
    [
        ("620105", {"620105", "620100", "620000"}),
        ("620200", {"620200", "620000"}),
        ("620300", {"620300", "620302", "620321", "620000"}),
        ("620000", set(PACK.offices)),
    ],
)
def test_a_case_carries_the_offices_above_and_below(office: str, carried: set[str]) -> None:
    rules = PACK.for_case(office, CALENDAR)
    assert set(rules.offices) == carried
    assert rules.pack == "gansu@2026.1"
    assert rules.calendar == CALENDAR
    assert (rules.duties, rules.ladder) == (PACK.duties, PACK.ladder)


def test_the_rules_of_a_case_are_written_and_read_back() -> None:
    rules = PACK.for_case("620105", CALENDAR)
    assert Rules.model_validate(rules.model_dump(mode="json")) == rules


def test_only_the_creditor_s_duties_never_turn_red() -> None:
    rules = PACK.for_case("620105", CALENDAR)
    for kind, rule in PACK.duties.items():
        lights = [rung.light for rung in rules.rungs(kind)]
        above_yellow = [] if rule.owner is Role.CREDITOR else [Light.RED]
        assert lights == [Light.BLUE, Light.YELLOW, *above_yellow]
