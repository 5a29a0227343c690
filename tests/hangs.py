"""A test that never ends, which nobody collects but `test_run`."""

import time

import pytest


@pytest.mark.timeout(0)
def test_nothing_ends() -> None:
    while True:
        time.sleep(1)
