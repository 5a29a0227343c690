"""What a test knows of a value and its type does not say: said once, and checked."""

from typing import TypeVar

from domain.events import Event

T = TypeVar("T")


def there(value: T | None) -> T:
    """What must be there by now, such as the plan of a case that has been planned."""
    assert value is not None
    return value


def fact(event: Event, kind: type[T]) -> T:
    """What an event says, which must be of that class."""
    assert isinstance(event.fact, kind), event.kind
    return event.fact
