"""`qingqian policy …`: rule packs, checked and compared."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.options import DATA, DONE, AsJson, Data, emit, finish
from cli.record import the_database
from domain.telling.words import DUTIES
from office.enquiries import now
from office.pack_changes import changed_cases, differences
from office.packs import load_pack

policy_app = typer.Typer(help="Rule packs (规则包).", no_args_is_help=True)

Pack = Annotated[str, typer.Argument(metavar="PACK", help="A pack's name, or the path of its file.")]


@policy_app.command("check")
def check(pack: Pack, as_json: AsJson = False) -> None:
    """Check a rule pack whole; every fault with its path."""

    async def run() -> int:
        found = load_pack(pack)
        ladders = {
            name: [f"{rung.level} {rung.at}" for rung in rungs] for name, rungs in found.ladders.items()
        }
        result = {
            "name": found.name,
            "version": found.version,
            "offices": len(found.offices),
            "ladders": ladders,
        }
        climbs = "; ".join(f"{name}: {' → '.join(rungs)}" for name, rungs in ladders.items())
        text = f"{found.title} {found.name}@{found.version}: {len(found.offices)} 个办公室; {climbs}"
        emit(result, text, as_json)
        return DONE

    finish(run(), as_json)


@policy_app.command("diff")
def diff(
    old: Pack,
    new: Pack,
    open_cases: Annotated[
        bool, typer.Option("--open-cases", help="Also what would change for the cases that live by OLD.")
    ] = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two rule packs. Nothing is changed: a case adopts a pack by `act CASE adopt_policy`."""

    async def run() -> int:
        before, after = load_pack(old), load_pack(new)
        result: dict[str, Any] = {"rules": differences(before, after)}
        if open_cases:
            async with the_database(data) as engine, engine.connect() as connection:
                result["cases"] = await changed_cases(connection, before, after, now())
        emit(result, _sheet(result), as_json)
        return DONE

    finish(run(), as_json)


def _sheet(result: Mapping[str, Any]) -> RenderableType:
    rules = Table("规则", "原", "新", box=None, header_style="dim")
    for one in result["rules"]:
        rules.add_row(one["path"], str(one["old"]), str(one["new"]))
    parts: list[RenderableType] = [rules if result["rules"] else Text("规则相同 the rules are the same")]
    if "cases" in result:
        parts += [Text(f"影响 {len(result['cases'])} 件未结案件"), _cases(result["cases"])]
    return Group(*parts)


def _cases(cases: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("案件", "事项", "", "原", "新", box=None, header_style="dim")
    for case in cases:
        for one in case["deadlines"]:
            table.add_row(case["case_no"], _which(one), "到期", one["was"], one["due_on"])
        for one in case["ladder"]:
            table.add_row(case["case_no"], _which(one), one["level"], str(one["was"]), str(one["on"]))
    return table


def _which(duty: Mapping[str, Any]) -> str:
    return f"{DUTIES[duty['duty']]} {duty['subject'] or ''}".rstrip()
