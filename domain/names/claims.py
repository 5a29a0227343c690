"""When two claims are one and the same (重复登记): who owes whom what, however the names are written."""

import hashlib
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final, Self

from domain.receipt import Creditor, Debtor, Receipt
from domain.value import Value

_PASSED_OVER: Final = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Zl", "Zp", "Cc", "Cf"})
"""Brackets and quotes, blanks and breaks, and what cannot be seen."""

_NEAR: Final = 100
"""Two amounts are near one another that differ by no more than this part of the larger one."""


def contract_key(debtor: str, debtor_code: str | None, contract_no: str) -> str:
    """What one contract of one debtor is known by, as 64 hexadecimal digits: the debtor by its code, or else by its name."""
    told = f"{debtor_code or comparable(debtor)}\n{comparable(contract_no)}"
    return hashlib.sha256(told.encode()).hexdigest()


def comparable(name: str) -> str:
    """A name in the form in which names are compared, never stored: full-width as half-width, without brackets, blanks and breaks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _PASSED_OVER)


class Party(Value):
    """A creditor or debtor, as it is compared: by its credit code, or where one of two has none, by its name."""

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
        """What it is looked up by: two that are the same have one of these in common."""
        return (f"name {self.name}", *([f"code {self.code}"] if self.code else []))


class Claim(Value):
    """Who claims what of whom. What the debt is known by stands in `debts`, and whether it is the same one in `is_double`."""

    creditor: Party
    debtor: Party
    project: str
    contract: str | None = None
    claimed_fen: int | None

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """The claim that was received."""
        return cls(
            creditor=Party.of(receipt.creditor),
            debtor=Party.of(receipt.debtor),
            project=comparable(receipt.project),
            contract=comparable(receipt.contract.no) if receipt.contract and receipt.contract.no else None,
            claimed_fen=receipt.claimed,
        )

    def is_of_same_parties(self, other: "Claim") -> bool:
        """Whether the same creditor claims it of the same debtor."""
        return self.creditor.is_same(other.creditor) and self.debtor.is_same(other.debtor)

    def is_double(self, other: "Claim") -> bool:
        """Whether the two look like one debt: of the same parties, by the same contract; or for the same project, and as much as far
        as is known.
        """
        if not self.is_of_same_parties(other):
            return False
        if self.contract is not None and self.contract == other.contract:
            return True
        return self.project == other.project and _is_near(self.claimed_fen, other.claimed_fen)

    @property
    def debts(self) -> Iterator[str]:
        """What the debt is known by: of two doubles, one of these is the same."""
        yield f"project {self.project}"
        if self.contract is not None:
            yield f"contract {self.contract}"

    @property
    def keys(self) -> frozenset[str]:
        """What doubles are looked up by: two of them have one of these in common."""
        known = product(self.creditor.forms, self.debtor.forms, self.debts)
        return frozenset(hashlib.sha256("\n".join(one).encode()).hexdigest()[:32] for one in known)


def _is_near(one: int | None, other: int | None) -> bool:
    """Whether two amounts may be one and the same: they differ by 1 % at most, or one of them is to be verified."""
    return one is None or other is None or abs(one - other) * _NEAR <= max(one, other)
