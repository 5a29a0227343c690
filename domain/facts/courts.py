"""The facts of 司法: what happens in court or arbitration. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.facts.planning import Instalment, Source
from domain.value import InCourt, Stage

__all__ = ["CourtsFact", "JudgmentEntered", "WentJudicial"]


class WentJudicial(Fact):
    """The disputed part went to court or arbitration while the case goes on; or all of the debt did, which ends the case."""

    ends = Stage.JUDICIAL

    kind: Literal["went_judicial"] = "went_judicial"
    court: str
    reference: str
    part: InCourt = InCourt.ALL
    hearing_on: date | None = None

    def ending(self) -> Stage | None:
        return self.ends if self.part is InCourt.ALL else None


class JudgmentEntered(Fact):
    """The court has decided: the part it recognised is owed again, the part it rejected is not.

    Attributes:
        pay_by: The day by which the court wants it paid.
        sources, instalments: The plan afterwards, if it had to be cut.
    """

    redates = True

    kind: Literal["judgment_entered"] = "judgment_entered"
    recognised_fen: int
    rejected_fen: int
    reference: str
    pay_by: date | None = None
    sources: tuple[Source, ...] | None = None
    instalments: tuple[Instalment, ...] | None = None


CourtsFact = WentJudicial | JudgmentEntered
