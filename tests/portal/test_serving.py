"""The window as a process: it opens, says what is away, and stops when it is asked to, whoever is still listening."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from office.faults import Faults
from portal.serve import public_address
from runtime.embedded import free_port
from runtime.settings import Settings
from tests.cli.commands import PATIENCE, PROGRAM, Said, call, call_of, environment
from tests.portal.visits import opened, serving
from tests.stack import CLERK, Desk, Servers, order


@asynccontextmanager
async def process(*command: str, **where: str) -> AsyncIterator[tuple[Process, str]]:
    """A window of its own, and its address, once it is open."""
    port = free_port()
    words = [word.format(port=port) for word in command]
    more = {name: value.format(port=port) for name, value in where.items()}
    started = await asyncio.create_subprocess_exec(*words, stderr=PIPE, stdout=PIPE, env=environment(**more))
    address = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=address) as client:
            while started.returncode is None:
                try:
                    assert (await client.get("/readyz")).status_code == 200
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        yield started, address
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@pytest.mark.long
async def test_a_window_stops_at_once_though_pages_are_live_and_says_that_temporal_is_away(
    desk: Desk, servers: Servers, tmp_path: Path
) -> None:
    case = await opened(desk, order("accept", CLERK))
    database = desk.engine.url.render_as_string(hide_password=False).replace(
        "postgresql+asyncpg", "postgresql"
    )
    where = {
        "DATABASE_URL": database,
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "QINGQIAN_PORTAL": "127.0.0.1:{port}",
        "QINGQIAN_DATA": str(tmp_path),
    }
    async with (
        process(sys.executable, "-m", "portal", **where) as (window, address),
        httpx.AsyncClient(base_url=address, timeout=30) as client,
    ):
        asked = {"case_no": case.case_no, "code": case.access_code}
        assert (await client.post("/enquiries", data=asked)).status_code == 303
        page = (await client.get("/case")).text
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        form = {"csrf": csrf, "do": "withdraw", "reason": "已经付清", "command_id": "web-1"}
        away = await client.post("/case/commands", data=form)
        assert away.status_code == 503
        assert "服务暂不可用" in away.text
        assert 'value="web-1"' in away.text

        async with client.stream("GET", "/case/live") as stream:
            assert stream.status_code == 200
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            window.send_signal(signal.SIGTERM)
            assert [line async for line in lines if line and not line.startswith(":")] == []
        _, said = await window.communicate()
        assert b"graceful shutdown exceeded" not in said, "no stream had to be cut"
        assert window.returncode == 0


@pytest.mark.long
async def test_the_command_serves_beside_the_stack_of_dev(desk: Desk, tmp_path: Path) -> None:
    database = desk.engine.url.render_as_string(hide_password=False).replace(
        "postgresql+asyncpg", "postgresql"
    )
    where = {"DATABASE_URL": database, "TEMPORAL_ADDRESS": "127.0.0.1:1"}
    async with process(*PROGRAM, "portal", "--port", "{port}", "--data", str(tmp_path), **where) as (
        window,
        address,
    ):
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/healthz")).text == "ok"
        port = address.rpartition(":")[2]
        taken = await asyncio.to_thread(call, "portal", "--port", port, "--data", str(tmp_path), **where)
        assert taken.code == 3
        assert f"cannot listen at 127.0.0.1:{port}" in taken.err
        window.send_signal(signal.SIGINT)
        assert await window.wait() == 0


@pytest.mark.parametrize(
    ("believed", "last"), [("", 429), ("127.0.0.1", 401), ("127.0.0.0/8, 192.0.2.1", 401), ("192.0.2.1", 429)]
)
async def test_a_proxy_is_believed_where_that_is_set_and_nobody_else_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, believed: str, last: int
) -> None:
    """Whoever invents an address for each guess has one all the same."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", believed)
    async with serving(desk) as window, httpx.AsyncClient(base_url=window.url, timeout=30) as client:
        for number in range(6):
            said = {"X-Forwarded-For": f"198.51.100.{number}", "X-Forwarded-Proto": "https"}
            form = {"login": "limin", "password": "guessed"}
            answer = await client.post("/sign-in", data=form, headers=said)
        assert answer.status_code == last


@pytest.mark.parametrize("believed", ["*", "proxy.example", "127.0.0.1,10.0.0.1/8"])
def test_what_names_no_proxy_is_refused_before_anything_starts(believed: str, tmp_path: Path) -> None:
    assert_no_proxy(call("portal", QINGQIAN_DATA=str(tmp_path), FORWARDED_ALLOW_IPS=believed))


@pytest.mark.long
def test_the_process_of_its_own_refuses_likewise(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "portal")
    assert_no_proxy(call_of(program, QINGQIAN_DATA=str(tmp_path), FORWARDED_ALLOW_IPS="*"))


def assert_no_proxy(said: Said) -> None:
    assert said.code == 2, said.err
    assert "FORWARDED_ALLOW_IPS" in said.out + said.err
    assert "neither an address nor a network" in (said.out + said.err).replace("\n", " ")


@pytest.mark.parametrize(
    "ask",
    [
        partial(call, "portal", "--data"),
        pytest.param(partial(call_of, (sys.executable, "-m", "portal")), marks=pytest.mark.long),
    ],
)
def test_without_a_stack_it_says_where_it_looked(ask: Callable[..., Said], tmp_path: Path) -> None:
    said = ask(str(tmp_path), QINGQIAN_DATA=str(tmp_path))
    assert said.code == 3
    assert str(tmp_path / "stack.json") in (said.out + said.err).replace("\n", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, None),
        ("", None),
        ("https://qingqian.example.cn", "https://qingqian.example.cn/"),
        ("http://10.1.2.3:8000/w/", "http://10.1.2.3:8000/w/"),
        ("https://清欠.例子.中国", "https://xn--5jwr5d.xn--fsqu00a.xn--fiqs8s/"),
    ],
)
def test_the_public_address_ends_in_a_slash(written: str | None, read: str | None) -> None:
    assert public_address(Settings(public_address=written)) == read


@pytest.mark.parametrize(
    "wrong", ["qingqian.example.cn", "ftp://a.cn", "https://a.cn/?x=1", "https://a.cn/#x", "https://u:p@a.cn"]
)
def test_a_public_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Faults, match="QINGQIAN_PUBLIC_ADDRESS"):
        public_address(Settings(public_address=wrong))
