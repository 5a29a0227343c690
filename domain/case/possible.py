"""What somebody may do with a case or a batch now, found by asking the decider: there is no second table of rules.

Each command is tried with fields that are right if any are: a payment that awaits it, an amount that is there, a reference that
nobody has used. Where there are no such fields, or the decider refuses them all, the command is not possible.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, Final

from domain.actors import Actor
from domain.bonds.batch import Batch, decide_batch, read_batch_command, refuses_money
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.decider import decide
from domain.commands import read_command
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.value import Mode, SourceKind

Fields = Mapping[str, Any]
Tries = Callable[[Case, datetime], Iterable[Fields]]
"""The fields to try a command with at a business instant."""

_FEN: Final = format_money(1)
_SAID: Final = "…"


def _said(*names: str) -> Tries:
    """Fields that may say anything."""
    return lambda case, now: [dict.fromkeys(names, _SAID)]


def _always(**fields: Any) -> Tries:
    return lambda case, now: [fields]


def _payments(*states: str, **others: Any) -> Tries:
    """The payments that await this."""
    return lambda case, now: [
        {"voucher": payment.voucher, **others} for payment in case.payments if payment.state in states
    ]


def _recognition(case: Case, now: datetime) -> Iterable[Fields]:
    """Just what is cleared already: no less may be undisputed."""
    fen = format_money(case.cleared_fen)
    return [{"settled": fen, "paid": 0, "undisputed": fen, "as_of": business_date(now)}]


def _resolution(case: Case, now: datetime) -> Iterable[Fields]:
    return [{"recognised": _FEN, "rejected": 0, "reference": _SAID}]


def _plan(case: Case, now: datetime) -> Iterable[Fields]:
    """All that is outstanding, from one source. That a revision must keep what is committed is for whoever writes it."""
    if case.outstanding_fen > 0:
        amount = format_money(case.outstanding_fen)
        sources = [{"kind": "budget", "amount": amount}]
        yield {
            "sources": sources,
            "instalments": [{"due_on": business_date(now), "amount": amount}],
            "reason": _SAID,
        }


def _funds(case: Case, now: datetime) -> Iterable[Fields]:
    for source in case.plan.sources if case.plan else ():
        if source.kind is not SourceKind.BOND and source.arrived_fen < source.planned_fen:
            yield {"source": source.kind, "amount": _FEN, "reference": _unused(case.references)}


def _payment(case: Case, now: datetime) -> Iterable[Fields]:
    vouchers = [payment.voucher for payment in case.payments]
    return [{"voucher": _unused(vouchers), "amount": _FEN, "paid_on": business_date(now)}]


def _unused(taken: Iterable[str]) -> str:
    """A reference that is none of these."""
    known = set(taken)
    return next(written for number in count() if (written := str(number)) not in known)


def _extensions(case: Case, now: datetime) -> Iterable[Fields]:
    return [{"duty": duty.duty, "subject": duty.subject, "days": 1, "reason": _SAID} for duty in case.duties]


def _gates(case: Case, now: datetime) -> Iterable[Fields]:
    return [{"step": gate.step, "reason": _SAID} for gate in case.gates]


def _modes(case: Case, now: datetime) -> Iterable[Fields]:
    return [{"mode": mode, "reason": _SAID} for mode in Mode]


def _own_policy(case: Case, now: datetime) -> Iterable[Fields]:
    return [{"policy": case.policy.partition("@")[0], "reason": _SAID}]


TRIED: Final[Mapping[str, Tries]] = {
    "accept": _said(),
    "refuse": _said("ground"),
    "request_correction": _always(items=[_SAID]),
    "supply_correction": _said("note"),
    "forward": _always(to="debtor"),
    "acknowledge": _said(),
    "recognise": _recognition,
    "endorse": _said(),
    "object": _said("reason"),
    "unfounded": _said("reason"),
    "resolve_dispute": _resolution,
    "plan": _plan,
    "fund": _funds,
    "report_payment": _payment,
    "confirm_receipt": _payments("reported", "disputed"),
    "dispute_receipt": _payments("reported", reason=_SAID),
    "bounce": _payments("reported", "disputed", reason=_SAID),
    "rate": _always(satisfied="yes"),
    "call_back": _always(satisfied="yes", note=_SAID),
    "close": _said("report"),
    "withdraw": _said("reason"),
    "go_judicial": _said("court", "reference"),
    "reopen": _said("reason"),
    "extend": _extensions,
    "suspend": _said("reason"),
    "resume": _said("reason"),
    "escalate": _modes,
    "approve_step": _gates,
    "decline_step": _gates,
    "relieve": _said("reason"),
    "adopt_policy": _own_policy,
}
"""The fields to try each command with, in the order of a case's life."""


def possible(
    case: Case, by: Actor, rules: Rules, now: datetime, *, entered_by: Actor | None = None
) -> list[str]:
    """The commands that somebody may give now, or have entered by a clerk, in the order of a case's life."""
    said = {"by": by, "entered_by": entered_by, "command_id": "tried"}
    return [
        do
        for do, tries in TRIED.items()
        if any(_may(case, {"do": do, **said, **fields}, rules, now) for fields in tries(case, now))
    ]


def _may(case: Case, written: dict[str, Any], rules: Rules, now: datetime) -> bool:
    command = read_command(written)
    try:
        decide(case, command, rules, now)
    except Refusal as refusal:
        return refusal.code is Code.AMOUNTS_DO_NOT_ADD_UP
    return True


_OF_BATCH: Final[Mapping[str, Fields]] = {
    "exclude": {"case_no": _SAID, "reason": _SAID},
    "approve": {},
    "decline": {"reason": _SAID},
    "arrive": {"amount": _FEN},
    "close_batch": {},
}


def possible_for_batch(batch: Batch, by: Actor, awaited_fen: int, now: datetime) -> list[str]:
    """The commands that somebody may give a batch now.

    Args:
        awaited_fen: What its cases have taken, and what has not arrived.
    """
    return [do for do in _OF_BATCH if _may_batch(batch, do, by, awaited_fen, now)]


def _may_batch(batch: Batch, do: str, by: Actor, awaited_fen: int, now: datetime) -> bool:
    fields = dict(_OF_BATCH[do])
    if do == "arrive":
        fields["reference"] = _unused(batch.references)
    command = read_batch_command({"do": do, "by": by, "command_id": "tried", **fields})
    try:
        (event,) = decide_batch(batch, command, now)
    except Refusal:
        return False
    return refuses_money(event.fact, awaited_fen) is None
