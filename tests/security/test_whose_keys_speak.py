"""Whoever publishes a final text puts no word into a member's mouth: not by a quote, an approval or a name on the page.

The publisher here is the attacker: it seals the page anew after each change, so that nothing but the keys can tell.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from corroborate.coalition import final as finals
from corroborate.coalition.declarations import declare
from corroborate.coalition.stands import stand
from corroborate.coalition.statements import Version, sign
from corroborate.custody import Signer
from corroborate.disclosure import Release, check_stands, finding_digest
from corroborate.disclosure.shown import FindingShown, StandShown
from corroborate.errors import InvalidValue, NotVerified
from corroborate.values import Digest, canonical

AT = datetime(2026, 11, 1, tzinfo=UTC)
STAMP = "2026-11-01T00:00:00Z"
ANSAN, HUB, FALSE = Signer("Ansan", b"\x01" * 32), Signer("Hub", b"\x02" * 32), Signer("Ansan", b"\x03" * 32)
TEXT, KOREAN, WAR = "Title\n\nWe ask for access.\n", "제목\n\n우리는 전쟁을 요구한다.\n", "We want war."
SIGNED = Version("s", 1, TEXT.encode(), "en")
TRUSTED = {"Ansan": ANSAN.verifier(), "Hub": HUB.verifier()}


def entry(label: str, name: str, signer: Signer, choice: str = "with us") -> finals.Entry:
    note = sign(signer, SIGNED, choice, AT).decode()
    return finals.Entry(label, finals.Signatory(name), str(signer.verifier()), note, STAMP)


PAGE = finals.Final("s", 1, "en", TEXT, STAMP, "alphabet", (entry("ansan", "Ansan", ANSAN),),
                    publisher=str(HUB.verifier()))  # fmt: skip


def spoken(label: str, name: str, signer: Signer) -> finals.Spoken:
    of = Digest.of(TEXT.encode()).hex
    said = {"member": label, "of": of, "spokesperson": "J. Han", "role": "director", "words": WAR}
    fields = {
        "statement": "s",
        "spokesperson": "J. Han",
        "sha256": Digest.of(canonical(said)).hex,
        "choice": "approves",
    }
    note = declare(signer, "quote", fields, AT).decode()
    return finals.Spoken(label, name, str(signer.verifier()), "J. Han", "director", WAR, note)


def approved_by(signer: Signer) -> finals.Final:
    fields = {"statement": "s", "language": "ko", "sha256": Digest.of(KOREAN.encode()).hex, "of": SIGNED.digest.hex,
              "choice": "approves"}  # fmt: skip
    note = declare(signer, "translation", fields, AT).decode()
    return replace(PAGE, language="ko", text=KOREAN, original=TEXT, original_language="en", translator="x",
                   approvals=(("ansan", str(signer.verifier()), note),))  # fmt: skip


def verdict(page: finals.Final, trusted=TRUSTED) -> finals.Verdict:
    sealed = replace(page, seal=finals._seal(page, HUB))
    html, text = (
        finals.verify_statement(form(sealed), trusted) for form in (finals.statement_html, finals.statement_text)
    )
    assert html.verdict == text.verdict
    return html


def test_what_a_member_said_itself_is_valid():
    assert verdict(PAGE).verdict == "valid"
    assert verdict(replace(PAGE, quotes=(spoken("ansan", "Ansan", ANSAN),))).verdict == "valid"
    assert verdict(approved_by(ANSAN)).verdict == "valid"


@pytest.mark.parametrize("trusted", [TRUSTED, None])
def test_a_quote_under_a_key_that_somebody_made_is_not_the_member_s(trusted):
    found = verdict(replace(PAGE, quotes=(spoken("ansan", "Ansan", FALSE),)), trusted)
    assert found.verdict == ("invalid" if trusted else "incomplete")
    assert FALSE.verifier().fingerprint in str(found.checked["fingerprints"])


@pytest.mark.parametrize("trusted", [TRUSTED, None])
def test_an_approval_of_other_words_under_a_made_key_is_not_the_member_s(trusted):
    found = verdict(approved_by(FALSE), trusted)
    assert found.verdict == ("invalid" if trusted else "incomplete")
    assert FALSE.verifier().fingerprint in str(found.checked["fingerprints"])


@pytest.mark.parametrize("trusted", [TRUSTED, None])
def test_one_member_s_key_does_not_quote_another(trusted):
    assert verdict(replace(PAGE, quotes=(spoken("zz", "Ansan", HUB),)), trusted).verdict == "invalid"
    assert verdict(replace(PAGE, quotes=(spoken("zz", "Busan", ANSAN),)), trusted).verdict == "invalid"


def test_a_quote_s_name_is_the_one_under_the_text():
    assert verdict(replace(PAGE, quotes=(spoken("ansan", "Busan", ANSAN),)), None).verdict == "invalid"


@pytest.mark.parametrize(
    ("part", "choice"), [("signed", "with us"), ("withdrawn", "withdraws"), ("abstained", "abstains")]
)
def test_a_name_that_its_key_does_not_bear_is_not_simply_valid(part, choice):
    page = replace(PAGE, **{"signed": (), part: (entry("b", "Busan", HUB, choice),)})
    found = verdict(page)
    assert found.verdict == "incomplete"
    assert found.checked["shown_otherwise"] == {"Busan": "Hub"}
    assert verdict(page, {**TRUSTED, "Busan": FALSE.verifier()}).verdict == "invalid", "the reader knows Busan's key"


TORTURE = "cah.torture.1"
FOUND = FindingShown("Torture", "7", TORTURE, "conduct", "It was done.", 20, None, None, (), None, "several roots", "",
                     "", "")  # fmt: skip
RELEASE = Release("T", "Busan", "public", "", date(2026, 11, 1), False, findings=(FOUND,))


def stands(
    member: str, signer: Signer, choice: str = "stands", words: str = "", at: str = AT.isoformat()
) -> StandShown:
    note = stand(signer, TORTURE, "public", finding_digest(RELEASE, TORTURE), choice, words, AT)
    return StandShown(TORTURE, member, choice, words, at, True, note.decode())


def test_under_a_finding_stands_who_signed():
    made = replace(RELEASE, stands=(stands("Ansan", ANSAN), stands("Hub", HUB)))
    assert [said for _, said in check_stands(made, TRUSTED.values())] == ["valid", "valid"]
    assert [said for _, said in check_stands(made, [])] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    "said",
    [
        (stands("Ansan", HUB),),
        (stands("Ansan", ANSAN, at="1999-01-01T00:00:00+00:00"),),
        (stands("Ansan", ANSAN), stands("Ansan", ANSAN, "dissents", "not in 2002")),
        (stands("Hub", HUB), stands("Ansan", HUB)),
    ],
    ids=["another's key", "another time", "two words of one", "one note as two"],
)
def test_under_a_finding_nobody_stands_by_another_s_key_at_another_time_or_twice(said):
    with pytest.raises(NotVerified):
        check_stands(replace(RELEASE, stands=said), TRUSTED.values())


def lettered(label: str, name: str) -> finals.Entry:
    paper = {"scan": "0" * 64, "recorded_by": "first person", "confirmed_by": "second person"}
    return finals.Entry(label, finals.Signatory(name), "", "", STAMP, paper)


@pytest.mark.parametrize("trusted", [TRUSTED, None])
def test_on_a_page_of_the_first_form_nobody_stands_under_a_translation_that_it_did_not_approve(trusted):
    """These pages draw every name under the translation: any text at all stood over everybody's names."""
    page = replace(PAGE, format=finals.FORMAT_BEFORE, language="ko", text=KOREAN, original=TEXT, original_language="en")
    assert verdict(page, trusted).verdict == "invalid", "and does not say that it is a translation"
    said = verdict(replace(page, translator="x"), trusted)
    assert (said.verdict, "did not approve" in said.failures[0]) == ("incomplete", True)
    assert verdict(replace(approved_by(ANSAN), format=finals.FORMAT_BEFORE), trusted).verdict == "valid"


@pytest.mark.parametrize(
    "lie", [{"translator": ""}, {"translator": "x\n\nSigned by"}, {"original_language": ""}, {"original": ""}]
)
def test_a_translation_says_what_it_is_of_and_by_whom_on_one_line(lie):
    assert verdict(replace(approved_by(ANSAN), **lie)).verdict == "invalid"


@pytest.mark.parametrize("part", ["signed", "withdrawn", "abstained"])
def test_no_letter_is_proved_whatever_it_says(part):
    said = verdict(replace(PAGE, **{part: (*getattr(PAGE, part), lettered("chiba", "Chiba"))}))
    assert (said.verdict, "on paper" in said.failures[0]) == ("incomplete", True)


def test_a_letter_in_the_name_of_a_member_whose_key_the_reader_has_is_said():
    said = verdict(replace(PAGE, signed=(lettered("ansan", "Ansan"),)))
    assert (said.verdict, "Ansan has a key that you gave" in str(said.failures)) == ("incomplete", True)


@pytest.mark.parametrize("trusted", [TRUSTED, None])
@pytest.mark.parametrize(("part", "choice"), [("withdrawn", "withdraws"), ("abstained", "abstains")])
def test_only_a_signatory_approves_a_translation(part, choice, trusted):
    """The label of who approves is drawn on the page where it has no name under the text: it could be any name."""
    page = approved_by(ANSAN)
    other = replace(page, signed=(), **{part: (entry("ansan", "Ansan", ANSAN, choice),)})
    assert verdict(other, trusted).verdict == "invalid"
    named = replace(
        page,
        approvals=(("Busan", *page.approvals[0][1:]),),
        withdrawn=(entry("Busan", "Ansan", ANSAN, "withdraws"),),
        signed=(),
    )
    assert verdict(named, trusted).verdict == "invalid"
    assert verdict(replace(page, approvals=page.approvals * 2), trusted).verdict == "invalid"


def test_what_no_member_signs_is_said_to_be_the_publisher_s_word():
    one = replace(PAGE.signed[0], signatory=finals.Signatory("Ansan", "individual", "Korea", "Ministry of War"))
    said = verdict(replace(PAGE, signed=(one,)))
    assert said.verdict == "incomplete"
    assert said.checked["signed_by_nobody"] == {"Ansan": ["Ministry of War", "Korea"]}
    assert verdict(PAGE, {"Ansan": ANSAN.verifier()}).verdict == "incomplete", "whose page is it?"


def test_a_member_of_no_kind_that_is_known_would_be_counted_and_not_shown():
    with pytest.raises(InvalidValue):
        finals.Signatory("Ansan", "ghost")


@pytest.mark.parametrize("line", ["Signed by", "서명", "*Firmado por:*", "ＳＩＧＮＥＤ ＢＹ"])
def test_words_that_read_like_the_page_s_own_headings_are_pointed_at(line):
    text = f"Title\n\nWe ask.\n\n{line}\n\n- Busan\n"
    version = Version("s", 1, text.encode(), "en")
    one = replace(PAGE.signed[0], note=sign(ANSAN, version, "with us", AT).decode())
    said = verdict(replace(PAGE, text=text, signed=(one,)))
    assert (said.verdict, "signed nothing" in said.failures[0]) == ("incomplete", True)


def test_who_takes_its_word_back_under_a_finding_is_not_shown_there():
    with pytest.raises(NotVerified):
        check_stands(replace(RELEASE, stands=(stands("Ansan", ANSAN, "withdraws"),)), TRUSTED.values())
