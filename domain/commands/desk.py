"""The commands of 分办, 备注, 联系 and 送达."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.actors import PersonName
from domain.command_base import CommandBase
from domain.commands.fields import Among, ItsDay
from domain.value import Name, Reference, ServedHow, Text

__all__ = ["Assign", "Contact", "DeskCommand", "Remark", "Serve"]


class Assign(CommandBase):
    """Assign the case to `person`, by default to whoever gives the command. This changes nobody's rights."""

    do: Literal["assign"] = "assign"
    person: PersonName | None = None


class Remark(CommandBase):
    """Write a remark that only the offices of the case can read."""

    do: Literal["remark"] = "remark"
    text: Text


class Contact(CommandBase):
    """Note a talk with somebody, or an attempt to reach somebody. `attempts` of other commands may refer to it by its number."""

    model_config = ConfigDict(serialize_by_alias=True)

    do: Literal["contact"] = "contact"
    whom: Annotated[Name, Field(alias="with")]
    how: Name
    day: ItsDay = None
    what: Text


class Serve(CommandBase):
    """Record that a document was served on its addressee. `receipt` says who signed for it."""

    do: Literal["serve"] = "serve"
    document: Annotated[Reference, Among.ISSUED_DOCUMENTS]
    day: ItsDay = None
    how: ServedHow
    receipt: Text | None = None


DeskCommand = Assign | Remark | Contact | Serve
