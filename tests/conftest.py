"""Settings for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

settings.register_profile(
    "quick",
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "thorough", parent=settings.get_profile("quick"), max_examples=200, derandomize=False
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what only POSIX can do elsewhere."""
    if os.name != "posix" and item.get_closest_marker("posix"):
        pytest.skip("needs POSIX")


class Together(LoadScopeScheduling):
    """Tests of a folder that share a server or processes go to one worker.

    By the folder, for pytest 9.2 hides from xdist 3.8 the marks that say the same (`xdist_group`).
    """

    FOLDERS = ("tests/browser/", "tests/lessons/")

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in self.FOLDERS if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Use it."""
    return Together(config, log)
