"""Exports of other programs and documents, taken into a vault by the command that a member gives, and read back from
it. All people are invented."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.importing.commanding import WORDS, ran
from tests.importing.test_programs import NOT_SAID, SAMPLES, agrees, expected, expected_of

from corroborate.records import Reference, Term
from corroborate.values import DateSpan
from corroborate_node import api

SEX = {"f": "female", "m": "male"}


def kept(folder: Path) -> dict:
    """People and acts of a vault, from its claims alone, in the shape of an expected.json."""
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import queries

        claims, sources = list(queries.claims()), queries.sources()
        kinds = {one.id: one.kind for one in queries.entities()}
    said: dict[str, dict[str, list]] = {one: {} for one in kinds}
    for claim in claims:
        said[claim.subject].setdefault(claim.property, []).append(claim.value)
    names = {one: of["name"][0].text for one, of in said.items() if "name" in of}
    victims = {value.entity for of in said.values() for value in of.get("victim", [])}
    by_act: dict[str, str] = {claim.subject: claim.source for claim in claims if claim.subject.startswith("act_")}
    return {
        "people": [_person(one, names, said[one], one in victims) for one in kinds if one in names],
        "acts": [_act(said[one], names, sources, by_act[one]) for one, kind in kinds.items() if kind == "act"],
    }


def _person(one: str, names: dict, of: dict, victim: bool) -> dict:
    roles = [text.text.removeprefix("role: ") for text in of.get("told", []) if text.text.startswith("role: ")]
    return {
        "name": names[one], "other_names": [name.text for name in of.get("alias", [])],
        "sex": next((SEX[value.text] for value in of.get("sex", [])), None),
        "birth": next((str(value) for value in of.get("birth_date", [])), None),
        "role": "victim" if victim else (roles or ["other"])[0],
    }  # fmt: skip


def _act(of: dict, names: dict, sources: dict, source: str) -> dict:
    date = next(iter(of.get("date", [])), None)
    span = isinstance(date, DateSpan)
    lat, lon = map(float, of["located"][0].text.split(", ")) if "located" in of else (None, None)
    before = [sources[one] for one in sources[source].derives_from]
    return {
        "terms": {term.id for term in of.get("violation", []) if isinstance(term, Term)},
        "date": None if date is None else str(date.earliest if span else date),
        "date_end": str(date.latest) if span else None,
        "place": next((text.text for text in of.get("place", [])), None), "lat": lat, "lon": lon,
        "victims": [names.get(one.entity, "") for one in of.get("victim", []) if isinstance(one, Reference)],
        "perpetrators": [text.text for text in of.get("perpetrator", [])],
        "sources": [one.title for one in before if one.kind != "list"],
    }  # fmt: skip


def same(found: dict, right: dict, without: set[str]) -> None:
    """Person by person and act by act, but for what the export does not say."""
    from corroborate.importers.coding import coding_table

    for act in right["acts"]:
        act["terms"] = {one.term for one in coding_table().read(act["type"]).acts}
    by_terms = sorted(found["acts"], key=lambda act: (sorted(act["terms"]), act["date"] or ""))
    wanted = sorted(right["acts"], key=lambda act: (sorted(act["terms"]), act["date"] or ""))
    assert [one["terms"] for one in by_terms] == [one["terms"] for one in wanted]
    agrees({**found, "acts": by_terms}, {**right, "acts": wanted}, without | {"type"})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_program_s_export_is_in_the_vault_person_by_person_and_act_by_act(name, vault):
    said = ran("import", SAMPLES[name], "--vault", vault)
    assert "claims; the log has" in said
    same(kept(vault), expected(name), NOT_SAID.get(name, set()))


@pytest.mark.parametrize(
    ("name", "file", "without"),
    [
        ("kobo", "export.en.both.xlsx", set()), ("kobo", "export.es.details.xlsx", set()),
        ("kobo", "submissions.api.json", set()), ("odk-central", "velora_cases.csv.zip", set()),
        ("uwazi", "export.all.csv", set()), ("uwazi", "api.search.json", set()),
        ("openevsys", "oe_openevsys-2019-08-05.sql", {"sources"}),
        ("bayanat", "export.actors.json", {"role"}),
        ("ftm", "entities.full.jsonl", NOT_SAID["ftm"]), ("ftm", "statements.csv", NOT_SAID["ftm"]),
    ],
)  # fmt: skip
def test_what_the_program_s_own_code_wrote_is_in_the_vault(shared, name, file, without, vault):
    ran("import", shared(f"formats/{name}/{file}"), "--vault", vault)
    same(kept(vault), expected_of(shared, name), without)


def test_a_dry_run_stores_nothing_and_says_what_would_be(vault):
    said = json.loads(ran("import", SAMPLES["kobo"], "--vault", vault, "--dry-run", "--json"))
    [file] = said["files"]
    assert not said["taken"]
    assert (file["people"], file["acts"], file["parties"]) == (4, 4, 3)
    assert kept(vault) == {"people": [], "acts": []}


def test_only_victims_are_people_of_the_vault(vault):
    """Perpetrators and witnesses are parties: counted among victims, they would make the number of the dead wrong."""
    ran("import", SAMPLES["kobo"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        kinds = [one.kind for one in queries.entities()]
        assert (kinds.count("person"), kinds.count("party")) == (4, 3)
        assert kinds.count("involvement") == 2
    assert "are what was sealed" in ran("doctor", "--vault", vault)


# --- documents, files, withdrawal -------------------------------------------------------------------------------------

INTERVIEW = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v 한누리>별하나를 부두에서 보았습니다.

00:01:05.500 --> 00:01:09.000
<v 기록자>그때가 언제였습니까?
"""
NEEDLE = "쇄빙선머리맡"


def page(vault: Path, path: str, language: str = "ko") -> str:
    """A page of an open vault, as its keeper sees it."""
    from django.test import Client

    browser = Client(HTTP_HOST="127.0.0.1")
    answer = browser.post("/log-in", {"username": "keeper", "password": "the words of its keeper"})
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(path, headers={"accept-language": language}).content.decode()


@pytest.fixture
def watched(tmp_path) -> Path:
    api.create_vault(tmp_path / "watched", "Documents", WORDS, account_passphrase="the words of its keeper")
    return tmp_path / "watched"


def sources_of(vault: Path) -> dict[str, str]:
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        return {called: one for one, called in queries.called_among(queries.sources()).items()}


def test_a_document_is_a_source_whose_page_lists_its_passages_in_korean(watched, tmp_path):
    (tmp_path / "면담.vtt").write_text(INTERVIEW, encoding="utf-8")
    said = ran("import", tmp_path / "면담.vtt", "--vault", watched, "--as", "부두 면담")
    assert "2 passages" in said
    assert "별하나" not in said
    id_ = sources_of(watched)["부두 면담"]
    with api.open_vault(watched, WORDS):
        shown = page(watched, f"/sources/{id_}")
    assert "구절" in shown
    assert shown.index("00:00:01 to 00:00:04") < shown.index("별하나를 부두에서 보았습니다.")
    assert shown.index("별하나를") < shown.index("00:01:05 to 00:01:09") < shown.index("그때가 언제였습니까?")
    assert "한누리" in shown
    assert hashlib.sha256(INTERVIEW.encode()).hexdigest() in shown


def test_a_withdrawn_document_leaves_no_passage_and_no_file(vault, tmp_path):
    text = tmp_path / "letter.txt"
    text.write_text(f"A letter.\n\n{NEEDLE} was taken from the quay.\n", encoding="utf-8")
    ran("import", text, "--vault", vault)
    id_ = sources_of(vault)["letter.txt"]
    assert len(list((vault / "sealed").rglob("*/*"))) == 1
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import documents, models

        [row] = models.KeptFile.objects.all()
        assert NEEDLE in b"".join(documents.content(_desk(vault), row.id)).decode()
    ran("withdraw", id_, "--vault", vault)
    assert list((vault / "sealed").rglob("*/*")) == []
    with api.open_vault(vault, WORDS):
        from django.db import connection

        from corroborate_node.log.models import LogEntry

        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            held = [str(cursor.execute(f'SELECT * FROM "{one}"').fetchall()) for one in tables]  # noqa: S608
        assert not any(NEEDLE in one for one in held)
        assert not LogEntry.objects.filter(kind__in=("passage", "file")).exclude(salt=None).exists()
    files = [path for path in vault.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if NEEDLE.encode() in path.read_bytes()]


def _desk(vault: Path):
    from datetime import UTC, datetime

    from corroborate_node.core import opened
    from corroborate_node.core.desk import owner

    return owner(opened.current(), datetime.now(UTC))


def test_one_record_withdrawn_erases_the_kept_export_and_leaves_the_other_records(vault):
    """The export says what that record told; its digest and the other records stay."""
    ran("import", SAMPLES["kobo"], "--vault", vault, "--as", "Forms")
    sources = sources_of(vault)
    ran("withdraw", sources["Forms · 1"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import models

        assert [(one.address, one.name, len(one.digest)) for one in models.KeptFile.objects.all()] == [("", "", 64)]
    assert len([one for one in kept(vault)["people"] if one["role"] == "victim"]) == 3


def test_the_network_of_a_witness_s_phone_stays_in_the_sealed_file(shared, watched):
    """Names of networks, addresses and the device are in the metadata: they are in no row and on no page."""
    ran("import", shared("formats/tella/20190614-quay.csv"), "--vault", watched)
    text = shared("formats/tella/20190614-quay.csv").read_text(encoding="utf-8").splitlines()
    cells = dict(zip(*(line.split(",") for line in text), strict=True))
    secret = [cells[one] for one in cells if any(word in one.lower() for word in ("wifi", "ip", "device", "cell"))]
    secret = [one for one in secret if len(one) > 5]
    assert secret
    with api.open_vault(watched, WORDS):
        from corroborate_node.records import queries

        told = json.dumps([one.record() for one in queries.claims()], ensure_ascii=False)
        pages = "".join(page(watched, f"/sources/{one}") for one in queries.sources())
    assert not [one for one in secret if one in told or one in pages]
    assert "20190614-quay.jpg" in pages


def test_a_file_that_is_not_what_its_export_says_is_kept_and_said(shared, watched, tmp_path):
    folder = Path(shutil.copytree(shared("formats/auto-archiver"), tmp_path / "archived"))
    [film] = folder.glob("archive/*.mp4")
    film.write_bytes(film.read_bytes() + b"one byte more")
    said = ran("import", folder / "db.csv", "--vault", watched)
    assert f"NOT what its export says it is: {film.name}" in said
    with api.open_vault(watched, WORDS):
        from corroborate_node.records import queries

        pages = "".join(page(watched, f"/sources/{one}", "en") for one in queries.sources())
    assert "It is not what its export says" in pages


def test_a_folder_is_taken_in_whole_or_not_at_all(vault, tmp_path):
    folder = tmp_path / "field"
    folder.mkdir()
    (folder / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nsomebody speaks\n", encoding="utf-8")
    (folder / "b.jpg").write_bytes(b"\xff\xd8\xff no picture, and kept as it is")
    (folder / "list.csv").write_text("name\nKim\n", encoding="utf-8")
    assert "list.csv" in ran("import", folder, "--vault", vault, code=1)
    assert sources_of(vault) == {}
    (folder / "list.csv").unlink()
    ran("import", folder, "--vault", vault)
    assert set(sources_of(vault)) == {"a.srt", "b.jpg"}


def test_a_pdf_has_passages_by_page_and_a_broken_one_is_refused(vault, tmp_path):
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(_pdf("Taken from the quay", "Seen at the gate"))
    said = json.loads(ran("import", pdf, "--vault", vault, "--dry-run", "--json"))
    [document] = said["files"][0]["export"]["sources"]
    assert [(one["where"], one["text"]) for one in document["passages"]] == [
        ("page 1, line 1", "Taken from the quay"), ("page 2, line 1", "Seen at the gate"),
    ]  # fmt: skip
    pdf.write_bytes(b"%PDF-1.7 broken")
    assert "cannot be opened as a PDF" in ran("import", pdf, "--vault", vault, code=1)


def _pdf(*pages: str) -> bytes:
    """A PDF with a line on each page."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * at} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>"
    return content + f"{end}\nstartxref\n{len(content)}\n%%EOF\n".encode()


def test_the_page_of_an_act_names_who_told_it_and_links_to_people_alone(watched):
    ran("import", SAMPLES["kobo"], "--vault", watched)
    with api.open_vault(watched, WORDS):
        from corroborate_node.records import queries

        act = next(one.subject for one in queries.claims() if one.property == "told_by")
        shown = page(watched, f"/acts/{act}")
    assert "Noor Feldspar" in shown
    assert "/persons/party_" not in shown


# --- files beside an export -------------------------------------------------------------------------------------------


def kept_files(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of every file that is kept sealed, held against its bytes."""
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import documents, models

        rows = list(models.KeptFile.objects.exclude(address=""))
        for row in rows:
            assert hashlib.sha256(b"".join(documents.content(_desk(folder), row.id))).hexdigest() == row.digest
        return {row.name: row.digest for row in rows}


@pytest.mark.parametrize(
    ("files", "given", "without"),
    [
        ("ftm/csv/*.csv", "Event.csv", set()),
        ("bayanat/export.*.json", "export.actors.json", {"export.incidents.json"}),  # tell of nothing else: links
        ("kobo/{form.xlsx,export.en.summary.csv}", "export.en.summary.csv", set()),
        ("auto-archiver/**/*.*", "db.csv", {"9892cac4e0abffe636e5ad51.html", "c5e7ead6238ef4aa008494b8.html",
                                            "expected.json", "made_by.md"}),
        ("tella/20190614-quay.{csv,jpg}", "20190614-quay.csv", set()),
    ],
)  # fmt: skip
def test_every_file_that_was_read_is_kept_with_its_digest(shared, vault, tmp_path, files, given, without):
    folder = tmp_path / "given"
    top, _, pattern = files.partition("/")
    before, _, rest = pattern.partition("{")
    among, _, after = rest.partition("}")
    for one in among.split(",") if rest else [pattern]:
        for path in shared(f"formats/{top}").glob(f"{before}{one}{after}" if rest else one):
            if path.is_file():
                to = folder / path.relative_to(shared(f"formats/{top}"))
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)
    [named] = folder.rglob(given)
    ran("import", named, "--vault", vault)
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    found = kept_files(vault)
    assert {name: digest for name, digest in there.items() if name not in without} == {
        name: digest for name, digest in found.items() if name not in without
    }


def test_a_picture_that_is_not_what_the_phone_wrote_down_is_a_doubt_before_and_after(shared, watched, tmp_path):
    for ending in ("csv", "jpg"):
        shutil.copy(shared(f"formats/tella/20190614-quay.{ending}"), tmp_path)
    picture = tmp_path / "20190614-quay.jpg"
    picture.write_bytes(picture.read_bytes()[:-3] + b"xyz")
    said = json.loads(ran("import", picture.with_suffix(".csv"), "--vault", watched, "--dry-run", "--json"))
    assert "NOT what the export says" in json.dumps(said["files"][0]["doubts"])
    assert "NOT what its export says it is" in ran("import", picture.with_suffix(".csv"), "--vault", watched)
    assert picture.name in kept_files(watched)


@pytest.mark.parametrize(("change", "doubts"), [(b"", 0), (b"x", 1)])
def test_a_document_of_followthemoney_is_held_against_its_content_hash(vault, tmp_path, change, doubts):
    """FollowTheMoney's hash is a SHA-1."""
    (tmp_path / "letter.txt").write_bytes(b"A letter." + change)
    entity = {"id": "d1", "schema": "Document", "properties": {
        "fileName": ["letter.txt"], "contentHash": [hashlib.sha1(b"A letter.", usedforsecurity=False).hexdigest()],
        "title": ["A letter to somebody"]}}  # fmt: skip
    (tmp_path / "all.ftm.json").write_text(json.dumps(entity) + "\n", encoding="utf-8")
    said = json.loads(ran("import", tmp_path / "all.ftm.json", "--vault", vault, "--json"))
    assert len(said["files"][0]["doubts"]) == len(said["not_what_their_export_says"]) == doubts
    assert set(kept_files(vault)) == {"all.ftm.json", "letter.txt"}


def test_who_was_victim_in_an_event_of_followthemoney_is_what_a_person_says(vault):
    """Said person by person, with that it was said by a person."""
    right = expected("ftm")
    of = {part: {name for act in right["acts"] for name in act[f"{part}s"]} for part in ("victim", "perpetrator")}
    said = [part for who, names in of.items() for name in names for part in ("--part", f"{name}={who}")]
    assert "nobody of that name" in ran("import", SAMPLES["ftm"], "--part", "Nobody=victim", "--vault", vault, code=1)
    ran("import", SAMPLES["ftm"], *said, "--vault", vault)
    found = kept(vault)
    same(found, right, {"role"})  # that somebody was interviewed is in a document's title alone
    roles = {one["name"]: one["role"] for one in found["people"]}
    assert {name: roles[name] for who in of for name in of[who]} == {name: who for who in of for name in of[who]}
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        assert [one for one in queries.claims() if "not by the export" in str(one.value)]


@pytest.mark.parametrize(
    "file",
    ["uwazi/api.templates.json", "uwazi/api.thesauri.json", "uwazi/api.relationtypes.json",
     "bayanat/import.mapping.json", "splink/model.json", "kobo/form.xlsx", "kobo/form.xml"],
)  # fmt: skip
def test_what_a_program_keeps_beside_its_records_makes_nobody_a_person(shared, vault, file):
    assert "no records" in ran("import", shared(f"formats/{file}"), "--vault", vault, code=1)


def test_a_list_of_names_with_ids_of_a_database_is_a_list_all_the_same(vault, tmp_path):
    (tmp_path / "people.json").write_text('[{"_id": "a1", "name": "Fictman Alpha"}]', encoding="utf-8")
    assert "1 row would be taken in" in ran("import", tmp_path / "people.json", "--vault", vault, "--dry-run")


def test_an_incident_alone_makes_nobody_a_victim(shared, vault, tmp_path):
    """It relates people to itself by numbers whose words are elsewhere: one of them is a perpetrator."""
    shutil.copy(shared("formats/bayanat/export.incidents.json"), tmp_path)
    ran("import", tmp_path / "export.incidents.json", "--vault", vault)
    found = kept(vault)
    assert {one["role"] for one in found["people"]} == {"other"}
    assert [one["victims"] for one in found["acts"]] == [[]]


def test_one_picture_is_taken_in_as_it_is(vault, tmp_path):
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff no picture, and kept as it is")
    ran("import", tmp_path / "b.jpg", "--vault", vault)
    assert set(kept_files(vault)) == {"b.jpg"}
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import models

        assert models.KeptFile.objects.count() == 1


def test_files_that_never_arrived_and_what_a_reviewer_refused_are_said(vault):
    said = ran("import", SAMPLES["odk-central"], "--vault", vault, "--dry-run")
    assert "of 1 file 0 arrived" in said
    assert "marked as rejected" in said
