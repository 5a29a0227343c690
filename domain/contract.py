"""合同: what is known of the contract behind a debt, and since when its price has been owed (付款期限, 条例 Art 9, 10).

The 条例 does not reach back: a term follows from the version that was in force when the contract was signed, and there is none before
2020-09-01. What the parties agreed goes for every contract, but for the sixty days that 机关 and 事业单位 may not exceed.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from domain.basis import Governed
from domain.money import PositiveFen
from domain.rate import Rate
from domain.value import Day, Reference, Value

MOST_TERM_DAYS: Final = 3_650
"""Days of an agreed term: ten years."""

IN_FORCE_SINCE: Final = date(2020, 9, 1)
"""保障中小企业款项支付条例 (国务院令第728号)."""

REVISED_SINCE: Final = date(2025, 6, 1)
"""Its revision (国务院令第802号), which gives 大型企业 sixty days."""

MOST_OF_ORGANS: Final = 60
"""Days to which 机关 and 事业单位 may agree (2020 Art 8, 2025 Art 9)."""

_STATUTORY_OF_ORGANS: Final = 30
_STATUTORY_OF_OTHERS: Final = 60


class Contract(Value):
    """The contract, as far as it is known.

    Attributes:
        delivered_on, accepted_on, settled_on: 交付, 检验或验收合格, and the day on which both confirmed the amount (结算).
        agreed_term_days: How many days after that it was to be paid.
        agreed_rate: Interest for late payment that was agreed.
        total: Its price, in fen.
    """

    no: Reference | None = None
    signed_on: Day | None = None
    delivered_on: Day | None = None
    accepted_on: Day | None = None
    settled_on: Day | None = None
    agreed_term_days: Annotated[int, Field(ge=0, le=MOST_TERM_DAYS)] | None = None
    agreed_rate: Rate | None = None
    total: PositiveFen | None = None

    @property
    def days(self) -> Iterator[date]:
        """The days of which it tells."""
        known = (self.signed_on, self.delivered_on, self.accepted_on, self.settled_on)
        return (day for day in known if day is not None)


class OwedSince(NamedTuple):
    """The first day on which a price was owed and late: that after `term_days` from `from_on`, on a basis."""

    on: date
    began: Literal["settled", "accepted", "delivered"]
    from_on: date
    term_days: int
    basis: str


class _Version(NamedTuple):
    """A version of the 条例: its name, and its articles on the term and on acceptance."""

    name: str
    on_terms: str
    on_acceptance: str


_FIRST: Final = _Version("《保障中小企业款项支付条例》(国务院令第728号)", "第八条", "第九条")
_REVISED: Final = _Version("《保障中小企业款项支付条例》(国务院令第802号)", "第九条", "第十条")
_AGREED: Final = "合同约定"


def owed_since(contract: Contract | None, governed: Collection[Governed]) -> OwedSince | None:
    """Since when the price of a contract has been owed; None where its beginning, or its term, is not known (账龄不详).

    Args:
        governed: Which articles govern the case: `governed` where the 条例 does, `organ` where 机关 or 事业单位 owe.
    """
    if contract is None:
        return None
    begins = _beginning(contract)
    version = _version(contract) if "governed" in governed else None
    term = _term(contract, version, is_organ="organ" in governed)
    if begins is None or term is None:
        return None
    (began, from_on), (days, basis) = begins, term
    if version is not None and began == "accepted" and basis != _AGREED:
        basis = f"{basis}、{version.on_acceptance}"
    return OwedSince(from_on + timedelta(days=days + 1), began, from_on, days, basis)


def _beginning(contract: Contract) -> tuple[Literal["settled", "accepted", "delivered"], date] | None:
    """From where the term runs: the day of the settled amount, else of the acceptance, else of the delivery."""
    if contract.settled_on is not None:
        return "settled", contract.settled_on
    if contract.accepted_on is not None:
        return "accepted", contract.accepted_on
    return ("delivered", contract.delivered_on) if contract.delivered_on is not None else None


def _version(contract: Contract) -> _Version | None:
    """The version in force when it was signed."""
    if contract.signed_on is None or contract.signed_on < IN_FORCE_SINCE:
        return None
    return _FIRST if contract.signed_on < REVISED_SINCE else _REVISED


def _term(contract: Contract, version: _Version | None, *, is_organ: bool) -> tuple[int, str] | None:
    """How many days there were to pay, and on what basis."""
    agreed = contract.agreed_term_days
    if version is None:
        return (agreed, _AGREED) if agreed is not None else None
    of_law = f"{version.name}{version.on_terms}"
    if agreed is not None:
        return (MOST_OF_ORGANS, of_law) if is_organ and agreed > MOST_OF_ORGANS else (agreed, _AGREED)
    if is_organ:
        return _STATUTORY_OF_ORGANS, of_law
    return (_STATUTORY_OF_OTHERS, of_law) if version is _REVISED else None
