"""The texts that people read, in Chinese and English: the terms of the field, the labels of forms, and sentences about facts."""

from typing import Final

from domain.telling import approval, commands
from domain.telling.asking import Words
from domain.telling.sentence import giver, sentence

__all__ = ["ASKING", "giver", "sentence"]

ASKING: Final[Words] = {**commands.ASKING, **approval.ASKING}
"""The texts of every command's form."""
