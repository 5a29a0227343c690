"""Which stages of a case are open and done, derived from its facts. Stages overlap: bonds may be awaited while other money is paid."""

from collections.abc import Callable
from datetime import date

from domain.case.casefile import Case
from domain.case.contents import SpanState, StageSpan
from domain.value import BONDS, Stage


def _opened(began: bool, done: bool) -> SpanState:
    return "done" if done else "open" if began else "waiting"


def _verification(case: Case) -> SpanState:
    return _opened(case.forwarded_on is not None, case.account is not None)


def _funding(case: Case) -> SpanState:
    if case.plan is None and case.is_clear:
        return "skipped"
    return _opened(case.account is not None, _is_planned(case))


def _bonding(case: Case) -> SpanState:
    if case.plan is None:
        return "skipped" if _is_planned(case) else "waiting"
    bonds = [source for source in case.plan.sources if source.kind in BONDS]
    if not bonds:
        return "skipped"
    return _opened(True, all(source.arrived_fen == source.planned_fen for source in bonds))


def _payment(case: Case) -> SpanState:
    if case.plan is None and case.is_clear:
        return "skipped"
    return _opened(case.plan is not None or _is_planned(case), case.is_clear)


def _is_planned(case: Case) -> bool:
    """Whether a plan covers all that is owed; also if nothing is undisputed, so that there is nothing to plan."""
    return case.account is not None and case.unplanned_fen == 0


_STATE: dict[Stage, Callable[[Case], SpanState]] = {
    Stage.INTAKE: lambda case: _opened(True, case.accepted_on is not None),
    Stage.TRANSFER: lambda case: _opened(case.accepted_on is not None, case.forwarded_on is not None),
    Stage.VERIFICATION: _verification,
    Stage.FUNDING: _funding,
    Stage.BONDING: _bonding,
    Stage.PAYMENT: _payment,
    Stage.REVIEW: lambda case: _opened(case.is_clear, case.ended is Stage.CLOSED),
    Stage.CLOSED: lambda case: _opened(False, case.ended is Stage.CLOSED),
}


def _advance(span: StageSpan, state: SpanState, on: date) -> StageSpan:
    if state == span.state:
        return span
    began = state in ("open", "done")
    return StageSpan(
        stage=span.stage,
        state=state,
        opened_on=(span.opened_on or on) if began else None,
        done_on=on if state == "done" else None,
    )


def advanced(case: Case, on: date) -> tuple[StageSpan, ...]:
    """The stages after the facts of a day. An end other than `closed` marks unfinished stages as skipped."""
    if case.ended is not None and case.ended is not Stage.CLOSED:
        return tuple(span if span.state == "done" else _advance(span, "skipped", on) for span in case.stages)
    return tuple(_advance(span, _STATE[span.stage](case), on) for span in case.stages)
