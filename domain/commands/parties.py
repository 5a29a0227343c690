"""The commands of 变更当事人."""

from typing import Literal, Self

from pydantic import model_validator

from domain.command_base import CommandBase
from domain.names.credit_code import CreditCode
from domain.receipt import Creditor, CreditorSize, Debtor, DebtorKind, Ownership
from domain.value import Name, PartySide, Reference, SubstitutedWhy, Value, fault

__all__ = ["PartiesCommand", "Party", "Substitute"]


class Party(Value):
    """The successor of a party. A creditor has a size and an ownership, a debtor a kind."""

    name: Name
    code: CreditCode | None = None
    size: CreditorSize | None = None
    ownership: Ownership | None = None
    kind: DebtorKind | None = None


class Substitute(CommandBase):
    """Substitute `party` for the party on that `side`."""

    is_grave = True

    do: Literal["substitute"] = "substitute"
    side: PartySide
    party: Party
    why: SubstitutedWhy
    reference: Reference

    @model_validator(mode="after")
    def _is_of_its_side(self) -> Self:
        is_debtor = self.side is PartySide.DEBTOR
        creditor_s = self.party.size or self.party.ownership
        if is_debtor is not (self.party.kind is not None) or (is_debtor and creditor_s):
            raise fault(
                "变更债务人须填单位类型,变更债权人填规模和所有制",
                "party: a debtor has a kind, a creditor may have a size and an ownership",
                "party.kind",
            )
        return self

    @property
    def successor(self) -> Creditor | Debtor:
        """The successor as a party of a case."""
        said = self.party.model_dump(exclude_none=True)
        return (Debtor if self.side is PartySide.DEBTOR else Creditor).model_validate(said)


PartiesCommand = Substitute
