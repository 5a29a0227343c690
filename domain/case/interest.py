"""The interest of a case on a day. It is computed when it is read, so that no daily events are needed.

Interest is never part of the cleared or the outstanding amount.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from domain.case.contents import Counted, Payment
from domain.interest import InterestRule, Line, lines
from domain.value import Value


class Interest(Value):
    """Interest as it was fixed (利息核定).

    Attributes:
        on: The day on which it was fixed.
        rate: The rate as it was written; None for an agreed sum, which is `amount_fen`.
        since: The first day that bears interest.
        waived_fen: How much of it the creditor has waived.
        is_waived: Whether the creditor has waived all of it, including what may accrue later.
    """

    on: date
    rule: InterestRule
    rate: str | None = None
    amount_fen: int | None = None
    since: date
    reason: str | None = None
    waived_fen: int = 0
    is_waived: bool = False


class Standing(NamedTuple):
    """The amounts of interest on a day, in fen.

    Attributes:
        in_transit_fen: Paid, and not confirmed by the creditor.
        pressed_fen: What the debtor is pressed for: not waived, and not paid, unless a payment was denied.
    """

    as_of: date
    lines: tuple[Line, ...]
    accrued_fen: int
    paid_fen: int
    in_transit_fen: int
    waived_fen: int
    pressed_fen: int

    @property
    def outstanding_fen(self) -> int:
        """The accrued interest that is neither paid nor waived. Never negative, even if more was paid before a correction."""
        return max(self.accrued_fen - self.paid_fen - self.waived_fen, 0)

    @property
    def payable_fen(self) -> int:
        """The outstanding interest that is not in transit."""
        return max(self.outstanding_fen - self.in_transit_fen, 0)


def changes_of(
    owed_fen: int, fallen: Sequence[Counted], payments: Iterable[Payment]
) -> Iterable[tuple[date, int]]:
    """The changes of the principal that bears interest, each with its day: it rises from the beginning, or on the day after a part
    fell due, and falls on the day on which a payment was made, matured or transferred.
    """
    yield date.min, owed_fen - sum(part.fen for part in fallen)
    for part in fallen:
        yield part.on + timedelta(days=1), part.fen
    for payment in payments:
        yield payment.paid_by, -payment.confirmed_fen


def standing(
    interest: Interest, changes: Iterable[tuple[date, int]], payments: Sequence[Payment], as_of: date
) -> Standing:
    """The interest at the beginning of a day."""
    found = lines(changes, interest.rate, interest.since, as_of) if interest.rate else ()
    accrued_fen = (interest.amount_fen or 0) + sum(line.interest_fen for line in found)
    paid_fen = sum(payment.interest_paid_fen for payment in payments)
    in_transit_fen = sum(payment.interest_in_transit_fen for payment in payments)
    covered_fen = paid_fen + sum(
        payment.interest_in_transit_fen for payment in payments if payment.covers_what_is_open
    )
    waived_fen = (
        max(accrued_fen - paid_fen - in_transit_fen, 0) if interest.is_waived else interest.waived_fen
    )
    pressed_fen = 0 if interest.is_waived else max(accrued_fen - waived_fen - covered_fen, 0)
    return Standing(as_of, found, accrued_fen, paid_fen, in_transit_fen, waived_fen, pressed_fen)
