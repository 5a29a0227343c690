"""证据材料: whoever may act may file papers; only the one who filed a paper, or a head, detaches it. Nothing is deleted."""

from domain import commands as c
from domain import facts as e
from domain.actors import PARTIES, Role
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.contents import Paper
from domain.events import Event
from domain.evidence import MOST_OF_PARTY, stored_as
from domain.limits import used_up
from domain.refusal import Code, Refusal
from domain.telling.naming import named


def attach(case: Case, command: c.Attach, moment: Moment) -> Facts:
    if command.attachment != stored_as(case.case_no, command.sha256):
        raise Refusal(
            Code.MALFORMED,
            "材料须在本案名下提交",
            "the paper was not put into the store for this case",
            "attachment",
        )
    no = case.times.get("attached", 0) + 1
    if command.by.role in PARTIES and case.attached_by.get(command.by.role.value, 0) >= MOST_OF_PARTY:
        raise used_up("一方当事人在本案", "a party to a case", MOST_OF_PARTY)
    said = command.model_dump(include={"attachment", "name", "mime", "size", "sha256"})
    return [e.Attached(no=no, what=command.what, **{"for": command.of}, **said)]


def detach(case: Case, command: c.Detach, moment: Moment) -> Facts:
    paper = next((one for one in case.papers if one.no == command.attachment), None)
    if paper is None:
        raise Refusal(
            Code.MALFORMED,
            f"本案没有第 {command.attachment} 号材料,或者已撤下",
            f"the case has no attachment {command.attachment} that counts",
            "attachment",
        )
    if command.by.role is not Role.HEAD and command.by != paper.by:
        raise Refusal(
            Code.NOT_YOURS,
            f"{named(command.by, moment.rules.offices)[0]}不能撤下此材料:由提交人本人或者负责人撤下",
            f"not by {command.by}: a paper is taken back by who attached it, or by a head",
            "by",
        )
    return [e.Detached(attachment=paper.no, reason=command.reason)]


@change.register
def _(fact: e.Attached, case: Case, event: Event) -> Change:
    role = event.by.role.value
    return {
        "papers": (*case.papers, Paper(no=fact.no, what=fact.what, of=fact.of, by=event.by)),
        "attached_by": {**case.attached_by, role: case.attached_by.get(role, 0) + 1},
    }


@change.register
def _(fact: e.Detached, case: Case, event: Event) -> Change:
    return {"papers": tuple(one for one in case.papers if one.no != fact.attachment)}
