"""What holds a production worker that is asked to stop: a workflow that never yields and swallows every interruption, beside one that
sleeps as it should; a thread that waits for ever.
"""

import asyncio
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from temporalio import workflow

from runtime.logs import configure_logs


@workflow.defn(sandboxed=False)
class Stuck:
    """Creates a file when it runs, and then blocks its thread."""

    @workflow.run
    async def run(self, sign: str) -> None:
        hold(Path(sign))


@workflow.defn(sandboxed=False)
class Asleep:
    """Sleeps until something happens that never does."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)


def hold(sign: Path) -> None:
    """Never return, whatever is raised here."""
    sign.touch()
    while True:
        try:
            time.sleep(0.1)
        except BaseException:
            continue


def work() -> None:
    """Run the worker process with these workflows."""
    import runtime.working
    import worker

    with patch.multiple(
        runtime.working,
        DRAINED_WITHIN=timedelta(seconds=3),
        DrainingWorker=partial(runtime.working.DrainingWorker, workflows=[Stuck, Asleep]),
    ):
        sys.exit(worker.main())


def serve_with_a_thread(sign: str) -> None:
    """Run a process that stops when it is asked to, but for a thread that cannot be cancelled."""
    import runtime.serving

    async def serve() -> None:
        stop = asyncio.Event()
        runtime.serving.stop_when_asked(lambda _: stop.set())
        never_ends = asyncio.get_running_loop().run_in_executor(None, hold, Path(sign))
        await stop.wait()
        never_ends.cancel()

    configure_logs()
    with patch.object(runtime.serving, "ENDED_WITHIN", 1.0):
        sys.exit(runtime.serving.serve_to_end(serve()))
