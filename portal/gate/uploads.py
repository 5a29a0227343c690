"""File uploads. A file that is too large is rejected while it arrives, and none is held in memory."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from office.sheets.reading import MOST_BYTES
from portal.gate.visitors import Visitor, must_be_ours
from portal.problems import Problem

_AROUND: Final = 64 * 1024
"""The bytes of a form apart from its files."""

MOST_FILES: Final = 10
"""The most files of one form. Together they may be no larger than a single one."""

LONGEST_UPLOAD: Final = 2 * MOST_BYTES
"""Bodies above this size are rejected unread."""


def declared(length: str) -> int:
    """The declared length of a body; 0 if it is missing or malformed."""
    return int(length) if len(length) < 20 and length.isascii() and length.isdecimal() else 0


class TooLarge(Problem):
    """413: the upload is too large."""

    def __init__(self) -> None:
        megabytes = MOST_BYTES // 2**20
        super().__init__(
            413,
            f"文件超过 {megabytes} MB",
            f"the file is larger than {megabytes} MB",
            headers={"Connection": "close"},
        )


@asynccontextmanager
async def form_with_file(request: Request, visitor: Visitor) -> AsyncIterator[FormData]:
    """A form with files, sent from one of our pages.

    Raises:
        TooLarge, Problem: See `form_on_disk`.
        Forbidden: It does not carry the token of its session.
    """
    async with form_on_disk(request) as form:
        must_be_ours(visitor, str(form.get("csrf", "")))
        yield form


@asynccontextmanager
async def form_on_disk(request: Request) -> AsyncIterator[FormData]:
    """A form with files, which are kept on disk and deleted when the block ends.

    Raises:
        TooLarge: It is too large; raised as soon as that is known.
        Problem: It is not a valid form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise _not_a_form()
    if declared(request.headers.get("content-length", "0")) > MOST_BYTES + _AROUND:
        raise TooLarge
    try:
        form = await MultiPartParser(
            request.headers, _limited(request), max_files=MOST_FILES, max_fields=20, max_part_size=_AROUND
        ).parse()
    except MultiPartException as error:
        raise _not_a_form() from error
    try:
        yield form
    finally:
        await form.close()


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > MOST_BYTES + _AROUND:
            raise TooLarge
        yield chunk


def _not_a_form() -> Problem:
    return Problem(422, "表单有误", "this is no form with a file", {"code": "malformed"})


def file_in(form: FormData, name: str) -> UploadFile | None:
    """The file in a field; None if none was chosen."""
    return next(iter(files_in(form, name)), None)


def files_in(form: FormData, name: str) -> list[UploadFile]:
    """The files that were chosen in a field."""
    return [found for found in form.getlist(name) if isinstance(found, UploadFile) and found.filename]
