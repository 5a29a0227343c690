"""The facts of 资金筹措 and 纳入债券. Amounts end in `_fen`."""

from typing import Literal

from domain.facts.fact import Fact
from domain.value import SourceKind

__all__ = [
    "BondFundsArrived",
    "BondIncluded",
    "BondIneligible",
    "BondRequested",
    "FundingFact",
    "FundsArrived",
    "FundsReturned",
]


class BondRequested(Fact):
    """How much the case now asks of the region's pool for that kind of bonds. 0 takes its request out of the pool."""

    kind: Literal["bond_requested"] = "bond_requested"
    source: SourceKind = SourceKind.BOND
    amount_fen: int


class BondIncluded(Fact):
    """A batch included `amount_fen` of what it had reserved under `transfer_id`; the rest returned to its quota."""

    kind: Literal["bond_included"] = "bond_included"
    source: SourceKind = SourceKind.BOND
    batch_no: str
    amount_fen: int
    transfer_id: str


class BondIneligible(Fact):
    kind: Literal["bond_ineligible"] = "bond_ineligible"
    source: SourceKind = SourceKind.BOND
    batch_no: str
    reason: str


class BondFundsArrived(Fact):
    kind: Literal["bond_funds_arrived"] = "bond_funds_arrived"
    source: SourceKind = SourceKind.BOND
    batch_no: str
    amount_fen: int
    transfer_id: str


class FundsArrived(Fact):
    kind: Literal["funds_arrived"] = "funds_arrived"
    source: SourceKind
    amount_fen: int
    reference: str


class FundsReturned(Fact):
    """The case ended, and money held for it was given back: with a `batch_no`, included money returned to that batch's quota; without
    one, available money returned to its source.
    """

    kind: Literal["funds_returned"] = "funds_returned"
    source: SourceKind
    amount_fen: int
    batch_no: str | None = None


FundingFact = BondRequested | BondIncluded | BondIneligible | BondFundsArrived | FundsArrived | FundsReturned
