"""A vault with a documenter, a reader, one of another case, and three interviews: made once, copied for each test."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.copies import copied
from tests.importing.commanding import WORDS, ran

from corroborate_node import api

OWN = "a documenter's own passphrase"
ENTRY = """
source: {{title: Interview {0}}}
consent: {{own: [hold, link, count]}}
people: [{{names: 김뷔{0}}}]
acts: [{{what: 고문, whom: 김뷔{0}}}]
"""


@pytest.fixture(scope="session")
def heard(tmp_path_factory, account) -> tuple[Path, tuple[str, ...]]:
    """The vault, and the ids of three interviews, each of which tells of another person who was tortured."""
    place = tmp_path_factory.mktemp("inquiry")
    folder = place / "vault"
    api.create_vault(folder, "Inquiry", WORDS, account_passphrase="the words of its keeper")
    with api.open_vault(folder, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.records import cases

        for name, role in (("hana", "documenter"), ("duri", "lawyer"), ("dasot", "lawyer"), ("set", "reader")):
            account(opened, name, OWN, role)
        case = cases.begin(owner(opened, datetime.now(UTC).replace(microsecond=0)), "Ours")
        account(opened, "net", OWN, "documenter", only=[case])
    made = []
    for letter in "가나다":
        (place / "entry.yaml").write_text(ENTRY.format(letter), encoding="utf-8")
        made.append(json.loads(ran("interview", place / "entry.yaml", "--vault", folder, "--json"))["source"])
    return folder, tuple(made)


@pytest.fixture
def vault(tmp_path, heard, monkeypatch) -> Path:
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))  # copies of one vault would be older ones
    return copied(heard[0], tmp_path / "vault", WORDS)


@pytest.fixture
def three(heard) -> tuple[str, ...]:
    return heard[1]


@pytest.fixture
def entered():
    """`entered(name)`: a browser in which that account has logged in, on the open vault."""

    def made(name):
        from django.test import Client

        browser = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "ko"})
        browser.post("/log-in", {"username": name, "password": OWN})
        return browser

    return made
