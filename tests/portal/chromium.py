"""Real pages in a real browser: the system's Chromium, driven by Playwright."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
MISSING: Final = (
    "THE PAGES WERE NOT TRIED IN A BROWSER: install one (apt-get install chromium fonts-noto-cjk)"
)

PATIENCE: Final = 90_000
"""Milliseconds for whatever a page is to do, on a busy machine too."""

PHONE: Final[ViewportSize] = {"width": 320, "height": 640}
"""The narrowest screen on which nothing may have to be moved sideways (WCAG 1.4.10)."""


def where() -> str | None:
    """The browser's program, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser without windows."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=where(),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened_page(browser: Browser, url: str, **settings: Any) -> AsyncIterator[Page]:
    """A page in a browser of its own: it shares no cookies with others. What its scripts complain of fails the test.

    Args:
        settings: Of Playwright's context, such as `viewport` or `java_script_enabled`.
    """
    context = await browser.new_context(base_url=url, locale="zh-CN", **settings)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


async def width_beyond(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


if __name__ == "__main__":
    if where() is None:
        print(f"\n{'!' * 110}\n{MISSING}\n{'!' * 110}")  # noqa: T201 - it is said to whoever ran the tests
