"""转办, 退办 and 改派: whoever has a case owes its result from the day it got it, and nobody for the days of another."""

from datetime import date

import pytest

from domain.case.duties import light_of_case
from domain.facts import Extended
from domain.value import Light
from tests.domain.climbing import levels_of, papers_of, proposals_of
from tests.domain.laws import LAWS
from tests.domain.story import CITY_CLERK, CITY_HEAD, CLERK, FINANCE, HEAD, RECEIPT, Story, bonds_of, story_at
from tests.known import fact


def _due(told: Story, kind: str = "verification") -> tuple[str, str]:
    duty = told.duty(kind)
    return duty.opened_on.isoformat(), duty.due_on.isoformat()


def test_the_thirty_days_are_those_of_the_office_that_handles_it() -> None:
    """条例 (2025) Art 25: from the day on which the handling department got the material."""
    told = Story(
        RECEIPT.model_copy(update={"office": "620000", "received_on": date(2025, 6, 9)}), "2025-06-09"
    )
    told.on("2025-06-10").do("accept", by="clerk:何@620000")
    told.do("forward", by="clerk:何@620000", to="620105")
    assert _due(told) == ("2025-06-10", "2025-07-10")
    told.on("2025-06-23").do("forward")
    assert _due(told) == ("2025-06-10", "2025-07-10")
    assert _due(told, "response") == ("2025-06-23", "2025-07-08")
    assert told.duty("verification").owner == "clerk"


def test_an_office_that_serves_the_debtor_itself_has_it_from_acceptance_on() -> None:
    told = Story()
    told.do("accept")
    told.on("2023-05-08").do("forward", by=CITY_CLERK)
    assert _due(told) == ("2023-04-26", "2023-05-26")
    assert [duty.duty for duty in told.case.duties] == ["verification", "acknowledgement", "response"]


def test_handing_down_starts_the_clock_of_the_next_office_and_ends_that_of_the_one_before() -> None:
    told = Story()
    told.do("accept")
    told.on("2023-05-08").do("forward", by=CITY_CLERK)
    told.on("2023-05-15").do("forward", by=CITY_CLERK, to="620105")
    assert (_due(told), told.case.holder) == (("2023-05-15", "2023-06-14"), "620105")
    assert levels_of(told.until("2023-05-30"), "verification") == []
    assert [span.stage for span in told.case.stages if span.state == "open"] == ["verification"]


def test_what_was_taken_over_for_its_route_and_handed_down_again_is_nobody_s_fault() -> None:
    told = story_at("handed_down")
    told.on("2023-05-08").do("escalate", mode="taken_over", reason="转错,收回")
    assert (told.case.mode, told.case.holder, _due(told)[0]) == ("taken_over", "620100", "2023-05-05")
    told.do("forward", by=CITY_CLERK, to="620104")
    assert (told.case.mode, told.case.region, _due(told)) == (
        *("transferred", "620104"),
        ("2023-05-08", "2023-06-07"),
    )
    happened = told.until("2024-01-01")
    assert [level for level, _ in levels_of(happened, "verification")][-1] == "referred"
    assert (told.case.mode, told.case.holder) == ("taken_over", "620100"), "late in earnest: it is taken over"


def test_by_a_take_over_no_day_moves_and_a_referral_names_whoever_was_late() -> None:
    told = story_at("referral")
    assert (told.case.holder, _due(told)) == ("620100", ("2023-05-05", "2023-06-05"))
    (gate,) = [gate for gate in told.case.gates if gate.step == "referred"]
    assert (gate.office, gate.against) == ("620000", "620105")


def test_an_office_returns_a_case_to_where_it_came_from_and_owes_nothing_more() -> None:
    told = story_at("handed_down").on("2023-05-10")
    told.do("return_up")
    assert (told.case.holder, told.case.region, told.owed()) == ("620100", "620100", ["transfer"])
    assert _due(told, "transfer") == ("2023-05-10", "2023-05-24")
    told.on("2023-05-12").do("forward", by=CITY_CLERK, to="620104")
    assert _due(told) == ("2023-05-12", "2023-06-12")
    told.on("2023-05-15").do("return_up", by="clerk:冯@620104")
    told.on("2023-05-16").do("return_up", by=CITY_CLERK)
    assert told.case.holder == "620000", "registered there: it is reported upwards"


def test_what_was_served_is_returned_with_the_verification() -> None:
    told = story_at("acknowledged").on("2023-05-18")
    told.do("return_up")
    assert (told.case.holder, _due(told)) == ("620100", ("2023-05-18", "2023-06-19"))
    assert _due(told, "response") == ("2023-05-16", "2023-05-31"), "the debtor's clock is its own"


def test_who_came_sideways_returns_it_to_the_office_above() -> None:
    told = story_at("handed_down")
    told.do("reassign")
    told.do("return_up", by="clerk:冯@620104")
    assert told.case.route == ("620100", "620105", "620104", "620100")


def test_finance_that_returned_a_case_pays_nothing_for_it() -> None:
    told = story_at("acknowledged").on("2023-05-18")
    told.do("return_up")
    told.do("forward", by=CITY_CLERK, to="620104")
    told.on("2023-05-24").do("recognise")
    told.do("endorse")
    told.do("plan")
    assert told.refused("fund", by=FINANCE).code == "not_yours"
    told.do("fund", by="finance:吴@620100")


def test_a_case_goes_sideways_with_its_bonds_and_its_mode_falls() -> None:
    told = story_at("supervised")
    told.do("reassign")
    assert (told.case.holder, told.case.region, told.case.mode) == ("620104", "620104", "transferred")
    assert (_due(told)[0], light_of_case(told.case, told.today)) == ("2023-06-08", Light.NONE)
    bonding = story_at("endorsed")
    bonding.do("plan", **bonds_of("400万元"))
    bonding.on("2023-07-03").do("reassign")
    assert (bonding.case.region, bonding.duty("bonding").opened_on) == ("620104", date(2023, 7, 3))
    assert bonding.refused("fund", by=CLERK).code == "not_yours"


def test_what_was_referred_stays_so_wherever_it_goes() -> None:
    told = story_at("referral")
    told.do("approve_step", by="head:许@620000", step="referred")
    told.do("reassign", by="head:许@620000", to="620300")
    assert told.case.mode == "referred"


def test_what_was_proposed_against_an_office_falls_with_its_hands() -> None:
    told = story_at("proposed")
    assert told.case.gates
    told.do("reassign")
    assert (told.case.gates, told.owed()) == ((), ["verification"])


def test_what_waits_for_a_second_person_is_returned_when_another_office_gets_the_case() -> None:
    told = story_at("recognised")
    told.do("determine")
    told.do("reassign")
    assert (told.case.waiting, told.owed()) == ((), ["endorsement"])


def test_in_intake_the_ten_days_are_those_of_the_office_that_has_it_now() -> None:
    told = Story()
    told.on("2023-05-04").do("reassign", by="head:许@620000", to="620300")
    assert (told.case.holder, told.owed(), told.duty("intake").due_on) == (
        *("620300", ["intake"]),
        date(2023, 5, 17),
    )


def test_money_on_its_way_keeps_a_case_where_it_is() -> None:
    for point in ("planned", "funded", "cleared"):
        assert story_at(point).refused("reassign").code == "wrong_stage"


@pytest.mark.parametrize("kind", ["large_enterprise", "organ", "platform"])
def test_the_discipline_organs_are_for_those_who_run_public_bodies(kind: str) -> None:
    """条例 (2025) Art 26: a large enterprise is put on record as untrustworthy instead."""
    debtor = RECEIPT.debtor.model_copy(update={"kind": kind})
    told = Story(RECEIPT.model_copy(update={"debtor": debtor}))
    told.do("accept")
    told.do("forward", by=CITY_CLERK, to="620105")
    told.on("2023-04-28").do("forward")
    told.on("2023-05-04").do("recognise", as_of="2023-05-04")
    told.do("endorse")
    happened = told.until("2023-09-01")
    step = "credit_record" if kind == "large_enterprise" else "referred"
    assert [(name, office) for _, name, office in proposals_of(happened)] == [
        ("interview", "620100"),
        (step, "620000"),
    ]
    (called,) = papers_of(told.do("approve_step", by=CITY_HEAD, step="interview"))
    assert (called.addressee, called.office) == ("安宁区环卫局", "620100")
    approved = [event.kind for event in told.do("approve_step", by="head:许@620000", step=step)]
    assert approved[-1] == ("credit_recorded" if kind == "large_enterprise" else "escalated")


@pytest.mark.parametrize("kind", ["private", "unknown"])
def test_against_others_the_ladder_ends_with_the_interview(kind: str) -> None:
    """条例 (2025) Art 26 names public bodies and large enterprises, and nobody else."""
    told = Story(RECEIPT.model_copy(update={"debtor": RECEIPT.debtor.model_copy(update={"kind": kind})}))
    told.do("accept")
    told.do("forward", by=CITY_CLERK, to="620105")
    told.on("2023-04-28").do("forward")
    told.on("2023-05-04").do("recognise", as_of="2023-05-04")
    told.do("endorse")
    happened = told.until("2023-12-01")
    assert [name for _, name, _ in proposals_of(happened)] == ["interview"]
    assert told.case.mode == "taken_over"


def test_a_silent_debtor_gets_the_order_at_once_and_the_office_decides_without_it() -> None:
    """条例 (2025) Art 25: where there is no answer in time a 督办书 is issued."""
    told = story_at("acknowledged")
    happened = told.until("2023-06-30")
    days = [("near", "2023-05-26"), ("lapsed", "2023-06-01"), ("key_supervised", "2023-06-14")]
    assert levels_of(happened, "response") == days
    papers = [paper for paper in papers_of(happened) if paper.duty == "response"]
    assert [(paper.notice, paper.office, paper.addressee) for paper in papers] == [
        ("prompt", "620105", "安宁区环卫局"),
        ("supervision", "620105", "安宁区环卫局"),
    ]
    assert "优化营商环境条例" in papers[1].basis, "the 条例 of 2025 was not in force yet"
    on_the_day = [event.kind for event in happened if event.on == date(2023, 6, 1)]
    assert on_the_day == ["deadline_lapsed", "escalated", "notice_issued"]


def test_whatever_a_debtor_does_it_has_got_the_letter() -> None:
    told = story_at("forwarded")
    told.do("recognise", as_of="2023-05-16")
    assert (told.case.acknowledged_on, told.owed()) == (date(2023, 5, 16), ["endorsement"])
    assert told.refused("acknowledge", by="debtor:王强").code == "wrong_stage"


def test_more_time_for_the_office_is_more_time_for_the_debtor_s_answer() -> None:
    told = story_at("acknowledged")
    first, second = told.do("extend", duty="verification", days=20)
    assert [fact(event, Extended).duty for event in (first, second)] == ["verification", "response"]
    assert (_due(told)[1], _due(told, "response")[1]) == ("2023-06-25", "2023-06-20")
    told = story_at("acknowledged")
    told.until("2023-06-01")
    assert len(told.do("extend", by=HEAD, duty="verification", days=20)) == 1, "its answer was late already"


def test_who_serves_a_case_late_is_late_from_that_day_on() -> None:
    told = Story()
    told.do("accept")
    told.on("2023-06-05").do("forward", by=CITY_CLERK)
    assert told.duty("verification").due_on == date(2023, 5, 26)
    assert levels_of(told.until("2023-06-09"), "verification") == [
        ("lapsed", "2023-06-06"),
        ("supervised", "2023-06-08"),
    ]


def test_what_is_proposed_against_a_debtor_is_decided_above_whoever_has_the_case() -> None:
    told = story_at("acknowledged")
    told.until("2023-07-30")
    assert [(gate.step, gate.office) for gate in told.case.gates if gate.against is None] == [
        ("interview", "620100")
    ]
    told.on("2023-08-01").do("reassign", by="head:许@620000", to="620300")
    assert [(gate.step, gate.office) for gate in told.case.gates] == [("interview", "620000")]
    assert told.refused("approve_step", step="interview").code == "not_yours"
    told.do("approve_step", by="head:许@620000", step="interview")


def test_an_office_does_not_return_what_it_has_taken_over() -> None:
    told = story_at("taken_over")
    assert told.refused("return_up", by=CITY_CLERK).code == "wrong_stage"


def test_a_case_is_not_reassigned_up_or_down() -> None:
    told = story_at("handed_down")
    for to in ("620100", "620105"):
        assert told.refused("reassign", by="head:许@620000", to=to).field == "to"


def test_a_correction_that_nobody_supplies_lets_the_intake_go_on() -> None:
    told = story_at("asked")
    told.until("2023-05-20")
    assert told.owed() == ["intake"]
    told.do("accept")
    for law in LAWS:
        law(told)


def test_who_reopens_a_case_that_was_never_handed_on_counts_its_days_anew() -> None:
    told = Story()
    told.do("accept")
    told.on("2023-05-08").withdrawn()
    told.on("2023-06-01").do("reopen", by="head:许@620000")
    assert _due(told, "transfer") == ("2023-06-01", "2023-06-15")
