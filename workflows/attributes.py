"""What operators can list workflows by. It names no person, and nothing reads it for business: what offices list is on record.

An attribute that changes with most commands costs a tenth of what a case costs Temporal. So these change seldom: the office that
handles the case, and how far it has been pressed.
"""

from typing import Final

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.case.casefile import Case
from domain.value import Mode
from workflows.opening import BatchStart, CaseOpening

OFFICE: Final = SearchAttributeKey.for_keyword("Office")
MODE: Final = SearchAttributeKey.for_keyword("Mode")


def attributes_of(opening: CaseOpening | BatchStart) -> TypedSearchAttributes:
    """The attributes of a case or batch that is opened or carried on; of a batch the office alone."""
    if isinstance(opening, BatchStart):
        batch = opening.batch or opening.opening
        return TypedSearchAttributes([SearchAttributePair(OFFICE, batch.office)] if batch else [])
    if opening.case is not None:
        return attributes_now(opening.case)
    return _attributes(opening.receipt.office if opening.receipt else "", Mode.TRANSFERRED)


def attributes_now(case: Case) -> TypedSearchAttributes:
    """The attributes of a case as it stands."""
    return _attributes(case.holder, case.mode)


def _attributes(office: str, mode: Mode) -> TypedSearchAttributes:
    return TypedSearchAttributes([SearchAttributePair(OFFICE, office), SearchAttributePair(MODE, mode.value)])
