"""Promise 6: withdrawn content is erased; the log proves that something was withdrawn, not what."""

from datetime import UTC, date, datetime

import pytest
from tests.releasing import packed as out_of

from corroborate.custody import Checkpoint, Note
from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import new_id, read_name
from corroborate_node import api

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=b"0123456789")


@pytest.fixture
def vault(tmp_path):
    api.create_vault(tmp_path / "vault", "Member", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        sources = [Source(made("source", n), "witness", f"witness {n}") for n in (1, 2)]
        claims = [
            Claim(
                made("claim", 10 * n + at),
                made("person", n),
                prop,
                value,
                sources[n - 1].id,
                "minute 3",
                "saw",
                "r",
                AT,
            )
            for n in (1, 2)
            for at, (prop, value) in enumerate(
                (("name", read_name(f"김철수{n}")), ("testimony", Text(f"words of {n}")))
            )
        ]
        consents = [
            Consent(
                made("consent", n), sources[n - 1].id, frozenset({"hold", "name", "quote"}), "public", date(2026, 1, 1)
            )
            for n in (1, 2)
        ]
        entities = [Entity(made("person", n), "person") for n in (1, 2)]
        api.receive(opened, entities, sources, consents, claims, AT)
        api.checkpoint(opened, AT)
        yield opened


def test_what_a_source_told_is_gone_and_what_others_told_stays(vault):
    before = {claim.id for claim in api.claims(vault)}
    erased = api.withdraw(vault, made("source", 1), date(2026, 2, 1), AT)
    left = api.claims(vault)
    assert erased == 2
    assert {claim.source for claim in left} == {made("source", 2)}
    assert len(before) == len(left) + 2
    assert all("1" not in str(getattr(claim.value, "text", "")) for claim in left)


def test_the_log_grows_by_the_withdrawal_and_still_begins_as_it_was(vault):
    old = Checkpoint.parse(Note.parse(api.newest_checkpoint(vault)).text)
    api.withdraw(vault, made("source", 1), date(2026, 2, 1), AT)
    new = Checkpoint.parse(Note.parse(api.checkpoint(vault, AT)).text)
    assert new.size > old.size
    assert api.tree(vault).root(old.size) == old.root


def test_a_package_made_after_it_proves_the_seal_and_shows_nothing(vault, tmp_path):
    api.withdraw(vault, made("source", 1), date(2026, 2, 1), AT)
    api.checkpoint(vault, AT)
    out_of(vault, tmp_path / "package", at=AT, on=date(2026, 2, 2), audience="public")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "package").rglob("*") if path.is_file())
    assert "김철수1".encode() not in everything
    assert "김철수2".encode() in everything


def test_the_database_file_holds_no_trace_that_a_key_could_open(vault):
    api.withdraw(vault, made("source", 1), date(2026, 2, 1), AT)
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("evidence_claim", "evidence_personname", "evidence_source"):
            cursor.execute(f"select * from {table}")  # noqa: S608 - three fixed names
            assert "김철수1" not in str(cursor.fetchall())


def test_the_doctor_finds_nothing_wrong_afterwards(vault):
    api.withdraw(vault, made("source", 1), date(2026, 2, 1), AT)
    api.checkpoint(vault, AT)
    assert [check for check in api.doctor(vault) if check.state == "wrong"] == []
