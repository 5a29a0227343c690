"""A party's word on paper, entered by a clerk of the holder; and who is a second person."""

import pytest
from pydantic import ValidationError

from domain.case.decider import decide
from domain.case.possible import possible
from domain.case.view import event_json
from domain.commands import read_command
from domain.refusal import Code, Refusal
from tests.domain.story import CASE_NO, CITY_CLERK, CLERK, HEAD, story_at

OTHER_CLERK = "clerk:马@620105"


def test_the_journal_says_whose_word_it_is_and_who_entered_it() -> None:
    (event, *_) = story_at("recognised").do("endorse", by="creditor", entered_by=OTHER_CLERK)
    told = event_json(CASE_NO, 8, event, "ab12")
    assert (told["by"], told["entered_by"], told["account"]) == ("creditor", OTHER_CLERK, None)


@pytest.mark.parametrize("clerk", [CITY_CLERK, "head:孙@620105", "finance:钱@620105", "debtor:王强"])
def test_only_a_clerk_of_the_holder_enters_a_partys_word(clerk: str) -> None:
    refusal = story_at("recognised").refused("endorse", by="creditor", entered_by=clerk)
    assert (refusal.code, refusal.field) == (Code.NOT_YOURS, "entered_by")


@pytest.mark.parametrize(
    ("by", "entered_by", "account"),
    [
        (CLERK, OTHER_CLERK, None),
        ("system", CLERK, None),
        ("creditor", "clerk@620105", None),
        ("creditor", "李敏", None),
        ("creditor", [CLERK], None),
        ([], CLERK, None),
        ("creditor", CLERK, 7),
    ],
)
def test_what_a_sender_may_not_say_is_malformed(by: object, entered_by: object, account: int | None) -> None:
    written = {"do": "endorse", "command_id": "c", "by": by, "entered_by": entered_by}
    with pytest.raises(ValidationError):
        read_command(written | ({"account": account} if account else {}))


def test_the_account_that_the_window_noted_comes_through_to_the_workflow() -> None:
    noted = story_at("recognised").command("endorse", entered_by=CLERK).model_copy(update={"account": 7})
    assert type(noted).model_validate_json(noted.model_dump_json()) == noted


def test_nobody_enters_both_sides_of_an_endorsement() -> None:
    story = story_at("recognised", recognise={"entered_by": CLERK})
    assert story.again().refused("endorse", entered_by=CLERK).code is Code.FOUR_EYES
    assert story.again().do("endorse")
    assert story.again().do("endorse", entered_by=OTHER_CLERK)


def test_nobody_enters_both_sides_of_a_confirmation() -> None:
    story = story_at("reported", report_payment={"entered_by": CLERK})
    assert story.case.payments[0].entered_by is not None
    assert story.again().refused("confirm_receipt", entered_by=CLERK).code is Code.FOUR_EYES
    assert story.again().do("confirm_receipt", entered_by=OTHER_CLERK)


def test_what_is_possible_on_paper_is_what_would_be_entered() -> None:
    story = story_at("recognised", recognise={"entered_by": CLERK})
    command = story.command("endorse")
    for clerk, may in ((CLERK, False), (OTHER_CLERK, True)):
        entered_by = story.command("endorse", entered_by=clerk).entered_by
        now = possible(story.case, command.by, story.rules, story.now, entered_by=entered_by)
        assert ("endorse" in {one.do for one in now}) is may


def test_the_same_id_of_another_side_is_another_command() -> None:
    story = story_at("received")
    story.do("request_correction", command_id="same")
    assert story.do("supply_correction", command_id="same")
    assert story.do("accept", command_id="another")
    assert story.refused("forward", by=CITY_CLERK, command_id="same").code is Code.COMMAND_REUSED


@pytest.mark.parametrize(
    ("called_back_by", "closed_by"),
    [
        (CLERK, "head@620105"),
        ("clerk@620105", HEAD),
        ("clerk@620105", "head@620105"),
        (CLERK, "head:李 敏@620105"),
        (CLERK, "head:李敏@620105"),
    ],
)
def test_somebody_without_a_name_or_by_another_spelling_is_nobodys_second_person(
    called_back_by: str, closed_by: str
) -> None:
    story = story_at("cleared")
    story.do("call_back", by=called_back_by)
    assert story.refused("close", by=closed_by).code is Code.FOUR_EYES
    story.do("call_back", by=OTHER_CLERK, command_id="by name")
    if closed_by == HEAD:
        assert story.do("close", by=closed_by)


@pytest.mark.parametrize(("account", "is_second"), [(7, False), (8, True), (None, True)])
def test_one_account_is_one_person_whatever_it_is_called(account: int | None, is_second: bool) -> None:
    story = story_at("cleared")
    back = story.command("call_back").model_copy(update={"account": 7})
    story.happened(story.decided(back))
    close = story.command("close").model_copy(update={"account": account})
    if is_second:
        assert decide(story.case, close, story.rules, story.now)
        return
    with pytest.raises(Refusal) as refused:
        decide(story.case, close, story.rules, story.now)
    assert refused.value.code is Code.FOUR_EYES


def test_nobody_confirms_a_withdrawal_that_came_on_paper_and_was_entered_by_the_same() -> None:
    story = story_at("planned")
    story.do("withdraw", entered_by=CLERK)
    refusal = story.again().refused("confirm_withdrawal")
    assert (refusal.code, refusal.field) == (Code.FOUR_EYES, "by")
    assert story.again().do("confirm_withdrawal", voluntary=False)
    assert story.again().do("confirm_withdrawal", by=OTHER_CLERK)


def test_a_creditor_that_goes_to_court_on_paper_takes_two_persons() -> None:
    story = story_at("planned")
    (submitted,) = story.do("go_judicial", entered_by=CLERK)
    assert (submitted.kind, story.case.ended) == ("submitted", None)
    story.do("approve", HEAD)
    assert story.case.ended == "judicial"
    assert story_at("planned").do("go_judicial")[-1].kind == "went_judicial"
