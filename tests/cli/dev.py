"""`qingqian dev` as a process, which tests call, kill and start again."""

import signal
import subprocess
import time
from pathlib import Path

import psutil

from runtime.stack import Stack, find_stack
from tests.cli.commands import PROGRAM, Said, call, environment


class Dev:
    """The stack of `qingqian dev` on a folder, which can be killed and started again."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self._options = data, options
        self.start()

    def start(self) -> None:
        with self.errors.open("a") as log:
            self.process = subprocess.Popen(
                [*PROGRAM, "dev", "--data", str(self.data), *self._options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
            )
        assert self.process.stdout is not None
        try:
            self.announced = [self.process.stdout.readline() for _ in range(5)]
        except BaseException:
            self.stop()
            raise

    @property
    def errors(self) -> Path:
        """What it writes to standard error."""
        return self.data.with_name(f"{self.data.name[:50]}-errors")

    @property
    def stack(self) -> Stack:
        stack = find_stack(self.data)
        assert stack is not None
        return stack

    def call(self, *arguments: str) -> Said:
        return call(*arguments, "--data", str(self.data), "--json")

    def insist(self, *arguments: str) -> Said:
        """Call until the servers are back: a command that met one away may be sent again with its id."""
        for _ in range(30):
            said = self.call(*arguments)
            if said.code != 3:
                return said
            time.sleep(0.5)
        raise AssertionError(said)

    def kill(self) -> None:
        self.process.kill()
        self._wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self._wait()

    def _wait(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            try:
                self.process.wait(40)
            finally:
                self.process.kill()
                self.process.wait()


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
