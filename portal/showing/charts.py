"""Charts as SVG: bars with their labels and values written out, for screen readers and for print.

A chart has a `<title>` and a `<desc>`; a table beside it has its numbers. It keeps its width, and its bars theirs, however few there
are. No text is measured with fonts of the server, because browsers set it in the page's own.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from markupsafe import Markup

ACCENT: Final = "#0b5394"
LIGHTS: Final = {"none": "#57606a", "blue": "#0b5cad", "yellow": "#8a6100", "red": "#b3261e"}

_INK: Final = "#1b1f24"
_FAINT: Final = "#8c959f"
_SIZE: Final = 14
_WIDTH: Final = 680
_EDGE: Final = 40
_ROW, _BAR, _SHORTEST = 30, 18, 170
_HEIGHT, _ABOVE, _BELOW, _SLOT = 160, 28, 28, 48


class Bar(NamedTuple):
    """A bar: its name, its length, and its value as text."""

    label: str
    value: float
    said: str
    colour: str = ACCENT


class Caption(NamedTuple):
    """The title and the description of a chart; `id` is unique on the page."""

    id: str
    title: str
    about: str


def bars(rows: tuple[Bar, ...], caption: Caption, most: float | None = None) -> Markup:
    """A chart of horizontal bars, in the order given. `most` is the length that fills the width, by default the longest bar's."""
    longest = most or max((row.value for row in rows), default=0) or 1
    left = 16 + max((_span(row.label) for row in rows), default=0)
    right = 16 + max((_span(row.said) for row in rows), default=0)
    width = max(_WIDTH - left - right, _SHORTEST)

    def drawn() -> Iterator[Markup]:
        for at, row in enumerate(rows):
            middle = 4 + _ROW * at + _ROW // 2
            long = round(row.value / longest * width, 1)
            yield _text(row.label, left - 8, middle + 5, "end")
            yield _rect(left, middle - _BAR // 2, long, _BAR, row.colour)
            yield _text(row.said, left + long + 6, middle + 5, "start")

    return _svg(drawn(), left + width + right, 8 + _ROW * len(rows), caption)


def columns(rows: tuple[Bar, ...], caption: Caption, every: int = 3) -> Markup:
    """A chart of columns, in the order given. Every `every`-th one is labelled, and the tallest has its value."""
    most = max((row.value for row in rows), default=0) or 1
    slot = min((_WIDTH - 2 * _EDGE) / max(len(rows), 1), _SLOT)
    tallest = max(range(len(rows)), key=lambda at: rows[at].value, default=0)
    ground = _ABOVE + _HEIGHT

    def drawn() -> Iterator[Markup]:
        for at, row in enumerate(rows):
            middle, high = _EDGE + slot * (at + 0.5), row.value / most * _HEIGHT
            yield _rect(middle - slot * 0.375, ground - high, slot * 0.75, high, row.colour)
            if at % every == 0:
                yield _text(row.label, _within(middle, row.label), ground + 20, "middle")
            if at == tallest and row.value > 0:
                yield _text(row.said, _within(middle, row.said), ground - high - 8, "middle")
        yield Markup('<path d="M{} {}H{}" stroke="{}"/>').format(_EDGE, ground, _WIDTH - _EDGE, _FAINT)

    return _svg(drawn(), _WIDTH, ground + _BELOW, caption)


def _span(text: str) -> int:
    """The estimated width of a text in any font: a Chinese character is square, others are about half as wide."""
    return sum(_SIZE if ord(character) > 0x2E7F else 9 for character in text)


def _within(middle: float, text: str) -> float:
    """The position of a text's middle, moved so that the text stays within the chart."""
    half = _span(text) / 2
    return min(max(middle, half), _WIDTH - half)


def _rect(x: float, y: float, width: float, height: float, colour: str) -> Markup:
    drawn = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>')
    return drawn.format(*(round(number, 1) for number in (x, y, width, height)), colour)


def _text(text: str, x: float, y: float, anchor: str) -> Markup:
    drawn = Markup('<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>')
    return drawn.format(round(x, 1), round(y, 1), anchor, _SIZE, _INK, text)


def _svg(marks: Iterable[Markup], width: int, height: int, caption: Caption) -> Markup:
    """The image, with its title and description."""
    title, about = f"{caption.id}-title", f"{caption.id}-about"
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{}" aria-describedby="{}" viewBox="0 0 {} {}" width="{}" height="{}" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}">{}</title><desc id="{}">{}</desc>{}</svg>'
    ).format(
        title,
        about,
        width,
        height,
        width,
        height,
        title,
        caption.title,
        about,
        caption.about,
        Markup().join(marks),
    )
