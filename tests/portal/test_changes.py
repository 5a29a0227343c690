"""The feed of changes: each entry in sight once, in order; none is passed over because it was committed later than one behind it."""

import asyncio
import time
from typing import Any

from sqlalchemy import text

from tests.portal.visits import Browser, add_token, opened
from tests.stack import CLERK, DISTRICT, order

ACCEPT = order("accept", CLERK)


async def ask(browser: Browser, token: dict[str, str], after: int, wait: int = 0) -> Any:
    answer = await browser.get(f"/api/v1/changes?after={after}&wait={wait}", headers=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(found: Any) -> list[tuple[str, str]]:
    return [(one["case_no"][-4:], one["kind"]) for one in found["changes"]]


async def test_what_is_in_sight_comes_once_and_in_order(portal: Browser) -> None:
    token, foreign = await add_token(portal.window), await add_token(portal.window, "620104")
    first = await opened(portal.desk)
    second = await opened(portal.desk, title="另一件", project="另一工程")
    await portal.desk.cases.act(first.case_no, ACCEPT)
    found = await ask(portal, token, 0)
    assert kinds(found) == [("0001", "received"), ("0002", "received"), ("0001", "accepted")]
    assert found["next"] == found["changes"][-1]["id"]
    assert (await ask(portal, token, found["next"])) == {"changes": [], "next": found["next"]}
    assert kinds(await ask(portal, token, found["changes"][0]["id"])) == kinds(found)[1:]
    unseen = await ask(portal, foreign, 0)
    assert unseen == {"changes": [], "next": found["next"]}
    assert second.case_no


async def test_whoever_waits_is_told_at_once(portal: Browser) -> None:
    token = await add_token(portal.window)
    case = await opened(portal.desk)
    after = (await ask(portal, token, 0))["next"]
    began = time.monotonic()
    waiting = asyncio.create_task(ask(portal, token, after, wait=30))
    await asyncio.sleep(0.2)
    await portal.desk.cases.act(case.case_no, ACCEPT)
    assert kinds(await waiting) == [("0001", "accepted")]
    assert time.monotonic() - began < 15
    began = time.monotonic()
    assert (await ask(portal, token, after + 1, wait=1))["changes"] == []
    assert time.monotonic() - began >= 1


async def test_an_entry_that_is_committed_later_is_not_passed_over(portal: Browser) -> None:
    """One transaction has its number first and commits last; another never commits at all."""
    token = await add_token(portal.window)
    case = await opened(portal.desk)
    after = (await ask(portal, token, 0))["next"]
    engine = portal.window.engine
    late, never = await engine.connect(), await engine.connect()
    try:
        for connection, seq in ((late, 2), (never, 3)):
            await connection.begin()
            await connection.execute(
                text(
                    "INSERT INTO event (stream, seq, kind, at, on_date, by, data, hash) "
                    "SELECT stream, :seq, 'accepted', at, on_date, by, '{}', hash FROM event WHERE stream = :stream"
                ),
                {"seq": seq, "stream": case.case_no},
            )
        await opened(portal.desk, title="另一件", project="另一工程", office=DISTRICT)
        assert (await ask(portal, token, after))["changes"] == []
        waiting = asyncio.create_task(ask(portal, token, after, wait=20))
        await asyncio.sleep(0.3)
        await never.rollback()
        await late.commit()
        assert kinds(await waiting) == [("0001", "accepted"), ("0002", "received")]
    finally:
        await late.close()
        await never.close()


async def test_what_is_no_place_is_refused(portal: Browser) -> None:
    token = await add_token(portal.window)
    for query in ("after=-1", "after=x", "wait=31"):
        assert (await portal.get(f"/api/v1/changes?{query}", headers=token)).status_code == 422
    assert (await portal.get("/api/v1/changes")).status_code == 401
