"""How cases are found by what somebody types: a number or part of one, a code, or words of a name.

Common words are found by looking at the cases of a list, rare ones by the index `case_file_search`.
"""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from schema.tables import case_file

_NUMBER: Final = re.compile(r"QQ(-[0-9-]*)?", re.IGNORECASE)
_END: Final = re.compile(r"((?P<year>[0-9]{4})-)?(?P<number>[0-9]{1,9})")
_CODE: Final = re.compile(r"[0-9A-Z]{18}", re.IGNORECASE)
_SAID: Final = func.search_terms(
    *(
        case_file.c[name]
        for name in ("seen_by", "title", "creditor", "creditor_code", "debtor", "debtor_code")
    ),
    type_=ARRAY(Text),
)
"""What a case is found by, as `case_file_search` has it."""


def named(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """What a case must say of itself to be found by these words: each is in its title or the name of a party. One word may also be the
    beginning of a case number, its end, or a whole code of a party.
    """
    if len(words) == 1 and _NUMBER.fullmatch(words[0]):
        return [case_file.c.case_no.startswith(words[0].upper(), autoescape=True)]
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return [or_(_has_code("creditor", words[0]), _has_code("debtor", words[0]))]
    said = [or_(*(_says(name, word) for name in ("title", "creditor", "debtor"))) for word in words]
    return [or_(*said, *_ended(words))] if len(words) == 1 else said


def of_debtor(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """The same of the debtor alone: its code, or words of its name."""
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return [_has_code("debtor", words[0])]
    return [_says("debtor", word) for word in words]


def _says(name: str, word: str) -> ColumnElement[bool]:
    return func.strpos(func.lower(case_file.c[name]), func.lower(word)) > 0


def _has_code(party: str, code: str) -> ColumnElement[bool]:
    return func.upper(case_file.c[f"{party}_code"]) == code.upper()


def indexed(words: Sequence[str], office: str) -> list[ColumnElement[bool]]:
    """What `named` asks, less exactly, as an index answers it among what an office sees."""
    if len(words) == 1 and _NUMBER.fullmatch(words[0]):
        number = words[0].upper()
        return [
            case_file.c.case_no.op("~>=~", is_comparison=True)(number),
            case_file.c.case_no.op("~<~", is_comparison=True)(number + "~"),
        ]
    said = indexed_of_debtor(words, office)
    return [or_(*said, *_ended(words))] if len(words) == 1 else said


def indexed_of_debtor(words: Sequence[str], office: str) -> list[ColumnElement[bool]]:
    """What `of_debtor` asks, likewise."""
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return [_SAID.contains(cast([f"@{office}", f"#{words[0].upper()}"], ARRAY(Text)))]
    pairs = [_SAID.contains(func.grams(word, min(len(word), 2))) for word in words]
    return [and_(_SAID.contains(cast([f"@{office}"], ARRAY(Text))), *pairs)]


def _ended(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """By the end of a number: `17`, `0017` or `2026-0017`."""
    written = _END.fullmatch(words[0])
    if written is None:
        return []
    is_so = func.number_of(case_file.c.case_no) == int(written["number"])
    if written["year"] is None:
        return [is_so]
    return [and_(is_so, case_file.c.sequence.contains(f"-{written['year']}-", autoescape=True))]
