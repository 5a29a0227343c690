"""Which duties are open in a case, and since when. They follow from the state alone, so an open case always waits for somebody."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.case.casefile import Case
from domain.case.contents import Payment
from domain.duty import DutyKey, DutyKind
from domain.rules import Rules


class Owed(NamedTuple):
    """A duty before its dates are computed.

    Attributes:
        since: Day zero of the term.
        subject: Tells duties of one kind apart.
        due: The last day, if it is given rather than computed, as that of an instalment.
    """

    kind: DutyKind
    since: date
    subject: str | None = None
    due: date | None = None

    def key(self) -> DutyKey:
        """The identity of the duty."""
        return DutyKey(self.kind, self.subject, self.since)


def owed(case: Case) -> Iterator[Owed]:
    """The duties that are open now: at least one in a case that has not ended.

    While a submission waits for approval, the duties that it would meet are paused, except a verification whose ceiling has lapsed.
    """
    resting = {key for one in case.waiting if not one.is_late for key in one.rests}
    for one in _owed(case):
        begun = _not_before(one, case.reopened_on)
        is_at_ceiling = one.kind is DutyKind.VERIFICATION and case.ceiling_lapsed_on is not None
        if is_at_ceiling or str(begun.key()) not in resting:
            yield begun
    if case.appeal:
        yield Owed(DutyKind.APPEAL, case.appeal.since)
    for submission in case.waiting:
        yield Owed(DutyKind.APPROVAL, submission.on, str(submission.no))


def _not_before(owing: Owed, reopened_on: date | None) -> Owed:
    """In a re-opened case no computed term begins before the re-opening; a given last day stays."""
    if reopened_on is None or owing.due is not None:
        return owing
    return owing._replace(since=max(owing.since, reopened_on))


def _owed(case: Case) -> Iterator[Owed]:
    if case.ended is None:
        yield from _until_verified(case)
        yield from _until_planned(case)
        yield from _until_paid(case)
        yield from _until_interest_is_paid(case)
        if case.called_back_on:
            yield Owed(DutyKind.STRIKE_OFF, case.called_back_on)
        elif case.review_since:
            yield Owed(DutyKind.REVIEW, case.review_since)
        for promise in case.promises:
            if promise.met_on is None:
                yield Owed(DutyKind.PROMISE, promise.made_on, str(promise.no), promise.due_on)
        if case.withdrawal:
            yield Owed(DutyKind.VOLUNTARY, max(case.withdrawal.asked_on, case.handed_on or date.min))
        for gate in case.gates:
            yield Owed(DutyKind.GATE, gate.since, gate.step)


def owed_under(case: Case, rules: Rules) -> Iterator[Owed]:
    """The open duties of the kinds that the case's rules know. A rule pack may be older than a kind of duty."""
    return (one for one in owed(case) if one.kind in rules.duties)


def _until_verified(case: Case) -> Iterator[Owed]:
    if case.accepted_on is None:
        if case.correction_since is None:
            yield Owed(DutyKind.INTAKE, case.intake_since or case.receipt.received_on)
        else:
            yield Owed(DutyKind.CORRECTION, case.correction_since)
    elif case.forwarded_on is None and case.verification_since is None:
        yield Owed(DutyKind.TRANSFER, case.transfer_since or case.accepted_on)
    elif case.account is None:
        yield from _until_account(case)


def _until_account(case: Case) -> Iterator[Owed]:
    """条例 (2025) Art 25: the office that holds the case owes a result, whatever the parties do; the debtor owes an answer."""
    if case.verification_since and not case.verification_rests:
        yield Owed(DutyKind.VERIFICATION, case.verification_since)
    if case.forwarded_on and case.acknowledged_on is None and not case.recognition_stands:
        yield Owed(DutyKind.ACKNOWLEDGEMENT, case.forwarded_on)
    if case.response_since:
        yield Owed(DutyKind.RESPONSE, case.response_since)
    if case.recognition_stands and case.recognition is not None:
        yield Owed(DutyKind.ENDORSEMENT, case.recognition.on)


def verification(case: Case) -> Owed:
    """The verification of a case in which it has begun, whether it is open or paused."""
    assert case.verification_since is not None, "a verification has begun"
    return _not_before(Owed(DutyKind.VERIFICATION, case.verification_since), case.reopened_on)


def _until_planned(case: Case) -> Iterator[Owed]:
    if case.objection_since:
        yield Owed(DutyKind.OBJECTION, case.objection_since)
    if case.dispute_since:
        yield Owed(DutyKind.DISPUTE, case.dispute_since)
    if case.court_since:
        yield Owed(DutyKind.FOLLOW_UP, case.court_since)
    if case.dating_since:
        yield Owed(DutyKind.DATING, case.dating_since)
    for part in case.dues:
        assert case.account is not None, "a part is due once the account stands"
        yield Owed(DutyKind.FALLING_DUE, case.account.on, f"#{part.no}", part.due_on)
    if case.funding_since:
        yield Owed(DutyKind.FUNDING, case.funding_since)


def _until_paid(case: Case) -> Iterator[Owed]:
    for payment in case.payments:
        yield from _until_counted(payment, case.handed_on or date.min)
    if case.bonding_since:
        yield Owed(DutyKind.BONDING, case.bonding_since)
    yield from open_instalments(case)


def open_instalments(case: Case) -> Iterator[Owed]:
    """The instalments that are not fully paid, whether they are paused or not."""
    if case.plan:
        for instalment, _, covered_fen in case.instalments:
            if covered_fen < instalment.amount_fen:
                yield Owed(DutyKind.INSTALMENT, case.plan.owed_since, str(instalment.no), instalment.due_on)


def _until_interest_is_paid(case: Case) -> Iterator[Owed]:
    """The payment of fixed interest. It is owed once the principal is clear and no more interest accrues."""
    if case.interest_since is None or case.interest is None:
        return
    interest = case.interest_on(date.max)
    if interest is not None and interest.pressed_fen > 0:
        yield Owed(DutyKind.INTEREST, max(case.interest_since, case.interest.on))


def _until_counted(payment: Payment, handed_on: date) -> Iterator[Owed]:
    """The creditor's confirmation of a payment. If the creditor is silent, or the debtor has answered its dispute, the office decides
    instead; its term begins at the earliest on the day on which it got the case.
    """
    if payment.state == "reported":
        yield Owed(DutyKind.CONFIRMATION, payment.since, payment.voucher)
    elif payment.state == "disputed" and payment.answered_on is None:
        yield Owed(DutyKind.ANSWER, payment.since, payment.voucher)
    elif payment.state == "maturing":
        yield Owed(DutyKind.FALLING_DUE, payment.since, payment.voucher, payment.matures_on)
    unsettled_on = payment.answered_on or payment.silent_on
    if unsettled_on is not None and payment.state in ("reported", "disputed"):
        yield Owed(DutyKind.ATTESTATION, max(unsettled_on, handed_on), payment.voucher)
