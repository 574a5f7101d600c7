"""A vault whose sealed files lie in a bucket, by commands: what leaves it, what is erased, what happens without it."""

import pytest
from tests.stores.conftest import NEEDLE, PASSPHRASE, checked, sources

from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import documents
from corroborate_node.records.models import KeptFile


@pytest.fixture
def folder(folder, bucket, road, ran):
    """A vault with nothing in it, whose bucket is reached by a way that can be closed."""
    ran("move", "--sealed", f"s3://{bucket}/of members?endpoint={road.endpoint}", "--vault", folder)
    return folder


def kept(folder, at):
    """What each kept file holds, by its name."""
    with api.open_vault(folder, PASSPHRASE) as vault:
        rows = KeptFile.objects.exclude(address="").order_by("name")
        return {row.name: b"".join(documents.content(owner(vault, at), row.id)) for row in rows}


@pytest.fixture
def at():
    from corroborate_cli.vaults import now

    return now()


def test_files_come_back_and_neither_the_bucket_nor_the_folder_tells_anything(
    folder, ran, interview, server, bucket, road, key, found_in, tmp_path, at
):
    ran(*interview("one"), "--vault", folder)
    ran(*interview("two", size=20_000_000), "--vault", folder)
    ran(*interview("two", size=20_000_000), "--vault", folder)  # the same content again is no second file
    assert sorted(kept(folder, at)) == ["one.txt", "two.txt"]
    assert kept(folder, at)["one.txt"].startswith(b"one: " + NEEDLE.encode())
    assert len(kept(folder, at)["two.txt"]) == 19_000_000
    objects = server.objects(bucket)
    assert len(objects) == 2
    for number, (name, content) in enumerate(objects.items()):
        assert name.startswith("of members/corroborate_")
        (tmp_path / "bucket").mkdir(exist_ok=True)
        (tmp_path / "bucket" / f"{number}").write_bytes(name.encode() + content)
    for needle in (NEEDLE, "Aster", "one.txt", "Interview one", "Member\n"):
        assert found_in(tmp_path / "bucket", needle) == []
    for needle in (bucket, road.endpoint, *key.values(), NEEDLE):
        assert found_in(folder, needle) == []
    assert list((folder / "sealed").rglob("*")) == []
    found = checked(ran, folder)
    assert found["sealed store"] == [("good", f"bucket {bucket} at 127.0.0.1:{road.port} answers")]
    assert found["sealed files"] == [("good", "2 files open and are whole")]


def test_it_opens_later_without_any_key_in_the_environment(folder, ran, interview):
    ran(*interview("one"), "--vault", folder)
    wrong = {"AWS_ACCESS_KEY_ID": "of another program", "AWS_SECRET_ACCESS_KEY": "x", "AWS_PROFILE": "nowhere"}
    ran("doctor", "--vault", folder, env=wrong)


def test_a_new_vault_has_its_files_there_and_a_withdrawal_erases_every_version(tmp_path, server, ran, interview):
    name = server.bucket("withdrawn-from", versions=True)
    ran("new", tmp_path / "vault", "--name", "Member", "--sealed", f"s3://{name}?endpoint={server.endpoint}")
    assert server.objects(name) == {}
    for one in ("one", "two"):
        ran(*interview(one), "--vault", tmp_path / "vault")
    assert len(server.objects(name)) == 2
    ran("withdraw", sources(ran, tmp_path / "vault")["Interview one"], "--vault", tmp_path / "vault")
    assert len(server.objects(name)) == 1
    assert checked(ran, tmp_path / "vault")["sealed files"] == [("good", "1 file opens and is whole")]


def test_while_the_store_is_away_nothing_is_half_taken_in_and_what_is_known_is_shown(
    folder, ran, interview, road, server, bucket
):
    ran(*interview("one"), "--vault", folder)
    road.close()
    said = ran(*interview("two"), "--vault", folder, code=1)
    assert f"Error: the store of sealed files at 127.0.0.1:{road.port} does not answer" in said
    assert "nothing was half taken in" in said
    assert sorted(sources(ran, folder)) == ["Interview one"]
    found = checked(ran, folder, code=1)
    assert [state for state, _ in found["sealed store"]] == ["wrong"]
    assert "does not answer" in found["sealed store"][0][1]
    assert "sealed files" not in found  # nothing is said about what could not be looked at
    road.open()
    ran(*interview("two"), "--vault", folder)
    assert len(server.objects(bucket)) == 2
    checked(ran, folder)


def test_what_is_withdrawn_meanwhile_is_erased_as_soon_as_it_answers(folder, ran, interview, road, server, bucket):
    for one in ("one", "two"):
        ran(*interview(one), "--vault", folder)
    withdrawn = sources(ran, folder)["Interview one"]
    road.close()
    said = ran("withdraw", withdrawn, "--vault", folder)
    assert "1 sealed file that is to be erased still lies at the store" in said
    assert len(server.objects(bucket)) == 2
    assert ("wrong", "1 file that is to be erased lies there still") in checked(ran, folder, 1)["sealed store"]
    road.open()
    said = ran("journal", "--vault", folder)
    assert "still lie" not in said
    assert len(server.objects(bucket)) == 1
    checked(ran, folder)


def test_an_interview_that_cannot_be_recorded_leaves_no_file_there(folder, ran, interview, server, bucket, road, at):
    words = interview("one")
    refused = words[1].read_text(encoding="utf-8") + "held:\n  - {who: 이가상, from: never}\n"
    words[1].write_text(refused, encoding="utf-8")
    ran(*words, "--vault", folder, code=1)
    assert server.objects(bucket) == {}
    words = interview("two", size=20_000_000)
    road.questions = 12_000_000
    road.still.clear()
    ran(*words, "--vault", folder)  # broken off once, and put again
    assert len(server.objects(bucket)) == 1
    assert server.unfinished(bucket) == []


def test_what_a_crash_left_half_sent_is_erased(folder, ran, begun, interview, server, bucket, road):
    road.questions = None
    child = begun(*interview("one", size=40_000_000), "--vault", folder)
    for _ in range(3000):
        if server.unfinished(bucket):
            break
        assert child.poll() is None, child.communicate()
    child.kill()
    child.wait()
    assert server.objects(bucket) == {}
    assert "1 half-sent files of a crash were erased there" in checked(ran, folder)["sealed store"][0][1]
    assert server.unfinished(bucket) == []
    assert sources(ran, folder) == {}
    ran(*interview("one"), "--vault", folder)


def test_a_file_that_was_changed_in_the_bucket_is_told_and_one_that_is_gone(folder, ran, interview, server, bucket):
    ran(*interview("one"), "--vault", folder)
    name = next(iter(server.objects(bucket))).partition("@")[0]
    content = bytearray(next(iter(server.objects(bucket).values())))
    content[-70_000] ^= 1
    server.reader.put_object(Bucket=bucket, Key=name, Body=bytes(content))
    assert "was changed or cut" in checked(ran, folder, 1)["sealed files"][0][1]
    server.reader.delete_object(Bucket=bucket, Key=name)
    assert checked(ran, folder, 1)["sealed files"][0][1].startswith("1 file is gone")


@pytest.mark.parametrize(
    ("address", "env", "words"),
    [
        ("s3://not-there?endpoint={endpoint}", {}, "has no bucket not-there"),
        ("s3://{bucket}?endpoint={endpoint}", {"AWS_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch"),
        ("s3://{bucket}?endpoint={endpoint}", {"AWS_ACCESS_KEY_ID": "wrong"}, "InvalidAccessKeyId"),
        ("s3://{bucket}?endpoint=http://127.0.0.1:9", {}, "does not answer"),
        ("s3://{bucket}?endpoint=http://example.org", {}, "nobody reads along"),
        ("{bucket}", {}, "no address of a bucket"),
    ],
)
def test_what_cannot_be_is_said_and_no_vault_is_made(tmp_path, ran, server, bucket, address, env, words):
    where = address.format(bucket=bucket, endpoint=server.endpoint)
    said = ran("new", tmp_path / "vault", "--name", "Member", "--sealed", where, env=env, code=1)
    assert words in said
    assert list(tmp_path.iterdir()) == []
    assert server.objects(bucket) == {}


def test_without_a_key_in_the_environment_it_is_said_which_are_needed(tmp_path, ran, bucket, key):
    said = ran(
        "new", tmp_path / "vault", "--name", "Member", "--sealed", f"s3://{bucket}", env=dict.fromkeys(key, ""), code=1
    )
    assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in said


def test_the_checks_beside_the_pages_wait_for_the_store_and_raise_no_alarm(folder, ran, interview, road, at):
    from datetime import timedelta

    from corroborate.errors import StoreAway
    from corroborate_node.log import fixity
    from corroborate_node.log.models import Alarm

    ran(*interview("one"), "--vault", folder)
    with api.open_vault(folder, PASSPHRASE) as vault:
        fixity.tick(vault, at)
        road.close()
        with pytest.raises(StoreAway):
            fixity.tick(vault, at + timedelta(days=7))
        assert Alarm.objects.count() == 0
        road.open()
        assert fixity.tick(vault, at + timedelta(days=7)) == "finished"
        assert Alarm.objects.count() == 0
