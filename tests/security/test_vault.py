"""A vault gives nothing away without its passphrase, and refuses what is not its own."""

import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate.errors import InvalidValue, NotAVault, VaultDamaged, WrongPassphrase
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
NEEDLE = "바늘이름"


def made(kind: str) -> str:
    return new_id(kind, milliseconds=1, randomness=b"0123456789")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "vault"
    api.create_vault(place, "Member", PASSPHRASE)
    with api.open_vault(place, PASSPHRASE) as vault:
        source = Source(made("source"), "witness", f"witness {NEEDLE}")
        claim = Claim(made("claim"), made("person"), "name", read_name(NEEDLE), source.id, "row 1", "saw", "r", AT)
        consent = Consent(made("consent"), source.id, frozenset({"hold"}), "own", date(2026, 1, 1))
        records_actions.receive(owner(vault, AT), [Entity(made("person"), "person")], [source], [consent], [claim])
        log_actions.checkpoint(owner(vault, AT))
    return place


def files(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_file_of_a_vault_holds_a_name_or_the_passphrase_in_clear(folder):
    for path in files(folder):
        content = path.read_bytes()
        assert NEEDLE.encode() not in content, path
        assert NEEDLE.encode("utf-16-le") not in content, path
        assert PASSPHRASE.encode() not in content, path
        assert b"SQLite format 3" not in content[:16], path


def test_a_wrong_passphrase_is_refused_and_changes_nothing(folder):
    before = {path: path.read_bytes() for path in files(folder)}
    with pytest.raises(WrongPassphrase), api.open_vault(folder, "another passphrase"):
        pass
    assert {path: path.read_bytes() for path in files(folder)} == before


@pytest.mark.parametrize("short", ["", "short", "eleven char"])
def test_a_short_passphrase_is_refused(tmp_path, short):
    with pytest.raises(InvalidValue, match="12"):
        api.create_vault(tmp_path / "vault", "Member", short)
    assert not (tmp_path / "vault").exists()


@pytest.mark.in_a_file
def test_a_folder_or_database_that_is_no_vault_is_refused(tmp_path, folder):
    (tmp_path / "other").mkdir()
    with pytest.raises(NotAVault), api.open_vault(tmp_path / "other", PASSPHRASE):
        pass
    (folder / "vault.db").unlink()
    plain = sqlite3.connect(folder / "vault.db")
    plain.execute("create table evidence_claim (id text)")
    plain.commit()
    plain.close()
    with pytest.raises((NotAVault, VaultDamaged)), api.open_vault(folder, PASSPHRASE):
        pass


def test_a_vault_of_an_earlier_version_gets_the_tables_that_came_since(folder):
    from django.core.management import call_command
    from django.db import connection

    with api.open_vault(folder, PASSPHRASE):
        call_command("migrate", "advocacy", "zero", verbosity=0)
        assert not [one for one in connection.introspection.table_names() if one.startswith("advocacy_")]
    with api.open_vault(folder, PASSPHRASE):
        assert [one for one in connection.introspection.table_names() if one.startswith("advocacy_")]
        assert len(list(records_queries.claims())) == 1


def test_a_vault_of_a_newer_version_is_left_as_it_is(folder):
    from django.db import connection

    with api.open_vault(folder, PASSPHRASE), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('evidence', '9999_later', '2030-01-01')"
        )
    with pytest.raises(NotAVault, match="newer program"), api.open_vault(folder, PASSPHRASE):
        pass


@pytest.mark.in_a_file
def test_another_vault_s_database_is_refused(tmp_path, folder):
    api.create_vault(tmp_path / "second", "Other", PASSPHRASE)
    shutil.copy(tmp_path / "second" / "vault.db", folder / "vault.db")
    with pytest.raises((NotAVault, VaultDamaged)), api.open_vault(folder, PASSPHRASE):
        pass


@pytest.mark.in_a_file
def test_a_flipped_byte_in_the_database_is_noticed(folder):
    content = bytearray((folder / "vault.db").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "vault.db").write_bytes(bytes(content))
    with pytest.raises(VaultDamaged), api.open_vault(folder, PASSPHRASE):
        pass


def test_a_second_process_is_refused_while_the_vault_is_open(folder):
    code = (
        "import sys; from pathlib import Path\n"
        "from corroborate.errors import VaultBusy; from corroborate_node import api\n"
        "try:\n    with api.open_vault(Path(sys.argv[1]), sys.argv[2]): print('open')\n"
        "except VaultBusy as error: print('busy:', error)"
    )
    with api.open_vault(folder, PASSPHRASE):
        said = subprocess.run([sys.executable, "-c", code, str(folder), PASSPHRASE], capture_output=True, text=True)
    assert said.stdout.startswith("busy:"), said.stderr
    again = subprocess.run([sys.executable, "-c", code, str(folder), PASSPHRASE], capture_output=True, text=True)
    assert again.stdout == "open\n", again.stderr


def test_commands_end_in_one_message_and_no_traceback(folder, tmp_path):
    secret = tmp_path / "wrong.txt"
    secret.write_text("a wrong passphrase\n", encoding="utf-8")
    for arguments in (
        ["doctor", "--vault", str(folder), "--passphrase-file", str(secret)],
        ["findings", "--vault", str(tmp_path), "--passphrase-file", str(secret)],
        ["import", str(tmp_path / "none.csv"), "--vault", str(folder), "--passphrase-file", str(secret)],
    ):
        done = subprocess.run([sys.executable, "-m", "corroborate_cli", *arguments], capture_output=True, text=True)
        assert done.returncode == 1, done.stderr
        assert done.stderr.startswith("Error: ")
        assert "Traceback" not in done.stderr


def test_an_import_is_all_or_nothing_and_dry_run_and_strict_take_nothing(folder, tmp_path):
    table = tmp_path / "list.csv"
    table.write_text("Name,Sex,YOB\nKim Yong Su,m,1960\n,f,1970\nRi Chol,m,1950\n", encoding="utf-8")
    secret = tmp_path / "secret.txt"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    options = ["--vault", str(folder), "--passphrase-file", str(secret)]

    def count() -> int:
        with api.open_vault(folder, PASSPHRASE):
            return len(list(records_queries.claims()))

    before = count()
    assert CliRunner().invoke(group, ["import", str(table), *options, "--dry-run"]).exit_code == 0
    assert count() == before
    strict = CliRunner().invoke(group, ["import", str(table), *options, "--strict"])
    assert "1 row fails" in str(strict.exception)
    assert count() == before
    rejected = tmp_path / "elsewhere.csv"
    done = CliRunner().invoke(group, ["import", str(table), *options, "--rejected", str(rejected), "--json"])
    assert done.exit_code == 0, done.output
    assert count() == before + 6
    assert "has no name" in rejected.read_text(encoding="utf-8")
    assert rejected.stat().st_mode & 0o777 == 0o600
    assert CliRunner().invoke(group, ["import", str(table), *options]).exit_code == 0
    assert not (tmp_path / "rejected.csv").exists()  # nobody asked for it


def test_a_full_disk_in_the_middle_of_an_import_leaves_nothing_half_written(folder, tmp_path):
    table = tmp_path / "list.csv"
    rows = "".join(f"Kim Yong {n},m,{1930 + n % 60}\n" for n in range(20_000))
    table.write_text("Name,Sex,YOB\n" + rows, encoding="utf-8")
    code = (  # the operating system refuses to let any file grow beyond the limit, as a full disk does
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))\n"
        "from corroborate_cli.main import main; sys.argv = ['corroborate', *sys.argv[1:]]; main()"
    )
    secret = tmp_path / "secret.txt"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, "import", str(table), "--vault", str(folder), "--passphrase-file", str(secret)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert len(list(records_queries.claims())) == 1
        assert [check for check in fixity.everything(vault) if check.state == "wrong"] == []
