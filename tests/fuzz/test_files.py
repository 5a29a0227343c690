"""Files by chance through every command that reads one: a sentence, an exit code, one document, soon, in little memory."""

import asyncio
import json
import resource
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import pytest

from tests.cli.commands import PATIENCE, Said, be_the_program, ended, environment
from tests.cli.test_calendar_files import CSV, GOOD, NOTICE
from tests.fuzz import ROUNDS, chances
from tests.fuzz.mutation import of_sheet, of_text
from tests.portal.sheets import file_of, rows
from tests.portal.test_api import NEW
from tests.processes import start
from tests.stack import CLERK, Desk

pytestmark = pytest.mark.long

EXAMPLES: Final = Path("examples").resolve()
POLICY: Final = Path("policies/gansu.toml")
CASE_TOML: Final = """
[[case]]
title = "青石沟"
project = "青石沟垃圾场生态修复"
office = "620000"
channel = "hotline"
kind = "works"
claimed = "4000万元"
received_on = 2023-04-26
livelihood = true
migrant_wages = false
note = "转办"
[case.creditor]
name = "八冶集团"
size = "small"
ownership = "private"
contact = "王经理 13800000000"
[case.debtor]
name = "安宁区环卫局"
kind = "organ"
"""
BATCH: Final = """
[[bond_batch]]
name = "2023年第一批一般债券"
office = "620105"
quota = "2500万元"
opens_on = 2023-04-26
allocates_on = 2023-05-26
"""
CPU_SECONDS: Final = 10
MEMORY: Final = 200 * 2**20

Mutate = Callable[[bytes, Random], bytes]


class Reading(NamedTuple):
    """A command that reads a file, and a file that it takes. `rehearse` gets a second one that is wrong, so that it only reads."""

    command: tuple[str, ...]
    good: bytes
    suffix: str = ".toml"
    more: tuple[str, ...] = ()
    mutate: Mutate = of_text


SHEET: Final = Reading(("import",), file_of(*rows(3)), ".xlsx", ("--by", CLERK, "--yes"), of_sheet)
READINGS: Final = {
    "rehearse": Reading(("rehearse",), (EXAMPLES / "qingshigou.toml").read_bytes(), more=("no-such.toml",)),
    "open": Reading(("open",), CASE_TOML.encode()),
    "open JSON": Reading(
        ("open",), json.dumps({"case": [NEW]}, ensure_ascii=False, indent=1).encode(), ".json"
    ),
    "batch open": Reading(("batch", "open"), BATCH.encode()),
    "policy check": Reading(("policy", "check"), POLICY.read_bytes()),
    "policy diff": Reading(("policy", "diff"), POLICY.read_bytes(), more=("gansu",)),
    "calendar load": Reading(("calendar", "load"), GOOD.encode(), more=("--notice", NOTICE, "--yes")),
    "calendar load CSV": Reading(("calendar", "load"), CSV.encode(), ".csv", ("--notice", NOTICE, "--yes")),
    "import": SHEET,
}


class Cost(NamedTuple):
    """What a command took, with its children."""

    cpu_seconds: float
    peak: int


def measured(arguments: tuple[str, ...], folder: Path, settings: dict[str, str]) -> tuple[Said, Cost]:
    """Run a command to its end, and have it say at its end what it took."""
    out, err, spent = folder / "out", folder / "err", folder / "spent"
    for file in (out, err, spent):
        file.unlink(missing_ok=True)
    process = start(
        _run, arguments, str(spent), environment=environment(**settings), out=str(out), err=str(err)
    )
    said = ended(process, out, err)
    return said, Cost(*json.loads(spent.read_text()))


def _run(arguments: tuple[str, ...], spent: str) -> None:
    begun = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    try:
        be_the_program(arguments)
    finally:
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = sum(own[:2]) + sum(children[:2]) - begun
        Path(spent).write_text(json.dumps([cpu, max(own.ru_maxrss, children.ru_maxrss) * 1024]))


def wrong_with(said: Said, cost: Cost, usual: Cost) -> str | None:
    """What is not as promised about an answer."""
    if "Traceback" in said.out + said.err:
        return "a traceback"
    if said.code not in range(4):
        return f"exit code {said.code}"
    try:
        json.loads(said.out)
    except ValueError:
        return f"not one document: {said.out[:200]!r}"
    if said.code and not said.err.strip():
        return "no sentence"
    if cost.cpu_seconds > CPU_SECONDS:
        return f"{cost.cpu_seconds:.0f} s"
    if cost.peak > usual.peak + MEMORY:
        return f"{cost.peak / 2**20:.0f} MB"
    return None


@pytest.mark.timeout(PATIENCE + ROUNDS * 30)
@pytest.mark.parametrize("name", list(READINGS))
async def test_every_file_is_answered(name: str, desk: Desk, tmp_path: Path) -> None:
    reading = READINGS[name]
    path = tmp_path / f"file{reading.suffix}"
    settings = {
        "DATABASE_URL": desk.engine.url.render_as_string(hide_password=False),
        "TEMPORAL_ADDRESS": desk.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": desk.client.namespace,
    }
    arguments = (*reading.command, str(path), *reading.more, "--json")

    async def run() -> tuple[Said, Cost]:
        return await asyncio.to_thread(measured, arguments, tmp_path, settings)

    path.write_bytes(reading.good)
    said, usual = await run()
    assert said.code == (2 if name == "rehearse" else 0), said
    found, codes = [], {said.code}
    for about, chance in chances(name):
        path.write_bytes(reading.mutate(reading.good, chance))
        said, cost = await run()
        codes.add(said.code)
        if wrong := wrong_with(said, cost, usual):
            found.append(f"{about}: {wrong}: {said.err[-300:]}")
    assert not found, "\n".join(found)
    assert 2 in codes, "no file was wrong"
