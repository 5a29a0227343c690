"""How long people wait when a worker is killed: the time from the kill until their commands are acknowledged.

Measured: two worker processes on one stack. Again and again the one that has cached all cases is killed (SIGKILL), and replaced later.
Half of the cases have a command under way then, and the others get one within the next second, at random. A task that Temporal has
given to the dead worker waits for its timeout, ten seconds. A later one waits a second for that worker, and then goes to the other.

Repeat: `python -m benchmarks.recovery` (`--kills` and `--cases` change its size).
"""

import asyncio
import statistics
import time
from contextlib import ExitStack
from datetime import datetime
from random import Random
from typing import Annotated, Final, NamedTuple

import typer
from rich.console import Console
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from benchmarks.lives import OFFICE, receipt_of
from benchmarks.side_by_side import side_by_side
from benchmarks.stack import Bench, bench, worker_process
from domain.calendar import SHANGHAI, business_date
from domain.commands import read_command
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.packs import load_pack
from runtime.logs import configure_logs
from workflows.queue import TASK_QUEUE

MOST_TYPICAL, MOST = 1.5, 11.0
"""The targets, in seconds."""

_UNDER_WAY: Final = 0.03
"""Seconds within which the worker is killed after the commands were sent. An acknowledgement takes about as long."""

_AFTER: Final = 1.0
"""Seconds after the kill within which the other commands are sent."""


class Waits(NamedTuple):
    """Seconds until an acknowledgement.

    Attributes:
        kill: From each kill until the first command that was sent after it was acknowledged.
        sent_after: Of each of these commands, from when it was sent.
        under_way: Of each command that was under way at the kill, from the kill.
    """

    kill: list[float]
    sent_after: list[float]
    under_way: list[float]


async def _until_polling(on: Bench, pids: set[int]) -> None:
    """Wait until these workers ask for tasks."""
    request = DescribeTaskQueueRequest(
        namespace=on.client.namespace,
        task_queue=TaskQueue(name=TASK_QUEUE),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    while True:
        described = await on.client.workflow_service.describe_task_queue(request)
        if pids <= {int(poller.identity.partition("@")[0]) for poller in described.pollers}:
            return
        await asyncio.sleep(0.1)


async def _acknowledged(cases: Casework, case_no: str, number: int) -> float:
    """Send a command; returns the monotonic time of its acknowledgement."""
    remark = {"do": "remark", "by": f"clerk:李敏@{OFFICE}", "command_id": f"c{number}", "text": "核对"}
    await cases.act(case_no, read_command(remark))
    return time.monotonic()


async def _sent_after(cases: Casework, case_no: str, number: int, wait: float) -> tuple[float, float]:
    """Wait, then send a command; returns the monotonic times when it was sent and acknowledged."""
    await asyncio.sleep(wait)
    return time.monotonic(), await _acknowledged(cases, case_no, number)


async def measure(kills: int, count: int) -> Waits:
    """Kill so many workers, each with half of so many cases under way."""
    chance, waits = Random(1), Waits([], [], [])
    day, half = business_date(datetime.now(SHANGHAI)), count // 2
    rules = load_pack("gansu").for_case(published_calendar(day))
    async with bench() as on:
        cases = Casework(on.client, on.engine)
        with ExitStack() as ending:
            crew = [ending.enter_context(worker_process(on, "ours")) for _ in range(2)]
            opened = await side_by_side(count, count, lambda: cases.open(receipt_of(day), rules))
            for number in range(kills):
                await _until_polling(on, {worker.pid for worker in crew})
                sent = [
                    asyncio.create_task(_acknowledged(cases, one.case_no, number)) for one in opened[:half]
                ]
                await asyncio.sleep(chance.uniform(0, _UNDER_WAY))
                crew.pop(0).kill()
                killed = time.monotonic()
                after = await asyncio.gather(
                    *(
                        _sent_after(cases, one.case_no, number, chance.uniform(0, _AFTER))
                        for one in opened[half:]
                    )
                )
                waits.kill.append(min(acknowledged for _, acknowledged in after) - killed)
                waits.sent_after.extend(acknowledged - sent for sent, acknowledged in after)
                waits.under_way.extend(at - killed for at in await asyncio.gather(*sent) if at > killed)
                crew.append(ending.enter_context(worker_process(on, "ours")))
    return waits


def main(
    kills: Annotated[int, typer.Option(help="Workers killed.")] = 30,
    cases: Annotated[int, typer.Option(help="Open cases, each of which gets a command at every kill.")] = 20,
) -> None:
    """Measure, and print beside the targets."""
    configure_logs("error")
    waits = asyncio.run(measure(kills, cases))
    console = Console(width=150)
    for what, waited in (
        ("from a kill until the next acknowledgement", waits.kill),
        ("a command sent after it", waits.sent_after),
        ("a command under way, from the kill", waits.under_way),
    ):
        console.print(
            f"{what}, {len(waited)} times: p50 {statistics.median(waited):.2f} (target ≤ {MOST_TYPICAL}), "
            f"max {max(waited):.2f} s (target ≤ {MOST})"
        )


if __name__ == "__main__":
    typer.run(main)
