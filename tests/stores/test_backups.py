"""A backup of a vault whose files lie in a bucket holds them, and what is restored has nothing in common with it."""

import shutil

import pytest
from tests.stores.conftest import PASSPHRASE, checked, sources

from corroborate_node import api
from corroborate_node.records.models import KeptFile


@pytest.fixture
def folder(folder, ran, interview, bucket, server):
    ran("move", "--sealed", f"s3://{bucket}?endpoint={server.endpoint}", "--vault", folder)
    for one in ("one", "two"):
        ran(*interview(one), "--vault", folder)
    return folder


def lengths(folder):
    with api.open_vault(folder, PASSPHRASE) as vault:
        return {row.name: sum(map(len, vault.files.get(row.address))) for row in KeptFile.objects.exclude(address="")}


@pytest.mark.parametrize("target", ["backups", "one.backup"])
def test_it_comes_back_with_its_files_in_its_folder_and_reaches_no_bucket(
    folder, ran, server, bucket, tmp_path, target
):
    before = lengths(folder)
    assert len(before) == len(server.objects(bucket)) == 2
    ran("backup", tmp_path / target, "--vault", folder)
    shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "marks")
    ran("restore", tmp_path / target, folder)
    assert lengths(folder) == before
    assert "sealed store" not in checked(ran, folder)
    assert not (folder / "keys" / "sealed.json").exists()
    ran("withdraw", sources(ran, folder)["Interview one"], "--vault", folder)
    assert len(lengths(folder)) == 1
    assert len(server.objects(bucket)) == 2  # of the vault that is lost; its keeper erases them there


def test_while_the_store_is_away_no_backup_is_called_good(folder, ran, bucket, road, tmp_path, interview):
    ran("move", "--sealed", f"s3://{bucket}?endpoint={road.endpoint}", "--vault", folder)
    road.close()
    assert "does not answer" in ran("backup", tmp_path / "one.backup", "--vault", folder, code=1)
    assert not (tmp_path / "one.backup").exists()
    road.open()
    ran("backup", tmp_path / "one.backup", "--vault", folder)
