"""Whoever writes the texts of a hub can make two that begin with the same digits of SHA-256, and move a letter on paper
under the other. A letter counts only for the one text that its digits can mean."""

import html
import io
from datetime import UTC, datetime

import pytest
from tests.security import test_a_round_from_outside as outside

from corroborate.coalition.statements import check_told_apart
from corroborate.errors import NotAllowed
from corroborate.values import Digest

hub, client = outside.hub, outside.client  # one hub for this file
MILD = "Open the camps\n\nLet monitors in, and tell every family ({}).\n"
HARSH = "Open the camps\n\nWe withdraw every figure that we published ({}).\n"


@pytest.fixture(scope="module")
def pair():
    """A mild text and a harsh one whose SHA-256 begin with the same eight digits: seconds of one machine."""
    mild = {Digest.of(MILD.format(at).encode()).hex[:8]: at for at in range(1 << 17)}
    for at in range(1 << 20):
        if (found := mild.get(Digest.of(HARSH.format(at).encode()).hex[:8])) is not None:
            return MILD.format(found), HARSH.format(at)
    raise AssertionError("no pair in 2^37 tries")


def letter(client, name, digits):
    scan = io.BytesIO(b"%PDF-1.4 we sign, 8 digits are on it " + digits.encode())
    scan.name = "letter.pdf"
    form = {"act": "paper", "member": outside.label(outside.PAPER), "choice": "with us",
            "signed": str(datetime.now(UTC).date()), "digits": digits, "scan": scan}  # fmt: skip
    return outside.act(client, name, **form)


def test_a_letter_whose_digits_two_texts_can_begin_with_is_no_letter_here(client, pair):
    mild, harsh = pair
    outside.start(client, "harsh", harsh)  # the member read the mild one, which was never put up here
    for digits in (8, 16, 31):
        answer = letter(client, "harsh", Digest.of(mild.encode()).hex[:8] + Digest.of(harsh.encode()).hex[8:digits])
        assert answer.status_code == 400
        assert "fewer can mean two texts" in outside.words_of(answer)
    assert "begins with these digits" in outside.words_of(letter(client, "harsh", Digest.of(mild.encode()).hex[:32]))
    assert outside.state_of("harsh").round.letters() == {}
    assert letter(client, "harsh", Digest.of(harsh.encode()).hex[:32]).status_code == 302


def test_whoever_confirms_a_letter_reads_which_text_it_would_stand_under(client, pair):
    page = html.unescape(client["office2"].get("/statements/harsh").content.decode())
    record = page.partition("waits for a second person")[2].partition("</td>")[0]
    for shown in ("Open the camps", "(harsh)", "We withdraw every figure"):
        assert shown in record
    digest = Digest.of(pair[1].encode()).hex
    assert " ".join(digest[at : at + 4] for at in range(0, 32, 4)) in record


def test_a_text_that_begins_as_another_in_sixteen_digits_is_refused():
    digest = Digest.of(MILD.encode()).hex
    with pytest.raises(NotAllowed, match="the same 16 digits"):
        check_told_apart(MILD.encode(), [digest[:16] + "0" * 48])
    check_told_apart(MILD.encode(), [digest, digest[:15] + "0" * 49])
