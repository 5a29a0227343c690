"""Look-ups across cases and batches: each reference to money is used once, and cases that share a contract."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.sharing import Share
from schema.tables import case_file, money_reference


async def use_reference(connection: AsyncConnection, reference: str, stream: str, seq: int) -> bool:
    """Claim a reference to money for a journal entry; False if another entry has it. Waits for a concurrent transaction that
    claims it.
    """
    entry = {"stream": stream, "seq": seq}
    statement = upsert(money_reference).values(reference=reference, **entry).on_conflict_do_nothing()
    if (await connection.execute(statement)).rowcount == 1:
        return True
    query = select(money_reference.c.stream, money_reference.c.seq)
    row = (await connection.execute(query.where(money_reference.c.reference == reference))).one()
    return bool((row.stream, row.seq) == (stream, seq))


async def used_references(connection: AsyncConnection, stream: str) -> dict[str, int]:
    """The references that a case or batch has used, with their entries."""
    query = select(money_reference.c.reference, money_reference.c.seq).where(
        money_reference.c.stream == stream
    )
    return {row.reference: row.seq for row in await connection.execute(query)}


async def shares_beside(connection: AsyncConnection, case_no: str, share: Share) -> Sequence[Share]:
    """What other cases state of the same contract. Locks the contract until the transaction ends."""
    for key in sorted(share.keys):
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key}
        )
    of = case_file.c
    found = select(of.contract_keys, of.contract_settled_fen, of.contract_total_fen).where(
        of.contract_keys.overlap(list(share.keys)), of.case_no != case_no
    )
    others = [Share(tuple(keys), *amounts) for keys, *amounts in await connection.execute(found)]
    return [other for other in others if other.is_of_same_contract(share)]
