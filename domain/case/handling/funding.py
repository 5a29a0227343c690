"""资金筹措 and 纳入债券: a plan, and the money for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Plan
from domain.duty import DutyKind
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.value import SourceKind


def plan(case: Case, command: c.MakePlan, moment: Moment) -> Facts:
    """A plan, or with a reason its revision. What has arrived and is not paid out yet must stay in the plan."""
    if case.plan is not None and command.reason is None:
        raise Refusal(Code.MALFORMED, "修订计划须说明理由", "a revision of the plan needs a reason", "reason")
    planned = _by_kind(command.sources)
    if SourceKind.BOND in planned and not case.receipt.takes_general_bonds:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "一般债券只用于机关、事业单位的资本性支出",
            "general bonds pay for the capital spending of organs and institutions alone",
            "sources",
        )
    to_plan_fen = case.outstanding_fen - case.direct_in_transit_fen
    for field, total_fen in (
        ("sources", sum(planned.values())),
        ("instalments", sum(instalment.amount for instalment in command.instalments)),
    ):
        if total_fen != to_plan_fen:
            raise Refusal(
                Code.AMOUNTS_DO_NOT_ADD_UP,
                f"待清偿 {format_money(to_plan_fen)},计划合计 {format_money(total_fen)}",
                f"{format_money(to_plan_fen)} is to be cleared, {format_money(total_fen)} is planned",
                field,
            )
    for index, instalment in enumerate(command.instalments):
        if instalment.due_on < moment.today:
            raise Refusal(
                Code.ALREADY_LAPSED,
                f"付款日 {instalment.due_on} 已过",
                f"{instalment.due_on} has passed",
                f"instalments.{index}.due_on",
            )
    on_hand = case.on_hand()
    _keeps_committed_money(case, planned, on_hand)
    return _planned(case, command, planned, on_hand)


def _by_kind(sources: tuple[c.PlannedSource, ...]) -> dict[SourceKind, int]:
    planned: dict[SourceKind, int] = {}
    for source in sources:
        planned[source.kind] = planned.get(source.kind, 0) + source.amount
    return planned


def _keeps_committed_money(
    case: Case, planned: Mapping[SourceKind, int], on_hand: Mapping[SourceKind, int]
) -> None:
    committed = dict(on_hand)
    committed[SourceKind.BOND] = committed.get(SourceKind.BOND, 0) + case.bond_awaited_fen
    for kind, fen in committed.items():
        if planned.get(kind, 0) < fen:
            raise Refusal(
                Code.AMOUNTS_DO_NOT_ADD_UP,
                f"{kind} 已落实 {format_money(fen)},修订后的计划不得更少",
                f"{format_money(fen)} of {kind} is committed already; the plan may not have less of it",
                "sources",
            )
    if case.bond_ineligible and planned.get(SourceKind.BOND, 0) > committed[SourceKind.BOND]:
        raise Refusal(
            Code.FUNDS_NOT_AVAILABLE,
            "本案支出不得使用一般债券",
            "this spending may not be paid from general bonds",
            "sources",
        )


def _planned(
    case: Case,
    command: c.MakePlan,
    planned: Mapping[SourceKind, int],
    on_hand: Mapping[SourceKind, int],
) -> Facts:
    expected = {source.kind: source.expected_on for source in command.sources if source.expected_on}
    sources = tuple(
        e.Source(kind=kind, planned_fen=fen, arrived_fen=on_hand.get(kind, 0), expected_on=expected.get(kind))
        for kind, fen in planned.items()
    )
    in_order = sorted(command.instalments, key=lambda instalment: instalment.due_on)
    instalments = tuple(
        e.Instalment(no=no, due_on=instalment.due_on, amount_fen=instalment.amount)
        for no, instalment in enumerate(in_order, start=1)
    )
    facts: Facts = [e.Planned(sources=sources, instalments=instalments, reason=command.reason)]
    wanted_fen = planned.get(SourceKind.BOND, 0) - on_hand.get(SourceKind.BOND, 0) - case.bond_awaited_fen
    if wanted_fen != case.bond_wanted_fen:
        facts.append(e.BondRequested(amount_fen=wanted_fen))
    return facts


def fund(case: Case, command: c.Fund, moment: Moment) -> Facts:
    """Money of a source is there. General-bond money comes through its batch, never like this."""
    if command.source is SourceKind.BOND:
        raise Refusal(
            Code.MALFORMED,
            "一般债券资金经债券批次到位,不在此登记",
            "general-bond money arrives through its batch",
            "source",
        )
    if command.reference in case.references:
        raise Refusal(
            Code.REFERENCE_REUSED,
            f"文号 {command.reference} 已登记",
            f"reference {command.reference} has been recorded already",
            "reference",
        )
    source = case.plan.source(command.source) if case.plan else None
    open_fen = source.planned_fen - source.arrived_fen if source else 0
    open_fen = min(open_fen, case.undisputed_fen - case.provided_fen)
    if command.amount > open_fen:
        raise Refusal(
            Code.EXCEEDS_PLAN,
            f"计划中 {command.source} 只剩 {format_money(open_fen)}",
            f"the plan has {format_money(open_fen)} of {command.source} left",
            "amount" if source else "source",
        )
    return [e.FundsArrived(source=command.source, amount_fen=command.amount, reference=command.reference)]


def take_bond_news(case: Case, news: c.TakeBondNews) -> Facts:
    """What a batch tells: never refused. Of a reservation the case takes what it still wants, which is nothing once it has ended;
    the rest returns. Money on its way to a case that has ended went back when it ended.
    """
    if news.news == "ineligible":
        return [e.BondIneligible(batch_no=news.batch_no, reason=news.reason or "")]
    assert news.transfer_id is not None, "news of money names its transfer"
    if news.news == "included":
        amount_fen = min(news.amount, case.bond_wanted_fen)
        return [e.BondIncluded(batch_no=news.batch_no, amount_fen=amount_fen, transfer_id=news.transfer_id)]
    if case.ended is not None:
        return []
    return [e.BondFundsArrived(batch_no=news.batch_no, amount_fen=news.amount, transfer_id=news.transfer_id)]


def give_back(case: Case) -> Facts:
    """What goes back when a case ends: to each batch what has not arrived, to each source what is available. What has been paid
    and awaits the creditor's word stays where it is.
    """
    awaited: Facts = [
        e.FundsReturned(source=SourceKind.BOND, amount_fen=fen, batch_no=batch_no)
        for batch_no, fen in case.batches.items()
    ]
    on_hand = case.on_hand(after_transit=True)
    return awaited + [
        e.FundsReturned(source=kind, amount_fen=fen) for kind, fen in on_hand.items() if fen > 0
    ]


@change.register
def _(fact: e.Planned, case: Case, event: Event) -> Change:
    """The days of the instalments are the plan's own: what was granted for those of an earlier plan, and how far they had climbed,
    is over. Those of a plan of the same day have the same keys, and keep their levels.
    """
    plan = Plan(
        on=event.on,
        sources=fact.sources,
        instalments=fact.instalments,
        cleared_before_fen=case.cleared_fen + case.direct_in_transit_fen,
        counted_before=tuple(one.voucher for one in case.payments if one.direct and one.in_transit_fen),
        spent_before_fen=sum(one.confirmed_fen for one in case.payments if not one.direct),
    )
    others = {key: days for key, days in case.extensions.items() if not key.startswith(DutyKind.INSTALMENT)}
    return {
        "plan": plan,
        "pay_by": None,
        "extensions": others,
        "levels": _of_plan(case.levels, event.on),
        "met_on": _of_plan(case.met_on, event.on),
        "rests": _of_plan(case.rests, event.on),
    }


@change.register
def _(fact: e.BondIncluded, case: Case, event: Event) -> Change:
    return {
        "included_fen": case.included_fen + fact.amount_fen,
        "batches": _of_batch(case, fact.batch_no, fact.amount_fen),
    }


@change.register
def _(fact: e.BondIneligible, case: Case, event: Event) -> Change:
    return {"bond_ineligible": True}


@change.register
def _(fact: e.BondFundsArrived, case: Case, event: Event) -> Change:
    return {
        "bond_arrived_fen": case.bond_arrived_fen + fact.amount_fen,
        "batches": _of_batch(case, fact.batch_no, -fact.amount_fen),
        **_arrived(case, SourceKind.BOND, fact.amount_fen),
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
        return {"batches": _of_batch(case, fact.batch_no, -fact.amount_fen)}
    return _arrived(case, fact.source, -fact.amount_fen)


def _of_plan(by_duty: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What is known by the duties' keys, without the instalments of plans of earlier days: those never come back."""
    return {
        key: known
        for key, known in by_duty.items()
        if not key.startswith(DutyKind.INSTALMENT) or key.endswith(f"/{on}")
    }


def _of_batch(case: Case, batch_no: str, fen: int) -> dict[str, int]:
    """What is awaited of each batch, so much more of this one."""
    awaited = {**case.batches, batch_no: case.batches.get(batch_no, 0) + fen}
    return {number: fen for number, fen in awaited.items() if fen != 0}


def _arrived(case: Case, kind: SourceKind, amount_fen: int) -> Change:
    """So much more of a source is available; below zero, so much less."""
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
