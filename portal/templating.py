"""Pages from templates, in Chinese or English, with amounts and days as people read them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader
from starlette.background import BackgroundTask
from starlette.datastructures import URL

from domain.evidence import EVIDENCE
from domain.money import format_money
from domain.telling import english, words
from domain.telling.amounts import TO_BE_VERIFIED
from domain.telling.commands import CALLED
from domain.telling.punctuation import typeset
from domain.telling.words import Sentence
from portal.forms.form import fresh_id
from portal.guide import guide, section_of
from portal.outcome import outcome_of, tell_once
from portal.window import window_behind

LANGUAGE_COOKIE: Final = "lang"

_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_TEMPLATES.filters["minute"] = lambda at: f"{at:%Y-%m-%d %H:%M}"
_TEMPLATES.filters["typeset"] = typeset
_TEMPLATES.globals |= {"fresh_id": fresh_id, "english": english, "EVIDENCE": EVIDENCE, "CALLED": CALLED}
_TEMPLATES.globals |= {"guide": guide, "section_of": section_of}


def language_of(request: Request) -> str:
    """`zh`, or `en` where the reader has chosen it."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "zh"


def page(
    request: Request,
    template: str,
    shown: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    background: BackgroundTask | None = None,
) -> Response:
    """A page. Templates say everything twice, `t("中文", "English")`, and show one of the two.

    What the field has words for is `named("STAGES", stage)`: a table of `domain.telling.words`, or of `domain.telling.english`; some
    of them with their words, to choose among, are `pairs("STAGES", stages)`. An office is `office_called("620105")`. `here` in what is
    shown is the page's own path: whatever answers a form has to say it, for forms go to another. What the page's address asks besides,
    `search`, goes with the form.
    """
    language = language_of(request)
    written = _TEMPLATES.get_template(template).render(_context(request, shown, language))
    response = HTMLResponse(_without_margins(written), status, headers, background=background)
    tell_once(request, response)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, samesite="lax")
    return response


_MARGIN: Final = re.compile(r"(<(pre|textarea)\b.*?</\2>)|\n\s*", re.DOTALL)


def _without_margins(page: str) -> str:
    """A page without empty lines and indents, an eighth of its weight, which only people who write templates need; what is shown or
    sent as it was written keeps them.
    """
    return _MARGIN.sub(lambda found: found[1] or "\n", page)


def _context(request: Request, shown: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What every template knows, and what is shown."""
    here = str(shown["here"] if request.method != "GET" or "here" in shown else request.url.path)
    here = "/" + here.lstrip("/\\")
    search = str(shown.get("search", f"?{request.url.query}" if request.url.query else ""))
    return {
        **_said_in(language),
        "here": here,
        "search": search,
        "news": getattr(request.state, "news", 0),
        "answered": getattr(request.state, "answered", "") or outcome_of(request).command_id,
        "other_language": _other_language(here, search, language),
        "words": words,
        "money": format_money,
        "yuan": _yuan,
        "TO_BE_VERIFIED": TO_BE_VERIFIED,
        "days_left": _days_left,
        "office_called": window_behind(request).office_called,
        **shown,
    }


def _said_in(language: str) -> dict[str, Any]:
    """What templates say things by, in one language."""
    tables = english if language == "en" else words

    def t(chinese: str, in_english: str) -> str:
        return in_english if language == "en" else typeset(chinese)

    def written(chinese: str, in_english: str) -> str:
        """What somebody wrote, to the character: a number copied from here is that of the paper."""
        return in_english if language == "en" else chinese

    def named(table: str, key: str) -> str:
        said: str = getattr(tables, table)[key]
        return said

    def pairs(table: str, keys: Iterable[str]) -> list[tuple[str, str]]:
        return [(key, named(table, key)) for key in keys]

    def choices(words: Mapping[str, Sentence]) -> list[tuple[str, str]]:
        return [(key, t(*said)) for key, said in words.items()]

    points = {"comma": t(",", ", "), "colon": t(":", ": ")}
    return {
        "t": t,
        "written": written,
        "named": named,
        "pairs": pairs,
        "choices": choices,
        "language": language,
        **points,
    }


def _other_language(here: str, search: str, language: str) -> str:
    """The address of the same page in the other language."""
    asked = URL(search).include_query_params(lang="zh" if language == "en" else "en")
    return f"{here}?{asked.query}"


def _yuan(fen: int) -> str:
    """The exact amount: `42,160,000.00元`."""
    return f"{fen // 100:,}.{fen % 100:02d}元"


def _days_left(due_on: str, today: date) -> int:
    """Days until a last day; negative when it has passed."""
    return (date.fromisoformat(due_on) - today).days
