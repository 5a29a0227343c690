"""Delivering the post: what a schedule starts, in office hours."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.post.delivery import Dispatcher
    from activities.requests import Delivered
    from workflows.commitment import AT_LENGTH


@workflow.defn
class DeliverPost:
    """One round: everything whose hour has come is sent."""

    @workflow.run
    async def run(self) -> Delivered:
        """Send it; the counts say what became of it."""
        return await workflow.execute_activity_method(Dispatcher.deliver, workflow.now(), **AT_LENGTH)
