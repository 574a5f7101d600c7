"""What the site shows of sign-ons: a mark where no key proves one, and a page that a stranger can verify."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from corroborate.coalition import Round, Version, sign
from corroborate.coalition.statements import Paper, SignOn
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Release, Results, release
from corroborate.dossier import dossier_bytes
from corroborate.site import SiteOptions, publish
from corroborate.values import Digest

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ORDER = Order("Joint", "Coalition", "public", date(2026, 11, 25))


@pytest.fixture(scope="module")
def mixed() -> Release:
    """A statement signed by one key, on one confirmed letter, and by a letter that nobody has confirmed yet."""
    keyed = Signer("Keyed", b"\x01" * 32)
    text = Version("joint", 1, b"Let monitors in.\n\nTell the families.\n")
    without = ("Lettered", "Unconfirmed", "Silent")
    round_ = Round({"Keyed": keyed.verifier()}, without_key=without).propose(text)
    for member in without[:2]:
        paper = Paper(Digest.of(member.encode()), "office")
        round_ = round_.record(SignOn(member, "joint", "en", text.digest, "with us", AT, b"", paper), AT)
    round_ = round_.confirm("Lettered", "office2").receive(sign(keyed, text, "with us", AT), AT)
    return release(ORDER, Records(), Results(rounds=(("Let monitors in", round_),)))


def test_a_release_marks_what_was_signed_on_paper_and_says_nothing_of_what_waits(mixed):
    shown = {one.member: one for one in mixed.statements[0].sign_ons}
    assert [(name, one.state, one.on_paper) for name, one in shown.items()] == [
        ("Keyed", "signed", False), ("Lettered", "signed", True), ("Unconfirmed", "silent", False),
        ("Silent", "silent", False),
    ]  # fmt: skip
    assert b'"on_paper":true' in mixed.to_json()
    assert Release.from_json(mixed.to_json()) == mixed
    old = mixed.to_json().replace(b'"on_paper":false,', b"").replace(b'"on_paper":true,', b"")
    assert [one.on_paper for one in Release.from_json(old).statements[0].sign_ons] == [False] * 4


def test_the_site_says_on_paper_and_links_no_signature_that_is_not_there(mixed, tmp_path: Path):
    publish(mixed, tmp_path, SiteOptions())
    for language, mark in {"en": "on paper", "ko": "종이로 서명", "ja": "書面による署名", "es": "en papel"}.items():
        page = (tmp_path / language / "statements" / "joint.html").read_text(encoding="utf-8")
        row = next(one for one in re.findall(r"<li>.*?</li>", page) if "<bdi>Lettered" in one)
        assert mark in row
        assert "sign-on" not in row
        links = re.findall(r'href="([^"]*\.sign-on)"', page)
        assert len(links) == 1
        assert all((tmp_path / language / "statements" / one).resolve().is_file() for one in links)
    assert len(list((tmp_path / "statements").glob("*.sign-on"))) == 1
    assert "" not in (tmp_path / "statements" / "keys.txt").read_text(encoding="utf-8").splitlines()


def test_the_dossier_says_on_paper(mixed):
    document = pypdfium2.PdfDocument(dossier_bytes(mixed))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "signed (on paper)" in text
    assert "no key proves it" in text.replace("\r\n", " ")
