"""Where sources differ, one is preferred by a judgement with its why; the others stay, and it can be taken back."""

import json

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api

ENTRY = """
source: {{title: Interview {0}}}
consent: {{own: hold}}
people: [{{names: 김뷔가, birth: "{1}", known: {2}}}]
acts: [{{what: 고문, whom: 김뷔가}}]
"""


@pytest.fixture
def differing(vault, tmp_path):
    """Two interviews that differ in when somebody was born; her id and the two claims."""
    (tmp_path / "a.yaml").write_text(ENTRY.format(1, 1961, ""), encoding="utf-8")
    first = json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))
    person = first["new"]["people 1"]
    (tmp_path / "b.yaml").write_text(ENTRY.format(2, 1963, person), encoding="utf-8")
    ran("interview", tmp_path / "b.yaml", "--vault", vault)
    told = json.loads(ran("show", person, "--vault", vault, "--json"))["claims"]
    return person, [one["id"] for one in told if one["property"] == "birth_date"]


def test_a_preference_is_sealed_shown_with_its_why_and_taken_back(vault, differing, entered):
    person, (old, new) = differing
    assert "why" in ran("prefer", new, "--because", " ", "--vault", vault, code=1)
    ran("prefer", new, "--because", "그의 호적에 있음", "--vault", vault)
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        page = browser.get(f"/persons/{person}").content.decode()
        assert "그의 호적에 있음" in page
        assert "1961" in page
        assert f"/claims/{old}/prefer" in page
        done = browser.post(f"/claims/{old}/prefer", {"act": "prefer", "because": "면담에서 두 번 말함"})
        assert done.status_code == 302
        page = browser.get(f"/persons/{person}").content.decode()
        assert "그의 호적에 있음" not in page
        assert "면담에서 두 번 말함" in page
        assert browser.post(f"/claims/{old}/prefer", {"act": "prefer", "because": ""}).status_code == 400
        assert browser.post(f"/claims/{old}/prefer", {"act": "undo"}).status_code == 302
        assert "면담에서 두 번 말함" not in browser.get(f"/persons/{person}").content.decode()
        assert entered("set").get(f"/claims/{old}/prefer").status_code == 403
        from corroborate_node.log.models import LogEntry
        from corroborate_node.records.models import Preference

        assert LogEntry.objects.filter(kind="preference").count() == 3
        assert Preference.objects.filter(taken_back=None).count() == 0


def test_nothing_is_preferred_where_nothing_differs(vault, differing):
    _, (old, _) = differing
    told = json.loads(ran("show", differing[0], "--vault", vault, "--json"))["claims"]
    same = next(one["id"] for one in told if one["property"] == "name")
    assert "nothing to choose between" in ran("prefer", same, "--because", "x", "--vault", vault, code=1)
    assert "not preferred" in ran("prefer", old, "--undo", "--vault", vault, code=1)
