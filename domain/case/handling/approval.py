"""送审 and 审批: a grave command takes two persons. It waits until a head approves it, and is then decided again, by the state of that
day.

Whoever gave a command, or entered it for a party, may not approve it. Both persons must be named.
"""

from typing import Final

from domain import commands as c
from domain import facts as e
from domain.actors import OFFICE_ROLES, PARTIES, Role
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.contents import Submission
from domain.commands.written import command_of, fields_of
from domain.duty import DutyKey, DutyKind
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import Rules, overseer
from domain.telling.commands import CALLED
from domain.value import Stage

MOST_WAITING: Final = 5
"""How many submissions may wait in a case at a time."""

MOST_KEPT: Final = 20
"""How many decided submissions a case remembers, without their fields. The journal has them all."""


def submit(case: Case, command: c.AnyCommand, rests: tuple[DutyKey, ...], rules: Rules) -> Facts:
    """Submit a command for approval. If the case was closed, the head of the office above decides.

    Args:
        rests: The duties that the command would meet.

    Raises:
        Refusal: `malformed`: too many submissions wait; `wrong_stage`: the same one waits already; `four_eyes`: the giver has no name.
    """
    if len(case.waiting) >= MOST_WAITING:
        raise Refusal(
            Code.MALFORMED,
            f"本案已有 {MOST_WAITING} 项送审待批",
            f"{MOST_WAITING} submissions wait for approval already",
        )
    is_own_word = command.by.role in PARTIES and command.entered_by is None
    if is_own_word and any(one.by.role is command.by.role and one.entered_by is None for one in case.waiting):
        raise wrong_stage(case, "已有一项送审,审批后再提交", "one of yours waits for approval already")
    fields = fields_of(command)
    if any((one.do, one.fields) == (command.do, fields) for one in case.waiting):
        raise wrong_stage(case, "同一事项已送审,等待审批", "the same has been submitted, and waits")
    giver = command.entered_by or command.by
    if giver.role in OFFICE_ROLES and giver.person is None:
        raise Refusal(
            Code.FOUR_EYES,
            "送审须署名",
            "whoever submits what takes two persons does so by name",
            "entered_by" if command.entered_by else "by",
        )
    no = max((one.no for one in case.submissions), default=0) + 1
    office = overseer(case.holder, rules.offices) if case.ended is Stage.CLOSED else None
    return [e.Submitted(no=no, do=command.do, fields=fields, rests=rests, office=office)]


def awaiting(case: Case, command: c.Approve | c.ReturnSubmission) -> Submission:
    """The waiting submission that a command refers to.

    Raises:
        Refusal: `wrong_stage`: it does not wait; `malformed`: several do, and none is named.
    """
    named = [one for one in case.waiting if command.submission in (None, str(one.no), one.do)]
    if not named:
        raise wrong_stage(case, "没有此项送审待批", "no such submission waits for approval")
    if len(named) > 1:
        zh = "、".join(f"第 {one.no} 项“{CALLED[one.do][0]}”" for one in named)
        en = ", ".join(f"{one.no} ({one.do})" for one in named)
        raise Refusal(
            Code.MALFORMED,
            f"有多项送审待批,须注明是哪一项:{zh}",
            f"several submissions wait; name one: {en}",
            "submission",
        )
    return named[0]


def approve(case: Case, command: c.Approve, moment: Moment) -> Facts:
    """Approve a submission. The approver must be another person than whoever gave or entered the command, with another account."""
    submission = awaiting(case, command)
    first = [one for one in (submission.by, submission.entered_by) if one and one.role not in PARTIES]
    is_second = all(command.by.is_second_person_to(one) for one in first)
    is_same_account = command.account is not None and command.account == submission.account
    if command.by.person is None or not is_second or is_same_account:
        raise Refusal(
            Code.FOUR_EYES,
            "送审人不得审批本人送审的事项,送审和审批须由署名的两个人办理",
            "whoever submitted it may not approve it: two people do so, each by name",
            "by",
        )
    return [e.Approved(no=submission.no, do=submission.do, reason=command.reason)]


def submitted(case: Case, command: c.Approve) -> c.AnyCommand:
    """Rebuild the submitted command that an approval carries out."""
    submission = awaiting(case, command)
    ordered = command_of(
        submission.do,
        submission.fields,
        command_id=command.command_id,
        by=submission.by,
        entered_by=submission.entered_by,
    )
    return ordered.model_copy(update={"account": submission.account})


def return_submission(case: Case, command: c.ReturnSubmission, moment: Moment) -> Facts:
    submission = awaiting(case, command)
    is_own = command.by in (submission.by, submission.entered_by)
    if command.by.role is not Role.HEAD and not is_own:
        raise Refusal(
            Code.NOT_YOURS,
            "只能收回本人送审的事项",
            "whoever is no head takes back only what they have submitted",
            "submission",
        )
    return [e.Returned(no=submission.no, do=submission.do, reason=command.reason)]


def let_go(was: Case, case: Case) -> Facts:
    """Return all waiting submissions when the case has ended or changed its holder: another office decides for itself."""
    if case.ended == was.ended and case.holder == was.holder:
        return []
    return [e.Returned(no=one.no, do=one.do) for one in case.waiting]


@change.register
def _(fact: e.Submitted, case: Case, event: Event) -> Change:
    submission = Submission(
        no=fact.no,
        do=fact.do,
        by=event.by,
        entered_by=event.entered_by,
        account=event.account,
        on=event.on,
        fields=fact.fields,
        rests=tuple(str(key) for key in fact.rests),
        office=fact.office,
    )
    return {"submissions": _latest((*case.submissions, submission))}


@change.register
def _(fact: e.Approved, case: Case, event: Event) -> Change:
    return _decided(case, fact.no, state="approved", decided_by=event.by, reason=fact.reason, fields={})


@change.register
def _(fact: e.Returned, case: Case, event: Event) -> Change:
    return _decided(case, fact.no, state="returned", decided_by=event.by, reason=fact.reason, fields={})


def lapsed(fact: e.DeadlineLapsed, case: Case) -> Change:
    """Mark a submission as late when its approval lapses. The duties that rested for it are owed again."""
    if fact.duty is not DutyKind.APPROVAL:
        return {}
    return _decided(case, int(fact.subject or 0), is_late=True)


def _decided(case: Case, no: int, **changed: object) -> Change:
    return {
        "submissions": tuple(
            one.model_copy(update=changed) if one.no == no else one for one in case.submissions
        )
    }


def _latest(submissions: tuple[Submission, ...]) -> tuple[Submission, ...]:
    """All waiting submissions, and the latest decided ones."""
    others = [one for one in submissions if not one.waits]
    forgotten = {one.no for one in others[:-MOST_KEPT]}
    return tuple(one for one in submissions if one.no not in forgotten)
