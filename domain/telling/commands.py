"""The texts of the forms of all commands that take effect by themselves, of cases and batches."""

from collections.abc import Mapping
from typing import Final

from domain.command_base import name_of
from domain.telling import (
    bonds,
    correction,
    courts,
    delay,
    desk,
    evidence,
    funding,
    handover,
    intake,
    interest,
    interview,
    merging,
    parties,
    payment,
    planning,
    policy,
    pressure,
    recognition,
    review,
    withdrawal,
)
from domain.telling.asking import Words
from domain.telling.terms import Sentence

ASKING: Final[Words] = {
    **intake.ASKING,
    **handover.ASKING,
    **merging.ASKING,
    **recognition.ASKING,
    **planning.ASKING,
    **funding.ASKING,
    **payment.ASKING,
    **interest.ASKING,
    **review.ASKING,
    **withdrawal.ASKING,
    **courts.ASKING,
    **correction.ASKING,
    **delay.ASKING,
    **parties.ASKING,
    **pressure.ASKING,
    **interview.ASKING,
    **desk.ASKING,
    **evidence.ASKING,
    **policy.ASKING,
    **bonds.ASKING,
}

CALLED: Final[Mapping[str, Sentence]] = {
    name_of(command): (asking.zh, asking.en) for command, asking in ASKING.items()
}
"""The names of the commands by their `do`."""
