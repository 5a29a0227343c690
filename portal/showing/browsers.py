"""User agents in plain words, so that people recognise their own sessions."""

from typing import Final

from domain.telling.words import Sentence

UNKNOWN: Final[Sentence] = ("未知的浏览器", "a browser that does not say which")

_CALLED: Final[dict[str, Sentence]] = {
    "WeChat Browser": ("微信", "WeChat"),
    "QQ Browser": ("QQ 浏览器", "QQ Browser"),
    "QQ Browser Mobile": ("QQ 浏览器", "QQ Browser"),
    "UC Browser": ("UC 浏览器", "UC Browser"),
    "Mobile Safari": ("Safari", "Safari"),
    "Chrome Mobile": ("Chrome", "Chrome"),
    "Mac OS X": ("苹果电脑", "a Mac"),
    "iOS": ("苹果手机或平板", "an iPhone or iPad"),
    "Android": ("安卓手机或平板", "an Android device"),
}
"""The names of browsers and systems that differ from their identifiers."""


def in_words(said: str) -> Sentence:
    """A user agent as people would say it, such as `Chrome on Windows`."""
    from ua_parser import parse_os, parse_user_agent

    browser, system = parse_user_agent(said), parse_os(said)
    if browser is None:
        return UNKNOWN
    of = _called(browser.family)
    if system is None:
        return of
    at = _called(system.family)
    return f"{of[0]}({at[0]})", f"{of[1]} on {at[1]}"


def _called(name: str) -> Sentence:
    return _CALLED.get(name, (name, name))
