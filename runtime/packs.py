"""Rule packs, read where they are kept and handed to cases as data."""

import os
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from domain.calendar import Calendar
from domain.rules import RulePack, Rules
from runtime.faults import Faults, faults_of


@cache
def load_pack(policy: str) -> RulePack:
    """A rule pack: by its name, from the folder `QINGQIAN_POLICIES` or from `policies/`, or by the path of its file.

    Raises:
        Faults: There is none, or it is wrong; every fault with its path.
    """
    source = _source(policy)
    if not source.is_file():
        raise Faults(str(source), ["policy: there is no such rule pack"])
    try:
        return RulePack.model_validate(tomllib.loads(source.read_text("utf-8")))
    except UnicodeDecodeError as error:
        raise Faults(str(source), [f"file: cannot be read as UTF-8 text: {error}"]) from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Faults(str(source), faults_of(error)) from error


def _source(policy: str) -> Traversable:
    if policy.endswith(".toml"):
        return Path(policy)
    own = Path(os.environ.get("QINGQIAN_POLICIES", "")) / f"{policy}.toml"
    if "QINGQIAN_POLICIES" in os.environ and own.is_file():
        return own
    return files("policies") / f"{policy}.toml"


def rules_for(policy: str, office: str, calendar: Calendar) -> Rules:
    """What a case of that office carries, as long as it adopts no other: the rules of a pack, and a calendar."""
    return load_pack(policy).for_case(office, calendar)
