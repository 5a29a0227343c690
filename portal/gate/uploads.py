"""Files that people upload: what is too large is refused as it comes in, and nothing of it is held in memory."""

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
"""What a form may have besides its file."""

MOST_FILES: Final = 10
"""Files of a form, all of them together no larger than one may be."""

LONGEST_UPLOAD: Final = 2 * MOST_BYTES
"""Beyond that a body is not even looked at."""


def declared(length: str) -> int:
    """How long a body says that it is: 0 when it does not say so in plain digits."""
    return int(length) if len(length) < 20 and length.isascii() and length.isdecimal() else 0


class TooLarge(Problem):
    """More than anybody needs to send."""

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
    """A form that carries a file, sent from a page of ours.

    Raises:
        TooLarge, Problem: See `form_on_disk`.
        Forbidden: It does not carry the token of its session.
    """
    async with form_on_disk(request) as form:
        must_be_ours(visitor, str(form.get("csrf", "")))
        yield form


@asynccontextmanager
async def form_on_disk(request: Request) -> AsyncIterator[FormData]:
    """A form that carries a file. The file lies on disk, and is gone when the block is left.

    Raises:
        TooLarge: It is; as soon as that is known.
        Problem: It is no such form.
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
    """The file of a form, if one was chosen."""
    return next(iter(files_in(form, name)), None)


def files_in(form: FormData, name: str) -> list[UploadFile]:
    """The files of a form that were chosen."""
    return [found for found in form.getlist(name) if isinstance(found, UploadFile) and found.filename]
