"""证据材料: which papers that the rule pack demands a step lacks, and the attachments of a case."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

from domain import commands as c
from domain.case.casefile import Case
from domain.case.orders import ORDERS
from domain.command_base import name_of
from domain.commands.fields import PaymentsIn, asks
from domain.events import Event
from domain.evidence import EVIDENCE, EvidenceRule
from domain.facts import Attached, Detached
from domain.refusal import Code, Refusal
from domain.rules import Rules
from domain.telling.words import Sentence

KINDS: Final = ("attached", "detached", "substituted")
"""The kinds of journal entries that concern attachments."""

_COMMANDS: Final = {name_of(command): command for command in ORDERS}


class Missing(NamedTuple):
    """A paper that a command lacks: any of the kinds in `rule`, and the voucher it has to belong to."""

    rule: EvidenceRule
    of: str | None

    @property
    def is_required(self) -> bool:
        """Whether the command is refused without it."""
        return self.rule.strength == "required"

    @property
    def told(self) -> Sentence:
        """The missing paper in Chinese and English."""
        zh = "或者".join(EVIDENCE[kind][0] for kind in self.rule.what)
        en = " or ".join(EVIDENCE[kind][1] for kind in self.rule.what)
        return (f"{zh}(凭证 {self.of})", f"{en} for voucher {self.of}") if self.of else (zh, en)


def must_be_on_file(case: Case, command: c.AnyCommand, rules: Rules) -> None:
    """Refuse a command without the papers that it requires.

    Raises:
        Refusal: `evidence_missing`.
    """
    for one in lacking(case, command.do, rules, getattr(command, "voucher", None)):
        if one.is_required:
            zh, en = one.told
            raise Refusal(
                Code.EVIDENCE_MISSING,
                f"缺少材料:{zh},请先提交",
                f"there is no {en} on file: attach it first",
            )


def missing(case: Case, rules: Rules) -> Iterator[tuple[str, Missing]]:
    """The missing papers of all commands that are possible in this state, each with the name of its command."""
    for do in dict.fromkeys(rule.do for rule in rules.evidence):
        if _is_open(case, do):
            yield from ((do, one) for one in lacking(case, do, rules))


def missing_json(case: Case, rules: Rules) -> list[dict[str, Any]]:
    """The missing papers of all commands that are possible in this state, as `{do, what, for}`."""
    return [{"do": do, **_json(one)} for do, one in missing(case, rules)]


def lacking(case: Case, do: str, rules: Rules, voucher: str | None = None) -> Iterator[Missing]:
    """The papers that a command lacks; with a `voucher`, only for that payment."""
    for rule in rules.evidence:
        if rule.do == do:
            for of in _subjects(case, rule, voucher):
                if not any(one.what in rule.what and of in (None, one.of) for one in case.papers):
                    yield Missing(rule, of)


def lacking_json(case: Case, do: str, rules: Rules) -> list[dict[str, Any]]:
    """The papers that a command lacks, as `{what, for}`."""
    return [_json(one) for one in lacking(case, do, rules)]


def _json(missing: Missing) -> dict[str, Any]:
    return {"what": [kind.value for kind in missing.rule.what], "for": missing.of}


def wanted(dos: Collection[str], rules: Rules) -> tuple[str, ...]:
    """The papers that the rule pack demands for some commands, in Chinese, whether or not they are on file."""
    return tuple(dict.fromkeys(Missing(rule, None).told[0] for rule in rules.evidence if rule.do in dos))


def _is_open(case: Case, do: str) -> bool:
    order = ORDERS[_COMMANDS[do]]
    return order.when(case) and (case.ended is None or order.after_end)


def _subjects(case: Case, rule: EvidenceRule, voucher: str | None) -> Sequence[str | None]:
    """The subjects that each need a paper: every payment that counts, the command's payment, or all payments it may concern."""
    if rule.each == "voucher":
        return [payment.voucher for payment in case.payments if payment.counted]
    if voucher is not None:
        return [voucher]
    among = next((one.among for one in asks(_COMMANDS[rule.do]) if isinstance(one.among, PaymentsIn)), None)
    if among is None:
        return [None]
    return [payment.voucher for payment in case.payments if payment.state in among.states]


def attachments_json(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The attachments of a case in the order of filing: `{no, what, name, mime, size, sha256, for, by, on, detached_on}`.

    Args:
        events: Events of one case, in order. Only `KINDS` matter.
    """
    taken_off = {event.fact.attachment: event.on for event in events if isinstance(event.fact, Detached)}
    return [
        {
            **event.fact.model_dump(mode="json", exclude={"kind", "attachment"}),
            "by": str(event.entered_by or event.by),
            "on": event.on.isoformat(),
            "detached_on": day.isoformat() if (day := taken_off.get(event.fact.no)) else None,
        }
        for event in events
        if isinstance(event.fact, Attached)
    ]


def attached(events: Sequence[Event], no: int) -> Attached | None:
    """The attachment with that number."""
    facts = (event.fact for event in events)
    return next((fact for fact in facts if isinstance(fact, Attached) and fact.no == no), None)
