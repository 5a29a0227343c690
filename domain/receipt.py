"""What is known of a case when it is received (登记): the parties, the claim, and how it came."""

from datetime import date
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import AfterValidator, StrictBool, ValidationInfo, field_validator, model_validator

from domain.actors import Actor, Role, WrittenActor
from domain.basis import Governed
from domain.contract import Contract
from domain.money import Fen, PositiveFen
from domain.names.credit_code import CreditCode
from domain.rules import OfficeCode
from domain.taken_in import TakenIn
from domain.value import Day, Name, Note, SourceKind, Value, fault

Channel = Literal["hotline", "platform", "letter", "visit", "inspection", "transfer", "self_report"]

CreditorSize = Literal["micro", "small", "medium", "large", "unknown"]
Ownership = Literal["private", "state", "foreign", "individual", "unknown"]
ClaimKind = Literal["goods", "works", "services"]
Spending = Literal["capital", "recurrent"]
DebtorKind = Literal["organ", "institution", "soe", "large_enterprise", "platform", "private", "unknown"]

PUBLIC: Final = frozenset({"organ", "institution", "soe", "platform"})
"""The kinds of debtors for whose people the discipline organs (纪检监察机关) are responsible."""

Claimed = Annotated[Fen | None, AfterValidator(lambda fen: fen or None)]
"""An amount that may still be to be verified (待核实): none, or 0, which says the same."""


class Creditor(Value):
    """The enterprise that is owed (债权人).

    Size is that of the day the contract was signed (条例 Art 3). A large or state-owned creditor is not refused, and neither is one
    of which little is known, such as whoever left an anonymous lead: only other statutory rules apply to it.
    """

    name: Name
    code: CreditCode | None = None
    size: CreditorSize = "unknown"
    ownership: Ownership = "unknown"


class Debtor(Value):
    """Who owes (债务人)."""

    name: Name
    code: CreditCode | None = None
    kind: DebtorKind

    @property
    def is_public(self) -> bool:
        """Whether it is a public body, or one that belongs to the public."""
        return self.kind in PUBLIC

    @property
    def is_bound(self) -> bool:
        """Whether the 条例 binds it (Art 2): a public body, or a large enterprise."""
        return self.is_public or self.kind == "large_enterprise"


class Contacts(NamedTuple):
    """How to reach the parties. Personal data: kept in the register and nowhere else, never in a case or its journal."""

    creditor: str | None = None
    debtor: str | None = None


NO_CONTACTS: Final = Contacts()


class Registrar(Value):
    """The clerk who enters a case, with the account, where the window knows it."""

    by: WrittenActor
    account: int | None = None

    @classmethod
    def of_office(cls, office: str) -> Self:
        """Some clerk of an office, where nobody said who it is."""
        return cls(by=Actor(Role.CLERK, party=office))


class Receipt(Value):
    """The case as it was received.

    Attributes:
        office: The registering office, which handles the case first.
        contract: What is known of the contract behind it: nothing of a later day than the receipt. Its `signed_on` alone may be
            written `contract_signed_on`.
        claimed: What the enterprise says it is owed (反映金额), in fen; None where it is to be verified (待核实).
            It is not what will be recognised.
        received_on: The business date of receipt.
        spending: Whether what was bought is an investment (资本性支出), where that is known: general bonds pay for nothing else.
        distinct: Whether the clerk says that it is another case than those on record that look like it.
        taken_in: How far it had come elsewhere, where it is not new.
        wage_amount: How much of it is wages of migrant workers, in fen; the whole claim where `migrant_wages` says no more.
    """

    title: Name
    project: Name
    creditor: Creditor
    debtor: Debtor
    office: OfficeCode
    channel: Channel
    kind: ClaimKind
    claimed: Claimed = None
    received_on: Day
    contract: Contract | None = None
    migrant_wages: StrictBool = False
    wage_amount: PositiveFen | None = None
    livelihood: StrictBool = False
    note: Note | None = None
    spending: Spending | None = None
    distinct: StrictBool = False
    taken_in: TakenIn | None = None

    @property
    def governed(self) -> tuple[Governed, ...]:
        """Which articles govern it. The 条例 does (Art 2, 3) where an enterprise that was micro, small or medium as of the signing is
        owed by a public body or a large enterprise, and both are known to be so.
        """
        found: list[Governed] = []
        if self.debtor.is_bound and self.creditor.size in ("micro", "small", "medium"):
            found.append("governed")
        if self.debtor.kind in ("organ", "institution"):
            found.append("organ")
        return tuple(found)

    @property
    def signed_on(self) -> date | None:
        """When the contract behind it was signed, where that is known."""
        return self.contract.signed_on if self.contract else None

    @property
    def known_on(self) -> date:
        """The latest day of which it tells: it is not in the future."""
        return max(self.received_on, self.taken_in.as_of) if self.taken_in else self.received_on

    @property
    def told_last(self) -> str:
        """The field that tells of that day."""
        return "received_on" if self.taken_in is None else "taken_in.as_of"

    @property
    def takes_general_bonds(self) -> bool:
        """Whether general bonds (一般债券) may pay it: capital spending of 机关 and 事业单位 (预算法 Art 35), as far as is known."""
        return self.debtor.kind in ("organ", "institution") and self.spending != "recurrent"

    @model_validator(mode="before")
    @classmethod
    def _reads_the_signing(cls, written: Any) -> Any:
        if not isinstance(written, dict) or "contract_signed_on" not in written:
            return written
        told = dict(written)
        signed_on, contract = told.pop("contract_signed_on"), told.get("contract") or {}
        if signed_on is None or not isinstance(contract, dict):
            return told
        known = contract.get("signed_on")
        if known is not None and str(known) != str(signed_on):
            raise fault("合同签订日前后不一", "contract_signed_on: is not contract.signed_on")
        return told | {"contract": {**contract, "signed_on": signed_on}}

    @field_validator("contract")
    @classmethod
    def _is_known_by_then(cls, contract: Contract | None, info: ValidationInfo) -> Contract | None:
        received_on = info.data.get("received_on")
        if (
            contract is not None
            and received_on is not None
            and max(contract.days, default=received_on) > received_on
        ):
            raise fault(
                "合同的签订、交付、验收、结算日不晚于登记日",
                "the days of the contract are not after the day of receipt",
            )
        return contract

    @model_validator(mode="after")
    def _was_received_before(self) -> Self:
        if self.taken_in is not None and self.taken_in.as_of < self.received_on:
            raise fault("接入截止日不早于收到日", "taken_in: as_of is not before received_on")
        sources = self.taken_in.sources if self.taken_in else ()
        if SourceKind.BOND in sources and not self.takes_general_bonds:
            raise fault(
                "本案支出不得使用一般债券", "taken_in: this spending may not be paid from general bonds"
            )
        return self

    @model_validator(mode="after")
    def _wages_are_part_of_the_claim(self) -> Self:
        is_within = self.wage_amount is None or self.claimed is None or self.wage_amount <= self.claimed
        if self.wage_amount is not None and not (self.migrant_wages and is_within):
            raise fault(
                "农民工工资金额须在勾选涉及农民工工资后填写,且不超过反映金额",
                "wage_amount: is part of a claim with migrant_wages, and not above it",
                "wage_amount",
            )
        return self
