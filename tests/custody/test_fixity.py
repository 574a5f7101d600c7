"""Everything is read again on a schedule, a little at a time; what is wrong is an alarm, and the round an entry."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import StorageFull
from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
PASSPHRASE = "long enough to hold"


@pytest.fixture
def vault(tmp_path):
    api.create_vault(tmp_path / "vault", "Member", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        for number in range(120):
            opened.files.put(io.BytesIO(b"words %d" % number))
        yield opened


def ticks(vault, start, hours, step=1.0):
    """What each tick did, from a moment on."""
    from corroborate_node.log import fixity

    moments = [start + timedelta(hours=step * n) for n in range(int(hours / step) + 1)]
    return [(at, fixity.tick(vault, at)) for at in moments]


def test_a_round_reads_every_file_within_its_week_in_small_slices_and_is_sealed(vault):
    from corroborate_node.log.models import Fixity, FixityRound, LogEntry

    done = ticks(vault, START, 24 * 7)
    finished = [at for at, what in done if what == "finished"]
    assert len(finished) == 1
    assert timedelta(days=5) < finished[0] - START <= timedelta(days=7)
    assert sum(what == "read" for _, what in done) > 80  # of 120 files in 144 hours: one at a time, spread out
    row = FixityRound.objects.get()
    assert (row.files, row.wrong, row.finished) == (120, [], finished[0])
    assert Fixity.objects.get().wrong == 0
    assert LogEntry.objects.filter(kind="fixity").count() == 1
    # The next round begins a week after this one was recorded, not before.
    later = ticks(vault, finished[0] + timedelta(days=6), 24)
    assert [what for _, what in later if what] == []
    assert FixityRound.objects.count() == 2


def test_a_laptop_that_is_open_for_an_hour_a_day_catches_up(vault):
    from corroborate_node.log.models import FixityRound

    for day in range(7):
        ticks(vault, START + timedelta(days=day), 1, step=1 / 60)
    assert FixityRound.objects.get().finished is not None


def test_a_damaged_file_is_an_alarm_when_it_is_read_and_stands_in_the_round_s_result(vault):
    from corroborate_node.log.models import Fixity

    found = sorted((vault.folder / "sealed").rglob("*"))
    path = next(one for one in found if one.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    ticks(vault, START, 24)
    ((kind, about, _),) = log_queries.owner_alarms()
    assert (kind, about) == ("damage", "sealed files")
    ticks(vault, START + timedelta(days=1), 24 * 6)
    result = Fixity.objects.get()
    assert result.wrong == 1
    assert [one["about"] for one in result.found if one["state"] == "wrong"] == ["sealed files"]
    assert len(log_queries.owner_alarms()) == 1  # not a second one in the same words


def test_a_sealed_file_that_a_record_names_and_that_is_gone_is_noticed(vault):
    from corroborate_node.coalition.campaign.models import Scan
    from corroborate_node.log.models import Fixity

    digest, address = vault.files.put(io.BytesIO(b"a letter"))
    Scan.objects.create(digest=digest.hex, address=address, name="letter.pdf", at=START, by="keeper")
    assert not [one for one in fixity.everything(vault) if one.state == "wrong"]
    vault.files.delete(address)
    assert [one.found for one in fixity.everything(vault) if one.state == "wrong"] == [f"1 file is gone: {address}"]
    ticks(vault, START, 24 * 7, step=2)
    assert Fixity.objects.get().wrong == 1
    ((kind, about, words),) = log_queries.owner_alarms()
    assert (kind, about, words) == ("damage", "sealed files", f"the sealed file {address} is gone")


@pytest.mark.in_a_file
def test_the_database_is_read_page_by_page_in_a_round_too(vault):
    from corroborate_node.log.models import Fixity

    size = vault.database.stat().st_size
    with vault.database.open("r+b") as file:  # a page that nothing reads by itself
        file.seek(size - 2000)
        held = file.read(8)
        file.seek(size - 2000)
        file.write(bytes(one ^ 0xFF for one in held))
    try:
        ticks(vault, START, 24 * 7, step=6)
    finally:
        with vault.database.open("r+b") as file:
            file.seek(size - 2000)
            file.write(held)
    assert [one["about"] for one in Fixity.objects.get().found if one["state"] == "wrong"] == ["database"]


def test_the_doctor_says_when_everything_was_checked_and_when_it_is_due_again(vault):
    def said(at=None):
        return next((one.state, one.found) for one in fixity.everything(vault, at) if one.about == "last check")

    assert said()[0] == "advice"
    ticks(vault, START, 24)
    assert "a round has read 2" in said()[1]
    api.record_fixity(vault, fixity.everything(vault), START)
    assert said(START) == ("good", said(START)[1])
    assert "2026-03-01 09:00 UTC, 0 wrong; the next begins 2026-03-08" in said(START)[1]
    assert said(START + timedelta(days=15))[0] == "advice"


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(1, 366))
def test_what_is_due_grows_from_nothing_to_everything_and_never_shrinks(files, seconds, days):
    from corroborate_node.log.fixity import due

    elapsed = timedelta(seconds=seconds)
    now, next_ = due(files, elapsed, days), due(files, elapsed + timedelta(hours=1), days)
    assert 0 <= now <= next_ <= files
    assert due(files, timedelta(), days) == 0 == due(files, -elapsed, days)
    assert due(files, timedelta(days=days), days) == files


def test_while_a_vault_is_served_the_round_goes_on_beside_the_pages(vault, monkeypatch, capsys):
    from corroborate_node.core import serving
    from corroborate_node.core.rooms import rooms
    from corroborate_node.log import fixity
    from corroborate_node.log.models import FixityRound

    monkeypatch.setattr(fixity, "PAUSE", 0.01)

    async def some_time():
        (work,) = (work for room in rooms() for work in room.background if work.run is fixity.run)
        task = asyncio.create_task(serving._beside(work, vault, 7))
        for _ in range(500):
            await asyncio.sleep(0.02)
            if await asyncio.to_thread(_rounds):
                break
        # A disk that is full for a while does not end it.
        monkeypatch.setattr(fixity, "tick", _full)
        await asyncio.sleep(0.1)
        assert not task.done()
        task.cancel()

    def _rounds():
        from django.db import connection

        try:
            return FixityRound.objects.count()
        finally:
            connection.close()

    def _full(*_):
        raise StorageFull("no room")

    asyncio.run(some_time())
    assert "waits a minute: no room" in capsys.readouterr().err
    assert FixityRound.objects.count() == 1
