"""Dates that explain themselves, and dates that are still to come, as people read them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.screen.terminal import LIGHTS
from domain.facts import CaseFact
from domain.telling import sentence
from domain.telling.words import DUTIES, ROLES
from domain.value import DEFERRED, Light

_FACT: TypeAdapter[CaseFact] = TypeAdapter(CaseFact, config=DEFERRED)
_WHY = {"weekend": "周末", "holiday": "节假日", "paused": "中止或补正"}


def explained(case: Mapping[str, Any]) -> RenderableType:
    """Each duty of a case: its term and where that comes from, the days that did not count, and the calendar."""
    sheets: list[RenderableType] = [Text.assemble((case["case_no"], "bold"), "  ", case["title"])]
    if not case["duties"]:
        sheets.append(Text("没有待办事项 nothing is owed"))
    for duty in case["duties"]:
        sheets += ["", *_duty(duty)]
    return Group(*sheets)


def _duty(duty: Mapping[str, Any]) -> list[RenderableType]:
    name = f"{DUTIES[duty['duty']]} {duty['subject'] or ''}".rstrip()
    provisional = "  暂定 provisional" if duty["provisional"] else ""
    level = f"  已到 {duty['level']}" if duty["level"] else ""
    head = Text.assemble(
        ("● ", LIGHTS[Light(duty["light"])]),
        (name, "bold"),
        f"  {ROLES[duty['owner']]}  {duty['due_on']}{provisional}{level}",
    )
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("起算 start", f"{duty['opened_on']}(当日不计)")
    table.add_row("期限 term", _term(duty["term"]))
    table.add_row("依据 basis", duty["basis"])
    table.add_row("规则 rules", duty["rules"])
    for skipped in duty["skipped"]:
        table.add_row("不计 skipped", f"{_span(skipped)} {_WHY[skipped['why']]}")
    if duty["worked"]:
        table.add_row("计入 counted", "、".join(duty["worked"]) + " 调休上班")
    if duty["due_raw"] != duty["due_on"]:
        table.add_row("顺延 rolled", f"{duty['due_raw']} 非工作日,顺延至 {duty['due_on']}")
    table.add_row("日历 calendar", duty["calendar"] + (";当年放假通知未发布,暂定" if provisional else ""))
    return [head, table]


def _term(written: str | None) -> str:
    if written is None:
        return "计划约定的日期 the day the plan names"
    if written.endswith("wd"):
        return f"{written.removesuffix('wd')} 个工作日"
    return f"{written.removesuffix('d')} 日(末日非工作日的顺延)"


def _span(skipped: Mapping[str, Any]) -> str:
    since, until = skipped["since"], skipped["until"]
    return str(since) if since == until else f"{since} 至 {until}"


def foreseen(result: Mapping[str, Any]) -> RenderableType:
    """What will happen if nobody acts, a line each."""
    if not result["events"]:
        why = (
            "本案已中止,未定恢复日 suspended without a day to resume" if result["suspended"] else "无 nothing"
        )
        return Text(f"{result['case_no']}  不再自行发生任何事项:{why}")
    return Group(
        Text.assemble((result["case_no"], "bold"), "  若无人办理 if nobody acts"),
        _timeline(result["events"], date.fromisoformat(result["horizon"])),
    )


def _timeline(events: Sequence[Mapping[str, Any]], horizon: date) -> RenderableType:
    table = Table(box=None, show_header=False)
    for event in events:
        fact = _FACT.validate_python({"kind": event["kind"], **event["data"]})
        provisional = Text("暂定", style="yellow") if event["provisional"] else Text("")
        table.add_row(Text(event["on"], style="cyan"), sentence(fact)[0], provisional)
    if any(event["provisional"] for event in events):
        return Group(table, Text(f"{horizon} 之后的日期待放假通知发布后重新计算", style="dim"))
    return table
