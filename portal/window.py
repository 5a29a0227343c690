"""What every page and route of the window works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.rules import RulePack
from domain.value import Way
from office.batches import Batchwork
from office.cases import Casework
from office.enquiries import now
from office.evidence.store import Papers
from office.packs import offices_on, pack_in_force
from portal.gate.oidc import Issuer
from schema.engine import for_questions


@dataclass(frozen=True)
class Window:
    """The record and the workflows, and how this window is configured.

    Attributes:
        policy: The rule pack by which cases are opened, and whose offices sign in here.
        secure: Whether browsers use https only; cookies are then marked as secure.
        clock: The business instant; by default the real time.
        public_address: The address that parties use, ending in a slash; None: the one that the office's own browser used.
        subscriber_hosts: The hosts to which subscriptions may post.
        ways: The ways in which people can be sent news.
        oidc: The issuer by which staff may sign in, if one is configured.
        needs_second_factor: Whether signing in by password requires a second factor.
    """

    engine: AsyncEngine
    cases: Casework
    batches: Batchwork
    papers: Papers
    policy: str = "gansu"
    secure: bool = False
    clock: Callable[[], datetime] = now
    oidc: Issuer | None = None
    needs_second_factor: bool = False
    subscriber_hosts: frozenset[str] = frozenset()
    ways: frozenset[Way] = frozenset()
    public_address: str | None = None

    @cached_property
    def questions(self) -> AsyncEngine:
        """The record, for single queries outside a transaction."""
        return for_questions(self.engine)

    @property
    def pack(self) -> RulePack:
        """The version of the rule pack that is in force today."""
        return pack_in_force(self.policy, self.today())

    @property
    def offices(self) -> Mapping[str, str]:
        """The names of the offices by code, including those that only earlier versions of the pack had."""
        return offices_on(self.policy, self.today())

    def office_called(self, code: str) -> str:
        """The name of an office; its code if the rule pack does not know it."""
        return self.offices.get(code, code)

    def today(self) -> date:
        """The business date."""
        return self.clock().date()


def window_behind(request: Request) -> Window:
    """The window that serves a request."""
    window: Any = request.app.state.window
    assert isinstance(window, Window)
    return window


async def window_of(request: Request) -> Window:
    """The window as a dependency. Asynchronous, because the framework would run any other in a thread."""
    return window_behind(request)


Here = Annotated[Window, Depends(window_of)]
"""The annotation by which pages and routes ask for the window."""
