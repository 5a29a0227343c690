"""What each command makes happen: its journal kinds, the stage it leads to, and who owes what from then on."""

from typing import Any

import pytest

from domain.case.orders import ORDERS
from domain.duty import DutyKind
from tests.domain.story import CITY_CLERK, CITY_HEAD, WAN, Story, bonds_of, story_at

NO = {"satisfied": "no", "note": "企业不满意"}


Row = tuple[str, str, dict[str, Any], list[str], str, list[str]]

TABLE: list[Row] = [
    ("received", "accept", {}, ["accepted"], "transfer", ["transfer"]),
    ("received", "refuse", {}, ["submitted"], "intake", ["approval"]),
    ("submitted", "approve", {}, ["approved", "refused"], "refused", []),
    ("submitted", "return_submission", {}, ["returned"], "intake", ["intake"]),
    ("submitted", "accept", {}, ["accepted"], "transfer", ["approval", "transfer"]),
    ("received", "request_correction", {}, ["correction_requested"], "intake", ["correction"]),
    ("asked", "supply_correction", {}, ["correction_supplied"], "intake", ["intake"]),
    ("asked", "accept", {}, ["accepted"], "transfer", ["transfer"]),
    ("asked", "refuse", {}, ["submitted"], "intake", ["approval", "correction"]),
    ("accepted", "forward", {"by": CITY_CLERK, "to": "620105"}, ["forwarded"], "transfer", ["verification"]),
    (
        "handed_down",
        "forward",
        {},
        ["forwarded"],
        "verification",
        ["acknowledgement", "response", "verification"],
    ),
    ("handed_down", "return_up", {}, ["returned_up"], "transfer", ["transfer"]),
    ("handed_down", "reassign", {}, ["reassigned"], "transfer", ["transfer"]),
    ("acknowledged", "return_up", {}, ["returned_up"], "verification", ["response", "verification"]),
    ("endorsed", "reassign", {}, ["reassigned"], "funding", ["funding"]),
    ("forwarded", "acknowledge", {}, ["acknowledged"], "verification", ["response", "verification"]),
    ("forwarded", "recognise", {}, ["recognised"], "verification", ["endorsement"]),
    ("acknowledged", "recognise", {}, ["recognised"], "verification", ["endorsement"]),
    ("recognised", "endorse", {}, ["endorsed"], "funding", ["funding"]),
    ("recognised", "object", {}, ["objected"], "verification", ["verification"]),
    ("recognised", "unfounded", {}, ["submitted"], "verification", ["approval", "endorsement"]),
    ("endorsed", "plan", {}, ["planned"], "payment", ["instalment"]),
    (
        "endorsed",
        "plan",
        bonds_of("400万元"),
        ["planned", "bond_requested"],
        "bonding",
        ["bonding", "instalment"],
    ),
    ("planned", "fund", {}, ["funds_arrived"], "payment", ["instalment"]),
    ("funded", "report_payment", {}, ["payment_reported"], "payment", ["confirmation"]),
    ("reported", "confirm_receipt", {}, ["receipt_confirmed"], "review", ["review"]),
    ("disputed", "answer", {}, ["answered"], "payment", ["attestation"]),
    ("answered", "attest_receipt", {}, ["submitted"], "payment", ["approval"]),
    ("cleared", "reverse", {}, ["submitted"], "review", ["approval"]),
    ("reported", "dispute_receipt", {}, ["receipt_disputed"], "payment", ["answer", "instalment"]),
    ("reported", "bounce", {}, ["payment_bounced"], "payment", ["instalment"]),
    ("disputed", "confirm_receipt", {}, ["receipt_confirmed"], "review", ["review"]),
    ("disputed", "bounce", {}, ["payment_bounced"], "payment", ["instalment"]),
    ("partly_disputed", "resolve_dispute", {}, ["dispute_resolved"], "funding", ["funding"]),
    ("silent", "deem_endorsed", {}, ["submitted"], "verification", ["approval", "endorsement"]),
    ("recognised", "determine", {}, ["submitted"], "verification", ["approval", "endorsement"]),
    ("handed_down", "hand_out", {}, ["submitted"], "transfer", ["approval"]),
    ("handed_down", "merge", {}, ["submitted"], "transfer", ["approval"]),
    ("endorsed", "adjust", {}, ["submitted"], "funding", ["approval", "funding"]),
    (
        "partly_disputed",
        "go_judicial",
        {"part": "disputed"},
        ["went_judicial"],
        "funding",
        ["follow_up", "funding"],
    ),
    ("in_court", "judgment", {}, ["submitted"], "funding", ["approval", "funding"]),
    ("cleared", "fix_interest", {}, ["submitted"], "review", ["approval"]),
    ("bearing", "confirm_receipt", {}, ["receipt_confirmed"], "payment", ["interest"]),
    ("bearing", "waive_interest", {}, ["interest_waived"], "payment", ["confirmation"]),
    ("cleared", "rate", {}, ["rated"], "review", ["review"]),
    ("called_back", "rate", {"satisfied": "no"}, ["rated"], "review", ["strike_off"]),
    ("cleared", "call_back", {}, ["called_back"], "review", ["strike_off"]),
    ("cleared", "call_back", {"satisfied": "basically"}, ["called_back"], "review", ["strike_off"]),
    ("cleared", "call_back", NO, ["called_back"], "verification", ["response", "verification"]),
    (
        "cleared",
        "call_back",
        NO | {"voucher": "PZ-1"},
        ["called_back", "receipt_disputed"],
        "payment",
        ["answer", "instalment"],
    ),
    ("called_back", "close", {}, ["closed"], "closed", []),
    ("received", "accept", {"by": CITY_HEAD, "mode": "supervised"}, ["accepted"], "transfer", ["transfer"]),
    ("planned", "substitute", {}, ["submitted"], "payment", ["approval", "instalment"]),
    ("planned", "correct", {}, ["submitted"], "payment", ["approval", "instalment"]),
    ("planned", "correct", {"facts": {"title": "另"}}, ["corrected"], "payment", ["instalment"]),
    ("planned", "attach", {}, ["attached"], "payment", ["instalment"]),
    ("on_file", "detach", {}, ["detached"], "payment", ["instalment"]),
    ("planned", "assign", {}, ["assigned"], "payment", ["instalment"]),
    ("planned", "remark", {}, ["remarked"], "payment", ["instalment"]),
    ("planned", "contact", {}, ["contacted"], "payment", ["instalment"]),
    ("planned", "serve", {}, ["served"], "payment", ["instalment"]),
    ("planned", "ask_time", {}, ["time_asked"], "payment", ["instalment"]),
    ("closed", "remark", {}, ["remarked"], "closed", []),
    ("planned", "summon", {}, ["summoned", "notice_issued"], "payment", ["instalment"]),
    ("planned", "interview_held", {}, ["interview_held"], "payment", ["instalment", "promise"]),
    ("promised", "fulfil", {}, ["fulfilled"], "payment", ["instalment"]),
    ("ordered", "publicise", {}, ["submitted"], "verification", ["approval", "response", "verification"]),
    ("ordered", "credit_record", {}, ["submitted"], "verification", ["approval", "response", "verification"]),
    ("planned", "withdraw", {}, ["withdrawal_asked"], "payment", ["instalment", "voluntary"]),
    ("withdrawing", "keep", {}, ["withdrawal_kept"], "payment", ["instalment"]),
    ("withdrawing", "confirm_withdrawal", {}, ["withdrawn"], "withdrawn", []),
    (
        "withdrawing",
        "confirm_withdrawal",
        {"voluntary": False},
        ["withdrawal_kept"],
        "payment",
        ["instalment"],
    ),
    ("reported", "go_judicial", {}, ["went_judicial"], "judicial", []),
    ("closed", "rate", {}, ["rated"], "closed", []),
    ("closed", "appeal", {}, ["appealed"], "closed", ["appeal"]),
    ("appealed", "uphold", {}, ["upheld"], "closed", []),
    ("appealed", "reopen", {}, ["reopened"], "verification", ["response", "verification"]),
    ("refused", "reopen", {"by": "head:许@620000"}, ["reopened"], "intake", ["intake"]),
    ("unfounded", "reopen", {}, ["reopened"], "verification", ["endorsement"]),
    ("withdrawn", "reopen", {}, ["reopened"], "payment", ["instalment"]),
    ("judicial", "reopen", {}, ["reopened"], "payment", ["confirmation"]),
    ("closed", "reopen", {}, ["reopened"], "verification", ["response", "verification"]),
    (
        "closed",
        "reopen",
        {"voucher": "PZ-1"},
        ["reopened", "receipt_disputed"],
        "payment",
        ["answer", "instalment"],
    ),
    ("planned", "extend", {}, ["extended"], "payment", ["instalment"]),
    ("planned", "suspend", {}, ["suspended"], "payment", ["instalment"]),
    ("suspended", "resume", {}, ["resumed"], "payment", ["instalment"]),
    ("suspended", "escalate", {}, ["escalated", "notice_issued"], "payment", ["instalment"]),
    ("suspended", "withdraw", {}, ["withdrawal_asked"], "payment", ["instalment", "voluntary"]),
    ("suspended", "go_judicial", {}, ["went_judicial"], "judicial", []),
    ("planned", "escalate", {"mode": "key_supervised"}, ["escalated"], "payment", ["instalment"]),
    (
        "planned",
        "escalate",
        {"mode": "taken_over"},
        ["escalated", "notice_issued"],
        "payment",
        ["instalment"],
    ),
    (
        "proposed",
        "approve_step",
        {},
        ["step_approved", "notice_issued"],
        "verification",
        ["verification"],
    ),
    (
        "referral",
        "approve_step",
        {"by": "head:许@620000", "step": "referred"},
        ["step_approved", "escalated"],
        "verification",
        ["gate", "verification"],
    ),
    ("proposed", "decline_step", {}, ["step_declined"], "verification", ["verification"]),
    ("proposed", "relieve", {}, ["relieved"], "verification", ["gate", "verification"]),
    ("planned", "adopt_policy", {}, ["policy_adopted"], "payment", ["instalment"]),
]


@pytest.mark.parametrize(("point", "do", "fields", "kinds", "stage", "owed"), TABLE)
def test_a_command_moves_the_case(
    point: str, do: str, fields: dict[str, Any], kinds: list[str], stage: str, owed: list[str]
) -> None:
    told = story_at(point).unwatched().on("2023-07-27")
    events = told.do(do, **fields)
    assert [event.kind for event in events] == kinds
    assert told.case.stage == stage
    assert told.owed() == owed
    assert told.replayed() == told.case
    assert all((event.on, event.at) == (told.today, told.now) for event in events)


def test_a_case_moves_down_from_province_to_district() -> None:
    told = Story(story_at("received").case.receipt.model_copy(update={"office": "620000"}))
    told.do("accept", by="clerk:何@620000")
    told.do("forward", by="clerk:何@620000", to="620100")
    told.do("forward", by="clerk:周@620100", to="620105")
    assert told.case.route == ("620000", "620100", "620105")
    assert (told.case.holder, told.case.stage, told.owed()) == ("620105", "transfer", ["verification"])
    assert told.refused("forward", by="clerk:周@620100").code == "not_yours"


def test_a_case_may_skip_an_office_on_its_way_down() -> None:
    told = Story(story_at("received").case.receipt.model_copy(update={"office": "620000"}))
    told.do("accept", by="clerk:何@620000")
    told.do("forward", by="clerk:何@620000", to="620105")
    assert told.case.route == ("620000", "620105")


def test_the_amounts_recognised_are_kept_beside_the_claim() -> None:
    told = story_at("acknowledged").on("2023-05-24")
    told.do("recognise", undisputed="300万元", disputed="60万元", not_yet_due="40万元")
    recognition = told.case.recognition
    assert recognition is not None
    assert (recognition.settled_fen, recognition.paid_fen) == (1000 * WAN, 600 * WAN)
    assert (told.case.undisputed_fen, told.case.disputed_fen) == (300 * WAN, 60 * WAN)
    assert (recognition.not_yet_due_fen, told.case.receipt.claimed) == (40 * WAN, 450 * WAN)


def test_after_an_objection_the_debtor_recognises_again() -> None:
    told = story_at("recognised")
    told.do("object")
    told.do("recognise", undisputed="399万元", disputed="1万元")
    told.do("endorse")
    assert (told.case.outstanding_fen, told.owed()) == (399 * WAN, ["dispute", "funding"])


def test_a_debt_with_nothing_owed_goes_straight_to_review() -> None:
    told = story_at("endorsed", recognise={"settled": "600万元", "undisputed": 0})
    assert (told.case.stage, told.owed()) == ("review", ["review"])
    skipped = [span.stage.value for span in told.case.stages if span.state == "skipped"]
    assert skipped == ["funding", "bonding", "payment"]
    told.do("call_back")
    told.do("close")
    assert told.case.stage == "closed"


def test_a_wholly_disputed_debt_waits_for_the_dispute() -> None:
    told = story_at("endorsed", recognise={"undisputed": 0, "disputed": "400万元"})
    assert (told.case.stage, told.owed()) == ("payment", ["dispute"])
    told.do("resolve_dispute", recognised="300万元", rejected="99万元")
    assert (told.case.stage, told.owed()) == ("funding", ["dispute", "funding"])
    assert (told.case.outstanding_fen, told.case.disputed_fen) == (300 * WAN, 1 * WAN)


def test_a_rejected_dispute_leaves_nothing_to_pay() -> None:
    told = story_at("endorsed", recognise={"undisputed": 0, "disputed": "400万元"})
    told.do("resolve_dispute", recognised=0, rejected="400万元")
    assert (told.case.stage, told.owed(), told.case.undisputed_fen) == ("review", ["review"], 0)


def test_a_dispute_can_be_resolved_before_the_creditor_endorses() -> None:
    told = story_at("recognised", recognise={"undisputed": "390万元", "disputed": "10万元"})
    told.do("resolve_dispute", rejected=0)
    assert (told.case.undisputed_fen, told.case.disputed_fen) == (400 * WAN, 0)
    assert (told.case.stage, told.owed()) == ("verification", ["endorsement"])


def test_a_case_with_disputed_money_left_does_not_reach_review() -> None:
    told = story_at("partly_disputed")
    instalments = [{"due_on": "2023-09-28", "amount": "390万元"}]
    told.do("plan", sources=[{"kind": "budget", "amount": "390万元"}], instalments=instalments)
    told.do("fund", amount="390万元")
    told.on("2023-07-20").do("report_payment", amount="390万元")
    told.do("confirm_receipt")
    assert (told.case.outstanding_fen, told.case.stage, told.owed()) == (0, "payment", ["dispute"])
    told.do("resolve_dispute", recognised="1万元", rejected="9万元")
    assert (told.case.stage, told.owed()) == ("funding", ["funding"])


def test_what_a_case_held_when_it_went_to_court_stays_on_its_books() -> None:
    told = story_at("reported")
    told.do("go_judicial")
    assert (told.case.in_transit_fen, told.case.outstanding_fen) == (400 * WAN, 400 * WAN)
    assert [span.state for span in told.case.stages] == ["done", "done", "done", "done", *["skipped"] * 4]
    assert told.case.ended_on == told.today


def test_every_command_of_the_table_of_orders_is_tested_here() -> None:
    assert {do for _, do, *_ in TABLE} == {order.model_fields["do"].default for order in ORDERS}


def test_every_duty_of_the_contract_is_owed_somewhere_here() -> None:
    named = {duty for *_, owed in TABLE for duty in owed}
    assert named | {"dispute", "dating", "falling_due", "objection"} == {kind.value for kind in DutyKind}
