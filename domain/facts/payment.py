"""分期支付: what can have happened. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact

__all__ = ["PaymentBounced", "PaymentFact", "PaymentReported", "ReceiptConfirmed", "ReceiptDisputed"]


class PaymentReported(Fact):
    kind: Literal["payment_reported"] = "payment_reported"
    voucher: str
    amount_fen: int
    paid_on: date


class ReceiptConfirmed(Fact):
    kind: Literal["receipt_confirmed"] = "receipt_confirmed"
    voucher: str
    amount_fen: int


class ReceiptDisputed(Fact):
    """`was_cleared` when a receipt that had been confirmed is denied at a call-back: the money is in transit again."""

    kind: Literal["receipt_disputed"] = "receipt_disputed"
    voucher: str
    amount_fen: int
    reason: str
    was_cleared: bool = False


class PaymentBounced(Fact):
    kind: Literal["payment_bounced"] = "payment_bounced"
    voucher: str
    amount_fen: int
    reason: str


PaymentFact = PaymentReported | ReceiptConfirmed | ReceiptDisputed | PaymentBounced
