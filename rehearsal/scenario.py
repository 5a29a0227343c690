"""Scenario files: cases, bond batches and dated steps for a rehearsal, checked completely before anything starts."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.bonds.commands import AnyBatchCommand, BatchOpening, read_batch_command
from domain.commands import AnyCommand, Approve, read_command
from domain.refusal import Code
from domain.rules import RulePack
from office.documents import read_document
from office.faults import faults_of, path_of
from office.files import DAY, NAME, REFERENCE, CaseToOpen, Reader, read_batch, read_case
from office.packs import pack_in_force
from rehearsal.expected import Expectation, expectations
from rehearsal.files import with_files

_TOP = {"title", "policy", "evidence", "starts_on", "ends_on", "case", "bond_batch", "step", "expect"}

_OF_STEP = frozenset({"on", "case", "batch", "refused", "approved_by"})
"""The keys of a step apart from its command."""


_There = Mapping[str, Mapping[str, CaseToOpen | BatchOpening | None]]
"""The recipients of steps by `case` or `batch` and ref; None if a fault has already been reported for one."""

_PackOn = Callable[[date], RulePack | None]
"""Finds the version of the scenario's rule pack under which something that comes on a day is opened."""


class Step(NamedTuple):
    """A command on a day to a case or a batch. `refused` is the code with which it must be refused; `approval` is given right after
    it.
    """

    path: str
    on: date
    ref: str
    command: AnyCommand | AnyBatchCommand
    refused: Code | None
    approval: Approve | None = None


class Scenario(NamedTuple):
    """A rehearsal, ready to run. Each case or batch is opened when the clock reaches its day, or at the start."""

    title: str
    policy: str
    requires_papers: bool
    starts_on: date
    ends_on: date | None
    cases: Mapping[str, CaseToOpen]
    batches: Mapping[str, BatchOpening]
    steps: list[Step]
    expectations: list[Expectation]

    def pack(self, on: date) -> RulePack:
        """The rule pack under which cases are entered on a day."""
        pack = pack_in_force(self.policy, on)
        return pack if self.requires_papers else pack.asking()

    def stops(self) -> list[date]:
        """The days on which something is to be done, in order."""
        days = {step.on for step in self.steps}
        opened: list[CaseToOpen | BatchOpening] = [*self.cases.values(), *self.batches.values()]
        days |= {max(_opens_on(one), self.starts_on) for one in opened}
        if self.ends_on:
            days.add(self.ends_on)
        return sorted(days)


def _opens_on(opened: CaseToOpen | BatchOpening) -> date:
    """The day on which a case or batch is opened, if the rehearsal has begun."""
    return opened.opens_on if isinstance(opened, BatchOpening) else opened.receipt.received_on


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        Faults: It has faults; each is named with its line or path.
    """
    document, reader = read_document(path), Reader(str(path))
    reader.fields(document, _TOP)
    starts_on = _day(reader, document, "starts_on", needed=True)
    policy = str(document.get("policy", "gansu"))
    pack_on = _packs(reader, policy, starts_on or date.min)
    requires_papers = _requires_papers(reader, document)
    ends_on = _day(reader, document, "ends_on")
    title = document.get("title")
    if title is None:
        reader.fault("title", "this field is missing")
    else:
        reader.field(NAME, title, "title")
    cases = _cases(reader, document, pack_on)
    batches = _batches(reader, document, pack_on, set(cases))
    if not cases:
        reader.fault("case", "a scenario needs at least one case")
    there = {ref: case for ref, case in cases.items() if case is None or case.refused is None}
    with_files(reader, document, path.parent)
    steps = _steps(reader, document, {"case": there, "batch": batches}, starts_on)
    if ends_on and any(step.on > ends_on for step in steps):
        reader.fault("ends_on", "is before the last step")
    expectations = _expectations(reader, document, set(there), set(batches))
    reader.done()
    assert starts_on is not None
    opened = {ref: case for ref, case in cases.items() if case}
    opened_batches = {ref: batch for ref, batch in batches.items() if batch}
    days = (starts_on, ends_on)
    return Scenario(str(title), policy, requires_papers, *days, opened, opened_batches, steps, expectations)


def _packs(reader: Reader, policy: str, starts_on: date) -> _PackOn:
    """A finder of the rule pack's versions; it finds none if there is no such pack."""
    if reader.pack(policy, starts_on) is None:
        return lambda on: None
    return lambda on: pack_in_force(policy, max(on, starts_on))


def _requires_papers(reader: Reader, document: Mapping[str, Any]) -> bool:
    """Whether required papers are really required. Otherwise they are only asked for, which is the default."""
    strength = document.get("evidence", "asked")
    if strength not in ("asked", "required"):
        reader.fault("evidence", f"{strength!r} is neither asked nor required")
    return bool(strength == "required")


def _day(
    reader: Reader, table: Mapping[str, Any], field: str, path: str = "", needed: bool = False
) -> date | None:
    value = table.get(field)
    where = f"{path}.{field}" if path else field
    if value is None:
        if needed:
            reader.fault(where, "this field is missing")
        return None
    return reader.field(DAY, value, where)


def _ref(reader: Reader, table: Mapping[str, Any], path: str, taken: set[str]) -> str:
    if "ref" not in table:
        reader.fault(f"{path}.ref", "this field is missing")
        return path
    ref = reader.field(REFERENCE, table["ref"], f"{path}.ref")
    if ref is None:
        return path
    if ref in taken:
        reader.fault(f"{path}.ref", f"{ref} is used twice")
    return ref


def _cases(reader: Reader, document: dict[str, Any], pack_on: _PackOn) -> dict[str, CaseToOpen | None]:
    cases: dict[str, CaseToOpen | None] = {}
    for no, table in enumerate(reader.tables(document, "case"), 1):
        path = f"case[{no}]"
        cases[_ref(reader, table, path, set(cases))] = _case(reader, table, path, pack_on)
    return cases


def _case(reader: Reader, table: dict[str, Any], path: str, pack_on: _PackOn) -> CaseToOpen | None:
    """A case of a scenario. It counts as distinct from similar ones, unless it says otherwise or is to be refused as a duplicate."""
    written = dict(table)
    refused = written.pop("refused", None)
    if refused not in (None, Code.DUPLICATE):
        reader.fault(f"{path}.refused", f"{refused!r}: registering a case is refused with {Code.DUPLICATE}")
    case = read_case(reader, {"distinct": refused is None} | written, path, None)
    if case:
        reader.office(case.receipt.office, pack_on(_opens_on(case)), f"{path}.office")
    return case._replace(refused=Code.DUPLICATE) if case and refused else case


def _batches(
    reader: Reader, document: dict[str, Any], pack_on: _PackOn, cases: set[str]
) -> dict[str, BatchOpening | None]:
    batches: dict[str, BatchOpening | None] = {}
    for no, table in enumerate(reader.tables(document, "bond_batch"), 1):
        path = f"bond_batch[{no}]"
        batch = read_batch(reader, table, path, None)
        if batch:
            reader.office(batch.office, pack_on(_opens_on(batch)), f"{path}.office")
        batches[_ref(reader, table, path, cases | set(batches))] = batch
    return batches


def _steps(reader: Reader, document: dict[str, Any], there: _There, starts_on: date | None) -> list[Step]:
    steps: list[Step] = []
    before = starts_on
    for no, table in enumerate(reader.tables(document, "step"), 1):
        path = f"step[{no}]"
        on = _day(reader, table, "on", path, needed=True)
        if on and before and on < before:
            reader.fault(f"{path}.on", f"{on} is before {before}: steps stand in the order of their days")
        before = on or before
        step = _step(reader, table, path, on, there)
        if step:
            steps.append(step)
    return steps


def _step(reader: Reader, table: Mapping[str, Any], path: str, on: date | None, there: _There) -> Step | None:
    written = {name: value for name, value in table.items() if name not in _OF_STEP}
    refused = table.get("refused")
    if refused is not None and refused not in list(Code):
        reader.fault(f"{path}.refused", f"{refused!r} is no refusal code")
    if ("case" in table) == ("batch" in table):
        reader.fault(path, "names either a case or a batch")
        return None
    field = "case" if "case" in table else "batch"
    ref = _ref_of_step(reader, table[field], field, path, on, there[field])
    written.setdefault("command_id", path)
    read = read_command if field == "case" else read_batch_command
    command: AnyCommand | AnyBatchCommand
    try:
        command = read(written)
    except ValidationError as error:
        if refused != Code.MALFORMED:  # every interface refuses it with that code, before it reaches a case
            reader.faults += faults_of(error, path, str(written.get("do")))
        return None
    if on is None or (refused is not None and refused not in list(Code)):
        return None
    approval = _approval(reader, table, path, command)
    return Step(path, on, ref, command, Code(refused) if refused else None, approval)


def _ref_of_step(
    reader: Reader,
    ref: Any,
    field: str,
    path: str,
    on: date | None,
    opened: Mapping[str, CaseToOpen | BatchOpening | None],
) -> str:
    """The recipient of a step, which must have been opened by then."""
    if not isinstance(ref, str) or ref not in opened:
        reader.fault(f"{path}.{field}", f"there is no {field} with the ref {ref!r}")
    elif (one := opened[ref]) and on and on < _opens_on(one):
        reader.fault(f"{path}.on", f"{on} is before {_opens_on(one)}, the day on which {ref} is opened")
    return str(ref)


def _approval(
    reader: Reader, table: Mapping[str, Any], path: str, command: AnyCommand | AnyBatchCommand
) -> Approve | None:
    """The approval that a step is given at once."""
    if "approved_by" not in table:
        return None
    if isinstance(command, AnyBatchCommand):
        reader.fault(f"{path}.approved_by", "a command to a batch takes no second person")
        return None
    written = {"command_id": f"{command.command_id}/approve", "submission": command.do}
    return reader.part(Approve, {**written, "by": table["approved_by"]}, path)


def _expectations(
    reader: Reader, document: dict[str, Any], cases: set[str], batches: set[str]
) -> list[Expectation]:
    expect = _table(reader, document, "expect")
    reader.fields(expect, {"case", "batch"}, "expect")
    found = [
        one
        for group, refs in (("case", cases), ("batch", batches))
        for one in expectations(reader, _table(reader, expect, group, "expect"), group, refs)
    ]
    return sorted(found, key=lambda expected: expected.path)


def _table(reader: Reader, document: Mapping[str, Any], name: str, path: str = "") -> dict[str, Any]:
    """A table of a document; an empty one if it has none."""
    table = document.get(name, {})
    if isinstance(table, dict):
        return table
    reader.fault(path_of([name], path), "must be a table")
    return {}
