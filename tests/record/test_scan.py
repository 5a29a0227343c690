"""Infected papers are not stored: tested with a real `clamd` if there is one, and everywhere with one that answers like it."""

import asyncio
import io
import shutil
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.evidence import scan
from office.evidence.scan import Scanner
from office.evidence.store import Papers
from office.faults import Faults
from runtime.embedded import free_port
from runtime.settings import Settings
from runtime.store import open_papers
from tests.stack import eventually

CASE = "QQ-620105-2023-0001"
GOOD = b"%PDF-1.7\n" + b"a statement " * 200_000
HARMFUL = b"%PDF-1.7\nqingqian-tests-call-this-harmful"


async def _as_clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Scan one file as `clamd` does."""
    assert await reader.readline() == b"nINSTREAM\n"
    seen = b""
    while size := struct.unpack("!L", await reader.readexactly(4))[0]:
        seen += await reader.readexactly(size)
    writer.write(b"stream: Test.Mark.UNOFFICIAL FOUND\n" if HARMFUL in seen else b"stream: OK\n")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def _stand_in() -> AsyncIterator[int]:
    async with await asyncio.start_server(_as_clamd, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def _real(folder: Path) -> AsyncIterator[int]:
    """A `clamd` with one signature of our own."""
    (folder / "db").mkdir()
    (folder / "db" / "ours.ndb").write_text(f"Test.Mark:0:*:{HARMFUL[9:].hex()}\n", "utf-8")
    port = free_port()
    told = {
        "DatabaseDirectory": folder / "db",
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "Foreground": "yes",
    }
    settings = folder / "clamd.conf"
    settings.write_text("".join(f"{name} {value}\n" for name, value in told.items()), "utf-8")
    process = await asyncio.create_subprocess_exec(
        shutil.which("clamd") or "", "-c", settings, stdout=asyncio.subprocess.DEVNULL
    )

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        await eventually(answers, within=60)
        yield port
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture(params=["stand-in", "real"])
async def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[int]:
    """The port of the scanner."""
    if request.param == "stand-in":
        async with _stand_in() as port:
            yield port
    elif shutil.which("clamd") is None:
        pytest.skip("the real clamd is not asked: there is none here")
    else:
        async with _real(tmp_path) as port:
            yield port


async def test_what_is_harmful_is_refused_and_not_kept(clamd: int) -> None:
    store = MemoryStore()
    papers = Papers(store, Scanner("127.0.0.1", clamd))
    with pytest.raises(Refusal) as refused:
        await papers.keep(CASE, io.BytesIO(HARMFUL))
    assert (refused.value.code, refused.value.field) == (Code.MALFORMED, "file")
    assert "Mark" not in refused.value.message + refused.value.detail
    assert list(store.list()) == []


@pytest.mark.long
async def test_what_is_not_is_kept_whole(clamd: int) -> None:
    papers = Papers(MemoryStore(), Scanner("127.0.0.1", clamd))
    stored = await papers.keep(CASE, io.BytesIO(GOOD))
    assert await papers.sha256_of(stored.attachment) == stored.sha256
    assert stored.size == len(GOOD)


async def test_while_nobody_looks_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    with pytest.raises(ServerAway, match="clamd did not answer"):
        await Papers(store, Scanner("127.0.0.1", free_port())).keep(CASE, io.BytesIO(GOOD))
    monkeypatch.setattr(scan, "WITHIN", 0.2)

    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ServerAway, match="clamd did not answer"):
            await Papers(store, Scanner("127.0.0.1", port)).keep(CASE, io.BytesIO(HARMFUL))
    assert list(store.list()) == []


async def test_one_that_takes_nothing_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection and then stops reading, while what is sent fills every buffer."""
    monkeypatch.setattr(scan, "WITHIN", 2.0)
    narrow, done = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    async def stands_still(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.transport.abort()

    async with await asyncio.start_server(stands_still, sock=narrow) as server:
        keeping = Papers(MemoryStore(), Scanner("127.0.0.1", server.sockets[0].getsockname()[1])).keep(
            CASE, io.BytesIO(b"%PDF-1.7\n" + bytes(15 * 2**20))
        )
        with pytest.raises(ServerAway, match="clamd did not answer"):
            await asyncio.wait_for(keeping, 20)
        done.set()


@pytest.mark.parametrize(
    "said",
    [b"", b"\xff\0", b"FOUND", b"stream: OK\nstream: X FOUND\n", b"stream: no file ERROR\n", b"x" * 99_999],
)
async def test_an_answer_that_says_nothing_keeps_nothing(said: bytes) -> None:
    store = MemoryStore()

    async def oddly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(oddly, "127.0.0.1", 0) as server:
        with pytest.raises(ServerAway, match="clamd"):
            await Papers(store, Scanner("127.0.0.1", server.sockets[0].getsockname()[1])).keep(
                CASE, io.BytesIO(HARMFUL)
            )
    assert list(store.list()) == []


@pytest.mark.parametrize("written", ["clamav", ":3310", "clamav:", "clamav:0", "clamav:66000", "clamav:x"])
def test_what_is_no_address_is_said(written: str, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="QINGQIAN_CLAMD"):
        open_papers(tmp_path, Settings(clamd=written))
