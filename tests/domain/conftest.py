"""What all these tests share: assertions that explain themselves."""

import pytest

pytest.register_assert_rewrite("tests.domain.laws", "tests.domain.story")
