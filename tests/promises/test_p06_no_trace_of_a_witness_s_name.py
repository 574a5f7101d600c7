"""Promise 6: once a witness has withdrawn, no table of the vault holds their name: not what was searched, seen or let
out, nor what a release, a pair or an estimate was called after."""

import csv
import unicodedata
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.promises.test_p02_from_the_list_to_the_bytes import PASSPHRASE, ran, through_the_door
from tests.releasing import FIRST, desks

from corroborate_node import api
from corroborate_node.records import queries as records_queries

WITNESS, PERSON = "이증언뷁", "김뷔가뷁"
ROWS = [
    ["성명", "성별", "혐의", "증언자", "비고", "공개여부"],
    [PERSON, "남", "고문", WITNESS, f"{WITNESS}이 보았다고 함", "공개동의"],
    ["박뷔나", "여", "고문", "한목격", "", "공개동의"],
]


def _held(needle: str) -> list[tuple[str, str]]:
    """(table, column) of everything in the open vault's database in which a text stands, in any writing."""
    from django.db import connection

    wanted = {unicodedata.normalize(form, needle) for form in ("NFC", "NFD")}
    wanted |= {one.encode("ascii", "backslashreplace").decode() for one in wanted}
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            heads = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for head, cell in zip(heads, row, strict=True):
                    raw = bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
                    if any(one in raw for one in wanted):
                        found.append((table, head))
    return found


@pytest.mark.in_a_file  # on PostgreSQL no table holds it before either
def test_no_table_holds_the_name_of_a_witness_who_withdrew(tmp_path, found_in):
    vault = tmp_path / "vault"
    with (tmp_path / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(ROWS)
    ran("new", vault, "--name", "Member")
    ran("import", tmp_path / "list.csv", "--vault", vault)
    ran("log", "checkpoint", "--vault", vault)
    number = through_the_door(vault, "--audience", "named body", "--body", "OHCHR")
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    with api.open_vault(vault, PASSPHRASE) as opened:
        source = next(one.id for one in records_queries.sources().values() if one.title == WITNESS)
        desks(opened, datetime.now(UTC).replace(microsecond=0))
        client = Client(HTTP_HOST="127.0.0.1")
        assert client.login(username=FIRST[0], password=FIRST[1])
        for address in (f"/persons?q={WITNESS}", f"/persons?q={PERSON}", f"/sources/{source}", f"/releases/{number}"):
            assert client.get(address).status_code == 200
        assert _held(WITNESS)  # the search is no empty one
        assert _held(PERSON)
    ran("withdraw", source, "--vault", vault)
    with api.open_vault(vault, PASSPHRASE) as opened:
        assert _held(WITNESS) == []
        assert _held(PERSON) == []
        for one in ("/journal", "/releases", f"/sources/{source}", f"/custody/{source}", "/persons"):
            client = Client(HTTP_HOST="127.0.0.1")
            assert client.login(username=FIRST[0], password=FIRST[1])
            assert WITNESS not in client.get(one).content.decode()
    assert found_in(vault, WITNESS) == []
    ran("release", "recall", number, "--out", tmp_path / "notes", "--vault", vault)
    assert found_in(tmp_path / "notes", WITNESS) == []
