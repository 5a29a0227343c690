"""In a real browser: every page in both languages, as wide as a phone, a tablet and a desk, and no wider than its screen.

Each is kept as a picture in `build/pictures`, or in the folder that PICTURES names, to be looked at.
"""

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from domain.reports.periods import ReportKind
from tests.portal.chromium import opened_page, width_beyond
from tests.portal.sheets import file_of, rows
from tests.portal.test_debtor_journey import come_in as come_in_as_debtor
from tests.portal.test_debtor_journey import slip
from tests.portal.test_enterprise_journey import come_in as come_in_as_enterprise
from tests.portal.test_ledger_journey import choose
from tests.portal.test_staff_journeys import at_the_desk
from tests.portal.test_unit_journey import invited, set_password
from tests.portal.test_units import FORWARDED
from tests.portal.visits import Served, app_of, opened, paths_of
from tests.reports.office import compiled
from tests.stack import until_planned

FOLDER: Final = Path(os.environ.get("PICTURES", "build/pictures"))
WIDTHS: Final = (390, 768, 1366)
NO_PAGE: Final = re.compile(
    r".*(/live|/attachments/\{no\}|/documents/\{number\}|/notices/\{number\}|/export|\.xlsx|/pdf|/sheet|/text|z|/oidc|/callback)"
)
"""Streams, files, probes, and the ways to an identity provider."""
WITHOUT_ITS_STATE: Final = {"/account/second-factor", "/sign-in/second-factor"}
"""Pages that lead elsewhere unless something has gone before: `test_account_pages.py` looks at them."""


class Album:
    """The pictures that have been taken. `seen` holds the addresses of their pages."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def take(self, page: Page, *addresses: str) -> None:
        """Take the pictures of some pages, or of the one that is shown."""
        for address in addresses or (urlsplit(page.url).path,):
            for language in ("en", "zh"):
                answer = await page.goto(f"{address}?lang={language}")
                assert (answer and answer.status, urlsplit(page.url).path) == (200, address)
                name = address.strip("/").replace("/", "-") or "door"
                await self._at_each_width(page, f"{name}-{language}")
            self.seen.add(address)

    async def _at_each_width(self, page: Page, name: str) -> None:
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            assert await width_beyond(page) == 0, (name, width)
            await page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, timeout=60_000)


@pytest.mark.timeout(900)
async def test_every_page_fits_every_screen_in_both_languages(chromium: Chromium, served: Served) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    album, desk = Album(), served.desk
    case = await opened(desk, *until_planned("300万元", "budget"), contact="赵经理 13900000000")
    await opened(desk, *FORWARDED, title="南滨河路养护工程款")
    batch_no = await desk.open_batch("250万元", days=90)
    await compiled(desk.client, ReportKind.MONTH)
    async with at_the_desk(chromium, served, ["clerk", "head", "finance"], "周") as page:
        await album.take(page, *STAFF, f"/desk/cases/{case.case_no}", f"/desk/batches/{batch_no}")
        for listed, link in (("/desk/notices", "/preview"), ("/desk/reports", "/desk/reports/")):
            await page.goto(listed)
            await album.take(
                page, str(await page.locator(f"main a[href*='{link}']").first.get_attribute("href"))
            )
        await page.goto("/desk/import")
        await choose(page, file_of(*rows(3)))
        await page.wait_for_url("**/desk/import/*")
        await album.take(page)
    async with opened_page(chromium, served.url) as page:
        await album.take(page, *ANYBODY)
        await come_in_as_enterprise(page, case)
        await album.take(page, "/case", "/case/contacts", await letter_on(page, "/case"))
    link, code = await slip(chromium, served, case.case_no)
    async with opened_page(chromium, served.url) as page:
        await come_in_as_debtor(page, link, code)
        await album.take(page, "/debtor", "/debtor/contacts", await letter_on(page, "/debtor"))
    link, code = await invited(chromium, served, case.case_no)
    async with opened_page(chromium, served.url) as page:
        await page.goto(link)
        await set_password(page, code)
        unit = f"/unit/cases/{case.case_no}"
        await album.take(page, "/unit", unit, await letter_on(page, unit))
    with app_of(served.window) as app:
        paths = paths_of(app, "GET") - WITHOUT_ITS_STATE
    pages = [path for path in paths if not path.startswith("/api") and not NO_PAGE.fullmatch(path)]
    patterns = {one: re.compile(re.sub(r"\{\w+\}", "[^/]+", one)) for one in pages}
    assert [one for one, like in patterns.items() if not any(map(like.fullmatch, album.seen))] == []


async def letter_on(page: Page, address: str) -> str:
    """The address of a document on a page of a party."""
    await page.goto(address)
    return str(await page.locator("main a[href*='/preview']").first.get_attribute("href"))


ANYBODY: Final = ("/", "/sign-in", "/invitation", "/interface")
STAFF: Final = (
    *(
        "/desk",
        "/desk/work",
        "/desk/calendar",
        "/desk/guide",
        "/desk/news",
        "/desk/overview",
        "/desk/register",
    ),
    *("/desk/batches", "/desk/notices", "/desk/notices/print", "/desk/reports", "/desk/import"),
    *("/people", "/people/units", "/account", "/account/contacts"),
)
