"""A member hands its hub a release.json that it signed itself. The hub signs the site: no other's name stands there
that the hub's own register and log do not bear out; and nothing at all is made of what `verify` refuses."""

import html
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from click.testing import CliRunner
from tests.member_keys import recorded

from corroborate.coalition import Version, sign
from corroborate.coalition.declarations import Keys
from corroborate.coalition.memberships import Details
from corroborate.coalition.stands import read_stand, stand
from corroborate.custody import Signer, keys
from corroborate.disclosure import Order, Records, Results, finding_digest, release, signed_json
from corroborate.disclosure.shown import (
    EventShown,
    FindingShown,
    MemberShown,
    SignOnShown,
    StandShown,
    StatementShown,
    VersionShown,
)
from corroborate.errors import CorroborateError
from corroborate.values import Digest, PartialDate
from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE = "long enough to hold"
AT = datetime(2026, 11, 1, tzinfo=UTC)
MAKER, BUSAN, STRAW = (Signer(name, bytes([at]) * 32) for at, name in enumerate(
    ("Ansan-Group", "Busan-Council", "Busan-Council"), 1))  # fmt: skip
TEXT = "Open the camps\n\nWe ask for access.\n"
FOUND = FindingShown("Torture", "7", "cah.torture.1", "conduct", "It was done.", 20, None, None, (), None,
                     "several roots", "", "", "")  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub on whose record two members have a key each."""
    folder = tmp_path_factory.mktemp("hub") / "hub"
    known_at(folder)
    return folder


def known_at(folder):
    """A hub on whose record two members have a key each."""
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True)
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions, queries
        from corroborate_node.core.desk import owner

        names = ("Ansan Group", "Busan Council")
        given = [
            (Details(name, "organisation", "KR"), "member", PartialDate.parse("2011-12"), False, "") for name in names
        ]
        actions.admit_all(owner(vault, AT - timedelta(days=60)), given)
        labels = {one.details.name: one.id for one in queries.register().members.values()}
        for signer in (MAKER, BUSAN):
            recorded(vault, labels[signer.name.replace("-", " ")], signer, AT - timedelta(days=30))


def under(signer, **more):
    note = sign(signer, Version("s", 1, TEXT.encode()), "with us", AT).decode()
    stamp = f"{AT:%Y-%m-%dT%H:%M:%SZ}"
    return replace(SignOnShown(signer.name, str(signer.verifier()), "signed", Digest.of(TEXT.encode()).hex, stamp, note,
                               name=signer.name.replace("-", " ")), **more)  # fmt: skip


def made(*sign_ons, stands=(), **more):
    order = Order("Figures of one member", "Another Coalition", "public", date(2026, 11, 2))
    versions = (VersionShown(1, Digest.of(TEXT.encode()).hex, TEXT),)
    shown = replace(release(order, Records(), Results()), findings=(FOUND,), **more)
    shown = replace(shown, statements=(StatementShown("s", "Open the camps", "en", versions, sign_ons),))
    return replace(shown, stands=tuple(one(shown) for one in stands))


def standing(signer, note=None):
    def stands(shown):
        digest = finding_digest(shown, FOUND.element)
        signed = stand(signer, FOUND.element, "public", digest, "stands", "We verified it", AT).decode()
        said = (FOUND.element, signer.name, "stands", "We verified it", AT.isoformat(), True)
        return StandShown(*said, signed if note is None else note)

    return stands


UNPROVED = under(BUSAN, note="", words="We stand by every word")
STATED = {
    "no note": made(UNPROVED),
    "no letter here": made(under(BUSAN, note="", on_paper=True, verifier="")),
    "a straw key": made(under(STRAW)),
    "a member that nobody knows": made(under(Signer("Amnesty-International", b"\x09" * 32))),
    "its own key": made(under(BUSAN)),
}
CASES = {
    "a stand by a straw key": made(under(BUSAN), stands=[standing(STRAW)]),
    "a stand by no note": made(under(BUSAN), stands=[standing(BUSAN, "no note at all")]),
}


def written(folder, shown):
    (folder / "release.json").write_bytes(signed_json(shown.to_json(), MAKER))
    return str(folder / "release.json")


def run(*words):
    return CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})


@pytest.mark.parametrize("shown", CASES.values(), ids=CASES)
def test_a_name_that_the_hub_cannot_check_is_refused_by_name(shown, hub, tmp_path):
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, shown), "--hub", hub)
    assert isinstance(done.exception, CorroborateError), done
    assert ("Busan" in str(done.exception)) or ("Amnesty" in str(done.exception)), done.exception
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("shown", STATED.values(), ids=STATED)
def test_what_a_file_tells_of_statements_that_the_hub_does_not_keep_is_left_out_and_said(shown, hub, tmp_path):
    """Whose key it is says nothing of when, nor of whether it was withdrawn since, at the hub of another coalition."""
    shown = replace(shown, statements=tuple(replace(one, title="We invented it") for one in shown.statements))
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, shown), "--hub", hub)
    assert done.exit_code == 0, done
    assert "Left out, for a hub shows the statements that it published itself: s." in done.output
    files = [one for one in (tmp_path / "site").rglob("*") if one.is_file()]
    told = (b"We ask for access", b"We invented it", b"We stand by every word")
    assert [one.name for one in files if any(words in one.read_bytes() for words in told)] == []
    assert not list((tmp_path / "site").rglob("*.sign-on"))


def test_the_site_of_a_hub_bears_its_own_name_and_members_and_whom_its_register_bears_out(hub, tmp_path):
    forged = made(under(BUSAN), stands=[standing(BUSAN)], members=(MemberShown("Ghost Group of Mars", "organisation"),))
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, forged), "--hub", hub)
    assert done.exit_code == 0, done
    pages = {one: one.read_text(encoding="utf-8") for one in (tmp_path / "site").rglob("*.html")}
    assert not any("Ghost Group of Mars" in text or "Another Coalition" in text for text in pages.values())
    assert "Secretariat" in (tmp_path / "site" / "en" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "site" / "en" / "members" / "busan-council.html").exists()


HEIR = Signer(BUSAN.name, b"\x0a" * 32)


@pytest.mark.parametrize("held", [False, True])
def test_a_word_under_a_finding_by_a_key_that_was_replaced_counts_where_the_hub_heard_it_by_then(held, tmp_path):
    """Whoever has the old key can date what it signs as it likes."""
    hub, shown = tmp_path / "hub", made(stands=[standing(BUSAN)])
    known_at(hub)
    with api.open_vault(hub, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions, queries
        from corroborate_node.core.desk import owner
        from corroborate_node.inquiry import standing as kept

        if held:
            read = read_stand(shown.stands[0].note.encode(), Keys.of([(BUSAN.name, BUSAN.verifier())]))
            kept._row(owner(vault, AT), read).save(force_insert=True)
        [label] = [one.id for one in queries.register().members.values() if one.details.name == "Busan Council"]
        at = AT + timedelta(days=1)
        actions.introduce_key(owner(vault, at), label, keys.rotate(BUSAN, HEIR, 1, at))
        assert queries.register()[label].key(date.today()) == HEIR.verifier()
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, shown), "--hub", hub)
    assert (tmp_path / "site").exists() == held, done
    if not held:
        assert "its own no longer" in str(done.exception)


def test_a_release_under_a_key_that_its_member_replaced_is_refused(tmp_path):
    hub = tmp_path / "hub"
    known_at(hub)
    with api.open_vault(hub, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions, queries
        from corroborate_node.core.desk import owner

        [label] = [one.id for one in queries.register().members.values() if one.details.name == "Ansan Group"]
        at, heir = AT - timedelta(days=1), Signer(MAKER.name, b"\x0b" * 32)
        actions.introduce_key(owner(vault, at), label, keys.rotate(MAKER, heir, 1, at))
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, made()), "--hub", hub)
    assert isinstance(done.exception, CorroborateError), done
    assert "nobody here knows the key" in str(done.exception)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("phase", ["draft", "open", "closed"])
def test_a_statement_that_the_hub_has_not_published_is_shown_by_no_release_of_a_member(phase, tmp_path):
    """Whose key it is says nothing of when: the notes of a text are handed round before it is published, and who said
    "with us" may have abstained or withdrawn since."""
    hub, files = tmp_path / "hub", tmp_path / "files"
    files.mkdir()
    known_at(hub)
    with api.open_vault(hub, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions, models
        from corroborate_node.core.desk import owner

        actions.start(owner(vault, AT - timedelta(days=20)), "s", TEXT.encode(), "en")
        models.Statement.objects.update(phase=phase)
    done = run("publish", tmp_path / "site", "--release", written(files, made(under(BUSAN))), "--hub", hub)
    assert done.exit_code == 0, done
    files_of_site = [one for one in (tmp_path / "site").rglob("*") if one.is_file()]
    assert [one.name for one in files_of_site if b"We ask for access" in one.read_bytes()] == []
    assert not list((tmp_path / "site").rglob("*.sign-on"))


def test_a_word_under_a_finding_is_that_of_whose_key_it_is_whatever_the_key_is_called(hub, tmp_path):
    """A person vouches for a key that nobody's register holds, and that calls itself as a member does."""
    for signer, called in ((STRAW, "known here as another's"), (Signer("Chiba-House", bytes([8]) * 32), "")):
        shown = made(stands=[standing(signer)])
        site = tmp_path / f"site-{signer.name}"
        done = run("publish", site, "--release", written(tmp_path, shown), "--hub", hub, "--key", signer.verifier())
        assert called in str(done.exception or done.output)
        assert site.exists() == (not called), done


@pytest.mark.parametrize("choice", ["withdraws", "dissents"])
def test_a_word_under_a_finding_that_is_older_than_the_last_one_that_the_hub_holds_is_refused(choice, tmp_path):
    hub = tmp_path / "hub"
    known_at(hub)
    shown = made(stands=[standing(MAKER)])
    with api.open_vault(hub, PASSPHRASE) as vault:
        from corroborate_node.core.desk import owner
        from corroborate_node.inquiry import standing as kept

        at, digest = AT + timedelta(days=1), finding_digest(shown, FOUND.element)
        words = "" if choice == "withdraws" else "It was not done"
        note = stand(MAKER, FOUND.element, "public", digest, choice, words, at)
        read = read_stand(note, Keys.of([(MAKER.name, MAKER.verifier())]))
        kept._row(owner(vault, at), read).save(force_insert=True)
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, shown), "--hub", hub)
    assert isinstance(done.exception, CorroborateError), done
    assert "holds a later word" in str(done.exception)


def test_without_a_hub_what_no_note_proves_is_shown_as_what_it_is_and_in_no_data_as_an_author(tmp_path):
    done = run("publish", tmp_path / "site", "--release", written(tmp_path, made(UNPROVED)))
    assert done.exit_code == 0, done
    page = (tmp_path / "site" / "en" / "statements" / "s.html").read_text(encoding="utf-8")
    assert (
        page.index("Nobody yet.") < page.index("said by whoever made this release alone") < page.index("said to have")
    )
    assert "We stand by every word" not in page
    data = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert (data["author"], data["comment"]) == ([], [])
    assert list((tmp_path / "site" / "statements").glob("*.sign-on")) == []


INVALID = {
    "a stand by no note": CASES["a stand by no note"],
    "words beside a note": made(under(BUSAN, words="Of another")),
    "one note for two": made(under(BUSAN), under(BUSAN, member="other", name="Other Group")),
    "another text": replace(
        made(under(BUSAN)),
        statements=tuple(
            replace(one, versions=(VersionShown(1, one.current.digest, "We want war"),))
            for one in made(under(BUSAN)).statements
        ),
    ),
}


@pytest.mark.parametrize("shown", INVALID.values(), ids=INVALID)
def test_what_verify_refuses_is_drawn_filed_and_published_by_nobody(shown, tmp_path):
    file = written(tmp_path, shown)
    assert run("verify", file).exit_code == 1
    (tmp_path / "answers.yaml").write_text("{}", encoding="utf-8")
    for words in (
        *(("dossier", tmp_path / f"x.{form}", "--release", file) for form in ("pdf", "html", "docx")),
        ("publish", tmp_path / "site", "--release", file),
        ("submission", "show", "wgeid.case", "--release", file),
        ("submission", "check", "wgeid.case", "--release", file),
        ("submission", "make", tmp_path / "to", "wgeid.case", "--release", file),
    ):
        done = run(*words)
        assert isinstance(done.exception, CorroborateError), (words, done)
    assert {one.name for one in tmp_path.iterdir()} == {"release.json", "answers.yaml"}


def test_what_is_only_incomplete_stands_in_a_dossier_with_its_mark(tmp_path):
    file = written(tmp_path, made(UNPROVED))
    assert run("verify", file).exit_code == 3
    assert run("dossier", tmp_path / "x.html", "--release", file).exit_code == 0
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "nothing that it signed is here" in page
    assert "We stand by every word" not in page


STOOD = made(under(BUSAN), stands=[standing(STRAW)])


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_a_dossier_says_beside_each_name_that_its_key_was_not_checked_but_where_it_was_given(form, tmp_path):
    """The note under the finding is whole, and its key made up on the spot: the file alone cannot tell."""
    file, out, keys = written(tmp_path, STOOD), tmp_path / f"x.{form}", tmp_path / "keys.txt"
    assert run("dossier", out, "--release", file).exit_code == 0
    told = words_of(out)
    assert "Busan-Council(itskeywasnotchecked)(“Weverifiedit”)" in told
    assert told.count("(itskeywasnotchecked)") == 2
    assert "anybodymayhavemadethatkey" in told
    keys.write_text(f"{BUSAN.verifier()}\n", encoding="utf-8")
    assert run("dossier", out, "--release", file, "--keys", keys).exit_code == 0
    assert words_of(out).count("(itskeywasnotchecked)") == 1
    whole = written(tmp_path, made(under(BUSAN), stands=[standing(BUSAN)]))
    assert run("dossier", out, "--release", whole, "--keys", keys).exit_code == 0
    assert "notchecked" not in words_of(out)


def words_of(path):
    """The words of a dossier without blanks, as a reader's program takes them out."""
    if path.suffix == ".pdf":
        pdf = pypdfium2.PdfDocument(path)
        text = "".join(pdf[at].get_textpage().get_text_range() for at in range(len(pdf)))
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as packed:
            text = re.sub(r"<[^>]+>", "", packed.read("word/document.xml").decode())
    else:
        text = re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8"))
    return re.sub(r"\s+", "", html.unescape(text)).replace("\ufffe", "")


def test_a_reading_that_others_put_down_makes_no_member_a_reader_on_the_site_or_at_the_command_line(tmp_path):
    """Before, the first page of the site said *Read by: Geneva Watch*, by one secretary's word and with no mark."""
    folder, named = tmp_path / "hub", "Geneva Watch"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True)

    def run(*given):
        done = CliRunner().invoke(group, [str(one) for one in given], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
        assert done.exit_code == 0, done.output
        return done.output

    run(
        "demand",
        "judge",
        "close_kwanliso",
        "closed",
        "--status",
        "not_met",
        "--by",
        named,
        "--on",
        "2026-11-01",
        "--vault",
        folder,
    )
    run(
        "action",
        "enter",
        "--kind",
        "vigil",
        "--title",
        "We leave",
        "--member",
        named,
        "--begins",
        "2026-11-10",
        "--vault",
        folder,
    )
    shown = re.sub(r"\s+", " ", run("demand", "show", "close_kwanliso", "--here", "--vault", folder))
    assert f"read by {named} (entered by Secretariat, and signed by nobody)" in shown
    run("release", "make", "--audience", "public", "--campaign", "--no-names", "--json", "--vault", folder)
    run("publish", tmp_path / "site", "--release", "1", "--hub", folder)
    for file in ("index", "demands"):
        text = re.sub(r"<[^>]+>", "", (tmp_path / "site" / "en" / f"{file}.html").read_text(encoding="utf-8"))
        assert "Read by: " in text
        assert named not in re.search(r"Read by: [^.]*\.", text)[0]


def test_no_word_of_a_file_that_names_another_member_and_no_event_of_it_stands_on_the_site(hub, tmp_path):
    """What one member did before: say why there is no estimate, and date an event, so that another seemed to speak."""
    event = EventShown(
        "t.2026-11-01.abc", "2026-11-01", "Busan Council withdraws its figures", "Busan Council", "", "its letter"
    )
    done = run("publish", tmp_path / "a", "--release", written(tmp_path, made(timeline=(event,))), "--hub", hub)
    assert done.exit_code == 0, done
    files = [one for one in (tmp_path / "a").rglob("*") if one.is_file()]
    assert [one.name for one in files if b"withdraws its figures" in one.read_bytes()] == []
    told = made(refused="Busan Council has withdrawn its figures")
    done = run("publish", tmp_path / "b", "--release", written(tmp_path, told), "--hub", hub)
    assert "name Busan Council, which did not sign it" in str(done.exception), done
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("form", ["html", "docx"])
def test_over_names_in_a_dossier_stands_the_first_line_that_they_signed(form, tmp_path):
    titled = made(under(BUSAN))
    titled = replace(titled, statements=tuple(replace(one, title="We invented it") for one in titled.statements))
    card = tmp_path / "keys.txt"
    card.write_text(f"{BUSAN.verifier()}\n{MAKER.verifier()}\n", encoding="utf-8")
    file = tmp_path / f"x.{form}"
    done = run("dossier", file, "--release", written(tmp_path, titled), "--keys", card)
    assert done.exit_code == 0, done
    if form == "docx":
        with zipfile.ZipFile(file) as archive:
            text = archive.read("word/document.xml").decode()
    else:
        text = file.read_text(encoding="utf-8")
    assert "We invented it" not in text
    assert text.count("Open the camps") > 1
