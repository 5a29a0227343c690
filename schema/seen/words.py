"""How cases are found by what somebody types: a number or part of one, a code, or words of a name.

Common words are found by looking at the cases of a list, rare ones by the index `case_file_search`.
"""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from schema.tables import case_file

NAMES: Final = ("title", "creditor", "debtor")
"""The fields that words are looked for in."""

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


def named(
    words: Sequence[str], fields: Sequence[str] = NAMES, *, by_number: bool = True, by_code: bool = True
) -> list[ColumnElement[bool]]:
    """What a case must say of itself to be found by these words: each is in one of the fields. One word may also be, `by_number`, the
    beginning of a case number or its end, or, `by_code`, a whole code of a party.
    """
    if by_number and len(words) == 1 and _NUMBER.fullmatch(words[0]):
        return [case_file.c.case_no.startswith(words[0].upper(), autoescape=True)]
    if by_code and len(words) == 1 and _CODE.fullmatch(words[0]):
        code, parties = words[0].upper(), [name for name in fields if name != "title"]
        return [or_(*(func.upper(case_file.c[f"{party}_code"]) == code for party in parties))]
    said = [
        or_(*(func.strpos(func.lower(case_file.c[name]), func.lower(word)) > 0 for name in fields))
        for word in words
    ]
    return [or_(*said, *_ended(words))] if by_number and len(words) == 1 else said


def indexed(words: Sequence[str], office: str, *, by_number: bool = True) -> list[ColumnElement[bool]]:
    """The same, less exactly, as an index answers it, among what an office sees."""
    if by_number and len(words) == 1 and _NUMBER.fullmatch(words[0]):
        number = words[0].upper()
        return [
            case_file.c.case_no.op("~>=~", is_comparison=True)(number),
            case_file.c.case_no.op("~<~", is_comparison=True)(number + "~"),
        ]
    if len(words) == 1 and _CODE.fullmatch(words[0]):
        return [_SAID.contains(cast([f"@{office}", f"#{words[0].upper()}"], ARRAY(Text)))]
    pairs = [_SAID.contains(func.grams(word, min(len(word), 2))) for word in words]
    said = and_(_SAID.contains(cast([f"@{office}"], ARRAY(Text))), *pairs)
    return [or_(said, *_ended(words))] if by_number and len(words) == 1 else [said]


def _ended(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """By the end of a number: `17`, `0017` or `2026-0017`."""
    written = _END.fullmatch(words[0])
    if written is None:
        return []
    is_so = func.number_of(case_file.c.case_no) == int(written["number"])
    if written["year"] is None:
        return [is_so]
    return [and_(is_so, case_file.c.sequence.contains(f"-{written['year']}-", autoescape=True))]
