"""清偿计划: the debtor's plan, its limits, and its revisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain import commands as c
from domain import facts as e
from domain.case.account import instalments_of
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Payment, Plan
from domain.case.funds import funds_on_hand
from domain.case.lastday import dated
from domain.case.levels import but_instalments, carried, of_plan
from domain.case.owing import Owed, open_instalments
from domain.duty import DutyKind
from domain.events import Event
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.telling.terms import SOURCES
from domain.value import BONDS, SourceKind

MOST_DAYS_BETWEEN: Final = 365
"""The most days from the plan's day to its first instalment, and between two instalments."""

MOST_DAYS_IN_ALL: Final = 3_660
"""The most days from the plan's day to its last instalment."""


def plan(case: Case, command: c.MakePlan, moment: Moment) -> Facts:
    """Make a plan, or with a reason revise it. Money that has arrived and is not paid out must stay in the plan."""
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
    _is_within_bounds(command, moment.today)
    on_hand = funds_on_hand(case)
    _keeps_committed_money(case, planned, on_hand)
    return _planned(case, command, planned, on_hand, moment.rules)


def _is_within_bounds(command: c.MakePlan, today: date) -> None:
    """Refuse instalments on a past day, more than a year after the one before, or more than ten years ahead."""
    in_order = sorted(enumerate(command.instalments), key=lambda one: one[1].due_on)
    before = today
    for index, instalment in in_order:
        field, on = f"instalments.{index}.due_on", instalment.due_on
        if on < today:
            raise Refusal(Code.ALREADY_LAPSED, f"付款日 {on} 已过", f"{on} has passed", field)
        if (on - before).days > MOST_DAYS_BETWEEN:
            raise Refusal(
                Code.MALFORMED,
                f"首期和各期之间不得超过 {MOST_DAYS_BETWEEN} 日,{on} 距 {before} 过久",
                f"{on} is more than {MOST_DAYS_BETWEEN} days after {before}",
                field,
            )
        if (on - today).days > MOST_DAYS_IN_ALL:
            raise Refusal(
                Code.MALFORMED,
                f"计划全部付清不得超过 {MOST_DAYS_IN_ALL} 日",
                f"{on} is more than {MOST_DAYS_IN_ALL} days ahead",
                field,
            )
        before = on


def _by_kind(sources: tuple[c.PlannedSource, ...]) -> dict[SourceKind, int]:
    planned: dict[SourceKind, int] = {}
    for source in sources:
        planned[source.kind] = planned.get(source.kind, 0) + source.amount
    return planned


def _keeps_committed_money(
    case: Case, planned: Mapping[SourceKind, int], on_hand: Mapping[SourceKind, int]
) -> None:
    committed = dict(on_hand)
    for kind in BONDS:
        committed[kind] = committed.get(kind, 0) + case.bond_awaited_of(kind)
    for kind, fen in committed.items():
        if planned.get(kind, 0) < fen:
            raise Refusal(
                Code.AMOUNTS_DO_NOT_ADD_UP,
                f"{SOURCES[kind][0]}已落实 {format_money(fen)},修订后的计划不得更少",
                f"{format_money(fen)} of {kind} is committed already; the plan may not have less of it",
                "sources",
            )
    for kind in case.ineligible:
        if planned.get(kind, 0) > committed[kind]:
            raise Refusal(
                Code.FUNDS_NOT_AVAILABLE,
                "本案支出不得使用该类债券",
                "this spending may not be paid from that kind of bonds",
                "sources",
            )


def _planned(
    case: Case,
    command: c.MakePlan,
    planned: Mapping[SourceKind, int],
    on_hand: Mapping[SourceKind, int],
    rules: Rules,
) -> Facts:
    expected = {source.kind: source.expected_on for source in command.sources if source.expected_on}
    sources = tuple(
        e.Source(kind=kind, planned_fen=fen, arrived_fen=on_hand.get(kind, 0), expected_on=expected.get(kind))
        for kind, fen in planned.items()
    )
    instalments = instalments_of(command.instalments)
    planned_anew = e.Planned(
        sources=sources,
        instalments=instalments,
        reason=command.reason,
        levels=carried(case, instalments, rules),
    )
    facts: Facts = [planned_anew]
    for kind in BONDS:
        wanted_fen = planned.get(kind, 0) - on_hand.get(kind, 0) - case.bond_awaited_of(kind)
        if wanted_fen != case.bond_wanted_of(kind):
            facts.append(e.BondRequested(source=kind, amount_fen=wanted_fen))
    return facts


def is_postponement_again(command: c.MakePlan, case: Case, moment: Moment) -> bool:
    """Whether a revision takes two persons: it moves money to a later day, and so did an earlier revision, or some of that money has
    lapsed.
    """
    if not _is_later(case, instalments_of(command.instalments)):
        return False
    return case.postponements > 0 or any(_has_lapsed(one, case, moment) for one in open_instalments(case))


def _has_lapsed(owing: Owed, case: Case, moment: Moment) -> bool:
    """Whether an instalment is late by its duty's last day, which holidays, extensions and suspensions move, or was late on entry."""
    duty = dated(owing, case, moment.rules)
    return duty.was_due_on is not None or duty.due_on < moment.today


def _is_later(case: Case, instalments: Sequence[e.Instalment]) -> bool:
    """Whether the new instalments promise less by some day than the plan in force still has open by then."""
    to_plan_fen, promised_fen = sum(one.amount_fen for one in instalments), 0
    for instalment, _, covered_fen in case.instalments:
        promised_fen += instalment.amount_fen - covered_fen
        by_then_fen = sum(one.amount_fen for one in instalments if one.due_on <= instalment.due_on)
        if by_then_fen < min(promised_fen, to_plan_fen):
            return True
    return False


def _counted_before(payment: Payment) -> int:
    """The part of a payment that a new plan leaves out: what is cleared, or what the debtor has paid directly."""
    return payment.paid_fen if payment.direct else payment.confirmed_fen


@change.register
def _(fact: e.Planned, case: Case, event: Event) -> Change:
    """The new instalments have the plan's days, without the extensions of earlier plans. The ladder levels that had been reached stay
    with the money.
    """
    plan = Plan(
        on=event.on,
        sources=fact.sources,
        instalments=fact.instalments,
        cleared_before_fen=case.cleared_fen + case.direct_in_transit_fen,
        counted_before={one.voucher: fen for one in case.payments if (fen := _counted_before(one))},
        spent_before_fen=sum(one.confirmed_fen for one in case.payments if not one.direct),
    )
    return {
        "plan": plan,
        "postponements": case.postponements + _is_later(case, fact.instalments),
        "pay_by": None,
        "extensions": but_instalments(case.extensions),
        "levels": of_plan(fact.levels, case, event.on),
        "met_on": _of_plan(case.met_on, event.on),
        "rests": _of_plan(case.rests, event.on),
    }


def _of_plan(by_duty: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Drop the entries of instalments of earlier plans, which never come back.

    Args:
        by_duty: Values by the keys of duties.
        on: The day of the new plan.
    """
    return {
        key: known
        for key, known in by_duty.items()
        if not key.startswith(DutyKind.INSTALMENT) or key.endswith(f"/{on}")
    }
