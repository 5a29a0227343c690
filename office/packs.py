"""Rule packs, read where they are kept and handed to cases as data."""

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from domain.calendar import Calendar
from domain.case.orders import ORDERS
from domain.command_base import name_of
from domain.rules import Channels, RulePack, Rules
from office.documents import read_document
from office.faults import Faults, faults_of

SUBMITTABLE: Final = frozenset(map(name_of, ORDERS)) - {
    *("approve", "return_submission"),
    *("attach", "detach"),
}
"""The commands that a pack may have take two persons."""

_NAME: Final = re.compile(r"[\w-]{1,60}")
_SHOWN: Final = 200
"""Characters of a name that is told to be none."""

_own_folder: list[str] = []
"""At most one. Every pack of this process is looked for there first."""


def use_packs_in(folder: str | None) -> None:
    """Have packs looked for in an office's own folder first; said once, when a process begins.

    Raises:
        Faults: It is no folder.
    """
    if folder and not os.path.isdir(folder):
        raise Faults("QINGQIAN_POLICIES", [f"{folder!r} is no folder"])
    _own_folder[:] = [folder] if folder else []
    forget_packs()


def forget_packs() -> None:
    """Have every pack read anew from its file when it is asked for next."""
    load_pack.cache_clear()
    _versions.cache_clear()
    offices_on.cache_clear()


@cache
def load_pack(policy: str) -> RulePack:
    """A rule pack: by its name, from the office's own folder or from `policies/`, or by the path of its file.

    Raises:
        Faults: There is none, or it is wrong; every fault with its path.
    """
    source = _source(policy)
    if source is None:
        raise Faults(policy[:_SHOWN], ["policy: there is no such rule pack"])
    try:
        pack = RulePack.model_validate(read_document(source))
    except ValidationError as error:
        raise Faults(str(source), faults_of(error)) from error
    faults = [
        f"two_persons: {name} is no command that can be submitted"
        for name in sorted(set(pack.two_persons) - SUBMITTABLE)
    ]
    faults += [
        f"evidence: {rule.do} is no command that needs papers"
        for rule in pack.evidence
        if rule.do not in SUBMITTABLE
    ]
    if faults:
        raise Faults(str(source), faults)
    return pack


def _source(policy: str) -> Path | None:
    """The file of a pack, if there is one. A name leads to no other folder."""
    if policy.endswith(".toml"):
        return Path(policy) if os.path.exists(policy) else None
    for folder in (*_own_folder, str(files("policies"))) if _NAME.fullmatch(policy) else ():
        if Path(folder, f"{policy}.toml").is_file():
            return Path(folder, f"{policy}.toml")
    return None


def pack_in_force(policy: str, on: date) -> RulePack:
    """The version of a rule pack that a case takes which is entered on a day: the one in force then; before the first, the first.

    Raises:
        Faults: There is no such pack, or a version of it is wrong.
    """
    versions = _versions(policy)
    return next((one for one in reversed(versions) if one.effective_on <= on), versions[0])


@cache
def _versions(policy: str) -> tuple[RulePack, ...]:
    """The versions of a pack, from the first to be in force to the last: all that bear its name, whatever their files are called. Of
    two that begin on one day the one counts whose file has the name.
    """
    asked = load_pack(policy)
    versions = {asked.effective_on: asked}
    if asked.name == policy:  # Whoever asks for another file means that one.
        for path in _kept().values():
            if _name_in(path) == policy:
                pack = load_pack(str(path))
                versions.setdefault(pack.effective_on, pack)
    return tuple(versions[day] for day in sorted(versions))


def _name_in(path: Path) -> object:
    """The name that a pack gives itself, if it can be read."""
    try:
        return read_document(path).get("name")
    except Faults:
        return None


def _kept() -> dict[str, Path]:
    """The file of every pack that is kept here, by the name of the file, in their order."""
    folders = [Path(str(files("policies"))), *map(Path, _own_folder)]
    kept = {one.stem: one for folder in folders for one in folder.iterdir() if one.suffix == ".toml"}
    return dict(sorted(kept.items()))


def all_packs() -> list[RulePack]:
    """Every pack that is kept here, each version by itself.

    Raises:
        Faults: One is wrong.
    """
    return [load_pack(str(path)) for path in _kept().values()]


@lru_cache(maxsize=10)
def offices_on(policy: str, on: date) -> Mapping[str, str]:
    """The names of the offices by their codes: those of the pack in force on a day, and those that only versions before it know, where
    cases may still be.

    Raises:
        Faults: There is no such pack, or a version of it is wrong.
    """
    latest = pack_in_force(policy, on)
    return names_of_offices((one for one in _versions(policy) if one.effective_on <= latest.effective_on), on)


def channels_of(packs: Iterable[RulePack], office: str, on: date) -> Channels:
    """Where notices to an office go on a day: by the version of its pack that is in force, or the latest that knew the office."""
    known = {pack.name: pack for pack in _latest_last(packs, on) if office in pack.offices}
    said = (pack.channels[office] for pack in reversed(known.values()) if office in pack.channels)
    return next(said, Channels())


def names_of_offices(packs: Iterable[RulePack], on: date) -> dict[str, str]:
    """The names of all offices by their codes, as they are on a day."""
    return {code: name for pack in _latest_last(packs, on) for code, name in pack.offices.items()}


def _latest_last(packs: Iterable[RulePack], on: date) -> list[RulePack]:
    """Packs by their names; of each the version last that is in force on a day, and first those that are not yet."""
    return sorted(packs, key=lambda pack: (pack.name, pack.effective_on <= on, pack.effective_on))


def rules_for(policy: str, calendar: Calendar, on: date) -> Rules:
    """What a case carries that is entered on a day, as long as it adopts no other: the rules of a pack, and a calendar."""
    return pack_in_force(policy, on).for_case(calendar)
