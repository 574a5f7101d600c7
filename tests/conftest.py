"""What all tests share: the reference data when it is there, and tools that may be missing."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("default")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a reference file that stands beside the project; a test without it is skipped and says so."""

    def path(name: str) -> Path:
        found = SHARED / name
        if not found.exists():
            pytest.skip(f"reference data absent: {name}")
        return found

    return path


@pytest.fixture(scope="session")
def tool() -> Callable[..., str]:
    """Path of a program. Missing: skipped with its name, or failed where CI=true."""

    def path(*names: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        message = f"needs {' or '.join(names)}, which this machine has not"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    return path
