"""What the site shows of sign-ons: a mark where no key proves one, and a page that a stranger can verify."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from corroborate.coalition import Round, Version, lifecycle, memberships, requests, sign
from corroborate.coalition.final import Final, Signatory, final, verify_statement
from corroborate.coalition.statements import Paper, SignOn
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Release, Results, check_names, read_signed, release
from corroborate.dossier import dossier_bytes
from corroborate.errors import NotVerified
from corroborate.site import SiteOptions, check_site, publish
from corroborate.values import Digest, PartialDate
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner

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


PASSPHRASE = "a passphrase for the hub"
TEXT = b"Open the camps\n\nLet monitors in.\n"
KOREAN = "수용소를 열라\n\n감시단을 들여보내라.\n".encode()
JAPANESE = "収容所を開け\n\n監視団を入れよ。\n".encode()


@pytest.fixture(scope="module")
def published(tmp_path_factory, recorded_key) -> tuple[Path, Signer]:
    """The site of a hub with a finished round, in two translations of which one was approved."""
    folder = tmp_path_factory.mktemp("hub")
    member = Signer("새봄인권기록회", b"\x02" * 32)
    before = datetime(2026, 1, 1, tzinfo=UTC)
    api.create_vault(folder / "hub", "Secretariat", PASSPHRASE, hub=True)
    with api.open_vault(folder / "hub", PASSPHRASE) as hub:
        from corroborate_node.coalition.campaign import actions

        keeper = owner(hub, before)
        details = memberships.Details(member.name, "organisation", "KR", contact="Street 1, Seoul")
        label = actions.admit(keeper, details, "member", PartialDate.parse("2012"))
        for name, role in (("Office of the High Commissioner", "observer"), ("Friends of the Lake", "supporter")):
            actions.admit(keeper, memberships.Details(name, "organisation", "CH"), role, PartialDate.parse("2012"))
        recorded_key(hub, label, member, before)
        current = actions.start(keeper, "open", TEXT, "en").round.current
        made = [lifecycle.Translation(*one, current.digest, before)
                for one in (("ko", KOREAN, "M. Kim"), ("ja", JAPANESE, "T. Mori"))]  # fmt: skip
        for one in made:
            actions.on_statement(keeper, "open", lifecycle.Translated(one))
        actions.on_statement(keeper, "open", lifecycle.Opened(before, AT))
        asked = requests.ask_translation(current, made[0], "Secretariat")
        notes = [sign(member, current, "with us", before), requests.answer(member, asked, "approves", before)]
        taken = actions.take_in(keeper, [(str(at), note) for at, note in enumerate(notes)])
        assert [one.refused for one in taken] == ["", ""]
        actions.on_statement(owner(hub, AT), "open", lifecycle.Published(AT))
    run, secret = CliRunner(), {"CORROBORATE_PASSPHRASE": PASSPHRASE}
    made = run.invoke(group, ["release", "make", "--audience", "public", "--yes", "--vault", str(folder / "hub")],
                      env=secret)  # fmt: skip
    assert made.exit_code == 0, made.output
    told = run.invoke(group, ["publish", str(folder / "site"), "--release", "1", "--hub", str(folder / "hub")],
                      env=secret)  # fmt: skip
    assert told.exit_code == 0, told.output
    return folder / "site", member


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_stranger_verifies_the_page_that_lies_in_the_site(published, language):
    site, member = published
    page = site / "statements" / f"open.{language}.html"
    linked = (site / "en" / "statements" / "open.html").read_text(encoding="utf-8")
    assert f'href="../../statements/open.{language}.html"' in linked
    keys = site.parent / "keys.txt"
    words = ["statement", "verify", str(page), "--keys", str(keys)]
    keys.write_text(f"{member.verifier()}\n", encoding="utf-8")
    told = CliRunner().invoke(group, words)
    assert (told.exit_code, "whose key you did not give" in told.output) == (3, True), told.output
    hub = Final.from_block(page.read_text(encoding="utf-8")).publisher
    keys.write_text(f"{member.verifier()}\n{hub}\n", encoding="utf-8")
    told = CliRunner().invoke(group, words)
    assert (told.exit_code, told.output.startswith("VALID")) == (0, True), told.output
    assert CliRunner().invoke(group, ["verify", str(page)]).exit_code == 0
    if language == "ja":  # which nobody approved: no name stands under it
        assert "새봄인권기록회" not in page.read_text("utf-8").partition("-----BEGIN")[0]
        return
    changed = page.read_bytes().replace("새봄인권기록회".encode(), "다른단체".encode(), 1)
    assert verify_statement(changed).verdict == "invalid"
    other = Signer("새봄인권기록회", b"\x03" * 32).verifier()
    assert verify_statement(page.read_bytes(), {other.name: other}).verdict == "invalid"


def test_a_release_that_says_of_a_final_text_what_its_page_does_not_hold_is_published_nowhere(published, tmp_path):
    """Whoever makes a release gives a translation to a member that never approved it, or other words to a page."""
    site, member = published
    words = ["release", "write", "1", "--json", str(tmp_path / "r.json"), "--vault", str(site.parent / "hub")]
    done = CliRunner().invoke(group, words, env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == 0, done.output
    made = read_signed((tmp_path / "r.json").read_bytes()).release
    [statement] = made.statements
    assert [one.proof for one in check_names(statement, [member.verifier()]).names] == ["valid"]
    for at, final_ in enumerate(statement.finals):
        for lie in ({"official": (*final_.official, "Mirae")}, {"text": final_.text + "And X.\n"}, {"translator": "X"},
                    {"html": final_.html.replace("</p>", " And X.</p>", 1)}, {"html": ""}):  # fmt: skip
            finals = (*statement.finals[:at], replace(final_, **lie), *statement.finals[at + 1 :])
            false = replace(made, statements=(replace(statement, finals=finals),))
            with pytest.raises(NotVerified, match="final text of open"):
                publish(false, tmp_path / "site", SiteOptions())
    assert not (tmp_path / "site").exists()


def test_a_translation_that_no_member_approved_is_called_unofficial_in_every_language(published):
    site, _ = published
    unofficial = {
        "en": "Unofficial translation",
        "ko": "비공식 번역",
        "ja": "非公式の翻訳",
        "es": "Traducción no oficial",
    }
    for language, mark in unofficial.items():
        page = (site / language / "statements" / "open.html").read_text(encoding="utf-8")
        rows = {code: next(row for row in re.findall(r"<li>.*?</li>", page) if f"open.{code}.html" in row)
                for code in ("ko", "ja")}  # fmt: skip
        assert mark in rows["ja"]
        assert mark not in rows["ko"]
        assert "새봄인권기록회" in rows["ko"]
    korean = (site / "ko" / "statements" / "open.html").read_text(encoding="utf-8")
    assert "감시단을 들여보내라" in korean
    assert "이 성명은" not in korean
    assert "Let monitors in" in korean
    japanese = (site / "ja" / "statements" / "open.html").read_text(encoding="utf-8")
    original, title = TEXT.decode().split("\n")[0], JAPANESE.decode().split("\n")[0]
    [heading] = re.findall(r"<h1>(.*?)</h1>", japanese)
    assert original in heading, "the page of an unofficial translation is headed by what was signed"
    assert title not in heading
    body = japanese.partition("</h1>")[2]
    assert body.index("Let monitors in") < body.index(unofficial["ja"]) < body.rindex(title)


def test_observers_and_supporters_of_the_coalition_stand_on_the_site_as_no_members(published):
    site, _ = published
    page = (site / "en" / "members.html").read_text(encoding="utf-8")
    rows = {name: next(row for row in re.findall(r"<tr>.*?</tr>", page) if name in row)
            for name in ("Office of the High Commissioner", "Friends of the Lake", "새봄인권기록회")}  # fmt: skip
    assert "observer, not a member" in rows["Office of the High Commissioner"]
    assert "supporter, not a member" in rows["Friends of the Lake"]
    assert "not a member" not in rows["새봄인권기록회"]
    own = (site / "en" / "members").glob("*.html")
    assert sum("not a member" in one.read_text(encoding="utf-8") for one in own) == 2


def test_final_pages_are_part_of_the_signed_site_and_hold_no_contact(published):
    site, _ = published
    with api.open_vault(site.parent / "hub", PASSPHRASE) as vault:
        key = vault.signer.verifier()
    assert check_site(site, [key]).whole
    assert b"Street 1" not in b"".join(one.read_bytes() for one in site.rglob("*") if one.is_file())
    page = site / "statements" / "open.ko.html"
    page.write_bytes(page.read_bytes() + b" ")
    assert not check_site(site, [key]).whole


def test_who_recorded_and_confirmed_a_letter_is_named_on_no_public_page(tmp_path: Path):
    """Accounts may be named after people."""
    text = Version("joint", 1, b"Let monitors in.\n")
    round_ = Round({}, without_key=("Lettered",)).propose(text)
    paper = Paper(Digest.of(b"scan"), "needle.recorder")
    round_ = round_.record(SignOn("Lettered", "joint", "en", text.digest, "with us", AT, b"", paper), AT)
    state = lifecycle.Statement(round_.confirm("Lettered", "needle.second"), "published", published=AT)
    page = final(state, {"Lettered": Signatory("Lettered")}, Signer("Secretariat", b"\x07" * 32), AT)
    decided = release(ORDER, Records(), Results(rounds=(("Let monitors in.", state.round),), finals=(page,)))
    publish(decided, tmp_path, SiteOptions())
    made = (tmp_path / "statements" / "joint.en.html").read_bytes()
    assert verify_statement(made).verdict == "incomplete"
    assert b"needle" not in page.content() + decided.to_json() + made


def test_a_statement_in_a_language_that_the_site_does_not_speak_is_shown_in_its_own(tmp_path: Path):
    for tongue, called in (("fr", "French"), ("sw", "sw")):
        text = Version("joint", 1, b"Ouvrez les camps.\n", tongue)
        state = lifecycle.Statement(Round({}).propose(text), "published", published=AT)
        made = release(ORDER, Records(), Results(rounds=(("Ouvrez les camps.", state.round),)))
        publish(made, tmp_path / tongue, SiteOptions())
        [page] = (tmp_path / tongue / "en" / "statements").glob("*.html")
        shown = page.read_text(encoding="utf-8")
        assert called in shown
        assert f'lang="{tongue}"' in shown
