"""What workflows start from. Everything a run carries on to the next one is in here."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from domain.bonds.batch import Batch
from domain.bonds.commands import BatchOpening
from domain.case.casefile import Case
from domain.commands import AdoptPolicy, Redate
from domain.receipt import Receipt, Registrar
from domain.rules import OrderKey, Rules
from domain.value import Value

COMMANDS_PER_RUN = 1500
"""Commands after which a run continues as new: the server takes 2,000 updates per run."""


_KNOWN: dict[str, Rules] = {}


def _shared(value: Any, validate: ValidatorFunctionWrapHandler) -> Rules:
    """One value for all cases that live by the same rules: there are as many as packs, calendars and offices."""
    if isinstance(value, Rules):
        return value
    written = repr(value)
    if written not in _KNOWN:
        _KNOWN[written] = validate(value)
    return _KNOWN[written]


SharedRules = Annotated[Rules, WrapValidator(_shared)]


class Clock(Value):
    """How far business time is from the workflow's own: 0 for a live case, a shift for a rehearsal.

    Attributes:
        starts_at: The business instant at which a rehearsal's workflow starts. The run turns it into `offset`.
    """

    starts_at: datetime | None = None
    offset: timedelta = timedelta(0)

    def fixed(self, now: datetime) -> "Clock":
        """The clock of a run whose own time is `now` when it starts."""
        return self if self.starts_at is None else Clock(offset=self.starts_at - now)


class CaseOpening(Value):
    """A case to receive (`receipt`, entered by `registrar`), or to carry on (`case`): after continue-as-new, or to be re-opened."""

    case_no: str
    rules: SharedRules
    receipt: Receipt | None = None
    registrar: Registrar | None = None
    case: Case | None = None
    clock: Clock = Clock()
    commands_per_run: int = COMMANDS_PER_RUN


class OtherRules(Value):
    """Rules for a case to live by from now on, and the command that brings them."""

    command: Annotated[AdoptPolicy | Redate, Field(discriminator="do")]
    rules: SharedRules


class BatchStart(Value):
    """A batch to open (`opening`), or one to carry on (`batch`); `account` is that of whoever opens it, where it is known."""

    batch_no: str
    allocation_order: tuple[OrderKey, ...]
    opening: BatchOpening | None = None
    batch: Batch | None = None
    account: int | None = None
    clock: Clock = Clock()
