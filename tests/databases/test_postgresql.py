"""A vault whose rows lie in PostgreSQL: what a reader of the database, its log and its dump sees, and what not."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import BinaryField, CharField, JSONField, TextField
from tests.databases.conftest import AT, NEEDLES, PASSPHRASE, made

from corroborate.errors import InvalidValue, VaultBusy, VaultDamaged
from corroborate_node import api
from corroborate_node.core import opened
from corroborate_node.core.desk import owner
from corroborate_node.core.places import new_place
from corroborate_node.core.veils import veil_of
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries
from corroborate_node.records.models import Claim, PersonName, Source
from corroborate_node.survivor import coming, making

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, filled, cluster):
    filled(tmp_path / "vault", 3, cluster.address)
    return tmp_path / "vault"


def lying(cluster) -> bytes:
    """Every byte of the server's files: tables with their dead rows, and the write-ahead log."""
    cluster.sql("CHECKPOINT")
    return b"".join(one.read_bytes() for one in (cluster.folder / "data").rglob("*") if one.is_file())


def test_a_vault_keeps_its_rows_there_and_finds_them_again(folder):
    assert not (folder / "vault.db").exists()
    with api.open_vault(folder, PASSPHRASE):
        told = {one.id: one for one in queries.claims()}
        assert len(told) == 9
        assert told[made("claim", 10)].value.text == "김철수1"
        assert [one.text for one in PersonName.objects.filter(folded__contains="철수").order_by("folded")] == [
            "김철수1", "김철수2", "김철수3",
        ]  # fmt: skip
        assert Source.objects.filter(title__icontains="aster 2").get().id == made("source", 2)


def test_nothing_that_somebody_said_stands_in_a_dump_or_in_the_servers_files(folder, cluster, found_in, tmp_path):
    (tmp_path / "dump").write_bytes(cluster.dump())
    (tmp_path / "files").write_bytes(lying(cluster))
    for needle in NEEDLES:
        assert found_in(tmp_path / "dump", needle) == []
        assert found_in(tmp_path / "files", needle) == []
    assert made("claim", 10).encode() in (tmp_path / "dump").read_bytes()  # ids are what a dump shows


def test_neither_the_address_nor_its_password_stands_in_the_folder(folder, cluster, found_in):
    assert found_in(folder, str(cluster.folder)) == []


def test_what_was_withdrawn_opens_nowhere_though_the_server_still_has_it(folder, cluster):
    with api.open_vault(folder, PASSPHRASE) as vault:
        before = cluster.sql(
            f"SELECT value #>> '{{}}' FROM {vault.place.schema}.evidence_claim WHERE id = '{made('claim', 11)}'"  # noqa: S608
        ).strip()
        assert "told me so" in opened.current().sealer.opened(before)
        records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
        with pytest.raises(VaultDamaged, match="not among this vault's keys"):
            opened.current().sealer.opened(before)
        assert before[40:].encode() in lying(cluster)  # dead, and not yet overwritten
        assert Claim.objects.get(id=made("claim", 11)).value is None
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert made("source", 1) not in set(vault.sealer.keys.owners())


def test_a_value_that_somebody_changed_in_the_database_is_told_and_not_shown(folder, cluster):
    with api.open_vault(folder, PASSPHRASE) as vault:
        cluster.sql(
            f"UPDATE {vault.place.schema}.evidence_source SET title = overlay(title placing 'AAAA' from 20)"  # noqa: S608
        )
        with pytest.raises(VaultDamaged, match="changed in the database"):
            Source.objects.get(id=made("source", 1))


def test_a_copy_of_the_folder_is_not_opened_while_the_vault_is(folder, tmp_path):
    subprocess.run(["cp", "-r", folder, tmp_path / "copy"], check=True)
    with api.open_vault(folder, PASSPHRASE), pytest.raises(VaultBusy):
        from corroborate_node.core.places import held

        with held(opened.current().place):
            pass


def test_a_server_that_does_not_answer_is_said_so_and_nothing_is_left(tmp_path):
    asked = ["new", str(tmp_path / "vault"), "--name", "Member", "--database", f"postgresql:///none?host={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", *asked], capture_output=True, text=True,
        env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the database of this vault does not answer")
    assert "Start PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["postgresql://db.example.org/vault", "postgresql://db.example.org/v?sslmode=require"]
)
def test_an_address_over_a_network_needs_tls_that_knows_whom_it_speaks_with(address):
    with pytest.raises(InvalidValue, match="verify-full"):
        new_place(address)


def test_what_is_no_address_is_refused():
    with pytest.raises(InvalidValue, match="no address"):
        new_place("http://example.org")


def test_whatever_text_is_readable_there_is_listed_in_the_docs():
    page = (ROOT / "docs/explanation/databases.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.M))
    readable = {}
    for model in apps.get_models(include_auto_created=True):
        veil = veil_of(model)
        hidden = {*veil.blind, *(name for names in veil.sealed.values() for name in names)}
        known = {field.attname for field in model._meta.concrete_fields}
        assert hidden <= known, f"{model}: {hidden - known} are no columns"
        texts = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField | BinaryField) and field.attname not in hidden
        ]
        if texts:
            readable[model._meta.db_table] = ", ".join(f"`{one}`" for one in texts)
    assert listed == readable


def test_a_survivors_code_opens_there_and_neither_it_nor_what_she_says_is_readable(folder, cluster, found_in, tmp_path):
    with api.open_vault(folder, PASSPHRASE) as vault:
        source = made("source", 2)
        handed = making.make(owner(vault, AT), source)
        where = coming.From("192.0.2.1")
        assert coming.come_in(vault, handed.code, "wrong-word", where, AT) is None
        token = coming.come_in(vault, handed.code, handed.word, where, AT)
        row = coming.visit_of(vault, token, AT)
        desk = coming.desk_for(vault, row, AT)
        coming.say(desk, row, "ask", "Where did my words go?")
        coming.withdraw(desk, row)
        assert {one.source for one in queries.consents() if one.withdrawn} == {source}
        assert making.code_of(owner(vault, AT), source).code == handed.code
        (tmp_path / "dump").write_bytes(cluster.dump())
        for needle in (handed.code, handed.word, token, "Where did my words go?", "192.0.2.1"):
            assert found_in(tmp_path / "dump", needle) == []
        records_actions.withdraw(owner(vault, AT), source, date(2026, 2, 1))
        again = coming.come_in(vault, handed.code, handed.word, where, AT)
        assert coming.visit_of(vault, again, AT).source.withdrawn == date(2026, 2, 1)
