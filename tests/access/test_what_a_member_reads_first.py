"""What a member sees of a grant before anybody outside does: people by their names, and what stands in the way."""

import re

import pytest
from django.conf import settings
from tests.access import world
from tests.access.world import BODY, PASSPHRASE, as_member, ran

from corroborate_node import api

ENTRY = f"""
source: {{title: Interview 7}}
consent: {{own: hold, named body: count; quote; name, body: {BODY}, whose: 정뷰라뷁, right: self}}
people: [{{names: 정뷰라뷁, speaks: yes}}]
acts: [{{what: 구금, whom: 정뷰라뷁, when: 1998, basis: saw}}]
"""


@pytest.fixture
def opened(tmp_path):
    vault = world.made(tmp_path)
    (tmp_path / "entry.yaml").write_text(ENTRY, encoding="utf-8")
    ran("interview", tmp_path / "entry.yaml", "--vault", vault)
    with api.open_vault(vault, PASSPHRASE) as found:
        yield found


def test_who_told_it_stands_by_name_and_by_no_id(opened):
    number = world.granted(opened, confirmed=False)
    page = as_member().get(f"/grants/{number}").content.decode()
    assert "정뷰라뷁" in page
    assert re.findall(r"person_[0-9a-f]{8,}", re.sub("<[^>]*>", "", page)) == []


def test_a_link_that_opens_on_this_machine_alone_says_so(opened, monkeypatch):
    number = world.granted(opened)
    page = as_member().post(f"/grants/{number}/link").content.decode()
    assert 'id="here-alone"' in page
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["vault.example.org"])
    page = as_member().post(f"/grants/{number}/link", HTTP_HOST="vault.example.org").content.decode()
    assert "http://vault.example.org/access/open/" in page
    assert 'id="here-alone"' not in page
