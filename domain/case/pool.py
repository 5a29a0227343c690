"""A case's requests to the pools of bond money, and how much of them is wages."""

from domain.case.casefile import Case
from domain.value import BONDS, SourceKind


def wage_wanted_fen(case: Case, kind: SourceKind) -> int:
    """How much of a case's request to a pool is wages of migrant workers, in fen.

    Money that was paid, is available or is in transit counts for wages first; so does the pool that the plan names first.
    """
    receipt = case.receipt
    if case.plan is None or not receipt.migrant_wages:
        return 0
    wage_fen = case.undisputed_fen if receipt.wage_amount is None else receipt.wage_amount
    left_fen = max(wage_fen - case.provided_fen, 0)
    for asked in (source.kind for source in case.plan.sources if source.kind in BONDS):
        wanted_fen = min(left_fen, case.bond_wanted_of(asked))
        if asked is kind:
            return wanted_fen
        left_fen -= wanted_fen
    return 0
