"""The overview says of many cases what counting each of them says, as the reports define it; and everybody can read it."""

import re
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import pytest
from playwright.async_api import Browser as Chromium
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.age import AGE_WORDS
from domain.case.casefile import Case
from domain.case.duties import light_of_case
from domain.contract import Contract, owed_since
from domain.reports.figures import LAST_STAGES, Past, figures_of, total
from domain.reports.periods import Period, ReportKind
from domain.rules import is_below
from domain.value import Light, Stage
from office.packs import load_pack
from portal.pages.overview import side_by_side
from portal.showing.charts import Bar, Caption, bars, columns
from portal.showing.diagrams import Beside, ranked
from schema import casefiles
from schema.seen.overview import Held, Month, Sums, held_in
from schema.seen.sight import Sight
from tests.domain.test_reports import POINTS, story
from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.visits import PASSWORD, Browser, Served, add_person, opened, sign_in
from tests.stack import CITY, DISTRICT, until_closed, until_planned

TODAY: Final = date(2026, 2, 28)
OFFICES: Final = ("620000", "620100", "620105", "620102", "620302")
DEBTORS: Final = ("organ", "institution", "soe", "large_enterprise", "platform", "private", "unknown")
WAN: Final = 10**6
AMOUNTS: Final = (
    None,
    1,
    50 * WAN,
    50 * WAN + 1,
    500 * WAN - 1,
    500 * WAN,
    2000 * WAN,
    2000 * WAN + 1,
    10**16,
)
DAYS: Final = (
    date(2026, 2, 28),
    date(2025, 3, 1),
    date(2025, 2, 28),
    date(2023, 2, 28),
    date(2023, 2, 27),
    date(2024, 2, 29),
)
CONTRACTS: Final = (
    None,
    Contract(settled_on=date(2025, 1, 1)),
    *(
        Contract(accepted_on=day - timedelta(days=31), agreed_term_days=30)
        for day in (*DAYS, date(2026, 3, 9))
    ),
    Contract(signed_on=date(2021, 5, 1), delivered_on=date(2023, 1, 29)),
    Contract(signed_on=date(2025, 6, 1), settled_on=date(2025, 12, 30), agreed_term_days=90),
    Contract(signed_on=date(2025, 6, 1), accepted_on=date(2025, 12, 30)),
)


def crowd(seed: int, size: int = 200) -> list[Case]:
    """Cases that have come as far as a story, with parties, days and offices of their own."""
    chance = Random(seed)
    cases = []
    for number in range(size):
        case = story(chance.choice(POINTS)).case
        debtor = case.receipt.debtor.model_copy(update={"kind": chance.choice(DEBTORS)})
        receipt = case.receipt.model_copy(
            update={"debtor": debtor, "received_on": chance.choice(DAYS), "claimed": chance.choice(AMOUNTS)}
        )
        route = tuple(chance.sample(OFFICES, chance.choice((1, 1, 2))))
        receipt = receipt.model_copy(update={"contract": chance.choice(CONTRACTS)})
        changed = {"case_no": f"QQ-{route[0]}-2026-{number:04d}", "receipt": receipt, "route": route}
        cases.append(case.model_copy(update=changed))
    return cases


async def kept(engine: AsyncEngine, cases: list[Case]) -> None:
    """Cases in the read model."""
    async with engine.begin() as connection:
        for case in cases:
            await casefiles.save_case(connection, case, "0" * 64, is_new=True)


def of_subtree(cases: list[Case], office: str) -> list[Case]:
    """What an office and those below it hold."""
    return [case for case in cases if case.holder == office or is_below(case.holder, office)]


def sums_of(cases: list[Case]) -> Sums:
    """The sums of some cases as the reports define them."""
    period = Period(ReportKind.DAY, TODAY, TODAY)
    told = total(figures_of(Past(case), period) for case in cases)
    return Sums(
        cases=told.cases.total,
        open=told.cases.open,
        claimed_fen=told.amounts.claimed_fen,
        unverified=told.amounts.unverified,
        unrecognised=told.amounts.unrecognised,
        recognised_fen=told.amounts.recognised_fen,
        undisputed_fen=told.amounts.undisputed_fen,
        cleared_fen=told.amounts.cleared_fen,
        outstanding_fen=told.amounts.outstanding_fen,
        outstanding_open_fen=told.amounts.outstanding_open_fen,
    )


def is_late(case: Case) -> bool:
    """Whether it has a yellow or a red light."""
    return case.ended is None and light_of_case(case, TODAY) in (Light.YELLOW, Light.RED)


def age_of(case: Case) -> str:
    """How long it has been owed, on 28 February 2026."""
    since = owed_since(case.receipt.contract, case.governed)
    if since is None:
        return "unknown"
    if since.on > date(2025, 2, 28):
        return "under_1"
    return "1_to_3" if since.on >= date(2023, 2, 28) else "over_3"


def band_of(case: Case) -> str | None:
    """The band of what is recognised, or claimed, if that has an amount."""
    claimed_fen = None if case.ended is Stage.MERGED else case.receipt.claimed
    fen = sums_of([case]).recognised_fen or claimed_fen
    if fen is None:
        return None
    if fen <= 50 * WAN:
        return "to_50"
    if fen < 500 * WAN:
        return "under_500"
    return "to_2000" if fen <= 2000 * WAN else "over_2000"


def by(cases: list[Case], kind: Any) -> dict[str, Sums]:
    """The sums of each kind."""
    return {
        name: sums_of([case for case in cases if kind(case) == name])
        for name in {kind(case) for case in cases} - {None}
    }


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
async def test_an_overview_is_the_sum_of_its_cases(engine: AsyncEngine, seed: int) -> None:
    cases = crowd(seed)
    await kept(engine, cases)
    for office in ("620000", "620100", "620105", "620300", "620200"):
        held = of_subtree(cases, office)
        open_ones = [case for case in held if case.ended is None]
        async with engine.connect() as connection:
            found = await held_in(connection, Sight.of_office(office), TODAY)
        months = found.months
        assert found == Held(
            months=months,
            late=Counter(case.holder for case in held if is_late(case)),
            total=sums_of(held),
            by_holder=by(held, lambda case: case.holder),
            by_stage=by(held, lambda case: case.stage.value),
            by_light=by(open_ones, lambda case: light_of_case(case, TODAY).value),
            by_debtor=by(held, lambda case: case.receipt.debtor.kind),
            by_age=by(open_ones, age_of),
            by_band=by(held, band_of),
        )
    assert {case.stage for case in cases} >= {*LAST_STAGES, Stage.PAYMENT, Stage.REVIEW}
    assert {age_of(case) for case in cases} == set(AGE_WORDS)


async def test_months_are_those_of_receipt_and_of_confirmations_that_stand(engine: AsyncEngine) -> None:
    cases = crowd(7)
    await kept(engine, cases)
    received = Counter(case.receipt.received_on.replace(day=1) for case in cases)
    confirmed: Counter[date] = Counter()
    for case in cases:
        for payment in case.payments:
            if payment.state == "confirmed":
                confirmed[payment.since.replace(day=1)] += payment.amount_fen
    async with engine.connect() as connection:
        months = (await held_in(connection, Sight.of_office("620000"), TODAY)).months
        assert (await held_in(connection, Sight.of_office("630000"), TODAY)).months == []
    assert {month.first: month.received for month in months if month.received} == received
    assert {month.first: month.confirmed_fen for month in months if month.confirmed_fen} == confirmed
    assert sum(month.confirmed_fen for month in months) == sum(case.cleared_fen for case in cases)
    assert sum(month.claimed_fen for month in months) == sum(sums_of([case]).claimed_fen for case in cases)
    firsts = [month.first for month in months]
    assert firsts == sorted(set(firsts))
    assert len(firsts) == 1 + (firsts[-1].year - firsts[0].year) * 12 + firsts[-1].month - firsts[0].month
    assert Month(firsts[0]).received == 0


async def test_columns_of_cases_recorded_before_are_filled_in(engine: AsyncEngine) -> None:
    """What the migration reads out of a state is what is written beside it. There were no appeals yet."""
    await kept(engine, [case for case in crowd(11, 60) if case.appeal is None])
    async with engine.begin() as connection:
        before = (await connection.execute(text("TABLE case_file"))).all()
        await connection.execute(text(_FORGET))
        migration: Any = __import__("schema.migrations.versions.0005_the_window", fromlist=["CASES"])
        (fill,) = (statement for statement in migration.CASES if "UPDATE case_file" in statement)
        await connection.execute(text(fill))
        after = (await connection.execute(text("TABLE case_file"))).all()
    assert sorted(map(repr, after)) == sorted(map(repr, before))


_FORGET = """
    UPDATE case_file SET creditor = '', creditor_code = '', debtor = '', debtor_code = '', debtor_kind = '', channel = '',
        migrant_wages = NOT migrant_wages, livelihood = NOT livelihood, claimed_fen = 0, undisputed_fen = 0, disputed_fen = 0,
        not_yet_due_fen = 0, included_fen = 0, confirmed_on = '{}', confirmed_fen = '{}', awaited = '{}'
"""


def test_offices_stand_side_by_side_with_all_that_is_below_them() -> None:
    offices = load_pack("gansu").offices
    cases = {"620000": 1, "620100": 2, "620105": 4, "620302": 8, "999999": 16}
    beside = side_by_side(holding(cases), "620000", offices)
    assert beside["620100"] == Beside(Sums(6), 60)
    assert beside["620300"] == Beside(Sums(8), 80)
    assert beside["620000"] == Beside(Sums(17), 170)
    assert beside["620200"] == Beside()
    assert "620105" not in beside
    one = holding({"620105": 4})
    assert side_by_side(one, "620105", offices) == {"620105": Beside(Sums(4), 40)}
    assert side_by_side(one, "620100", offices)["620105"] == Beside(Sums(4), 40)


def holding(cases: dict[str, int]) -> Held:
    """So many cases of each holder, and ten times as many late ones."""
    by_holder = {office: Sums(count) for office, count in cases.items()}
    late = {office: 10 * count for office, count in cases.items()}
    return Held(Sums(), by_holder, {}, {}, {}, {}, {}, late, [])


def test_the_ranking_goes_by_exact_rates_and_equal_ones_share_a_place() -> None:
    sums = {
        "a": Beside(Sums(cleared_fen=1, recognised_fen=3, outstanding_fen=2), 1),
        "b": Beside(Sums(cleared_fen=10**15, recognised_fen=3 * 10**15, outstanding_fen=9)),
        "c": Beside(Sums(cleared_fen=10**15 + 1, recognised_fen=3 * 10**15)),
        "d": Beside(Sums(cases=3)),
        "e": Beside(Sums(recognised_fen=5, outstanding_fen=5), 7),
    }
    order = [(rank.office, rank.place) for rank in ranked(sums, {}, "rate")]
    assert order == [("c", 1), ("a", 2), ("b", 2), ("e", 4), ("d", None)]
    assert [rank.office for rank in ranked(sums, {}, "outstanding")] == ["b", "e", "a", "c", "d"]
    assert [rank.office for rank in ranked(sums, {}, "late")] == ["e", "a", "b", "c", "d"]


def test_a_chart_is_one_image_with_a_name_and_no_styles() -> None:
    caption = Caption("by-x", "按<阶段>", "说明 & more")
    for svg in (
        bars((Bar("受理", 3, "3 件"), Bar("<b>", 0, "0 件")), caption),
        columns((Bar("2026-01", 2, "2"),) * 7, caption),
    ):
        assert svg.startswith(
            '<svg class="chart" role="img" aria-labelledby="by-x-title" aria-describedby="by-x-about"'
        )
        assert (
            '<title id="by-x-title">按&lt;阶段&gt;</title><desc id="by-x-about">说明 &amp; more</desc>' in svg
        )
        assert svg.count("role=") == 1
        assert not re.search(r"style|<b>|font-family|href|script", svg)
    assert "受理</text>" in bars((Bar("受理", 3, "3 件"),), caption)
    assert bars((), caption).endswith("</svg>")
    assert columns((), caption).endswith("</svg>")


@pytest.mark.long
async def test_the_page_prints_every_rate_with_its_two_numbers(portal: Browser) -> None:
    await opened(portal.desk, *until_planned("300万元"))
    await opened(portal.desk, *until_closed("100万元"))
    await sign_in(portal, CITY)
    page = (await portal.get("/desk/overview")).text
    for told in (
        "兰州市清欠办",
        "25.00%",
        "300.00万元",
        "400.00万元",
        "1,000,000.00元",
        "截至",
        "一案一计",
        "安宁区清欠办",
        "平台公司",
    ):
        assert told in page, told
    assert page.count("<svg") == 8
    assert "25.00%" in (await portal.get("/desk/overview?lang=en")).text
    own = (await portal.get(f"/desk/overview?office={DISTRICT}")).text
    assert own.count("<svg") == 7
    assert (await portal.get("/desk/overview?order=late&office=")).status_code == 200


async def test_nothing_over_nothing_is_no_rate(portal: Browser) -> None:
    await sign_in(portal, "620200")
    page = (await portal.get("/desk/overview")).text
    assert "分母为零" in page
    assert "%" not in re.sub(r"<style.*?</style>", "", page)


async def test_an_overview_is_of_ones_own_offices(portal: Browser) -> None:
    await opened(portal.desk)
    await sign_in(portal, DISTRICT)
    for office in (CITY, "620000", "620102", "nobody", "%", "62010"):
        assert (await portal.get("/desk/overview", params={"office": office})).status_code == 404, office
    assert (await portal.another().get("/desk/overview")).status_code == 303


@pytest.mark.parametrize("settings", [{}, {"viewport": PHONE}, {"java_script_enabled": False}], ids=str)
async def test_everybody_can_read_it(chromium: Chromium, served: Served, settings: dict[str, Any]) -> None:
    await opened(served.desk, *until_planned())
    await opened(served.desk, *until_closed())
    login = await add_person(served.window, CITY, ["head"], person="高", password=PASSWORD)
    async with opened_page(chromium, served.url, **settings) as page:
        await page.goto("/sign-in")
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.click("main button")
        await page.goto("/desk/overview")
        assert await page.locator("h1").inner_text() == "兰州市清欠办 · 总览"
        for summary in await page.locator("main details > summary").all():
            await summary.click()
        if settings.get("java_script_enabled", True):
            assert await faults(page) == []
        assert await width_beyond(page) == 0
        for chart in await page.locator("svg.chart").all():
            box = await chart.bounding_box()
            assert box is not None
            assert box["width"] >= 570, "its words stay as large as the page's"
