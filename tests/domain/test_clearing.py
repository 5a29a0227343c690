"""Plans, bonds and payments: money goes where it must, and none is lost on a revision or a denial."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.facts import BondIncluded, BondIneligible, BondRequested, FundsReturned, Planned
from domain.value import SourceKind
from tests.domain.story import BATCH_NO, WAN, Story, bonds_of, story_at

ENDS_BY = {"confirm_withdrawal": "withdrawn", "go_judicial": "went_judicial"}


def _planned_with(*sources: tuple[str, str], **fields: Any) -> Story:
    written = [{"kind": kind, "amount": amount} for kind, amount in sources]
    return story_at("planned", plan={"sources": written} | fields)


def _revise(told: Story, *sources: tuple[str, str], total: str, until: str = "2023-10-31") -> list[Any]:
    events = told.do(
        "plan",
        sources=[{"kind": kind, "amount": amount} for kind, amount in sources],
        instalments=[{"due_on": until, "amount": total}],
        reason="资金变化",
    )
    return [event.fact for event in events]


def _pay(told: Story, voucher: str, amount: str) -> None:
    told.do("report_payment", voucher=voucher, amount=amount)
    told.do("confirm_receipt", voucher=voucher)


def _sources(told: Story) -> dict[str, tuple[int, int]]:
    assert told.case.plan is not None
    return {source.kind.value: (source.planned_fen, source.arrived_fen) for source in told.case.plan.sources}


def _cleared(told: Story) -> list[int]:
    assert told.case.plan is not None
    return [one.cleared_fen for one in told.case.instalments]


def test_instalments_are_numbered_by_their_days() -> None:
    due = [("2023-10-23", "100万元"), ("2023-09-28", "250万元"), ("2023-12-01", "50万元")]
    told = story_at("endorsed")
    told.do("plan", instalments=[{"due_on": day, "amount": amount} for day, amount in due])
    plan = told.case.plan
    assert plan is not None
    assert [(one.no, one.due_on.isoformat(), one.amount_fen // WAN) for one in plan.instalments] == [
        (1, "2023-09-28", 250),
        (2, "2023-10-23", 100),
        (3, "2023-12-01", 50),
    ]


def test_an_instalment_may_be_due_on_the_day_of_the_plan() -> None:
    told = story_at("endorsed").on("2023-06-26")
    told.do("plan", instalments=[{"due_on": "2023-06-26", "amount": "400万元"}])
    assert told.duty("instalment", "1").due_on == date(2023, 6, 26)


def test_parts_of_one_source_are_one_source() -> None:
    told = story_at("endorsed")
    told.do(
        "plan",
        sources=[
            {"kind": "loan", "amount": "100万元", "expected_on": "2023-08-01"},
            {"kind": "budget", "amount": "50万元"},
            {"kind": "loan", "amount": "250万元", "expected_on": "2023-09-01"},
        ],
    )
    assert _sources(told) == {"loan": (350 * WAN, 0), "budget": (50 * WAN, 0)}
    plan = told.case.plan
    assert plan is not None
    loan, budget = plan.source(SourceKind.LOAN), plan.source(SourceKind.BUDGET)
    assert (loan and loan.expected_on, budget and budget.expected_on) == (date(2023, 9, 1), None)


def test_payments_fill_the_instalments_in_order() -> None:
    due = [{"due_on": f"2023-{month}-28", "amount": "200万元"} for month in ("09", "10")]
    told = story_at("funded", plan={"instalments": due}).on("2023-07-20")
    _pay(told, "PZ-1", "150万元")
    assert (_cleared(told), told.owed()) == ([150 * WAN, 0], ["instalment", "instalment"])
    _pay(told, "PZ-2", "100万元")
    assert (_cleared(told), told.owed()) == ([200 * WAN, 50 * WAN], ["instalment"])
    assert told.duty("instalment", "2").due_on == date(2023, 10, 30)


def test_a_revision_covers_what_is_left_and_keeps_what_has_arrived() -> None:
    told = _planned_with(("budget", "100万元"), ("assets", "300万元"))
    told.do("fund", amount="100万元")
    told.do("fund", source="assets", amount="50万元", reference="国资1号")
    _pay(told.on("2023-07-20"), "PZ-1", "120万元")
    _revise(told, ("loan", "250万元"), ("assets", "30万元"), total="280万元")
    assert _sources(told) == {"loan": (250 * WAN, 0), "assets": (30 * WAN, 30 * WAN)}
    assert (_cleared(told), told.case.available_fen) == ([0], 30 * WAN)
    told.do("fund", source="loan", amount="250万元", reference="贷1号")
    _pay(told, "PZ-2", "280万元")
    assert (told.case.stage, told.case.cleared_fen) == ("review", 400 * WAN)


def test_a_payment_on_its_way_stays_in_a_revised_plan() -> None:
    told = story_at("reported")
    _revise(told, ("budget", "400万元"), total="400万元")
    told.do("bounce")
    assert _sources(told) == {"budget": (400 * WAN, 400 * WAN)}
    assert (told.case.available_fen, told.case.in_transit_fen) == (400 * WAN, 0)


def test_a_payment_denied_after_a_revision_is_on_hand_again() -> None:
    told = _planned_with(("budget", "300万元"), ("assets", "100万元"))
    told.do("fund", amount="300万元")
    _pay(told.on("2023-07-20"), "PZ-1", "300万元")
    _revise(told, ("assets", "100万元"), total="100万元")
    told.do("fund", source="assets", amount="100万元", reference="国资1号")
    _pay(told, "PZ-2", "100万元")
    told.do("call_back", satisfied="no", note="第一笔未到", voucher="PZ-1")
    assert (told.case.stage, told.case.cleared_fen, told.case.in_transit_fen) == (
        "payment",
        100 * WAN,
        300 * WAN,
    )
    assert told.owed() == ["answer"]
    told.do("bounce", voucher="PZ-1")
    assert (told.owed(), told.case.unplanned_fen) == (["funding"], 300 * WAN)
    _revise(told, ("assets", "300万元"), total="300万元")
    _pay(told, "PZ-3", "300万元")
    assert (told.case.stage, told.case.outstanding_fen) == ("review", 0)


def test_a_bounced_payment_is_paid_again_under_another_voucher() -> None:
    told = story_at("reported")
    told.do("bounce", by="finance:钱@620105")
    _pay(told, "PZ-2", "400万元")
    assert [(one.voucher, one.state) for one in told.case.payments] == [
        ("PZ-1", "bounced"),
        ("PZ-2", "confirmed"),
    ]
    assert told.case.stage == "review"


def test_an_amount_found_too_low_is_recognised_planned_and_paid() -> None:
    told = story_at("cleared")
    told.do("call_back", satisfied="no", note="漏计20万元")
    told.on("2023-08-01").do("recognise", settled="1020万元", undisputed="420万元", as_of="2023-08-01")
    told.do("endorse")
    assert (told.case.stage, told.owed(), told.case.outstanding_fen) == ("funding", ["funding"], 20 * WAN)
    _revise(told, ("budget", "20万元"), total="20万元")
    told.do("fund", amount="20万元", reference="安财预2号")
    _pay(told, "PZ-2", "20万元")
    assert (told.case.stage, told.case.cleared_fen) == ("review", 420 * WAN)


def test_an_amount_found_right_after_all_leads_back_to_review() -> None:
    told = story_at("closed")
    told.do("reopen")
    told.on("2023-08-01").do("recognise", as_of="2023-08-01")
    told.do("endorse")
    assert (told.case.stage, told.owed()) == ("review", ["review"])
    assert told.refused("close").code == "wrong_stage"


def test_bond_money_is_requested_included_and_paid_while_the_rest_is_awaited() -> None:
    told = story_at("planned", plan=bonds_of("250万元", "150万元"))
    assert told.case.bond_wanted_fen == 400 * WAN
    told.hear("included", 250 * WAN)
    assert (told.case.included_fen, told.case.bond_wanted_fen, told.case.bond_awaited_fen) == (
        250 * WAN,
        150 * WAN,
        250 * WAN,
    )
    told.hear("arrived", 250 * WAN)
    _pay(told.on("2023-07-20"), "PZ-1", "250万元")
    assert (told.case.stage, told.owed()) == ("bonding", ["bonding", "instalment"])
    told.hear("included", 150 * WAN)
    told.hear("arrived", 150 * WAN)
    assert (told.case.stage, told.owed()) == ("payment", ["instalment"])
    _pay(told, "PZ-2", "150万元")
    assert (told.case.stage, told.case.included_fen) == ("review", 400 * WAN)


@pytest.mark.parametrize("reserved", [400, 401, 10_000])
def test_a_case_takes_no_more_of_a_batch_than_it_wants(reserved: int) -> None:
    told = story_at("bonding")
    (event,) = told.hear("included", reserved * WAN)
    assert isinstance(event.fact, BondIncluded)
    assert event.fact.amount_fen == 400 * WAN
    assert told.case.bond_wanted_fen == 0


@pytest.mark.parametrize("end", ["confirm_withdrawal", "go_judicial"])
def test_an_ended_case_takes_nothing_of_a_batch(end: str) -> None:
    told = story_at("bonding")
    told.do("withdraw")
    told.do(end)
    (event,) = told.hear("included", 400 * WAN)
    assert isinstance(event.fact, BondIncluded)
    assert (event.fact.amount_fen, told.case.included_fen, told.owed()) == (0, 0, [])


@pytest.mark.parametrize("end", ENDS_BY)
def test_what_a_case_holds_goes_back_when_it_ends(end: str) -> None:
    """To each batch what has not arrived, to each source what is not paid out; what the creditor is still asked about stays."""
    plan = {"sources": [{"kind": "budget", "amount": "100万元"}, {"kind": "bond", "amount": "300万元"}]}
    told = story_at("planned", plan=plan)
    told.do("fund", amount="80万元")
    told.hear("included", 120 * WAN)
    told.hear("included", 150 * WAN, batch_no="BB-620105-2023-02")
    told.hear("arrived", 50 * WAN)
    told.on("2023-07-20").do("report_payment", amount="90万元")
    told.do("withdraw")
    *returned, ended = told.do(end)
    assert [event.fact for event in returned] == [
        FundsReturned(source="bond", amount_fen=70 * WAN, batch_no=BATCH_NO),
        FundsReturned(source="bond", amount_fen=150 * WAN, batch_no="BB-620105-2023-02"),
        FundsReturned(source="bond", amount_fen=40 * WAN),
    ]
    assert (ended.kind, told.owed()) == (ENDS_BY[end], [])
    assert {event.command_id for event in returned} == {ended.command_id}
    case = told.case
    assert (case.available_fen, case.bond_awaited_fen, case.bond_wanted_fen) == (0, 0, 0)
    assert (case.in_transit_fen, case.in_bonds_fen) == (90 * WAN, 50 * WAN)


def test_nothing_goes_back_when_nothing_is_held() -> None:
    assert [event.kind for event in story_at("bonding").withdrawn()] == ["withdrawn"]
    assert [event.kind for event in story_at("called_back").do("close")] == ["closed"]


def test_money_that_was_on_its_way_to_a_case_that_has_ended_is_not_taken() -> None:
    told = story_at("bonding")
    told.hear("included", 100 * WAN)
    told.withdrawn()
    assert told.hear("arrived", 100 * WAN) == []


def test_the_same_news_again_makes_nothing_happen() -> None:
    told = story_at("bonding")
    transfer = {"transfer_id": "t1"}
    told.hear("included", 100 * WAN, news_id="n1", **transfer)
    assert told.hear("included", 100 * WAN, news_id="n1", **transfer) == []
    assert told.case.included_fen == 100 * WAN


def test_spending_that_bonds_may_not_pay_needs_another_plan() -> None:
    told = story_at("bonding")
    told.hear("included", 100 * WAN)
    told.hear("ineligible")
    assert (told.case.stage, told.owed()) == ("funding", ["bonding", "funding", "instalment"])
    assert (told.case.bond_wanted_fen, told.case.unplanned_fen) == (0, 300 * WAN)
    facts = _revise(told, ("bond", "100万元"), ("budget", "300万元"), total="400万元")
    assert [fact.kind for fact in facts] == ["planned"]
    assert (told.case.stage, told.owed()) == ("bonding", ["bonding", "instalment"])


def test_news_of_ineligibility_may_come_without_a_reason() -> None:
    told = story_at("bonding")
    (event,) = told.hear("ineligible", reason=None)
    assert event.fact == BondIneligible(batch_no=BATCH_NO, reason="")


def test_a_plan_without_bonds_ends_the_matter_of_ineligibility() -> None:
    told = story_at("bonding")
    told.hear("ineligible")
    _revise(told, ("budget", "400万元"), total="400万元")
    assert (told.case.stage, told.owed()) == ("payment", ["instalment"])
    assert [span.state for span in told.case.stages if span.stage == "bonding"] == ["skipped"]


@pytest.mark.parametrize(
    ("bond", "requested"),
    [("400万元", None), ("300万元", 200 * WAN), ("100万元", 0)],
)
def test_a_revision_tells_the_pool_only_what_changes(bond: str, requested: int | None) -> None:
    told = story_at("bonding")
    told.hear("included", 100 * WAN)
    rest = f"{400 - int(bond.removesuffix('万元'))}万元"
    more = [("loan", rest)] if rest != "0万元" else []
    planned, *requests = _revise(told, ("bond", bond), *more, total="400万元")
    assert isinstance(planned, Planned)
    assert planned.reason == "资金变化"
    assert requests == ([] if requested is None else [BondRequested(amount_fen=requested)])
    assert told.case.bond_wanted_fen == (300 * WAN if requested is None else requested)


def test_bond_money_that_has_arrived_is_not_requested_again() -> None:
    told = story_at("bonding")
    told.hear("included", 250 * WAN)
    told.hear("arrived", 200 * WAN)
    assert [fact.kind for fact in _revise(told, ("bond", "400万元"), total="400万元")] == ["planned"]
    assert (told.case.bond_wanted_fen, told.case.bond_awaited_fen) == (150 * WAN, 50 * WAN)


def test_a_single_fen_is_still_owed_by_somebody() -> None:
    told = story_at(
        "planned",
        recognise={"undisputed": "399.999998万元", "disputed": "0.02元"},
        plan=bonds_of("399.999998万元"),
    )
    assert told.owed() == ["bonding", "dispute", "instalment"]
    told.do("resolve_dispute", recognised=0, rejected="0.01元")
    assert told.owed() == ["bonding", "dispute", "instalment"]
    told.do("resolve_dispute", recognised="0.01元", rejected=0)
    assert (told.owed(), told.case.unplanned_fen) == (["bonding", "funding", "instalment"], 1)
    told.hear("included", 400 * WAN - 2)
    told.hear("arrived", 400 * WAN - 3)
    assert told.owed() == ["bonding", "funding", "instalment"]
    told.hear("arrived", 1)
    assert told.owed() == ["funding", "instalment"]


# How far a plan may reach, and who lets it be put off.


def _year(no: int) -> str:
    return str(date(2023, 6, 26) + timedelta(days=365 * no))


def _by(*days: str) -> dict[str, Any]:
    return {"instalments": [{"due_on": day, "amount": f"{400 // len(days)}万元"} for day in days]}


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (["2024-06-26"], "instalments.0.due_on"),
        (["2024-07-01", "2023-07-01"], "instalments.0.due_on"),
        ([_year(no) for no in range(1, 11)] + ["2033-07-04"], "instalments.10.due_on"),
    ],
)
def test_nobody_is_promised_money_beyond_a_year_or_ten(days: list[str], field: str) -> None:
    told = story_at("endorsed").on("2023-06-26")
    each = 400 // len(days)
    amounts = [each] * (len(days) - 1) + [400 - each * (len(days) - 1)]
    parts = [{"due_on": day, "amount": f"{wan}万元"} for day, wan in zip(days, amounts, strict=True)]
    refusal = told.refused("plan", instalments=parts)
    assert (refusal.code, refusal.field) == ("malformed", field)


def test_a_year_is_not_beyond_a_year() -> None:
    told = story_at("endorsed").on("2023-06-26")
    assert told.do("plan", **_by(_year(1), _year(2)))


def test_a_plan_is_put_off_once_by_the_debtor_alone_and_then_by_two() -> None:
    told = story_at("planned", plan=_by("2023-09-01", "2023-10-01"))
    assert told.do("plan", reason="提前", **_by("2023-08-01", "2023-10-01"))
    assert told.do("plan", reason="资金变化", **_by("2023-08-15", "2023-10-01"))
    assert told.do("plan", reason="提前", **_by("2023-08-10", "2023-10-01"))
    told.approved("plan", reason="资金再变化", **_by("2023-08-10", "2023-10-15"))
    assert told.duty("instalment", "2").due_on == date(2023, 10, 16), "a Monday"


def test_what_a_holiday_or_an_extension_moved_has_not_lapsed_yet() -> None:
    told = story_at("planned", plan=_by("2023-10-01", "2023-12-01"))
    assert told.duty("instalment", "1").due_on == date(2023, 10, 7), (
        "the first working day after the holidays"
    )
    told.until("2023-10-07")
    told.again().do("plan", reason="资金变化", **_by("2023-10-20", "2023-12-01"))
    told.do("extend", duty="instalment", subject="1", days=30)
    told.until("2023-10-31")
    last = told.again()
    last.do("plan", reason="资金变化", **_by("2023-11-20", "2023-12-01"))
    assert last.duty("instalment", "1").due_on == date(2023, 11, 20)
    told.until("2023-11-01")
    told.approved("plan", reason="资金变化", **_by("2023-11-20", "2023-12-01"))


def test_what_has_lapsed_is_put_off_by_two_from_the_first_time_on() -> None:
    told = story_at("planned", plan=_by("2023-08-01", "2023-10-01"))
    told.until("2023-08-03")
    told.approved("plan", reason="资金变化", **_by("2023-08-15", "2023-10-01"))
    assert told.duty("instalment", "1").due_on == date(2023, 8, 15)
