"""`qingqian notices …`: the documents that were issued, what became of them at each office, and the documents themselves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from cli.options import DATA, DONE, AsJson, Data, emit, finish
from cli.record import the_database
from domain.calendar import SHANGHAI
from domain.telling.words import DELIVERIES, DOCUMENTS
from office.enquiries import load
from office.faults import Faults
from schema import post


class _ListByDefault(TyperGroup):
    """`qingqian notices CASE` is `qingqian notices list CASE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {*self.commands, "--help"}
        return super().parse_args(ctx, args if args and args[0] in known else ["list", *args])


notices_app = typer.Typer(
    cls=_ListByDefault,
    help="Documents (文书): `notices [CASE]` lists them, `notices save` saves one, `notices resend` sends one again.",
)

_STYLES: Final = {
    "delivered": "green",
    "failing": "yellow",
    "unknown": "magenta",
    "refused": "red",
    "given_up": "red",
}


@notices_app.command("list")
def list_notices(
    case: Annotated[str | None, typer.Argument(metavar="CASE")] = None,
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Those that go to an office.")] = None,
    state: Annotated[post.State | None, typer.Option(help="Those with a delivery in this state.")] = None,
    size: Annotated[int, typer.Option(min=1, max=10_000, help="So many of the latest.")] = 100,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """List the latest documents, of a case or of all, and what became of them at each office."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            if case is not None:
                await load(connection, case)
            found = await post.documents(connection, case_no=case, office=office, state=state, size=size)
            sent = await post.deliveries(connection, [row.number for row in found])
        by_number: dict[str, list[post.Delivery]] = defaultdict(list)
        for one in sent:
            by_number[one.ref].append(one)
        notices = [_notice_json(row, by_number[row.number]) for row in found]
        emit({"notices": notices}, _sheet(notices), as_json)
        return DONE

    finish(run(), as_json)


@notices_app.command("save")
def save_notice(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Its 文号.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A file or a folder; NUMBER.docx here.")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Save a document as it was issued."""

    async def run() -> int:
        async with the_database(data) as engine, engine.connect() as connection:
            docx = await post.docx_of(connection, number)
        if docx is None:
            raise Faults("notices", [f"number: 没有此文号 there is no document {number}"])
        path = file or Path()
        if path.is_dir():
            path /= post.file_name(number, "docx")
        try:
            path.write_bytes(docx)
        except OSError as error:
            raise Faults(str(path), [f"file: 无法写入 cannot be written: {error.strerror}"]) from error
        emit({"number": number, "file": str(path)}, str(path), as_json)
        return DONE

    finish(run(), as_json)


@notices_app.command("resend")
def resend_notice(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Its 文号, or a report's number.")],
    office: Annotated[str | None, typer.Option(metavar="CODE", help="To this office only.")] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Send a document once more wherever it may not have arrived: unknown, refused, given up.

    It goes with the next round, under the name it had. Where it is unknown its receiver may then have it twice.
    """

    async def run() -> int:
        async with the_database(data) as engine, engine.begin() as connection:
            again = await post.send_again(connection, number, office, datetime.now(SHANGHAI))
        if not again:
            nothing = f"number: {number} 没有不明、被拒收或已放弃的送达 nothing of it is unknown, refused or given up"
            raise Faults("notices", [nothing])
        text = f"{number}  下一轮重发 goes again with the next round: {', '.join(again)}"
        emit({"number": number, "channels": again}, text, as_json)
        return DONE

    finish(run(), as_json)


def _notice_json(row: Any, deliveries: Sequence[post.Delivery]) -> dict[str, Any]:
    return {
        "number": row.number,
        "notice": row.notice,
        "case_no": row.case_no,
        "issued_on": row.issued_on.isoformat(),
        "office": row.office,
        "addressee": row.addressee,
        "reply_by": row.reply_by.isoformat() if row.reply_by else None,
        "sha256": row.sha256,
        "deliveries": [
            {
                "office": one.office,
                "channel": one.channel,
                "address": _masked(one),
                "state": one.state,
                "attempts": one.attempts,
                "last_error": one.last_error,
                "delivered_at": _instant(one.delivered_at),
            }
            for one in deliveries
        ],
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _masked(one: post.Delivery) -> str | None:
    """Enough of an address to tell it from others: a mail address's first letter and host, a web address's host."""
    if one.address is None or one.channel == "inbox":
        return one.address
    if one.channel == "email":
        name, _, host = one.address.rpartition("@")
        return f"{name[:1]}***@{host}"
    parts = urlsplit(one.address)
    return f"{parts.scheme}://{parts.hostname}/***"


def _sheet(notices: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Each document, and below it a line for each address."""
    parts: list[RenderableType] = []
    for notice in notices:
        kind, days = DOCUMENTS[notice["notice"]], f"成文 {notice['issued_on']}"
        if notice["reply_by"]:
            days += f"  答复 {notice['reply_by']}"
        parts += [
            Text.assemble((notice["number"], "bold"), f"  {kind}  {days}"),
            Text(f"  {notice['case_no']}  主送 {notice['addressee']}"),
        ]
        table = Table.grid(padding=(0, 1, 0, 1))
        for one in notice["deliveries"]:
            word, style = DELIVERIES[one["state"]], _STYLES.get(one["state"], "")
            table.add_row(
                "",
                one["office"],
                one["channel"] or "",
                Text(f"{word} {one['state']}", style=style),
                f"{one['attempts']} 次" if one["attempts"] else "",
                one["last_error"] or "",
            )
        parts.append(table)
    return Group(*parts)
