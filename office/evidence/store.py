"""The store of papers: an object for each, under a name of its case and its hash, so that nothing is ever written over.

A folder, or a bucket: whatever `obstore` opens. The journal says which paper has which hash; here are the bytes. It is asked from
threads of ours: its own asynchronous calls may still be ending in threads of its own when a program ends, and abort it.
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
"""Bytes that are read at a time."""

_PART: Final = 5 * 2**20
"""Bytes that are sent at a time: S3 takes no smaller parts."""


class Stored(NamedTuple):
    """A paper in the store, as the command `attach` tells of it."""

    attachment: str
    mime: MimeType
    size: int
    sha256: str


class Papers:
    """Keeps papers, once a scanner has looked at them where there is one, and gives them back."""

    def __init__(self, store: ObjectStore, scanner: Scanner | None = None) -> None:
        self._store = store
        self._scanner = scanner

    async def keep(self, case_no: str, file: IO[bytes]) -> Stored:
        """Keep a file for a case; the same one once.

        Raises:
            Refusal: `malformed`: it is empty, too large, of no format that is taken, or harmful.
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
        """The bytes of a paper, piece by piece; None where the store has none.

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
        """The hash of what the store has under a name; None where it has nothing."""
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
    """What the store says may contain its address and more: only its kind is told."""
    return ServerAway(f"the store of papers did not answer ({type(error).__name__})")
