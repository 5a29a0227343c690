"""What must not slip through: other ways of writing dates, ids that belong to batches, money nobody would get."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.actors import parse_actor
from domain.bonds.batch import no_request, refuses_money, unanswered
from domain.command_base import NEWS, REDATES
from domain.commands import read_command
from domain.facts import BatchApproved, BatchArrived, BatchClosed
from domain.money import parse_money
from domain.refusal import Code, Refusal
from domain.value import Day
from tests.domain.story import story_at


@pytest.mark.parametrize(
    "written", ["0", "1684800000", "2023-05-23T00:00:00", "2023-5-3", 0, 1684800000, None]
)
def test_a_date_is_written_in_one_way(written: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(written)


def test_a_date_is_read() -> None:
    assert TypeAdapter(Day).validate_python("2023-05-23") == date(2023, 5, 23)
    assert TypeAdapter(Day).validate_json('"2023-05-23"') == date(2023, 5, 23)


@pytest.mark.parametrize(
    "written",
    [
        "1.00000000000000000000000000000000001",
        "9999999999999.999999999999999999元",
        "4216,123万元",
        "12345,678",
        "0.1,234万元",
        "4²万元",
        "1" * 61,
    ],
)
def test_amounts_are_neither_rounded_nor_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r"amount|whole number"):
        parse_money(written)


def test_nobody_can_answer_for_a_batch() -> None:
    with pytest.raises(ValidationError, match="are the system's own"):
        read_command(
            {"do": "accept", "by": "clerk:李@620105", "command_id": f"{NEWS}BB-620105-2023-01/included/QQ-1"}
        )


def test_nobody_can_answer_for_the_calendar() -> None:
    with pytest.raises(ValidationError, match="are the system's own"):
        read_command(
            {"do": "accept", "by": "clerk:李@620105", "command_id": f"{REDATES}国办发明电〔2026〕7号"}
        )


def test_a_blank_makes_nobody_another_person() -> None:
    assert parse_actor(" head:李敏 @620105 ") == parse_actor("head:李敏@620105")
    assert parse_actor("head:李  敏@620105") == parse_actor("head:李\u3000敏@620105")
    assert not parse_actor("head:李 敏@620105").is_second_person_to(parse_actor("clerk:李敏@620105"))


def test_whoever_called_back_ever_is_no_second_pair_of_eyes() -> None:
    story = story_at("cleared")
    story.do("call_back", by="clerk:李敏@620105")
    story.do("call_back", by="clerk:马@620105")
    for person in ("李敏", "马"):
        with pytest.raises(Refusal) as refused:
            story.do("close", by=f"head:{person}@620105")
        assert refused.value.code is Code.FOUR_EYES


def test_a_case_with_cleared_money_is_not_unfounded() -> None:
    story = story_at("closed")
    story.do("reopen")
    with pytest.raises(Refusal, match="has been paid"):
        story.do("unfounded")


def test_no_more_arrives_than_cases_have_taken() -> None:
    arrived = BatchArrived(amount_fen=200, reference="W")
    assert refuses_money(arrived, 200) is None
    refusal = refuses_money(arrived, 199)
    assert refusal is not None
    assert (refusal.code, refusal.field) == (Code.EXCEEDS_PLAN, "amount")


def test_a_batch_is_not_closed_while_its_cases_await_money() -> None:
    assert refuses_money(BatchClosed(), 0) is None
    refusal = refuses_money(BatchClosed(), 1)
    assert refusal is not None
    assert refusal.code is Code.WRONG_STAGE


def test_what_moves_no_money_does_not_wait_for_any() -> None:
    assert refuses_money(BatchApproved(), 1) is None


def test_cases_that_have_not_answered_are_counted_in_the_refusal() -> None:
    assert (unanswered(3).code, "3" in unanswered(3).message) == (Code.WRONG_STAGE, True)


def test_a_case_without_a_request_cannot_be_excluded() -> None:
    assert no_request("QQ-1").field == "case_no"
