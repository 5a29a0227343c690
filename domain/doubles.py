"""The answer to whoever registers a case that is on record already (重复登记)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.refusal import Code, Refusal
from domain.telling import english, words
from domain.value import Stage

MOST_CANDIDATES: Final = 10


class Candidate(NamedTuple):
    """A case on record that looks like the one to be registered. It shows only what is needed to look it up, because it may belong to
    another office. Until its receipt is recorded it has no stage and no holder.
    """

    case_no: str
    received_on: date
    stage: Stage | None
    holder: str | None

    def to_json(self) -> dict[str, Any]:
        """`{case_no, received_on, stage, holder}`."""
        told = self._asdict() | {"received_on": self.received_on.isoformat()}
        return told | {"stage": self.stage.value if self.stage else None}

    @property
    def told(self) -> tuple[str, str]:
        """The case in words, in Chinese and English."""
        if self.stage is None:
            return f"{self.case_no}(正在登记)", f"{self.case_no} (being registered)"
        return (
            f"{self.case_no}({words.STAGES[self.stage]},{self.holder})",
            f"{self.case_no} ({english.STAGES[self.stage]}, {self.holder})",
        )


def told(candidates: Iterable[Candidate]) -> tuple[str, str]:
    """Several cases in words, in Chinese and English."""
    chinese, in_english = zip(*(one.told for one in candidates), strict=True)
    return "、".join(chinese), ", ".join(in_english)


def duplicate(candidates: Sequence[Candidate]) -> Refusal:
    """The refusal of a possible duplicate, which names the candidates. Stating that the case is another one overrides it."""
    chinese, in_english = told(candidates)
    return Refusal(
        Code.DUPLICATE,
        f"疑似重复登记:{chinese};确为另一案件的,请注明另案登记",
        f"this looks like a case on record: {in_english}; say that it is distinct where it is another",
        "distinct",
        {"candidates": [one.to_json() for one in candidates]},
    )
