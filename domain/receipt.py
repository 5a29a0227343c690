"""The receipt of a case (登记): the parties, the claim, and how it arrived."""

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
from domain.value import Day, Name, Note, Value, fault

Channel = Literal["hotline", "platform", "letter", "visit", "inspection", "transfer", "self_report"]

CreditorSize = Literal["micro", "small", "medium", "large", "unknown"]
Ownership = Literal["private", "state", "foreign", "individual", "unknown"]
ClaimKind = Literal["goods", "works", "services"]
Spending = Literal["capital", "recurrent"]
DebtorKind = Literal["organ", "institution", "soe", "large_enterprise", "platform", "private", "unknown"]

PUBLIC: Final = frozenset({"organ", "institution", "soe", "platform"})
"""The kinds of debtors whose people are supervised by the discipline organs (纪检监察机关)."""

Claimed = Annotated[Fen | None, AfterValidator(lambda fen: fen or None)]
"""An amount in fen that may be unknown (待核实): None, or 0 as people write it."""


class Creditor(Value):
    """The enterprise that is owed (债权人).

    Its size is that of the day on which the contract was signed (条例 Art 3). A large or state-owned creditor is not refused, nor is
    one of which little is known, as after an anonymous lead; other statutory rules apply to its case.
    """

    name: Name
    code: CreditCode | None = None
    size: CreditorSize = "unknown"
    ownership: Ownership = "unknown"


class Debtor(Value):
    """The debtor (债务人)."""

    name: Name
    code: CreditCode | None = None
    kind: DebtorKind

    @property
    def is_public(self) -> bool:
        """Whether it is a public body, or owned by the public."""
        return self.kind in PUBLIC

    @property
    def is_bound(self) -> bool:
        """Whether the 条例 binds it (Art 2): it is a public body or a large enterprise."""
        return self.is_public or self.kind == "large_enterprise"


class Contacts(NamedTuple):
    """The parties' contacts. Personal data: stored in the register and nowhere else, never in a case or its journal."""

    creditor: str | None = None
    debtor: str | None = None


NO_CONTACTS: Final = Contacts()


class Registrar(Value):
    """The clerk who enters a case, with the account, if the window knows it."""

    by: WrittenActor
    account: int | None = None

    @classmethod
    def of_office(cls, office: str) -> Self:
        """An unnamed clerk of an office."""
        return cls(by=Actor(Role.CLERK, party=office))


class Receipt(Value):
    """A case as it was received.

    Attributes:
        office: The registering office, which is the first to handle the case.
        contract: The contract behind it. None of its days is after the receipt. Its `signed_on` may be written as `contract_signed_on`
            on its own.
        claimed: The amount that the enterprise claims (反映金额), in fen; None if it is to be verified (待核实). The recognised amount
            may differ.
        received_on: The business date of receipt.
        spending: Whether the purchase was an investment (资本性支出), if known. General bonds pay only for those.
        distinct: Whether the clerk states that it is another case than those on record that look like it.
        taken_in: How far it had come elsewhere, if it is not new.
        wage_amount: The part of the claim that is wages of migrant workers, in fen. With `migrant_wages` and no amount: the whole
            claim.
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
        """The articles that govern the case. The 条例 governs it (Art 2, 3) if an enterprise that was micro, small or medium at the
        signing is owed by a public body or a large enterprise, and both are known to be so.
        """
        found: list[Governed] = []
        if self.debtor.is_bound and self.creditor.size in ("micro", "small", "medium"):
            found.append("governed")
        if self.debtor.kind in ("organ", "institution"):
            found.append("organ")
        return tuple(found)

    @property
    def signed_on(self) -> date | None:
        """The day on which the contract was signed, if known."""
        return self.contract.signed_on if self.contract else None

    @property
    def known_on(self) -> date:
        """The latest day that the receipt mentions. It must not be in the future."""
        return max(self.received_on, self.taken_in.as_of) if self.taken_in else self.received_on

    @property
    def told_last(self) -> str:
        """The name of the field with that day."""
        return "received_on" if self.taken_in is None else "taken_in.as_of"

    @property
    def takes_general_bonds(self) -> bool:
        """Whether general bonds (一般债券) may pay it, as far as is known: capital spending of 机关 and 事业单位 (预算法 Art 35)."""
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
