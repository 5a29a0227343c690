"""`qingqian staff`: the first person of an office is made on the command line."""

from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from office import second_factor
from office.codes import code_hash
from schema.seen.sight import Sight
from schema.window import people
from tests.cli.commands import Said, call

ADD = ("staff", "add", "limin", "--person", "李敏", "--office", "620105", "--role", "clerk", "--role", "head")


@pytest.fixture
def record(engine: AsyncEngine) -> Callable[..., Said]:
    """Calls on a record of their own."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def said(*arguments: str) -> Said:
        return call(*arguments, DATABASE_URL=url)

    return said


@pytest.mark.long
async def test_somebody_is_added_invited_again_listed_and_deactivated(
    record: Callable[..., Said], engine: AsyncEngine
) -> None:
    added = record(*ADD, "--json")
    assert added.code == 0, added.err
    assert added.json | {"login": "limin", "office": "620105", "roles": ["clerk", "head"]} == added.json
    again = record("staff", "invite", "limin", "--json")
    assert again.json["invitation"] != added.json["invitation"]
    async with engine.begin() as connection:
        for said, is_new in ((added, False), (again, True)):
            given = ("limin", code_hash(said.json["invitation"]), datetime.now(UTC), "hash")
            assert (await people.use_invitation(connection, *given) is not None) == is_new
    assert "李敏" in record("staff", "list").out
    assert record("staff", "deactivate", "limin").code == 1, "an office keeps a head"
    assert record("staff", "add", "sun", "--person", "孙", "--office", "620105", "--role", "head").code == 0
    assert record("staff", "deactivate", "limin").code == 0
    limin, _ = record("staff", "list", "--json").json["staff"]
    assert limin == {
        "login": "limin",
        "person": "李敏",
        "office": "620105",
        "unit": None,
        "roles": ["clerk", "head"],
        "active": False,
        "invited_until": None,
        "second_factor": False,
    }


async def test_whoever_has_lost_the_phone_gets_in_again(
    record: Callable[..., Said], engine: AsyncEngine
) -> None:
    assert record(*ADD).code == 0
    removing = ("staff", "remove-second-factor", "limin", "--json")
    assert record(*removing).code == 2, "there is none"
    async with engine.begin() as connection:
        found = await people.staff_by_login(connection, "limin")
        assert found is not None
        now, who = datetime.now(UTC), people.Doer("limin", found.id)
        await second_factor.offer(connection, found.id, "browser", now)
        offered = await second_factor.offered(connection, found.id, "browser", now)
        assert offered is not None
        code = pyotp.TOTP(offered).at(now)
        assert await second_factor.confirm(connection, who, found.office, "browser", code, now)
    (listed,) = record("staff", "list", "--json").json["staff"]
    assert listed["second_factor"]
    assert "两步验证" in record("staff", "list").out
    removed = record(*removing)
    assert (removed.code, removed.json) == (0, {"login": "limin", "second_factor": False})
    assert "两步验证" not in record("staff", "list").out
    async with engine.connect() as connection:
        latest = (await people.changes_seen(connection, Sight.of_office("620105"), 1))[0]
    assert (latest.what, latest.by) == ("second_factor_removed", "command line")


async def test_a_person_has_one_account_in_an_office_however_the_name_is_spelt(
    record: Callable[..., Said],
) -> None:
    assert record(*ADD).code == 0
    for name, code in {"李 敏": 2, "李　敏": 2, "李\u200b敏": 2, "李敏(二科)": 0}.items():
        added = record("staff", "add", "other", "--person", name, "--office", "620105", "--role", "clerk")
        assert added.code == code, name
    elsewhere = ("staff", "add", "third", "--person", "李敏", "--office", "620100", "--role", "clerk")
    assert record(*elsewhere).code == 0


async def test_everything_wrong_is_said_and_nobody_is_added(record: Callable[..., Said]) -> None:
    wrong = ("staff", "add", "Li", "--person", "a@b", "--office", "999999", "--role", "creditor")
    said = record(*wrong, "--json")
    assert said.code == 2
    assert [fault.partition(":")[0] for fault in said.json["faults"]] == [
        "LOGIN",
        "--person",
        "--office",
        "--role",
    ]
    assert record(*ADD).code == 0
    assert record(*ADD).code == 2
    for do in ("deactivate", "invite", "remove-second-factor"):
        assert record("staff", do, "nobody").code == 2
