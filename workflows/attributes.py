"""Search attributes: by what operators can list workflows. They name no person, and no business logic reads them.

An attribute that changed with most commands would account for a tenth of what a case costs Temporal. These two change rarely: the
office that handles the case, and how hard the debtor is being pressed.
"""

from typing import Final

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.case.casefile import Case
from domain.value import Mode
from workflows.opening import BatchStart, CaseOpening

OFFICE: Final = SearchAttributeKey.for_keyword("Office")
MODE: Final = SearchAttributeKey.for_keyword("Mode")


def attributes_of(opening: CaseOpening | BatchStart) -> TypedSearchAttributes:
    """The attributes with which a run starts, whether it opens a case or batch or carries one on. A batch has only `Office`."""
    if isinstance(opening, BatchStart):
        batch = opening.batch or opening.opening
        return TypedSearchAttributes([SearchAttributePair(OFFICE, batch.office)] if batch else [])
    if opening.case is not None:
        return attributes_now(opening.case)
    return _attributes(opening.receipt.office if opening.receipt else "", Mode.TRANSFERRED)


def attributes_now(case: Case) -> TypedSearchAttributes:
    """The attributes of a case in its present state."""
    return _attributes(case.holder, case.mode)


def _attributes(office: str, mode: Mode) -> TypedSearchAttributes:
    return TypedSearchAttributes([SearchAttributePair(OFFICE, office), SearchAttributePair(MODE, mode.value)])
