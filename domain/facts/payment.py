"""分期支付: what can have happened. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.facts.planning import Source
from domain.value import Attempt, PaymentForm, ReversedWhy

__all__ = [
    "Answered",
    "PaymentBounced",
    "PaymentFact",
    "PaymentHonoured",
    "PaymentReported",
    "PaymentReversed",
    "ReceiptAttested",
    "ReceiptConfirmed",
    "ReceiptDisputed",
]


class PaymentReported(Fact):
    """`sources` are those of the plan after a direct payment, which needs less of them."""

    kind: Literal["payment_reported"] = "payment_reported"
    voucher: str
    amount_fen: int
    paid_on: date
    form: PaymentForm = PaymentForm.CASH
    matures_on: date | None = None
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class ReceiptConfirmed(Fact):
    """It counts; or, with `matures_on`, it will on that day."""

    kind: Literal["receipt_confirmed"] = "receipt_confirmed"
    voucher: str
    amount_fen: int
    matures_on: date | None = None
    transferred_on: date | None = None


class ReceiptDisputed(Fact):
    """`was_cleared` when a receipt that had counted is denied: the money is in transit again."""

    kind: Literal["receipt_disputed"] = "receipt_disputed"
    voucher: str
    amount_fen: int
    reason: str
    was_cleared: bool = False


class Answered(Fact):
    kind: Literal["answered"] = "answered"
    voucher: str
    note: str


class ReceiptAttested(Fact):
    """The office stands for it; with `matures_on` it will count on that day."""

    kind: Literal["receipt_attested"] = "receipt_attested"
    voucher: str
    amount_fen: int
    reference: str
    attempts: tuple[Attempt, ...] = ()
    matures_on: date | None = None


class PaymentHonoured(Fact):
    """A bill has matured and nobody has said that it was not paid."""

    kind: Literal["payment_honoured"] = "payment_honoured"
    voucher: str
    amount_fen: int
    late: bool = False


class PaymentBounced(Fact):
    """`sources` are those of the plan after a direct payment that did not arrive."""

    kind: Literal["payment_bounced"] = "payment_bounced"
    voucher: str
    amount_fen: int
    reason: str
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class PaymentReversed(Fact):
    """What counted, or was to count once a bill matures (`cleared_fen` says how much did), counts no more."""

    kind: Literal["payment_reversed"] = "payment_reversed"
    voucher: str
    amount_fen: int
    cleared_fen: int
    why: ReversedWhy
    reference: str
    direct: bool = False


PaymentFact = (
    PaymentReported
    | ReceiptConfirmed
    | ReceiptDisputed
    | Answered
    | ReceiptAttested
    | PaymentHonoured
    | PaymentBounced
    | PaymentReversed
)
