"""What workflows hand to activities."""

from domain.events import Event
from domain.rules import Rules
from domain.value import Value


class RecordRequest(Value):
    """Events of a case or batch, numbered from `first_seq` on, and the other rules that they bring, if they do. Without events it asks
    what stands on record from that number on.
    """

    stream: str
    first_seq: int
    events: tuple[Event, ...] = ()
    rules: Rules | None = None

    @property
    def effect_key(self) -> str:
        """Names this effect for ever, whichever run of the workflow or attempt of the activity brings it."""
        return f"{self.stream}/{self.first_seq}"


class Recorded(Value):
    """What is on record once a request has been carried out.

    Attributes:
        seq: The latest entry that the workflow knows when it has taken this; with `head`, its hash, it proves the journal up to there.
        instead: What stood on record from `first_seq` on before the request came: it counts, and the request does not. Empty when the
            request itself was recorded, or asked for nothing.
        rules: The rules that the case carries now, where what stands there brought others.
    """

    seq: int
    head: str
    instead: tuple[Event, ...] = ()
    rules: Rules | None = None


class AllocateRequest(Value):
    """Allocate a batch; `event` is the entry to make of it, its totals still at zero."""

    batch_no: str
    first_seq: int
    event: Event


class Delivered(Value):
    """What became of the post: messages that arrived and the letters in them; letters that are tried again, were refused or given
    up, and those of which nobody knows."""

    messages: int = 0
    letters: int = 0
    failing: int = 0
    unknown: int = 0
    refused: int = 0
    given_up: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(**{name: count + getattr(other, name) for name, count in self})


class Imported(Value):
    """How many rows of a sheet have their cases, and of how many none could be made."""

    opened: int
    failed: int
