"""Workflows that schedules start to send what is waiting: documents to offices, changes to programs, news to people."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.post.delivery import Dispatcher
    from activities.post.people import Teller
    from activities.post.subscribers import Subscribers
    from activities.requests import Delivered
    from workflows.commitment import LONG_ACTIVITY_OPTIONS


@workflow.defn
class DeliverPost:
    """One round of the outbox: sends every letter that is due."""

    @workflow.run
    async def run(self) -> Delivered:
        """Returns how many letters were sent, will be retried, or failed."""
        return await workflow.execute_activity_method(
            Dispatcher.deliver, workflow.now(), **LONG_ACTIVITY_OPTIONS
        )


@workflow.defn
class TellSubscribers:
    """One round of the subscriptions: posts new journal entries to the programs that subscribed."""

    @workflow.run
    async def run(self) -> int:
        """Tell them; returns how many messages were taken."""
        return await workflow.execute_activity_method(
            Subscribers.tell_subscribers, workflow.now(), **LONG_ACTIVITY_OPTIONS
        )


@workflow.defn
class TellPeople:
    """One round of messages to people who have left an address for news."""

    @workflow.run
    async def run(self) -> int:
        """Tell them; returns how many messages were taken."""
        return await workflow.execute_activity_method(
            Teller.tell_people, workflow.now(), **LONG_ACTIVITY_OPTIONS
        )
