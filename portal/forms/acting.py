"""The forms of the commands that are possible now, and the actor of a form that was sent.

A clerk of the office that holds a case may also enter what its parties do on paper (代录). The journal then names both: `by` the
party, `entered_by` the clerk.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from starlette.datastructures import FormData

from domain.actors import PARTIES, Actor, Role
from domain.bonds.batch import Batch
from domain.case.casefile import Case
from domain.case.evidence import Missing, lacking
from domain.case.expected import expected
from domain.case.possible import Possible, possible, possible_for_batch
from domain.command_base import name_of
from domain.commands import AnyCommand, Attach, Detach
from domain.duty import Duty
from domain.refusal import Refusal
from domain.rules import Rules
from domain.telling.words import Sentence
from office.away import ServerAway
from office.gone import WorkflowGone
from portal.forms.choices import form_of
from portal.forms.commands import OF_BATCH
from portal.forms.fields import Field, Form
from portal.forms.form import command_of, faults_of_refusal, fresh_id, id_of, typed_in
from portal.forms.wrong import Wrong, wrong_in
from portal.gate.visitors import Staff
from portal.problems import Forbidden, TooFast, problem_of

MORE: Final = 3
"""How many rows are offered beyond those that are filled."""

AWAY: Final[Sentence] = (
    "服务暂不可用。不知道是否已经办成:请再提交一次,不会重复办理",
    "The service is away, and may or may not have done it: send it again, it will not be done twice",
)
_TODAY: Final = frozenset({"as_of", "paid_on"})
"""The fields with a day that is usually today."""


class Action(NamedTuple):
    """A form that somebody may send now.

    Attributes:
        by: The role it is sent as; `debtor` if a clerk enters the debtor's word.
        typed: The content of its inputs, by their names.
        faults: What is wrong with that content, by input.
        is_open: Whether it was asked for, or is shown again after it was sent.
        more: The field for which more rows were asked for.
        two_persons: Whether it is only submitted, and waits for a head's approval.
        papers: The papers that it needs and that are not on file.
        awaited_by: The open duty that it meets.
    """

    form: Form
    by: str
    command_id: str
    typed: Mapping[str, str] = {}
    faults: Mapping[str, Sentence] = {}
    is_open: bool = False
    more: str = ""
    two_persons: bool = False
    papers: Sequence[Missing] = ()
    awaited_by: Duty | None = None

    @property
    def id(self) -> str:
        """Its id on the page and in the address, such as `clerk-remark`."""
        return f"{self.by}-{self.form.do}"

    @property
    def wrong(self) -> list[Wrong]:
        """Its faults, for the summary above the page."""
        return wrong_in(self.form.fields, self.faults, f"field-{self.id}")

    @property
    def is_shown(self) -> bool:
        """Whether the page shows its inputs, rather than a link to them."""
        return self.is_open or self.awaited_by is not None

    @property
    def is_on_behalf(self) -> bool:
        """Whether a clerk enters it for a party."""
        return self.by in PARTIES

    @property
    def has_rows(self) -> bool:
        """Whether it has a table, whose amounts the page adds up while they are typed."""
        return any(field.kind == "rows" for field in self.form.fields)

    def rows(self, field: Field) -> int:
        """How many rows of a field are shown."""
        filled = {name.split(".")[1] for name in self.typed if name.startswith(f"{field.name}.")}
        wanted = MORE if self.more == field.name else 0
        return max(field.rows, len(filled)) + wanted


ATTACH: Final = name_of(Attach)
"""The command that comes with a file, and therefore has a form of its own."""

_OF_PAPERS: Final = frozenset({ATTACH, name_of(Detach)})


class Sent(NamedTuple):
    """A form that was sent and is shown again."""

    do: str
    by: str
    typed: Mapping[str, str]
    faults: Mapping[str, Sentence] = {}
    more: str = ""
    command_id: str | None = None

    @classmethod
    def of(cls, form: FormData, error: Exception | None = None) -> "Sent":
        """A form as it was sent, after an error; without an error, because more rows were asked for. It keeps its id if it was not
        answered or may have been carried out.
        """
        faults = faults_of_refusal(error) if isinstance(error, Refusal) else {}
        command_id = id_of(form) if error is None or isinstance(error, ServerAway) else None
        return cls(
            _said(form, "do"), _said(form, "as"), typed_in(form), faults, _said(form, "more"), command_id
        )


class NotDone(NamedTuple):
    """Why a form was not carried out, and how the page answers."""

    told: Sentence | None
    status: int
    headers: Mapping[str, str] | None = None


GOES_ON: Final = NotDone(None, 200)
"""Nothing is wrong: the form is shown again with more rows."""

NOT_DONE: Final = (Refusal, TooFast, ServerAway)
"""The errors that mean that a form was not carried out."""


def not_done(error: Refusal | TooFast | ServerAway) -> NotDone:
    """The answer of a page to such an error."""
    if isinstance(error, ServerAway):
        return NotDone(why_away(error), 503)
    problem = problem_of(error) if isinstance(error, Refusal) else error
    return NotDone((problem.message, problem.detail), problem.status, problem.headers or None)


def _said(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def actors_of(staff: Staff, case: Case) -> tuple[Actor, ...]:
    """The actors as which somebody may act on a case: the person's own roles, and for a clerk of the holder also the parties."""
    is_scribe = Role.CLERK in staff.roles and staff.office == case.holder
    return (*staff.actors(), Actor(Role.DEBTOR), Actor(Role.CREDITOR)) if is_scribe else staff.actors()


def scribe_of(staff: Staff, by: Actor) -> Actor | None:
    """The clerk who enters a command of a party; None if the actor is not a party."""
    return Actor(Role.CLERK, staff.person, staff.office) if by.role in PARTIES else None


def actor_of(actors: Sequence[Actor], form: FormData) -> Actor:
    """The actor that a form names.

    Raises:
        Forbidden: The sender may not act as that.
    """
    role = _said(form, "as")
    found = next((actor for actor in actors if actor.role == role), None)
    if found is None:
        raise Forbidden("您不能以此身份办理", "you may not act as that")
    return found


def command_by(staff: Staff, case: Case, form: FormData) -> AnyCommand:
    """The command to a case that a form describes.

    Raises:
        Forbidden: The sender may not act as the actor that it names.
        Malformed: It describes no valid command.
    """
    by = actor_of(actors_of(staff, case), form)
    command = command_of(form, by, entered_by=scribe_of(staff, by))
    return command.model_copy(update={"account": staff.account})


def why_away(away: ServerAway) -> Sentence:
    """What a person is told when a server is away, or a workflow is missing."""
    return (away.message, away.detail) if isinstance(away, WorkflowGone) else AWAY


def actions_on(
    staff: Staff, case: Case, rules: Rules, now: datetime, today: date, sent: Sent | None = None
) -> list[Action]:
    """The commands that somebody may give to a case now, as forms, those that the case waits for first.

    Args:
        sent: A form that was not carried out, to be shown as it was filled in.
    """
    may: dict[
        tuple[Form, Role | None], tuple[Possible, Actor]
    ] = {}  # a command that several roles of a person may give appears once
    for actor in actors_of(staff, case):
        for one in possible(case, actor, rules, now, entered_by=scribe_of(staff, actor)):
            if one.do != ATTACH:
                asked = form_of(one.do, case, rules, actor)
                may.setdefault((asked, actor.role if actor.role in PARTIES else None), (one, actor))
    return _awaited_first(
        [_offered(one, actor, case, rules, today, sent) for one, actor in may.values()], case
    )


def actions_of(
    party: Actor, case: Case, rules: Rules, now: datetime, today: date, sent: Sent | None = None
) -> list[Action]:
    """The commands that a party may give to its own case now, as forms. Filing papers has a form of its own."""
    may = possible(case, party, rules, now)
    return _awaited_first(
        [_offered(one, party, case, rules, today, sent) for one in may if one.do not in _OF_PAPERS], case
    )


def _awaited_first(actions: Sequence[Action], case: Case) -> list[Action]:
    """The forms that meet an open duty first, by last day; then the others in the order of a case's life."""
    waits = expected(case)
    marked = [action._replace(awaited_by=waits.get(action.form.do)) for action in actions]
    return sorted(marked, key=lambda one: one.awaited_by.due_on if one.awaited_by else date.max)


def _offered(one: Possible, by: Actor, case: Case, rules: Rules, today: date, sent: Sent | None) -> Action:
    action = _action(form_of(one.do, case, rules, by), by.role.value, today, sent)
    return action._replace(two_persons=one.two_persons, papers=tuple(lacking(case, one.do, rules)))


def actions_on_batch(
    staff: Staff, batch: Batch, awaited_fen: int, now: datetime, sent: Sent | None = None
) -> list[Action]:
    """The commands that somebody may give to a batch now, as forms."""
    may = [
        (do, actor.role.value)
        for actor in staff.actors()
        for do in possible_for_batch(batch, actor, awaited_fen, now)
    ]
    return [_action(OF_BATCH[do], role, now.date(), sent) for do, role in may]


def _action(form: Form, by: str, today: date, sent: Sent | None) -> Action:
    if sent is not None and (sent.do, sent.by) == (form.do, by):
        command_id = sent.command_id or fresh_id()
        return Action(form, by, command_id, sent.typed, sent.faults, is_open=True, more=sent.more)
    typed = {field.name: today.isoformat() for field in form.fields if field.name in _TODAY}
    return Action(form, by, fresh_id(), typed)
