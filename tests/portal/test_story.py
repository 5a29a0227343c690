"""Every kind of entry is told in both languages, and kept from enterprises only on purpose."""

from typing import get_args

import pytest

from domain.facts import CaseFact
from domain.telling import english, sentence, words
from portal.showing import story
from tests.domain.story import story_at


@pytest.mark.parametrize(
    "table",
    [
        "STAGES",
        "DUTIES",
        "MODES",
        "SOURCES",
        "NOTICES",
        "STEPS",
        "SATISFIED",
        "ROLES",
        "CHANNELS",
        "DEBTOR_KINDS",
        "SIZES",
        "OWNERSHIPS",
        "CLAIM_KINDS",
        "LIGHTS",
    ],
)
def test_the_english_words_are_for_the_same_things(table: str) -> None:
    chinese = {str(key): said for key, said in getattr(words, table).items()}
    assert set(getattr(english, table)) == set(chinese)


def test_what_happened_in_a_whole_life_is_told_in_english() -> None:
    told = story_at("proposed")
    told.until("2024-06-30")
    said = [sentence(event.fact)[1] for event in told.journal]
    assert said[:2] == ["Registered: 道路维修工程款, claimed 450.00万元", "Accepted"]
    assert all(said)


def test_what_is_kept_from_enterprises_are_entries_that_there_are() -> None:
    kinds = {fact.model_fields["kind"].default for fact in get_args(CaseFact)}
    assert story._HIDDEN | set(story._MASKED) < kinds
