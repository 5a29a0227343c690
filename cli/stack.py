"""`qingqian rehearse` and `qingqian dev`: what starts servers of its own."""

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cli.options import DATA, DONE, NOT_AS_EXPECTED, AsJson, Data, finish
from cli.screen.console import Screen, say, say_json
from cli.screen.timeline import Timeline, outcome, picture
from rehearsal.scenario import read_scenario
from runtime.settings import read_settings
from runtime.stack import Stack


def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option(help="Also save the terminal picture.")] = None,
) -> None:
    """Run scenarios on an embedded stack of their own, their months passing in seconds."""

    async def run() -> int:
        from rehearsal.run import rehearse as run_rehearsal

        scenarios = [read_scenario(path) for path in files]
        screen = Screen(to_errors=as_json, record=svg is not None, width=110 if svg else None)
        results = []
        for scenario in scenarios:
            screen.print(Text(scenario.title, "bold"))
            with Timeline(screen, scenario) as timeline:
                result = await run_rehearsal(scenario, timeline.watch, read_settings())
            screen.print(outcome(result))
            results.append(result)
        if svg is not None:
            svg.write_text(picture(screen), "utf-8")
        if as_json:
            say_json(results[0] if len(results) == 1 else results)
        return DONE if all(result["ok"] for result in results) else NOT_AS_EXPECTED

    finish(run(), as_json)


def dev(
    data: Data = DATA,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Temporal's port; the one used before, or a free one."),
    ] = None,
    ui_port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help="Open Temporal's web page there; it is closed otherwise, for whoever reaches it can end workflows.",
        ),
    ] = None,
    portal_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port of the window; the one used before, or a free one."),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", help="Have all processes log to standard error, not into the data folder."),
    ] = False,
) -> None:
    """Run the embedded stack for real use: PostgreSQL, Temporal, a worker, the window. Ctrl-C stops all."""

    async def run() -> int:
        from runtime.dev import Ports, run_dev

        ports = Ports(temporal=port, ui=ui_port, portal=portal_port)
        await run_dev(data, lambda stack: say(_announcement(stack, data)), ports, verbose=verbose)
        return DONE

    finish(run(), as_json=False)


def _announcement(stack: Stack, data: Path) -> str:
    """Where everything is, the window first."""
    page = [f"Temporal UI   {stack.ui}   (可终止流程 it can end workflows)"] if stack.ui else []
    add = "qingqian staff add LOGIN --person 姓名 --office 620105 --role head --role clerk"
    lines = [
        f"window 窗口   {stack.portal}",
        f"first person  {add} --data {shlex.quote(str(data))}",
        *page,
        f"Temporal      {stack.temporal_address}",
        f"PostgreSQL    {stack.database_url}",
        f"data          {data}   (other commands: --data {shlex.quote(str(data))}; Ctrl-C stops all)",
    ]
    return "\n".join(lines)
