"""The amounts of a debt as a party or the office states them: whether they add up, and how the plan is cut when they fall."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change
from domain.case.checks import Facts, Moment, not_in_future
from domain.case.contents import Payment, Plan
from domain.case.funds import funds_on_hand
from domain.facts import Amounts, DatedPart, Instalment, Source
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.statement import PlannedInstalment, StatedDue, Statement
from domain.value import BONDS, Stage


def stated(case: Case, command: c.Stated, moment: Moment) -> Amounts:
    """The amounts that a command states.

    Raises:
        Refusal: `amounts_do_not_add_up`; `date_in_future`; `date_before_case`: the day is before the contract was signed.
    """
    not_in_future(command.as_of, moment, "as_of")
    signed_on = case.receipt.signed_on
    if signed_on is not None and command.as_of < signed_on:
        raise Refusal(
            Code.DATE_BEFORE_CASE,
            f"截止日 {command.as_of} 早于合同签订日",
            f"{command.as_of} is before the contract was signed, {signed_on}",
            "as_of",
        )
    _add_up(command)
    covers_what_moves(case, command.undisputed)
    return amounts_of(command, case.dues, case.dated_parts)


def amounts_of(told: Statement, known: Iterable[DatedPart] = (), last: int = 0) -> Amounts:
    """The amounts of a statement, with its dated parts numbered.

    Args:
        known: The dated parts that were stated before. A part with the same amount, day and name keeps its number; new ones are
            numbered after `last`, in the order of their days.
    """
    return Amounts(
        settled_fen=told.settled,
        paid_fen=told.paid,
        undisputed_fen=told.undisputed,
        disputed_fen=told.disputed,
        not_yet_due_fen=told.not_yet_due,
        judicial_fen=told.judicial,
        as_of=told.as_of,
        dues=_numbered(told.dues, known, last),
    )


def _add_up(command: c.Stated) -> None:
    owed_fen, parts_fen = command.owed_fen, command.parts_fen
    if owed_fen != parts_fen:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            f"结算额减已付额为 {format_money(owed_fen)},各部分合计为 {format_money(parts_fen)}",
            f"settled − paid is {format_money(owed_fen)}, but the parts add up to {format_money(parts_fen)}",
            "undisputed",
        )
    dated_fen = command.dated_fen
    if dated_fen > command.not_yet_due:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            f"有到期日的部分合计 {format_money(dated_fen)},超过未到期金额 {format_money(command.not_yet_due)}",
            f"the dated parts add up to {format_money(dated_fen)}, above {format_money(command.not_yet_due)} not yet due",
            "dues",
        )
    for index, due in enumerate(command.dues):
        if due.due_on <= command.as_of:
            raise Refusal(
                Code.MALFORMED,
                f"到期日 {due.due_on} 须在截止日之后",
                f"{due.due_on} is not after {command.as_of}, the day of the statement",
                f"dues.{index}.due_on",
            )


def covers_what_moves(case: Case, undisputed_fen: int) -> None:
    """Refuse an undisputed amount below what has been cleared, is in transit, or is included in a bond batch: all that was owed."""
    moving_fen = case.committed_fen
    if undisputed_fen < moving_fen:
        raise Refusal(
            Code.AMOUNTS_DO_NOT_ADD_UP,
            f"本案已清偿、已付待确认和已纳入债券的款项共 {format_money(moving_fen)},无分歧金额不得更少",
            f"{format_money(moving_fen)} has been cleared, paid or included already; undisputed may not be less",
            "undisputed",
        )


def _numbered(dues: Iterable[StatedDue], known: Iterable[DatedPart], last: int) -> tuple[DatedPart, ...]:
    numbers = {(one.amount_fen, one.due_on, one.what): one.no for one in known}
    parts = []
    for due in sorted(dues, key=lambda due: due.due_on):
        no = numbers.pop((due.amount, due.due_on, due.what), None)
        if no is None:
            no = last = last + 1
        parts.append(DatedPart(no=no, amount_fen=due.amount, due_on=due.due_on, what=due.what))
    return tuple(parts)


class Less(NamedTuple):
    """The sources of a plan after they were reduced, and the facts that return surplus money."""

    sources: tuple[Source, ...] | None = None
    returned: Sequence[e.FundsReturned] = ()

    def requested(self, case: Case) -> Facts:
        """The reduced requests to the bond pools, where they change."""
        wanted = {
            one.kind: one.planned_fen - one.arrived_fen - case.bond_awaited_of(one.kind)
            for one in self.sources or ()
            if one.kind in BONDS
        }
        return [
            e.BondRequested(source=kind, amount_fen=fen)
            for kind, fen in wanted.items()
            if fen < case.bond_wanted_of(kind)
        ]


class Cut(NamedTuple):
    """A plan after it was cut. None: that part of it stays as it is."""

    less: Less = Less()
    instalments: tuple[Instalment, ...] | None = None


def cut(case: Case, undisputed_fen: int) -> Cut:
    """The plan for a smaller undisputed amount. The last instalments and sources are reduced, and surplus money goes back.

    Args:
        undisputed_fen: An amount that `covers_what_moves` accepts.
    """
    plan = case.plan
    if plan is None:
        return Cut()
    too_much_fen = plan.total_fen - (undisputed_fen - plan.cleared_before_fen)
    if too_much_fen <= 0:
        return Cut()
    return Cut(less_of_sources(case, plan, too_much_fen), _less_of_instalments(plan, too_much_fen))


def _less_of_instalments(plan: Plan, fen: int) -> tuple[Instalment, ...]:
    kept: list[Instalment] = []
    for one in reversed(plan.instalments):
        less = min(fen, one.amount_fen)
        fen -= less
        if less < one.amount_fen:
            kept.append(one.model_copy(update={"amount_fen": one.amount_fen - less}))
    return tuple(reversed(kept))


def less_of_sources(case: Case, plan: Plan, fen: int) -> Less:
    """Reduce the sources of a plan by `fen`, the last one first: at first what has not been raised yet, then what is available, which
    goes back.
    """
    planned = {one.kind: one.planned_fen for one in plan.sources}
    arrived = {one.kind: one.arrived_fen for one in plan.sources}
    returned: list[e.FundsReturned] = []
    for one in reversed(plan.sources):
        less = min(fen, one.planned_fen - one.arrived_fen - case.bond_awaited_of(one.kind))
        planned[one.kind] -= less
        fen -= less
    on_hand = funds_on_hand(case, after_transit=True)
    for kind in reversed(on_hand):
        less = min(fen, on_hand[kind])
        if less:
            returned.append(e.FundsReturned(source=kind, amount_fen=less))
        planned[kind] -= less
        arrived[kind] -= less
        fen -= less
    sources = tuple(
        one.model_copy(update={"planned_fen": planned[one.kind], "arrived_fen": arrived[one.kind]})
        for one in plan.sources
    )
    return Less(sources, returned)


def needed_again(
    case: Case, payment: Payment, undone: e.PaymentBounced | e.PaymentReversed, left_fen: int
) -> Facts:
    """Undo a direct payment, of which `left_fen` still counts: the plan's last source has to raise the rest again.

    In a case that has ended, but for one that is open again, nobody asks for bonds.
    """
    plan = case.plan
    if not payment.direct or plan is None or not plan.sources:
        return [undone]
    paid_fen = sum(
        plan.beyond_before_fen(one, left_fen if one is payment else one.paid_fen)
        for one in case.payments
        if one.direct
    )
    more_fen = plan.total_fen - paid_fen - plan.planned_fen
    if more_fen <= 0:
        return [undone]
    *others, last = plan.sources
    more = last.model_copy(update={"planned_fen": last.planned_fen + more_fen})
    facts: Facts = [undone.model_copy(update={"sources": (*others, more)})]
    if last.kind in BONDS and last.kind not in case.ineligible and case.ended in (None, Stage.CLOSED):
        wanted_fen = case.bond_remainder_of(last.kind) + more_fen
        facts.append(e.BondRequested(source=last.kind, amount_fen=wanted_fen))
    return facts


def moved_parts(case: Case, dues: tuple[DatedPart, ...] | None = None, **more_fen: int) -> Change:
    """The changes when parts of the recognised debt grow by `more_fen`, or shrink by a negative number.

    Args:
        dues: The new dated parts; None: they stay as they are.
    """
    if case.recognition is None:
        return {}
    changed = {name: getattr(case.recognition, name) + fen for name, fen in more_fen.items()}
    dated = {} if dues is None else {"dues": dues}
    return {"recognition": case.recognition.model_copy(update=changed | dated)}


def instalments_of(promised: Iterable[PlannedInstalment]) -> tuple[Instalment, ...]:
    """The instalments in the order of their days, numbered from 1."""
    in_order = sorted(promised, key=lambda one: one.due_on)
    return tuple(
        Instalment(no=no, due_on=one.due_on, amount_fen=one.amount)
        for no, one in enumerate(in_order, start=1)
    )


def cut_plan(
    case: Case, sources: tuple[Source, ...] | None, instalments: tuple[Instalment, ...] | None = None
) -> Change:
    """The changes of the plan when its sources or instalments are cut. None: they stay as they are."""
    changed = {"sources": sources, "instalments": instalments}
    changed = {name: value for name, value in changed.items() if value is not None}
    return {"plan": case.plan.model_copy(update=changed)} if case.plan and changed else {}
