"""The package keeps to the formats it names, so that other people's tools read it."""

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from corroborate.custody import verify as verifier
from corroborate.custody import write_package, write_zip
from corroborate.errors import InputRefused, InvalidValue, StorageFull


@pytest.fixture
def package(coalition, tmp_path):
    write_package(tmp_path / "package", coalition.make(attachments={"사진 1.txt": b"x"}))
    return tmp_path / "package"


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_coreutils_find_every_digest_of_the_bag_right(package, algorithm, tool):
    """RFC 8493, section 2.1.3: a manifest line is what sha256sum writes."""
    program = tool(f"{algorithm}sum")
    for name in (f"manifest-{algorithm}.txt", f"tagmanifest-{algorithm}.txt"):
        done = subprocess.run([program, "--check", "--strict", name], cwd=package, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_the_bag_is_complete_and_declared_as_rfc_8493_asks(package):
    assert (package / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    info = dict(line.split(": ", 1) for line in (package / "bag-info.txt").read_text(encoding="utf-8").splitlines())
    payload = [path for path in (package / "data").rglob("*") if path.is_file()]
    assert info["Payload-Oxum"] == f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    for algorithm in ("sha256", "sha512"):
        lines = (package / f"manifest-{algorithm}.txt").read_text(encoding="utf-8").splitlines()
        assert {line.split("  ", 1)[1] for line in lines} == {p.relative_to(package).as_posix() for p in payload}


def test_the_crate_names_each_file_once_and_no_file_that_is_not_there(package):
    """RO-Crate 1.1, sections "Root Data Entity" and "Data Entities"."""
    crate = json.loads((package / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])
    assert root["name"] and root["description"] and graph[root["license"]["@id"]]["description"]
    parts = {one["@id"] for one in root["hasPart"]}
    assert parts == {one for one, entity in graph.items() if entity["@type"] == "File"}
    from urllib.parse import unquote

    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {unquote(part) for part in parts} <= files
    assert files - {unquote(part) for part in parts} == {
        "ro-crate-metadata.json", "manifest-sha256.txt", "manifest-sha512.txt", "signature.note",
        "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
    }  # fmt: skip


def test_the_provenance_says_who_recorded_cosigned_and_packed_each_item(coalition, package):
    """PROV-JSON: identifiers are declared, relations lead to what is declared, times are times."""
    prov = json.loads((package / "data/prov.json").read_text(encoding="utf-8"))
    declared = {name for kind in ("agent", "activity", "entity") for name in prov[kind]}
    for relation, rows in prov.items():
        if relation in ("prefix", "agent", "activity", "entity"):
            continue
        for name, row in rows.items():
            assert name.startswith("_:")
            for key, value in row.items():
                if key == "prov:time":
                    datetime.fromisoformat(value)
                else:
                    assert value in declared, (relation, key, value)
    labels = {one.get("prov:label") for one in prov["agent"].values()}
    assert {"an invented person", "Invented Group", "b", "c", "corroborate 0.1.0"} <= labels
    activities = [one["prov:label"] for one in prov["activity"].values()]
    assert activities.count("recording") == 2
    assert (activities.count("cosigning"), activities.count("packing")) == (2, 1)


def test_of_a_withheld_record_the_metadata_says_nothing(coalition):
    files = coalition.make(withheld=(0, 1, 2))
    everything = b"".join(content for name, content in files.items() if name != "verify.py")
    for word in (b"claim_", b"testimony", b"an invented person", b"invented words"):
        assert word not in everything


def test_a_lawyer_finds_in_the_readme_what_it_is_how_to_check_it_and_what_it_does_not_mean(coalition):
    text = coalition.make()["README.txt"].decode()
    for part in (
        "as they were sealed: 2.", "1 more. The package", "INVENTED", "HOW TO CHECK IT, in three steps",
        "somewhere else than this package", "VALID ", "INVALID ", "INCOMPLETE ", "That a record is true",
        "until 2030-01-01",
    ):  # fmt: skip
        assert part in text, part
    assert max(map(len, text.splitlines())) <= 120


def test_the_index_says_for_whom_until_when_and_by_which_program(coalition):
    index = json.loads(coalition.make()["data/index.json"])
    assert index["scope"] == {"audience": "named body", "body": "OHCHR", "on": "2014-02-17"}
    assert index["software"] == {"name": "corroborate", "version": "0.1.0", "sha256": "0" * 64}
    assert [one.get("until") for one in index["items"]] == ["2030-01-01", None, "2030-01-01"]


def test_the_same_arguments_give_the_same_bytes_as_folder_and_as_zip(coalition, tmp_path):
    assert coalition.make() == coalition.make()
    assert coalition.zipped(coalition.make()).getvalue() == coalition.zipped(coalition.make()).getvalue()


# The verifier stands alone


def test_the_verifier_is_the_packages_own_listed_and_hashed(package):
    content = Path(verifier.__file__).read_bytes()
    assert (package / "verify.py").read_bytes() == content
    assert "  verify.py\n" in (package / "tagmanifest-sha256.txt").read_text(encoding="utf-8")


def test_the_verdict_names_the_verifier_by_its_digest(coalition):
    """So that two people who get two answers see at once that they ran two programs."""
    named = coalition.judge(coalition.make())["checked"]["verifier"]
    assert named == hashlib.sha256(Path(verifier.__file__).read_bytes()).hexdigest()


def test_the_verifier_keeps_to_python_3_9(package):
    source = (package / "verify.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    newer = ("datetime.UTC", "strict=True", "strict=False", "removeprefix_", "ExceptionGroup", "tomllib", "StrEnum")
    assert [word for word in newer if word in source] == []
    imported = {
        alias.name.split(".")[0] for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names
    } | {one.module.split(".")[0] for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert imported - {"cryptography"} <= set(sys.stdlib_module_names)
    assert not any(one.level for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))


def test_in_an_environment_with_nothing_but_cryptography_it_says_the_same_as_the_command(package, tmp_path):
    """A folder of packages that holds cryptography and what it needs, and an isolated Python that sees only that."""
    import cryptography

    have, empty = Path(cryptography.__file__).parents[1], tmp_path / "only"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", empty], check=True)
    there = next(empty.glob("lib/python*/site-packages"))
    for path in have.iterdir():
        if path.name.split(".")[0].split("-")[0] in ("cryptography", "_cffi_backend", "cffi", "pycparser"):
            (there / path.name).symlink_to(path)
    python = empty / "bin" / "python"
    assert subprocess.run([python, "-I", "-c", "import django"], capture_output=True).returncode == 1
    for change in (lambda: None, lambda: (package / "data" / "policy.txt").write_bytes(b"log x\n")):
        change()
        alone = subprocess.run(
            [python, "-I", package / "verify.py", package, "--json"], capture_output=True, text=True, cwd=tmp_path
        )
        command = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "verify", package, "--json"], capture_output=True, text=True
        )
        assert json.loads(alone.stdout) == json.loads(command.stdout), alone.stderr
        assert alone.returncode == command.returncode


def test_verdicts_are_told_by_the_exit_code(package, tmp_path, capsys):
    assert verifier.main([str(package)]) == 3
    assert "nobody has confirmed these keys" in capsys.readouterr().out
    shutil.copy(package / "data/policy.txt", tmp_path / "known.txt")
    known = ["--policy", str(tmp_path / "known.txt")]
    assert verifier.main([str(package), *known]) == 0
    assert capsys.readouterr().out.startswith("VALID")
    (package / "data/items").rename(package / "data/things")
    assert verifier.main([str(package), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["verdict"] == "invalid"
    shutil.rmtree(package / "data/things")
    assert verifier.main([str(package), "--json", *known]) == 3
    assert json.loads(capsys.readouterr().out)["verdict"] == "incomplete"
    assert verifier.main([str(tmp_path / "nothing")]) == 2
    assert verifier.main([str(package), "--policy", str(tmp_path / "nothing")]) == 2
    assert verifier.main([str(package), "--checkpoint", str(tmp_path / "nothing")]) == 2
    (tmp_path / "policy.txt").write_bytes(b"quorum none\n")
    assert verifier.main([str(package), "--policy", str(tmp_path / "policy.txt")]) == 1
    with pytest.raises(SystemExit) as ended:
        verifier.main(["--nonsense"])
    assert ended.value.code == 2


# What is never written


def test_a_package_is_never_written_over_another_nor_left_half_done(coalition, tmp_path):
    files = coalition.make()
    write_package(tmp_path / "package", files)
    with pytest.raises(InputRefused, match="never written over"):
        write_package(tmp_path / "package", files)
    (tmp_path / "other.new").mkdir()
    with pytest.raises(InputRefused, match="earlier try"):
        write_package(tmp_path / "other", files)
    with pytest.raises(StorageFull):
        write_package(tmp_path / "third", {"a": b"", "a/b": b""})
    assert not (tmp_path / "third").exists()
    assert not (tmp_path / "third.new").exists()


def test_what_no_verifier_would_accept_is_not_packed(coalition):
    from corroborate.custody import Item, Signer

    for name in ("", ".x", "a/b", "a b", "x.", "a%b", "../x", "é"):
        with pytest.raises(InvalidValue):
            Item(name, 0, bytes(32), b"{}", bytes(32))
        if name not in ("a b", "é"):
            with pytest.raises(InvalidValue):
                coalition.about(attachments={name: b""})
    with pytest.raises(InvalidValue, match="signed by the key of the log"):
        log = coalition.Log([coalition.record(1)])
        policy = log.policy()
        log.owner = Signer("another", bytes(32))
        coalition.make(log, policy=policy, note=coalition.Log([coalition.record(1)]).checkpoint())
    with pytest.raises(InvalidValue, match="from a checkpoint only"):
        from corroborate.custody import package_files

        log = coalition.Log([coalition.record(1)])
        package_files(log.items(), log.tree, None, log.policy(), log.owner, coalition.about())
    with pytest.raises(InvalidValue, match="twice"):
        log = coalition.Log([coalition.record(1)])
        coalition.make(log, items=[*log.items(), *log.items()])


def test_the_zip_of_a_package_unpacks_to_the_same_folder(coalition, tmp_path):
    files = coalition.make()
    with (tmp_path / "package.zip").open("wb") as file:
        write_zip(file, "package", files)
    shutil.unpack_archive(tmp_path / "package.zip", tmp_path / "out")
    assert {p.relative_to(tmp_path / "out/package").as_posix(): p.read_bytes()
            for p in (tmp_path / "out").rglob("*") if p.is_file()} == files  # fmt: skip
    by_zip, by_folder = verifier.verify(tmp_path / "package.zip"), verifier.verify(tmp_path / "out/package")
    assert by_zip["checked"].pop("package") == "package.zip"
    assert by_folder["checked"].pop("package") == "package"
    assert by_zip == by_folder
