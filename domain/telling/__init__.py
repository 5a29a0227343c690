"""What people are told: the words of the field and the sentences of facts, in Chinese and in English."""

from typing import Final

from domain.telling import bonds, delay, funding, intake, payment, policy, pressure, recognition, review
from domain.telling.asking import Words
from domain.telling.sentence import giver, sentence

__all__ = ["ASKING", "giver", "sentence"]

ASKING: Final[Words] = {
    **intake.ASKING,
    **recognition.ASKING,
    **funding.ASKING,
    **payment.ASKING,
    **review.ASKING,
    **delay.ASKING,
    **pressure.ASKING,
    **policy.ASKING,
    **bonds.ASKING,
}
"""The words of the form of every command."""
