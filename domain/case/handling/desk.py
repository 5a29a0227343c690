"""分办, 备注, 联系 and 送达: what an office notes without moving the case. The texts are stored in the journal alone."""

from domain import commands as c
from domain import facts as e
from domain.actors import Role
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, not_in_future
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.telling.naming import named


def assign(case: Case, command: c.Assign, moment: Moment) -> Facts:
    """Assign a case to a person. A head assigns it to anybody of the office, a clerk only to himself or herself."""
    person = command.person or command.by.person
    if person is None:
        raise Refusal(Code.MALFORMED, "未写明分办给何人", "it does not say to whom", "person")
    if command.by.role is Role.CLERK and person != command.by.person:
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(command.by, moment.rules.offices)[0]}只能将案件分办给本人,分办给他人由负责人办理",
            f"{command.by} takes a case for itself; to others a head gives it",
            "person",
        )
    return [e.Assigned(person=person)]


def remark(case: Case, command: c.Remark, moment: Moment) -> Facts:
    return [e.Remarked(text=command.text)]


def contact(case: Case, command: c.Contact, moment: Moment) -> Facts:
    day = command.day or moment.today
    not_in_future(day, moment, "day")
    said = {"with": command.whom, "how": command.how, "what": command.what}
    return [e.Contacted(no=len(case.contacts) + 1, day=day, **said)]


def serve(case: Case, command: c.Serve, moment: Moment) -> Facts:
    """送达: record the service of a document that the case has issued, on its own day or later."""
    day = command.day or moment.today
    not_in_future(day, moment, "day")
    if command.document not in case.documents:
        raise Refusal(
            Code.MALFORMED,
            f"本案没有文号为 {command.document} 的文书",
            f"the case has issued no document {command.document}",
            "document",
        )
    return [e.Served(document=command.document, day=day, how=command.how, receipt=command.receipt)]


@change.register
def _(fact: e.Assigned, case: Case, event: Event) -> Change:
    return {"assigned_to": fact.person}


@change.register
def _(fact: e.Contacted, case: Case, event: Event) -> Change:
    """A talk about the proceedings also meets the duty to ask about them."""
    changed: Change = {"contacts": (*case.contacts, fact.day)}
    if case.court_since is not None:
        changed["court_since"] = max(case.court_since, fact.day)
    return changed
