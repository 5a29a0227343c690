"""Opening a bond batch (债券批次), and the commands to one."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator
from typing_extensions import TypeAliasType

from domain.actors import Actor, Role, WrittenActor
from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.money import PEOPLE, PositiveFen
from domain.rules import OfficeCode
from domain.value import BondKind, Day, Name, Reference, Text, Value, fault

OPENERS: Final = (Role.FINANCE, Role.HEAD)
"""The roles that may open a batch of their office."""


class BatchOpening(Value):
    """The opening of a batch: the kind of bonds, its quota in fen, the first and the last day of requests (截止).

    Attributes:
        by: Who opens it, if known.
    """

    name: Name
    office: OfficeCode
    kind: BondKind = BondKind.GENERAL
    quota: PositiveFen
    opens_on: Day
    allocates_on: Day
    by: WrittenActor | None = None

    @field_validator("by")
    @classmethod
    def _is_of_the_office(cls, by: Actor | None, info: ValidationInfo) -> Actor | None:
        office = info.data.get("office")
        if by is not None and office is not None and (by.role not in OPENERS or by.party != office):
            raise fault("批次由本办公室的财政人员或负责人新建", "is finance or a head of the batch's office")
        return by

    @property
    def opener(self) -> Actor:
        """Who opens the batch; an unnamed finance officer of its office if nobody was named."""
        return self.by or Actor(Role.FINANCE, party=self.office)


class Exclude(CommandBase):
    is_grave = True

    do: Literal["exclude"] = "exclude"
    case_no: Annotated[Reference, Among.BOND_REQUESTS]
    reason: Text


class Approve(CommandBase):
    """Record the approval by the standing committee. `resolution` is the number of its decision (决议文号)."""

    do: Literal["approve"] = "approve"
    resolution: Reference | None = None


class Decline(CommandBase):
    is_grave = True

    do: Literal["decline"] = "decline"
    reason: Text


class Arrive(CommandBase):
    do: Literal["arrive"] = "arrive"
    amount: PositiveFen
    reference: Reference


class CloseBatch(CommandBase):
    is_grave = True

    do: Literal["close_batch"] = "close_batch"


AnyBatchCommand = Exclude | Approve | Decline | Arrive | CloseBatch
BatchCommand = TypeAliasType("BatchCommand", Annotated[AnyBatchCommand, Field(discriminator="do")])
"""A command as the update `act` takes it; see `Command`."""

_COMMAND: TypeAdapter[AnyBatchCommand] = TypeAdapter(BatchCommand)


def read_batch_command(written: dict[str, Any]) -> AnyBatchCommand:
    """Read a command that a person or another program wrote.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or wrong, or `do` is no command of a batch.
    """
    return _COMMAND.validate_python(written, context=PEOPLE)
