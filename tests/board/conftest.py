# SPDX-License-Identifier: Apache-2.0
"""A workshop per test; its devices are off at the end of the test whatever happened."""
import pytest
from workshop import Workshop


@pytest.fixture
def workshop(tmp_path):
    one = Workshop(tmp_path)
    yield one
    one.close()
