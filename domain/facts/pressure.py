"""The facts of 督办: what the ladder does by itself, and what heads decide."""

from datetime import date
from typing import Literal

from domain.duty import DutyKey, DutyKind
from domain.facts.fact import Fact
from domain.letters import Issued
from domain.value import Mode, NoticeKind, Step

__all__ = [
    "CreditRecorded",
    "DeadlineLapsed",
    "DeadlineNear",
    "Escalated",
    "NoticeIssued",
    "OfDeadline",
    "OfDuty",
    "PressureFact",
    "Publicised",
    "Relieved",
    "StepApproved",
    "StepDeclined",
    "StepProposed",
]


class OfDuty(Fact):
    """The base class of facts about a duty on the ladder. If a person caused the fact, all fields but `late` and `unwritten` are None.

    Attributes:
        late: Recorded after its own day, because no worker was running on that day.
        unwritten: Its day is provisional (暂定), so its document waits for the calendar of that year.
    """

    duty: DutyKind | None = None
    subject: str | None = None
    opened_on: date | None = None
    due_on: date | None = None
    level: str | None = None
    late: bool = False
    unwritten: bool = False

    @property
    def key(self) -> "DutyKey | None":
        """The key of the duty that has reached `level`; None if a person caused the fact."""
        if self.duty is None or self.opened_on is None:
            return None
        return DutyKey(self.duty, self.subject, self.opened_on)


class OfDeadline(OfDuty):
    """The base class of facts that happen by themselves when a duty's last day approaches or has passed."""

    duty: DutyKind
    opened_on: date
    due_on: date


class DeadlineNear(OfDeadline):
    kind: Literal["deadline_near"] = "deadline_near"


class DeadlineLapsed(OfDeadline):
    """A duty has lapsed.

    Attributes:
        at_ceiling: Whether the ceiling of a verification has passed, which no pause or suspension moves. `level` is then None if the
            duty was late before.
    """

    kind: Literal["deadline_lapsed"] = "deadline_lapsed"
    at_ceiling: bool = False

    def redating(self) -> bool:
        return self.at_ceiling


class Escalated(OfDuty):
    """The disposition mode rose to `mode`, or was that high already. `holder` is the office that took the case over, if one did."""

    kind: Literal["escalated"] = "escalated"
    mode: Mode
    was: Mode
    holder: str | None = None
    reason: str | None = None


class StepProposed(OfDuty):
    """A step was proposed, and waits for the head of `office`. `against` is the office that held the case when the duty lapsed; None
    if the step is against the debtor.
    """

    kind: Literal["step_proposed"] = "step_proposed"
    step: Step
    office: str
    against: str | None = None


class StepApproved(Fact):
    kind: Literal["step_approved"] = "step_approved"
    step: Step
    reason: str | None = None


class StepDeclined(Fact):
    kind: Literal["step_declined"] = "step_declined"
    step: Step
    reason: str | None = None


class CreditRecorded(Fact):
    """The debtor is entered in the record of the untrustworthy (失信记录, 条例 2025 Art 26)."""

    kind: Literal["credit_recorded"] = "credit_recorded"
    reason: str | None = None


class Publicised(Fact):
    """The debtor is named in a circular (通报, 条例 2025 Art 23)."""

    kind: Literal["publicised"] = "publicised"
    reason: str


class Relieved(Fact):
    kind: Literal["relieved"] = "relieved"
    was: Mode
    reason: str


class NoticeIssued(OfDuty, Issued):
    """A document that presses for a duty, or for the case as a whole.

    Attributes:
        reply_by: The day by which an answer is due.
        held_on, place: When and where an interview takes place, if that is settled.
        reason: The reason given by the person who asked for the document; None if the ladder issued it.
    """

    kind: Literal["notice_issued"] = "notice_issued"
    notice: NoticeKind
    reply_by: date
    held_on: date | None = None
    place: str | None = None
    reason: str | None = None


PressureFact = (
    DeadlineNear
    | DeadlineLapsed
    | Escalated
    | StepProposed
    | StepApproved
    | StepDeclined
    | CreditRecorded
    | Publicised
    | Relieved
    | NoticeIssued
)
