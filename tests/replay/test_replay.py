"""Today's code runs yesterday's cases: recorded histories replay with the production plugin."""

import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from runtime.plugin import qingqian_plugin
from tests.replay.record import HISTORIES

RECORDED = sorted(path for path in HISTORIES.glob("*/*.json") if path.parent.name != "broken")
BROKEN = sorted(HISTORIES.glob("broken/*.json"))


def history_in(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text("utf-8"))


def test_every_branch_has_a_history() -> None:
    names = {path.stem for path in RECORDED}
    assert {"case-qingshigou", "case-open", "case-continued-2", "case-reopened-2", "batch-first"} <= names
    assert {"case-silent", "case-suspended", "case-redated", "case-pressed"} <= names
    assert {"delivery", "telling", "reports-day", "import"} <= names
    assert BROKEN


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_recorded_history_replays(path: Path) -> None:
    await Replayer(workflows=[], plugins=[qingqian_plugin(sandboxed=True)]).replay_workflow(history_in(path))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
async def test_history_broken_on_purpose_is_noticed(path: Path) -> None:
    with pytest.raises(NondeterminismError, match="record_elsewhere"):
        await Replayer(workflows=[], plugins=[qingqian_plugin(sandboxed=True)]).replay_workflow(
            history_in(path)
        )


REPLAYED = """
import asyncio, sys
from pathlib import Path
from temporalio.worker import Replayer
from runtime.logs import configure_logs
from runtime.plugin import qingqian_plugin
from tests.replay.test_replay import history_in

configure_logs()
replayer = Replayer(workflows=[], plugins=[qingqian_plugin(sandboxed=sys.argv[2] == "sandboxed")])
asyncio.run(replayer.replay_workflow(history_in(Path(sys.argv[1]))))
"""


@pytest.mark.long
@pytest.mark.parametrize("runner", ["sandboxed", "as in production"])
def test_what_was_logged_once_is_not_logged_again(runner: str) -> None:
    history = next(path for path in RECORDED if path.stem == "case-qingshigou")
    done = subprocess.run(
        [sys.executable, "-c", REPLAYED, str(history), runner], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
