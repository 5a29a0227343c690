"""Verifying a journal: its hash chain, the effects that claimed its entries, and its documents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row

from domain.case.papers import documents_in
from domain.events import Event
from domain.facts import BatchArrived, FundsArrived
from office.verification.differences import Difference, Remedy
from schema import journal

State = TypeVar("State")


class Examined(NamedTuple):
    """The result for a case or batch from the record alone.

    Attributes:
        is_open: Whether it can still change, so that a workflow must exist.
    """

    differences: list[Difference]
    is_open: bool


def broken_chain(entries: Sequence[journal.Entry]) -> list[Difference]:
    """Check that entry numbers have no gaps, and that each hash includes the one before."""
    head = journal.genesis(entries[0].stream) if entries else ""
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            return [tampered(f"entry {seq} is missing")]
        head = journal.chained(head, entry.stream, seq, entry.event)
        if entry.hash != head:
            return [tampered(f"entry {seq} has been altered: its hash does not fit")]
    return []


def tampered(found: str) -> Difference:
    """The difference for a journal that is not as it was written."""
    return Difference("journal", found, found, Remedy.TAMPERED)


def rebuilt(
    entries: Sequence[journal.Entry],
    begin: Callable[[str, Iterable[Event]], State],
) -> State | None:
    """The state that an intact chain of entries gives; None if it gives none, because somebody forged entries with their hashes."""
    try:
        return begin(entries[0].stream, [entry.event for entry in entries])
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return None


def state_told(
    what: str,
    entries: Sequence[journal.Entry],
    row: Row[Any] | None,
    begin: Callable[[str, Iterable[Event]], State],
) -> State | Examined:
    """The case or batch that the entries give, or if they give none the final result.

    Args:
        row: Its row in the read model.
    """
    if not entries:
        found = f"there are no entries, and the read model has the {what}"
        return Examined([Difference("journal", "none", found, Remedy.TAMPERED)] if row else [], is_open=False)
    state = rebuilt(entries, begin)
    return Examined([tampered(f"its entries make no {what}")], is_open=True) if state is None else state


def unclaimed(entries: Sequence[journal.Entry], effects: Sequence[journal.Effect]) -> list[Difference]:
    """Check that every entry was claimed once, together with those recorded with it, and that no other was claimed."""
    differences = []
    first_seq = 1
    for effect in effects:
        if effect.effect_key.rpartition("/")[2] != str(first_seq):
            differences.append(_claims(first_seq, "nobody claimed"))
        first_seq = effect.last_seq + 1
    if first_seq <= len(entries):
        differences.append(_claims(first_seq, "nobody claimed"))
    elif first_seq > len(entries) + 1:
        differences.append(_claims(len(entries) + 1, "claimed, and gone from the journal:"))
    return differences


def _claims(seq: int, what: str) -> Difference:
    return Difference("effects", str(seq), f"{what} entry {seq}", Remedy.TAMPERED)


def references(entries: Sequence[journal.Entry], kept: Mapping[str, int]) -> list[Difference]:
    """Check that the used money references are exactly those of the journal, each claimed by its entry."""
    used = {
        entry.event.fact.reference: entry.seq
        for entry in entries
        if isinstance(entry.event.fact, FundsArrived | BatchArrived)
    }
    return [
        Difference("references", reference, f"{reference} {_used(used, kept, reference)}", Remedy.TAMPERED)
        for reference in sorted(used.keys() | kept.keys())
        if used.get(reference) != kept.get(reference)
    ]


def _used(used: Mapping[str, int], kept: Mapping[str, int], reference: str) -> str:
    if reference not in used:
        return "is kept as used, and no entry uses it"
    return f"is used by entry {used[reference]}, and is kept as {kept.get(reference) or 'used by none'}"


def documents(entries: Sequence[journal.Entry], stored: Mapping[str, str]) -> list[Difference]:
    """Check that exactly the documents of the journal are stored, with the hashes that the journal has."""
    journaled = {one.number: one.sha256 for entry in entries for one in documents_in(entry.event)}
    differences = []
    for number in sorted(journaled.keys() | stored.keys()):
        if number not in stored:
            differences.append(_paper(number, "is missing"))
        elif number not in journaled:
            differences.append(_paper(number, "is not in the journal"))
        elif stored[number] != journaled[number]:
            differences.append(_paper(number, "has been altered: its hash is not the journal's"))
    return differences


def _paper(number: str, what: str) -> Difference:
    return Difference("documents", number, f"{number} {what}", Remedy.TAMPERED)
