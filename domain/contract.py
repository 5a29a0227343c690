"""合同: the contract behind a debt, and since when its price has been owed (付款期限, 条例 Art 9, 10).

The 条例 is not retroactive: the term follows from the version in force when the contract was signed; before 2020-09-01 there was none.
A term agreed by the parties applies to every contract, except that 机关 and 事业单位 may not agree to more than sixty days.
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
"""The longest term that may be entered: ten years, in days."""

IN_FORCE_SINCE: Final = date(2020, 9, 1)
"""保障中小企业款项支付条例 (国务院令第728号)."""

REVISED_SINCE: Final = date(2025, 6, 1)
"""The day of its revision (国务院令第802号), which gives 大型企业 sixty days."""

MOST_OF_ORGANS: Final = 60
"""The most days to which 机关 and 事业单位 may agree (2020 Art 8, 2025 Art 9)."""

_STATUTORY_OF_ORGANS: Final = 30
_STATUTORY_OF_OTHERS: Final = 60


class Contract(Value):
    """What is known of a contract.

    Attributes:
        delivered_on, accepted_on, settled_on: 交付; 检验或验收合格; the day on which both parties confirmed the amount (结算).
        agreed_term_days: The agreed term of payment.
        agreed_rate: The agreed interest for late payment.
        total: The price, in fen.
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
        """The days that are known."""
        known = (self.signed_on, self.delivered_on, self.accepted_on, self.settled_on)
        return (day for day in known if day is not None)


class OwedSince(NamedTuple):
    """The first day on which the price was late, and how it was computed: the term began on `from_on` and had `term_days`."""

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
    """Since when the price of a contract has been owed; None if the beginning or the length of its term is unknown (账龄不详).

    Args:
        governed: What governs the case: `governed` is the 条例, `organ` the article about debts of 机关 and 事业单位.
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
    """The day on which the term begins: that of the settled amount, else of the acceptance, else of the delivery."""
    if contract.settled_on is not None:
        return "settled", contract.settled_on
    if contract.accepted_on is not None:
        return "accepted", contract.accepted_on
    return ("delivered", contract.delivered_on) if contract.delivered_on is not None else None


def _version(contract: Contract) -> _Version | None:
    """The version in force when the contract was signed; None if there was none or the day is unknown."""
    if contract.signed_on is None or contract.signed_on < IN_FORCE_SINCE:
        return None
    return _FIRST if contract.signed_on < REVISED_SINCE else _REVISED


def _term(contract: Contract, version: _Version | None, *, is_organ: bool) -> tuple[int, str] | None:
    """The term of payment in days, and its basis."""
    agreed = contract.agreed_term_days
    if version is None:
        return (agreed, _AGREED) if agreed is not None else None
    of_law = f"{version.name}{version.on_terms}"
    if agreed is not None:
        return (MOST_OF_ORGANS, of_law) if is_organ and agreed > MOST_OF_ORGANS else (agreed, _AGREED)
    if is_organ:
        return _STATUTORY_OF_ORGANS, of_law
    return (_STATUTORY_OF_OTHERS, of_law) if version is _REVISED else None
