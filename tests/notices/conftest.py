"""The post office of a test, with receivers of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.notices.paperwork import PostOffice
from tests.notices.receivers import mail_server, web_server


@pytest.fixture
async def office(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[PostOffice]:
    """An outbox, a mail server, a web server, and a folder for inboxes."""
    async with web_server() as hook, mail_server() as mailbox:
        yield PostOffice(engine, hook, mailbox, tmp_path / "notices")
