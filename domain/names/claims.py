"""Deciding whether two claims are the same (重复登记), however the names are written."""

import hashlib
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final, Self

from domain.receipt import Creditor, Debtor, Receipt
from domain.value import Value

_PASSED_OVER: Final = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Zl", "Zp", "Cc", "Cf"})
"""The categories of characters that are ignored: brackets, quotes, blanks, line breaks, and invisible ones."""

_NEAR: Final = 100
"""Two amounts are near each other if they differ by at most one such part of the larger one."""


def comparable(name: str) -> str:
    """A name normalised for comparison, never for storage: full-width as half-width, without brackets, blanks and breaks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _PASSED_OVER)


class Party(Value):
    """A creditor or debtor for comparison: by credit codes if both have one, otherwise by name."""

    name: str
    code: str | None

    @classmethod
    def of(cls, party: Creditor | Debtor) -> Self:
        """The party, in comparable form."""
        return cls(name=comparable(party.name), code=party.code)

    def is_same(self, other: "Party") -> bool:
        """Whether the two are one and the same."""
        if self.code and other.code:
            return self.code == other.code
        return self.name == other.name

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms under which it is indexed, the name first. Two equal parties have one in common."""
        return (f"name {self.name}", *([f"code {self.code}"] if self.code else []))


def contract_keys(debtor: Debtor, contract_no: str) -> tuple[str, ...]:
    """The keys of a debtor's contract, each 64 hexadecimal digits: by the debtor's name, and by its credit code if that is known."""
    number = comparable(contract_no)
    return tuple(hashlib.sha256(f"{form}\n{number}".encode()).hexdigest() for form in Party.of(debtor).forms)


class Claim(Value):
    """Who claims what from whom. `debts` are the identifiers of the debt; `is_double` decides whether two claims are the same."""

    creditor: Party
    debtor: Party
    project: str
    contract: str | None = None
    claimed_fen: int | None

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """The claim of a receipt."""
        return cls(
            creditor=Party.of(receipt.creditor),
            debtor=Party.of(receipt.debtor),
            project=comparable(receipt.project),
            contract=comparable(receipt.contract.no) if receipt.contract and receipt.contract.no else None,
            claimed_fen=receipt.claimed,
        )

    def is_of_same_parties(self, other: "Claim") -> bool:
        """Whether both have the same creditor and the same debtor."""
        return self.creditor.is_same(other.creditor) and self.debtor.is_same(other.debtor)

    def is_double(self, other: "Claim") -> bool:
        """Whether the two look like the same debt: the same parties, and either the same contract, or the same project and about the
        same amount as far as it is known.
        """
        if not self.is_of_same_parties(other):
            return False
        if self.contract is not None and self.contract == other.contract:
            return True
        return self.project == other.project and _is_near(self.claimed_fen, other.claimed_fen)

    @property
    def debts(self) -> Iterator[str]:
        """The identifiers of the debt. Two claims for the same debt have one in common."""
        yield f"project {self.project}"
        if self.contract is not None:
            yield f"contract {self.contract}"

    @property
    def keys(self) -> frozenset[str]:
        """The keys under which it is indexed. Two claims for the same debt have one in common."""
        known = product(self.creditor.forms, self.debtor.forms, self.debts)
        return frozenset(hashlib.sha256("\n".join(one).encode()).hexdigest()[:32] for one in known)


def _is_near(one: int | None, other: int | None) -> bool:
    """Whether two amounts may be the same: they differ by 1 % at most, or one of them is to be verified."""
    return one is None or other is None or abs(one - other) * _NEAR <= max(one, other)
