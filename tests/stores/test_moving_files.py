"""The sealed files of a vault move to a bucket and back: all of them, opened there, or none; also when it is killed."""

import json
import random
import time

import pytest
from tests.stores.conftest import PASSPHRASE, checked, sources

from corroborate_node import api
from corroborate_node.log import keeping
from corroborate_node.log import queries as log_queries
from corroborate_node.records.models import KeptFile


@pytest.fixture
def filled(folder, ran, interview):
    for one in ("one", "two", "three"):
        ran(*interview(one), "--vault", folder)
    return folder


@pytest.fixture
def address(server, bucket):
    return f"s3://{bucket}/kept?endpoint={server.endpoint}"


def told(folder):
    """Every kept file's content, as its digest says it, and the root of the log."""
    with api.open_vault(folder, PASSPHRASE) as vault:
        rows = KeptFile.objects.exclude(address="").order_by("id")
        contents = {row.digest: sum(map(len, vault.files.get(row.address))) for row in rows}
        return contents, log_queries.whole_tree().root()


def copies(folder):
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_cli.vaults import now
        from corroborate_node.core.desk import owner

        return [one.place for one in keeping.backups(owner(vault, now())) if one.gone is None]


def test_they_move_there_and_back_and_what_is_left_is_said_and_erased(filled, ran, address, server, bucket):
    before = told(filled)
    said = json.loads(ran("move", "--sealed", address, "--vault", filled, "--json"))
    assert said == {"files": 3, "left": "folder"}
    assert told(filled) == before
    assert len(server.objects(bucket)) == 3
    assert "where no withdrawal reaches them" in checked(ran, filled)["earlier files"][0][1]
    assert copies(filled)[0].endswith(": folder")
    assert "in the vault's folder are erased" in ran("move", "--erase", "--vault", filled)
    assert [one for one in (filled / "sealed").rglob("*") if one.is_file()] == []
    assert copies(filled) == []
    assert "earlier files" not in checked(ran, filled)

    ran("withdraw", sources(ran, filled)["Interview one"], "--vault", filled)
    after = told(filled)
    assert len(after[0]) == 2
    assert "2 sealed files were copied" in ran("move", "--sealed-to-folder", "--vault", filled)
    assert told(filled) == after
    ran("withdraw", sources(ran, filled)["Interview two"], "--vault", filled)
    assert len(server.objects(bucket)) == 2  # left there until it is said
    ran("move", "--sealed", address, "--vault", filled)  # again: what was withdrawn meanwhile is not taken up
    assert len(server.objects(bucket)) == 1
    ran("move", "--erase", "--vault", filled)
    ran("move", "--sealed-to-folder", "--vault", filled)
    ran("move", "--erase", "--vault", filled)
    assert server.objects(bucket) == {}
    assert not (filled / "keys" / "sealed.json").exists()
    assert "nothing of an earlier move" in ran("move", "--erase", "--vault", filled, code=1)
    checked(ran, filled)


def test_a_store_that_goes_away_in_between_leaves_the_vault_where_it_was(filled, ran, road, server, bucket):
    before = told(filled)
    road.questions = 300_000
    road.still.clear()
    far = f"s3://{bucket}?endpoint={road.endpoint}"
    ran("move", "--sealed", far, "--vault", filled)
    ran("move", "--erase", "--vault", filled)
    road.close()
    assert "does not answer" in ran("move", "--sealed-to-folder", "--vault", filled, code=1)
    road.open()
    assert told(filled) == before
    road.close()
    other = server.bucket("bucket-other")
    said = ran("move", "--sealed", f"s3://{other}?endpoint={server.endpoint}", "--vault", filled, code=1)
    assert "in another bucket" in said


def test_another_key_is_kept_for_the_bucket_once_it_is_proved(filled, ran, address, server, bucket):
    old, new = server.key(f"old of {bucket}"), server.key(f"new of {bucket}")
    ran("move", "--sealed", address, "--vault", filled, env=old)
    server.accounts.delete_access_key(UserName=f"old of {bucket}", AccessKeyId=old["AWS_ACCESS_KEY_ID"])
    assert "InvalidAccessKeyId" in checked(ran, filled, 1)["sealed store"][0][1]
    assert "InvalidAccessKeyId" in ran("move", "--sealed", address, "--vault", filled, env=old, code=1)
    assert "keeps this key" in ran("move", "--sealed", address, "--vault", filled, env=new)
    checked(ran, filled)


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.long)])
def test_killed_at_any_moment_the_vault_is_whole_and_the_next_try_goes_on(
    filled, ran, begun, road, server, bucket, rounds
):
    before, chance, cut = told(filled), random.Random(15), 0
    address = f"s3://{bucket}?endpoint={road.endpoint}"
    for _ in range(rounds):
        child = begun("move", "--sealed", address, "--vault", filled)
        road.asked.clear()
        assert road.asked.wait(60), child.communicate()  # it speaks with the store now
        time.sleep(0.4 * chance.random())
        child.kill()
        child.communicate()
        cut += not in_bucket(filled)
        checked(ran, filled)  # every file opens, wherever the vault has it
        if in_bucket(filled):
            ran("move", "--sealed-to-folder", "--vault", filled)
            ran("move", "--erase", "--vault", filled)
    assert cut
    ran("move", "--sealed", address, "--vault", filled)
    ran("move", "--erase", "--vault", filled)
    assert told(filled) == before
    left = server.objects(bucket)
    proofs = {name for name in left if "/proof-" in name}  # of a try that was killed before it took its proof away
    assert all(left[one].decode() == one.partition("/")[2].partition("@")[0] for one in proofs), "and tells nothing"
    assert len(left) - len(proofs) == 3
    assert server.unfinished(bucket) == []


def in_bucket(folder):
    return 'sealed = "s3"' in (folder / "corroborate.toml").read_text(encoding="utf-8")
