"""An empty vault for each test: making one takes a second, copying one does not."""

from pathlib import Path

import pytest
from tests.copies import copied
from tests.importing.commanding import WORDS

from corroborate_node import api


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "vault"
    api.create_vault(folder, "Programs", WORDS)
    return folder


@pytest.fixture
def vault(tmp_path, empty, monkeypatch) -> Path:
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))  # copies of one vault would be older ones
    return copied(empty, tmp_path / "vault", WORDS)
