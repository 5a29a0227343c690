"""Real processes that tests kill: servers that keep their data, and workers that are restarted."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, repeat
from multiprocessing.process import BaseProcess
from pathlib import Path

from runtime.embedded import SKIPPING, free_port, temporal_command
from runtime.postgres import Postgres
from tests.processes import start


class Servers:
    """PostgreSQL and Temporal on a folder. Each can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "temporal.db"
        self.pid_file = folder / "temporal.pid"
        self._port = free_port()
        self.postgres = Postgres(folder / "postgres")
        self.postgres.start()
        try:
            self.temporal = self.start_temporal()
        except BaseException:
            self.stop()
            raise

    @property
    def temporal_address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a worker on these servers."""
        return {name: value for name, value in os.environ.items() if "TEMPORAL" not in name} | {
            "TEMPORAL_ADDRESS": self.temporal_address,
            "DATABASE_URL": self.postgres.url,
        }

    def start_temporal(self) -> subprocess.Popen[bytes]:
        """Start Temporal; returns when it listens."""
        command = temporal_command(self._port, database=self.database, ui_port=None, config=SKIPPING)
        self.temporal = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid_file.write_text(str(self.temporal.pid), "utf-8")
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return self.temporal
            if self.temporal.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("Temporal did not come up")

    def kill_temporal(self) -> None:
        self.temporal.kill()
        self.temporal.wait()
        self.start_temporal()

    def kill_postgres(self) -> None:
        assert self.postgres.pid is not None
        os.kill(self.postgres.pid, signal.SIGKILL)
        while self.postgres.is_running():
            time.sleep(0.01)
        self.postgres.start()

    def stop(self) -> None:
        try:
            self.temporal.terminate()
            self.temporal.wait(20)
        finally:
            self.temporal.kill()
            self.temporal.wait()
            self.postgres.stop()


class Workers:
    """A worker process that is replaced whenever it dies.

    Args:
        kills: The point at which each worker in turn kills itself (`before:5`, …). Later ones do not.
    """

    def __init__(self, servers: Servers, kills: tuple[str, ...] = ()) -> None:
        self._environment = servers.environment
        self._kills = chain(kills, repeat(None))
        self._stopping = False
        self.deaths = 0
        self._process = self._start()
        self._watcher = threading.Thread(target=self._keep_up)
        self._watcher.start()

    def _start(self) -> BaseProcess:
        kill = next(self._kills)
        environment = self._environment | ({"KILL_AT": kill} if kill else {})
        return start(be_worker, environment=environment, out=os.devnull, err=os.devnull)

    def _keep_up(self) -> None:
        while True:
            self._process.join()
            if self._stopping:
                return
            self.deaths += self._process.exitcode == -signal.SIGKILL
            self._process = self._start()

    def kill(self) -> None:
        """Kill the current worker. The next one is started."""
        self._process.kill()

    def stop(self) -> None:
        """Ask the worker to end. If it does not, it is killed, and so is one that was being started when the last one died."""
        self._stopping = True
        self._process.terminate()
        self._watcher.join(30)
        while self._watcher.is_alive():
            self._process.kill()
            self._watcher.join(1)


def be_worker() -> None:
    """Run a worker, which kills itself if its environment says so."""
    import worker

    if "KILL_AT" in os.environ:
        import tests.durability.fragile_worker  # noqa: F401 - it is imported to kill
    sys.exit(worker.main())


@contextmanager
def running(folder: Path, kills: tuple[str, ...] = ()) -> Iterator[tuple[Servers, Workers]]:
    """Servers and workers on a folder, stopped by pid in the end."""
    with ExitStack() as ending:
        servers = Servers(folder)
        ending.callback(servers.stop)
        workers = Workers(servers, kills)
        ending.callback(workers.stop)
        yield servers, workers
