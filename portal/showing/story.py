"""A case's journal as its enterprise may read it, in words and in both languages.

It leaves out what offices decide among themselves: submissions, proposed steps and their results, the referral, notices, and heads'
duties. Of other entries it leaves out what an office writes for itself: why it raised or relieved a case, the note of a call-back, the
closing report.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain import facts as e
from domain.actors import OFFICE_ROLES, Actor, Role
from domain.events import Event
from domain.money import format_money
from domain.telling import english, sentence
from domain.telling.words import DUTIES, ROLES, STAGES, Sentence
from domain.value import Mode, Stage

HIDDEN_DUTIES: Final = frozenset({"approval", "gate", "promise"})
"""The duties that an enterprise does not see, because they are internal to the offices."""

_HIDDEN: Final = frozenset(
    {
        *("step_proposed", "step_approved", "step_declined", "credit_recorded", "notice_issued"),
        *("submitted", "approved", "returned"),
        *("summoned", "interview_held", "fulfilled", "publicised"),
        *("assigned", "remarked", "contacted", "served", "corrected", "attached", "detached"),
    }
)

Offices = Mapping[str, str]


class StoryLine(NamedTuple):
    """A line of the story: the business date, what happened, and which office or party acted; None: it happened by itself."""

    on: str
    kind: str
    what: Sentence
    who: Sentence | None


def told(events: Sequence[Event], offices: Offices) -> list[StoryLine]:
    """The story of a case, from the beginning."""
    return [
        StoryLine(event.on.isoformat(), event.kind, said, _who(event, offices))
        for event in events
        if (said := _said(event, offices)) is not None
    ]


def _said(event: Event, offices: Offices) -> Sentence | None:
    fact = event.fact
    if event.kind in _HIDDEN or getattr(fact, "duty", None) in HIDDEN_DUTIES:
        return None
    if isinstance(fact, e.Escalated):
        return _raised(fact, offices)
    masked = _MASKED.get(event.kind)
    return masked(fact, offices) if masked else sentence(fact)


def _who(event: Event, offices: Offices) -> Sentence | None:
    """The office or party that acted, and the office that entered it for a party."""
    told = _named(event.by, offices)
    clerk = _named(event.entered_by, offices) if event.entered_by else None
    if told is None or clerk is None:
        return told
    return f"{told[0]}(由{clerk[0]}代录)", f"{told[1]} (entered by {clerk[1]})"


def _named(by: Actor, offices: Offices) -> Sentence | None:
    """The office or the party, never a person; None for the system."""
    if by.role is Role.SYSTEM:
        return None
    if by.role in OFFICE_ROLES and by.party is not None:
        office = offices.get(by.party, by.party)
        return (f"{office}{ROLES[by.role]}", f"{office}, {english.ROLES[by.role]}")
    return (ROLES[by.role], english.ROLES[by.role])


def _raised(fact: e.Escalated, offices: Offices) -> Sentence | None:
    """That a case is supervised, and by whom, but not in which mode."""
    if fact.mode is Mode.REFERRED:
        return None
    if fact.holder is not None:
        office = offices.get(fact.holder, fact.holder)
        return (f"提级办理,由{office}直接办理", f"Taken over by {office}")
    if fact.was is Mode.TRANSFERRED:
        return ("列入督办", "Put under supervision")
    return None


def _accepted(fact: e.Accepted, offices: Offices) -> Sentence:
    if fact.mode is None:
        return sentence(fact)
    return ("正式受理,列入督办", "Accepted, and put under supervision")


def _forwarded(fact: e.Forwarded, offices: Offices) -> Sentence:
    if fact.to == "debtor":
        return ("转交债务人办理", "Handed to the debtor")
    office = offices.get(fact.to, fact.to)
    return (f"转办至{office}", f"Handed down to {office}")


def _disputed(fact: e.ReceiptDisputed, offices: Offices) -> Sentence:
    amount = format_money(fact.amount_fen)
    if fact.was_cleared:
        return (f"已确认的到账 {amount} 重新核对", f"The confirmed receipt of {amount} is looked at again")
    return sentence(fact)


def _reopened(fact: e.Reopened, offices: Offices) -> Sentence:
    if fact.back_to is None:
        return ("重新办理", "Reopened")
    stage = Stage(fact.back_to)
    return (f"重新办理,退回{STAGES[stage]}", f"Reopened, back to {english.STAGES[stage].lower()}")


def _moved(fact: e.Redated | e.PolicyAdopted, offices: Offices) -> Sentence:
    seen = [one for one in fact.moved if one.duty not in HIDDEN_DUTIES]
    days = [(f"{one.was} → {one.due_on}", one.duty) for one in seen]
    chinese = "、".join(f"{DUTIES[duty]} {move}" for move, duty in days) or "期限不变"
    plain = ", ".join(f"{english.DUTIES[duty]} {move}" for move, duty in days) or "no day changes"
    if isinstance(fact, e.Redated):
        return (f"按《{fact.notice}》重新计算期限:{chinese}", f"Days counted again by {fact.notice}: {plain}")
    return (f"适用规则更新:{chinese}", f"Other rules apply: {plain}")


_MASKED: Final[Mapping[str, Any]] = {
    "accepted": _accepted,
    "forwarded": _forwarded,
    "receipt_disputed": _disputed,
    "reopened": _reopened,
    "redated": _moved,
    "policy_adopted": _moved,
    "closed": lambda fact, offices: ("销号,案件办结", "Struck off: the case is done"),
    "relieved": lambda fact, offices: ("解除督办", "No longer under supervision"),
}
