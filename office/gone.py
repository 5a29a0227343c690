"""Workflows that are missing although their case or batch is open: cancelled, terminated or deleted. Says what happened to one."""

from typing import Final, NamedTuple

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from office.away import ServerAway


class Ending(NamedTuple):
    """How a workflow ended, in Chinese and in English."""

    zh: str
    en: str


DELETED: Final = Ending("已被删除", "was deleted")
ENDINGS: Final = {
    WorkflowExecutionStatus.CANCELED: Ending("已被取消", "was cancelled"),
    WorkflowExecutionStatus.TERMINATED: Ending("已被终止", "was terminated"),
    WorkflowExecutionStatus.FAILED: Ending("已失败", "has failed"),
    WorkflowExecutionStatus.TIMED_OUT: Ending("已超时", "has timed out"),
    WorkflowExecutionStatus.COMPLETED: Ending("已提前结束", "has ended too early"),
}


class WorkflowGone(ServerAway):
    """A case or batch is open and nothing carries it any more. Not the command is wrong but the servers: so it is told as one away.

    Attributes:
        stream: The number of the case or batch.
        message: What happened and what to do, in Chinese.
        detail: The same in English.
    """

    def __init__(self, stream: str, ending: Ending) -> None:
        self.stream = stream
        self.message = f"{stream} 的流程{ending.zh},暂时不能办理;档案完好。请运维人员用 qingqian revive 恢复流程后再提交一次"
        self.detail = (
            f"the workflow of {stream} {ending.en}, so nothing can be done with it now; its record is whole. "
            "Have the operator bring it back by `qingqian revive`, then send it again"
        )
        super().__init__(f"{self.message} / {self.detail}")


async def described(client: Client, stream: str) -> WorkflowExecutionDescription | None:
    """The latest run of a case's or batch's workflow; None where Temporal knows of none."""
    try:
        return await client.get_workflow_handle(stream).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None


async def gone(client: Client, stream: str) -> ServerAway:
    """How the workflow of something that is still open came to an end; or, if one runs after all, that it was being replaced."""
    found = await described(client, stream)
    if found is None:
        return WorkflowGone(stream, DELETED)
    if found.status in ENDINGS:
        return WorkflowGone(stream, ENDINGS[found.status])
    return ServerAway(f"the workflow of {stream} was just replaced by another run; send the command again")
