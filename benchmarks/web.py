"""The HTTP interface beside a bare asyncpg SELECT of the same row, both behind one web server, asked alternately."""

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount, Route

from portal.app import create_app
from portal.gate.visitors import hashed
from portal.window import Window
from runtime.embedded import free_port
from schema.window import people, programs

TOKEN = "benchmark"


async def both_ways(window: Window, url: str, cases: Sequence[str]) -> tuple[list[float], list[float]]:
    """The seconds for each case, by `GET /api/v1/cases/{case_no}` with a token, and by the bare SELECT."""
    async with window.engine.begin() as connection:
        if await programs.token_of(connection, hashed(TOKEN)) is None:
            account = await people.add_staff(
                connection, TOKEN, TOKEN, "620000", ["head"], None, people.COMMAND_LINE
            )
            await programs.add_token(
                connection,
                hashed(TOKEN),
                name=TOKEN,
                office="620000",
                scopes=["read"],
                owner=people.Doer(TOKEN, account),
            )
    took: tuple[list[float], list[float]] = ([], [])
    async with _serving(window, url) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for case_no in cases:
            for into, path in zip(took, (f"/api/v1/cases/{case_no}", f"/bare/{case_no}"), strict=True):
                began = time.perf_counter()
                body = await _got(reader, writer, path)
                into.append(time.perf_counter() - began)
                assert json.loads(body)["case_no"] == case_no
        writer.close()
    return took


async def _got(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    """The body of an answer over a kept-alive connection, with as little client code as possible."""
    lines = (f"GET {path} HTTP/1.1", "Host: window", f"Authorization: Bearer {TOKEN}", "", "")
    writer.write("\r\n".join(lines).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200 "), head
    return await reader.readexactly(int(re.findall(r"content-length: ([0-9]+)", head)[0]))


@asynccontextmanager
async def _serving(window: Window, url: str) -> AsyncIterator[int]:
    """The window and the bare route on a free port."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:

        async def bare(request: Request) -> Response:
            query = "SELECT state FROM case_file WHERE case_no = $1"
            state = await pool.fetchval(query, request.path_params["case_no"])
            return Response(state, media_type="application/json")

        app = Starlette(routes=[Route("/bare/{case_no}", bare), Mount("/", create_app(window))])
        server = _Server(
            uvicorn.Config(
                app, port=(port := free_port()), log_config=None, access_log=False, ws="none", lifespan="off"
            )
        )
        running = asyncio.ensure_future(server.serve())
        try:
            await server.up.wait()
            yield port
        finally:
            server.should_exit = True
            await running


class _Server(uvicorn.Server):
    """A server that signals when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()
