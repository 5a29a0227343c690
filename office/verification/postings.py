"""Verifying the ledger against the journal: every transfer and every balance, to the fen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row

from domain.case.casefile import Case
from domain.money import format_money
from domain.postings import Transfer, transfers
from office.verification.differences import Difference, Remedy
from schema.journal import Entry
from schema.streams import Books

_BALANCES: Final = ("debits_fen", "credits_fen", "debits_pending_fen", "credits_pending_fen")
_AT_ONCE: Final = ("single", "post")
"""The phases that move money."""


def miscounted(books: Books) -> list[Difference]:
    """The accounts whose stored balances differ from the sums of their transfers."""
    counted = _counted(books.transfers)
    kept = {row.id: tuple(row._mapping[name] for name in _BALANCES) for row in books.accounts}
    touched = {name for row in books.transfers for name in (row.debit, row.credit)}
    stream = {name.partition(":")[2] for name in kept}
    own = kept.keys() | {name for name in touched if name.partition(":")[2] in stream}
    return [
        _wrong(account, f"the balance of {account} is not the sum of its transfers")
        for account in sorted(own)
        if kept.get(account) != tuple(counted[account, name] for name in _BALANCES)
    ]


def _counted(moved: Iterable[Row[Any]]) -> Counter[tuple[str, str]]:
    """The four balances that each account should have."""
    rows = {row.id: row for row in moved}
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows.values():
        for account, side in ((row.debit, "debits"), (row.credit, "credits")):
            if row.phase == "pending":
                sums[account, f"{side}_pending_fen"] += row.fen
            else:
                sums[account, f"{side}_fen"] += row.fen
            if row.settles in rows:
                sums[account, f"{side}_pending_fen"] -= rows[row.settles].fen
    return sums


def unexplained(
    entries: Sequence[Entry], moved: Iterable[Row[Any]], also: Iterable[Transfer] = ()
) -> list[Difference]:
    """Check that all transfers of the journal exist as it says, and that no other transfer has moved money.

    Args:
        moved: The transfers that this case or batch is responsible for.
        also: Expected transfers in addition to those of the entries.
    """
    expected = {
        one.id: one for entry in entries for one in transfers(entry.stream, entry.seq, entry.event)
    } | {one.id: one for one in also}
    found = {row.id: Transfer(*(row._mapping[name] for name in Transfer._fields)) for row in moved}
    differences = []
    for transfer_id, one in expected.items():
        if transfer_id not in found:
            differences.append(_wrong(transfer_id, f"transfer {transfer_id} is missing"))
        elif found[transfer_id] != one:
            differences.append(_wrong(transfer_id, f"transfer {transfer_id} is not what the journal says"))
    differences += [
        _wrong(one.id, f"no entry explains transfer {one.id} of {format_money(one.fen)}")
        for one in found.values()
        if one.id not in expected and one.phase in _AT_ONCE
    ]
    return differences


def balances(case: Case, books: Books) -> list[Difference]:
    """Check the turnover and the balance of each account of a case against the journal."""
    expected = {
        "included": (case.included_fen, case.bond_awaited_fen),
        "available": (None, case.available_fen),
        "in_transit": (None, case.in_transit_fen),
        "received": (None, case.cleared_fen),
        "interest": (None, sum(payment.interest_paid_fen for payment in case.payments)),
    }
    came: Mapping[str, Row[Any]] = {row.id.partition(":")[0]: row for row in books.accounts}
    differences = []
    for purpose, (came_in, is_in) in expected.items():
        row = came.get(purpose)
        credits_fen, balance_fen = (row.credits_fen, row.credits_fen - row.debits_fen) if row else (0, 0)
        for name, wanted, found in (
            ("received in all", came_in, credits_fen),
            ("balance", is_in, balance_fen),
        ):
            if wanted is not None:
                differences += differs(f"{purpose}, {name}", found, wanted)
    return differences


def differs(subject: str, found: int, wanted: int) -> list[Difference]:
    """A difference if the ledger's amount is not the journal's, otherwise none."""
    if found == wanted:
        return []
    return [_wrong(subject, f"{subject}: ledger {format_money(found)}, journal {format_money(wanted)}")]


def _wrong(subject: str, found: str) -> Difference:
    return Difference("ledger", subject, found, Remedy.TAMPERED)
