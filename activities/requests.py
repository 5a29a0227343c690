"""The arguments and results of activities, as they stand in workflow histories."""

from domain.events import Event
from domain.rules import Rules
from domain.value import Value


class RecordRequest(Value):
    """A request to append events to the journal of a case or batch.

    Attributes:
        stream: The number of the case or batch.
        first_seq: The place of the first event; the others follow it.
        events: The events. If there are none, the request only asks what stands on record from `first_seq` on.
        rules: The rules that the case carries from now on, if the events change them.
    """

    stream: str
    first_seq: int
    events: tuple[Event, ...] = ()
    rules: Rules | None = None

    @property
    def effect_key(self) -> str:
        """The idempotency key: the same for every attempt of the activity and every run of the workflow."""
        return f"{self.stream}/{self.first_seq}"


class Recorded(Value):
    """The answer to a `RecordRequest`: what is on record now.

    Attributes:
        seq: The latest journal entry that the workflow knows once it has taken in this answer.
        head: The hash of that entry, which stands for all entries before it.
        instead: The events that already stood on record from `first_seq` on. If there are any, they count and the request does not.
        rules: The rules that the case carries now, if one of the events in `instead` changed them.
    """

    seq: int
    head: str
    instead: tuple[Event, ...] = ()
    rules: Rules | None = None


class AllocateRequest(Value):
    """A request to allocate a batch; `event` is the journal entry to write, with its totals still at zero."""

    batch_no: str
    first_seq: int
    event: Event


class Delivered(Value):
    """Counts of one round of the outbox: messages that arrived and the letters in them; then, in letters, those that will be retried
    (`failing`), those of which nobody knows whether they arrived (`unknown`), those refused, and those given up.
    """

    messages: int = 0
    letters: int = 0
    failing: int = 0
    unknown: int = 0
    refused: int = 0
    given_up: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(**{name: count + getattr(other, name) for name, count in self})


class Imported(Value):
    """Counts of an import: rows whose case was opened, and rows of which no case could be made."""

    opened: int
    failed: int
