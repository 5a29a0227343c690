"""The numbers (文号) of documents."""

from datetime import date

from domain.case.casefile import Case
from domain.telling.terms import SERIES
from domain.value import LetterKind, NoticeKind


def number(case: Case, kind: NoticeKind | LetterKind, today: date, ahead: int = 0) -> str:
    """The number of a case's next document, such as `清欠督〔2023〕620105-2023-0001-3号`. It is unique because the case's number is.

    Args:
        ahead: How many documents are issued before it that the case does not list yet.
    """
    place = len(case.documents) + ahead + 1
    return f"{SERIES[kind]}〔{today.year}〕{case.case_no.removeprefix('QQ-')}-{place}号"
