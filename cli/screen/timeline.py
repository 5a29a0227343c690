"""What people see of a rehearsal: its timeline as it happens, and how it ended."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from cli.screen.terminal import LIGHTS, account
from domain.telling import giver, sentence
from domain.value import Light
from rehearsal.scenario import Scenario
from schema.journal import Entry

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


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
