"""Commands of one party are limited at every door: a plain answer, nothing lost, and nobody else waits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from portal.gate import pace
from portal.gate.pace import Pace
from schema.window import limits
from tests.portal.test_api import BATCH, NEW
from tests.portal.test_batches_page import WRITTEN as BATCH_WRITTEN
from tests.portal.test_register import WRITTEN
from tests.portal.visits import Browser, add_token, employ, enquire, opened, sign_in
from tests.stack import CLERK, FINANCE, Desk

HOUR = timedelta(hours=1)
Send = Callable[[int], Awaitable[httpx.Response]]


async def _enterprise(browser: Browser) -> Send:
    case = await opened(browser.desk)
    await enquire(browser, case.case_no, case.access_code)
    early: dict[str, Any] = {"do": "endorse"}
    return lambda no: browser.submit(
        "/case/commands", early if no < 3 else {"do": "withdraw", "reason": f"第{no}次说明"}
    )


async def _desk_case(browser: Browser) -> Send:
    case = await opened(browser.desk)
    await sign_in(browser)
    address = f"/desk/cases/{case.case_no}/commands"
    early = {"do": "forward", "as": "clerk", "to": "debtor"}
    return lambda no: browser.submit(
        address, early if no < 3 else {"do": "refuse", "as": "clerk", "ground": f"第{no}次说明"}
    )


async def _desk_batch(browser: Browser) -> Send:
    batch_no = await browser.desk.open_batch("100万元")
    await sign_in(browser, roles=["finance", "head"])
    address = f"/desk/batches/{batch_no}/commands"
    form = {"do": "exclude", "as": "finance", "case_no": "QQ-620105-2023-0001"}
    return lambda no: browser.submit(address, form | {"reason": f"第{no}次说明"})


async def _desk_new_batch(browser: Browser) -> Send:
    await sign_in(browser, roles=["finance"])
    return lambda no: browser.submit(
        "/desk/batches", BATCH_WRITTEN | {"do": "open_batch", "as": "finance", "name": f"第{no}次说明"}
    )


async def _register(browser: Browser) -> Send:
    await sign_in(browser)
    return lambda no: browser.submit("/desk/register", WRITTEN | {"project": f"第{no}次说明"})


async def _api_case(browser: Browser) -> Send:
    case = await opened(browser.desk)
    await employ(browser.window, CLERK)
    browser.headers.update(await add_token(browser.window))
    address = f"/api/v1/cases/{case.case_no}/commands"
    command = {"do": "fund", "by": CLERK, "source": "budget", "amount": "1万元"}
    return lambda no: browser.post(address, json=command | {"reference": str(no)})


async def _api_new_case(browser: Browser) -> Send:
    browser.headers.update(await add_token(browser.window))
    return lambda no: browser.post("/api/v1/cases", json=NEW | {"project": f"第{no}次说明"})


async def _api_batch(browser: Browser) -> Send:
    batch_no = await browser.desk.open_batch("100万元")
    await employ(browser.window, FINANCE)
    browser.headers.update(await add_token(browser.window))
    command = {"do": "close_batch", "by": FINANCE}
    return lambda no: browser.post(f"/api/v1/bond-batches/{batch_no}/commands", json=command)


async def _api_new_batch(browser: Browser) -> Send:
    browser.headers.update(await add_token(browser.window))
    return lambda no: browser.post("/api/v1/bond-batches", json=BATCH | {"name": f"第{no}批"})


DOORS: dict[str, tuple[pace.Counted, Any]] = {
    "an enterprise's page": ("case", _enterprise),
    "a case on the desk": ("login", _desk_case),
    "a batch on the desk": ("login", _desk_batch),
    "a new batch on the desk": ("login", _desk_new_batch),
    "a registration": ("login", _register),
    "a command by the interface": ("token", _api_case),
    "a new case by the interface": ("token", _api_new_case),
    "a batch by the interface": ("token", _api_batch),
    "a new batch by the interface": ("token", _api_new_batch),
}


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
async def test_a_command_too_many_is_answered_plainly_and_nothing_is_lost(
    portal: Browser, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    party, begin = DOORS[door]
    monkeypatch.setitem(pace.PACES, party, Pace(2, HOUR))
    send = await begin(portal)
    before = [(await send(no)).status_code for no in (1, 2)]
    assert 429 not in before
    refused = await send(3)
    assert refused.status_code == 429
    assert 3000 < int(refused.headers["Retry-After"]) <= 3600
    if party == "token":
        problem = refused.json()
        assert "过于频繁" in problem["message"]
        assert "too many commands" in problem["detail"]
        return
    assert "过于频繁" in refused.text
    if door != "a batch on the desk":
        assert "第3次说明" in refused.text, "what was written stays"
    own = "/case" if party == "case" else "/desk"
    assert (await portal.get(f"{own}?lang=en")).status_code == 200
    assert "too many commands" in (await send(4)).text


@pytest.mark.long
async def test_a_party_waits_for_itself_alone_and_not_for_ever(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pace.PACES, "case", Pace(2, HOUR))
    send = await _enterprise(portal)
    other = await _enterprise(portal.another())
    for no in (1, 2, 3):
        answer = await send(no)
    assert answer.status_code == 429
    assert (await other(1)).status_code != 429
    async with portal.window.engine.begin() as connection:
        await connection.execute(text("UPDATE pace SET due_at = due_at - interval '1 hour'"))
    assert [(await send(no)).status_code == 429 for no in (4, 5)] == [False, True]


async def test_a_thousand_commands_at_once_are_counted_like_a_thousand_in_a_row(desk: Desk) -> None:
    async def step() -> bool:
        async with desk.engine.begin() as connection:
            return await limits.step(connection, "case:QQ-620105-2023-0001", 5, HOUR) is None

    assert sum(await asyncio.gather(*(step() for _ in range(50)))) == 5


async def test_staff_and_programs_go_on_where_an_enterprise_has_long_had_enough() -> None:
    enterprise, person, program = (pace.PACES[party] for party in ("case", "login", "token"))
    assert enterprise.at_once < person.at_once < program.at_once
    assert enterprise.each > person.each > program.each
