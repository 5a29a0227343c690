"""The rules under more commands by chance than `tests/domain` gives them each time."""

import pytest
from hypothesis import settings

from tests.domain.test_machine import CaseUnderFire


class CaseUnderMoreFire(CaseUnderFire):
    """The same, for longer."""


TestCaseUnderMoreFire = pytest.mark.long(CaseUnderMoreFire.TestCase)
TestCaseUnderMoreFire.settings = settings(max_examples=200, stateful_step_count=50)
