"""Whoever makes and signs a release.json can write anything under a member's name; who reads it with the member's key
is told what the member did sign, and no site is made of the rest."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from corroborate.coalition import Round, Version, lifecycle, sign
from corroborate.coalition import final as finals
from corroborate.coalition.declarations import Keys, declare, read_declaration
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
    found = {one.member: (one.state, one.proof) for one in check_names(statement, KEYS).names}
    assert found == {"Mirae": ("signed", "valid"), "Ansan": ("abstains", "valid"), "Busan": ("lapsed", "valid"),
                     "Paper": ("signed", "on paper")}  # fmt: skip
    assert {one.proof for one in check_names(statement, [MAKER.verifier()]).names} == {"unknown", "on paper"}


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
        ("Busan", {"words": "we want war"}),  # what fell is shown with words that it never said
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


def verified(false, tmp_path, *signers):
    (tmp_path / "release.json").write_bytes(signed_json(false.to_json(), MAKER))
    (tmp_path / "keys.txt").write_text("".join(f"{one.verifier()}\n" for one in (MAKER, *signers)), encoding="utf-8")
    words = ["verify", str(tmp_path / "release.json"), "--keys", str(tmp_path / "keys.txt"), "--json"]
    return json.loads(CliRunner().invoke(group, words).stdout)


ALL = (MIRAE, ANSAN, BUSAN, CHIBA)


def without(made, *members):
    [statement] = made.statements
    kept = tuple(one for one in statement.sign_ons if one.member not in members)
    return replace(made, statements=(replace(statement, sign_ons=kept),))


def test_a_release_is_valid_where_the_reader_s_keys_prove_every_name(made, tmp_path):
    assert verified(without(made, "Paper"), tmp_path, *ALL)["verdict"] == "valid"
    assert verified(made, tmp_path, *ALL)["verdict"] == "incomplete", "nobody's key proves a letter"
    assert verified(without(made, "Paper"), tmp_path, ANSAN, BUSAN)["verdict"] == "incomplete", "whose is Mirae's?"
    assert verified(changed(without(made, "Paper"), "Mirae", note=""), tmp_path, *ALL)["verdict"] == "incomplete"


def test_nobody_is_shown_by_another_s_note_or_twice(made, tmp_path):
    [statement] = without(made, "Paper").statements
    mirae, ansan = (next(one for one in statement.sign_ons if one.member == name) for name in ("Mirae", "Ansan"))
    as_chiba = replace(mirae, member="Chiba", name="Chiba")
    others = tuple(one for one in statement.sign_ons if one.member not in ("Mirae", "Chiba"))
    for names, verdict in (
        ((as_chiba, *others), "invalid"),  # the reader has Chiba's own key
        ((replace(mirae, name="Dalian"), *others), "incomplete"),  # whose key it is, the reader is to ask
        ((mirae, as_chiba, *others), "invalid"),
        ((mirae, mirae, *others), "invalid"),
        ((mirae, replace(mirae, member="mirae-2", state="signed"), *others), "invalid"),
        ((mirae, replace(ansan, name="Mirae"), *(one for one in others if one.member != "Ansan")), "invalid"),
    ):
        false = replace(made, statements=(replace(statement, sign_ons=names),))
        assert verified(false, tmp_path, *ALL)["verdict"] == verdict


def test_a_member_s_key_of_before_and_of_now_are_both_its_own(made, tmp_path):
    """What was signed before a planned change stands; a file of keys may name both under one name."""
    new = Signer("Mirae", bytes([77]) * 32)
    for signers in ((*ALL, new), (new, *ALL)):
        assert verified(without(made, "Paper"), tmp_path, *signers)["verdict"] == "valid"


@pytest.fixture(scope="module")
def with_finals(made):
    """As a hub publishes: the original and a translation that Mirae approved, both sealed by the maker."""
    [statement] = without(made, "Paper").statements
    text = Version("joint", 2, statement.current.text.encode())
    members = {one.name: one.verifier() for one in ALL}
    round_ = Round(members).propose(replace(text, number=1, text=b"Draft\n")).propose(text)
    for signer in (MIRAE, ANSAN):
        round_ = round_.receive(sign(signer, text, "with us", AT), AT)
    korean = "수용소를 열라\n\n감시단을 지금 들여보내라.\n".encode()
    fields = {
        "statement": "joint",
        "language": "ko",
        "sha256": Digest.of(korean).hex,
        "of": text.digest.hex,
        "choice": "approves",
    }
    said = read_declaration(declare(MIRAE, "translation", fields, AT), "translation", Keys.of(members))
    tongue = lifecycle.Translation("ko", korean, "J. Han", text.digest, AT, {"Mirae": said})
    state = lifecycle.Statement(round_, "published", translations=(tongue,), published=AT)
    signatories = {one.name: finals.Signatory(one.name) for one in ALL}
    pages = tuple(finals.final(state, signatories, MAKER, AT, language) for language in ("en", "ko"))
    order = Order("Joint", "Coalition", "public", date(2026, 11, 25))
    return release(order, Records(), Results(rounds=(("Open the camps", round_),), finals=pages)), pages


def test_a_release_with_final_texts_is_as_valid_as_they_are(with_finals, tmp_path):
    whole, (english, korean) = with_finals
    [statement] = whole.statements
    assert {one.language: one.official for one in statement.finals} == {"en": (), "ko": ("Mirae",)}
    assert verified(whole, tmp_path, *ALL)["verdict"] == "valid"
    for page, drawn in ((english, finals.statement_html(english)), (korean, finals.statement_html(korean))):
        assert finals.verify_statement(drawn, [MAKER.verifier(), *KEYS]).verdict == "valid"
        assert finals.verify_statement(drawn, KEYS).verdict == "incomplete", "who made the page is not known"
        other = replace(page, signed=(replace(page.signed[0], key=str(Signer("Mirae", b"\x55" * 32).verifier())),))
        assert (
            finals.verify_statement(finals.statement_html(sealed(other)), [MAKER.verifier(), *KEYS]).verdict
            == "invalid"
        )


def sealed(page):
    return replace(page, seal=finals._seal(page, MAKER))


def test_a_final_text_in_a_release_is_checked_with_the_reader_s_keys(with_finals, tmp_path):
    """Sealed by the maker, signed for Mirae by a key that the maker made: a page's own keys prove nothing."""
    whole, (english, _) = with_finals
    [statement] = whole.statements
    false = Signer("Mirae", b"\x63" * 32)
    text = Version("joint", 2, english.text.encode())
    note = sign(false, text, "with us", AT).decode()
    lie = replace(
        english.signed[0], label="Mirae", signatory=finals.Signatory("Mirae"), note=note, key=str(false.verifier())
    )
    rest = tuple(one for one in english.signed if one.label != "Mirae")
    page = sealed(replace(english, signed=(lie, *rest)))
    shown = replace(statement.finals[0], html=finals.statement_html(page).decode())
    changed_ = replace(whole, statements=(replace(statement, finals=(shown,)),))
    assert verified(changed_, tmp_path, *ALL)["verdict"] == "invalid"
