"""Rebuilding the record from what cannot be changed: the journal, and the histories of the workflows that wrote it.

For an operator, with workers and window stopped. Journal entries and transfers are never altered or deleted; a forged one stays, and
`verify` reports it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.workflow import NondeterminismError

from activities.bonds import BondRecorder
from activities.giving_up import reason_of
from activities.record import CaseRecorder
from domain.bonds.batch import begin_batch
from domain.case.decider import begin
from domain.postings import transfers
from office.repair.recollection import recollect
from office.verification.histories import acknowledged, flow_of
from office.verification.journal import broken_chain, rebuilt
from office.verification.postings import miscounted, unexplained
from office.verification.verifying import verify
from schema import casefiles, claims, journal, ledger, streams, tallies

log = structlog.get_logger(__name__)

Watch = Callable[[int, int], None]
"""A callback for progress: how many cases and batches have been rebuilt, and how many there are."""

_BATCH: Final = "BB-"


async def rebuild(
    client: Client, engine: AsyncEngine, numbers: Sequence[str] = (), watch: Watch | None = None
) -> dict[str, Any]:
    """Rebuild read models and balances from the journal, add missing transfers, complete the journal from the workflow histories,
    recount the tallies, and verify everything.

    Args:
        numbers: Cases and batches; by default all.

    Returns:
        The result of `verify`, with `completed`: how many journal entries were recovered.
    """
    completed = 0
    chosen = list(numbers) or [number async for page in streams.pages(engine) for number in page]
    for done, number in enumerate(chosen, 1):
        try:
            await _rebuild(engine, number)
        except IntegrityError as error:
            log.warning("not_rebuilt", stream=number, reason=reason_of(error))
        if watch:
            watch(done, len(chosen))
    behind = {number: runs for number in chosen if (runs := await _runs_ahead(client, engine, number))}
    while written := sum([await _complete(client, engine, number, runs) for number, runs in behind.items()]):
        completed += written  # a recovered entry may let another case or batch be completed in the next pass
    async with engine.begin() as connection:
        await tallies.tally_anew(connection)
    return await verify(client, engine, numbers) | {"completed": completed}


async def _rebuild(engine: AsyncEngine, number: str) -> None:
    """Rebuild the read model, transfers and balances of a case or batch from its journal; does nothing if the journal is
    incomplete.
    """
    async with engine.begin() as connection:
        entries = await journal.entries(connection, stream=number)
        if not entries or broken_chain(entries):
            return
        if number.startswith(_BATCH):
            batch = rebuilt(entries, begin_batch)
            if batch is not None:
                await casefiles.save_batch(connection, batch, entries[-1].hash)
        else:
            case = rebuilt(entries, begin)
            if case is not None:
                stored = await casefiles.load_case(connection, number, for_update=True)
                await casefiles.save_case(connection, case, entries[-1].hash, is_new=stored is None)
                await claims.keep(connection, number, case.receipt)
        kept = await streams.books(connection, number, ledger.PURPOSES)
        if miscounted(kept) or unexplained(entries, kept.transfers):
            expected = [one for entry in entries for one in transfers(entry.stream, entry.seq, entry.event)]
            await ledger.restore(connection, number, expected)


async def _runs_ahead(client: Client, engine: AsyncEngine, number: str) -> Sequence[str]:
    """The runs of a case or batch if they have acknowledged entries that are not on record; otherwise empty."""
    async with engine.connect() as connection:
        effects = await journal.effects(connection, number)
        last_seq = await journal.last_seq(connection, number)
    flow = await flow_of(client, number, (effect.run_id for effect in effects))
    return flow.run_ids if acknowledged(flow) > last_seq else ()


async def _complete(client: Client, engine: AsyncEngine, number: str, run_ids: Sequence[str]) -> int:
    """Recover entries that the record has lost from the histories, in order; returns how many."""
    async with engine.connect() as connection:
        before = await journal.last_seq(connection, number)
    recorder: CaseRecorder | BondRecorder = (
        BondRecorder(engine) if number.startswith(_BATCH) else CaseRecorder(engine)
    )
    seq = before
    try:
        known = await recollect(client, number, run_ids)
        while (found := known.get(seq + 1)) is not None:
            seq = (await recorder.record(found.request, found.run_id)).seq
    except (ApplicationError, NondeterminismError) as error:
        log.warning("not_completed", stream=number, after=seq, reason=str(error))
    return seq - before
