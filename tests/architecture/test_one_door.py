"""One door: whatever writes a file that leaves a vault takes a release, and nothing else writes one."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from corroborate.disclosure import Release

SOURCE = Path(__file__).parents[2] / "src"
# Who writes files at all, and why none of it is a vault's record that leaves but by the door.
WRITERS = {
    "corroborate_node/core/vaults.py": "makes the vault's own folder",
    "corroborate_node/core/moving.py": "the vault's own folder: where its rows are, wrapped under its keys",
    "corroborate_node/log/rollback.py": "a checkpoint, outside the vault, against a copied-back folder",
    "corroborate_node/core/moving_files.py": "the vault's own keys: where sealed files lie; these go as they are",
    "corroborate_node/release/giving.py": "the door",
    "corroborate_node/release/packing.py": "the door's packages",
    "corroborate_node/exchange/exchanging.py": "files that came from members; its own bundles are of releases",
    "corroborate_node/coalition/mailbox/actions.py": "bundles as they came, encrypted for another member",
    "corroborate_cli/action.py": "a calendar of public actions",
    "corroborate_cli/audit.py": "of lists, links and answers that the command was given",
    "corroborate_cli/demo.py": "invented people only",
    "corroborate_cli/demonstration/public_record.py": "registers of its own release, which holds what is public alone",
    "corroborate_cli/estimate_report.py": "of a table of counts that the command was given",
    "corroborate_cli/exchange.py": "bundles of releases; addresses and receipts, which name no person",
    "corroborate_cli/exchange_mailbox.py": "receipts for bundles, which name no person",
    "corroborate_cli/file.py": "which releases it wrote, and why the rest was refused",
    "corroborate_cli/import_.py": "rows that were refused, beside the list that they came from",
    "corroborate_cli/interview.py": "an empty form of questions",
    "corroborate_cli/link.py": "of lists that the command was given",
    "corroborate_cli/overlap.py": "of a table of counts that the command was given",
    "corroborate_cli/program.py": "of another program's export that the command was given",
    "corroborate_cli/log_vault.py": "checkpoints, proofs and notes: no content of a record",
    "corroborate_cli/statement_files.py": "texts and sign-ons of joint statements",
    "corroborate_cli/statement_vault.py": "texts and sign-ons of joint statements",
    "corroborate_cli/shares.py": "shares of a key, as pages to be printed; they name nobody",
    "corroborate_node/core/rows_out.py": "everything in the clear, for an organisation that leaves: asked for by name",
    "corroborate_node/release/everything.py": "the same; no account may. For trustees, locked",
    "corroborate_node/log/backups.py": "backups: the vault itself, encrypted, for whoever has what opens it",
    "corroborate_node/log/snapshots.py": "the vault's own files, on their way into a backup",
    "corroborate_node/log/withdrawals.py": "ids of what was withdrawn, encrypted, beside the backups",
    "corroborate_cli/translations.py": "the PO files of the program itself",
    "corroborate_cli/written.py": "what a command on notes of the log and of statements was asked to write",
    "corroborate_cli/private.py": "terms and results of linkage; encodings and answers are of releases",
    "corroborate_cli/release.py": "notes of recall, which carry ids alone",
    "corroborate_cli/target.py": "letters to States, under their own paragraphs",
}
WRITING = re.compile(
    r"\b(?:write_file|write_package|write_zip)\(|(?<!super\(\))\.write_(?:text|bytes)\(|\bopen\([^)]*[\"'][wax]b?[\"']|\.open\([\"'][wax]"
)


def test_nothing_of_node_and_command_writes_files_but_what_is_known_here():
    found = {
        path.relative_to(SOURCE).as_posix()
        for package in ("corroborate_node", "corroborate_cli")
        for path in (SOURCE / package).rglob("*.py")
        if WRITING.search(path.read_text(encoding="utf-8"))
    }
    assert sorted(found - set(WRITERS)) == [], "does it write what leaves? then it takes a release"
    assert sorted(set(WRITERS) - found) == [], "it writes nothing any more: take it out of the list"


def test_every_publication_of_the_library_takes_a_release():
    from corroborate import dossier, site, submissions

    for writer in (dossier.write_dossier, dossier.dossier_bytes, site.publish, site.site_files, submissions.write):
        first = next(iter(inspect.signature(writer).parameters))
        assert get_type_hints(writer)[first] is Release, writer.__qualname__


def test_the_door_of_the_node_writes_a_release_by_its_number_and_asks_whether_it_stands():
    from corroborate_node.starting import start

    start()
    from corroborate_node.exchange import exchanging
    from corroborate_node.release import giving, packing
    from corroborate_node.review import numbers, private

    for writer in (giving.write, giving.site, giving.package, giving.files):
        assert "number" in inspect.signature(writer).parameters, writer.__qualname__
        assert "current_release(" in inspect.getsource(writer), writer.__qualname__
    for writer in (packing.pack, packing.packed_bytes):
        assert get_type_hints(writer)["made"] is Release
    for writer in (private.encode, private.decide, private.decisions, numbers.enter, exchanging.send):
        assert "release" in inspect.signature(writer).parameters, writer.__qualname__


@pytest.mark.parametrize("writer", ["packing.pack", "packed_bytes", "dossier_bytes", "write_dossier"])
def test_only_the_door_calls_what_makes_the_bytes(writer):
    """In the node: the command writes a dossier from a release.json that somebody was given."""
    name = writer.split(".")[-1]
    callers = {
        path.relative_to(SOURCE / "corroborate_node").as_posix()
        for path in (SOURCE / "corroborate_node").rglob("*.py")
        if re.search(rf"(?<!def )\b{name}\(", path.read_text(encoding="utf-8"))
    }
    assert callers <= {"release/giving.py", "release/packing.py"}, callers


@pytest.mark.parametrize("command", ["dossier", "publish", "pack"])
def test_a_command_that_writes_what_leaves_knows_no_audience_of_its_own(command):
    import importlib

    known = {one.name for one in importlib.import_module(f"corroborate_cli.{command}").command.params}
    assert "release" in known
    assert known & {"audience", "body", "claims"} == set()


# Who may hold what makes a publication's bytes of a release: the door, and commands on a file that somebody was given.
PUBLISHING = {
    "corroborate.dossier": {"corroborate_node/release/giving.py", "corroborate_cli/dossier.py"},
    "corroborate.site": {
        "corroborate_node/release/giving.py",
        "corroborate_cli/publish.py",
        "corroborate_cli/release.py",  # how a site is signed
        "corroborate_cli/demonstration/member.py",  # the hub's site of a member's release.json
    },
}


def taken_from(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of everything that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from ((one.name, "*") for one in node.names)


def above_the_library() -> Iterator[tuple[str, Path]]:
    for package in ("corroborate_node", "corroborate_cli"):
        for path in (SOURCE / package).rglob("*.py"):
            yield path.relative_to(SOURCE).as_posix(), path


def test_nobody_decides_what_leaves_but_the_room_of_releases():
    """Demonstration, rooms and commands ask for a release; only its room holds the function that decides."""
    deciding = {"release", "*"}
    found = {
        name
        for name, path in above_the_library()
        for module, taken in taken_from(path)
        if (module in ("corroborate.disclosure", "corroborate.disclosure.releases") and taken in deciding)
        or (module == "corroborate" and taken == "disclosure")
        or module == "corroborate.disclosure.items"
    }
    assert found == {"corroborate_node/release/making.py", "corroborate_node/release/giving.py"}


def test_what_makes_a_publication_is_held_by_the_door_and_by_commands_on_a_given_release():
    making = {"dossier_bytes", "write_dossier", "publish", "site_files", "SiteOptions", "*"}
    for library, allowed in PUBLISHING.items():
        found = {
            name
            for name, path in above_the_library()
            for module, taken in taken_from(path)
            if module == library and taken in making
        }
        assert found <= allowed, (library, found - allowed)


def test_the_demonstration_s_joint_release_is_made_confirmed_and_written_by_the_acts_of_the_room():
    text = (SOURCE / "corroborate_cli/demonstration/jointly.py").read_text(encoding="utf-8")
    for act in ("making.make(", "making.confirm(", "giving.write("):
        assert act in text, act
