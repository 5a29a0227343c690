"""Names in 拼音, for searching: each character as a syllable, as it is read in its word."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

_CHUNK: Final = re.compile("[a-z0-9]+")
_REMEMBERED: Final = 4096
"""The size of the cache: the same names are written again with every step of their cases."""

BETWEEN: Final = "/"


def load_dictionary() -> None:
    """Load the dictionary now, which otherwise delays whoever is the first to need it by most of a second."""
    _reader()


def spelt(*names: str) -> str:
    """Names as syllables, each after a blank: 安宁区 and 甘肃八冶 become ` an ning qu/ gan su ba ye`.

    Latin words and numbers are syllables of their own; other characters are ignored.
    """
    return BETWEEN.join(map(_spelt, names))


@lru_cache(_REMEMBERED)
def _spelt(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        f" {syllable}" for said in _reader()(plain) for syllable in _CHUNK.findall(said.casefold())
    )


_IN_NAMES: Final = {"都": "dū,dōu", "长": "cháng,zhǎng"}
"""The readings of characters outside known words. The dictionary puts the reading of everyday speech first."""

_WORDS: Final = {
    "崆峒": "kōng tóng",
    "武都": "wǔ dū",
    "民乐": "mín lè",
    "宕昌": "tàn chāng",
    "洪洞": "hóng tóng",
    "单县": "shàn xiàn",
    "繁峙": "fán shì",
    "荥经": "yíng jīng",
    "牟平": "mù píng",
    "筠连": "jūn lián",
    "支行": "zhī háng",
    "调蓄": "tiáo xù",
    "还款": "huán kuǎn",
    "还建": "huán jiàn",
    "区长": "qū zhǎng",
    "重慶": "chóng qìng",
    "銀行": "yín háng",
}
"""Places and words that occur in cases and that the dictionary lacks or reads differently."""


@cache
def _reader() -> Callable[[str], list[str]]:
    # The dictionary takes 45 MB, so only processes that write cases load it.
    from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict

    load_single_dict({ord(character): sounds for character, sounds in _IN_NAMES.items()})
    load_phrases_dict({word: [[sound] for sound in sounds.split()] for word, sounds in _WORDS.items()})
    return lazy_pinyin
