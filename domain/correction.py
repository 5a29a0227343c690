"""更正登记: correcting the receipt of a case.

Fields that a correction omits stay as they are. The office cannot be corrected: a case gets to another office by a handover.
"""

from typing import Any, Final

from domain.contract import Contract
from domain.money import Fen, PositiveFen
from domain.names.credit_code import CreditCode
from domain.receipt import (
    Channel,
    ClaimKind,
    Contacts,
    CreditorSize,
    DebtorKind,
    Ownership,
    Receipt,
    Spending,
)
from domain.value import Contact, Day, Name, Note, Value

APART: Final = "***"
"""What the record stores in the place of a contact: that it has changed, but not to what. Contacts are in the register alone."""


class CreditorFacts(Value):
    """The corrected fields of the creditor."""

    name: Name | None = None
    code: CreditCode | None = None
    size: CreditorSize | None = None
    ownership: Ownership | None = None
    contact: Contact | None = None


class DebtorFacts(Value):
    """The corrected fields of the debtor."""

    name: Name | None = None
    code: CreditCode | None = None
    kind: DebtorKind | None = None
    contact: Contact | None = None


class ReceiptFacts(Value):
    """The corrected fields of a receipt, by their names. A claim of 0 is to be verified (待核实)."""

    title: Name | None = None
    project: Name | None = None
    kind: ClaimKind | None = None
    spending: Spending | None = None
    claimed: Fen | None = None
    channel: Channel | None = None
    received_on: Day | None = None
    migrant_wages: bool | None = None
    wage_amount: PositiveFen | None = None
    livelihood: bool | None = None
    note: Note | None = None
    contract: Contract | None = None
    creditor: CreditorFacts | None = None
    debtor: DebtorFacts | None = None


_WORDS: Final = frozenset({"title", "project", "channel", "note", "creditor.contact", "debtor.contact"})
"""The fields whose correction has no consequences."""


def leaves(facts: Value) -> dict[str, Any]:
    """The fields that are set, by their dotted names."""
    return {
        f"{name}.{inner}" if inner else name: leaf
        for name, value in facts
        if value is not None
        for inner, leaf in (leaves(value) if isinstance(value, Value) else {"": value}).items()
    }


def is_but_words(facts: ReceiptFacts) -> bool:
    """Whether only fields without consequences are corrected, so that one clerk may do it alone."""
    return leaves(facts).keys() <= _WORDS


def corrected(receipt: Receipt, facts: ReceiptFacts) -> Receipt:
    """The corrected receipt.

    Raises:
        pydantic.ValidationError: The parts of the corrected receipt contradict each other.
    """
    right = _said(facts)
    if right.get("migrant_wages") is False:
        right.setdefault("wage_amount", None)
    return Receipt.model_validate(_with(receipt.model_dump(), right))


def as_it_was(receipt: Receipt, facts: ReceiptFacts) -> ReceiptFacts:
    """The receipt's present values of the fields that are set in `facts`."""
    return ReceiptFacts.model_validate(_only(receipt.model_dump(exclude_none=True), _said(facts)))


def _said(facts: ReceiptFacts) -> dict[str, Any]:
    """The fields that are set, without the contacts, which are no part of a receipt."""
    return facts.model_dump(exclude_none=True, exclude={"creditor": {"contact"}, "debtor": {"contact"}})


def _only(table: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """A table reduced to the names that another one has, recursively."""
    return {
        name: _only(value, names[name]) if isinstance(value, dict) else value
        for name, value in table.items()
        if name in names
    }


def _with(table: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A table updated by another one, recursively."""
    return table | {
        name: _with(table.get(name) or {}, value) if isinstance(value, dict) else value
        for name, value in other.items()
    }


def apart(facts: ReceiptFacts) -> tuple[ReceiptFacts, Contacts]:
    """Split the corrected fields into those for the record, with placeholders for contacts, and the contacts for the register."""
    contacts, changed = {}, {}
    for side in Contacts._fields:
        party = getattr(facts, side)
        if party is not None and party.contact not in (None, APART):
            contacts[side] = party.contact
            changed[side] = party.model_copy(update={"contact": APART})
    return facts.model_copy(update=changed), Contacts(**contacts)
