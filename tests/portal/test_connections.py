"""Connections that take too long, over real sockets: heads, bodies and readers that never come to an end, and too many of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, StreamingResponse

from portal.gate import connections
from tests.portal.visits import listening

MANY = 60
HEAD = b"GET /healthz HTTP/1.1\r\nHost: window.test\r\n"
BODY = b"POST /body HTTP/1.1\r\nHost: window.test\r\nContent-Length: 100000\r\n\r\n"


class Small:
    """A window with nothing behind it: it takes a body, and gives an answer without end."""

    def __init__(self) -> None:
        self.app, self.url = FastAPI(), ""
        self.given_up = asyncio.Event()
        self._opened: list[asyncio.StreamWriter] = []
        self.app.add_api_route("/healthz", self.healthz)
        self.app.add_api_route("/body", self.body, methods=["POST"])
        self.app.add_api_route("/endless", self.endless)

    async def healthz(self) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def body(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def endless(self) -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield bytes(2**16)
                    await asyncio.sleep(0)
            finally:
                self.given_up.set()

        return StreamingResponse(chunks())

    async def opens(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that has sent nothing yet."""
        _, _, port = self.url.rpartition(":")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        self._opened.append(writer)
        return reader, writer

    async def close(self) -> None:
        """Close whatever was opened."""
        for writer in self._opened:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._opened), return_exceptions=True)

    async def answers(self) -> bool:
        """Whether somebody who asks is answered."""
        async with httpx.AsyncClient(base_url=self.url, timeout=10) as client:
            return (await client.get("/healthz")).text == "ok"


@pytest.fixture
async def small(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Small]:
    """A small window whose patience is short."""
    for name in ("HEAD_WITHIN", "BODY_WITHIN", "READ_WITHIN", "LINGERS"):
        monkeypatch.setattr(connections, name, 1.0)
    made = Small()
    async with listening(made.app) as url:
        made.url = url
        try:
            yield made
        finally:
            await made.close()


@asynccontextmanager
async def dripping(writer: asyncio.StreamWriter, part: bytes, every: float = 0.1) -> AsyncIterator[None]:
    """While somebody sends a little of something again and again."""

    async def drip() -> None:
        while not writer.is_closing():
            writer.write(part)
            await asyncio.sleep(every)

    task = asyncio.create_task(drip())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def is_over(reader: asyncio.StreamReader, within: float = 10.0) -> bytes:
    """What is said until the other side closes; a reset is an end as well."""
    said = b""
    async with asyncio.timeout(within):
        while True:
            try:
                part = await reader.read(2**16)
            except ConnectionResetError:
                return said
            if not part:
                return said
            said += part


async def test_many_connections_that_never_finish_a_head_are_let_go_while_others_are_answered(
    small: Small,
) -> None:
    held = [await small.opens() for _ in range(MANY)]
    for number, (_, writer) in enumerate(held):
        writer.write((b"", b"G", HEAD)[number % 3])
    assert await small.answers()
    for reader, _ in held:
        await is_over(reader)
    assert await small.answers()


async def test_a_head_that_comes_byte_by_byte_is_answered_with_408(small: Small) -> None:
    reader, writer = await small.opens()
    writer.write(HEAD)
    async with dripping(writer, b"X"):
        assert (await is_over(reader)).startswith(b"HTTP/1.1 408 ")


async def test_the_next_head_on_a_connection_has_no_more_time_than_the_first(small: Small) -> None:
    reader, writer = await small.opens()
    writer.write(HEAD + b"\r\n")
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
    writer.write(HEAD)
    async with dripping(writer, b"X"):
        assert (await is_over(reader)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_comes_byte_by_byte_is_answered_with_408(small: Small) -> None:
    reader, writer = await small.opens()
    writer.write(BODY)
    async with dripping(writer, b"x"):
        assert (await is_over(reader)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_on_a_slow_line_comes_through_though_it_takes_longer(small: Small) -> None:
    reader, writer = await small.opens()
    begun = perf_counter()
    writer.write(BODY)
    for _ in range(20):
        writer.write(bytes(5000))
        await asyncio.sleep(0.1)
    assert perf_counter() - begun > connections.BODY_WITHIN
    assert (await asyncio.wait_for(reader.readuntil(b"100000"), 10)).startswith(b"HTTP/1.1 200 ")


async def test_an_answer_that_nobody_reads_is_given_up(small: Small) -> None:
    _, writer = await small.opens()
    writer.write(b"GET /endless HTTP/1.1\r\nHost: window.test\r\n\r\n")
    await asyncio.wait_for(small.given_up.wait(), 20)


async def test_a_body_that_nobody_wants_is_not_read_for_ever(small: Small) -> None:
    reader, writer = await small.opens()
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    async with dripping(writer, b"4000\r\n" + bytes(0x4000) + b"\r\n", every=0.01):
        assert (await is_over(reader)).startswith(b"HTTP/1.1 200 ")


async def test_requests_that_follow_each_other_closely_are_all_answered(small: Small) -> None:
    reader, writer = await small.opens()
    posted = b"POST /body HTTP/1.1\r\nHost: window.test\r\nContent-Length: 3\r\n\r\nabc"
    writer.write(HEAD + b"\r\n" + posted + HEAD + b"\r\n" + posted[:-1])
    await asyncio.sleep(0.3)
    writer.write(b"c" + HEAD + b"Connection: close\r\n\r\n")
    assert (await is_over(reader)).count(b"HTTP/1.1 200 ") == 5


async def test_where_there_are_too_many_connections_those_that_wait_longest_go_and_no_request_does(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 10)
    monkeypatch.setattr(connections, "HEAD_WITHIN", 60.0)
    monkeypatch.setattr(connections, "BODY_WITHIN", 60.0)
    busy_reader, busy = await small.opens()
    busy.write(BODY)
    await asyncio.sleep(0.1)
    held = [await small.opens() for _ in range(MANY)]
    assert await small.answers()
    gone = [asyncio.create_task(is_over(reader)) for reader, _ in held]
    done, waiting = await asyncio.wait(gone, timeout=2)  # noqa: TID251 - no workflow
    assert MANY - 10 <= len(done) < MANY
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    busy.write(bytes(100_000))
    assert (await asyncio.wait_for(busy_reader.readuntil(b"100000"), 10)).startswith(b"HTTP/1.1 200 ")


async def test_a_head_without_end_is_not_kept(small: Small) -> None:
    reader, writer = await small.opens()
    writer.write(HEAD)
    async with dripping(writer, b"X" * 8192, every=0.01):
        assert (await is_over(reader)).startswith(b"HTTP/1.1 4")
