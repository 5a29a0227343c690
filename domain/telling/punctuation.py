"""Chinese punctuation (标点符号用法 GB/T 15834): what is written in half width in the sources is read in full width by people."""

import re
from typing import Final

_HANZI: Final = "\u4e00-\u9fff\u201c\u201d\u300a\u300b\u3014\u3015\uff08\uff09%\uff05"
_WIDE: Final = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}
_BESIDE: Final = re.compile(rf"(?<=[{_HANZI}])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff\u201c\u300a\uff08(])|^[,;:]$")
_AROUND: Final = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)|(?<=[\u4e00-\u9fff])\(([^()]*)\)")


def typeset(text: str) -> str:
    """Commas, colons and the like beside Chinese words, and brackets around or behind them, as Chinese is printed."""
    wide = _AROUND.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
    return _BESIDE.sub(lambda found: _WIDE[found[0]], wide)
