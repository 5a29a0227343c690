"""Keyset pagination. One row more than the page holds is read, to know whether another page follows."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


class NotAKey(ValueError):  # noqa: N818 - it is told to whoever asked
    """A page key that is not one of this list's: somebody made it up, or took it from another list."""

    def __init__(self, after: str) -> None:
        super().__init__(f"not the key of a page: {after!r}")


class Page(NamedTuple, Generic[Row]):
    """One page of a list.

    Attributes:
        more_behind: The last row of this page, after which the next page begins; None on the last page.
    """

    rows: Sequence[Row]
    more_behind: Row | None


async def page_of(read: Callable[[int], Awaitable[Sequence[Row]]], size: int) -> Page[Row]:
    """Read one page.

    Args:
        read: Reads the first rows of the list, at most as many as it is told.
        size: The most rows of the page.
    """
    found = await read(size + 1)
    return Page(found[:size], found[size - 1] if len(found) > size else None)
