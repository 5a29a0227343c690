"""Whether the debt has been stated (核实). Until then its amounts are unknown, not zero."""

from domain.case.casefile import Case
from domain.value import Stage


def is_verified(case: Case) -> bool:
    """Whether the amounts are known: the debt has been stated, or was found not to exist. Until then interfaces show 待核实, never
    0.00.
    """
    return case.recognition is not None or case.ended is Stage.UNFOUNDED
