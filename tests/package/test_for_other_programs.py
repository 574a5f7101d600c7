"""What other programs and other people read in a package: catalogues of crates, readers of PROV, tools of archives.

Nothing here is needed to verify, so no verdict would tell if it were wrong. Each reader below knows the names of its
specification and nothing of ours.
"""

import base64
import hashlib
import json
import re
import time
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import unquote

import pytest

from corroborate.custody import (
    Checkpoint,
    Description,
    Item,
    SealedChange,
    Software,
    Tree,
    package_files,
    package_parts,
    proof_text,
    seal,
    write_package,
)
from corroborate.custody.merkle import leaf_hash
from corroborate.errors import InvalidValue

SEOUL = timezone(timedelta(hours=9))
HIDDEN = ("A hidden title", "a hidden recorder", "hidden_name", "hidden_source", "hidden use")
KINDS = ("entity", "activity", "agent")
# PROV-JSON, section 3: what each relation must name, and of which kind it is.
RELATIONS = {
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
    "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
    "actedOnBehalfOf": {"prov:delegate": "agent", "prov:responsible": "agent"},
    "wasDerivedFrom": {"prov:generatedEntity": "entity", "prov:usedEntity": "entity"},
}
# The properties that schema.org gives these types, of those that the context of RO-Crate 1.1 knows.
TERMS = {
    "CreativeWork": {"name", "description", "about", "conformsTo"},
    "Dataset": {
        "name", "description", "datePublished", "license", "author", "publisher", "hasPart", "mentions",
    },
    "File": {"name", "contentSize", "encodingFormat"},
    "Organization": {"name"},
    "CreateAction": {"name", "agent", "instrument", "endTime", "result"},
    "SoftwareApplication": {"name", "softwareVersion", "description"},
}  # fmt: skip


def shipped(coalition, **more):
    """Three records shown and one withheld, with whatever else may travel along."""
    log = coalition.Log([coalition.record(number) for number in range(1, 5)])

    def item(at, name, **about):
        return Item(name, at, log.seals[at].commitment, log.records[at], log.salts[at], **about)

    items = [
        item(0, "letter.json", title="A letter", recorder="Recorder Two", use="quote", until=date(2031, 1, 1),
             recorded=datetime(2014, 2, 16, 8, 30, tzinfo=SEOUL), sealed=datetime(2014, 2, 17, 7, tzinfo=SEOUL)),
        item(1, "testimony.json", title="A testimony", recorder="Recorder One", use="name", until=date(2029, 5, 6),
             recorded=datetime(2014, 2, 16, 10, tzinfo=UTC), source="letter.json"),
        Item(HIDDEN[2], 2, log.seals[2].commitment, None, log.salts[2], HIDDEN[0], HIDDEN[1], coalition.WHEN,
             coalition.WHEN, HIDDEN[3], HIDDEN[4], date(2024, 12, 31)),
        item(3, "plain.json", source="entry_2"),
    ]  # fmt: skip
    return log, coalition.make(log, items=items, **more)


@pytest.fixture(scope="module")
def package(coalition, tmp_path_factory):
    """A folder with everything that may be in one."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("theirs", "others"):
        (folder / name / "data").mkdir(parents=True)
        (folder / name / "data" / "index.json").write_text("{}", encoding="utf-8")
    changes = [SealedChange(f"change {n}".encode(), n, bytes([n]) * 32) for n in (2, 9)]
    _, files = shipped(
        coalition, title="Records of  a\n camp", organisation="Invented Group", keys=changes,
        created=datetime(2014, 2, 18, 1, 30, tzinfo=SEOUL), attachments={"사진 #1 [a].bin": b"xyz", "a.txt": b"12"},
        timestamps={"one.tsr": b"1", "two.tsr": b"2"},
        packages={"theirs": folder / "theirs", "others": folder / "others"},
    )  # fmt: skip
    write_package(folder / "package", files)
    return folder / "package"


def read(package, name):
    return json.loads((package / name).read_text(encoding="utf-8"))


def digest(content):
    return hashlib.sha256(content).hexdigest()


# RO-Crate 1.1


@pytest.fixture(scope="module")
def crate(package):
    """All entities by their identifier, and the root as the specification finds it ("Finding the Root Data Entity")."""
    document = read(package, "ro-crate-metadata.json")
    assert set(document) == {"@context", "@graph"}
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    graph = {one["@id"]: one for one in document["@graph"]}
    of = [
        one["about"]["@id"] for one in document["@graph"]
        if one.get("conformsTo", {}).get("@id", "").startswith("https://w3id.org/ro/crate/")
    ]  # fmt: skip
    assert len(of) == 1
    return graph, graph[of[0]]


def test_the_crate_is_a_graph_of_types_and_terms_that_schema_org_knows(crate):
    """RO-Crate 1.1, "RO-Crate JSON-LD": an entity has one @id and a @type; what is linked to is described."""
    graph, _ = crate
    for id_, entity in graph.items():
        assert set(entity) - {"@id", "@type"} <= TERMS[entity["@type"]], id_
        for value in entity.values():
            for link in value if isinstance(value, list) else [value]:
                if isinstance(link, dict) and not link["@id"].startswith("https://w3id.org/"):
                    assert set(link) == {"@id"}
                    assert link["@id"] in graph
    types = [one["@type"] for one in graph.values()]
    assert {one: types.count(one) for one in set(types) - {"File"}} == {
        "Dataset": 1, "CreativeWork": 2, "Organization": 1, "CreateAction": 1, "SoftwareApplication": 1,
    }  # fmt: skip


def test_a_catalogue_reads_what_it_is_whose_it_is_and_under_which_terms(crate):
    """RO-Crate 1.1, "Direct properties of the Root Data Entity" and "Metadata File Descriptor"."""
    graph, root = crate
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert (root["@id"], root["@type"], root["name"]) == ("./", "Dataset", "Records of  a\n camp")
    assert root["description"] == (
        "Sealed records of Invented Group with proofs, given for OHCHR, as each source allowed."
    )
    assert root["datePublished"] == "2014-02-18"
    assert root["author"] == root["publisher"]
    assert graph[root["author"]["@id"]]["@type"] == "Organization"
    assert graph[root["author"]["@id"]]["name"] == "Invented Group"
    terms = graph[root["license"]["@id"]]
    assert terms["@type"] == "CreativeWork"
    assert terms["name"] == "Consent of the sources"
    assert terms["description"] == (
        "Given for OHCHR, as each source allowed. data/index.json says for each item what it may be used for."
    )


def test_a_catalogue_reads_who_packed_it_when_and_with_what(crate):
    """RO-Crate 1.1, "Provenance of entities": a CreateAction has an agent, an instrument, an end and a result."""
    graph, root = crate
    packing = graph[root["mentions"]["@id"]]
    assert (packing["@type"], packing["name"]) == ("CreateAction", "Packing")
    assert datetime.fromisoformat(packing["endTime"]) == datetime(2014, 2, 17, 16, 30, tzinfo=UTC)
    assert packing["result"] == {"@id": root["@id"]}
    assert packing["agent"] == root["author"]
    program = graph[packing["instrument"]["@id"]]
    assert program["@type"] == "SoftwareApplication"
    assert (program["name"], program["softwareVersion"]) == ("corroborate", "0.1.0")
    assert program["description"] == f"SHA-256 of its source: {'0' * 64}"


def test_each_file_of_the_crate_has_its_name_size_and_kind(package, crate):
    """RO-Crate 1.1, "Data Entities": an address relative to the root, contentSize in bytes, a type of IANA's."""
    graph, root = crate
    files = {unquote(id_): one for id_, one in graph.items() if one["@type"] == "File"}
    assert [part["@id"] for part in root["hasPart"]] == [id_ for id_, one in graph.items() if one["@type"] == "File"]
    for path, entity in files.items():
        assert entity["contentSize"] == str((package / path).stat().st_size)
    titles = {path: one["name"] for path, one in files.items() if path.startswith("data/items/")}
    assert titles == {
        "data/items/letter.json": "A letter", "data/items/testimony.json": "A testimony",
        "data/items/plain.json": "plain.json",
    }  # fmt: skip
    assert all(one["name"] == path.rpartition("/")[2] for path, one in files.items() if path not in titles)
    kinds = {path: one.get("encodingFormat") for path, one in files.items()}
    assert {
        "data/prov.json": "application/json", "data/policy.txt": "text/plain", "data/timestamps/one.tsr":
        "application/timestamp-reply", "data/proofs/entry_2.tlog-proof": "text/plain", "verify.py": "text/x-python",
        "data/attachments/사진 #1 [a].bin": None, "data/keys/change-001.note": "text/plain",
    }.items() <= kinds.items()  # fmt: skip


def test_an_address_in_the_crate_is_a_reference_of_rfc_3986_but_for_letters_of_other_scripts(crate):
    graph, root = crate
    for part in root["hasPart"]:
        assert re.fullmatch(r"(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+", part["@id"]), part
    assert "data/attachments/사진%20%231%20%5Ba%5D.bin" in graph


def test_a_blank_of_any_script_is_written_in_percent_byte_by_byte(coalition):
    """RFC 3986, section 2.5: the octets of UTF-8."""
    graph = json.loads(coalition.make(attachments={"a\u3000b\u00a0c.txt": b""})["ro-crate-metadata.json"])["@graph"]
    assert "data/attachments/a%E3%80%80b%C2%A0c.txt" in [one["@id"] for one in graph]


def test_letters_of_every_script_can_be_read_in_the_files_as_they_are(package):
    """RFC 8259, section 8.1: JSON is UTF-8; who opens a file in an editor reads words and no escapes."""
    assert "사진" in (package / "ro-crate-metadata.json").read_text(encoding="utf-8")
    for name in ("ro-crate-metadata.json", "data/index.json", "data/prov.json"):
        lines = (package / name).read_text(encoding="utf-8").split("\n")
        assert (lines[0], lines[-2:]) == ("{", ["}", ""])
        assert max(map(len, lines)) < 200  # a value a line, so that a person finds it and a tool shows what differs


# PROV-JSON (W3C member submission of 24 April 2013)


@pytest.fixture(scope="module")
def prov(package):
    return read(package, "data/prov.json")


def told(prov):
    """Each relation as its name and the labels of what it joins, and its time."""
    labels = {id_: one.get("prov:label", id_) for kind in KINDS for id_, one in prov[kind].items()}
    found = []
    for name, ends in RELATIONS.items():
        for row in prov.get(name, {}).values():
            assert set(ends) <= set(row) <= {*ends, "prov:time"}, (name, row)
            assert all(row[end] in prov[kind] for end, kind in ends.items()), (name, row)
            found.append(
                (name, *(labels[row[end]] for end in ends), *([row["prov:time"]] if "prov:time" in row else []))
            )
    return found


def test_a_reader_of_prov_knows_every_section_name_and_value(prov):
    assert set(prov) <= {"prefix", *KINDS, *RELATIONS}
    assert list(prov["prefix"]) == ["cor"]
    assert prov["prefix"]["cor"].startswith("urn:")
    kinds = [id_ for kind in KINDS for id_ in prov[kind]]
    assert len(kinds) == len(set(kinds))
    for kind in KINDS:
        for id_, element in prov[kind].items():
            assert re.fullmatch(r"cor:[\w-](?:[\w.-]*[\w-])?", id_), id_
            own = {key for key in element if not key.startswith("prov:")}
            assert all(key.startswith("cor:") for key in own)
            assert set(element) - own <= {"prov:label", *({"prov:type"} if kind == "agent" else {"prov:endTime"})}
            if kind == "entity":
                assert "prov:endTime" not in element
    for agent in prov["agent"].values():  # PROV-DM, section 5.3.1: the types of agents
        if "prov:type" in agent:
            assert agent["prov:type"]["type"] == "prov:QUALIFIED_NAME"
            assert agent["prov:type"]["$"] in ("prov:Organization", "prov:SoftwareAgent", "prov:Person")
    names = [name for relation in RELATIONS for name in prov.get(relation, {})]
    assert len(names) == len(set(names))
    assert all(name.startswith("_:") for name in names)


def test_every_time_of_the_provenance_is_one_of_rfc_3339_in_utc(prov):
    times = re.findall(r'"(?:prov:\w*[tT]ime|cor:sealedAt)": "([^"]*)"', json.dumps(prov))
    assert len(times) == 9  # three activities of ours and two witnesses', three generations, one sealing
    for one in times:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", one), one


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this system cannot be set")
def test_times_and_bytes_are_the_same_on_a_machine_in_another_zone(coalition, monkeypatch):
    here = shipped(coalition)[1]
    monkeypatch.setenv("TZ", "XST-9:30")
    time.tzset()
    try:
        assert shipped(coalition)[1] == here
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_provenance_tells_who_handled_what_and_when(prov):
    title, letter, testimony = "Records of  a\n camp", "A letter", "A testimony"
    one, two, group, program = "Recorder One", "Recorder Two", "Invented Group", "corroborate 0.1.0"
    log = "a.example/log"
    everything = [letter, testimony, "cor:item-entry_2", "plain.json", "theirs", "others"]
    assert sorted(told(prov)) == sorted(
        [
            ("wasGeneratedBy", title, "packing", "2014-02-17T16:30:00+00:00"),
            ("wasGeneratedBy", letter, "recording", "2014-02-15T23:30:00+00:00"),
            ("wasGeneratedBy", testimony, "recording", "2014-02-16T10:00:00+00:00"),
            *(("used", "packing", used) for used in everything),
            *[("used", "cosigning", log)] * 2,
            *(("wasAssociatedWith", "packing", agent) for agent in (group, program)),
            *(("wasAssociatedWith", "cosigning", witness) for witness in "bc"),
            ("wasAttributedTo", letter, two),
            ("wasAttributedTo", testimony, one),
            ("wasAttributedTo", "plain.json", group),
            ("wasAttributedTo", log, group),
            *(("actedOnBehalfOf", recorder, group) for recorder in (one, two)),
            ("wasDerivedFrom", testimony, letter),
        ]
    )


def test_each_activity_ended_when_what_it_made_was_made(coalition, prov):
    ends = {id_: one["prov:endTime"] for id_, one in prov["activity"].items()}
    for row in prov["wasGeneratedBy"].values():
        assert row["prov:time"] == ends.pop(row["prov:activity"])
    cosigning = {row["prov:activity"] for row in prov["wasAssociatedWith"].values()} & set(ends)
    assert cosigning == set(ends)
    assert {datetime.fromisoformat(one) for one in ends.values()} == {coalition.WHEN}
    by = [row["prov:activity"] for row in prov["wasAssociatedWith"].values() if row["prov:activity"] in ends]
    assert len(by) == len(set(by)) == 2  # a cosigning of its own for each witness


def test_organisations_and_programs_are_told_from_people(prov):
    types = {one["prov:label"]: one.get("prov:type", {}).get("$") for one in prov["agent"].values()}
    assert types == {
        "Invented Group": "prov:Organization", "b": "prov:Organization", "c": "prov:Organization",
        "corroborate 0.1.0": "prov:SoftwareAgent", "Recorder One": None, "Recorder Two": None,
    }  # fmt: skip
    assert [one["cor:sha256"] for one in prov["agent"].values() if "cor:sha256" in one] == ["0" * 64]


def test_the_provenance_names_the_entries_and_the_checkpoint_that_the_proofs_name(package, prov):
    """Read from the C2SP tlog-proof that lies beside each item."""
    for name, number in (("letter.json", 0), ("testimony.json", 1), ("entry_2", 2), ("plain.json", 3)):
        text = (package / f"data/proofs/{name}.tlog-proof").read_text(encoding="utf-8")
        assert f"\nindex {number}\n" in text
        assert prov["entity"][f"cor:item-{name}"]["cor:entry"] == number
        origin, size, root = text.split("\n\n")[1].split("\n")[:3]
        held = [one for one in prov["entity"].values() if one.get("prov:label") == origin]
        assert held == [{"prov:label": origin, "cor:size": int(size), "cor:root": root}]
    sealed = {id_: one["cor:sealedAt"] for id_, one in prov["entity"].items() if "cor:sealedAt" in one}
    assert sealed == {"cor:item-letter.json": "2014-02-16T22:00:00+00:00"}
    labels = [one.get("prov:label") for one in prov["entity"].values()]
    assert {"one.tsr", "two.tsr"} <= set(labels)
    assert labels.count(None) == 1  # of what is withheld there is no more than its entry
    assert prov["entity"]["cor:item-entry_2"] == {"cor:entry": 2}


def test_without_recorders_and_sources_the_provenance_has_no_such_relations(coalition):
    log = coalition.Log([coalition.record(1)])
    only = Item("one.json", 0, log.seals[0].commitment, log.records[0], log.salts[0])
    prov = json.loads(coalition.make(log, items=[only])["data/prov.json"])
    assert set(prov) == {
        "prefix", *KINDS, "wasGeneratedBy", "used", "wasAssociatedWith", "wasAttributedTo",
    }  # fmt: skip
    assert "cor:sealedAt" not in prov["entity"]["cor:item-one.json"]


# Consent


def test_a_record_keeps_its_name_and_a_withheld_one_has_no_more_than_its_entrys_number(package):
    items = {path.name for path in (package / "data/items").iterdir()}
    assert items == {"letter.json", "testimony.json", "plain.json"}
    proofs = {path.name for path in (package / "data/proofs").iterdir()}
    assert proofs == {f"{name}.tlog-proof" for name in (*items, "entry_2")}


def test_of_a_withheld_record_no_file_tells_title_recorder_source_or_use(package):
    """Also where whoever packs hands them over by mistake."""
    for path in package.rglob("*"):
        if path.is_file() and path.name != "verify.py":
            for word in HIDDEN:
                assert word not in path.read_text(encoding="utf-8"), path
    proof = (package / "data/proofs/entry_2.tlog-proof").read_text(encoding="utf-8")
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")  # and no salt, with which a record could be guessed


def test_the_index_says_of_each_record_where_it_lies_and_what_it_may_be_used_for(coalition, package):
    index = read(package, "data/index.json")
    commitment = coalition.Log([coalition.record(n) for n in range(1, 5)]).seals[2].commitment

    def entry(name, **more):
        return {"path": f"data/items/{name}", "proof": f"data/proofs/{name}.tlog-proof", **more}

    assert index.pop("items") == [
        entry("letter.json", title="A letter", use="quote", until="2031-01-01"),
        entry("testimony.json", title="A testimony", use="name", until="2029-05-06"),
        entry("entry_2", commitment=commitment.hex()),
        entry("plain.json", title="", use="", until=None),
    ]
    assert index == {
        "version": 1, "invented": True, "organisation": "Invented Group", "created": "2014-02-18T01:30:00+09:00",
        "scope": {"audience": "named body", "body": "OHCHR", "on": "2014-02-17"},
        "software": {"name": "corroborate", "version": "0.1.0", "sha256": "0" * 64}, "packages": ["others", "theirs"],
    }  # fmt: skip


def test_a_package_for_which_no_scope_was_asked_names_its_consent_and_no_day(coalition):
    _, files = shipped(coalition, scope=None, software="some program", invented=False)
    index = json.loads(files["data/index.json"])
    assert index["scope"] == {"audience": "for OHCHR, as each source allowed", "body": "", "on": None}
    assert index["software"] == {"name": "some program", "version": "", "sha256": ""}
    assert index["invented"] is False
    graph = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    (program,) = (one for one in graph.values() if one["@type"] == "SoftwareApplication")
    assert (program["name"], program["softwareVersion"]) == ("some program", "unknown")
    assert program["description"] == "SHA-256 of its source: not given"
    info = files["bag-info.txt"].decode()
    assert "Bag-Software-Agent: some program\n" in info
    assert "External-Description: Some records\n" in info
    assert "INVENTED" not in files["README.txt"].decode()


# BagIt 1.0 (RFC 8493)


def test_bag_info_has_the_elements_of_rfc_8493_and_no_others(package):
    """Section 2.2.2: a label, a colon, a blank, a value, one a line."""
    lines = (package / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    info = dict(re.fullmatch(r"([A-Za-z-]+): (\S.*)", line).groups() for line in lines)
    payload = [path.read_bytes() for path in (package / "data").rglob("*") if path.is_file()]
    assert info == {
        "Source-Organization": "Invented Group",
        "External-Description": "Records of a camp (invented)",
        "Bagging-Date": "2014-02-18",
        "Bag-Software-Agent": "corroborate 0.1.0",
        "Payload-Oxum": f"{sum(map(len, payload))}.{len(payload)}",
    }
    assert len(lines) == len(info)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_manifests_list_payload_and_tags_apart_in_order(package, algorithm):
    """Sections 2.1.3 and 2.2.1: a payload manifest names the payload only, a tag manifest no payload nor itself."""
    for kind in ("", "tag"):
        text = (package / f"{kind}manifest-{algorithm}.txt").read_text(encoding="utf-8")
        rows = [line.split("  ", 1) for line in text.splitlines()]
        names = [name for _, name in rows]
        assert names == sorted(names)
        assert all(name.startswith("data/") == (kind == "") for name in names)
        for found, name in rows:
            assert found == hashlib.new(algorithm, (package / name).read_bytes()).hexdigest()
    assert set(names) == {
        "README.txt", "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt",
        "ro-crate-metadata.json", "verify.py",
    }  # fmt: skip


# What a lawyer reads


def test_the_readme_says_in_whole_lines_what_it_is_what_is_missing_and_under_which_consent(coalition):
    text = shipped(coalition)[1]["README.txt"].decode()
    assert text.startswith(
        "Some records\nInvented Group, 2014-02-17\n\nINVENTED: nobody in this package exists.\n\nWHAT THIS IS\n\n"
        "Records of Invented Group, each in a file of its own, as they were sealed: 3.\n"
        "Withheld, because their sources did not allow them to be shown here: 1 more. The package\n"
        "proves that they were sealed, and shows nothing of them.\n"
        "Given for OHCHR, as each source allowed.\n"
        "Some may be used until 2024-12-31 and no longer; see data/index.json.\n\nHOW TO CHECK IT"
    )


def test_the_readme_names_the_verifier_by_its_digest_and_each_folder_that_is_there(package):
    text = (package / "README.txt").read_text(encoding="utf-8")
    assert f"\n       {digest((package / 'verify.py').read_bytes())}\n" in text
    folders = dict(re.findall(r"^(data/\w+)  +(\S.*)$", text, re.MULTILINE))
    assert {f"data/{path.name}" for path in (package / "data").iterdir() if path.is_dir()} == set(folders)
    assert folders["data/keys"] == "the notes by which the log's key changed, each with its proof"
    assert folders["data/timestamps"] == "tokens of timestamp authorities (RFC 3161), as received"
    assert folders["data/packages"] == "packages of other members"
    assert folders["data/attachments"] == "other files; signed, not sealed"
    assert "\nPackages of other members under data/packages, each whole: 2.\n" in text
    assert "metadata are signed by Invented Group, yet" in text
    starts = {line.index(what) for line in text.splitlines() for what in folders.values() if line.endswith(what)}
    assert starts == {19}  # one column


def test_a_package_of_records_alone_speaks_of_no_other_folder_and_of_no_end(coalition):
    log = coalition.Log([coalition.record(1), coalition.record(2)])
    both = [Item(f"{at}.json", at, log.seals[at].commitment, log.records[at], log.salts[at]) for at in range(2)]
    text = coalition.make(log, items=both, invented=False)["README.txt"].decode()
    assert text.startswith(
        "Some records\nInvented Group, 2014-02-17\n\nWHAT THIS IS\n\nRecords of Invented Group, each in a file of "
        "its own, as they were sealed: 2.\nGiven for OHCHR, as each source allowed.\n\nHOW TO CHECK IT"
    )
    assert set(re.findall(r"^data/\w+ ", text, re.MULTILINE)) == {"data/items ", "data/proofs "}


def test_a_package_without_items_needs_no_checkpoint_and_says_what_it_holds(coalition):
    log = coalition.Log([])
    files = package_files([], log.tree, None, log.policy(), log.owner, coalition.about(invented=False))
    assert "WHAT THIS IS\n\nNothing.\nGiven for" in files["README.txt"].decode()
    prov = json.loads(files["data/prov.json"])
    assert [one["prov:label"] for one in prov["entity"].values()] == ["Some records"]
    assert json.loads(files["data/index.json"])["items"] == []
    assert "data/history.json" not in files


# What travels along


def test_each_change_of_key_lies_beside_its_proof_where_the_checkpoint_holds_it(coalition, package):
    assert sorted(path.name for path in (package / "data/keys").iterdir()) == [
        "change-001.note", "change-001.tlog-proof", "change-002.note",
    ]  # fmt: skip
    assert (package / "data/keys/change-002.note").read_bytes() == b"change 9"
    log = coalition.Log([coalition.record(number) for number in range(1, 5)])
    head, note = (package / "data/keys/change-001.tlog-proof").read_text(encoding="utf-8").split("\n\n", 1)
    path = [base64.b64encode(one).decode() for one in log.tree.inclusion(2, 4)]
    assert head.split("\n") == [
        "c2sp.org/tlog-proof@v1", f"extra {base64.b64encode(bytes([2]) * 32).decode()}", "index 2", *path,
    ]  # fmt: skip
    assert note.startswith("a.example/log\n4\n")


def test_a_key_sealed_by_the_entry_after_the_checkpoint_has_no_proof_yet(coalition):
    _, files = shipped(coalition, keys=[SealedChange(b"last", 3, b""), SealedChange(b"next", 4, b"")])
    assert {name for name in files if name.startswith("data/keys/")} == {
        "data/keys/change-001.note", "data/keys/change-001.tlog-proof", "data/keys/change-002.note",
    }  # fmt: skip


def test_proofs_are_of_the_checkpoints_size_where_the_log_has_grown_since(coalition):
    """RFC 6962, section 2.1.1: the path of an entry is another one in a larger tree."""
    log = coalition.Log([coalition.record(number) for number in range(1, 8)])
    files = coalition.make(
        log, items=list(log.items())[:5], note=log.checkpoint(5), keys=[SealedChange(b"key", 4, b"")],
        earlier=[Checkpoint(log.owner.name, 3, log.tree.root(3))],
    )  # fmt: skip
    (step,) = json.loads(files["data/history.json"])["checkpoints"]
    assert (
        [base64.b64decode(part) for part in step["proof"]] == log.tree.consistency(3, 5) != log.tree.consistency(3, 7)
    )
    assert log.tree.inclusion(4, 5) != log.tree.inclusion(4, 7)
    proofs = {name: text.decode() for name, text in files.items() if name.endswith(".tlog-proof")}
    assert len(proofs) == 6
    for text in proofs.values():
        head, _, note = text.partition("\n\n")
        _, index, *path = (line for line in head.split("\n") if not line.startswith("extra "))
        expected = log.tree.inclusion(int(index.removeprefix("index ")), 5)
        assert path == [base64.b64encode(part).decode() for part in expected]
        assert note.startswith("a.example/log\n5\n")


def test_attachments_tokens_and_packages_are_carried_as_they_are(package):
    carried = {
        path.relative_to(package / "data").as_posix(): path.read_bytes()
        for folder in ("attachments", "timestamps", "packages")
        for path in (package / "data" / folder).rglob("*")
        if path.is_file()
    }
    assert carried == {
        "attachments/사진 #1 [a].bin": b"xyz", "attachments/a.txt": b"12", "timestamps/one.tsr": b"1",
        "timestamps/two.tsr": b"2", "packages/theirs/data/index.json": b"{}", "packages/others/data/index.json": b"{}",
    }  # fmt: skip


def test_the_way_from_earlier_checkpoints_is_of_rfc_6962_and_of_the_newest_64(coalition):
    log = coalition.Log([coalition.record(number % 200) for number in range(70)])
    earlier = [Checkpoint(log.owner.name, size, log.tree.root(size)) for size in range(71)]
    files = coalition.make(log, items=[], earlier=[*reversed(earlier), *earlier])
    history = json.loads(files["data/history.json"])
    assert history.keys() == {"version", "checkpoints"}
    assert history["version"] == 1
    assert [one["size"] for one in history["checkpoints"]] == list(range(6, 70))
    for one in history["checkpoints"]:
        assert base64.b64decode(one["root"]) == log.tree.root(one["size"])
        assert [base64.b64decode(part) for part in one["proof"]] == log.tree.consistency(one["size"], 70)
    for wrong in (Checkpoint(log.owner.name, 5, bytes(32)), Checkpoint("z.example", 5, log.tree.root(5))):
        with pytest.raises(InvalidValue, match="does not go on from its checkpoint of 5 entries"):
            coalition.make(log, items=[], earlier=[wrong])


def test_a_proof_is_the_text_of_c2sp_tlog_proof():
    sealed = seal(b"{}", bytes(32))
    tree = Tree([leaf_hash(sealed.entry), leaf_hash(b"other")])
    other = base64.b64encode(leaf_hash(b"other")).decode()
    with_salt = proof_text(0, tree.inclusion(0, 2), b"note\n", b"salt")
    assert with_salt == f"c2sp.org/tlog-proof@v1\nextra c2FsdA==\nindex 0\n{other}\n\nnote\n".encode()
    assert proof_text(7, [], b"note\n") == b"c2sp.org/tlog-proof@v1\nindex 7\n\nnote\n"


def test_no_record_is_kept_in_memory_once_it_was_given_out(coalition):
    """A package of any size is made on a small machine."""
    living = set()

    class Counted(bytes):
        def __new__(cls, content):
            living.add(content)
            return super().__new__(cls, content)

        def __del__(self):
            living.discard(bytes(self))

    log = coalition.Log([coalition.record(number) for number in range(1, 9)])

    def items():
        for at in range(8):
            yield Item(f"{at}.json", at, log.seals[at].commitment, Counted(log.records[at]), log.salts[at])

    most = 0
    for _ in package_parts(items(), log.tree, log.checkpoint(), log.policy(), log.owner, coalition.about()):
        most = max(most, len(living))
    assert 1 <= most <= 2
    assert not living


# What is refused


@pytest.mark.parametrize("kind", ["attachments", "timestamps", "packages"])
@pytest.mark.parametrize("name", ["a/b", "..", ".x", "x.", "x ", " x", "a:b", "a%20b", "", "x" * 152])
def test_a_description_refuses_names_that_some_file_system_would_not_keep(coalition, kind, name):
    with pytest.raises(InvalidValue, match=re.escape(f"{name!r} is no plain file name")):
        coalition.about(**{kind: {"fine name.txt": b"", name: b""}})
    assert isinstance(coalition.about(**{kind: {"x" * 151: b""}}), Description)


@pytest.mark.parametrize("name", ["a b", "x.", ".x", "-x", "a/b", "", "x" * 152])
def test_an_item_refuses_a_name_that_is_none_shown_or_withheld(name):
    for record in (b"{}", None):
        with pytest.raises(InvalidValue, match=re.escape(f"{name!r} is no plain file name")):
            Item(name, 0, bytes(32), record)
    assert Item("x" * 151, 5, bytes(32), b"").name == "x" * 151
    assert Item("x" * 151, 5, bytes(32)).name == "entry_5"


def test_a_program_is_named_with_its_version_where_it_has_one():
    assert (str(Software("some", "1.2")), str(Software("some"))) == ("some 1.2", "some")


# A ZIP file


def test_a_zip_unpacks_anywhere_to_files_that_their_owner_may_write_and_others_read(coalition, package):
    """APPNOTE.TXT of ZIP, sections 4.4.5 and 4.4.15, and its use by Info-ZIP for the rights of files."""
    files = {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}
    with zipfile.ZipFile(coalition.zipped(files, "some top")) as archive:
        assert {one.filename: archive.read(one) for one in archive.infolist()} == {
            f"some top/{name}": content for name, content in files.items()
        }
        for one in archive.infolist():
            assert one.external_attr >> 16 == 0o644
            assert one.date_time == (1980, 1, 1, 0, 0, 0)
            assert one.compress_type == zipfile.ZIP_DEFLATED
