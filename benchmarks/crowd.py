"""A crowd of cases in the read model: some that were decided by the rules, multiplied over a province by one SQL statement.

The offices are those of the Gansu pack: a quarter of the cases are in Lanzhou, the others spread evenly over the other cities and
their districts; one in six was forwarded from the city or the province. They were received evenly over six years, and most of the
recent ones are open. Only `case_file`, `sighting`, `tally` and `registration` are filled: there are no journals, ledgers or workflows.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.lives import commands_of, receipt_of
from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import begin, carry_out, receive
from domain.receipt import NO_CONTACTS
from domain.rules import Rules
from domain.value import Stage
from office.calendar.loading import published_calendar
from office.packs import load_pack
from schema import casefiles
from schema.registry import register_case
from schema.spelling import spell
from schema.tallies import tally_anew

TODAY: Final = date(2026, 3, 10)

_FIRST: Final = date(2019, 1, 1)
_DECIDED: Final = "QQ-620105-2019-{:04d}"
"""The numbers of the decided cases, by how many steps they have taken. The crowd's cases are of later years."""

_STEPS: Final = {
    Stage.INTAKE: 1,
    Stage.REFUSED: 1,
    Stage.TRANSFER: 2,
    Stage.VERIFICATION: 4,
    Stage.UNFOUNDED: 4,
    Stage.WITHDRAWN: 5,
    Stage.FUNDING: 6,
    Stage.BONDING: 7,
    Stage.PAYMENT: 9,
    Stage.JUDICIAL: 9,
    Stage.REVIEW: 10,
    Stage.CLOSED: 12,
}
"""The step after which a decided case represents a stage. Status pages read its whole state."""

_INDEXES: Final = text(
    """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename IN ('sighting', 'case_file') AND indexname NOT LIKE '%\\_pkey'
    """
)


async def begin_crowd(connection: AsyncConnection) -> None:
    """Insert the decided cases, and create the SQL function that multiplies them."""
    for number, (case, rules) in enumerate(_lives(), 1):
        receipt = case.receipt.model_copy(update={"received_on": _FIRST})
        case_no = await register_case(connection, receipt, rules, "none", NO_CONTACTS)
        assert case_no == _DECIDED.format(number)
        decided = case.model_copy(update={"case_no": case_no})
        await casefiles.save_case(connection, decided, "0" * 64, is_new=True)
    await connection.exec_driver_sql((Path(__file__).parent / "crowd.sql").read_text("utf-8"))


def _lives() -> Iterator[tuple[Case, Rules]]:
    """A case after its receipt, and after each command of its life."""
    rules = load_pack("gansu").for_case(published_calendar(TODAY))
    now = business_instant(TODAY, 10)
    case = begin("case", receive("case", receipt_of(TODAY), rules, now))
    yield case, rules
    for command in commands_of(TODAY):
        case = carry_out(case, command, rules, now).case
        yield case, rules


async def add_crowd(connection: AsyncConnection, first: int, last: int, of_all: int) -> None:
    """Insert cases number `first` to `last` of a crowd of `of_all`."""
    given = {
        "first": first,
        "last": last,
        "of_all": of_all,
        "today": TODAY,
        "slots": list(_slots()),
        "names": json.dumps(dict(load_pack("gansu").offices)),
        "templates": json.dumps({stage: _DECIDED.format(steps) for stage, steps in _STEPS.items()}),
    }
    await connection.execute(text("SELECT setseed(:seed)"), {"seed": 1 / (1 + first)})
    await connection.execute(_ADD, given)


_ADD: Final = text(
    """
    SELECT multiply(:first, :last, :of_all, CAST(:today AS date), CAST(:slots AS text[]),
        CAST(:names AS jsonb), CAST(:templates AS jsonb))
    """
)


def _slots() -> Iterator[str]:
    """The districts, each repeated in proportion to its share of the cases."""
    offices = load_pack("gansu").offices
    cities = sorted(code for code in offices if code.endswith("00") and not code.endswith("0000"))
    for city in cities:
        below = sorted(code for code in offices if code.startswith(city[:4]) and code != city) or [city]
        for place in range(250 if city == "620100" else 750 // (len(cities) - 1)):
            yield below[place % len(below)]


async def drop_indexes(connection: AsyncConnection) -> list[str]:
    """Drop the indexes and disable the triggers that would slow down the insertion of a crowd; returns the statements that create the
    indexes again.
    """
    found = (await connection.execute(_INDEXES)).all()
    for index in found:
        await connection.execute(text(f"DROP INDEX {index.indexname}"))
    await connection.execute(text("ALTER TABLE case_file DISABLE TRIGGER USER"))
    return [index.indexdef for index in found]


async def make_indexes(connection: AsyncConnection, definitions: list[str]) -> None:
    """Create the indexes again, and fill the offices' rows in `sighting` and the tallies."""
    await connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    await connection.run_sync(spell)
    await connection.execute(text("ALTER TABLE case_file ENABLE TRIGGER USER"))
    await connection.execute(text("TRUNCATE sighting"))
    await connection.execute(
        text("INSERT INTO sighting SELECT seen.* FROM case_file, sightings(case_file) seen")
    )
    for definition in definitions:
        await connection.execute(text(definition))
    await tally_anew(connection)
