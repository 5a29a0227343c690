"""Pressing a case and holding it: extension, suspension, escalation from above, human gates, relief, and other rules.

条例 (2025) Art 25: an extension is approved by the department's head before the term lapses, 90 days in all at most.
"""

from domain import commands as c
from domain import facts as e
from domain.actors import Role
from domain.case.casefile import Case, Gate
from domain.case.duties import moved
from domain.case.notices import notice
from domain.case.orders import Facts, Moment, wrong_stage
from domain.duty import Duty, DutyKind
from domain.limits import MOST_EXTENSION
from domain.refusal import Code, Refusal
from domain.rules import Rules, Rung, superior
from domain.value import Mode, NoticeKind, Step


def extend(case: Case, command: c.Extend, moment: Moment) -> Facts:
    """More time for an open duty, granted before it lapses."""
    duty = _one_open(case, command)
    if moment.today > duty.due_on:
        raise Refusal(
            Code.ALREADY_LAPSED,
            f"该事项已于 {duty.due_on} 到期,不得再延期",
            f"it lapsed on {duty.due_on}; only a term that still runs can be extended",
            "duty",
        )
    ceiling = moment.rules.duties[duty.duty].ceiling
    if ceiling is not None and duty.term is not None and duty.term.days + command.days > ceiling.days:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"合计不得超过 {ceiling.days} 日,现为 {duty.term.days} 日",
            f"at most {ceiling} in all; the term is {duty.term} now",
            "days",
        )
    if case.extensions.get(str(duty.key), 0) + command.days > MOST_EXTENSION:
        raise Refusal(
            Code.BEYOND_CEILING,
            f"同一事项延期合计不得超过 {MOST_EXTENSION} 日",
            f"one duty is extended by at most {MOST_EXTENSION} days in all",
            "days",
        )
    return [
        e.Extended(
            duty=duty.duty,
            subject=duty.subject,
            opened_on=duty.opened_on,
            days=command.days,
            reason=command.reason,
        )
    ]


def _one_open(case: Case, command: c.Extend) -> Duty:
    found = [
        duty for duty in case.duties if duty.duty is command.duty and command.subject in (None, duty.subject)
    ]
    if command.duty is DutyKind.GATE:
        raise Refusal(
            Code.NOT_YOURS,
            "审批事项不得由承办办公室延期",
            "the gate of a superior's head is not yours",
            "duty",
        )
    if len(found) != 1:
        subjects = ", ".join(duty.subject or "" for duty in found)
        raise Refusal(
            Code.MALFORMED,
            f"该事项有多项({subjects}),须注明 subject" if found else f"本案没有待办的 {command.duty}",
            f"several are open ({subjects}); name the subject" if found else f"no {command.duty} is owed",
            "subject" if found else "duty",
        )
    return found[0]


def suspend(case: Case, command: c.Suspend, moment: Moment) -> Facts:
    """All clocks stop, until somebody resumes the case or the day comes."""
    if command.until is not None and command.until <= moment.today:
        raise Refusal(
            Code.MALFORMED,
            f"恢复日 {command.until} 须在今天之后",
            f"{command.until} is not after today, {moment.today}",
            "until",
        )
    return [e.Suspended(reason=command.reason, until=command.until)]


def resume(case: Case, command: c.Resume, moment: Moment) -> Facts:
    if case.suspension is None:
        raise Refusal(Code.NOT_SUSPENDED, "本案未中止", "the case is not suspended")
    return [e.Resumed(reason=command.reason)]


def escalate(case: Case, command: c.Escalate, moment: Moment) -> Facts:
    """Rise at once, never fall. To take over lifts the case to the office that asks; a referral is approved, not ordered."""
    if command.mode is Mode.REFERRED:
        raise wrong_stage(case, "移交须经审批(approve_step)", "a referral is proposed and approved")
    if command.mode is Mode.TAKEN_OVER:
        return _take_over(case, command, moment)
    if command.mode.rank <= case.mode.rank:
        raise wrong_stage(
            case, f"处置方式已是 {case.mode},只升不降", f"the mode is {case.mode} already, and never falls"
        )
    rung = _rung_of(command.mode, moment)
    facts: Facts = [e.Escalated(mode=command.mode, was=case.mode, reason=command.reason)]
    if rung is not None and rung.notice is not None:
        facts.append(notice(case, rung.notice, moment, rung=rung))
    return facts


def _take_over(case: Case, command: c.Escalate, moment: Moment) -> Facts:
    offices = moment.rules.offices
    taker = command.by.party if command.by.role is Role.HEAD else superior(case.holder, offices)
    if taker is None or taker == case.holder:
        raise wrong_stage(case, "没有上级办公室可提级办理", "there is no office above to take the case over")
    rung = _rung_of(Mode.TAKEN_OVER, moment)
    mode = max(Mode.TAKEN_OVER, case.mode, key=lambda one: one.rank)
    return [
        e.Escalated(mode=mode, was=case.mode, holder=taker, reason=command.reason),
        notice(case, NoticeKind.TAKEOVER, moment, rung=rung, above=taker),
    ]


def _rung_of(mode: Mode, moment: Moment) -> Rung | None:
    return next((rung for rung in moment.rules.ladder if rung.mode is mode), None)


def approve_step(case: Case, command: c.ApproveStep, moment: Moment) -> Facts:
    """人工审批: the interview is called, or the case handed over."""
    gate = _gate(case, command)
    approved = e.StepApproved(step=command.step, reason=command.reason)
    if command.step is Step.REFERRED:
        return [approved, e.Escalated(mode=Mode.REFERRED, was=case.mode, reason=command.reason)]
    return [approved, notice(case, NoticeKind.INTERVIEW, moment, above=gate.office)]


def decline_step(case: Case, command: c.DeclineStep, moment: Moment) -> Facts:
    _gate(case, command)
    return [e.StepDeclined(step=command.step, reason=command.reason)]


def _gate(case: Case, command: c.ApproveStep | c.DeclineStep) -> Gate:
    gate = next((gate for gate in case.gates if gate.step is command.step), None)
    if gate is None:
        raise wrong_stage(case, f"没有待审批的 {command.step}", f"no {command.step} awaits a decision")
    if gate.office != command.by.party:
        raise Refusal(
            Code.NOT_YOURS,
            f"该步骤由 {gate.office} 负责人审批",
            f"the head of {gate.office} decides on it",
            "by",
        )
    return gate


def relieve(case: Case, command: c.Relieve, moment: Moment) -> Facts:
    """After accepted evidence the case is pressed no harder than any other. What was handed over stays handed over."""
    if case.mode in (Mode.TRANSFERRED, Mode.REFERRED):
        raise wrong_stage(case, f"处置方式为 {case.mode},不能解除", f"{case.mode} cannot be relieved")
    return [e.Relieved(was=case.mode, reason=command.reason)]


def adopt_policy(case: Case, command: c.AdoptPolicy, moment: Moment) -> Facts:
    """Other rules, which come with the command. What duties have reached must have its place on the new ladder."""
    if command.policy != moment.rules.pack_name:
        raise Refusal(
            Code.MALFORMED,
            f"规则包 {command.policy} 未随命令提供",
            f"the rules of {command.policy} did not come with the command",
            "policy",
        )
    offices = (case.holder, *(gate.office for gate in case.gates))
    if strange := next((office for office in offices if office not in moment.rules.offices), None):
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


def _without_place(case: Case, rules: Rules) -> set[str]:
    """The levels that open duties have reached, and that are none of their rungs by other rules."""
    reached = ((duty, case.levels.get(str(duty.key))) for duty in case.duties)
    return {
        level
        for duty, level in reached
        if level is not None and all(rung.level != level for rung in rules.rungs(duty.duty))
    }


def redate(case: Case, command: c.Redate, moment: Moment) -> Facts:
    """The calendar of a new notice, which comes with the command."""
    return [e.Redated(notice=command.notice, moved=moved(case, moment.rules))]
