"""What a page lacks for those who do not see it well, do not use a mouse, or have it read to them (WCAG 2.2 AA).

`faults(page)` looks at a page as the browser has made it. It finds what a program can find: names, labels, roles, headings,
tables, languages, contrast, sizes of targets, visible focus; and it looks once more as on a phone. It cannot find whether words make
sense.
"""

from pathlib import Path
from typing import Final

from playwright.async_api import Page

from tests.portal.chromium import PHONE

_LOOK: Final = Path(__file__).with_name("accessibility.js").read_text("utf-8")
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
    found: list[str] = await page.evaluate(_LOOK)
    return found + await _on_a_phone(page, found) + await _focus(page)


async def _on_a_phone(page: Page, known: list[str]) -> list[str]:
    """What is wrong on the narrowest screen only."""
    screen = page.viewport_size
    await page.set_viewport_size(PHONE)
    found: list[str] = await page.evaluate(_LOOK)
    if screen:
        await page.set_viewport_size(screen)
    return [f"on a phone, {one}" for one in found if one not in known]


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
