"""So many times, so many of them at any time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(times: int, at_once: int, do: Callable[[], Awaitable[T]]) -> list[T]:
    """Do something so many times: as soon as one has been done, the next is begun. What came of each, in the order of their ends."""
    left, done = iter(range(times)), list[T]()

    async def one_after_another() -> None:
        for _ in left:
            done.append(await do())

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return done
