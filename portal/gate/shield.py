"""The outermost middleware: security headers, limits on requests, no forms from other sites, and no tracebacks."""

import traceback
from typing import Final

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.gate.uploads import LONGEST_UPLOAD, declared
from portal.problems import Forbidden, Problem, answer

log = structlog.get_logger(__name__)

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SECURE: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""The header that is sent only if browsers use https."""

LONGEST: Final = 2**20
"""The largest form or command, in bytes."""

LONGEST_PATH, LONGEST_QUERY = 2048, 8192
MOST_HEADERS, LONGEST_HEADERS = 100, 16 * 1024
"""The most headers of a request, and the most bytes of its address and headers. The server itself rejects much longer ones."""

FILES: Final = ("/desk/import", "/attachments")
"""The ends of the addresses that accept files. Their limit is in `portal.gate.uploads`, which explains it on the page; a body of more
than twice the limit is rejected here.
"""

_HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Shield:
    """Wraps the whole application. It passes messages on as they come, so that streams remain streams."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.headers = HEADERS | (SECURE if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def shielded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                self._add_headers(message, scope["path"])
            await send(message)

        try:
            if problem := _refused(scope):
                await answer(Request(scope, receive), problem)(scope, receive, shielded)
            else:
                await self.app(scope, _limited(scope, receive), shielded)
        except ClientDisconnect:
            return
        except Exception as error:
            _note(scope["path"], error)
            if has_begun:
                raise
            problem = Problem(500, "系统出错,已记录", "something went wrong here; it has been noted")
            await answer(Request(scope, receive), problem)(scope, receive, shielded)

    def _add_headers(self, message: Message, path: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if not path.startswith("/static"):
            headers.setdefault("Cache-Control", "no-store")


def _refused(scope: Scope) -> Problem | None:
    """The reason to reject a request unread; None if there is none."""
    if problem := _too_long(scope):
        return problem
    headers = Headers(scope=scope)
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return Problem(422, "地址有误", "no address contains the character NUL", {"code": "malformed"})
    if scope["method"] not in _HARMLESS and headers.get("sec-fetch-site") == "cross-site":
        return Forbidden("不接受来自其他网站的提交", "this was sent by a page of another site")
    if declared(headers.get("content-length", "0")) > _longest(scope):
        return Problem(413, "提交的内容过大", "the request is too large")
    return None


def _too_long(scope: Scope) -> Problem | None:
    """Whether the address or the headers are longer than any that our pages and programs send."""
    if len(scope["path"].encode("utf-8", "replace")) > LONGEST_PATH:
        return Problem(414, "地址过长", "the address is too long")
    if len(scope["query_string"]) > LONGEST_QUERY:
        return Problem(414, "地址过长", "the query string is too long")
    headers = scope["headers"]
    if (
        len(headers) > MOST_HEADERS
        or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEADERS
    ):
        return Problem(431, "请求头过大", "the headers are too many or too long")
    return None


def _limited(scope: Scope, receive: Receive) -> Receive:
    """The body, cut off with an error beyond the limit, even if its length was not declared."""
    received, longest = 0, _longest(scope)

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > longest:
            raise HTTPException(413, "the request is too large")
        return message

    return limited


def _longest(scope: Scope) -> int:
    takes_files = scope["method"] == "POST" and scope["path"].endswith(FILES)
    return LONGEST_UPLOAD if takes_files else LONGEST


def _note(path: str, error: Exception) -> None:
    """Log a defect by its type and place. Its message is left out, because it may contain what somebody wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error("defect", path=path, error=type(error).__name__, at=f"{frame.filename}:{frame.lineno}")
