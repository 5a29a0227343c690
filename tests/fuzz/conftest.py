"""The window of `tests/portal`, for input by chance."""

from tests.portal.conftest import portal, served

__all__ = ["portal", "served"]
