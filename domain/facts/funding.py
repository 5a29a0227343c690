"""资金筹措 and 纳入债券: what can have happened. Amounts end in `_fen`."""

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
    """What the case still asks of the region's pool of that kind of bonds. Zero takes the request out of the pool."""

    kind: Literal["bond_requested"] = "bond_requested"
    source: SourceKind = SourceKind.BOND
    amount_fen: int


class BondIncluded(Fact):
    """Included in a batch: `amount_fen` of what was reserved under `transfer_id`; the rest goes back to the quota."""

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
    """What was held for a case when it ended went back: with `batch_no` to the quota of the batch that had included it and had not
    sent it yet, otherwise from what was available to its source.
    """

    kind: Literal["funds_returned"] = "funds_returned"
    source: SourceKind
    amount_fen: int
    batch_no: str | None = None


FundingFact = BondRequested | BondIncluded | BondIneligible | BondFundsArrived | FundsArrived | FundsReturned
