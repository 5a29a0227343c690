"""变更当事人: whoever takes a party's place acts in it, and has all of its time."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.case.casefile import Case
from domain.case.view import case_json
from domain.facts import OfDuty
from domain.receipt import Receipt
from tests.domain.laws import LAWS
from tests.domain.story import BROUGHT_IN, CLERK, HEAD, RECEIPT, WAN, Story, story_at
from tests.known import there

DEBTOR_NOW: dict[str, Any] = {
    "side": "debtor",
    "party": {"name": "安宁区城市管理局", "kind": "organ"},
    "why": "reorganisation",
    "reference": "三定方案",
}


def _substituted(told: Story, **fields: Any) -> Story:
    told.approved("substitute", **fields)
    for law in LAWS:
        law(told)
    return told


def test_the_new_creditor_acts_and_the_old_one_does_not() -> None:
    told = _substituted(story_at("recognised"))
    assert told.refused("endorse", "creditor:赵@甲建筑公司").code == "not_yours"
    told.do("endorse", "creditor:周@乙保理公司")
    assert told.case.stage == "funding"


def test_whose_size_counts_is_the_first_creditor_s() -> None:
    told = story_at("recognised")
    before = told.case.governed
    _substituted(told)
    assert told.case.receipt.creditor.size == "large"
    assert told.case.governed == before == ("governed", "organ")
    _substituted(told, party={"name": "丙公司"})
    assert (told.case.first_creditor, told.case.governed) == (RECEIPT.creditor, before)


@pytest.mark.parametrize(
    ("point", "on", "clerk", "duty"),
    [
        ("asked", "2023-05-04", "clerk:周@620100", "correction"),
        ("recognised", "2023-05-26", CLERK, "endorsement"),
        ("reported", "2023-07-25", CLERK, "confirmation"),
    ],
)
def test_the_new_creditor_has_all_of_its_time(point: str, on: str, clerk: str, duty: str) -> None:
    told = _substituted(story_at(point).on(on), by=clerk)
    assert [one.opened_on for one in told.case.duties if one.duty == duty] == [told.today]


def test_a_withdrawal_was_the_old_creditor_s_wish() -> None:
    told = _substituted(story_at("withdrawing"))
    assert told.owed() == ["instalment"]


def test_a_new_debtor_is_served_anew_before_the_account_stands() -> None:
    told = story_at("recognised").on("2023-05-26")
    _substituted(told, **DEBTOR_NOW)
    assert (told.case.stage, told.owed()) == ("transfer", ["transfer"])
    assert told.refused("recognise", "debtor:王强").code == "wrong_stage"
    told.on("2023-05-29").do("forward")
    assert told.refused("recognise", "debtor:王强@安宁区环卫局").code == "not_yours"
    told.do("recognise", as_of="2023-05-29")
    assert told.owed() == ["endorsement"]
    assert str(told.case.ceiling_since) == "2023-05-05", "the ninety days are the first office's"


def test_a_new_debtor_of_an_account_that_stands_owes_what_is_left() -> None:
    told = story_at("endorsed").on("2023-06-12")
    _substituted(told, **DEBTOR_NOW)
    assert (told.case.stage, told.duty("funding").opened_on) == ("funding", told.today)
    told = _substituted(story_at("disputed"), **DEBTOR_NOW)
    assert told.owed() == ["answer", "instalment"]
    assert _substituted(story_at("received").on("2023-04-26"), by="clerk:周@620100", **DEBTOR_NOW).owed() == [
        "intake"
    ]


def test_a_new_debtor_has_all_of_its_time_to_pay_the_interest() -> None:
    told = story_at("bearing")
    told.do("confirm_receipt")
    told.until("2023-08-24")
    assert told.case.levels[str(told.duty("interest").key)] == "supervised"
    _substituted(told, **DEBTOR_NOW)
    interest = told.duty("interest")
    assert (interest.opened_on, interest.due_on.isoformat()) == (told.today, "2023-09-25")
    assert [event.kind for event in told.until("2023-09-19")] == []


def test_what_the_old_debtor_promised_is_its_own() -> None:
    told = _substituted(story_at("promised"), **DEBTOR_NOW)
    assert told.owed() == ["instalment"]


@pytest.mark.parametrize(
    "fields",
    [
        {"side": "debtor"},
        {"party": {"name": "某局", "kind": "organ"}},
        {"side": "debtor", "party": {"name": "某局", "kind": "organ", "size": "small"}},
    ],
)
def test_a_party_is_described_as_what_it_is(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="a debtor has a kind"):
        story_at("planned").command("substitute", **fields)


def test_nobody_takes_its_own_place() -> None:
    refusal = story_at("planned").refused(
        "substitute", party={"name": "甲建筑公司", "code": RECEIPT.creditor.code}
    )
    assert (refusal.code, refusal.field) == ("malformed", "party.name")


def test_it_takes_two_persons_also_while_the_case_is_suspended() -> None:
    told = story_at("suspended")
    told.do("substitute")
    assert told.refused("approve", "head:李敏@620105").code == "four_eyes"
    told.do("approve", HEAD)
    assert told.case.receipt.creditor.name == "乙保理公司"


def test_what_the_old_debtor_was_ordered_and_called_to_is_its_own() -> None:
    told = story_at("planned")
    told.do("summon")
    told.do("attach", "debtor:王强")
    assert there(told.case.called_in)
    _substituted(told, **DEBTOR_NOW)
    assert (told.case.called_in, told.case.debtor_ordered_on) == (None, None)
    assert told.case.attached_by == {}
    (minutes,) = told.do("interview_held")[-1].letters
    assert minutes.addressee == told.case.receipt.debtor.name


def test_a_new_debtor_has_ten_days_for_an_instalment_that_was_late_and_climbs_from_the_foot_of_the_ladder() -> (
    None
):
    told = story_at("planned")
    told.until("2023-10-16")
    assert told.case.levels[str(told.duty("instalment", "1").key)] == "supervised"
    _substituted(told, **DEBTOR_NOW)
    late = told.duty("instalment", "1")
    assert (late.opened_on, str(late.was_due_on), str(late.due_on)) == (
        told.today,
        "2023-09-28",
        "2023-10-30",
    )
    assert told.refused("publicise").code == "wrong_stage"
    assert case_json(told.case, told.today)["instalments"][0]["level"] is None
    levels = [event.fact.level for event in told.until("2023-11-03") if isinstance(event.fact, OfDuty)]
    assert list(dict.fromkeys(filter(None, levels))) == ["near", "lapsed", "supervised"]
    told.do("publicise")


def test_a_new_debtor_has_the_plan_s_day_where_it_is_still_ahead_and_an_extension_of_it() -> None:
    told = story_at("planned")
    told.do("extend", subject="1", days=30)
    _substituted(told.on("2023-10-09"), **DEBTOR_NOW)
    assert str(told.duty("instalment", "1").due_on) == "2023-10-30"
    told.do("extend", subject="1", days=3)
    assert str(told.duty("instalment", "1").due_on) == "2023-10-31"


def test_a_plan_of_the_new_debtor_carries_what_it_was_late_with_itself() -> None:
    told = story_at("planned")
    told.until("2023-10-16")
    _substituted(told, **DEBTOR_NOW)
    told.until("2023-10-31")
    told.approved("plan", reason="调整", instalments=[{"due_on": "2023-12-29", "amount": "400万元"}])
    assert told.case.levels[str(told.duty("instalment", "1").key)] == "lapsed"
    assert told.duty("instalment", "1").was_due_on is None


def test_what_was_proposed_against_the_old_debtor_is_not_approved_against_the_new_one() -> None:
    told = story_at("planned")
    told.until("2023-12-01")
    assert {gate.against for gate in told.case.gates} == {None}
    _substituted(told, by="clerk:周@620100", **DEBTOR_NOW)
    assert told.case.gates == ()


def test_general_bonds_do_not_come_to_a_debtor_that_may_not_be_paid_from_them() -> None:
    soe = DEBTOR_NOW | {"party": {"name": "安宁城投", "kind": "soe"}}
    refusal = story_at("bonding").refused("substitute", **soe)
    assert (refusal.code, refusal.field) == ("not_eligible", "party.kind")
    _substituted(story_at("planned"), **soe)


def test_a_debtor_that_takes_the_place_of_one_paid_from_bonds_elsewhere_leaves_the_case_readable() -> None:
    plan = {
        "sources": [{"kind": "bond", "amount": 291 * WAN}],
        "instalments": [{"due_on": "2024-01-31", "amount": 291 * WAN}],
    }
    written = BROUGHT_IN.model_dump(mode="json")
    written["taken_in"] |= {"stage": "bonding", "plan": plan}
    told = Story(Receipt.model_validate(written), on="2023-11-06")
    told.do(
        "plan",
        reason="改用预算资金",
        sources=[{"kind": "budget", "amount": "291万元"}],
        instalments=[{"due_on": "2024-01-31", "amount": "291万元"}],
    )
    _substituted(told, by="clerk:周@620100", **DEBTOR_NOW | {"party": {"name": "安宁城投", "kind": "soe"}})
    assert Case.model_validate_json(told.case.model_dump_json()) == told.case


def test_the_office_s_time_stands_still_from_the_first_request_for_a_correction_on() -> None:
    """Four days before the new creditor, and seven after."""
    told = story_at("received")
    told.do("request_correction")
    before = told.on("2023-05-04").again()
    before.do("supply_correction")
    _substituted(told, by="clerk:周@620100")
    told.on("2023-05-08").do("supply_correction", "creditor:周")
    stood = (told.duty("intake").due_on - before.duty("intake").due_on).days
    assert stood >= 4
    assert [(str(one.since), str(one.until)) for one in told.case.corrections] == [
        ("2023-04-26", "2023-05-04"),
        ("2023-05-04", "2023-05-08"),
    ]
