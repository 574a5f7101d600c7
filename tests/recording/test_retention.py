"""A period for which a source is kept: once it is over, nothing of it leaves until it is asked again or erased."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api

ENTRY = """
source: {title: Interview 51}
consent: {own: hold; count; link, public: count; quote}
people: [{names: 김뷔가, speaks: yes}]
acts: [{what: 고문, whom: 김뷔가, when: 1998, where: 회령}]
"""


@pytest.fixture
def source(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    return json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))["source"]


def made(vault):
    asked = ("release", "make", "--audience", "public", "--no-names", "--vault", vault, "--yes", "--json")
    return json.loads(ran(*asked))["release"]


def goes(vault):
    shown = json.loads(ran("release", "show", made(vault), "--vault", vault, "--json"))
    return shown["goes"]


def let_pass(vault, days=2):
    """Days pass: those that were set lie so many days further back."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.deadlines.models import Deadline

        for row in Deadline.objects.filter(kind="retention"):
            Deadline.objects.filter(id=row.id).update(on=datetime.now(UTC).date() - timedelta(days=days))


@pytest.mark.parametrize("then", ["ask", "erase"])
def test_a_period_that_is_over_stops_releases_until_it_is_asked_again(vault, source, entered, tmp_path, then):
    before = made(vault)
    ran("log", "checkpoint", "--vault", vault)
    assert goes(vault)
    day = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    ran("deadlines", source, "--keep-until", then, "--on", day, "--vault", vault)
    shown = json.loads(ran("release", "show", made(vault), "--vault", vault, "--json"))
    assert shown["goes"]
    assert shown["until"] == day  # its receiver is told how long it may be used
    let_pass(vault)
    assert goes(vault) == []
    assert "may no longer go" in ran("pack", tmp_path / "package", "--release", before, "--vault", vault, code=1)
    assert not (tmp_path / "package").exists()
    with api.open_vault(vault, WORDS):
        from corroborate_node.deadlines.models import Deadline
        from corroborate_node.records.models import Claim

        browser = entered("hana")
        assert "밖으로 나가는 것이 멈췄습니다" in browser.get("/").content.decode()
        row = Deadline.objects.get()
        page = f"/sources/{source}/deadlines"
        assert browser.post(page, {"act": "not-kept", "deadline": row.id, "how": "not found"}).status_code == 400
        assert browser.post(page, {"act": "kept", "deadline": row.id, "how": "그가 허락함"}).status_code == 302
        assert Claim.objects.exclude(value=None).exists()
    assert goes(vault)


def test_a_period_of_a_list_holds_for_its_rows(vault, tmp_path):
    (tmp_path / "l.csv").write_text(
        "성명,출생,침해유형,동의\n김뷔가,1961,고문,공개\n박뷔나,1970,고문,공개\n", encoding="utf-8"
    )
    ran("import", tmp_path / "l.csv", "--vault", vault)
    with api.open_vault(vault, WORDS):
        from corroborate_node.deadlines import actions
        from corroborate_node.records import queries
        from corroborate_node.records.models import Source

        whole = Source.objects.get(kind="list").id
        rows = set(Source.objects.filter(part_of=whole).values_list("id", flat=True))
        assert len(rows) == 2
    day = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    ran("deadlines", whole, "--keep-until", "ask", "--on", day, "--vault", vault)
    with api.open_vault(vault, WORDS):
        ends = {one.source: one.ends.isoformat() for one in actions.while_kept(queries.consents())}
        assert {ends[one] for one in rows if one in ends} <= {day}
        assert rows & set(ends)
        assert set(actions.kept_until()) == {whole, *rows}
    let_pass(vault)
    with api.open_vault(vault, WORDS):
        assert set(actions.over(datetime.now(UTC).date()).values_list("id", flat=True)) == {whole, *rows}
