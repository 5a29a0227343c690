"""The commands of 分期支付."""

from typing import Annotated, Literal

from domain.actors import Role
from domain.command_base import CommandBase
from domain.commands.fields import PaymentsIn
from domain.money import Fen, PositiveFen
from domain.value import Attempts, Day, PaymentForm, Reference, ReversedWhy, Text

__all__ = [
    "Answer",
    "AttestReceipt",
    "Bounce",
    "ConfirmReceipt",
    "DisputeReceipt",
    "PaymentCommand",
    "ReportPayment",
    "Reverse",
]


class ReportPayment(CommandBase):
    """Report a payment. `direct`: the debtor paid from its own account, without funding. A bill or an electronic claim needs the day
    on which it matures. `interest` is the part of the amount that is interest.
    """

    word_of = Role.DEBTOR

    do: Literal["report_payment"] = "report_payment"
    voucher: Reference
    amount: PositiveFen
    paid_on: Day
    form: PaymentForm = PaymentForm.CASH
    matures_on: Day | None = None
    direct: bool = False
    interest: Fen = 0


class ConfirmReceipt(CommandBase):
    """Confirm a receipt. If only `amount` arrived, the rest is disputed. Property counts once it has the day of its transfer."""

    do: Literal["confirm_receipt"] = "confirm_receipt"
    voucher: Annotated[Reference, PaymentsIn(("reported", "disputed", "maturing"))]
    amount: PositiveFen | None = None
    transferred_on: Day | None = None


class DisputeReceipt(CommandBase):
    do: Literal["dispute_receipt"] = "dispute_receipt"
    voucher: Annotated[Reference, PaymentsIn(("reported", "attested"))]
    reason: Text


class Answer(CommandBase):
    do: Literal["answer"] = "answer"
    voucher: Annotated[Reference, PaymentsIn(("disputed",))]
    note: Text


class AttestReceipt(CommandBase):
    """Attest a payment on which the creditor keeps silent, or which the debtor has defended, by the bank's `reference`."""

    is_grave = True

    do: Literal["attest_receipt"] = "attest_receipt"
    voucher: Annotated[Reference, PaymentsIn(("reported", "disputed"))]
    arrived: bool = True
    reference: Reference
    attempts: Attempts = ()


class Bounce(CommandBase):
    do: Literal["bounce"] = "bounce"
    voucher: Annotated[Reference, PaymentsIn(("reported", "disputed", "maturing"))]
    reason: Text


class Reverse(CommandBase):
    is_grave = True

    do: Literal["reverse"] = "reverse"
    voucher: Annotated[Reference, PaymentsIn(("confirmed", "attested", "maturing"))]
    why: ReversedWhy
    reference: Reference


PaymentCommand = ReportPayment | ConfirmReceipt | DisputeReceipt | Answer | AttestReceipt | Bounce | Reverse
