"""A case with notices, and a post office."""

import base64
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from docx import Document as Docx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.post.delivery import Dispatcher
from activities.post.endpoints import Inbox
from activities.post.mail import Email, Patience
from activities.post.message import Endpoint
from activities.post.persistence import LETTERS, Persistence
from activities.post.webhook import Webhook
from activities.requests import Delivered
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, decide, fold, receive
from domain.commands import AnyCommand
from domain.duty import DutyKind
from domain.facts import NoticeIssued
from domain.rules import Channels
from domain.value import NoticeKind
from schema import post
from schema.tables import delivery
from tests.notices.receivers import Hook, Mailbox
from tests.stack import DISTRICT, RECEIVED_ON, RULES, receipt

CASE = "QQ-620105-2023-0001"
CITY = "620100"
NOW = business_instant(RECEIVED_ON, 9)
SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes at least").decode()
SENDER = "清欠办 <post@qingqian.example>"
PATIENCE = 2.0
"""Seconds that are longer than any answer takes here, on a machine with much else to do."""


def case_after(orders: Iterable[AnyCommand], **changes: Any) -> Case:
    """A case as orders leave it, all given on one day."""
    case = begin(CASE, receive(CASE, receipt(**changes), RULES, NOW))
    for order in orders:
        case = fold(case, decide(case, order, RULES, NOW))
    return case


def notice(kind: NoticeKind = NoticeKind.SUPERVISION, **changes: Any) -> NoticeIssued:
    """A notice about an instalment that is four days late."""
    fact = NoticeIssued(
        number=f"清欠督〔2023〕620105-2023-0001-{kind}号",
        notice=kind,
        office=DISTRICT,
        office_name="安宁区清欠办",
        addressee="安宁区环卫局",
        recipients=(DISTRICT, CITY),
        basis="保障中小企业款项支付条例(2025)第二十五条",
        reply_by=date(2023, 5, 8),
        deliver_at=NOW,
        duty=DutyKind.INSTALMENT,
        subject="2",
        opened_on=RECEIVED_ON,
        due_on=date(2023, 4, 24),
    )
    return fact.model_copy(update=changes)


def words(docx: bytes) -> str:
    """All the text of a document, tables included."""
    return "\n".join(text for text in Docx(io.BytesIO(docx)).element.itertext() if text)


class PostOffice:
    """The outbox of a database, and dispatchers that serve it."""

    def __init__(
        self,
        engine: AsyncEngine,
        hook: Hook,
        mailbox: Mailbox,
        folder: Path | None = None,
    ) -> None:
        self.engine, self.hook, self.mailbox, self.folder = engine, hook, mailbox, folder
        self.channels: dict[str, Channels] = {}
        self.endpoints: Mapping[post.Channel, Endpoint] = {}
        self.waits(30)

    def waits(self, patience: float = PATIENCE, answer: float | None = None) -> None:
        """So many seconds for an answer: long, unless somebody is to hang, for the machine may be slow.

        Args:
            answer: For a mail server to say what became of a mail; the same, unless given.
        """
        self.endpoints = {
            "inbox": Inbox(self.folder),
            "email": Email(self.mailbox.url, SENDER, Patience(patience, answer or patience)),
            "webhook": Webhook(SECRET, patience),
        }

    def dispatcher(self, persistence: Persistence = LETTERS) -> Dispatcher:
        """One that looks channels up here."""
        return Dispatcher(
            self.engine,
            lambda office: self.channels.get(office, Channels()),
            self.endpoints,
            persistence,
        )

    async def put(self, *refs: str, office: str = DISTRICT, at: datetime = NOW) -> None:
        """Put letters without documents into the outbox."""
        async with self.engine.begin() as connection:
            for ref in refs:
                await post.post(connection, ref, "report", office, f"关于 {ref}", f"正文 {ref}\n", at)

    async def deliver(self, as_of: datetime = NOW, persistence: Persistence = LETTERS) -> Delivered:
        """One round."""
        found = await ActivityEnvironment().run(self.dispatcher(persistence).deliver, as_of)
        assert isinstance(found, Delivered)
        return found

    async def states(self, channel: str) -> dict[str, tuple[str, int, str | None]]:
        """State, attempts and last error of each letter on a channel."""
        query = select(delivery).where(delivery.c.channel == channel).order_by(delivery.c.ref)
        async with self.engine.connect() as connection:
            return {
                row.ref: (row.state, row.attempts, row.last_error) for row in await connection.execute(query)
            }

    async def next_try(self, channel: str) -> datetime | None:
        """When the next letter on a channel is tried."""
        query = select(func.min(delivery.c.next_try_at)).where(delivery.c.channel == channel)
        async with self.engine.connect() as connection:
            found: datetime | None = (await connection.execute(query)).scalar_one()
        return found


def later(**after: int) -> datetime:
    """An instant after the first."""
    return NOW + timedelta(**after)
