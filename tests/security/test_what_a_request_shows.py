"""Whoever hands a member a request writes its file: what the member is shown is what it signs, and nothing else."""

import io
import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from corroborate.coalition import packets, requests, statements
from corroborate.coalition.lifecycle import Quote, Translation
from corroborate.custody import Signer
from corroborate.errors import InputRefused
from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the vault", "a passphrase of one's own"
AT = datetime(2026, 3, 1, 18, tzinfo=UTC)
NEW, THIEF = Signer("새봄", b"\x01" * 32).verifier(), Signer("새봄", b"\x66" * 32).verifier()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("member") / "vault"
    api.create_vault(made, "새봄", PASSPHRASE, account_passphrase=OWN)
    return made


@contextmanager
def entered(folder):
    """The vault's pages; a command opens it after they are left."""
    with api.open_vault(folder, PASSPHRASE):
        from django.test import Client

        one = Client(headers={"host": "localhost"})
        assert one.login(username="keeper", password=OWN)
        yield one


def written(kind, text, fields, **more):
    record = {"format": requests.FORMAT, "kind": kind, "sender": "Hub", "text": text, "fields": fields}
    return json.dumps({**record, "original": "", "until": "", **more}).encode()


def dropped(client, content):
    file = io.BytesIO(content)
    file.name = "x.request"
    return client.post("/sign", {"request": file})


def command(folder, tmp_path, content, *more):
    """What the command shows, and what it signed."""
    file, out = tmp_path / "x.request", tmp_path / "x.signed"
    file.write_bytes(content)
    words = ["statement", "sign", str(file), "--vault", str(folder), "--out", str(out), "--yes", *more]
    done = CliRunner(env={"CORROBORATE_PASSPHRASE": PASSPHRASE}).invoke(group, words)
    return done, out.read_text() if out.exists() else ""


# What is signed of these has no digest: the fields alone. Each file shows other words than they say.
OTHERWISE = {
    "key": (
        requests.ask_key(NEW, "새봄", "Hub").text, {"key": str(THIEF)}, "ours", THIEF.fingerprint, NEW.fingerprint,
    ),
    "signatory": (
        "Jeong Mina, chair", {"name": "Mallory Kim", "role": "clerk", "since": "2020-01-01"}, "names",
        "Mallory Kim, clerk", "Jeong Mina",
    ),
    "stance": (
        "Drinking water for all", {"on": "campaign", "subject": "war-now"}, "with us", "war-now", "Drinking water",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERWISE)
def test_a_key_a_signatory_and_a_stance_are_shown_as_they_are_signed(kind, folder, tmp_path):
    text, fields, choice, signs, pretends = OTHERWISE[kind]
    with entered(folder) as client:
        page = client.get(dropped(client, written(kind, text, fields))["Location"]).content.decode()
    done, signed = command(folder, tmp_path, written(kind, text, fields), "--choice", choice)
    for shown in (page, done.output):
        assert signs in shown
        assert pretends not in shown
    assert all(value in done.output for value in fields.values())
    assert all(value in signed for value in fields.values())


SCREEN = "Hub\x1b[2J\x1b[H"  # wipes what a terminal shows, and goes on at its top


@pytest.mark.parametrize(
    "content",
    [
        written("sign-on", "War.\n", {"statement": "water", "language": "en"}, sender=SCREEN),
        written("sign-on", "War.\n", {"statement": "water", "language": "en"}, sender="Hub asks\n\nWater for all.\n"),
        written("sign-on", "War.\n", {"statement": "water", "language": "en"}, sender="\ud800"),
        written("sign-on", "War.\n", {"statement": "water", "language": "en"}, until="\u202e2099"),
        written("sign-on", "Guerra.\n", {"statement": "water", "language": "es"}, original="Water for all.\n"),
        written("translation", "물.\n", {"statement": "water", "language": "ko"}, original="Open \u202eraw\u202c\n"),
        written("translation", "물.\n", {"statement": "water", "language": "ko"}),
        written("stance", "x", {"on": "campaign", "subject": "no\u202eon"}),
        written("quote", "We agree.", {"statement": "water", "spokesperson": "S. Park"}),
        written("quote", '{"member":"새봄","role":"","spokesperson":"T. Lee","words":"x"}',
                {"statement": "water", "spokesperson": "S. Park"}),
        written("finding as shown", "War.\n", {"finding": "f", "reader": "r", "words": "w"}),
        written("sign-on with words", "War.\n", {"statement": "water", "language": "en", "words": "w"}),
    ],
    ids=["screen", "lines", "half a letter", "until", "original of no translation", "hidden original", "no original",
         "hidden field", "no quote", "another speaker", "a finding", "words of the asker's"],
)  # fmt: skip
def test_a_file_that_shows_otherwise_is_refused_and_nothing_is_kept_or_signed(content, folder, tmp_path):
    with pytest.raises(InputRefused):
        requests.Request.read(content)
    with entered(folder) as client:
        assert dropped(client, content).status_code == 400
    done, signed = command(folder, tmp_path, content, "--choice", "with us")
    assert (done.exit_code, signed) == (1, "")


def packet(*others):
    version = statements.Version("water", 1, b"Water.\n")
    return packets.Packet("Hub", (requests.ask_sign_on(version, "Hub", None), *others))


def translation(tongue, text):
    of = statements.Version("water", 1, b"Water.\n")
    return requests.ask_translation(of, Translation(tongue, text, "T", of.digest, AT), "Hub")


def test_what_is_approved_by_a_name_is_the_one_thing_of_that_name(folder, tmp_path):
    of = statements.Version("water", 1, b"Water.\n")
    quote = requests.ask_quote(of, Quote("새봄", "ko", "chair", "Down with everybody."), "Hub")
    mixed = packet(quote, translation("ko", "물.\n".encode())).to_json()
    done, signed = command(folder, tmp_path, mixed, "--choice", "with us", "--approve", "ko")
    assert (done.exit_code, signed) == (1, "")
    assert "two approvals" in str(done.exception)
    twice = packet(translation("ko", "전쟁.\n".encode()), translation("ko", "물.\n".encode())).to_json()
    with pytest.raises(InputRefused, match="asks the same thing twice"):
        packets.Packet.read(twice)


def test_a_request_that_an_earlier_version_took_in_and_this_one_refuses_keeps_no_other_out(folder):
    bad = written("sign-on", "War.\n", {"statement": "old", "language": "en"}, sender=SCREEN).decode()
    with entered(folder) as client:
        from corroborate_node.coalition.campaign.models import Happened

        Happened.objects.create(stream=f"request/{'0' * 64}", what="Received", body={"content": bad}, by="x", at=AT)
        assert client.get(f"/sign/{'0' * 64}").status_code == 404
        assert dropped(client, packet().to_json()).status_code == 302
        assert client.get("/sign?all").status_code == 200
