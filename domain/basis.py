"""The legal basis (依据) that a term or a document cites: an article that was in force on the day and applies to the parties."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from domain.value import MOST_OF_A_LIST, Day, Text, Value

Governed = Literal["governed", "organ"]
"""To whom an article applies: the cases that the 条例 governs, or those in which 机关 and 事业单位 owe, whoever is owed
(优化营商环境条例 Art 32).
"""


class Basis(Value):
    """A text that may be cited, within a period and for certain cases.

    Attributes:
        since: The day on which it came into force; `from` in a rule pack.
        until: The last day on which it is in force.
        governed: The cases to which it applies; `for` in a rule pack. None: to all.
    """

    model_config = ConfigDict(populate_by_name=True)

    text: Text
    since: Day | None = Field(None, alias="from")
    until: Day | None = None
    governed: Governed | None = Field(None, alias="for")

    def fits(self, case: Collection[Governed], on: date) -> bool:
        """Whether the text may be cited on that day.

        Args:
            case: What governs the case.
        """
        is_in_force = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        return is_in_force and (self.governed is None or self.governed in case)


def _ends_with_one_for_all(written: tuple[Basis, ...]) -> tuple[Basis, ...]:
    last = written[-1]
    if (last.since, last.until, last.governed) != (None, None, None):
        raise ValueError("the last basis goes for every case on every day")
    return written


Bases = Annotated[
    tuple[Basis, ...],
    Field(min_length=1, max_length=MOST_OF_A_LIST),
    AfterValidator(_ends_with_one_for_all),
    BeforeValidator(lambda written: [{"text": written}] if isinstance(written, str) else written),
]
"""One text or several, of which the first that applies is cited. The last one always applies."""


def quoted(bases: Sequence[Basis], case: Collection[Governed], on: date) -> str:
    """The text to cite on that day in a case that these articles govern."""
    return next(basis.text for basis in bases if basis.fits(case, on))
