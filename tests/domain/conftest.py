"""What all these tests share: assertions that explain themselves, and no deadlines, for a busy machine is no fault of the rules."""

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.domain.laws", "tests.domain.story")

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
