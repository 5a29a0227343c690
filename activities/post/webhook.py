"""Web addresses that messages are posted to, signed as Standard Webhooks has it (standardwebhooks.com)."""

import base64
import binascii
import json
import ssl
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import httpx
from standardwebhooks import Webhook as Signer

from activities.post.message import HandOver, Message, Undelivered
from activities.post.silence import in_time

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)
_GONE: Final = 410


class Webhook:
    """Posts a message as JSON: `{id, subject, text, letters: [{ref, kind, office, subject, text, docx}]}`, `docx` in base64.

    Any 2xx answer means that it has arrived, 410 that nobody wants it there; of neither more than the head is read. A redirection is
    not followed: where the post goes is for the rule pack to say.

    Args:
        secret: `whsec_` and 24 to 64 bytes in base64, which both sides know.
        patience: Seconds that one attempt takes at the most; `connecting` of them may go by until there is a connection.

    Raises:
        ValueError: The secret is not written like that.
    """

    knows_doubles = True

    def __init__(self, secret: str, patience: float = 30.0, connecting: float = 10.0) -> None:
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
            raise ValueError("write the secret as whsec_ and 24 to 64 random bytes in base64")
        self._signer = Signer(secret)
        self.longest = patience
        self._timeout = httpx.Timeout(patience, connect=min(connecting, patience))

    def server(self, address: str) -> str:
        """Each address is its own."""
        return address

    async def send(self, message: Message, hand_over: HandOver) -> None:
        """Post it."""
        await self.post(message.address, message.id, await _written(message), hand_over)

    async def post(
        self, address: str, name: str, body: str, hand_over: HandOver | None = None, *, read: int = 0
    ) -> bytes:
        """Post a body of JSON under a name that its receiver knows it by; returns so many bytes of the answer at most.

        Raises:
            Undelivered: It has not been accepted, as far as is known.
        """
        at = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(name, at, body),
        }

        async def follow(step: str, _: Any) -> None:
            if hand_over is not None and step.endswith("send_request_headers.started"):
                await hand_over()

        async with (
            in_time(self.longest),
            httpx.AsyncClient(verify=self._trusted, timeout=self._timeout) as client,
            client.stream(
                "POST",
                address,
                content=body.encode(),
                headers=headers,
                follow_redirects=False,
                extensions={"trace": follow},
            ) as answer,
        ):
            status, said = answer.status_code, await _beginning(answer, read)
        if not httpx.codes.is_success(status):
            raise Undelivered(f"HTTP {status}", "never" if status == _GONE else "later", f"http_{status}")
        return said

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities that are trusted, or those of `SSL_CERT_FILE`; read once: that takes a while."""
        return httpx.create_ssl_context()


async def _beginning(answer: httpx.Response, most: int) -> bytes:
    """What an answer says first. No more is waited for: some never end."""
    said = b""
    if most:
        async for part in answer.aiter_bytes():
            said += part
            if len(said) >= most:
                break
    return said[:most]


async def _written(message: Message) -> str:
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
    return json.dumps(told, ensure_ascii=False)
