"""并案: a case that was registered twice goes on in the other one, and nowhere else."""

from datetime import date
from typing import Any

import pytest

from domain.case.casefile import Case
from domain.case.decider import evolve
from domain.case.handling.merging import absorbed
from domain.case.view import case_json
from domain.events import Event
from domain.facts import Absorbed, CaseFact
from domain.money import PEOPLE
from domain.receipt import Receipt
from domain.refusal import Refusal
from domain.reports.figures import Past, figures_of
from domain.reports.periods import ReportKind, period_of
from domain.telling import sentence
from schema.casefiles import request_rows
from tests.domain.story import CASE_NO, RECEIPT, Story, story_at

OTHER_NO = "QQ-620105-2023-0002"
THIS = Absorbed(case_no=CASE_NO, channel="hotline", received_on=date(2023, 4, 26))


def other(**changes: Any) -> Case:
    """Another case of the same parties, which came by the platform and later."""
    written = RECEIPT.model_dump(mode="json") | {"channel": "platform", "received_on": "2023-05-08"} | changes
    receipt = Receipt.model_validate(written, context=PEOPLE)
    return Story(receipt, on="2023-05-08").case.model_copy(update={"case_no": OTHER_NO})


def absorbing(case: Case, *facts: CaseFact) -> Case:
    """The case after it absorbed others."""
    told = story_at("received")
    for fact in facts:
        case = evolve(case, Event(at=told.now, on=told.today, by="clerk:李敏@620105", fact=fact))
    return case


def test_a_case_that_is_merged_ends_without_an_account_of_its_own() -> None:
    told = story_at("endorsed")
    events = told.approved("merge", into=OTHER_NO)
    assert [event.kind for event in events] == ["approved", "merged"]
    assert (told.case.ended, told.case.merged_into, told.owed()) == ("merged", OTHER_NO, [])
    assert case_json(told.case, told.today)["merged_into"] == OTHER_NO
    amounts = figures_of(Past(told.case), period_of(ReportKind.MONTH, told.today)).amounts
    assert (amounts.claimed_fen, amounts.recognised_fen, amounts.outstanding_fen, amounts.unverified) == (
        0,
    ) * 4
    assert sentence(events[-1].fact)[0] == f"并入 {OTHER_NO}:重复登记"


def test_no_case_is_merged_into_itself() -> None:
    refusal = story_at("handed_down").refused("merge", into=CASE_NO)
    assert (refusal.code, refusal.field) == ("malformed", "into")


@pytest.mark.parametrize("point", ["planned", "funded", "reported", "cleared"])
def test_what_is_to_be_paid_is_not_merged(point: str) -> None:
    assert story_at(point).refused("merge").code == "wrong_stage"


def test_there_is_no_way_back_from_it() -> None:
    told = story_at("merged")
    for do, by in (("reopen", "head:高@620100"), ("appeal", None), ("judgment", None), ("accept", None)):
        assert told.refused(do, by).code in ("wrong_stage", "case_ended", "already_lapsed")
    assert "merged" not in {one.stage for one in told.case.stages}


def test_the_other_case_shows_both_channels_and_has_the_place_of_the_older_receipt() -> None:
    case = absorbing(other(), *absorbed(story_at("received").case, OTHER_NO, other()))
    assert case.absorbed == (THIS,)
    assert case_json(case, date(2023, 6, 1))["channels"] == ["platform", "hotline"]
    assert case.ranked_on == date(2023, 4, 26)
    assert {row["received_on"] for row in request_rows(case)} == {case.ranked_on}
    assert case.receipt.received_on == date(2023, 5, 8)
    assert (other().ranked_on, case_json(other(), date(2023, 6, 1))["channels"]) == (
        date(2023, 5, 8),
        ["platform"],
    )
    assert sentence(THIS)[1] == f"{CASE_NO} goes on in this case (hotline, received on 2023-04-26)"


def test_what_had_been_merged_before_goes_on_as_well() -> None:
    before = Absorbed(case_no="QQ-620105-2022-0009", channel="letter", received_on=date(2022, 11, 1))
    case = absorbing(story_at("received").case, before)
    assert absorbed(case, OTHER_NO, other()) == [THIS, before]


def test_only_an_open_case_of_the_same_parties_takes_another() -> None:
    case = story_at("handed_down").case
    ended = other().model_copy(update={"ended": "withdrawn"})
    stranger = other(debtor={"name": "另一单位", "kind": "organ"})
    for wrong in (None, ended, stranger):
        with pytest.raises(Refusal) as refusal:
            absorbed(case, OTHER_NO, wrong)
        assert (refusal.value.code, refusal.value.field) == ("malformed", "into")
        assert "同一债权人" in refusal.value.message


def test_a_case_takes_twenty_others_at_most() -> None:
    full = absorbing(other(), *[THIS] * 20)
    with pytest.raises(Refusal, match="20 cases go on"):
        absorbed(story_at("handed_down").case, OTHER_NO, full)
    almost = absorbing(other(), *[THIS] * 19)
    assert absorbed(story_at("handed_down").case, OTHER_NO, almost) == [THIS]
