"""What the tests of the window share: browsers on an office at work, people of the offices, enterprises with their code."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI, Response
from fastapi.routing import iter_route_contexts
from obstore.store import MemoryStore
from starlette.datastructures import State

from domain.actors import parse_actor
from domain.receipt import Contacts
from office.cases import Opened
from office.evidence.store import Papers
from office.passwords import kept_of
from portal.app import create_app
from portal.gate import visitors
from portal.serve import server_config, trusted_proxies
from portal.window import Window
from runtime.settings import read_settings
from schema.seen.sight import Sight, Unit
from schema.window import people, programs, sessions
from tests.stack import DISTRICT, RULES, Desk, receipt

ORIGIN: Final = "http://window.test"
PASSWORD: Final = "清欠 2023 年四月"

_logins = itertools.count(1)
_left: Final[list[FastAPI]] = []


class Browser(httpx.AsyncClient):
    """Somebody's browser: it keeps its cookies, follows no redirect by itself, and knows what is behind the window.

    Attributes:
        desk: The office at work: `desk.now` is the business instant that pages show.
        csrf: The token that forms of the session carry.
    """

    def __init__(self, app: FastAPI, desk: Desk, address: str = "127.0.0.1") -> None:
        super().__init__(transport=httpx.ASGITransport(app, client=(address, 40000)), base_url=ORIGIN)
        self.app, self.desk = app, desk
        self.csrf = ""

    @property
    def window(self) -> Window:
        """What the pages stand on."""
        window: Window = self.app.state.window
        return window

    def another(self, address: str = "127.0.0.1") -> "Browser":
        """A second browser at the same window, with cookies of its own; it may be somewhere else."""
        return Browser(self.app, self.desk, address)

    async def submit(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form with the session's token."""
        return await self.post(path, data={"csrf": self.csrf, **(fields or {})}, **more)


class Served:
    """The window on a loopback port, for real browsers.

    Attributes:
        url: Such as `http://127.0.0.1:40123`.
    """

    def __init__(self, url: str, window: Window, desk: Desk) -> None:
        self.url, self.window, self.desk = url, window, desk


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to pytest, and tells when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def window_of(desk: Desk) -> Window:
    """The window of an office at work; its business time is the office's."""
    return Window(desk.engine, desk.cases, desk.batches, Papers(MemoryStore()), clock=lambda: desk.now)


@contextmanager
def app_of(window: Window) -> Iterator[FastAPI]:
    """The application of a window, which nobody else uses. Its table of routes takes a tenth of a second to make, and no window
    changes it: whoever is done leaves it to the next, without what it kept and with middleware yet to be made.
    """
    app = _left.pop() if _left else create_app(window)
    routes = list(app.routes)
    app.state, app.middleware_stack = State({"window": window}), None
    yield app
    assert app.routes == routes, "a test that adds a route makes an application of its own"
    _left.append(app)


@asynccontextmanager
async def browser_of(desk: Desk) -> AsyncIterator[Browser]:
    """A browser at a window of its own, begun and ended as a server would."""
    with app_of(window_of(desk)) as app:
        async with app.router.lifespan_context(app), Browser(app, desk) as browser:
            yield browser


def paths_of(app: FastAPI, method: str) -> set[str]:
    """The paths of an application that answer to a method, with their parameters in braces."""
    routes = iter_route_contexts(app.routes)
    return {
        route.path for route in routes if route.path and method in (getattr(route, "methods", None) or ())
    }


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[Served]:
    """The window on a free port."""
    window = window_of(desk)
    with app_of(window) as app:
        async with listening(app) as url:
            yield Served(url, window, desk)


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """An application on a free loopback port; its address."""
    config = server_config(app, trusted_proxies(read_settings()))
    config.timeout_graceful_shutdown = 2
    with socket.create_server(("127.0.0.1", 0)) as port:
        server = _Server(config)
        running = asyncio.ensure_future(server.serve([port]))
        await server.up.wait()
        try:
            yield f"http://127.0.0.1:{port.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


async def add_person(
    window: Window,
    office: str = DISTRICT,
    roles: Sequence[str] = ("clerk",),
    *,
    person: str | None = None,
    login: str | None = None,
    password: str | None = None,
) -> str:
    """Somebody of an office; returns the login. Only with a `password` can this person use the sign-in page.

    Whoever is not named is 李敏, or where there is one already, some other 李敏.
    """
    login = login or f"person{next(_logins)}"
    async with window.engine.begin() as connection:
        here = await people.staff_seen(connection, people.Among(Sight.of_office(office)))
        taken = {one.person for one in here if one.office == office}
        name = person or ("李敏" if "李敏" not in taken else f"李敏({login})")
        account = await people.add_staff(connection, login, name, office, roles, None, people.COMMAND_LINE)
        if password:
            await people.set_password(connection, account, kept_of(password))
    return login


async def employ(window: Window, *actors: str) -> None:
    """Accounts for people whom programs name: `clerk:李敏@620105`."""
    for actor in map(parse_actor, actors):
        assert actor.party, "of an office"
        await add_person(window, actor.party, [actor.role.value], person=actor.person)


async def sign_in(
    client: Browser,
    office: str = DISTRICT,
    roles: Sequence[str] = ("clerk",),
    *,
    person: str | None = None,
    by_common_account: bool = False,
) -> str:
    """Sign somebody new of an office in, past the sign-in page; returns the login. `client.csrf` is what forms carry."""
    login = await add_person(client.window, office, roles, person=person)
    async with client.window.engine.connect() as connection:
        found = await people.staff_by_login(connection, login)
    assert found is not None
    await _begin(client, staff_id=found.id, by_common_account=by_common_account)
    return login


async def sign_in_unit(
    client: Browser, name: str, code: str | None = None, *, office: str = DISTRICT, person: str | None = None
) -> str:
    """Sign a debtor unit in, past the sign-in page, whom an office has invited; returns the login."""
    login = f"unit{next(_logins)}"
    async with client.window.engine.begin() as connection:
        account = await people.add_staff(
            connection,
            login,
            login if person is None else person,
            office,
            ["debtor"],
            None,
            people.COMMAND_LINE,
            Unit(office, name, code),
        )
    await _begin(client, staff_id=account)
    return login


async def csrf_of(client: Browser) -> str:
    """What forms of somebody who signed in by the page carry, as the page of the account says."""
    page = (await client.get("/account")).text
    return page.partition('name="csrf" value="')[2].partition('"')[0]


async def enquire(client: Browser, case_no: str, code: str) -> None:
    """Ask about a case by its number and access code, as an enterprise does."""
    answer = await client.post("/enquiries", data={"case_no": case_no, "code": code})
    assert answer.status_code == 303, answer.text
    await _learn_csrf(client)


async def opened(desk: Desk, *given: Any, contact: str | None = None, **changes: Any) -> Opened:
    """A case with its access code, after some commands."""
    case = await desk.cases.open(receipt(**changes), RULES, Contacts(contact))
    await desk.clocks.note(case.case_no, desk.now)
    for command in given:
        await desk.cases.act(case.case_no, command)
    return case


async def _begin(client: Browser, **who: Any) -> None:
    response = Response()
    await visitors.begin_session(client.window, response, **who)
    name, _, rest = response.headers["set-cookie"].partition("=")
    client.cookies.set(name, rest.partition(";")[0], domain="window.test")
    await _learn_csrf(client)


async def _learn_csrf(client: Browser) -> None:
    token = client.cookies[visitors.COOKIE]
    async with client.window.engine.connect() as connection:
        found = await sessions.session_of(connection, visitors.hashed(token), datetime.now(UTC))
    assert found is not None
    client.csrf = found.csrf


async def add_token(
    window: Window, office: str = DISTRICT, scopes: Sequence[str] = programs.SCOPES
) -> dict[str, str]:
    """The header of a program of an office, given by a head of it."""
    token = f"qq_{next(_logins)}"
    owner = await add_person(window, office, ["head"], person=f"负责人{token}")
    async with window.engine.begin() as connection:
        found = await people.staff_by_login(connection, owner)
        assert found is not None
        await programs.add_token(
            connection,
            visitors.hashed(token),
            name=token,
            office=office,
            scopes=scopes,
            owner=people.Doer(owner, found.id),
        )
    return {"Authorization": f"Bearer {token}"}
