"""The commands that meet an open duty, or help to. A page offers these first."""

from collections.abc import Mapping
from typing import Final

from domain.case.casefile import Case
from domain.duty import Duty, DutyKind

MET_BY: Final[Mapping[DutyKind, frozenset[str]]] = {
    DutyKind.INTAKE: frozenset({"accept", "refuse", "request_correction"}),
    DutyKind.CORRECTION: frozenset({"supply_correction"}),
    DutyKind.TRANSFER: frozenset({"forward"}),
    DutyKind.ACKNOWLEDGEMENT: frozenset({"acknowledge"}),
    DutyKind.RESPONSE: frozenset({"recognise"}),
    DutyKind.VERIFICATION: frozenset({"determine", "deem_endorsed", "unfounded", "forward"}),
    DutyKind.ENDORSEMENT: frozenset({"endorse", "object"}),
    DutyKind.APPROVAL: frozenset({"approve", "return_submission"}),
    DutyKind.OBJECTION: frozenset({"determine"}),
    DutyKind.DISPUTE: frozenset({"resolve_dispute", "go_judicial"}),
    DutyKind.FOLLOW_UP: frozenset({"judgment", "contact"}),
    DutyKind.DATING: frozenset({"adjust"}),
    DutyKind.FALLING_DUE: frozenset({"report_payment"}),
    DutyKind.FUNDING: frozenset({"plan"}),
    DutyKind.BONDING: frozenset({"fund"}),
    DutyKind.INSTALMENT: frozenset({"report_payment", "fund"}),
    DutyKind.CONFIRMATION: frozenset({"confirm_receipt", "dispute_receipt"}),
    DutyKind.ATTESTATION: frozenset({"attest_receipt"}),
    DutyKind.ANSWER: frozenset({"answer", "report_payment"}),
    DutyKind.INTEREST: frozenset({"report_payment", "waive_interest"}),
    DutyKind.PROMISE: frozenset({"fulfil"}),
    DutyKind.REVIEW: frozenset({"call_back"}),
    DutyKind.STRIKE_OFF: frozenset({"close"}),
    DutyKind.VOLUNTARY: frozenset({"keep", "confirm_withdrawal"}),
    DutyKind.APPEAL: frozenset({"uphold", "reopen"}),
    DutyKind.GATE: frozenset({"approve_step", "decline_step"}),
}


def expected(case: Case) -> dict[str, Duty]:
    """The commands that the case waits for, each with the duty that it meets, ordered by last day."""
    waits: dict[str, Duty] = {}
    for duty in sorted(case.duties, key=lambda one: one.due_on):
        for do in sorted(MET_BY[duty.duty]):
            waits.setdefault(do, duty)
    return waits
