"""Amounts in words, when some may still be to be verified (待核实). Those are never shown as 0.00."""

from typing import Final

from domain.money import format_money
from domain.telling.terms import Sentence

TO_BE_VERIFIED: Final[Sentence] = ("待核实", "to be verified")


def amount(fen: int | None) -> Sentence:
    """An amount in words, or that it is to be verified."""
    return TO_BE_VERIFIED if fen is None else (format_money(fen), format_money(fen))


def amount_in_all(fen: int, unverified: int) -> Sentence:
    """The sum of several cases in words, with the number of those whose amount is to be verified."""
    if not unverified:
        return amount(fen)
    told_zh, told_en = f"待核实 {unverified} 件", f"{unverified} to be verified"
    return (
        (f"{format_money(fen)},{told_zh}", f"{format_money(fen)}, {told_en}") if fen else (told_zh, told_en)
    )
