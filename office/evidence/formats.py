"""What a file is, by its content: neither its name nor what a browser says of it counts."""

import struct
from collections.abc import Mapping
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from domain.evidence import MimeType

_BEGINNINGS: Final[Mapping[bytes, MimeType]] = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_PACKED: Final[Mapping[str, MimeType]] = {
    "OFD.xml": "application/ofd",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The part by which a packed document is known."""

_LONGEST_LISTING: Final = 2**20
"""Bytes; that of an archive in the form for more than four gigabytes is said to be longer."""

_DIRECTORY_END: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 2**16


def mime_of(file: IO[bytes]) -> MimeType | None:
    """One of the formats that are taken; None for everything else. The file is at its beginning afterwards."""
    file.seek(0)
    head = file.read(16)
    try:
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return "image/webp"
        if head.startswith(b"PK\x03\x04"):
            return _packed(file)
        return next((mime for begin, mime in _BEGINNINGS.items() if head.startswith(begin)), None)
    finally:
        file.seek(0)


def _packed(file: IO[bytes]) -> MimeType | None:
    """A document that is an archive. What carries macros is none; nor is one whose list of parts takes much memory to read."""
    if _listing(file) > _LONGEST_LISTING:
        return None
    try:
        with ZipFile(file) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((mime for part, mime in _PACKED.items() if part in names), None)


def _listing(file: IO[bytes]) -> int:
    """How many bytes the list of an archive's parts says that it takes: it is read whole before anything can be asked of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read()
    at = tail.rfind(_DIRECTORY_END)
    if at < 0 or len(tail) < at + 16:
        return 0
    return int(struct.unpack_from("<I", tail, at + 12)[0])
