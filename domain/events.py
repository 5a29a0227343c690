"""A fact with its circumstances: the entry of a journal."""

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
    """A fact with its circumstances: the business instant and date, who, and which duties it opened, met and re-dated.

    What happened by itself is dated by its own day, even when it was recorded later; `at` is when it was recorded.
    `by` is whose word it is, `entered_by` the clerk who entered a party's, `account` the account of whoever gave or entered it.
    `command_id` and `digest` name the command that caused it; the system's own events have none. Where that is the approval of what
    somebody else had submitted, `approved_by` gave it. `letters` are the documents that the step gave rise to.
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
        """The key of the command that caused it."""
        if self.command_id is None:
            return None
        if self.approved_by is not None:
            return key_of(self.command_id, self.approved_by, None)
        return key_of(self.command_id, self.by, self.entered_by)


ENDS: Final[Mapping[str, Stage]] = {
    fact.model_fields["kind"].default: fact.ends for fact in get_args(CaseFact) if fact.ends is not None
}
"""The kinds of facts that may end a case, and the stage in which they leave it then."""
