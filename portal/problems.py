"""Error answers: problem documents (RFC 9457) for programs, a page for people, and never a traceback."""

from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from domain.refusal import Code, Refusal
from domain.telling.punctuation import typeset
from portal.templating import page

API: Final = "/api/v1"
PROBLEM_JSON: Final = "application/problem+json"

Found = TypeVar("Found")


class Problem(Exception):  # noqa: N818 - an answer, not an error
    """An error answer.

    Args:
        status: The HTTP status.
        message: A sentence in Chinese.
        detail: The same in English.
        more: Further members of the problem document, such as `code` and `field`.
        headers: Such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        detail: str,
        more: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.message, self.detail = status, message, detail
        self.more, self.headers = more or {}, headers or {}

    def document(self) -> dict[str, Any]:
        """The problem document: `{type, title, status, detail, message, …}`."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "message": typeset(self.message),
            **self.more,
        }


class NotFound(Problem):
    """404. What does not exist and what the visitor may not see are answered alike."""

    def __init__(self, what: str = "案件", thing: str = "case") -> None:
        super().__init__(404, f"没有此{what}", f"there is no such {thing}")


def or_not_found(asked: Found | None, what: str = "案件", thing: str = "case") -> Found:
    """The argument itself.

    Raises:
        NotFound: It is None.
    """
    if asked is None:
        raise NotFound(what, thing)
    return asked


class Forbidden(Problem):
    """403: the visitor is known, but may not do this."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(403, message, detail, {"code": Code.NOT_YOURS.value})


class TooMany(Problem):
    """429: too many failed attempts."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            429,
            f"尝试次数过多,请 {seconds // 60 + 1} 分钟后再试",
            f"too many attempts; try again in {seconds} seconds",
            headers={"Retry-After": str(seconds)},
        )


class TooFast(Problem):
    """429: too many commands. Those that were answered are not lost."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            429,
            f"提交过于频繁,本次没有办理,请 {seconds} 秒后再提交",
            f"too many commands in a short time: this one was not carried out; send it again in {seconds} seconds",
            headers={"Retry-After": str(seconds)},
        )


class SignInFirst(Exception):  # noqa: N818 - an answer, not an error
    """Redirects to the page on which the visitor signs in or shows a code."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


def problem_of(refusal: Refusal) -> Problem:
    """The HTTP answer for a refusal: 403 for a missing right, 422 for a malformed command, 409 for all others."""
    status = {Code.NOT_YOURS: 403, Code.MALFORMED: 422}.get(refusal.code, 409)
    return Problem(
        status,
        refusal.message,
        refusal.detail,
        {"code": refusal.code.value, "field": refusal.field, **refusal.more},
    )


def answer(request: Request, problem: Problem) -> Response:
    """A problem document for a program, a page for a person."""
    if request.url.path.startswith(API):
        return JSONResponse(
            problem.document(), problem.status, headers=problem.headers, media_type=PROBLEM_JSON
        )
    shown = {"problem": problem, **({} if request.method == "GET" else {"here": "/", "search": ""})}
    return page(request, "problem.html", shown, status=problem.status, headers=problem.headers)
