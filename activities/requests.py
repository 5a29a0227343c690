"""What workflows hand to activities."""

from domain.events import Event
from domain.value import Value


class RecordRequest(Value):
    """Events of a case or batch, numbered from `first_seq` on."""

    stream: str
    first_seq: int
    events: tuple[Event, ...]

    @property
    def effect_key(self) -> str:
        """Names this effect for ever, whichever run of the workflow or attempt of the activity brings it."""
        return f"{self.stream}/{self.first_seq}"


class AllocateRequest(Value):
    """Allocate a batch; `event` is the entry to make of it, its totals still at zero."""

    batch_no: str
    first_seq: int
    event: Event
