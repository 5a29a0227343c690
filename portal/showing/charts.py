"""Charts as SVG, drawn on the server by Vega-Lite: bars with their labels and values written out, for readers and for print.

A chart names itself by `<title>` and says what it shows by `<desc>`; its numbers are in a table beside it. Nothing is measured
with the server's fonts: browsers set all text in the page's own.
"""

import json
import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

import vl_convert
from markupsafe import Markup, escape

ACCENT: Final = "#0b5394"
LIGHTS: Final = {"none": "#57606a", "blue": "#0b5cad", "yellow": "#8a6100", "red": "#b3261e"}

_WIDTH, _ROW, _HEIGHT = 680, 30, 160
_INK: Final = "#1b1f24"
_SIZE: Final = 14

_UNSAID: Final = re.compile(
    r' (?:role|class|aria-[a-z]+|font-family|pointer-events|version|xmlns:xlink|opacity="1)="[^"]*"'
)
"""What the drawing library says of every mark: a chart is one image, and its table says the rest."""


class Bar(NamedTuple):
    """A bar: its name, its length, and its value as it is written."""

    label: str
    value: float
    said: str
    colour: str = ACCENT


class Caption(NamedTuple):
    """What a chart is called and what it shows; `id` is its own on the page."""

    id: str
    title: str
    about: str


@lru_cache(maxsize=512)
def bars(rows: tuple[Bar, ...], caption: Caption, most: float | None = None) -> Markup:
    """Bars below each other, in the order given. `most` is what fills the width; the longest bar does unless it is given."""
    place = {"field": "at", "type": "ordinal", "sort": None}
    longest = most or max((row.value for row in rows), default=0) or 1
    length = {"field": "value", "type": "quantitative", "scale": {"domain": [0, longest]}, "axis": None}
    label = {"labelExpr": f"{json.dumps([row.label for row in rows])}[datum.value]", "labelPadding": 8}
    left, right = (
        16 + max((_span(text) for text in texts), default=0)
        for texts in ([row.label for row in rows], [row.said for row in rows])
    )
    drawn = {
        "width": max(_WIDTH - left - right, _WIDTH // 4),
        "height": _ROW * len(rows),
        "padding": {"left": left, "right": right, "top": 4, "bottom": 4},
        "data": {"values": [{"at": at, **row._asdict()} for at, row in enumerate(rows)]},
        "encoding": {"y": place | {"axis": _AXIS | label}},
        "layer": [
            {
                "mark": {"type": "bar", "height": 18},
                "encoding": {"x": length, "color": {"field": "colour", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": _SIZE, "color": _INK},
                "encoding": {"x": length, "text": {"field": "said", "type": "nominal"}},
            },
        ],
    }
    return _svg(drawn, caption)


@lru_cache(maxsize=512)
def columns(rows: tuple[Bar, ...], caption: Caption, every: int = 3) -> Markup:
    """Columns side by side, in the order given; every so many of them is labelled, and the tallest has its value."""
    most = max((row.value for row in rows), default=0) or 1
    place = {"field": "at", "type": "ordinal", "sort": None, "scale": {"paddingInner": 0.25}}
    label = {
        "values": list(range(0, len(rows), every)),
        "labelExpr": f"{json.dumps([row.label for row in rows])}[datum.value]",
        "labelAngle": 0,
        "labelOverlap": False,
    }
    height = {"field": "value", "type": "quantitative", "scale": {"domain": [0, most]}, "axis": None}
    tallest = max(range(len(rows)), key=lambda at: rows[at].value, default=0)
    drawn = {
        "width": min(_WIDTH - 80, 48 * max(len(rows), 1)),
        "height": _HEIGHT,
        "padding": {"left": 40, "right": 40, "top": 28, "bottom": 28},
        "data": {"values": [{"at": at, **row._asdict()} for at, row in enumerate(rows)]},
        "encoding": {"x": place | {"axis": _AXIS | label}, "y": height},
        "layer": [
            {"mark": {"type": "bar", "color": ACCENT}},
            {
                "transform": [{"filter": f"datum.at == {tallest} && datum.value > 0"}],
                "mark": {"type": "text", "dy": -10, "fontSize": _SIZE, "color": _INK},
                "encoding": {"text": {"field": "said", "type": "nominal"}},
            },
        ],
    }
    return _svg(drawn, caption)


def _span(text: str) -> int:
    """The width of a text in any font: a Chinese character is as wide as it is high, others little more than half of that."""
    return sum(_SIZE if ord(character) > 0x2E7F else 9 for character in text)


_AXIS: Final[dict[str, Any]] = {
    "title": None,
    "ticks": False,
    "domain": False,
    "labelLimit": 0,
    "labelFontSize": _SIZE,
    "labelColor": _INK,
}


def _svg(drawn: dict[str, Any], caption: Caption) -> Markup:
    """A specification drawn, as one image with a name and a description."""
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": "none",
        "background": None,
        "config": {"view": {"stroke": None}},
        **drawn,
    }
    svg = _UNSAID.sub("", vl_convert.vegalite_to_svg(whole))
    body = svg[svg.index(">") + 1 :]
    edges = drawn["padding"]
    width = drawn["width"] + edges["left"] + edges["right"]
    height = drawn["height"] + edges["top"] + edges["bottom"]
    title, about = f"{caption.id}-title", f"{caption.id}-about"
    return Markup(
        f'<svg class="chart" role="img" aria-labelledby="{title}" aria-describedby="{about}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{title}">{escape(caption.title)}</title><desc id="{about}">{escape(caption.about)}</desc>{body}'
    )
