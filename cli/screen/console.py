"""What people read is written through here: what a case holds is shown, never obeyed.

Nothing is parsed as markup, and what would steer a terminal (escape sequences, marks that turn the direction of writing) is shown
as a sign of its own. Styles come from `Text` and `Table` alone.
"""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Final, TextIO

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType, RenderHook, RenderResult

_KEPT: Final = (0x09, 0x0A)
_TURNING: Final = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_SIGNS: Final = {
    **{code: 0x2400 + code for code in range(0x20) if code not in _KEPT},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *_TURNING), 0xFFFD),
}
_C1: Final = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def harmless(text: str) -> str:
    """A text with a visible sign for every character that a terminal would obey, line breaks and tabs aside."""
    return text.translate(_SIGNS)


class Screen(Console):
    """A console that takes every string literally."""

    def __init__(self, *, to_errors: bool = False, record: bool = False, width: int | None = None) -> None:
        super().__init__(
            stderr=to_errors, record=record, width=width, markup=False, emoji=False, highlight=False
        )
        self.push_render_hook(_Literally())

    def on_broken_pipe(self) -> None:
        """Who reads may stop reading: nothing is wrong with that, and nobody is told."""
        self.quiet = True
        drop(sys.stderr if self.stderr else sys.stdout)


class _Literally(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Literal(one) for one in renderables]


class _Literal:
    """A renderable whose text cannot steer the terminal; what our own progress bar tells the terminal is no text."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            yield segment if segment.control else segment._replace(text=harmless(segment.text))


def ready_streams() -> None:
    """Let the standard streams write any character, in the terminal's encoding or as its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: RenderableType) -> None:
    """Write to standard output for a person; a string is not broken into lines."""
    Screen().print(text, soft_wrap=isinstance(text, str))


def say_json(result: Any) -> None:
    """Write the one JSON document of a call. Where the terminal has not all characters, there are their codes."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf8")
    document = json.dumps(result, ensure_ascii=not is_unicode, indent=1).translate(_C1)
    try:
        print(document, flush=True)  # noqa: T201 - this is where it is printed
    except BrokenPipeError:
        drop(sys.stdout)


def complain(lines: Iterable[RenderableType]) -> None:
    """Write to standard error for a person."""
    screen = Screen(to_errors=True)
    for line in lines:
        screen.print(line, soft_wrap=True)


def drop(stream: TextIO) -> None:
    """Send what is still to be written to a stream nowhere, so that nothing complains of it when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
