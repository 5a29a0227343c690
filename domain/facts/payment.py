"""分期支付: what can have happened. Amounts end in `_fen`; `interest_fen` is how much of `amount_fen` is interest."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.facts.planning import Source
from domain.value import Attempt, PaymentForm, ReversedWhy

__all__ = [
    "Answered",
    "OfPayment",
    "PaymentBounced",
    "PaymentFact",
    "PaymentHonoured",
    "PaymentReported",
    "PaymentReversed",
    "ReceiptAttested",
    "ReceiptConfirmed",
    "ReceiptDisputed",
]


class OfPayment(Fact):
    """So much of a payment, and how much of that is interest: the rest is principal."""

    voucher: str
    amount_fen: int
    interest_fen: int = 0

    @property
    def principal_fen(self) -> int:
        """What is no interest."""
        return self.amount_fen - self.interest_fen


class PaymentReported(OfPayment):
    """`sources` are those of the plan after a direct payment, which needs less of them."""

    kind: Literal["payment_reported"] = "payment_reported"
    paid_on: date
    form: PaymentForm = PaymentForm.CASH
    matures_on: date | None = None
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class ReceiptConfirmed(OfPayment):
    """It counts; or, with `matures_on`, it will on that day."""

    kind: Literal["receipt_confirmed"] = "receipt_confirmed"
    matures_on: date | None = None
    transferred_on: date | None = None


class ReceiptDisputed(OfPayment):
    """`was_cleared` when a receipt that had counted is denied: the money is in transit again."""

    kind: Literal["receipt_disputed"] = "receipt_disputed"
    reason: str
    was_cleared: bool = False


class Answered(Fact):
    kind: Literal["answered"] = "answered"
    voucher: str
    note: str


class ReceiptAttested(OfPayment):
    """The office stands for it; with `matures_on` it will count on that day."""

    kind: Literal["receipt_attested"] = "receipt_attested"
    reference: str
    attempts: tuple[Attempt, ...] = ()
    matures_on: date | None = None


class PaymentHonoured(OfPayment):
    """A bill has matured and nobody has said that it was not paid."""

    kind: Literal["payment_honoured"] = "payment_honoured"
    late: bool = False


class PaymentBounced(OfPayment):
    """`sources` are those of the plan after a direct payment that did not arrive."""

    kind: Literal["payment_bounced"] = "payment_bounced"
    reason: str
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class PaymentReversed(OfPayment):
    """What counted, or was to count once a bill matures (`cleared_fen` says how much of the principal did, `interest_paid_fen` of
    the interest), counts no more. `sources` are those of the plan then, where the debtor had paid it directly.
    """

    kind: Literal["payment_reversed"] = "payment_reversed"
    cleared_fen: int
    interest_paid_fen: int = 0
    why: ReversedWhy
    reference: str
    direct: bool = False
    sources: tuple[Source, ...] | None = None


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
