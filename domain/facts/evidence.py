"""The facts of 证据材料."""

from typing import Literal

from pydantic import ConfigDict, Field

from domain.evidence import EvidenceKind
from domain.facts.fact import Fact

__all__ = ["Attached", "Detached", "EvidenceFact"]


class Attached(Fact):
    """A paper was filed. `no` counts from 1 within the case; `attachment` is the paper's name in the store."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind: Literal["attached"] = "attached"
    no: int
    what: EvidenceKind
    of: str | None = Field(default=None, alias="for")
    attachment: str
    name: str
    mime: str
    size: int
    sha256: str


class Detached(Fact):
    """A paper was detached. `attachment` is its number in the case."""

    kind: Literal["detached"] = "detached"
    attachment: int
    reason: str


EvidenceFact = Attached | Detached
