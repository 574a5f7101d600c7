"""What our own people have before a court: from a file of an interview, and from the page Record, to the register, to
the page of the crime that it is about, and to what a release lets go of it."""

import csv
import json
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.inquiry.test_naming import held
from tests.recording.conftest import OWN
from tests.recording.test_pages import begun
from tests.recording.test_pages import recorded as recorded_by_page
from tests.recording.test_places import asked_few

from corroborate_node import api

ENTRY = """
source: {title: Case file 61, kind: document}
consent: {own: hold; count; link; quote; name, public: count; quote; name, named body: count; quote; name, body: ICC}
people: [{names: 김뷔가, speaks: yes}]
proceedings:
  - {kind: complaint, body: 서울중앙지방법원, state: KR, reference: 2026가합뷁1, step: filed, when: 2026-03-02,
     what: 손해배상뷁, filed_by: 김뷔가, against: 최뷔다, sure: probably_them, unit: 회령 보위부뷁, about: cah.torture,
     basis: document}
  - {body: 서울중앙지방법원, reference: 2026가합뷁1, step: answered, when: 2026-09-10, basis: document}
"""
LATER = """
source: {title: Newspaper 62, kind: document}
consent: {own: hold; count; link; quote; name}
proceedings:
  - {of: PROCEEDING, step: awarded, when: 2026-10-01, what: 5천만 원뷁, basis: document}
  - {of: proc.2025.kr-complaint, step: answered, when: 2026-05-04, what: 수사 시작뷁, basis: heard}
"""
ACCUSED = "최뷔다"


def recorded(vault, folder, text):
    (folder / "entry.yaml").write_text(text, encoding="utf-8")
    return json.loads(ran("interview", folder / "entry.yaml", "--vault", vault, "--json"))


@pytest.fixture
def told(vault, tmp_path):
    return recorded(vault, tmp_path, ENTRY)


def own(vault, *more):
    found = json.loads(ran("proceedings", "--json", *more, "--vault", vault))
    return [one for one in found if not one["published"]]


def test_rows_of_one_court_and_reference_are_one_proceeding_with_its_steps_in_order(vault, told):
    [one] = own(vault)
    assert (one["kind"], one["state"], one["reference"]) == ("complaint", "KR", "2026가합뷁1")
    assert [(step["step"], step["date"]) for step in one["steps"]] == [
        ("filed", "2026-03-02"),
        ("answered", "2026-09-10"),
    ]
    assert one["became"] == "answered"
    assert [each["name"] for each in one["filed_by"]] == ["김뷔가"]
    assert {each["name"] for each in one["against"]} == {ACCUSED, "회령 보위부뷁"}
    assert one["against"][0]["id"].startswith("party_"), "whoever is accused is nobody who is counted"
    assert one["cautions"] == ["one_source", "held_doubtful"]
    assert one["how_sure"] == ["probably_them"]


def test_a_later_step_is_told_by_another_source_of_one_that_is_here_and_of_one_that_is_published(vault, told, tmp_path):
    recorded(vault, tmp_path, LATER.replace("PROCEEDING", own(vault)[0]["id"]))
    [one] = own(vault)
    assert [step["step"] for step in one["steps"]] == ["filed", "answered", "awarded"]
    assert one["became"] == "awarded"
    assert len({step["source"] for step in one["steps"]}) == 2
    every = {each["id"]: each for each in json.loads(ran("proceedings", "--json", "--vault", vault))}
    published = every["proc.2025.kr-complaint"]
    assert published["became"] == "answered"
    assert published["steps"][-1]["source"].startswith("source_")
    alone = {each["id"]: each for each in json.loads(ran("proceedings", "--published", "--json"))}
    assert alone["proc.2025.kr-complaint"]["became"] == "unseen", "what is published says nothing of it"


def test_the_page_shows_it_among_the_others_to_who_may_see_who_people_are(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        body = asked_few(browser, "/proceedings", state="KR", kind="complaint")
        assert body.count('<tr><th scope="row">') == 2
        assert "손해배상뷁" in body
        [id_] = set(re.findall(r"/proceedings/(proceeding_\w+)", body))
        one = asked_few(browser, f"/proceedings/{id_}")
        for words in (
            "김뷔가",
            ACCUSED,
            "회령 보위부뷁",
            "2026가합뷁1",
            "아마 그 사람",
            "접수됨",
            "답변이 있었음",
            "고문",
        ):
            assert words in one, words
        assert "손해배상뷁" not in browser.get("/proceedings.csv").content.decode()
        plain = entered("set")
        assert "손해배상뷁" not in asked_few(plain, "/proceedings")
        assert plain.get(f"/proceedings/{id_}").status_code == 404
    assert "손해배상뷁" not in ran("proceedings", "--as", "set", "--account-file", _own(vault), "--vault", vault)


def _own(vault):
    (vault.parent / "own.txt").write_text(OWN + "\n", encoding="utf-8")
    return vault.parent / "own.txt"


def test_it_is_taken_back_as_a_whole_or_step_by_step_and_can_be_put_back(vault, told):
    answered = own(vault)[0]["steps"][1]["record"]
    ran("interview", told["entry"], "--take-back", "--part", answered, "--vault", vault)
    assert [step["step"] for step in own(vault)[0]["steps"]] == ["filed"]
    assert own(vault)[0]["became"] == "nothing_later"
    ran("interview", told["entry"], "--take-back", "--vault", vault)
    assert own(vault) == []
    ran("interview", told["entry"], "--put-back", "--vault", vault)
    assert [step["step"] for step in own(vault)[0]["steps"]] == ["filed", "answered"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{step: filed}", "before which court"),
        ("{body: 법원}", "what happened in it"),
        ("{body: 법원, step: rumoured}", "none of the choices"),
        ("{body: 법원, step: filed, state: Atlantis}", "no State"),
        ("{body: 법원, step: filed, about: cah.rumour}", "no crime"),
        ("{of: proc.1999.nothing, step: filed}", "no proceeding"),
        ("{of: proceeding_0190163d8694739b9c1c0d4c0c0d3b2a, step: filed}", "no step of a proceeding"),
        ("{body: 법원, step: filed, judge: x}", "no field"),
    ],
)
def test_what_tells_of_no_step_is_refused_with_what_is_wrong_in_it(vault, tmp_path, row, said):
    text = f"source: {{title: Paper}}\nconsent: {{own: hold}}\npeople: [{{names: 김뷔가}}]\nproceedings: [{row}]\n"
    (tmp_path / "entry.yaml").write_text(text, encoding="utf-8")
    assert said in ran("interview", tmp_path / "entry.yaml", "--vault", vault, code=1)
    assert own(vault) == []


def test_it_is_typed_on_the_page_looked_over_and_recorded(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        at = begun(browser)
        assert 'list="crimes"' in browser.get(at).content.decode()
        typed = {
            "source-kind": "document", "source-title": "Case file 63", "consent-own": ["hold", "count"],
            "proceedings-0-kind": "warrant", "proceedings-0-body": "ICC", "proceedings-0-step": "issued",
            "proceedings-0-when": "2026-02-01", "proceedings-0-against": ACCUSED,
        }  # fmt: skip
        source = recorded_by_page(browser, at, typed)
        assert "영장 발부" in asked_few(browser, source)
        body = asked_few(browser, "/proceedings", kind="warrant")
        assert ACCUSED in body
        [row] = re.findall(r'<tr><th scope="row">.*?</tr>', body, re.S)
        assert "그 뒤의 일은 알려지지 않음" in row, "of one step alone"


@pytest.fixture
def let_go(vault, told, tmp_path, account):
    (tmp_path / "pass").write_text(OWN + "\n", encoding="utf-8")
    with api.open_vault(vault, WORDS) as opened:
        for name in ("jin", "sora"):
            account(opened, name, OWN, "lawyer")

    def made(*asked):
        as_ = ("--vault", vault, "--account-file", tmp_path / "pass")
        number = json.loads(ran("release", "make", *asked, "--yes", "--json", *as_, "--as", "jin"))["release"]
        ran("release", "confirm", number, *as_, "--as", "sora")
        folder = tmp_path / f"left-{number}"
        folder.mkdir()
        for name in ("dossier.pdf", "dossier.html"):
            ran("release", "write", number, "--dossier", folder / name, "--vault", vault)
        ran("release", "write", number, "--json", folder / "r.json", "--registers", folder / "csv", "--vault", vault)
        ran("release", "write", number, "--ftm", folder / "all.json", "--vault", vault)
        ran("log", "checkpoint", "--vault", vault)
        ran("release", "write", number, "--package", folder / "package", "--vault", vault)
        return folder

    return made


def test_to_everybody_goes_nothing_of_it_and_to_one_body_nobody_who_is_accused_without_a_decision(let_go):
    public = let_go("--audience", "public")
    for needle in (ACCUSED, "2026가합뷁1", "손해배상뷁"):
        assert held(public, needle) == set(), needle
    folder = let_go("--audience", "named body", "--body", "ICC")
    assert held(folder, ACCUSED) == set()
    [row] = csv.DictReader((folder / "csv" / "proceedings.csv").read_text(encoding="utf-8").splitlines())
    assert row["reference"] == "2026가합뷁1"
    assert "not named to this reader" in row["against"]
    assert "proceeding_" not in row["id"]
    assert "filed" in row["steps"]


def test_whom_two_people_decided_to_name_to_a_body_is_named_to_it(vault, let_go, tmp_path):
    [one] = own(vault)
    who = next(each["id"] for each in one["against"] if each["name"] == ACCUSED)
    as_ = ("--vault", vault, "--account-file", tmp_path / "pass", "--json")
    asked = ("--audience", "named body", "--body", "ICC", "--sure", "probably_them", "--because", "named in its docket")
    made = json.loads(ran("naming", "decide", who, *asked, *as_, "--as", "jin"))
    ran("naming", "confirm", made["id"], *as_, "--as", "sora")
    folder = let_go("--audience", "named body", "--body", "ICC")
    [row] = csv.DictReader((folder / "csv" / "proceedings.csv").read_text(encoding="utf-8").splitlines())
    assert ACCUSED in row["against"]


def test_it_stands_beside_the_findings_of_its_crime_and_on_the_page_of_its_case_with_what_happened_last(
    vault, tmp_path, entered, account
):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")
        case = _ours()
    (tmp_path / "entry.yaml").write_text(ENTRY, encoding="utf-8")
    ran("interview", tmp_path / "entry.yaml", "--case", case, "--vault", vault)
    recorded(vault, tmp_path, LATER.replace("PROCEEDING", own(vault)[0]["id"]))
    with api.open_vault(vault, WORDS):
        browser = entered("jin")
        for address in ("/findings/cah.torture.1", f"/findings/cah.torture.1?case={case}", f"/cases/{case}"):
            body = asked_few(browser, address)
            assert "손해배상뷁" in body, address
            assert "2026-10-01" in body, "the judgment that another source told of later"
        assert "손해배상뷁" not in asked_few(browser, "/findings/cah.murder.1")
        assert "빈틈입니다" in asked_few(browser, "/findings/cah.torture.1"), "a proceeding is no claim for an element"


def _ours():
    from corroborate_node.records.models import Case

    return Case.objects.get(name="Ours").id
