"""When a payment counts: money at once, a bill at maturity (条例 2025 Art 11), property when it is transferred."""

from datetime import date, timedelta
from typing import Final

from domain import commands as c
from domain.case.contents import Payment
from domain.refusal import Code, Refusal
from domain.value import PaymentForm

LONGEST_BILL: Final = timedelta(days=365)
HANDED_OVER_WITHIN: Final = timedelta(days=30)
"""The time after which the creditor is asked whether property was handed over, if no day was agreed."""


def names_its_day(command: c.ReportPayment) -> None:
    """Check the day of a payment: a bill needs one within a year, property may have one, other forms have none."""
    is_promise = command.form in (PaymentForm.BILL, PaymentForm.E_VOUCHER)
    day = command.matures_on
    if day is None:
        fits = not is_promise
    else:
        is_in_time = command.paid_on <= day <= command.paid_on + LONGEST_BILL
        fits = is_in_time and (is_promise or command.form is PaymentForm.IN_KIND)
    if not fits:
        raise Refusal(
            Code.MALFORMED,
            "票据须注明到期日,且在付款日后一年之内;其他付款没有到期日",
            "a bill names its day, within a year after it was given; other payments have none",
            "matures_on",
        )


def counts_on(payment: Payment, transferred_on: date | None, today: date) -> date | None:
    """The later day on which a payment counts, or on which the creditor is asked again; None if it counts now."""
    if payment.is_to_mature and payment.matures_on is not None and payment.matures_on > today:
        return payment.matures_on
    if payment.form is PaymentForm.IN_KIND and transferred_on is None:
        agreed_on = payment.matures_on
        return agreed_on if agreed_on and agreed_on > today else today + HANDED_OVER_WITHIN
    return None
