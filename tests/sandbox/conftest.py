"""The machines that the tests in a file share."""

from pathlib import Path

import pytest

from tests.sandbox import machine
from tests.sandbox.machine import HOMES, Machine


@pytest.fixture(params=HOMES, scope="module")
def anywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine of each kind."""
    return machine.make(tmp_path_factory.mktemp(f"{request.param}-home"), request.param)


@pytest.fixture
def with_empty_home(tmp_path: Path) -> Machine:
    """A machine with a writable, empty home folder."""
    return machine.make(tmp_path, "empty")
