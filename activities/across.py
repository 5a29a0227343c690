"""Rules that span cases and batches. No single case can check them, so the recording transaction does."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from activities.refusing import refused
from domain import facts as e
from domain.case.casefile import Case
from domain.case.sharing import exceeds_contract, is_more, share_of
from domain.events import Event
from domain.refusal import reference_reused
from schema import across


async def use_references(
    connection: AsyncConnection, stream: str, first_seq: int, events: Sequence[Event]
) -> None:
    """Claim the references under which money arrives: each may be used once in the whole record.

    Raises:
        ApplicationError: Type `REFUSED`, code `reference_reused`.
    """
    for seq, event in enumerate(events, start=first_seq):
        fact = event.fact
        if not isinstance(fact, e.FundsArrived | e.BatchArrived):
            continue
        if not await across.use_reference(connection, fact.reference, stream, seq):
            raise refused(reference_reused(fact.reference))


async def fit_contract(connection: AsyncConnection, known: Case | None, case: Case) -> None:
    """Check that the cases that share a contract do not together state more than it is worth.

    Args:
        known: The case before the events, None for a new one; only an increase is checked.

    Raises:
        ApplicationError: Type `REFUSED`, code `exceeds_owed`.
    """
    share = share_of(case)
    if share is None or not is_more(share_of(known) if known else None, share):
        return
    others = await across.shares_beside(connection, case.case_no, share)
    if refusal := exceeds_contract(share, others):
        raise refused(refusal)
