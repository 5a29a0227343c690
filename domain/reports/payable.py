"""应还: what should have been paid by a day. 应还尽还率 is the part of it that is cleared.

No law or notice could be found that gives a formula. Offices publish the rate beside 清偿率, and mean what had to be paid: Quanzhou
reported in 2022 that of 15167.3926万元, 14944.0626万元 were cleared and the rest was disputed, and gave 应还尽还率 as 100 %, where
98.53 % of the whole was cleared (china.com.cn/zhibo/content_78535792.htm).

So amounts that are disputed, not yet due or in court are not payable yet, nor are amounts that the plan agreed by both sides promises
for a later day; if a whole case is in court, nothing outstanding is. Amounts of withdrawn or handed-out cases are still owed, and
count.
"""

from datetime import date

from domain.case.casefile import Case
from domain.value import Stage


def postponed_fen(case: Case, day: date) -> int:
    """The part of the outstanding amount, in fen, that a court decides on or that the plan promises for after that day."""
    if case.ended is Stage.JUDICIAL:
        return case.outstanding_fen
    later = (
        one.instalment.amount_fen - one.cleared_fen for one in case.instalments if one.instalment.due_on > day
    )
    return min(sum(later), case.outstanding_fen)
