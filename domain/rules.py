"""Rule packs: the rules that a jurisdiction sets for itself, as data. A case carries a copy, which changes only if it adopts
another.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.actors import OFFICE_ROLES, Role
from domain.basis import Bases
from domain.calendar import (
    SHANGHAI,
    Calendar,
    Term,
    WrittenTerm,
    add_working_days,
    business_date,
    business_instant,
)
from domain.duty import OF_HEADS, DutyKind
from domain.evidence import EvidenceRule
from domain.names.addresses import MailAddress, WebAddress
from domain.value import (
    LONGEST_REFERENCE,
    MOST_OF_A_LIST,
    Day,
    Light,
    Mode,
    Name,
    NoticeKind,
    Reference,
    Step,
    Text,
    Value,
)

OfficeCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$", max_length=6)]
"""A six-digit division code (GB/T 2260)."""

NATIONAL: Final = "100000"
"""The code of the country. Its office, if the rule pack has one, is above every province's."""

MOST_OFFICES: Final = 500
"""The most offices in a rule pack. A province with all its cities and counties has fewer."""


def _is_name(written: str) -> str:
    if not re.fullmatch(r"\w[\w-]{0,99}", written):
        raise ValueError(f"not the name of a rule pack: {written!r}; write it like gansu")
    return written


PackName = Annotated[str, StringConstraints(max_length=LONGEST_REFERENCE), AfterValidator(_is_name)]
"""The name of a rule pack, such as `gansu`: that of its file without a path."""


Side = Literal["office", "debtor"]

_ON_ITS_DAY: Final = frozenset({DutyKind.FALLING_DUE, DutyKind.INSTALMENT, DutyKind.PROMISE})


class DutyRule(Value):
    """Who owes a duty, for how long, and on what basis. A duty with a given day, such as an instalment, has no term.

    Attributes:
        ceiling: The longest it may take with all extensions. For a verification this holds even while the case is suspended or waits
            for somebody (条例 2025 Art 25).
        ladder: Which rungs it climbs: all rungs for its side (office or debtor), or only the reminders (`mild`), or only the reminders
            before its last day (`near`).
    """

    owner: Role
    term: WrittenTerm | None = None
    ceiling: WrittenTerm | None = None
    ladder: Literal["office", "debtor", "mild", "near"] | None = None
    basis: Bases

    @model_validator(mode="after")
    def _terms_are_positive(self) -> Self:
        for term in (self.term, self.ceiling):
            if term is not None and term.days <= 0:
                raise ValueError(f"a duty's term must be positive, not {term}")
        if self.ladder in ("office", "debtor") and self.ladder != self.against:
            raise ValueError(f"no duty of the {self.owner} climbs the ladder against the {self.ladder}")
        if self.ceiling is not None and (self.term is None or not _reaches(self.ceiling, self.term)):
            raise ValueError(f"a ceiling must be in the term's unit and not below it, not {self.ceiling}")
        return self

    @property
    def against(self) -> Side:
        """The side whose ladder the duty climbs."""
        return "office" if self.owner in OFFICE_ROLES else "debtor"


def _reaches(ceiling: Term, term: Term) -> bool:
    return ceiling.working == term.working and ceiling.days >= term.days


class Rung(Value):
    """A rung of the ladder: what happens some days before or after the last day of a duty that is still open.

    Attributes:
        level: Its name, such as `supervised`. A duty reaches each level once.
        at: Counted from the last day; never 0, because a duty is late from the next day on.
        hour: The hour of that day, in Asia/Shanghai.
        light: The colour that the duty's light turns.
        mode: The mode to which the case rises, unless it is higher already.
        proposes: A step that then waits for a head's approval.
        notice: The document that is issued.
        basis: The article that it cites; by default the duty's own.
        against: The side whose duties climb it, office or debtor; None: both.
        duty: The only duty that climbs it. A duty with rungs of its own climbs no others.
    """

    level: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=40)]
    at: WrittenTerm
    hour: Annotated[int, Field(ge=0, le=23)] = 9
    light: Light
    mode: Mode | None = None
    proposes: Step | None = None
    notice: NoticeKind | None = None
    basis: Bases | None = None
    against: Side | None = None
    duty: DutyKind | None = None

    @property
    def is_before(self) -> bool:
        """Whether the rung comes before the last day."""
        return self.at.days < 0

    @property
    def is_mild(self) -> bool:
        """Whether the rung is a mere reminder. The creditor's duties and the gates climb only such rungs."""
        return self.light is not Light.RED and self.mode is None and self.proposes is None

    @model_validator(mode="after")
    def _is_a_rung(self) -> Self:
        if self.at.days == 0:
            raise ValueError("a rung is before or after the last day, not on it")
        if self.light is Light.NONE:
            raise ValueError("a rung turns the light to blue, yellow or red")
        if self.mode in (Mode.TRANSFERRED, Mode.REFERRED):
            raise ValueError(f"no ladder raises a case to {self.mode}: a referral is proposed, and approved")
        return self

    def days(self) -> float:
        """The approximate number of calendar days after the last day, to compare rungs in different units."""
        return self.at.days * 1.4 if self.at.working else float(self.at.days)


def climbed(ladder: tuple[Rung, ...], against: Side, duty: DutyKind | None = None) -> tuple[Rung, ...]:
    """The rungs that a duty climbs: its own if it has any, otherwise those for its side (office or debtor)."""
    own = [] if duty is None else [rung for rung in ladder if rung.duty is duty]
    return tuple(own or [rung for rung in ladder if rung.duty is None and rung.against in (None, against)])


def _rises(ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Check that each of the ladders that these rungs form rises."""
    _rise(climbed(ladder, "office"))
    _rise(climbed(ladder, "debtor"))
    for duty in {rung.duty for rung in ladder if rung.duty is not None}:
        _rise(climbed(ladder, "debtor", duty))
    return ladder


def _rise(ladder: tuple[Rung, ...]) -> None:
    if len({rung.level for rung in ladder}) != len(ladder):
        raise ValueError("each level of the ladder has a name of its own")
    for lower, upper in pairwise(ladder):
        if upper.days() <= lower.days():
            raise ValueError(f"{upper.level} ({upper.at}) does not come after {lower.level} ({lower.at})")
        if upper.light.severity < lower.light.severity:
            raise ValueError(f"the light falls from {lower.level} to {upper.level}")
    modes = [rung.mode.rank for rung in ladder if rung.mode is not None]
    if modes != sorted(modes):
        raise ValueError("the modes must rise from rung to rung")
    if all(rung.is_before for rung in ladder):
        raise ValueError("the ladder has no rung for a deadline that has lapsed")


Ladder = Annotated[tuple[Rung, ...], Field(max_length=MOST_OF_A_LIST), AfterValidator(_rises)]
"""The rungs from first to last."""


Evidence = Annotated[tuple[EvidenceRule, ...], Field(max_length=MOST_OF_A_LIST)]


class Channels(Value):
    """The channels to which an office's notices are sent: mail addresses, and web addresses that receive a POST."""

    email: Annotated[tuple[MailAddress, ...], Field(max_length=MOST_OF_A_LIST)] = ()
    webhook: Annotated[tuple[WebAddress, ...], Field(max_length=MOST_OF_A_LIST)] = ()


class OfficeHours(Value):
    """When notices are delivered on working days: from `opens` until `closes`, hours of Asia/Shanghai."""

    opens: Annotated[int, Field(ge=0, le=23)] = 9
    closes: Annotated[int, Field(ge=1, le=24)] = 18

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes")
        return self

    def next_hour(self, calendar: Calendar, now: datetime) -> datetime:
        """The first full office hour at or after an instant."""
        day, hour = business_date(now), now.astimezone(SHANGHAI).hour
        if business_instant(day, hour) < now:
            hour += 1
        if calendar.is_working(day) and hour < self.closes:
            return business_instant(day, max(hour, self.opens))
        return business_instant(add_working_days(calendar, day, 1), self.opens)


OrderKey = Literal["migrant_wages", "livelihood", "received_on", "case_no"]


def _ends_with_case_no(order: tuple[OrderKey, ...]) -> tuple[OrderKey, ...]:
    if not order or order[-1] != "case_no" or len(set(order)) != len(order):
        raise ValueError(
            "an allocation order names each key once and ends with case_no, so that no two cases are equal"
        )
    return order


class RulePack(Value):
    """The rules of a jurisdiction: duties, ladder, allocation order, and its offices by code.

    Attributes:
        version: Changes whenever any rule does.
        effective_on: The day from which the pack applies.
        offices: The name of each office by its code. The superior of an office has the next coarser code.
        reply_within: The time that a notice allows for the reply.
        spread: The minutes over which the wake-ups of cases are spread that are due at the same instant.
        two_persons: Commands that take two persons here, besides those that do everywhere.
        least: The least time that an office has left when its duty resumes after waiting for somebody else.
        evidence: The papers that each step needs.
        single_suspension: How long one person may suspend a case in all.
        channels: Where notices to an office go. They are not copied into cases, because addresses change.
    """

    name: PackName
    title: Text
    version: Reference
    effective_on: Day
    allocation_order: Annotated[
        tuple[OrderKey, ...], Field(max_length=MOST_OF_A_LIST), AfterValidator(_ends_with_case_no)
    ]
    ladder: Ladder = Field(min_length=1)
    duties: Mapping[DutyKind, DutyRule]
    reply_within: WrittenTerm
    spread: Annotated[int, Field(ge=0, le=55)] = 50
    two_persons: Annotated[tuple[Reference, ...], Field(max_length=MOST_OF_A_LIST)] = ()
    least: WrittenTerm = Term(5, working=True)
    single_suspension: WrittenTerm = Term(30, working=False)
    evidence: Evidence = ()
    offices: Mapping[OfficeCode, Name] = Field(min_length=1, max_length=MOST_OFFICES)
    office_hours: OfficeHours = OfficeHours()
    channels: Annotated[Mapping[OfficeCode, Channels], Field(max_length=MOST_OFFICES)] = {}

    @property
    def ladders(self) -> dict[str, tuple[Rung, ...]]:
        """The ladders that the rungs form: against an office, against a debtor, and that of each duty with rungs of its own."""
        own = dict.fromkeys(rung.duty for rung in self.ladder if rung.duty is not None)
        common: dict[str, tuple[Rung, ...]] = {
            "office": climbed(self.ladder, "office"),
            "debtor": climbed(self.ladder, "debtor"),
        }
        return common | {duty.value: climbed(self.ladder, "debtor", duty) for duty in own}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if missing := [kind for kind in DutyKind if kind not in self.duties]:
            raise ValueError(f"no rule for the duties {', '.join(missing)}")
        for kind, rule in self.duties.items():
            if (rule.term is None) != (kind in _ON_ITS_DAY):
                raise ValueError(f"duties.{kind}: every duty but {', '.join(sorted(_ON_ITS_DAY))} has a term")
        for name in ("reply_within", "least", "single_suspension"):
            if (term := getattr(self, name)).days <= 0:
                raise ValueError(f"{name} must be positive, not {term}")
        if self.single_suspension.working:
            raise ValueError(f"single_suspension is in days, not {self.single_suspension}")
        return self

    @model_validator(mode="after")
    def _offices_form_a_tree(self) -> Self:
        tops = sorted(code for code in self.offices if superior(code, self.offices) is None)
        if len(tops) > 1:
            raise ValueError(f"offices: {', '.join(tops)} have no superior office; only one may have none")
        if strangers := sorted(set(self.channels) - set(self.offices)):
            raise ValueError(f"channels: {', '.join(strangers)} is no office of this pack")
        return self

    def asking(self) -> Self:
        """This pack with all required papers merely asked for. Rehearsals use it, because scenarios have no papers."""
        asked = tuple(rule.model_copy(update={"strength": "asked"}) for rule in self.evidence)
        return self.model_copy(update={"evidence": asked})

    def for_case(self, calendar: Calendar) -> "Rules":
        """The rules that a case carries: this pack with a calendar. All offices are included, since any of them may get the case."""
        return Rules(
            pack=f"{self.name}@{self.version}",
            title=self.title,
            ladder=self.ladder,
            duties=self.duties,
            offices=self.offices,
            reply_within=self.reply_within,
            spread=self.spread,
            two_persons=self.two_persons,
            least=self.least,
            single_suspension=self.single_suspension,
            evidence=self.evidence,
            office_hours=self.office_hours,
            calendar=calendar,
        )


class Rules(Value):
    """The rules that a case carries, fixed when it is opened. A document without an article of its own cites their `title`."""

    pack: str
    title: str
    ladder: Ladder
    duties: Mapping[DutyKind, DutyRule]
    offices: Mapping[OfficeCode, str]
    reply_within: WrittenTerm
    spread: int
    two_persons: tuple[str, ...]
    least: WrittenTerm
    single_suspension: WrittenTerm
    evidence: Evidence = ()
    office_hours: OfficeHours
    calendar: Calendar

    @property
    def pack_name(self) -> str:
        """The name of the pack without its version."""
        return self.pack.partition("@")[0]

    def rungs(self, kind: DutyKind) -> tuple[Rung, ...]:
        """The rungs that a duty may climb: those of the creditor, approvals and the human gates never go above yellow."""
        rule = self.duties[kind]
        ladder = climbed(self.ladder, rule.against, kind)
        if rule.ladder == "near":
            return tuple(rung for rung in ladder if rung.is_before)
        if rule.ladder == "mild" or rule.owner is Role.CREDITOR or kind in OF_HEADS:
            return tuple(rung for rung in ladder if rung.is_mild)
        return ladder

    def lapse(self, kind: DutyKind) -> Rung | None:
        """The rung that a duty reaches when it lapses: the first one after its last day."""
        rungs = self.rungs(kind) if kind in self.duties else ()
        return next((rung for rung in rungs if not rung.is_before), None)


def above(office: str) -> tuple[str, ...]:
    """The codes above one, nearest first, whether or not those offices exist: `620105` → `620100`, `620000`, `100000`."""
    coarser = (office[:4] + "00", office[:2] + "0000", NATIONAL)
    return tuple(code for code in dict.fromkeys(coarser) if code != office)


def superiors(office: str, offices: Mapping[str, str]) -> tuple[str, ...]:
    """The offices above one, nearest first."""
    return tuple(code for code in above(office) if code in offices)


def superior(office: str, offices: Mapping[str, str]) -> str | None:
    """The office directly above one, or None at the top."""
    return next(iter(superiors(office, offices)), None)


def overseer(office: str, offices: Mapping[str, str]) -> str:
    """The office whose head decides on matters beyond one office: the superior, or at the top the office itself."""
    return superior(office, offices) or office


def subtree(office: str) -> re.Pattern[str]:
    """A pattern that matches the codes of an office and of all offices below it."""
    return re.compile(trunk(office) + "[0-9]*")


def trunk(office: str) -> str:
    """The common prefix of the codes of an office and of all offices below it: `620100` → `6201`."""
    return "" if office == NATIONAL else re.sub(r"(00)+$", "", office).ljust(2, "0")


def is_below(office: str, other: str) -> bool:
    """Whether `office` is below `other`."""
    return office != other and subtree(other).fullmatch(office) is not None
