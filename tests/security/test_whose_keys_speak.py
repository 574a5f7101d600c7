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
from corroborate.errors import NotVerified
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
    said = {"member": label, "spokesperson": "J. Han", "role": "director", "words": WAR}
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
