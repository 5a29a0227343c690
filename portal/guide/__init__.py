"""The guide for staff, in both languages: one page each, whose sections the other pages lead to."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

ADDRESS: Final = "/desk/guide"

SECTIONS: Final[Mapping[str, str]] = {
    "/desk/cases": "办理",
    "/desk/register": "登记",
    "/desk/import": "接入积压案件",
    "/desk/batches": "债券批次",
    "/desk/news": "消息",
    "/desk/notices": "文书和报告",
    "/desk/reports": "文书和报告",
    "/desk": "工作台",
    "/people/units": "债务人单位账号",
    "/account": "登录",
}
"""In which section a page is told of, by how its address begins; the first that fits."""

_FILES: Final = {"zh": "staff.zh.md", "en": "staff.en.md"}


@cache
def guide(language: str) -> Markup:
    """The whole guide. It is ours, and holds no HTML."""
    markdown, tokens = _parsed(language)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))


def section_of(page: str) -> str:
    """The address of the section that tells of a page; of the whole guide, where none does."""
    return next((section for address, section in _sections().items() if page.startswith(address)), ADDRESS)


@cache
def _sections() -> Mapping[str, str]:
    """The addresses of the sections, by how those of their pages begin."""
    names = headings("zh")
    return {address: f"{ADDRESS}#s{names.index(name)}" for address, name in SECTIONS.items()}


def headings(language: str) -> list[str]:
    """The headings of the guide, in their order: the same in both languages."""
    _, tokens = _parsed(language)
    return [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]


def _parsed(language: str) -> tuple[MarkdownIt, list[Token]]:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    tokens = markdown.parse((Path(__file__).parent / _FILES[language]).read_text(encoding="utf-8"))
    number, heading = -1, ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            number, heading = number + 1, tokens[at + 1].content
            token.attrSet("id", f"s{number}")
        elif token.type == "table_open":
            token.meta["caption"] = heading
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    return markdown, tokens


def _table_open(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """A table is named by the heading above it, for those who do not see where it stands; on a phone it is moved sideways."""
    name = escape(tokens[at].meta["caption"])
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="{name}">'
        f'<table><caption class="visually-hidden">{name}</caption>'
    )


def _table_close(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """The end of a table and of what moves it."""
    return "</table></div>"
