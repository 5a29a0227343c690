"""How a command ends. Whatever goes wrong becomes a sentence, an exit code and, for programs, one document: here and nowhere else.

| exit code | |
|---|---|
| 0 | done |
| 1 | refused, or not as expected |
| 2 | wrong usage, or a wrong file |
| 3 | a server is away, or we have a fault of our own: what was asked may or may not have been done, and may be sent again by its id |
| 128 + number | ended by a signal, as a shell counts |
"""

import asyncio
import signal
import tempfile
from collections.abc import Coroutine, Sequence
from typing import Any, Final, NamedTuple

import typer
from rich.console import RenderableType
from rich.text import Text

from cli.screen.console import complain, harmless, say_json
from cli.screen.wrong import faults_text, refusal_text
from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.faults import Faults
from office.unknown import UnknownCase
from runtime.serving import places
from runtime.stack import Running

DONE, NOT_AS_EXPECTED, WRONG, AWAY = 0, 1, 2, 3
_BY_SIGNAL: Final = 128
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""What ends a process from outside: `kill`, and a terminal that is closed."""


class Malformed(Faults):
    """The arguments describe no command; every fault is named."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("command", faults)
        detail = "; ".join(faults)
        field = faults[0].partition(":")[0]
        self.refusal = Refusal(Code.MALFORMED, f"命令有误:{detail}", detail, field)


class Partly(Exception):  # noqa: N818 - a part of what was asked is done
    """An error after part of the work was done. `told` is the JSON of what was done."""

    def __init__(self, error: Exception, told: dict[str, Any]) -> None:
        super().__init__(str(error))
        self.error = error
        self.told = told


class EndedBySignal(Exception):  # noqa: N818 - somebody asked the process to end
    """The command was ended by a signal, after an orderly shutdown of what it had started."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Ending(NamedTuple):
    """An exit code, what a person is told, and what a program is."""

    code: int
    lines: Sequence[RenderableType]
    told: dict[str, Any]


def run_to_end(run: Coroutine[Any, Any, int]) -> int:
    """Run a command; asked to end by a signal, it ends what it has started first."""
    return asyncio.run(_until_asked(run))


async def _until_asked(run: Coroutine[Any, Any, int]) -> int:
    loop, running = asyncio.get_running_loop(), asyncio.current_task()
    assert running is not None
    came: list[int] = []

    def end(number: int) -> None:
        if not came:  # what is being ended in order is not disturbed by being asked again
            came.append(number)
            running.cancel()

    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup
            loop.add_signal_handler(number, end, number)
    try:
        return await run
    except asyncio.CancelledError:
        if not came:
            raise
        raise EndedBySignal(came[0]) from None


def tell(error: BaseException, as_json: bool) -> int:
    """Tell a person, and a program that asks for JSON, why a command ended; returns the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else NOT_AS_EXPECTED
    ending = ending_of(error)
    complain(ending.lines)
    if as_json:
        say_json(ending.told)
    return ending.code


def ending_of(error: BaseException) -> Ending:
    """What an error means to whoever called."""
    match error:
        case Partly():
            ending = ending_of(error.error)
            return ending._replace(told=error.told | ending.told)
        case Refusal():
            return Ending(NOT_AS_EXPECTED, [refusal_text(error)], {"refused": error.to_json()})
        case Malformed():
            told = {"refused": error.refusal.to_json(), "faults": error.faults}
            return Ending(WRONG, [faults_text(error.source, error.faults)], told)
        case Faults():
            told = {"file": error.source, "faults": error.faults}
            return Ending(WRONG, [faults_text(error.source, error.faults)], told)
        case UnknownCase():
            return _ending(WRONG, "没有此编号", f"there is no case or batch {error}")
        case typer.TyperException():
            return _usage(error)
        case ModuleNotFoundError():
            return _ending(
                WRONG, "缺少组件", f"{error.name} is not installed: pip install 'qingqian[embedded]'"
            )
        case KeyboardInterrupt() | typer.Abort():
            return _interrupted(signal.SIGINT)
        case EndedBySignal():
            return _interrupted(error.number)
        case _:
            return _of_the_world(error)


def _of_the_world(error: BaseException) -> Ending:
    """Servers and files."""
    match error:
        case ServerAway() | Running():
            return _ending(AWAY, "服务不可用", str(error))
        case OSError(filename=str() | bytes()):
            return _ending(WRONG, "文件有误", f"{error.filename!r}: {error.strerror}")
        case OSError() | MemoryError():
            return _unforeseen(error)
        case _:
            return _of_a_library(error)


def _of_a_library(error: BaseException) -> Ending:
    """What the libraries of the servers say of them. Who gets here has loaded them, unless it is a fault of ours."""
    from sqlalchemy.exc import DBAPIError
    from temporalio.service import RPCError

    from schema.engine import is_lost

    match error:
        case DBAPIError() if is_lost(error):
            return _ending(AWAY, "服务不可用", "PostgreSQL went away")
        case RPCError():
            return _ending(AWAY, "服务不可用", f"Temporal did not do it: {error.message}")
        case _:
            return _unforeseen(error)


def _unforeseen(error: BaseException) -> Ending:
    return _ending(AWAY, "程序有误", f"a fault of this program; what is known of it: {_logged(error)}")


def _ending(code: int, title: str, sentence: str) -> Ending:
    return Ending(code, [Text.assemble((title, "bold red"), f" {sentence}")], {"error": sentence})


def _interrupted(number: int) -> Ending:
    return Ending(_BY_SIGNAL + number, [], {"error": f"ended by {signal.Signals(number).name}"})


def _usage(error: typer.TyperException) -> Ending:
    """Wrong words on the command line: how they should be, and what is wrong with them."""
    said = error.format_message()
    asked = getattr(error, "ctx", None)
    lines = [] if asked is None else [Text(asked.get_usage(), "dim")]
    if not said:  # called without any word, a group has shown its help
        return Ending(WRONG, [], {"error": "a command is needed"})
    return Ending(
        WRONG, [*lines, Text.assemble(("用法有误", "bold red"), f" {said}")], {"error": harmless(said)}
    )


def _logged(error: BaseException) -> str:
    """Write the traceback to a temporary file, without messages, which could contain personal data; returns the file's name."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="qingqian-fault-", suffix=".log", delete=False
        ) as file:
            file.writelines(places(error))
            return file.name
    except OSError:
        return type(error).__name__
