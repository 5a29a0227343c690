"""Chinese punctuation (标点符号用法 GB/T 15834): texts in the source have half-width punctuation, which people see in full width."""

import re
from typing import Final

_HANZI: Final = "\u4e00-\u9fff\u201c\u201d\u300a\u300b\u3014\u3015\uff08\uff09%\uff05"
_WIDE: Final = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"}
_BESIDE: Final = re.compile(rf"(?<=[{_HANZI}])[,;:?!]|[,;:?!](?=[\u4e00-\u9fff\u201c\u300a\uff08(])|^[,;:]$")
_AROUND: Final = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)|(?<=[\u4e00-\u9fff])\(([^()]*)\)")


def typeset(text: str) -> str:
    """A text with full-width commas, colons and the like beside Chinese words, and full-width brackets around or after them."""
    wide = _AROUND.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
    return _BESIDE.sub(lambda found: _WIDE[found[0]], wide)
