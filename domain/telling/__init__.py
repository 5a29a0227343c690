"""What people are told: the words of the field and the sentences of facts, in Chinese and in English."""

from domain.telling import bonds, handling, pressure
from domain.telling.sentence import giver, sentence

__all__ = ["bonds", "giver", "handling", "pressure", "sentence"]
