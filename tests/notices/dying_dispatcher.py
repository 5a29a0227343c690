"""A worker that is to be killed while it sends: `python -m tests.notices.dying_dispatcher DATABASE_URL SMTP_URL MAIL`."""

import asyncio
import sys

from temporalio.testing import ActivityEnvironment

from activities.post.delivery import Dispatcher
from activities.post.endpoints import Inbox, Unset
from activities.post.mail import Email
from activities.post.message import Endpoint
from domain.rules import Channels
from runtime.connect import connect_database
from schema.post import Channel
from tests.notices.paperwork import NOW, SENDER


async def main(url: str, server: str, address: str) -> None:
    async with connect_database(url) as engine:
        endpoints: dict[Channel, Endpoint] = {
            "inbox": Inbox(),
            "email": Email(server, SENDER),
            "webhook": Unset(""),
        }
        dispatcher = Dispatcher(engine, lambda _: Channels(email=(address,)), endpoints)
        await ActivityEnvironment().run(dispatcher.deliver, NOW)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
