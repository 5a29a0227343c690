"""The facts of 送审 and 审批: what becomes of a command that takes two persons."""

from collections.abc import Mapping
from typing import Any, Literal

from domain.duty import DutyKey
from domain.facts.fact import Fact

__all__ = ["ApprovalFact", "Approved", "Returned", "Submitted"]


class Submitted(Fact):
    """A command was submitted, and waits for its second person.

    Attributes:
        no: The number of the submission in its case, from 1.
        fields: The command's own fields without `do`; amounts end in `_fen`.
        rests: The duties that the command would meet. They are not owed while it waits.
        office: The office whose head decides. Set only if the case was closed: the holder's head may not decide then.
    """

    kind: Literal["submitted"] = "submitted"
    no: int
    do: str
    fields: Mapping[str, Any]
    rests: tuple[DutyKey, ...] = ()
    office: str | None = None


class Approved(Fact):
    """The submitted command was approved. The facts that it causes follow in the journal."""

    kind: Literal["approved"] = "approved"
    no: int
    do: str
    reason: str | None = None


class Returned(Fact):
    """The submitted command was rejected. The system does so itself when the case ends or changes its holder."""

    kind: Literal["returned"] = "returned"
    no: int
    do: str
    reason: str | None = None


ApprovalFact = Submitted | Approved | Returned
