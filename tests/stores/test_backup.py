"""A vault whose sealed files lie in a bucket is backed up with them, and comes back in a folder."""

import json

from tests.stores.conftest import PASSPHRASE

from corroborate_node import api
from corroborate_node.log import fixity


def contents(folder):
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert fixity.wrong_with(vault) == []
        return sorted(b"".join(vault.files.get(one)) for one in vault.files.addresses())


def test_what_lies_in_a_bucket_is_in_the_backup_and_comes_back_without_the_bucket(
    folder, ran, interview, server, bucket, tmp_path, monkeypatch, key
):
    for name, value in key.items():
        monkeypatch.setenv(name, value)
    ran(*interview("one"), "--vault", folder)
    ran("move", "--sealed", f"s3://{bucket}/kept?endpoint={server.endpoint}", "--vault", folder)
    ran("move", "--erase", "--vault", folder)
    before = contents(folder)
    assert len(before) == 1
    for target in ("backups", "one.backup"):
        made = json.loads(ran("backup", tmp_path / target, "--vault", folder, "--json"))
        assert made["sealed_files"] == 1
    for name in key:
        monkeypatch.delenv(name)
    for target, new in (("backups", "new"), ("one.backup", "newer")):
        ran("restore", tmp_path / target, tmp_path / new)
        assert contents(tmp_path / new) == before
        assert not (tmp_path / new / "keys" / "sealed.json").exists()
