"""One file asks a member about a text and its translations, one file brings its answers back; neither lets anybody say
what it did not say."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.coalition import lifecycle, memberships, packets, requests, round_letters, statements, zones
from corroborate.coalition.declarations import Keys, kind_of, read_declaration
from corroborate.coalition.paper_letter import paper_letter
from corroborate.custody import Signer
from corroborate.errors import CorroborateError, InputRefused, NotAllowed
from corroborate.figures.fonts import folder
from corroborate.values import Digest

AT = datetime(2026, 3, 1, 18, tzinfo=UTC)
TEXT = b"Open the camps\n\nLet monitors in, tell the families and release all who are held.\n"
CHANGED = TEXT.replace(b"the families", b"all families")
ONE, OTHER = Signer("one", b"\x01" * 32), Signer("other", b"\x02" * 32)

CLOSING = (lifecycle.ClosingAsked("kim", AT), lifecycle.Closed(AT, "lee"))


def opened(*later: lifecycle.Event) -> lifecycle.Statement:
    state = lifecycle.Statement(
        statements.Round({"one": ONE.verifier(), "other": OTHER.verifier()}, without_key=("paper",))
    )
    current = statements.Version("open", 1, TEXT)
    korean = lifecycle.Translation("ko", "수용소를 열라\n".encode(), "office", current.digest, AT)
    events = (lifecycle.Drafted(current), lifecycle.Translated(korean), lifecycle.Opened(AT, AT + timedelta(days=5)))
    for event in (*events, *later):
        state, _ = lifecycle.advance(state, event)
    return state


def asked(state: lifecycle.Statement) -> packets.Packet:
    return packets.Packet.read(round_letters.packet_for(state, "one", "Hub").to_json())


def test_a_packet_comes_back_as_it_was_sent_and_one_question_is_a_request_as_before():
    state = opened()
    packet = asked(state)
    assert packet == round_letters.packet_for(state, "one", "Hub")
    assert [one.kind for one in packet.requests] == ["sign-on", "translation"]
    assert packet.others[0].original == TEXT.decode()
    alone = packets.Packet("Hub", packet.requests[:1])
    assert requests.Request.read(alone.to_json()) == alone.first
    assert packets.Packet.read(alone.to_json()) == alone


def test_one_answer_covers_the_text_and_what_is_approved_and_nothing_else():
    packet = asked(opened())
    bare = packets.answers(ONE, packet, "with us", [], AT)
    both = packets.answers(ONE, packet, "with us", [0], AT, "We join, with a reservation.")
    assert [kind_of(one) for one in bare] == ["sign-on"]
    assert [kind_of(one) for one in both] == ["sign-on with words", "translation"]
    assert packets.read_answers(packets.write_answers(both)) == both
    assert packets.write_answers(bare) == bare[0]  # one note alone is itself the file
    state = opened(lifecycle.Received(both[:1], AT))
    said = read_declaration(both[1], "translation", Keys.of({"one": ONE.verifier()}))
    state, _ = lifecycle.advance(state, lifecycle.TranslationApproved(said))
    assert state.translations[0].official_for("one")
    assert state.round.words()["one"].words == "We join, with a reservation."


@pytest.mark.parametrize(("choice", "approved"), [("", []), ("WITH US", []), ("withdraws", [0]), ("with us", [7])])
def test_nothing_is_signed_by_default_or_beside_the_question(choice, approved):
    with pytest.raises(NotAllowed):
        packets.answers(ONE, asked(opened()), choice, approved, AT)


def tampered(packet: packets.Packet, **more: object) -> bytes:
    record = json.loads(packet.to_json())
    record["requests"][1] |= more
    return json.dumps(record).encode()


def test_a_translation_of_another_text_than_the_one_shown_is_refused():
    packet = asked(opened())
    with pytest.raises(InputRefused, match="another text"):
        packets.Packet.read(tampered(packet, original="Another text\n"))
    with pytest.raises(InputRefused, match="of one hub about one statement"):
        packets.Packet.read(tampered(packet, fields={"statement": "another", "language": "ko"}))
    with pytest.raises(InputRefused, match="of one hub about one statement"):
        packets.Packet.read(tampered(packet, sender="Somebody else"))
    record = json.loads(packet.to_json())
    for wrong in ([record["requests"][1]], record["requests"][::-1], [record["requests"][0]] * 2, [], "x", None):
        with pytest.raises(InputRefused):
            packets.Packet.read(json.dumps({**record, "requests": wrong}).encode())


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps({"format": text}).encode()))
def test_no_file_of_a_stranger_ends_in_a_traceback(content):
    for read in (packets.Packet.read, packets.read_answers):
        with pytest.raises(CorroborateError):
            read(content)


def test_taking_a_note_back_makes_a_member_silent_and_never_makes_it_speak():
    yes = statements.sign(ONE, statements.Version("open", 1, TEXT), "with us", AT)
    no = statements.sign(ONE, statements.Version("open", 1, TEXT), "withdraws", AT + timedelta(seconds=5))
    abstains = statements.sign(ONE, statements.Version("open", 1, TEXT), "abstains", AT + timedelta(seconds=9))

    def back(note: bytes) -> lifecycle.TakenBack:
        return lifecycle.TakenBack("one", Digest.of(note), "sign-on")

    after, told = lifecycle.advance(opened(lifecycle.Received((yes,), AT)), back(yes))
    assert {one.state for one in after.round.responses()} == {"silent"}
    assert told == (lifecycle.Notify("taken back", ("one",)),)
    for notes, note in (((yes, no), no), ((yes, no), yes), ((yes, abstains), abstains), ((), yes)):
        with pytest.raises(NotAllowed):  # else it would say again what it took back
            lifecycle.advance(opened(lifecycle.Received(notes, AT)), back(note))
    with pytest.raises(NotAllowed, match="not open"):
        lifecycle.advance(opened(lifecycle.Received((yes,), AT), *CLOSING), back(yes))
    again = statements.sign(ONE, statements.Version("open", 1, TEXT), "with us", AT + timedelta(seconds=12))
    state = opened(lifecycle.Received((yes, no, again), AT))
    after, _ = lifecycle.advance(state, back(again))  # it had withdrawn: then it has withdrawn again
    assert next(one.state for one in after.round.responses() if one.member == "one") == "withdrawn"


def test_a_letter_says_what_changed_since_its_member_spoke_and_by_when_on_its_own_clock():
    yes = statements.sign(ONE, statements.Version("open", 1, TEXT), "with us", AT)
    state = opened(lifecycle.Received((yes,), AT), lifecycle.Drafted(statements.Version("open", 2, CHANGED)))
    seoul = memberships.Details("새봄인권기록회", "organisation", "KR", languages=("ko",))
    letter = round_letters.letter(state, "one", seoul, "Hub", AT)
    assert "2026-03-06 18:00 UTC (2026-03-07 03:00 Asia/Seoul)" in letter.body
    assert "제1판에 답하셨습니다" in letter.body
    assert "[뺀 말: the] [넣은 말: all]" in letter.body
    assert letter.body.rstrip().endswith(CHANGED.decode().rstrip())
    assert dict(letter.files)["open.2.txt"] == CHANGED
    assert packets.Packet.read(dict(letter.files)["open.2.request"]).first.text == CHANGED.decode()
    for language in round_letters.LANGUAGES:
        other = round_letters.letter(state, "other", replace(seoul, languages=("fr", language)), "Hub", AT)
        assert other.language == language
        assert "{" not in other.subject + other.body
        assert "[" not in other.body.partition("corroborate statement sign")[0]  # it had not spoken: nothing changed
    with pytest.raises(NotAllowed, match="no round is open"):
        round_letters.letter(lifecycle.Statement(state.round), "one", seoul, "Hub", AT)


def test_a_country_of_several_clocks_is_told_in_utc_alone():
    assert zones.shown(AT, "US") == zones.shown(AT, "") == zones.shown(AT, "ZZ") == "2026-03-01 18:00 UTC"
    assert zones.shown(AT, "ar").endswith("(2026-03-01 15:00 America/Argentina/Buenos_Aires)")


def test_the_sheet_to_print_names_its_version_by_digits():
    import pypdfium2

    state = opened(lifecycle.Drafted(statements.Version("open", 2, CHANGED)))
    details = memberships.Details("Memoria del Sur", "organisation", "AR", languages=("es",))
    found = pypdfium2.PdfDocument(paper_letter(state, details, "Hub", folder()))
    text = found[0].get_textpage().get_text_bounded()
    assert round_letters.spaced(Digest.of(CHANGED).hex[:16]) in text.replace("\r\n", " ")
    assert "Nos abstenemos" in text
    assert "Memoria del Sur" in text
    state.round.check_named(round_letters.spaced(Digest.of(CHANGED).hex[:32]))  # what a person types from it
    with pytest.raises(NotAllowed, match="names version 1"):
        state.round.check_named(Digest.of(TEXT).hex[:32])
