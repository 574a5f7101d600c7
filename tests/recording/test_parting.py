"""People judged one by mistake are parted, on a page and by command; every claim stays with whom it was said of."""

import itertools
import json

import pytest
from tests.importing.commanding import WORDS
from tests.importing.commanding import ran as told_by

from corroborate_node import api

LIST = "성명,출생,침해유형\n김뷔가,1961,고문\n김뷔가,1962,구타\n김뷔가,1963,고문\n"


def merged(vault, tmp_path):
    """Three people who are judged one, in a row: the first with the second, the second with the third."""
    (tmp_path / "l.csv").write_text(LIST, encoding="utf-8")
    told_by("import", tmp_path / "l.csv", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        from datetime import UTC, datetime

        from corroborate.records import Judgement
        from corroborate_node.core.desk import owner
        from corroborate_node.records import actions
        from corroborate_node.records.models import Claim, Entity

        people = sorted(Entity.objects.filter(kind="person").values_list("id", flat=True))
        at = datetime.now(UTC).replace(microsecond=0)
        pairs = itertools.pairwise(people)
        actions.judge(
            owner(opened, at),
            [
                Judgement(f"jud_{number:032x}", *pair, "same", "keeper", "one name", at)
                for number, pair in enumerate(pairs, 1)
            ],
        )
        return people, sorted(Claim.objects.values_list("id", "subject_id"))


def clusters(vault):
    with api.open_vault(vault, WORDS):
        from corroborate.records import Clusters
        from corroborate_node.records import queries
        from corroborate_node.records.models import Claim

        people = [one.id for one in queries.entities() if one.kind == "person"]
        made = Clusters.of(people, queries.judgements()).members
        return {frozenset(one) for one in made}, sorted(Claim.objects.values_list("id", "subject_id"))


def test_by_command_some_are_parted_and_nothing_that_was_said_moves(vault, tmp_path):
    people, claims = merged(vault, tmp_path)
    asked = (
        "review",
        "part",
        people[0],
        "--other",
        people[2],
        "--by",
        "keeper",
        "--why",
        "two births",
        "--vault",
        vault,
    )
    done = json.loads(told_by(*asked, "--json"))
    assert done["others"] == [people[2]]
    assert len(done["taken_back"]) == 1
    assert clusters(vault) == ({frozenset(people[:2]), frozenset(people[2:])}, claims)
    assert "is not judged the same" in told_by(*asked, code=1)
    assert "wrong" not in told_by("doctor", "--vault", vault)


def test_on_the_page_each_stands_with_what_is_said_of_it_and_the_reason_is_kept(vault, tmp_path, entered, account):
    people, claims = merged(vault, tmp_path)
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "reviewer", "a documenter's own passphrase", "coordinator")
        browser, reader = entered("reviewer"), entered("set")
        link = browser.get(f"/persons/{people[0]}").content.decode()
        assert f'href="/review/part/{people[0]}"' in link
        page = browser.get(f"/review/part/{people[0]}").content.decode()
        for words in ("1961", "1962", "1963", people[2][-6:]):
            assert words in page, words
        address = f"/review/part/{people[0]}"
        assert browser.post(address, {"act": "part", "others": people[1]}).status_code == 400  # why?
        assert reader.post(address, {"act": "part", "others": people[1], "why": "x"}).status_code == 403
        done = browser.post(address, {"act": "part", "others": people[1:], "why": "생년이 다르다뷁"})
        assert done.status_code == 200
        assert "생년이 다르다뷁" in browser.get("/review/history").content.decode()
    made, after = clusters(vault)
    assert frozenset(people[:1]) in made
    assert after == claims


@pytest.mark.parametrize("wrong", ["person_0", "act_0"])
def test_who_is_joined_to_nobody_is_refused(vault, tmp_path, wrong):
    merged(vault, tmp_path)
    asked = ("review", "part", wrong, "--by", "keeper", "--why", "x", "--vault", vault)
    assert "is not judged the same" in told_by(*asked, code=1)
