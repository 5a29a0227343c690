"""The arguments with which workflows start. Continue-as-new hands a run's whole state to the next run in them."""

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
"""How many recordings a run makes before it continues as new. The server accepts 2,000 updates per run."""


_KNOWN: dict[str, Rules] = {}


def _shared(value: Any, validate: ValidatorFunctionWrapHandler) -> Rules:
    """Rules that were read, shared by all cases in this process that carry the same ones: there are few, and each is large."""
    if isinstance(value, Rules):
        return value
    written = repr(value)
    if written not in _KNOWN:
        _KNOWN[written] = validate(value)
    return _KNOWN[written]


SharedRules = Annotated[Rules, WrapValidator(_shared)]


class Clock(Value):
    """The difference between business time and workflow time: zero for a live case, larger in a rehearsal.

    Attributes:
        starts_at: The business instant at which a rehearsal's workflow starts. The first run turns it into `offset`.
        offset: What is added to `workflow.now()`.
    """

    starts_at: datetime | None = None
    offset: timedelta = timedelta(0)

    def fixed(self, now: datetime) -> "Clock":
        """This clock with its offset set, for a run whose `workflow.now()` is `now` at its start."""
        return self if self.starts_at is None else Clock(offset=self.starts_at - now)


class CaseOpening(Value):
    """The argument of `ArrearsCase`: either a `receipt` to record, entered by `registrar`, or a `case` to carry on: after
    continue-as-new, or started again from the record.
    """

    case_no: str
    rules: SharedRules
    receipt: Receipt | None = None
    registrar: Registrar | None = None
    case: Case | None = None
    clock: Clock = Clock()
    commands_per_run: int = COMMANDS_PER_RUN


class OtherRules(Value):
    """The argument of the update `adopt`: the rules that apply to a case from now on, and the command that introduces them."""

    command: Annotated[AdoptPolicy | Redate, Field(discriminator="do")]
    rules: SharedRules


class BatchStart(Value):
    """The argument of `BondBatch`: either an `opening` to record, by the person with that `account` if it is known, or a `batch` to
    carry on.
    """

    batch_no: str
    allocation_order: tuple[OrderKey, ...]
    opening: BatchOpening | None = None
    batch: Batch | None = None
    account: int | None = None
    clock: Clock = Clock()
