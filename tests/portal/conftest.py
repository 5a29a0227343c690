"""The window of a clearing office at work: `portal` for browsers that a test drives itself, `served` for real ones.

What tests do with them is in `tests.portal.visits`: `sign_in`, `enquire`, `add_person`, `opened`.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser as Chromium

from tests.portal import chromium as chromium_
from tests.portal.visits import Browser, Served, browser_of, serving
from tests.stack import Desk


@pytest.fixture
async def portal(desk: Desk) -> AsyncIterator[Browser]:
    """A browser at the window, on real PostgreSQL and a real worker; `portal.another()` is a second one."""
    async with browser_of(desk) as browser:
        yield browser


@pytest.fixture
async def served(desk: Desk) -> AsyncIterator[Served]:
    """The window on a free loopback port: `served.url`."""
    async with serving(desk) as window:
        yield window


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """A real browser. Where there is none, the tests that need it are left out, and say so."""
    if chromium_.where() is None:
        pytest.skip(chromium_.MISSING)
    async with chromium_.launched() as browser:
        yield browser
