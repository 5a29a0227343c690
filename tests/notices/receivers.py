"""Those who receive the post: a real mail server and a real web server on loopback, which fail, hang and come back."""

import asyncio
import json
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Mailbox:
    """A mail server.

    Attributes:
        answers: What it answers when it is told to whom a mail goes.
        verdicts: What it answers when it has a mail; a mail is noted before that.
        hanging: Whoever is told of one of these gets no answer, as whoever sends one of these commands.
        answering: The mails are answered once this is set.
        breaks_off: Instead of answering a mail, it closes the connection.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.verdicts: dict[str, str] = {}
        self.hanging: set[str] = set()
        self.answering = asyncio.Event()
        self.answering.set()
        self.breaks_off = False
        self.logins: list[tuple[str, bool]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def login(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        """Note who logs in, and whether that is under STARTTLS."""
        self.logins.append((data.login.decode(), session.ssl is not None))
        return AuthResult(success=data.password == b"secret", handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.hanging:
            await asyncio.Event().wait()
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "QUIT" in self.hanging:
            await asyncio.Event().wait()
        return "221 Bye"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.raw.append(envelope.content)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        if self.breaks_off:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        await self.answering.wait()
        return self.verdicts.get(envelope.rcpt_tos[0], "250 OK")


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None, **settings: Any) -> AsyncIterator[Mailbox]:
    """A mail server on a port of its own, which speaks TLS from the beginning if it is given `tls`."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    if settings.pop("knows_people", False):
        settings |= {"authenticator": mailbox.login, "auth_required": True}

    def session() -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # it would rather have people log in under TLS only
            return SMTP(mailbox, hostname="localhost", loop=loop, **settings)

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()


class Hook:
    """A web server. A request is noted before it is answered.

    Attributes:
        status: What paths are answered; any other with 204.
        first: What paths are answered before that, one after another.
        meanwhile: What happens at a path between a request and its answer, once.
        hanging: Paths that get no answer.
        breaking: Paths at which the connection breaks off instead.
        elsewhere: Where paths are redirected to.
        endless: Paths whose answer never ends; `poured` are the bytes of it that went out.
        said: What the answers of paths say.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.status: dict[str, int] = {}
        self.first: dict[str, list[int]] = {}
        self.meanwhile: dict[str, Callable[[], Awaitable[object]]] = {}
        self.hanging: set[str] = set()
        self.breaking: set[str] = set()
        self.elsewhere: dict[str, str] = {}
        self.endless: set[str] = set()
        self.poured = 0
        self.said: dict[str, bytes] = {}
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Any]:
        """What was posted to a path."""
        return [json.loads(body) for where, _, body in self.requests if where == path]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = head[0].split()[1]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers["content-length"]))
            self.requests.append((path, headers, body))
            if happens := self.meanwhile.pop(path, None):
                await happens()
            if path in self.hanging:
                await reader.read()
                return
            if path in self.breaking:
                return
            where = f"Location: {self.elsewhere[path]}\r\n" if path in self.elsewhere else ""
            first = self.first.get(path)
            status = first.pop(0) if first else self.status.get(path, 200 if path in self.said else 204)
            head_of_answer = f"HTTP/1.1 {status} -\r\n{where}"
            if path in self.endless:
                writer.write(f"{head_of_answer}Transfer-Encoding: chunked\r\n\r\n".encode())
                await self._pour(writer)
            said = self.said.get(path, b"")
            writer.write(f"{head_of_answer}Content-Length: {len(said)}\r\n\r\n".encode() + said)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _pour(self, writer: asyncio.StreamWriter) -> None:
        part = b"x" * 65_536
        while True:
            writer.write(b"10000\r\n" + part + b"\r\n")
            await writer.drain()
            self.poured += len(part)


@asynccontextmanager
async def web_server() -> AsyncIterator[Hook]:
    """A web server on a port of its own."""
    hook = Hook()
    server = await asyncio.start_server(hook.answer, "127.0.0.1", 0)
    hook.port = server.sockets[0].getsockname()[1]
    try:
        yield hook
    finally:
        server.close()
