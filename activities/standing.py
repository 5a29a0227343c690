"""Idempotent recording: before anything is written, find out whether the journal already holds something at its place.

A workflow may know less than the record: a worker died between the commit and its answer, another attempt was quicker, or Temporal
was restored from an older backup. The record then wins, and the workflow learns from it.
"""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.exceptions import ApplicationError

from activities.refusing import refused
from activities.requests import Recorded, RecordRequest
from domain.command_base import reused
from domain.facts import PolicyAdopted, Redated
from schema import journal, rulebook

AT_ONCE: Final = 100
"""How many entries one answer brings at most, because they become part of the workflow's history. It asks again for the rest."""


def effect_of(request: RecordRequest, run_id: str) -> journal.Effect:
    """The row under which a request claims its place in the journal: its idempotency key, its command, and the run that asks."""
    commanded = [event for event in request.events if event.command_id is not None]
    asked = commanded[-1] if commanded else request.events[-1]
    return journal.Effect(
        request.effect_key,
        asked.key,
        asked.digest,
        request.first_seq + len(request.events) - 1,
        run_id,
    )


async def claimed(
    connection: AsyncConnection, request: RecordRequest, run_id: str, seq: int, head: str
) -> Recorded | None:
    """Claim the place in the journal that a request wants to fill.

    Args:
        run_id: The workflow run that asks.
        seq: The number of the latest entry on record.
        head: The hash of that entry.

    Returns:
        None if the place was free: the caller now writes the events. Otherwise the answer to the request.

    Raises:
        ApplicationError: Type `RecordIsBehind`: see `follows`. Type `REFUSED`: the command's id was used before, with other content.
    """
    if seq >= request.first_seq:
        return await _standing(connection, request)
    follows(request, seq)
    if not request.events:
        return Recorded(seq=seq, head=head)
    wanted = effect_of(request, run_id)
    if await journal.claim(connection, wanted, request.stream):
        return None
    known = await journal.answered(connection, request.stream, wanted.command_id or "")
    if (
        known is None
    ):  # Two openings can race: before the first commits there is no row for the second to wait for.
        return await _standing(connection, request)
    if known.digest != wanted.digest:
        raise refused(reused(request.events[-1].command_id or ""))
    if known.last_seq >= request.first_seq:
        return await _standing(connection, request)
    return Recorded(seq=seq, head=head)


def follows(request: RecordRequest, seq: int) -> None:
    """Check that the request continues the journal without a gap.

    Raises:
        ApplicationError: Type `RecordIsBehind`: the record lacks entries that the workflow knows, for example after a restore. It is
            retried until the record is complete again.
    """
    if request.first_seq != seq + 1:
        said = f"{request.stream} is recorded up to {seq}, and asked to go on with {request.first_seq}"
        raise ApplicationError(said, type="RecordIsBehind")


async def _standing(connection: AsyncConnection, request: RecordRequest) -> Recorded:
    last = request.first_seq + AT_ONCE - 1
    entries = await journal.entries(connection, stream=request.stream, seqs=(request.first_seq, last))
    brings_rules = any(isinstance(entry.event.fact, PolicyAdopted | Redated) for entry in entries)
    return Recorded(
        seq=entries[-1].seq,
        head=entries[-1].hash,
        instead=tuple(entry.event for entry in entries),
        rules=await rulebook.of_case(connection, request.stream) if brings_rules else None,
    )
