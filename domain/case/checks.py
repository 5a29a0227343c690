"""Shared by handlers: the moment at which they decide, and the checks that several of them make."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from domain.actors import Actor
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.contents import Payment
from domain.command_base import CommandBase
from domain.facts import CaseFact
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.telling.terms import STAGES
from domain.value import Attempt

Facts = list[CaseFact]
"""What a command makes happen, in order."""


class Moment(NamedTuple):
    """The rules that apply, and the business instant at which a command is decided."""

    rules: Rules
    now: datetime

    @property
    def today(self) -> date:
        """The business date, in Asia/Shanghai."""
        return business_date(self.now)


def wrong_stage(case: Case, message: str, detail: str) -> Refusal:
    """The refusal of a command that is not possible where the case stands."""
    return Refusal(
        Code.WRONG_STAGE,
        f"{message}(当前阶段:{STAGES[case.stage][0]})",
        f"{detail}; the case is in {case.stage}",
    )


def not_in_future(day: date, moment: Moment, field: str) -> None:
    """Refuse a day after today."""
    if day > moment.today:
        raise Refusal(
            Code.DATE_IN_FUTURE, f"日期 {day} 尚未到来", f"{day} is after today, {moment.today}", field
        )


def awaited(case: Case, voucher: str, *states: str) -> Payment:
    """The payment with that voucher.

    Raises:
        Refusal: `unknown_voucher`: there is none, or it is in none of these states.
    """
    payment = case.payment(voucher)
    if payment is None or payment.state not in states:
        raise Refusal(
            Code.UNKNOWN_VOUCHER,
            f"没有凭证号为 {voucher} 的付款等待此项操作",
            f"no payment with voucher {voucher} awaits this",
            "voucher",
        )
    return payment


def not_both_sides(command: CommandBase, other_side: Actor | None) -> None:
    """Refuse a command that a clerk enters for one party in answer to what the same clerk entered for the other.

    Raises:
        Refusal: `four_eyes`.
    """
    clerk = command.entered_by
    if clerk is not None and other_side is not None and not clerk.is_second_person_to(other_side):
        raise Refusal(
            Code.FOUR_EYES,
            "同一人不得代录双方的意见,请由另一位经办人录入",
            "nobody enters the word of both sides: another clerk does",
            "entered_by",
        )


def attempted(case: Case, attempts: Sequence[Attempt], since: date, moment: Moment) -> None:
    """Check that somebody who is silent was contacted on at least two different days, none of them before the silence began.

    Raises:
        Refusal: `evidence_missing`, or `date_in_future`.
    """
    days = set()
    for index, attempt in enumerate(attempts):
        day = attempt.on or _contacted_on(case, attempt, f"attempts.{index}.contact")
        field = f"attempts.{index}.{'on' if attempt.on else 'contact'}"
        not_in_future(day, moment, field)
        if day < since:
            raise Refusal(
                Code.EVIDENCE_MISSING,
                f"{day} 的联系早于 {since},不能作为联系不上的依据",
                f"an attempt of {day} shows nothing of a silence that began on {since}",
                field,
            )
        days.add(day)
    if len(days) < 2:
        raise Refusal(
            Code.EVIDENCE_MISSING,
            f"须有 {since} 以来至少两日的联系记录",
            f"attempts to reach the creditor on two days since {since} are needed",
            "attempts",
        )


def _contacted_on(case: Case, attempt: Attempt, field: str) -> date:
    no = attempt.contact or 0
    if no > len(case.contacts):
        raise Refusal(
            Code.EVIDENCE_MISSING, f"本案没有第 {no} 项联系记录", f"there is no contact {no} on record", field
        )
    return case.contacts[no - 1]
