"""What comes of the ladder, and what people make of it: documents, escalation from above, gates, extensions."""

from datetime import date
from typing import Any

import pytest

from domain.calendar import business_instant
from domain.case.duties import light_of_case
from domain.value import Light, Mode
from tests.domain.climbing import levels_of, papers_of, proposals_of, received_at, rises_of, two_instalments
from tests.domain.story import (
    CITY_CLERK,
    CITY_HEAD,
    HEAD,
    PROVINCE_CLERK,
    PROVINCE_HEAD,
    Story,
    rules_with,
    story_at,
)

# The documents.


def test_the_documents_of_an_office_that_does_not_decide() -> None:
    told = story_at("objected")
    papers = papers_of(told.until("2023-07-18"))
    assert [
        (paper.number, paper.notice.value, paper.office, paper.addressee, paper.recipients)
        for paper in papers
        if paper.duty == "verification"
    ] == [
        ("清欠提〔2023〕620100-2023-0001-4号", "prompt", "620100", "安宁区清欠办", ("620105",)),
        ("清欠催〔2023〕620100-2023-0001-5号", "urging", "620100", "安宁区清欠办", ("620105", "620100")),
        (
            *("清欠督函〔2023〕620100-2023-0001-6号", "supervision_letter", "620100", "安宁区清欠办"),
            ("620105", "620100"),
        ),
        ("清欠办〔2023〕620100-2023-0001-9号", "takeover", "620100", "安宁区清欠办", ("620105", "620100")),
    ]
    urging = papers[1]
    assert (urging.due_on, urging.reply_by) == (date(2023, 6, 5), date(2023, 6, 13))
    assert urging.deliver_at == business_instant(date(2023, 6, 6), 9)
    assert urging.basis == told.duty("verification").basis == "甘肃省清理拖欠企业账款规则"
    assert (urging.office_name, urging.sha256) == ("兰州市清欠办", None)


def test_an_office_that_is_late_is_pressed_by_the_one_above() -> None:
    told = received_at("620100", "2023-04-26")
    papers = [paper for paper in papers_of(told.until("2023-06-09")) if paper.duty == "intake"]
    assert [(paper.notice.value, paper.office, paper.addressee, paper.recipients) for paper in papers] == [
        ("prompt", "620000", "兰州市清欠办", ("620100",)),
        ("urging", "620000", "兰州市清欠办", ("620100", "620000")),
        ("supervision_letter", "620000", "兰州市清欠办", ("620100", "620000")),
        ("takeover", "620000", "兰州市清欠办", ("620100", "620000")),
    ]
    # It lapsed on a Saturday: the urging goes out, and its five days begin, with the office hours of Monday.
    assert papers[1].deliver_at == business_instant(date(2023, 5, 15), 9)
    assert papers[1].reply_by == date(2023, 5, 19)


def test_a_gate_s_documents_go_to_the_office_that_decides() -> None:
    told = story_at("taken_over")
    told.until("2023-07-26")
    gates = [paper for paper in papers_of(told.journal) if paper.duty == "gate"]
    assert [(paper.subject, paper.notice.value, paper.addressee, paper.recipients) for paper in gates] == [
        ("interview", "prompt", "兰州市清欠办", ("620100",)),
        ("interview", "urging", "兰州市清欠办", ("620100", "620105", "620000")),
    ], "nobody is above the province"


def test_a_gate_stays_with_its_office_when_the_case_moves_on() -> None:
    told = story_at("proposed")
    told.do("escalate", mode="taken_over")
    near, lapsed = papers_of(told.until("2023-06-28"))
    assert (near.addressee, near.recipients) == ("兰州市清欠办", ("620100",))
    assert lapsed.recipients == ("620100", "620000")
    (called,) = papers_of(told.do("approve_step"))
    assert (called.notice, called.office, called.addressee) == ("interview", "620100", "安宁区清欠办")
    assert called.recipients == ("620105", "620100")


def test_whoever_takes_over_says_so() -> None:
    told = story_at("planned")
    (paper,) = papers_of(told.do("escalate", by=PROVINCE_HEAD, mode="taken_over"))
    assert (paper.office, paper.addressee, paper.recipients) == (
        "620000",
        "安宁区清欠办",
        ("620105", "620000"),
    )
    assert (paper.duty, paper.level, paper.due_on) == (None, None, None)


def test_an_order_from_above_quotes_the_ladder() -> None:
    told = story_at("planned")
    (paper,) = papers_of(told.do("escalate"))
    assert (paper.notice, paper.office, paper.addressee) == ("supervision_letter", "620100", "安宁区清欠办")
    assert "由上级办公室督办" in paper.basis
    (taken,) = papers_of(told.do("escalate", mode="taken_over"))
    assert "由上级办公室直接办理" in taken.basis
    gate = story_at("proposed")
    (called,) = papers_of(gate.do("approve_step"))
    assert called.addressee == "安宁区清欠办"
    assert called.basis == "甘肃省清理拖欠企业账款规则:久拖不决的,约谈负责人"
    assert (called.office, called.recipients) == ("620100", ("620105", "620100"))


# From above.


def test_a_superior_s_head_raises_the_case_at_once_and_the_ladder_does_not_lower_it() -> None:
    told = story_at("objected")
    told.do("escalate", mode="key_supervised")
    assert told.case.mode is Mode.KEY_SUPERVISED
    (rise,) = rises_of(told.until("2023-06-08"))
    assert (rise.level, rise.was, rise.mode) == ("supervised", "key_supervised", "key_supervised")


def test_the_province_may_take_over_from_the_district() -> None:
    told = story_at("objected")
    (rise,) = rises_of(told.do("escalate", by=PROVINCE_HEAD, mode="taken_over"))
    assert (rise.holder, rise.reason, rise.duty) == ("620000", "社会关注", None)
    told.do("suspend", by=PROVINCE_CLERK)
    told.do("resume", by=PROVINCE_CLERK)
    levels = [level for level, _ in levels_of(told.until("2024-01-01"), "verification")]
    assert levels == ["near", "lapsed", "supervised", "key_supervised", "referred"]


def test_the_province_may_take_over_what_the_city_has_taken_over() -> None:
    told = story_at("taken_over")
    told.do("escalate", by=PROVINCE_HEAD, mode="taken_over")
    assert (told.case.mode, told.case.route) == ("taken_over", ("620100", "620105", "620100", "620000"))


def test_what_was_handed_over_stays_so_when_it_is_taken_over() -> None:
    told = story_at("referral")
    told.do("approve_step", by=PROVINCE_HEAD, step="referred")
    (rise,) = rises_of(told.do("escalate", by=PROVINCE_HEAD, mode="taken_over"))
    assert (rise.was, rise.mode, told.case.holder) == ("referred", "referred", "620000")


def test_at_the_top_the_head_of_the_office_itself_escalates() -> None:
    told = received_at("620000", "2023-04-26")
    assert told.refused("escalate", by=CITY_HEAD).code == "not_yours"
    told.do("escalate", by=PROVINCE_HEAD)
    assert told.case.mode is Mode.SUPERVISED


def test_a_ladder_without_a_rung_for_the_mode_has_no_document_for_it() -> None:
    def without(pack: dict[str, Any]) -> None:
        pack["ladder"] = [
            rung for rung in pack["ladder"] if rung["level"] not in ("supervised", "taken_over")
        ]

    told = Story(rules=rules_with(without))
    assert [event.kind for event in told.do("escalate", by=PROVINCE_HEAD)] == ["escalated"]
    (paper,) = papers_of(told.do("escalate", by=PROVINCE_HEAD, mode="taken_over"))
    assert (paper.notice, paper.basis) == ("takeover", "甘肃省清理拖欠企业账款规则")


@pytest.mark.parametrize(
    ("mode", "by", "holder"),
    [
        ("supervised", "system", "620105"),
        ("key_supervised", "system", "620105"),
        ("taken_over", "system", "620100"),
        ("supervised", CITY_HEAD, "620105"),
        ("taken_over", CITY_HEAD, "620100"),
        ("taken_over", PROVINCE_HEAD, "620000"),
    ],
)
def test_a_signal_raises_a_case_once(mode: str, by: str, holder: str) -> None:
    told = story_at("planned")
    (rise,) = rises_of(told.signalled(mode, by, command_id="热线1号"))
    assert (rise.mode, rise.reason, told.case.holder) == (mode, "社会关注", holder)
    case = told.case
    assert told.signalled(mode, by, command_id="热线1号") == []
    assert told.signalled(mode, by, command_id="热线1号", reason="另一内容") == []
    assert told.case is case


@pytest.mark.parametrize(
    ("point", "mode", "by"),
    [
        ("planned", "transferred", "system"),
        ("planned", "referred", "system"),
        ("planned", "referred", CITY_HEAD),
        ("proposed", "supervised", "system"),
        ("taken_over", "taken_over", CITY_HEAD),
        ("planned", "supervised", CITY_CLERK),
        ("planned", "supervised", HEAD),
        ("planned", "supervised", "creditor"),
        ("closed", "taken_over", "system"),
        ("closed", "taken_over", CITY_HEAD),
        ("withdrawn", "supervised", "system"),
    ],
)
def test_a_signal_that_cannot_raise_a_case_does_nothing(point: str, mode: str, by: str) -> None:
    told = story_at(point)
    case = told.case
    assert told.signalled(mode, by) == []
    assert told.case is case


def test_nobody_takes_over_from_the_top_by_signal() -> None:
    told = received_at("620000", "2023-04-26")
    assert told.signalled("taken_over") == []


def test_a_signal_reaches_a_suspended_case() -> None:
    told = story_at("suspended")
    assert [rise.mode for rise in rises_of(told.signalled("supervised"))] == ["supervised"]
    assert told.case.suspended


# The human gates.


def test_a_step_that_is_approved_opens_nothing_further_and_a_call_goes_out() -> None:
    told = story_at("proposed")
    assert told.owed() == ["gate", "verification"]
    approved, paper = told.do("approve_step", reason="同意")
    assert [key.duty for key in paper.met] == ["gate"]
    assert (approved.kind, told.owed(), told.case.mode) == (
        "step_approved",
        ["verification"],
        "key_supervised",
    )


def test_a_step_that_is_declined_does_not_come_back_for_the_same_duty() -> None:
    told = story_at("proposed")
    told.do("decline_step")
    assert (told.owed(), told.case.gates) == (["verification"], ())
    assert proposals_of(told.until("2024-01-01")) == [("2023-07-18", "referred", "620000")]


def test_only_an_approved_referral_refers() -> None:
    told = story_at("referral")
    assert told.case.mode is Mode.TAKEN_OVER
    told.until("2024-01-01")
    assert told.case.mode is Mode.TAKEN_OVER
    (rise,) = rises_of(told.do("approve_step", by=PROVINCE_HEAD, step="referred"))
    assert (rise.was, rise.mode, rise.holder) == ("taken_over", "referred", None)
    assert (told.case.mode, told.case.holder) == ("referred", "620100")


def test_a_declined_referral_changes_no_mode() -> None:
    told = story_at("referral")
    told.do("decline_step", by=PROVINCE_HEAD, step="referred")
    assert (told.case.mode, [gate.step for gate in told.case.gates]) == ("taken_over", ["interview"])


def test_each_gate_has_a_head_of_its_own() -> None:
    told = story_at("referral")
    told.do("approve_step", by=CITY_HEAD)
    told.do("approve_step", by=PROVINCE_HEAD, step="referred")
    assert told.case.gates == ()


def test_a_proposal_is_made_again_when_another_duty_climbs_so_high() -> None:
    told = story_at("partly_disputed")
    told.until("2023-07-12")
    told.do("decline_step")
    proposals = proposals_of(told.until("2024-06-01"))
    assert [(step, office) for _, step, office in proposals] == [
        ("referred", "620000"),
        ("interview", "620000"),
        ("referred", "620000"),
    ]


# Extension.


def test_an_extension_moves_the_last_day_and_the_whole_ladder() -> None:
    told = story_at("objected")
    (extended,) = told.do("extend", duty="verification", days=30)
    (duty,) = extended.redated
    assert duty == told.duty("verification")
    assert (duty.opened_on, duty.due_on, str(duty.term)) == (date(2023, 5, 5), date(2023, 7, 4), "60d")
    climbed = levels_of(told.until("2023-08-01"), "verification")
    assert climbed == [
        ("near", "2023-06-29"),
        ("lapsed", "2023-07-05"),
        ("supervised", "2023-07-07"),
        ("key_supervised", "2023-07-18"),
        ("taken_over", "2023-08-01"),
    ]


def test_a_deadline_that_was_near_is_not_announced_again_after_an_extension() -> None:
    told = story_at("objected")
    told.until("2023-05-31")
    told.do("extend", duty="verification", days=30)
    assert light_of_case(told.case, told.today) is Light.NONE
    assert levels_of(told.until("2023-07-05"), "verification") == [("lapsed", "2023-07-05")]


def test_a_term_can_be_extended_until_its_last_day_and_not_later() -> None:
    told = story_at("objected")
    told.until("2023-06-05")
    told.do("extend", duty="verification", days=1)
    assert told.duty("verification").due_on == date(2023, 6, 5)
    told.until("2023-06-06")
    assert told.refused("extend", duty="verification").code == "already_lapsed"


def test_ninety_days_in_all_are_the_most() -> None:
    told = story_at("objected")
    for days in (25, 35):
        told.do("extend", duty="verification", days=days)
    assert (told.duty("verification").due_on, told.duty("verification").term) == (
        date(2023, 8, 3),
        (90, False),
    )
    assert told.refused("extend", duty="verification", days=1).code == "beyond_ceiling"


def test_what_was_granted_counts_after_an_objection_too() -> None:
    told = story_at("objected")
    told.on("2023-05-24").do("extend", duty="verification", days=60)
    told.do("recognise")
    told.do("object")
    assert told.duty("verification").due_on == date(2023, 8, 3)
    assert told.refused("extend", duty="verification", days=1).code == "beyond_ceiling"


def test_a_new_verification_has_a_term_of_its_own() -> None:
    told = story_at("objected")
    told.on("2023-05-24").do("extend", duty="verification", days=60)
    for do in ("recognise", "endorse", "plan", "fund"):
        told.do(do)
    told.on("2023-07-21").do("report_payment")
    told.do("confirm_receipt")
    told.do("call_back", satisfied="no")
    assert told.duty("verification").term == (30, False)


@pytest.mark.parametrize(
    ("point", "fields", "due_on"),
    [
        ("acknowledged", {"duty": "response", "days": 5}, "2023-06-05"),
        ("planned", {"days": 10}, "2023-10-08"),
        ("bonding", {"duty": "bonding", "days": 30}, "2023-11-23"),
        ("cleared", {"duty": "review", "days": 10}, "2023-08-18"),
    ],
)
def test_a_term_is_extended_in_its_own_unit(point: str, fields: dict[str, Any], due_on: str) -> None:
    told = story_at(point)
    told.do("extend", **fields)
    duty = told.duty(
        fields.get("duty", "instalment"), fields.get("subject", "1" if point == "planned" else None)
    )
    assert duty.due_on.isoformat() == due_on


def test_one_of_several_duties_is_extended() -> None:
    told = two_instalments()
    told.do("extend", subject="2", days=7)
    days = [told.duty("instalment", subject).due_on.day for subject in ("1", "2")]
    assert days == [28, 7]
