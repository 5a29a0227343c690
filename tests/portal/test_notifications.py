"""消息: who of an office is told of what, once, until it is read; and that nobody is told of another's."""

import asyncio
import re
from typing import Any, Final

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actors import Role
from domain.notifications import Notification
from portal.pages import notifications
from schema.tables import notification
from schema.window.notifications import NotifiedEntry, tell
from tests.portal.visits import Browser, enquire, opened, sign_in
from tests.stack import CITY, CLERK, DISTRICT, HEAD, PRESSED, RECEIVED_ON, eventually, order, until_recognised

TOLD: Final = re.compile(r"消息 (\d+)")
FORWARDED: Final = until_recognised()[:2]


async def new_to(browser: Browser) -> int:
    """How much every page of the desk says is new."""
    found = TOLD.search((await browser.get("/desk")).text)
    return int(found[1]) if found else 0


async def person(portal: Browser, name: str, *roles: str, office: str = DISTRICT) -> Browser:
    browser = portal.another()
    await sign_in(browser, office, roles, person=name)
    return browser


@pytest.mark.long
async def test_the_office_is_told_what_a_party_says_until_somebody_has_read_it(portal: Browser) -> None:
    clerk, head = await person(portal, "李敏", "clerk"), await person(portal, "孙", "head")
    other = await person(portal, "周", "clerk", office="620102")
    case = await opened(portal.desk, *until_recognised()[:-1])
    before = await new_to(clerk)
    enterprise = portal.another()
    await enquire(enterprise, case.case_no, case.access_code)
    objected = {"do": "object", "reason": "漏计变更签证"}
    assert (await enterprise.submit("/case/commands", objected)).status_code == 303
    assert await new_to(clerk) == before + 1
    assert (await new_to(head), await new_to(other)) == (0, 0)
    page = (await clerk.get("/desk/news")).text
    for said in (case.case_no, "漏计变更签证", "债权人", "新"):
        assert said in page, said
    (upto,) = re.findall(r'name="upto" value="(\d+)"', page)
    assert (await clerk.submit("/desk/news/read", {"upto": upto})).status_code == 303
    assert await new_to(clerk) == 0
    assert "漏计变更签证" in (await clerk.get("/desk/news")).text, "what was read is still there"
    assert "没有消息" in (await other.get("/desk/news")).text
    told = (await clerk.get("/desk/news?lang=en")).text.split("<ol", 1)[1].split("</ol>")[0]
    assert "new" not in told


@pytest.mark.long
async def test_what_the_only_head_submits_is_told_to_the_nearest_other_head_above(portal: Browser) -> None:
    only = await person(portal, "孙", "clerk", "head")
    province = await person(portal, "郑", "head", office="620000")
    city_clerk = await person(portal, "周", "clerk", office=CITY)
    refuse = {"do": "refuse", "as": "clerk", "ground": "不属受理范围"}

    async def submit() -> list[int]:
        case = await opened(portal.desk)
        before = [await new_to(one) for one in (only, city_clerk)]
        page = await only.submit(f"/desk/cases/{case.case_no}/commands", refuse)
        assert page.status_code == 303
        assert "送审时告知上级单位的负责人" in (await only.get(f"/desk/cases/{case.case_no}")).text
        assert [await new_to(one) for one in (only, city_clerk)] == before
        return [await new_to(one) for one in (province, *others)]

    others: list[Browser] = []
    assert await submit() == [1]
    others.append(await person(portal, "陈", "head", office=CITY))
    assert await submit() == [1, 1]
    others.append(await person(portal, "马", "head"))
    assert await submit() == [1, 1, 1]


@pytest.mark.long
async def test_what_waits_for_a_head_is_told_to_heads_and_its_return_to_whoever_gave_it(
    portal: Browser,
) -> None:
    clerk, colleague = await person(portal, "李敏", "clerk"), await person(portal, "赵", "clerk")
    head = await person(portal, "孙", "head")
    case = await opened(portal.desk)
    before = await new_to(clerk)
    refuse = {"do": "refuse", "as": "clerk", "ground": "不属受理范围"}
    assert (await clerk.submit(f"/desk/cases/{case.case_no}/commands", refuse)).status_code == 303
    assert [await new_to(one) for one in (clerk, colleague, head)] == [before, before, 1]
    back = {"do": "return_submission", "as": "head", "submission": "1", "reason": "再核实"}
    assert (await head.submit(f"/desk/cases/{case.case_no}/commands", back)).status_code == 303
    assert [await new_to(one) for one in (clerk, colleague)] == [before + 1, before]
    assert "再核实" in (await clerk.get("/desk/news")).text


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (order("assign", HEAD, person="赵"), ["赵"]),
        (order("remark", CLERK, text="请@赵、@孙 看一下(@李敏)"), ["赵", "孙"]),
        (order("remark", CLERK, text="请@赵核对付款。再转＠孙!"), ["赵", "孙"]),
        (order("remark", CLERK, text="请@赵敏核对"), ["赵敏"]),
        (order("remark", CLERK, text="只是备注 a@b,没有人"), []),
        (order("accept", CLERK), []),
    ],
)
async def test_somebody_who_is_named_is_told_and_nobody_of_what_one_did(
    portal: Browser, given: Any, told: list[str]
) -> None:
    people = {
        name: await person(portal, name, role)
        for name, role in (("李敏", "clerk"), ("赵", "clerk"), ("赵敏", "clerk"), ("孙", "head"))
    }
    case = await opened(portal.desk)
    before = {name: await new_to(browser) for name, browser in people.items()}
    own = {"account": 1} if given.do == "remark" else {}
    await portal.desk.cases.act(case.case_no, given.model_copy(update=own))
    assert [name for name, browser in people.items() if await new_to(browser) > before[name]] == told


async def test_a_remark_reaches_the_people_of_every_office_of_the_route(portal: Browser) -> None:
    above, namesake = await person(portal, "高", "head", office=CITY), await person(portal, "高", "clerk")
    down = [order("accept", f"clerk:周@{CITY}"), order("forward", f"clerk:周@{CITY}", to=DISTRICT)]
    case = await opened(portal.desk, *down, office=CITY)
    before = [await new_to(one) for one in (above, namesake)]
    await portal.desk.cases.act(case.case_no, order("remark", CLERK, text="请 @高 看"))
    assert [await new_to(one) for one in (above, namesake)] == [one + 1 for one in before]


async def test_all_of_it_is_on_some_page(portal: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "PAGE", 2)
    clerk = await person(portal, "赵", "clerk")
    case = await opened(portal.desk)
    for number in range(4):
        remark = order("remark", CLERK, f"r{number}", text=f"@赵 第{number}件")
        await portal.desk.cases.act(case.case_no, remark)
    seen, address = "", "/desk/news"
    while address:
        page = (await clerk.get(address)).text
        seen += page
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1] if found else ""
    assert [number for number in range(4) if f"第{number}件" in seen] == [0, 1, 2, 3]
    assert (await clerk.get("/desk/news?after=x")).status_code == 422


async def test_news_that_is_written_later_is_read_later(portal: Browser) -> None:
    """Two cases at once: what commits last has the higher number, so that nobody has read past it."""
    first, second = [(await opened(portal.desk)).case_no for _ in range(2)]
    told = Notification("620105", Role.CLERK)
    async with portal.window.engine.connect() as slow, portal.window.engine.connect() as fast:
        async with slow.begin():
            await tell(slow, [NotifiedEntry(told, first, 1, None)])
            waiting = asyncio.create_task(_told_in(fast, NotifiedEntry(told, second, 1, None)))
            await eventually(lambda: _is_waiting(portal))
            assert not waiting.done()
        await waiting
    async with portal.window.engine.connect() as connection:
        rows = select(notification.c.case_no).order_by(notification.c.id.desc()).limit(2)
        assert list((await connection.execute(rows)).scalars()) == [second, first]


async def _told_in(connection: AsyncConnection, told: NotifiedEntry) -> None:
    async with connection.begin():
        await tell(connection, [told])


async def _is_waiting(portal: Browser) -> bool:
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with portal.window.engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one()) > 0


async def test_whoever_gets_a_case_is_told_and_who_comes_later_begins_with_nothing(portal: Browser) -> None:
    below, above = await person(portal, "李敏", "clerk"), await person(portal, "高", "head", office=CITY)
    down = [order("accept", f"clerk:周@{CITY}"), order("forward", f"clerk:周@{CITY}", to=DISTRICT)]
    await opened(portal.desk, *down, office=CITY)
    assert [await new_to(below), await new_to(above)] == [1, 0], "the city's clerks were told of the receipt"
    assert await new_to(await person(portal, "赵", "clerk")) == 0


async def test_what_is_entered_on_paper_is_news_to_nobody(portal: Browser) -> None:
    clerk = await person(portal, "赵", "clerk")
    paper = order(
        "recognise",
        "debtor:王强",
        settled="300万元",
        paid="0",
        undisputed="300万元",
        as_of=RECEIVED_ON,
        entered_by=CLERK,
    )
    case = await opened(portal.desk)
    before = await new_to(clerk)
    for given in (*FORWARDED, paper, PRESSED):
        await portal.desk.cases.act(case.case_no, given)
    assert await new_to(clerk) == before
