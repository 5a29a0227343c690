"""What every page and every route of the window stands on."""

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
    """The record, and the workflows for whoever acts.

    Attributes:
        policy: The rule pack whose offices sign in here, and by which cases are opened.
        secure: Whether browsers reach the window by https only; cookies then say so.
        clock: The business instant; live windows go by the real time.
        public_address: Where parties find the window, ending in a slash; None: where the office itself came in.
        subscriber_hosts: To which programs may have what changes posted.
        ways: How people may be told what is new.
        oidc: Where staff may sign in with a common account, if they may.
        needs_second_factor: Whether whoever signs in by a password has to show a second factor.
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
        """The record for single questions."""
        return for_questions(self.engine)

    @property
    def pack(self) -> RulePack:
        """The rule pack as it is in force today."""
        return pack_in_force(self.policy, self.today())

    @property
    def offices(self) -> Mapping[str, str]:
        """The names of the offices by their codes, those among them that the pack had before today."""
        return offices_on(self.policy, self.today())

    def office_called(self, code: str) -> str:
        """The name of an office, or its code where the rule pack has none."""
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
    """The same as a dependency: asynchronous, for the framework would start a thread for any other."""
    return window_behind(request)


Here = Annotated[Window, Depends(window_of)]
"""The window, as pages and routes ask for it."""
