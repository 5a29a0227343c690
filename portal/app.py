"""The window as an ASGI application: its routes and its error handlers."""

from pathlib import Path
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from domain.refusal import Refusal
from office.away import ServerAway
from office.gone import WorkflowGone
from office.unknown import UnknownCase
from portal.api import routers as api_routers
from portal.api.described import DescribedApp, name_of
from portal.gate.shield import Shield
from portal.pages import routers as page_routers
from portal.problems import API, Problem, SignInFirst, answer, problem_of
from portal.window import Window
from schema.engine import is_lost, ping

log = structlog.get_logger(__name__)

STATIC: Final = Path(__file__).parent / "static"

_ANSWERED: Final = (
    Problem,
    Refusal,
    UnknownCase,
    ServerAway,
    DBAPIError,
    NoConnectionFree,
    OSError,
    RequestValidationError,
    HTTPException,
)

_BAD_TEXT: Final = "22"
_AWAY: Final = frozenset({"08", "53", "55", "57", "58"})
"""The classes of PostgreSQL errors that mean that the server is away, full, closed, stopped or broken. Their text is not shown."""


def create_app(window: Window) -> FastAPI:
    """The application that serves a window."""
    app = DescribedApp(
        title="Qingqian 清欠",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=name_of,
    )
    app.state.window = window
    app.add_middleware(Shield, secure=window.secure)
    # Pages are not compressed: they contain tokens beside text that a visitor chose, and their length would reveal the tokens
    # (BREACH).
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")
    for router in api_routers:
        app.include_router(router, prefix=API)
    for router in page_routers:
        app.include_router(router, include_in_schema=False)
    app.add_api_route("/healthz", _healthy, include_in_schema=False)
    app.add_api_route("/readyz", _ready, include_in_schema=False)
    app.add_exception_handler(SignInFirst, _to_sign_in)
    for kind in _ANSWERED:
        app.add_exception_handler(kind, _answered)
    return app


async def _healthy() -> Response:
    return PlainTextResponse("ok")


async def _ready(request: Request) -> Response:
    """The readiness probe: ok if the record answers."""
    async with request.app.state.window.engine.connect() as connection:
        await ping(connection)
    return PlainTextResponse("ok")


async def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInFirst)
    return RedirectResponse(error.page, status_code=303)


async def _answered(request: Request, error: Exception) -> Response:
    """Answer an error: with a problem document to a program, with a page to a person."""
    problem = _problem_of(error)
    if problem.status == 405 and (methods := request.app.methods_at(request.url.path)):
        problem.headers["Allow"] = ", ".join(methods)
    if problem.status >= 500:
        log.warning("unavailable", path=request.url.path, error=type(error).__name__)
    return answer(request, problem)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return problem_of(error)
    if isinstance(error, UnknownCase):
        return Problem(404, "没有此编号", "there is none of that number")
    if isinstance(error, WorkflowGone):
        return Problem(503, error.message, error.detail)
    if isinstance(error, RequestValidationError):
        return _malformed(error)
    if isinstance(error, HTTPException):
        return Problem(error.status_code, "无法办理", str(error.detail), headers=dict(error.headers or {}))
    if isinstance(error, DBAPIError) and not is_lost(error):
        kind = str(getattr(error.orig, "sqlstate", ""))[:2]
        if kind == _BAD_TEXT:
            return Problem(422, "填写有误", "the request is malformed", {"code": "malformed"})
        if kind not in _AWAY:
            raise error
    return Problem(
        503, "服务暂不可用,请稍后再试", "a server is away; try again", headers={"Retry-After": "5"}
    )


def _malformed(error: RequestValidationError) -> Problem:
    """The problem for an invalid request. It names the fields, and does not repeat what was written there."""
    faults = [
        {"field": ".".join(str(part) for part in found["loc"]), "message": found["msg"]}
        for found in error.errors()
    ]
    return Problem(422, "填写有误", "the request is malformed", {"code": "malformed", "errors": faults})
