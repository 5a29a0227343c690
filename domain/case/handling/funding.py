"""资金筹措 and 纳入债券: raising the money for a plan."""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Awaited
from domain.case.funds import funds_on_hand
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal, reference_reused
from domain.telling.terms import SOURCES
from domain.value import BONDS, SourceKind


def fund(case: Case, command: c.Fund, moment: Moment) -> Facts:
    """Record money that a source has raised. Bond money comes only through batches."""
    if command.source in BONDS:
        raise Refusal(
            Code.MALFORMED,
            "债券资金经债券批次到位,不在此登记",
            "bond money arrives through its batch",
            "source",
        )
    if command.reference in case.references:
        raise reference_reused(command.reference)
    source = case.plan.source(command.source) if case.plan else None
    open_fen = source.planned_fen - source.arrived_fen if source else 0
    open_fen = min(open_fen, case.undisputed_fen - case.provided_fen)
    if command.amount > open_fen:
        raise Refusal(
            Code.EXCEEDS_PLAN,
            f"计划中{SOURCES[command.source][0]}只剩 {format_money(open_fen)}",
            f"the plan has {format_money(open_fen)} of {command.source} left",
            "amount" if source else "source",
        )
    return [e.FundsArrived(source=command.source, amount_fen=command.amount, reference=command.reference)]


def take_bond_news(case: Case, news: c.TakeBondNews) -> Facts:
    """Apply the news of a bond batch. It is never refused. The case takes what it still wants of a reservation, nothing if it has
    ended; the rest returns to the quota. Money that was on its way to an ended case was returned when the case ended.
    """
    of = {"source": news.source, "batch_no": news.batch_no}
    if news.news == "ineligible":
        return [e.BondIneligible(**of, reason=news.reason or "")]
    assert news.transfer_id is not None, "news of money names its transfer"
    if news.news == "included":
        amount_fen = min(news.amount, case.bond_wanted_of(news.source))
        return [e.BondIncluded(**of, amount_fen=amount_fen, transfer_id=news.transfer_id)]
    if case.ended is not None:
        return []
    return [e.BondFundsArrived(**of, amount_fen=news.amount, transfer_id=news.transfer_id)]


def give_back(case: Case) -> Facts:
    """The money that goes back when a case ends: to each batch what has not arrived, to each source what is available. Payments that
    await the creditor's confirmation stay.
    """
    awaited: Facts = [
        e.FundsReturned(source=one.source, amount_fen=one.fen, batch_no=batch_no)
        for batch_no, one in case.batches.items()
    ]
    return awaited + back_to_sources(case)


def back_to_sources(case: Case) -> Facts:
    """The facts that return the available money of each source."""
    on_hand = funds_on_hand(case, after_transit=True)
    return [e.FundsReturned(source=kind, amount_fen=fen) for kind, fen in on_hand.items() if fen > 0]


@change.register
def _(fact: e.BondIncluded, case: Case, event: Event) -> Change:
    return {
        "included_fen": case.included_fen + fact.amount_fen,
        "batches": _of_batch(case, fact, fact.amount_fen),
    }


@change.register
def _(fact: e.BondIneligible, case: Case, event: Event) -> Change:
    return {"ineligible": tuple(dict.fromkeys((*case.ineligible, fact.source)))}


@change.register
def _(fact: e.BondFundsArrived, case: Case, event: Event) -> Change:
    return {
        "bond_arrived_fen": case.bond_arrived_fen + fact.amount_fen,
        "batches": _of_batch(case, fact, -fact.amount_fen),
        **_arrived(case, fact.source, fact.amount_fen),
    }


@change.register
def _(fact: e.FundsArrived, case: Case, event: Event) -> Change:
    return {
        "references": (*case.references, fact.reference),
        **_arrived(case, fact.source, fact.amount_fen),
    }


@change.register
def _(fact: e.FundsReturned, case: Case, event: Event) -> Change:
    if fact.batch_no is not None:
        return {"batches": _of_batch(case, fact, -fact.amount_fen)}
    return _arrived(case, fact.source, -fact.amount_fen)


def _of_batch(
    case: Case, fact: e.BondIncluded | e.BondFundsArrived | e.FundsReturned, fen: int
) -> dict[str, Awaited]:
    """The awaited amounts of all batches, with `fen` more for the batch that the fact names."""
    batch_no = fact.batch_no or ""
    known_fen = case.batches[batch_no].fen if batch_no in case.batches else 0
    awaited = {**case.batches, batch_no: Awaited(fact.source, known_fen + fen)}
    return {number: one for number, one in awaited.items() if one.fen != 0}


def _arrived(case: Case, kind: SourceKind, amount_fen: int) -> Change:
    """The changes when `amount_fen` of a source becomes available, or with a negative amount is given back."""
    changed: Change = {"available_fen": case.available_fen + amount_fen}
    if case.plan:
        sources = tuple(
            source.model_copy(update={"arrived_fen": source.arrived_fen + amount_fen})
            if source.kind is kind
            else source
            for source in case.plan.sources
        )
        changed["plan"] = case.plan.model_copy(update={"sources": sources})
    return changed
