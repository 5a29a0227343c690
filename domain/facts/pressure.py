"""What presses a case, holds it, or gives it other days: extension, suspension, the ladder, other rules."""

from datetime import date, datetime
from typing import Literal

from domain.duty import DutyKey, DutyKind
from domain.value import Mode, NoticeKind, Step, Value


class Extended(Value):
    """`days` more, in the unit of the duty's term."""

    kind: Literal["extended"] = "extended"
    duty: DutyKind
    subject: str | None
    opened_on: date
    days: int
    reason: str

    @property
    def key(self) -> "DutyKey":
        return DutyKey(self.duty, self.subject, self.opened_on)


class Suspended(Value):
    """`until` is the day on which the case resumes by itself."""

    kind: Literal["suspended"] = "suspended"
    reason: str
    until: date | None = None


class Resumed(Value):
    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    late: bool = False


class OfDuty(Value):
    """What happens on a level of the ladder, to which duty. All fields but `late` are None when a person did it.

    Attributes:
        late: Recorded on a later day than its own, because nobody was there to do so.
    """

    duty: DutyKind | None = None
    subject: str | None = None
    opened_on: date | None = None
    due_on: date | None = None
    level: str | None = None
    late: bool = False

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
    kind: Literal["deadline_lapsed"] = "deadline_lapsed"


class Escalated(OfDuty):
    """The mode is at least what the level or the superior office asks for. `holder` is the office that takes the case over."""

    kind: Literal["escalated"] = "escalated"
    mode: Mode
    was: Mode
    holder: str | None = None
    reason: str | None = None


class StepProposed(OfDuty):
    """A step waits for the head of `office`."""

    kind: Literal["step_proposed"] = "step_proposed"
    step: Step
    office: str


class StepApproved(Value):
    kind: Literal["step_approved"] = "step_approved"
    step: Step
    reason: str | None = None


class StepDeclined(Value):
    kind: Literal["step_declined"] = "step_declined"
    step: Step
    reason: str | None = None


class Relieved(Value):
    kind: Literal["relieved"] = "relieved"
    was: Mode
    reason: str


class NoticeIssued(OfDuty):
    """A numbered document. It is delivered to the channels of the offices `recipients`.

    Attributes:
        number: Its 文号, unique for ever.
        office: Who issues it, and its name.
        addressee: Whom it is for: a party's name, or an office's with the role.
        reply_by: The day by which an answer is due.
        deliver_at: The next office hour, when it goes out.
        sha256: Of the stored .docx file, as 64 hexadecimal digits; filled in when it is recorded.
    """

    kind: Literal["notice_issued"] = "notice_issued"
    number: str
    notice: NoticeKind
    office: str
    office_name: str
    addressee: str
    recipients: tuple[str, ...]
    basis: str
    reply_by: date
    deliver_at: datetime
    sha256: str | None = None


class Moved(Value):
    """A duty whose last day is another now."""

    duty: DutyKind
    subject: str | None
    was: date
    due_on: date


class Redated(Value):
    """The calendar that `notice` brought; `moved` are the duties whose last day it changes."""

    kind: Literal["redated"] = "redated"
    notice: str
    moved: tuple[Moved, ...]


class PolicyAdopted(Value):
    """The case lives by other rules from now on."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    calendar: str
    was: str
    reason: str
    moved: tuple[Moved, ...]
