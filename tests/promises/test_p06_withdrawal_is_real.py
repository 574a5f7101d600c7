"""Promise 6: withdrawn content is erased; the log proves that something was withdrawn, not what."""

from datetime import UTC, date, datetime

import pytest
from tests.releasing import packed as out_of

from corroborate.custody import Checkpoint, Note
from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

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
        records_actions.receive(owner(opened, AT), entities, sources, consents, claims)
        log_actions.checkpoint(owner(opened, AT))
        yield opened


def test_what_a_source_told_is_gone_and_what_others_told_stays(vault):
    before = {claim.id for claim in list(records_queries.claims())}
    erased = records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1)).claims
    left = list(records_queries.claims())
    assert erased == 2
    assert {claim.source for claim in left} == {made("source", 2)}
    assert len(before) == len(left) + 2
    assert all("1" not in str(getattr(claim.value, "text", "")) for claim in left)


def test_the_log_grows_by_the_withdrawal_and_still_begins_as_it_was(vault):
    old = Checkpoint.parse(Note.parse(log_queries.newest_checkpoint()).text)
    records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
    new = Checkpoint.parse(Note.parse(log_actions.checkpoint(owner(vault, AT))).text)
    assert new.size > old.size
    assert log_queries.whole_tree().root(old.size) == old.root


def test_a_package_made_after_it_proves_the_seal_and_shows_nothing(vault, tmp_path):
    records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
    log_actions.checkpoint(owner(vault, AT))
    out_of(vault, tmp_path / "package", at=AT, on=date(2026, 2, 2), audience="public")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "package").rglob("*") if path.is_file())
    assert "김철수1".encode() not in everything
    assert "김철수2".encode() in everything


def test_the_database_file_holds_no_trace_that_a_key_could_open(vault):
    records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("evidence_claim", "evidence_personname", "evidence_source"):
            cursor.execute(f"select * from {table}")  # noqa: S608 - three fixed names
            assert "김철수1" not in str(cursor.fetchall())


def test_the_doctor_finds_nothing_wrong_afterwards(vault):
    records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
    log_actions.checkpoint(owner(vault, AT))
    assert [check for check in fixity.everything(vault) if check.state == "wrong"] == []
