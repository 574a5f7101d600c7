"""Ways in which a finding, a register or a figure says more than it can carry: each is refused, or flagged with why.

Begun by a file of an interview and a command, and read at the bytes that left.
"""

import csv
import io
import json

import pytest
import yaml
from tests.importing.commanding import WORDS, ran
from tests.inquiry.conftest import OWN

from corroborate.disclosure import read_signed
from corroborate_node import api

TORTURE, MURDER = "cah.torture.1", "cah.murder.1"
PRISON = "cah.imprisonment.1"  # no act against a body: whoever tells it may let it be counted
COUNTED = {"own": ["hold", "link", "count"], "public": ["count"]}
QUOTED = {"own": "hold; count; link; quote; name", "public": "count; quote; name"}
JUDGED = ("--conclusion", "meets", "--reasons", "as told")


def heard(vault, folder, number, *acts, consent=COUNTED, **more):
    """An interview of a witness of its own; its source's id."""
    entry = {"source": {"title": f"Interview {number}"}, "consent": consent,
             "people": [{"names": f"김뷁{number}", "speaks": True}], "acts": list(acts), **more}  # fmt: skip
    (folder / "heard.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    return json.loads(ran("interview", folder / "heard.yaml", "--vault", vault, "--json"))["source"]


def act(who, what="자의적 구금", **more):
    return {"what": what, "whom": who, **more}


def made(vault, *words):
    return json.loads(ran("release", "make", *words, "--vault", vault, "--yes", "--json"))


def shown(vault, folder, number):
    """What a release tells its reader, from the bytes of its release.json."""
    path = folder / f"release-{number}.json"
    ran("release", "write", number, "--json", path, "--vault", vault)
    return read_signed(path.read_bytes()).release


def finding(release, element):
    return next(one for one in release.findings if one.element == element)


def cell(vault, element):
    cells = json.loads(ran("findings", "matrix", "--vault", vault, "--json"))["cells"]
    return next(one for one in cells if one["element"] == element)


# --- a finding --------------------------------------------------------------------------------------------------------


def test_without_a_claim_for_it_nobody_judges_it_met_and_no_member_stands_under_it(vault, tmp_path, three):
    assert "nothing here speaks" in ran("findings", "assess", MURDER, *JUDGED, "--vault", vault, code=1)
    number = made(vault, "--audience", "public", "--no-names")["release"]
    assert finding(shown(vault, tmp_path, number), MURDER).support == "none"
    stand = ("findings", "stand", tmp_path / f"release-{number}.json", MURDER, "--choice", "stands", "--yes")
    refused = ran(*stand, "--out", tmp_path / "notes", "--vault", vault, code=1)
    assert "shows no finding" in refused
    assert not (tmp_path / "notes").exists()


def test_with_one_root_it_says_so_where_it_is_judged_and_where_it_leaves_however_often_it_was_told(vault, tmp_path):
    first = heard(vault, tmp_path, 1, act("이뷁하"))
    for number in range(2, 5):
        again = heard(vault, tmp_path, number, act(f"이뷁{number}"))
        ran("ties", "add", again, "told_by", first, "--because", "the article names her", "--vault", vault)
    ran("findings", "assess", PRISON, *JUDGED, "--vault", vault)
    found = cell(vault, PRISON)
    assert (found["for"], found["independent"]) == (4, 1)
    assert "one_origin" in found["doubts"]
    number = made(vault, "--audience", "public", "--no-names")["release"]
    told = finding(shown(vault, tmp_path, number), PRISON)
    assert (told.support, told.victims, told.claims_for, told.roots) == ("one root", None, None, None)
    ran("release", "write", number, "--dossier", tmp_path / "dossier.html", "--vault", vault)
    assert "one root" in (tmp_path / "dossier.html").read_text(encoding="utf-8")


def test_all_of_whose_claims_are_withdrawn_it_stands_on_nothing_and_its_release_is_given_no_more(
    vault, tmp_path, three
):
    ran("findings", "assess", TORTURE, *JUDGED, "--vault", vault)
    number = made(vault, "--audience", "own", "--no-names")["release"]
    assert finding(shown(vault, tmp_path, number), TORTURE).support == "several roots"
    for source in three:
        ran("withdraw", source, "--vault", vault)
    assert cell(vault, TORTURE)["doubts"] == ["nothing_for", "changed"]
    again = ran("release", "write", number, "--dossier", tmp_path / "late.pdf", "--vault", vault, code=1)
    assert "withdrawn" in again
    assert not (tmp_path / "late.pdf").exists()
    after = shown(vault, tmp_path, made(vault, "--audience", "own", "--no-names")["release"])
    assert not after.findings  # nothing is left to line up


def test_what_a_source_that_stays_carries_leaves_weaker_and_whoever_makes_the_release_reads_which(vault, tmp_path):
    for number in range(3):
        heard(vault, tmp_path, number, act(f"이뷁{number}"), consent={"own": COUNTED["own"]})
    heard(vault, tmp_path, 3, act("이뷁하"))  # of four sources one may be counted in public
    told = made(vault, "--audience", "public", "--no-names")
    assert {"element": PRISON, "here": "several roots", "there": "one root"} in told["findings_weaker"]
    public = shown(vault, tmp_path, told["release"])
    assert finding(public, PRISON).support == "one root"
    assert "claims behind findings" in {one.what for one in public.withheld}
    said = ran("release", "make", "--audience", "public", "--no-names", "--preview", "--vault", vault)
    assert f"{PRISON}: in this vault several roots, before this reader one root" in said
    assert made(vault, "--audience", "own", "--no-names")["findings_weaker"] == []


# --- who is said to have done it --------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path, vault, account):
    """`two(audience, …)`: the number of a release that names people, which a second person confirmed."""
    (tmp_path / "passphrase").write_text(OWN + "\n", encoding="utf-8")
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")

    def confirmed(*words):
        by = ("--account-file", tmp_path / "passphrase", "--as")
        number = made(vault, *words, *by, "jin")["release"]
        ran("release", "confirm", number, *by, "hana", "--vault", vault)
        return number

    return confirmed


def test_who_is_named_by_hearsay_alone_is_flagged_beside_the_name_on_the_page_and_in_what_leaves(
    vault, tmp_path, entered, two, account
):
    hearsay, seen = (
        act("이뷁하", by="최뷁다", basis="heard"),
        act("박뷁나", by="한뷁마", basis="saw", sure="surely_them"),
    )
    heard(vault, tmp_path, 1, hearsay, seen, consent=QUOTED)
    with api.open_vault(vault, WORDS):
        page = entered("hana").get("/registers/prisoners").content.decode()
    name = page.index("최뷁다")
    assert "들은" in page[name : name + 200] or "전해" in page[name : name + 200]
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "sora", OWN, "lawyer")
        from corroborate_node.records import queries

        people = [one.subject for one in queries.claims() if getattr(one.value, "text", "") in ("최뷁다", "한뷁마")]
    by = ("--account-file", tmp_path / "passphrase", "--vault", vault, "--as")
    for who in {one for one in people if one.startswith("party_")}:
        asked = ("--audience", "named body", "--body", "ICC", "--sure", "possibly_them", "--because", "x", "--json")
        ran("naming", "confirm", json.loads(ran("naming", "decide", who, *asked, *by, "jin"))["id"], *by, "sora")
    number = two("--audience", "named body", "--body", "ICC")
    ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "prisoners.csv").read_text(encoding="utf-8"))))
    told = {one["perpetrator"]: (one["said_to_have_done_it_by"], one["caution"]) for one in rows}
    assert told["최뷁다"] == ("heard", "nobody said how sure")
    assert told["한뷁마"] == ("saw", "surely_them")


@pytest.mark.parametrize(("audience", "body"), [("own", ""), ("named body", "ICC"), ("coalition", ""), ("public", "")])
def test_a_release_that_names_nobody_names_nobody_who_is_said_to_have_done_it(vault, tmp_path, audience, body):
    """Nobody else looks at such a release before it leaves."""
    heard(vault, tmp_path, 1, act("이뷁하", by="최뷁다", unit="보위부뷁"), consent=QUOTED)
    asked = ("--audience", audience, *(("--body", body) if body else ()), "--no-names")
    number, left = made(vault, *asked)["release"], tmp_path / "left"
    left.mkdir()
    ran("release", "write", number, "--package", left / "package", "--ftm", left / "all.json", "--vault", vault)
    if audience in ("own", "named body"):
        ran("release", "write", number, "--registers", left / "out", "--vault", vault)
        assert "보위부뷁" in (left / "out" / "prisoners.csv").read_text(encoding="utf-8")
    assert len(files := [one for one in left.rglob("*") if one.is_file()]) > 3
    assert not [one for one in files if "최뷁다" in one.read_text(encoding="utf-8", errors="replace")]


# --- where it was heard -----------------------------------------------------------------------------------------------


def test_a_circle_of_reports_is_refused_with_the_way_round_and_nothing_is_kept(vault, three):
    one, two, last = three
    ran("ties", "add", one, "told_by", two, "--because", "said so", "--vault", vault)
    ran("ties", "add", two, "quoted_from", last, "--because", "said so", "--vault", vault)
    refused = ran("ties", "add", last, "told_by", one, "--because", "said so", "--vault", vault, code=1)
    assert "already" in refused
    assert f"{one} → {two} → {last}" in refused or all(source in refused for source in three)
    assert "itself" in ran("ties", "add", one, "told_by", one, "--because", "x", "--vault", vault, code=1)
    assert len(json.loads(ran("ties", "list", last, "--vault", vault, "--json"))) == 1
    assert cell(vault, TORTURE)["independent"] == 1


# --- fields that nobody knows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("sources: {title: X}\nconsent: {own: hold}\npeople: [{names: 김뷁}]", "sources"),
        ("source: {title: X, colour: red}\nconsent: {own: hold}\npeople: [{names: 김뷁}]", "colour"),
        ("source: {title: X}\nconsent: {own: hold, publik: name}\npeople: [{names: 김뷁}]", "publik"),
        ("source: {title: X}\nconsent: {own: hold}\nacts: [{what: 고문, whom: 김뷁, wen: 1998}]", "wen"),
    ],
)
def test_a_field_that_no_interview_has_is_refused_by_its_name_and_nothing_is_recorded(vault, tmp_path, text, field):
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    assert field in ran("interview", tmp_path / "odd.yaml", "--vault", vault, code=1)
    assert json.loads(ran("search", "김뷁", "--vault", vault, "--json"))["people"]["number"] == 0


# --- figures ----------------------------------------------------------------------------------------------------------


def test_one_to_nine_people_or_claims_are_told_to_ourselves_alone_to_the_last_byte(vault, tmp_path):
    for number in range(9):
        heard(vault, tmp_path, number, act(f"이뷁{number}"))
    release = shown(vault, tmp_path, made(vault, "--audience", "public", "--no-names")["release"])
    told = finding(release, PRISON)
    assert (told.victims, told.claims_for, told.roots, told.support) == (None, None, None, "several roots")
    assert {one.count for one in told.root_kinds} == {None}
    own = finding(shown(vault, tmp_path, made(vault, "--audience", "own", "--no-names")["release"]), PRISON)
    assert (own.claims_for, own.roots) == (9, 9)


def test_two_releases_that_would_show_one_more_person_by_their_difference_say_so_and_tell_no_figure(vault, tmp_path):
    for number in range(12):
        heard(vault, tmp_path, number, act(f"이뷁{number}"))
    first = made(vault, "--audience", "public", "--no-names")
    assert finding(shown(vault, tmp_path, first["release"]), PRISON).victims == 12
    heard(vault, tmp_path, 12, act("이뷁12"))
    later = made(vault, "--audience", "public", "--no-names")
    assert [one["figure"] for one in later["differences"] if "prison" in one["figure"].lower()]
    assert {(one["use"], one["more"]) for one in later["people_apart"]} == {("count", 1)}
    assert finding(shown(vault, tmp_path, later["release"]), PRISON).victims is None
    said = ran("release", "show", later["release"], "--vault", vault)
    assert "fewer than ten people" in said
