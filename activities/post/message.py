"""What goes to an address, what an endpoint is, and how a message can fail to arrive."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from schema.post import Mail

ATTACHED: Final = 20
"""Documents that one message carries; the others are named in it."""

HandOver = Callable[[], Awaitable[None]]
"""Called right before the first byte on which the receiver could act: from then on, silence does not mean that nothing arrived."""


class Undelivered(Exception):  # noqa: N818 - it is noted, and told to a person
    """A message was not accepted, as far as we know. The reason contains no address and nothing that a server said.

    Args:
        answer: What its receiver answered: `later`, `never`, or nothing at all. What gives no answer need not be asked again now.
        code: What went wrong in one word, see `domain.telling.untold`.
    """

    def __init__(
        self, reason: str, answer: Literal["later", "never"] | None = None, code: str = "not_sent"
    ) -> None:
        super().__init__(reason)
        self.answer, self.code = answer, code


class Message(NamedTuple):
    """What goes to an address: one letter as it is, or a digest of several.

    Attributes:
        id: Its name for ever, by which its receiver knows it again.
        docx_of: Finds the document of a letter, if it has one.
    """

    id: str
    address: str
    subject: str
    text: str
    letters: Sequence[Mail]
    docx_of: Callable[[str], Awaitable[bytes | None]]

    async def documents(self) -> dict[str, bytes]:
        """The first documents, by their numbers."""
        found = [(letter.ref, await self.docx_of(letter.ref)) for letter in self.letters[:ATTACHED]]
        return {ref: docx for ref, docx in found if docx is not None}


class Endpoint(Protocol):
    """Where messages of a channel go."""

    @property
    def longest(self) -> float:
        """Seconds after which sending one message is over, one way or another."""

    @property
    def knows_doubles(self) -> bool:
        """Whether receivers recognise duplicates by the message id, so that a message may be sent again."""

    def server(self, address: str) -> str:
        """The server behind an address. One that leaves a message unanswered gets no further one in that round."""

    async def send(self, message: Message, hand_over: HandOver) -> None:
        """Send a message; it has been accepted when this returns.

        Raises:
            Undelivered: It has not, as far as is known.
        """


def told(letters: Sequence[Mail]) -> tuple[str, str]:
    """Subject and text: a letter's own, or those of a digest that lists what is in it."""
    if len(letters) == 1:
        return letters[0].subject, letters[0].body
    lines = [f"{number}. {letter.subject}" for number, letter in enumerate(letters, 1)]
    if (more := len(letters) - ATTACHED) > 0:
        lines += [
            "",
            f"附件为前 {ATTACHED} 份,其余 {more} 份可用 qingqian notices save 取得。",
            f"The first {ATTACHED} are attached; save the other {more} with qingqian notices save.",
        ]
    head = f"清欠文书 {len(letters)} 份 {len(letters)} documents"
    return head, "\n".join([f"{head}:", "", *lines]) + "\n"
