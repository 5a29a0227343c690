"""Headers for downloads, with file names in any script."""

from typing import Final, Literal
from urllib.parse import quote

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""


def saved_as(name: str, how: Literal["attachment", "inline"] = "attachment") -> dict[str, str]:
    """The header that gives an answer its file name. With `inline` the browser displays it, and uses the name when it is saved."""
    return {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
