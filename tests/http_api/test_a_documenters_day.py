"""A documenter's day by the Python client, against a vault that is served: list, person, correction, release."""

import hashlib
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from corroborate.client import Client, Refused, Unreachable
from corroborate.errors import InvalidValue
from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of mina alone"
LIST = """Name,Violation,Date of arrest,Place,Consent to publication
Kim Invented,torture,1997-03,Hoeryong,yes
Ri Imagined,arbitrary detention,1999,Chongjin,yes
Pak Madeup,torture,2001-05-02,Hoeryong,no
"""
SCOPES = ("today.read", "record.read", "identity.read", "record.receive", "claim.correct", "release.make",
          "release.read", "release.give", "case.keep", "statement.read")  # fmt: skip


def run(folder, *arguments):
    done = CliRunner().invoke(group, [*arguments, "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


@pytest.fixture(scope="module")
def token(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("day") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        account(opened, "mina", OWN, "coordinator", "documenter")
    own = folder.parent / "mina.txt"
    own.write_text(OWN, encoding="utf-8")
    asked = [word for scope in SCOPES for word in ("--for", scope)]
    made = run(folder, "tokens", "make", "a day", *asked, "--as", "mina", "--account-file", str(own), "--json")
    return folder, json.loads(made)["token"]


@pytest.fixture(scope="module")
def client(token, served):
    folder, secret = token
    with served(folder, VAULT) as address:
        yield Client(address, secret)


def test_a_documenters_day(client, token, tmp_path):
    about = client.about()
    assert (about["account"], about["organisation"], about["hub"]) == ("mina", "Member", False)
    assert set(about["may"]) == set(SCOPES)

    file = tmp_path / "invented people.csv"
    file.write_text(LIST, encoding="utf-8")
    done = client.import_list(file, title="Invented people")
    assert done["state"] == "done", done
    assert done["sha256"] == hashlib.sha256(LIST.encode()).hexdigest()
    [came] = list(client.imports())
    assert (came["list"], came["rows"]["new"], came["by"]) == ("Invented people", 3, "mina")

    assert {one["name"] for one in client.people()} == {"Kim Invented", "Ri Imagined", "Pak Madeup"}
    [found] = client.search("kim invented", kind="people")["people"]["found"]
    person = client.record(found["id"])
    assert person["title"] == "Kim Invented"
    sources = {one["id"]: one["kind"] for one in client.sources()}
    assert {one["source"] for one in person["claims"]} <= set(sources)
    name = next(one for one in person["claims"] if one["property"] == "name")

    fixed = client.correct(name["id"], "Kim Invented Su", "the paper has a third syllable")
    again = client.record(found["id"])
    assert again["title"] == "Kim Invented Su"
    assert {one["id"]: one["stands"] for one in again["claims"]}[fixed["old"]] is False

    before = client.preview("public", names=False)
    assert before["goes"] != []
    made = client.make_release("public", names=False)
    assert client.release(made["release"])["state"] == made["state"]
    with pytest.raises(Refused) as refused:
        client.release_file(made["release"], "json")
    assert (refused.value.code, refused.value.status) == ("passphrase-again", 403)
    with pytest.raises(Refused, match="not the passphrase of this account"):
        client.confirm("some other words")
    client.confirm(OWN)
    shown = client.release_file(made["release"], "json", to="a reader")
    assert b"Invented" not in shown  # no name goes
    package = client.release_file(made["release"], "package")
    assert "verify.py" in {one.rpartition("/")[2] for one in zipfile.ZipFile(io.BytesIO(package)).namelist()}
    given = {one["form"]: one["sha256"] for one in client.release(made["release"])["given"]}
    assert given == {"json": hashlib.sha256(shown).hexdigest(), "package": hashlib.sha256(package).hexdigest()}
    assert list(client.statements()) == []
    assert client.act("case.open", name="Camp 15").startswith("case_")

    out = tmp_path / "package"
    out.with_suffix(".zip").write_bytes(package)
    checked = CliRunner().invoke(group, ["verify", str(out.with_suffix(".zip"))])
    assert checked.exit_code == 3, checked.output  # whole; who made it, nobody has confirmed yet
    assert "items proven: " in checked.output


def test_what_a_token_is_not_for_is_refused_with_a_code_and_what_to_do(client):
    for act, code in (("account.block", "out-of-scope"), ("source.withdraw", "out-of-scope")):
        given = {"name": "keeper"} if act == "account.block" else {"source": "source_x", "on": "2026-11-28"}
        with pytest.raises(Refused) as refused:
            client.act(act, **given)
        assert (refused.value.status, refused.value.code) == (403, code)
        assert refused.value.remedy
    with pytest.raises(Refused) as refused:
        client.record("person_nothing")
    assert (refused.value.status, refused.value.code) == (404, "not-found")
    with pytest.raises(Refused) as refused:
        client.act("case.open", named="x")
    assert (refused.value.status, refused.value.code) == (422, "invalid-request")
    with pytest.raises(Refused) as refused:
        client.search("x", kind="nobody")
    assert (refused.value.status, refused.value.code) == (422, "invalid-value")


def test_commands_and_addresses_say_the_same(client, token):
    """One type for both: what the command prints is what the address answers, key for key."""
    found = client.search("Ri Imagined", kind="people")
    person = client.record(found["people"]["found"][0]["id"])
    imports, releases = list(client.imports()), list(client.releases())
    token[0].parent.joinpath("kept.json").write_text(json.dumps([found, person, imports, releases]), encoding="utf-8")


def test_a_client_keeps_its_token_to_itself(client, token):
    assert token[1] not in repr(client)
    with pytest.raises(InvalidValue, match="no address of a vault"):
        Client("http://vault.example.org", token[1])
    with pytest.raises(Unreachable):
        Client("http://localhost:9", token[1]).about()
    address = client._base.removesuffix("/api/1")
    with pytest.raises(Refused) as refused:
        Client(address, "corroborate_nothing").about()
    assert (refused.value.status, refused.value.code) == (401, "no-token")


@pytest.fixture(scope="module", autouse=True)
def afterwards(token, request):
    """When the pages are ended, the commands say what the addresses said; and the journal has each step."""
    yield
    folder = token[0]
    kept = folder.parent / "kept.json"
    if not kept.exists():
        return
    found, person, imports, releases = json.loads(kept.read_text(encoding="utf-8"))
    assert json.loads(run(folder, "search", "Ri Imagined", "--in", "people", "--json")) == found
    assert json.loads(run(folder, "show", person["id"], "--json")) == person
    assert json.loads(run(folder, "imports", "list", "--json")) == imports
    assert json.loads(run(folder, "release", "list", "--json")) == releases
    with api.open_vault(folder, VAULT):
        from corroborate_node.core.models import Line

        lines = set(Line.objects.filter(by="mina", actor="token").values_list("kind", "what"))
        assert {("act", "import.give"), ("act", "claim.correct"), ("act", "release.make"), ("act", "case.open"),
                ("export", "release.hand-over"), ("view", "api record"), ("refused", "account.keep"),
                ("search", "api search")} <= lines  # fmt: skip
