"""What a second person reads is what is sealed: of which source, in which case, by which words; and what is tried."""

import json
import re
from datetime import timedelta

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.conftest import OWN, _now
from tests.recording.test_pages import SENT, begun, recorded, token
from tests.recording.test_second_reading import did, looked, submitted, texts

from corroborate_node import api

TYPED = {"people": [{"names": "최뷔바", "known": "new"}], "acts": [{"what": "고문", "whom": "최뷔바"}]}


def named(letter, sent=SENT):
    """The same entry of other people."""
    return {
        name: [one.replace("뷔", letter) for one in value] if isinstance(value, list) else value.replace("뷔", letter)
        for name, value in {**sent, "people-0-names": sent["people-0-names"].partition(";")[0]}.items()
    }


def handed(browser, address, sent, act):
    """Look over, then do something with what was looked over; the answer."""
    first = browser.post(address, {**sent, "version": token(browser.get(address), "version"), "act": "look"})
    found = dict(re.findall(r'<input type="text" name="(people-\d+-names)" value="([^"]+)"', texts(first)))
    return browser.post(
        address, {**sent, **found, "version": token(first, "version"), "looked": token(first, "looked"), "act": act}
    )


def desk(opened, name):
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    return Desk(opened, actor_of(get_user_model().objects.get(username=name)), _now())


@pytest.fixture
def two_sources(vault, entered):
    """The vault open, with a source that everybody sees only without limits, and one of the case *Ours*."""
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.records import cases

        hana = entered("hana")
        theirs = recorded(hana, begun(hana), SENT).rpartition("/")[2]
        ours = recorded(hana, begun(hana), {**named("쉐"), "source-title": "면담 13"}).rpartition("/")[2]
        cases.add(_owner(opened), "Ours", [ours])
        yield opened, ours, theirs


def _owner(opened):
    from corroborate_node.core.desk import owner

    return owner(opened, _now())


def begun_by_program(opened, name, source, typed):
    """Begin and keep a draft as a program does; its id and the status of keeping."""
    from django.test import Client

    from corroborate_node.core import tokens
    from corroborate_node.recording.models import Draft

    who = desk(opened, name)
    until = _now() + timedelta(days=3)
    secret = tokens.make(who, "t", [one.name for one in tokens.offered(who)], until)
    browser = Client(HTTP_HOST="localhost", headers={"authorization": f"Bearer {secret}"})

    def sent(act, body, key):
        return browser.post(
            f"/api/1/acts/{act}", body, content_type="application/json", headers={"idempotency-key": key}
        )

    assert sent("draft.begin", {"kind": "witness", "source": source}, "key-00001").status_code == 200
    draft = Draft.objects.order_by("began", "id").last()
    answer = sent("draft.keep", {"draft": draft.id, "typed": typed, "version": draft.version}, "key-00002")
    return draft.id, answer.status_code


@pytest.mark.parametrize("begun_for", ["ours", ""])
def test_a_program_cannot_turn_a_draft_to_another_source_than_its_second_person_reads(two_sources, begun_for):
    opened, ours, theirs = two_sources
    from corroborate.errors import InvalidValue
    from corroborate_node.recording import queries, reviewing
    from corroborate_node.recording.models import Draft, Submitted

    typed = {"source": {"id": theirs, "title": "harmless"}, **TYPED}
    id_, status = begun_by_program(opened, "hana", ours if begun_for else "", typed)
    assert status == 422
    Draft.objects.filter(id=id_).update(typed={**typed, "source": {"id": theirs}})  # kept by an earlier version
    with pytest.raises(InvalidValue):
        reviewing.submit(desk(opened, "hana"), queries.draft(desk(opened, "hana"), id_))
    row = Submitted.objects.create(draft_id=id_, state="approved", at=_now(), approved=_now())  # and approved by it
    row.approved_by_id = desk(opened, "duri").actor.id
    row.digest = reviewing.digest_of(row.draft)
    row.save()
    with pytest.raises(InvalidValue, match="another source"):
        reviewing.seal(desk(opened, "duri"), id_)


def test_words_that_are_taught_anew_after_the_approval_seal_nothing_else(vault, entered):
    with api.open_vault(vault, WORDS) as opened:
        from corroborate.importers.coding import Act
        from corroborate_node.coding import actions as coding
        from corroborate_node.records.models import Claim

        hana, duri = entered("hana"), entered("duri")
        coding.code(desk(opened, "hana"), "물뷔질", [Act("integrity.torture")])
        review = submitted(hana, begun(hana), {**SENT, "acts-0-what": "물뷔질"})
        page = texts(duri.get(review))
        assert "물뷔질" in page and "고문" in page  # as what it will be sealed
        before = looked(duri, review)
        coding.code(desk(opened, "hana"), "물뷔질", [Act("life.execution")])
        assert did(duri, review, "approve", looked=before).status_code == 400
        coding.code(desk(opened, "hana"), "물뷔질", [Act("integrity.torture")])
        assert did(duri, review, "approve", looked=before).status_code == 302
        coding.code(desk(opened, "hana"), "물뷔질", [Act("life.execution")])
        assert did(hana, review, "seal").status_code == 400
        assert not Claim.objects.exists()
        coding.code(desk(opened, "hana"), "물뷔질", [Act("integrity.torture")])
        assert did(hana, review, "seal").status_code == 302
        assert [one.value["id"] for one in Claim.objects.filter(property="violation")] == ["integrity.torture"]


def test_a_draft_goes_into_no_case_that_its_author_does_not_see(two_sources, entered, account):
    opened, ours, _ = two_sources
    from corroborate_node.recording.models import Submitted
    from corroborate_node.records import cases

    other = cases.begin(_owner(opened), "Theirs")
    account(opened, "far", OWN, "documenter", only=[other])
    net, far = entered("net"), entered("far")
    own = {name: value for name, value in named("뤄").items() if not name.startswith(("source", "consent"))}
    address = begun(net, source=ours)
    review = submitted(net, address, {**own, "case": other})
    assert Submitted.objects.get().case_id is None  # the source stays where it is filed
    assert far.get(review).status_code == 404
    for case in (other, "case_nothing", "x" * 300):
        address = begun(net)
        assert handed(net, address, {**named("쥬"), "case": case}, "submit").status_code == 400
    assert Submitted.objects.count() == 1


def test_who_codes_a_source_apart_reads_no_draft_of_the_other_and_seals_nothing_of_it(two_sources, entered, account):
    opened, _, theirs = two_sources
    account(opened, "sun", OWN, "coordinator")
    hana, duri, sun = entered("hana"), entered("duri"), entered("sun")
    own = {name: value for name, value in named("뤄").items() if not name.startswith(("source", "consent"))}
    early = submitted(hana, begun(hana, source=theirs), own)  # before two are asked to code it
    sent = {"act": "assign", "source": theirs, "first": "hana", "second": "duri"}
    assert sun.post("/record/double", sent).status_code == 302
    assert duri.get(early).status_code == 404
    assert sun.get(early).status_code == 200
    address = begun(hana, source=theirs)
    for act in ("submit", "record"):
        assert handed(hana, address, {**named("쏴"), "source-title": "", "consent-own": []}, act).status_code == 400


def test_a_draft_of_a_file_cannot_be_of_people_or_sources_that_its_author_does_not_see(vault, tmp_path):
    told = {"source": {"title": "A", "heard_before": "source_01a2293d25f878fabbc2ea0d0337123e"},
            "consent": {"own": ["hold"]}, **TYPED}  # fmt: skip
    (tmp_path / "e.json").write_text(json.dumps(told))
    (tmp_path / "own").write_text(OWN)
    as_hana = ("--vault", vault, "--as", "hana", "--account-file", tmp_path / "own")
    done = ran("drafts", "submit", tmp_path / "e.json", *as_hana, code=1)
    assert "no source" in done


@pytest.fixture
def told(vault, tmp_path, account):
    """`told(name, *words, code=0)`: what a command printed under an account; a file `one.yaml` lies beside it."""
    (tmp_path / "own").write_text(OWN)
    (tmp_path / "one.yaml").write_text(
        "source: {kind: witness, title: 면담 31}\nconsent: {own: hold; link; count}\n"
        "acts: [{what: 고문, whom: 이뷔라}]\npeople: [{names: 이뷔라}]\n",
        encoding="utf-8",
    )

    def at(name, *words, code=0):
        return ran(*words, "--vault", vault, "--as", name, "--account-file", tmp_path / "own", code=code)

    return at


def test_a_draft_of_a_file_has_its_consent_ticked_where_it_is_mended_and_stays_one(told, vault, entered, tmp_path):
    file = tmp_path / "one.yaml"
    draft = json.loads(told("hana", "drafts", "submit", file, "--json"))["draft"]
    assert "--again" in told("hana", "drafts", "submit", file, code=1)  # no second draft of the same interview
    assert "nobody has approved" in told("hana", "drafts", "seal", draft, code=1)
    assert "nobody reviews what they wrote" in told(
        "hana", "drafts", "approve", draft, code=1
    )  # and is not asked first
    told("duri", "drafts", "return", draft, "--because", "which year?", "--place", "acts-0")
    with api.open_vault(vault, WORDS):
        page = texts(entered("hana").get(f"/record/{draft}"))
        ticked = [one for one in page.split("<input") if 'name="consent-own"' in one and "checked" in one]
        assert [re.search('value="([^"]+)"', one)[1] for one in ticked] == ["hold", "link", "count"]
        assert "hold; link" not in texts(entered("duri").get(f"/record/reviews/{draft}"))
    file.write_text(file.read_text().replace("whom: 이뷔라}", "whom: 이뷔라, when: '1999'}"))
    assert json.loads(told("hana", "drafts", "submit", file, "--again", draft, "--json"))["draft"] == draft
    found = json.loads(told("duri", "drafts", "show", draft, "--json"))
    assert found["typed"]["acts"][0]["when"] == "1999" and found["understood"] == {"acts-0": ["integrity.torture"]}
    assert found["remarks"][0]["text"] == "which year?"
    assert "waits" in told("hana", "drafts", "submit", file, "--again", draft, code=1)  # while somebody reads it


def test_the_command_says_what_stands_in_the_way_in_the_terminal_s_words_and_who_is_here_already(
    told, tmp_path, monkeypatch
):
    monkeypatch.setenv("CORROBORATE_LANGUAGE", "ko")
    (tmp_path / "bad.yaml").write_text("source: {title: 면담 32}\nconsent: {own: hold}\nacts: [{what: 고문}]\n")
    for command in (("interview",), ("drafts", "submit")):
        said = told("hana", *command, tmp_path / "bad.yaml", code=1)
        assert "say to whom" not in said and "누구에게" in said
    told("hana", "interview", tmp_path / "one.yaml")
    again = told("hana", "interview", tmp_path / "one.yaml", "--check")
    assert "person_" in again and "이뷔라" in again


def test_a_passage_that_search_prints_is_shown_and_coded(told, tmp_path):
    (tmp_path / "notes.txt").write_text("광산에서 최뷔하가 맞았다.\n", encoding="utf-8")
    told("hana", "interview", tmp_path / "one.yaml", "--transcript", tmp_path / "notes.txt")
    found = json.loads(told("hana", "search", "광산", "--json"))
    id_ = found["passages"]["found"][0]["id"]
    assert id_.startswith("passage_") and "광산에서" in told("hana", "show", id_)
    assert "광산에서" in told("hana", "code", id_)
    coding = ("--words", "맞았다", "--person", "최뷔하", "--property", "violation", "--value", "integrity.torture")
    assert json.loads(told("hana", "code", id_, *coding, "--json"))["claims"]
    shown = json.loads(told("hana", "show", id_, "--json"))["claims"]
    assert {one["property"]: one["value"] for one in shown}["violation"] == "Torture"
    assert "What was done: Torture" in told("hana", "show", id_)
