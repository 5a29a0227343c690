"""What the record itself refuses: what only shows across cases and batches, looked up in the transaction that records."""

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
    """Use the references under which money arrives, each once in the whole record.

    Raises:
        ApplicationError: `reference_reused`.
    """
    for seq, event in enumerate(events, start=first_seq):
        fact = event.fact
        if not isinstance(fact, e.FundsArrived | e.BatchArrived):
            continue
        if not await across.use_reference(connection, fact.reference, stream, seq):
            raise refused(reference_reused(fact.reference))


async def fit_contract(connection: AsyncConnection, known: Case | None, case: Case) -> None:
    """Let a case state more of the contract that it shares with others only as far as that goes.

    Raises:
        ApplicationError: `exceeds_owed`.
    """
    share = share_of(case)
    if share is None or not is_more(share_of(known) if known else None, share):
        return
    others = await across.shares_beside(connection, case.case_no, share.key)
    if refusal := exceeds_contract(share, others):
        raise refused(refusal)
