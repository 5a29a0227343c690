"""Requests to somebody outside, bounded in time and in size, whatever the answer is."""

import asyncio
from typing import Final

import httpx

PATIENCE: Final = 10.0
"""Seconds in which a whole answer is there."""

LARGEST: Final = 256 * 1024
"""Bytes of an answer that are read: what an issuer publishes has a few thousand."""


class TooLarge(httpx.TransportError):
    """An answer goes on for longer than any that is meant in earnest."""


class Bounded(httpx.AsyncBaseTransport):
    """Sends a request, and reads its answer as it is, uncompressed, up to a size and within a time."""

    def __init__(self, patience: float = PATIENCE, largest: int = LARGEST) -> None:
        self._transport = httpx.AsyncHTTPTransport()
        self._patience, self._largest = patience, largest

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, all of it.

        Raises:
            httpx.TransportError: There is none in time, or it is too large, or compressed although that was not asked for.
        """
        request.headers["Accept-Encoding"] = "identity"
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._transport.handle_async_request(request)
                try:
                    body = await self._read(answer)
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        return httpx.Response(answer.status_code, headers=answer.headers, content=body, request=request)

    async def _read(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise TooLarge("compressed: nobody knows how large it is")
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        body = bytearray()
        async for part in answer.stream:
            body += part
            if len(body) > self._largest:
                raise TooLarge(f"larger than {self._largest} bytes")
        return bytes(body)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()
