"""The rules under more commands by chance than `tests/domain` gives them each time."""

import pytest
from hypothesis import seed, settings

from tests.domain.test_machine import CaseUnderFire
from tests.fuzz import ROUNDS, SEED


class CaseUnderMoreFire(CaseUnderFire):
    """The same, for longer."""


TestCaseUnderMoreFire = pytest.mark.long(seed(SEED)(CaseUnderMoreFire).TestCase)
TestCaseUnderMoreFire.settings = settings(max_examples=10 * ROUNDS, stateful_step_count=50)
