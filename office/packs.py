"""Finding and reading rule packs."""

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
"""The commands for which a pack may require two persons."""

_NAME: Final = re.compile(r"[\w-]{1,60}")
_SHOWN: Final = 200
"""How many characters of an unknown name an error quotes."""

_own_folder: list[str] = []
"""The office's own folder of packs, in which packs are looked for first; empty if there is none."""


def use_packs_in(folder: str | None) -> None:
    """Set the folder of an office's own packs. Called once, when a process starts.

    Raises:
        Faults: It is not a folder.
    """
    if folder and not os.path.isdir(folder):
        raise Faults("QINGQIAN_POLICIES", [f"{folder!r} is no folder"])
    _own_folder[:] = [folder] if folder else []
    forget_packs()


def forget_packs() -> None:
    """Clear the caches, so that packs are read from their files again."""
    load_pack.cache_clear()
    _versions.cache_clear()
    offices_on.cache_clear()


@cache
def load_pack(policy: str) -> RulePack:
    """A rule pack, by its name (from the office's own folder or `policies/`) or by the path of its file.

    Raises:
        Faults: There is none, or it is invalid; names every fault with its path.
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
    """The file of a pack; None if there is none. A name cannot lead outside the folders."""
    if policy.endswith(".toml"):
        return Path(policy) if os.path.exists(policy) else None
    for folder in (*_own_folder, str(files("policies"))) if _NAME.fullmatch(policy) else ():
        if Path(folder, f"{policy}.toml").is_file():
            return Path(folder, f"{policy}.toml")
    return None


def pack_in_force(policy: str, on: date) -> RulePack:
    """The version of a rule pack under which a case entered on a day is opened: the one in force then; before the first version, the
    first.

    Raises:
        Faults: There is no such pack, or a version of it is invalid.
    """
    versions = _versions(policy)
    return next((one for one in reversed(versions) if one.effective_on <= on), versions[0])


@cache
def _versions(policy: str) -> tuple[RulePack, ...]:
    """The versions of a pack by effective day: all files that bear its name, whatever they are called. Of two with the same day, the
    one counts whose file is named after the pack.
    """
    asked = load_pack(policy)
    versions = {asked.effective_on: asked}
    if asked.name == policy:  # a path means exactly that file
        for path in _kept().values():
            if _name_in(path) == policy:
                pack = load_pack(str(path))
                versions.setdefault(pack.effective_on, pack)
    return tuple(versions[day] for day in sorted(versions))


def _name_in(path: Path) -> object:
    """The name inside a pack's file; None if the file cannot be read."""
    try:
        return read_document(path).get("name")
    except Faults:
        return None


def _kept() -> dict[str, Path]:
    """The files of all packs by file name, in order."""
    folders = [Path(str(files("policies"))), *map(Path, _own_folder)]
    kept = {one.stem: one for folder in folders for one in folder.iterdir() if one.suffix == ".toml"}
    return dict(sorted(kept.items()))


def all_packs() -> list[RulePack]:
    """All packs, each version by itself.

    Raises:
        Faults: One of them is invalid.
    """
    return [load_pack(str(path)) for path in _kept().values()]


@lru_cache(maxsize=10)
def offices_on(policy: str, on: date) -> Mapping[str, str]:
    """The names of the offices by code: those of the version in force on a day, and those that only earlier versions have, because
    cases may still be with them.

    Raises:
        Faults: There is no such pack, or a version of it is invalid.
    """
    latest = pack_in_force(policy, on)
    return names_of_offices((one for one in _versions(policy) if one.effective_on <= latest.effective_on), on)


def channels_of(packs: Iterable[RulePack], office: str, on: date) -> Channels:
    """The channels of an office on a day, from the version of its pack that is in force, or the latest that has the office."""
    known = {pack.name: pack for pack in _latest_last(packs, on) if office in pack.offices}
    said = (pack.channels[office] for pack in reversed(known.values()) if office in pack.channels)
    return next(said, Channels())


def names_of_offices(packs: Iterable[RulePack], on: date) -> dict[str, str]:
    """The names of all offices by code on a day."""
    return {code: name for pack in _latest_last(packs, on) for code, name in pack.offices.items()}


def _latest_last(packs: Iterable[RulePack], on: date) -> list[RulePack]:
    """Packs ordered by name; the version in force on the day is the last of each, versions that are not yet in force come first."""
    return sorted(packs, key=lambda pack: (pack.name, pack.effective_on <= on, pack.effective_on))


def rules_for(policy: str, calendar: Calendar, on: date) -> Rules:
    """The rules that a case entered on a day carries until it adopts others: the version of the pack in force, with a calendar."""
    return pack_in_force(policy, on).for_case(calendar)
