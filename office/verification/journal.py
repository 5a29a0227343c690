"""Whether a journal is whole: its chain of hashes, what has been claimed of it, and its documents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row

from domain.case.papers import documents_in
from domain.events import Event
from domain.facts import BatchArrived, FundsArrived
from office.verification.differences import Difference, Remedy
from schema import journal

State = TypeVar("State")


class Told(NamedTuple):
    """What the record tells of a case or batch.

    Attributes:
        is_open: Whether something is still to come, so that a workflow has to carry it.
    """

    differences: list[Difference]
    is_open: bool


def broken_chain(entries: Sequence[journal.Entry]) -> list[Difference]:
    """Numbers without a gap, and each hash made from the one before."""
    head = journal.genesis(entries[0].stream) if entries else ""
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            return [tampered(f"entry {seq} is missing")]
        head = journal.chained(head, entry.stream, seq, entry.event)
        if entry.hash != head:
            return [tampered(f"entry {seq} has been altered: its hash does not fit")]
    return []


def tampered(found: str) -> Difference:
    """The journal itself is not as it was written."""
    return Difference("journal", found, found, Remedy.TAMPERED)


def rebuilt(
    entries: Sequence[journal.Entry],
    begin: Callable[[str, Iterable[Event]], State],
) -> State | None:
    """What a sound chain of entries makes; None where it makes nothing, because somebody forged it with its hashes."""
    try:
        return begin(entries[0].stream, [entry.event for entry in entries])
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return None


def state_told(
    what: str,
    entries: Sequence[journal.Entry],
    row: Row[Any] | None,
    begin: Callable[[str, Iterable[Event]], State],
) -> State | Told:
    """The case or batch that the entries make. Where they make none the record tells no more.

    Args:
        row: What the read model has of it.
    """
    if not entries:
        found = f"there are no entries, and the read model has the {what}"
        return Told([Difference("journal", "none", found, Remedy.TAMPERED)] if row else [], is_open=False)
    state = rebuilt(entries, begin)
    return Told([tampered(f"its entries make no {what}")], is_open=True) if state is None else state


def unclaimed(entries: Sequence[journal.Entry], effects: Sequence[journal.Effect]) -> list[Difference]:
    """Every entry was claimed once, with the entries that were recorded together with it; and no more were."""
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
    """Money has arrived under just the references that are kept as used, each by its entry."""
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
    """Every document in the journal is kept, and its bytes have the hash that the journal says; and there is no other."""
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
