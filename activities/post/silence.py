"""Endpoints that are away: whatever goes wrong outside is told in words of ours, for the libraries' may name addresses."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiosmtplib
import httpx

from activities.post.message import Undelivered


@asynccontextmanager
async def in_time(patience: float) -> AsyncIterator[None]:
    """What has no answer within so many seconds, or breaks, is `Undelivered` without an answer."""
    try:
        async with asyncio.timeout(patience):
            yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Undelivered(f"{patience:g} 秒内无应答 no answer in time", code="no_answer") from error
    except (httpx.HTTPError, httpx.InvalidURL, aiosmtplib.SMTPException, OSError, ValueError) as error:
        if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
            reason = "证书未通过验证 its certificate is not trusted"
            raise Undelivered(reason, code="not_trusted") from error
        reason, code = _what(error)
        raise Undelivered(f"{reason} ({type(error).__name__})", code=code) from error


def _what(error: BaseException) -> tuple[str, str]:
    if isinstance(error, httpx.ConnectError | aiosmtplib.SMTPConnectError):
        return "无法连接 no connection", "no_connection"
    if isinstance(error, httpx.TransportError | ConnectionError):
        return "连接中断 connection broken off", "broken_off"
    return "无法发送 cannot be sent", "not_sent"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
