"""Endpoints that need nobody outside: an office's inbox, and the one that stands for a setting that is missing."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from activities.post.message import HandOver, Message, Undelivered
from schema.post import file_name


class Unset(NamedTuple):
    """Stands for an endpoint whose setting is missing."""

    setting: str
    longest: float = 0.0
    knows_doubles: bool = False

    def server(self, address: str) -> str:
        """Nobody's."""
        return address

    async def send(self, message: Message, hand_over: HandOver) -> None:
        """Never."""
        raise Undelivered(f"未设置 {self.setting} is not set")


class Inbox:
    """What is sent to an office's inbox is there, in the record; with a folder it also lies there, as a file for each letter."""

    longest = 60.0
    knows_doubles = True

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def server(self, address: str) -> str:
        """The folder of the office."""
        return address

    async def send(self, message: Message, hand_over: HandOver) -> None:
        """Write the files; those that are there already are written again, so that nothing is ever unknown here."""
        if self._folder is None:
            return
        folder = self._folder / message.address
        for letter in message.letters:
            docx = await message.docx_of(letter.ref)
            name = file_name(letter.ref, "txt" if docx is None else "docx")
            content = letter.body.encode() if docx is None else docx
            try:
                await asyncio.to_thread(_write, folder / name, content)
            except OSError as error:
                raise Undelivered(f"无法写入收件箱 cannot write: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
