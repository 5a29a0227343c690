"""Applying events to a case. `evolve` is total and deterministic: no event can fail, and replaying a journal gives the same case."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from typing import Any

from domain import facts as e
from domain.actors import Role
from domain.calendar import Pause
from domain.case.casefile import Case
from domain.case.change import change
from domain.case.handling.delay import resumed
from domain.case.handling.interview import kept
from domain.case.stages import advanced
from domain.command_base import remembering
from domain.duty import DutyKind
from domain.events import Event


def evolve(case: Case, event: Event) -> Case:
    """The case after an event: the fact applied, stages and open duties carried forward."""
    changed = change(event.fact, case, event)
    if (ended := event.fact.ending()) is not None:
        changed |= {
            "ended": ended,
            "ended_on": event.on,
            "ended_by": tuple(one for one in (event.by, event.approved_by) if one is not None),
            "has_appealed": False,
            "gates": (),
            "withdrawal": None,
            "promises": tuple(one for one in case.promises if one.met_on),
            **resumed(case, event),
        }
    if event.by.role is Role.DEBTOR and case.acknowledged_on is None and case.forwarded_on is not None:
        changed["acknowledged_on"] = event.on
    if event.key and event.digest:
        changed["commands"] = remembering(case.commands, event.key, event.digest)
        changed["times"] = {**case.times, event.kind: case.times.get(event.kind, 0) + 1}
    case = with_letters(_with(case, **changed, seq=case.seq + 1), event)
    return _with(case, **_carried(case, event), **_since(case, event.on), stages=advanced(case, event.on))


def with_duties(case: Case, event: Event) -> Case:
    """Apply an event's changes of duties to a case that evolved before the event contained them."""
    return _with(case, **_carried(case, event))


def with_letters(case: Case, event: Event) -> Case:
    """Add an event's letters to the documents of a case that evolved before the event contained them."""
    if not event.letters:
        return case
    return _with(case, documents=(*case.documents, *(letter.number for letter in event.letters)))


def _carried(case: Case, event: Event) -> dict[str, Any]:
    """The changed fields about duties: which are open, which are met, and how long re-opened ones had counted as met."""
    redated = {duty.key: duty for duty in event.redated}
    kept = (redated.get(duty.key, duty) for duty in case.duties if duty.key not in event.met)
    carried: dict[str, Any] = {"duties": (*kept, *event.opened)}
    back = {str(duty.key) for duty in event.opened} & case.met_on.keys()
    if back or event.met:
        met_on = {key: on for key, on in case.met_on.items() if key not in back}
        carried["met_on"] = met_on | {str(key): event.on for key in event.met}
        done = {str(key) for key in event.met if key.duty is not DutyKind.VERIFICATION}
        over = {str(key) for key in event.met}
        for name in ("unwritten", "time_asked"):
            carried[name] = {key: known for key, known in getattr(case, name).items() if key not in over}
        carried["lapsed_with"] = {key: office for key, office in case.lapsed_with.items() if key not in done}
    if back:
        rests = {key: (*case.rests.get(key, ()), Pause(case.met_on[key], event.on)) for key in sorted(back)}
        carried["rests"] = {**case.rests, **rests}
    return carried


def begin(case_no: str, events: Iterable[Event]) -> Case:
    """The case that results from a journal's events, the first of which is the receipt."""
    first, *others = events
    assert isinstance(first.fact, e.Received), "a journal begins with the receipt"
    fact = first.fact
    case = Case(
        case_no=case_no,
        policy=fact.policy,
        calendar=fact.calendar,
        receipt=fact.receipt,
        entered_on=first.on,
        route=(fact.receipt.office,),
        region=fact.receipt.office,
    )
    return fold(evolve(case, first), others)


def fold(case: Case, events: Iterable[Event]) -> Case:
    """The case after several events."""
    return reduce(evolve, events, case)


def _with(case: Case, **changes: Any) -> Case:
    return case.model_copy(update=changes)


def _since(case: Case, on: date) -> dict[str, Any]:
    """The changed `…_since` fields that follow from amounts: each begins on this day, stays, or is cleared. If anything is owed again,
    the creditor has to be called back again.
    """

    def since(going: bool, began: date | None) -> date | None:
        return (began or on) if going else None

    is_clear = case.is_clear
    called_back = (
        {} if is_clear else {"called_back_on": None, "called_back_by": (), "called_back_accounts": ()}
    )
    return {
        **called_back,
        "withdrawal": None if is_clear else case.withdrawal,
        "promises": kept(case.promises, on) if is_clear else case.promises,
        "dispute_since": since(case.account is not None and case.disputed_fen > 0, case.dispute_since),
        "court_since": since(case.account is not None and case.judicial_fen > 0, case.court_since),
        "dating_since": since(case.undated_fen > 0 and not case.dues and case.is_paid, case.dating_since),
        "funding_since": since(case.unplanned_fen > 0, case.funding_since),
        "bonding_since": since(case.bond_wanted_fen + case.bond_awaited_fen > 0, case.bonding_since),
        "interest_since": since(case.is_principal_clear, case.interest_since),
        "review_since": since(is_clear, case.review_since),
    }
