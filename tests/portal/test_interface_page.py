"""The interface is described on a page of the window, for whoever writes programs: all of it, and without anything from elsewhere."""

import re

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect

from portal.gate.shield import HEADERS
from tests.portal.accessibility import faults
from tests.portal.chromium import PHONE, opened_page, width_beyond
from tests.portal.visits import Browser, Served


@pytest.mark.long
async def test_the_page_names_every_operation_schema_and_example_to_everybody(portal: Browser) -> None:
    described = (await portal.get("/api/v1/openapi.json")).json()
    answer = await portal.get("/interface")
    assert (answer.status_code, answer.headers["content-security-policy"]) == (
        200,
        HEADERS["Content-Security-Policy"],
    )
    page = answer.text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    for path, methods in described["paths"].items():
        assert path in page
        assert {about["operationId"] for about in methods.values()} <= set(ids)
    assert set(described["components"]["schemas"]) <= set(ids)
    assert set(re.findall('href="#([^"]+)"', page)) <= set(ids), "no link leads nowhere"
    assert "登记案件" in page
    assert "Register a case" in (await portal.get("/interface?lang=en")).text
    assert "北滨河路维修" in page
    assert "<script" not in page
    assert "Idempotency-Key" in page


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_page_is_for_everybody_and_fits_a_phone(
    chromium: Chromium, served: Served, language: str
) -> None:
    async with opened_page(chromium, served.url, viewport=PHONE, java_script_enabled=True) as page:
        await page.goto(f"/interface?lang={language}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await width_beyond(page) == 0
        assert await faults(page) == []
        await page.locator('a[href="#open_case"]').first.click()
        await expect(page.locator("#open_case")).to_be_in_viewport()
