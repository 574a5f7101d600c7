"""A vault copied back from yesterday signs nothing, wherever it signs, and takes nothing in: by the commands alone."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from corroborate.custody import Checkpoint, Log, Note
from corroborate.errors import NotAllowed, NotWritten, StorageFull, unwritten
from corroborate_node import api
from corroborate_node.core import accounts
from corroborate_node.core.desk import owner
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening

PASSPHRASE = "invented words for a test"


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory):
    """A vault with one list in it, copied back to that day after a second list was taken in and signed."""
    place = tmp_path_factory.mktemp("world")
    (place / "secret").write_text(PASSPHRASE + "\n")
    for name, people in (("first", ("Ri Chol Su,1961", "Kim Yong,1970")), ("second", ("Choe Un Ha,1958",))):
        (place / f"{name}.csv").write_text("\n".join(["name,born", *people]) + "\n", encoding="utf-8")
    assert run(place, "new", str(place / "vault"), "--name", "Invented Group")[0] == 0
    assert run(place, "import", str(place / "first.csv"))[0] == 0
    shutil.copytree(place / "vault", place / "yesterday")
    assert run(place, "import", str(place / "second.csv"))[0] == 0
    shutil.rmtree(place / "vault")
    (place / "yesterday").rename(place / "vault")
    return place


@pytest.fixture
def world(yesterday, tmp_path):
    shutil.copytree(yesterday, tmp_path / "world")
    return tmp_path / "world"


def run(place, command, *arguments):
    """Exit code and all that was printed of a command on the vault."""
    given = [] if command == "new" else ["--vault", str(place / "vault")]
    if command in ("log", "keys", "accounts"):
        arguments, given = arguments[:1], [*given, *arguments[1:]]
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", command, *arguments, *given, "--passphrase-file", place / "secret"],
        capture_output=True, text=True, timeout=120, env={**os.environ, "CORROBORATE_MARKS": str(place / "marks")},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def held(place):
    """What the vault holds: size of its newest checkpoint, entries, and the files of its log."""
    with api.open_vault(place / "vault", PASSPHRASE) as vault:
        note = log_queries.newest_checkpoint()
        assert note is not None
        size = Checkpoint.parse(Note.parse(note).text).size
        return size, len(records_queries.entities()), len(list(records_queries.claims())), Log.at(vault.log).size()


@pytest.mark.parametrize(
    "command",
    [
        ("import", "second.csv"), ("log", "checkpoint"),
        ("release", "make", "--audience", "public", "--no-names", "--yes"),
        ("serve", "--port", "0"), ("doctor", "--record"),
    ],
)  # fmt: skip
def test_an_older_copy_takes_nothing_in_and_signs_nothing(world, command):
    before = held(world)
    arguments = [str(world / one) if one in ("second.csv", "package") else one for one in command[1:]]
    code, said = run(world, command[0], *arguments)
    assert code == 1, said
    assert "entries were signed on this machine, and this copy has signed" in said
    assert "Ask the other members" in said
    assert "Traceback" not in said
    assert held(world) == before
    assert not (world / "package").exists()
    code, said = run(world, "doctor")
    assert "this vault signs nothing" in said


def test_every_seal_asks_also_where_a_program_forgot_to(world):
    """The library's own door: records and their seals are one transaction, and the refusal undoes it."""
    from corroborate import records

    at = datetime(2026, 11, 28, tzinfo=UTC)
    before = held(world)
    with api.open_vault(world / "vault", PASSPHRASE, marks=world / "marks") as vault:
        from corroborate_node.log import actions

        one = records.Entity("person_" + "0" * 32, "person")
        with pytest.raises(NotAllowed, match="signed on this machine"):
            records_actions.receive(owner(vault, at), [one], [], [], [])
        with pytest.raises(NotAllowed, match="signed on this machine"):
            actions.answer(owner(vault, at), b"")
    assert held(world) == before


def test_an_older_copy_lets_nobody_new_in(world):
    (world / "new").write_text("another invented passphrase\n")
    before = (world / "vault/keys/slots.json").read_bytes()
    code, said = run(world, "keys", "add", "--passphrase", "--new-passphrase-file", str(world / "new"))
    assert code == 1, said
    assert "this vault signs nothing" in said
    assert (world / "vault/keys/slots.json").read_bytes() == before


def test_an_older_copy_shuts_out_and_lets_nobody_in_again(world):
    with api.open_vault(world / "vault", PASSPHRASE) as vault:
        accounts.add(owner(vault, datetime.now(UTC).replace(microsecond=0)), "mina", ["reader"])
    assert run(world, "accounts", "block", "mina")[0] == 0
    code, said = run(world, "accounts", "block", "mina", "--lift")
    assert code == 1, said
    assert "this vault signs nothing" in said
    assert "blocked" in run(world, "accounts", "list")[1]


def test_a_vault_that_was_not_copied_back_goes_on(world):
    shutil.rmtree(world / "marks")
    assert run(world, "import", str(world / "second.csv"))[0] == 0
    assert run(world, "log", "checkpoint")[0] == 0


@pytest.mark.parametrize(("code", "kind"), [
    (errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, NotWritten), (errno.EACCES, NotWritten),
    (errno.EROFS, NotWritten), (errno.ENOTDIR, NotWritten),
])  # fmt: skip
def test_a_full_disk_is_told_from_every_other_fault(world, code, kind):
    from corroborate_node.core.storing import storing

    error = OSError(code, os.strerror(code))
    assert type(unwritten("x", error)) is kind
    with api.open_vault(world / "vault", PASSPHRASE), pytest.raises(kind) as refused, storing():
        raise error
    assert type(refused.value) is kind
    assert ("Free some space" in refused.value.remedy) == (kind is StorageFull)


def test_a_database_without_room_is_called_full(world):
    """SQLite itself is told to take no more pages; what it raises is SQLITE_FULL."""
    from django.db import connection

    from corroborate_node.core.storing import storing
    from corroborate_node.records import actions

    before = held(world)
    with api.open_vault(world / "vault", PASSPHRASE) as vault:
        with connection.cursor() as cursor:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageFull) as refused, storing():
            from datetime import UTC, datetime

            actions.keep(owner(vault, datetime(2026, 11, 28, tzinfo=UTC)), "findings", {"x": "y" * 10_000_000})
        assert type(refused.value) is StorageFull
        assert isinstance(refused.value.__cause__, DatabaseError | sqlite3.Error)
    assert held(world) == before


def test_an_open_alarm_makes_doctor_say_wrong_until_somebody_settles_it_who_is_not_the_accused(world, account):
    """Through the pages: the accused member's representative may not close the case, the keeper may, and is named."""
    shutil.rmtree(world / "marks")
    with api.open_vault(world / "vault", PASSPHRASE) as vault:
        from datetime import UTC, datetime

        from django.test import Client

        from corroborate_node.coalition.campaign import models as campaign
        from corroborate_node.log import actions, models

        at = datetime(2026, 11, 28, tzinfo=UTC)
        actions.alarm("split view", "Busan-Group", "Busan-Group signed two histories.", at)
        accused = account(vault, "of-busan", "x" * 20, "coordinator")
        keeper = account(vault, "of-nobody", "y" * 20, "keeper")
        member = campaign.Member.objects.create(
            id="busan", place=1, name="Busan Group", kind="organisation", role="member", body={}
        )
        campaign.Representative.objects.create(user=accused, member=member)
        number = models.Alarm.objects.get().id
        told = []
        for user in (accused, keeper):
            browser = Client()
            browser.force_login(user)
            told.append(browser.post("/alarms", {"alarm": number, "how": "both were asked"}, HTTP_HOST="127.0.0.1"))
            if user is accused:
                assert models.Alarm.objects.get().settled is None
                assert [one.state for one in fixity.everything(vault) if one.about == "alarms"] == ["wrong"]
        assert "for whom this account acts" in told[0].content.decode()
        assert told[1].status_code == 302
        assert models.Alarm.objects.get().settled_by == keeper.get_username()
        page = browser.get("/alarms", HTTP_HOST="127.0.0.1").content.decode()
        assert keeper.get_username() in page
        assert [one.state for one in fixity.everything(vault) if one.about == "alarms"] == ["good"]
        actions.alarm("clock", "x", "another alarm", at)
    code, said = run(world, "doctor")
    assert code == 1
    assert "1 open" in said
