"""The whole chain: what it promises of itself, and the same bytes for the same seed and clock."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from corroborate.custody import Policy, Verifier, verify
from corroborate.disclosure import read_signed
from corroborate.errors import InvalidValue
from corroborate.figures import numbers
from corroborate.registers.traces import trace
from corroborate.site import check_site
from corroborate.vocabulary import load

CLOCK = "2026-11-24T09:00:00"


def ran(folder: Path, *more: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", "demo", str(folder), "--size", "600", "--seed", "7", "--clock", CLOCK,
         "--json", *more],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("demo") / name for name in ("one", "two")]
    return [(folder, ran(folder)) for folder in folders]


def test_the_same_seed_and_clock_give_the_same_dossier_site_release_and_overlap(twice):
    (one, _), (two, _) = twice
    parts = ("site", "linked", "lists")
    paths = [p.relative_to(one) for part in parts for p in sorted((one / part).rglob("*")) if p.is_file()]
    assert len(paths) > 40
    for path in [*paths, Path("dossier.pdf"), Path("release.json"), Path("estimate.json"), Path("policy.txt")]:
        assert (one / path).read_bytes() == (two / path).read_bytes(), path


def test_the_summary_says_what_was_found(twice):
    _, summary = twice[0]
    assert summary["invented"] is True
    assert summary["members"]["count"] == 46
    assert summary["members"]["to_confirm"] == ["NO FENCE", "North Korea Freedom Coalition"]
    assert 0 < summary["linkage"]["precision"] <= 1
    assert 0 < summary["linkage"]["recall"] <= 1
    estimate = summary["estimate"]
    assert estimate["truth"] == 600
    low, high = estimate["estimate"]["low"], estimate["estimate"]["high"]
    assert estimate["interval_holds_truth"] == (low <= 600 <= high)
    assert summary["witnessed"] == dict.fromkeys("ABCD", 3)
    assert {"dossier", "site", "package", "overlap", "release"} <= set(summary["paths"])
    assert summary["seconds"]["all"] > 0


def test_a_changed_comma_lets_the_sign_ons_fall(twice):
    _, summary = twice[0]
    states = [sorted(step["states"].values()) for step in summary["statement"]["steps"]]
    assert states == [
        ["silent"] * 4,
        ["abstains", "signed", "signed", "signed"],
        ["lapsed"] * 4,
        ["lapsed", "lapsed", "signed", "signed"],
    ]


def test_the_statement_is_published_as_a_page_that_a_stranger_verifies(twice):
    from corroborate.coalition.final import verify_statement

    (one, summary), (two, _) = twice
    for name in ("statement.html", "statement.txt"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
        found = verify_statement((one / name).read_bytes())
        assert (found.verdict, found.checked["signed_by_key"]) == ("valid", 2)
    assert summary["statement"]["final"]["html"] == str(one / "statement.html")


def test_the_package_is_valid_and_one_flipped_byte_is_named(twice):
    folder, summary = twice[0]
    policy = (folder / "policy.txt").read_bytes()
    assert verify.verify(folder / "package", policy)["verdict"] == "valid"
    changed = verify.verify(folder / "package-changed", policy)
    assert changed["verdict"] == "invalid"
    assert any(summary["package"]["changed_file"] in line for line in changed["failures"])


def test_the_verifier_inside_the_package_stands_alone(twice, tmp_path):
    folder, _ = twice[0]
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "package" / "verify.py"), str(folder / "package"),
         "--policy", str(folder / "policy.txt")],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_is_marked_as_invented(twice):
    folder, _ = twice[0]
    for page in (folder / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "invented" in text or "지어낸" in text or "架空" in text, page
    assert json.loads((folder / "estimate.json").read_text(encoding="utf-8"))["invented"] is True
    for place in ("", "linked", "lists"):
        assert b"invented" in (folder / place / "INVENTED.txt").read_bytes()


def test_no_name_without_leave_is_in_any_byte_that_is_published_or_logged(twice):
    folder, _ = twice[0]
    release = json.loads((folder / "release.json").read_text(encoding="utf-8"))["release"]
    named = {name["text"] for person in release["persons"] for name in person["names"]}
    withheld: set[str] = set()
    for line in (folder / "lists" / "a.csv").read_bytes().decode("cp949").splitlines()[1:]:
        cells = line.split(",")
        if "공개동의" not in line and len(cells[1].replace(" ", "")) == 3 and cells[2]:
            withheld.add(cells[2])  # the name in characters, which no other list writes
    withheld -= named
    assert len(withheld) > 20
    open_files = [p for part in ("site", "hub", "package") for p in (folder / part).rglob("*") if p.is_file()]
    open_files += [p for p in (folder / "vaults").glob("*/log/**/*") if p.is_file()]
    content = b"\n".join(p.read_bytes() for p in [*open_files, folder / "release.json"])
    assert [name for name in withheld if name.encode() in content] == []


def test_the_joint_release_left_by_a_member_s_door_and_the_hub_knows_its_key(twice):
    """It is kept there, made by one person and confirmed by another, and each file that was written of it."""
    folder, summary = twice[0]
    vault, secret = summary["paths"]["vault"], folder / "passphrase.txt"

    def told(*words: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", *words, "--passphrase-file", str(secret)],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        return json.loads(done.stdout) if "--json" in words else {}

    signed = read_signed((folder / "release.json").read_bytes())
    policy = Policy.parse((folder / "policy.txt").read_text(encoding="utf-8"))
    assert signed.key == policy.log
    kept = told("release", "show", str(folder / "release.json"), "--vault", vault, "--json")
    assert [one["form"] for one in kept["given"]] == ["json", "dossier"]
    assert kept["confirmed_by"] not in ("", kept["made_by"])
    told("publish", str(folder.parent / "again"), "--release", str(folder / "release.json"), "--hub",
         summary["paths"]["hub"])  # fmt: skip


def test_the_site_is_whole_under_the_hub_s_key_and_shows_the_members_own_actions(twice):
    folder, _ = twice[0]
    key = Verifier.parse((folder / "hub-key.txt").read_text(encoding="utf-8"))
    assert check_site(folder / "site", [key]).whole
    page = (folder / "site" / "ko" / "actions.html").read_text(encoding="utf-8")
    assert "새봄인권기록회" in page
    assert "지어낸 사람" in page


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", "demo", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no demonstration" in done.stderr
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_the_site_carries_the_statement_as_a_page_that_a_stranger_verifies(twice):
    folder, summary = twice[0]
    pages = sorted((folder / "site" / "statements").glob("*.html"))
    assert [page.read_bytes() for page in pages] == [Path(summary["statement"]["final"]["html"]).read_bytes()]
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", "verify", str(pages[0]), "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["verdict"] == "valid"


def figures(folder: Path) -> dict[str, str]:
    with (folder / "site" / "data" / "figures.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["value"] for row in csv.DictReader(file)}


def in_pdf(path: Path) -> str:
    pages = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def test_one_figure_is_the_same_figure_in_dossier_site_table_and_release(twice):
    folder, summary = twice[0]
    known, text = figures(folder), in_pdf(folder / "dossier.pdf")
    made = read_signed((folder / "release.json").read_bytes()).release
    page = (folder / "site" / "en" / "estimate.html").read_text(encoding="utf-8")
    assert made.estimate is not None and made.people is not None
    assert {one.id: str(one.value) if one.value is not None else "under 10" for one in numbers(made)} == known
    for name in ("documented", "at-least", "headline", "headline-low", "headline-high", "blind-low", "blind-high"):
        shown = f"{int(known[name]):,}"
        assert shown in text and shown in page, name
    assert int(known["documented"]) == made.estimate.documented == summary["linkage"]["documented"]
    for one in made.findings:
        if one.victims is not None:
            assert int(known[f"people.{one.element}"]) == one.victims <= made.people.people
            assert f"{one.victims:,} people" in text


def test_the_people_of_the_dossier_fall_into_parts_that_add_up(twice):
    folder, summary = twice[0]
    made = read_signed((folder / "release.json").read_bytes()).release
    people = made.people
    assert people is not None and people.people is not None
    assert people.entries == sum(one["rows"] for one in summary["lists"].values())
    assert people.named + people.unnamed + people.taken_back == people.people
    assert people.compared + people.beside == people.people
    assert people.named == len(made.persons) and people.compared == made.estimate.documented
    text = in_pdf(folder / "dossier.pdf")
    assert f"{people.entries:,} entries are {people.people:,} people after matching" in text


def test_the_dossier_says_first_whether_its_headline_holds_the_known_truth(twice):
    folder, summary = twice[0]
    text = in_pdf(folder / "dossier.pdf")
    said = "its interval holds the known truth" if summary["estimate"]["interval_holds_truth"] else "misses: 600 people"
    summary_of = text[text.rindex("1 Summary") :]
    assert said in summary_of[:400]


def test_a_figure_leads_to_its_claims_in_the_package_without_a_network(twice):
    folder, _ = twice[0]
    index = json.loads((folder / "package" / "data" / "index.json").read_text(encoding="utf-8"))
    paths = [one["path"] for one in index["items"] if one.get("title") == "violation"]
    engaged = {one.id for one in load("violations").entries.values() if "cah.torture" in one.more["crimes"]}
    expected = {
        record["id"]
        for record in (json.loads((folder / "package" / path).read_bytes()) for path in paths)
        if record["value"]["id"] in engaged
    }
    found = trace(folder / "package", "p.cah.torture.1")
    assert expected and {one.claim for one in found.claims} == expected
    assert found.figure == "people.cah.torture.1" and found.people >= 1 and found.verdict != "invalid"
    for one in found.claims:
        assert one.source and one.locator and one.recorder and one.entry >= 0
        assert (folder / "package" / one.proof).is_file()
    assert found.sealed == sum("commitment" in one for one in index["items"])
    assert not trace(folder / "package", "against.cah.torture.1").claims


@pytest.mark.parametrize("figure", ["headline", "documented", "p.cah.nothing.1", "people.", "for.cah.torture.2", ""])
def test_a_figure_that_is_no_count_of_claims_says_so(twice, figure):
    with pytest.raises(InvalidValue, match=r"calculated|no figure"):
        trace(twice[0][0] / "package", figure)


def test_nothing_is_traced_in_a_package_that_was_changed(twice):
    folder, _ = twice[0]
    command = [sys.executable, "-m", "corroborate_cli", "trace", "named", "--package", str(folder / "package-changed")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "no package as it was made" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("language", ["ko", "ja", "es"])
def test_what_an_estimate_assumes_warns_of_and_tips_at_is_said_in_the_reader_s_language(twice, tmp_path, language):
    release = twice[0][0] / "release.json"
    for code in ("en", language):
        out = str(tmp_path / f"{code}.pdf")
        subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "dossier", out, "--release", str(release), "--language", code],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
    said, english = in_pdf(tmp_path / f"{language}.pdf"), in_pdf(tmp_path / "en.pdf")
    for words in ("the same closed group", "Linkage is right", "the lists would have to", "could be seen"):
        assert words not in said, words
    assert "the same closed group" in english
