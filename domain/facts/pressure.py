"""督办: what the ladder does by itself, and what heads decide."""

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
    """What happens on a level of the ladder, to which duty. All fields but `late` and `unwritten` are None when a person did it.

    Attributes:
        late: Recorded later than its own day, because nothing was running on that day.
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
        """The duty that has reached `level`."""
        if self.duty is None or self.opened_on is None:
            return None
        return DutyKey(self.duty, self.subject, self.opened_on)


class OfDeadline(OfDuty):
    """What happens by itself: there always is a duty whose last day comes or has passed."""

    duty: DutyKind
    opened_on: date
    due_on: date


class DeadlineNear(OfDeadline):
    kind: Literal["deadline_near"] = "deadline_near"


class DeadlineLapsed(OfDeadline):
    """`at_ceiling` where the last day is the last there can be, whatever rests or is suspended. No level is reached by it where the
    duty was late before.
    """

    kind: Literal["deadline_lapsed"] = "deadline_lapsed"
    at_ceiling: bool = False

    def redating(self) -> bool:
        return self.at_ceiling


class Escalated(OfDuty):
    """The mode is at least what the level or the superior office asks for. `holder` is the office that takes the case over."""

    kind: Literal["escalated"] = "escalated"
    mode: Mode
    was: Mode
    holder: str | None = None
    reason: str | None = None


class StepProposed(OfDuty):
    """A step waits for the head of `office`. It is against the office in whose hands the duty lapsed, or against the debtor."""

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
    """A document that presses: for a duty, or for the case as a whole.

    Attributes:
        reply_by: The day by which an answer is due.
        held_on, place: Of an interview, when and where, where that is settled.
        reason: Why somebody asked for it, where that was a person.
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
