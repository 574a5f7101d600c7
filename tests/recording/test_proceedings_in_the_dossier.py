"""What our own people have before a court stands in the dossier, as PDF, page and Word file: whole for ourselves, for
one named body with those alone whom two people decided to name to it, and nothing of it for everybody."""

import io
import json
import zipfile

import pytest
from tests.importing.commanding import WORDS, ran
from tests.inquiry.test_naming import read
from tests.recording.conftest import OWN
from tests.recording.test_proceedings import ACCUSED, ENTRY, LATER, own, recorded

from corroborate_node import api

FORMS = ("dossier.pdf", "dossier.html", "dossier.docx")
COURT, REFERENCE, CLAIMANT = "서울중앙지방법원", "2026가합뷁1", "김뷔가"
HEARD = """
source: {title: Interview 63}
consent: {own: hold; count; quote; name, named body: count; quote; name, body: ICC}
people: [{names: 정뷔라, speaks: yes}]
proceedings:
  - {kind: warrant, body: 헌뷁법원, step: issued, when: 2026-05-01, against: 한뷔소, about: cah.murder, basis: heard}
"""


@pytest.fixture
def two(vault, tmp_path, account):
    """`two(*words, by=NAME)`: a command at the desk of an account; jin and sora are two people."""
    (tmp_path / "pass").write_text(OWN + "\n", encoding="utf-8")
    with api.open_vault(vault, WORDS) as opened:
        for name in ("jin", "sora"):
            account(opened, name, OWN, "lawyer")

    def done(*words, by="jin", code=0):
        return ran(*words, "--vault", vault, "--account-file", tmp_path / "pass", "--as", by, code=code)

    return done


@pytest.fixture
def told(vault, tmp_path):
    recorded(vault, tmp_path, ENTRY)
    recorded(vault, tmp_path, LATER.replace("PROCEEDING", own(vault)[0]["id"]))


@pytest.fixture
def left(vault, tmp_path, two):
    """`left(*asked, language)`: what each form of a dossier says, by its name, and the folder that holds them."""

    def made(*asked, language="en"):
        number = json.loads(two("release", "make", *asked, "--yes", "--json"))["release"]
        two("release", "confirm", number, by="sora")
        folder = tmp_path / f"left-{number}"
        folder.mkdir()
        for name in FORMS:
            ran("dossier", folder / name, "--release", number, "--language", language, "--vault", vault)
        ran("release", "write", number, "--json", folder / "release.json", "--vault", vault)
        ran("log", "checkpoint", "--vault", vault)
        ran("release", "write", number, "--package", folder / "package", "--vault", vault)
        return folder

    return made


def texts(folder):
    """What each form says, without the ends of its lines."""
    with zipfile.ZipFile(io.BytesIO((folder / "dossier.docx").read_bytes())) as packed:
        word = packed.read("word/document.xml").decode()
    found = {
        "pdf": read(folder / "dossier.pdf"),
        "html": (folder / "dossier.html").read_text(encoding="utf-8"),
        "docx": word,
    }
    return {form: "".join(text.split()) for form, text in found.items()}


def holds(folder, *words):
    """By form, which of some words are missing in it."""
    return {
        form: missing
        for form, text in texts(folder).items()
        if (missing := [one for one in words if "".join(one.split()) not in text])
    }


def named(two, vault, name, *asked, code=0):
    """Two people decide that a reader is told a name."""
    parties = [each for one in own(vault) for each in one["against"]]
    who = next(each["id"] for each in parties if each["name"] == name)
    asked = ("--audience", "named body", "--body", "ICC", "--sure", "probably_them", "--because", "in its docket")
    made = two("naming", "decide", who, *asked, "--json", code=code)
    if not code:
        two("naming", "confirm", json.loads(made)["id"], by="sora")
    return made


def test_for_one_body_each_step_stands_there_with_what_happened_last_and_nobody_who_is_accused(told, left):
    folder = left("--audience", "named body", "--body", "ICC")
    said = (
        "Proceedings before courts and authorities", COURT, "Republic of Korea", REFERENCE, "Torture", CLAIMANT,
        "2026-03-02 filed", "2026-09-10 answered", "compensation awarded", "not named to this reader", "probably they",
        "Proceedings: 1. Steps that are told: 2.",
    )  # fmt: skip
    late = ("compensation awarded",)  # told by a source that gives nobody leave
    assert holds(folder, *(one for one in said if one not in late)) == {}
    for form, text in texts(folder).items():
        assert ACCUSED not in text, form
        assert "compensationawarded" not in text, f"{form}: its source lets nothing of it go"
    [one] = json.loads((folder / "release.json").read_text("utf-8"))["release"]["proceedings"]
    assert one["became"] == "answered"


def test_for_ourselves_it_is_whole_in_the_reader_s_language_and_the_same_bytes_twice(vault, told, left, tmp_path):
    folder = left("--audience", "own", language="ko")
    said = ("법원과 당국의 절차", COURT, "대한민국", ACCUSED, "회령 보위부뷁", "접수됨", "배상 인용")
    assert holds(folder, *said, "5천만 원뷁", "고문") == {}
    assert holds(folder, "수사 시작뷁", "koreaherald.com") == {}, "a later step of one that is published"
    for name in FORMS:
        ran("dossier", tmp_path / name, "--release", "1", "--language", "ko", "--vault", vault)
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_to_everybody_and_where_nothing_is_recorded_there_is_no_such_section(vault, told, left):
    public = left("--audience", "public")
    for form, text in texts(public).items():
        for needle in ("Proceedingsbeforecourts", COURT, REFERENCE, ACCUSED, "손해배상뷁"):
            assert needle not in text, (form, needle)
    assert json.loads((public / "release.json").read_text("utf-8"))["release"]["proceedings"] == []


def test_whom_two_people_decided_to_name_is_named_with_the_decision_and_its_caution(vault, told, two, left):
    named(two, vault, ACCUSED)
    folder = left("--audience", "named body", "--body", "ICC")
    assert holds(folder, ACCUSED, "Named by decision", "with the caution: probably they") == {}


def test_who_is_accused_by_hearsay_alone_is_named_by_no_decision(vault, told, two, left, tmp_path):
    recorded(vault, tmp_path, HEARD)
    assert "by hearsay alone" in named(two, vault, "한뷔소", code=1)
    folder = left("--audience", "named body", "--body", "ICC")
    assert holds(folder, "헌뷁법원", "named by hearsay alone", "warrant issued") == {}
    for form, text in texts(folder).items():
        assert "한뷔소" not in text, form


def test_a_decision_of_while_a_document_told_it_names_nobody_once_hearsay_alone_is_left(vault, two, left, tmp_path):
    docket = HEARD.replace("Interview 63", "Docket 64").replace("정뷔라", "정뷔마").replace("heard", "document")
    entry = recorded(vault, tmp_path, docket)["entry"]
    [one] = own(vault)
    [who] = [each["id"] for each in one["against"]]
    known = HEARD.replace("speaks: yes}", f"speaks: yes}}, {{names: 한뷔소, known: {who}}}")
    recorded(vault, tmp_path, known.replace("issued", "renewed"))
    named(two, vault, "한뷔소")
    assert holds(left("--audience", "named body", "--body", "ICC"), "한뷔소") == {}
    ran("interview", entry, "--take-back", "--vault", vault)
    folder = left("--audience", "named body", "--body", "ICC")
    assert holds(folder, "named by hearsay alone") == {}
    for form, text in texts(folder).items():
        assert "한뷔소" not in text, form


def test_a_note_leads_to_the_sealed_records_of_its_step_in_the_package(told, left):
    folder = left("--audience", "named body", "--body", "ICC")
    [one] = json.loads((folder / "release.json").read_text("utf-8"))["release"]["proceedings"]
    index = json.loads((folder / "package" / "data" / "index.json").read_text("utf-8"))
    called = {item["called"]: item["path"] for item in index["items"] if "called" in item}
    told_of = [id_ for step in one["steps"] for id_ in step["items"]]
    assert told_of
    for id_ in told_of:
        record = json.loads((folder / "package" / called[id_]).read_text("utf-8"))
        assert record["subject"].startswith("proceeding_")
    assert holds(folder, one["steps"][0]["items"][0]) == {}


def test_whoever_filed_it_is_in_no_figure_of_people_and_the_figures_agree(told, left):
    folder = left("--audience", "named body", "--body", "ICC", "--no-names")
    made = json.loads((folder / "release.json").read_text("utf-8"))["release"]
    assert made["people"] is None
    assert {one["what"] for one in made["withheld"]} >= {"parties, who are counted in no figure of people"}
    assert "persons" not in {one["what"] for one in made["withheld"]}


def test_nothing_is_headed_that_has_nothing_under_it(told, left):
    folder = left("--audience", "named body", "--body", "ICC")
    for form, text in texts(folder).items():
        assert "Whatisasked" not in text, form
