"""What people have written is shown as they wrote it, and steers neither the program nor the terminal."""

from collections.abc import Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.options import command_of
from cli.screen.console import Screen, harmless
from domain.commands import read_command
from tests.cli.commands import Said, call
from tests.stack import CLERK, Desk

STEERING = "\x1b]0;夺\x07\x1b[2J\x9b31m\u202e[/附件]\r[bold]:smile:"


@pytest.fixture
def record(engine: AsyncEngine) -> Callable[..., Said]:
    """Calls on a record of their own."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda *arguments: call(*arguments, DATABASE_URL=url)


def obeyed(text: str) -> set[str]:
    """What in a text a terminal would obey."""
    return {one for one in text if one not in "\n" and (ord(one) < 0x20 or 0x7F <= ord(one) < 0xA0)} | (
        {"\u202e"} & set(text)
    )


def test_everything_that_steers_a_terminal_is_shown() -> None:
    assert obeyed(STEERING)
    assert not obeyed(harmless(STEERING))
    assert "[/附件]" in harmless(STEERING)
    assert harmless("一\n二\t三 [bold]") == "一\n二\t三 [bold]"


def test_a_screen_takes_every_string_literally(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().print(STEERING, soft_wrap=True)
    assert "[/附件]" in (shown := capsys.readouterr().out)
    assert "[bold]:smile:" in shown
    assert not obeyed(shown)


@pytest.mark.long
async def test_the_journal_of_an_enterprise_that_writes_markup(
    desk: Desk, record: Callable[..., Said]
) -> None:
    ask = {"do": "request_correction", "by": CLERK, "command_id": "1", "items": ["合同"]}
    answer = {"do": "supply_correction", "by": "creditor", "command_id": "2", "note": "见 [/附件] [red]"}
    case_no = await desk.open(read_command(ask), read_command(answer), title="[/道路] [red]:smile:")
    for command in (("history", case_no), ("show", case_no), ("show", case_no, "--explain"), ("list",)):
        said = record(*command)
        assert said.code == 0, said.err
        assert not obeyed(said.out)
    assert "[/附件] [red]" in record("history", case_no).out
    assert "[/道路]" in record("show", case_no).out
    assert "[/道路]" in record("list").out


@pytest.mark.long
async def test_a_person_called_like_markup_gets_a_password(record: Callable[..., Said]) -> None:
    add = ("staff", "add", "li", "--person", "[/x]", "--office", "620105", "--role", "clerk")
    said = record(*add)
    assert said.code == 0, said.err
    assert "[/x]" in said.out
    assert "邀请码" in said.out
    assert "[/x]" in record("staff", "list").out


def test_a_refusal_of_markup_is_shown_as_written() -> None:
    said = call("act", "QQ-620105-2026-0001", "[/x]", "--by", "clerk:李敏@620105")
    assert said.code == 2
    assert "'[/x]'" in said.err


def test_text_of_a_field_may_begin_with_a_bracket() -> None:
    for text in ("[已核实] 无异议", "[1]", "{}", '["一"]', "[[["):
        order = command_of(read_command, "supply_correction", "creditor", [f"note={text}"], None)
        assert order.note == text
    order = command_of(read_command, "request_correction", CLERK, ['items=["合同", "[发票]"]'], None)
    assert list(order.items) == ["合同", "[发票]"]
