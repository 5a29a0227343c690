"""What can be chosen in the form of a command where that depends on the case, and on who gives it."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.actors import Actor
from domain.case.casefile import Case
from domain.rules import Rules, is_below
from domain.telling import english
from domain.telling.words import DUTIES, MODES, SOURCES, STEPS
from domain.value import Mode, SourceKind
from portal.forms.commands import FORMS
from portal.forms.fields import Form, Option, of_words


def form_of(do: str, case: Case, rules: Rules, by: Actor) -> Form:
    """The form of a command to a case, with what somebody can choose there now."""
    form = FORMS[do]
    fields = [
        field._replace(options=_OPTIONS[do, field.name](case, rules, by))
        if (do, field.name) in _OPTIONS
        else field
        for field in form.fields
    ]
    return form._replace(fields=tuple(fields))


Offered = Callable[[Case, Rules, Actor], tuple[Option, ...]]


def _vouchers(*states: str) -> Offered:
    def offered(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
        return tuple(
            Option(payment.voucher, payment.voucher, payment.voucher)
            for payment in case.payments
            if payment.state in states
        )

    return offered


def _receivers(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    """The debtor, and the offices below."""
    below = [(code, name) for code, name in rules.offices.items() if is_below(code, case.holder)]
    debtor = case.receipt.debtor.name
    return (
        Option("debtor", f"债务人({debtor})", f"the debtor ({debtor})"),
        *(Option(code, f"{code} {name}", f"{code} {name}") for code, name in below),
    )


def _funded(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    sources = case.plan.sources if case.plan else ()
    kinds = [source.kind for source in sources if source.arrived_fen < source.planned_fen]
    return of_words(SOURCES, english.SOURCES, [kind for kind in kinds if kind is not SourceKind.BOND])


def _duties(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    """The open duties but the gates, each by kind and subject."""
    return tuple(
        Option(
            f"{duty.duty},{duty.subject or ''}",
            f"{DUTIES[duty.duty]} {duty.subject or ''}({duty.due_on})",
            f"{english.DUTIES[duty.duty]} {duty.subject or ''} ({duty.due_on})",
        )
        for duty in case.duties
        if duty.duty != "gate"
    )


def _steps(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    return of_words(STEPS, english.STEPS, [gate.step for gate in case.gates if gate.office == by.party])


def _modes(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    """The higher modes; an office further up may also take over once more."""
    higher = [mode for mode in Mode if mode.rank > case.mode.rank and mode is not Mode.REFERRED]
    return of_words(MODES, english.MODES, higher or [Mode.TAKEN_OVER])


def _pack(case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    return (Option(rules.pack_name, rules.pack_name, rules.pack_name),)


_OPTIONS: Final[Mapping[tuple[str, str], Offered]] = {
    ("forward", "to"): _receivers,
    ("fund", "source"): _funded,
    ("confirm_receipt", "voucher"): _vouchers("reported", "disputed"),
    ("dispute_receipt", "voucher"): _vouchers("reported"),
    ("bounce", "voucher"): _vouchers("reported", "disputed"),
    ("call_back", "voucher"): _vouchers("confirmed"),
    ("reopen", "voucher"): _vouchers("confirmed"),
    ("extend", "duty,subject"): _duties,
    ("escalate", "mode"): _modes,
    ("approve_step", "step"): _steps,
    ("decline_step", "step"): _steps,
    ("adopt_policy", "policy"): _pack,
}
"""What can be chosen where that depends on the case."""
