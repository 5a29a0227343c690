"""What people see on a terminal: the timeline of a rehearsal, cases, lists, accounts, faults, refusals."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from cli.screen.console import Screen
from domain.evidence import EVIDENCE
from domain.money import format_money
from domain.refusal import Refusal
from domain.telling import giver, sentence
from domain.telling.amounts import amount
from domain.telling.commands import CALLED
from domain.telling.words import BOND_KINDS, DUTIES, MODES, PAYMENTS, STAGES
from domain.value import BondKind, Light, Stage
from rehearsal.scenario import Scenario
from schema.journal import Entry

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_SPAN_STYLES = {"done": "green", "open": "bold", "waiting": "dim", "skipped": "dim strike"}

LIGHTS: Final = {Light.NONE: "dim", Light.BLUE: "bright_blue", Light.YELLOW: "yellow", Light.RED: "red"}
"""The colours of the lights on a terminal."""


class Timeline:
    """Shows a rehearsal as it happens: a line for each journal entry above a bar of the days that have passed."""

    def __init__(self, console: Console, scenario: Scenario) -> None:
        self._console = console
        self._starts_on = scenario.starts_on
        days = (scenario.stops()[-1] - scenario.starts_on).days
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("日"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task(str(scenario.starts_on), total=days)

    def __enter__(self) -> "Timeline":
        self._progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._progress.stop()

    def watch(self, day: date, entry: Entry | None, light: Light) -> None:
        """See `rehearsal.run.Watch`."""
        if entry is None:
            passed = (day - self._starts_on).days
            self._progress.update(self._task, completed=passed, description=str(day))
        else:
            self._progress.console.print(timeline_row(entry, light))


def timeline_row(entry: Entry, light: Light) -> RenderableType:
    """Date, light, who, what."""
    row = Table.grid(padding=(0, 1))
    row.add_column(width=10)
    row.add_column(width=1)
    row.add_column(width=18, overflow="ellipsis", no_wrap=True)
    row.add_column(overflow="fold")
    is_batch = entry.stream.startswith("BB-")
    row.add_row(
        Text(str(entry.event.on), style="cyan"),
        Text("·" if is_batch else "●", style="dim" if is_batch else LIGHTS[light]),
        Text(giver(entry.event), style="dim"),
        Text(sentence(entry.event.fact)[0], style="dim" if is_batch else ""),
    )
    return row


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


def outcome(result: Mapping[str, Any]) -> RenderableType:
    """How a rehearsal ended: the account of each case, and what was not as expected."""
    verdict = (
        Text("与预期相符 as expected", style="bold green")
        if result["ok"]
        else Text("与预期不符 not as expected\n" + "\n".join(result["failures"]), style="bold red")
    )
    passed = Text(f"{result['days']} 日,用时 {result['wall_s']:.1f} 秒", style="dim")
    accounts: list[RenderableType] = []
    for case in result["cases"].values():
        accounts += ["", Text.assemble((case["case_no"], "bold"), f"  {case['title']}"), account(case)]
    return Group(*accounts, "", verdict, passed)


def picture(console: Console) -> str:
    """What a recording console has shown, as SVG in the reader's own fonts: nothing is fetched to look at it."""
    return _FONT_FACE.sub("", console.export_svg(title="qingqian rehearse"))


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


def refusal_text(refusal: Refusal) -> Text:
    """A refusal in both languages, with its code and field."""
    field = f" [{refusal.field}]" if refusal.field else ""
    return Text.assemble(
        (f"{refusal.code.value}{field} ", "bold red"), refusal.message, "\n", (refusal.detail, "dim")
    )


def faults_text(source: str, faults: Sequence[str]) -> Text:
    """Everything that is wrong with a file."""
    return Text.assemble((f"{source}: {len(faults)} 处错误,未执行任何操作\n", "bold red"), "\n".join(faults))


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
