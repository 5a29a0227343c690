"""The commands of 证据材料."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.command_base import CommandBase
from domain.evidence import MOST_BYTES, MOST_OF_CASE, EvidenceKind, MimeType, Sha256
from domain.value import Name, Reference, Text

__all__ = ["Attach", "Detach", "EvidenceCommand"]


class Attach(CommandBase):
    """File a paper that the store holds as `attachment`, with its hash. `for` names the duty, voucher or command it belongs to."""

    model_config = ConfigDict(serialize_by_alias=True)

    do: Literal["attach"] = "attach"
    what: EvidenceKind
    of: Annotated[Reference | None, Field(alias="for")] = None
    attachment: Reference
    name: Name
    mime: MimeType
    size: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    sha256: Sha256


class Detach(CommandBase):
    """Detach a paper. `attachment` is its number in the case. It no longer counts, and stays in the journal."""

    do: Literal["detach"] = "detach"
    attachment: Annotated[int, Field(ge=1, le=MOST_OF_CASE)]
    reason: Text


EvidenceCommand = Attach | Detach
