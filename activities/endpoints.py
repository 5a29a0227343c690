"""The ends of the channels: a folder, a mail server, a web address. What fails is told without naming an address."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import aiosmtplib
import httpx

from activities.delivery import Message, Undelivered
from schema.post import file_name

PATIENCE: Final = 10.0
"""Seconds that an endpoint is given for one message."""

_DOCX: Final = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


class Unset(NamedTuple):
    """Stands for an endpoint whose setting is missing."""

    setting: str

    async def send(self, message: Message) -> None:
        """Never."""
        raise Undelivered(f"未设置 {self.setting} is not set", is_away=True)


class Inbox:
    """What is sent to an office's inbox is there, in the record; with a folder it also lies there, as a file for each letter."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    async def send(self, message: Message) -> None:
        """Write the files; those that are there already are written again."""
        if self._folder is None:
            return
        folder = self._folder / message.address
        for letter in message.letters:
            docx = await message.docx_of(letter.ref)
            name = file_name(letter.ref, "txt" if docx is None else "docx")
            content = letter.body.encode() if docx is None else docx
            try:
                await asyncio.to_thread(_write, folder / name, content)
            except OSError as error:
                raise Undelivered(f"无法写入收件箱 cannot write: {error.strerror}", is_away=True) from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


class Webhook:
    """Posts a message as JSON: `{id, subject, text, letters: [{ref, kind, office, subject, text, docx}]}`, `docx` in base64.

    Header `X-Qingqian-Signature: sha256=…` is the HMAC of the body with a secret that both sides know, and `Idempotency-Key` the
    message's name. Any 2xx answer means that it has arrived.
    """

    def __init__(self, secret: str, patience: float = PATIENCE) -> None:
        self._secret = secret.encode()
        self._patience = patience

    async def send(self, message: Message) -> None:
        """Post it."""
        documents = await message.documents()
        letters = [
            {
                "ref": letter.ref,
                "kind": letter.kind,
                "office": letter.office,
                "subject": letter.subject,
                "text": letter.body,
                "docx": base64.b64encode(docx).decode() if (docx := documents.get(letter.ref)) else None,
            }
            for letter in message.letters
        ]
        told = {"id": message.id, "subject": message.subject, "text": message.text, "letters": letters}
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            "X-Qingqian-Signature": f"sha256={hmac.new(self._secret, body, hashlib.sha256).hexdigest()}",
        }
        async with _in_time(self._patience), httpx.AsyncClient(verify=self._tls, timeout=None) as client:
            answer = await client.post(message.address, content=body, headers=headers)
        if not answer.is_success:
            raise Undelivered(f"HTTP {answer.status_code}")

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """The authorities that are trusted, read once: that takes a while."""
        return httpx.create_ssl_context()


class Email:
    """Sends a message by a mail server.

    Args:
        server: `smtp://user:pass@host:port`, where TLS is used if the server offers it, or `smtps://…`.
        sender: Who it is from.

    Raises:
        ValueError: They are not written like that.
    """

    def __init__(self, server: str, sender: str, patience: float = PATIENCE) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("write the server like smtp://user:pass@host:port or smtps://host")
        self._host, self._port, self._tls = parts.hostname, parts.port, parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender
        _, is_address, self._domain = parseaddr(sender)[1].rpartition("@")
        if not is_address:
            raise ValueError("write the sender like 清欠办 <name@host>")
        self._patience = patience

    async def send(self, message: Message) -> None:
        """Hand it to the mail server."""
        documents = await message.documents()
        async with _in_time(self._patience):
            mail = EmailMessage()
            mail["From"], mail["To"] = self._sender, message.address
            mail["Subject"] = " ".join(message.subject.split())
            mail["Message-ID"] = f"<{message.id}@{self._domain}>"
            mail["Date"], mail["Auto-Submitted"] = formatdate(), "auto-generated"
            mail.set_content(message.text)
            for ref, docx in documents.items():
                mail.add_attachment(docx, *_DOCX, filename=file_name(ref, "docx"))
            await aiosmtplib.send(
                mail,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                timeout=self._patience,
            )


@asynccontextmanager
async def _in_time(patience: float) -> AsyncIterator[None]:
    """Whatever goes wrong outside within the block is `Undelivered`: the reasons of libraries may name addresses."""
    try:
        async with asyncio.timeout(patience):
            yield
    except (TimeoutError, httpx.TimeoutException, aiosmtplib.SMTPTimeoutError) as error:
        raise Undelivered(f"{patience:g} 秒内无应答 no answer in time", is_away=True) from error
    except (httpx.TransportError, aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected) as error:
        raise Undelivered(f"无法连接 no connection ({type(error).__name__})", is_away=True) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise Undelivered(f"SMTP {error.recipients[0].code}: 收件人被拒 recipient refused") from error
    except aiosmtplib.SMTPResponseException as error:
        raise Undelivered(f"SMTP {error.code}") from error
    except (httpx.HTTPError, httpx.InvalidURL, aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise Undelivered(f"无法发送 cannot be sent ({type(error).__name__})") from error
