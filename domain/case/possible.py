"""Which commands an actor may give to a case or a batch now. It asks the decider itself, so that no second table of rules exists.

Each command is tried with values derived from the types of its fields: those that can be chosen in this case, an available amount, an
unused reference. If there are none, or the decider refuses them all, the command is not possible.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import count, product
from typing import Any, Final, NamedTuple

from domain.actors import PARTIES, Actor, Role
from domain.bonds.batch import ORDERS as ORDERS_OF_BATCHES
from domain.bonds.batch import Batch, decide_batch, refuses_money
from domain.bonds.commands import read_batch_command
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.checks import Moment
from domain.case.choices import choices
from domain.case.decider import decide
from domain.case.evidence import lacking_json
from domain.case.orders import ORDERS, takes_two_persons
from domain.command_base import CommandBase, name_of
from domain.commands import (
    Accept,
    AnyCommand,
    Approve,
    Attach,
    AttestReceipt,
    ConfirmReceipt,
    Correct,
    DeemEndorsed,
    Detach,
    MakePlan,
    ReportPayment,
    ReturnSubmission,
    Substitute,
    read_command,
)
from domain.commands.fields import Asks, asks
from domain.evidence import stored_as
from domain.money import format_money
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.value import Triage

Fields = Mapping[str, Any]


class Possible(NamedTuple):
    """A command that an actor may give now. With `two_persons` it is only submitted, and a head has to approve it."""

    do: str
    two_persons: bool


def possible(
    case: Case, by: Actor, rules: Rules, now: datetime, *, entered_by: Actor | None = None
) -> list[Possible]:
    """The commands that an actor may give now, or may have entered by a clerk, in the order of a case's life."""
    envelope = {"by": by, "entered_by": entered_by, "command_id": "tried"}
    found = []
    for command, order in ORDERS.items():
        if order.who(by, case, rules) and order.when(case):
            for fields in _tries(command, case, by, rules, business_date(now)):
                tried = read_command({"do": name_of(command), **envelope, **fields})
                if _may(case, tried, rules, now):
                    found.append(Possible(tried.do, takes_two_persons(tried, case, Moment(rules, now))))
                    break
    return found


def possible_json(case: Case, by: Actor, rules: Rules, now: datetime) -> list[dict[str, Any]]:
    """The commands that an actor may give now: `{do, on_paper_for, two_persons, missing_evidence, submissions}`. A named clerk of the
    holder also gets those that can be entered for a party. `submissions` are those that the actor may decide on.
    """
    is_scribe = by.role is Role.CLERK and by.party == case.holder and by.person is not None
    parties = PARTIES if is_scribe else ()
    whose = [(by, None), *((Actor(party), by) for party in sorted(parties))]
    return [
        {
            "do": one.do,
            "on_paper_for": giver.role.value if clerk else None,
            "two_persons": one.two_persons,
            "missing_evidence": lacking_json(case, one.do, rules),
            "submissions": _decidable(case, one.do, by, rules, now),
        }
        for giver, clerk in whose
        for one in possible(case, giver, rules, now, entered_by=clerk)
    ]


def _decidable(case: Case, do: str, by: Actor, rules: Rules, now: datetime) -> list[int]:
    """The numbers of the submissions that an actor may approve, or return."""
    if do not in (name_of(Approve), name_of(ReturnSubmission)):
        return []
    asked = {"do": do, "by": by, "command_id": "tried"}
    return [
        one.no
        for one in case.waiting
        if _may(case, read_command(asked | {"submission": str(one.no)}), rules, now)
    ]


def _may(case: Case, command: AnyCommand, rules: Rules, now: datetime) -> bool:
    try:
        decide(case, command, rules, now)
    except Refusal as refusal:
        lacks_papers = refusal.code is Code.EVIDENCE_MISSING and refusal.field is None
        return lacks_papers or refusal.code is Code.AMOUNTS_DO_NOT_ADD_UP
    return True


def _tries(command: type[CommandBase], case: Case, by: Actor, rules: Rules, today: date) -> Iterator[Fields]:
    """The fields to try a command with: every combination of the values of its required fields."""
    if command in _TRIES:
        yield from _TRIES[command](case, today)
        return
    taken = {*case.references, *(payment.voucher for payment in case.payments)}
    needed = [one for one in asks(command) if one.required]
    values = (
        choices(one.among, case, rules, by)
        if one.among
        else [(value,) for value in _values(one, taken, today)]
        for one in needed
    )
    for chosen in product(*values):
        yield {
            name: value
            for one, several in zip(needed, chosen, strict=True)
            for name, value in zip(one.name.split(","), several, strict=False)
        }


def _values(one: Asks, taken: Collection[str], today: date) -> Sequence[Any]:
    """The values to try for a field."""
    if one.choices is not None:
        return list(one.choices)
    return _OF_KIND[one.kind](one, taken, today)


def _rows(one: Asks, taken: Collection[str], today: date) -> Sequence[Any]:
    """A list with one row of values."""
    row = {column.name: _values(column, taken, today)[0] for column in one.columns}
    return [[row.get("", row)]]


def _unused(taken: Collection[str]) -> str:
    """A text that is none of the taken references."""
    return next(reference for number in count() if (reference := str(number)) not in taken)


_OF_KIND: Final[Mapping[str, Callable[[Asks, Collection[str], date], Sequence[Any]]]] = {
    "text": lambda one, taken, today: [_unused(taken)],
    "long": lambda one, taken, today: [_unused(taken)],
    "money": lambda one, taken, today: [format_money(fen) for fen in range(one.least, 2)],
    "date": lambda one, taken, today: [today],
    "choice": lambda one, taken, today: [_unused(taken)],  # a number that only the record can check
    "number": lambda one, taken, today: [one.least],
    "check": lambda one, taken, today: [False, True],
    "rows": _rows,
}


def _plan(case: Case, today: date) -> Iterable[Fields]:
    """A plan for all that is outstanding, from one source. It does not keep committed money, which a revision must; that is up to its
    author.
    """
    to_plan_fen = case.outstanding_fen - case.direct_in_transit_fen
    if to_plan_fen > 0:
        amount = format_money(to_plan_fen)
        yield {
            "sources": [{"kind": "budget", "amount": amount}],
            "instalments": [{"due_on": today, "amount": amount}],
            "reason": "…",
        }


def _waiting(case: Case, today: date) -> Iterable[Fields]:
    """Each waiting submission, because one of several must be named."""
    return [{"submission": str(one.no)} for one in case.waiting]


def _substitute(case: Case, today: date) -> Iterable[Fields]:
    """A successor of the creditor."""
    return [{"side": "creditor", "party": {"name": "…"}, "why": "assignment", "reference": "…"}]


def _correct(case: Case, today: date) -> Iterable[Fields]:
    """A corrected note."""
    return [{"facts": {"note": _unused({case.receipt.note or ""})}, "reason": "…"}]


def _attach(case: Case, today: date) -> Iterable[Fields]:
    """Any paper."""
    sha256 = "0" * 64
    paper = {"name": "…", "mime": "application/pdf", "size": 1, "sha256": sha256}
    return [paper | {"what": "other", "attachment": stored_as(case.case_no, sha256)}]


def _detach(case: Case, today: date) -> Iterable[Fields]:
    return [{"attachment": one.no, "reason": "…"} for one in case.papers]


def _report(case: Case, today: date) -> Iterable[Fields]:
    """One fen from available funds, one from the debtor's own account, and one of interest."""
    voucher = _unused({payment.voucher for payment in case.payments})
    paid = {"voucher": voucher, "amount": "0.01元", "paid_on": today}
    return [paid, paid | {"direct": True}, paid | {"interest": "0.01元"}]


def _accept(case: Case, today: date) -> Iterable[Fields]:
    """Acceptance without a mode, and with one."""
    return [{}, {"mode": Triage.SUPERVISED}]


def _confirm(case: Case, today: date) -> Iterable[Fields]:
    """Each payment that is not fully confirmed: as money, and as property that was transferred."""
    for one in case.payments:
        if one.awaited_fen:
            yield {"voucher": one.voucher}
            yield {"voucher": one.voucher, "transferred_on": today}


def _attempts(since: date, today: date) -> list[Fields]:
    """Attempts on the first and the last day of a silence."""
    return [{"on": on, "how": "…", "what": "…"} for on in (since, today)]


def _deem(case: Case, today: date) -> Iterable[Fields]:
    return [{"attempts": _attempts(case.recognition.on, today)}] if case.recognition else []


def _attest(case: Case, today: date) -> Iterable[Fields]:
    """Each payment that is reported or disputed."""
    unsettled = (one for one in case.payments if one.state in ("reported", "disputed"))
    return [
        {"voucher": one.voucher, "reference": "…", "attempts": _attempts(one.since, today)}
        for one in unsettled
    ]


_TRIES: Final[Mapping[type[CommandBase], Callable[[Case, date], Iterable[Fields]]]] = {
    Accept: _accept,
    DeemEndorsed: _deem,
    ConfirmReceipt: _confirm,
    AttestReceipt: _attest,
    MakePlan: _plan,
    ReportPayment: _report,
    Approve: _waiting,
    ReturnSubmission: _waiting,
    Substitute: _substitute,
    Correct: _correct,
    Attach: _attach,
    Detach: _detach,
}
"""The commands with optional fields that depend on each other or on the case, each with the values to try."""


def possible_for_batch(batch: Batch, by: Actor, awaited_fen: int, now: datetime) -> list[str]:
    """The commands that an actor may give to a batch now.

    Args:
        awaited_fen: What its cases have taken and not received yet.
    """
    return [
        name_of(command) for command in ORDERS_OF_BATCHES if _may_batch(batch, command, by, awaited_fen, now)
    ]


def _may_batch(batch: Batch, command: type[CommandBase], by: Actor, awaited_fen: int, now: datetime) -> bool:
    fields = {one.name: _values(one, batch.references, business_date(now))[0] for one in asks(command)}
    tried = read_batch_command({"do": name_of(command), "by": by, "command_id": "tried", **fields})
    try:
        (event,) = decide_batch(batch, tried, now)
    except Refusal:
        return False
    return refuses_money(event.fact, awaited_fen) is None
