"""What people are told: the words of the field and the sentences of facts, in Chinese and in English."""

from typing import Final

from domain.telling import approval, commands
from domain.telling.asking import Words
from domain.telling.sentence import giver, sentence

__all__ = ["ASKING", "giver", "sentence"]

ASKING: Final[Words] = {**commands.ASKING, **approval.ASKING}
"""The words of the form of every command."""
