"""Papers are looked at by ClamAV before they are kept, where one is set (`QINGQIAN_CLAMD`): by its own protocol, over its socket."""

import asyncio
from typing import IO, Final

import structlog
from aioclamd import BufferTooLongError, ClamdAsyncClient, ClamdError

from domain.refusal import Code, Refusal
from office.away import ServerAway

WITHIN: Final = 60.0
"""Seconds that a file may take."""

_PARTING: Final = 1.0
"""Seconds in which a connection may close."""

log = structlog.get_logger(__name__)


class Scanner:
    """A clamd somewhere. What it has not looked at is not kept."""

    def __init__(self, host: str, port: int) -> None:
        self._clamd = ClamdAsyncClient(host, port)

    async def examine(self, file: IO[bytes]) -> None:
        """Have a file looked at, from its beginning; it then stands there again.

        Raises:
            Refusal: `malformed`: something harmful is in it. What, is for the log alone.
            ServerAway: Nothing came back, or that the file is larger than clamd is set to take (`StreamMaxLength`).
        """
        file.seek(0)
        try:
            # A connection closes when all that was sent is taken: one that takes nothing has to be left a second time.
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
