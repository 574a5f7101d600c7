"""A member stands under a finding under its own key: under exactly what it read, for that reader, and no longer."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.importing.commanding import WORDS, ran
from tests.member_keys import spoken

from corroborate.coalition.declarations import Keys, declare
from corroborate.coalition.stands import Stand, read_stand, stand, standing
from corroborate.custody import Signer, Verifier
from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.custody.keys import countersign as countersign_key
from corroborate.custody.keys import revoke
from corroborate.custody.roster import Departure, depart
from corroborate.disclosure import Release, check_seen, check_stand, finding_digest, findings_of, read_signed
from corroborate.disclosure.shown import written
from corroborate.disclosure.standing import with_stands
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.values import Digest, canonical
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.exchange import exchanging
from corroborate_node.inquiry import standing as heard
from corroborate_node.log import actions as log_actions

TORTURE = "cah.torture.1"
OHCHR = ("--audience", "named body", "--body", "OHCHR")
COUNTED = """
source: {{title: Interview {0}}}
consent: {{own: [hold, link, count], named body: [count], body: OHCHR}}
people: [{{names: 김누{0}}}]
acts: [{{what: 고문, whom: 김누{0}}}]
"""


def released(vault, place, body="OHCHR"):
    asked = ("release", "make", "--audience", "named body", "--body", body, "--no-names", "--vault", vault, "--json")
    number = json.loads(ran(*asked))["release"]
    path = place / f"release-{number}.json"
    ran("release", "write", number, "--json", path, "--vault", vault)
    return number, path


def kept(vault, number):
    """A release as the vault keeps it, which a second person is still to confirm."""
    from corroborate_node.release import making

    with api.open_vault(vault, WORDS):
        row = making.known(number)
        return row.needs_second, Release.from_json(bytes(row.content))


def told(place, vault, letters):
    for letter in letters:
        (place / "entry.yaml").write_text(COUNTED.format(letter), encoding="utf-8")
        ran("interview", place / "entry.yaml", "--vault", vault)


@pytest.fixture
def other(tmp_path):
    """Another member's vault, and its key."""
    folder = tmp_path / "other"
    api.create_vault(folder, "Mirae", WORDS)
    with api.open_vault(folder, WORDS) as opened:
        key = opened.signer.verifier()
    (tmp_path / "other.key").write_text(f"{key}\n", encoding="utf-8")
    return folder, tmp_path / "other.key"


def enrolled(vault, other, place):
    """The first vault knows the other as a member."""
    ran("log", "enrol", "--out", place / "mirae.enrolment", "--vault", other)
    with api.open_vault(other, WORDS) as opened:
        words = " ".join(fingerprint_words(opened.signer.verifier()))
    ran("log", "countersign", place / "mirae.enrolment", "--heard", words, "--out", place / "signed", "--vault", vault,
        "--yes")  # fmt: skip
    ran("log", "admit", place / "signed", "--vault", vault)


def said(path, *keys):
    words = ["verify", str(path), "--json", *(word for one in keys for word in ("--keys", str(one)))]
    done = CliRunner().invoke(group, words)
    return done.exit_code, json.loads(done.stdout)


def test_a_name_stands_under_a_finding_until_the_finding_changes(tmp_path, vault, other):
    folder, key = other
    told(tmp_path, vault, "가나다라마바사아자차카")
    enrolled(vault, folder, tmp_path)
    _, path = released(vault, tmp_path)
    note = tmp_path / "note.signed"
    ran("findings", "stand", path, TORTURE, "--choice", "stands", "--out", note, "--yes", "--vault", folder)
    assert len(json.loads(ran("findings", "hear", note, "--vault", vault, "--json"))["taken"]) == 1
    assert json.loads(ran("findings", "hear", note, "--vault", vault, "--json"))["taken"] == []
    number, path = released(vault, tmp_path)
    [stand] = read_signed(path.read_bytes()).release.stands
    assert (stand.member, stand.choice, stand.current) == ("Mirae", "stands", True)
    assert [one["checked"] for one in said(path, key)[1]["stands"]] == ["valid"]
    assert [one["checked"] for one in said(path)[1]["stands"]] == ["unknown"]
    import pypdfium2

    ran("release", "write", number, "--dossier", tmp_path / "d.pdf", "--vault", vault)
    pages = pypdfium2.PdfDocument((tmp_path / "d.pdf").read_bytes())
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert "Under this finding stand Mirae" in " ".join(text.split())
    told(tmp_path, vault, "타파하갸냐댜랴먀뱌샤야쟈")  # the finding changes
    _, path = released(vault, tmp_path)
    [stand] = read_signed(path.read_bytes()).release.stands
    assert not stand.current
    assert said(path, key)[1]["stands"][0]["current"] is False


def test_what_was_said_before_one_reader_is_told_to_no_other(tmp_path, vault, other):
    folder, _ = other
    told(tmp_path, vault, "가나")
    enrolled(vault, folder, tmp_path)
    _, path = released(vault, tmp_path)
    note = tmp_path / "note.signed"
    asked = ("--choice", "dissents", "--yes", "--out", note)
    refused = ran("findings", "stand", path, TORTURE, *asked, "--vault", folder, code=1)
    assert "as to what" in refused
    dissent = ("--choice", "dissents", "--words", "2002년에 대하여")
    ran("findings", "stand", path, TORTURE, *dissent, "--out", note, "--yes", "--vault", folder)
    ran("findings", "hear", note, "--vault", vault)
    ran("release", "make", "--audience", "public", "--no-names", "--vault", vault, "--json")
    ran("release", "write", 2, "--json", tmp_path / "public.json", "--vault", vault)
    assert read_signed((tmp_path / "public.json").read_bytes()).release.stands == ()
    assert "2002년에" not in (tmp_path / "public.json").read_text(encoding="utf-8")
    made = json.loads(ran("release", "make", *OHCHR, "--no-names", "--vault", vault, "--json"))
    assert made["words"] == [{"what": f"{TORTURE}, Mirae", "value": "2002년에 대하여"}]
    waits, shown = kept(vault, made["release"])
    assert (waits, shown.stands[0].words) == (True, "2002년에 대하여")
    assert "nobody has confirmed" in ran("release", "write", made["release"], "--json", path, "--vault", vault, code=1)
    ran("findings", "stand", path, TORTURE, "--choice", "withdraws", "--out", note, "--yes", "--vault", folder)
    ran("findings", "hear", note, "--vault", vault)
    _, path = released(vault, tmp_path)
    assert read_signed(path.read_bytes()).release.stands == ()


def test_words_beside_a_finding_carry_no_name_out_that_does_not_go(tmp_path, vault, other):
    """A member dissents, and names in its words somebody of ours of whom nobody was asked."""
    folder, _ = other
    told(tmp_path, vault, "가나")
    enrolled(vault, folder, tmp_path)
    _, path = released(vault, tmp_path)
    asked = ("release", "make", *OHCHR, "--no-names", "--vault", vault)
    for words in ("One of these was 김누가, alive in 2019 in Hoeryong", "not as to 2002"):
        note = tmp_path / f"{len(words)}.signed"
        said = ("--choice", "dissents", "--words", words, "--out", note, "--yes", "--vault", folder)
        ran("findings", "stand", path, TORTURE, *said)
        ran("findings", "hear", note, "--vault", vault)
        if "2019" in words:
            for more in ("--yes", "--preview"):
                refused = ran(*asked, more, code=1)
                assert ("김누가" in refused, "does not go" in refused) == (True, True), refused
    shown = ran(*asked, "--yes")
    assert f"{TORTURE}, Mirae: not as to 2002" in shown
    assert "second person" in shown


def test_a_stranger_and_a_changed_word_are_refused(tmp_path, vault, other):
    folder, key = other
    told(tmp_path, vault, "가나")
    _, path = released(vault, tmp_path)
    note = tmp_path / "note.signed"
    ran("findings", "stand", path, TORTURE, "--choice", "stands", "--out", note, "--yes", "--vault", folder)
    assert "no key of a member" in ran("findings", "hear", note, "--vault", vault, code=1)
    enrolled(vault, folder, tmp_path)
    changed = tmp_path / "changed.signed"
    changed.write_bytes(note.read_bytes().replace(b"choice stands", b"choice dissents"))
    assert ran("findings", "hear", changed, "--vault", vault, code=1)
    (tmp_path / "letter.txt").write_text("not a note", encoding="utf-8")
    assert "no note under a finding" in ran("findings", "hear", tmp_path / "letter.txt", "--vault", vault, code=1)
    assert "no finding" in ran("findings", "stand", path, "cah.none.1", "--choice", "stands", "--out", note,
                               "--vault", folder, code=1)  # fmt: skip
    ran("findings", "hear", note, "--vault", vault)
    _, path = released(vault, tmp_path)
    made: Release = read_signed(path.read_bytes()).release
    trusted = [Verifier.parse(key.read_text(encoding="utf-8").strip())]
    for lie in ({"choice": "dissents"}, {"words": "another"}, {"current": False}, {"finding": "cah.murder.1"}):
        with pytest.raises(NotVerified, match="signed something else"):
            check_stand(made, replace(made.stands[0], **lie), trusted)


def test_nobody_changes_the_title_or_the_dissent_over_a_name(tmp_path, vault, other):
    folder, key = other
    told(tmp_path, vault, "가나")
    enrolled(vault, folder, tmp_path)
    _, path = released(vault, tmp_path)
    note = tmp_path / "note.signed"
    ran("findings", "stand", path, TORTURE, "--choice", "stands", "--out", note, "--yes", "--vault", folder)
    ran("findings", "hear", note, "--vault", vault)
    _, path = released(vault, tmp_path)
    made: Release = read_signed(path.read_bytes()).release
    trusted = [Verifier.parse(key.read_text(encoding="utf-8").strip())]
    assert check_stand(made, made.stands[0], trusted) == "valid"
    [at] = [at for at, one in enumerate(made.findings) if one.element == TORTURE]
    dissent = replace(made.findings[at], dissent=("nothing of this happened",))
    for lie in ({"title": "Mirae accuses General X"}, {"invented": not made.invented},
                {"findings": (*made.findings[:at], dissent, *made.findings[at + 1 :])}):  # fmt: skip
        with pytest.raises(NotVerified, match="signed something else"):
            check_stand(replace(made, **lie), made.stands[0], trusted)
    asked = ("release", "make", "--audience", "named body", "--body", "OHCHR", "--no-names", "--title", "Of General X")
    number = json.loads(ran(*asked, "--vault", vault, "--json"))["release"]
    ran("release", "write", number, "--json", tmp_path / "titled.json", "--vault", vault)
    assert [one.current for one in read_signed((tmp_path / "titled.json").read_bytes()).release.stands] == [False]


def test_what_an_earlier_version_signed_without_the_title_is_shown_so_and_stands_no_more(tmp_path, vault):
    told(tmp_path, vault, "가나")
    _, path = released(vault, tmp_path)
    made: Release = read_signed(path.read_bytes()).release
    mirae, at = Signer("Mirae", bytes([9]) * 32), datetime(2026, 1, 1, tzinfo=UTC)
    fields = {"finding": TORTURE, "reader": "named body: OHCHR", "choice": "stands", "words": ""}
    shown = {key: value for key, value in written(findings_of(made)[TORTURE]).items() if key != "dissent"}
    first = Digest.of(canonical({"by": made.coalition, "reader": fields["reader"], "finding": shown})).hex
    note = declare(mirae, "finding", {**fields, "sha256": first}, at)
    read = read_stand(note, Keys.of([("Mirae", mirae.verifier())]))
    assert [one.current for one in with_stands(made, [read]).stands] == [False]
    before = with_stands(made, [replace(read, whole=True, digest=finding_digest(made, TORTURE))]).stands[0]
    assert before.current  # as a release of then shows it
    assert check_stand(made, before, [mirae.verifier()]) == "in part"
    assert check_stand(replace(made, title="another"), before, [mirae.verifier()]) == "in part"  # and says so
    assert check_stand(made, replace(before, current=False), [mirae.verifier()]) == "valid"


def test_a_release_with_a_title_that_hides_is_neither_made_nor_signed_under(tmp_path, vault):
    said = ran("release", "make", "--audience", "public", "--no-names", "--title", "Of \u202eX", "--vault", vault,
               "--json", code=1)  # fmt: skip
    assert "U+202E" in said
    entry = "source: {title: I}\nconsent: {own: [hold], public: [hold, count, quote]}\npeople: [{names: 김누}]\n"
    (tmp_path / "entry.yaml").write_text(f"{entry}acts: [{{what: 고문, whom: 김누}}]\n", encoding="utf-8")
    ran("interview", tmp_path / "entry.yaml", "--vault", vault)
    made = json.loads(ran("release", "make", "--audience", "public", "--no-names", "--vault", vault, "--json"))
    ran("release", "write", made["release"], "--json", tmp_path / "release.json", "--vault", vault)
    shown = read_signed((tmp_path / "release.json").read_bytes()).release
    check_seen(shown)
    with pytest.raises(InvalidValue, match="U\\+202E"):  # as a hostile maker of a release wrote it
        check_seen(replace(shown, title="Of \u202eX"))
    with pytest.raises(InvalidValue, match="U\\+2066"):
        check_seen(replace(shown, findings=tuple(replace(one, dissent=("a\u2066b",)) for one in shown.findings)))


def test_of_two_notes_the_later_counts_and_an_old_one_sent_again_changes_nothing():
    def one(choice, second):
        at = datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)
        return Stand("A", "cah.torture.1", "OHCHR", Digest("0" * 64), choice, "", at, b"")

    assert [each.choice for each in standing([one("stands", 1), one("dissents", 2), one("stands", 1)])] == ["dissents"]
    assert standing([one("stands", 1), one("withdraws", 2)]) == ()


def test_of_two_notes_of_one_second_the_later_received_counts(vault):
    at = datetime.now(UTC).replace(microsecond=0)
    with api.open_vault(vault, WORDS) as opened:
        desk = owner(opened, at)
        for number in range(20):  # ids of one second would come in this order once in 200,000 times
            choice = "withdraws" if number % 2 else "stands"
            said = stand(opened.signer, TORTURE, f"named body: {number // 2}", Digest("0" * 64), choice, "", at)
            heard.hear(desk, said)
        assert heard.current() == ()


def test_a_date_ahead_a_revoked_key_and_a_seat_given_up_speak_for_nobody(vault):
    at = datetime.now(UTC).replace(microsecond=0)
    ansan, busan, mirae, heir = (Signer(name, bytes([number]) * 32)
                                 for number, name in enumerate(("Ansan", "Busan", "Mirae", "Mirae"), 1))  # fmt: skip

    def said(signer, when, choice="stands"):
        return stand(signer, TORTURE, "named body: OHCHR", Digest("0" * 64), choice, "", when)

    with api.open_vault(vault, WORDS) as opened:
        desk = owner(opened, at)
        for signer, others in ((ansan, ()), (busan, (ansan,)), (mirae, (ansan, busan))):
            note = propose(Enrolment(signer.name, signer.name, signer.verifier(), at), signer)
            for other in others:
                note = countersign(note, other, spoken(signer))
            log_actions.admit(desk, note)
        with pytest.raises(NotAllowed, match="dated 2999"):
            heard.hear(desk, said(mirae, datetime(2999, 1, 1, tzinfo=UTC)))
        heard.hear(desk, said(mirae, at + timedelta(minutes=5)))
        assert [one.revoked for one in heard.current()] == [False]
        note = revoke(mirae.verifier(), heir, 0, at)
        for other in (ansan, busan):
            note = countersign_key(note, other, spoken(heir))
        log_actions.change_key(desk, note)
        assert [one.revoked for one in heard.current()] == [True]
        heard.hear(desk, said(heir, at, "withdraws"))  # dated before what the thief signed
        assert heard.current() == ()
        heard.hear(desk, said(busan, at))
        log_actions.change_key(desk, depart(Departure(busan.verifier(), at + timedelta(seconds=1)), busan))
        assert [one.member for one in heard.current()] == ["Busan"]  # leaving changes nothing of what was said before
        with pytest.raises(NotVerified, match="no key of a member"):
            heard.hear(desk, said(busan, at + timedelta(minutes=1)))
        with pytest.raises(NotAllowed, match="Busan left the coalition"):
            exchanging.send(desk, ["Busan"])


def test_before_signing_the_figures_the_reader_and_the_key_are_shown_and_asked(tmp_path, vault):
    told(tmp_path, vault, "가나")
    _, path = released(vault, tmp_path)
    words = ["findings", "stand", path, TORTURE, "--choice", "stands", "--out", tmp_path / "n", "--vault", vault]
    given = {"env": {"CORROBORATE_PASSPHRASE": WORDS}, "input": "n\n"}
    done = CliRunner().invoke(group, [str(one) for one in words], **given)
    assert done.exit_code == 1
    assert not (tmp_path / "n").exists()
    for part in ("claims for", "For: named body: OHCHR", "Signed by Inquiry", "Nothing was signed"):
        assert part in done.stderr


def test_on_the_page_a_member_reads_signs_and_takes_in(tmp_path, vault):
    told(tmp_path, vault, "가나")
    _, path = released(vault, tmp_path)
    with api.open_vault(vault, WORDS):
        keeper = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "ko"})
        keeper.post("/log-in", {"username": "keeper", "password": "the words of its keeper"})
        assert keeper.get("/findings/stand").status_code == 200
        with path.open("rb") as file:
            shown = keeper.post("/findings/stand", {"act": "read", "file": file})
        assert shown.status_code == 200
        read = re.search(rf"{TORTURE}.*?name=\"read\" value=\"([^\"]+)\"", shown.content.decode(), re.S)[1]
        sent = {"act": "stand", "read": read, "choice": "dissents", "words": ""}
        assert keeper.post("/findings/stand", sent).status_code == 400
        done = keeper.post("/findings/stand", {**sent, "words": "연도에 대하여"})
        assert done.status_code == 200, done.content.decode()
        (tmp_path / "ours.signed").write_bytes(done.content)
        assert keeper.post("/findings/stand", {**sent, "read": sent["read"][:-2]}).status_code == 400
        with (tmp_path / "ours.signed").open("rb") as file:
            assert keeper.post("/findings/stand", {"act": "hear", "file": file}).status_code == 302
        assert "연도에 대하여" in keeper.get("/findings/stand").content.decode()
        assert "연도에 대하여" in keeper.get(f"/findings/{TORTURE}").content.decode()
        session = keeper.session
        given = next(key for key, value in session.items() if str(value).startswith("20"))
        session[given] = (datetime.fromisoformat(session[given]) - timedelta(minutes=11)).isoformat()
        session.save()  # whoever sits down at a session that was left open
        for answer in (keeper.get("/findings/stand"), keeper.post("/findings/stand", {**sent, "words": "연도"})):
            assert answer.headers["Location"].startswith("/confirm?next=/findings/stand")
        assert keeper.get("/sign").headers["Location"].startswith("/confirm")
    assert "what was sealed" in ran("doctor", "--vault", vault)
