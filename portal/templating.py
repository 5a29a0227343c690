"""Rendering pages from templates, in Chinese or English, with amounts and days as people read them."""

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
    """The language of a page: `en` if the reader has chosen it, otherwise `zh`."""
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
    """Render a page. A template contains every text twice, `t("中文", "English")`, and shows one of the two.

    In templates, `named("STAGES", stage)` is the term for a value, from `domain.telling.words` or `domain.telling.english`;
    `pairs("STAGES", stages)` are several values with their terms; `office_called("620105")` is the name of an office.

    Args:
        shown: The template's variables. An answer to a form has to set `here`, the path of the page itself, because forms post to
            another path; `search`, the page's query, is submitted with the form.
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
    """Strip empty lines and indentation, an eighth of a page's size. Texts that must stay as they were written keep them."""
    return _MARGIN.sub(lambda found: found[1] or "\n", page)


def _context(request: Request, shown: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The variables of a template: those that every template has, and `shown`."""
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
    """The functions by which templates produce text in one language."""
    tables = english if language == "en" else words

    def t(chinese: str, in_english: str) -> str:
        return in_english if language == "en" else typeset(chinese)

    def written(chinese: str, in_english: str) -> str:
        """A text that somebody wrote, unchanged, so that a number copied from the page equals the one on paper."""
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
    """An exact amount, such as `42,160,000.00元`."""
    return f"{fen // 100:,}.{fen % 100:02d}元"


def _days_left(due_on: str, today: date) -> int:
    """The number of days until a last day; negative once it has passed."""
    return (date.fromisoformat(due_on) - today).days
