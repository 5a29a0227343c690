"""Files under their own names, whatever letters these have."""

from typing import Final, Literal
from urllib.parse import quote

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type of a workbook."""


def saved_as(name: str, how: Literal["attachment", "inline"] = "attachment") -> dict[str, str]:
    """The header by which a browser saves an answer under that name; `inline`: once somebody asks it to."""
    return {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
