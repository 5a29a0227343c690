"""What a page costs whoever opens it: bytes on the way, and questions to the record. `benchmarks/README.md` says what was measured."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from office.cases import Opened
from tests.portal.visits import Browser, opened, sign_in
from tests.stack import CLERK, FINANCE, order, paid, until_recognised

pytestmark = pytest.mark.long

MOST_BYTES: Final = 60_000
MOST_QUESTIONS: Final = 8
ASSET: Final = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


def long_life() -> list[Any]:
    """From the complaint through half a year of instalments, with notes on the way, besides what happens by itself."""
    instalments = [{"due_on": date(2023, month, 28), "amount": "25万元"} for month in range(5, 13)]
    instalments += [{"due_on": date(2024, month, 28), "amount": "25万元"} for month in range(1, 5)]
    sources = [{"kind": "budget", "amount": "300万元"}]
    return [
        *until_recognised(),
        order("plan", "debtor:王强", sources=sources, instalments=instalments),
        order("fund", FINANCE, source="budget", amount="300万元", reference="安财预〔2023〕1号"),
        *(one for number in range(6) for one in paid("25万元", f"PZ-{number}")),
        *(
            order("remark", CLERK, f"r{number}", text="已与债务人财务科联系,称下周拨付")
            for number in range(30)
        ),
    ]


@pytest.fixture
async def old(portal: Browser) -> Opened:
    """A case with a long life, before somebody with every role at the office that holds it."""
    case = await opened(portal.desk, *long_life(), contact="赵经理 13900000000")
    await portal.desk.move_to(date(2023, 9, 20))
    await sign_in(portal, roles=["clerk", "head", "finance"], person="周")
    return case


async def weight(client: Browser, address: str) -> int:
    """The bytes of a page with the style sheets and scripts that it loads, as they are sent, without pictures."""
    page = await client.get(address)
    assert page.status_code == 200
    assets = [await client.get(asset) for asset in sorted(set(ASSET.findall(page.text)))]
    assert len(assets) >= 3
    return sum(one.num_bytes_downloaded for one in (page, *assets))


@contextmanager
def questions(engine: AsyncEngine) -> Iterator[list[str]]:
    """Every statement that goes to the record meanwhile: those of the session too, and none for a transaction's beginning and end."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_page_of_a_case_with_a_long_life_is_light(
    portal: Browser, old: Opened, language: str
) -> None:
    assert await weight(portal, f"/desk/cases/{old.case_no}?lang={language}") <= MOST_BYTES


async def test_the_desk_with_fifty_cases_is_light(portal: Browser) -> None:
    await asyncio.gather(*(opened(portal.desk, title=f"北滨河路维修工程款（{no}）") for no in range(51)))
    await sign_in(portal, roles=["clerk", "head", "finance"], person="周")
    page = (await portal.get("/desk")).text
    assert page.count('<th scope="row">') == 50
    assert await weight(portal, "/desk") <= MOST_BYTES


async def test_the_page_of_a_case_asks_the_record_a_few_questions(portal: Browser, old: Opened) -> None:
    await portal.get(f"/desk/cases/{old.case_no}")
    with questions(portal.window.engine) as asked:
        await portal.get(f"/desk/cases/{old.case_no}")
    assert 0 < len(asked) <= MOST_QUESTIONS, "\n".join(asked)


async def test_what_is_long_is_shown_whole_where_it_is_asked_for(portal: Browser, old: Opened) -> None:
    short = (await portal.get(f"/desk/cases/{old.case_no}")).text
    whole = (await portal.get(f"/desk/cases/{old.case_no}?whole=yes")).text
    first = "登记：道路工程款"
    assert (first in short, first in whole) == (False, True)
    assert f"/desk/cases/{old.case_no}?whole=yes#past" in short
    assert "?whole=yes" not in whole.partition("<main")[2].partition("</main>")[0]
    assert whole.count("<li>") > short.count("<li>") + 20
