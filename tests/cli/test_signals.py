"""A rehearsal that is asked to end ends its servers; none is left behind."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cli.commands import PROGRAM, environment
from tests.cli.dev import is_alive

pytestmark = [pytest.mark.kill, pytest.mark.timeout(240)]


def servers_below(folder: Path, process: psutil.Process) -> dict[str, int]:
    """The processes of Temporal and PostgreSQL that a rehearsal has started, with temporary files in a folder."""
    found = {child.name(): child.pid for child in process.children() if child.name() == "temporal"}
    for left in folder.glob("qingqian-*/postgres/postmaster.pid"):
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("at", ["starting", "running"])
def test_a_rehearsal_asked_to_end_ends_its_servers(number: signal.Signals, at: str, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [*PROGRAM, "rehearse", "examples/qingshigou.toml", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(TMPDIR=str(tmp_path)),
        preexec_fn=_heed_signals,
    )
    process, wanted = (
        psutil.Process(running.pid),
        {"temporal"} if at == "starting" else {"temporal", "postgres"},
    )
    found: dict[str, int] = {}
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
