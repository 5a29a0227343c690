"""What every test of a command has: a command that runs in the process of the tests leaves their logs as they are."""

import pytest


@pytest.fixture(autouse=True)
def logs_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own configures its own logs; this one has them to check."""
    monkeypatch.setattr("runtime.logs.configure_logs", lambda level: None)
