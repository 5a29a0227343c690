"""Reducing the memory that a worker needs for each cached workflow.

For as long as a workflow is cached, the SDK refers to two small parts of the message that brought its first task: what the run before
it has left, and the headers it was started with. Protobuf keeps the whole message for either, and a case's opening, with its rules, is
in it twice: half of what an open case costs in memory (`benchmarks/`). So both are replaced by copies.
"""

from dataclasses import replace
from typing import Any

from temporalio.api.common.v1 import Payload, Payloads
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowInterceptorClassInput,
)


class LeanRunner(UnsandboxedWorkflowRunner):
    """Runs workflows without a sandbox; each has a copy of what the run before it has left."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A workflow whose first task has come."""
        left = Payloads()
        left.CopyFrom(det.last_completion_result)
        return super().create_instance(replace(det, last_completion_result=left))


class _CopiedHeaders(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
        input.headers = {name: _copied(header) for name, header in input.headers.items()}
        return await super().execute_workflow(input)


def _copied(header: Payload) -> Payload:
    copied = Payload()
    copied.CopyFrom(header)
    return copied


class CopyHeaders(Interceptor):
    """Has each workflow keep a copy of the headers it was started with."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """For every workflow the same."""
        return _CopiedHeaders
