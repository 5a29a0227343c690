"""What a receipt must be on the day it is registered; its parties and its spending may change later."""

from datetime import date

from domain.limits import within_sight
from domain.receipt import Receipt
from domain.refusal import Code, Refusal
from domain.value import SourceKind


def registrable(receipt: Receipt, today: date) -> None:
    """Refuse a receipt that names a day too far ahead, or brings in a plan with general bonds that may not pay it.

    Raises:
        Refusal: `malformed`, with the field.
    """
    within_sight(receipt, today)
    if receipt.taken_in and SourceKind.BOND in receipt.taken_in.sources and not receipt.takes_general_bonds:
        raise Refusal(
            Code.MALFORMED,
            "本案支出不得使用一般债券",
            "this spending may not be paid from general bonds",
            "taken_in.plan.sources",
        )
