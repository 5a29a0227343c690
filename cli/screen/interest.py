"""The interest of a case with its computation, as people read it on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from domain.money import format_money
from domain.telling.words import INTEREST_RULES


def interest_sheet(case: Mapping[str, Any]) -> RenderableType:
    """By which rule, a line for each change of the principal, and what has become of the sum."""
    heading = Text.assemble((case["case_no"], "bold"), "  ", case["title"])
    interest = case["interest"]
    if interest is None:
        return Group(heading, Text("未核定利息 no interest is fixed"))
    said = Text(
        f"{INTEREST_RULES[interest['rule']]} {interest['rate'] or ''}  {interest['basis']}  "
        f"自 {interest['from']},截至 {interest['as_of']}"
    )
    lines = Table(
        "起 from", "止 to", "日数 days", "本金 principal", "利息 interest", box=None, header_style="dim"
    )
    for line in interest["lines"]:
        amounts = (format_money(line["principal_fen"]), format_money(line["interest_fen"]))
        lines.add_row(line["from"], line["to"], str(line["days"]), *amounts)
    sums = Table(box=None, show_header=False)
    sums.add_column()
    sums.add_column(justify="right")
    for name, fen in (
        ("已计 accrued", interest["accrued_fen"]),
        ("已付 paid", interest["paid_fen"]),
        ("已付待确认 in transit", interest["in_transit_fen"]),
        ("放弃 waived", interest["waived_fen"]),
        ("未付 outstanding", interest["outstanding_fen"]),
    ):
        sums.add_row(name, format_money(fen))
    return Group(heading, said, lines, sums)
