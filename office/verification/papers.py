"""Verifying that the store has every paper in the journal, unchanged."""

from collections.abc import Sequence

from domain.facts import Attached
from office.evidence.store import Papers
from office.verification.differences import Difference, Remedy
from schema.journal import Entry


async def altered_papers(papers: Papers, entries: Sequence[Entry]) -> list[Difference]:
    """The papers that are missing from the store or have changed. Detached ones must be there, too."""
    facts = (entry.event.fact for entry in entries)
    return [
        Difference("papers", str(fact.no), f"attachment {fact.no} {what}", Remedy.STORE)
        for fact in facts
        if isinstance(fact, Attached) and (what := await _wrong(papers, fact)) is not None
    ]


async def _wrong(papers: Papers, fact: Attached) -> str | None:
    found = await papers.sha256_of(fact.attachment)
    if found is None:
        return "is missing in the store"
    return None if found == fact.sha256 else "has been altered: its hash is not the journal's"
