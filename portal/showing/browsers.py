"""Browsers in plain words: what somebody sits at, for whoever looks whether all sessions are the own ones."""

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
"""What is called otherwise than its makers' identifiers say; all else is called by its name."""


def in_words(said: str) -> Sentence:
    """What a browser says of itself, as people would: `Chrome on Windows`."""
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
