"""The record decides: what stands in the place of what a workflow wants to have recorded.

A workflow may know less than the record, never more: the worker may have died between the commit and the answer, another attempt may
have been quicker, Temporal may have been restored from an older backup.
"""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.exceptions import ApplicationError

from activities.refusing import refused
from activities.requests import Recorded, RecordRequest
from domain.asked import reused
from domain.facts import PolicyAdopted, Redated
from schema import journal, rulebook

AT_ONCE: Final = 100
"""Entries that are told together: what a workflow learns becomes part of its history. The rest it learns when it asks again."""


def effect_of(request: RecordRequest, run_id: str) -> journal.Effect:
    """The effect that a request is to have, named with the run that asks for it."""
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
    """Claim the place of a run's request behind the latest entry, whose number and hash are given: None when it is the request's to
    fill, otherwise what stands there.

    Raises:
        ApplicationError: The record is older than the workflow, or the request's command says otherwise than it did long ago.
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
    if known is None:  # Only an opening can meet another one: there is no row yet that both would wait for.
        return await _standing(connection, request)
    if known.digest != wanted.digest:
        raise refused(reused(request.events[-1].command_id or ""))
    if known.last_seq >= request.first_seq:
        return await _standing(connection, request)
    return Recorded(seq=seq, head=head)


def follows(request: RecordRequest, seq: int) -> None:
    """Make sure that the events come right after those on record.

    Raises:
        ApplicationError: The record is older than Temporal, say after a restore. Repeated until the two agree.
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
