"""The money of a plan's sources that has arrived and was not paid out."""

from domain.case.casefile import Case
from domain.value import SourceKind


def funds_on_hand(case: Case, *, after_transit: bool = False) -> dict[SourceKind, int]:
    """The money of each source that has arrived and was not paid out. Payments use up the sources in the plan's order.

    Args:
        after_transit: Whether payments in transit count as paid out. Without it they still have their place in a plan.
    """
    if case.plan is None:
        return {}
    funded = [payment for payment in case.payments if not payment.direct]
    spent_fen = sum(payment.confirmed_fen for payment in funded) - case.plan.spent_before_fen
    if after_transit:
        spent_fen += sum(payment.in_transit_fen for payment in funded)
    left = {}
    for source in case.plan.sources:
        used_fen = min(spent_fen, source.arrived_fen)
        spent_fen -= used_fen
        left[source.kind] = source.arrived_fen - used_fen
    return left
