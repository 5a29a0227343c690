"""How names are typed by their sound (拼音): each character as a syllable, by the words in which it stands."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CHUNK: Final = re.compile("[a-z0-9]+")
_REMEMBERED: Final = 4096
"""Names: the same ones are written again with every step of their cases."""

BETWEEN: Final = "/"


def spelt(*names: str) -> str:
    """Names as syllables, each with a blank before it: 安宁区 and 甘肃八冶 are ` an ning qu/ gan su ba ye`.

    What is Latin or a number stays a syllable of its own; other signs are passed over.
    """
    return BETWEEN.join(map(_spelt, names))


@lru_cache(_REMEMBERED)
def _spelt(name: str) -> str:
    # Its dictionary takes 45 MB and a third of a second: only those who write cases need it.
    from pypinyin import lazy_pinyin

    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        f" {syllable}" for said in lazy_pinyin(plain) for syllable in _CHUNK.findall(said.casefold())
    )
