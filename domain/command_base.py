"""The base class of all commands, to a case or a batch: the actor, and the command id, which is the idempotency key."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from domain.actors import PARTIES, Actor, Role, WrittenActor, key_of
from domain.money import PEOPLE
from domain.refusal import Code, Refusal
from domain.value import LONGEST_REFERENCE, Reference, Value

NEWS: Final = "news/"
"""The prefix of the command ids of bond news."""

REDATES: Final = "redate/"
"""The prefix of the ids of the commands by which the system introduces another calendar."""


def _is_nobody_elses(command_id: str) -> str:
    """Reject the id prefixes that are reserved for the system."""
    for prefix in (NEWS, REDATES):
        if command_id.startswith(prefix):
            raise ValueError(f"ids that begin with {prefix} are the system's own")
    return command_id


OwnId = Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE + len(REDATES))]
"""An id of the system's own commands: made of a prefix and a reference."""


def _is_not_written(value: Any, info: ValidationInfo) -> Any:
    """Reject the field in what a sender wrote: only the window knows who has signed in."""
    if info.context == PEOPLE:
        raise ValueError("is not for the sender to say")
    return value


class CommandBase(Value):
    """The base class of commands.

    Attributes:
        command_id: The idempotency key, chosen by the sender: the same command sent again under it counts once.
        by: The actor who gives the command.
        entered_by: The clerk who enters it for a creditor or debtor, from paper (代录).
        account: The account of whoever gives or enters it, if the window knows it.
        is_grave: Whether the command ends the case or cannot be undone.
        word_of: The party that always counts as the giver. If a clerk sends the command, it is read as entered for that party.
    """

    is_grave: ClassVar[bool] = False
    word_of: ClassVar[Role | None] = None

    command_id: Annotated[Reference, AfterValidator(_is_nobody_elses)]
    by: WrittenActor
    entered_by: WrittenActor | None = None
    account: Annotated[int | None, Field(ge=1, lt=2**63), BeforeValidator(_is_not_written)] = None

    @model_validator(mode="before")
    @classmethod
    def _is_on_paper(cls, written: Any) -> Any:
        """Read a command that a clerk gives in the place of a party (`word_of`) as entered by that clerk for the party."""
        if cls.word_of is None or not isinstance(written, Mapping) or written.get("entered_by"):
            return written
        by = written.get("by")
        clerk = str(by) if isinstance(by, str | Actor) else ""
        if not clerk.startswith(f"{Role.CLERK}:"):
            return written
        return {**written, "by": cls.word_of.value, "entered_by": clerk}

    @field_validator("entered_by")
    @classmethod
    def _enters_for_a_party(cls, entered_by: Actor | None, info: ValidationInfo) -> Actor | None:
        if entered_by is None:
            return None
        by = info.data.get("by")
        if by is not None and by.role not in PARTIES:
            raise ValueError("stands only beside the word of a creditor or debtor")
        if entered_by.person is None:
            raise ValueError("names the person who enters it")
        return entered_by

    @property
    def key(self) -> str:
        """The command id qualified by its owner, so that no party can use up the ids of another."""
        return key_of(self.command_id, self.by, self.entered_by)

    def digest(self) -> str:
        """A hash of the content, without the key, as 16 hexadecimal digits. The same command sent twice has the same digest.

        Fields that are None are left out, so that a new optional field changes no digest.
        """
        content = self.model_dump(mode="json", exclude={"command_id", "account"}, exclude_none=True)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_of(command: type[CommandBase]) -> str:
    """The name of a command: the value of its field `do`."""
    name: str = command.model_fields["do"].default
    return name


def known_as(key: str) -> str:
    """The hash under which a case or batch remembers a command's key, as 16 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


Remembered = tuple[tuple[str, str], ...]
"""The latest commands of a case, oldest first: the hash of each one's key (`known_as`), and its digest."""

MOST_REMEMBERED: Final = 100
"""How many commands a case remembers. Older ones are recognised by the record, so that a case does not grow for ever."""


def remembering(known: Remembered, key: str, digest: str) -> Remembered:
    """The remembered commands with one more; the oldest is dropped when there are too many."""
    return (*known, (known_as(key), digest))[-MOST_REMEMBERED:]


def is_repeated(known: Remembered | Mapping[str, str], command: CommandBase) -> bool:
    """Whether a case or batch has already carried out this command.

    Args:
        known: The digests of the commands that it remembers, by the hashes of their keys.

    Raises:
        Refusal: `command_reused`: the id was used before, with different content.
    """
    digest = dict(known).get(known_as(command.key))
    if digest is not None and digest != command.digest():
        raise reused(command.command_id)
    return digest is not None


def reused(command_id: str) -> Refusal:
    """The refusal of a command whose id was used before, with different content."""
    return Refusal(
        Code.COMMAND_REUSED,
        f"命令编号 {command_id} 已用于另一内容",
        f"command id {command_id} was used before, for something else",
        "command_id",
    )
