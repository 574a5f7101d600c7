"""Promise 2: somebody's own words may tell of a body or name others. They leave where a person named and read them."""

import csv
import json
import os
from datetime import UTC, date, datetime

import pytest
from tests.promises.test_p02_from_the_list_to_the_bytes import PASSPHRASE, TWO, ran, through_the_door

from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions

BODY = "raped by the guard Han Byeol-ha"
BODY_OF = ("--audience", "named body", "--body", "OHCHR")
ROWS = [
    ["Name", "Sex", "Reason", "Sentence", "Consent to publish name"],
    ["Kim Byeol-ga", "f", BODY, "years unknown", "yes"],
]


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    with (folder / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(ROWS)
    ran("new", folder / "vault", "--name", "Member")
    ran("import", folder / "list.csv", "--vault", folder / "vault")
    ran("log", "checkpoint", "--vault", folder / "vault")
    return folder / "vault"


def test_a_reason_in_somebodys_words_stays_until_the_release_names_it(vault, tmp_path, found_in):
    number = through_the_door(vault, *BODY_OF)
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", "Kim Byeol-ga")
    assert found_in(tmp_path / "package", BODY) == []
    shown = json.loads(ran("release", "show", number, "--vault", vault, "--json"))
    assert {"why": "words", "people": 1, "records": 3} in shown["stays"]
    named = through_the_door(vault, *BODY_OF, "--words", "reason")
    ran("pack", tmp_path / "named", "--release", named, "--vault", vault)
    assert found_in(tmp_path / "named", BODY)
    assert found_in(tmp_path / "named", "years unknown") == []


def test_who_confirms_reads_the_words_that_go(vault):
    number = through_the_door(vault, *BODY_OF, "--words", "reason", second=False)
    shown = json.loads(ran("release", "show", number, "--vault", vault, "--json"))
    assert shown["needs_second"]
    assert BODY in json.dumps(shown["named"])
    assert BODY in ran("release", "show", number, "--vault", vault)


def test_a_kind_that_holds_no_free_words_cannot_be_named(vault):
    said = ran("release", "make", *BODY_OF, "--words", "birth_date", "--vault", vault, "--yes", code=2)
    assert "birth_date" in said


def _told(vault, uses: set[str], right: str, whose: str) -> None:
    """A witness's words about a person who is not named, before the public, under one consent."""
    at = datetime.now(UTC).replace(microsecond=0)
    new = {kind: new_id(kind, milliseconds=1, randomness=os.urandom(10)) for kind in ("person", "source", "consent")}
    consent = Consent(new["consent"], new["source"], frozenset(uses), "public", date(2020, 1, 1), subject=new[whose],
                      right=right)  # fmt: skip
    words = (("testimony", Text(BODY)), ("alias", read_name("Byeol")))
    claims = [
        Claim(new_id("claim", milliseconds=1, randomness=os.urandom(10)), new["person"], property_, value,
              new["source"], "p. 1", "saw", "recorder", at)
        for property_, value in words
    ]  # fmt: skip
    with api.open_vault(vault, PASSPHRASE) as opened:
        source = Source(new["source"], "witness", "w")
        records_actions.receive(owner(opened, at), [Entity(new["person"], "person")], [source], [consent], claims)
        log_actions.checkpoint(owner(opened, at))


@pytest.mark.parametrize(
    ("right", "whose", "asked", "leaves"),
    [
        ("self", "source", [], False),
        ("self", "source", ["--words", "testimony"], True),
        ("self", "person", [], True),
        ("next of kin", "person", [], False),
    ],
)
def test_a_testimony_goes_to_everybody_by_its_own_person_s_leave_or_when_it_was_named_and_read(
    tmp_path, found_in, right, whose, asked, leaves
):
    vault = tmp_path / "vault"
    ran("new", vault, "--name", "Member")
    _told(vault, {"quote", "count"}, right, whose)
    number = through_the_door(vault, "--audience", "public", *asked, second=False)
    shown = json.loads(ran("release", "show", number, "--vault", vault, "--json"))
    assert shown["needs_second"] == leaves
    if leaves:
        assert [one["value"] for one in shown["words"]] == [BODY]
        ran("pack", tmp_path / "early", "--release", number, "--vault", vault, code=1)
        ran("release", "confirm", number, "--as", "S. Mori", "--account-passphrase-file", tmp_path / "S. Mori.txt",
            "--vault", vault)  # fmt: skip
    assert "S. Mori" in TWO
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert bool(found_in(tmp_path / "package", BODY)) == leaves
