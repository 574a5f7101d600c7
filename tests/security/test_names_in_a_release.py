"""Whoever makes and signs a release.json can write anything under a member's name; who reads it with the member's key
is told what the member did sign, and no site is made of the rest."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from corroborate.coalition import Round, Version, sign
from corroborate.coalition.statements import Paper, SignOn
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Results, check_names, release, signed_json
from corroborate.errors import NotVerified
from corroborate.site import SiteOptions, publish
from corroborate.values import Digest
from corroborate_cli.main import group

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
MAKER, MIRAE, ANSAN, BUSAN, CHIBA = (Signer(name, bytes([at]) * 32) for at, name in enumerate(
    ("Maker", "Mirae", "Ansan", "Busan", "Chiba"), 1))  # fmt: skip
KEYS = [one.verifier() for one in (MIRAE, ANSAN, BUSAN, CHIBA)]


@pytest.fixture(scope="module")
def made():
    """Signed with a reservation, an abstention, a name that fell with a comma, a letter, and one that is silent."""
    members = {one.name: one.verifier() for one in (MIRAE, ANSAN, BUSAN, CHIBA)}
    first = Version("joint", 1, b"Open the camps\n\nLet monitors in.\n")
    round_ = Round(members, without_key=("Paper",)).propose(first).receive(sign(BUSAN, first, "with us", AT), AT)
    text = Version("joint", 2, b"Open the camps\n\nLet monitors in, now.\n")
    round_ = round_.propose(text)
    later = AT + timedelta(hours=1)
    for signer, choice, words in ((MIRAE, "with us", "not as to 2002"), (ANSAN, "abstains", "we ask our board")):
        round_ = round_.receive(sign(signer, text, choice, later, words), later)
    paper = Paper(Digest.of(b"scan"), "office")
    round_ = round_.record(SignOn("Paper", "joint", "en", text.digest, "with us", later, b"", paper), later)
    round_ = round_.confirm("Paper", "office2")
    order = Order("Joint", "Coalition", "public", date(2026, 11, 25))
    return release(order, Records(), Results(rounds=(("Open the camps", round_),)))


def changed(made, member, **lie):
    [statement] = made.statements
    names = tuple(replace(one, **lie) if one.member == member else one for one in statement.sign_ons)
    return replace(made, statements=(replace(statement, sign_ons=names),))


def test_each_name_is_borne_out_by_its_own_note(made):
    [statement] = made.statements
    found = {one.member: (one.state, one.proof) for one in check_names(statement, KEYS)}
    assert found == {"Mirae": ("signed", "valid"), "Ansan": ("abstains", "valid"), "Busan": ("lapsed", "valid"),
                     "Paper": ("signed", "on paper")}  # fmt: skip
    assert {one.proof for one in check_names(statement, [MAKER.verifier()])} == {"unknown", "on paper"}


@pytest.mark.parametrize(
    ("member", "lie"),
    [
        ("Mirae", {"words": ""}),  # its reservation is left out
        ("Mirae", {"words": "as to everything"}),
        ("Mirae", {"at": "2020-01-01T00:00:00Z"}),
        ("Ansan", {"state": "signed", "words": ""}),  # an abstention is made a signature
        ("Busan", {"state": "signed"}),  # what fell with the comma stands again
        ("Busan", {"state": "withdrawn"}),
        ("Mirae", {"state": "abstains"}),
    ],
)
def test_a_name_that_says_another_thing_than_its_note_is_found_and_published_nowhere(made, member, lie, tmp_path):
    false = changed(made, member, **lie)
    with pytest.raises(NotVerified, match=f"{member} signed something else"):
        check_names(false.statements[0], KEYS)
    with pytest.raises(NotVerified, match=f"{member} signed something else"):
        publish(false, tmp_path / "site", SiteOptions())
    (tmp_path / "release.json").write_bytes(signed_json(false.to_json(), MAKER))
    (tmp_path / "keys.txt").write_text("".join(f"{key}\n" for key in [*KEYS, MAKER.verifier()]), encoding="utf-8")
    done = CliRunner().invoke(group, ["verify", str(tmp_path / "release.json"), "--keys", str(tmp_path / "keys.txt")])
    assert done.exit_code == 1
    assert "INVALID" in done.output


def test_a_signature_that_is_not_there_a_stranger_s_and_a_title_over_the_text_are_said(made, tmp_path):
    (silent,) = (one for one in made.statements[0].sign_ons if one.member == "Chiba")
    text = Version("joint", 2, made.statements[0].current.text.encode())
    forged = sign(Signer("Chiba", bytes([99]) * 32), text, "with us", AT).decode()
    at = AT.strftime("%Y-%m-%dT%H:%M:%SZ")
    lie = {"state": "signed", "digest": text.digest.hex, "at": at}
    for note, proof in (("", "unproved"), (forged, "unknown")):
        false = changed(made, silent.member, note=note, **lie)
        false = replace(false, statements=(replace(false.statements[0], title="Chiba accuses X"),))
        (tmp_path / "release.json").write_bytes(signed_json(false.to_json(), MAKER))
        (tmp_path / "keys.txt").write_text("".join(f"{key}\n" for key in [*KEYS, MAKER.verifier()]), encoding="utf-8")
        words = ["verify", str(tmp_path / "release.json"), "--keys", str(tmp_path / "keys.txt")]
        told = json.loads(CliRunner().invoke(group, [*words, "--json"]).stdout)["statements"][0]
        assert told["title_signed"] is False
        assert {one["member"]: one["checked"] for one in told["names"]}["Chiba"] == proof
        shown = CliRunner().invoke(group, words).output
        assert "nobody signed it" in shown


def test_a_text_beside_another_digest_is_found(made):
    [statement] = made.statements
    versions = (*statement.versions[:-1], replace(statement.versions[-1], text="Close nothing\n"))
    with pytest.raises(NotVerified, match="not the text whose digest"):
        check_names(replace(statement, versions=versions), KEYS)
