"""Real processes that tests kill: servers that keep their data, and workers that come back."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path

from runtime.embedded import SKIPPING, Postgres, free_port, temporal_command


class Servers:
    """PostgreSQL and Temporal on a folder, each of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.postgres = Postgres(folder / "postgres")
        self.postgres.start()
        self._temporal = self._start_temporal()

    @property
    def temporal_address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def _start_temporal(self) -> subprocess.Popen[bytes]:
        command = temporal_command(
            self._port, database=self._folder / "temporal.db", ui_port=None, config=SKIPPING
        )
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return process
            time.sleep(0.05)
        raise AssertionError("Temporal did not come up")

    def kill_temporal(self) -> None:
        self._temporal.kill()
        self._temporal.wait()
        self._temporal = self._start_temporal()

    def kill_postgres(self) -> None:
        assert self.postgres.pid is not None
        os.kill(self.postgres.pid, signal.SIGKILL)
        while self.postgres.is_running():
            time.sleep(0.01)
        self.postgres.start()

    def stop(self) -> None:
        self._temporal.terminate()
        self._temporal.wait(20)
        self.postgres.stop()


class Workers:
    """A worker process that is replaced whenever it dies, by one that has done its imports already.

    Args:
        kills: What each worker in turn is to die of by itself (`before:5`, …); after the last, none does.
    """

    def __init__(self, servers: Servers, kills: tuple[str, ...] = ()) -> None:
        self._environment = {name: value for name, value in os.environ.items() if "TEMPORAL" not in name} | {
            "TEMPORAL_ADDRESS": servers.temporal_address,
            "DATABASE_URL": servers.postgres.url,
        }
        self._kills = chain(kills, repeat(None))
        self._stopping = False
        self.deaths = 0
        self._spare = self._prepare()
        self._process = self._replace()
        self._watcher = threading.Thread(target=self._keep_up)
        self._watcher.start()

    def _prepare(self) -> subprocess.Popen[bytes]:
        """A worker that waits for a word before it connects."""
        kill = next(self._kills)
        module = "tests.durability.fragile_worker" if kill else "worker"
        wait_and_work = f"import sys, {module}, worker; sys.stdin.readline() and sys.exit(worker.main())"
        return subprocess.Popen(
            [sys.executable, "-c", wait_and_work],
            env=self._environment | ({"KILL_AT": kill} if kill else {}),
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _replace(self) -> subprocess.Popen[bytes]:
        process, self._spare = self._spare, self._prepare()
        assert process.stdin is not None
        process.stdin.write(b"work\n")
        process.stdin.close()
        return process

    def _keep_up(self) -> None:
        while True:
            code = self._process.wait()
            if self._stopping:
                return
            self.deaths += code == -signal.SIGKILL
            self._process = self._replace()

    def kill(self) -> None:
        """Kill the worker of the moment; the next is on its way."""
        self._process.kill()

    def stop(self) -> None:
        self._stopping = True
        self._process.terminate()
        self._watcher.join(30)
        assert self._spare.stdin is not None
        self._spare.stdin.close()
        self._spare.wait(30)


@contextmanager
def running(folder: Path, kills: tuple[str, ...] = ()) -> Iterator[tuple[Servers, Workers]]:
    """Servers and workers on a folder, ended by pid."""
    servers = Servers(folder)
    workers = Workers(servers, kills)
    try:
        yield servers, workers
    finally:
        workers.stop()
        servers.stop()
