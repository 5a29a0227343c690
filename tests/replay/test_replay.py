"""Today's code runs yesterday's cases: recorded histories replay with the production plugin."""

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
