"""The page Sign of a member's own vault: a request is kept, read with what changed, answered whole in one file, and
nothing is signed that was not chosen."""

import io
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from corroborate.coalition import packets, requests, statements
from corroborate.coalition.declarations import Keys, kind_of, read_declaration
from corroborate.coalition.lifecycle import Translation
from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the vault", "a passphrase of one's own"
AT = datetime(2026, 3, 1, 18, tzinfo=UTC)
TEXT = b"Open the camps\n\nLet monitors in.\n"
CHANGED = b"Open the camps\n\nLet all monitors in.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("member") / "vault"
    api.create_vault(made, "새봄", PASSPHRASE, account_passphrase=OWN)
    return made


@pytest.fixture
def vault(folder):
    with api.open_vault(folder, PASSPHRASE) as one:
        yield one


@pytest.fixture
def client(vault):
    from django.test import Client

    one = Client(headers={"host": "localhost"})
    assert one.login(username="keeper", password=OWN)
    return one


def packet(text: bytes, *tongues: str, statement: str = "open", sender: str = "Hub") -> packets.Packet:
    version = statements.Version(statement, 1, text)
    asked = [requests.ask_sign_on(version, sender, None)]
    for tongue in tongues:
        one = Translation(tongue, f"{tongue}: {statement}\n".encode(), "T", version.digest, AT)
        asked.append(requests.ask_translation(version, one, sender))
    return packets.Packet(sender, tuple(asked))


def dropped(client, content: bytes):
    file = io.BytesIO(content)
    file.name = "open.request"
    return client.post("/sign", {"request": file})


def test_a_dropped_request_waits_is_answered_once_for_all_and_can_be_taken_out_again(client, vault):
    asked = packet(TEXT, "ko", "es")
    address = dropped(client, asked.to_json())["Location"]
    assert client.get("/sign")["Location"] == address  # the only one that waits is shown at once
    page = client.get(address).content.decode()
    assert "checked" not in page
    for form in ({}, {"approves-0": "on"}, {"choice": "withdraws", "approves-0": "on"}):
        refused = client.post(address, form)
        assert refused.status_code == 400
        assert "Content-Disposition" not in refused.headers
    answer = client.post(address, {"choice": "with us", "approves-1": "on", "reason": "But."})
    notes = packets.read_answers(answer.content)
    keys = Keys.of({"us": vault.signer.verifier()})
    assert [kind_of(one) for one in notes] == ["sign-on with words", "translation"]
    assert read_declaration(notes[1], "translation", keys).fields["language"] == "es"
    assert client.get(f"{address}/answer").content == answer.content
    assert client.get("/sign").status_code == 200  # nothing waits any more
    assert dropped(client, asked.to_json())["Location"] == address  # the same request is the same one


def test_the_vault_says_what_changed_since_its_own_last_answer_not_since_what_a_hub_says(client):
    first = dropped(client, packet(TEXT, statement="changing").to_json())["Location"]
    client.post(first, {"choice": "with us"})
    second = dropped(client, packet(CHANGED, statement="changing").to_json())["Location"]
    page = client.get(second).content.decode()
    assert re.search(r'<ins><span class="word" lang="en">added: </span>\s*all', page)
    other = dropped(client, packet(CHANGED, statement="changing", sender="Another hub").to_json())["Location"]
    assert "What changed since our last answer" not in client.get(other).content.decode()
    both = client.get("/sign?all").content.decode().split("Request")[0]
    assert {second, other} <= set(re.findall(r'href="(/sign/[0-9a-f]{64})"', both))


def test_a_later_request_about_the_same_takes_the_place_of_one_that_waits(client):
    first = dropped(client, packet(TEXT, statement="later").to_json())["Location"]
    second = dropped(client, packet(CHANGED, statement="later").to_json())["Location"]
    waits = client.get("/sign?all").content.decode()
    assert second in waits
    assert first not in waits


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "corroborate requests v1"}', b"\xff\xfe", TEXT])
def test_a_file_that_is_no_request_is_refused_and_nothing_is_kept(client, content):
    answer = dropped(client, content)
    assert answer.status_code == 400


def test_a_text_with_hidden_letters_cannot_be_asked(client):
    hidden = packet(TEXT).to_json().replace(b"Let monitors in", "Let \u202emonitors\u202c in".encode())
    assert dropped(client, hidden).status_code == 400


def test_the_command_takes_a_request_in_and_signs_nothing_without_a_choice(folder, tmp_path):
    file, out = tmp_path / "open.request", tmp_path / "our.signed"
    file.write_bytes(packet(TEXT, "ko", statement="commanded").to_json())
    options = ["statement", "sign", str(file), "--vault", str(folder)]
    run = CliRunner(env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    waits = run.invoke(group, options)
    assert (waits.exit_code, "Nothing was signed" in waits.output) == (0, True), waits.output
    assert "Let monitors in" in waits.stderr
    unknown = run.invoke(group, [*options, "--choice", "with us", "--approve", "fr", "--out", str(out), "--yes"])
    assert unknown.exit_code == 1
    assert "it asks for: ko" in str(unknown.exception)
    assert not out.exists()
    done = run.invoke(group, [*options, "--choice", "with us", "--approve", "ko", "--out", str(out), "--yes"])
    assert done.exit_code == 0, done.output
    assert [kind_of(one) for one in packets.read_answers(out.read_bytes())] == ["sign-on", "translation"]
