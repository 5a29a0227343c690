"""Tables on a phone, by their templates: each becomes cards that say what stands in them, or is moved sideways by itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import portal

TEMPLATES: Final = Path(portal.__file__).parent / "templates"
TABLE: Final = re.compile(
    r"(?P<before><div class=\"(?:scroll|visually-hidden)\"[^>]*>)?<table(?P<marks>[^>]*)>(?P<inside>.*?)</table>",
    re.S,
)
HEAD: Final = re.compile(r"<th scope=\"col\"[^>]*>(.*?)</th>", re.S)
CELL: Final = re.compile(r"<td(?P<marks>(?:[^>{]|\{[{%].*?[%}]\})*)>", re.S)
LABEL: Final = re.compile(r"data-label=\"(\{\{.*?\}\})\"")


def tables() -> Iterator[tuple[str, re.Match[str]]]:
    """Every table that a template writes, by its template and its place there."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for number, table in enumerate(TABLE.finditer(path.read_text("utf-8")), 1):
            yield f"{path.relative_to(TEMPLATES)}:{number}", table


def classes(table: re.Match[str]) -> list[str]:
    """The classes of a table."""
    found = re.search(r'class="([^"]*)"', table["marks"])
    return found[1].split() if found else []


def said(expression: str) -> str:
    """What a template says, whichever quotation marks it takes."""
    return expression.replace("'", '"').strip()


def never_squeezed(table: re.Match[str]) -> bool:
    """Whether a table has two columns of names and amounts, or seven of days, or is there to be heard only."""
    return bool(set(classes(table)) & {"sum", "month"}) or "visually-hidden" in (table["before"] or "")


ALL: Final = dict(tables())
STACKED: Final = {name: table for name, table in ALL.items() if "stack" in classes(table)}
MOVED: Final = {name: one for name, one in ALL.items() if name not in STACKED and not never_squeezed(one)}


@pytest.mark.parametrize("name", STACKED)
def test_each_cell_of_a_card_says_which_column_it_is(name: str) -> None:
    heads = {said(head) for head in HEAD.findall(STACKED[name]["inside"])}
    cells = [
        cell["marks"]
        for cell in CELL.finditer(STACKED[name]["inside"])
        if 'class="choose"' not in cell["marks"]
    ]
    assert cells, "a list has cells"
    labels = [found and said(found[1]) for found in map(LABEL.search, cells)]
    assert [one for one in labels if one not in heads] == []


@pytest.mark.parametrize("name", sorted(MOVED))
def test_what_is_no_card_is_moved_sideways_under_a_name_of_its_own(name: str) -> None:
    before = MOVED[name]["before"]
    assert before, "it is moved by itself, not with the page"
    assert [mark for mark in ('role="group"', 'tabindex="0"', "aria-label") if mark not in before] == []


def test_the_tables_were_found() -> None:
    assert len(STACKED) > 15
    assert len(ALL) == sum(path.read_text("utf-8").count("<table") for path in TEMPLATES.rglob("*.html"))
