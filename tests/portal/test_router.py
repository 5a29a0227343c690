"""No form of another site changes anything: by default, and with the exceptions named."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from portal.gate.router import UNCHECKED, PageRouter
from portal.gate.visitors import same_site
from portal.pages import routers


def _changing() -> Iterator[APIRoute]:
    for router in routers:
        assert isinstance(router, PageRouter)
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if route.methods - {"GET", "HEAD"}:
                yield route


def test_whatever_changes_something_is_checked_or_named() -> None:
    unchecked = {
        route.path
        for route in _changing()
        if same_site not in [needed.call for needed in route.dependant.dependencies]
    }
    assert unchecked == set(UNCHECKED)
    assert len(list(_changing())) > 20
