"""A vault that an earlier version made opens, holds what it held, and goes on.

``made_before`` is such a vault of three invented people: one source withdrawn, one judgement, two checkpoints. Its
database stands there as SQL, so that a change of it can be read; each test encrypts it with the vault's own key first.
"""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from corroborate.custody import Checkpoint, Note, Tree, check_consistency, leaf_hash
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.sealed import derive, open_slots, read_slots
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

BEFORE = Path(__file__).parent / "made_before"
PASSPHRASE = "a vault from before"
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "vault"
    shutil.copytree(BEFORE, place, ignore=shutil.ignore_patterns("vault.sql"))
    for name in ("sealed", "inbox", "outbox"):  # empty folders
        (place / name).mkdir()
    key = derive(open_slots(read_slots((place / "keys/slots.json").read_text("utf-8")), PASSPHRASE), "database")
    database = dbapi2.connect(str(place / "vault.db"))
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    database.executescript((BEFORE / "vault.sql").read_text(encoding="utf-8"))
    database.close()
    return place


def tables() -> dict[str, set[tuple]]:
    """Of the open vault: each table's columns, and the indexes by name."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        kinds = cursor.fetchall()
        found = {"indexes": {(name,) for kind, name in kinds if kind == "index"}}
        for name in (name for kind, name in kinds if kind == "table"):
            cursor.execute(f'PRAGMA table_info("{name}")')
            found[name] = {row[1:] for row in cursor.fetchall()}
    return found


def test_it_holds_what_it_held(folder):
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert [check for check in fixity.everything(vault) if check.state == "wrong"] == []
        assert sorted(claim.value.text for claim in list(records_queries.claims())) == ["한별둘", "한별하나"]
        assert [judgement.verdict for judgement in records_queries.judgements()] == ["different"]
        assert (
            Checkpoint.parse(Note.parse(log_queries.newest_checkpoint()).text).size
            == log_queries.whole_tree().size
            == 12
        )


def test_its_log_goes_on_from_where_it_stood(folder):
    def made(kind: str) -> str:
        return new_id(kind, milliseconds=1, randomness=b"0123456789")

    with api.open_vault(folder, PASSPHRASE) as vault:
        before = Checkpoint.parse(Note.parse(log_queries.newest_checkpoint()).text)
        source = Source(made("source"), "witness", "invented witness 3", invented=True)
        claim = Claim(made("claim"), made("person"), "name", read_name("한별넷"), source.id, "row 1", "saw", "r", AT)
        consent = Consent(made("consent"), source.id, frozenset({"hold"}), "own", date(2026, 12, 1))
        records_actions.receive(owner(vault, AT), [Entity(made("person"), "person")], [source], [consent], [claim])
        after = Checkpoint.parse(Note.parse(log_actions.checkpoint(owner(vault, AT))).text)
        assert (before.size, after.size) == (12, 16)
        check_consistency(12, 16, log_queries.whole_tree().consistency(12), before.root, after.root)
    entries = (folder / "log/tile/entries/000.p/16").read_bytes()
    commitments = [entries[at + 2 : at + 34] for at in range(0, len(entries), 34)]  # each behind its length
    assert Tree([leaf_hash(one) for one in commitments]).root() == after.root


def test_it_has_the_tables_of_a_vault_made_today(folder, tmp_path):
    api.create_vault(tmp_path / "today", "새봄인권기록회", PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE):
        old = tables()
    with api.open_vault(tmp_path / "today", PASSPHRASE):
        assert old == tables()
