"""The form by which a case is registered: its fields, and reading a receipt from it."""

from datetime import date
from typing import Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from domain.commands.fields import Kind
from domain.money import PEOPLE
from domain.receipt import Contacts, Receipt
from domain.telling.receipt import RECEIPT
from domain.telling.words import Sentence
from domain.value import LONGEST_NAME
from office.files import take_contacts
from portal.forms.fields import AMOUNT, Field, Option
from portal.forms.form import Faults, Malformed, faults_in, nested


def _field(name: str, kind: Kind = "text", *, required: bool = False) -> Field:
    """A field of a receipt; with fixed values it is a choice."""
    label = RECEIPT[name]
    options = tuple(Option(value, *word) for value, word in label.choices.items())
    hint = label.hint or (AMOUNT if kind == "money" else None)
    return Field(name, label.zh, label.en, "choice" if options else kind, required, hint, options)


FIELDS: Final = {
    ("案件", "The case"): (
        _field("title", required=True),
        _field("project", required=True),
        _field("kind", required=True),
        _field("spending"),
        _field("claimed", "money"),
        _field("channel", required=True),
        _field("received_on", "date", required=True),
        _field("migrant_wages", "check"),
        _field("wage_amount", "money"),
        _field("livelihood", "check"),
        _field("note", "long"),
    ),
    ("合同", "The contract"): (
        _field("contract.no"),
        *(_field(f"contract.{day}_on", "date") for day in ("signed", "delivered", "accepted", "settled")),
        _field("contract.agreed_term_days", "number"),
        _field("contract.agreed_rate"),
        _field("contract.total", "money"),
    ),
    ("债权人", "The creditor"): (
        _field("creditor.name", required=True),
        _field("creditor.code"),
        _field("creditor.size", required=True),
        _field("creditor.ownership", required=True),
        _field("creditor.contact"),
    ),
    ("债务人", "The debtor"): (
        _field("debtor.name", required=True),
        _field("debtor.code"),
        _field("debtor.kind", required=True),
        _field("debtor.contact"),
    ),
}
"""The fields of the form, by group."""


DISTINCT: Final = Field(
    "distinct", "已核对,确为另一案件", "I have looked: it is another case", "check", required=False
)
"""The question that is asked only if similar cases were found."""


def read(form: FormData, office: str, today: date) -> tuple[Receipt, Contacts]:
    """Read the receipt and the parties' contacts from a form.

    Raises:
        Malformed: It is invalid; has every fault with its input.
    """
    written = nested(form)
    contacts = take_contacts(written)
    faults: dict[str, Sentence] = {
        f"{party}.contact": ("内容过长", "this is too long")
        for party, contact in contacts._asdict().items()
        if not isinstance(contact, str | None) or len(contact or "") > LONGEST_NAME
    }
    flags = {name: name in written for name in ("migrant_wages", "livelihood", "distinct")}
    try:
        receipt = Receipt.model_validate(
            {"creditor": {}, "debtor": {}} | written | flags | {"office": office}, context=PEOPLE
        )
    except ValidationError as error:
        raise Malformed({**_at_inputs(faults_in(error)), **faults}) from error
    faults |= _dates(receipt, today)
    if faults:
        raise Malformed(faults)
    return receipt, contacts


def _dates(receipt: Receipt, today: date) -> Faults:
    """The faults of the days."""
    faults: dict[str, Sentence] = {}
    if receipt.received_on > today:
        faults["received_on"] = (f"登记日在今天({today})之后", f"this is after today, {today}")
    return faults


def _at_inputs(faults: Faults) -> Faults:
    """Faults of the contract's days taken together are reported at the first of them."""
    return {"contract.signed_on" if name == "contract" else name: said for name, said in faults.items()}
