"""A vault whose folder was set back to yesterday: no command and no act changes or signs anything there.

Commands are taken from the tree that the program offers, acts from its registry: one that is added is tried by itself.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from corroborate.coalition.requests import Request
from corroborate_cli.main import group
from corroborate_node.core.desk import owner
from corroborate_node.core.vaults import opening

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening

PASSPHRASE = "invented words for a test"
AT = datetime(2026, 11, 28, tzinfo=UTC)

# What may be asked of an older copy, with why. Every other command that opens a vault has to refuse.
LOOKS = {
    "access list": "reads",
    "access revoke": "shuts somebody out of the pages",
    "access seen": "reads",
    "access show": "reads",
    "accounts block": "shuts somebody out of the pages",
    "accounts end-sessions": "shuts somebody out of the pages",
    "accounts list": "reads",
    "accounts remove": "shuts somebody out of the pages",
    "action calendar": "reads",
    "action history": "reads",
    "action list": "reads",
    "backup": "copies the vault, signs and seals nothing",
    "cases list": "reads",
    "cases members": "reads",
    "consent list": "reads",
    "demand show": "reads",
    "double list": "reads",
    "double show": "reads",
    "drafts list": "reads",
    "drafts show": "reads",
    "doctor": "finds out what is wrong; with --record it refuses",
    "exchange inbox show": "reads",
    "export": "copies the vault, signs and seals nothing",
    "findings matrix": "reads",
    "findings show": "reads",
    "imports list": "reads",
    "imports show": "reads",
    "journal": "reads",
    "keys add": "changes what opens the folder, no record",
    "keys remove": "changes what opens the folder, no record",
    "log anew": "goes on after members have shown what is lost",
    "log compare": "finds out what is lost",
    "log policy": "reads",
    "log request": "finds out what is lost",
    "supporters count": "reads",
    "log restored": "takes in what members say",
    "log seen": "reads",
    "log submit": "finds out what is lost; what it would put under the checkpoint, its act refuses",
    "naming list": "reads",
    "proceedings": "reads",
    "new": "makes another vault",
    "restore": "makes another vault",
    "private card": "prints public keys",
    "release list": "reads",
    "release show": "reads",
    "review agreement": "reads",
    "review list": "reads",
    "screen": "reads",
    "search": "reads",
    "searches": "reads",
    "show": "reads",
    "statement remind": "reads; with --send its acts refuse",
    "succession show": "reads",
    "target list": "reads",
    "ties list": "reads",
    "tokens list": "reads",
    "tokens revoke": "shuts a program out",
    "units": "reads",
    "words list": "reads",
}
# Where a command looks at its files before it opens the vault, they have to be ones that it takes.
FILES = {
    "drafts submit": {"file": "draft_1"},
    "file": {"planned": "plan.yaml"},
    "private accept": {"offer": "offer", "key": "KEY"},
    "private countersign": {"key": "KEY"},
    "private numbers enter": {"file": "numbers.csv"},
    "private offer": {"unit": "CARD"},
    "statement answer": {"request": "asked.request"},
    "target votes": {"file": "votes.csv"},
}
MORE = {
    "access grant": ["--body", "invented", "--until", "2099-01-01", "--yes"],
    "accounts cases": ["--whole-vault"],
    "accounts require-second": ["--all"],
    "action change": ["--title", "invented"],
    "code": ["--passage", "1", "--person", "invented", "--property", "occupation", "--value", "invented"],
    "correct": ["--to", "invented", "--because", "invented"],
    "demand judge": ["--new-event", "2026-11-01", "invented", "invented"],
    "exchange inbox accept": ["--yes"],
    "exchange inbox decline": ["--yes"],
    "exchange send": ["--yes"],
    "log stamp": ["--token", "list.csv"],
    "move": ["--to-file"],
    "ties add": ["--because", "invented"],
    "tokens make": ["--as", "keeper"],
    "private accept": ["--yes"],
    "private forget": ["--yes"],
    "private decide": ["--out", "new"],
    "private learn": ["list.csv"],  # without an answer it reads what was learnt
    "interview": ["entry_1", "--take-back"],
    "prefer": ["--because", "invented"],
    "publish": ["--release", "1"],
    "release make": ["--yes", "--no-names"],
    "release recall": ["--out", "new"],
    "release write": ["--json", "new"],
    "serve": ["--port", "0"],
    "supporters erase": ["--address", "a@example.org"],
    "statement answer": ["--choice", "with us", "--out", "new", "--yes"],
    "statement sign": ["--statement", "access", "--out", "new", "--yes"],
    "words code": ["--stance", "none"],
}
WORDS = {
    "need": "2",
    "on": "2026-11-01",
    "states": "KR",
    "state": "KR",
    "begins": "2026-11-01",
    "release": "1",
    "source": "A/1",
}


def leaves(command, context, path=()):
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from leaves(command.get_command(context, name), context, (*path, name))
    else:
        yield " ".join(path), command


ON_VAULTS = {
    name: command
    for name, command in leaves(group, click.Context(group))
    if any(one.name == "passphrase_file" for one in command.params)
}


def run(place, *arguments):
    """Exit code and all that was said of one command, in the folder of the world."""
    before = Path.cwd()
    os.chdir(place)
    try:
        done = CliRunner(env={"CORROBORATE_MARKS": str(place / "marks")}).invoke(group, arguments)
    finally:
        os.chdir(before)
    return done.exit_code, f"{done.output}{done.exception or ''}"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A vault set back to the day before a list was taken in and signed, and files of the kinds that commands take."""
    place = tmp_path_factory.mktemp("world")
    given = ("--vault", "vault", "--passphrase-file", "secret")
    for name, text in {
        "secret": PASSPHRASE,
        "list.csv": "name,born\nRi Chol Su,1961",
        "plan.yaml": "confidential: {body: OHCHR, title: Invented}",
        "numbers.csv": "person,number\nperson_1,7",
        "votes.csv": "state,body,resolution,date,vote,source\nKR,HRC,A/HRC/RES/25/25,2014-03-28,yes,A/HRC/25/2",
    }.items():
        (place / name).write_text(f"{text}\n", encoding="utf-8")
    fields = {"statement": "access", "language": "en"}
    (place / "asked.request").write_bytes(Request("sign-on", "A hub", "We ask for access.\n", fields).to_json())
    for name in ("vault", "unit"):
        assert run(place, "new", name, "--name", f"Invented {name}", *given[2:])[0] == 0
    card = run(place, "private", "card", "--vault", "unit", *given[2:])[1].splitlines()[0]
    code, said = run(place, "private", "offer", *given, "--unit", card, "--out", "offer")
    assert code == 0, said
    shutil.copytree(place / "vault", place / "yesterday")
    assert run(place, "import", "list.csv", *given)[0] == 0
    shutil.rmtree(place / "vault")
    (place / "yesterday").rename(place / "vault")
    (place / "card").write_text(card, encoding="utf-8")
    return place


def rows():
    """How many rows each table holds, but for what stands against signing, and the journal of what was looked at."""
    from django.apps import apps

    others = [one for one in apps.get_models() if one.__name__ not in ("SigningHalt", "Line", "Touched")]
    return {one._meta.db_table: one.objects.count() for one in others}


@pytest.fixture(scope="module")
def before(world):
    with opening(world / "vault", PASSPHRASE) as vault:
        return rows(), vault.signer.verifier()


def arguments(name, command, world, key):
    """What the command needs, made from what it says it takes."""
    named = FILES.get(name, {})
    given = []
    for one in command.params:
        if one.name in ("folder", "node", "hub") and "--vault" in one.opts + ["--vault"] * ("--hub" in one.opts):
            given += [one.opts[0], "vault"]
        elif one.name == "passphrase_file":
            given += [one.opts[0], "secret"]
        elif one.required:
            words = named.get(one.name) or _made(one)
            words = {"KEY": str(key), "CARD": (world / "card").read_text(encoding="utf-8")}.get(words, words)
            many = [words] * max(one.nargs, 1)
            given += many if isinstance(one, click.Argument) else [one.opts[0], *many]
    return [*name.split(" "), *given, *MORE.get(name, [])]


def _made(one):
    if isinstance(one.type, click.Path):
        return "list.csv" if one.type.exists or one.name == "file" else "new"
    if isinstance(one.type, click.Choice):
        return str(next(iter(one.type.choices)))
    return WORDS.get(one.name, "1")


def test_what_only_looks_is_a_command():
    assert set(LOOKS) <= set(ON_VAULTS)
    assert set(FILES) | set(MORE) <= set(ON_VAULTS)


@pytest.mark.parametrize("name", sorted(set(ON_VAULTS) - set(LOOKS)))
def test_no_command_changes_or_signs_anything_in_an_older_copy(world, before, name):
    code, said = run(world, *arguments(name, ON_VAULTS[name], world, before[1]))
    assert code == 1, said
    assert "entries were signed on this machine, and this copy has signed" in said
    assert not (world / "new").exists()


def test_nothing_was_stored_by_any_of_them(world, before):
    """After all of them, for opening a vault takes a second."""
    with opening(world / "vault", PASSPHRASE):
        assert rows() == before[0]


def test_what_only_looks_still_looks(world):
    given = ("--vault", "vault", "--passphrase-file", "secret")
    for name in ("accounts list", "findings", "journal", "release list"):
        code, said = run(world, *name.split(" "), *given)
        assert code == 0, (name, said)
    code, said = run(world, "doctor", *given)
    assert "this vault signs nothing" in said


def test_no_act_is_done_in_an_older_copy_but_those_that_find_out_what_it_lacks(world, before):
    """Refused before anything of its arguments is looked at: none is given."""
    from corroborate.errors import NotAllowed
    from corroborate_node.core.permissions import table
    from corroborate_node.every_act import every_act

    with opening(world / "vault", PASSPHRASE, marks=world / "marks") as vault:
        tried = 0
        for one in every_act():
            desk = owner(vault, AT)
            if not desk.may(one.permission):
                assert table()[one.permission].second, one.name  # two people's: neither is the owner
                continue
            if one.standing_back:
                continue
            with pytest.raises(NotAllowed, match=r"signs nothing|signed on this machine"):
                one.function(desk)
            tried += 1
        assert tried > 60
        assert rows() == before[0]
