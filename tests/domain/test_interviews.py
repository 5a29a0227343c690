"""约谈, 通报 and 失信记录 by hand, and what is promised: it is owed on its day, until it is kept or nothing is left to be paid."""

import pytest

from tests.domain.climbing import levels_of, papers_of
from tests.domain.story import CITY_HEAD, HEAD, PROVINCE_HEAD, RECEIPT, Story, story_at


@pytest.mark.parametrize(
    ("by", "office"), [(HEAD, "620105"), (CITY_HEAD, "620100"), (PROVINCE_HEAD, "620000")]
)
def test_who_calls_somebody_in_sends_the_summons(by: str, office: str) -> None:
    (paper,) = papers_of(story_at("planned").do("summon", by))
    said = (paper.notice, paper.office, paper.addressee, str(paper.held_on), paper.place, paper.reason)
    assert said == ("interview", office, "安宁区环卫局负责人", "2024-01-08", "区政府", "函询约谈")
    assert paper.recipients == tuple(dict.fromkeys(("620105", office)))
    assert "约谈" in paper.basis


def test_nobody_is_called_in_on_a_day_that_has_passed() -> None:
    told = story_at("planned")
    refusal = told.refused("summon", day="2023-06-25")
    assert (refusal.code, refusal.field) == ("already_lapsed", "day")
    assert [paper.held_on for paper in papers_of(told.do("summon", day="2023-06-26"))] == [told.today]


@pytest.mark.parametrize("name", ["day", "on"])
def test_the_day_of_an_interview_is_written_either_way(name: str) -> None:
    written = story_at("planned").command("interview_held", **{name: "2023-06-20"})
    assert written.model_dump(mode="json")["day"] == "2023-06-20"


def test_an_interview_is_no_future_and_a_promise_no_past() -> None:
    told = story_at("planned")
    assert told.refused("interview_held", day="2023-06-27").code == "date_in_future"
    refusal = told.refused("interview_held", promises=[{"what": "答复", "by": "2023-06-25"}])
    assert (refusal.code, refusal.field) == ("already_lapsed", "promises.0.by")


def test_a_promise_is_owed_on_its_day_and_climbs_against_the_debtor() -> None:
    told = story_at("acknowledged")
    told.do(
        "interview_held",
        promises=[{"what": "对账", "by": "2023-05-27"}, {"what": "付款", "by": "2023-12-29"}],
    )
    duty = told.duty("promise", "1")
    assert (duty.owner, str(duty.due_on), str(duty.due_raw)) == ("debtor", "2023-05-29", "2023-05-27")
    assert [level for level, _ in levels_of(told.until("2023-06-10"), "promise", "1")][:3] == [
        "near",
        "lapsed",
        "supervised",
    ]
    told.do("fulfil")
    assert told.refused("fulfil").code == "malformed"
    assert [(one.no, str(one.met_on)) for one in told.case.promises] == [(1, "2023-06-10"), (2, "None")]
    told.do("interview_held", promises=[{"what": "再付", "by": "2024-01-31"}])
    assert told.case.promises[-1].no == 3


def test_a_promise_may_be_put_off_as_an_instalment_is() -> None:
    told = story_at("promised")
    assert told.refused("extend", duty="promise", days=91).code == "beyond_ceiling"
    told.do("extend", duty="promise", days=90)
    assert str(told.duty("promise", "1").due_on) == "2024-03-28"


def test_once_the_case_is_clear_nothing_is_left_to_keep() -> None:
    told = story_at("reported")
    told.do("interview_held")
    told.on("2023-07-21").do("confirm_receipt")
    assert (told.owed(), str(told.case.promises[0].met_on)) == (["review"], "2023-07-21")
    assert told.refused("fulfil").code == "wrong_stage"


def test_no_promise_outlives_the_case() -> None:
    told = story_at("promised")
    told.withdrawn()
    told.do("reopen")
    assert (told.case.promises, told.owed()) == ((), ["instalment"])


def test_who_was_ordered_and_did_not_answer_is_named() -> None:
    told = story_at("ordered")
    (paper,) = papers_of(told.approved("publicise"))
    assert (paper.notice, paper.office, paper.addressee) == ("circular", "620105", "安宁区环卫局")
    assert (paper.reason, paper.basis) == (
        "拒不答复",
        "优化营商环境条例第三十二条:不得违约拖欠市场主体的货物、工程、服务等账款",
    )
    assert [event.kind for event in told.approved("credit_record")] == ["approved", "credit_recorded"]


@pytest.mark.parametrize("kind", ["private", "unknown"])
def test_nobody_is_named_whom_no_article_binds(kind: str) -> None:
    debtor = RECEIPT.debtor.model_copy(update={"kind": kind})
    told = Story(RECEIPT.model_copy(update={"debtor": debtor}))
    told.do("accept")
    told.do("forward", "clerk:周@620100")
    told.until("2023-05-13")
    for do in ("publicise", "credit_record"):
        assert told.refused(do, "clerk:周@620100").code == "not_eligible"


def test_nobody_is_named_before_it_was_ordered_to_act() -> None:
    for do in ("publicise", "credit_record"):
        assert story_at("acknowledged").refused(do).code == "wrong_stage"
        assert story_at("ordered").do(do)[0].kind == "submitted"


def test_how_hard_a_case_is_pressed_from_the_beginning_a_head_decides() -> None:
    told = Story()
    assert (told.refused("accept", mode="supervised").field, told.refused("accept", CITY_HEAD).field) == (
        "mode",
        "by",
    )
    told.do("accept", CITY_HEAD, mode="key_supervised")
    assert told.case.mode == "key_supervised"
