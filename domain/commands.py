"""What people may ask of a case: one class a command, told apart by `do`."""

import hashlib
import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from domain.actors import PARTIES, Actor, WrittenActor, key_of
from domain.duty import DutyKind
from domain.money import PEOPLE, Fen, PositiveFen
from domain.rules import PackName
from domain.value import (
    LONGEST_REFERENCE,
    MOST_INSTALMENTS,
    MOST_OF_A_LIST,
    Day,
    Mode,
    Name,
    Reference,
    Satisfied,
    SourceKind,
    Step,
    Text,
    Value,
)

NEWS: Final = "news/"
"""How the ids of bond news begin."""

REDATES: Final = "redate/"
"""How the ids of the system's own commands to count by another calendar begin."""


def _is_nobody_elses(command_id: str) -> str:
    """Nobody can answer for a batch, or for the calendar."""
    for prefix in (NEWS, REDATES):
        if command_id.startswith(prefix):
            raise ValueError(f"ids that begin with {prefix} are the system's own")
    return command_id


OwnId = Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE + len(REDATES))]
"""An id of the system's own commands: made of a prefix and a reference."""


def _is_not_written(value: Any, info: ValidationInfo) -> Any:
    """Whose account it is says the window, which knows who signed in; nobody says it of themselves."""
    if info.context == PEOPLE:
        raise ValueError("is not for the sender to say")
    return value


class Asked(Value):
    """What every command has: the caller's idempotency key, and who gives it.

    Attributes:
        by: Whose word it is.
        entered_by: The clerk who enters the word of a creditor or debtor that lies on paper (代录).
        account: The account of whoever gives or enters it, where the window knows it.
    """

    command_id: Annotated[Reference, AfterValidator(_is_nobody_elses)]
    by: WrittenActor
    entered_by: WrittenActor | None = None
    account: Annotated[int | None, Field(ge=1, lt=2**63), BeforeValidator(_is_not_written)] = None

    @field_validator("entered_by")
    @classmethod
    def _enters_for_a_party(cls, entered_by: Actor | None, info: ValidationInfo) -> Actor | None:
        if entered_by is None:
            return None
        by = info.data.get("by")
        if by is not None and by.role not in PARTIES:
            raise ValueError("stands only beside the word of a creditor or debtor")
        if entered_by.person is None:
            raise ValueError("names the person who enters it")
        return entered_by

    @property
    def key(self) -> str:
        """The command's id with whose it is: nobody can spend the ids of another side."""
        return key_of(self.command_id, self.by, self.entered_by)

    def digest(self) -> str:
        """The content, without the key, as 16 hexadecimal digits: the same command sent twice has the same."""
        content = self.model_dump(mode="json", exclude={"command_id", "account"})
        if self.entered_by is None:
            del content["entered_by"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Accept(Asked):
    do: Literal["accept"] = "accept"


class Refuse(Asked):
    do: Literal["refuse"] = "refuse"
    ground: Text


class RequestCorrection(Asked):
    do: Literal["request_correction"] = "request_correction"
    items: tuple[Text, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)


class SupplyCorrection(Asked):
    do: Literal["supply_correction"] = "supply_correction"
    note: Text


class Forward(Asked):
    do: Literal["forward"] = "forward"
    to: Annotated[str, Field(pattern=r"^(debtor|[0-9]{6})$", max_length=6)]


class Acknowledge(Asked):
    do: Literal["acknowledge"] = "acknowledge"


class Recognise(Asked):
    """`settled − paid = undisputed + disputed + not_yet_due`, as of a day (截止日)."""

    do: Literal["recognise"] = "recognise"
    settled: Fen
    paid: Fen
    undisputed: Fen
    disputed: Fen = 0
    not_yet_due: Fen = 0
    as_of: Day


class Endorse(Asked):
    do: Literal["endorse"] = "endorse"


class Object(Asked):
    do: Literal["object"] = "object"
    reason: Text


class Unfounded(Asked):
    do: Literal["unfounded"] = "unfounded"
    reason: Text


class PlannedSource(Value):
    """Money the plan counts on, in fen."""

    kind: SourceKind
    amount: PositiveFen
    expected_on: Day | None = None


class PlannedInstalment(Value):
    """A payment the debtor promises, in fen, by a day."""

    due_on: Day
    amount: PositiveFen


class MakePlan(Asked):
    do: Literal["plan"] = "plan"
    sources: tuple[PlannedSource, ...] = Field(min_length=1, max_length=MOST_OF_A_LIST)
    instalments: tuple[PlannedInstalment, ...] = Field(min_length=1, max_length=MOST_INSTALMENTS)
    reason: Text | None = None


class Fund(Asked):
    do: Literal["fund"] = "fund"
    source: SourceKind
    amount: PositiveFen
    reference: Reference


class ReportPayment(Asked):
    do: Literal["report_payment"] = "report_payment"
    voucher: Reference
    amount: PositiveFen
    paid_on: Day


class ConfirmReceipt(Asked):
    do: Literal["confirm_receipt"] = "confirm_receipt"
    voucher: Reference


class DisputeReceipt(Asked):
    do: Literal["dispute_receipt"] = "dispute_receipt"
    voucher: Reference
    reason: Text


class Bounce(Asked):
    do: Literal["bounce"] = "bounce"
    voucher: Reference
    reason: Text


class ResolveDispute(Asked):
    do: Literal["resolve_dispute"] = "resolve_dispute"
    recognised: Fen
    rejected: Fen
    reference: Reference


class CallBack(Asked):
    """`satisfied = no` with a `voucher` means that this payment did not arrive; without one, that the amount is wrong."""

    do: Literal["call_back"] = "call_back"
    satisfied: Satisfied
    note: Text
    voucher: Reference | None = None


class Rate(Asked):
    """What the creditor itself says of the handling, before or after it is called back."""

    do: Literal["rate"] = "rate"
    satisfied: Satisfied
    note: Text | None = None


class Close(Asked):
    do: Literal["close"] = "close"
    report: Text


class Withdraw(Asked):
    do: Literal["withdraw"] = "withdraw"
    reason: Text


class GoJudicial(Asked):
    do: Literal["go_judicial"] = "go_judicial"
    court: Name
    reference: Reference


class Reopen(Asked):
    """As after a dissatisfied call-back: with a `voucher` back to payment, without one back to verification."""

    do: Literal["reopen"] = "reopen"
    reason: Text
    voucher: Reference | None = None


class Extend(Asked):
    """`days` more, in the unit of the duty's term; `subject` says which duty, where there are several of the kind."""

    do: Literal["extend"] = "extend"
    duty: DutyKind
    subject: Reference | None = None
    days: Annotated[int, Field(ge=1, le=365)]
    reason: Text


class Suspend(Asked):
    """`until` is the day on which the case resumes by itself."""

    do: Literal["suspend"] = "suspend"
    reason: Text
    until: Day | None = None


class Resume(Asked):
    do: Literal["resume"] = "resume"
    reason: Text


class Escalate(Asked):
    do: Literal["escalate"] = "escalate"
    mode: Mode
    reason: Text


class ApproveStep(Asked):
    do: Literal["approve_step"] = "approve_step"
    step: Step
    reason: Text | None = None


class DeclineStep(Asked):
    do: Literal["decline_step"] = "decline_step"
    step: Step
    reason: Text | None = None


class Relieve(Asked):
    do: Literal["relieve"] = "relieve"
    reason: Text


class AdoptPolicy(Asked):
    """Live by the rule pack `policy` as it is now, with the calendar as it is now."""

    do: Literal["adopt_policy"] = "adopt_policy"
    policy: PackName
    reason: Text


class Redate(Asked):
    """Count by the calendar that `notice` has brought. Given by the system when the notice is loaded."""

    command_id: OwnId
    do: Literal["redate"] = "redate"
    notice: Reference


class TakeBondNews(Asked):
    """What a bond batch tells a case: money included, arrived, or the spending found ineligible. Given by the system."""

    command_id: OwnId
    do: Literal["take_bond_news"] = "take_bond_news"
    batch_no: Reference
    news: Literal["included", "arrived", "ineligible"]
    amount: Fen = 0
    transfer_id: Reference | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _money_has_a_transfer(self) -> Self:
        if (self.transfer_id is None) is not (self.news == "ineligible"):
            raise ValueError("news of money names its transfer, and no other news has one")
        return self


Ordered = (
    Accept
    | Refuse
    | RequestCorrection
    | SupplyCorrection
    | Forward
    | Acknowledge
    | Recognise
    | Endorse
    | Object
    | Unfounded
    | MakePlan
    | Fund
    | ReportPayment
    | ConfirmReceipt
    | DisputeReceipt
    | Bounce
    | ResolveDispute
    | Rate
    | CallBack
    | Close
    | Withdraw
    | GoJudicial
    | Reopen
    | Extend
    | Suspend
    | Resume
    | Escalate
    | ApproveStep
    | DeclineStep
    | Relieve
    | AdoptPolicy
)
"""What people may order."""

Command = Annotated[Ordered, Field(discriminator="do")]
"""A command as the update `act` takes it."""

_COMMAND: TypeAdapter[Ordered] = TypeAdapter(Command)


def read_command(written: dict[str, Any]) -> Ordered:
    """Read a command that a person or another program wrote, with amounts as people write them.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or wrong, or `do` is no command.
    """
    return _COMMAND.validate_python(written, context=PEOPLE)
