"""The fixtures of the workflow tests."""

import pytest

from office.verification import verifying


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes meanwhile, so `verify` confirms differences without waiting."""
    monkeypatch.setattr(verifying, "AGAIN_AFTER", (0.0,))
