"""What the letters of the steps say, and that they are kept, hashed, posted and verified as notices are."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.documents.issuing import issued, render
from domain.case.casefile import Case
from domain.case.decider import begin, decide, fold, receive
from domain.commands import AnyCommand
from domain.value import Mode, PartySide
from schema import journal
from schema.post import Document
from schema.tables import document, outbox
from tests.notices.paperwork import CASE, CITY, NOW, notice, words
from tests.record.paper import Paper
from tests.stack import (
    CLERK,
    DISTRICT,
    HEAD,
    RECEIVED_ON,
    RULES,
    order,
    receipt,
    until_closed,
    until_objected,
    until_planned,
    until_recognised,
)

NAMES: Final = {DISTRICT: "安宁区清欠办", CITY: "兰州市清欠办"}
CITY_CLERK: Final = f"clerk:周@{CITY}"
TWO: Final = [
    {"due_on": date(2023, 9, 28), "amount": "100万元"},
    {"due_on": date(2023, 12, 29), "amount": "200万元"},
]


def written(orders: Iterable[AnyCommand], **changes: Any) -> dict[str, Document]:
    """The last letter of each kind that a case writes while it carries these orders out."""
    found: dict[str, Document] = {}
    case: Case = begin(CASE, receive(CASE, receipt(**changes), RULES, NOW))
    for given in orders:
        happened = decide(case, given, RULES, NOW)
        _, documents = issued(case, happened, NAMES)
        found |= {one.notice.value: one for one in documents}
        case = fold(case, happened)
    return found


def text_of(kind: str, orders: Iterable[AnyCommand], **changes: Any) -> str:
    return words(written(orders, **changes)[kind].docx)


def has(text: str, *said: str) -> None:
    for one in said:
        assert one in text, one


def approved(do: str, by: str = CLERK, **fields: Any) -> list[AnyCommand]:
    """A step that two persons take."""
    return [order(do, by, **fields), order("approve", HEAD, submission=1)]


def test_a_life_is_put_in_writing_from_acceptance_to_strike_off() -> None:
    found = written(until_closed())
    assert list(found) == ["acceptance", "forwarding", "confirmation", "outcome", "plan", "closing"]
    said = {kind: words(one.docx) for kind, one in found.items()}
    for kind, text in said.items():
        has(text, found[kind].number, "安宁区清欠办", "2023年4月26日", CASE)
    has(said["acceptance"], "受理通知书", "决定予以受理")
    has(said["forwarding"], "转办函", "签收回执", "银行回单")
    has(said["confirmation"], "欠款确认书", "债权人认可债务人所作的欠款陈述", "300.00")
    has(said["outcome"], "处理结果告知书", "无分歧欠款300.00万元", "人民法院")
    has(said["closing"], "销号审批单", "同意销号", "全额清偿", "PZ-1", "尚缺材料", "银行回单")


def test_a_letter_asks_for_an_answer_by_the_last_day_of_the_duty() -> None:
    forwarding = written(until_recognised()[:2])["forwarding"]
    assert forwarding.reply_by == date(2023, 5, 11)
    has(words(forwarding.docx), "2023年5月11日前书面答复")
    items = ["合同复印件", "结算书"]
    correction = written([order("request_correction", CLERK, items=items)])["correction"]
    assert correction.reply_by is not None
    has(words(correction.docx), "1. 合同复印件", "2. 结算书", "前补正")
    assert written(until_recognised()[:1])["acceptance"].reply_by is None


def test_a_case_that_is_handed_down_is_forwarded_to_the_office() -> None:
    orders = [order("accept", CITY_CLERK), order("forward", CITY_CLERK, to=DISTRICT)]
    has(text_of("forwarding", orders, office=CITY), "安宁区清欠办\uff1a", "兰州市清欠办")


def test_a_refusal_says_why_and_what_else_there_is() -> None:
    text = text_of("refusal", approved("refuse", ground="已由法院受理"))
    has(text, "不予受理告知书", "已由法院受理", "人民法院", "仲裁")


def test_what_the_office_has_determined_is_told_with_its_grounds() -> None:
    fields = {"settled": "300万元", "paid": "0", "undisputed": "250万元", "disputed": "50万元"}
    determine = approved("determine", **fields, as_of=date(2023, 4, 26), grounds="依据审计报告")
    determine[1] = order("approve", HEAD, submission="determine")
    papers = [_attached("statement")]
    found = written([*until_objected(), *papers, *determine])
    for kind in ("confirmation", "outcome"):
        has(words(found[kind].docx), "承办单位核实认定", "依据审计报告", "250.00", "50.00")


def test_an_unfounded_complaint_is_told_so() -> None:
    text = text_of("outcome", [*until_recognised()[:2], *approved("unfounded", reason="款项早已付清")])
    has(text, "所反映的欠款不成立", "款项早已付清", "异议")


def test_a_plan_lists_its_days_and_its_money() -> None:
    plan = order("plan", "debtor:王强", sources=[{"kind": "budget", "amount": "300万元"}], instalments=TWO)
    text = text_of("plan", [*until_recognised(), plan])
    has(text, "第1期", "2023年9月28日", "100.00", "第2期", "2023年12月29日", "200.00", "预算安排")


def test_more_time_a_pause_and_the_end_of_it_are_put_in_writing() -> None:
    extend = order("extend", HEAD, duty="instalment", subject="1", days=10, reason="财政资金未到位")
    suspend = order("suspend", CLERK, reason="正在鉴定", ground="appraisal", until=date(2023, 5, 20))
    found = written([*until_planned(), extend, suspend, order("resume", CLERK, reason="鉴定已完成")])
    has(
        words(found["extension"].docx),
        "按期付款\uff08第1期\uff09",
        "10日",
        "财政资金未到位",
        "孙",
        "2024年1月8日",
    )
    has(words(found["suspension"].docx), "鉴定评估\uff1a正在鉴定", "2023年5月20日")
    has(words(found["resumption"].docx), "恢复办理", "鉴定已完成")


def test_minutes_have_what_was_promised_or_that_nothing_was() -> None:
    held = [*until_planned(), order("interview_held", HEAD)]
    has(text_of("minutes", held), "约谈纪要", "未作出承诺")
    promised = [{"what": "年内付清", "by": date(2023, 12, 29)}]
    held[-1] = order("interview_held", HEAD, promises=promised)
    has(text_of("minutes", held), "年内付清", "2023年12月29日")


def test_a_case_that_is_handed_out_says_to_whom() -> None:
    handed = approved("hand_out", to="某部", kind="ministry", reference="部函〔2023〕1号")
    text = text_of("handing_out", [*until_recognised()[:1], *handed])
    has(text, "某部\uff1a", "国家部委", "部函〔2023〕1号", "签收回执")


def _attached(what: str) -> AnyCommand:
    return order(
        "attach",
        CLERK,
        what=what,
        attachment=f"{CASE}/{'0' * 64}",
        name="对账单.pdf",
        mime="application/pdf",
        size=1,
        sha256="0" * 64,
    )


def test_a_verification_s_new_last_day_is_the_one_that_it_has() -> None:
    """Art 25 wants it in writing before the thirty days are over; the debtor's answer moves with it."""
    case = begin(CASE, receive(CASE, receipt(), RULES, NOW))
    for given in until_recognised()[:2]:
        case = fold(case, decide(case, given, RULES, NOW))
    extend = order("extend", HEAD, duty="verification", days=10, reason="账目复杂")
    happened = decide(case, extend, RULES, NOW)
    _, (verification, response) = issued(case, happened, NAMES)
    days = {duty.duty.value: duty.due_on for duty in fold(case, happened).duties}
    for letter, duty in ((verification, "verification"), (response, "response")):
        day = days[duty]
        has(words(letter.docx), f"{day.year}年{day.month}月{day.day}日")


def test_no_party_reads_that_the_discipline_organ_has_the_case() -> None:
    case = begin(CASE, receive(CASE, receipt(), RULES, NOW)).model_copy(update={"mode": Mode.REFERRED})
    to_debtor = notice(sides=(PartySide.DEBTOR,))
    to_its_head, to_office = notice(addressee="安宁区环卫局负责人"), notice(addressee="安宁区清欠办负责人")
    for paper in (to_debtor, to_its_head):
        assert "纪检" not in words(render(paper, case, NOW.date(), NAMES))
    assert "纪检" in words(render(to_office, case, NOW.date(), NAMES))


def test_a_result_promises_no_money_where_none_is_owed_and_names_the_remedy_that_there_is() -> None:
    nothing = approved(
        "determine", settled="300万元", paid="300万元", undisputed="0", as_of=RECEIVED_ON, grounds="已付清"
    )
    nothing[1] = order("approve", HEAD, submission="determine")
    text = text_of("outcome", [*until_objected(), _attached("statement"), *nothing])
    assert "督促债务人" not in text
    has(text, "无分歧欠款0.00万元", "人民法院")
    unfounded = text_of("outcome", [*until_recognised()[:2], *approved("unfounded", reason="早已付清")])
    has(unfounded, "至2023年5月26日止", "申诉")


def test_a_debt_is_confirmed_by_both_only_where_both_have_said_so() -> None:
    has(text_of("confirmation", until_recognised()), "双方确认欠款", "进入司法程序", "不予认可")
    determine = approved(
        "determine", settled="300万元", paid="0", undisputed="300万元", as_of=RECEIVED_ON, grounds="审计"
    )
    determine[1] = order("approve", HEAD, submission="determine")
    text = text_of("confirmation", [*until_objected(), _attached("statement"), *determine])
    assert "双方" not in text
    assert "盖章" not in text


def test_an_office_is_asked_for_a_result_and_not_for_an_account() -> None:
    down = [order("accept", CITY_CLERK), order("forward", CITY_CLERK, to=DISTRICT)]
    found = written(down, office=CITY)["forwarding"]
    text = words(found.docx)
    has(text, "反馈处理结果")
    assert "已付款项" not in text
    assert found.reply_by is not None


async def test_a_letter_is_kept_with_the_hash_that_the_journal_has(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    await paper.receive(CASE, *until_recognised())
    async with engine.connect() as connection:
        rows = {row.number: row for row in await connection.execute(select(document))}
        entries = await journal.entries(connection, stream=CASE)
    told = {letter.number: letter.sha256 for entry in entries for letter in entry.event.letters}
    assert told == {number: hashlib.sha256(row.docx).hexdigest() for number, row in rows.items()}
    assert len(told) == 4
    assert (await paper.case(CASE)).documents == tuple(told)


async def test_only_what_is_for_an_office_goes_to_its_channels(engine: AsyncEngine) -> None:
    paper = Paper(engine)
    down = [order("accept", CITY_CLERK), order("forward", CITY_CLERK, "down", to=DISTRICT)]
    await paper.receive(CASE, *down, *until_recognised()[1:], office=CITY)
    async with engine.connect() as connection:
        sent = (await connection.execute(select(outbox.c.office, outbox.c.subject))).all()
        bodies = (await connection.execute(select(outbox.c.body).order_by(outbox.c.id))).scalars().all()
    assert [(office, subject.split()[0]) for office, subject in sent] == [
        (DISTRICT, "转办函"),
        (CITY, "处理结果告知书"),
    ]
    assert ["请于此日前答复" in body for body in bodies] == [True, False]
