"""The values that a command's field can be chosen from, where that depends on the case and on whoever gives the command."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.actors import Actor, Role
from domain.case.casefile import Case
from domain.commands.fields import Among, PaymentsIn
from domain.duty import FIXED, OF_HEADS, Duty
from domain.rules import Rules, is_below
from domain.value import BONDS, Mode, Triage

Choice = tuple[str, ...]
"""The value of a field; or the values of two fields that one choice fills, the second of which may be missing."""

Choices = Callable[[Case, Rules, Actor], Iterable[Choice]]


def choices(among: Among | PaymentsIn, case: Case, rules: Rules, by: Actor) -> list[Choice]:
    """The values that an actor can choose now."""
    if isinstance(among, PaymentsIn):
        return [(payment.voucher,) for payment in case.payments if payment.state in among.states]
    return list(_CHOICES[among](case, rules, by))


def _triages(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The modes in which a case may begin; only a head can choose one."""
    return [(mode,) for mode in Triage] if by.role is Role.HEAD else []


def _receivers(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The debtor, unless it has been served, and the offices below the holder."""
    below = [(code,) for code in rules.offices if is_below(code, case.holder)]
    return below if case.forwarded_on else [("debtor",), *below]


def _other_offices(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The offices below the actor's, except the one that holds the case."""
    above = by.party or ""
    return [(code,) for code in rules.offices if is_below(code, above) and code != case.holder]


def _awaited_sources(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The sources of the plan from which money is still to come, except bonds, whose money comes by batches."""
    sources = case.plan.sources if case.plan else ()
    awaited = [source.kind for source in sources if source.arrived_fen < source.planned_fen]
    return [(kind,) for kind in awaited if kind not in BONDS]


def _open_duties(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The open duties that may be extended, by kind and subject."""
    fixed = OF_HEADS | FIXED
    return [
        choice_of(duty) for duty in case.duties if duty.duty not in fixed and duty.owner is not Role.CREDITOR
    ]


def choice_of(duty: Duty) -> Choice:
    """The choice for a duty: its kind, and its subject if it has one."""
    return (duty.duty, duty.subject) if duty.subject else (duty.duty,)


def _proposed_steps(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    return [(gate.step,) for gate in case.gates if gate.office == by.party]


def _higher_modes(case: Case, rules: Rules, by: Actor) -> Iterable[Choice]:
    """The modes above the present one; if there is none, another takeover by an office further up."""
    higher = [mode for mode in Mode if mode.rank > case.mode.rank and mode is not Mode.REFERRED]
    return [(mode,) for mode in higher or [Mode.TAKEN_OVER]]


_CHOICES: Final[Mapping[Among, Choices]] = {
    Among.TRIAGES: _triages,
    Among.RECEIVERS: _receivers,
    Among.OTHER_OFFICES: _other_offices,
    Among.AWAITED_SOURCES: _awaited_sources,
    Among.OPEN_DUTIES: _open_duties,
    Among.PROPOSED_STEPS: _proposed_steps,
    Among.WAITING_SUBMISSIONS: lambda case, rules, by: [(str(one.no),) for one in case.waiting],
    Among.HIGHER_MODES: _higher_modes,
    Among.ISSUED_DOCUMENTS: lambda case, rules, by: [(number,) for number in case.documents],
    Among.DEBTOR_S_DUTIES: lambda case, rules, by: [
        choice_of(duty) for duty in case.duties if duty.owner is Role.DEBTOR and duty.duty not in FIXED
    ],
    Among.OPEN_PROMISES: lambda case, rules, by: [
        (str(one.no),) for one in case.promises if one.met_on is None
    ],
    Among.CARRIED_PACK: lambda case, rules, by: [(rules.pack_name,)],
}
