"""`qingqian reports …` as its users call it: lists, prints, and compiles for people who cannot wait."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from office.enquiries import today
from tests.cli.commands import Said, call
from tests.reports.office import move_money
from tests.stack import Desk, Servers, fen, until_closed, until_planned

Call = Callable[..., Awaitable[Said]]


@pytest.fixture
def qingqian(desk: Desk, servers: Servers) -> Call:
    """Calls `qingqian reports …` on the desk's database and namespace, where its worker runs."""
    where = {
        "DATABASE_URL": servers.url(str(desk.engine.url.database)),
        "TEMPORAL_ADDRESS": servers.address,
        "TEMPORAL_NAMESPACE": desk.client.namespace,
    }

    async def run(*arguments: str) -> Said:
        return await asyncio.to_thread(lambda: call("reports", *arguments, **where))

    return run


async def test_reports_are_compiled_listed_and_shown(desk: Desk, qingqian: Call) -> None:
    await desk.open(*until_closed())
    await desk.open(*until_planned("100万元"))
    made = await qingqian("compile", "month", "--as-of", "2023-05-01", "--json")
    assert made.code == 0, made
    assert made.json["ok"]
    assert (made.json["period_start"], made.json["period_end"]) == ("2023-04-01", "2023-04-30")
    numbers = ["RB-620000-2023-M04", "RB-620100-2023-M04", "RB-620105-2023-M04"]
    assert [one["number"] for one in made.json["reports"]] == numbers
    again = await qingqian("compile", "month", "--as-of", "2023-05-01", "--json")
    assert again.json == made.json
    assert (await qingqian("compile", "day", "--as-of", "2023-05-04")).code == 0

    listed = await qingqian("--json")
    assert len(listed.json["reports"]) == 6
    assert listed.json["reports"][0]["kind"] == "day", "the latest first"
    of_district = await qingqian("--office", "620105", "--kind", "month", "--json")
    assert of_district.json["reports"] == [made.json["reports"][2]]
    table = await qingqian("--kind", "month")
    assert all(number in table.out for number in numbers)

    shown = await qingqian("show", "RB-620105-2023-M04", "--json")
    figures = shown.json["figures"]
    assert figures["amounts"]["cleared_fen"] == fen("300万元")
    assert figures["rates"]["cleared_of_undisputed"] == {
        "numerator_fen": fen("300万元"),
        "denominator_fen": fen("400万元"),
        "rate": "75.00%",
    }
    text = (await qingqian("show", "RB-620105-2023-M04")).out
    assert "安宁区清欠办2023年4月清欠月报\n" in text
    assert "  无分歧清偿率:75.00%(300.00万元 ÷ 400.00万元)\n" in text


@pytest.mark.long
async def test_what_cannot_be_done_is_said(desk: Desk, qingqian: Call) -> None:
    case_no = await desk.open(*until_closed())
    unknown = await qingqian("show", "RB-620105-2023-M04", "--json")
    assert (unknown.code, unknown.json["faults"]) == (2, ["number: there is no report RB-620105-2023-M04"])
    early = await qingqian("compile", "year", "--as-of", f"{today().year + 1}-12-31", "--json")
    assert (early.code, early.json["refused"]["code"]) == (1, "date_in_future")
    holiday = await qingqian("compile", "day", "--as-of", "2023-05-01")
    assert (holiday.code, "非工作日" in holiday.out) == (0, True)
    nothing = await qingqian("compile", "month", "--as-of", "2023-04-01")
    assert (nothing.code, "没有案件" in nothing.out) == (0, True)
    assert (await qingqian("compile", "decade")).code == 2

    await move_money(desk.engine, "outside:nowhere", f"received:{case_no}", 1, "stray")
    differs = await qingqian("compile", "week", "--as-of", "2023-05-01", "--json")
    assert differs.code == 1
    assert (differs.json["ok"], differs.json["reports"]) == (False, [])
    assert differs.json["differences"] == [f"{case_no}: cleared: report 300.00万元, ledger 300.000001万元"]
    assert "账实不符" in (await qingqian("compile", "week", "--as-of", "2023-05-01")).out
