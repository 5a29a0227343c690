"""Verifying one bond batch within one snapshot of the record."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.bonds.allocation import Request, allocate
from domain.bonds.batch import ENDED, Batch, begin_batch
from domain.command_base import NEWS
from domain.money import format_money
from domain.postings import Transfer, included, outside, quota
from office.verification.differences import Difference, Remedy, altered_columns
from office.verification.journal import Examined, references, state_told
from office.verification.postings import differs, miscounted, unexplained
from schema import across, bonds, casefiles
from schema.journal import Entry
from schema.streams import BATCH_ACCOUNTS, Books, arrivals, books


async def batch_of_record(connection: AsyncConnection, batch_no: str, entries: list[Entry]) -> Examined:
    """Compare read model, allocations, news and ledger of a batch with its journal, whose chain is intact."""
    row = await casefiles.kept_batch(connection, batch_no)
    batch = state_told("batch", entries, row, begin_batch)
    if isinstance(batch, Examined):
        return batch
    given = await bonds.allocations(connection, batch_no)
    sent = await arrivals(connection, batch_no, (one.case_no for one in given))
    kept = await books(connection, batch_no, BATCH_ACCOUNTS)
    differences = altered_columns("read model", casefiles.batch_row(batch, entries[-1].hash), row)
    differences += references(entries, await across.used_references(connection, batch_no))
    differences += _shares(batch, given)
    differences += _taken(batch, given, kept)
    differences += _sent(batch, given, sent)
    differences += _quota(batch, given, kept)
    differences += miscounted(kept)
    differences += unexplained(entries, _own(batch_no, kept), _closing(batch, kept))
    differences += await _news(connection, batch, given, sent)
    return Examined(differences, is_open=batch.stage not in ENDED)


def _shares(batch: Batch, given: Sequence[Row[Any]]) -> list[Difference]:
    """Check that the shares add up to the journal's totals, and that allocating again gives the same shares."""
    sums = {
        "requests": (len(given), batch.requests),
        "requested_fen": (sum(one.requested_fen for one in given), batch.requested_fen),
        "allocated_fen": (sum(one.allocated_fen for one in given), batch.allocated_fen),
    }
    differences = [
        _share(name, f"{name} of all shares is {found}, journal {wanted}")
        for name, (found, wanted) in sums.items()
        if found != wanted
    ]
    asked = [
        Request(one.case_no, one.requested_fen, one.wage_fen, one.livelihood, one.received_on)
        for one in given
    ]
    turns = {
        one.case_no: one.allocated_fen for one in allocate(batch.quota_fen, asked, batch.allocation_order)
    }
    for one in given:
        if one.allocated_fen != turns[one.case_no]:
            fen = format_money(one.allocated_fen)
            differences.append(_share(one.case_no, f"{one.case_no} got {fen}, which was not its turn's"))
    return differences


def _taken(batch: Batch, given: Sequence[Row[Any]], kept: Books) -> list[Difference]:
    """Check that what was reserved for each case, and what it took, agree with its share."""
    reserved: dict[str, Row[Any]] = {row.credit: row for row in kept.transfers if row.phase == "pending"}
    settled = {row.settles: row.fen for row in kept.transfers if row.settles is not None}
    back = Counter[str]()
    for row in kept.transfers:
        if row.phase == "single" and row.credit == quota(batch.batch_no):
            back[row.debit] += row.fen
    differences = []
    for one in given:
        account = included(one.case_no)
        held = reserved.get(account)
        held_fen = held.fen if held is not None else 0
        if held_fen != one.allocated_fen:
            differences += differs(f"reserved for {one.case_no}", held_fen, one.allocated_fen)
        elif held is not None:
            taken_fen = settled[held.id] - back[account] if held.id in settled else None
            if taken_fen != one.included_fen:
                found = f"{one.case_no} took {_fen(one.included_fen)}, ledger {_fen(taken_fen)}"
                differences.append(_share(f"{one.case_no} included", found))
    without = reserved.keys() - {included(one.case_no) for one in given}
    return differences + [
        _share(account, f"{account} has a reservation and no share") for account in sorted(without)
    ]


def _fen(fen: int | None) -> str:
    return "nothing yet" if fen is None else format_money(fen)


def _sent(batch: Batch, given: Sequence[Row[Any]], sent: Iterable[Row[Any]]) -> list[Difference]:
    """Check that what was sent to each case agrees with its share, and that no more was sent than has arrived."""
    fen: Counter[str] = Counter()
    for row in sent:
        if row.settled != "void":
            fen[row.debit] += row.fen
    differences = [
        _share(
            f"{one.case_no} arrived",
            f"{format_money(one.arrived_fen)} was sent on to {one.case_no}, ledger {format_money(fen[included(one.case_no)])}",
        )
        for one in given
        if one.arrived_fen != fen[included(one.case_no)]
    ]
    if fen.total() > batch.arrived_fen:
        differences += differs("sent on to cases", fen.total(), batch.arrived_fen)
    return differences


def _quota(batch: Batch, given: Sequence[Row[Any]], kept: Books) -> list[Difference]:
    """Check what has come in, what is reserved, and what is left of the quota."""
    account = next((row for row in kept.accounts if row.id == quota(batch.batch_no)), None)
    credits_fen, debits_fen, reserved_fen = (
        (account.credits_fen, account.debits_fen, account.debits_pending_fen) if account else (0, 0, 0)
    )
    returned_fen = sum(
        row.fen
        for row in kept.transfers
        if row.phase == "single"
        and row.credit == quota(batch.batch_no)
        and row.debit != outside(batch.batch_no)
    )
    taken_fen = sum(one.included_fen or 0 for one in given)
    open_fen = sum(one.allocated_fen for one in given if one.included_fen is None)
    left_fen = 0 if batch.stage == "closed" else batch.quota_fen - taken_fen
    return [
        *differs("quota", credits_fen - returned_fen, batch.quota_fen),
        *differs("quota, balance", credits_fen - debits_fen, left_fen),
        *differs("quota, reserved", reserved_fen, open_fen),
    ]


def _own(batch_no: str, kept: Books) -> list[Row[Any]]:
    """The transfers that the batch is responsible for. Those by which a case took or returned money are the case's."""
    own = {quota(batch_no), outside(batch_no)}
    return [row for row in kept.transfers if row.debit in own and row.credit in own]


def _closing(batch: Batch, kept: Books) -> list[Transfer]:
    """The transfers of the remaining quota when the batch was closed, or was returned to it later. Their amount is only known from its
    balance.
    """
    if batch.stage != "closed":
        return []
    accounts = quota(batch.batch_no), outside(batch.batch_no)
    return [
        Transfer(row.id, *accounts, row.fen)
        for row in kept.transfers
        if row.id.startswith(f"{batch.batch_no}/") and row.credit == outside(batch.batch_no)
    ]


async def _news(
    connection: AsyncConnection, batch: Batch, given: Sequence[Row[Any]], sent: Iterable[Row[Any]]
) -> list[Difference]:
    """Check that each case was informed of what was reserved for it and sent to it."""
    expected = {f"{NEWS}{row.id}": row.fen for row in sent}
    if batch.stage in ("approved", "closed"):
        reserved = ((one.case_no, one.allocated_fen) for one in given if one.allocated_fen)
        expected |= {f"{NEWS}{batch.batch_no}/included/{case_no}": fen for case_no, fen in reserved}
    stored = await bonds.amounts_of_news(connection, expected)
    return [
        Difference(
            "news", news_id, f"{news_id} is {_fen(stored.get(news_id))}, not {_fen(fen)}", Remedy.DERIVED
        )
        for news_id, fen in sorted(expected.items())
        if stored.get(news_id) != fen
    ]


def _share(subject: str, found: str) -> Difference:
    return Difference("allocation", subject, found, Remedy.DERIVED)
