"""When two claims are one and the same: who owes whom what for which project, however the names are written."""

import unicodedata
from typing import Final, NamedTuple

_PASSED_OVER: Final = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Zl", "Zp", "Cc", "Cf"})
"""Brackets and quotes, blanks and breaks, and what cannot be seen."""


class Claim(NamedTuple):
    """A claim with its names in comparable form. Two equal claims are duplicates."""

    debtor: str
    creditor: str
    project: str
    claimed_fen: int | None


def claim_of(debtor: str, creditor: str, project: str, claimed_fen: int | None) -> Claim:
    """The claim that these words make."""
    return Claim(comparable(debtor), comparable(creditor), comparable(project), claimed_fen)


def comparable(name: str) -> str:
    """A name in the form in which names are compared, never stored: full-width as half-width, without brackets, blanks and breaks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _PASSED_OVER)
