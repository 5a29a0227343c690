"""What every command has, to a case or to a batch: whose it is, and the id that makes it count once however often it is sent."""

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
"""How the ids of bond news begin."""

REDATES: Final = "redate/"
"""How the ids of the system's own commands to count by another calendar begin."""


def _is_nobody_elses(command_id: str) -> str:
    """Keep people from using the ids in which batches and the calendar speak."""
    for prefix in (NEWS, REDATES):
        if command_id.startswith(prefix):
            raise ValueError(f"ids that begin with {prefix} are the system's own")
    return command_id


OwnId = Annotated[str, Field(min_length=1, max_length=LONGEST_REFERENCE + len(REDATES))]
"""An id of the system's own commands: made of a prefix and a reference."""


def _is_not_written(value: Any, info: ValidationInfo) -> Any:
    """Only the window knows which account has signed in; a sender does not get to say."""
    if info.context == PEOPLE:
        raise ValueError("is not for the sender to say")
    return value


class Asked(Value):
    """A command to a case or a batch: its idempotency key, and who gives it.

    Attributes:
        by: Whose word it is.
        entered_by: The clerk who enters what a creditor or debtor has put on paper (代录).
        account: The account of whoever gives or enters it, where the window knows it.
        is_grave: Whether it ends the case, or cannot be taken back.
        word_of: The party whose word it is even where a clerk gives it: what an office usually has on paper.
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
        """Read what a clerk gives as the word of the party, entered by that clerk."""
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
        """The command's id together with its owner, so that nobody can use up the ids of another side."""
        return key_of(self.command_id, self.by, self.entered_by)

    def digest(self) -> str:
        """The content, without the key, as 16 hexadecimal digits: the same command sent twice has the same.

        What is not said is not in it, so it stays the same when a command is given a new field.
        """
        content = self.model_dump(mode="json", exclude={"command_id", "account"}, exclude_none=True)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_of(command: type[Asked]) -> str:
    """What a command is called in its `do`."""
    name: str = command.model_fields["do"].default
    return name


def known_as(key: str) -> str:
    """The form in which a case or batch remembers a command's key: 16 hexadecimal digits of its hash, however long the key is."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


Remembered = tuple[tuple[str, str], ...]
"""The latest commands of a case, oldest first: what is kept of each one's key, and its digest."""

MOST_REMEMBERED: Final = 100
"""Of older commands only the record knows, which answers for them: a case does not grow with what it was told years ago."""


def remembering(known: Remembered, key: str, digest: str) -> Remembered:
    """The latest commands, with one more."""
    return (*known, (known_as(key), digest))[-MOST_REMEMBERED:]


def is_repeated(known: Remembered | Mapping[str, str], command: Asked) -> bool:
    """Whether a case or batch has already carried out this very command; it keeps the digest of each under `known_as`.

    Raises:
        Refusal: Its id was used before, with different content.
    """
    digest = dict(known).get(known_as(command.key))
    if digest is not None and digest != command.digest():
        raise reused(command.command_id)
    return digest is not None


def reused(command_id: str) -> Refusal:
    """The id belongs to another command."""
    return Refusal(
        Code.COMMAND_REUSED,
        f"命令编号 {command_id} 已用于另一内容",
        f"command id {command_id} was used before, for something else",
        "command_id",
    )
