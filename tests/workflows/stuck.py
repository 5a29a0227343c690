"""A workflow that never yields and swallows every interruption, in an otherwise normal production worker."""

import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from temporalio import workflow


@workflow.defn(sandboxed=False)
class Stuck:
    """Creates a file when it runs, and then blocks its thread."""

    @workflow.run
    async def run(self, sign: str) -> None:
        hold(Path(sign))


def hold(sign: Path) -> None:
    """Never return, whatever is raised here."""
    sign.touch()
    while True:
        try:
            time.sleep(0.1)
        except BaseException:
            continue


def work() -> None:
    """Run the worker process with one more workflow."""
    import runtime.working
    import worker

    with patch.multiple(
        runtime.working,
        DRAINED_WITHIN=timedelta(seconds=3),
        DrainingWorker=partial(runtime.working.DrainingWorker, workflows=[Stuck]),
    ):
        sys.exit(worker.main())
