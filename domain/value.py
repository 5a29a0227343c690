"""What every value of the domain is: frozen, closed to unknown fields, equal by content."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Value(BaseModel):
    """An immutable value. Unknown fields are an error, so a misspelt one is never silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_writable(text: str) -> bool:
    """Whether the record can keep a text: a zero or half a character cannot be stored, and would stop a case for good."""
    return _UNWRITABLE.search(text) is None


def _written(text: str) -> str:
    if not is_writable(text):
        raise ValueError("contains a character that cannot be written")
    return text


Written = Annotated[str, AfterValidator(_written)]
"""Text that can be kept."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_written)
]
"""A sentence written by a person: not empty, at most 2,000 characters."""

Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_written)
]
"""A number given by somebody else: a voucher, a document, a bank reference."""


def _read_day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"not a date: {value!r}; write it like 2023-04-26")
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise ValueError(f"not a date: {value!r}")
    return value


Day = Annotated[date, BeforeValidator(_read_day)]
"""A date of Asia/Shanghai, written `YYYY-MM-DD` and in no other way."""


def _is_foreseeable(day: date) -> date:
    if day.year > _LAST_YEAR:
        raise ValueError(f"is after {_LAST_YEAR}, which nobody can foresee")
    return day


_LAST_YEAR = 2199

ComingDay = Annotated[Day, AfterValidator(_is_foreseeable)]
"""A day to come. A slip such as 9998 is refused: a term is counted day by day, and so many days would stop a case."""


class Stage(StrEnum):
    """Where a case stands: the stages in their order, `closed`, and the four other ends."""

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
    """How hard the case is pressed (处置方式), rising."""

    TRANSFERRED = "transferred"
    SUPERVISED = "supervised"
    KEY_SUPERVISED = "key_supervised"
    TAKEN_OVER = "taken_over"
    REFERRED = "referred"

    @property
    def rank(self) -> int:
        """0 for `transferred` up to 4 for `referred`."""
        return list(Mode).index(self)


class Step(StrEnum):
    """What only a head may decide (人工审批): to interview (约谈) the debtor, to hand over to the discipline organ (移交)."""

    INTERVIEW = "interview"
    REFERRED = "referred"


class Satisfied(StrEnum):
    """How content a creditor is with the handling (满意度)."""

    YES = "yes"
    BASICALLY = "basically"
    NO = "no"


class NoticeKind(StrEnum):
    """The documents that press for a duty: 提示卡, 催办单, 督办书, 约谈通知, 提级通知."""

    PROMPT = "prompt"
    URGING = "urging"
    SUPERVISION = "supervision"
    INTERVIEW = "interview"
    TAKEOVER = "takeover"


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
