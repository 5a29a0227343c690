"""接入: taking over a case that was kept elsewhere, with its stage and amounts.

An office begins with a backlog of thousands of rows, none of which is new. What happened before the day of entry is taken over as it
was told, and makes nobody late: every term begins on that day.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from domain.money import Fen, PositiveFen
from domain.statement import PlannedInstalment, Statement
from domain.value import (
    BONDS,
    MOST_INSTALMENTS,
    MOST_OF_A_LIST,
    Day,
    Mode,
    Name,
    SourceKind,
    Stage,
    Value,
    fault,
)

ReachedStage = Literal["transfer", "verification", "funding", "bonding", "payment", "review"]

_WITH_ACCOUNT: Final = ("funding", "bonding", "payment", "review")


class TakenRecognition(Statement):
    """The recognised debt, as it was stated elsewhere."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.owed_fen != self.parts_fen:
            raise fault(
                "结算额减已付额应等于各部分之和", "undisputed: settled − paid is what the parts add up to"
            )
        if self.dated_fen > self.not_yet_due:
            raise fault("有到期日的部分合计超过未到期金额", "dues: add up to no more than not_yet_due")
        if any(due.due_on <= self.as_of for due in self.dues):
            raise fault("到期日须在截止日之后", "dues: each falls due after as_of")
        return self


class TakenSource(Value):
    """A source of the plan, in fen."""

    kind: SourceKind
    amount: PositiveFen


class TakenPlan(Value):
    """The remaining part of the plan. The day of an instalment may have passed."""

    sources: Annotated[tuple[TakenSource, ...], Field(min_length=1, max_length=MOST_OF_A_LIST)]
    instalments: Annotated[tuple[PlannedInstalment, ...], Field(min_length=1, max_length=MOST_INSTALMENTS)]


class TakenIn(Value):
    """How far a case had come elsewhere, as of a day.

    Attributes:
        source: Where it was kept before, such as the name of a ledger (台账).
        cleared: How much of the undisputed debt had been paid since it was recognised, in fen.
    """

    as_of: Day
    source: Name
    stage: ReachedStage
    mode: Literal["transferred", "supervised", "key_supervised", "taken_over"] = "transferred"
    acknowledged_on: Day | None = None
    recognition: TakenRecognition | None = None
    plan: TakenPlan | None = None
    cleared: Fen = 0

    @property
    def reached(self) -> Stage:
        """The stage in which the case continues."""
        return Stage(self.stage)

    @property
    def pressed(self) -> Mode:
        """The disposition mode in which it continues."""
        return Mode(self.mode)

    @property
    def sources(self) -> frozenset[SourceKind]:
        """The sources that its plan counts on."""
        return frozenset(one.kind for one in self.plan.sources) if self.plan else frozenset()

    @model_validator(mode="after")
    def _stands(self) -> Self:
        stands = self.stage in _WITH_ACCOUNT
        if (stands and self.recognition is None) or (
            self.recognition is not None and self.stage == "transfer"
        ):
            raise fault(
                "资金筹措及以后的阶段须有认定金额,转办阶段没有",
                "recognition: is there from funding on, and not in transfer",
            )
        if self.cleared and not stands:
            raise fault("尚无认定金额,不应有已清偿金额", "cleared: nothing is recognised yet")
        known_on = (self.acknowledged_on, self.recognition.as_of if self.recognition else None)
        if any(day is not None and day > self.as_of for day in known_on):
            raise fault("签收日、认定截止日不晚于接入截止日", "as_of: nothing is known of a later day")
        owed_fen = self.recognition.undisputed - self.cleared if self.recognition else 0
        if owed_fen < 0:
            raise fault("已清偿金额超过无分歧金额", "cleared: is no more than undisputed")
        self._has_its_plan(owed_fen)
        return self

    def _has_its_plan(self, owed_fen: int) -> None:
        known = self.recognition
        is_planned = self.stage in ("bonding", "payment") and owed_fen > 0
        if (self.plan is not None) is not is_planned:
            raise fault(
                "纳入债券、分期支付阶段须有清偿计划,其他阶段没有",
                "plan: is there in bonding and payment while something is to be paid, and nowhere else",
            )
        if self.plan is not None:
            for amounts in (self.plan.sources, self.plan.instalments):
                if sum(one.amount for one in amounts) != owed_fen:
                    raise fault(
                        "清偿计划合计应等于无分歧金额减已清偿金额", "plan: adds up to undisputed − cleared"
                    )
        if (not BONDS.keys().isdisjoint(self.sources)) is not (self.stage == "bonding"):
            raise fault(
                "计划中有债券的为纳入债券阶段", "stage: is bonding where the plan has bonds, and only there"
            )
        left_fen = (known.disputed + known.not_yet_due + known.judicial) if known else 0
        is_clear = owed_fen + left_fen == 0
        if self.stage == "review" and not is_clear:
            raise fault("回访审核阶段须已全部清偿", "stage: in review nothing is left")
        if (self.stage == "funding" and owed_fen == 0) or (self.stage == "payment" and is_clear):
            raise fault(
                "没有待清偿的无分歧金额,阶段应为分期支付或回访审核",
                "stage: with nothing undisputed left it is payment, or review",
            )
