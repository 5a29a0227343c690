"""The situations in `tests/law` and `examples`, each a scenario with its expected result, on real servers."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from domain.value import Light
from office.verification.verifying import verify
from rehearsal.run import rehearse_on
from rehearsal.scenario import read_scenario
from schema.journal import Entry
from tests.stack import Desk

SOON: Final = (
    "03-creditor-silent",
    "06-discount",
    "09-retention",
    "evidence-required",
    "silent-creditor-and-office",
)
"""The situations that are tried with every `make test`; the others, and the examples, with `make test-long`."""

SITUATIONS = [
    pytest.param(path, marks=[] if path.stem in SOON else pytest.mark.long, id=path.stem)
    for folder in ("tests/law", "examples")
    for path in sorted(Path(folder).glob("*.toml"))
]


def _nobody_watches(day: date, entry: Entry | None, light: Light) -> None:
    pass


@pytest.mark.parametrize("path", SITUATIONS)
async def test_a_situation_is_as_expected(desk: Desk, path: Path) -> None:
    result = await rehearse_on(desk.client, desk.engine, read_scenario(path), _nobody_watches)
    assert result["failures"] == []
    assert (await verify(desk.client, desk.engine))["differences"] == []
