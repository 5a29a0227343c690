"""Scanning papers by ClamAV before they are stored, if one is configured (`QINGQIAN_CLAMD`), over its socket protocol."""

import asyncio
from typing import IO, Final

import structlog
from aioclamd import BufferTooLongError, ClamdAsyncClient, ClamdError

from domain.refusal import Code, Refusal
from office.away import ServerAway

WITHIN: Final = 60.0
"""The seconds that scanning a file may take."""

_PARTING: Final = 1.0
"""The seconds that closing the connection may take."""

log = structlog.get_logger(__name__)


class Scanner:
    """The client of a clamd. A file that could not be scanned is not stored."""

    def __init__(self, host: str, port: int) -> None:
        self._clamd = ClamdAsyncClient(host, port)

    async def examine(self, file: IO[bytes]) -> None:
        """Scan a file, which is at its beginning before and afterwards.

        Raises:
            Refusal: `malformed`: the file is infected. By what, only the log says.
            ServerAway: clamd did not answer, or the file is larger than clamd accepts (`StreamMaxLength`).
        """
        file.seek(0)
        try:
            # Closing a connection waits until everything was sent, so it needs a timeout of its own when clamd stops reading.
            async with asyncio.timeout(WITHIN + _PARTING), asyncio.timeout(WITHIN):
                found = await self._clamd.instream(file)
        except BufferTooLongError as error:
            raise ServerAway("clamd takes no file of that size: its StreamMaxLength is too low") from error
        except (ClamdError, OSError) as error:
            raise ServerAway(f"clamd did not answer ({type(error).__name__})") from error
        file.seek(0)
        status, what = (found or {}).get("stream", ("ERROR", None))
        if status == "FOUND":
            log.warning("harmful_file", found=what)
            raise Refusal(
                Code.MALFORMED, "文件里查出病毒,没有收下", "something harmful was found in the file", "file"
            )
        if status != "OK":
            raise ServerAway("clamd could not look at the file")
