"""The base class of all values (frozen, closed to unknown fields, equal by content), the field types, and shared enumerations."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

DEFERRED: Final = ConfigDict(defer_build=True)
"""The validator of a type is built when it is first used: there are two hundred, and a command of the command line uses a few."""


class Value(BaseModel):
    """An immutable value. Unknown fields are an error, so a misspelt one is never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid", **DEFERRED)


def build(kind: type[Value] = Value) -> None:
    """Build the validators of a type and of all below it now, before threads meet that would build them at the same time."""
    kind.model_rebuild()
    for below in kind.__subclasses__():
        build(below)


UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""The characters that no stored text may contain: control characters other than tabs and line ends, and lone surrogates."""


def is_writable(text: str) -> bool:
    """Whether the record can store a text. A null character or a lone surrogate cannot be stored, and would block a case for ever."""
    return UNWRITABLE.search(text) is None


def _must_be_writable(text: str) -> str:
    if not is_writable(text):
        raise ValueError("contains a character that cannot be written")
    return text


def fault(chinese: str, english: str, field: str | None = None) -> PydanticCustomError:
    """The error with which a type rejects a value, in both languages.

    Its `ctx` holds the sentences as `zh` and `en`, and `field`, the field at fault within a nested value, if there is one.
    """
    return PydanticCustomError("said", "{en}", {"zh": chinese, "en": english, "field": field})


LONGEST_TEXT: Final = 2000
LONGEST_NAME: Final = 200
LONGEST_REFERENCE: Final = 100
MOST_OF_A_LIST: Final = 20
MOST_NOTED: Final = 1000
"""The most remarks, and the most contacts, of one case."""

MOST_INSTALMENTS: Final = 120

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_must_be_writable),
]
"""A sentence written by a person: not empty, at most 2,000 characters."""

Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TEXT), AfterValidator(_must_be_writable)
]
"""A text that may be left empty, at most 2,000 characters."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_must_be_writable),
]
"""The name of a party, a project or a batch: at most 200 characters, so that an index of the record can hold it."""

Contact = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME), AfterValidator(_must_be_writable)
]
"""How to reach somebody: a name and a telephone number, or nothing."""

Reference = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REFERENCE),
    AfterValidator(_must_be_writable),
]
"""A number that others have assigned, such as a voucher, a document or a bank reference: at most 100 characters."""


FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
FORESEEN: Final = 30
"""How many years after today a day may lie."""


def last_day_after(today: date) -> date:
    """The last day that a command may name: thirty years from today, but never after `LAST_DAY`."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return min(date(today.year + FORESEEN, today.month, 28 if is_leap_day else today.day), LAST_DAY)


def _read_day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"not a date: {value[:40]!r}; write it like 2023-04-26")
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise ValueError("not a date; write it like 2023-04-26")
    return value


Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_read_day)]
"""A date in Asia/Shanghai, written only as `YYYY-MM-DD`, from 2000-01-01 to 2099-12-31.

This range rejects slips such as the years 0023 and 9999. It is fixed, because the domain has no clock. That a day is at most
`FORESEEN` years ahead is checked against the business instant of a command (`domain.limits`), which is the same on replay.
"""


class Attempt(Value):
    """A dated attempt to reach somebody who keeps silent: written out, or the number of a recorded `contact`."""

    on: Day | None = None
    how: Name | None = None
    what: Text | None = None
    contact: Annotated[int | None, Field(ge=1, le=MOST_NOTED)] = None

    @model_validator(mode="after")
    def _is_told_one_way(self) -> Self:
        told = [one is not None for one in (self.on, self.how, self.what)]
        if any(told) is (self.contact is not None) or any(told) is not all(told):
            raise fault(
                "联系记录填日期、方式和情况,或者只填已登记联系记录的序号",
                "attempts: on, how and what, or the number of a contact alone",
            )
        return self


Attempts = Annotated[tuple[Attempt, ...], Field(max_length=MOST_OF_A_LIST)]


class Stage(StrEnum):
    """The stages of a case in their order, `closed`, and the other ends."""

    INTAKE = "intake"
    TRANSFER = "transfer"
    VERIFICATION = "verification"
    FUNDING = "funding"
    BONDING = "bonding"
    PAYMENT = "payment"
    REVIEW = "review"
    CLOSED = "closed"
    REFUSED = "refused"
    UNFOUNDED = "unfounded"
    WITHDRAWN = "withdrawn"
    JUDICIAL = "judicial"
    MERGED = "merged"
    HANDED_OUT = "handed_out"


LIFE = (
    Stage.INTAKE,
    Stage.TRANSFER,
    Stage.VERIFICATION,
    Stage.FUNDING,
    Stage.BONDING,
    Stage.PAYMENT,
    Stage.REVIEW,
    Stage.CLOSED,
)
"""受理 · 转办 · 核实 · 资金筹措 · 纳入债券 · 分期支付 · 回访审核 · 销号."""


class Mode(StrEnum):
    """The disposition modes (处置方式), in ascending order of pressure."""

    TRANSFERRED = "transferred"
    SUPERVISED = "supervised"
    KEY_SUPERVISED = "key_supervised"
    TAKEN_OVER = "taken_over"
    REFERRED = "referred"

    @property
    def rank(self) -> int:
        """0 for `transferred` up to 4 for `referred`."""
        return list(Mode).index(self)


class Triage(StrEnum):
    """The modes in which a case may begin when it is accepted (分级办理)."""

    SUPERVISED = "supervised"
    KEY_SUPERVISED = "key_supervised"


class Step(StrEnum):
    """A step that needs a head's approval (人工审批): an interview (约谈) with whoever owes, referral to the discipline organ (移交),
    or putting a large enterprise on record as untrustworthy (失信记录).
    """

    INTERVIEW = "interview"
    REFERRED = "referred"
    CREDIT_RECORD = "credit_record"


class Ground(StrEnum):
    """Why a case is suspended (中止)."""

    COURT = "court"
    APPRAISAL = "appraisal"
    CREDITOR_ABSENT = "creditor_absent"
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"


class Satisfied(StrEnum):
    """How content a creditor is with the handling (满意度)."""

    YES = "yes"
    BASICALLY = "basically"
    NO = "no"


class CallBackOutcome(StrEnum):
    """The result of a call-back (回访): how content the creditor is, or that it could not be reached."""

    YES = "yes"
    BASICALLY = "basically"
    NO = "no"
    UNREACHABLE = "unreachable"


class AdjustedWhy(StrEnum):
    """Why the account is adjusted (核减、折让、更正): a mistake, a discount by agreement, a deduction, or an omission."""

    ERROR = "error"
    DISCOUNT = "discount"
    DEDUCTION = "deduction"
    SUPPLEMENT = "supplement"


class InCourt(StrEnum):
    """What goes to court or arbitration: the disputed part, or all that is owed."""

    DISPUTED = "disputed"
    ALL = "all"


class PaymentForm(StrEnum):
    """The form of a payment (清偿方式): money, a bill, an electronic claim, property, an offset, or into the workers' wage account."""

    CASH = "cash"
    BILL = "bill"
    E_VOUCHER = "e_voucher"
    IN_KIND = "in_kind"
    OFFSET = "offset"
    WAGE_ACCOUNT = "wage_account"


class ReversedWhy(StrEnum):
    """Why money no longer counts: it was returned, a bill was dishonoured, or it was recorded by mistake."""

    RETURNED = "returned"
    DISHONOURED = "dishonoured"
    MISTAKE = "mistake"


class Way(StrEnum):
    """The way in which a person gets messages outside the window."""

    MAIL = "mail"
    SMS = "sms"
    WECHAT = "wechat"


class PartySide(StrEnum):
    """A party of a case: who is owed, and who owes."""

    CREDITOR = "creditor"
    DEBTOR = "debtor"


class SubstitutedWhy(StrEnum):
    """Why a party is substituted (变更当事人): the claim or the debt was assigned, or the party was succeeded or reorganised."""

    ASSIGNMENT = "assignment"
    SUCCESSION = "succession"
    REORGANISATION = "reorganisation"


class ServedHow(StrEnum):
    """How a document was served (送达): through the window, by mail, by post, handed over, by public notice."""

    PLATFORM = "platform"
    MAIL = "mail"
    POST = "post"
    IN_PERSON = "in_person"
    NOTICE = "notice"


class HandOutTo(StrEnum):
    """To whom a case is handed out (移送) that this office is not competent for: another province, a ministry, somebody else."""

    PROVINCE = "province"
    MINISTRY = "ministry"
    OTHER = "other"


class NoticeKind(StrEnum):
    """The documents that press for a duty: 提示卡, 催办单, 督办书 to a debtor and 督办函 to an office, 约谈通知书, 提级通知, 通报."""

    PROMPT = "prompt"
    URGING = "urging"
    SUPERVISION = "supervision"
    SUPERVISION_LETTER = "supervision_letter"
    INTERVIEW = "interview"
    TAKEOVER = "takeover"
    CIRCULAR = "circular"


class LetterKind(StrEnum):
    """文种: the kinds of letters that a case writes at its steps."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    CORRECTION = "correction"
    FORWARDING = "forwarding"
    CONFIRMATION = "confirmation"
    OUTCOME = "outcome"
    PLAN = "plan"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    MINUTES = "minutes"
    HANDING_OUT = "handing_out"
    CLOSING = "closing"


class Light(StrEnum):
    """The dispatch light (红黄蓝) of a duty, from best to worst."""

    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    @property
    def severity(self) -> int:
        """0 for `none` up to 3 for `red`."""
        return list(Light).index(self)


class SourceKind(StrEnum):
    """Where money for a plan comes from (资金来源)."""

    BUDGET = "budget"
    TRANSFER_PAYMENT = "transfer_payment"
    ASSETS = "assets"
    BOND = "bond"
    SPECIAL_BOND = "special_bond"
    LOAN = "loan"
    OWN_FUNDS = "own_funds"


class BondKind(StrEnum):
    """The kind of bonds in a batch (债券种类): general bonds (一般债券) or special bonds (专项债券)."""

    GENERAL = "general"
    SPECIAL = "special"

    @property
    def source(self) -> SourceKind:
        """The plan's source as which its money counts."""
        return SourceKind.BOND if self is BondKind.GENERAL else SourceKind.SPECIAL_BOND


BONDS: Final = {kind.source: kind for kind in BondKind}
"""The sources whose money comes only through bond batches, with the kind of bonds of each."""
