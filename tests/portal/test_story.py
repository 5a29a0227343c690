"""Every kind of entry is told in both languages or kept from enterprises on purpose."""

from typing import get_args

import pytest

from domain import words
from domain.events import CaseFact
from portal import english, story


@pytest.mark.parametrize("table", ["STAGES", "DUTIES", "MODES", "SOURCES", "NOTICES", "STEPS", "ROLES"])
def test_the_english_words_are_for_the_same_things(table: str) -> None:
    chinese = {str(key): said for key, said in getattr(words, table).items()}
    assert set(getattr(english, table)) == set(chinese)


@pytest.mark.parametrize("fact", get_args(CaseFact), ids=lambda fact: str(fact.model_fields["kind"].default))
def test_every_kind_of_entry_has_a_sentence_or_a_reason_for_none(fact: type) -> None:
    kind = fact.model_fields["kind"].default  # type: ignore[attr-defined]
    ways = [
        kind in story._HIDDEN,
        kind in story._MASKED,
        kind in story._PLAIN,
        kind == "escalated",
        story._english.dispatch(fact) is not story._english.dispatch(object),
    ]
    assert ways.count(True) == 1
