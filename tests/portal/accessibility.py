"""What a page lacks for people who see badly, use no mouse, or have it read to them: WCAG 2.2 AA, as far as a program can tell.

`faults(page)` asks axe, the usual set of rules, and adds what axe has no rule for (`accessibility.js`): squeezed cells, faint borders
of fields, controls that share a name, errors that are not described; and the visible focus of every stop of the tabulator. It looks at
the page as it is, and again as on a phone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Route

from tests.portal.chromium import PHONE

_LOOK: Final = Path(__file__).with_name("accessibility.js").read_text("utf-8")
_AXE: Final = Axe()
_RULES: Final = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_STOPS: Final = 60
"""As many stops of the tabulator are looked at."""

_FOCUSED: Final = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    what: `${at.tagName.toLowerCase()} ${(at.id && '#' + at.id) || at.textContent.trim().slice(0, 30)}`,
    isMarked: at.hasAttribute('data-tabbed'),
    mark: at.setAttribute('data-tabbed', '') || true,
    isVisible: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none',
    isOnScreen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  };
}"""


async def faults(page: Page) -> list[str]:
    """What is wrong with a page, a line each; an empty list when nothing is."""
    await page.wait_for_load_state()
    screen = page.viewport_size
    found: list[str] = await page.evaluate(_LOOK)
    async with _copied(page) as copy:
        found += await _by_axe(copy)
        for one in (page, copy):
            await one.set_viewport_size(PHONE)
        narrow: list[str] = await page.evaluate(_LOOK) + await _by_axe(copy)
    if screen:
        await page.set_viewport_size(screen)
    found += [f"on a phone, {one}" for one in narrow if one not in found]
    return found + await _focus(page)


@asynccontextmanager
async def _copied(page: Page) -> AsyncIterator[Page]:
    """The page as it stands, with its styles and without its scripts, in a context of its own. axe needs timers, which a page whose
    scripts are disabled does not have.
    """
    browser, content = page.context.browser, await page.content()
    assert browser is not None
    address = page.url.partition("#")[0] if page.url.startswith("http") else "http://page.test/"

    async def answer(route: Route) -> None:
        if route.request.url == address:
            await route.fulfill(body=content, content_type="text/html; charset=utf-8")
        elif route.request.resource_type == "stylesheet":
            await route.continue_()
        else:
            await route.abort()

    copy = await browser.new_page(viewport=page.viewport_size)
    try:
        await copy.route("**/*", answer)
        await copy.goto(address)
        yield copy
    finally:
        await copy.close()


async def _by_axe(page: Page) -> list[str]:
    """What axe finds: the rule, and the element."""
    violations = (await _AXE.run(page, options=_RULES)).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in violations for node in rule["nodes"]]


async def _focus(page: Page) -> list[str]:
    """Go through the page by the tabulator: every stop is to be seen, and none holds the reader."""
    found = []
    await page.evaluate("document.activeElement && document.activeElement.blur()")
    for _ in range(_STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUSED)
        if stop is None or stop["isMarked"]:
            break
        if not stop["isVisible"]:
            found.append(f"focus is not to be seen: {stop['what']}")
        if not stop["isOnScreen"]:
            found.append(f"focus is off the screen: {stop['what']}")
    await page.evaluate(
        "document.querySelectorAll('[data-tabbed]').forEach((one) => one.removeAttribute('data-tabbed'))"
    )
    return found
