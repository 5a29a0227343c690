"""Lists a page at a time: one row more is read than the page has, to know whether another page follows."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


class NotAKey(ValueError):  # noqa: N818 - it is told to whoever asked
    """The key of a page that no list has given."""

    def __init__(self, after: str) -> None:
        super().__init__(f"not the key of a page: {after!r}")


class Page(NamedTuple, Generic[Row]):
    """Some rows of a list.

    Attributes:
        more_behind: The last of the rows, if more follow behind it; None on the last page.
    """

    rows: Sequence[Row]
    more_behind: Row | None


async def page_of(read: Callable[[int], Awaitable[Sequence[Row]]], size: int) -> Page[Row]:
    """A page of that size.

    Args:
        read: Reads the first rows of the list, so many at most.
    """
    found = await read(size + 1)
    return Page(found[:size], found[size - 1] if len(found) > size else None)
