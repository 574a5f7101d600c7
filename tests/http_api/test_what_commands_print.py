"""`--json` of a command prints what the document of the API says, and the API answers the same shapes."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of one alone"
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs/reference/api.json").read_text(encoding="utf-8"))
LIST = """Name,Violation,Date of arrest,Place,Consent
Kim Invented,torture,1997,Hoeryong,yes
Ri Made Up,buried alive,1998,X,no
"""
INTERVIEW = {
    "source": {"kind": "witness", "title": "Interview 12"},
    "consent": {"own": "hold; link; count", "coalition": "hold; name", "right": "self", "given_by": "the witness"},
    "people": [{"names": "Pak Dreamt", "speaks": "yes"}],
    "acts": [{"what": "torture", "whom": "Pak Dreamt", "when": "1998", "basis": "saw"}],
}
VOTES = "state,body,resolution,date,vote,source\nKR,HRC,A/HRC/RES/22/13,2013-03-21,yes,A/HRC/22/2\n"


def with_json(command, context, path=()):
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from with_json(command.get_command(context, name), context, (*path, name))
    if any("--json" in one.opts for one in command.params):
        yield " ".join(path)


def test_every_command_with_json_has_a_shape_or_says_why_not():
    from corroborate_node.starting import start

    start()
    from corroborate_node.http_api.commands import COMMANDS, offered

    found = set(with_json(group, click.Context(group)))
    assert found == set(COMMANDS)
    assert set(offered()) == set(DOCUMENT["x-commands"])
    assert all(one.startswith("not: ") for one in COMMANDS.values() if isinstance(one, str))


def validator(schema):
    from jsonschema import Draft202012Validator

    return Draft202012Validator({**schema, "components": {"schemas": _closed(DOCUMENT["components"]["schemas"])}})


def _closed(schemas):
    """Shapes without a key that the document does not say: a key too many is a difference as well."""
    return {
        name: {**one, "additionalProperties": False} if one.get("type") == "object" and "properties" in one else one
        for name, one in schemas.items()
    }


@pytest.fixture(scope="module")
def printed(tmp_path_factory, account):
    """Runs a command and holds what it printed against the document; every command that was run."""
    folder = tmp_path_factory.mktemp("printed")
    vault, ran = folder / "vault", {}
    (folder / "own.txt").write_text(OWN, encoding="utf-8")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    (folder / "interview.json").write_text(json.dumps(INTERVIEW), encoding="utf-8")
    (folder / "votes.csv").write_text(VOTES, encoding="utf-8")

    def run(name, *arguments, on=True):
        more = ["--vault", str(vault)] if on else []
        done = CliRunner().invoke(
            group, [*name.split(), *map(str, arguments), "--json", *more], env={"CORROBORATE_PASSPHRASE": VAULT}
        )
        assert done.exit_code in (0, 1), (name, done.output, done.exception)
        assert done.stdout, (name, done.exception)
        found = json.loads(done.stdout)
        schema = DOCUMENT["x-commands"].get(name)
        if schema is not None:
            wrong = [f"{'/'.join(map(str, one.path))}: {one.message}" for one in validator(schema).iter_errors(found)]
            assert wrong == [], (name, found)
            ran[name] = found
        return found

    run("new", vault, "--name", "Member", on=False)
    with api.open_vault(vault, VAULT) as opened:
        account(opened, "lead", OWN, "coordinator")
        account(opened, "hana", OWN, "documenter")
        account(opened, "third", OWN, "documenter")
        account(opened, "voucher", OWN, "reader")
        for name in ("hana", "third"):
            _vouched(opened, "voucher", name)
    return run, ran, folder


def _vouched(vault, by, name):
    from datetime import UTC, datetime

    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    accounts.vouch(Desk(vault, actor_of(get_user_model().objects.get(username=by)), datetime.now(UTC)), name)


def _read_by_another(run, folder):
    """A draft goes to a second person, comes back, is approved and sealed."""
    told = json.dumps(INTERVIEW).replace("Pak Dreamt", "Han Unreal").replace("Interview 12", "Interview 13")
    (folder / "read.json").write_text(told, encoding="utf-8")
    lead, hana = (("--as", name, "--account-file", folder / "own.txt") for name in ("lead", "hana"))
    draft = run("drafts submit", folder / "read.json", *hana)["draft"]
    run("drafts list")
    run("drafts assign", draft, "--to", "lead", *hana)
    run("drafts comment", draft, "which month?", "--to", "hana", *lead)
    run("drafts return", draft, "--because", "say the month", *lead)
    for one in run("drafts show", draft, *hana)["remarks"]:
        run("drafts settle", draft, one["id"], *hana)
    run("drafts retract", draft, *hana)
    run("drafts submit", draft, *hana)
    run("drafts approve", draft, "--looked", run("drafts show", draft, *lead)["looked"], *lead)
    run("comments", run("drafts seal", draft, *hana)["source"], "--say", "well told", *lead)


def _coded_by_two(run, folder, source):
    third = ("--as", "lead", "--account-file", folder / "own.txt")
    made = run("double assign", source, "hana", "third")
    run("double list")
    for name in ("hana", "third"):
        run("double code", made["id"], folder / "interview.json", "--as", name, "--account-file", folder / "own.txt")
    run("double show", made["id"])
    run("double resolve", made["id"], "first", "--why", "the same", *third)


def test_what_is_printed_is_what_the_document_says(printed):
    run, ran, folder = printed
    run("import", folder / "list.csv")
    kept = run("interview", folder / "interview.json")
    run("interview", folder / "interview.json", "--check")
    _read_by_another(run, folder)
    _coded_by_two(run, folder, kept["source"])
    [first, *_] = run("search", "Kim Invented")["people"]["found"]
    person = run("show", first["id"])
    claim = next(one["id"] for one in person["claims"] if one["property"] == "name")
    run("correct", claim, "--to", "Kim Invented Su", "--because", "the paper says so")
    run("words list")
    run("imports list")
    run("imports show", 1)
    run("screen", "Yesterday Kim Invented was seen.")
    run("searches")
    run("consent list")
    run("cases list")
    run("succession show")
    run("deadlines", kept["source"], "--promise", "what the court said", "--on", "2199-01-01")
    run("files", kept["source"])
    run("findings")
    run("findings show", "cah.torture.1")
    run("ties list", kept["source"])
    run("naming list")
    run("units")
    run("proceedings")
    run("findings matrix")
    run("review list")
    run("review agreement")
    run("accounts list")
    as_lead = ("--as", "lead", "--account-file", folder / "own.txt")
    run("tokens make", "nightly", "--for", "record.read", *as_lead)
    run("tokens list")
    run("release make", "--audience", "coalition", "--preview")
    run("release make", "--audience", "coalition", "--yes")
    run("release list")
    run("release show", 1)
    run("demand", on=False)
    run("demand show", run("demand", on=False)[0]["id"].removeprefix("demand."), "--here")
    run("action list")
    run("target votes", folder / "votes.csv")
    run("target list")
    run("withdraw", kept["source"])
    run("imports undo", 1)
    run("journal")
    run("keys list")
    run("doctor")
    missing = set(DOCUMENT["x-commands"]) - set(ran)
    assert missing <= {  # walked elsewhere, where pairs, passages, members' texts, packages and served hubs are
        "exchange fetch", "exchange post", "statement hand-in",
        "access grant", "access link", "access list", "access seen", "access show", "private judge",
        "private undo", "review part", "action history", "code", "decision minutes",
        "findings assess", "findings take-back", "findings weigh",
        "naming confirm", "naming decide", "naming take-back",
        "members", "prefer", "review find", "review judge", "review load", "review undo", "statement verify",
        "succession hand-over",
        "ties add", "ties take-back", "verify",
    }, missing  # fmt: skip


def test_each_example_of_the_document_is_what_its_address_takes():
    sent = 0
    for path, methods in DOCUMENT["paths"].items():
        for one in methods.values():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
            if "example" in body:
                wrong = [each.message for each in validator(body["schema"]).iter_errors(body["example"])]
                assert wrong == [], path
                sent += 1
    from corroborate_node.http_api.examples import EXAMPLES

    assert sent == len(EXAMPLES)


def test_each_address_says_in_one_sentence_what_it_does():
    said = {path: one["summary"] for path, methods in DOCUMENT["paths"].items() for one in methods.values()}
    assert [path for path, words in said.items() if len(words) < 12 or len(words) > 160] == []


def test_no_two_shapes_have_one_name():
    """The document knows a shape by its name: of two, one would stand for both."""
    src = Path(__file__).parents[2] / "src"
    files = [*src.glob("corroborate/client/*shapes.py"), *src.glob("corroborate_node/http_api/*.py")]
    names = [name for file in files for name in re.findall(r"^class (\w+)\(", file.read_text(encoding="utf-8"), re.M)]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
