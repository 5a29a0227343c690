"""What people see on a terminal: cases, lists, accounts, batches, journals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from cli.screen.console import Screen
from domain.evidence import EVIDENCE
from domain.money import format_money
from domain.telling import giver, sentence
from domain.telling.amounts import amount
from domain.telling.commands import CALLED
from domain.telling.words import BOND_KINDS, DUTIES, MODES, PAYMENTS, STAGES
from domain.value import BondKind, Light, Stage
from schema.journal import Entry

_SPAN_STYLES = {"done": "green", "open": "bold", "waiting": "dim", "skipped": "dim strike"}

LIGHTS: Final = {Light.NONE: "dim", Light.BLUE: "bright_blue", Light.YELLOW: "yellow", Light.RED: "red"}
"""The colours of the lights on a terminal."""


def account(case: Mapping[str, Any]) -> RenderableType:
    """The money of a case, from what was claimed to what is left."""
    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    parts = ("undisputed_fen", "disputed_fen", "not_yet_due_fen", "judicial_fen")
    recognised_fen = sum(case[part] for part in parts) if case["verified"] else None
    for name, fen in (
        ("反映 claimed", case["claimed_fen"]),
        ("认定 recognised", recognised_fen),
        ("纳入债券 included", case["included_fen"]),
        ("支付 paid", case["in_transit_fen"] + case["cleared_fen"]),
        ("清偿 cleared", case["cleared_fen"]),
        ("未清偿 outstanding", _outstanding_fen(case)),
    ):
        table.add_row(name, amount(fen)[0])
    return table


def _outstanding_fen(case: Mapping[str, Any]) -> int | None:
    return case["outstanding_fen"] if case["verified"] else None


def journal_table(entries: Sequence[Entry]) -> RenderableType:
    """The entries of a journal, each with the beginning of its hash."""
    table = Table("序", "日期", "经办", "事项", "校验", box=None, header_style="dim")
    for entry in entries:
        event = entry.event
        table.add_row(
            str(entry.seq),
            str(event.on),
            giver(event),
            sentence(event.fact)[0],
            Text(entry.hash[:12], style="dim"),
        )
    return table


def case_sheet(case: Mapping[str, Any]) -> RenderableType:
    """A case with its stages, duties, money and payments."""
    bar = Text(" → ").join(
        Text(STAGES[Stage(span["stage"])], style=_SPAN_STYLES[span["state"]]) for span in case["stages"]
    )
    parts: list[RenderableType] = [
        Text.assemble((case["case_no"], "bold"), "  ", case["title"]),
        Text.assemble(
            f"{case['creditor']['name']} ← {case['debtor']['name']}   承办 {case['holder']}   ",
            f"{STAGES[Stage(case['stage'])]} · {MODES[case['mode']]}   ",
            ("●", LIGHTS[Light(case["light"])]),
        ),
        bar,
        account(case),
    ]
    if case["duties"]:
        parts.append(duty_table(case["duties"]))
    for one in case["submissions"]:
        if one["state"] == "waiting":
            parts.append(
                Text(f"送审待批 {one['no']} {CALLED[one['do']][0]} {one['by']} 截至 {one['due_on']}")
            )
    if case.get("possible"):
        told = (CALLED[one["do"]][0] + ("(代录)" if one["on_paper_for"] else "") for one in case["possible"])
        parts.append(Text(f"可办理:{'、'.join(dict.fromkeys(told))}"))
    if case.get("access_code"):
        parts.append(Text(f"新的查询码 {case['access_code']}(只显示一次)"))
    if case["payments"]:
        parts.append(payment_table(case["payments"]))
    parts += _papers(case)
    for name, contact in (("债权人联系人", "contact"), ("债务人联系人", "debtor_contact")):
        if case.get(contact):
            parts.append(Text(f"{name} {case[contact]}"))
    return Group(*parts)


def _papers(case: Mapping[str, Any]) -> list[RenderableType]:
    """The papers of a case, and for which payments one is missing."""
    told = [
        f"材料 {one['no']} {EVIDENCE[one['what']][0]} {one['name']}"
        + (f" 用于 {one['for']}" if one["for"] else "")
        + (" 已撤下" if one["detached_on"] else "")
        for one in case.get("attachments", ())
    ]
    told += [
        f"尚缺 {CALLED[one['do']][0]}:{'或'.join(EVIDENCE[kind][0] for kind in one['what'])}({one['for']})"
        for one in case.get("missing_evidence", ())
        if one["for"]
    ]
    return [Text(line) for line in told]


def duty_table(duties: Sequence[Mapping[str, Any]]) -> Table:
    """Who owes what by when, and on what basis."""
    table = Table("", "事项", "责任方", "起算", "到期", "依据", box=None, header_style="dim")
    for duty in duties:
        subject = f" {duty['subject']}" if duty["subject"] else ""
        provisional = " 暂定" if duty["provisional"] else ""
        table.add_row(
            Text("●", style=LIGHTS[Light(duty["light"])]),
            DUTIES[duty["duty"]] + subject,
            duty["owner"],
            duty["opened_on"],
            duty["due_on"] + provisional,
            duty["basis"],
        )
    return table


def payment_table(payments: Sequence[Mapping[str, Any]]) -> Table:
    """The payments of a case."""
    table = Table("凭证", "金额", "支付日", "状态", box=None, header_style="dim")
    for payment in payments:
        table.add_row(
            payment["voucher"],
            format_money(payment["amount_fen"]),
            payment["paid_on"],
            PAYMENTS[payment["state"]],
        )
    return table


def case_list(cases: Sequence[Mapping[str, Any]]) -> Table:
    """A line for each case."""
    table = Table(
        "", "案号", "事项", "阶段", "方式", "承办", "未清偿", "最近到期", header_style="dim", box=None
    )
    for case in cases:
        due_on = min((duty["due_on"] for duty in case["duties"]), default="")
        table.add_row(
            Text("●", style=LIGHTS[Light(case["light"])]),
            case["case_no"],
            case["title"],
            STAGES[Stage(case["stage"])],
            MODES[case["mode"]],
            case["holder"],
            amount(_outstanding_fen(case))[0],
            due_on,
        )
    return table


def batch_sheet(batch: Mapping[str, Any]) -> RenderableType:
    """A bond batch, and who gets how much of it and why; before its cut-off, who would."""
    table = Table("案号", "申请", "分配", "已纳入", "已到位", "说明", box=None, header_style="dim")
    for row in batch["allocations"]:
        included = "" if row["included_fen"] is None else format_money(row["included_fen"])
        table.add_row(
            row["case_no"],
            format_money(row["requested_fen"]),
            format_money(row["allocated_fen"]),
            included,
            format_money(row["arrived_fen"]),
            row["reason"],
        )
    for row in batch["preview"]:
        told = (row["case_no"], *(format_money(row[f"{name}_fen"]) for name in ("requested", "allocated")))
        table.add_row(*told, "", "", f"预览:{row['reason']}")
    kind = BOND_KINDS[batch["kind"]]
    head = Text.assemble((batch["batch_no"], "bold"), f"  {batch['name']}  {kind}  {batch['stage']}")
    money = Text(
        f"额度 {format_money(batch['quota_fen'])}  已分配 {format_money(batch['allocated_fen'])}  "
        f"已到位 {format_money(batch['arrived_fen'])}  剩余额度 {format_money(batch['remaining_fen'])}  "
        f"截止 {batch['allocates_on']}"
    )
    return Group(head, money, table, *_to_be_asked(batch))


def _to_be_asked(batch: Mapping[str, Any]) -> Iterator[Text]:
    """The requests of which nobody knows whether general bonds may pay them."""
    unknown = [row["case_no"] for row in batch["preview"] if row["spending"] is None]
    if unknown and batch["kind"] == BondKind.GENERAL:
        yield Text(f"支出性质不明,不得使用一般债券的请在截止前剔除:{'、'.join(unknown)}", style="yellow")


def verified(result: Mapping[str, Any]) -> RenderableType:
    """What `verify` found: each difference, and under it what to do about it."""
    counted = f"{result['cases']} 件案件、{result['batches']} 个债券批次"
    if result["ok"]:
        return Text(f"{counted},账实相符 all agree")
    lines = [Text(f"{counted},{len(result['differences'])} 处不符 difference(s)", style="bold red")]
    for difference, remedy in zip(result["differences"], result["remedies"], strict=True):
        lines.append(Text(difference))
        lines.append(Text(f"  → {remedy['message']}\n    {remedy['detail']}", style="dim"))
    return Group(*lines)


def rebuilt(result: Mapping[str, Any]) -> RenderableType:
    """How many entries were written again, and what `verify` found then."""
    again = f"从流程历史补写 {result['completed']} 条 entries written again from the histories"
    return Group(Text(again), verified(result))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal, for as long as something takes: told how much is done, and of how much."""
    console = Screen(to_errors=True)
    with Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=max(done, total))
