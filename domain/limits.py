"""Limits (上限) on commands: days too far in the future and commands given too often are refused as `malformed`.

Nothing that a case or a batch carries from run to run grows without an end: it is one value of at most some hundred kilobytes, and
what follows from a command takes milliseconds. What ends a case, or lets it go on, is never used up by what came before.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.case.casefile import Case
from domain.evidence import MOST_OF_CASE
from domain.facts import CaseFact
from domain.refusal import Code, Refusal
from domain.value import FORESEEN, MOST_NOTED, Value, last_day_after

MOST: Final[Mapping[str, int]] = {
    "rated": 10,
    "remarked": MOST_NOTED,
    "contacted": MOST_NOTED,
    "served": 200,
    "attached": MOST_OF_CASE,
    "detached": MOST_OF_CASE,
    "assigned": 200,
    "time_asked": 200,
    "payment_reported": 500,
    "receipt_confirmed": 1000,
    "receipt_disputed": 500,
    "payment_bounced": 500,
    "answered": 500,
    "receipt_attested": 500,
    "payment_reversed": 500,
    "funds_arrived": 200,
    "extended": 200,
    "submitted": 200,
    "approved": 200,
    "returned": 200,
}
"""How often each of these kinds of facts may be caused by people in one case. Each denial allows one more confirmation."""

MOST_OF_OTHERS: Final = 50
"""The limit of every other kind."""

MOST_OF_BATCH: Final = 1000
"""How many commands a batch accepts, not counting those that end it. Temporal takes 2,000 updates of a run, refused ones included, and
a batch is one run.
"""


def within_sight(asked: Value, today: date) -> None:
    """Refuse a command, or a receipt, that names a day too far ahead.

    The types hold the widest range; this is the part of it that goes by the business date, so that a command decided again
    on replay is decided alike.

    Raises:
        Refusal: `malformed`, with the field: a day is more than thirty years after today.
    """
    last = last_day_after(today)
    for field, day in _days_in(asked):
        if day > last:
            raise Refusal(
                Code.MALFORMED,
                f"日期 {day} 距今超过 {FORESEEN} 年",
                f"{day} is more than {FORESEEN} years ahead; the last possible day is {last}",
                field,
            )


def _days_in(value: Any, path: str = "") -> Iterator[tuple[str, date]]:
    """The days that a value names, each with its field, such as `instalments.3.due_on`."""
    if isinstance(value, date):
        yield path, value
    parts: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, Value):
        fields = type(value).model_fields
        parts = [(field.alias or name, getattr(value, name)) for name, field in fields.items()]
    elif isinstance(value, tuple):
        parts = list(enumerate(value))
    for name, part in parts:
        yield from _days_in(part, f"{path}.{name}" if path else str(name))


def not_too_often(case: Case, facts: Sequence[CaseFact]) -> None:
    """Refuse facts whose kind has happened too often in this case.

    Raises:
        Refusal: `malformed`: as much of a kind has happened as a case takes.
    """
    for fact in facts:
        most = MOST.get(fact.kind, MOST_OF_OTHERS)
        if case.times.get(fact.kind, 0) >= most:
            raise used_up("本案", "a case", most)


def used_up(chinese: str, english: str, most: int) -> Refusal:
    """The refusal of what has happened as often as a case, or a batch, allows."""
    return Refusal(
        Code.MALFORMED,
        f"{chinese}此类办理已达上限({most} 次)",
        f"{english} takes at most {most} of these",
    )
