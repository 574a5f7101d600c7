"""Who saw something and whom it happened to stay two people, on the page and by command; what is no act is said."""

import json

from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import SENT, begun, recorded

from corroborate_node import api

FILE = """\
source: {{kind: witness, title: Interview 12}}
consent: {{own: hold; link; count}}
acts:
  - {{what: 강제송환, whom: 도가상, when: 2003-02, where: 투먼, basis: saw{more}}}
  - {{what: 처형, whom: 마가상, stance: threatened}}
"""


def written(tmp_path, more=""):
    file = tmp_path / "interview.yaml"
    file.write_text(FILE.format(more=more), encoding="utf-8")
    return file


def test_a_choice_that_can_be_misread_is_refused_by_command_and_says_what_to_write(vault, tmp_path):
    refused = ran("interview", written(tmp_path, ", stance: seen"), "--check", "--vault", vault, code=1)
    assert "Was it done? (stance)" in refused
    assert "under “Who else saw it or was there”" in refused


def test_check_says_how_many_acts_are_made_and_what_is_none(vault, tmp_path):
    said = ran("interview", written(tmp_path), "--check", "--vault", vault)
    assert "acts that were done: 1" in said
    assert "people threatened, of which no act is made: 1" in said
    assert "No act is made of this. It is told of 마가상" in said
    told = json.loads(ran("interview", written(tmp_path), "--check", "--vault", vault, "--json").splitlines()[-1])
    assert told["would_record"] == {"person": 2, "act": 1, "denied": 0, "threat": 1}


def test_an_act_that_was_seen_stands_on_the_victims_page_at_its_own_place_with_its_witness(vault, entered):
    sent = {
        **SENT, "acts-1-what": "강제송환", "acts-1-whom": "도뷔마", "acts-1-when": "2003-02", "acts-1-where": "투먼",
        "acts-1-basis": "saw", "acts-1-witnesses": "서뷔바", "acts-1-stance": "for",
    }  # fmt: skip
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        form = browser.get(address).content.decode()
        assert 'value="seen"' not in form
        looked = browser.post(address, {**sent, "version": "1", "act": "look"}).content.decode()
        assert "있었던 행위: 2" in looked
        recorded(browser, address, sent)
        from corroborate_node.records.models import Claim

        assert not Claim.objects.filter(property__in=("witnessed", "origin")).exists()
        act = Claim.objects.get(property="place", value__text="투먼").subject_id
        victim = Claim.objects.get(subject_id=act, property="victim").target
        page = browser.get(f"/persons/{victim}").content.decode()
        assert "도뷔마" in page
        assert f"/acts/{act}" in page
        witness = Claim.objects.get(property="name", value__text="서뷔바").subject_id
        assert witness.startswith("party_")
