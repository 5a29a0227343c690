"""Repeating an action with limited concurrency."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(times: int, at_once: int, do: Callable[[], Awaitable[T]]) -> list[T]:
    """Do something `times` times, `at_once` at a time; returns the results in the order of completion."""
    left, done = iter(range(times)), list[T]()

    async def one_after_another() -> None:
        for _ in left:
            done.append(await do())

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return done
