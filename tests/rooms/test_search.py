"""Names are found by any run of their letters, however short, and by nothing once they are withdrawn."""

import unicodedata
from datetime import UTC, date, datetime

import pytest

from corroborate.records import Claim, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
NAMES = (
    "김영희", "김 영 희", "이영", "영", "박영희영", "YOKOTA Megumi", "横田めぐみ", "よこた", "Ри Ён Хи", "김", "희영",
    "%_",
    unicodedata.normalize("NFD", "남궁선"),
)  # fmt: skip


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search") / "vault"
    api.create_vault(folder, "Member", PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE) as opened:
        for at, name in enumerate(NAMES, start=1):  # one act each, so that the index grows and is not made anew
            person, source = Entity(made("person", at), "person"), Source(made("source", at), "witness", "w")
            claim = Claim(made("claim", at), person.id, "name", read_name(name), source.id, "row", "saw", "r", AT)
            records_actions.receive(owner(opened, AT), [person], [source], [], [claim])
        yield opened


def found(asked: str) -> set[str]:
    from django.contrib.auth import get_user_model

    from corroborate_node.records import queries

    return {row.text for row in queries.people(get_user_model().objects.get(), asked)}


@pytest.mark.parametrize(
    "asked",
    [
        "영",
        "희",
        "김",
        "영희",
        "김영",
        "김영희",
        "희영",
        "yok",
        "MEGUMI",
        "횡",
        "田め",
        "よ",
        "ён",
        "%",
        "_",
        "%_",
        "남궁",
        "zz",
    ],
)
def test_a_search_finds_the_names_that_contain_what_is_asked_and_no_other(vault, asked):
    def plain(text: str) -> str:
        return "".join(unicodedata.normalize("NFC", text).casefold().split())

    given = [read_name(name).text for name in NAMES]
    assert found(asked) == {name for name in given if plain(asked) in plain(name)}


def test_nobody_is_found_by_a_user_who_did_not_log_in(vault):
    from corroborate_node.records import queries

    assert not queries.people(None, "영희").exists()


def test_a_withdrawn_name_leaves_no_part_in_the_index(vault):
    from corroborate_node.records import models

    before = models.NamePart.objects.count()
    assert found("よこ") == {"よこた"}
    records_actions.withdraw(owner(vault, AT), made("source", NAMES.index("よこた") + 1), date(2026, 1, 2))
    assert found("よこ") == set()
    assert models.NamePart.objects.count() == before - 3
    assert not models.NamePart.objects.filter(part__startswith="よ").exists()
