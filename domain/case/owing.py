"""What a case waits for, and who owes it since when. It follows from the facts alone, so no state of a case leaves everyone idle."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.case.casefile import Case
from domain.case.contents import Payment
from domain.duty import DutyKey, DutyKind
from domain.rules import Rules


class Owed(NamedTuple):
    """A duty before its dates are computed: `since` is day zero; an instalment brings its own last day."""

    kind: DutyKind
    since: date
    subject: str | None = None
    due: date | None = None

    def key(self) -> DutyKey:
        """Which duty it is."""
        return DutyKey(self.kind, self.subject, self.since)


def owed(case: Case) -> Iterator[Owed]:
    """What a case waits for now: at least one duty, unless it has ended. What a submission would meet is not owed while its approval
    is, but at a ceiling all rest ends.
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
    """No term of a case that goes on where it had stood began before that; what has a day of its own keeps it."""
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
            yield Owed(DutyKind.VOLUNTARY, case.withdrawal.asked_on)
        for gate in case.gates:
            yield Owed(DutyKind.GATE, gate.since, gate.step)


def owed_under(case: Case, rules: Rules) -> Iterator[Owed]:
    """What a case waits for, of the kinds that its rules know: a pack may be older than a kind of duty."""
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
    """条例 (2025) Art 25: the office that handles the case owes its result, whatever the parties do; the debtor owes its answer."""
    if case.verification_since and not case.verification_rests:
        yield Owed(DutyKind.VERIFICATION, case.verification_since)
    if case.forwarded_on and case.acknowledged_on is None and not case.recognition_stands:
        yield Owed(DutyKind.ACKNOWLEDGEMENT, case.forwarded_on)
    if case.response_since:
        yield Owed(DutyKind.RESPONSE, case.response_since)
    if case.recognition_stands and case.recognition is not None:
        yield Owed(DutyKind.ENDORSEMENT, case.recognition.on)


def verification(case: Case) -> Owed:
    """The verification of a case that has begun one, whether it is owed now or rests."""
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
    """The instalments of which something is still to be paid, whether they rest or not."""
    if case.plan:
        for instalment, _, covered_fen in case.instalments:
            if covered_fen < instalment.amount_fen:
                yield Owed(DutyKind.INSTALMENT, case.plan.on, str(instalment.no), instalment.due_on)


def _until_interest_is_paid(case: Case) -> Iterator[Owed]:
    """Once the principal is clear, and nothing accrues any more."""
    if case.principal_cleared_on is None or case.interest is None:
        return
    interest = case.interest_on(date.max)
    if interest is not None and interest.pressed_fen > 0:
        yield Owed(DutyKind.INTEREST, max(case.principal_cleared_on, case.interest.on))


def _until_counted(payment: Payment, handed_on: date) -> Iterator[Owed]:
    """The creditor's word; where it is silent, or the debtor has answered it, the office's, from the day it has the case."""
    if payment.state == "reported":
        yield Owed(DutyKind.CONFIRMATION, payment.since, payment.voucher)
    elif payment.state == "disputed" and payment.answered_on is None:
        yield Owed(DutyKind.ANSWER, payment.since, payment.voucher)
    elif payment.state == "maturing":
        yield Owed(DutyKind.FALLING_DUE, payment.since, payment.voucher, payment.matures_on)
    unsettled_on = payment.answered_on or payment.silent_on
    if unsettled_on is not None and payment.state in ("reported", "disputed"):
        yield Owed(DutyKind.ATTESTATION, max(unsettled_on, handed_on), payment.voucher)
