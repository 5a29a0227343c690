"""How cases are found by what somebody types: a number or part of one, a code, words of a name or how they sound (拼音), the voucher
of a payment, a telephone.

Common words are found by looking at the cases of a list, rare ones by the indexes `case_file_search` and `case_file_spelt`.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, any_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from domain.names.claims import comparable
from domain.names.spelling import BETWEEN
from domain.names.telephones import number_meant
from schema.tables import case_file, registration

NAMES: Final = ("title", "creditor", "debtor")
"""The fields that words are looked for in, in the order in which `case_file.spelt` has them."""

_NUMBER: Final = re.compile(r"QQ(-[0-9-]*)?")
_OF_A_YEAR: Final = re.compile(r"QQ-[0-9]{6}-[0-9]{4}[0-9-]*")
_END: Final = re.compile(r"((?P<year>[0-9]{4})-)?(?P<number>[0-9]{1,9})")
_CODE: Final = re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}")
_SOUND: Final = re.compile(r"(?=[0-9]*[a-z])[a-z0-9]{2,60}")
_TYPED: Final = str.maketrans({"'": None, "\u2018": None, "\u2019": None, "ü": "v"})
_BRACKETS: Final = str.maketrans("()", "\uff08\uff09")
_LONGEST, _MOST_INITIALS = 12, 6
"""How much of what follows a syllable the index of sounds has."""

_SAID: Final = func.search_terms(
    *(
        case_file.c[name]
        for name in ("seen_by", "title", "creditor", "creditor_code", "debtor", "debtor_code")
    ),
    type_=ARRAY(Text),
)
"""What a case is found by, as `case_file_search` has it."""

_SPELT: Final = func.spelt_terms(case_file.c.seen_by, case_file.c.spelt, type_=TSVECTOR)
"""By what sounds, as `case_file_spelt` has it."""


def named(
    words: Sequence[str], fields: Sequence[str] = NAMES, *, by_number: bool = True, by_code: bool = True
) -> list[ColumnElement[bool]]:
    """What a case must say of itself to be found by these words: each is in one of the fields, or sounds like it from a syllable on,
    spelt out or by initials. One word may also be, `by_number`, the beginning of a case number or its end, or, `by_code`, a whole code
    of a party.
    """
    if by_number and (begun := number_begun(words)):
        return [case_file.c.case_no.startswith(begun, autoescape=True)]
    only = _only(words)
    if by_code and _CODE.fullmatch(only):
        code, parties = only, [name for name in fields if name != "title"]
        return [or_(*(func.upper(case_file.c[f"{party}_code"]) == code for party in parties))]
    said = [or_(*_in(word, fields), *_sounds(word, fields)) for word in words]
    return [or_(*said, *_ended(only))] if by_number and only else said


def _only(words: Sequence[str]) -> str:
    """The one word that there is, as numbers and codes are written."""
    return _narrow(words[0]).upper() if len(words) == 1 else ""


def _in(word: str, fields: Sequence[str]) -> list[ColumnElement[bool]]:
    return [
        func.strpos(func.lower(case_file.c[name]), func.lower(written)) > 0
        for name in fields
        for written in _ways(word)
    ]


def _ways(word: str) -> list[str]:
    """How a name may have been written that has this word in it: as it is typed, in half-width, and with brackets in full-width."""
    narrow = _narrow(word)
    return list(dict.fromkeys([word, narrow, narrow.translate(_BRACKETS)]))


def _narrow(word: str) -> str:
    return unicodedata.normalize("NFKC", word)


def _sounds(word: str, fields: Sequence[str]) -> list[ColumnElement[bool]]:
    if (sound := sound_of(word)) is None:
        return []
    spelt: ColumnElement[str] = case_file.c.spelt
    if fields != NAMES:
        spelt = func.concat_ws(
            BETWEEN, *(func.split_part(spelt, BETWEEN, NAMES.index(name) + 1) for name in fields)
        )
    return [spelt.regexp_match(" " + " ?".join(sound)), spelt.regexp_match(" " + "[a-z0-9]* ".join(sound))]


def sound_of(word: str) -> str | None:
    """What of a name is typed by its sound; None where it is not: at least two letters or digits, and a letter among them."""
    sound = _narrow(word).casefold().translate(_TYPED)
    return sound if _SOUND.fullmatch(sound) else None


def number_begun(words: Sequence[str]) -> str | None:
    """The case number that is typed, or its beginning; None where it is something else."""
    only = _only(words)
    return only if _NUMBER.fullmatch(only) else None


def is_rare(words: Sequence[str]) -> bool:
    """Whether few cases can have it, so that the index need not be spared: a whole code, or a number with its office and year."""
    only = _only(words)
    return bool(_CODE.fullmatch(only) or _OF_A_YEAR.fullmatch(only))


def indexed(words: Sequence[str], office: str, *, by_number: bool = True) -> list[ColumnElement[bool]]:
    """The same, less exactly, as an index answers it, among what an office sees."""
    if by_number and (begun := number_begun(words)):
        return [
            case_file.c.case_no.op("~>=~", is_comparison=True)(begun),
            case_file.c.case_no.op("~<~", is_comparison=True)(begun + "~"),
        ]
    only = _only(words)
    if _CODE.fullmatch(only):
        return [_SAID.contains(cast([f"#{only}"], ARRAY(Text)))]
    ways = {
        word: [*(_said([way], office) for way in _ways(word)), *_sounding(word, office)] for word in words
    }
    said = [or_(*several) for several in ways.values() if len(several) > 1]
    if others := [word for word, several in ways.items() if len(several) == 1]:
        said.append(_said(others, office))
    return [or_(*said, *_ended(only))] if by_number and only else said


def seen_by_all(*offices: str) -> ColumnElement[bool]:
    """The cases that each of these offices sees, by the same index."""
    return _SAID.contains(cast([f"@{office}" for office in offices], ARRAY(Text)))


def _said(words: Sequence[str], office: str) -> ColumnElement[bool]:
    pairs = [_SAID.contains(func.grams(word, min(len(word), 2))) for word in words]
    return and_(seen_by_all(office), *pairs)


def _sounding(word: str, office: str) -> list[ColumnElement[bool]]:
    if (sound := sound_of(word)) is None:
        return []
    known = f"'{sound[:_LONGEST]}':*"
    if len(sound) > _MOST_INITIALS:
        known = f"({known} | '{sound[:_MOST_INITIALS]}')"
    return [_SPELT.bool_op("@@")(cast(cast(f"'@{office}' & {known}", Text), TSQUERY))]


def _ended(word: str) -> list[ColumnElement[bool]]:
    """By the end of a number: `17`, `0017` or `2026-0017`."""
    written = _END.fullmatch(word)
    if written is None:
        return []
    is_so = func.number_of(case_file.c.case_no) == int(written["number"])
    if written["year"] is None:
        return [is_so]
    return [and_(is_so, case_file.c.sequence.contains(f"-{written['year']}-", autoescape=True))]


def noted(written: str, office: str | None) -> list[ColumnElement[bool]]:
    """By what is noted of it: the whole voucher of a payment; and in cases that the office works on, which alone may know it
    (`domain.rights.may_see_contact`), a party's telephone.
    """
    voucher = case_file.c.vouchers.contains(cast([comparable(written)], ARRAY(Text)))
    if office is None or (digits := number_meant(written)) is None:
        return [voucher]
    reached = func.phones(registration.c.contact, registration.c.debtor_contact, type_=ARRAY(Text))
    numbers = select(registration.c.case_no).where(reached.contains(cast([digits], ARRAY(Text))))
    is_theirs = or_(case_file.c.office == office, case_file.c.holder == office)
    return [voucher, and_(case_file.c.case_no == any_(func.array(numbers.scalar_subquery())), is_theirs)]
