"""Whoever told something sees what became of it by a code and a word, and takes it back: counted at once, to the last
byte that would leave; and nobody else comes in, nor sees by it what others told."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.importing.commanding import WORDS, ran
from tests.security.writes import written_for

from corroborate_node import api

ENTRY = """
source: {title: Interview 51}
consent:
  own: hold; link; count
  coalition: count; quote
  public: count; quote; name
  whose: 김뷔가
  right: self
people: [{names: 김뷔가, speaks: yes}, {names: 서뷔바}]
acts: [{what: 구금, whom: 김뷔가, when: 1998, where: 회령뷁}, {what: 구금, whom: 서뷔바, when: 1999}]
"""
OTHER = """
source: {title: Interview 52}
consent: {own: hold; count, public: count; quote; name, whose: 최뷔다, right: self}
people: [{names: 최뷔다, speaks: yes}, {known: PERSON, names: 서뷔바뷁 별칭}]
acts: [{what: 구금, whom: 서뷔바뷁 별칭, when: 2001, where: 청진뷁}]
"""
PAGE = "/my-words"


def recorded(vault, folder, text):
    (folder / "entry.yaml").write_text(text, encoding="utf-8")
    return json.loads(ran("interview", folder / "entry.yaml", "--vault", vault, "--json"))["source"]


@pytest.fixture
def source(vault, tmp_path):
    return recorded(vault, tmp_path, ENTRY)


def whose(vault, **said):
    """The person of whom something was said."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Claim

        row = Claim.objects.get(**said)
        return row.target or row.subject_id


@pytest.fixture
def opened(vault, source):
    with api.open_vault(vault, WORDS) as found:
        yield found


def handed(browser, source):
    """Code and word, as a member makes them on the page of a source."""
    shown = browser.post(f"/sources/{source}/code", {"act": "make"}).content.decode()
    return re.search(r'id="code">([^<]+)<', shown)[1], re.search(r'id="word">([^<]+)<', shown)[1]


def telephone(**more):
    return Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "en"}, **more)


def come_in(code, word):
    browser = telephone()
    answer = browser.post(PAGE, {"code": code, "word": word})
    assert (answer.status_code, answer["Location"]) == (302, "/my-words/told?language=en")
    return browser


def read(browser, page="/told"):
    answer = browser.get(f"{PAGE}{page}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", answer.content.decode()))


def narrowed(browser, *boxes):
    return browser.post(f"{PAGE}/change", {"act": "narrow", "end": ["\t".join(one) for one in boxes]})


def made(vault, *more):
    asked = ("release", "make", "--audience", "public", *more, "--vault", vault, "--yes", "--json")
    return json.loads(ran(*asked))["release"]


def test_she_sees_what_was_recorded_what_she_allowed_and_where_it_went(opened, entered, source):
    code, word = handed(entered("hana"), source)
    told = read(come_in(code.lower().replace("-", " "), word.upper()))  # however it is typed
    for one in ("김뷔가", "회령뷁", "1998", "public: count, quote, name", "It went nowhere."):
        assert one in told, one


def test_the_sheet_has_the_code_and_no_page_has_the_word_again(opened, entered, source):
    member = entered("hana")
    code, word = handed(member, source)
    for short in ("", "&form=short"):
        sheet = member.get(f"/sources/{source}/sheet?language=en{short}").content.decode()
        assert code in sheet
        assert word not in sheet
    assert word not in member.get(f"/sources/{source}/code").content.decode()


def test_neither_word_nor_what_a_browser_shows_stands_in_the_vault(opened, entered, source):
    from django.db import connection

    code, word = handed(entered("hana"), source)
    browser = come_in(code, word)
    token = next(one.value for name, one in browser.cookies.items() if name.startswith("words_"))
    kept = []
    with connection.cursor() as cursor:
        for table in ("survivor_code", "core_line", "core_touched", "core_wrongtry", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
            kept += [str(cell) for row in cursor.fetchall() for cell in row]
    text = "\n".join(kept)
    for secret in (word, word.replace("-", ""), token):
        assert secret not in text
    assert "127.0.0.1" not in text  # where she came from is kept nowhere


# --- what leaves after she took it back ------------------------------------------------------------------------------


def test_from_the_moment_she_narrows_nothing_of_it_leaves_to_the_last_byte(vault, source, entered, tmp_path, found_in):
    ran("log", "checkpoint", "--vault", vault)
    before = made(vault, "--no-names")
    with api.open_vault(vault, WORDS):
        browser = come_in(*handed(entered("hana"), source))
        answer = browser.post(f"{PAGE}/change", {"act": "shut"})
        assert (answer.status_code, answer["Location"]) == (302, "/my-words/told?language=en&done=1")
        assert "public: no" in read(browser)
    shown = json.loads(ran("release", "show", made(vault, "--no-names"), "--vault", vault, "--json"))
    assert shown["goes"] == []
    out = tmp_path / "out"
    out.mkdir()
    assert "may no longer go" in ran("pack", out / "p", "--release", before, "--vault", vault, code=1)
    ran("release", "write", before, "--json", out / "r.json", "--vault", vault, code=1)
    made_now = made(vault, "--no-names")
    ran("release", "write", made_now, "--json", out / "now.json", "--vault", vault)
    assert (out / "now.json").exists()
    for needle in ("회령뷁", "김뷔가", "서뷔바"):
        assert found_in(out, needle) == [], needle


def test_what_she_narrowed_is_relied_on_no_more_and_the_rest_is(opened, entered, source):
    from corroborate.records import Permissions
    from corroborate_node.records import queries

    browser = come_in(*handed(entered("hana"), source))
    assert narrowed(browser, ("public", "", "name")).status_code == 302
    today = datetime.now(UTC).date()

    def may(use, audience):
        return Permissions.of(queries.consents(), audience, today).allows(use, source)

    assert not may("name", "public")
    assert may("quote", "public")
    assert may("name", "coalition")
    assert may("hold", "own")
    assert narrowed(browser, ("coalition", "", "quote")).status_code == 302
    assert not may("quote", "coalition")
    assert not may("quote", "public")  # the wider circle includes it
    assert may("count", "public")


def test_it_stands_in_the_journal_and_in_the_log_as_done_by_herself_with_its_time(opened, entered, source):
    from corroborate_node.core.models import Line
    from corroborate_node.log.models import LogEntry
    from corroborate_node.records.models import Consent

    member = entered("hana")
    browser = come_in(*handed(member, source))
    sealed = LogEntry.objects.count()
    narrowed(browser, ("public", "", "name"))
    line = Line.objects.get(what="code.narrow")
    assert (line.actor, line.by) == ("code", f"code of {source}")
    assert abs((datetime.now(UTC) - line.at).total_seconds()) < 60
    assert LogEntry.objects.count() > sealed
    gone = Consent.objects.exclude(withdrawn=None)
    assert {one.blocked for one in gone} == {"taken back by whoever told it"}
    page = member.get(f"/sources/{source}").content.decode()
    assert "말한 사람이 자기 코드로 거두었습니다" in page
    used = member.get(f"/sources/{source}/code").content.decode()
    assert used.count("<time") >= 3  # made, came in, took something back
    assert "127.0.0.1" not in used


def test_receivers_of_an_earlier_release_are_told(vault, source, entered, tmp_path):
    ran("log", "checkpoint", "--vault", vault)
    number = made(vault, "--no-names")
    ran("release", "write", number, "--json", tmp_path / "r.json", "--vault", vault)
    with api.open_vault(vault, WORDS):
        browser = come_in(*handed(entered("hana"), source))
        assert "It went nowhere." not in read(browser)  # she sees that it went out
        browser.post(f"{PAGE}/change", {"act": "shut"})
        from corroborate_node.release.models import Recall

        assert Recall.objects.get().reason == "consent"


def test_a_member_cannot_undo_it_by_a_draft_from_before(vault, entered, source, tmp_path):
    def allowed():
        with api.open_vault(vault, WORDS):
            from corroborate_node.records import queries

            return queries.allowed(list(queries.consents_of([source])), datetime.now(UTC).date())["public"]

    with api.open_vault(vault, WORDS):
        browser = come_in(*handed(entered("hana"), source))
        assert browser.post(f"{PAGE}/change", {"act": "shut"}).status_code == 302
    more = MORE.replace("SOURCE", source)
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    assert "took something back by themselves" in ran("interview", tmp_path / "more.yaml", "--vault", vault, code=1)
    assert allowed() == set()
    given = more.replace("public: count; name", f"public: count; name, begins: '{datetime.now(UTC).date()}'")
    recorded(vault, tmp_path, given)  # asked again, and allowed again on a day that is written down
    assert "name" in allowed()


MORE = """
source: {id: SOURCE}
consent: {own: hold; count, public: count; name}
people: [{names: 김뷔가, speaks: yes, known: new}]
acts: [{what: 구금, whom: 김뷔가, when: 1997}]
"""


def test_to_take_everything_back_stops_all_of_it_and_waits_for_a_member_to_erase_it(opened, entered, source):
    from corroborate_node.records import queries
    from corroborate_node.records.models import Claim, Remark
    from corroborate_node.survivor.models import Code

    member = entered("hana")
    code, word = handed(member, source)
    browser = come_in(code, word)
    assert browser.post(f"{PAGE}/change", {"act": "withdraw"}).status_code == 400  # she has to say that it is meant
    assert browser.post(f"{PAGE}/change", {"act": "withdraw", "withdraw-sure": "on", "sure": "on"}).status_code == 302
    today = datetime.now(UTC).date()
    assert not any(queries.allowed(list(queries.consents_of([source])), today).values())
    assert "It waits for a person" in read(browser)
    assert Claim.objects.filter(source_id=source).exclude(value=None).exists()
    assert f"/sources/{source}/withdraw" in member.get("/").content.decode()
    remark = Remark.objects.get(kind="withdraw")
    assert member.post(f"/sources/{source}/remarks", {"act": "settle", "remark": remark.id}).status_code == 400
    assert member.post(f"/sources/{source}/withdraw").status_code == 200
    assert f"/sources/{source}/withdraw" not in member.get("/").content.decode()
    assert not Remark.objects.exists()
    assert {one.code for one in Code.objects.all()} == {""}  # the code itself is erased; it still says what follows
    gone = read(browser)
    assert "Withdrawn on" in gone
    assert today.isoformat() in gone
    assert browser.post(f"{PAGE}/change", {"act": "shut"}).status_code == 200  # says the same, and does nothing
    again = read(come_in(code, word))
    for one in ("김뷔가", "회령뷁", "public", "1998", "Interview"):
        assert one not in gone + again


def test_what_she_allowed_again_after_taking_everything_back_she_takes_back_again(vault, entered, source, tmp_path):
    with api.open_vault(vault, WORDS):
        code, word = handed(entered("hana"), source)
        everything = {"act": "withdraw", "sure": "on"}
        assert come_in(code, word).post(f"{PAGE}/change", everything).status_code == 302
        assert come_in(code, word).post(f"{PAGE}/change", everything).status_code == 400  # nothing is left to take
    day = datetime.now(UTC).date()
    recorded(vault, tmp_path, MORE.replace("SOURCE", source).replace("public:", f"begins: '{day}', public:"))
    with api.open_vault(vault, WORDS):
        assert "public: count, name" in read(come_in(code, word))
        assert come_in(code, word).post(f"{PAGE}/change", everything).status_code == 302
        assert "public: no" in read(come_in(code, word))


def test_a_body_that_she_named_is_named_to_her_and_not_on_the_sheet_that_she_carries(vault, entered, tmp_path):
    named = "public: count; quote; name\n  named body: count; name\n  body: OHCHR"
    source = recorded(
        vault, tmp_path, ENTRY.replace("public: count; quote; name", named).replace("quote; name", "count")
    )
    with api.open_vault(vault, WORDS):
        member = entered("hana")
        assert "OHCHR: count, name" in read(come_in(*handed(member, source)))
        sheet = f"/sources/{source}/sheet?language=en"
        assert "OHCHR" in member.get(sheet).content.decode()
        assert "OHCHR" not in member.get(f"{sheet}&form=short").content.decode()


def test_what_she_asks_waits_for_a_member_and_changes_nothing(opened, entered, source):
    from corroborate_node.records import queries

    member = entered("hana")
    browser = come_in(*handed(member, source))
    before = list(queries.consents())
    for kind in ("widen", "correct", "ask"):
        assert browser.post(f"{PAGE}/change", {"act": "say", "kind": kind, "text": "<b>말뷁</b>"}).status_code == 302
    assert browser.post(f"{PAGE}/change", {"act": "say", "kind": "call"}).status_code == 302
    assert browser.post(f"{PAGE}/change", {"act": "say", "kind": "ask", "text": " "}).status_code == 400
    assert browser.post(f"{PAGE}/change", {"act": "say", "kind": "withdraw", "text": "x"}).status_code == 400
    assert list(queries.consents()) == before
    assert member.get("/").content.decode().count(f"/sources/{source}/remarks") >= 4
    page = member.get(f"/sources/{source}/remarks").content.decode()
    assert "&lt;b&gt;말뷁" in page
    from corroborate_node.records.models import Remark

    for one in Remark.objects.all():
        assert member.post(f"/sources/{source}/remarks", {"act": "settle", "remark": one.id}).status_code == 302
    assert f"/sources/{source}/remarks" not in member.get("/").content.decode()
    assert "seen on" in read(browser)


def test_a_period_that_is_over_is_shown_as_the_sheet_shows_it(opened, entered, source):
    from corroborate_node.deadlines.models import Deadline

    member = entered("hana")
    day = datetime.now(UTC).date()
    asked = {"act": "set", "kind": "ask", "on": (day + timedelta(days=1)).isoformat()}
    assert member.post(f"/sources/{source}/deadlines", asked).status_code == 302
    Deadline.objects.update(on=day - timedelta(days=2))
    assert "public: no" in read(come_in(*handed(member, source)))


# --- who gets nowhere ------------------------------------------------------------------------------------------------


def blank(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def test_a_code_that_never_was_a_wrong_word_and_an_ended_code_are_one_answer(opened, entered, source):
    member = entered("hana")
    old = handed(member, source)
    code, word = handed(member, source)  # ends the one before
    tries = [(code, "aaaa-bbbb"), ("AAAA-BBBB-CCCC", word), old, (old[0], word)]
    answers = [telephone().post(PAGE, {"code": one, "word": other}) for one, other in tries]
    assert {one.status_code for one in answers} == {403}
    assert len({blank(one) for one in answers}) == 1
    assert all("Set-Cookie" not in one and "words_" not in str(one.cookies) for one in answers)
    assert "Recording" not in answers[0].content.decode()  # names no member either
    assert come_in(code, word)
    assert member.post(f"/sources/{source}/code", {"act": "end"}).status_code == 200
    assert telephone().post(PAGE, {"code": code, "word": word}).status_code == 403


def test_a_visit_ends_with_its_code_after_an_hour_and_when_she_leaves(opened, entered, source):
    from corroborate_node.survivor.models import Code

    member = entered("hana")
    first = come_in(*handed(member, source))
    code, word = handed(member, source)
    assert first.get(f"{PAGE}/told")["Location"] == "/my-words?language=en"
    second = come_in(code, word)
    third = come_in(code, word)  # a later visit ends the one before
    assert second.get(f"{PAGE}/told").status_code == 302
    token = next(one.value for name, one in third.cookies.items() if name.startswith("words_"))
    answer = third.post(f"{PAGE}/leave")
    assert (answer.status_code, answer["Location"]) == (302, "/my-words/leave?language=en")
    assert answer.cookies[next(name for name in answer.cookies if name.startswith("words_"))]["max-age"] == 0
    again = telephone()
    again.cookies[next(name for name in third.cookies if name.startswith("words_"))] = token
    assert again.get(f"{PAGE}/told").status_code == 302  # replayed
    last = come_in(code, word)
    Code.objects.update(visit_until=datetime.now(UTC) - timedelta(minutes=1))
    assert last.get(f"{PAGE}/told").status_code == 302


def test_guesses_are_slowed_down_for_each_code_and_machine_and_keep_nobody_else_out(opened, entered, source):
    from corroborate_node.core.models import WrongTry

    code, word = handed(entered("hana"), source)
    known = [telephone().post(PAGE, {"code": code, "word": f"guess-{at}"}) for at in range(7)]
    WrongTry.objects.all().delete()
    unknown = [telephone().post(PAGE, {"code": "AAAA-BBBB-CCCC", "word": f"guess-{at}"}) for at in range(7)]
    assert [one.status_code for one in known] == [one.status_code for one in unknown]
    assert known[-1].status_code == 429
    assert blank(known[-1]) == blank(unknown[-1])
    WrongTry.objects.all().delete()
    for at in range(6):  # of one code, from a machine each
        telephone(REMOTE_ADDR=f"192.0.2.{at}").post(PAGE, {"code": code, "word": f"other-{at}"})
    assert telephone(REMOTE_ADDR="192.0.2.200").post(PAGE, {"code": code, "word": word}).status_code == 429
    WrongTry.objects.all().delete()
    now = datetime.now(UTC)
    WrongTry.objects.bulk_create(  # of many codes, from many machines: it keeps nobody else out
        WrongTry(place="survivor", whom=f"{at}", address=f"198.51.100.{at % 250}", at=now) for at in range(2_000)
    )
    assert come_in(code, word)
    assert WrongTry.objects.count() == 2_000  # of whoever came in nothing stays, nor from where
    told = entered("hana").get(f"/sources/{source}/code").content.decode()
    assert 'id="wrong-words"' in told  # the member sees that somebody guesses


def test_a_wrong_word_takes_as_long_whether_the_code_is_one_or_not(opened, entered, source):
    member = entered("hana")
    ended, _ = handed(member, source)
    code, _ = handed(member, source)
    asked = [written_for(PAGE, code=one, word="not it") for one in (code, ended, "AAAA-BBBB-CCCC")]
    assert asked[0][0] == 403
    assert asked[0] == asked[1] == asked[2]


@pytest.fixture
def other(vault, source, tmp_path):
    """What somebody else told of one of the same people."""
    person = whose(vault, property="name", value__text="서뷔바")
    return recorded(vault, tmp_path, OTHER.replace("PERSON", person)), person


def test_it_opens_nothing_of_another_source_nor_what_others_told_of_the_same_people(other, opened, entered, source):
    other, person = other
    member = entered("hana")
    browser, second = come_in(*handed(member, source)), come_in(*handed(member, other))
    told = read(browser)
    assert "서뷔바" in told
    for one in ("최뷔다", "청진뷁", "별칭", "2001", "Interview 52"):
        assert one not in told, one
    assert "회령뷁" not in read(second)
    assert "1999" not in read(second)
    assert narrowed(browser, ("public", "", "name")).status_code == 302
    assert "public: count, quote, name" in read(second)
    for page in (f"/sources/{other}", f"/sources/{source}", f"/persons/{person}", "/persons", "/", "/my-words/told/x"):
        answer = browser.get(page)
        assert answer.status_code in (302, 404), page
        assert "서뷔바" not in answer.content.decode(), page
    assert browser.get(f"{PAGE}/told?source={other}&entity={other}").content.decode().count("최뷔다") == 0


@pytest.fixture
def repeated(vault, tmp_path):
    """A row of a list that says who told it, and nobody else did."""
    (tmp_path / "list.csv").write_text(
        "성명,성별,혐의,증언자,공개여부\n김뷔가,남,고문,이증언뷁,공개동의\n", encoding="utf-8"
    )
    ran("import", tmp_path / "list.csv", "--vault", vault)
    return tmp_path / "list.csv"


def test_what_a_list_repeats_of_nothing_but_her_ends_with_hers_and_no_list_gives_it_back(repeated, vault, entered):
    def public():
        from corroborate_node.records import queries

        given = list(queries.consents())
        return {one.source for one in given if "name" in queries.allowed([one], datetime.now(UTC).date())["public"]}

    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Source

        assert public()
        witness = Source.objects.get(kind="witness").id
        browser = come_in(*handed(entered("hana"), witness))
        assert browser.post(f"{PAGE}/change", {"act": "shut"}).status_code == 302
        assert public() == set()
    ran("consent", "reread", repeated, "--vault", vault)
    with api.open_vault(vault, WORDS):
        assert public() == set()


NAMELESS = """
source: {title: Interview 53}
consent: {own: hold}
people: [{names: 농민들뷁, kind: group, count: 3}]
acts: [{what: 구금, whom: 농민들뷁, when: 1999}]
"""
NAMED = """
source: {title: Interview 54}
consent: {own: hold}
people: [{known: PERSON, names: 비밀이름뷁}]
acts: [{what: 구금, whom: 비밀이름뷁, when: 2002}]
"""


@pytest.fixture
def nameless(vault, tmp_path):
    """She told of people without a name; somebody else names them."""
    mine = recorded(vault, tmp_path, NAMELESS)
    person = whose(vault, source_id=mine, property="victim")
    recorded(vault, tmp_path, NAMED.replace("PERSON", person))
    return mine, person


def test_a_name_that_others_alone_know_is_not_told_to_her(nameless, opened, entered):
    mine, person = nameless
    member = entered("hana")
    assert "비밀이름뷁" in member.get(f"/persons/{person}").content.decode()
    told = read(come_in(*handed(member, mine)))
    assert "농민들뷁" in told
    assert "비밀이름뷁" not in told
    assert "2002" not in told


def test_what_is_not_allowed_cannot_be_ticked_and_she_cannot_widen(opened, entered, source):
    from corroborate_node.records import queries

    browser = come_in(*handed(entered("hana"), source))
    before = list(queries.consents())
    for box in (("public", "", "link"), ("own", "", "hold"), ("named body", "OHCHR", "name"), ("nobody", "", "name")):
        assert narrowed(browser, box).status_code == 400, box
    assert browser.post(f"{PAGE}/change", {"act": "narrow"}).status_code == 400
    assert browser.post(f"{PAGE}/change", {"act": "widen", "end": "public"}).status_code == 400
    assert list(queries.consents()) == before


def test_nothing_is_kept_by_a_browser_and_nobody_else_presses_her_buttons(opened, entered, source):
    code, word = handed(entered("hana"), source)
    browser = come_in(code, word)
    for page in ("", "/told", "/change", "/leave"):
        answer = browser.get(f"{PAGE}{page}")
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert "<script" not in answer.content.decode()
    kept = next(one for name, one in browser.cookies.items() if name.startswith("words_"))
    assert (kept["path"], kept["httponly"], kept["samesite"], kept["max-age"]) == ("/my-words", True, "Strict", "")
    assert {str(one["max-age"]) for one in browser.get(PAGE).cookies.values()} <= {"", "None"}
    checked = telephone(enforce_csrf_checks=True)
    assert checked.post(PAGE, {"code": code, "word": word}).status_code == 403
    checked.cookies = browser.cookies
    for act in ("shut", "narrow", "withdraw", "say"):
        assert checked.post(f"{PAGE}/change", {"act": act}).status_code == 403
    assert telephone().get(PAGE, HTTP_HOST="vault.attacker.example").status_code == 400
    wrong = telephone().post(PAGE, {"code": code, "word": "wrong-word"}).content.decode()
    assert code not in wrong  # what was typed is not written back


def test_no_account_and_no_session_of_the_vault_opens_these_pages(opened, entered, source):
    member = entered("hana")
    handed(member, source)
    for page in ("/told", "/change"):
        assert member.get(f"{PAGE}{page}").status_code == 302
    from corroborate_node.people.my_words import cookie

    browser = telephone()
    browser.cookies[cookie()] = next(iter(member.cookies.values())).value
    assert browser.get(f"{PAGE}/told").status_code == 302
    browser.cookies[cookie()] = ""
    assert browser.get(f"{PAGE}/told").status_code == 302


@pytest.fixture
def listed(vault, source, tmp_path):
    (tmp_path / "l.csv").write_text("성명,출생,침해유형,동의\n김뷔가,1961,고문,공개\n", encoding="utf-8")
    ran("import", tmp_path / "l.csv", "--vault", vault)


def test_who_may_make_a_code_and_for_what(listed, opened, entered, source):
    from corroborate_node.records.models import Source
    from corroborate_node.survivor.models import Code

    assert entered("set").post(f"/sources/{source}/code", {"act": "make"}).status_code == 403  # a reader
    assert entered("net").post(f"/sources/{source}/code", {"act": "make"}).status_code == 404  # of another case
    assert telephone().post(f"/sources/{source}/code", {"act": "make"}).status_code == 302
    others = list(Source.objects.exclude(id=source))
    assert {one.kind for one in others} >= {"list"}
    for one in others:
        answer = entered("hana").post(f"/sources/{one.id}/code", {"act": "make"})
        assert answer.status_code == 400, one.kind
    assert not Code.objects.exists()


def test_a_hub_has_no_such_page(tmp_path):
    api.create_vault(tmp_path / "hub", "A hub", WORDS, hub=True, account_passphrase="the words of its keeper")
    with api.open_vault(tmp_path / "hub", WORDS):
        assert telephone().get(PAGE).status_code == 404
