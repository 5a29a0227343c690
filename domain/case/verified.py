"""Whether what is owed is known (核实): until then no amount of it is said to be zero."""

from domain.case.casefile import Case
from domain.value import Stage


def is_verified(case: Case) -> bool:
    """Whether somebody has stated what is owed, or it was found that nothing is. Until then that is 待核实, never 0.00."""
    return case.recognition is not None or case.ended is Stage.UNFOUNDED
