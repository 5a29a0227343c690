"""What a case has issued, how each of it was served, and what somebody may do now, as every interface is told."""

from domain.actors import parse_actor
from domain.case.papers import documents_json
from domain.case.possible import possible_json
from tests.domain.story import CLERK, FINANCE, HEAD, USUAL, Story, story_at

NUMBER = USUAL["serve"][1]["document"]


def _possible(told: Story, by: str) -> dict[tuple[str, str | None], dict[str, object]]:
    found = possible_json(told.case, parse_actor(by), told.rules, told.now)
    return {(one["do"], one["on_paper_for"]): one for one in found}


def test_a_document_is_shown_with_its_service() -> None:
    told = story_at("planned")
    told.do("serve")
    told.do("serve", how="post", receipt=None)
    first, *others = documents_json(told.journal)
    assert (first["number"], first["kind"], first["title"], first["office"]) == (
        NUMBER,
        "acceptance",
        "受理通知书",
        "620100",
    )
    assert [one["how"] for one in first["served"]] == ["in_person", "post"]
    assert first["served"][0] == {"on": "2023-06-26", "how": "in_person", "receipt": "王强签收"}
    assert all(one["served"] == [] for one in others)
    assert [one["number"] for one in (first, *others)] == list(told.case.documents)


def test_a_clerk_by_name_enters_what_the_parties_say() -> None:
    found = _possible(story_at("recognised"), CLERK)
    assert {("unfounded", None), ("endorse", "creditor"), ("object", "creditor")} <= found.keys()
    assert found["unfounded", None]["two_persons"] is True
    for by in ("clerk@620105", FINANCE):
        assert {party for _, party in _possible(story_at("recognised"), by)} == {None}


def test_who_decides_is_told_on_which() -> None:
    told = story_at("recognised")
    told.do("unfounded")
    told.do("hand_out", "clerk:孙@620105")
    assert _possible(told, HEAD)["approve", None]["submissions"] == [1], "the other is the head's own"
    assert _possible(told, HEAD)["return_submission", None]["submissions"] == [1, 2]
    assert _possible(told, CLERK)["return_submission", None]["submissions"] == [1]
