"""分期支付: the commands."""

from typing import Annotated, Literal

from domain.asked import Asked
from domain.commands.fields import PaymentsIn
from domain.money import PositiveFen
from domain.value import Day, Reference, Text

__all__ = ["Bounce", "ConfirmReceipt", "DisputeReceipt", "PaymentCommand", "ReportPayment"]


AwaitingVoucher = Annotated[Reference, PaymentsIn(("reported", "disputed"))]
"""The voucher of a payment that awaits the creditor's word."""


class ReportPayment(Asked):
    do: Literal["report_payment"] = "report_payment"
    voucher: Reference
    amount: PositiveFen
    paid_on: Day


class ConfirmReceipt(Asked):
    do: Literal["confirm_receipt"] = "confirm_receipt"
    voucher: AwaitingVoucher


class DisputeReceipt(Asked):
    do: Literal["dispute_receipt"] = "dispute_receipt"
    voucher: Annotated[Reference, PaymentsIn(("reported",))]
    reason: Text


class Bounce(Asked):
    do: Literal["bounce"] = "bounce"
    voucher: AwaitingVoucher
    reason: Text


PaymentCommand = ReportPayment | ConfirmReceipt | DisputeReceipt | Bounce
