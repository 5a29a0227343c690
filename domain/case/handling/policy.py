"""Adopting other rules, and another calendar."""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.case.duties import moved
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import Rules


def adopt_policy(case: Case, command: c.AdoptPolicy, moment: Moment) -> Facts:
    """Adopt the rule pack that comes with the command. It must know the case's offices and every level that open duties reached."""
    if command.policy != moment.rules.pack_name:
        raise Refusal(
            Code.MALFORMED,
            f"规则包 {command.policy} 未随命令提供",
            f"the rules of {command.policy} did not come with the command",
            "policy",
        )
    if strange := strange_office(case, moment.rules):
        raise Refusal(
            Code.MALFORMED,
            f"规则包 {command.policy} 没有 {strange} 办公室",
            f"{strange} is no office of the rule pack {command.policy}",
            "policy",
        )
    if lost := sorted(_without_place(case, moment.rules)):
        raise Refusal(
            Code.MALFORMED,
            f"新规则的阶梯缺少已到达的级别:{'、'.join(lost)}",
            f"the new ladder has no place for levels that were reached: {', '.join(lost)}",
            "policy",
        )
    return [
        e.PolicyAdopted(
            policy=moment.rules.pack,
            calendar=moment.rules.calendar.version,
            was=case.policy,
            reason=command.reason,
            moved=moved(case, moment.rules),
        )
    ]


def strange_office(case: Case, rules: Rules) -> str | None:
    """An office that holds the case, or whose head has to decide in it, and that the other rules do not know."""
    offices = (case.holder, *(gate.office for gate in case.gates))
    return next((office for office in offices if office not in rules.offices), None)


def _without_place(case: Case, rules: Rules) -> set[str]:
    """The levels reached by open duties that their ladder under the other rules does not have."""
    reached = ((duty, case.levels.get(str(duty.key))) for duty in case.duties)
    return {
        level
        for duty, level in reached
        if level is not None and all(rung.level != level for rung in rules.rungs(duty.duty))
    }


def redate(case: Case, command: c.Redate, moment: Moment) -> Facts:
    """Adopt the calendar of a new notice, which comes with the command."""
    return [e.Redated(notice=command.notice, moved=moved(case, moment.rules))]


@change.register
def _(fact: e.Redated, case: Case, event: Event) -> Change:
    return {"calendar": fact.notice}


@change.register
def _(fact: e.PolicyAdopted, case: Case, event: Event) -> Change:
    return {"policy": fact.policy, "calendar": fact.calendar}
