"""Files under their own names, whatever letters these have."""

from typing import Literal
from urllib.parse import quote


def saved_as(name: str, how: Literal["attachment", "inline"] = "attachment") -> dict[str, str]:
    """The header by which a browser saves an answer under that name; `inline`: once somebody asks it to."""
    return {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
