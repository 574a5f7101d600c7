"""A vault with a documenter, for each test: making one takes a second, copying one does not."""

from pathlib import Path

import pytest
from tests.copies import copied
from tests.importing.commanding import WORDS
from tests.promises.conftest import found_in

from corroborate_node import api

__all__ = ["found_in"]  # needles are sought as promises seek them
OWN = "a documenter's own passphrase"


@pytest.fixture(scope="session")
def staffed(tmp_path_factory, account) -> Path:
    folder = tmp_path_factory.mktemp("staffed") / "vault"
    api.create_vault(folder, "Recording", WORDS, account_passphrase="the words of its keeper")
    with api.open_vault(folder, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.log.queries import last_entry_at  # noqa: F401 - sets nothing; shows that Django is up
        from corroborate_node.records import cases

        for name, role in (("hana", "documenter"), ("duri", "documenter"), ("set", "reader")):
            account(opened, name, OWN, role)
        case = cases.begin(owner(opened, _now()), "Ours")
        account(opened, "net", OWN, "documenter", only=[case])
    return folder


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def vault(tmp_path, staffed, monkeypatch) -> Path:
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))  # copies of one vault would be older ones
    return copied(staffed, tmp_path / "vault", WORDS)


@pytest.fixture
def entered():
    """`entered(name)`: a browser in which that account has logged in, on the open vault."""

    def made(name):
        from django.test import Client

        browser = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "ko"})
        browser.post("/log-in", {"username": name, "password": OWN})
        return browser

    return made
