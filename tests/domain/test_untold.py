"""Why a program could not be told is a code on record and a sentence on a page."""

import pytest

from domain.telling.untold import why_untold


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("no_answer", "对方未按时答复", "it did not answer in time"),
        ("http_410", "对方不再接收", "it wants nothing any more"),
        ("http_503", "对方未接收,答复 503", "it answered 503 and took nothing"),
        ("ConnectError", "未能发送", "nothing could be sent"),
    ],
)
def test_a_code_is_said_in_both_languages(code: str, chinese: str, english: str) -> None:
    assert why_untold(code) == (chinese, english)
