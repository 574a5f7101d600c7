"""A statement from draft to final text: who stands under it, and what a stranger can check."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corroborate.coalition import final, invitations, lifecycle, printed, requests
from corroborate.coalition.declarations import Keys, declare, read_declaration
from corroborate.coalition.lifecycle import advance
from corroborate.coalition.statements import Paper, Round, SignOn, Version, as_text, checked_text, difference, sign
from corroborate.custody import Signer
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.figures.fonts import folder
from corroborate.values import Digest
from corroborate_cli.main import group

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DEADLINE = AT + timedelta(days=10)
NAMES = {"saebom": "새봄인권기록회", "niigata": "新潟の会", "geneva": "Geneva Watch"}
SIGNERS = {label: Signer(name.replace(" ", "-"), bytes([at]) * 32) for at, (label, name) in enumerate(NAMES.items(), 1)}
KEYS = {label: signer.verifier() for label, signer in SIGNERS.items()}
HUB = Signer("Secretariat", b"\x55" * 32)
SHOWN = {
    "saebom": final.Signatory("새봄인권기록회", country="KR", joined="2011-12"),
    "niigata": final.Signatory("新潟の会", country="JP", joined="2013"),
    "geneva": final.Signatory("Geneva Watch", country="CH", joined="2012"),
    "paper": final.Signatory("Mina Holm", "individual", "NO", "Aid House", personal=True),
}
TEXT = as_text("Open the camps\n\nLet monitors in, tell the families and release all who are held.\n")
MARKUP = as_text("<b>Bold</b> & “quoted”\n\n<script>alert(1)</script>\n")


def drafted(text: bytes = TEXT, name: str = "open") -> lifecycle.Statement:
    keys = {label: signer.verifier() for label, signer in SIGNERS.items()}
    start = lifecycle.Statement(Round(keys, without_key=("paper",)))
    return advance(start, lifecycle.Drafted(Version(name, 1, text)))[0]


def opened(text: bytes = TEXT, **more: object) -> lifecycle.Statement:
    return advance(drafted(text), lifecycle.Opened(AT, DEADLINE, **more))[0]  # type: ignore[arg-type]


def signing(
    state: lifecycle.Statement, *labels: str, choice: str = "with us", at: datetime = AT
) -> lifecycle.Statement:
    notes = tuple(sign(SIGNERS[one], state.round.current, choice, at) for one in labels)  # type: ignore[arg-type]
    return advance(state, lifecycle.Received(notes, at))[0]


def closed_early(state: lifecycle.Statement, at: datetime) -> lifecycle.Statement:
    asked, _ = advance(state, lifecycle.ClosingAsked("kim", at))
    return advance(asked, lifecycle.Closed(at, "lee"))[0]


def on_paper(state: lifecycle.Statement, *, confirmed: bool = True) -> lifecycle.Statement:
    current = state.round.current
    letter = SignOn("paper", current.statement, "en", current.digest, "with us", AT, b"", Paper(Digest.of(b"s"), "kim"))
    state = advance(state, lifecycle.Recorded(letter, AT))[0]
    return advance(state, lifecycle.Confirmed("paper", "lee", AT))[0] if confirmed else state


def approving(state: lifecycle.Statement, quote: lifecycle.Quote, label: str) -> lifecycle.Statement:
    fields = {"statement": "open", "spokesperson": quote.spokesperson, "sha256": quote.digest.hex, "choice": "approves"}
    note = declare(SIGNERS[label], "quote", fields, AT)
    said = read_declaration(note, "quote", Keys.of(state.round.members))
    return advance(state, lifecycle.QuoteApproved(said))[0]


def done(state: lifecycle.Statement) -> lifecycle.Statement:
    """As it stands once it is published: before, there is no final text."""
    return replace(state, phase="published", published=DEADLINE)


def pages(state: lifecycle.Statement, language: str = "") -> list[bytes]:
    page = final.final(done(state), SHOWN, HUB, DEADLINE, language)
    return [final.statement_html(page), final.statement_text(page)]


def responses(state: lifecycle.Statement) -> dict[str, str]:
    return {one.member: one.state for one in state.round.responses()}


@pytest.mark.parametrize("text", [TEXT, MARKUP])
def test_a_final_text_is_valid_whole_and_invalid_with_any_byte_changed(text):
    for page in pages(signing(opened(text), "saebom", "niigata")):
        assert final.verify_statement(page).verdict == "valid"
        for place in range(0, len(page), 53):
            changed = page[:place] + bytes([page[place] ^ 1]) + page[place + 1 :]
            assert final.verify_statement(changed).verdict == "invalid", place


def test_a_page_holds_no_markup_of_a_text_or_a_name():
    html = pages(signing(opened(MARKUP), "saebom"))[0].decode()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    names = {**SHOWN, "saebom": final.Signatory("<img src=x onerror=alert(1)>")}
    page = final.final(done(signing(opened(), "saebom")), names, HUB, DEADLINE)
    assert "<img" not in final.statement_html(page).decode()


def test_the_publisher_cannot_put_a_name_under_a_text_that_its_member_did_not_sign():
    page = final.final(done(signing(opened(), "saebom")), SHOWN, HUB, DEADLINE)
    forged = replace(page, text=page.text.replace("and release", "or release"))
    forged = replace(forged, seal=final._seal(forged, HUB))
    assert any("under another text" in one for one in final.verify_statement(final.statement_html(forged)).failures)
    stolen = replace(page, signed=(*page.signed, replace(page.signed[0], label="geneva", signatory=SHOWN["geneva"])))
    stolen = replace(stolen, seal=final._seal(stolen, HUB))
    trusted = {signer.name: signer.verifier() for label, signer in SIGNERS.items() if label != "saebom"}
    assert final.verify_statement(final.statement_html(stolen), trusted).verdict == "invalid"
    own_key = Signer("Geneva-Watch", b"\x09" * 32)  # made by the publisher for a member that never had it
    note = sign(own_key, Version("open", 1, TEXT), "with us", AT).decode()
    entry = replace(page.signed[0], label="geneva", signatory=SHOWN["geneva"], key=str(own_key.verifier()), note=note)
    made_up = replace(page, signed=(*page.signed, entry))
    made_up = replace(made_up, seal=final._seal(made_up, HUB))
    known = {signer.name: signer.verifier() for signer in SIGNERS.values()}
    verdict = final.verify_statement(final.statement_html(made_up), known)
    assert any("none that you trust" in one for one in verdict.failures)


def test_a_title_is_the_text_s_first_line_and_so_is_signed_with_it():
    assert final.final(done(signing(opened(), "saebom")), SHOWN, HUB, DEADLINE).title == "Open the camps"


def test_a_withdrawal_is_dated_and_shown_and_the_name_no_longer_stands():
    state = signing(opened(), "saebom", "geneva")
    state = signing(state, "geneva", choice="withdraws", at=AT + timedelta(days=3))
    html, text = (page.decode() for page in pages(state))
    for page in (html, text):
        assert "Geneva Watch (CH), withdrawn on 2026-03-04" in page
    assert final.verify_statement(html.encode()).checked["signed_by_key"] == 1


def test_a_changed_text_voids_sign_ons_visibly_and_asks_again():
    state = signing(opened(), "saebom")
    changed = Version("open", 2, TEXT.replace(b"and release", b", and release"))
    state, effects = advance(state, lifecycle.Drafted(changed))
    assert responses(state) == {"saebom": "lapsed", "niigata": "silent", "geneva": "silent", "paper": "silent"}
    assert lifecycle.Notify("text changed", ("saebom",), "2") in effects
    with pytest.raises(NotAllowed, match="nobody has signed"):
        advance(state, lifecycle.Published(DEADLINE))


def test_on_paper_is_marked_needs_two_people_and_is_never_called_proved():
    waiting = on_paper(signing(opened(), "saebom"), confirmed=False)
    assert responses(waiting)["paper"] == "silent"
    with pytest.raises(NotAllowed, match="another person"):
        advance(waiting, lifecycle.Confirmed("paper", "kim", AT))
    html = pages(on_paper(signing(opened(), "saebom")))[0]
    assert "Mina Holm, Aid House, in a personal capacity <em>(on paper)</em>" in html.decode()
    verdict = final.verify_statement(html)
    assert (verdict.verdict, verdict.checked["on_paper"]) == ("incomplete", 1)


def test_nobody_records_paper_for_a_member_that_has_a_key():
    current = opened().round.current
    letter = SignOn("saebom", "open", "en", current.digest, "with us", AT, b"", Paper(Digest.of(b"s"), "kim"))
    with pytest.raises(NotAllowed, match="its key alone"):
        advance(opened(), lifecycle.Recorded(letter, AT))


def test_under_embargo_nothing_is_published():
    state = signing(opened(embargo=AT + timedelta(days=5)), "saebom")
    with pytest.raises(NotAllowed, match="embargo"):
        advance(state, lifecycle.Published(AT))
    with pytest.raises(NotAllowed, match="before the statement is published"):
        final.final(state, SHOWN, HUB, AT)
    with pytest.raises(NotAllowed, match="close the round first"):
        advance(state, lifecycle.Published(AT + timedelta(days=5)))
    closed = closed_early(state, AT + timedelta(days=5))
    assert advance(closed, lifecycle.Published(AT + timedelta(days=5)))[0].phase == "published"


def test_a_quote_stands_only_when_its_member_approved_exactly_these_words():
    quote = lifecycle.Quote("saebom", "홍 대변인", "대표", "우리는 기다린다.")
    state = advance(signing(opened(), "saebom"), lifecycle.Quoted(quote))[0]
    (quote,) = state.quotes  # it is said beside the text that stands
    assert "기다린다" not in pages(state)[0].decode()
    with pytest.raises(NotAllowed, match="cannot approve"):
        approving(state, quote, "geneva")
    other = replace(quote, words="우리는 기다린다!")
    with pytest.raises(NotAllowed, match="not the words"):
        approving(state, other, "saebom")
    html = pages(approving(state, quote, "saebom"))[0]
    assert "우리는 기다린다." in html.decode()
    assert final.verify_statement(html).checked["quotes"] == 1


def test_a_translation_has_its_own_digest_and_is_unofficial_until_a_member_approves_it():
    state = signing(opened(), "saebom")
    korean = lifecycle.Translation("ko", as_text("수용소를 열라\n\n감시를 허용하라.\n"), "이옮김", Digest.of(TEXT), AT)
    state = advance(state, lifecycle.Translated(korean))[0]
    html = pages(state, "ko")[0].decode()
    assert "비공식 번역" in html
    assert "이옮김" in html
    assert '<html lang="ko">' in html
    fields = {"statement": "open", "language": "ko", "sha256": korean.digest.hex, "of": Digest.of(TEXT).hex,
              "choice": "approves"}  # fmt: skip
    note = declare(SIGNERS["saebom"], "translation", fields, AT)
    said = read_declaration(note, "translation", Keys.of(state.round.members))
    state = advance(state, lifecycle.TranslationApproved(said))[0]
    page = pages(state, "ko")[0]
    assert "이 번역을 그대로 승인한 회원: 새봄인권기록회" in page.decode()
    assert final.verify_statement(page).verdict == "valid"
    state = advance(state, lifecycle.Drafted(Version("open", 2, TEXT + b"More.\n")))[0]
    assert state.stale(korean)
    with pytest.raises(NotAllowed, match="earlier version"):
        pages(signing(state, "geneva"), "ko")


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        ("country", [("CH", ["geneva"]), ("JP", ["niigata"]), ("KR", ["saebom"]), ("NO", ["paper"])]),
        ("kind", [("Organisations", ["geneva", "saebom", "niigata"]), ("Individuals", ["paper"])]),
        ("joined", [("", ["saebom", "geneva", "niigata", "paper"])]),
        ("alphabet", [("", ["geneva", "paper", "saebom", "niigata"])]),
    ],
)
def test_signatories_are_grouped_as_asked(grouping, expected):
    state = on_paper(signing(opened(), *SIGNERS))
    page = final.final(done(replace(state, grouping=grouping)), SHOWN, HUB, DEADLINE)
    found = [(title, [one.label for one in many]) for title, many in final.grouped(page.signed, grouping, "en")]
    assert found == expected


def test_the_pdf_is_the_same_bytes_and_holds_text_and_names():
    page = final.final(done(on_paper(signing(opened(), "saebom", "niigata"))), SHOWN, HUB, DEADLINE)
    pdf = printed.statement_pdf(page, folder())
    assert pdf == printed.statement_pdf(page, folder())
    assert b"pdfaid:part" in pdf or b"pdfaid" in pdf
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf))
    for part in ("Let monitors in", "새봄인권기록회", "新潟の会", "Mina Holm", "on paper", Digest.of(TEXT).hex[:20]):
        assert part in text.replace("\r\n", " ").replace("\n", " ")


def test_a_statement_of_two_megabytes_is_refused_with_its_limit():
    with pytest.raises(InputRefused, match="262,144"):
        advance(drafted(), lifecycle.Drafted(Version("open", 2, b"a" * (2 << 20))))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe", "UTF-8"), (b"a\r\nb\n", "control"), ("a\u202eb".encode(), "invisible"), (b"  \n", "empty"),
        ("\u1112\u1161\u11ab".encode(), "NFC"), ("zero\u200bwidth".encode(), "invisible"),
    ],
)  # fmt: skip
def test_texts_whose_bytes_say_something_else_than_readers_see_are_refused(text, why):
    with pytest.raises(InputRefused, match=why):
        checked_text(text)


def test_many_thousand_sign_ons_go_in_at_once_and_a_bad_one_keeps_none_of_them_out():
    signers = [Signer(f"member-{at}", at.to_bytes(32, "big")) for at in range(1, 401)]
    round_ = Round({one.name: one.verifier() for one in signers}).propose(Version("open", 1, TEXT))
    notes = [sign(one, round_.current, "with us", AT) for one in signers]
    notes.insert(7, b"nonsense")
    notes.insert(9, sign(Signer("member-1", b"\x99" * 32), round_.current, "with us", AT))
    after, answers = round_.receive_all([*notes, *notes], AT)
    assert [at for at, one in enumerate(answers[: len(notes)]) if one.refused] == [7, 9]
    assert len(after.signed()) == len(after.received) == 400


def test_a_calendar_file_and_a_letter_name_deadline_and_digest():
    state = opened()
    ics = invitations.calendar(state, AT, "ko").decode()
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    assert "DTEND:20260311T090000Z" in ics.replace("\r\n ", "")
    assert ics.count("BEGIN:VALARM") == 3
    for language in ("en", "ko", "ja", "es"):
        subject, body = invitations.invitation(state, "새봄인권기록회", language)
        assert "2026-03-11 09:00 UTC" in subject
        assert Digest.of(TEXT).hex in body
    with pytest.raises(NotAllowed, match="no round is open"):
        invitations.invitation(drafted(), "x", "en")


def test_reminders_go_to_those_who_said_nothing_and_to_those_whose_text_changed():
    state = signing(opened(), "saebom")
    due = lifecycle.reminders(state, DEADLINE - timedelta(days=8), DEADLINE - timedelta(days=6))
    assert due == (lifecycle.Notify("reminder", ("niigata", "geneva", "paper"), DEADLINE.isoformat()),)
    assert lifecycle.reminders(state, DEADLINE - timedelta(days=6), DEADLINE - timedelta(days=5)) == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_comparison_gives_both_texts_back(before, after):
    pieces = difference(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after


def test_a_comparison_shows_the_comma_and_nothing_else():
    pieces = difference("Tell the families and release all.\n", "Tell the families, and release all.\n")
    assert [one.text for one in pieces if one.kind != "same"] == [","]


def test_a_deadline_only_moves_to_a_later_time_and_a_round_opens_once():
    with pytest.raises(NotAllowed, match="later time only"):
        advance(opened(), lifecycle.Extended(AT, DEADLINE - timedelta(days=1)))
    with pytest.raises(NotAllowed, match="open already"):
        advance(opened(), lifecycle.Opened(AT, DEADLINE))
    closed = closed_early(opened(), AT + timedelta(days=1))
    late = advance(
        closed, lifecycle.Received((sign(SIGNERS["saebom"], closed.round.current, "with us", AT),), DEADLINE)
    )
    assert "closed" in late[1][0].answers[0].refused  # type: ignore[union-attr]


def test_a_stranger_s_block_of_any_kind_is_an_answer_and_no_traceback():
    page = pages(signing(opened(), "saebom"))[0].decode()
    head, body = page.split("-----BEGIN CORROBORATE STATEMENT-----\n")
    tail = body.split("-----END")[1]
    for block in ("AAAA", "e30=", "bnVsbA==", "WzFd", "eyJmb3JtYXQiOiAieCJ9"):
        forged = f"{head}-----BEGIN CORROBORATE STATEMENT-----\n{block}\n-----END{tail}"
        assert final.verify_statement(forged.encode()).verdict == "invalid"
    for content in (b"", b"\xff", b"-----BEGIN CORROBORATE STATEMENT-----"):
        assert final.verify_statement(content).verdict == "invalid"


def test_the_command_verifies_a_page_and_refuses_a_changed_one(tmp_path):
    page = pages(signing(opened(), "saebom"))[0]
    (tmp_path / "statement.html").write_bytes(page)
    (tmp_path / "changed.html").write_bytes(page.replace(b"monitors", b"Monitors"))
    run = CliRunner()
    for command in (["verify"], ["statement", "verify"]):
        good = run.invoke(group, [*command, str(tmp_path / "statement.html"), "--json"])
        assert (good.exit_code, json.loads(good.output)["verdict"]) == (0, "valid")
        bad = run.invoke(group, [*command, str(tmp_path / "changed.html")])
        assert (bad.exit_code, "INVALID" in bad.output) == (1, True)


def test_a_name_that_could_be_taken_for_two_lines_is_no_name():
    for name in ("A\nB", " A", "", "A\u202eB", "x" * 301):
        with pytest.raises(InvalidValue):
            final.Signatory(name)


def test_a_refused_event_changes_nothing():
    state = signing(opened(), "saebom")
    with pytest.raises(CorroborateError):
        advance(state, lifecycle.Resolved("no such comment", "kim"))
    assert responses(state)["saebom"] == "signed"


FROZEN = {
    final.FORMAT_BEFORE: ["daca86705aa65a24", "5a1876072a292550", "961018f0125f080f", "28fa2ed4bd1f242a"],
    final.FORMAT: ["aa9fddd96e327ea6", "33a18fc275d6316d", "7a3e63b9dead32be", "1102d2b33c910dfe"],
}


@pytest.mark.parametrize("form", FROZEN)
def test_pages_already_published_stay_valid_because_their_form_does_not_change(form):
    """A change of the template or of its words makes every published page invalid: give it a new form instead."""
    state = on_paper(signing(opened(), "saebom", "geneva"))
    state = signing(state, "geneva", choice="withdraws", at=AT + timedelta(days=3))
    korean = lifecycle.Translation("ko", as_text("수용소를 열라\n\n감시를 허용하라.\n"), "이옮김", Digest.of(TEXT), AT)
    state = advance(state, lifecycle.Translated(korean))[0]
    made = []
    for language in ("", "ko"):
        page = final.final(done(state), SHOWN, HUB, DEADLINE, language)
        papers = {one.paper.scan.hex: one.paper for one in state.round.received if one.paper is not None}
        # pages published before named the accounts that had recorded and confirmed a letter; they verify as ever
        signed = tuple(
            one if one.paper is None else replace(one, paper={
                "scan": one.paper["scan"], "recorded_by": papers[one.paper["scan"]].recorded_by,
                "confirmed_by": papers[one.paper["scan"]].confirmed_by,
            })
            for one in page.signed
        )  # fmt: skip
        page = replace(page, signed=signed, format=form)
        page = replace(page, seal=final._seal(page, HUB))
        drawn = [final.statement_html(page), final.statement_text(page)]
        assert [final.verify_statement(each).verdict for each in drawn] == ["incomplete"] * 2
        made += [Digest.of(each).hex[:16] for each in drawn]
    assert made == FROZEN[form]


def with_words(state: lifecycle.Statement, label: str, choice: str, words: str) -> lifecycle.Statement:
    note = sign(SIGNERS[label], state.round.current, choice, AT, words)  # type: ignore[arg-type]
    return advance(state, lifecycle.Received((note,), AT))[0]


RESERVED, WHY = "Except the third demand, which we do not share", "우리는 제재를 지지하지 않는다"


def test_a_reservation_stands_beside_the_name_and_an_abstention_is_no_signature():
    state = with_words(with_words(opened(), "saebom", "with us", RESERVED), "niigata", "abstains", WHY)
    for page in pages(state):
        verdict, text = final.verify_statement(page), page.decode()
        assert verdict.verdict == "valid", verdict.failures
        assert verdict.checked["words"] == {SHOWN["saebom"].name: RESERVED, SHOWN["niigata"].name: WHY}
        assert (verdict.checked["signed_by_key"], verdict.checked["abstained"]) == (1, 1)
        signed, _, abstained = text.partition("no signatories")
        assert RESERVED in signed
        assert WHY not in signed
        assert SHOWN["niigata"].name not in signed
        assert WHY in abstained


def test_nobody_takes_a_reservation_away_or_gives_one():
    page = final.final(done(with_words(opened(), "saebom", "with us", RESERVED)), SHOWN, HUB, DEADLINE)
    for words in ("", "Except nothing"):
        forged = replace(page, signed=(replace(page.signed[0], words=words),))
        forged = replace(forged, seal=final._seal(forged, HUB))
        failures = final.verify_statement(final.statement_html(forged)).failures
        assert any("other words stand beside it" in one for one in failures)
    before = replace(page, format=final.FORMAT_BEFORE)  # drawn without words, as pages were before
    before = replace(before, seal=final._seal(before, HUB))
    assert final.verify_statement(final.statement_html(before)).verdict == "invalid"
    hidden = replace(page, signed=(), abstained=page.signed)
    hidden = replace(hidden, seal=final._seal(hidden, HUB))
    assert final.verify_statement(final.statement_html(hidden)).verdict == "invalid"


def test_a_request_drops_no_word_of_the_answer():
    current = opened().round.current
    asked = requests.ask_sign_on(current, "Secretariat", DEADLINE)
    note = requests.answer(SIGNERS["saebom"], asked, "with us", AT, f"  {RESERVED}\n")
    assert SignOn.read(note, KEYS).words == RESERVED
    about = requests.ask_stance("campaign", "camps", "Camps", "Secretariat")
    with pytest.raises(NotAllowed, match="nothing was signed"):
        requests.answer(SIGNERS["saebom"], about, "with us", AT, RESERVED)


def test_a_name_stands_under_the_translation_that_its_member_approved_and_no_other():
    state = signing(opened(), "saebom", "geneva")
    korean = lifecycle.Translation("ko", as_text("수용소를 열라\n\n감시를 허용하라.\n"), "이옮김", Digest.of(TEXT), AT)
    state = advance(state, lifecycle.Translated(korean))[0]
    asked = requests.ask_translation(state.round.current, korean, "Secretariat")
    said = read_declaration(requests.answer(SIGNERS["saebom"], asked, "approves", AT), "translation", Keys.of(KEYS))
    state = advance(state, lifecycle.TranslationApproved(said))[0]
    for page in pages(state, "ko"):
        text = page.decode().partition("-----BEGIN")[0]
        assert SHOWN["saebom"].name in text
        assert SHOWN["geneva"].name not in text
        assert Digest.of(TEXT).hex in text
        assert Digest.of(korean.text).hex in text
        checked = final.verify_statement(page).checked
        assert checked["translation"] == {
            "sha256": Digest.of(korean.text).hex, "of": Digest.of(TEXT).hex, "original_language": "en",
            "approved_by": [SHOWN["saebom"].name],
        }  # fmt: skip


def test_an_answer_to_the_new_text_counts_in_the_second_of_the_old_answer_and_never_against_a_withdrawal():
    """Clocks count seconds, and a member can answer both texts within one: by the bytes of its notes, half of such
    answers used to be refused."""
    for at in range(12):
        signer = Signer("member", bytes([at + 1]) * 32)
        old, new = (Version("joint", number, f"Text {number} of {at}.\n".encode()) for number in (1, 2))
        first = Round({"member": signer.verifier()}).propose(old).receive(sign(signer, old, "with us", AT), AT)
        second = first.propose(new).receive(sign(signer, new, "with us", AT), AT)
        assert [one.state for one in second.responses()] == ["signed"]
        gone = first.receive(sign(signer, old, "withdraws", AT), AT).propose(new)
        with pytest.raises(NotAllowed, match="said something later"):
            gone.receive(sign(signer, new, "with us", AT), AT)
