"""`qingqian staff`: the first person of an office is made on the command line."""

import subprocess
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from runtime.passwords import is_right
from schema import people
from tests.cli.commands import PROGRAM, Said, call, environment

ADD = ("staff", "add", "limin", "--person", "李敏", "--office", "620105", "--role", "clerk", "--role", "head")


@pytest.fixture
def record(engine: AsyncEngine) -> Callable[..., Said]:
    """Calls on a record of their own."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def said(*arguments: str, typed: str | None = None) -> Said:
        if typed is None:
            return call(*arguments, DATABASE_URL=url)
        done = subprocess.run(
            [*PROGRAM, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=environment(DATABASE_URL=url),
            timeout=60,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return said


async def test_somebody_is_added_listed_and_deactivated(
    record: Callable[..., Said], engine: AsyncEngine
) -> None:
    added = record(*ADD, "--json")
    assert added.code == 0, added.err
    assert added.json | {"login": "limin", "office": "620105", "roles": ["clerk", "head"]} == added.json
    async with engine.connect() as connection:
        kept = (await connection.execute(text("SELECT password_hash FROM staff"))).scalar_one()
    assert is_right(kept, added.json["password"])
    assert "李敏" in record("staff", "list").out
    assert record("staff", "deactivate", "limin").code == 0
    assert record("staff", "list", "--json").json["staff"] == [
        {"login": "limin", "person": "李敏", "office": "620105", "roles": ["clerk", "head"], "active": False}
    ]


async def test_a_password_from_standard_input_is_not_repeated(
    record: Callable[..., Said], engine: AsyncEngine
) -> None:
    added = record(*ADD, "--password-stdin", typed="这是 一个 很长的密码\n")
    assert added.code == 0, added.err
    assert "密码" not in added.out
    async with engine.connect() as connection:
        found = await people.staff_by_login(connection, "limin")
    assert found is not None
    assert is_right(found.password_hash, "这是 一个 很长的密码")


async def test_everything_wrong_is_said_and_nobody_is_added(record: Callable[..., Said]) -> None:
    wrong = ("staff", "add", "Li", "--person", "a@b", "--office", "999999", "--role", "creditor")
    said = record(*wrong, "--password-stdin", "--json", typed="short\n")
    assert said.code == 2
    assert [fault.partition(":")[0] for fault in said.json["faults"]] == [
        "LOGIN",
        "--person",
        "--office",
        "--role",
        "password",
    ]
    assert record(*ADD).code == 0
    assert record(*ADD).code == 2
    assert record("staff", "deactivate", "nobody").code == 2
