"""Connections that cost the window something: how long they may take over what they send, and how many there are.

uvicorn waits for a request, its body and a reader for as long as they take. Here a head has `HEAD_WITHIN` seconds, a body as long as
a slow line needs, and an answer that nobody reads is given up; where there are too many connections, the one that has waited longest
without a request goes first. Whoever only connects keeps nobody out.
"""

import asyncio
import resource
import socket
import time
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 2000
"""Connections of one process."""

HEAD_WITHIN: Final = 10.0
"""Seconds for a request line and its headers, from the beginning of the connection or the end of the answer before."""

BODY_WITHIN, BODY_RATE = 20.0, 16 * 1024
"""Seconds for a body, and one more for so many bytes of it."""

READ_WITHIN: Final = 60.0
"""Seconds in which something is read of an answer that waits to be."""

LINGERS: Final = 2.0
"""Seconds in which a body that nobody wants may come to its end after the answer."""


TOO_LATE: Final = (
    "请求超时,没有办理,请重新提交 the request took too long, and nothing was done: send it again\n".encode()
)
_CLOSES: Final = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(TOO_LATE)).encode()),
    (b"connection", b"close"),
]


def allow_connections() -> None:
    """Let this process hold so many: many systems begin with files for a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class PatientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with an end to its patience."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waits_since: float | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where there are too many, somebody goes."""
        super().connection_made(transport)
        connected = transport.get_extra_info("socket")
        if connected.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(READ_WITHIN * 1000))
        self._await_head()
        if len(self.connections) > MOST:
            self._make_room()

    def _make_room(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, PatientProtocol) and one.waits_since]
        longest = min(waiting, key=lambda one: one.waits_since or 0, default=self)
        self.connections.discard(longest)
        longest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what has come in, and wait for what is still to come."""
        request = self.scope
        super().data_received(data)
        self._received += len(data)
        if self.scope is not request:
            self._stop()
        self._expect()

    def on_response_complete(self) -> None:
        """Wait for the next request, and not for ever for the end of this one."""
        self._stop()
        super().on_response_complete()
        self._expect()

    def _expect(self) -> None:
        """Wait for the rest of a head, the rest of a body, or for nothing."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop()
        elif self._deadline is not None or self.transport.is_closing():
            return
        elif self.conn.their_state is h11.IDLE:
            self._await_head()
        elif self.cycle.response_complete:
            self._deadline = self.loop.call_later(LINGERS, self.transport.abort)
        else:
            self._await_body()

    def _await_head(self) -> None:
        self.waits_since = time.monotonic()
        self._deadline = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _await_body(self) -> None:
        self._received = 0
        self._deadline = self.loop.call_later(BODY_WITHIN, self._look_at_body, time.monotonic())

    def _look_at_body(self, began: float) -> None:
        """Give up on a body that comes too slowly, unless it is us who keep it waiting."""
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._await_body()
            return
        left = began + BODY_WITHIN + self._received / BODY_RATE - time.monotonic()
        if left <= 0:
            self._give_up()
        else:
            self._deadline = self.loop.call_later(left, self._look_at_body, began)

    def _give_up(self) -> None:
        """Say that it took too long, where that can still be said, and close."""
        self._stop()
        if self.transport.is_closing():
            return
        has_body = self.conn.their_state is h11.SEND_BODY
        if (has_body and not self.cycle.response_started) or (not has_body and self._received):
            if has_body:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            late = h11.Response(status_code=408, headers=_CLOSES, reason=b"Request Timeout")
            for part in (late, h11.Data(data=TOO_LATE), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
            self.transport.close()
        else:
            self.transport.abort()

    def _stop(self) -> None:
        self.waits_since = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def pause_writing(self) -> None:
        """Wait for whoever does not read."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: somebody reads."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        self._stop()
        super().connection_lost(exc)
        if self._unread is not None:
            self._unread.cancel()
