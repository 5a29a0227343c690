"""A change of a workflow's command sequence is noticed on the developer's desk."""

import json
import shutil
from pathlib import Path

from tests.replay.fingerprint import FILE, SOURCES, fingerprint

EXPLAINED = (
    "The command sequence of a workflow has changed. Cases that sleep for months hold a history of the old one: guard the "
    'change with workflow.patched("…"), record histories (make histories), then accept it with make fingerprints.'
)


def test_workflows_give_the_commands_that_were_agreed() -> None:
    assert fingerprint(Path()) == json.loads(FILE.read_text()), EXPLAINED


def test_an_added_timer_is_noticed(tmp_path: Path) -> None:
    for source in SOURCES:
        (tmp_path / source).parent.mkdir(exist_ok=True)
        shutil.copy(source, tmp_path / source)
    changed = tmp_path / SOURCES[0]
    line = "            await self._wait()\n"
    text = changed.read_text("utf-8")
    assert line in text
    changed.write_text(text.replace(line, f"{line}            await workflow.sleep(1)\n", 1), "utf-8")
    assert fingerprint(tmp_path) != fingerprint(Path())
