"""督办: escalation by an office above, steps that a head decides on, relief, and how duties climb the ladder."""

from domain import commands as c
from domain import facts as e
from domain.actors import OFFICE_ROLES, Role
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment, wrong_stage
from domain.case.contents import CalledIn, Gate
from domain.case.handling.approval import lapsed
from domain.case.handling.payment import fallen_silent
from domain.case.handling.recognition import unanswered
from domain.case.notices import circular, notice, responsible
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import Rung, climbed, superior
from domain.telling.naming import office_named
from domain.telling.terms import MODES, STEPS
from domain.value import Mode, NoticeKind, Step


def escalate(case: Case, command: c.Escalate, moment: Moment) -> Facts:
    """Raise the disposition mode; it is never lowered. A takeover brings the case to the office that orders it. A referral cannot be
    ordered: it is proposed and approved.
    """
    if command.mode is Mode.REFERRED:
        raise wrong_stage(case, "移交须由上级负责人审批", "a referral is proposed and approved")
    if command.mode is Mode.TAKEN_OVER:
        return _take_over(case, command, moment)
    if command.mode.rank <= case.mode.rank:
        raise wrong_stage(
            case,
            f"处置方式已是{MODES[case.mode][0]},只升不降",
            f"the mode is {case.mode} already, and never falls",
        )
    rung = _rung_of(command.mode, moment)
    facts: Facts = [e.Escalated(mode=command.mode, was=case.mode, reason=command.reason)]
    above = command.by.party if command.by.role is Role.HEAD else None
    if rung is not None and rung.notice is not None:
        facts += _if_any(notice(case, rung.notice, moment, rung=rung, above=above))
    return facts


def _take_over(case: Case, command: c.Escalate, moment: Moment) -> Facts:
    offices = moment.rules.offices
    taker = command.by.party if command.by.role is Role.HEAD else superior(case.holder, offices)
    if taker is None or taker == case.holder:
        raise wrong_stage(case, "没有上级办公室可提级办理", "there is no office above to take the case over")
    rung = _rung_of(Mode.TAKEN_OVER, moment)
    mode = max(Mode.TAKEN_OVER, case.mode, key=lambda one: one.rank)
    taken = e.Escalated(mode=mode, was=case.mode, holder=taker, reason=command.reason)
    lifted = case.model_copy(update={"route": (*case.route, taker)})
    return [taken, *_if_any(notice(lifted, NoticeKind.TAKEOVER, moment, rung=rung, left=case.holder))]


def _if_any(written: e.NoticeIssued | None) -> Facts:
    return [] if written is None else [written]


def _rung_of(mode: Mode, moment: Moment) -> Rung | None:
    """The rung with that mode on the ladder against offices, because an escalation from above concerns the holder."""
    return next((rung for rung in climbed(moment.rules.ladder, "office") if rung.mode is mode), None)


def approve_step(case: Case, command: c.ApproveStep, moment: Moment) -> Facts:
    """人工审批: approve a proposed step: an interview is called, the case is referred, or the debtor put on record."""
    gate = _gate(case, command, moment)
    approved = e.StepApproved(step=command.step, reason=command.reason)
    if command.step is Step.REFERRED:
        _may_be_referred(case, gate)
        return [approved, e.Escalated(mode=Mode.REFERRED, was=case.mode, reason=command.reason)]
    if command.step is Step.CREDIT_RECORD:
        _may_be_named(case)
        return [approved, e.CreditRecorded(reason=command.reason)]
    return [approved, *_if_any(notice(case, NoticeKind.INTERVIEW, moment, gate=gate))]


def _may_be_referred(case: Case, gate: Gate) -> None:
    """A debtor may have turned out to be another since the step was proposed."""
    if gate.against is None and not case.receipt.debtor.is_public:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "只有机关、事业单位、国有企业、平台公司可移交纪检监察机关",
            "only debtors that are public are referred to the discipline organs",
        )


def decline_step(case: Case, command: c.DeclineStep, moment: Moment) -> Facts:
    _gate(case, command, moment)
    return [e.StepDeclined(step=command.step, reason=command.reason)]


def _gate(case: Case, command: c.ApproveStep | c.DeclineStep, moment: Moment) -> Gate:
    gate = next((gate for gate in case.gates if gate.step is command.step), None)
    if gate is None:
        raise wrong_stage(
            case, f"没有待审批的{STEPS[command.step][0]}", f"no {command.step} awaits a decision"
        )
    if gate.office != command.by.party:
        raise Refusal(
            Code.NOT_YOURS,
            f"该步骤由{office_named(gate.office, moment.rules.offices)}负责人审批",
            f"the head of {gate.office} decides on it",
            "by",
        )
    return gate


def publicise(case: Case, command: c.Publicise, moment: Moment) -> Facts:
    """通报: name a debtor that did not do what the 督办书 demanded (条例 2025 Art 23)."""
    _may_be_named(case)
    return [e.Publicised(reason=command.reason), circular(case, command.reason, moment)]


def credit_record(case: Case, command: c.CreditRecord, moment: Moment) -> Facts:
    """失信记录: put the debtor on record as untrustworthy (条例 2025 Art 26)."""
    _may_be_named(case)
    return [e.CreditRecorded(reason=command.reason)]


def _may_be_named(case: Case) -> None:
    if not case.receipt.debtor.is_bound:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "通报、失信记录只适用于机关、事业单位、国有企业、平台公司和大型企业",
            "only public bodies, state-owned and large enterprises are named, or put on record",
        )


def relieve(case: Case, command: c.Relieve, moment: Moment) -> Facts:
    """Reset the mode after accepted evidence. A referral cannot be undone."""
    if case.mode in (Mode.TRANSFERRED, Mode.REFERRED):
        raise wrong_stage(
            case, f"处置方式为{MODES[case.mode][0]},不能解除", f"{case.mode} cannot be relieved"
        )
    return [e.Relieved(was=case.mode, reason=command.reason)]


@change.register
def _(fact: e.OfDuty, case: Case, event: Event) -> Change:
    """A duty reached a rung: note its level."""
    return _climbed(fact, case)


@change.register
def _(fact: e.DeadlineLapsed, case: Case, event: Event) -> Change:
    """A duty lapsed: note its level, and that others may act now that somebody has kept silent."""
    silence = fallen_silent(fact, case, event.on) | unanswered(fact, case, event.on)
    return _climbed(fact, case) | lapsed(fact, case) | silence | _lapsed_with(fact, case)


def _lapsed_with(fact: e.DeadlineLapsed, case: Case) -> Change:
    """Note which office held the case when an office's duty lapsed, so that it answers for it even after a takeover."""
    duty = next((duty for duty in case.duties if duty.key == fact.key), None)
    if duty is not None and duty.owner not in OFFICE_ROLES:
        return {}
    return {"lapsed_with": {str(fact.key): responsible(case, duty), **case.lapsed_with}}


@change.register
def _(fact: e.Escalated, case: Case, event: Event) -> Change:
    changed = _climbed(fact, case) | {"mode": fact.mode}
    if fact.holder is not None:
        changed |= {
            "route": (*case.route, fact.holder),
            "taken_over_from": case.holder,
            "taken_over_by": (*case.taken_over_by, fact.holder),
            "assigned_to": None,
        }
    return changed


@change.register
def _(fact: e.StepProposed, case: Case, event: Event) -> Change:
    """A step has one gate. Its head has the whole term, counted from the day of the proposal."""
    changed = _climbed(fact, case)
    if any(gate.step is fact.step for gate in case.gates):
        return changed
    gate = Gate(step=fact.step, office=fact.office, since=business_date(event.at), against=fact.against)
    return changed | {"gates": (*case.gates, gate)}


@change.register
def _(fact: e.StepApproved, case: Case, event: Event) -> Change:
    return {"gates": _without(case.gates, fact.step)}


@change.register
def _(fact: e.StepDeclined, case: Case, event: Event) -> Change:
    return {"gates": _without(case.gates, fact.step)}


@change.register
def _(fact: e.Relieved, case: Case, event: Event) -> Change:
    return {"mode": Mode.TRANSFERRED}


@change.register
def _(fact: e.NoticeIssued, case: Case, event: Event) -> Change:
    changed: Change = {"documents": (*case.documents, fact.number)}
    if fact.key is not None:
        changed["unwritten"] = {key: level for key, level in case.unwritten.items() if key != str(fact.key)}
    if fact.notice is NoticeKind.SUPERVISION:
        changed["debtor_ordered_on"] = event.on
    if fact.notice is NoticeKind.INTERVIEW:
        changed["called_in"] = CalledIn(addressee=fact.addressee, sides=fact.sides)
    return changed


def _climbed(fact: e.OfDuty, case: Case) -> Change:
    if fact.key is None or fact.level is None:
        return {}
    climbed: Change = {"levels": {**case.levels, str(fact.key): fact.level}}
    if fact.unwritten:
        climbed["unwritten"] = {**case.unwritten, str(fact.key): fact.level}
    return climbed


def _without(gates: tuple[Gate, ...], step: Step) -> tuple[Gate, ...]:
    return tuple(gate for gate in gates if gate.step is not step)
