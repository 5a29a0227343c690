"""Journal events: a fact, and the circumstances in which it happened."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, get_args

from pydantic import Field, field_serializer

from domain.actors import WrittenActor, key_of
from domain.duty import Duty, DutyKey
from domain.facts import BatchFact, CaseFact
from domain.letters import Letter
from domain.value import Stage, Value


class Event(Value):
    """One entry of a journal.

    Attributes:
        at: The business instant at which the event was recorded.
        on: The business date of the event. A lapsed deadline has the day on which it lapsed, even if it was recorded later.
        by: The actor whose word it is.
        fact: What happened.
        opened: The duties that it opened.
        met: The duties that it met.
        redated: The duties whose last day it changed.
        letters: The documents that it caused.
        entered_by: The clerk who entered it for a party.
        approved_by: The head who approved it, if it had been submitted for approval.
        account: The account of whoever gave or entered it, if known.
        command_id: The command that caused it; None for the system's own events. `digest` is that command's digest.
    """

    at: datetime
    on: date
    by: WrittenActor
    fact: Annotated[CaseFact | BatchFact, Field(discriminator="kind")]
    opened: tuple[Duty, ...] = ()
    met: tuple[DutyKey, ...] = ()
    redated: tuple[Duty, ...] = ()
    letters: tuple[Letter, ...] = ()
    entered_by: WrittenActor | None = None
    approved_by: WrittenActor | None = None
    account: int | None = None
    command_id: str | None = None
    digest: str | None = None

    @field_serializer("met")
    def _by_name(self, met: tuple[DutyKey, ...]) -> tuple[dict[str, Any], ...]:
        return tuple(key._asdict() for key in met)

    @property
    def kind(self) -> str:
        """The journal's kind, such as `receipt_confirmed`."""
        return self.fact.kind

    @property
    def key(self) -> str | None:
        """The key of the command that caused it (`CommandBase.key`); None for the system's own events."""
        if self.command_id is None:
            return None
        if self.approved_by is not None:
            return key_of(self.command_id, self.approved_by, None)
        return key_of(self.command_id, self.by, self.entered_by)


ENDS: Final[Mapping[str, Stage]] = {
    fact.model_fields["kind"].default: fact.ends for fact in get_args(CaseFact) if fact.ends is not None
}
"""The kinds of facts that may end a case, each with the stage in which it leaves the case."""
