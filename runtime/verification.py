"""Do journal, ledger, read model and workflow history tell the same story of every case? To the fen."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.requests import RecordRequest
from domain.case import begin, fold
from domain.casefile import Case
from domain.events import Event, NoticeIssued
from domain.money import format_money
from schema import casefiles, journal, ledger, post
from schema.tables import case_file
from workflows.case import ArrearsCase

_RECORD = "record_case"


async def verify(client: Client, engine: AsyncEngine, case_nos: Sequence[str] = ()) -> dict[str, Any]:
    """Compare the four tellings of the given cases, or of all; returns `{ok, cases, differences}`."""
    async with engine.connect() as connection:
        known = list((await connection.execute(select(case_file.c.case_no).order_by("case_no"))).scalars())
    differences = [f"{case_no}: there is no such case" for case_no in case_nos if case_no not in known]
    chosen = [case_no for case_no in known if not case_nos or case_no in case_nos]
    for case_no in chosen:
        differences += [f"{case_no}: {difference}" for difference in await _of_case(client, engine, case_no)]
    return {"ok": not differences, "cases": len(chosen), "differences": differences}


async def _of_case(client: Client, engine: AsyncEngine, case_no: str) -> list[str]:
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        entries = await journal.entries(connection, stream=case_no)
        differences = _broken_chain(entries)
        if differences:
            return differences
        rebuilt = fold(begin(case_no, entries[0].event), [entry.event for entry in entries[1:]])
        differences += await _read_model(connection, rebuilt, entries[-1].hash)
        differences += _documents(entries, await post.hashes(connection, case_no))
        differences += _ledger(rebuilt, await ledger.balances(connection, case_no))
        differences += [
            f"ledger: the balance of {account} is not the sum of its transfers"
            for account in await ledger.miscounted(connection, case_no)
        ]
        runs = list(dict.fromkeys(effect.run_id for effect in await journal.effects(connection, case_no)))
    told = [request for run_id in runs for request in await _told_by_history(client, case_no, run_id)]
    return differences + _history(entries, told)


def _broken_chain(entries: Sequence[journal.Entry]) -> list[str]:
    """Numbers without a gap, and each hash made from the one before."""
    head = journal.genesis(entries[0].stream) if entries else ""
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            return [f"journal: entry {seq} is missing"]
        head = journal.chained(head, entry.stream, seq, entry.event)
        if entry.hash != head:
            return [f"journal: entry {seq} has been altered: its hash does not fit"]
    return [] if entries else ["journal: there are no entries"]


async def _read_model(connection: AsyncConnection, rebuilt: Case, head: str) -> list[str]:
    """The stored state, and the columns that lists filter by, are those the journal leads to."""
    stored = (
        (await connection.execute(select(case_file).where(case_file.c.case_no == rebuilt.case_no)))
        .one()
        ._mapping
    )
    expected = casefiles.case_row(rebuilt, head)
    names = [name for name in expected if stored[name] != expected[name]]
    return [
        f"read model: {name} differs"
        + ("" if name == "state" else f": stored {stored[name]}, journal {expected[name]}")
        for name in names
    ]


def _ledger(case: Case, balances: Mapping[str, tuple[int, int]]) -> list[str]:
    """What came into each account, and what is in it, is what the journal says."""
    expected = {
        "included": (case.included_fen, case.bond_awaited_fen),
        "available": (None, case.available_fen),
        "in_transit": (None, case.in_transit_fen),
        "received": (None, case.cleared_fen),
    }
    differences = []
    for purpose, (came_in, is_in) in expected.items():
        credits_fen, balance_fen = balances.get(purpose, (0, 0))
        for name, wanted, found in (
            ("received in all", came_in, credits_fen),
            ("balance", is_in, balance_fen),
        ):
            if wanted is not None and wanted != found:
                differences.append(
                    f"ledger: {purpose}, {name}: ledger {format_money(found)}, journal {format_money(wanted)}"
                )
    return differences


def _documents(entries: Sequence[journal.Entry], stored: Mapping[str, str]) -> list[str]:
    """Every notice in the journal has its document, whose bytes have the hash that the journal says; and there is no other."""
    facts = (entry.event.fact for entry in entries)
    journaled = {fact.number: fact.sha256 for fact in facts if isinstance(fact, NoticeIssued)}
    differences = []
    for number in sorted(journaled.keys() | stored.keys()):
        if number not in stored:
            differences.append(f"documents: {number} is missing")
        elif number not in journaled:
            differences.append(f"documents: {number} is not in the journal")
        elif stored[number] != journaled[number]:
            differences.append(f"documents: {number} has been altered: its hash is not the journal's")
    return differences


class _Told(NamedTuple):
    """What a run of the workflow asked to be recorded, and whether it was told that it is."""

    request: RecordRequest
    done: bool


async def _told_by_history(client: Client, case_no: str, run_id: str) -> list[_Told]:
    """What a run asked to be recorded, in order; nothing when its history has been retired."""
    handle = client.get_workflow_handle_for(ArrearsCase.run, case_no, run_id=run_id)
    asked: dict[int, RecordRequest] = {}
    done: set[int] = set()
    try:
        async for event in handle.fetch_history_events():
            scheduled = event.activity_task_scheduled_event_attributes
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                done.add(event.activity_task_completed_event_attributes.scheduled_event_id)
            elif scheduled.activity_type.name == _RECORD:
                payloads = scheduled.input.payloads
                (asked[event.event_id],) = await client.data_converter.decode(payloads, [RecordRequest])
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    return [_Told(request, event_id in done) for event_id, request in asked.items()]


def _history(entries: Sequence[journal.Entry], told: Sequence[_Told]) -> list[str]:
    """The workflow asked for every entry in these words, and what it was told is recorded is there."""
    asked = {
        seq: event for request, _ in told for seq, event in enumerate(request.events, start=request.first_seq)
    }
    differences = [
        f"history: entry {entry.seq} ({entry.event.kind}) reads otherwise in the workflow's history"
        for entry in entries
        if entry.seq in asked and asked[entry.seq] != _as_asked(entry.event)
    ]
    differences += [
        f"history: the workflow never asked for entry {entry.seq}"
        for entry in entries
        if asked and entry.seq > min(asked) and entry.seq not in asked
    ]
    differences += [
        f"history: entry {request.first_seq} was recorded and acknowledged, and is not on record"
        for request, done in told
        if done and request.first_seq > len(entries)
    ]
    return differences


def _as_asked(event: Event) -> Event:
    """An entry as the workflow asked for it, which does not know the hash of the document that was made."""
    if not isinstance(event.fact, NoticeIssued):
        return event
    return event.model_copy(update={"fact": event.fact.model_copy(update={"sha256": None})})
