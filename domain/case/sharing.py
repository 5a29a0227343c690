"""Cases that share a contract, such as those of the members of a consortium (联合体): together they may not claim more than it is
worth.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from domain.case.casefile import Case
from domain.money import format_money
from domain.names.claims import contract_keys
from domain.refusal import Code, Refusal
from domain.value import Stage

_STANDING: Final = frozenset({None, Stage.CLOSED, Stage.JUDICIAL})
"""The ends after which the settled amount stays (None: not ended). After any other end the debt may be stated elsewhere."""


class Share(NamedTuple):
    """What a case states of a contract, and the contract's total if the case names it, in fen.

    Attributes:
        keys: See `contract_keys`.
    """

    keys: tuple[str, ...]
    settled_fen: int
    total_fen: int | None

    def is_of_same_contract(self, other: "Share") -> bool:
        """Whether both are: by the debtors' codes if both cases know one, otherwise by their names."""
        by = min(len(self.keys), len(other.keys)) - 1
        return self.keys[by] == other.keys[by]


def share_of(case: Case) -> Share | None:
    """The share of a case; None if it names no contract, or has no valid statement."""
    contract, debtor = case.receipt.contract, case.receipt.debtor
    stands = case.account is not None or case.recognition_stands
    if contract is None or contract.no is None or not stands or case.ended not in _STANDING:
        return None
    assert case.recognition is not None, "what stands has been stated"
    return Share(contract_keys(debtor, contract.no), case.recognition.settled_fen, contract.total)


def is_more(before: Share | None, now: Share | None) -> bool:
    """Whether the change could exceed the contract: a case states more than before, or names another contract or another total."""
    if now is None or before is None:
        return now is not None
    is_same = (now.keys, now.total_fen) == (before.keys, before.total_fen)
    return not is_same or now.settled_fen > before.settled_fen


def exceeds_contract(share: Share, others: Sequence[Share]) -> Refusal | None:
    """Refuse a share that, together with the others of the same contract, exceeds the largest total that any of the cases names; if
    none names a total, the largest single share.
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
