"""Delivering the post, in office hours, and telling programs and people what is new, at any hour: what schedules start."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.post.delivery import Dispatcher
    from activities.post.people import Teller
    from activities.post.subscribers import Subscribers
    from activities.requests import Delivered
    from workflows.commitment import AT_LENGTH


@workflow.defn
class DeliverPost:
    """One round: everything whose hour has come is sent."""

    @workflow.run
    async def run(self) -> Delivered:
        """Send it; the counts say what became of it."""
        return await workflow.execute_activity_method(Dispatcher.deliver, workflow.now(), **AT_LENGTH)


@workflow.defn
class TellSubscribers:
    """One round: every program that has subscribed is told what is new."""

    @workflow.run
    async def run(self) -> int:
        """Tell them; returns how many messages were taken."""
        return await workflow.execute_activity_method(
            Subscribers.tell_subscribers, workflow.now(), **AT_LENGTH
        )


@workflow.defn
class TellPeople:
    """One round: people are told what is new, where they have left an address."""

    @workflow.run
    async def run(self) -> int:
        """Tell them; returns how many messages were taken."""
        return await workflow.execute_activity_method(Teller.tell_people, workflow.now(), **AT_LENGTH)
