"""Whoever should not read: with a link alone, a guessed word, an old link, another's cookie, a member's session, a
strange host name; and a reader who looks for more than the grant shows."""

import re

import pytest
from tests.access import world
from tests.access.world import MAY, MAY_NOT, PASSPHRASE, as_member, browser_of, come_in, granted, handed
from tests.security.test_roles import patterns
from tests.security.writes import nothing_written, written_for

from corroborate_node import api
from corroborate_node.grants import secrets


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    vault = world.made(tmp_path_factory.mktemp("attacked"))
    with api.open_vault(vault, PASSPHRASE) as found:
        yield found


@pytest.fixture(autouse=True)
def _as_before():
    """Wrong tries of one test are not held against the next."""
    from corroborate_node.core.models import WrongTry

    yield
    WrongTry.objects.all().delete()


def names_in(answer) -> list[str]:
    return [one for one in (*MAY, *MAY_NOT) if one in answer.content.decode("utf-8", "replace")]


def test_a_link_that_was_looked_at_is_not_used_up_and_tells_nothing(opened):
    found, client = handed(opened, granted(opened)), browser_of()
    real = client.get(f"/access/open/{found.secret}")
    made_up = client.get("/access/open/" + "A" * len(found.secret))
    blank = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|value="/access/open/[^"]*"')
    assert blank.sub("", real.content.decode()) == blank.sub("", made_up.content.decode())
    assert client.post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 302


def test_a_link_opens_once(opened):
    found, client = handed(opened, granted(opened)), browser_of()
    assert client.post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 302
    again = browser_of().post(f"/access/open/{found.secret}", {"word": found.word})
    assert again.status_code == 403
    assert "access_" not in str(again.cookies)


def test_a_later_link_ends_the_one_before(opened):
    number = granted(opened)
    old, new = handed(opened, number), handed(opened, number)
    assert browser_of().post(f"/access/open/{old.secret}", {"word": old.word}).status_code == 403
    assert browser_of().post(f"/access/open/{old.secret}", {"word": new.word}).status_code == 403
    assert browser_of().post(f"/access/open/{new.secret}", {"word": new.word}).status_code == 302


def test_a_link_is_too_old_after_a_week(opened):
    from corroborate_node.grants.models import Link

    found = handed(opened, granted(opened))
    Link.objects.filter(used=None, ended=None).update(until=world.now())
    assert browser_of().post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 403


def test_guessed_words_are_throttled_and_ten_of_them_end_the_link_whoever_guesses(opened):
    from corroborate_node.core.models import WrongTry
    from corroborate_node.grants.models import Link

    found = handed(opened, granted(opened))
    answers = [
        browser_of().post(f"/access/open/{found.secret}", {"word": f"guess-{at}"}).status_code for at in range(7)
    ]
    assert answers[:5] == [403] * 5
    assert answers[-1] == 429  # the right word would wait now as well
    for at in range(secrets.MOST_WRONG):  # from another machine each, and after every wait
        WrongTry.objects.all().delete()
        browser_of(REMOTE_ADDR=f"192.0.2.{at}").post(f"/access/open/{found.secret}", {"word": f"other-{at}"})
    WrongTry.objects.all().delete()
    assert Link.objects.get(digest=secrets.digest(opened, "link", found.secret)).ended is not None
    assert browser_of().post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 403


def test_a_wrong_answer_takes_as_long_whether_the_link_is_one_or_not(opened):
    waiting, used = handed(opened, granted(opened)), handed(opened, granted(opened))
    assert browser_of().post(f"/access/open/{used.secret}", {"word": used.word}).status_code == 302
    asked = [written_for(f"/access/open/{one}", word="not it") for one in (waiting.secret, used.secret, "a" * 32)]
    assert asked[0] == asked[1] == asked[2]


def test_a_page_that_cannot_be_written_down_is_not_shown(opened):
    client = come_in(opened, granted(opened))
    waiting = handed(opened, granted(opened))
    with nothing_written():
        answers = [client.get("/access/people"), client.get("/access/records")]
        answers.append(browser_of().post(f"/access/open/{waiting.secret}", {"word": waiting.word}))
    assert [one.status_code for one in answers] == [503] * 3
    assert [names_in(one) for one in answers] == [[]] * 3
    assert client.get("/access/people").status_code == 200


def test_the_word_of_one_link_opens_no_other(opened):
    one, other = handed(opened, granted(opened)), handed(opened, granted(opened))
    assert browser_of().post(f"/access/open/{one.secret}", {"word": other.word}).status_code == 403


def test_neither_link_nor_word_nor_cookie_stands_in_the_vault(opened):
    from django.db import connection

    number = granted(opened)
    found, client = handed(opened, number), browser_of()
    client.post(f"/access/open/{found.secret}", {"word": found.word})
    token = next(one.value for name, one in client.cookies.items() if name.startswith("access_"))
    kept = []
    with connection.cursor() as cursor:
        for table in ("grants_link", "grants_visit", "core_line", "core_wrongtry", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
            kept += [str(cell) for row in cursor.fetchall() for cell in row]
    text = "\n".join(kept)
    for secret in (found.secret, found.word, found.word.replace("-", ""), token):
        assert secret not in text


def test_no_other_page_of_the_vault_opens_for_a_reader(opened):
    """Every address that the program has: led to the log-in, refused, or open to everybody and telling nothing."""
    from django.urls import get_resolver

    client = come_in(opened, granted(opened))
    tried = 0
    for path, one in patterns(get_resolver()):
        if path.startswith("access"):
            continue
        address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: "1" if found[1] == "int" else "x", path)
        answer = client.get(address)
        if one.callback.permission is not None and not path.startswith("api/"):
            assert answer.status_code in (302, 403, 404), address
            if answer.status_code == 302:
                assert answer["Location"].startswith(("/log-in", "/choose-passphrase", "/my-words?")), (
                    address,
                    answer["Location"],
                )
        assert names_in(answer) == [], address
        tried += 1
    assert tried > 100


def test_a_reader_changes_nothing_and_cannot_hand_out_access(opened):
    from corroborate_node.grants.models import Grant

    number = granted(opened)
    client = come_in(opened, number)
    before = Grant.objects.count()
    for address, given in (
        (f"/grants/{number}", {"act": "revoke"}),
        (f"/grants/{number}/link", {}),
        (f"/grants/{number}/confirm", {}),
        ("/grants/new", {"reader": "Another"}),
        ("/releases", {"act": "make", "audience": "public"}),
    ):
        assert client.post(address, given).status_code in (302, 403), address
    assert Grant.objects.count() == before
    assert Grant.objects.get(number=number).revoked is None


def test_a_members_session_opens_no_page_of_a_reader(opened):
    granted(opened)
    client = as_member()
    for address in ("/access", "/access/people", "/access/records", "/access/questions", "/access/mark.svg"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert names_in(answer) == []


def test_a_session_of_the_vault_put_into_the_readers_cookie_opens_nothing(opened):
    from corroborate_node.grants.pages import cookie

    member, client = as_member(), browser_of()
    client.cookies[cookie()] = next(iter(member.cookies.values())).value
    assert client.get("/access").status_code == 403
    client.cookies[cookie()] = ""
    assert client.get("/access").status_code == 403


def test_one_reader_sees_nothing_of_another_grant(opened):
    """Numbers are those before one body; questions and files are asked for by them alone."""
    from corroborate_node.grants.models import Question
    from corroborate_node.records import queries

    plain, named = come_in(opened, granted(opened, names=False)), come_in(opened, granted(opened))
    named.post("/access/questions", {"text": "a question of another reader"})
    assert "a question of another reader" not in plain.get("/access/questions").content.decode()
    numbers = re.findall(r'id="p([0-9a-f]{32})"', named.get("/access/people").content.decode())
    assert numbers
    hidden = [*numbers, *(one.id for one in list(queries.claims())[:3]), "1", "../people"]
    before = Question.objects.count()
    for one in hidden:
        assert plain.post("/access/questions", {"text": "what is this?", "item": one[:40]}).status_code == 400, one
        assert plain.get(f"/access/files/{one}").status_code == 404, one
    assert Question.objects.count() == before
    assert names_in(plain.get("/access/people")) == []
    assert plain.get("/access/registers/nothing").status_code == 404


def test_a_link_makes_no_request_from_elsewhere_and_no_strange_host_is_answered(opened):
    number = granted(opened)
    found = handed(opened, number)
    strange = browser_of("vault.attacker.example")
    assert strange.get(f"/access/open/{found.secret}").status_code == 400
    assert strange.post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 400
    checked = browser_of(enforce_csrf_checks=True)
    assert checked.post(f"/access/open/{found.secret}", {"word": found.word}).status_code == 403
    client = come_in(opened, number)
    answer = client.get("/access/people")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    set_ = next(one for name, one in client.cookies.items() if name.startswith("access_"))
    assert (set_["path"], set_["httponly"], set_["samesite"]) == ("/access", True, "Strict")


def test_a_second_visit_ends_the_first(opened):
    number = granted(opened)
    first, second = come_in(opened, number), come_in(opened, number)
    assert first.get("/access").status_code == 403
    assert second.get("/access").status_code == 200
    assert second.post("/access/leave").status_code == 302
    assert second.get("/access").status_code == 403


def test_a_visit_is_over_after_eight_hours(opened):
    from corroborate_node.grants.models import Visit

    client = come_in(opened, granted(opened))
    Visit.objects.filter(ended=None).update(until=world.now())
    assert client.get("/access").status_code == 403


def test_a_grant_that_nobody_confirmed_has_no_link_and_shows_nothing(opened):
    from corroborate.errors import NotAllowed

    number = granted(opened, confirmed=False)
    with pytest.raises(NotAllowed, match="nobody has confirmed it yet"):
        handed(opened, number)


def test_a_name_of_a_reader_that_is_markup_is_words_on_every_page(opened):
    from corroborate_node.grants.models import Grant

    number = granted(opened, names=False)
    Grant.objects.filter(number=number).update(reader='<script>x</script>"&')
    client = come_in(opened, number)
    for address in ("/access", "/access/mark.svg", "/access/questions"):
        assert "<script>x" not in client.get(address).content.decode(), address


def test_words_of_a_question_are_words_on_the_members_page(opened):
    number = granted(opened)
    come_in(opened, number).post("/access/questions", {"text": "<script>y</script>"})
    assert "<script>y" not in as_member().get(f"/grants/{number}").content.decode()
