"""The desk's lists find what a look at every case would find, page by page, and nothing that is not the reader's to see."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.rules import is_below
from domain.value import Light, Mode, Stage
from schema.seen import desk
from schema.seen.desk import DeskRow, Filters, NotAKey, listed
from schema.seen.sight import Sight
from schema.tables import case_file
from tests.portal.crowd import CODES, NAMES, OFFICES, PEOPLE, TITLES, TODAY, fill, made_up

SEARCHES: Final = (
    *(
        "路",
        "道路",
        "道路工程款",
        "路 款",
        "road",
        "anning 区",
        "100%",
        "_",
        "%",
        "兰州 道路",
        "qq",
        "QQ-6201",
        "qq-620105-2026-00",
    ),
    *(
        "91620000MA00000X01",
        "91620100MA00000Y02",
        "91620000ma00000x01",
        "没有这样的案件",
        "\0",
        "   ",
        "QQ-%",
        "'",
    ),
)


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose changes stay its own."""
    async with engine.connect() as connected:
        yield connected


def sees(office: str, row: dict[str, Any]) -> bool:
    """Whether an office is on the route of a case, or above one that is."""
    return any(office == passed or is_below(passed, office) for passed in row["route"])


def light_of(row: dict[str, Any]) -> str:
    """The worst light that has been reached."""
    reached = [light.value for light in list(Light)[1:] if (day := row[f"{light}_on"]) and day <= TODAY]
    return (reached or ["none"])[-1]


def fits(row: dict[str, Any], filters: Filters, asks: str) -> bool:
    """Whether a case is what an office asks for, told from what it says of itself."""
    on_desk = (row["holder"], row["assigned_to"]) == (filters.office or asks, filters.assigned_to)
    return (
        (not filters.office or filters.office in (row["office"], row["holder"]))
        and (not filters.stage or filters.stage == row["stage"])
        and (not filters.light or filters.light == light_of(row))
        and (not filters.mode or filters.mode == row["mode"])
        and (not filters.q or is_found_by(row, filters.q.lower().split()))
        and (not filters.assigned_to or on_desk)
    )


def is_found_by(row: dict[str, Any], words: list[str]) -> bool:
    """Whether a case is found by a number's beginning, a code, or words."""
    if words and words[0].startswith("qq") and not words[0][2:].strip("-0123456789"):
        return row["case_no"].lower().startswith(words[0])
    if words and len(words[0]) == 18:
        return words[0] in ((row["creditor_code"] or "").lower(), (row["debtor_code"] or "").lower())
    texts = [row[name].lower() for name in ("title", "creditor", "debtor")]
    return all(any(word in text for text in texts) for word in words)


def chosen(chance: Random) -> Filters:
    """Some filters, most often none, one or two."""
    choices = (OFFICES, [*Stage, "nowhere"], [*Light, "green"], [*Mode, "gently"], SEARCHES, PEOPLE)
    odds = (*[0.35] * 5, 0.15)
    return Filters(
        *(
            str(chance.choice(kinds)) if chance.random() < one else None
            for kinds, one in zip(choices, odds, strict=True)
        )
    )


async def whole(connection: AsyncConnection, sight: Sight, filters: Filters, size: int) -> list[DeskRow]:
    """All pages of a list."""
    rows, after = await listed(connection, sight, TODAY, filters=filters, size=size)
    while after is not None:
        page, after = await listed(connection, sight, TODAY, filters=filters, after=after, size=size)
        assert page
        rows += page
    return rows


@pytest.mark.parametrize("looked", [desk.LOOKED, 3], ids=["looking", "by the index of words"])
@pytest.mark.parametrize("seed", range(6))
async def test_a_list_is_what_filtering_every_case_would_give(
    connection: AsyncConnection, seed: int, looked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LOOKED", looked)
    chance = Random(seed)
    rows = [made_up(chance, number) for number in range(160)]
    await fill(connection, rows)
    rows.sort(key=lambda row: (row["received_on"], row["case_no"]), reverse=True)
    found = 0
    for _ in range(80):
        office, filters = chance.choice(OFFICES), chosen(chance)
        expected = (
            [row for row in rows if sees(office, row) and fits(row, filters, office)]
            if filters.q != "\0"
            else []
        )
        size = chance.choice((1, 7, 200) if len(expected) < 25 else (7, 200))
        told = await whole(connection, Sight.of_office(office), filters, size)
        assert [row.case_no for row in told] == [row["case_no"] for row in expected], (office, filters)
        for row, known in zip(told, expected, strict=True):
            shown = {**row._asdict()}
            assert shown.pop("light") == light_of(known)
            assert shown == {name: known[name] for name in shown}
        found += len(told)
    assert found > 200


async def test_every_way_to_search_finds_something_here(connection: AsyncConnection) -> None:
    """The comparison above is worth something."""
    rows = [made_up(Random(1), number) for number in range(3)]
    rows += [made_up(Random(seed), seed) for seed in range(3, 160)]
    for word in SEARCHES[:15]:
        assert any(is_found_by(row, word.lower().split()) for row in rows), word
    assert {*TITLES, *NAMES, *CODES} >= {row["title"] for row in rows}


async def test_an_enterprise_lists_its_own_case_and_nobody_lists_nothing(connection: AsyncConnection) -> None:
    chance = Random(5)
    rows = [made_up(chance, number) for number in range(40)]
    await fill(connection, rows)
    for row in rows[:5]:
        sight = Sight.of_party(row["case_no"])
        assert [shown.case_no for shown in await whole(connection, sight, Filters(), 1)] == [row["case_no"]]
        for other in rows[5:10]:
            assert await whole(connection, sight, Filters(q=other["case_no"]), 1) == []
    assert await whole(connection, Sight(), Filters(), 5) == []
    assert await whole(connection, Sight(), Filters(office="620000", q="道路"), 5) == []


async def test_paging_visits_each_case_once_while_cases_are_added(connection: AsyncConnection) -> None:
    chance = Random(9)
    rows = [made_up(chance, number) for number in range(90)]
    await fill(connection, rows)
    expected = {row["case_no"] for row in rows if sees("620100", row)}
    visited, after, number = [], None, 1000
    while True:
        page, after = await listed(connection, Sight.of_office("620100"), TODAY, after=after, size=5)
        visited += [row.case_no for row in page]
        if after is None:
            break
        more = [made_up(chance, number + extra) for extra in range(7)]
        await fill(connection, more)
        number += 7
    assert len(visited) == len(set(visited))
    assert expected <= set(visited)


@pytest.mark.parametrize(
    "after", ["", "nonsense", "2026-03-10", "2026-13-40.QQ-620105-2026-0001", "2026-03-10.案", "2026-03-10. "]
)
async def test_a_key_that_no_page_gave_is_refused(connection: AsyncConnection, after: str) -> None:
    with pytest.raises(NotAKey):
        await listed(connection, Sight.of_office("620000"), TODAY, after=after)


async def test_who_sees_a_case_follows_its_way(connection: AsyncConnection) -> None:
    """Whatever is done to the read model, offices see what their columns say: the lines are never older than the cases."""
    chance = Random(3)
    rows = [made_up(chance, number) for number in range(60)]
    await fill(connection, rows)
    await assert_lines_are_true(connection)
    for row in rows[:20]:
        await connection.execute(
            update(case_file)
            .where(case_file.c.case_no == row["case_no"])
            .values(
                {
                    name: made_up(chance, 0)[name]
                    for name in ("route", "holder", "stage", "red_on", "received_on")
                }
            )
        )
    await connection.execute(update(case_file).where(case_file.c.stage == "closed").values(mode="referred"))
    await assert_lines_are_true(connection)
    await connection.execute(
        delete(case_file).where(case_file.c.case_no.in_([row["case_no"] for row in rows[:9]]))
    )
    await assert_lines_are_true(connection)


_DIFFERENCES: Final = text(
    """
    WITH told AS (
        SELECT code AS office, received_on, sequence, code IN (office, holder) AS is_own, stage, mode,
            coalesce(blue_on, 'infinity'), coalesce(yellow_on, 'infinity'), coalesce(red_on, 'infinity'),
            coalesce(least(blue_on, yellow_on, red_on), 'infinity'), coalesce(due_on, 'infinity'), code = ANY (awaited)
        FROM case_file, unnest(seen_by) code)
    SELECT count(*) FROM (
        (TABLE told EXCEPT TABLE sighting) UNION ALL (TABLE sighting EXCEPT TABLE told)) AS differing
    """
)


async def assert_lines_are_true(connection: AsyncConnection) -> None:
    """`sighting` has a row for each case and office that sees it, and it says what the case says."""
    assert (await connection.execute(_DIFFERENCES)).scalar_one() == 0
    routes = (await connection.execute(select(case_file.c.route, case_file.c.seen_by))).all()
    assert routes
    for route, seen_by in routes:
        assert {office for office in OFFICES if sees(office, {"route": route})} == set(seen_by) & set(OFFICES)
