"""Nobody signs, admits or takes in a line that reads as other words than it holds."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.coalition.declarations import Keys, check_seen, declaration_text, declare, read_declaration
from corroborate.coalition.likeness import reads_like
from corroborate.coalition.statements import checked_name, checked_text
from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, propose
from corroborate.custody.roster import Roster
from corroborate.disclosure.releases import Order
from corroborate.errors import InputRefused, InvalidValue
from corroborate.exchange.records import FORMAT, read_records
from corroborate.values.signs import checked_line, hiding

HIDING = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u2063",
    "\u3164",
    "\U000e0041",
    "\u034f",
    "\ufe00",
    "\ufe0f",
    "\U000e0101",
    "\u180b",
    "\u2800",
    "\U0001d173",
    "\U00013430",
    "\u2028",
]
AT = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("sign", [*HIDING, "\u200e", "\u200f", "\u061c", "\x07", "\u2028"])
def test_a_title_a_reader_and_a_member_s_log_hold_no_sign_that_hides(sign):
    line = f"Of General X{sign} and others"
    with pytest.raises(InvalidValue, match="sign that nobody sees"):
        checked_line(line)
    for title, coalition, body in ((line, "A", "B"), ("A", line, "B"), ("A", "B", line)):
        with pytest.raises(InvalidValue, match="sign that nobody sees"):
            Order(title, coalition, "named body", date(2026, 1, 1), body)


@pytest.mark.parametrize("sign", HIDING)
def test_neither_a_name_nor_a_text_nor_a_word_under_a_key_holds_one(sign):
    with pytest.raises(InvalidValue):
        checked_name(f"Mir{sign}ae")
    with pytest.raises(InputRefused, match="invisible"):
        checked_text(f"We ask{sign} for it.\n".encode())
    fields = {"name": f"Kim{sign}", "role": "speaks for us", "since": "2026-01-01", "choice": "names"}
    with pytest.raises(InvalidValue):
        declare(Signer("Mirae", bytes([3]) * 32), "signatory", fields, AT)


def test_a_note_by_another_program_is_refused_where_it_comes_in():
    mirae = Signer("Mirae", bytes([3]) * 32)
    fields = {"name": "Kim\u202eeeL", "role": "", "since": "2026-01-01", "choice": "names"}
    text = declaration_text("signatory", fields, AT)
    note = f"{text}\n{mirae.line(text)}".encode()
    said = read_declaration(note, "signatory", Keys.of([("Mirae", mirae.verifier())]))
    with pytest.raises(InvalidValue, match="U\\+202E"):
        check_seen(said)


def test_a_log_whose_name_looks_like_another_s_is_not_admitted():
    first, twin = Signer("Mirae", bytes([3]) * 32), Signer("Mir\u200bae", bytes([4]) * 32)
    roster = Roster().admit(propose(Enrolment("Mirae", "Mirae", first.verifier(), AT), first))
    with pytest.raises(InvalidValue, match="sign that nobody sees"):
        roster.admit(propose(Enrolment("Mirae", "Mirae 2", twin.verifier(), AT), twin))


@given(
    st.sampled_from(
        [
            "محمد‌رضا",
            "می‌خواهم",
            "क्‍ष",
            "ශ්‍රී",
            "이영희",
            "日本ウイグル協会",
            "Ōsaka",
            "José",
            "Ẹ̀kọ́",
            "渡邉\U000e0101",
            "☎\ufe0f 119",
        ]
    )
)
def test_what_members_are_called_in_their_own_script_stays(name):
    assert hiding(name) == ""


def test_the_form_of_a_character_as_a_family_writes_it_stays():
    assert hiding("渡邉\U000e0101") == "" and hiding("☎\ufe0f 119") == ""
    assert checked_name("渡邉\U000e0101") and hiding("Ans\U000e0101an")


def test_a_joiner_that_joins_nothing_hides():
    assert hiding("Mir\u200dae") and hiding("미래\u200c") and hiding("محمد\u200c")


def test_records_under_a_title_that_hides_are_not_taken_in():
    head = {"format": FORMAT, "from": "Ansan", "release": "release_" + "0" * 32, "number": 1,
            "title": "Of \u202eX", "audience": "coalition", "body": "", "on": "2026-11-30", "until": None}  # fmt: skip
    with pytest.raises(InvalidValue, match="U\\+202E"):
        read_records(json.dumps(head, ensure_ascii=False).encode() + b"\n")


def test_names_that_look_alike_are_put_before_a_person():
    assert reads_like("An\ufe0fsan Watch", "Ansan Watch")
    assert reads_like("한국 인권", "한국인권")
    assert reads_like("An\u200esan", "Ansan")
    assert not reads_like("Ansan Watch", "Busan Watch")
