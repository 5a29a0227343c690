"""Interest of a case: fixed by two persons, apart from the principal, paid, waived, owed once the principal is clear."""

from datetime import date
from typing import Any

import pytest

from domain import facts as e
from domain.actors import SYSTEM
from domain.case.view import case_json
from domain.contract import Contract
from domain.events import Event
from domain.facts import Endorsed, InterestWaived
from domain.postings import transfers
from domain.receipt import Receipt
from domain.refusal import Code
from domain.reports.figures import figures_of, past
from domain.reports.periods import ReportKind, period_of
from tests.domain.story import CITY_HEAD, CLERK, CREDITOR, DEBTOR, HEAD, RECEIPT, WAN, Story, story_at
from tests.known import fact, there

AGREED = {"rule": "agreed", "rate": None, "amount": "12万元", "from": "2023-01-01"}
STATUTORY = {"rule": "statutory", "rate": None, "from": "2023-05-21"}
SIGNED_LATER = RECEIPT.model_copy(update={"contract": Contract(signed_on=date(2022, 3, 1))})
AGREED_ON_A_RATE = RECEIPT.model_copy(
    update={"contract": Contract(signed_on=date(2022, 3, 1), agreed_rate="4%/y")}
)
PAID: Any = {"voucher": "PZ-1", "amount_fen": 12, "interest_fen": 3}
ALL_INTEREST: Any = {"voucher": "PZ-1", "amount_fen": 3, "interest_fen": 3}
_RETENTION = (("9万元", "2023-06-20"), ("4万元", "2023-07-01"))
FEN = ("accrued_fen", "paid_fen", "in_transit_fen", "waived_fen", "outstanding_fen")


def _interest(told: Story) -> Any:
    return case_json(told.case, told.today)["interest"]


def _wan(told: Story) -> list[int]:
    shown = _interest(told)
    return [shown[name] // WAN for name in FEN]


def _begun(receipt: Receipt = SIGNED_LATER) -> Story:
    """A case whose account stands, with a contract of those parties."""
    told = Story(receipt)
    told.do("accept")
    told.do("forward", by="clerk:周@620100", to="620105")
    told.on("2023-05-20").do("forward")
    told.do("recognise", as_of="2023-05-20")
    told.do("endorse")
    told.until("2023-06-20")
    return told


def _fixed(point: str = "funded", on: str = "2023-07-20", **rule: Any) -> Story:
    told = story_at(point).on(on)
    told.approved("fix_interest", **(rule or AGREED))
    return told


def _cleared_but_for_interest() -> Story:
    told = _fixed()
    told.do("report_payment", paid_on="2023-07-20")
    told.do("confirm_receipt")
    return told


def test_it_is_fixed_by_two_persons() -> None:
    told = story_at("funded").on("2023-07-20")
    assert [event.kind for event in told.do("fix_interest", **AGREED)] == ["submitted"]
    assert (_interest(told), told.refused("approve", by="head:李敏@620105").code) == (None, "four_eyes")
    fixed = told.do("approve", by=HEAD)[-1]
    assert (fixed.kind, str(fixed.approved_by)) == ("interest_fixed", HEAD)
    data = fixed.fact.model_dump(mode="json")
    assert (data["from"], data["amount_fen"], "since" in data) == ("2023-01-01", 12 * WAN, False)


def test_a_submission_says_it_in_the_words_of_the_command() -> None:
    told = story_at("funded").on("2023-07-20")
    told.do("fix_interest", **AGREED)
    assert told.case.waiting[0].fields == {
        "rule": "agreed",
        "amount_fen": 12 * WAN,
        "from": "2023-01-01",
        "reason": "未约定利息",
    }


def test_principal_and_interest_paid_in_one_are_told_apart() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    assert (told.case.in_transit_fen, told.case.available_fen, _wan(told)) == (
        400 * WAN,
        0,
        [12, 0, 12, 0, 12],
    )
    told.do("confirm_receipt")
    assert (told.case.cleared_fen, told.case.outstanding_fen, told.case.stage) == (400 * WAN, 0, "review")
    (payment,) = case_json(told.case, told.today)["payments"]
    assert [payment[name] // WAN for name in ("amount_fen", "interest_fen", "confirmed_fen")] == [
        412,
        12,
        412,
    ]
    assert _wan(told) == [12, 12, 0, 0, 0]
    assert [one.cleared_fen for one in told.case.instalments] == [400 * WAN]


def test_without_a_word_on_interest_a_payment_is_all_principal() -> None:
    told = _fixed()
    assert (
        told.refused("report_payment", amount="412万元", paid_on="2023-07-20").code == "funds_not_available"
    )
    told.do("report_payment", paid_on="2023-07-20")
    told.do("confirm_receipt")
    assert (told.case.outstanding_fen, _wan(told)[-1], told.case.stage) == (0, 12, "payment")
    assert told.owed() == ["interest"]


def test_it_needs_no_funding_and_no_plan() -> None:
    told = _fixed("endorsed", "2023-06-20")
    told.do("report_payment", amount="5万元", interest="5万元", paid_on="2023-06-20")
    told.do(
        "report_payment", voucher="PZ-2", amount="7万元", interest="7万元", direct=True, paid_on="2023-06-20"
    )
    told.do("confirm_receipt")
    told.do("bounce", voucher="PZ-2")
    assert (_wan(told), told.case.cleared_fen, told.owed()) == ([12, 5, 0, 0, 7], 0, ["funding"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "5万元", "interest": "5.01万元"}, "amounts_do_not_add_up"),
        ({"amount": "13万元", "interest": "12.01万元"}, "exceeds_owed"),
    ],
)
def test_no_more_of_a_payment_is_interest_than_is_fixed_and_open(fields: dict[str, Any], code: str) -> None:
    refusal = _fixed().refused("report_payment", paid_on="2023-07-20", **fields)
    assert (refusal.code, refusal.field) == (code, "interest")


def test_nothing_is_interest_before_it_is_fixed_nor_twice() -> None:
    told = story_at("funded").on("2023-07-20")
    some = {"amount": "10万元", "interest": "10万元", "paid_on": "2023-07-20"}
    assert told.refused("report_payment", **some).code == "exceeds_owed"
    told.approved("fix_interest", **AGREED)
    told.do("report_payment", **some)
    assert told.refused("report_payment", voucher="PZ-2", **some).code == "exceeds_owed"


def test_what_is_paid_late_on_paper_is_measured_by_the_day_it_was_paid() -> None:
    told = _begun()
    told.approved("fix_interest", **STATUTORY)
    told.on("2023-07-10")
    daily = 400 * WAN * 5 // 10_000
    paid: dict[str, Any] = {"paid_on": "2023-05-31", "direct": True}
    refusal = told.refused(
        "report_payment", amount=f"{daily * 10 / 100 + 1}", interest=f"{daily * 10 / 100 + 1}", **paid
    )
    assert refusal.code == "exceeds_owed"
    told.do("report_payment", amount=f"{daily / 10}", interest=f"{daily / 10}", **paid)


def test_confirmation_in_part_counts_interest_first() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt", amount="10万元")
    assert (told.case.cleared_fen, _wan(told)) == (0, [12, 10, 2, 0, 2])
    told.do("confirm_receipt", amount="100万元")
    assert (told.case.cleared_fen, _wan(told)) == (98 * WAN, [12, 12, 0, 0, 0])
    told.do("answer")
    told.do("confirm_receipt")
    assert (told.case.cleared_fen, told.case.stage) == (400 * WAN, "review")


def test_a_part_that_is_denied_is_owed_again() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt", amount="10万元")
    told.do("bounce")
    assert (told.case.available_fen, told.case.in_transit_fen, _wan(told)) == (
        400 * WAN,
        0,
        [12, 10, 0, 0, 2],
    )


def test_what_is_reversed_takes_its_interest_back() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt")
    told.approved("reverse")
    assert (told.case.available_fen, told.case.cleared_fen, _wan(told)) == (400 * WAN, 0, [12, 0, 0, 0, 12])
    assert told.owed() == ["instalment"]


def test_what_was_confirmed_and_is_denied_is_in_transit_again() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt")
    told.do("call_back", satisfied="no", note="未收到", voucher="PZ-1")
    assert (told.case.in_transit_fen, _wan(told)) == (400 * WAN, [12, 0, 12, 0, 12])


def test_the_office_attests_interest_too() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("dispute_receipt")
    told.do("answer")
    told.approved("attest_receipt")
    assert (told.case.cleared_fen, _wan(told), told.case.stage) == (400 * WAN, [12, 12, 0, 0, 0], "review")


def test_a_bill_pays_its_interest_on_its_day() -> None:
    told = _fixed()
    bill: dict[str, Any] = {"form": "bill", "matures_on": "2023-08-31", "paid_on": "2023-07-20"}
    told.do("report_payment", amount="412万元", interest="12万元", **bill)
    told.do("confirm_receipt")
    assert (_wan(told), told.case.cleared_fen) == ([12, 0, 12, 0, 12], 0)
    told.until("2023-09-01")
    assert (_wan(told), told.case.cleared_fen, told.case.stage) == ([12, 12, 0, 0, 0], 400 * WAN, "review")


def test_it_accrues_by_day_on_what_is_outstanding_and_is_shown_with_its_computation() -> None:
    told = _begun()
    told.approved("fix_interest", **STATUTORY)
    told.do("report_payment", amount="100万元", paid_on="2023-06-10", direct=True)
    told.do("confirm_receipt")
    told.on("2023-06-30")
    shown = _interest(told)
    assert shown["lines"] == [
        {
            "from": "2023-05-21",
            "to": "2023-06-10",
            "days": 20,
            "principal_fen": 400 * WAN,
            "interest_fen": 4 * WAN,
        },
        {
            "from": "2023-06-10",
            "to": "2023-06-30",
            "days": 20,
            "principal_fen": 300 * WAN,
            "interest_fen": 3 * WAN,
        },
    ]
    assert (shown["rule"], shown["rate"], shown["accrued_fen"]) == ("statutory", "0.05%/d", 7 * WAN)
    assert "第十五条" in shown["basis"]
    assert len(told.journal) == told.case.seq, "no event a day"
    assert (told.case.cleared_fen, told.case.outstanding_fen) == (100 * WAN, 300 * WAN)


def test_property_counts_from_its_transfer_and_a_bill_from_its_maturity() -> None:
    told = _begun()
    told.approved("fix_interest", **STATUTORY)
    told.do("report_payment", amount="100万元", paid_on="2023-06-01", direct=True, form="in_kind")
    told.do("confirm_receipt", transferred_on="2023-06-11")
    bill: dict[str, Any] = {
        "form": "bill",
        "matures_on": "2023-07-01",
        "paid_on": "2023-06-01",
        "direct": True,
    }
    told.do("report_payment", voucher="HP-1", amount="100万元", **bill)
    told.do("confirm_receipt", voucher="HP-1")
    told.until("2023-07-11")
    assert [(one["from"], one["principal_fen"] // WAN) for one in _interest(told)["lines"]] == [
        ("2023-05-21", 400),
        ("2023-06-11", 300),
        ("2023-07-01", 200),
    ]


def test_a_part_bears_none_before_the_day_after_it_fell_due() -> None:
    told = story_at(
        "endorsed",
        recognise={
            "undisputed": "391万元",
            "not_yet_due": "9万元",
            "dues": [{"amount": "9万元", "due_on": "2023-06-20", "what": "质保金"}],
        },
    )
    told.until("2023-06-30")
    told.approved("fix_interest", rule="lpr", rate="3.65%/y", **{"from": "2023-06-01"})
    assert [(one["from"], one["principal_fen"] // WAN) for one in _interest(told)["lines"]] == [
        ("2023-06-01", 391),
        ("2023-06-21", 400),
    ]


def test_a_part_that_is_not_yet_due_after_all_has_not_borne_any() -> None:
    """9万 fell due on 06-20 and of it 4万 were stated to do so later: from the day after that."""
    first, second = ({"amount": fen, "due_on": day, "what": "质保金"} for fen, day in _RETENTION)
    told = story_at("endorsed", recognise={"undisputed": "391万元", "not_yet_due": "9万元", "dues": [first]})
    told.until("2023-06-25")
    told.approved("adjust", undisputed="396万元", not_yet_due="4万元", dues=[second])
    told.until("2023-07-10")
    told.approved("fix_interest", rule="lpr", rate="3.65%/y", **{"from": "2023-06-01"})
    assert [(one["from"], one["principal_fen"] // WAN) for one in _interest(told)["lines"]] == [
        ("2023-06-01", 391),
        ("2023-06-21", 396),
        ("2023-07-02", 400),
    ]


def test_a_part_that_is_not_due_after_all_is_forgotten() -> None:
    first, second = ({"amount": "9万元", "due_on": day, "what": "质保金"} for _, day in _RETENTION)
    told = story_at("endorsed", recognise={"undisputed": "391万元", "not_yet_due": "9万元", "dues": [first]})
    told.until("2023-06-25")
    told.approved("adjust", undisputed="391万元", not_yet_due="9万元", dues=[second])
    assert told.case.fallen == ()


def test_a_case_is_clear_only_once_its_interest_is_paid_or_waived() -> None:
    told = _cleared_but_for_interest()
    assert (told.case.is_principal_clear, told.case.is_clear, told.case.stage) == (True, False, "payment")
    duty = told.duty("interest")
    assert (duty.owner, duty.opened_on, duty.due_on) == ("debtor", date(2023, 7, 20), date(2023, 8, 21))
    told.do("report_payment", voucher="PZ-2", amount="12万元", interest="12万元", paid_on="2023-07-20")
    assert told.owed() == ["confirmation"]
    told.do("dispute_receipt", voucher="PZ-2")
    assert told.duty("interest") == duty
    told.do("confirm_receipt", voucher="PZ-2")
    assert (told.case.stage, told.owed()) == ("review", ["review"])


def test_what_is_paid_and_not_denied_is_pressed_for_no_more_than_a_principal_is() -> None:
    told = _cleared_but_for_interest()
    bill: dict[str, Any] = {"form": "bill", "matures_on": "2023-09-15", "paid_on": "2023-07-20"}
    told.do("report_payment", voucher="HP-1", amount="12万元", interest="12万元", **bill)
    assert told.owed() == ["confirmation", "interest"]
    told.do("confirm_receipt", voucher="HP-1")
    assert told.owed() == ["falling_due"]


def test_interest_that_is_never_fixed_stops_nothing() -> None:
    told = story_at("cleared")
    assert (told.case.stage, _interest(told)) == ("review", None)


def test_fixing_it_in_review_brings_the_case_back_and_the_creditor_is_called_back_once_more() -> None:
    told = story_at("called_back")
    told.approved("fix_interest", **AGREED)
    assert (told.case.stage, told.owed(), told.case.called_back_by) == ("payment", ["interest"], ())
    assert told.duty("interest").opened_on == told.today
    told.do("waive_interest")
    assert (told.case.stage, told.owed()) == ("review", ["review"])


def test_a_late_debtor_climbs_the_ladder() -> None:
    told = _cleared_but_for_interest()
    told.until("2023-08-28")
    assert (told.case.mode, told.case.levels[str(told.duty("interest").key)]) == ("supervised", "supervised")


def test_a_later_rule_replaces_it_and_what_was_waived_stays_so() -> None:
    told = _fixed()
    told.do("waive_interest", amount="2万元")
    told.approved("fix_interest", **AGREED | {"amount": "8万元"})
    assert _wan(told) == [8, 0, 0, 2, 6]
    told.approved("fix_interest", rule="none", rate=None)
    assert (_wan(told), _interest(told)["rule"]) == ([0, 0, 0, 2, 0], "none")
    assert told.refused("waive_interest").code == "wrong_stage"


def test_a_case_does_not_end_over_interest_that_is_on_its_way() -> None:
    told = _cleared_but_for_interest()
    told.do("report_payment", voucher="PZ-2", amount="12万元", interest="12万元", paid_on="2023-07-20")
    told.approved("fix_interest", rule="none", rate=None)
    assert (told.case.stage, told.owed()) == ("payment", ["confirmation"])
    told.do("confirm_receipt", voucher="PZ-2")
    assert (told.case.stage, _wan(told)) == ("review", [0, 12, 0, 0, 0])


def test_a_creditor_waives_some_of_it_or_all_for_good() -> None:
    told = _begun()
    told.approved("fix_interest", **STATUTORY)
    refusal = told.refused("waive_interest", amount="6.0001万元")
    assert (refusal.code, refusal.field) == ("exceeds_owed", "amount")
    told.do("waive_interest", amount="1万元")
    assert _wan(told) == [6, 0, 0, 1, 5]
    assert fact(told.do("waive_interest")[0], InterestWaived).amount_fen == 5 * WAN
    told.on("2023-06-22")
    assert _wan(told)[-1] == 0
    assert told.refused("waive_interest").code == "wrong_stage"
    assert told.refused("fix_interest", **STATUTORY).code == "not_eligible"
    assert told.do("fix_interest", rule="none", rate=None)


def test_who_has_waived_all_is_not_pressed_for_what_is_denied() -> None:
    told = _cleared_but_for_interest()
    told.do("report_payment", voucher="PZ-2", amount="12万元", interest="12万元", paid_on="2023-07-20")
    told.do("waive_interest")
    assert (told.case.stage, _wan(told)) == ("payment", [12, 0, 12, 0, 12])
    told.do("dispute_receipt", voucher="PZ-2")
    assert told.owed() == ["answer"]
    told.do("bounce", voucher="PZ-2")
    assert (told.case.stage, _wan(told)) == ("review", [12, 0, 0, 12, 0])


def test_on_paper_it_takes_two_persons_to_waive_it() -> None:
    told = _fixed()
    assert told.do("waive_interest", entered_by=CLERK)[0].kind == "submitted"
    assert _wan(told)[-1] == 12
    told.do("approve", by=HEAD)
    assert _wan(told)[-1] == 0
    told = story_at("recognised")
    assert told.do("endorse", entered_by=CLERK, interest_waived=True)[0].kind == "submitted"
    assert told.again().do("endorse", entered_by=CLERK, command_id="other")[0].kind == "endorsed"


def test_an_endorsement_may_waive_it_before_it_is_fixed() -> None:
    told = story_at("recognised")
    assert fact(told.do("endorse", interest_waived=True)[0], Endorsed).interest_waived
    assert (_interest(told)["rule"], _wan(told)) == ("none", [0, 0, 0, 0, 0])
    assert told.refused("fix_interest", **AGREED).code == "not_eligible"


def test_an_endorsement_may_waive_what_was_fixed() -> None:
    told = _cleared_but_for_interest()
    told.do("waive_interest", amount="2万元")
    told.approved("fix_interest", **AGREED)
    told.do("report_payment", voucher="PZ-2", amount="10万元", interest="10万元", paid_on="2023-07-20")
    told.do("confirm_receipt", voucher="PZ-2")
    told.do("call_back", satisfied="no", note="金额不符")
    told.do("recognise", undisputed="400万元", as_of="2023-07-20")
    told.do("endorse", interest_waived=True)
    assert (there(told.case.interest).is_waived, _wan(told)) == (True, [12, 10, 0, 2, 0])


@pytest.mark.parametrize(
    ("receipt", "fields", "code", "field"),
    [
        (RECEIPT, STATUTORY, "not_eligible", "rule"),
        (SIGNED_LATER, STATUTORY, None, None),
        (SIGNED_LATER, STATUTORY | {"rate": "18.25%/y"}, None, None),
        (SIGNED_LATER, STATUTORY | {"rate": "0.03%/d"}, "malformed", "rate"),
        (SIGNED_LATER, STATUTORY | {"amount": "1万元"}, "malformed", "rate"),
        (SIGNED_LATER, {"rule": "agreed", "rate": "3.7%/y", "lpr": "3.7%/y"}, None, None),
        (SIGNED_LATER, {"rule": "agreed", "rate": "0.01%/d", "lpr": "3.7%/y"}, "not_eligible", "rate"),
        (SIGNED_LATER, {"rule": "agreed", "rate": "3.69%/y", "lpr": "3.7%/y"}, "not_eligible", "rate"),
        (SIGNED_LATER, {"rule": "agreed", "rate": "3.7%/y"}, "malformed", "lpr"),
        (RECEIPT, {"rule": "agreed", "rate": "1%/y"}, None, None),
        (SIGNED_LATER, {"rule": "agreed", "rate": None, "amount": "1元"}, None, None),
        (RECEIPT, {"rule": "agreed", "rate": None}, "malformed", "rate"),
        (RECEIPT, {"rule": "agreed", "rate": "1%/y", "amount": "1元"}, "malformed", "rate"),
        (RECEIPT, {"rule": "lpr", "rate": None, "lpr": "3.7%/y"}, None, None),
        (RECEIPT, {"rule": "lpr", "rate": "3.7%/y", "lpr": "3.65%/y"}, "malformed", "rate"),
        (RECEIPT, {"rule": "lpr", "rate": None}, "malformed", "rate"),
        (RECEIPT, {"rule": "lpr", "amount": "1元"}, "malformed", "rate"),
        (RECEIPT, {"rule": "none"}, "malformed", "rate"),
        (RECEIPT, {"rule": "none", "rate": None, "amount": "1元"}, "malformed", "rate"),
        (RECEIPT, {"rule": "none", "rate": None}, None, None),
        (RECEIPT, {"from": "2023-06-21"}, "date_in_future", "from"),
        (RECEIPT, {"from": "2018-10-31"}, "date_before_case", "from"),
        (RECEIPT, {"from": "2099-12-31"}, "malformed", "from"),
        (RECEIPT.model_copy(update={"contract": None}), STATUTORY, "not_eligible", "rule"),
        (AGREED_ON_A_RATE, STATUTORY, "not_eligible", "rule"),
        (AGREED_ON_A_RATE, {"rule": "agreed", "rate": "4%/y", "lpr": "3.7%/y"}, None, None),
    ],
)
def test_a_rule_has_what_belongs_to_it(
    receipt: Receipt, fields: dict[str, Any], code: str | None, field: str | None
) -> None:
    told = _begun(receipt)
    if code is None:
        assert told.do("fix_interest", **fields)[0].kind == "submitted"
    else:
        refusal = told.refused("fix_interest", **fields)
        assert (refusal.code, refusal.field) == (Code(code), field)


def test_statutory_interest_is_only_where_no_rate_is_agreed_and_the_regulation_governs() -> None:
    """What is never assumed: no interest by itself, no 0.05 % for an older contract or a large creditor, no rate below the LPR."""
    assert _interest(_begun()) is None
    large = RECEIPT.creditor.model_copy(update={"size": "large"})
    told = _begun(SIGNED_LATER.model_copy(update={"creditor": large}))
    assert told.refused("fix_interest", **STATUTORY).code == "not_eligible"
    assert _begun(RECEIPT).refused("fix_interest", **STATUTORY).code == "not_eligible"
    below = {"rule": "agreed", "rate": "3.6%/y", "lpr": "3.7%/y"}
    assert _begun().refused("fix_interest", **below).code == "not_eligible"
    assert told.do("fix_interest", **below)[0].kind == "submitted"
    free = _begun(RECEIPT)
    free.approved("fix_interest", rule="none", rate=None, reason="垫资未约定利息")
    assert _wan(free) == [0, 0, 0, 0, 0]


def test_a_payment_clears_principal_only_as_far_as_it_is_no_interest() -> None:
    """民法典 Art 561: "paid 400万" clears the principal only if it is said how interest is treated."""
    told = _fixed()
    told.do("report_payment", amount="400万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt")
    assert (told.case.cleared_fen, told.case.outstanding_fen) == (388 * WAN, 12 * WAN)
    assert (_wan(told)[-1], told.case.stage, told.owed()) == (0, "payment", ["instalment"])


def test_what_was_cleared_before_a_case_was_brought_in_bears_none() -> None:
    told = story_at("brought_in")
    told.do("fix_interest", "clerk:周@620100", rule="lpr", rate="3.65%/y", **{"from": "2023-06-01"})
    told.do("approve")
    (line,) = _interest(told)["lines"]
    assert line["principal_fen"] == 291 * WAN


def test_no_report_counts_it() -> None:
    told = _fixed()
    told.do("report_payment", amount="412万元", interest="12万元", paid_on="2023-07-20")
    told.do("confirm_receipt")
    period = period_of(ReportKind.MONTH, date(2023, 8, 1))
    case = past(told.case.case_no, told.journal, period)
    assert case is not None
    figures = figures_of(case, period)
    amounts = figures.amounts
    assert (amounts.cleared_fen, amounts.cleared_in_period_fen, amounts.outstanding_fen) == (
        400 * WAN,
        400 * WAN,
        0,
    )
    rate = figures.rates.cleared_of_owed
    assert (rate.numerator_fen, rate.denominator_fen) == (400 * WAN, 400 * WAN)


def test_an_ended_case_shows_it_as_of_its_end() -> None:
    told = _begun()
    told.approved("fix_interest", **STATUTORY)
    told.on("2023-06-30").do("go_judicial")
    told.on("2023-12-31")
    assert (_interest(told)["as_of"], _wan(told)[0]) == ("2023-06-30", 8)


@pytest.mark.parametrize(
    ("fact", "moved"),
    [
        (e.PaymentReported(**PAID, paid_on=date(2023, 7, 20)), [("available", "in_transit", 9)]),
        (e.PaymentReported(**PAID, paid_on=date(2023, 7, 20), direct=True), [("outside", "in_transit", 9)]),
        (e.PaymentReported(**ALL_INTEREST, paid_on=date(2023, 7, 20)), []),
        (e.ReceiptConfirmed(**PAID), [("in_transit", "received", 9), ("outside", "interest", 3)]),
        (e.ReceiptConfirmed(**PAID, matures_on=date(2023, 9, 1)), []),
        (e.ReceiptConfirmed(**ALL_INTEREST), [("outside", "interest", 3)]),
        (e.PaymentHonoured(**PAID), [("in_transit", "received", 9), ("outside", "interest", 3)]),
        (
            e.ReceiptAttested(**PAID, reference="回单1号"),
            [("in_transit", "received", 9), ("outside", "interest", 3)],
        ),
        (e.ReceiptDisputed(**PAID, reason="未到账"), []),
        (
            e.ReceiptDisputed(**PAID, reason="未到账", was_cleared=True),
            [("received", "in_transit", 9), ("interest", "outside", 3)],
        ),
        (e.PaymentBounced(**PAID, reason="退票"), [("in_transit", "available", 9)]),
        (e.PaymentBounced(**ALL_INTEREST, reason="退票", direct=True), []),
        (
            e.PaymentReversed(**PAID, cleared_fen=5, interest_paid_fen=3, why="returned", reference="退1号"),
            [("received", "available", 5), ("in_transit", "available", 4), ("interest", "outside", 3)],
        ),
    ],
)
def test_interest_moves_in_the_ledger_once_it_is_confirmed(
    fact: e.CaseFact, moved: list[tuple[str, str, int]]
) -> None:
    event = Event(at=Story().now, on=date(2023, 7, 20), by=SYSTEM, fact=fact)
    entries = transfers("S", 7, event)
    assert [(one.debit, one.credit, one.fen) for one in entries] == [
        (f"{debit}:S", f"{credit}:S", fen) for debit, credit, fen in moved
    ]
    assert len({one.id for one in entries}) == len(entries)


@pytest.mark.parametrize("by", [DEBTOR, CREDITOR, CITY_HEAD])
def test_only_the_office_that_handles_the_case_fixes_it(by: str) -> None:
    assert _begun().refused("fix_interest", by=by).code == "not_yours"
