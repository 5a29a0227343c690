"""Cases that share a contract, such as those of the members of a consortium (联合体): together they state no more than it is worth."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.case.casefile import Case
from domain.money import format_money
from domain.names.claims import contract_key
from domain.refusal import Code, Refusal
from domain.value import Stage

_STANDING: Final = frozenset({None, Stage.CLOSED, Stage.JUDICIAL})
"""Ends after which what was settled stays settled, and none. What was withdrawn, refused or went elsewhere is stated there anew."""


class Share(NamedTuple):
    """What a case states of a contract, in fen, and what all of that is worth, where it says so."""

    key: str
    settled_fen: int
    total_fen: int | None


def share_of(case: Case) -> Share | None:
    """The share of a case; None where it names no contract, or no statement stands."""
    contract, debtor = case.receipt.contract, case.receipt.debtor
    stands = case.account is not None or case.recognition_stands
    if contract is None or contract.no is None or not stands or case.ended not in _STANDING:
        return None
    assert case.recognition is not None, "what stands has been stated"
    key = contract_key(debtor.name, debtor.code, contract.no)
    return Share(key, case.recognition.settled_fen, contract.total)


def is_more(before: Share | None, now: Share | None) -> bool:
    """Whether a case states more of its contract than before, or another contract, or that it is worth something else."""
    if now is None or before is None:
        return now is not None
    is_same = (now.key, now.total_fen) == (before.key, before.total_fen)
    return not is_same or now.settled_fen > before.settled_fen


def exceeds_contract(share: Share, others: Sequence[Share]) -> Refusal | None:
    """Why a case may not state its share beside what others state of the same contract: together it is more than the largest total
    that one of them names; where none does, more than the largest of them.
    """
    if not others:
        return None
    shares = (share, *others)
    totals = [one.total_fen for one in shares if one.total_fen is not None]
    most_fen = max(totals or (one.settled_fen for one in shares))
    together_fen = sum(one.settled_fen for one in shares)
    if together_fen <= most_fen:
        return None
    return Refusal(
        Code.EXCEEDS_OWED,
        f"同一合同的各案结算额合计 {format_money(together_fen)},超过合同总额 {format_money(most_fen)}",
        f"the cases of this contract state {format_money(together_fen)} together, and it is worth {format_money(most_fen)}",
        "settled",
    )
