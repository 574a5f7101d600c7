"""What a file that somebody sent makes a member's key sign: nothing but what was said in words and asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.exchange.members import PASSPHRASE, Stick, members
from tests.member_keys import spoken

from corroborate.coalition.declarations import declaration_text
from corroborate.custody import Checkpoint, Note, Signer, statements
from corroborate.custody.enrolment import Enrolment, propose
from corroborate.custody.keys import KeyChange, revoke
from corroborate.custody.roster import Departure, depart
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_cli.main import group
from corroborate_node import api

pytestmark = pytest.mark.in_a_file

AT = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
ANYBODY = Signer("anybody", b"\x01" * 32)


@pytest.fixture(scope="module")
def stick(tmp_path_factory) -> Stick:
    return members(tmp_path_factory.mktemp("signed"), "Ansan", "Busan", "Chiba")


def signer(stick: Stick, name: str) -> Signer:
    with api.open_vault(stick[name], PASSPHRASE) as vault:
        return vault.signer


def ran(stick: Stick, by: str, *words: object, typed: str = "") -> tuple[int, str]:
    """A command of `corroborate log` in a member's vault: how it ended, and all that it said."""
    given = {"CORROBORATE_PASSPHRASE": PASSPHRASE, "CORROBORATE_MARKS": str(stick.folder / "marks")}
    done = CliRunner().invoke(group, ["log", *map(str, words), "--vault", str(stick[by])], env=given, input=typed)
    return done.exit_code, f"{done.output}{done.exception or ''}"


def sent(stick: Stick, note: bytes) -> tuple[object, object]:
    """A file that came, and the name of a file that is not there yet."""
    asked, out = stick.on("sent"), stick.on("answer")
    asked.write_bytes(note)
    out.unlink(missing_ok=True)
    return asked, out


def text_of_another_kind(kind: str, own: Signer) -> str:
    at = statements.write_time(AT)
    if kind == "sign-on":
        fields = {"statement": "lift", "language": "en", "sha256": "0" * 64, "choice": "with us"}
        return declaration_text("sign-on", fields, AT)
    if kind == "heir":
        return KeyChange("rotation", own.verifier(), Signer(own.name, b"\x66" * 32).verifier(), 7, AT).text()
    if kind == "own departure":
        return Departure(own.verifier(), AT).text()
    if kind == "checkpoint":
        return Checkpoint(own.name, 7, b"\x00" * 32).text()
    if kind == "an unknown member's departure":
        return Departure(Signer("Daegu", b"\x04" * 32).verifier(), AT).text()
    return f"corroborate departure v1\nkey {own.verifier()}\nat {at}\nand more\n"


@pytest.mark.parametrize(
    "kind", ["sign-on", "heir", "own departure", "checkpoint", "an unknown member's departure", "more lines"]
)
def test_the_second_of_a_departure_signs_nothing_but_a_departure_of_another_member(stick, kind):
    own = signer(stick, "Ansan")
    asked, out = sent(stick, statements.signed(text_of_another_kind(kind, own), ANYBODY))
    code, said = ran(stick, "Ansan", "leave", "--also", asked, "--out", out, "--yes")
    assert code != 0, said
    assert not out.exists()


def test_the_second_of_a_departure_is_told_whose_seat_it_is_and_asked(stick):
    gone = signer(stick, "Chiba").verifier()
    alone = depart(Departure(gone, AT), ANYBODY)
    asked, out = sent(stick, alone)
    assert "you would be the first" in ran(stick, "Ansan", "leave", "--also", asked, "--out", out, "--yes")[1]
    asked.unlink()
    assert ran(stick, "Busan", "leave", "--of", "Chiba", "--out", asked)[0] == 0
    for typed in ("", "n\n"):
        code, said = ran(stick, "Ansan", "leave", "--also", asked, "--out", out, typed=typed)
        assert code == 1
        assert not out.exists()
        for word in ("it strikes Chiba out of the members", gone.fingerprint, "Signed before by: Busan", "Written on"):
            assert word in said, said
    code, said = ran(stick, "Ansan", "leave", "--also", asked, "--out", out, "--yes")
    assert code == 0, said
    assert "it strikes Chiba out" in said
    assert signer(stick, "Ansan").verifier() in statements.signers(
        out.read_bytes(), [signer(stick, "Ansan").verifier()]
    )


def test_a_planned_change_or_an_end_of_ones_own_key_is_countersigned_by_nobody(stick):
    own = signer(stick, "Ansan")
    thief = Signer("Ansan", b"\x67" * 32)
    rotation = KeyChange("rotation", own.verifier(), thief.verifier(), 7, AT).text()
    another, heir = signer(stick, "Busan").verifier(), Signer("Busan", b"\x67" * 32)
    change = KeyChange("rotation", another, heir.verifier(), 7, AT).text()
    for note in (
        statements.signed(rotation, thief),
        revoke(own.verifier(), thief, 7, AT),
        statements.signed(change, heir),
    ):
        heard = spoken(Signer(Note.parse(note).text.split("old ")[1].split("+")[0], b"\x67" * 32))
        asked, out = sent(stick, note)
        code, said = ran(stick, "Ansan", "countersign", asked, "--heard", heard, "--out", out, "--revocation", "--yes")
        assert code != 0, said
        assert "nobody countersigns" in said or "about your own key" in said
        assert not out.exists()


def test_an_end_of_a_key_is_named_as_one_and_asked_for_apart(stick):
    old, new = signer(stick, "Busan").verifier(), Signer("Busan", b"\x5a" * 32)
    asked, out = sent(stick, revoke(old, new, 0, AT))
    given = ["countersign", asked, "--heard", spoken(new), "--out", out]
    code, said = ran(stick, "Ansan", *given, "--yes")
    assert code != 0
    assert "it ends the key of Busan" in said
    assert "this file ends a key" in said
    assert not out.exists()
    assert ran(stick, "Ansan", *given, "--revocation")[0] == 1  # nobody answers: nothing is signed
    code, said = ran(stick, "Ansan", *given, "--revocation", "--yes")
    assert code == 0, said
    assert old.fingerprint in said
    assert new.verifier().fingerprint in said
    stranger = Signer("Eulji", b"\x11" * 32).verifier()
    asked, out = sent(stick, revoke(stranger, Signer("Eulji", b"\x12" * 32), 0, AT))
    said = ran(stick, "Ansan", "countersign", asked, "--heard", "", "--out", out, "--revocation", "--yes")[1]
    assert "does not know that key" in said
    assert "not the words" in said


@pytest.mark.parametrize(
    "organisation, voice", [("Busan", "Newcomers"), ("Newcomers", "busan, office"), ("BUSAN", "N")]
)
def test_an_enrolment_in_the_name_of_a_member_that_has_a_key_takes_that_name_typed(stick, organisation, voice):
    new = Signer("Newcomers", b"\x5b" * 32)
    asked, out = sent(stick, propose(Enrolment(organisation, voice, new.verifier(), AT), new))
    given = ["countersign", asked, "--heard", spoken(new), "--out", out, "--yes"]
    code, said = ran(stick, "Ansan", *given)
    assert code != 0
    assert "Busan has a key that stands, and this is another one" in said
    assert not out.exists()
    assert ran(stick, "Ansan", *given, "--beside", "Chiba")[0] != 0
    code, said = ran(stick, "Ansan", *given, "--beside", "Busan")
    assert code == 0, said


def test_a_true_newcomer_is_read_out_and_signed_for(stick):
    new = Signer("Gwangju", b"\x5c" * 32)
    asked, out = sent(stick, propose(Enrolment("Gwangju Committee", "Gwangju", new.verifier(), AT), new))
    code, said = ran(stick, "Ansan", "countersign", asked, "--heard", spoken(new), "--out", out, typed="y\n")
    assert code == 0, said
    assert "stand by a key as the one of Gwangju Committee" in said
    asked, out = sent(stick, statements.signed(text_of_another_kind("sign-on", new), new))
    code, said = ran(stick, "Ansan", "countersign", asked, "--heard", spoken(new), "--out", out, "--yes")
    assert code != 0
    assert "this file is none of: enrolment, revocation" in said


def test_the_library_signs_under_a_kind_of_note_and_under_no_other(stick):
    own = signer(stick, "Ansan")
    note = propose(Enrolment("Gwangju", "Gwangju", ANYBODY.verifier(), AT), ANYBODY)
    for kind in (Departure, KeyChange):
        with pytest.raises(InvalidValue):
            statements.countersigned(note, own, kind)
    with pytest.raises(NotAllowed, match="your own"):
        statements.countersigned(
            statements.signed(Enrolment("A", "A", own.verifier(), AT).text(), ANYBODY), own, Enrolment
        )
