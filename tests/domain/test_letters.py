"""The letters of the steps: which step writes which, to whom, who may read it, and whose channels it goes to."""

from typing import Any

import pytest

from domain.case.papers import documents_in, kind_of, of_side
from domain.letters import Letter
from domain.value import LetterKind, PartySide
from tests.domain.story import CITY_CLERK, CITY_HEAD, CLERK, HEAD, Story, story_at

CREDITOR, DEBTOR = "甲建筑公司", "安宁区环卫局"
BOTH = f"{CREDITOR}、{DEBTOR}"
DISTRICT, CITY = "安宁区清欠办", "兰州市清欠办"

Row = tuple[str, str, dict[str, Any], list[tuple[str, str, str, str]]]


def letters_of(told: Story, do: str, **fields: Any) -> list[Letter]:
    return [letter for event in told.do(do, **fields) for letter in event.letters]


TABLE: list[Row] = [
    ("received", "accept", {}, [("acceptance", CREDITOR, "creditor", "")]),
    ("received", "request_correction", {}, [("correction", CREDITOR, "creditor", "")]),
    ("submitted", "approve", {}, [("refusal", CREDITOR, "creditor", "")]),
    ("accepted", "forward", {"by": CITY_CLERK, "to": "620105"}, [("forwarding", DISTRICT, "", "620105")]),
    ("handed_down", "forward", {}, [("forwarding", DEBTOR, "debtor", "")]),
    (
        *("recognised", "endorse", {}),
        [("confirmation", BOTH, "creditor debtor", ""), ("outcome", CREDITOR, "creditor", "620100")],
    ),
    ("endorsed", "plan", {}, [("plan", BOTH, "creditor debtor", "")]),
    ("planned", "extend", {}, [("extension", DISTRICT, "", "")]),
    ("planned", "suspend", {}, [("suspension", BOTH, "creditor debtor", "")]),
    ("accepted", "suspend", {"by": CITY_CLERK}, [("suspension", CREDITOR, "creditor", "")]),
    ("suspended", "resume", {}, [("resumption", BOTH, "creditor debtor", "")]),
    ("planned", "interview_held", {}, [("minutes", DEBTOR, "debtor", "")]),
    ("called_back", "close", {}, [("closing", DISTRICT, "", "")]),
    ("recognised", "object", {}, []),
    ("planned", "fund", {}, []),
]


@pytest.mark.parametrize(("point", "do", "fields", "written"), TABLE)
def test_a_step_writes_its_letters(
    point: str, do: str, fields: dict[str, Any], written: list[tuple[str, str, str, str]]
) -> None:
    told = story_at(point)
    issuer = told.case.holder
    found = letters_of(told, do, **fields)
    assert [
        (letter.letter.value, letter.addressee, " ".join(letter.sides), " ".join(letter.recipients))
        for letter in found
    ] == written
    assert all(letter.office == issuer and letter.sha256 is None and letter.basis for letter in found)
    assert told.replayed() == told.case


@pytest.mark.parametrize(
    ("do", "kinds"),
    [
        ("unfounded", ["outcome"]),
        ("determine", ["confirmation", "outcome"]),
        ("hand_out", ["handing_out"]),
    ],
)
def test_what_takes_two_persons_is_written_when_the_second_has_approved(do: str, kinds: list[str]) -> None:
    told = story_at("recognised").unwatched().on("2023-07-27")
    assert letters_of(told, do) == []
    assert [letter.letter.value for letter in letters_of(told, "approve", by=HEAD)] == kinds


def test_every_letter_is_written_by_some_step() -> None:
    told = {letter for _, _, _, found in TABLE for letter, *_ in found} | {"handing_out", "outcome"}
    assert told == set(LetterKind)


def test_an_account_is_confirmed_once_and_not_again_by_what_follows() -> None:
    events = story_at("endorsed").unwatched().approved("adjust")
    assert [letter for event in events for letter in event.letters] == []


def test_a_case_that_goes_on_by_itself_says_so() -> None:
    told = story_at("suspended")
    events = told.until(str(told.case.suspension.until)) if told.case.suspension else []
    assert [letter.letter.value for event in events for letter in event.letters] == ["resumption"]


def test_who_complained_at_the_office_that_decides_gets_the_only_copy() -> None:
    told = Story(story_at("received").case.receipt.model_copy(update={"office": "620105"}))
    told.do("accept", by=CLERK)
    told.do("forward", by=CLERK)
    told.on("2023-05-26").do("recognise")
    _, outcome = letters_of(told, "endorse")
    assert outcome.recipients == ()


def test_a_letter_names_the_papers_it_asks_for_and_those_that_are_missing() -> None:
    (forwarding,) = letters_of(story_at("handed_down"), "forward")
    assert forwarding.papers == ("银行回单",)
    told = story_at("called_back")
    voucher = told.case.payments[0].voucher
    (closing,) = letters_of(told, "close")
    assert closing.papers == (f"银行回单(凭证 {voucher})",)


def test_a_party_reads_what_is_for_it_and_nothing_from_before_it_came() -> None:
    told = story_at("planned")
    kinds = {side: _kinds(told, side) for side in PartySide}
    assert kinds == {
        PartySide.CREDITOR: ["acceptance", "prompt", "confirmation", "outcome", "plan"],
        PartySide.DEBTOR: ["forwarding", "confirmation", "prompt", "plan"],
    }
    told.approved("substitute")
    assert _kinds(told, PartySide.CREDITOR) == []
    assert _kinds(told, PartySide.DEBTOR) == kinds[PartySide.DEBTOR]
    told.do("suspend")
    assert _kinds(told, PartySide.CREDITOR) == ["suspension"]


def _kinds(told: Story, side: PartySide) -> list[str]:
    found = of_side(told.journal, side).values()
    return [kind_of(one).value for one in found]


def test_what_presses_an_office_is_for_no_party() -> None:
    events = story_at("received").until("2023-05-17")
    assert any(documents_in(event) for event in events)
    assert of_side(events, PartySide.CREDITOR) == of_side(events, PartySide.DEBTOR) == {}


def test_minutes_are_for_whoever_was_called_in_by_the_office_that_held_the_interview() -> None:
    told = story_at("planned")
    told.do("summon", whom="安宁区清欠办负责人")
    (minutes,) = letters_of(told, "interview_held", by=CITY_HEAD)
    assert (minutes.office, minutes.addressee, minutes.sides) == ("620100", "安宁区清欠办负责人", ())


def test_whoever_is_called_in_by_the_ladder_gets_the_minutes() -> None:
    told = story_at("proposed")
    told.do("approve_step")
    (minutes,) = letters_of(told, "interview_held", by=CITY_HEAD)
    assert (minutes.addressee, minutes.sides) == (DISTRICT, ())


def test_what_is_determined_again_on_the_same_day_is_told_again() -> None:
    told = story_at("recognised").unwatched().on("2023-07-27")
    for disputed in ("50万元", "0"):
        fields = {"settled": "600万元", "paid": "200万元", "disputed": disputed}
        undisputed = "400万元" if disputed == "0" else "350万元"
        told.do("determine", **fields, undisputed=undisputed)
        found = letters_of(told, "approve", by=HEAD)
        assert [letter.letter.value for letter in found] == ["confirmation", "outcome"]


def test_whoever_of_a_party_is_called_in_reads_the_summons_and_the_minutes() -> None:
    told = story_at("planned")
    told.do("summon", whom="安宁区环卫局  负责人")
    told.do("interview_held")
    told.do("summon", whom="区财政局")
    told.do("interview_held", promises=[])
    kinds = _kinds(told, PartySide.DEBTOR)
    assert kinds[-2:] == ["interview", "minutes"]
    assert kinds.count("minutes") == 1


@pytest.mark.parametrize(
    ("whom", "is_read"),
    [
        ("安宁区环卫局王强", True),
        ("王强(安宁区环卫局)", True),
        ("安宁区环卫局财务处处长", True),
        ("安宁区环卫局下属环卫中心主任", False),
        ("安宁区环卫局城西分局局长", False),
        ("安宁区环卫局保洁公司法定代表人", False),
        ("城关区环卫局负责人", False),
    ],
)
def test_a_summons_is_read_by_the_party_whose_people_it_calls_and_by_no_unit_of_a_longer_name(
    whom: str, is_read: bool
) -> None:
    told = story_at("planned")
    told.do("summon", whom=whom)
    assert ("interview" in _kinds(told, PartySide.DEBTOR)) is is_read


def test_an_interview_that_nobody_was_summoned_to_is_the_debtor_s_whatever_was_before() -> None:
    told = story_at("planned")
    told.do("summon", whom="安宁区清欠办负责人")
    told.do("interview_held")
    (minutes,) = letters_of(told, "interview_held", by=CITY_HEAD)
    assert minutes.sides == (PartySide.DEBTOR,)


def test_a_debtor_that_a_court_has_told_is_written_to() -> None:
    told = story_at("handed_down")
    told.do("go_judicial")
    before = told.case
    told.approved("judgment")
    assert (before.is_known_to_debtor, told.case.is_known_to_debtor) == (False, True)
    assert told.case.forwarded_on is None
    (suspension,) = letters_of(told, "suspend")
    assert PartySide.DEBTOR in suspension.sides
