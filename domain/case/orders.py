"""What deciders share: the moment they decide in, the envelopes of facts, and refusals that more than one of them gives."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from domain.actors import SYSTEM, Actor
from domain.calendar import business_date
from domain.case.casefile import Case, Payment
from domain.case.duties import changes
from domain.case.evolve import fold, known_as, with_duties
from domain.commands import Asked
from domain.events import REDATING, Event
from domain.facts import CaseFact
from domain.refusal import Code, Refusal
from domain.rules import Rules

Facts = list[CaseFact]
"""What a command makes happen, in order."""


class Moment(NamedTuple):
    """The rules a case carries, and the business instant of a command."""

    rules: Rules
    now: datetime

    @property
    def today(self) -> date:
        """The business date, in Asia/Shanghai."""
        return business_date(self.now)


def enveloped(case: Case, facts: Facts, moment: Moment, command: Asked) -> list[Event]:
    """What a command makes happen, in envelopes."""
    return happen(case, facts, moment, command)[1]


def happen(
    case: Case, facts: Facts, moment: Moment, command: Asked | None = None, on: date | None = None
) -> tuple[Case, list[Event]]:
    """The facts in their envelopes, and the case after them; the last one says what all of them together did to the duties.

    Args:
        command: What caused them; without one the system did, by itself.
        on: The day they are dated by, when that is not today.
    """
    events = [
        Event(
            at=moment.now,
            on=on or moment.today,
            by=command.by if command else SYSTEM,
            fact=fact,
            entered_by=command.entered_by if command else None,
            account=command.account if command else None,
            command_id=command.command_id if command else None,
            digest=command.digest() if command else None,
        )
        for fact in facts
    ]
    case = fold(case, events)
    anew = any(isinstance(fact, REDATING) for fact in facts)
    last = events[-1].model_copy(update=changes(case, moment.rules, events[-1].on, anew=anew)._asdict())
    return with_duties(case, last), [*events[:-1], last]


def wrong_stage(case: Case, message: str, detail: str) -> Refusal:
    """The command is not possible where the case stands."""
    return Refusal(
        Code.WRONG_STAGE,
        f"{message}(当前阶段:{case.stage})",
        f"{detail}; the case is in {case.stage}",
    )


def not_in_future(day: date, moment: Moment, field: str) -> None:
    """Refuse a day after today."""
    if day > moment.today:
        raise Refusal(
            Code.DATE_IN_FUTURE, f"日期 {day} 尚未到来", f"{day} is after today, {moment.today}", field
        )


def awaited(case: Case, voucher: str, *states: str) -> Payment:
    """The payment with that voucher, if it is in one of the states."""
    payment = case.payment(voucher)
    if payment is None or payment.state not in states:
        raise Refusal(
            Code.UNKNOWN_VOUCHER,
            f"没有凭证号为 {voucher} 的付款等待此项操作",
            f"no payment with voucher {voucher} awaits this",
            "voucher",
        )
    return payment


def not_both_sides(command: Asked, other_side: Actor | None) -> None:
    """Refuse what somebody enters for one party about what the same person entered for the other."""
    clerk = command.entered_by
    if clerk is not None and other_side is not None and not clerk.is_second_person_to(other_side):
        raise Refusal(
            Code.FOUR_EYES,
            "同一人不得代录双方的意见,请由另一位经办人录入",
            "nobody enters the word of both sides: another clerk does",
            "entered_by",
        )


def is_repeated(known: Mapping[str, str], command: Asked) -> bool:
    """Whether a case or batch, which knows the digest of each command by `known_as`, has carried out this very one.

    Raises:
        Refusal: Its id was used, with other content.
    """
    digest = known.get(known_as(command.key))
    if digest is not None and digest != command.digest():
        raise reused(command.command_id)
    return digest is not None


def reused(command_id: str) -> Refusal:
    """The id belongs to another command."""
    return Refusal(
        Code.COMMAND_REUSED,
        f"命令编号 {command_id} 已用于另一内容",
        f"command id {command_id} was used before, for something else",
        "command_id",
    )
