"""Limits on connections: their number, and how long each may take.

uvicorn waits without limit for a request, its body and its reader. Here a head must arrive within `HEAD_WITHIN`, a body at the pace of
a slow line, and an answer that is not read is dropped. With too many connections, the one that has been idle the longest is closed, so
that idle clients keep nobody out.
"""

import asyncio
import resource
import socket
import time
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 2000
"""The most connections of one process."""

HEAD_WITHIN: Final = 10.0
"""The seconds for a request line and its headers, counted from the start of the connection or the end of the previous answer."""

BODY_WITHIN, BODY_RATE = 20.0, 16 * 1024
"""The seconds for a body, and the bytes that each further second has to bring."""

READ_WITHIN: Final = 60.0
"""The seconds within which the client must read some of a pending answer."""

LINGERS: Final = 2.0
"""The seconds for a rejected body to end after the answer."""


TOO_LATE: Final = (
    "请求超时,没有办理,请重新提交 the request took too long, and nothing was done: send it again\n".encode()
)
_CLOSES: Final = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(TOO_LATE)).encode()),
    (b"connection", b"close"),
]


def allow_connections() -> None:
    """Raise the process's limit on open files, which on many systems is about a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol with time limits."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waits_since: float | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for a request. With too many connections, close the longest idle one."""
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
        """Handle received data, and reset the timer."""
        request = self.scope
        super().data_received(data)
        self._received += len(data)
        if self.scope is not request:
            self._stop()
        self._expect()

    def on_response_complete(self) -> None:
        """Start waiting for the next request, and limit the wait for the rest of this one."""
        self._stop()
        super().on_response_complete()
        self._expect()

    def _expect(self) -> None:
        """Start the timer for the rest of a head or of a body, if either is awaited."""
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
        """Close if a body arrives too slowly, unless it is us who have paused reading."""
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._await_body()
            return
        left = began + BODY_WITHIN + self._received / BODY_RATE - time.monotonic()
        if left <= 0:
            self._give_up()
        else:
            self._deadline = self.loop.call_later(left, self._look_at_body, began)

    def _give_up(self) -> None:
        """Answer that the request timed out if that is still possible, and close."""
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
        """Start the timer for a client that does not read."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the timer: the client reads again."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers."""
        self._stop()
        super().connection_lost(exc)
        if self._unread is not None:
            self._unread.cancel()
