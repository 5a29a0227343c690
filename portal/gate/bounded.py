"""HTTP requests to other servers, with a time limit and a size limit on the answer."""

import asyncio
from typing import Final

import httpx

PATIENCE: Final = 10.0
"""The seconds within which the whole answer must have arrived."""

LARGEST: Final = 256 * 1024
"""The largest answer that is read, in bytes. What an issuer publishes takes a few thousand."""


class TooLarge(httpx.TransportError):
    """The answer is larger than `LARGEST`."""


class Bounded(httpx.AsyncBaseTransport):
    """A transport that reads an uncompressed answer up to a size and within a time."""

    def __init__(self, patience: float = PATIENCE, largest: int = LARGEST) -> None:
        self._transport = httpx.AsyncHTTPTransport()
        self._patience, self._largest = patience, largest

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and read the whole answer.

        Raises:
            httpx.TransportError: The answer is late, too large, or compressed without having been asked for.
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
