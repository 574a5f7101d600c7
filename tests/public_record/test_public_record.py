"""A case on published material alone: every line has a source that a reader can open, and nobody in it is invented."""

import csv
import json
import math
import re
import subprocess
import sys
from dataclasses import replace

import markupsafe
import pypdfium2
import pytest

from corroborate.custody import Verifier
from corroborate.disclosure import Order, Records, Release, Results, read_signed, release
from corroborate.disclosure.signed import unsigned
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.figures import apart
from corroborate.public_record import commission, crimes_found, matrix
from corroborate.records import Source
from corroborate.site import SiteOptions, check_site, site_files
from corroborate.translation import in_language
from corroborate.vocabulary import links_of, load, words_of

CLOCK = "2026-11-29T09:00:00"
ADDRESS = re.compile(r"https?://[\w.-]+\.[a-z]{2,}(/\S*)?")
PRIVATE = ("hrnk_camps.kml", ".csv", "Ahmet", "vpn.", "own knowledge")


def ran(folder, *more):
    command = [sys.executable, "-m", "corroborate_cli", "demo", "--public-record", str(folder), *more]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)


def rows(folder, name):
    with (folder / "registers" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_register_of_places_equals_the_published_table_row_by_row(record, shared):
    with shared("reference/places.csv").open(encoding="utf-8", newline="") as file:
        published = {row["id"]: row for row in csv.DictReader(file)}
    ours = rows(record[0], "places")
    assert [row["id"] for row in ours] == list(published)
    for row in ours:
        for column in set(row) - {"source", "links", "lat", "lon"}:
            assert row[column] == published[row["id"]][column], (row["id"], column)
        for column in ("lat", "lon"):
            assert (row[column] or published[row["id"]][column]) == published[row["id"]][column]


def test_the_lines_of_the_report_carry_the_facts_of_the_published_table(record, shared):
    with shared("reference/coi_findings.csv").open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    ours = rows(record[0], "commission")
    assert [row["id"] for row in ours] == [row["id"] for row in published]
    for row, fact in zip(ours, published, strict=True):
        assert row["document"] == fact["document"]
        assert fact["paragraphs"].startswith(row["paragraphs"])
        assert row["crimes"].split("; ") == fact["crime_act_ids"].split(";")
        assert row["violations"].split("; ") == fact["violation_ids"].split(";")
        assert row["checked"] == fact["checked"]
        assert row["words_en"] != fact["claim"], "our words, and not somebody else's"
        assert all(row[f"words_{code}"] for code in ("en", "ko", "ja", "es"))


def test_every_figure_of_a_line_is_the_table_s_in_every_language(shared):
    with shared("reference/coi_findings.csv").open(encoding="utf-8", newline="") as file:
        published = {row["id"]: row["counted_evidence"] for row in csv.DictReader(file)}
    for one in commission():
        assert bool(one.counted) == bool(published[one.id])
        digits = {
            re.sub(r"[,.]", "", number) for number in re.findall(r"\d{1,3}(?:[,.]\d{3})+|\d{3,}", published[one.id])
        }
        for language, text in one.counted.items():
            found = re.sub(r"(?<=\d)[,.](?=\d)", "", text)
            for number in digits:
                short = {"93000": "9", "20000": "2", "80000": "8", "120000": "12", "200000": "20"}.get(number, number)
                assert number in found or short in found, (one.id, language, number)


def test_every_line_has_a_source_that_a_reader_can_open_and_none_is_a_private_copy(record):
    for name in ("places", "commission", "populations", "proceedings", "events"):
        for row in rows(record[0], name):
            links = row["links"].split()
            assert links, (name, row["id"])
            assert all(ADDRESS.fullmatch(one) for one in links), (name, row["id"], links)
            told = " ".join(str(cell) for cell in row.values())
            assert not [word for word in PRIVATE if word in told], (name, row["id"])
    made = read_signed((record[0] / "release.json").read_bytes()).release
    for demand in made.demands:
        assert ADDRESS.fullmatch(demand.address)
        assert all(event.links for event in demand.evidence)


def test_the_matrix_shows_for_each_crime_what_is_spoken_to_and_what_is_not(record):
    folder, summary = record
    cells = rows(folder, "matrix")
    known = load("crimes")
    crimes = list(dict.fromkeys(row["crime"] for row in cells))
    assert len(crimes) == summary["crimes"] == 11
    for crime in crimes:
        elements = [element["id"] for element in known[crime].more["elements"]]
        assert [row["element"] for row in cells if row["crime"] == crime] == elements
        mine = {row["element"]: row["spoken_to_by"] for row in cells if row["crime"] == crime}
        assert mine[f"{crime}.1"], "the conduct of a crime that was found is spoken to"
        assert not mine[f"{crime}.knowledge"], "the commission judged no individual"
    assert "cah.apartheid" not in crimes
    lines = {row["id"] for row in rows(folder, "commission")}
    assert {id_ for row in cells for id_ in row["spoken_to_by"].split("; ") if id_} <= lines


def test_an_open_allegation_speaks_for_no_element():
    spoken = {id_ for cell in matrix(commission()) for id_ in cell.found}
    for one in commission():
        if one.kind in ("open_allegation", "recommendation", "method"):
            assert one.id not in spoken
    assert len(crimes_found(commission())) == 11


def test_the_dossier_says_the_lines_in_four_languages_and_marks_what_was_not_read(record):
    folder, summary = record
    for language, gaps in (("en", "Gaps"), ("ko", "빈틈"), ("ja", "空白"), ("es", "Lagunas")):
        pages = pypdfium2.PdfDocument(folder / f"dossier.{language}.pdf")
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
        flat = re.sub(r"\s+", "", text)
        assert gaps in text and "INVENTED" not in text
        for one in commission():
            words = re.sub(r"\s+", "", re.split(r"[.。]", one.labels[language])[0])
            assert words[:12] in flat or words[-12:] in flat, (language, one.id)  # a page may end within a line
        assert flat.count("†") >= len([one for one in summary["not_read"] if one != "coi.070"])


def test_the_site_is_signed_names_its_sources_and_says_nothing_of_anybody_invented(record):
    folder, _ = record
    key = Verifier.parse((folder / "hub-key.txt").read_text().strip())
    found = check_site(folder / "site", [key])
    assert found.whole
    page = (folder / "site" / "en" / "findings.html").read_text(encoding="utf-8")
    assert page.count("https://undocs.org/A/HRC/25/63") > 40
    assert "nobody here is invented" in page
    assert (
        "가려" not in page
        and "not yet in"
        not in (folder / "site" / "ko" / "findings.html").read_text("utf-8").split('<h2 id="matrix">')[0]
    )
    assert (folder / "site" / "data" / "places.csv").read_bytes() == (folder / "registers" / "places.csv").read_bytes()


@pytest.mark.long
def test_the_same_clock_gives_the_same_bytes(record, tmp_path):
    again = tmp_path / "again"
    assert ran(again, "--json", "--clock", CLOCK).returncode == 0
    for path in ("dossier.en.pdf", "dossier.ja.pdf", "registers/matrix.csv", "site/en/findings.html"):
        assert (again / path).read_bytes() == (record[0] / path).read_bytes(), path


@pytest.mark.parametrize("inside", ["", "deep/inside"])
def test_it_is_never_written_among_invented_people(tmp_path, inside):
    (tmp_path / "demo.json").write_text(json.dumps({"invented": True, "seed": 1}), encoding="utf-8")
    done = ran(tmp_path / inside)
    assert done.returncode == 1 and "never mixed" in done.stderr and "Traceback" not in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["demo.json"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("ours", encoding="utf-8")
    done = ran(tmp_path)
    assert done.returncode == 1 and "choose another folder" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_no_release_mixes_the_public_record_with_invented_people(record):
    asked = Order("Title", "Nobody", "public", read_signed((record[0] / "release.json").read_bytes()).release.on)
    source = Source("src_01890000000070008000000000000001", "list", "Invented", invented=True)
    with pytest.raises(NotAllowed, match="never mixed"):
        release(asked, Records(sources={source.id: source}), Results(found=commission()))


def test_a_release_with_the_public_record_can_be_read_back(record):
    made = read_signed((record[0] / "release.json").read_bytes()).release
    assert Release.from_json(made.to_json()) == made
    assert not made.invented and not made.persons and made.estimate is None


@pytest.mark.parametrize(
    ("source", "addresses"),
    [
        ("A/HRC/25/63 para 42", ["https://undocs.org/A/HRC/25/63"]),
        (
            "E/CN.4/RES/2003/10; A/RES/60/173",
            ["https://undocs.org/E/CN.4/RES/2003/10", "https://undocs.org/A/RES/60/173"],
        ),
        ("S/PV.7353", ["https://undocs.org/S/PV.7353"]),
        ("right-docs.org/doc/a-hrc-27-10", ["https://right-docs.org/doc/a-hrc-27-10"]),
        ("https://example.org/a?b=1 (a copy)", ["https://example.org/a?b=1"]),
        ("own knowledge", []),
        ("status: timeline.csv", []),
        ("copy in github Ahmet-Dedeler/camps docs/research/hrnk_camps.kml)", []),
        ("A Korean newspaper of 3 May", []),
    ],
)
def test_the_words_of_a_source_lead_to_addresses(source, addresses):
    assert [one.address for one in links_of(source)] == addresses


def test_words_for_a_reader_leave_out_files_of_the_compilers():
    assert words_of("A/HRC/25/63 para 1; status: timeline.csv") == "A/HRC/25/63 para 1"
    for name in ("places", "timeline", "demands", "commission", "populations", "proceedings"):
        for entry in load(name).entries.values():
            assert not [word for word in PRIVATE if word in words_of(entry.source)], entry.id


def text_of(folder, language):
    pages = pypdfium2.PdfDocument(folder / f"dossier.{language}.pdf")
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_bounded() for page in pages))


@pytest.mark.parametrize("language", ["en", "ko", "ja", "es"])
def test_no_page_sends_a_witness_to_somebody_who_was_not_asked(record, language):
    site = record[0] / "site" / language
    assert not (site / "testimony.html").exists()
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "testimony.html" not in text, page
        assert '"member"' not in text, page
    for empty in ("estimate", "statements", "states", "actions", "press"):
        assert not (site / f"{empty}.html").exists()
        assert f'href="{empty}.html"' not in (site / "index.html").read_text(encoding="utf-8")


def test_a_member_takes_testimony_where_it_said_so_itself_and_nobody_is_promised_for(record, tmp_path):
    made = read_signed((record[0] / "release.json").read_bytes()).release
    name = made.members[0].name
    said = site_files(made, SiteOptions(takes_testimony=(name,)))["en/testimony.html"].decode()
    assert made.members[1].name not in said
    assert markupsafe.escape(name) in said and "promises nothing" in said
    with pytest.raises(InvalidValue, match="no member in this release"):
        site_files(made, SiteOptions(takes_testimony=("Somebody else",)))


def test_the_count_of_elements_is_that_of_the_lines_that_are_counted_beside_it(record):
    folder, _ = record
    lines = [row for row in rows(folder, "commission") if row["speaks_to"]]
    elements = {cell["element"] for cell in rows(folder, "matrix")}
    spoken = {one for row in lines for one in row["speaks_to"].split("; ")} & elements | {
        cell["element"] for cell in rows(folder, "matrix") if cell["spoken_to_by"]
    }
    speaking = {one for cell in rows(folder, "matrix") for one in cell["spoken_to_by"].split("; ") if one}
    figures = {row["id"]: row for row in rows(folder, "figures")}
    assert int(figures["elements-spoken"]["value"]) == len(spoken)
    assert int(figures["lines-speaking"]["value"]) == len(speaking)
    said = f"{len(speaking)} of these {len(rows(folder, 'commission'))} lines speak to {len(spoken)} of {len(elements)}"
    assert said in text_of(folder, "en")


def test_no_line_speaks_to_what_one_person_knew_or_meant(record):
    mental = [cell for cell in rows(record[0], "matrix") if cell["kind"] == "mental"]
    assert mental and not any(cell["spoken_to_by"] for cell in mental)
    knew = replace(commission()[-1], speaks_to=("cah.other_inhumane_acts.3",))
    with pytest.raises(InvalidValue, match="judged no individual"):
        matrix((*commission(), knew))


@pytest.mark.parametrize(
    ("language", "warning", "readers", "site_alone"),
    [
        ("en", "Count it as partly met only with that warning", "compilers of this register", "the site, not the page"),
        ("ko", "14", "이 목록을 엮은 사람들", "사이트 전체"),
        ("ja", "22", "", "サイト全体"),
        ("es", "22", "", "el sitio, no la página"),
    ],
)
def test_a_status_stands_with_its_warning_its_readers_and_its_latest_event(
    record, language, warning, readers, site_alone
):
    text = re.sub(r"\s+", "", text_of(record[0], language))
    made = read_signed((record[0] / "release.json").read_bytes()).release
    flat = re.sub(r"[-\x02]", "", text)
    for one in made.demands:
        assert re.sub(r"[-\s]", "", in_language(one.note, language))[:20] in flat, one.id
    assert all(re.sub(r"\s+", "", part) in text for part in (warning, readers, site_alone))
    monitors = next(one for one in made.demands if one.id == "demand.access_monitors")
    assert [one.date for one in monitors.evidence] == sorted(one.date for one in monitors.evidence)
    assert "2017-05-03:" in text
    page = (record[0] / "site" / language / "demands.html").read_text(encoding="utf-8")
    assert "coalition's reading" not in page and "연대가 읽은" not in page


def test_a_line_without_a_paragraph_says_so(record):
    page = (record[0] / "site" / "en" / "findings.html").read_text(encoding="utf-8")
    inexact = [one for one in commission() if not one.paragraphs[0].isdigit() and one.checked == "seen"]
    assert len(inexact) == page.count("a section, no paragraph: look it up") == 5
    assert text_of(record[0], "en").count("names the section, no paragraph") == 5


@pytest.mark.parametrize("name", ["matrix", "figures"])
def test_registers_that_count_lead_to_what_they_rest_on(record, name):
    for row in rows(record[0], name):
        counts = row.get("spoken_to_by") or row.get("id", "").startswith(("lines", "places.", "elements-spoken"))
        assert bool(row["links"]) == bool(counts), row
        assert all(ADDRESS.fullmatch(one) for one in row["links"].split()), row


def verified(*arguments):
    command = [sys.executable, "-m", "corroborate_cli", "verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def test_the_release_is_verified_by_the_command_that_the_dossier_names(record, tmp_path):
    folder, _ = record
    key = Verifier.parse((folder / "hub-key.txt").read_text().strip())
    assert "corroborate verify release.json --keys hub-key.txt" in text_of(folder, "en")
    assert re.sub(r"\s", "", key.fingerprint) in re.sub(r"\s", "", text_of(folder, "ko"))
    alone = verified(folder / "release.json")
    assert alone.returncode == 3 and key.fingerprint in alone.stdout and "INCOMPLETE" in alone.stdout
    known = verified(folder / "release.json", "--keys", folder / "hub-key.txt")
    assert known.returncode == 0 and known.stdout.startswith("VALID")
    content = (folder / "release.json").read_bytes()
    for name, changed in (
        ("changed", content.replace(b"Public record", b"Public Record", 1)),
        ("cut", content[:5000]),
        ("unsigned", unsigned(content)),
        ("other", b'{"a": 1}'),
    ):
        (tmp_path / name).write_bytes(changed)
        done = verified(tmp_path / name, "--keys", folder / "hub-key.txt")
        assert done.returncode == 1 and "Traceback" not in done.stderr and "ZIP file, or" not in done.stdout, name


def test_no_sign_of_the_map_lies_on_another(record):
    made = read_signed((record[0] / "release.json").read_bytes()).release
    points = [(one.point[1] * 60, one.point[0] * 60) for one in made.places if one.point]
    drawn = apart(points, 9)
    pairs = [(a, b) for at, a in enumerate(drawn) for b in drawn[at + 1 :]]
    assert all(math.dist(a, b) >= 9 for a, b in pairs)
    assert apart([(0, 0), (0, 0), (0, 0)], 5)[0] == (0, 0)
    names = text_of(record[0], "en").partition("Points are those")[2][:4000]
    assert all(one.names[0].text.split(",")[0] in names for one in made.places if one.point)
