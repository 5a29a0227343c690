"""Cases to test with, brought to a point of their life by the commands that lead there.

The usual case is registered in Lanzhou, handed down to Anning, worth 400万元, and paid from the budget.
"""

import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple, Self

import pytest

from domain.calendar import business_instant
from domain.case.casefile import Case
from domain.case.decider import (
    begin,
    carry_out,
    decide,
    fold,
    receive,
    take_calendar,
    take_escalation,
    take_news,
)
from domain.case.happening import Happened
from domain.case.ladder import fallen_due, next_at
from domain.commands import AnyCommand, Escalate, Redate, TakeBondNews, read_command
from domain.duty import Duty
from domain.events import Event
from domain.money import PEOPLE
from domain.receipt import Receipt
from domain.refusal import Refusal
from domain.rules import RulePack, Rules
from office.calendar.loading import published_calendar
from office.packs import load_pack

CASE_NO: Final = "QQ-620100-2023-0001"
BATCH_NO: Final = "BB-620105-2023-01"
WAN: Final = 10**6
"""The fen in one 万元."""

RECEIPT: Final = Receipt.model_validate(
    {
        "title": "道路维修工程款",
        "project": "道路维修工程",
        "creditor": {
            "name": "甲建筑公司",
            "code": "91620000MA7CDEF01K",
            "size": "small",
            "ownership": "private",
        },
        "debtor": {"name": "安宁区环卫局", "code": "116201050139123B5P", "kind": "organ"},
        "office": "620100",
        "channel": "hotline",
        "kind": "works",
        "contract_signed_on": "2018-11-01",
        "claimed": "450万元",
        "received_on": "2023-04-26",
    },
    context=PEOPLE,
)

BROUGHT_IN: Final = Receipt.model_validate(
    RECEIPT.model_dump(mode="json")
    | {
        "taken_in": {
            "as_of": "2023-10-31",
            "source": "区清欠台账",
            "stage": "payment",
            "recognition": {
                "settled": "1000万元",
                "paid": "600万元",
                "undisputed": "391万元",
                "not_yet_due": "9万元",
                "as_of": "2023-05-23",
                "dues": [{"amount": "9万元", "due_on": "2024-03-01", "what": "质保金"}],
            },
            "plan": {
                "sources": [{"kind": "budget", "amount": "291万元"}],
                "instalments": [
                    {"due_on": "2023-09-28", "amount": "91万元"},
                    {"due_on": "2024-01-31", "amount": "200万元"},
                ],
            },
            "cleared": "100万元",
        }
    },
    context=PEOPLE,
)
"""A case that lived elsewhere: the first of its instalments had lapsed before it was brought in."""

CLERK, HEAD, FINANCE = "clerk:李敏@620105", "head:孙@620105", "finance:钱@620105"
CITY_CLERK, CITY_HEAD, CITY_FINANCE = "clerk:周@620100", "head:高@620100", "finance:吴@620100"
PROVINCE_CLERK, PROVINCE_HEAD = "clerk:何@620000", "head:许@620000"
DEBTOR, CREDITOR = "debtor:王强", "creditor:赵"

USUAL: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "accept": (CITY_CLERK, {}),
    "refuse": (CITY_CLERK, {"ground": "不属于受理范围"}),
    "request_correction": (CITY_CLERK, {"items": ["合同复印件"]}),
    "supply_correction": (CREDITOR, {"note": "合同已补"}),
    "forward": (CLERK, {"to": "debtor"}),
    "return_up": (CLERK, {"reason": "不属本区"}),
    "reassign": (CITY_HEAD, {"to": "620104", "reason": "债务人在西固区"}),
    "acknowledge": (DEBTOR, {}),
    "recognise": (
        DEBTOR,
        {"settled": "1000万元", "paid": "600万元", "undisputed": "400万元", "as_of": "2023-05-23"},
    ),
    "endorse": (CREDITOR, {}),
    "object": (CREDITOR, {"reason": "漏计变更签证"}),
    "unfounded": (CLERK, {"reason": "合同未履行"}),
    "resolve_dispute": (CLERK, {"recognised": "10万元", "rejected": 0, "reference": "调字1号"}),
    "plan": (
        DEBTOR,
        {
            "sources": [{"kind": "budget", "amount": "400万元"}],
            "instalments": [{"due_on": "2023-09-28", "amount": "400万元"}],
        },
    ),
    "fund": (FINANCE, {"source": "budget", "amount": "400万元", "reference": "安财预1号"}),
    "report_payment": (DEBTOR, {"voucher": "PZ-1", "amount": "400万元", "paid_on": "2023-07-20"}),
    "confirm_receipt": (CREDITOR, {"voucher": "PZ-1"}),
    "dispute_receipt": (CREDITOR, {"voucher": "PZ-1", "reason": "未到账"}),
    "answer": (DEBTOR, {"voucher": "PZ-1", "note": "有银行回单"}),
    "attest_receipt": (CLERK, {"voucher": "PZ-1", "reference": "回单1号"}),
    "bounce": (DEBTOR, {"voucher": "PZ-1", "reason": "账号有误"}),
    "reverse": (CLERK, {"voucher": "PZ-1", "why": "returned", "reference": "退1号"}),
    "rate": (CREDITOR, {"satisfied": "basically", "note": "时间偏长"}),
    "call_back": (CLERK, {"satisfied": "yes", "note": "企业满意"}),
    "close": (HEAD, {"report": "已全额清偿"}),
    "withdraw": (CREDITOR, {"reason": "双方和解"}),
    "keep": (CREDITOR, {}),
    "confirm_withdrawal": (CLERK, {"voluntary": True, "note": "电话核实,自愿撤回"}),
    "go_judicial": (CREDITOR, {"court": "安宁区人民法院", "reference": "(2023)甘0105民初1号"}),
    "appeal": (CREDITOR, {"reason": "款项未到账"}),
    "uphold": (CITY_HEAD, {"reason": "已查明到账"}),
    "reopen": (CITY_HEAD, {"reason": "回头看发现金额有误"}),
    "extend": (HEAD, {"duty": "instalment", "days": 30, "reason": "预算调整待批"}),
    "suspend": (CLERK, {"reason": "等待鉴定结论"}),
    "resume": (CLERK, {"reason": "鉴定已完成"}),
    "escalate": (CITY_HEAD, {"mode": "supervised", "reason": "社会关注"}),
    "approve_step": (CITY_HEAD, {"step": "interview"}),
    "decline_step": (CITY_HEAD, {"step": "interview", "reason": "债务人已有计划"}),
    "substitute": (
        CLERK,
        {
            "side": "creditor",
            "party": {"name": "乙保理公司", "size": "large", "ownership": "state"},
            "why": "assignment",
            "reference": "债权转让通知1号",
        },
    ),
    "correct": (CLERK, {"facts": {"claimed": "4321万元"}, "reason": "录入有误"}),
    "summon": (
        HEAD,
        {"whom": "安宁区环卫局负责人", "day": "2024-01-08", "place": "区政府", "reason": "函询约谈"},
    ),
    "interview_held": (HEAD, {"promises": [{"what": "年内付清", "by": "2023-12-29"}]}),
    "fulfil": (CLERK, {"promise": 1, "note": "已付清"}),
    "publicise": (CLERK, {"reason": "拒不答复"}),
    "credit_record": (CLERK, {"reason": "拒不答复"}),
    "relieve": (HEAD, {"reason": "债务人已按要求整改"}),
    "assign": (HEAD, {"person": "李敏"}),
    "remark": (CLERK, {"text": "已电话沟通"}),
    "contact": (CLERK, {"with": "王强", "how": "电话", "what": "承诺尽快答复"}),
    "serve": (
        CLERK,
        {"document": "清欠受〔2023〕620100-2023-0001-1号", "how": "in_person", "receipt": "王强签收"},
    ),
    "attach": (
        CLERK,
        {
            "what": "bank_receipt",
            "attachment": f"QQ-620100-2023-0001/{'0' * 64}",
            "name": "回单.pdf",
            "mime": "application/pdf",
            "size": 1000,
            "sha256": "0" * 64,
        },
    ),
    "detach": (CLERK, {"attachment": 1, "reason": "传错"}),
    "ask_time": (DEBTOR, {"duty": "instalment", "days": 30, "reason": "预算待批"}),
    "adopt_policy": (HEAD, {"policy": "gansu", "reason": "规则已修订"}),
    "deem_endorsed": (
        CLERK,
        {
            "attempts": [
                {"on": "2023-06-01", "how": "电话", "what": "无人接听"},
                {"on": "2023-06-05", "how": "上门", "what": "无人"},
            ]
        },
    ),
    "determine": (
        CLERK,
        {
            "settled": "1000万元",
            "paid": "600万元",
            "undisputed": "400万元",
            "as_of": "2023-05-23",
            "grounds": "结算审核报告",
        },
    ),
    "merge": (CLERK, {"into": "QQ-620105-2023-0002", "reason": "重复登记"}),
    "hand_out": (CLERK, {"to": "国务院国资委", "kind": "ministry", "reference": "收字1号"}),
    "adjust": (
        CLERK,
        {
            "why": "error",
            "settled": "1000万元",
            "paid": "600万元",
            "undisputed": "400万元",
            "as_of": "2023-05-23",
            "reference": "核字1号",
        },
    ),
    "judgment": (CLERK, {"recognised": "10万元", "rejected": 0, "reference": "(2023)甘0105民初1号"}),
    "fix_interest": (CLERK, {"rule": "lpr", "rate": "4.35%/y", "from": "2023-01-01", "reason": "未约定利息"}),
    "waive_interest": (CREDITOR, {}),
    "approve": (CITY_HEAD, {}),
    "return_submission": (CITY_HEAD, {"reason": "依据不足"}),
}
"""Who gives each command in the usual case, and with which fields."""


OF_PROGRAMS: Final = re.compile(r"[a-z]{3,}|(?<![0-9-])62[0-9]{4}(?![0-9-])")
"""Names of commands and kinds, and codes of offices, which no Chinese message has. A number of a case has an office's code in it."""


class Step(NamedTuple):
    """A command of the usual life, and the name of the point it leads to."""

    point: str
    on: str
    do: str
    by: str | None = None
    fields: dict[str, Any] | None = None


LIFE: Final = (
    Step("accepted", "2023-04-27", "accept"),
    Step("handed_down", "2023-05-05", "forward", CITY_CLERK, {"to": "620105"}),
    Step("forwarded", "2023-05-16", "forward"),
    Step("acknowledged", "2023-05-17", "acknowledge"),
    Step("recognised", "2023-05-24", "recognise"),
    Step("endorsed", "2023-05-29", "endorse"),
    Step("planned", "2023-06-26", "plan"),
    Step("funded", "2023-07-10", "fund"),
    Step("reported", "2023-07-20", "report_payment"),
    Step("cleared", "2023-07-21", "confirm_receipt"),
    Step("called_back", "2023-07-25", "call_back"),
    Step("closed", "2023-07-26", "close"),
)

ASIDE: Final = {
    "asked": ("received", "request_correction"),
    "objected": ("recognised", "object"),
    "submitted": ("received", "refuse"),
    "disputed": ("reported", "dispute_receipt"),
    "answered": ("disputed", "answer"),
    "refused": ("received", "refuse"),
    "unfounded": ("recognised", "unfounded"),
    "withdrawing": ("planned", "withdraw"),
    "withdrawn": ("withdrawing", "confirm_withdrawal"),
    "judicial": ("reported", "go_judicial"),
    "suspended": ("planned", "suspend"),
    "in_court": ("partly_disputed", "go_judicial"),
    "bearing": ("reported", "fix_interest"),
    "appealed": ("closed", "appeal"),
    "handed_out": ("handed_down", "hand_out"),
    "promised": ("planned", "interview_held"),
    "on_file": ("planned", "attach"),
    "merged": ("handed_down", "merge"),
}
"""Points off the usual way: where the case leaves it, and by which command."""

ASIDE_WITH: Final[dict[str, dict[str, Any]]] = {"in_court": {"part": "disputed"}}
"""With which fields it is, where they are not the usual ones."""

APPROVED: Final = frozenset({"refused", "unfounded", "handed_out", "merged", "bearing"})
"""Those of them to which it takes a second person."""

WAITED: Final = {
    "silent": ("recognised", "2023-06-07"),
    "ordered": ("acknowledged", "2023-06-02"),
}
"""Points to which a case comes by waiting: the creditor's time to endorse has lapsed, or the debtor's to answer (督办书)."""

UNDECIDED: Final = {
    "lapsed": "2023-06-06",
    "supervised": "2023-06-08",
    "proposed": "2023-06-19",
    "taken_over": "2023-07-04",
    "referral": "2023-07-18",
}
"""Points to which the case rises by itself, and when, if the office never decides after the creditor's objection."""


def bonds_of(*amounts: str, until: str = "2023-10-23") -> dict[str, Any]:
    """Fields of a plan that is paid from bonds alone, in so many instalments on one day."""
    return {
        "sources": [{"kind": "bond", "amount": amount} for amount in amounts],
        "instalments": [{"due_on": until, "amount": amount} for amount in amounts],
    }


OTHERWISE: Final[dict[str, tuple[str, dict[str, dict[str, Any]]]]] = {
    "partly_disputed": ("endorsed", {"recognise": {"undisputed": "390万元", "disputed": "10万元"}}),
    "bonding": ("planned", {"plan": bonds_of("400万元")}),
}
"""Points of the usual way that are reached with other fields."""


def rules_with(change: Callable[[dict[str, Any]], object], office: str = "620100") -> Rules:
    """The rules of a case of Gansu, had its pack been written otherwise."""
    written = load_pack("gansu").model_dump(mode="json")
    change(written)
    return RulePack.model_validate(written).for_case(published_calendar(RECEIPT.received_on))


class Story:
    """One case, its rules and its journal, moved by commands as people write them.

    Somebody watches the clock: what has fallen due happens before each command, and what follows from it at once, after.
    """

    def __init__(
        self, receipt: Receipt = RECEIPT, on: str = "2023-04-26", rules: Rules | None = None
    ) -> None:
        published = published_calendar(receipt.received_on)
        self.rules: Rules = rules or load_pack("gansu").asking().for_case(published)
        self.watched = True
        self.today: date = date.fromisoformat(on)
        self.journal: list[Event] = receive(CASE_NO, receipt, self.rules, self.now)
        self.case: Case = begin(CASE_NO, self.journal)

    @property
    def now(self) -> datetime:
        """Ten in the morning of the story's day."""
        return business_instant(self.today, 10)

    def again(self) -> Self:
        """The same story, to go on otherwise."""
        other = copy(self)
        other.journal = list(self.journal)
        return other

    def on(self, day: str) -> Self:
        """The story goes on, on that day."""
        self.today = date.fromisoformat(day)
        return self

    def unwatched(self) -> Self:
        """From now on only commands happen, whatever falls due."""
        self.watched = False
        return self

    def until(self, day: str) -> list[Event]:
        """Time passes until ten in the morning of that day; whatever falls due happens at its instant."""
        begun, happened = self.now, list[Event]()
        self.on(day)
        while (at := next_at(self.case, self.rules)) is not None and at <= self.now:
            events = self.happened(fallen_due(self.case, self.rules, max(at, begun)))
            assert events, f"what falls due at {at} does not happen"
            happened += events
        return happened

    def away_until(self, day: str) -> list[Event]:
        """Nobody is there until ten in the morning of that day; then all that fell due happens at once."""
        return self.on(day).happened(fallen_due(self.case, self.rules, self.now))

    def command(self, do: str, by: str | None = None, **fields: Any) -> AnyCommand:
        """The usual command of that name, but for the fields that are given."""
        usual_by, usual = USUAL[do]
        written = {"command_id": f"c{len(self.journal)}", "by": by or usual_by, "do": do, **usual, **fields}
        return read_command(written)

    def do(self, do: str, by: str | None = None, **fields: Any) -> list[Event]:
        """Carry out a command."""
        return self.happened(self.decided(self.command(do, by, **fields)))

    def approved(self, do: str, by: str | None = None, **fields: Any) -> list[Event]:
        """Submit a command, and have the head of the holder approve it."""
        submitted = self.do(do, by, **fields)
        assert [event.kind for event in submitted if event.command_id] == ["submitted"]
        return self.do("approve", f"head:孙@{self.case.holder}", submission=do)

    def withdrawn(self) -> list[Event]:
        """The creditor withdraws, and says when it is called that it does so of its own free will."""
        self.do("withdraw")
        return self.do("confirm_withdrawal", f"clerk:李敏@{self.case.holder}")

    def adopt(self, rules: Rules, **fields: Any) -> list[Event]:
        """Adopt other rules, which come with the command."""
        command = self.command("adopt_policy", policy=rules.pack.partition("@")[0], **fields)
        events = self.happened(carry_out(self.case, command, self.rules, self.now, rules))
        self.rules = rules
        return events

    def count_by(self, rules: Rules) -> list[Event]:
        """Take the calendar of a new notice."""
        notice = rules.calendar.version
        command = Redate(command_id=f"redate/{notice}", by="system", notice=notice)
        events = self.happened(take_calendar(self.case, command, self.rules, rules, self.now))
        if events:
            self.rules = rules
        return events

    def signalled(self, mode: str, by: str = "system", **fields: Any) -> list[Event]:
        """Be escalated by a signal, which gets no answer."""
        command = self.command("escalate", by, mode=mode, **fields)
        assert isinstance(command, Escalate)
        return self.happened(take_escalation(self.case, command, self.rules, self.now))

    def decided(self, command: AnyCommand) -> Happened:
        """What a command makes happen; whatever else fell due, if the story is watched."""
        if self.watched:
            return carry_out(self.case, command, self.rules, self.now)
        events = decide(self.case, command, self.rules, self.now)
        return Happened(events, fold(self.case, events))

    def refused(self, do: str, by: str | None = None, **fields: Any) -> Refusal:
        """The refusal that a command must meet with, having changed nothing, in the words of an office."""
        before, command = self.case.model_dump_json(), self.command(do, by, **fields)
        with pytest.raises(Refusal) as refused:
            self.decided(command)
        assert self.case.model_dump_json() == before
        said = refused.value.message.replace(command.command_id, "").replace(
            fields.get("policy", "gansu"), ""
        )
        words = (word for word in OF_PROGRAMS.findall(said) if word.isalpha() or word in self.rules.offices)
        assert list(words) == []
        return refused.value

    def hear(self, news: str, fen: int = 0, news_id: str | None = None, **fields: Any) -> list[Event]:
        """Take news from a bond batch."""
        ineligible = news == "ineligible"
        written = {
            "command_id": news_id or f"news{len(self.journal)}",
            "by": "system",
            "batch_no": BATCH_NO,
            "news": news,
            "amount": fen,
            "transfer_id": None if ineligible else f"{BATCH_NO}/{len(self.journal)}",
            "reason": "非公益性资本支出" if ineligible else None,
        }
        told = TakeBondNews.model_validate(written | fields)
        return self.happened(take_news(self.case, told, self.rules, self.now))

    def replayed(self) -> Case:
        """The case as its journal alone tells it."""
        return begin(CASE_NO, self.journal)

    def duty(self, kind: str, subject: str | None = None) -> Duty:
        """The one open duty of that kind and subject."""
        (found,) = [duty for duty in self.case.duties if (duty.duty, duty.subject) == (kind, subject)]
        return found

    def owed(self) -> list[str]:
        """The kinds of what is owed now."""
        return sorted(duty.duty.value for duty in self.case.duties)

    def happened(self, told: Happened) -> list[Event]:
        """Carry the story forward by what has happened, of which the case after it is what its events make of the case before."""
        assert told.case == fold(self.case, told.events)
        self.journal += told.events
        self.case = told.case
        return told.events


def story_at(point: str, **varied: dict[str, Any]) -> Story:
    """The usual case at a point of its life; `varied` changes fields of the commands that lead there."""
    return _tell(point, varied) if varied else _usual(point).again()


@cache
def _usual(point: str) -> Story:
    return _tell(point, {})


def _tell(point: str, varied: dict[str, dict[str, Any]]) -> Story:
    if point in OTHERWISE:
        before, fields = OTHERWISE[point]
        return story_at(before, **fields, **varied)
    if point in WAITED:
        before, day = WAITED[point]
        told = story_at(before, **varied)
        told.until(day)
        return told
    if point in UNDECIDED:
        told = story_at("objected", **varied)
        told.until(UNDECIDED[point])
        return told
    if point in ASIDE:
        before, do = ASIDE[point]
        told = story_at(before, **varied)
        (told.approved if point in APPROVED else told.do)(do, **ASIDE_WITH.get(point, {}))
        return told
    if point == "brought_in":
        return Story(BROUGHT_IN, on="2023-11-06")
    told = Story()
    if point == "received":
        return told
    for step in LIFE:
        told.on(step.on).do(step.do, step.by, **(step.fields or {}), **varied.get(step.do, {}))
        if step.point == point:
            return told
    raise AssertionError(f"there is no point {point}")
