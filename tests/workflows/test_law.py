"""The situations in `tests/law` and `examples`, each a scenario with its expected result, on real servers."""

from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest

from domain.value import Light
from office.verification.verifying import verify
from rehearsal.run import rehearse_on
from rehearsal.scenario import read_scenario
from schema.journal import Entry
from tests.stack import Desk

SITUATIONS = [
    *sorted(Path("tests/law").glob("*.toml")),
    *(pytest.param(path, marks=pytest.mark.long) for path in sorted(Path("examples").glob("*.toml"))),
]


def _nobody_watches(day: date, entry: Entry | None, light: Light) -> None:
    pass


@pytest.mark.parametrize("path", SITUATIONS, ids=attrgetter("stem"))
async def test_a_situation_is_as_expected(desk: Desk, path: Path) -> None:
    result = await rehearse_on(desk.client, desk.engine, read_scenario(path), _nobody_watches)
    assert result["failures"] == []
    assert (await verify(desk.client, desk.engine))["differences"] == []
