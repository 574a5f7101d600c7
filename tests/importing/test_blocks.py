"""A list that is longer than what is stored at once: all of it goes in, or nothing, and its import is one."""

import json
from pathlib import Path

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.records import models
from corroborate_node.records.batches import ROWS

LONG = ROWS + 20


def written(path: Path, rows: int, changed: int = 0) -> Path:
    """Rows, of which the first so many say another place. Every one goes back to the same witness."""
    lines = [f"N-{n},Han Byol {n},M,{'Hoeryong' if n < changed else 'Musan'},tortured,Kim Chol-su" for n in range(rows)]
    path.write_text("\n".join(["ID,Name,Sex,From,Violation,Witness", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def vault(tmp_path) -> Path:
    ran("new", tmp_path / "vault", "--name", "An archive")
    return tmp_path / "vault"


def counted(vault: Path) -> tuple[int, int, int]:
    """Sources that stand, claims that have words, sources that came with an import; the log and all else is whole."""
    with api.open_vault(vault, WORDS) as opened:
        assert [check for check in fixity.everything(opened) if check.state == "wrong"] == []
        return (
            models.Source.objects.filter(withdrawn=None).count(),
            models.Claim.objects.exclude(value=None).count(),
            models.Imported.objects.count(),
        )


def test_a_long_list_is_one_import_and_is_undone_as_one(vault, tmp_path):
    path = written(tmp_path / "long.csv", LONG)
    done = json.loads(ran("import", path, "--vault", vault, "--json"))
    assert done["again"] == {"rows": LONG, "new": LONG, "changed": 0, "same": 0, "withdrawn": 0}
    sources, claims, came = counted(vault)
    assert sources == came == LONG + 2  # the list, and the one witness of all blocks
    assert claims == done["claims"]
    again = json.loads(ran("import", written(path, LONG + 5, 3), "--vault", vault, "--json"))
    assert (again["again"]["new"], again["again"]["changed"], again["again"]["same"]) == (5, 3, LONG - 3)
    assert counted(vault)[0] == LONG + 2 + 5 + 3
    for number in (again["import"], done["import"]):
        ran("imports", "undo", number, "--vault", vault)
    assert counted(vault)[:2] == (0, 0)
