"""A backup is good when it was restored; a restored vault holds all that was backed up, nothing that was withdrawn."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pyrage
import pytest

from corroborate.errors import NotVerified
from corroborate.sealed import backups as containers
from corroborate_node import api
from corroborate_node.core.actors import System
from corroborate_node.core.desk import owner
from corroborate_node.core.vaults import master_key
from corroborate_node.log import backups, fixity, models, scheduled

from .conftest import AT, NEEDLES, PASSPHRASE, as_json, claims, filled, run


def backup(vault, target, *more, **env):
    return as_json("backup", target, "--vault", vault, *more, **env)


def good(folder):
    """What `doctor` finds wrong with a vault."""
    with api.open_vault(folder, PASSPHRASE) as opened:
        return fixity.wrong_with(opened) == []


@pytest.mark.parametrize("target", ["backups", "one.backup"])
def test_what_is_restored_is_what_was_backed_up_claim_by_claim(vault, tmp_path, target, found_in):
    before = claims(vault)
    assert len(before) > 8
    made = backup(vault, tmp_path / target)
    assert made["sealed_files"] >= 1
    for needle in NEEDLES:
        assert found_in(tmp_path / target, needle) == []
    shutil.rmtree(vault)
    found = as_json("restore", tmp_path / target, vault, CORROBORATE_MARKS=str(tmp_path / "another machine"))
    assert (found["state"], found["entries"], found["later_backups"]) == ("free", made["entries"], [])
    assert claims(vault) == before
    assert good(vault)
    assert NEEDLES[0] in run("search", NEEDLES[0], "--vault", vault)[0]
    (tmp_path / "more.csv").write_text("Name,Sex\nKim Later,f\n", encoding="utf-8")
    run("import", tmp_path / "more.csv", "--vault", vault, CORROBORATE_MARKS=str(tmp_path / "another machine"))


def test_a_backup_is_opened_without_the_program_by_tar_and_age(vault, tmp_path):
    backup(vault, tmp_path / "one.backup")
    key = containers.identity_of(master_key(vault, PASSPHRASE))
    assert str(key).startswith("AGE-SECRET-KEY-1")
    with tarfile.open(tmp_path / "one.backup") as outer:
        assert outer.getnames() == ["README.txt", "slots.json", "content.age", "manifest.age"]
        content = io.BytesIO(pyrage.decrypt(outer.extractfile("content.age").read(), [key]))
        with tarfile.open(fileobj=content) as inner:
            assert {"corroborate.toml", "vault.db", "keys/slots.json", "log/checkpoint"} <= set(inner.getnames())
        slots = outer.extractfile("slots.json").read()
    assert slots == (vault / "keys" / "slots.json").read_bytes()


def test_a_folder_of_backups_holds_each_sealed_file_once_and_as_many_backups_as_are_kept(vault, tmp_path):
    first = backup(vault, tmp_path / "backups", "--keep", "1")
    assert first["new_sealed_files"] == first["sealed_files"] >= 1
    second = backup(vault, tmp_path / "backups", "--keep", "1")
    assert second["new_sealed_files"] == 0
    assert [*second["gone"], Path(second["file"]).name] == [Path(first["file"]).name, *(
        one.name for one in (tmp_path / "backups").glob("*.backup")
    )]  # fmt: skip
    with api.open_vault(vault, PASSPHRASE):
        assert models.Backup.objects.filter(gone=None).get().file == second["file"]


def test_a_wrong_place_is_refused_in_words_and_nothing_is_left_there(vault, tmp_path):
    (tmp_path / "of another").mkdir()
    (tmp_path / "of another" / "corroborate-backups.json").write_text('{"version": 1, "vault": "other"}')
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "is.backup").write_text("something", encoding="utf-8")
    before = sorted(one.name for one in tmp_path.rglob("*"))
    for target, words in (
        (vault, "own folder"), (vault / "inside", "own folder"), (tmp_path, "own folder"),
        (tmp_path / "of another", "of another vault"), (tmp_path / "letters", "holds other files"),
        (tmp_path / "no disk" / "backups", "plugged in"), (tmp_path / "is.backup", "nothing is overwritten"),
        (tmp_path / "letters" / "letter.txt", "no folder"),
    ):  # fmt: skip
        assert words in run("backup", target, "--vault", vault, code=1)[1], target
    assert sorted(one.name for one in tmp_path.rglob("*")) == before
    assert (tmp_path / "is.backup").read_text(encoding="utf-8") == "something"


FULL = (  # the operating system refuses to let any file grow beyond the limit, as a full disk does
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))\n"
    "from corroborate_cli.main import main; sys.argv = ['corroborate', *sys.argv[2:]]; main()"
)


def started(*words, code=None):
    program = [sys.executable, "-c", FULL, str(code)] if code else [sys.executable, "-m", "corroborate_cli"]
    return subprocess.Popen(
        [*program, *map(str, words)], env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("part", [pytest.param(0.5, marks=pytest.mark.long), 1.002])
def test_a_full_disk_leaves_no_backup_and_says_so(vault, tmp_path, part):
    limit = int((vault / "vault.db").stat().st_size * part)  # in the copy of the rows; in the file that they go into
    done = started("backup", tmp_path / "backups", "--vault", vault, code=limit)
    said = done.communicate(timeout=120)[1]
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert "could not be written" in said
    assert not list((tmp_path / "backups").glob("*.backup"))
    assert not (tmp_path / "backups" / ".making").exists()
    backup(vault, tmp_path / "backups")


def killed(vault, target, times, seed):
    """Backups that are killed at random; each file that bears a backup's name afterwards is whole."""
    chance, master = random.Random(seed), master_key(vault, PASSPHRASE)
    for _ in range(times):
        one = started("backup", target, "--vault", vault, "--keep", "2")
        time.sleep(chance.uniform(0.8, 5.0))
        os.killpg(one.pid, signal.SIGKILL)
        one.communicate()
        for at, found in enumerate(backups.of_folder(target)):
            new = target.with_name(f"looked-{at}")
            backups.unpack(found, master, new)
            shutil.rmtree(new)
    return backup(vault, target, "--keep", "2")


def test_a_backup_that_is_killed_is_never_called_one(vault, tmp_path):
    killed(vault, tmp_path / "backups", 1, 1948)
    assert not (tmp_path / "backups" / ".making").exists()
    assert good(vault)
    as_json("restore", tmp_path / "backups", tmp_path / "new")
    assert claims(tmp_path / "new") == claims(vault)


@pytest.mark.long
def test_a_backup_that_is_killed_200_times_is_never_called_one(vault, tmp_path):
    killed(vault, tmp_path / "backups", 200, 1975)
    as_json("restore", tmp_path / "backups", tmp_path / "new")
    assert claims(tmp_path / "new") == claims(vault)


@pytest.mark.long
def test_a_restore_that_is_killed_leaves_no_vault_and_is_done_again(vault, tmp_path):
    backup(vault, tmp_path / "one.backup")
    for pause in (0.9, 1.2, 1.5, 1.8, 2.2, 3.0):
        one = started("restore", tmp_path / "one.backup", tmp_path / "new")
        time.sleep(pause)
        os.killpg(one.pid, signal.SIGKILL)
        one.communicate()
        if (tmp_path / "new").exists():  # it was through before it was killed: then all of it is there
            assert claims(tmp_path / "new") == claims(vault)
            shutil.rmtree(tmp_path / "new")
    as_json("restore", tmp_path / "one.backup", tmp_path / "new")
    assert claims(tmp_path / "new") == claims(vault)
    assert not (tmp_path / "new.restoring").exists()


def test_a_changed_or_cut_backup_restores_nothing(vault, tmp_path):
    backup(vault, tmp_path / "one.backup")
    whole, master = (tmp_path / "one.backup").read_bytes(), master_key(vault, PASSPHRASE)
    chance = random.Random(7)
    start = whole.index(b"age-encryption.org")
    for trial in range(12):
        at = chance.randrange(start, len(whole) - 12_000)
        content = whole[:at] if trial % 3 == 0 else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        (tmp_path / "bad.backup").write_bytes(content)
        with pytest.raises(Exception) as refused:
            backups.unpack(tmp_path / "bad.backup", master, tmp_path / "bad")
        assert type(refused.value).__module__ == NotVerified.__module__, refused.value
        shutil.rmtree(tmp_path / "bad", ignore_errors=True)
    said = run("restore", tmp_path / "bad.backup", tmp_path / "new", code=1)[1]
    assert "cut or changed" in said or "is no backup" in said
    (tmp_path / "letter.backup").write_text("dear", encoding="utf-8")
    assert "is no backup" in run("restore", tmp_path / "letter.backup", tmp_path / "new", code=1)[1]
    assert "is not there" in run("restore", tmp_path / "none.backup", tmp_path / "new", code=1)[1]
    assert "opens none" in run("restore", tmp_path / "one.backup", tmp_path / "new", code=1, passphrase="not these")[1]
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.restoring").exists()
    assert "is not empty" in run("restore", tmp_path / "one.backup", vault, code=1)[1]


def lists(vault):
    from corroborate_node.records import queries

    with api.open_vault(vault, PASSPHRASE):
        return [one.id for one in queries.sources().values() if one.kind == "list"]


def test_what_was_withdrawn_goes_with_the_next_backup_and_does_not_come_back_from_an_older_one(vault, tmp_path):
    old = backup(vault, tmp_path / "backups")
    apart = backup(vault, tmp_path / "apart.backup")
    shutil.copytree(tmp_path / "backups", tmp_path / "stolen")  # from before the withdrawal: nothing can be known there
    source = lists(vault)[0]
    done = as_json("withdraw", source, "--vault", vault)
    assert set(done["backups"]) == {old["file"], apart["file"]}
    for place, new in (("backups", "new"), ("apart.backup", "newer")):
        found = as_json("restore", tmp_path / place, tmp_path / new, CORROBORATE_MARKS=str(tmp_path / new / "marks"))
        assert source in found["withdrawn_again"]
        held = "".join(claims(tmp_path / new))
        assert not any(needle in held for needle in NEEDLES)
        assert good(tmp_path / new)
    assert Path(old["file"]).name in backup(vault, tmp_path / "backups")["gone"]
    assert len(list((tmp_path / "backups").glob("*.backup"))) == 1
    as_json("restore", tmp_path / "backups", tmp_path / "newest")
    assert claims(tmp_path / "newest") == claims(vault)
    with api.open_vault(vault, PASSPHRASE) as opened:
        assert scheduled.warning(owner(opened, AT), AT) == "backup_carries"  # the single file is a person's to delete
        (tmp_path / "apart.backup").unlink()
    backup(vault, tmp_path / "backups")
    with api.open_vault(vault, PASSPHRASE) as opened:
        assert scheduled.warning(owner(opened, AT), AT) == ""


def test_restoring_says_what_came_after_and_a_log_that_lost_entries_goes_on_under_a_new_name(vault, tmp_path):
    backup(vault, tmp_path / "backups")
    shutil.copytree(tmp_path / "backups", tmp_path / "older")
    (tmp_path / "more.csv").write_text("Name,Sex\nKim Later,f\n", encoding="utf-8")
    run("import", tmp_path / "more.csv", "--vault", vault)
    run("log", "checkpoint", "--vault", vault, "--out", tmp_path / "second.checkpoint")
    second = backup(vault, tmp_path / "backups")
    first = next(one for one in (tmp_path / "backups").glob("*.backup") if str(one) != second["file"])
    found = as_json("restore", first, tmp_path / "new")
    assert [one["name"] for one in found["later_backups"]] == [Path(second["file"]).name]
    assert found["later_backups"][0]["entries"] > 0
    assert (found["state"], found["signed_later"] > 0) == ("behind", True)
    assert "signs nothing" in run("import", tmp_path / "more.csv", "--vault", tmp_path / "new", code=1)[1]
    assert "goes on as" in run("log", "anew", "--vault", tmp_path / "new", given="y\n")[0]
    run("import", tmp_path / "more.csv", "--vault", tmp_path / "new")
    assert good(tmp_path / "new")


def test_backups_are_made_as_planned_and_the_page_and_today_say_when_they_are_not(vault, tmp_path, account):
    from django.test import Client

    disk = tmp_path / "disk"
    disk.mkdir()
    backup(vault, disk / "backups", "--every", "24", "--keep", "3")
    with api.open_vault(vault, PASSPHRASE) as opened:
        account(opened, "keeps", "words of their own", "keeper")
        now = models.Backup.objects.get().at
        browser = Client(HTTP_HOST="127.0.0.1")
        browser.post("/log-in", {"username": "keeps", "password": "words of their own"})
        assert str(disk / "backups") in browser.get("/keys").content.decode()
        assert "The last backup failed" not in browser.get("/").content.decode()
        assert scheduled.tick(opened, now + timedelta(hours=23)) == ""
        disk.rename(tmp_path / "taken away")
        assert scheduled.tick(opened, now + timedelta(hours=25)) == "failed"
        assert scheduled.tick(opened, now + timedelta(hours=25, minutes=30)) == ""  # not again and again
        for page in ("/", "/keys"):
            assert "The last backup failed" in browser.get(page).content.decode()
        assert "plugged in" in browser.get("/keys").content.decode()
        (tmp_path / "taken away").rename(disk)
        assert scheduled.tick(opened, now + timedelta(hours=26)) == "made"
        assert "The last backup failed" not in browser.get("/").content.decode()
        assert scheduled.tick(opened, now + timedelta(hours=27)) == ""
        assert models.Backup.objects.filter(gone=None).count() == 2
    assert "good" in next(one for one in run("doctor", "--vault", vault)[0].splitlines() if "backups" in one)
    assert as_json("backup", "--no-plan", "--vault", vault)["plan_ended"]
    assert "into a folder" in run("backup", tmp_path / "a.backup", "--every", "24", "--vault", vault, code=1)[1]


def test_while_the_pages_are_served_a_backup_is_made_by_itself(vault, tmp_path, served):
    backup(vault, tmp_path / "backups", "--every", "1")
    with api.open_vault(vault, PASSPHRASE):
        models.Backup.objects.update(at=AT)
    with served(vault, PASSPHRASE) as address:
        until = time.monotonic() + 90
        while len(list((tmp_path / "backups").glob("*.backup"))) < 2 and time.monotonic() < until:
            assert urlopen(f"{address}/log-in", timeout=30).status == 200  # noqa: S310 - our own pages, which answer
            time.sleep(0.5)
    made = sorted((tmp_path / "backups").glob("*.backup"))
    assert len(made) == 2
    as_json("restore", made[-1], tmp_path / "new")
    assert claims(tmp_path / "new") == claims(vault)
    with api.open_vault(vault, PASSPHRASE):
        assert models.Backup.objects.latest("id").noted_by == System("backups").name


def test_a_vault_in_a_postgresql_is_backed_up_and_restored_into_a_file(tmp_path, cluster):
    vault = filled(tmp_path / "vault", tmp_path, database=cluster.address)
    before = claims(vault)
    made = backup(vault, tmp_path / "backups")
    found = as_json("restore", tmp_path / "backups", tmp_path / "new", CORROBORATE_MARKS=str(tmp_path / "marks"))
    assert found["entries"] == made["entries"]
    assert claims(tmp_path / "new") == before
    assert good(tmp_path / "new")
    assert not (tmp_path / "new" / "source-keys.db").exists()
    assert not (tmp_path / "new" / "keys" / "database.json").exists()
    run("move", "--database", cluster.address, "--vault", tmp_path / "new")
    assert claims(tmp_path / "new") == before
