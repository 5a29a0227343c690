"""Refusals. A refusal is an answer, not an error: a code for programs, and a sentence for people in Chinese and English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Why a command was refused."""

    NOT_YOURS = "not_yours"
    WRONG_STAGE = "wrong_stage"
    AMOUNTS_DO_NOT_ADD_UP = "amounts_do_not_add_up"
    EXCEEDS_OWED = "exceeds_owed"
    EXCEEDS_PLAN = "exceeds_plan"
    FUNDS_NOT_AVAILABLE = "funds_not_available"
    VOUCHER_REUSED = "voucher_reused"
    REFERENCE_REUSED = "reference_reused"
    COMMAND_REUSED = "command_reused"
    UNKNOWN_VOUCHER = "unknown_voucher"
    ALREADY_LAPSED = "already_lapsed"
    BEYOND_CEILING = "beyond_ceiling"
    FOUR_EYES = "four_eyes"
    SUSPENDED = "suspended"
    NOT_SUSPENDED = "not_suspended"
    DATE_IN_FUTURE = "date_in_future"
    DATE_BEFORE_CASE = "date_before_case"
    CASE_ENDED = "case_ended"
    MALFORMED = "malformed"
    NOT_ELIGIBLE = "not_eligible"
    EVIDENCE_MISSING = "evidence_missing"
    DUPLICATE = "duplicate"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A command that may not be carried out. Nothing has changed.

    Args:
        code: Why, for programs.
        message: A sentence in Chinese.
        detail: The same in English.
        field: The field of the command that is at fault, if there is one.
        more: Further members of its JSON, such as `candidates`.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        detail: str,
        field: str | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.message = message
        self.detail = detail
        self.field = field
        self.more = more or {}

    def to_json(self) -> dict[str, Any]:
        """The refusal as every interface shows it: `{code, field, message, detail}`, with its further members."""
        return {
            "code": self.code.value,
            "field": self.field,
            "message": self.message,
            "detail": self.detail,
            **self.more,
        }


def reference_reused(reference: str) -> Refusal:
    """The refusal of a money reference that was used before. Each is used once in the whole record."""
    return Refusal(
        Code.REFERENCE_REUSED,
        f"文号 {reference} 已登记",
        f"reference {reference} has been recorded already",
        "reference",
    )
