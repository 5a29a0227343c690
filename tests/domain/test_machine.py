"""A case under random fire: commands right and wrong, repeated and misused, news of bonds, days passing.

Whatever happens, somebody owes the next step, no fen is lost, and the journal alone tells the whole case.
"""

from datetime import timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.actors import parse_actor
from domain.case import ORDERS, decide, take_news
from domain.casefile import Case
from domain.commands import Ordered, TakeBondNews
from domain.events import Event
from domain.refusal import Code, Refusal
from domain.rules import DutyKind
from tests.domain.chance import Chance
from tests.domain.laws import LAWS
from tests.domain.story import BATCH_NO, USUAL, Story, bonds_of, story_at

WHEN: Final = {command.model_fields["do"].default: order.when for command, order in ORDERS.items()}
GIVING_UP: Final = ["refuse", "unfounded", "withdraw", "go_judicial"]
GOING_ON: Final = [do for do in USUAL if do not in GIVING_UP]
SERVES: Final[dict[DutyKind, list[str]]] = {
    DutyKind.INTAKE: ["accept"],
    DutyKind.CORRECTION: ["supply_correction"],
    DutyKind.TRANSFER: ["forward"],
    DutyKind.ACKNOWLEDGEMENT: ["acknowledge"],
    DutyKind.VERIFICATION: ["recognise"],
    DutyKind.ENDORSEMENT: ["endorse"],
    DutyKind.DISPUTE: ["resolve_dispute"],
    DutyKind.FUNDING: ["plan"],
    DutyKind.BONDING: [],
    DutyKind.INSTALMENT: ["fund"],
    DutyKind.CONFIRMATION: ["confirm_receipt"],
    DutyKind.ANSWER: ["bounce", "confirm_receipt"],
    DutyKind.REVIEW: ["call_back", "close"],
}
POINTS: Final = ["received", "acknowledged", "endorsed", "planned", "planned", "closed"]
PLANS: Final = [{}, bonds_of("400万元"), bonds_of("150万元", "250万元")]
CAST: Final = [
    *(by for by, _ in USUAL.values()),
    "clerk:何@620000",
    "debtor@别家",
    "creditor:钱@别家",
    "system",
]


def _plan_has_bonds(machine: "CaseUnderFire") -> bool:
    return any(event.kind == "bond_requested" for event in machine.told.journal)


class CaseUnderFire(RuleBasedStateMachine):
    """Commands and news in any order."""

    told: Story

    @initialize(point=st.sampled_from(POINTS), plan=st.sampled_from(PLANS))
    def begin(self, point: str, plan: dict[str, Any]) -> None:
        self.told = story_at(point, plan=plan if point == "planned" else {})
        self.given: list[Ordered] = []
        self.heard: list[TakeBondNews] = []
        self.looked_at: Case | None = None

    @rule(data=st.data())
    def is_served(self, data: st.DataObject) -> None:
        """Whoever owes something does it."""
        steps = [step for duty in self.told.case.duties for step in SERVES[duty.duty]]
        if self.told.case.available_fen:
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

    @precondition(lambda self: len(self.told.journal) > 30)
    @rule(data=st.data(), do=st.sampled_from(GIVING_UP))
    def is_given_up(self, data: st.DataObject, do: str) -> None:
        self._give(data, do)

    @precondition(_plan_has_bonds)
    @rule(data=st.data(), kind=st.sampled_from(["included", "arrived", "included", "arrived", "ineligible"]))
    def hears_of_bonds(self, data: st.DataObject, kind: str) -> None:
        case, chance = self.told.case, Chance(self.told, data)
        fen = chance.part(case.bond_wanted_fen)
        if kind == "arrived":
            fen = min(chance.part(case.bond_awaited_fen), case.bond_awaited_fen)
        number = len(self.told.journal)
        news = TakeBondNews(
            command_id=f"n{number}",
            by="system",
            batch_no=BATCH_NO,
            news=kind,
            amount=fen,
            transfer_id=f"t{number}",
        )
        self.told.happened(take_news(case, news, self.told.rules, self.told.now))
        self.heard.append(news)

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def is_given_a_command_again(self, data: st.DataObject) -> None:
        command = data.draw(st.sampled_from(self.given))
        assert self._decide(command) == []
        refusal = self._decide(command.model_copy(update={"by": parse_actor("creditor:另一人")}))
        assert isinstance(refusal, Refusal)
        assert refusal.code is Code.COMMAND_REUSED

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def hears_the_same_again(self, data: st.DataObject) -> None:
        news = data.draw(st.sampled_from(self.heard))
        assert take_news(self.told.case, news, self.told.rules, self.told.now) == []

    @rule(days=st.integers(1, 40))
    def waits(self, days: int) -> None:
        self.told.today += timedelta(days=days)

    def _give(self, data: st.DataObject, do: str, by: str | None = None) -> None:
        chance = Chance(self.told, data)
        command = self.told.command(do, by or chance.giver(do), **chance.fields(do))
        answer = self._decide(command)
        if not isinstance(answer, Refusal):
            assert {event.digest for event in answer} == {command.digest()}
            self.told.happened(answer)
            self.given.append(command)

    def _decide(self, command: Ordered) -> list[Event] | Refusal:
        """The answer, which changes nothing yet, and nothing at all when it is a refusal."""
        case = self.told.case
        before = case.model_dump_json()
        try:
            return decide(case, command, self.told.rules, self.told.now)
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


TestCaseUnderFire = CaseUnderFire.TestCase
TestCaseUnderFire.settings = settings(max_examples=60, stateful_step_count=50)
