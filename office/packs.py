"""Rule packs, read where they are kept and handed to cases as data."""

import os
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from domain.calendar import Calendar
from domain.rules import RulePack, Rules
from office.documents import read_document
from office.faults import Faults, faults_of

_NAME: Final = re.compile(r"[\w-]{1,60}")
_SHOWN: Final = 200
"""Characters of a name that is told to be none."""


@cache
def load_pack(policy: str) -> RulePack:
    """A rule pack: by its name, from the folder `QINGQIAN_POLICIES` or from `policies/`, or by the path of its file.

    Raises:
        Faults: There is none, or it is wrong; every fault with its path.
    """
    source = _source(policy)
    if source is None:
        raise Faults(policy[:_SHOWN], ["policy: there is no such rule pack"])
    try:
        return RulePack.model_validate(read_document(source))
    except ValidationError as error:
        raise Faults(str(source), faults_of(error)) from error


def _source(policy: str) -> Path | None:
    """The file of a pack, if there is one. A name leads to no other folder."""
    if policy.endswith(".toml"):
        return Path(policy) if os.path.exists(policy) else None
    own = os.environ.get("QINGQIAN_POLICIES")
    for folder in (own, str(files("policies"))) if _NAME.fullmatch(policy) else ():
        if folder and Path(folder, f"{policy}.toml").is_file():
            return Path(folder, f"{policy}.toml")
    return None


def rules_for(policy: str, office: str, calendar: Calendar) -> Rules:
    """What a case of that office carries, as long as it adopts no other: the rules of a pack, and a calendar."""
    return load_pack(policy).for_case(office, calendar)
