"""并案: a case that was registered twice goes on in the other one.

Whether the other case is open and has the same parties is known to the record alone: it checks that in the transaction in which the
other case absorbs this one.
"""

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.events import Event
from domain.names.claims import Claim
from domain.refusal import Code, Refusal
from domain.value import MOST_OF_A_LIST


def merge(case: Case, command: c.Merge, moment: Moment) -> Facts:
    """Merge this case into the other one. Only a case without payments or funds can be merged."""
    if command.into == case.case_no:
        raise _no_case_to_go_on_in(command.into)
    return [e.Merged(into=command.into, reason=command.reason)]


def absorbed(case: Case, into: str, other: Case | None) -> Facts:
    """Have the other case absorb this one, and the cases that this one had absorbed.

    Raises:
        Refusal: `malformed`: there is no such case, it has ended, it has other parties, or it has absorbed as many cases as it may.
    """
    if other is None or other.ended is not None or not _is_of_same_parties(case, other):
        raise _no_case_to_go_on_in(into)
    receipt = case.receipt
    this = e.Absorbed(case_no=case.case_no, channel=receipt.channel, received_on=receipt.received_on)
    if len(other.absorbed) + len(case.absorbed) >= MOST_OF_A_LIST:
        raise Refusal(
            Code.MALFORMED,
            f"并入 {into} 的案件已达 {MOST_OF_A_LIST} 件",
            f"{MOST_OF_A_LIST} cases go on in {into} already",
            "into",
        )
    return [this, *case.absorbed]


def _is_of_same_parties(case: Case, other: Case) -> bool:
    return Claim.of(case.receipt).is_of_same_parties(Claim.of(other.receipt))


def _no_case_to_go_on_in(into: str) -> Refusal:
    return Refusal(
        Code.MALFORMED,
        f"{into} 不是同一债权人、债务人的另一在办案件",
        f"{into} is no other open case of the same creditor and debtor",
        "into",
    )


@change.register
def _(fact: e.Merged, case: Case, event: Event) -> Change:
    return {"merged_into": fact.into}


@change.register
def _(fact: e.Absorbed, case: Case, event: Event) -> Change:
    return {"absorbed": (*case.absorbed, fact)}
