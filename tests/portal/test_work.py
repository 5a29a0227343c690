"""My work: everything that somebody's roles owe, page by page, and as a calendar."""

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from office.packs import use_packs_in
from portal.pages import work
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import CITY, CLERK, HEAD, order, until_closed, until_planned, until_recognised

INTAKE_ENDS = date(2023, 5, 12)
GANSU = Path("policies/gansu.toml").read_text("utf-8")


def duties_on(page: str) -> list[tuple[str, str]]:
    """The last day and the case of each line, in their order."""
    rows = re.findall(r'<time>([0-9-]+)<.*?href="/desk/cases/([^"]+)"', page, re.DOTALL)
    return [(day, case_no) for day, case_no in rows]


async def work_of(browser: Browser) -> set[str]:
    """The cases in which somebody owes something."""
    return {case_no for _, case_no in duties_on((await browser.get("/desk/work")).text)}


def tally_on(page: str) -> dict[str, int]:
    """The counters of the desk, by the list they lead to."""
    found = re.findall(r'href="/desk/work\?due=(\w+)">\s*<strong class="figure">(\d+)<', page)
    return {due: int(count) for due, count in found}


@pytest.mark.long
async def test_the_counters_lead_to_what_they_count(portal: Browser) -> None:
    for _ in range(3):
        await opened(portal.desk)
    await sign_in(portal)
    for passed, expected in (
        (-20, {"late": 0, "today": 0, "week": 0}),
        (-3, {"late": 0, "today": 0, "week": 3}),
        (0, {"late": 0, "today": 3, "week": 3}),
        (2, {"late": 3, "today": 0, "week": 0}),
    ):
        day = INTAKE_ENDS + timedelta(days=passed)
        portal.desk.now = portal.desk.now.replace(month=day.month, day=day.day)
        told = tally_on((await portal.get("/desk")).text)
        assert told == expected, day
        for due, count in told.items():
            assert len(duties_on((await portal.get(f"/desk/work?due={due}")).text)) == count, (day, due)


@pytest.mark.long
async def test_the_counter_of_the_parties_leads_to_what_it_counts_late_ones_too(portal: Browser) -> None:
    await opened(portal.desk, *until_recognised()[:-1])
    await sign_in(portal)
    counts = []
    for day in (date(2023, 5, 1), date(2023, 5, 6), date(2023, 6, 20)):
        portal.desk.now = portal.desk.now.replace(month=day.month, day=day.day)
        page = unescape((await portal.get("/desk")).text)
        ((address, count),) = re.findall(r'href="(/desk/work\?whose=parties&due=\w+)">\s*(\d+)', page)
        assert len(duties_on((await portal.get(address)).text)) == int(count), day
        counts.append(int(count))
    assert all(counts), "not yet due, due today and late"


@pytest.mark.long
async def test_a_submission_in_a_closed_case_is_owed_by_the_head_above_alone(portal: Browser) -> None:
    reverse = order("reverse", CLERK, voucher="PZ-1", why="returned", reference="退1号")
    case = await opened(portal.desk, *until_closed())
    await sign_in(portal, office=CITY, roles=["head"], person="高")
    assert await work_of(portal) == set()
    await portal.desk.cases.act(case.case_no, reverse)
    assert await work_of(portal) == {case.case_no}
    await sign_in(portal, roles=["head"], person="孙")
    assert await work_of(portal) == set()


@pytest.mark.long
async def test_an_office_that_the_rules_in_force_have_no_more_still_has_its_cases(
    portal: Browser, tmp_path: Path
) -> None:
    """Its cases live by the rules that they were entered by: it owes what it owed, and is called by its name."""
    case = await opened(portal.desk)
    later = GANSU.replace('620105 = "安宁区清欠办"\n', "").replace(
        "effective_on = 2023-01-01", "effective_on = 2023-04-01"
    )
    (tmp_path / "gansu-later.toml").write_text(later, "utf-8")
    use_packs_in(str(tmp_path))
    try:
        assert "620105" not in portal.window.pack.offices
        for office in ("620105", CITY):
            await sign_in(portal, office=office)
            page = (await portal.get("/desk/overview")).text
            assert "安宁区清欠办" in page
        await sign_in(portal)
        assert await work_of(portal) == {case.case_no}
        assert (await portal.get("/desk?office=620105")).text.count(case.case_no) > 0
        assert (await portal.get("/desk/export")).status_code == 200
    finally:
        use_packs_in(None)


@pytest.mark.parametrize("address", ["/desk", "/desk/work"])
async def test_a_day_that_is_filtered_by_stays_chosen(portal: Browser, address: str) -> None:
    await opened(portal.desk)
    await sign_in(portal)
    for due in ("2023-05-12", "2023-05-13", "week"):
        page = (await portal.get(f"{address}?due={due}")).text
        (select,) = re.findall(r'<select id="due".*?</select>', page, re.DOTALL)
        assert re.findall(r'<option value="([^"]*)" selected', select) == [due]


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ("light=bogus", "没有这样的阶段"),
        ("stage=bogus", "没有这样的阶段"),
        ("mode=bogus", "没有这样的阶段"),
        ("office=620302", "没有这个办公室"),
        ("office=620100", "没有这个办公室"),
        ("office=x", "没有这个办公室"),
    ],
)
async def test_an_unknown_word_is_said_and_filters_nothing(portal: Browser, unknown: str, said: str) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal)
    page = (await portal.get(f"/desk?{unknown}&q=道路")).text
    assert said in page
    assert "这一项没有起作用" in page
    assert case_no in page
    assert "left out" in (await portal.get(f"/desk?{unknown}&q=道路&lang=en")).text


@pytest.mark.long
async def test_all_of_it_is_listed_by_last_day_page_by_page(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PAGE", 2)
    first = [(await opened(portal.desk)).case_no for _ in range(3)]
    later = (await opened(portal.desk, *until_recognised()[:2])).case_no
    await sign_in(portal)
    seen: list[tuple[str, str]] = []
    address = "/desk/work"
    while address:
        page = (await portal.get(address)).text
        seen += duties_on(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(found[1]) if found else ""
    assert [case_no for _, case_no in seen] == [*first, later]
    assert seen == sorted(seen)


@pytest.mark.long
async def test_what_waits_for_the_parties_is_listed_apart(portal: Browser) -> None:
    case_no = (await opened(portal.desk, *until_planned())).case_no
    await sign_in(portal)
    assert case_no not in (await portal.get("/desk/work")).text
    page = (await portal.get("/desk/work?whose=parties")).text
    assert case_no in page
    assert "债务人" in page
    finance = portal.another()
    await sign_in(finance, roles=["finance"])
    assert case_no not in (await finance.get("/desk/work?whose=parties")).text


@pytest.mark.long
async def test_what_is_on_another_clerk_s_desk_is_not_mine_until_that_clerk_has_left(
    portal: Browser,
) -> None:
    mine = (await opened(portal.desk, order("assign", HEAD, person="李 敏"))).case_no
    another_s = (await opened(portal.desk, order("assign", HEAD, person="赵"))).case_no
    nobody_s = (await opened(portal.desk)).case_no
    mistyped = (await opened(portal.desk, order("assign", HEAD, person="李每"))).case_no
    stranger, head = portal.another(), portal.another()
    login = await sign_in(stranger, person="赵", roles=["clerk"])
    await sign_in(portal, person="李敏")
    assert await work_of(portal) == {mine, nobody_s, mistyped}
    assert await work_of(stranger) == {another_s, nobody_s, mistyped}
    await sign_in(head, roles=["head"])
    assert (await head.submit("/people/active", {"login": login, "active": "no"})).status_code == 303
    assert await work_of(portal) == {mine, nobody_s, mistyped, another_s}


@pytest.mark.long
async def test_a_calendar_counts_each_day_and_leads_to_it(portal: Browser) -> None:
    for _ in range(2):
        await opened(portal.desk)
    await opened(portal.desk, *until_planned())
    await sign_in(portal)
    page = (await portal.get("/desk/calendar?month=2023-05")).text
    own = re.findall(r'href="(/desk/work\?due=2023-05-12)"[^>]*>(\d+)<', page)
    assert own == [("/desk/work?due=2023-05-12", "2")]
    assert len(duties_on((await portal.get(own[0][0])).text)) == 2
    day, _ = duties_on((await portal.get("/desk/work?whose=parties")).text)[0]
    other = (await portal.get(f"/desk/calendar?month={day[:7]}")).text
    assert f"/desk/work?whose=parties&due={day}" in unescape(other)
    labour_day = re.search(r'<td class="rests">\s*<time datetime="2023-05-01"', page)
    working_saturday = re.search(r'<td class="rests">\s*<time datetime="2023-05-06"', page)
    assert labour_day
    assert not working_saturday


async def test_months_follow_one_another_and_a_wrong_one_is_said(portal: Browser) -> None:
    await sign_in(portal)
    page = (await portal.get("/desk/calendar?month=2023-12")).text
    assert 'rel="prev" href="/desk/calendar?month=2023-11"' in page
    assert 'rel="next" href="/desk/calendar?month=2024-01"' in page
    assert "month=1999-12" not in (await portal.get("/desk/calendar?month=2000-01")).text
    assert 'rel="next"' not in (await portal.get("/desk/calendar?month=2099-12")).text
    for month in ("2023-13", "x", "0001-01", "9999-12"):
        answer = await portal.get(f"/desk/calendar?month={month}")
        assert answer.status_code == 200
        assert "没有这个月份" in answer.text, month


@pytest.mark.parametrize("after", ["x", "2023-05-12", "2023-13-01.QQ.intake.", "2023-05-12.案.intake."])
async def test_a_key_that_no_page_gave_is_refused(portal: Browser, after: str) -> None:
    await sign_in(portal)
    assert (await portal.get("/desk/work", params={"after": after})).status_code == 422


async def test_an_office_above_has_none_of_the_work_of_those_below(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal, CITY)
    assert duties_on((await portal.get("/desk/work")).text) == []
    assert "/desk/work?due" not in (await portal.get("/desk/calendar?month=2023-05")).text
