"""分办, 备注, 联系 and 送达: the commands."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.actors import PersonName
from domain.command_base import CommandBase
from domain.commands.fields import Among, ItsDay
from domain.value import Name, Reference, ServedHow, Text

__all__ = ["Assign", "Contact", "DeskCommand", "Remark", "Serve"]


class Assign(CommandBase):
    """`person` of the office has the case on the desk: whoever gives the command, unless named. It changes no right."""

    do: Literal["assign"] = "assign"
    person: PersonName | None = None


class Remark(CommandBase):
    """For the offices of the case alone."""

    do: Literal["remark"] = "remark"
    text: Text


class Contact(CommandBase):
    """A talk with somebody, or an attempt at one; `attempts` of other commands may name it by its number."""

    model_config = ConfigDict(serialize_by_alias=True)

    do: Literal["contact"] = "contact"
    whom: Annotated[Name, Field(alias="with")]
    how: Name
    day: ItsDay = None
    what: Text


class Serve(CommandBase):
    """A document has reached whom it is for; `receipt` says who signed."""

    do: Literal["serve"] = "serve"
    document: Annotated[Reference, Among.ISSUED_DOCUMENTS]
    day: ItsDay = None
    how: ServedHow
    receipt: Text | None = None


DeskCommand = Assign | Remark | Contact | Serve
