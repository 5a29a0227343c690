"""应还: what should have been paid by a day. 应还尽还率 is what is cleared of it.

No law or notice that could be found gives a formula; offices publish the rate beside 清偿率 and mean what had to be paid. Quanzhou
wrote in 2022 of 15167.3926万元 with 14944.0626万元 cleared, the rest being disputed: 应还尽还率 100 %, where 98.53 % of all was
cleared (china.com.cn/zhibo/content_78535792.htm). So here: what is disputed, not yet due or in court is not to be paid yet, and
neither is what the plan that both sides go by promises for a later day. Of a case that a court has altogether, nothing that is
outstanding is. What was withdrawn or handed out is still owed by then, and counts.
"""

from datetime import date

from domain.case.casefile import Case
from domain.value import Stage


def postponed_fen(case: Case, day: date) -> int:
    """How much of what is outstanding a court decides on, or the plan promises for after that day, in fen."""
    if case.ended is Stage.JUDICIAL:
        return case.outstanding_fen
    later = (
        one.instalment.amount_fen - one.cleared_fen for one in case.instalments if one.instalment.due_on > day
    )
    return min(sum(later), case.outstanding_fen)
