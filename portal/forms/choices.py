"""The options of a command's form that depend on the case and on whoever gives the command."""

from collections.abc import Callable, Mapping
from typing import Final

from domain.actors import Actor
from domain.case.casefile import Case
from domain.case.choices import Choice, choice_of, choices
from domain.commands.fields import Among, PaymentsIn
from domain.rules import Rules
from domain.telling.commands import CALLED
from domain.telling.terms import DUTIES, MODES, SOURCES, STEPS, Sentence, Terms
from portal.forms.commands import FORMS
from portal.forms.fields import Form, Option


def form_of(do: str, case: Case, rules: Rules, by: Actor) -> Form:
    """The form of a command to a case, with the options that somebody has there now. Only a head can choose the mode in which a case
    begins (分级办理), and has to: acceptance without a mode is a clerk's.
    """
    form = FORMS[do]
    fields = [
        field._replace(options=_options(field.among, case, rules, by)) if field.among else field
        for field in form.fields
    ]
    triage = next((field for field in fields if field.among is Among.TRIAGES), None)
    if triage is None:
        return form._replace(fields=tuple(fields))
    if not triage.options:
        return form._replace(fields=tuple(field for field in fields if field is not triage))
    named = form._replace(zh=f"{form.zh}({triage.zh})", en=f"{form.en} ({triage.en.lower()})")
    fields = [field._replace(required=True) if field is triage else field for field in fields]
    return named._replace(fields=tuple(fields))


def _options(among: Among | PaymentsIn, case: Case, rules: Rules, by: Actor) -> tuple[Option, ...]:
    return tuple(
        Option(",".join(choice), *_worded(among, choice, case, rules))
        for choice in choices(among, case, rules, by)
    )


def _worded(among: Among | PaymentsIn, choice: Choice, case: Case, rules: Rules) -> Sentence:
    """The words for an option. Most options are shown by their own value."""
    if isinstance(among, Among) and among in _WORDS:
        return _WORDS[among](choice, case, rules)
    return choice[0], choice[0]


def _receiver(choice: Choice, case: Case, rules: Rules) -> Sentence:
    if choice == ("debtor",):
        debtor = case.receipt.debtor.name
        return f"债务人({debtor})", f"the debtor ({debtor})"
    office = f"{choice[0]} {rules.offices[choice[0]]}"
    return office, office


def _duty(choice: Choice, case: Case, rules: Rules) -> Sentence:
    duty = next(duty for duty in case.duties if choice == choice_of(duty))
    chinese, english = DUTIES[duty.duty]
    subject = duty.subject or ""
    return f"{chinese} {subject}({duty.due_on})", f"{english} {subject} ({duty.due_on})"


def _submission(choice: Choice, case: Case, rules: Rules) -> Sentence:
    one = next(one for one in case.waiting if str(one.no) == choice[0])
    chinese, english = CALLED[one.do]
    giver = one.entered_by or one.by
    return f"{one.no} {chinese}({giver.person},{one.on})", f"{one.no} {english} ({giver.person}, {one.on})"


def _word_of(table: Terms) -> Callable[[Choice, Case, Rules], Sentence]:
    return lambda choice, case, rules: table[choice[0]]


_WORDS: Final[Mapping[Among, Callable[[Choice, Case, Rules], Sentence]]] = {
    Among.TRIAGES: _word_of(MODES),
    Among.RECEIVERS: _receiver,
    Among.AWAITED_SOURCES: _word_of(SOURCES),
    Among.OPEN_DUTIES: _duty,
    Among.DEBTOR_S_DUTIES: _duty,
    Among.WAITING_SUBMISSIONS: _submission,
    Among.PROPOSED_STEPS: _word_of(STEPS),
    Among.HIGHER_MODES: _word_of(MODES),
}
"""The words for options that are not shown by their own value."""
