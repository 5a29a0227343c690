"""Recognising the format of a file by its content, whatever its name or the browser says."""

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
"""The entry of the archive by which each zipped format is recognised."""

_LONGEST_LISTING: Final = 2**20
"""The largest directory of a zip archive that is read, in bytes. Zip64 archives count as larger."""

_DIRECTORY_END: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 2**16


def mime_of(file: IO[bytes]) -> MimeType | None:
    """The format of a file; None if it is not an accepted one. The file is at its beginning afterwards."""
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
    """The format of a zipped document; None for one with macros, or with a directory that would take much memory to read."""
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
    """The declared size of a zip archive's directory in bytes. It has to be checked first, because the directory is read as a
    whole.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read()
    at = tail.rfind(_DIRECTORY_END)
    if at < 0 or len(tail) < at + 16:
        return 0
    return int(struct.unpack_from("<I", tail, at + 12)[0])
