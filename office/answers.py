"""Starting and updating workflows, and turning Temporal's failures into answers for people: a refusal, or a server that is away."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.types import MethodAsyncSingleParam
from temporalio.workflow import UpdateMethodMultiParam

from activities.refusing import REFUSED
from domain.command_base import CommandBase
from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.gone import gone
from schema.engine import is_lost
from workflows.attributes import attributes_of
from workflows.opening import BatchStart, CaseOpening
from workflows.queue import TASK_QUEUE

ANSWER_WITHIN: Final = timedelta(seconds=15)
"""How long a command waits for its answer. It is not lost after that: sent again under its id, it gets the same answer."""

_AWAY = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.UNKNOWN,
)
"""The last is a connection that broke in the middle of an answer: what was asked may have been done."""
_STUCK = RPCStatusCode.FAILED_PRECONDITION
"""The workers there are cannot carry the case on: a deployment went wrong."""

_AGAIN_AFTER: Final = (0.1, 0.3, 1.0)
"""Seconds after which an update is sent again whose workflow task came to nothing: a signal or another update crossed its path."""

_ENDED_MEANWHILE: Final = "AcceptedUpdateCompletedWorkflow"
"""What Temporal calls the failure of an update whose workflow was ended under it."""

_NOT_CONNECTED: Final = "Failed client connect"
"""What a client says that connects when it is first used, and cannot."""


Flow = TypeVar("Flow")
Opening = TypeVar("Opening", CaseOpening, BatchStart)


def starting(
    stream: str,
    run: MethodAsyncSingleParam[Flow, Opening, Any],
    opening: Opening,
    reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
) -> WithStartWorkflowOperation[Flow, Any]:
    """The start operation for update-with-start: starts the workflow of a case or batch unless it is running."""
    return WithStartWorkflowOperation(
        run,
        opening,
        id=stream,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=reuse,
        search_attributes=attributes_of(opening),
    )


async def start(
    client: Client,
    stream: str,
    run: MethodAsyncSingleParam[Flow, Opening, Any],
    opening: Opening,
    registered: UpdateMethodMultiParam[[Flow], None],
) -> None:
    """Start the workflow of a registered case or batch, unless it is running. Returns when its opening is on record.

    Raises:
        WorkflowGone: It ran, and was cancelled, terminated or deleted.
        ServerAway: Temporal or every worker is away.
    """
    with answers(f"{stream} is registered and will be recorded when it is back"):
        try:
            await client.execute_update_with_start_workflow(
                registered,
                start_workflow_operation=starting(stream, run, opening),
                rpc_timeout=ANSWER_WITHIN,
            )
        except WorkflowAlreadyStartedError as error:
            raise await gone(client, stream) from error


@contextmanager
def answers(so_far: str) -> Iterator[None]:
    """Turn failures of an update into a `Refusal` or a `ServerAway`; `so_far` says what may have happened already."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise refusal_of(error) from None
    except (RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise ServerAway(f"no worker answered in time; {so_far}") from error
    except RPCError as error:
        if error.status is _STUCK:
            raise ServerAway(f"no worker can carry this on ({error.message}); {so_far}") from error
        if error.status in _AWAY:
            raise ServerAway(f"Temporal went away ({error.message}); {so_far}") from error
        raise
    except RuntimeError as error:
        if not str(error).startswith(_NOT_CONNECTED):
            raise
        raise ServerAway("Temporal is away; nothing was sent") from error
    except (OSError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not is_lost(error):
            raise
        raise ServerAway(f"PostgreSQL went away; {so_far}") from error


def refusal_of(error: WorkflowUpdateFailedError) -> Refusal:
    """The refusal that an update failed with. Any other failure is a defect and stays one."""
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type != REFUSED:
        raise error
    told = cause.details[0]
    return Refusal(Code(told["code"]), told["message"], told["detail"], told["field"])


def update_id(command: CommandBase) -> str:
    """The same command of the same side is the same update; other content under its id reaches the workflow, which refuses it."""
    return f"{command.key}:{command.digest()}"


def send_again(command: CommandBase) -> str:
    """What somebody may do who does not know whether a command was carried out."""
    return f"send the command again with --id {command.command_id} to learn what became of it"


async def give(command: CommandBase, send: Callable[[str], Awaitable[object]]) -> None:
    """Send a command as the update of an id. A refusal that Temporal remembers, of an update that had to wait for another, would
    be the answer for as long as the run lasts: what is refused is asked once more under an id of its own, and is decided now.

    Raises:
        Refusal: The workflow refuses it now.
        RPCError: Among others `NOT_FOUND`: no workflow is there to carry it out, or it was ended while it did.
    """
    try:
        await _persistently(send, update_id(command))
    except WorkflowUpdateFailedError as error:
        if isinstance(error.cause, ApplicationError) and error.cause.type == _ENDED_MEANWHILE:
            raise RPCError(str(error.cause), RPCStatusCode.NOT_FOUND, b"") from error
        refusal_of(error)
    else:
        return
    try:
        await _persistently(send, f"{update_id(command)}:{secrets.token_hex(8)}")
    except WorkflowUpdateFailedError as error:
        raise refusal_of(error) from None


async def _persistently(send: Callable[[str], Awaitable[object]], under: str) -> None:
    """Send an update, and again when Temporal dropped it: it does so with all updates of a workflow task that fails."""
    for pause in _AGAIN_AFTER:
        try:
            await send(under)
            return
        except RPCError as error:
            if error.status is not _STUCK:
                raise
        await asyncio.sleep(pause)
    await send(under)
