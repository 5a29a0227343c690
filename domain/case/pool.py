"""What a case asks of the pools of bond requests, and how much of that is wages."""

from domain.case.casefile import Case
from domain.value import BONDS, SourceKind


def wage_wanted_fen(case: Case, kind: SourceKind) -> int:
    """How much of what it asks of a pool is wages of migrant workers: what is paid, there or on its way was for these first, and of
    two pools that which its plan names first.
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
