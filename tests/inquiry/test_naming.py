"""Who is named as said to have done something: nobody, in no byte that leaves, until two people decided it."""

import base64
import gzip
import io
import json
import re
import time
import unicodedata
import zipfile
import zlib
from datetime import date, timedelta

import pypdfium2
import pytest
from tests.importing.commanding import WORDS, ran
from tests.inquiry.conftest import OWN

from corroborate_node import api

ENTRY = """
source: {title: Interview 81}
consent: {own: hold; count; link; quote; name, public: count; quote; name}
people: [{names: 김뷔가, speaks: yes}]
acts:
  - {what: 자의적 구금, whom: 박뷔나, when: 1998-03, where: 회령, by: 최뷔다, did: gave_order, sure: probably_them,
     unit: 회령 보위부뷁, basis: saw}
  - {what: 자의적 구금, whom: 정뷔라, when: 2001, by: 한뷔소, basis: heard}
posts:
  - {who: 최뷔다, title: 소장뷁, unit: 회령 보위부뷁, under: 함북 보위부뷁, from: 1996, to: 1999, basis: saw}
  - {who: 한뷔마, title: 부장뷁, unit: 함북 보위부뷁, from: 1990, to: 1997, basis: heard}
"""
LIST = "성명,체포일,혐의,가해자\n한뷔사,1997-03,자의적 구금,감시원뷁\n"
ONE, OTHER, HEAD = "최뷔다", "한뷔소", "한뷔마"
LOOKED_AT = "convicted in open court, and named there"


@pytest.fixture
def two(vault, tmp_path, account):
    """`two(*words)` and `two(*words, by=NAME)`: commands at the desk of an account; jin and hana are two people."""
    (tmp_path / "entry.yaml").write_text(ENTRY, encoding="utf-8")
    (tmp_path / "passphrase").write_text(OWN + "\n", encoding="utf-8")
    ran("interview", tmp_path / "entry.yaml", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        for name in ("jin", "sora"):
            account(opened, name, OWN, "lawyer")

    def done(*words, by="jin", code=0):
        at = ("--vault", vault, "--account-file", tmp_path / "passphrase", "--as", by)
        return ran(*words, *at, code=code)

    return done


@pytest.fixture
def left(two, vault, tmp_path):
    """`left(audience, …)`: the folder of everything that a release writes in every form."""

    def made(*asked):
        number = json.loads(two("release", "make", *asked, "--yes", "--json"))["release"]
        two("release", "confirm", number, by="sora")
        folder = tmp_path / f"left-{number}"
        folder.mkdir()
        at = ("--vault", vault)
        for name in ("dossier.pdf", "dossier.html", "dossier.docx"):
            ran("release", "write", number, "--dossier", folder / name, *at)
        ran("release", "write", number, "--json", folder / "release.json", "--registers", folder / "registers", *at)
        ran("release", "write", number, "--ftm", folder / "all.json", *at)
        ran("log", "checkpoint", *at)
        ran("release", "write", number, "--package", folder / "package", *at)
        if "public" in asked:
            ran("release", "write", number, "--site", folder / "site", *at)
        return folder

    return made


def held(folder, needle):
    """The files under a folder that hold some words: as they are, as other encodings, packed, or as text of a PDF."""
    forms = {unicodedata.normalize(form, needle) for form in ("NFC", "NFD")}
    sought = {each for one in forms for each in (one.encode(), one.encode("utf-16-le"), json.dumps(one)[1:-1].encode())}
    sought |= {base64.b64encode(one.encode())[:-4] for one in forms}
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert len(files) > 5
    return {one.name for one in files if any(word in each for each in _insides(one) for word in sought)}


def _insides(path):
    content = path.read_bytes()
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from (packed.read(one) for one in packed.namelist())
    if content[:5] == b"%PDF-":
        yield read(path).encode()
        for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
            try:
                yield zlib.decompress(part)
            except zlib.error:
                yield part


def read(path):
    """The words of a PDF, as a reader's program takes them out."""
    pdf = pypdfium2.PdfDocument(path)
    return "\n".join(pdf[at].get_textpage().get_text_range() for at in range(len(pdf)))


def who(vault, name, of="name"):
    """The id of whom a claim calls so."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        named = [one for one in queries.claims() if getattr(one.value, "text", "") == name]
        return next(one.subject for one in named if one.property == of)


def decided(two, vault, name, *words, sure="probably_them"):
    """The id of a decision that two people made."""
    asked = ("--sure", sure, "--because", LOOKED_AT, "--json")
    made = json.loads(two("naming", "decide", who(vault, name), *words, *asked))
    return json.loads(two("naming", "confirm", made["id"], "--json", by="sora"))["id"]


def test_nobody_who_is_said_to_have_done_it_stands_in_any_byte_that_everybody_is_given(left):
    folder = left("--audience", "public")
    for name in (ONE, OTHER, HEAD):
        assert held(folder, name) == set(), name
    assert held(folder, "박뷔나"), "the needle is found where a name does go"


def test_one_named_body_is_told_nobody_either_but_what_to_call_each(left):
    folder = left("--audience", "named body", "--body", "ICC")
    for name in (ONE, OTHER, HEAD):
        assert held(folder, name) == set(), name
    listed = (folder / "registers" / "perpetrators.csv").read_text(encoding="utf-8")
    assert listed.count("not named to this reader") == 2
    page = (folder / "dossier.html").read_text(encoding="utf-8")
    rows = re.findall(r"([0-9a-f]{12})", page)
    assert {one.split(",")[0][:12] for one in listed.splitlines()[1:]} <= set(rows)


def test_whom_two_people_decided_to_name_in_public_is_named_there_by_that_decision_and_nobody_else(left, two, vault):
    decided(two, vault, ONE, "--audience", "public")
    folder = left("--audience", "public")
    assert {"dossier.pdf", "dossier.html", "dossier.docx", "release.json", "perpetrators.csv"} <= held(folder, ONE)
    for name in (OTHER, HEAD):
        assert held(folder, name) == set(), name
    shown = json.loads((folder / "release.json").read_text(encoding="utf-8").split("\n\n")[0])["release"]
    [doer] = shown["responsible"]["doers"]
    assert doer["decision"]["sure"] == "probably_them"
    assert doer["decision"]["id"][:19] in (folder / "dossier.html").read_text(encoding="utf-8")
    assert LOOKED_AT not in "".join(one.read_text(errors="replace") for one in folder.rglob("*") if one.is_file())


def test_a_footnote_leads_to_sealed_records_in_the_package_by_what_its_index_calls_them(left):
    folder = left("--audience", "named body", "--body", "ICC")
    index = json.loads((folder / "package" / "data" / "index.json").read_text(encoding="utf-8"))
    paths = {one["called"]: one["path"] for one in index["items"] if "called" in one}
    page = (folder / "dossier.html").read_text(encoding="utf-8")
    told = set(re.findall(r"claim_[0-9a-f]{32}", page))
    assert len(told) > 5
    assert told <= set(paths)
    for one in told:
        record = json.loads((folder / "package" / paths[one]).read_text(encoding="utf-8"))
        assert record["subject"].partition("_")[0] in ("involvement", "post", "unit")
    other = json.loads((left("--audience", "named body", "--body", "OHCHR") / "package/data/index.json").read_bytes())
    assert not set(paths) & {one.get("called") for one in other["items"]}
    assert {one["path"] for one in other["items"]} == {one["path"] for one in index["items"]}, (
        "sealed bytes are the same"
    )


def test_the_same_release_is_the_same_dossier_twice_in_four_languages(left, two, tmp_path):
    left("--audience", "named body", "--body", "ICC")
    for language in ("en", "ko", "ja", "es"):
        for name in ("one.pdf", "two.pdf"):
            two("release", "write", 1, "--dossier", tmp_path / name, "--language", language)
        assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_decision_for_one_body_names_to_no_other_and_not_in_public(left, two, vault):
    decided(two, vault, ONE, "--audience", "named body", "--body", "ICC")
    assert held(left("--audience", "named body", "--body", "ICC"), ONE)
    assert held(left("--audience", "named body", "--body", "OHCHR"), ONE) == set()
    assert held(left("--audience", "public"), ONE) == set()


def test_whoever_confirms_a_release_reads_whom_it_names_as_said_to_have_done_something(two, vault):
    decided(two, vault, ONE, "--audience", "public")
    two("release", "make", "--audience", "public", "--yes", "--json")
    shown = json.loads(ran("release", "show", 1, "--json", "--vault", vault))
    named = {name for one in shown["named"] for name in one["names"]}
    assert ONE in named
    assert not named & {OTHER, HEAD}
    assert "소장뷁" in {one["value"] for one in shown["words"]}


def test_one_person_alone_decides_nothing(left, two, vault):
    asked = ("--audience", "public", "--sure", "surely_them", "--because", LOOKED_AT, "--json")
    made = json.loads(two("naming", "decide", who(vault, ONE), *asked))
    assert made["state"] == "waits"
    assert "nobody is second to themselves" in two("naming", "confirm", made["id"], code=1)
    assert "an account confirms it" in ran("naming", "confirm", made["id"], "--vault", vault, code=1)
    assert "waits for its second person" in two("naming", "decide", who(vault, ONE), *asked, by="sora", code=1)
    assert held(left("--audience", "public"), ONE) == set()


def test_taken_back_it_names_nobody_any_more_and_the_release_that_did_is_written_no_more(left, two, vault, tmp_path):
    made = decided(two, vault, ONE, "--audience", "public")
    assert held(left("--audience", "public"), ONE)
    two("naming", "take-back", made, by="sora")
    assert "decision to name" in ran("release", "write", 1, "--json", tmp_path / "again.json", "--vault", vault, code=1)
    assert held(left("--audience", "public"), ONE) == set()
    [told] = json.loads(two("naming", "list", "--json"))
    assert told["state"] == "taken_back"


def test_a_release_holds_no_longer_than_the_decision_by_which_it_names(two, vault):
    end = date.today() + timedelta(days=30)
    decided(two, vault, ONE, "--audience", "public", "--until", end.isoformat())
    made = json.loads(two("release", "make", "--audience", "public", "--preview", "--json"))
    assert made["until"] == end.isoformat()
    gone = (date.today() - timedelta(days=1)).isoformat()
    asked = ("--audience", "public", "--sure", "surely_them", "--because", "x", "--until", gone)
    assert "is over" in two("naming", "decide", who(vault, OTHER), *asked, code=1)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--audience", "named body"), "names it"),
        (("--audience", "public", "--body", "ICC"), "names it"),
        (("--audience", "public", "--because", " "), "say why"),
    ],
)
def test_what_cannot_be_decided_so_is_refused_with_its_reason(two, vault, words, why):
    asked = ("--sure", "surely_them", "--because", LOOKED_AT)
    assert why in two("naming", "decide", who(vault, ONE), *asked, *words, code=1)
    victim = who(vault, "박뷔나")
    assert "nobody says" in two("naming", "decide", victim, "--audience", "public", *asked, code=1)


def test_who_is_named_in_words_alone_is_recorded_first_before_everybody_is_told(two, vault, tmp_path):
    (tmp_path / "list.csv").write_text(
        "성명,체포일,혐의,가해자\n한뷔사,1997-03,자의적 구금,감시원뷁\n", encoding="utf-8"
    )
    ran("import", tmp_path / "list.csv", "--vault", vault)
    asked = ("--sure", "possibly_them", "--because", LOOKED_AT)
    act = who(vault, "감시원뷁", "perpetrator")
    assert "words alone" in two("naming", "decide", act, "--audience", "public", *asked, code=1)
    two("naming", "decide", act, "--audience", "named body", "--body", "ICC", *asked)


def test_the_page_shows_what_waits_and_two_people_decide_there(two, vault, entered):
    id_ = who(vault, ONE)
    with api.open_vault(vault, WORDS):
        jin, sora = entered("jin"), entered("sora")
        assert id_ in jin.get("/naming", {"who": id_}).content.decode()
        given = {"act": "decide", "who": id_, "audience": "public", "sure": "surely_them", "because": "", "body": ""}
        assert jin.post("/naming", given).status_code == 400
        assert jin.post("/naming", given | {"because": LOOKED_AT}).status_code == 302
        page = sora.get("/naming").content.decode()
        made = re.search(r'name="id" value="(naming_[0-9a-f]+)"', page)[1]
        assert ONE in page
        assert jin.post("/naming", {"act": "confirm", "id": made}).status_code == 400
        assert 'value="confirm"' not in jin.get("/naming").content.decode()
        assert made not in entered("set").get("/naming").content.decode()
        assert entered("hana").post("/naming", {"act": "confirm", "id": made}).status_code == 403
        assert sora.post("/naming", {"act": "confirm", "id": made}).status_code == 302
        assert sora.post("/naming", {"act": "take-back", "id": made}).status_code == 302
        assert sora.post("/naming", {"act": "take-back", "id": made}).status_code == 400
    lines = json.loads(ran("journal", "--json", "--vault", vault))
    assert {"naming.decide", "naming.confirm", "naming.take-back"} <= {one["what"] for one in lines}
    checks = json.loads(ran("doctor", "--json", "--vault", vault))
    assert {one["state"] for one in checks if one["about"] == "judgements"} == {"good"}


def test_with_the_last_source_that_accuses_somebody_the_words_of_the_decision_go(two, vault):
    made = decided(two, vault, ONE, "--audience", "public")
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        source = next(one.source for one in queries.claims() if getattr(one.value, "text", "") == ONE)
    ran("withdraw", source, "--vault", vault)
    [told] = json.loads(two("naming", "list", "--json"))
    assert (told["id"], told["because"], told["by"]) == (made, "", "")
    checks = json.loads(ran("doctor", "--json", "--vault", vault))
    assert {one["state"] for one in checks if one["about"] == "judgements"} == {"good"}


def test_a_decision_holds_for_the_names_that_its_two_people_read_and_for_no_corrected_one(left, two, vault, entered):
    made = decided(two, vault, ONE, "--audience", "public")
    claims = named_so(vault, ONE)
    ran("correct", claims["name"], "--to", "강뷔호", "--because", "misread", "--vault", vault)
    folder = left("--audience", "public")
    assert held(folder, "강뷔호") == set(), "one person's correction names a man of whom nobody decided"
    [told] = json.loads(two("naming", "list", "--json"))
    assert (told["id"], told["unread"]) == (made, ["강뷔호"])
    assert "decide anew: 강뷔호" in two("naming", "list")
    with api.open_vault(vault, WORDS):
        assert "그 뒤에 고치거나 더한 이름에는" in entered("jin").get("/naming").content.decode()
    two("naming", "take-back", made)
    decided(two, vault, "강뷔호", "--audience", "public")
    assert held(left("--audience", "public"), "강뷔호")


def test_words_of_an_act_that_were_corrected_since_name_nobody_either(left, two, vault):
    decided(two, vault, ONE, "--audience", "public")
    decided(two, vault, OTHER, "--audience", "named body", "--body", "ICC")
    ran("correct", named_so(vault, ONE)["perpetrator"], "--to", "강뷔호", "--because", "misread", "--vault", vault)
    ran("correct", named_so(vault, OTHER)["perpetrator"], "--to", "송뷔조", "--because", "misread", "--vault", vault)
    assert held(left("--audience", "public"), "강뷔호") == set()
    folder = left("--audience", "named body", "--body", "ICC")
    assert held(folder, "강뷔호") | held(folder, "송뷔조") == set()
    assert held(folder, ONE)
    assert held(folder, OTHER)


def test_nobody_confirms_a_decision_whose_names_were_changed_since_the_first_person_read_them(two, vault):
    asked = ("--audience", "public", "--sure", "surely_them", "--because", LOOKED_AT, "--json")
    made = json.loads(two("naming", "decide", who(vault, ONE), *asked))
    ran("correct", named_so(vault, ONE)["name"], "--to", "강뷔호", "--because", "misread", "--vault", vault)
    assert "were changed since jin said this" in two("naming", "confirm", made["id"], by="sora", code=1)


def test_a_decision_that_kept_no_names_holds_for_those_recorded_before_it(left, two, vault):
    decided(two, vault, ONE, "--audience", "public")
    with api.open_vault(vault, WORDS):
        from corroborate_node.inquiry import models, naming

        row = models.Naming.objects.get()
        models.Naming.objects.update(names="", at=row.at + timedelta(seconds=1))  # as an earlier version kept it
        row.refresh_from_db()
        assert json.loads(naming.sealed_bytes(row)).keys() & {"names", "version"} == {"version"}
    assert held(left("--audience", "public"), ONE)
    time.sleep(2)
    ran("correct", named_so(vault, ONE)["name"], "--to", "강뷔호", "--because", "misread", "--vault", vault)
    assert held(left("--audience", "public"), "강뷔호") == set()
    [told] = json.loads(two("naming", "list", "--json"))
    assert told["unread"] == ["강뷔호"]


def named_so(vault, name):
    """The claims that call somebody so, by their property."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        return {one.property: one.id for one in queries.claims() if getattr(one.value, "text", "") == name}


# Words in which somebody undecided stands, as people write them, and where a form has room for them
AS_WRITTEN = (
    "최뷁다가", "최 뷁다", "최\u200b뷁다", "최-뷁다", unicodedata.normalize("NFD", "최뷁다"), "호랑뷁", "CHOE PPYOKDA",
    "Ppyokda Choe", "Choe, Ppyokda", "choe ppyok-da",
)  # fmt: skip
BESIDE = {
    "source": {"title": "Interview 82"},
    "consent": {"own": "hold; count; link; quote; name", "public": "count; quote; name", "right": "self"},
    "people": [
        {"names": "김뷔가", "speaks": "yes"},
        {"names": "최뷁다; 호랑뷁; Choe Ppyokda", "kind": "other"},
        {"names": "Meri (daughter of Choe Ppyokda)"},
        {"names": "Nina, widow of Choe Ppyokda"},
    ],
    "acts": [
        {"what": "자의적 구금", "whom": "박뷔나", "by": "호랑뷁", "unit": "최뷁다부대", "at": "p. 3, told by 최뷁다"},
        *(
            {"what": "자의적 구금", "whom": "박뷔나", "words": f"MARK{at:02} {name}"}
            for at, name in enumerate((*AS_WRITTEN, "somebody"))
        ),
    ],
    "posts": [{"who": "호랑뷁", "title": "소장", "unit": "최뷁다 여단", "under": "최뷁다부대"}],
}


@pytest.mark.parametrize("asked", [("--audience", "public"), ("--audience", "named body", "--body", "ICC")], ids=str)
def test_no_unit_no_relative_no_place_in_a_source_and_no_way_of_writing_it_carries_the_name(
    left, two, vault, tmp_path, asked
):
    (tmp_path / "beside.yaml").write_text(json.dumps(BESIDE), encoding="utf-8")
    ran("interview", tmp_path / "beside.yaml", "--vault", vault)
    folder = left(*asked, "--words", "testimony", "--words", "described", "--words", "title")
    for name in ("최뷁다", "호랑뷁", "Ppyokda"):
        assert held(folder, name) == set(), name
    for at, name in enumerate(AS_WRITTEN):
        assert held(folder, f"MARK{at:02}") == set(), name
    assert held(folder, f"MARK{len(AS_WRITTEN):02}"), "words that name nobody go"
    titled = two("release", "make", *asked, "--title", "The trial of 최 뷁다", "--no-names", "--yes", code=1)
    assert "the title may name somebody who is said to have done something" in titled
