"""Who somebody says he is, in every shape that JSON has: at the interface, in files, and on the command line."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from office.faults import Faults
from portal.gate import pace
from rehearsal.scenario import read_scenario
from tests.cli.commands import call
from tests.fuzz import ROUNDS, chances
from tests.fuzz.mutation import any_json
from tests.fuzz.test_files import MEMORY
from tests.portal.visits import Browser, add_token, employ, opened
from tests.stack import CLERK, FINANCE, HEAD

pytestmark = pytest.mark.long

KNOWN_PEOPLE: Final = (CLERK, HEAD, FINANCE)
KNOWN: Final[tuple[Any, ...]] = (
    ["clerk", "a@b:c", "620105"],
    ["clerk", " ", "620105"],
    ["clerk", "李敏", "620105"],
    [["clerk"], {"person": "李敏"}, None],
    {"role": "clerk", "person": "李敏", "party": "620105"},
    {"role": "clerk"},
    [],
    {},
    "clerk:李\x01敏@620105",
    "clerk:李\u200b敏@620105",
    "clerk:\ud800@620105",
    "head@620105",
    "clerk:" + "李" * 5_000 + "@620105",
    True,
    620105,
    10**400,
    None,
)
"""Shapes that were found to matter; chance adds others."""


def shapes(what: str) -> list[tuple[str, Any]]:
    """What to try as somebody."""
    return [(repr(by)[:80], by) for by in KNOWN] + [
        (name, any_json(chance)) for name, chance in chances(what)
    ]


@pytest.mark.timeout(120 + ROUNDS * 30)
@pytest.mark.parametrize("field", ["by", "entered_by"])
async def test_the_interface_answers(field: str, portal: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pace.PACES, "token", pace.Pace(10**6, timedelta(seconds=1)))
    case = await opened(portal.desk)
    batch_no = await portal.desk.open_batch("100万元")
    await employ(portal.window, CLERK, HEAD, FINANCE)
    portal.headers.update(await add_token(portal.window))
    before = psutil.Process().memory_info().rss
    doors: dict[str, dict[str, Any]] = {
        f"/api/v1/cases/{case.case_no}/commands": {"do": "withdraw", "by": "creditor", "reason": "算了"},
        f"/api/v1/bond-batches/{batch_no}/commands": {"do": "arrive", "by": FINANCE, "amount": "1元"},
        "/api/v1/cases": {"title": "工程款", "by": CLERK},
    }
    for about, by in shapes(field):
        for door, body in doors.items():
            content = json.dumps(body | {field: by})
            answer = await portal.post(door, content=content, headers={"Content-Type": "application/json"})
            assert answer.status_code < 500, (about, door, answer.text)
            if by not in KNOWN_PEOPLE:
                assert answer.status_code >= 400, (about, door, answer.text)
                assert answer.json()["detail"].strip(), (about, door)
    assert psutil.Process().memory_info().rss - before < MEMORY


def test_a_file_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    good: dict[str, Any] = {
        "title": "x",
        "policy": "gansu",
        "starts_on": "2023-04-26",
        "ends_on": "2023-05-26",
    }
    for about, by in shapes("file"):
        step = {"on": "2023-04-26", "case": "a", "do": "accept", "by": by}
        path.write_text(json.dumps(good | {"step": [step]}), "utf-8")
        with pytest.raises(Faults) as found:
            read_scenario(path)
        assert found.value.faults, about


async def test_a_terminal_is_told(tmp_path: Path) -> None:
    for about, by in shapes("terminal"):
        if not isinstance(by, str):
            by = json.dumps(by)
        if "\x00" in by or len(by) > 30_000:
            continue  # No system passes these to a program.
        by = by.encode("utf-8", "surrogateescape" if "\ud800" not in by else "replace").decode()
        said = await asyncio.to_thread(call, "act", "QQ-620105-2023-0001", "accept", "--by", by, "--json")
        assert said.code in (1, 2, 3), about
        assert isinstance(said.json, dict), about
        assert "Traceback" not in said.err, about
