"""A case under random fire: commands right and wrong, repeated and misused, news of bonds, signals, other rules, and time.

Whatever happens, somebody owes the next step, no fen is lost, nothing fires twice, and the journal alone tells the whole case.
"""

from datetime import timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.actors import Actor
from domain.case.casefile import Case
from domain.case.decider import carry_out, fold, take_escalation, take_news
from domain.case.handling.merging import absorbed
from domain.case.happening import Happened
from domain.case.ladder import forecast, next_at
from domain.case.orders import ORDERS
from domain.commands import AnyCommand, Escalate, TakeBondNews
from domain.duty import DutyKind
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.value import BONDS, MOST_OF_A_LIST, Mode, SourceKind
from tests.domain.chance import Chance
from tests.domain.laws import LAWS, essence
from tests.domain.story import BATCH_NO, CASE_NO, USUAL, Story, bonds_of, rules_with, story_at

WHEN: Final = {command.model_fields["do"].default: order.when for command, order in ORDERS.items()}
GIVING_UP: Final = [
    "refuse",
    "unfounded",
    "withdraw",
    "confirm_withdrawal",
    "go_judicial",
    "hand_out",
    "merge",
]
GOING_ON: Final = [do for do in USUAL if do not in GIVING_UP]
SERVES: Final[dict[DutyKind, list[str]]] = {
    DutyKind.INTAKE: ["accept"],
    DutyKind.CORRECTION: ["supply_correction"],
    DutyKind.TRANSFER: ["forward"],
    DutyKind.ACKNOWLEDGEMENT: ["acknowledge"],
    DutyKind.RESPONSE: ["recognise"],
    DutyKind.VERIFICATION: ["recognise", "determine", "forward"],
    DutyKind.ENDORSEMENT: ["endorse", "endorse", "deem_endorsed", "determine"],
    DutyKind.OBJECTION: ["determine"],
    DutyKind.DISPUTE: ["resolve_dispute"],
    DutyKind.FOLLOW_UP: ["judgment"],
    DutyKind.DATING: ["adjust"],
    DutyKind.FALLING_DUE: ["adjust"],
    DutyKind.FUNDING: ["plan"],
    DutyKind.BONDING: [],
    DutyKind.INSTALMENT: ["fund"],
    DutyKind.CONFIRMATION: ["confirm_receipt"],
    DutyKind.ATTESTATION: ["attest_receipt", "confirm_receipt"],
    DutyKind.ANSWER: ["answer", "bounce", "confirm_receipt"],
    DutyKind.INTEREST: ["report_payment", "report_payment", "waive_interest", "fix_interest"],
    DutyKind.REVIEW: ["call_back"],
    DutyKind.STRIKE_OFF: ["close", "call_back"],
    DutyKind.PROMISE: ["fulfil"],
    DutyKind.VOLUNTARY: ["keep", "confirm_withdrawal"],
    DutyKind.APPROVAL: ["approve", "return_submission"],
    DutyKind.APPEAL: ["uphold", "reopen"],
    DutyKind.GATE: ["approve_step", "decline_step"],
}
POINTS: Final = [
    *("received", "acknowledged", "endorsed", "planned", "planned", "closed", "proposed", "brought_in"),
    *("bearing", "bearing"),
]
PLANS: Final = [{}, bonds_of("400万元"), bonds_of("150万元", "250万元")]
CAST: Final = [
    *(by for by, _ in USUAL.values()),
    "clerk:何@620000",
    "head:许@620000",
    "debtor@别家",
    "creditor:钱@别家",
    "system",
]


def _hurried(pack: dict[str, Any]) -> None:
    for duty in pack["duties"].values():
        duty["term"] = duty["term"] and "2wd"
        duty["ceiling"] = None
    levels = ["near", "lapsed", "supervised", "key_supervised", "taken_over", "referred"]
    for rung in pack["ladder"]:
        days = levels.index(rung["level"]) + 1
        rung["at"] = "-3wd" if rung["level"] == "near" else f"{days}d"


def _patient(pack: dict[str, Any]) -> None:
    pack["duties"]["funding"]["term"] = "90d"
    pack["duties"]["review"]["term"] = "20d"


PACKS: Final = [rules_with(change) for change in (lambda pack: None, _hurried, _patient)]


def _plan_has_bonds(machine: "CaseUnderFire") -> bool:
    return any(event.kind == "bond_requested" for event in machine.told.journal)


class CaseUnderFire(RuleBasedStateMachine):
    """Commands and news in any order."""

    told: Story

    @initialize(point=st.sampled_from(POINTS), plan=st.sampled_from(PLANS))
    def begin(self, point: str, plan: dict[str, Any]) -> None:
        self.told = story_at(point, plan=plan if point == "planned" else {})
        self.given: list[AnyCommand] = []
        self.heard: list[TakeBondNews] = []
        self.notices = 0
        self.looked_at: Case | None = None

    @rule(data=st.data())
    def is_served(self, data: st.DataObject) -> None:
        """Whoever owes something does it."""
        steps = [step for duty in self.told.case.duties for step in SERVES[duty.duty]]
        if self.told.case.suspended:
            steps += ["resume"] * len(steps)
        if self.told.case.available_fen or self.told.case.interest:
            steps.append("report_payment")
        self._give(data, data.draw(st.sampled_from(steps or ["reopen"])))

    @rule(data=st.data())
    def is_moved(self, data: st.DataObject) -> None:
        """Something happens that is possible now, wanted or not."""
        possible = [do for do in GOING_ON if WHEN[do](self.told.case)]
        self._give(data, data.draw(st.sampled_from(possible or ["reopen"])))

    @rule(data=st.data(), do=st.sampled_from(GOING_ON), by=st.sampled_from(CAST))
    def is_ordered_about_by_anybody(self, data: st.DataObject, do: str, by: str) -> None:
        self._give(data, do, by)

    @precondition(lambda self: len(self.told.journal) > 50)
    @rule(data=st.data(), do=st.sampled_from(GIVING_UP))
    def is_given_up(self, data: st.DataObject, do: str) -> None:
        self._give(data, do)

    @precondition(_plan_has_bonds)
    @rule(data=st.data(), kind=st.sampled_from(["included", "arrived", "included", "arrived", "ineligible"]))
    def hears_of_bonds(self, data: st.DataObject, kind: str) -> None:
        case, chance = self.told.case, Chance(self.told, data)
        source = data.draw(st.sampled_from(list(BONDS)))
        fen = chance.part(case.bond_wanted_of(source))
        if kind == "arrived":
            fen = min(chance.part(case.bond_awaited_of(source)), case.bond_awaited_of(source))
        number = len(self.heard)
        news = TakeBondNews(
            command_id=f"n{number}",
            by="system",
            source=source,
            batch_no=BATCH_NO if source is SourceKind.BOND else "BB-620105-2023-02",
            news=kind,
            amount=fen,
            transfer_id=None if kind == "ineligible" else f"t{number}",
        )
        self.told.happened(take_news(case, news, self.told.rules, self.told.now))
        self.heard.append(news)

    @rule()
    def absorbs_another(self) -> None:
        """A case of the same parties is merged into this one, as the record has it do, whether or not it was looked at meanwhile."""
        told = self.told
        double = story_at("received").case.model_copy(
            update={"case_no": f"QQ-620104-2023-{len(told.journal)}"}
        )
        try:
            facts = absorbed(double, CASE_NO, told.case)
        except Refusal:
            assert (
                told.case.ended
                or told.case.receipt != double.receipt
                or len(told.case.absorbed) >= MOST_OF_A_LIST
            )
            return
        events = [Event(at=told.now, on=told.today, by="clerk:何@620104", fact=fact) for fact in facts]
        told.happened(Happened(events, fold(told.case, events)))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def is_given_a_command_again(self, data: st.DataObject) -> None:
        command = data.draw(st.sampled_from(self.given))
        answer = self._decide(command)
        assert isinstance(answer, Happened)
        assert answer.events == []
        another = Actor(command.by.role, "另一人", command.by.party)
        refusal = self._decide(command.model_copy(update={"by": another}))
        assert isinstance(refusal, Refusal)
        assert refusal.code is Code.COMMAND_REUSED

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def hears_the_same_again(self, data: st.DataObject) -> None:
        news = data.draw(st.sampled_from(self.heard))
        assert take_news(self.told.case, news, self.told.rules, self.told.now).events == []

    @rule(by=st.sampled_from(["system", *CAST]), mode=st.sampled_from(Mode))
    def is_signalled(self, by: str, mode: Mode) -> None:
        told = self.told
        command = told.command("escalate", by, mode=mode)
        assert isinstance(command, Escalate)
        if told.happened(take_escalation(told.case, command, told.rules, told.now)):
            assert take_escalation(told.case, command, told.rules, told.now).events == []

    @precondition(lambda self: self.told.case.ended is None and not self.told.case.suspended)
    @rule(rules=st.sampled_from(PACKS))
    def adopts_other_rules(self, rules: Rules) -> None:
        self.told.until(str(self.told.today))
        if not self.told.case.suspended:
            calendar = self.told.rules.calendar
            other = rules.model_copy(update={"calendar": calendar})
            self.told.adopt(other, by=f"head:孙@{self.told.case.holder}")

    @rule(years=st.sampled_from([0, 1, 2]))
    def counts_by_another_calendar(self, years: int) -> None:
        """As though the days off of some year were others."""
        self.notices += 1
        calendar = self.told.rules.calendar
        moved = calendar.model_copy(
            update={
                "version": f"{calendar.version.partition('+')[0]}+{self.notices}",
                "exceptions": frozenset(day + timedelta(days=years) for day in calendar.exceptions),
            }
        )
        self.told.count_by(self.told.rules.model_copy(update={"calendar": moved}))

    @rule(days=st.integers(1, 40))
    def waits(self, days: int) -> None:
        self.told.until(str(self.told.today + timedelta(days=days)))

    @rule(days=st.integers(1, 40))
    def is_left_alone(self, days: int) -> None:
        """Nobody watches the clock: what falls due is made up for before whatever comes next."""
        self.told.today += timedelta(days=days)

    def _give(self, data: st.DataObject, do: str, by: str | None = None) -> None:
        chance = Chance(self.told, data)
        command = self.told.command(do, by or chance.giver(do), **chance.fields(do))
        answer = self._decide(command)
        if not isinstance(answer, Refusal):
            assert {event.digest for event in answer.events if event.command_id} == {command.digest()}
            self.told.happened(answer)
            self.given.append(command)

    def _decide(self, command: AnyCommand) -> Happened | Refusal:
        """The answer, which changes nothing yet, and nothing at all when it is a refusal."""
        case = self.told.case
        before = case.model_dump_json()
        try:
            return carry_out(case, command, self.told.rules, self.told.now)
        except Refusal as refusal:
            return refusal
        finally:
            assert case.model_dump_json() == before

    @invariant()
    def everything_holds(self) -> None:
        if self.told.case is not self.looked_at:
            for law in LAWS:
                law(self.told)
            self.looked_at = self.told.case

    def teardown(self) -> None:
        """From now on nobody acts: it happens what was foreseen, and the same to whoever is away."""
        there, away = self.told, self.told.again()
        foreseen = forecast(there.case, there.rules, there.now)
        far = str(there.today + timedelta(days=1500))
        assert there.until(far) == foreseen
        assert next_at(there.case, there.rules) is None
        assert essence(away.away_until(far)) == essence(foreseen)
        assert (away.case.mode, away.case.route) == (there.case.mode, there.case.route)
        for told in (there, away):
            for law in LAWS:
                law(told)


TestCaseUnderFire = CaseUnderFire.TestCase
TestCaseUnderFire.settings = settings(max_examples=15, stateful_step_count=50)
