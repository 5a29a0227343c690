"""Recovering recorded events from workflow histories: the workflow is replayed, and its recording activities are collected."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from activities.requests import Recorded, RecordRequest
from workflows.bond_batch import BondBatch
from workflows.case import ArrearsCase


class Recollected(NamedTuple):
    """The request that a run had recorded, and the run's id."""

    request: RecordRequest
    run_id: str


async def recollect(client: Client, stream: str, run_ids: Iterable[str]) -> Mapping[int, Recollected]:
    """The requests that the runs of a case or batch had recorded, by the number of their first entry. Runs without a history are
    skipped.

    Raises:
        temporalio.workflow.NondeterminismError: The present code cannot replay a history.
    """
    found: dict[int, Recollected] = {}
    for run_id in run_ids:
        try:
            history = await client.get_workflow_handle(stream, run_id=run_id).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            continue
        notes: list[RecordRequest] = []
        replayer = Replayer(
            workflows=[ArrearsCase, BondBatch],
            workflow_runner=UnsandboxedWorkflowRunner(),
            data_converter=client.data_converter,
            interceptors=[_Taking(notes)],
        )
        await replayer.replay_workflow(history)
        found |= {request.first_seq: Recollected(request, run_id) for request in notes}
    return found


class _Taking(Interceptor):
    """An interceptor that notes what is recorded during a replay."""

    def __init__(self, notes: list[RecordRequest]) -> None:
        self._notes = notes

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """See `Interceptor`."""
        notes = self._notes

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> Any:  # noqa: A002
                return _noting(notes, input.args[0], super().start_activity(input))

            def start_local_activity(self, input: StartLocalActivityInput) -> Any:  # noqa: A002
                return _noting(notes, input.args[0], super().start_local_activity(input))

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


def _noting(notes: list[RecordRequest], asked: Any, handle: asyncio.Task[Any]) -> asyncio.Task[Any]:
    """Note the events of a recording activity when it completes: those it was given, or those that were on record instead."""

    def note(done: asyncio.Task[Any]) -> None:
        if done.cancelled() or done.exception() is not None or not isinstance(done.result(), Recorded):
            return
        recorded: Recorded = done.result()
        events = recorded.instead or getattr(asked, "events", ())
        if events and recorded.seq >= asked.first_seq:
            stream = asked.stream if isinstance(asked, RecordRequest) else asked.batch_no
            rules = recorded.rules or getattr(asked, "rules", None)
            notes.append(RecordRequest(stream=stream, first_seq=asked.first_seq, events=events, rules=rules))

    handle.add_done_callback(note)
    return handle
