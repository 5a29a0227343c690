"""Why changes could not be posted to a program: a code for programs and the record, a sentence for people."""

from collections.abc import Mapping
from typing import Final

from domain.telling.terms import Sentence

_STATUS: Final = "http_"

_WHY: Final[Mapping[str, Sentence]] = {
    "no_answer": ("对方未按时答复", "it did not answer in time"),
    "no_connection": ("无法连接对方", "it cannot be reached"),
    "broken_off": ("连接中断", "the connection broke off"),
    "not_trusted": ("对方的证书未通过验证", "its certificate is not trusted"),
    "not_sent": ("未能发送", "nothing could be sent"),
    "host_not_allowed": (
        "系统运行方未准许向此地址发送",
        "whoever runs the stack does not let anything be posted there",
    ),
    "token_over": ("令牌已失效", "its token is over"),
    "http_410": ("对方不再接收", "it wants nothing any more"),
}


def why_untold(code: str) -> Sentence:
    """The sentence for a code: one of ours, or `http_` with the status of the answer. An unknown code gets a general sentence."""
    if code not in _WHY and code.startswith(_STATUS):
        status = code.removeprefix(_STATUS)
        return f"对方未接收,答复 {status}", f"it answered {status} and took nothing"
    return _WHY.get(code, _WHY["not_sent"])
