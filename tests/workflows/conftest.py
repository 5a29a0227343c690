"""What the tests of workflows share."""

import pytest

from office.verification import verifying


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works meanwhile: what differs now differs for good, and `verify` looks again at once."""
    monkeypatch.setattr(verifying, "AGAIN_AFTER", (0.0,))
