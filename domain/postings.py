"""The ledger entries that events make. Money is never created or lost: every entry moves it from one account to another.

    quota of a batch → included for a case → available → in transit → received by the creditor
    the debtor's own account, outside → in transit
    interest, which is no part of the debt, outside → paid to the creditor, once confirmed

A reservation moves nothing yet: it is *pending* until it is posted, in full or in part, or voided. When a case
ends, what is included goes back to its quota and what is available to the world it came from. Accounts named `outside:…` are
the world beyond the ledger; every other account can never fall below zero.
"""

from functools import singledispatch
from typing import Any, Literal, NamedTuple

from domain import facts as e
from domain.events import Event

Phase = Literal["single", "pending", "post", "void"]


class Transfer(NamedTuple):
    """One immutable entry, in fen.

    Attributes:
        id: Unique for ever; derived from the event, so that a repeated event cannot count twice.
        phase: `single` moves money at once; `pending` reserves it; `post` and `void` settle the reservation `settles`.
        reference: A voucher or document number: the same account never takes money on it twice.
    """

    id: str
    debit: str
    credit: str
    fen: int
    phase: Phase = "single"
    settles: str | None = None
    reference: str | None = None


def outside(stream: str) -> str:
    """The account for the world outside the ledger, seen from one case or batch. Only this one may be negative."""
    return f"outside:{stream}"


def quota(batch_no: str) -> str:
    """The account of a batch's remaining quota."""
    return f"quota:{batch_no}"


def included(case_no: str) -> str:
    """The account of bond money that is included for a case and has not arrived."""
    return f"included:{case_no}"


def available(case_no: str) -> str:
    """The account of money that has arrived for a case and is not paid out."""
    return f"available:{case_no}"


def in_transit(case_no: str) -> str:
    """The account of payments that the creditor has not confirmed."""
    return f"in_transit:{case_no}"


def received(case_no: str) -> str:
    """The account of confirmed principal."""
    return f"received:{case_no}"


def interest(case_no: str) -> str:
    """The account of confirmed interest."""
    return f"interest:{case_no}"


def transfers(stream: str, seq: int, event: Event) -> list[Transfer]:
    """The ledger transfers that an event of a case or batch causes. Their ids are derived from its place in the journal."""
    return _entries(event.fact, stream, f"{stream}/{seq}")


@singledispatch
def _entries(fact: Any, stream: str, entry_id: str) -> list[Transfer]:
    """The entries of a fact. By default none."""
    return []


@_entries.register
def _(fact: e.TakenIn, stream: str, entry_id: str) -> list[Transfer]:
    fen = fact.cleared_fen
    return [Transfer(entry_id, outside(stream), received(stream), fen)] if fen else []


@_entries.register
def _(fact: e.BatchOpened, stream: str, entry_id: str) -> list[Transfer]:
    return [Transfer(entry_id, outside(stream), quota(stream), fact.quota_fen)]


@_entries.register
def _(fact: e.BondIncluded, stream: str, entry_id: str) -> list[Transfer]:
    return [
        Transfer(entry_id, quota(fact.batch_no), included(stream), fact.amount_fen, "post", fact.transfer_id)
    ]


@_entries.register
def _(fact: e.BondFundsArrived, stream: str, entry_id: str) -> list[Transfer]:
    return [
        Transfer(entry_id, included(stream), available(stream), fact.amount_fen, "post", fact.transfer_id)
    ]


@_entries.register
def _(fact: e.FundsArrived, stream: str, entry_id: str) -> list[Transfer]:
    return [Transfer(entry_id, outside(stream), available(stream), fact.amount_fen, reference=fact.reference)]


@_entries.register
def _(fact: e.FundsReturned, stream: str, entry_id: str) -> list[Transfer]:
    if fact.batch_no is not None:
        return [Transfer(entry_id, included(stream), quota(fact.batch_no), fact.amount_fen)]
    return [Transfer(entry_id, available(stream), outside(stream), fact.amount_fen)]


@_entries.register
def _(fact: e.PaymentReported, stream: str, entry_id: str) -> list[Transfer]:
    if fact.principal_fen == 0:
        return []
    origin = outside(stream) if fact.direct else available(stream)
    return [Transfer(entry_id, origin, in_transit(stream), fact.principal_fen, reference=fact.voucher)]


@_entries.register
def _(fact: e.ReceiptConfirmed, stream: str, entry_id: str) -> list[Transfer]:
    return _counted(fact, stream, entry_id)


@_entries.register
def _(fact: e.ReceiptAttested, stream: str, entry_id: str) -> list[Transfer]:
    return _counted(fact, stream, entry_id)


def _counted(fact: e.ReceiptConfirmed | e.ReceiptAttested, stream: str, entry_id: str) -> list[Transfer]:
    """A receipt moves money to the creditor, but a bill stays in transit until it matures."""
    return [] if fact.matures_on is not None else _arrived(fact, stream, entry_id)


@_entries.register
def _(fact: e.PaymentHonoured, stream: str, entry_id: str) -> list[Transfer]:
    return _arrived(fact, stream, entry_id)


def _arrived(fact: e.OfPayment, stream: str, entry_id: str) -> list[Transfer]:
    return _those_that_move(
        Transfer(entry_id, in_transit(stream), received(stream), fact.principal_fen),
        Transfer(f"{entry_id}/interest", outside(stream), interest(stream), fact.interest_fen),
    )


def _those_that_move(*entries: Transfer) -> list[Transfer]:
    """The entries of more than 0 fen: a payment may consist of principal alone, or of interest."""
    return [entry for entry in entries if entry.fen]


@_entries.register
def _(fact: e.ReceiptDisputed, stream: str, entry_id: str) -> list[Transfer]:
    if not fact.was_cleared:
        return []
    return _those_that_move(
        Transfer(entry_id, received(stream), in_transit(stream), fact.principal_fen),
        Transfer(f"{entry_id}/interest", interest(stream), outside(stream), fact.interest_fen),
    )


@_entries.register
def _(fact: e.PaymentBounced, stream: str, entry_id: str) -> list[Transfer]:
    back = outside(stream) if fact.direct else available(stream)
    return _those_that_move(Transfer(entry_id, in_transit(stream), back, fact.principal_fen))


@_entries.register
def _(fact: e.PaymentReversed, stream: str, entry_id: str) -> list[Transfer]:
    """The money moves back from where it is to where it came from."""
    back = outside(stream) if fact.direct else available(stream)
    transit_fen = fact.principal_fen - fact.cleared_fen
    return _those_that_move(
        Transfer(entry_id, received(stream), back, fact.cleared_fen),
        Transfer(f"{entry_id}/transit", in_transit(stream), back, transit_fen),
        Transfer(f"{entry_id}/interest", interest(stream), outside(stream), fact.interest_paid_fen),
    )
