"""What Temporal knows of a case or batch: the state of its workflow, and the entries that it has acknowledged."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.requests import Recorded
from office.gone import DELETED, ENDINGS, described
from office.verification.differences import Difference, Remedy
from schema.journal import Entry
from workflows.opening import BatchStart, CaseOpening

_RECORDING: Final = ("record_case", "record_batch", "allocate")
"""The activities whose result proves the journal up to an entry."""

_STARTS: Final[Mapping[str, type[CaseOpening | BatchStart]]] = {
    "ArrearsCase": CaseOpening,
    "BondBatch": BatchStart,
}
_TOO_OFTEN: Final = 10
"""The number of attempts, after more than a minute, from which a recording activity counts as stuck."""


class Proof(NamedTuple):
    """The hash of an entry as a workflow was told it. It also stands for all entries before it."""

    seq: int
    head: str


class Flow(NamedTuple):
    """A workflow as Temporal has it: its latest run, and the proofs from all runs that are still retained.

    Attributes:
        run_ids: The runs that were read.
        begun_after: The entry up to which the case was recorded when the oldest retained run began; 0 for a new case.
    """

    latest: WorkflowExecutionDescription | None
    run_ids: Sequence[str]
    proofs: Sequence[Proof]
    begun_after: int

    @property
    def is_running(self) -> bool:
        """Whether a workflow is running for the case or batch."""
        return self.latest is not None and self.latest.status is WorkflowExecutionStatus.RUNNING


async def flow_of(client: Client, stream: str, run_ids: Iterable[str]) -> Flow:
    """What Temporal knows of a case or batch.

    Args:
        run_ids: The runs that recorded it. A later run is found as well.
    """
    latest = await described(client, stream)
    runs = dict.fromkeys([*run_ids, *([latest.run_id] if latest and latest.run_id else [])])
    proofs: list[Proof] = []
    begun_after = 0
    for run_id in runs:
        begun, learned = await _learned_by(client, stream, run_id)
        proofs += learned
        begun_after = max(begun_after, begun)
    return Flow(latest, tuple(runs), proofs, begun_after)


async def _learned_by(client: Client, stream: str, run_id: str) -> tuple[int, list[Proof]]:
    """What a run found recorded when it began, and the proofs in its history; empty if the history is no longer retained."""
    handle = client.get_workflow_handle(stream, run_id=run_id)
    begun_after = 0
    recording: set[int] = set()
    proofs: list[Proof] = []
    try:
        async for event in handle.fetch_history_events():
            started = event.workflow_execution_started_event_attributes
            if started.workflow_type.name in _STARTS:
                begun_after = await _begun_after(client, event)
            elif event.activity_task_scheduled_event_attributes.activity_type.name in _RECORDING:
                recording.add(event.event_id)
            elif payloads := _answer(event, recording):
                recorded = await _decoded(client, payloads, Recorded)
                proofs.append(Proof(recorded.seq, recorded.head))
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    return begun_after, proofs


def _answer(event: HistoryEvent, recording: Iterable[int]) -> Sequence[Any]:
    """The result of a recording activity: a local one has it in a marker, a regular one in its own event."""
    completed = event.activity_task_completed_event_attributes
    if completed.scheduled_event_id in recording:
        return completed.result.payloads
    details = event.marker_recorded_event_attributes.details
    if "result" in details and json.loads(details["data"].payloads[0].data)["activity_type"] in _RECORDING:
        return details["result"].payloads
    return ()


async def _decoded(client: Client, payloads: Sequence[Any], kind: type[Any]) -> Any:
    (value,) = await client.data_converter.decode(payloads, [kind])
    return value


async def _begun_after(client: Client, event: HistoryEvent) -> int:
    started = event.workflow_execution_started_event_attributes
    start = await _decoded(client, started.input.payloads, _STARTS[started.workflow_type.name])
    carried = start.case if isinstance(start, CaseOpening) else start.batch
    return carried.seq if carried is not None else 0


def history(entries: Sequence[Entry], flow: Flow) -> list[Difference]:
    """Check that the journal agrees with the proofs, and that the workflow knows all of it.

    The journal must have been read before the histories; entries recorded since then are not differences.
    """
    differences = [
        _differs(
            proof.seq,
            f"entry {proof.seq} or one before it reads otherwise than the workflow was told",
            Remedy.TAMPERED,
        )
        for proof in flow.proofs
        if proof.seq <= len(entries) and entries[proof.seq - 1].hash != proof.head
    ][:1]
    if flow.latest is not None and acknowledged(flow) < len(entries):
        found = f"the workflow has not been told of entry {acknowledged(flow) + 1}"
        differences.append(_differs(acknowledged(flow) + 1, found, Remedy.TEMPORAL_BEHIND))
    return differences


def acknowledged(flow: Flow) -> int:
    """The last entry that the workflow knows to be on record."""
    return max((proof.seq for proof in flow.proofs), default=flow.begun_after)


def unrecorded(last_seq: int, flow: Flow) -> list[Difference]:
    """The difference if the workflow knows entries that are missing, although the record was read after the workflow."""
    known = acknowledged(flow)
    if known <= last_seq:
        return []
    found = f"the workflow was told of entry {known}, and the record ends with {last_seq}"
    return [_differs(last_seq + 1, found, Remedy.RECORD_BEHIND)]


def standing(flow: Flow, *, is_open: bool) -> list[Difference]:
    """Check that an open case or batch has a running workflow that makes progress."""
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
