"""Verifying one case within one snapshot of the record."""

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case.casefile import Case
from domain.case.decider import begin
from domain.value import BondKind
from office.verification.differences import Difference, Remedy, altered_columns
from office.verification.journal import Examined, documents, references, state_told
from office.verification.postings import balances, miscounted, unexplained
from schema import across, bonds, casefiles, claims, post
from schema.journal import Entry
from schema.streams import CASE_ACCOUNTS, books


async def case_of_record(connection: AsyncConnection, case_no: str, entries: list[Entry]) -> Examined:
    """Compare read model, documents, ledger and pool of a case with its journal, whose chain is intact."""
    row = await casefiles.kept_case(connection, case_no)
    case = state_told("case", entries, row, begin)
    if isinstance(case, Examined):
        return case
    kept = await books(connection, case_no, CASE_ACCOUNTS)
    differences = altered_columns("read model", casefiles.case_row(case, entries[-1].hash), row)
    differences += await _claim(connection, case)
    differences += documents(entries, await post.hashes(connection, case_no))
    differences += references(entries, await across.used_references(connection, case_no))
    differences += balances(case, kept)
    differences += miscounted(kept)
    differences += unexplained(entries, kept.transfers)
    differences += await _pool(connection, case)
    return Examined(differences, is_open=not case.is_over)


async def _claim(connection: AsyncConnection, case: Case) -> list[Difference]:
    """Check the index entry by which duplicates of the case are found."""
    return altered_columns(
        "claim", claims.claim_row(case.receipt), await claims.kept(connection, case.case_no)
    )


async def _pool(connection: AsyncConnection, case: Case) -> list[Difference]:
    """Check the case's request to each pool. A batch that excludes a request removes it a moment before the case learns of it."""
    rows = await casefiles.kept_requests(connection, case.case_no)
    if case.plan is None:
        return [_not_asked(row.wanted_fen) for row in rows.values() if row.wanted_fen]
    differences: list[Difference] = []
    for expected in casefiles.request_rows(case):
        kind = BondKind(expected["kind"])
        row = rows.get(kind)
        is_out = row is not None and row.wanted_fen == 0
        if is_out and await bonds.is_being_excluded(connection, case.case_no, kind):
            expected["wanted_fen"] = 0
        differences += altered_columns("pool", expected, row)
    return differences


def _not_asked(wanted_fen: int) -> Difference:
    found = f"wanted_fen differs: stored {wanted_fen}, and the case has no plan"
    return Difference("pool", "wanted_fen", found, Remedy.DERIVED)
