"""What changed is told to open pages: to those who may see it, soon, not too often, and again when PostgreSQL was away."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import Response
from sqlalchemy import text

from domain.value import PartySide
from portal.gate import visitors
from portal.pages import streams
from portal.pages.streams import APART
from portal.showing import live as live_module
from portal.showing.live import Listener, Live, Viewer
from schema.window import codes, people
from tests.portal.visits import Served, add_person, opened
from tests.stack import CITY, CLERK, DISTRICT, SUPERIOR, Servers, eventually, order, until_recognised

HERE = Viewer("staff", "limin")


class Ears:
    """What a page hears, line by line."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen(self, lines: AsyncIterator[str]) -> None:
        """Hear until the stream is over."""
        async for line in lines:
            if line and not line.startswith("data"):
                self._heard.put_nowait(line)
        self._heard.put_nowait("over")

    async def next(self, within: float = 10.0) -> str:
        """The next line that says something: `retry…`, `event…`, a heartbeat, or that it is over."""
        return await asyncio.wait_for(self._heard.get(), within)

    async def silence(self, seconds: float) -> None:
        """Nothing is said for a while."""
        await asyncio.sleep(seconds)
        assert self.is_silent()

    def is_silent(self) -> bool:
        """Whether nothing has been said since."""
        return self._heard.empty()


@asynccontextmanager
async def listening(served: Served, path: str, **who: Any) -> AsyncIterator[Ears]:
    """Listen as somebody who is signed in: whoever comes in by a case is its creditor unless it is said otherwise."""
    response = Response()
    if "case_no" in who:
        who = {"side": PartySide.CREDITOR} | who
    await visitors.begin_session(served.window, response, **who)
    cookie = response.headers["set-cookie"].partition(";")[0]
    async with (
        httpx.AsyncClient(base_url=served.url, headers={"Cookie": cookie}, timeout=30) as client,
        client.stream("GET", path) as answer,
    ):
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
            200,
            "text/event-stream",
        )
        ears = Ears()
        hearing = asyncio.create_task(ears.listen(answer.aiter_lines()))
        try:
            assert await ears.next() == "retry: 2000"
            yield ears
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)


async def seen_by(served: Served, case_no: str) -> str:
    """What the page of an enterprise says that it has seen."""
    response = Response()
    await visitors.begin_session(served.window, response, case_no=case_no, side=PartySide.CREDITOR)
    cookie = response.headers["set-cookie"].partition(";")[0]
    async with httpx.AsyncClient(base_url=served.url, headers={"Cookie": cookie}) as client:
        (seen,) = re.findall(r"seen=([0-9a-f]+)", (await client.get("/case")).text)
    return str(seen)


async def staff_id(served: Served, office: str = DISTRICT) -> int:
    """Somebody of an office."""
    login = await add_person(served.window, office)
    async with served.window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
    assert found is not None
    return found.id


async def until_quiet(ears: Ears) -> None:
    """Hear what a page is told at the beginning: that it is connected."""
    assert await ears.next() == ": here"


@pytest.fixture(autouse=True)
def _quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "APART", 0.2)


@pytest.mark.long
async def test_an_enterprise_hears_of_its_own_case_only(served: Served) -> None:
    mine, other = await opened(served.desk), await opened(served.desk)
    async with listening(served, "/case/live", case_no=mine.case_no) as ears:
        await until_quiet(ears)
        await served.desk.cases.act(other.case_no, order("accept", CLERK))
        await ears.silence(1)
        await served.desk.cases.act(mine.case_no, order("accept", CLERK))
        assert await ears.next() == "event: changed"


async def test_a_debtor_hears_of_what_its_page_shows_and_of_nothing_else(served: Served) -> None:
    case = await opened(served.desk, *until_recognised()[:2])
    async with listening(served, "/debtor/live", case_no=case.case_no, side=PartySide.DEBTOR) as ears:
        await until_quiet(ears)
        await served.desk.cases.act(case.case_no, order("remark", CLERK, text="周三再催"))
        assert await ears.next() == ": here"
        await served.desk.cases.act(case.case_no, order("acknowledge", "debtor:王强"))
        while await ears.next() != "event: changed":
            pass


async def test_a_page_that_shows_an_older_state_is_told_at_once(served: Served) -> None:
    case = await opened(served.desk)
    shown = await seen_by(served, case.case_no)
    async with listening(served, f"/case/live?seen={shown}", case_no=case.case_no) as ears:
        await until_quiet(ears)
    await served.desk.cases.act(case.case_no, order("accept", CLERK))
    async with listening(served, f"/case/live?seen={shown}", case_no=case.case_no) as ears:
        assert await ears.next() == "event: changed"


@pytest.mark.long
async def test_the_desk_hears_of_everything_in_its_sight_and_of_nothing_else(served: Served) -> None:
    here, there = await staff_id(served, CITY), await staff_id(served, "620102")
    async with (
        listening(served, "/desk/live", staff_id=here) as ears,
        listening(served, "/desk/live", staff_id=there) as others,
    ):
        await until_quiet(ears)
        await until_quiet(others)
        await opened(served.desk)
        assert await ears.next() == "event: changed"
        batch = await served.desk.open_batch("100万元")
        assert await ears.next() == "event: changed"
        while not others.is_silent():
            assert await others.next() == ": here"
    async with listening(served, f"/desk/live?case={batch}", staff_id=here) as ears:
        await until_quiet(ears)


async def test_a_case_out_of_sight_cannot_be_listened_to(served: Served) -> None:
    case = await opened(served.desk)
    there = await staff_id(served, "620102")
    with pytest.raises(AssertionError, match="404"):
        async with listening(served, f"/desk/live?case={case.case_no}", staff_id=there):
            pass
    async with httpx.AsyncClient(base_url=served.url) as nobody:
        for path in ("/case/live", "/desk/live"):
            assert (await nobody.get(path)).status_code in (303, 401)


async def test_a_page_whose_session_is_over_hears_nothing_more(served: Served) -> None:
    case = await opened(served.desk)
    async with listening(served, "/case/live", case_no=case.case_no) as ears:
        await until_quiet(ears)
        async with served.window.engine.begin() as connection:
            await codes.reissue(connection, case.case_no, "another")
        await served.desk.cases.act(case.case_no, order("accept", CLERK))
        assert await ears.next() == "over"


async def test_after_postgresql_was_away_a_page_is_told_what_it_missed(served: Served) -> None:
    case = await opened(served.desk)
    async with listening(served, "/case/live", case_no=case.case_no) as ears:
        await until_quiet(ears)
        await asyncio.sleep(0.5)
        async with served.window.engine.connect() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
                )
            )
        await served.desk.cases.act(case.case_no, order("accept", CLERK))
        while await ears.next() != "event: changed":
            pass
        await served.desk.cases.act(case.case_no, order("suspend", CLERK, reason="等待材料"))
        while await ears.next() != "event: changed":
            pass


async def test_a_page_that_comes_while_there_is_no_connection_hears_when_there_is_one(
    served: Served, servers: Servers
) -> None:
    """What was not connected when the page came may have missed something until it is."""
    live = Live(served.window.engine)
    async with served.window.engine.connect() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()

    async def is_cut_off() -> bool:
        return not live._is_connected

    with live.listener(HERE, None) as first:
        assert await first.heard(10) is None
        async with servers.closed(name):
            await eventually(is_cut_off)
            with live.listener(HERE, None) as late:
                assert await late.heard(0.5) == frozenset()
        with live.listener(HERE, None) as later:
            assert await first.heard(10) is None
            assert await later.heard(10) is None
    with live.listener(HERE, None) as again:
        assert await again.heard(10) is None


async def test_one_connection_listens_for_all_pages_and_none_when_there_is_none(served: Served) -> None:
    case = await opened(served.desk)

    async def listeners() -> int:
        query = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND (query ILIKE 'LISTEN%' OR query = 'SELECT 1')"
        )
        async with served.window.engine.connect() as connection:
            return int((await connection.execute(text(query))).scalar_one())

    async def none() -> bool:
        return await listeners() == 0

    async with (
        listening(served, "/case/live", case_no=case.case_no) as first,
        listening(served, "/desk/live", staff_id=await staff_id(served)) as second,
    ):
        await until_quiet(first)
        await until_quiet(second)
        assert await listeners() == 1
    await eventually(none)


async def test_a_storm_is_one_tick_and_what_a_page_remembers_is_bounded() -> None:
    page = Listener(HERE, None)
    page.hear(None)
    assert await page.heard(0) is None
    for number in range(live_module.MOST_NUMBERS):
        page.hear(f"QQ-620105-2023-{number:04}")
    assert len(await page.heard(0) or ()) == live_module.MOST_NUMBERS
    for number in range(live_module.MOST_NUMBERS + 1):
        page.hear(f"QQ-620105-2023-{number:04}")
    assert await page.heard(0) is None
    assert await page.heard(0) == frozenset()
    assert APART >= 1


@pytest.mark.long
async def test_the_live_pages_of_one_party_take_none_from_another(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = await opened(served.desk), await opened(served.desk)
    here, there = await staff_id(served), await staff_id(served)
    monkeypatch.setitem(live_module.MOST_OF_PARTY, PartySide.CREDITOR, 1)
    monkeypatch.setitem(live_module.MOST_OF_PARTY, "staff", 1)
    async with (
        listening(served, "/case/live", case_no=mine.case_no) as ears,
        listening(served, "/desk/live", staff_id=here) as desk,
    ):
        await until_quiet(ears)
        await until_quiet(desk)
        for path, who in (("/case/live", {"case_no": mine.case_no}), ("/desk/live", {"staff_id": here})):
            with pytest.raises(AssertionError, match="429"):
                async with listening(served, path, **who):
                    pass
        async with (
            listening(served, "/case/live", case_no=other.case_no) as others,
            listening(served, "/desk/live", staff_id=there) as colleague,
        ):
            await until_quiet(others)
            await until_quiet(colleague)


@pytest.mark.long
async def test_where_enterprises_have_no_room_left_whoever_has_most_gives_a_page_up_and_staff_do_not_notice(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy, modest, late = [await opened(served.desk) for _ in range(3)]
    monkeypatch.setitem(live_module.MOST_OF_SIDE, PartySide.CREDITOR, 2)
    async with (
        listening(served, "/case/live", case_no=greedy.case_no) as first,
        listening(served, "/case/live", case_no=greedy.case_no) as second,
    ):
        await until_quiet(first)
        await until_quiet(second)
        with pytest.raises(AssertionError, match="503"):
            async with listening(served, "/case/live", case_no=greedy.case_no):
                pass
        async with listening(served, "/case/live", case_no=modest.case_no) as ears:
            assert await first.next() == "over"
            await until_quiet(ears)
            with pytest.raises(AssertionError, match="503"):
                async with listening(served, "/case/live", case_no=late.case_no):
                    pass
            async with listening(served, "/desk/live", staff_id=await staff_id(served)) as desk:
                await until_quiet(desk)


@pytest.mark.long
async def test_an_enterprise_does_not_hear_that_something_happened_that_it_is_not_shown(
    served: Served,
) -> None:
    case = await opened(served.desk, order("escalate", SUPERIOR, mode="supervised", reason="群众反映"))
    seen = await seen_by(served, case.case_no)
    async with listening(served, f"/case/live?seen={seen}", case_no=case.case_no) as ears:
        await until_quiet(ears)
        raised = order("escalate", SUPERIOR, "again", mode="key_supervised", reason="仍未办理")
        await served.desk.cases.act(case.case_no, raised)
        assert await ears.next() == ": here"
        await served.desk.cases.act(case.case_no, order("accept", CLERK))
        while await ears.next() != "event: changed":
            pass
    assert await seen_by(served, case.case_no) != seen


@pytest.mark.long
async def test_nobody_learns_from_a_live_page_how_far_the_record_is(served: Served) -> None:
    """Whatever a page says that it has seen, it is not told whether that is the newest entry of the whole record."""
    case = await opened(served.desk)
    there = await staff_id(served, "620102")
    for guess in range(4):
        seen = hashlib.sha256(f"*/{guess}".encode()).hexdigest()[:16]
        async with listening(served, f"/desk/live?seen={seen}", staff_id=there) as ears:
            assert await ears.next() == ": here"
    numbers = {hashlib.sha256(f"{case.case_no}/{no}".encode()).hexdigest()[:16] for no in range(50)}
    assert await seen_by(served, case.case_no) not in numbers


async def test_after_postgresql_was_away_an_office_hears_nothing_of_what_it_may_not_see(
    served: Served,
) -> None:
    case = await opened(served.desk)
    here, there = await staff_id(served), await staff_id(served, "620102")
    async with (
        listening(served, "/desk/live", staff_id=here) as ears,
        listening(served, "/desk/live", staff_id=there) as others,
    ):
        await until_quiet(ears)
        await until_quiet(others)
        async with served.window.engine.connect() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
                )
            )
        await served.desk.cases.act(case.case_no, order("accept", CLERK))
        while await ears.next() != "event: changed":
            pass
        await others.next()
        while not others.is_silent():
            assert await others.next() == ": here"


async def test_pages_are_let_go_when_the_process_stops(served: Served) -> None:
    live = Live(served.window.engine)
    with live.listener(HERE, None) as page:
        live.close()
        assert page.closed
    with live.listener(HERE, None) as late:
        assert late.closed
