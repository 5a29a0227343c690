"""青石沟 lives through kills of every process as if nothing had happened."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.value import Light
from office.verification.verifying import verify
from rehearsal.run import Watch, rehearse, rehearse_on
from rehearsal.scenario import Scenario, read_scenario
from runtime.connect import connect_database
from runtime.temporal import connect_temporal
from schema.journal import Entry
from schema.migrate import migrate
from tests.durability.processes import Servers, running
from tests.stack import agreed

pytestmark = [pytest.mark.kill, pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(Path("examples/qingshigou.toml"))


@pytest.fixture(scope="module")
async def undisturbed(scenario: Scenario) -> list[dict[str, Any]]:
    result = await rehearse(scenario, lambda *told: None)
    return what_happened(result)


def what_happened(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The journal without instants and hashes, which differ between runs."""
    assert result["ok"], result["failures"]
    return [
        {name: event[name] for name in ("seq", "kind", "on", "by")}
        | _not_its_own(event["data"])
        | {"letters": [_not_its_own(letter) for letter in event["data"].get("letters", ())]}
        for event in result["cases"]["qsg"]["events"]
    ]


def _not_its_own(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("deliver_at", "sha256")}


async def live_through(servers: Servers, scenario: Scenario, watch: Watch) -> list[dict[str, Any]]:
    """Run the scenario on killable servers, verify, and return what happened."""
    async with connect_database(servers.postgres.url) as engine:
        await migrate(engine)
        client = await connect_temporal(servers.temporal_address)
        result = await rehearse_on(client, engine, scenario, watch)
        verified = await verify(client, engine)
    assert verified == agreed(1, batches=2)
    return what_happened(result)


def on_each_step(act: Callable[[int], None]) -> Watch:
    """A watch that calls `act` on every day on which something was recorded, with the number of such days so far."""
    days: list[date] = []

    def watch(day: date, entry: Entry | None, light: Light) -> None:
        if entry is not None and (not days or days[-1] != day):
            days.append(day)
            act(len(days))

    return watch


async def test_worker_killed_between_any_two_days(
    tmp_path: Path, scenario: Scenario, undisturbed: list[dict[str, Any]]
) -> None:
    with running(tmp_path) as (servers, workers):
        happened = await live_through(servers, scenario, on_each_step(lambda _: workers.kill()))
        assert workers.deaths >= 15
    assert happened == undisturbed


async def test_worker_killed_before_and_after_the_commit_and_before_the_marker(
    tmp_path: Path, scenario: Scenario, undisturbed: list[dict[str, Any]]
) -> None:
    kills = ("before:2", "after:2", "before the marker:2", "before:4", "after:4", "before:3", "after:3")
    with running(tmp_path, kills) as (servers, workers):
        happened = await live_through(servers, scenario, lambda *told: None)
        assert workers.deaths == len(kills)
    assert happened == undisturbed


async def test_temporal_and_postgresql_killed_in_the_middle(
    tmp_path: Path, scenario: Scenario, undisturbed: list[dict[str, Any]]
) -> None:
    with running(tmp_path) as (servers, _):

        def act(days: int) -> None:
            if days % 5 == 2:
                servers.kill_temporal()
            if days % 5 == 4:
                servers.kill_postgres()

        happened = await live_through(servers, scenario, on_each_step(act))
    assert happened == undisturbed
