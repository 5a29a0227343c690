"""Mail, as RFC 5321 wants it sent: what a server may have taken is not sent to it again."""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formataddr, formatdate, parseaddr
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import aiosmtplib

from activities.post.message import HandOver, Message, Undelivered
from activities.post.silence import in_time
from domain.names.addresses import ascii_host, mail_address
from schema.post import file_name

_DOCX: Final = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
_ABOUT_THE_LOGIN: Final = (530, 534, 535, 538)
_PARTING: Final = 2.0


class Patience(NamedTuple):
    """How many seconds a mail server is given.

    Attributes:
        before: Until it asks for the mail. Nothing has been sent by then, so giving up costs nothing.
        answer: From there until it says what it has done with the mail. RFC 5321 §4.5.3.2.6 asks for ten minutes: whoever gives up
            earlier, and sends again, makes doubles of what was accepted.
    """

    before: float = 60.0
    answer: float = 600.0


class Email:
    """Sends a message by a mail server, whose certificate is verified wherever there is TLS.

    Args:
        server: `smtp://user:pass@host:port`, where TLS is used if the server offers it, or `smtps://…`.
        sender: Who it is from.
        plain_login: The host to which user and password may be sent without TLS.

    Raises:
        ValueError: They are not written like that.
    """

    knows_doubles = False

    def __init__(
        self, server: str, sender: str, patience: Patience = Patience(), plain_login: str | None = None
    ) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("write the server like smtp://user:pass@host:port or smtps://host")
        self._host, self._port, self._tls = ascii_host(parts.hostname), parts.port, parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._may_be_plain = self._user is None or (plain_login or "").lower() == parts.hostname
        name, address = parseaddr(sender)
        try:
            self._sender = mail_address(address)
            self._from = str(_headed("From", formataddr((name, self._sender), "utf-8"))["From"])
        except ValueError as error:
            raise ValueError("write the sender like 清欠办 <name@host>") from error
        self._patience = patience

    @property
    def longest(self) -> float:
        """Both patiences, and saying goodbye."""
        return self._patience.before + self._patience.answer + _PARTING

    def server(self, address: str) -> str:
        """The mail server, for all addresses."""
        return self._host

    async def send(self, message: Message, hand_over: HandOver) -> None:
        """Hand it to the mail server, which then answers for it."""
        needs_utf8 = not message.address.isascii()
        mail = await self._written(message)
        content = mail.as_bytes(policy=SMTPUTF8 if needs_utf8 else SMTP)
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            start_tls=False,
            timeout=None,
            tls_context=self._trusted,
        )
        try:
            async with in_time(self._patience.before):
                await self._greet(client)
                await self._address(client, message.address, needs_utf8)
            await hand_over()
            async with in_time(self._patience.answer):
                await _transmit(client, content)
            with suppress(Undelivered):  # what becomes of the connection now is nothing to the mail
                async with in_time(_PARTING):
                    await client.quit()
        finally:
            client.close()

    async def _written(self, message: Message) -> EmailMessage:
        """The mail: its Message-ID is the message's own for ever, by which a reader's program may tell a double."""
        mail = _headed("From", self._from)
        mail["To"] = message.address
        mail["Subject"] = " ".join("".join(c if c.isprintable() else " " for c in message.subject).split())
        mail["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        mail["Date"], mail["Auto-Submitted"] = formatdate(), "auto-generated"
        mail.set_content(message.text, cte="base64")
        for ref, docx in (await message.documents()).items():
            mail.add_attachment(docx, *_DOCX, filename=file_name(ref, "docx"))
        return mail

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        """Connect, with TLS, and log in. A refusal here is about this stack, not about a letter, and may be set right."""
        try:
            await client.connect()
            await client.ehlo()
            if not self._tls and client.supports_extension("starttls"):
                await client.starttls()
                await client.ehlo()
            if self._user is None:
                return
            if client.get_transport_info("sslcontext") is None and not self._may_be_plain:
                raise Undelivered("服务器不支持 TLS,不发送口令 the server offers no TLS: no password is sent")
            await client.login(self._user, self._password)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise Undelivered(f"SMTP {error.code}: 登录被拒 login refused", "later") from error
        except aiosmtplib.SMTPResponseException as error:
            raise Undelivered(
                f"SMTP {error.code}: 服务器拒绝连接 the server refuses to talk", "later"
            ) from error

    async def _address(self, client: aiosmtplib.SMTP, recipient: str, needs_utf8: bool) -> None:
        """Say from whom and to whom it is, until the server asks for the mail itself."""
        if needs_utf8 and not client.supports_extension("smtputf8"):
            reason = "地址含非 ASCII 字符,邮件服务器不支持 SMTPUTF8 the server takes ASCII addresses only"
            raise Undelivered(reason, "never")
        options = ["SMTPUTF8"] if needs_utf8 else []
        encoding = "utf-8" if needs_utf8 else "ascii"
        try:
            await client.mail(self._sender, options=options, encoding=encoding)
            await client.rcpt(recipient, encoding=encoding)
            asked = await client.execute_command(b"DATA")
        except aiosmtplib.SMTPSenderRefused as error:
            raise _refused(error.code, "发件人被拒 sender refused") from error
        except aiosmtplib.SMTPRecipientRefused as error:
            raise _refused(error.code, "收件人被拒 recipient refused") from error
        if asked.code != aiosmtplib.SMTPStatus.start_input:
            raise _refused(asked.code, "邮件被拒 mail refused")

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities that are trusted: the system's, or those of `SSL_CERT_FILE`."""
        return ssl.create_default_context()


async def _transmit(client: aiosmtplib.SMTP, content: bytes) -> None:
    """Send the mail to its final dot, and hear what has become of it. The library's own `data` asks and sends in one."""
    if client.protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("")
    stuffed = b"".join(b"." + line if line.startswith(b".") else line for line in content.splitlines(True))
    client.protocol.write(stuffed + b".\r\n")
    answer = await client.protocol.read_response()
    if not 200 <= answer.code < 300:
        raise _refused(answer.code, "邮件被拒 mail refused")


def _headed(name: str, value: str) -> EmailMessage:
    mail = EmailMessage()
    mail[name] = value
    return mail


def _refused(code: int, what: str) -> Undelivered:
    """A reply of the 500s is about this letter and for good; one of the 400s asks to come back; anything else is no answer."""
    if code in _ABOUT_THE_LOGIN or 400 <= code < 500:
        return Undelivered(f"SMTP {code}: {what}", "later")
    return Undelivered(f"SMTP {code}: {what}", "never" if 500 <= code < 600 else None)
