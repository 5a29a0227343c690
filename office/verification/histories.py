"""What Temporal tells of a case or batch: how its workflow stands, and what it asked to be recorded."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.requests import AllocateRequest, RecordRequest
from domain.events import Event
from domain.facts import BatchAllocated, NoticeIssued
from office.gone import DELETED, ENDINGS, described
from office.verification.differences import Difference, Remedy
from schema.journal import Entry
from workflows.opening import BatchStart, CaseOpening

_RECORDING: Final = {"record_case": RecordRequest, "record_batch": RecordRequest, "allocate": AllocateRequest}
_STARTS: Final = {"ArrearsCase": CaseOpening, "BondBatch": BatchStart}
_TOO_OFTEN: Final = 10
"""Attempts after which what is to be recorded is not under way but stuck: a minute and more."""


class Told(NamedTuple):
    """What a workflow asked to be recorded from `first_seq` on, and whether it was told that it is."""

    first_seq: int
    events: tuple[Event, ...]
    done: bool


class Flow(NamedTuple):
    """A workflow as Temporal has it: its latest run, and what all its runs asked for that are still there.

    Attributes:
        begun_after: The entry up to which the runs that are still there found the case recorded when they began; 0 for a new one.
    """

    latest: WorkflowExecutionDescription | None
    told: Sequence[Told]
    begun_after: int

    @property
    def is_running(self) -> bool:
        """Whether something carries the case or batch on."""
        return self.latest is not None and self.latest.status is WorkflowExecutionStatus.RUNNING


async def flow_of(client: Client, stream: str, run_ids: Iterable[str]) -> Flow:
    """What Temporal tells of a case or batch that these runs and perhaps a later one recorded."""
    latest = await described(client, stream)
    runs = dict.fromkeys([*run_ids, *([latest.run_id] if latest and latest.run_id else [])])
    told: list[Told] = []
    begun_after = 0
    for run_id in runs:
        begun, asked = await _told_by(client, stream, run_id)
        told += asked
        begun_after = max(begun_after, begun)
    return Flow(latest, told, begun_after)


async def _told_by(client: Client, stream: str, run_id: str) -> tuple[int, list[Told]]:
    """What a run found recorded and asked to be recorded, in order; nothing when its history has been retired."""
    handle = client.get_workflow_handle(stream, run_id=run_id)
    begun_after = 0
    asked: dict[int, Told] = {}
    try:
        async for event in handle.fetch_history_events():
            started = event.workflow_execution_started_event_attributes
            if started.workflow_type.name in _STARTS:
                begun_after = await _begun_after(client, event)
            elif event.activity_task_scheduled_event_attributes.activity_type.name in _RECORDING:
                asked[event.event_id] = await _asked(client, event)
            elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                await _note_done(client, event, asked)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    return begun_after, list(asked.values())


async def _decoded(client: Client, payloads: Sequence[Any], kind: type[Any]) -> Any:
    (value,) = await client.data_converter.decode(payloads, [kind])
    return value


async def _begun_after(client: Client, event: HistoryEvent) -> int:
    started = event.workflow_execution_started_event_attributes
    start = await _decoded(client, started.input.payloads, _STARTS[started.workflow_type.name])
    carried = start.case if isinstance(start, CaseOpening) else start.batch
    return carried.seq if carried is not None else 0


async def _asked(client: Client, event: HistoryEvent) -> Told:
    scheduled = event.activity_task_scheduled_event_attributes
    request = await _decoded(client, scheduled.input.payloads, _RECORDING[scheduled.activity_type.name])
    events = request.events if isinstance(request, RecordRequest) else (request.event,)
    return Told(request.first_seq, events, done=False)


async def _note_done(client: Client, event: HistoryEvent, asked: dict[int, Told]) -> None:
    """The activity has answered: that it is recorded, or, of an allocation, also with which totals."""
    completed = event.activity_task_completed_event_attributes
    told = asked.get(completed.scheduled_event_id)
    if told is None:
        return
    if isinstance(told.events[0].fact, BatchAllocated):
        told = told._replace(events=(await _decoded(client, completed.result.payloads, Event),))
    asked[completed.scheduled_event_id] = told._replace(done=True)


def history(entries: Sequence[Entry], flow: Flow) -> list[Difference]:
    """The workflow asked for every entry in these words. What was asked before its oldest run that is left cannot be compared.

    The journal was read first: what has been asked for since then is not in it yet, and is no difference.
    """
    asked: dict[int, list[Event]] = {}
    for one in flow.told:
        for seq, event in enumerate(one.events, start=one.first_seq):
            asked.setdefault(seq, []).append(event)
    oldest = min(asked, default=len(entries))
    differences = []
    for entry in entries:
        seq, kind = entry.seq, entry.event.kind
        if seq not in asked and seq > oldest:
            found = f"the workflow never asked for entry {seq}"
            differences.append(_differs(seq, found, Remedy.TEMPORAL_BEHIND))
        elif seq in asked and not any(_as_asked(entry.event, one) for one in asked[seq]):
            found = f"entry {seq} ({kind}) reads otherwise in the workflow's history"
            differences.append(_differs(seq, found, Remedy.TAMPERED))
    return differences


def acknowledged(flow: Flow) -> int:
    """The last entry of which the workflow knows that it is on record."""
    done = (one.first_seq + len(one.events) - 1 for one in flow.told if one.done)
    return max(done, default=flow.begun_after)


def unrecorded(last_seq: int, flow: Flow) -> list[Difference]:
    """What the workflow was told is recorded, and is not there, although the record was looked at later than the workflow."""
    differences = [
        _differs(
            one.first_seq,
            f"entry {one.first_seq} was recorded and acknowledged, and is not on record",
            Remedy.RECORD_BEHIND,
        )
        for one in flow.told
        if one.done and one.first_seq > last_seq
    ]
    if not differences and flow.begun_after > last_seq:
        found = f"the workflow went on from entry {flow.begun_after}, which is not on record"
        differences.append(_differs(flow.begun_after, found, Remedy.RECORD_BEHIND))
    return differences


def _as_asked(event: Event, asked: Event) -> bool:
    """Whether an entry is what the workflow asked for, which did not know the hash of a document, or an allocation's totals."""
    if isinstance(event.fact, NoticeIssued):
        event = event.model_copy(update={"fact": event.fact.model_copy(update={"sha256": None})})
    if isinstance(event.fact, BatchAllocated) and asked.fact == _NO_TOTALS:
        return event.model_copy(update={"fact": _NO_TOTALS}) == asked
    return event == asked


_NO_TOTALS: Final = BatchAllocated(requests=0, requested_fen=0, allocated_fen=0)


def standing(flow: Flow, *, is_open: bool) -> list[Difference]:
    """Something carries what is open, and gets on with it."""
    latest = flow.latest
    if not is_open:
        return []
    if not flow.is_running:
        ending = ENDINGS[latest.status] if latest is not None and latest.status in ENDINGS else DELETED
        return [
            Difference(
                "workflow", "standing", f"it is open, and its workflow {ending.en} {ending.zh}", Remedy.GONE
            )
        ]
    assert latest is not None
    return [
        Difference(
            "workflow",
            "stuck",
            f"{one.activity_type.name} has failed {one.attempt - 1} times: {one.last_failure.message}",
            Remedy.STUCK,
        )
        for one in latest.raw_description.pending_activities
        if one.activity_type.name in _RECORDING and one.attempt > _TOO_OFTEN
    ]


def _differs(seq: int, found: str, remedy: Remedy) -> Difference:
    return Difference("history", str(seq), found, remedy)
