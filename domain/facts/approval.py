"""送审 and 审批: what can have happened to a command that takes two persons."""

from collections.abc import Mapping
from typing import Any, Literal

from domain.duty import DutyKey
from domain.facts.fact import Fact

__all__ = ["ApprovalFact", "Approved", "Returned", "Submitted"]


class Submitted(Fact):
    """A command waits for its second person.

    Attributes:
        no: The number of the submission in its case, from 1.
        fields: What the command says beside `do`; amounts end in `_fen`.
        rests: The duties that it would meet: they are not owed until the approval is.
        office: Whose head is to decide, where the holder's may not: in a case that was closed.
    """

    kind: Literal["submitted"] = "submitted"
    no: int
    do: str
    fields: Mapping[str, Any]
    rests: tuple[DutyKey, ...] = ()
    office: str | None = None


class Approved(Fact):
    """The command happens: what it makes happen follows in the journal."""

    kind: Literal["approved"] = "approved"
    no: int
    do: str
    reason: str | None = None


class Returned(Fact):
    """The command does not happen. The system returns what waits when a case ends or changes its holder."""

    kind: Literal["returned"] = "returned"
    no: int
    do: str
    reason: str | None = None


ApprovalFact = Submitted | Approved | Returned
