"""A rehearsal that is asked to end ends its servers; none is left behind."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.cli.commands import PROGRAM, environment
from tests.cli.dev import is_alive

pytestmark = [pytest.mark.kill, pytest.mark.long, pytest.mark.timeout(240)]


def servers_below(folder: Path, process: psutil.Process) -> dict[str, int]:
    """The processes of Temporal and PostgreSQL that a rehearsal has started, with temporary files in a folder."""
    found: dict[str, int] = {}
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            if child.name() == "temporal":
                found["temporal"] = child.pid
    for left in folder.glob("qingqian-*/postgres/postmaster.pid"):
        with suppress(
            FileNotFoundError
        ):  # while the cluster is made, others come and go before the one that stays
            words = left.read_text().split()
            if words and words[-1] == "ready":
                found["postgres"] = int(words[0])
    return found


def with_files_in(folder: Path) -> Iterator[psutil.Process]:
    """The processes whose temporary files are in a folder."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("TMPDIR") == str(folder):
                yield process


def _heed_signals() -> None:
    """Forget what a run under `nohup` or in the background ignores, and its children with it."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def rehearsing(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A rehearsal with its temporary files in a folder; neither it nor a server of it outlives the test."""
    with subprocess.Popen(
        [*PROGRAM, "rehearse", "examples/qingshigou.toml", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(TMPDIR=str(folder)),
        preexec_fn=_heed_signals,
    ) as running:
        try:
            yield running
        finally:
            running.kill()
            for left in with_files_in(folder):
                with suppress(psutil.NoSuchProcess):
                    left.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("at", ["starting", "running"])
def test_a_rehearsal_asked_to_end_ends_its_servers(number: signal.Signals, at: str, tmp_path: Path) -> None:
    wanted = {"temporal"} if at == "starting" else {"temporal", "postgres"}
    found: dict[str, int] = {}
    with rehearsing(tmp_path) as running:
        process = psutil.Process(running.pid)
        while not wanted <= found.keys():
            assert running.poll() is None
            time.sleep(0.05)
            found = servers_below(tmp_path, process)
        running.send_signal(number)
        out, err = running.communicate(timeout=120)
        assert running.returncode == 128 + number
        assert "Traceback" not in err
        assert out.count("{") == 1
        assert not any(is_alive(pid) for pid in found.values())
        assert list(with_files_in(tmp_path)) == []
    assert not list(tmp_path.glob("qingqian-*"))
