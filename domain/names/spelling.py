"""How names are typed by their sound (拼音): each character as a syllable, by the words in which it stands."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
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
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        f" {syllable}" for said in _reader()(plain) for syllable in _CHUNK.findall(said.casefold())
    )


_IN_NAMES: Final = {"都": "dū,dōu", "长": "cháng,zhǎng"}
"""How a character is read that stands in no known word: the dictionary has first what it is in speech."""

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
"""Places and words of the cases that the dictionary does not know, or reads otherwise."""


@cache
def _reader() -> Callable[[str], list[str]]:
    # Its dictionary takes 45 MB and a third of a second: only those who write cases need it.
    from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict

    load_single_dict({ord(character): sounds for character, sounds in _IN_NAMES.items()})
    load_phrases_dict({word: [[sound] for sound in sounds.split()] for word, sounds in _WORDS.items()})
    return lazy_pinyin
