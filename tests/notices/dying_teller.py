"""A worker that is to be killed while it tells somebody something: `python -m tests.notices.dying_teller DATABASE_URL SMTP_URL AT`."""

import asyncio
import sys
from datetime import datetime

from temporalio.testing import ActivityEnvironment

from runtime.connect import connect_database
from runtime.settings import Settings
from runtime.telling import teller
from tests.notices.paperwork import SENDER


async def main(url: str, server: str, at: str) -> None:
    async with connect_database(url) as engine:
        there = teller(engine, Settings(smtp_url=server, mail_from=SENDER))
        await ActivityEnvironment().run(there.tell_people, datetime.fromisoformat(at))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
