"""Bond batches in the window: opened once, looked at before the cut-off without a trace, moved by whom the decider allows."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from schema.tables import bond_allocation, event, transfer
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import CITY, HEAD, batch_order, until_planned
from tests.workflows.test_bonds import act, pass_cut_off

WRITTEN: Final = {
    "name": "2023年第一批一般债券",
    "kind": "general",
    "quota": "350万元",
    "opens_on": "2023-04-26",
    "allocates_on": "2023-05-26",
}
_FORM: Final = re.compile(r'<details class="act card" id="([a-z]+)-([a-z_]+)"')


async def send(client: Browser, batch_no: str, do: str, by: str, **fields: Any) -> Any:
    """Send the form of a command to a batch."""
    return await client.submit(f"/desk/batches/{batch_no}/commands", {"do": do, "as": by, **fields})


async def offered(client: Browser, batch_no: str) -> list[str]:
    """The commands that the page of a batch offers."""
    return [do for _, do in _FORM.findall((await client.get(f"/desk/batches/{batch_no}")).text)]


@pytest.mark.long
async def test_the_same_form_sent_twice_opens_one_batch(portal: Browser) -> None:
    await sign_in(portal, roles=["finance"])
    for _ in range(2):
        answer = await portal.submit("/desk/batches", WRITTEN | {"command_id": "web-once"})
        assert answer.headers["location"] == "/desk/batches/BB-620105-2023-01"
    page = (await portal.get("/desk/batches")).text
    assert re.findall(r'href="/desk/batches/(BB[^"]+)"', page) == ["BB-620105-2023-01"]
    assert "350.00万元" in page


async def test_a_batch_is_opened_by_whoever_is_signed_in_and_says_of_which_bonds_it_is(
    portal: Browser,
) -> None:
    await sign_in(portal, roles=["clerk", "finance"])
    answer = await portal.submit("/desk/batches", WRITTEN | {"kind": "special", "name": "清欠专项债券"})
    assert "专项债券" in (await portal.get("/desk/batches")).text
    batch_no = answer.headers["location"].rpartition("/")[2]
    assert (await portal.desk.batches.show(batch_no))["kind"] == "special"
    (entry,) = await portal.desk.cases.entries(batch_no)
    assert (entry.event.by.role, entry.event.by.party) == ("finance", "620105")
    assert entry.event.by.person is not None
    assert entry.event.account is not None


@pytest.mark.long
async def test_the_preview_asks_finance_about_spending_that_nobody_knows(portal: Browser) -> None:
    desk = portal.desk
    unknown = (await opened(desk, *until_planned("30万元"))).case_no
    known = (await opened(desk, *until_planned("80万元"), spending="capital")).case_no
    special = (await opened(desk, *until_planned("10万元", "special_bond"))).case_no
    batch_no = await desk.open_batch("100万元")
    preview = (await desk.batches.show(batch_no))["preview"]
    assert {row["case_no"]: (row["allocated_fen"] // 10**6, row["spending"]) for row in preview} == {
        unknown: (30, None),
        known: (70, "capital"),
    }
    await sign_in(portal, roles=["finance"])
    page = (await portal.get(f"/desk/batches/{batch_no}")).text
    assert "1 件申请的支出性质不明" in page
    assert re.findall("<td[^>]*>(资本性支出|不明)</td>", page) == ["不明", "资本性支出"]
    assert special not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quota": "很多"}, "quota"),
        ({"kind": "nothing"}, "kind"),
        ({"name": ""}, "name"),
        ({"allocates_on": "2023-04-25"}, "allocates_on"),
        ({"opens_on": "2023-06-01"}, "allocates_on"),
    ],
)
async def test_a_fault_is_said_at_its_field(portal: Browser, changes: dict[str, str], field: str) -> None:
    await sign_in(portal, roles=["finance"])
    answer = await portal.submit("/desk/batches", WRITTEN | {"do": "open_batch"} | changes)
    assert answer.status_code == 422
    assert f'id="field-finance-open_batch-{field}-fault"' in answer.text


async def test_a_clerk_opens_no_batch(portal: Browser) -> None:
    await sign_in(portal)
    assert _FORM.findall((await portal.get("/desk/batches")).text) == []
    assert (await portal.submit("/desk/batches", WRITTEN)).status_code == 403


@pytest.mark.long
async def test_the_preview_says_who_would_get_how_much_and_why_and_is_written_nowhere(
    portal: Browser,
) -> None:
    desk = portal.desk
    first = (await opened(desk, *until_planned("300万元"))).case_no
    second = (await opened(desk, *until_planned("80万元"), migrant_wages=True)).case_no
    third = (await opened(desk, *until_planned("10万元"))).case_no
    batch_no = await desk.open_batch("350万元")
    await sign_in(portal, roles=["head"])
    before = await traces(portal)
    page = (await portal.get(f"/desk/batches/{batch_no}")).text
    assert re.findall(r'<a href="/desk/cases/([^"]+)"', page) == [second, first, third]
    assert re.findall(r'<td[^>]* lang="zh-CN">([^<]+)</td>', page) == [
        "足额纳入",
        "额度只余 270.00万元，部分纳入，余额转入下一批",
        "额度已用完，转入下一批",
    ]
    assert "3 件申请共 390.00万元，可分得 350.00万元" in page
    assert await traces(portal) == before
    await pass_cut_off(desk, batch_no)
    given = (await desk.batches.show(batch_no))["allocations"]
    assert [row["case_no"] for row in given] == [second, first, third]


async def traces(client: Browser) -> list[int]:
    """How many rows a look might have left."""
    async with client.window.engine.connect() as connection:
        return [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (event, transfer, bond_allocation)
        ]


@pytest.mark.long
async def test_a_batch_is_moved_by_its_finance_and_its_head(portal: Browser) -> None:
    desk = portal.desk
    case_no = (await opened(desk, *until_planned())).case_no
    batch_no = await desk.open_batch("350万元")
    finance, head, clerk = portal, portal.another(), portal.another()
    await sign_in(finance, roles=["finance"])
    await sign_in(head, roles=["head"])
    await sign_in(clerk)
    assert [await offered(one, batch_no) for one in (finance, head, clerk)] == [["exclude"], [], []]
    await pass_cut_off(desk, batch_no)
    assert [await offered(one, batch_no) for one in (finance, head)] == [[], ["approve", "decline"]]
    assert (await send(clerk, batch_no, "approve", "clerk")).status_code == 403
    assert (await send(clerk, batch_no, "approve", "head")).status_code == 403
    assert (await send(head, batch_no, "approve", "head")).status_code == 303
    await act(desk, batch_no)
    assert await offered(finance, batch_no) == ["arrive"]
    answer = await send(finance, batch_no, "arrive", "finance", amount="400万元", reference="安财预1号")
    assert answer.status_code == 409
    assert "待到位资金只有 300.00万元" in answer.text
    assert 'value="400万元"' in answer.text
    for _ in range(2):
        fields = {"amount": "300万元", "reference": "安财预1号", "command_id": "web-1"}
        assert (await send(finance, batch_no, "arrive", "finance", **fields)).status_code == 303
    await act(desk, batch_no)
    assert (await desk.show(case_no))["available_fen"] == 300 * 10**6
    assert await offered(finance, batch_no) == ["close_batch"]
    assert (await send(finance, batch_no, "close_batch", "finance")).status_code == 303
    assert "已办结" in (await finance.get(f"/desk/batches/{batch_no}")).text


@pytest.mark.long
async def test_a_request_that_a_bond_may_not_pay_is_excluded(portal: Browser) -> None:
    case_no = (await opened(portal.desk, *until_planned())).case_no
    batch_no = await portal.desk.open_batch("350万元")
    await sign_in(portal, roles=["finance"])
    for reason, status in (("", 422), ("食堂欠款", 303), ("食堂欠款", 422)):
        answer = await send(portal, batch_no, "exclude", "finance", case_no=case_no, reason=reason)
        assert answer.status_code == status, reason
    assert "剔除" in (await portal.get(f"/desk/batches/{batch_no}")).text
    assert await offered(portal, batch_no) == []


async def test_a_superior_sees_the_batches_below_and_a_stranger_none(portal: Browser) -> None:
    batch_no = await portal.desk.open_batch("350万元")
    for office, status in ((CITY, 200), ("620302", 404), ("620104", 404)):
        browser = portal.another()
        await sign_in(browser, office, ["head", "finance"])
        assert (await browser.get(f"/desk/batches/{batch_no}")).status_code == status
        answer = await send(
            browser, batch_no, "exclude", "finance", case_no="QQ-620105-2023-0001", reason="无"
        )
        assert answer.status_code == (403 if status == 200 else 404)
        assert (batch_no in (await browser.get("/desk/batches")).text) == (status == 200)


async def test_a_declined_batch_offers_nothing_more(portal: Browser) -> None:
    batch_no = await portal.desk.open_batch("350万元")
    portal.desk.now += timedelta(days=1)
    await pass_cut_off(portal.desk, batch_no)
    await portal.desk.batches.act(batch_no, batch_order("decline", HEAD, reason="未获批准"))
    await sign_in(portal, roles=["head", "finance"])
    assert await offered(portal, batch_no) == []
