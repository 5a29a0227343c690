"""What goes to people outside the window: to whom, how short, and what is kept from it."""

from datetime import date
from typing import Any, get_args

import pytest

from domain.calendar import SHANGHAI, business_instant
from domain.facts import CaseFact, DeadlineLapsed
from domain.names.addresses import personal_address
from domain.notifications import _OF_SIDE, News, may_ring, news_for
from domain.telling.news import LONGEST, NEWS, WAYS, DigestLine, case_news, code_sent, digest, withheld
from domain.value import PartySide, Way
from office.codes import draw_code
from office.packs import all_packs
from tests.domain.story import CLERK, story_at

CREDITOR, DEBTOR = PartySide.CREDITOR, PartySide.DEBTOR
CASE = "QQ-620105-2026-0001"

ROWS: list[tuple[str, str, dict[str, Any], list[News], list[News]]] = [
    ("received", "accept", {}, [News.ACCEPTED, News.LETTER], []),
    ("received", "request_correction", {}, [News.DUTY, News.LETTER], []),
    ("handed_down", "forward", {}, [News.FORWARDED], [News.DUTY, News.LETTER]),
    ("acknowledged", "recognise", {"as_of": "2023-05-17"}, [News.DUTY, News.STATED], []),
    ("recognised", "endorse", {}, [], [News.DUTY, News.ACCOUNT, News.LETTER]),
    ("recognised", "endorse", {"by": "creditor:赵", "entered_by": CLERK}, [News.ACCOUNT, News.LETTER], []),
    ("recognised", "object", {}, [], [News.ACCOUNT]),
    ("reported", "confirm_receipt", {}, [], [News.PAYMENT]),
    ("planned", "remark", {}, [], []),
    ("planned", "assign", {}, [], []),
    ("closed", "appeal", {}, [], []),
]


@pytest.mark.parametrize(("point", "do", "fields", "creditor", "debtor"), ROWS)
def test_each_party_is_told_what_concerns_it_and_not_what_it_did(
    point: str, do: str, fields: dict[str, Any], creditor: list[News], debtor: list[News]
) -> None:
    story = story_at(point)
    events = story.do(do, **fields)
    assert list(news_for(CREDITOR, events, story.rules)) == creditor
    if "entered_by" not in fields:
        assert list(news_for(DEBTOR, events, story.rules)) == debtor


def test_whose_day_lapses_is_told_and_nobody_else() -> None:
    story = story_at("acknowledged")
    events = story.away_until("2023-08-20")
    lapsed = [event.fact.duty for event in events if isinstance(event.fact, DeadlineLapsed)]
    assert "response" in lapsed
    assert News.LAPSED in news_for(DEBTOR, events, story.rules)
    assert News.LAPSED not in news_for(CREDITOR, events, story.rules)


def test_an_end_is_told_to_both_and_first() -> None:
    story = story_at("closed")
    closed = [event for event in story.journal if event.kind == "closed"]
    for side in PartySide:
        assert news_for(side, closed, story.rules)[0] is News.ENDED


def test_every_kind_that_is_told_exists_and_has_words() -> None:
    kinds = {fact.model_fields["kind"].default for fact in get_args(CaseFact)}
    assert set(_OF_SIDE) == set(PartySide)
    assert all(set(table) <= kinds for table in _OF_SIDE.values())
    assert set(NEWS) == set(News)
    assert set(WAYS) == set(Way)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_party_is_told_is_one_text_message_whoever_tells_it_and_however_much_it_is(
    language: Any,
) -> None:
    offices = {name for pack in all_packs() for name in pack.offices.values()}
    for office in offices:
        for news in (*([one] for one in News), list(News)):
            said = case_news(office, "QQ-620105-2026-0001234", news, language)
            assert len(said.text) <= LONGEST, said.text
            assert office in said.text
            assert "QQ-620105-2026-0001234" in said.text
            assert NEWS[news[0]][language == "en"] in said.what
    assert len(code_sent(draw_code(), language).text) <= LONGEST


def test_what_does_not_fit_is_said_to_be_more() -> None:
    assert case_news("安宁区清欠办", CASE, [News.ENDED, News.LETTER], "zh").text == (
        f"安宁区清欠办：案件{CASE}案件结束、有新文书。请上网查看"
    )
    assert case_news("安宁区清欠办", CASE, list(News), "zh").what.endswith("等")
    assert case_news("安宁区清欠办", CASE, list(News), "en").what.endswith(" …")
    assert case_news("安宁区清欠办", CASE, [News.PLAN], "en").subject == f"Case {CASE}: plan"


LINES = [
    DigestLine(
        CASE,
        "2026-11-27",
        ("备注:电话 138 1234 5678", "Remark: phone 138-1234-5678"),
        ("经办人 李敏", "Clerk 李敏"),
    ),
    DigestLine(CASE, "2026-11-28", ("付款 4216.00万元", "Paid 4216.00万元"), ("债务人", "Debtor")),
]


def test_a_digest_says_each_thing_in_its_order_and_how_much_there_is_behind_it() -> None:
    chinese, english = digest(LINES, 0, "zh"), digest(LINES, 3, "en")
    assert chinese.subject == "清欠消息 2 条"
    assert chinese.text.splitlines()[:2] == [
        f"1. {CASE} 2026-11-27 备注：电话 …（经办人 李敏）",
        f"2. {CASE} 2026-11-28 付款 4216.00万元（债务人）",
    ]
    assert english.subject == "Qingqian: 5 new"
    assert f"1. {CASE} 2026-11-27 Remark: phone … (Clerk 李敏)" in english.text
    assert "… and 3 more" in english.text
    assert "另有 3 条" in digest(LINES, 3, "zh").text
    assert "more" not in digest(LINES, 0, "en").text


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("请打13812345678找王", "请打…找王"),
        ("+86 138-1234-5678", "+86 …"),
        ("0931-8881234转3", "…转3"),
        ("座机8881234。", "座机…。"),
        ("账号6222 0212 3456 7890 123", "账号…"),
        ("62010519800101123X", "…X"),
        ("案件QQ-620105-2026-0001、安财〔2026〕101号", "案件QQ-620105-2026-0001、安财〔2026〕101号"),
        ("2026-11-27 付 1234567.00万元", "2026-11-27 付 1234567.00万元"),
    ],
)
def test_numbers_that_are_people_s_are_kept_from_mail(written: str, sent: str) -> None:
    assert withheld(written) == sent


@pytest.mark.parametrize(
    ("way", "written", "kept"),
    [
        (Way.MAIL, " li@例子.中国 ", "li@xn--fsqu00a.xn--fiqs8s"),
        (Way.MAIL, "li@example.cn", "li@example.cn"),
        (Way.MAIL, "nobody", None),
        (Way.MAIL, "a" * 64 + "@" + "b" * 200 + ".cn", None),
        (Way.SMS, "+86 138-1234-5678", "13812345678"),
        (Way.SMS, "13812345678", "13812345678"),
        (Way.SMS, "0931-8881234", None),
        (Way.WECHAT, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
        (Way.WECHAT, 'a"b}{text}', None),
    ],
)
def test_an_address_is_kept_as_it_is_sent_to_or_refused(way: Way, written: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError, match=r"write|too long"):
            personal_address(way, written)
    else:
        assert personal_address(way, written) == kept


def test_nobody_s_telephone_rings_at_night() -> None:
    day = business_instant(date(2026, 11, 27), 0)
    assert [hour for hour in range(24) if may_ring(day.replace(tzinfo=SHANGHAI, hour=hour))] == list(
        range(8, 21)
    )
