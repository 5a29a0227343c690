"""No form of another site changes anything: by default, and with the exceptions named."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from domain.value import PartySide
from portal.gate.parties import Party
from portal.gate.router import UNCHECKED, PageRouter
from portal.gate.visitors import same_site
from portal.pages import routers
from tests.known import there


def _changing() -> Iterator[APIRoute]:
    for router in routers:
        assert isinstance(router, PageRouter)
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if there(route.methods) - {"GET", "HEAD"}:
                yield route


def test_whatever_changes_something_is_checked_or_named() -> None:
    unchecked = {
        route.path
        for route in _changing()
        if same_site not in [needed.call for needed in route.dependant.dependencies]
    }
    assert unchecked == set(UNCHECKED)
    assert len(list(_changing())) > 20


@pytest.mark.parametrize(
    ("side", "path", "is_in"),
    [
        (PartySide.CREDITOR, "/case", True),
        (PartySide.CREDITOR, "/case/attachments", True),
        (PartySide.CREDITOR, "/cases", False),
        (PartySide.CREDITOR, "/debtor", False),
        (PartySide.DEBTOR, "/debtors/1", False),
        (PartySide.DEBTOR, "/debtor", True),
    ],
)
def test_a_party_comes_in_by_its_own_door_alone(side: PartySide, path: str, is_in: bool) -> None:
    assert Party(side, "QQ-620105-2023-0001", "x").opens(path) == is_in
