"""Facts, events and ledger entries: what a journal holds can be written, read back and folded, whatever it holds."""

import json
from datetime import date
from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import facts as e
from domain.actors import parse_actor
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, evolve, receive
from domain.case.evolve import fold
from domain.case.view import event_data, event_json
from domain.command_base import known_as
from domain.duty import DutyKey, DutyKind
from domain.events import Event
from domain.postings import Phase, Transfer, transfers
from domain.receipt import Creditor, Debtor, Registrar
from domain.value import Attempt
from tests.domain.story import BATCH_NO, BROUGHT_IN, CASE_NO, RECEIPT, Story, story_at

NOW = business_instant(date(2023, 9, 26), 10)
DAY = date(2023, 9, 28)

OF_DUTY: dict[str, Any] = {"duty": "verification", "opened_on": date(2023, 5, 5), "due_on": DAY}
NOTICE: dict[str, Any] = {
    "number": "清欠催〔2023〕620100-2023-0001-1号",
    "notice": "urging",
    "office": "620105",
    "office_name": "安宁区清欠办",
    "addressee": "安宁区环卫局",
    "recipients": ("620105", "620100"),
    "basis": "条例第二十五条",
    "reply_by": date(2023, 10, 12),
    "deliver_at": business_instant(date(2023, 9, 28), 9),
}
AMOUNTS: Final = e.Amounts(
    settled_fen=9,
    paid_fen=4,
    undisputed_fen=3,
    not_yet_due_fen=2,
    as_of=NOW.date(),
    dues=(e.DatedPart(no=1, amount_fen=2, due_on=DAY, what="质保金"),),
)
FACTS: list[e.CaseFact] = [
    e.Received(receipt=RECEIPT, policy="gansu@2026.1", calendar="chinesecalendar-2026"),
    e.TakenIn(source="区清欠台账", as_of=DAY, stage="transfer", mode="transferred"),
    e.LateOnEntry(duty="intake", subject=None, due_on=DAY),
    e.LateOnEntry(duty="instalment", subject="1", due_on=DAY),
    e.Accepted(),
    e.Refused(ground="不属受理范围"),
    e.CorrectionRequested(items=("合同",)),
    e.CorrectionSupplied(note="已补"),
    e.Forwarded(to="debtor"),
    e.Forwarded(to="620105", above="620100"),
    e.ReturnedUp(to="620100", above="620000", reason="不属本区"),
    e.Reassigned(to="620104", above="620100", reason="债务人在西固区"),
    e.Acknowledged(),
    e.Recognised(settled_fen=9, paid_fen=4, undisputed_fen=3, disputed_fen=1, not_yet_due_fen=1, as_of=DAY),
    e.Endorsed(),
    e.Objected(reason="漏计"),
    e.FoundUnfounded(reason="未履行"),
    e.Planned(
        sources=(e.Source(kind="bond", planned_fen=3, expected_on=DAY),),
        instalments=(e.Instalment(no=1, due_on=DAY, amount_fen=3),),
    ),
    e.BondRequested(amount_fen=3),
    e.BondIncluded(batch_no=BATCH_NO, amount_fen=3, transfer_id="t1"),
    e.BondIneligible(batch_no=BATCH_NO, reason="非公益"),
    e.BondFundsArrived(batch_no=BATCH_NO, amount_fen=3, transfer_id="t2"),
    e.FundsArrived(source="budget", amount_fen=3, reference="安财预1号"),
    e.PaymentReported(voucher="PZ-1", amount_fen=3, paid_on=DAY),
    e.ReceiptConfirmed(voucher="PZ-1", amount_fen=3),
    e.ReceiptDisputed(voucher="PZ-1", amount_fen=3, reason="未到账"),
    e.ReceiptDisputed(voucher="PZ-1", amount_fen=3, reason="未到账", was_cleared=True),
    e.PaymentBounced(voucher="PZ-1", amount_fen=3, reason="退票"),
    e.DisputeResolved(recognised_fen=1, rejected_fen=0, reference="调字1号"),
    e.Rated(satisfied="no", note=None),
    e.CalledBack(satisfied="yes", note="满意"),
    e.CalledBack(satisfied="no", note="漏计", back_to="verification"),
    e.Closed(report="已清偿"),
    e.WithdrawalAsked(reason="和解"),
    e.Summoned(whom="环卫局", day=DAY, place="区政府", reason="函询"),
    e.InterviewHeld(day=DAY, promises=(e.Promise(no=1, what="付清", due_on=DAY, made_on=DAY),)),
    e.InterviewHeld(day=DAY),
    e.Fulfilled(promise=1, note="已付"),
    e.Substituted(
        side="creditor",
        was=RECEIPT.creditor,
        now=Creditor(name="乙公司"),
        why="assignment",
        reference="1号",
    ),
    e.Substituted(
        side="debtor",
        was=RECEIPT.debtor,
        now=Debtor(name="城管局", kind="organ"),
        why="reorganisation",
        reference="1号",
    ),
    e.Corrected(
        was={"claimed": 1, "migrant_wages": False, "creditor": {"size": "unknown"}},
        now={
            "claimed": 0,
            "note": "来访",
            "received_on": DAY,
            "migrant_wages": True,
            "wage_amount": 1,
            "creditor": {"size": "small", "contact": "***"},
            "debtor": {"kind": "organ"},
            "contract": {"no": "1号"},
        },
        reason="录入有误",
    ),
    e.Attached(
        **{"no": 1, "what": "bank_receipt", "for": "PZ-1", "attachment": "QQ-1/0", "name": "回单.pdf"},
        mime="application/pdf",
        size=1,
        sha256="0" * 64,
    ),
    e.Detached(attachment=1, reason="传错"),
    e.Assigned(person="李敏"),
    e.Remarked(text="已沟通"),
    e.Contacted(**{"no": 1, "with": "王强", "how": "电话", "day": DAY, "what": "同意"}),
    e.Served(document="清欠提〔2023〕1号", day=DAY, how="post", receipt=None),
    e.TimeAsked(duty="instalment", subject="1", opened_on=DAY, days=5, reason="待批"),
    e.Publicised(reason="拒不答复"),
    e.WithdrawalKept(note=None),
    e.Withdrawn(reason="和解", note="电话核实"),
    e.WentJudicial(court="法院", reference="民初1号"),
    e.Reopened(reason="回头看", back_to="payment"),
    e.Extended(duty="verification", subject=None, opened_on=DAY, days=30, reason="情况复杂"),
    e.Extended(duty="instalment", subject="1", opened_on=DAY, days=1, reason="待批"),
    e.Suspended(reason="等待鉴定", ground="appraisal", until=date(2023, 12, 1)),
    e.Resumed(reason="鉴定完成"),
    e.Resumed(late=True),
    e.DeadlineNear(**OF_DUTY, level="near"),
    e.DeadlineLapsed(**OF_DUTY, level="lapsed", late=True),
    e.Escalated(mode="supervised", was="transferred", **OF_DUTY, level="supervised"),
    e.Escalated(mode="taken_over", was="key_supervised", holder="620100", **OF_DUTY, level="taken_over"),
    e.Escalated(mode="key_supervised", was="transferred", reason="社会关注"),
    e.StepProposed(step="interview", office="620100", **OF_DUTY, level="key_supervised"),
    e.StepProposed(step="referred", office="620000", against="620105"),
    e.CreditRecorded(reason="长期拖欠"),
    e.CreditRecorded(),
    e.StepApproved(step="interview"),
    e.StepDeclined(step="referred", reason="证据不足"),
    e.Relieved(was="taken_over", reason="已整改"),
    e.NoticeIssued(**NOTICE),
    e.NoticeIssued(**NOTICE, **OF_DUTY, level="lapsed"),
    e.Redated(notice="国办发明电〔2026〕7号", moved=()),
    e.PolicyAdopted(
        policy="gansu@2027.1",
        calendar="国办发明电〔2026〕7号",
        was="gansu@2026.1",
        reason="规则已修订",
        moved=(e.Moved(duty="verification", subject=None, was=DAY, due_on=date(2023, 10, 9)),),
    ),
    e.Appealed(reason="款项未到账", office="620100"),
    e.Upheld(reason="已到账"),
    e.Reopened(reason="申诉有理"),
    e.EndorsementDeemed(attempts=(Attempt(on=DAY, how="电话", what="无人接听"),)),
    e.Determined(settled_fen=9, paid_fen=4, undisputed_fen=5, as_of=DAY, grounds="审核报告"),
    e.Merged(into="QQ-620105-2023-0002", reason="重复登记"),
    e.Absorbed(case_no=CASE_NO, channel="hotline", received_on=DAY),
    e.HandedOut(to="国务院国资委", of="ministry", reference="收字1号"),
    e.Answered(voucher="PZ-1", note="有回单"),
    e.ReceiptAttested(
        voucher="PZ-1",
        amount_fen=3,
        reference="回单1号",
        attempts=(Attempt(on=DAY, how="电话", what="无人接听"),),
    ),
    e.PaymentHonoured(voucher="PZ-1", amount_fen=3),
    e.PaymentReversed(voucher="PZ-1", amount_fen=3, cleared_fen=3, why="returned", reference="退1号"),
    e.FellDue(voucher="PZ-1", amount_fen=3, due_on=DAY),
    e.Adjusted(why="discount", agreed_by_both=True, reference="协议1号", was=AMOUNTS, now=AMOUNTS),
    e.FellDue(part=1, amount_fen=1, due_on=DAY),
    e.JudgmentEntered(recognised_fen=1, rejected_fen=0, reference="民初1号", pay_by=DAY),
    e.WentJudicial(court="法院", reference="民初1号", part="disputed", hearing_on=DAY),
    e.Submitted(
        no=1, do="refuse", fields={"ground": "不属受理范围"}, rests=(DutyKey(DutyKind.INTAKE, None, DAY),)
    ),
    e.Approved(no=1, do="refuse", reason="同意"),
    e.Returned(no=1, do="refuse"),
    e.InterestFixed(rule="lpr", rate="3.45%/y", since=DAY, reason="未约定"),
    e.InterestWaived(amount_fen=3),
    e.FundsReturned(source="bond", amount_fen=3, batch_no=BATCH_NO),
    e.FundsReturned(source="budget", amount_fen=3),
]
BATCH_FACTS: list[e.BatchFact] = [
    e.BatchOpened(
        name="第一批",
        office="620105",
        quota_fen=9,
        opens_on=DAY,
        allocates_on=DAY,
        allocation_order=("case_no",),
    ),
    e.RequestExcluded(case_no=CASE_NO, reason="非公益"),
    e.BatchAllocated(requests=1, requested_fen=9, allocated_fen=9),
    e.BatchApproved(),
    e.BatchDeclined(reason="未获批准"),
    e.BatchArrived(amount_fen=9, reference="安财预1号"),
    e.BatchClosed(),
]


def _event(fact: e.CaseFact | e.BatchFact) -> Event:
    return Event(at=NOW, on=NOW.date(), by="clerk:李敏@620105", fact=fact, command_id="c1", digest="d1")


def test_the_lists_above_hold_every_fact() -> None:
    assert {type(fact) for fact in FACTS} == set(get_args(e.CaseFact))
    assert {type(fact) for fact in BATCH_FACTS} == set(get_args(e.BatchFact))


@pytest.mark.parametrize("fact", [*FACTS, *BATCH_FACTS], ids=lambda fact: fact.kind)
def test_an_event_is_written_and_read_back(fact: e.CaseFact | e.BatchFact) -> None:
    event = _event(fact)
    written = json.loads(json.dumps(event.model_dump(mode="json")))
    assert Event.model_validate(written) == event
    assert event.kind == written["fact"]["kind"]


@given(
    st.sampled_from(["received", "planned", "cleared", "closed"]),
    st.lists(st.sampled_from(FACTS), max_size=8),
)
def test_no_event_can_fail_on_any_case(point: str, facts: list[e.CaseFact]) -> None:
    before = story_at(point).case
    after = fold(before, [_event(fact) for fact in facts])
    assert after.seq == before.seq + len(facts)
    assert Case.model_validate(json.loads(after.model_dump_json())) == after


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
@pytest.mark.parametrize("point", ["received", "planned", "closed"])
def test_an_event_changes_nothing_but_the_new_case(point: str, fact: e.CaseFact) -> None:
    case = story_at(point).case
    before = case.model_dump_json()
    assert evolve(case, _event(fact)).commands[-1] == (known_as("620105/c1"), "d1")
    assert case.model_dump_json() == before


def test_a_journal_begins_with_the_receipt() -> None:
    with pytest.raises(AssertionError, match="begins with the receipt"):
        begin(CASE_NO, [_event(e.Accepted())])


def test_the_first_entry_names_the_rules_and_opens_the_intake() -> None:
    told = Story()
    (received,) = told.journal
    assert isinstance(received.fact, e.Received)
    assert (received.fact.policy, received.fact.calendar) == ("gansu@2026.1", told.rules.calendar.version)
    assert (str(received.by), received.command_id, received.digest) == ("clerk@620100", None, None)
    assert [duty.duty.value for duty in received.opened] == ["intake"]


def test_a_case_is_received_by_the_clerk_who_enters_it_and_what_follows_is_the_system_s() -> None:
    registrar = Registrar(by=parse_actor("clerk:李敏@620100"), account=7)
    late = RECEIPT.model_copy(update={"received_on": date(2023, 1, 4)})
    for receipt, kinds in (
        (late, ["received", "late_on_entry"]),
        (BROUGHT_IN, ["received", "taken_in", "late_on_entry", "late_on_entry"]),
    ):
        told = Story(receipt, on="2023-12-01")
        events = receive(CASE_NO, receipt, told.rules, told.now, registrar)
        assert [event.kind for event in events][:2] == kinds[:2]
        for event in events:
            is_told = event.kind in ("received", "taken_in")
            assert (str(event.by), event.account) == (
                ("clerk:李敏@620100", 7) if is_told else ("system", None)
            )


@pytest.mark.parametrize(
    ("fact", "entry"),
    [
        (BATCH_FACTS[0], ("outside:S", "quota:S", 9, "single", None, None)),
        (
            e.TakenIn(source="台账", as_of=DAY, stage="payment", mode="transferred", cleared_fen=4),
            ("outside:S", "received:S", 4, "single", None, None),
        ),
        (FACTS[19], (f"quota:{BATCH_NO}", "included:S", 3, "post", "t1", None)),
        (FACTS[21], ("included:S", "available:S", 3, "post", "t2", None)),
        (FACTS[22], ("outside:S", "available:S", 3, "single", None, "安财预1号")),
        (FACTS[23], ("available:S", "in_transit:S", 3, "single", None, "PZ-1")),
        (FACTS[24], ("in_transit:S", "received:S", 3, "single", None, None)),
        (FACTS[26], ("received:S", "in_transit:S", 3, "single", None, None)),
        (FACTS[27], ("in_transit:S", "available:S", 3, "single", None, None)),
        (FACTS[-2], ("included:S", f"quota:{BATCH_NO}", 3, "single", None, None)),
        (FACTS[-1], ("available:S", "outside:S", 3, "single", None, None)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_money_moves_from_account_to_account(
    fact: e.CaseFact | e.BatchFact, entry: tuple[str, str, int, Phase, str | None, str | None]
) -> None:
    assert transfers("S", 7, _event(fact)) == [Transfer("S/7", *entry)]


def _reversed(cleared_fen: int, *, direct: bool) -> e.PaymentReversed:
    return e.PaymentReversed(
        voucher="PZ-1",
        amount_fen=3,
        cleared_fen=cleared_fen,
        why="returned",
        reference="退1号",
        direct=direct,
    )


@pytest.mark.parametrize(
    ("fact", "moves"),
    [
        (
            e.PaymentReported(voucher="PZ-1", amount_fen=3, paid_on=DAY, direct=True),
            [("outside:S", "in_transit:S", 3)],
        ),
        (e.ReceiptConfirmed(voucher="PZ-1", amount_fen=3, matures_on=DAY), []),
        (
            e.ReceiptAttested(voucher="PZ-1", amount_fen=3, reference="回单"),
            [("in_transit:S", "received:S", 3)],
        ),
        (e.PaymentHonoured(voucher="PZ-1", amount_fen=3), [("in_transit:S", "received:S", 3)]),
        (
            e.PaymentBounced(voucher="PZ-1", amount_fen=3, reason="退票", direct=True),
            [("in_transit:S", "outside:S", 3)],
        ),
        (_reversed(3, direct=False), [("received:S", "available:S", 3)]),
        (_reversed(0, direct=True), [("in_transit:S", "outside:S", 3)]),
        (_reversed(1, direct=True), [("received:S", "outside:S", 1), ("in_transit:S", "outside:S", 2)]),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_the_debtor_pays_itself_comes_from_outside_and_a_bill_counts_on_its_day(
    fact: e.CaseFact, moves: list[tuple[str, str, int]]
) -> None:
    entries = transfers("S", 7, _event(fact))
    assert [(entry.debit, entry.credit, entry.fen) for entry in entries] == moves
    assert len({entry.id for entry in entries}) == len(entries)


def test_other_events_move_no_money() -> None:
    moving = {"batch_opened", "bond_included", "bond_funds_arrived", "funds_arrived"} | {
        "payment_reported",
        "receipt_confirmed",
        "payment_bounced",
        "receipt_attested",
        "payment_honoured",
        "payment_reversed",
        "funds_returned",
    }
    for fact in [*FACTS, *BATCH_FACTS]:
        if fact.kind not in moving and not getattr(fact, "was_cleared", False):
            assert transfers("S", 7, _event(fact)) == []


def test_a_journal_entry_is_shown_as_the_contract_says() -> None:
    told = story_at("recognised")
    (endorsed,) = told.do("endorse")
    shown = event_json(CASE_NO, 8, endorsed, "ab12")
    assert list(shown) == [
        "case_no",
        "seq",
        "kind",
        "at",
        "on",
        "by",
        "entered_by",
        "approved_by",
        "account",
        "data",
        "hash",
    ]
    data = shown.pop("data")
    assert shown == {
        "case_no": CASE_NO,
        "seq": 8,
        "kind": "endorsed",
        "at": "2023-05-24T10:00:00+08:00",
        "on": "2023-05-24",
        "by": "creditor:赵",
        "entered_by": None,
        "approved_by": None,
        "account": None,
        "hash": "ab12",
    }
    assert data["command_id"] == endorsed.command_id
    met = {"duty": "endorsement", "subject": None, "opened_on": "2023-05-24"}
    assert (data["opened"][0]["duty"], data["met"]) == ("funding", [met])


def test_what_an_event_does_not_say_is_left_out() -> None:
    event = Event(
        at=NOW, on=NOW.date(), by="system", fact=e.BondIneligible(batch_no=BATCH_NO, reason="非公益")
    )
    assert event_data(event) == {"source": "bond", "batch_no": BATCH_NO, "reason": "非公益"}
