"""`qingqian dev` is for real use: nobody else looks into its folder, and nothing but what it names listens."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from office.faults import Faults
from runtime.dev import own_folder
from tests.cli.commands import call
from tests.cli.dev import Dev

pytestmark = [pytest.mark.kill, pytest.mark.long, pytest.mark.timeout(240)]

NAME = '清欠 数据 it\'s $HOME, "a":b ' + "长" * 40


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """On a folder that was there, open to all, with a name that is hard on programs and too long for a socket."""
    data = tmp_path_factory.mktemp("own") / NAME
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    running = Dev(data)
    yield running
    running.stop()
    assert running.process.returncode == 0


def others_may(path: Path) -> int:
    """What those who are not its owner may do with a file or folder, of which they see nothing but the way through."""
    return stat.S_IMODE(path.lstat().st_mode) & 0o067


def test_a_folder_of_any_name_works(dev: Dev) -> None:
    assert dev.call("list").json == {"cases": []}
    assert dev.call("verify").json["ok"]


def test_people_read_where_to_go_and_logs_are_in_the_folder(dev: Dev) -> None:
    assert dev.announced[0].startswith("window 窗口   http://127.0.0.1:")
    assert dev.errors.read_text("utf-8") == ""
    assert '"event": "started"' in (dev.data / "dev.log").read_text("utf-8")


def test_nobody_else_looks_into_the_folder(dev: Dev) -> None:
    assert os.umask(os.umask(0o022)) != 0o077, "this process would hide what dev leaves open"
    assert others_may(dev.data) == 0
    files = [path for path in dev.data.rglob("*") if path.is_file()]
    assert {"stack.json", "dev.log", "worker.log", "portal.log", "temporal.db", "PG_VERSION"} <= {
        path.name for path in files
    }
    assert [path for path in files if others_may(path)] == []
    assert others_may(dev.data / "postgres") == 0


def test_the_socket_of_the_record_is_in_a_folder_of_ours(dev: Dev) -> None:
    _, _, _, _, where, *_ = (dev.data / "postgres" / "postmaster.pid").read_text("utf-8").splitlines()
    assert len(os.fsencode(f"{where}/.s.PGSQL.5432")) < 104
    assert others_may(Path(where)) == 0


def test_everything_listens_on_loopback_and_nothing_answers_a_page(dev: Dev) -> None:
    assert dev.stack.ui is None
    listening = set(listened_at(psutil.Process(dev.process.pid)))
    assert {address.ip for address in listening} == {"127.0.0.1"}
    window = int(str(dev.stack.portal).rpartition(":")[2])
    assert window in {address.port for address in listening}
    for address in listening:
        if address.port != window:
            path = f"http://127.0.0.1:{address.port}/api/v1/namespaces/default/workflows"
            assert answer(path) in (None, 403, 404)
            assert answer(path, host="evil.example") in (None, 403, 404)


def listened_at(process: psutil.Process) -> Iterator[Any]:
    """The addresses at which the processes below another listen."""
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            for connection in child.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    yield connection.laddr


def answer(url: str, host: str | None = None) -> int | None:
    """The status with which a server answers a page's request, None if it does not speak HTTP."""
    try:
        headers = {"Host": host} if host else {}
        return httpx.post(f"{url}/w", headers=headers, content="{}", timeout=5).status_code
    except httpx.HTTPError:
        return None


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = call("dev", "--data", str(tmp_path / "data"), "--port", str(port))
    assert said.code == 3
    assert f"port {port}" in said.err


def test_a_folder_with_other_things_in_it_is_not_closed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    tmp_path.chmod(0o755)
    with pytest.raises(Faults, match="1 fault"):
        own_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_an_open_folder_of_ours_is_closed_with_what_is_in_it(tmp_path: Path) -> None:
    for name in ("stack.json", "worker.log", "temporal.db"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    own_folder(tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_an_open_folder_with_papers_is_ours(tmp_path: Path) -> None:
    """A window on other servers keeps them there."""
    (tmp_path / "papers").mkdir()
    tmp_path.chmod(0o755)
    own_folder(tmp_path)
    assert others_may(tmp_path) == 0


def test_a_stack_whose_worker_cannot_start_ends_and_names_its_log(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "gansu.toml").write_text("nonsense", "utf-8")
    said = call("dev", "--data", str(tmp_path / "data"), QINGQIAN_POLICIES=str(policies))
    assert said.code == 2
    assert "a setting or a file is wrong" in said.err
    assert "not_started" in (tmp_path / "data" / "worker.log").read_text("utf-8")


def test_all_processes_log_to_the_terminal_when_asked_to(tmp_path: Path) -> None:
    running = Dev(tmp_path / "data", "--verbose")
    running.stop()
    assert '"event": "working"' in running.errors.read_text("utf-8")
    assert list(running.data.glob("*.log")) == []
