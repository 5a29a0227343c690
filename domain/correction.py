"""更正登记: what of a case's receipt is put right, and the receipt after it.

What is not said stays as it is. The office is not among it: a case goes to another one by being handed over.
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
"""What stands on record in the place of a contact: that there is another one, and not which. It is in the register alone."""


class CreditorFacts(Value):
    """What is right of the creditor."""

    name: Name | None = None
    code: CreditCode | None = None
    size: CreditorSize | None = None
    ownership: Ownership | None = None
    contact: Contact | None = None


class DebtorFacts(Value):
    """What is right of the debtor."""

    name: Name | None = None
    code: CreditCode | None = None
    kind: DebtorKind | None = None
    contact: Contact | None = None


class ReceiptFacts(Value):
    """What is right of a receipt, by the names of its fields. A claim of 0 is to be verified (待核实)."""

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
"""What changes nothing for anybody."""


def leaves(facts: Value) -> dict[str, Any]:
    """What is said, by the dotted names of the fields."""
    return {
        f"{name}.{inner}" if inner else name: leaf
        for name, value in facts
        if value is not None
        for inner, leaf in (leaves(value) if isinstance(value, Value) else {"": value}).items()
    }


def is_but_words(facts: ReceiptFacts) -> bool:
    """Whether one clerk may put it right alone."""
    return leaves(facts).keys() <= _WORDS


def corrected(receipt: Receipt, facts: ReceiptFacts) -> Receipt:
    """The receipt with what is right.

    Raises:
        pydantic.ValidationError: It is none then: its parts do not go together.
    """
    right = _said(facts)
    if right.get("migrant_wages") is False:
        right.setdefault("wage_amount", None)
    return Receipt.model_validate(_with(receipt.model_dump(), right))


def as_it_was(receipt: Receipt, facts: ReceiptFacts) -> ReceiptFacts:
    """What the receipt says of the same fields."""
    return ReceiptFacts.model_validate(_only(receipt.model_dump(exclude_none=True), _said(facts)))


def _said(facts: ReceiptFacts) -> dict[str, Any]:
    """What is said of the receipt; contacts are not part of it."""
    return facts.model_dump(exclude_none=True, exclude={"creditor": {"contact"}, "debtor": {"contact"}})


def _only(table: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """A table without what another one does not have, deep down."""
    return {
        name: _only(value, names[name]) if isinstance(value, dict) else value
        for name, value in table.items()
        if name in names
    }


def _with(table: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A table with what another one says, deep down."""
    return table | {
        name: _with(table.get(name) or {}, value) if isinstance(value, dict) else value
        for name, value in other.items()
    }


def apart(facts: ReceiptFacts) -> tuple[ReceiptFacts, Contacts]:
    """What goes on record, and the contacts, which go to the register alone."""
    contacts, changed = {}, {}
    for side in Contacts._fields:
        party = getattr(facts, side)
        if party is not None and party.contact not in (None, APART):
            contacts[side] = party.contact
            changed[side] = party.model_copy(update={"contact": APART})
    return facts.model_copy(update=changed), Contacts(**contacts)
