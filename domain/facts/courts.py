"""司法: what can have happened in court or arbitration. Amounts end in `_fen`."""

from datetime import date
from typing import Literal

from domain.facts.fact import Fact
from domain.facts.planning import Instalment, Source
from domain.value import InCourt, Stage

__all__ = ["CourtsFact", "JudgmentEntered", "WentJudicial"]


class WentJudicial(Fact):
    """The disputed part goes to court or arbitration while the rest goes on; or all of it, which ends the case."""

    ends = Stage.JUDICIAL

    kind: Literal["went_judicial"] = "went_judicial"
    court: str
    reference: str
    part: InCourt = InCourt.ALL
    hearing_on: date | None = None

    def ending(self) -> Stage | None:
        return self.ends if self.part is InCourt.ALL else None


class JudgmentEntered(Fact):
    """What was in court is back: recognised and owed, or rejected.

    Attributes:
        pay_by: By when the court wants it paid.
        sources, instalments: The plan after it, where it had to be cut.
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
