"""The desk's lists find what a look at every case would find, page by page, and nothing that is not the reader's to see."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.actors import person_key
from domain.names.claims import comparable
from domain.names.spelling import spelt
from domain.rules import is_below
from domain.value import Light, Mode, Stage
from schema.paging import NotAKey
from schema.seen import desk
from schema.seen.desk import DeskRow, Filters, Listing, Sort, listed
from schema.seen.sight import Sight
from schema.tables import case_file
from tests.portal.crowd import CODES, NAMES, OFFICES, PEOPLE, TITLES, TODAY, fill, made_up

SOUNDS: Final = (
    *(
        "daolu",
        "dlgck",
        "gansubayejianshe",
        "gsby",
        "GSBY",
        "anningqu",
        "an'ning",
        "ningxx",
        "nning",
        "b",
        "shi",
    ),
    *(
        "shizheng",
        "lzwgs",
        "lanzhouwatergongsi",
        "jcqhwj 道路",
        "daolu gongcheng",
        "jiugang100jituan",
        "jg1jt",
        "rw",
    ),
)
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
    *("17", "0017", "2026-0017", "2025-0017", "100"),
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
    *SOUNDS,
    *("pz-1", "银付(2026)7号", "PZ", "银付 〔2026〕 7号"),
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
    desk = (filters.office or asks, person_key(filters.assigned_to or ""))
    on_desk = (row["holder"], row["assigned_to"]) == desk
    return (
        (not filters.office or filters.office in (row["office"], row["holder"]))
        and (not filters.stage or filters.stage == row["stage"])
        and (not filters.light or filters.light == light_of(row))
        and (not filters.mode or filters.mode == row["mode"])
        and (not filters.q or is_found_by(row, filters.q.lower().split()))
        and (not filters.assigned_to or on_desk)
        and (not filters.debtor or is_owed_by(row, filters.debtor.lower().split()))
        and is_due(row, filters.due_from, filters.due_until)
        and (filters.least_fen is None or row["outstanding_fen"] >= filters.least_fen)
        and (filters.most_fen is None or row["outstanding_fen"] <= filters.most_fen)
    )


def is_due(row: dict[str, Any], first: date | None, last: date | None) -> bool:
    """Whether a last day that runs is between two."""
    if first is None and last is None:
        return True
    due_on = None if row["suspended"] else row["due_on"]
    return due_on is not None and (first or date.min) <= due_on <= (last or date.max)


def is_found_by(row: dict[str, Any], words: list[str]) -> bool:
    """Whether a case is found by a number's beginning or end, a code, or words."""
    if words and words[0].startswith("qq") and not words[0][2:].strip("-0123456789"):
        return str(row["case_no"]).lower().startswith(words[0])
    if words and len(words[0]) == 18 and words[0][2:8].isdigit():
        return words[0] in ((row[f"{name}_code"] or "").lower() for name in ("creditor", "debtor"))
    texts = [row[name] for name in ("title", "creditor", "debtor")]
    ends = len(words) == 1 and is_end(row["case_no"], words[0])
    pays = bool(words) and comparable(" ".join(words)) in row["vouchers"]
    said = all(any(word in text.lower() or sounds(word, text) for text in texts) for word in words)
    return ends or pays or said


def sounds(word: str, name: str) -> bool:
    """Whether a name sounds like a word from some syllable on, spelt out or by initials."""
    typed, syllables = word.replace("'", ""), spelt(name).split()
    if len(typed) < 2 or not typed.isascii() or not typed.isalnum() or typed.isdigit():
        return False
    rests = [syllables[place:] for place in range(len(syllables))]
    return any(f(rest).startswith(typed) for rest in rests for f in ("".join, initials))


def initials(syllables: list[str]) -> str:
    """The first letter of each."""
    return "".join(syllable[0] for syllable in syllables)


def is_owed_by(row: dict[str, Any], words: list[str]) -> bool:
    """Whether the debtor has this code, or these words in its name."""
    if words and len(words[0]) == 18 and words[0][2:8].isdigit():
        return words[0] == (row["debtor_code"] or "").lower()
    return all(word in row["debtor"].lower() or sounds(word, row["debtor"]) for word in words)


def is_end(case_no: str, word: str) -> bool:
    """Whether a case number ends like this, with or without the year, its zeros written or not."""
    *_, year, number = case_no.split("-")
    *years, end = word.split("-")
    return end.isdigit() and int(end) == int(number) and years in ([], [year])


def in_order(rows: list[dict[str, Any]], sort: Sort) -> list[dict[str, Any]]:
    """Rows as a list of that order has them."""

    def rank(row: dict[str, Any]) -> int:
        if sort is Sort.DUE:
            return (date.max - row["due_on"]).days if row["due_on"] and not row["suspended"] else 0
        return row["outstanding_fen"] if sort is Sort.AMOUNT else 0

    return sorted(rows, key=lambda row: (rank(row), row["received_on"], row["case_no"]), reverse=True)


def chosen(chance: Random) -> Filters:
    """Some filters, most often none, one or two."""
    choices = (OFFICES, [*Stage, "nowhere"], [*Light, "green"], [*Mode, "gently"], SEARCHES, PEOPLE, SEARCHES)
    odds = (*[0.35] * 4, 0.3, 0.15, 0.1)
    narrowed: dict[str, Any] = {
        name: str(chance.choice(kinds))
        for name, kinds, one in zip(Filters._fields[:7], choices, odds, strict=True)
        if chance.random() < one
    }
    for name in ("due_from", "due_until"):
        if chance.random() < 0.15:
            narrowed[name] = TODAY + timedelta(days=chance.randrange(-4, 5))
    for name in ("least_fen", "most_fen"):
        if chance.random() < 0.15:
            narrowed[name] = chance.randrange(10**9)
    return Filters(**narrowed)


async def whole(
    connection: AsyncConnection, sight: Sight, filters: Filters, size: int, sort: Sort = Sort.RECEIVED
) -> list[DeskRow]:
    """All pages of a list."""
    rows, after = await listed(connection, sight, TODAY, Listing(filters, sort), size=size)
    while after is not None:
        page, after = await listed(connection, sight, TODAY, Listing(filters, sort), after=after, size=size)
        assert page
        rows += page
    return rows


@pytest.mark.long
@pytest.mark.parametrize("looked", [desk.LOOKED, 3], ids=["looking", "by the index of words"])
@pytest.mark.parametrize("seed", range(6))
async def test_a_list_is_what_filtering_every_case_would_give(
    connection: AsyncConnection, seed: int, looked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LOOKED", looked)
    chance = Random(seed)
    rows = [made_up(chance, number) for number in range(160)]
    await fill(connection, rows)
    found = 0
    for _ in range(120):
        office, filters, sort = chance.choice(OFFICES), chosen(chance), chance.choice(list(Sort))
        asked = [row for row in rows if sees(office, row) and fits(row, filters, office)]
        expected = in_order(asked, sort) if "\0" not in (filters.q, filters.debtor) else []
        size = chance.choice((1, 7, 200) if len(expected) < 25 else (7, 200))
        told = await whole(connection, Sight.of_office(office), filters, size, sort)
        assert [row.case_no for row in told] == [row["case_no"] for row in expected], (office, sort, filters)
        for row, known in zip(told, expected, strict=True):
            shown = {**row._asdict()}
            assert shown.pop("light") == light_of(known)
            assert shown.pop("on_desk_of") == known["state"]["assigned_to"]
            assert shown.pop("verified") == (known["stage"] == "unfounded")
            assert shown == {name: known[name] for name in shown}
        found += len(told)
    assert found > 200


async def test_every_way_to_search_finds_something_here(connection: AsyncConnection) -> None:
    """The comparison above is worth something."""
    rows = [made_up(Random(1), number) for number in range(3)]
    rows += [made_up(Random(seed), seed) for seed in range(3, 160)]
    nowhere = {"ningxx", "b", "PZ"}
    for word in (*SEARCHES[:14], *SEARCHES[18:20], *SOUNDS, *SEARCHES[-4:]):
        assert any(is_found_by(row, word.lower().split()) for row in rows) == (word not in nowhere), word
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
    for sort in Sort:
        with pytest.raises(NotAKey):
            await listed(connection, Sight.of_office("620000"), TODAY, Listing(sort=sort), after=after)


async def test_a_page_of_one_order_is_not_continued_in_another(connection: AsyncConnection) -> None:
    await fill(connection, [made_up(Random(2), number) for number in range(5)])
    _, after = await listed(connection, Sight.of_office("620000"), TODAY, size=1)
    assert after is not None
    for sort in (Sort.DUE, Sort.AMOUNT):
        with pytest.raises(NotAKey):
            await listed(connection, Sight.of_office("620000"), TODAY, Listing(sort=sort), after=after)


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
                    for name in ("route", "holder", "stage", "red_on", "received_on", "due_on", "suspended")
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
            coalesce(least(blue_on, yellow_on, red_on), 'infinity'), coalesce(due_on, 'infinity'), code = ANY (awaited),
            CASE WHEN suspended OR due_on IS NULL THEN 0 ELSE date '9999-12-31' - due_on END, outstanding_fen
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
