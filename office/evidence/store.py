"""The store of papers: one object for each, named by its case and its hash, so that nothing is ever overwritten.

It is a folder or a bucket, whatever `obstore` opens. The journal records the hash of each paper, the store has the bytes. It is called
from our own threads, because its asynchronous calls may still be finishing in its threads when the program ends, and would abort it.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import IO, Final, NamedTuple

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore

from domain.evidence import MOST_BYTES, MimeType, stored_as
from domain.refusal import Code, Refusal
from office.away import ServerAway
from office.evidence.formats import mime_of
from office.evidence.scan import Scanner

_PIECE: Final = 2**20
"""The size of the pieces that are read, in bytes."""

_PART: Final = 5 * 2**20
"""The size of the parts that are sent, in bytes: the smallest that S3 accepts."""


class Stored(NamedTuple):
    """A paper in the store, with the fields of the command `attach`."""

    attachment: str
    mime: MimeType
    size: int
    sha256: str


class Papers:
    """Stores papers, after scanning them if a scanner is configured, and returns them."""

    def __init__(self, store: ObjectStore, scanner: Scanner | None = None) -> None:
        self._store = store
        self._scanner = scanner

    async def keep(self, case_no: str, file: IO[bytes]) -> Stored:
        """Store a file for a case. The same file again is the same object.

        Raises:
            Refusal: `malformed`: it is empty, too large, infected, or not of an accepted format.
            ServerAway: The store did not answer, or the scanner.
        """
        size, mime, sha256 = await asyncio.to_thread(_looked_at, file)
        if self._scanner is not None:
            await self._scanner.examine(file)
        stored = Stored(stored_as(case_no, sha256), mime, size, sha256)
        try:
            if not await self._has(stored.attachment):
                await asyncio.to_thread(
                    self._store.put, stored.attachment, file, chunk_size=_PART, max_concurrency=1
                )
        except (BaseError, OSError) as error:
            raise _away(error) from error
        return stored

    async def _has(self, attachment: str) -> bool:
        try:
            await asyncio.to_thread(self._store.head, attachment)
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    async def read(self, attachment: str) -> AsyncIterator[bytes] | None:
        """The bytes of a paper, in pieces; None if the store does not have it.

        Raises:
            ServerAway: The store did not answer.
        """
        try:
            found = await asyncio.to_thread(self._store.get, attachment)
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError) as error:
            raise _away(error) from error
        return _pieces(iter(found.stream(_PIECE)))

    async def sha256_of(self, attachment: str) -> str | None:
        """The hash of the stored bytes; None if the store does not have them."""
        pieces = await self.read(attachment)
        if pieces is None:
            return None
        found = hashlib.sha256()
        async for piece in pieces:
            found.update(piece)
        return found.hexdigest()


async def _pieces(stream: Iterator[object]) -> AsyncIterator[bytes]:
    try:
        while (piece := await asyncio.to_thread(next, stream, None)) is not None:
            yield bytes(piece)  # type: ignore[call-overload]
    except (BaseError, OSError) as error:
        raise _away(error) from error


def _looked_at(file: IO[bytes]) -> tuple[int, MimeType, str]:
    size = file.seek(0, 2)
    if size == 0:
        raise Refusal(Code.MALFORMED, "文件是空的", "the file is empty", "file")
    if size > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise Refusal(Code.MALFORMED, f"文件超过 {most} MB", f"the file is larger than {most} MB", "file")
    mime = mime_of(file)
    if mime is None:
        raise Refusal(
            Code.MALFORMED,
            "只收 PDF、OFD、JPEG、PNG、WebP、DOCX、XLSX 文件",
            "the file is none of PDF, OFD, JPEG, PNG, WebP, DOCX, XLSX",
            "file",
        )
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    file.seek(0)
    return size, mime, found.hexdigest()


def _away(error: Exception) -> ServerAway:
    """The error of the store without its message, which may contain its address and more."""
    return ServerAway(f"the store of papers did not answer ({type(error).__name__})")
