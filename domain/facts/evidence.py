"""证据材料: what can have happened."""

from typing import Literal

from pydantic import ConfigDict, Field

from domain.evidence import EvidenceKind
from domain.facts.fact import Fact

__all__ = ["Attached", "Detached", "EvidenceFact"]


class Attached(Fact):
    """`no` counts from 1 within the case; `attachment` is its name in the store."""

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
    """`attachment` is the number under which it was put on file."""

    kind: Literal["detached"] = "detached"
    attachment: int
    reason: str


EvidenceFact = Attached | Detached
