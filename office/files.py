"""Files that people write: cases and batches to open, in TOML or JSON. Everything wrong with one is said at once."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.actors import Actor, WrittenActor
from domain.bonds.commands import BatchOpening
from domain.money import PEOPLE
from domain.receipt import Contacts, Receipt
from domain.refusal import Code, Refusal
from domain.registration import registrable
from domain.rules import RulePack
from domain.value import FORESEEN, Contact, Day, Name, Reference, last_day_after
from office.documents import read_document
from office.faults import Faults, faults_of, path_of
from office.packs import pack_in_force

Written = TypeVar("Written", bound=BaseModel)
Kind = TypeVar("Kind")

REFERENCE: Final[TypeAdapter[str]] = TypeAdapter(Reference)
CONTACT: Final[TypeAdapter[str]] = TypeAdapter(Contact)
NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)
ACTOR: Final[TypeAdapter[Actor]] = TypeAdapter(WrittenActor)
DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)
"""Fields that stand in files beside what the domain reads as a whole."""


class CaseToOpen(NamedTuple):
    """A case of a file: its receipt, what is kept apart from it, who registers it, and whether a rehearsal must refuse that."""

    receipt: Receipt
    ref: str | None
    contacts: Contacts
    by: Actor | None = None
    refused: Code | None = None


class FileOfCases(NamedTuple):
    """What `open` is given."""

    policy: str
    cases: list[CaseToOpen]


class Reader:
    """Reads the parts of a document and gathers every fault it meets."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.faults: list[str] = []

    def fault(self, path: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(f"{path}: {message}")

    def part(self, model: type[Written], written: Any, path: str) -> Written | None:
        """A part of the document as a value, amounts as people write them; None, with its faults noted, if it is wrong."""
        try:
            return model.model_validate(written, context=PEOPLE)
        except ValidationError as error:
            self.faults += faults_of(error, path)
            return None

    def field(self, kind: TypeAdapter[Kind], written: Any, path: str) -> Kind | None:
        """A single field of the document, of a type of the domain; None, with its fault noted, if it is wrong."""
        try:
            return kind.validate_python(written)
        except ValidationError as error:
            self.faults += faults_of(error, path)
            return None

    def tables(self, document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        """The tables `[[name]]` of a document."""
        found = document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
            self.fault(name, f"must be written as [[{name}]] tables")
            return []
        return found

    def fields(self, table: Mapping[str, Any], known: set[str], path: str = "") -> None:
        """Note every field that has no business here."""
        for name in table:
            if name not in known:
                self.fault(path_of([name], path), "there is no such field")

    def pack(self, policy: Any, on: date) -> RulePack | None:
        """The rule pack a document names, as it is in force on a day."""
        try:
            return pack_in_force(str(policy), on)
        except Faults as faults:
            self.faults += faults.faults
            return None

    def office(self, code: str, pack: RulePack | None, path: str) -> None:
        """Note an office that the rule pack does not know."""
        if pack is not None and code not in pack.offices:
            self.fault(path, f"{code} is no office of the rule pack {pack.name}")

    def done(self) -> None:
        """Raise everything that was noted."""
        if self.faults:
            raise Faults(self._source, self.faults)


def read_case(reader: Reader, table: dict[str, Any], path: str, pack: RulePack | None) -> CaseToOpen | None:
    """Read a case of a file, as `open` and scenarios take it (README, "By hand"). None, with its faults noted, if it is wrong.

    The parties' contacts are kept apart, because they go to the register and not into the case.
    """
    written = dict(table)
    ref = written.pop("ref", None)
    contacts = take_contacts(written)
    by = written.pop("by", None)
    told: list[tuple[str, TypeAdapter[Any], Any]] = [("ref", REFERENCE, ref), ("by", ACTOR, by)]
    told += [(f"{party}.contact", CONTACT, text) for party, text in contacts._asdict().items()]
    read = {name: reader.field(kind, text, f"{path}.{name}") for name, kind, text in told if text is not None}
    receipt = reader.part(Receipt, written, path)
    if receipt is None:
        return None
    reader.office(receipt.office, pack, f"{path}.office")
    return CaseToOpen(receipt, ref, contacts, read.get("by"))


def take_contacts(written: dict[str, Any]) -> Contacts:
    """Take the parties' contacts out of a case as somebody wrote it: they must not become part of the receipt.

    The contacts are returned as they were written, and still have to be validated.
    """
    taken: dict[str, Any] = {}
    for party in Contacts._fields:
        if isinstance(table := written.get(party), dict):
            taken[party] = table.get("contact")
            written[party] = {name: value for name, value in table.items() if name != "contact"}
    return Contacts(**taken)


def check_day(reader: Reader, case: CaseToOpen | None, path: str, today: date) -> None:
    """Check what a case of a file may say on the day on which it is registered."""
    if case is None:
        return
    if case.receipt.known_on > today:
        reader.fault(f"{path}.{case.receipt.told_last}", f"is after today, {today}")
        return
    try:
        registrable(case.receipt, today)
    except Refusal as refused:
        reader.fault(f"{path}.{refused.field}", refused.detail)


def read_cases(path: Path, today: date) -> FileOfCases:
    """The case or cases of a file for `open`.

    Raises:
        Faults: Something is wrong with it.
    """
    document, reader = read_document(path), Reader(str(path))
    policy = document.get("policy", "gansu")
    pack = reader.pack(policy, today)
    if "case" in document:
        reader.fields(document, {"policy", "title", "case"})
        tables = [(f"case[{no}]", table) for no, table in enumerate(reader.tables(document, "case"), 1)]
    else:
        tables = [("", {name: value for name, value in document.items() if name != "policy"})]
    cases = []
    for where, table in tables:
        case = read_case(reader, table, where or "case", pack)
        check_day(reader, case, where or "case", today)
        cases.append(case)
    if not tables:
        reader.fault("case", "the file has no case")
    reader.done()
    return FileOfCases(policy, [case for case in cases if case])


def read_batches(path: Path, today: date, by: str | None = None) -> tuple[RulePack, list[BatchOpening]]:
    """The bond batches of a file for `batch open`.

    Args:
        by: Who opens those of which the file does not say it.

    Raises:
        Faults: Something is wrong with it.
    """
    document, reader = read_document(path), Reader(str(path))
    pack = reader.pack(document.get("policy", "gansu"), today)
    if "bond_batch" in document:
        reader.fields(document, {"policy", "title", "bond_batch"})
        tables = reader.tables(document, "bond_batch")
    else:
        tables = [{name: value for name, value in document.items() if name != "policy"}]
    said = {} if by is None else {"by": by}
    batches = [
        read_batch(reader, said | table, f"bond_batch[{no}]", pack) for no, table in enumerate(tables, 1)
    ]
    for no, batch in enumerate(batches, 1):
        if batch and batch.allocates_on > last_day_after(today):
            reader.fault(
                f"bond_batch[{no}].allocates_on", f"is more than {FORESEEN} years after today, {today}"
            )
    reader.done()
    assert pack is not None
    return pack, [batch for batch in batches if batch]


def read_batch(
    reader: Reader, table: dict[str, Any], path: str, pack: RulePack | None
) -> BatchOpening | None:
    """Read a bond batch of a file, as `batch open` and scenarios take it. None, with its faults noted, if it is wrong."""
    written = {name: value for name, value in table.items() if name != "ref"}
    batch = reader.part(BatchOpening, written, path)
    if batch is not None:
        reader.office(batch.office, pack, f"{path}.office")
        if batch.allocates_on < batch.opens_on:
            reader.fault(f"{path}.allocates_on", "is before opens_on")
    return batch
