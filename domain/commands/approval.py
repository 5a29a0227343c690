"""The commands of 送审 and 审批, which the second person gives."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from domain.command_base import CommandBase
from domain.commands.fields import Among
from domain.value import Reference, Text

__all__ = ["ApprovalCommand", "Approve", "ReturnSubmission"]


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


WaitingSubmission = Annotated[Reference, BeforeValidator(_as_text), Among.WAITING_SUBMISSIONS]
"""The number of a submission, or the `do` of the submitted command. It may be omitted if only one waits."""


class Approve(CommandBase):
    is_grave = True

    do: Literal["approve"] = "approve"
    submission: WaitingSubmission | None = None
    reason: Text | None = None


class ReturnSubmission(CommandBase):
    do: Literal["return_submission"] = "return_submission"
    submission: WaitingSubmission | None = None
    reason: Text | None = None


ApprovalCommand = Approve | ReturnSubmission
