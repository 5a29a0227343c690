"""The facts of 分期支付. Amounts end in `_fen`; `interest_fen` is the part of `amount_fen` that is interest."""

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
    """The base class of facts about an amount of one payment: `amount_fen`, of which `interest_fen` is interest and the rest
    principal.
    """

    voucher: str
    amount_fen: int
    interest_fen: int = 0

    @property
    def principal_fen(self) -> int:
        """The amount without the interest."""
        return self.amount_fen - self.interest_fen


class PaymentReported(OfPayment):
    """A payment was reported. `sources` are the plan's sources after a direct payment, which reduces what they need to raise."""

    kind: Literal["payment_reported"] = "payment_reported"
    paid_on: date
    form: PaymentForm = PaymentForm.CASH
    matures_on: date | None = None
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class ReceiptConfirmed(OfPayment):
    """The creditor confirmed the receipt. It counts at once, or on the day `matures_on`."""

    kind: Literal["receipt_confirmed"] = "receipt_confirmed"
    matures_on: date | None = None
    transferred_on: date | None = None


class ReceiptDisputed(OfPayment):
    """The creditor denied the receipt. `was_cleared` if it had counted: the money is in transit again."""

    kind: Literal["receipt_disputed"] = "receipt_disputed"
    reason: str
    was_cleared: bool = False


class Answered(Fact):
    kind: Literal["answered"] = "answered"
    voucher: str
    note: str


class ReceiptAttested(OfPayment):
    """The office attested the receipt in the creditor's place. It counts at once, or on the day `matures_on`."""

    kind: Literal["receipt_attested"] = "receipt_attested"
    reference: str
    attempts: tuple[Attempt, ...] = ()
    matures_on: date | None = None


class PaymentHonoured(OfPayment):
    """A bill matured, and nobody had reported it as unpaid."""

    kind: Literal["payment_honoured"] = "payment_honoured"
    late: bool = False


class PaymentBounced(OfPayment):
    """A payment failed. `sources` are the plan's sources afterwards, if the payment had been a direct one."""

    kind: Literal["payment_bounced"] = "payment_bounced"
    reason: str
    direct: bool = False
    sources: tuple[Source, ...] | None = None


class PaymentReversed(OfPayment):
    """A payment was reversed that had counted, or a bill that was to count at maturity. `cleared_fen` of its principal and
    `interest_paid_fen` of its interest had counted. `sources` are the plan's sources afterwards, if it had been a direct payment.
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
