"""Rule packs and calendars, read where they are kept and handed to cases as data."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import chinese_calendar
from pydantic import ValidationError

from domain.calendar import Calendar
from domain.rules import RulePack, Rules
from runtime.faults import Faults, faults_of


@cache
def load_pack(name: str) -> RulePack:
    """The rule pack of that name in `policies/`.

    Raises:
        Faults: There is none, or it is wrong; every fault with its path.
    """
    source = files("policies") / f"{name}.toml"
    if not source.is_file():
        raise Faults(f"policies/{name}.toml", ["policy: there is no such rule pack"])
    try:
        return RulePack.model_validate(tomllib.loads(source.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Faults(f"policies/{name}.toml", faults_of(error)) from error


def published_calendar(since: date) -> Calendar:
    """The working days of mainland China from that year on, as far as the State Council has published them."""
    off, worked = chinese_calendar.constants.holidays, chinese_calendar.constants.workdays
    horizon = date(max(off).year, 12, 31)
    exceptions = {day for day in off if day.weekday() < 5} | {day for day in worked if day.weekday() >= 5}
    return Calendar(
        version=f"chinesecalendar-{horizon.year}",
        horizon=horizon,
        exceptions=frozenset(day for day in exceptions if day.year >= since.year),
    )


def rules_for(policy: str, office: str, since: date) -> Rules:
    """What a case of that office, received on that day, carries for its whole life."""
    return load_pack(policy).for_case(office, published_calendar(since))
