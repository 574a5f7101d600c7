"""Second factors, as an attacker and a colleague try them: through pages and commands, with codes counted here."""

import base64
import hashlib
import hmac
import re
import struct
from datetime import UTC, datetime, timedelta

import pytest

from corroborate.errors import NotAllowed
from corroborate_node import api

VAULT, KEEPER, OWN, OTHER = "the words of the vault", "the words of its keeper", "words of mina alone", "words of sato"


def counted(secret: bytes, seconds: float) -> str:
    """RFC 6238 by its own text, with nothing of the program."""
    digest = hmac.new(secret, struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture
def clock(monkeypatch):
    """The program's clock, which a test turns on: codes hold for half a minute."""
    from corroborate_node.core import gate, sessions
    from corroborate_node.core.access import second

    class Clock:
        at = datetime.now(UTC).replace(microsecond=0)

        def turn(self, **by):
            Clock.at += timedelta(**by)
            return Clock.at.timestamp()

    one = Clock()
    monkeypatch.setattr(sessions, "now", lambda: Clock.at)
    assert gate.sessions is sessions
    assert second.sessions is sessions
    return one


@pytest.fixture(scope="module")
def node(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("second") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        account(opened, "mina", OWN, "documenter")
        account(opened, "sato", OTHER, "coordinator")
        account(opened, "kim", OTHER, "keeper", vouched=False)
        account(opened, "lee", OTHER, "reader", vouched=False)
        yield opened


@pytest.fixture
def vault(node):
    """The same vault for each test, as it was made: what a test did is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        yield node
        transaction.set_rollback(True)


def client():
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1")


def entered(name, passphrase, leads="/"):
    one = client()
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    assert (answer.status_code, answer["Location"]) == (302, leads), answer.content.decode()
    return one


def with_app(browser, clock, name="phone"):
    """Set an app up on the pages; its secret, and the recovery codes that were shown."""
    page = browser.get("/second-factors/code").content.decode()
    letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    assert 'class="segno"' in page
    secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    shown = browser.post("/second-factors/code", {"name": name, "code": counted(secret, clock.at.timestamp())})
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", shown.content.decode())


def logged_in(browser):
    return browser.get("/").status_code == 200


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B (SHA-1), the last six of its eight digits; the tests' own counter agrees."""
    from corroborate_node.core import codes

    secret = b"12345678901234567890"
    table = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924",
             2000000000: "69279037", 20000000000: "65353130"}  # fmt: skip
    for seconds, code in table.items():
        assert codes.code_at(secret, codes.step_of(seconds)) == code[-6:] == counted(secret, seconds)


def test_an_account_with_an_app_comes_in_with_its_code_and_with_nothing_less(vault, clock):
    secret, papers = with_app(entered("mina", OWN), clock)
    assert len(set(papers)) == 10
    browser = entered("mina", OWN, leads="/second-factor")
    for address in ("/", "/persons", "/accounts", "/second-factors", "/second-factors/code", "/confirm", "/journal",
                    "/choose-passphrase", "/own-sessions", "/search?q=a"):  # fmt: skip
        assert browser.get(address)["Location"].startswith("/log-in?next="), address
    assert browser.post("/confirm", {"password": OWN})["Location"].startswith("/log-in")
    clock.turn(seconds=60)
    for wrong in ("000000", "", "abc", counted(b"another secret of 20", clock.at.timestamp())):
        assert "This does not hold" in browser.post("/second-factor", {"code": wrong}).content.decode()
        assert not logged_in(browser)
    right = counted(secret, clock.at.timestamp())
    assert browser.post("/second-factor", {"code": f"{right[:3]} {right[3:]}"})["Location"] == "/"
    assert logged_in(browser)


def test_a_code_is_taken_once_and_none_before_it_afterwards(vault, clock):
    secret, _ = with_app(entered("mina", OWN), clock)
    at_set_up = counted(secret, clock.at.timestamp())
    browser = entered("mina", OWN, leads="/second-factor")
    assert browser.post("/second-factor", {"code": at_set_up}).status_code == 200  # seen while it was set up
    now = clock.turn(minutes=2)
    before = counted(secret, now - 30)
    assert browser.post("/second-factor", {"code": counted(secret, now)}).status_code == 302
    for old in (counted(secret, now), before, counted(secret, now - 60), counted(secret, now - 3600)):
        thief = entered("mina", OWN, leads="/second-factor")
        assert thief.post("/second-factor", {"code": old}).status_code == 200, old
        assert not logged_in(thief)
    clock.turn(minutes=1)
    late = counted(secret, clock.at.timestamp() - 30)  # a phone that is half a minute behind
    assert entered("mina", OWN, leads="/second-factor").post("/second-factor", {"code": late}).status_code == 302


def test_a_recovery_code_opens_once_and_leaves_a_line(vault, clock):
    from corroborate_node.core.models import Line, RecoveryCode

    browser = entered("mina", OWN)
    _, papers = with_app(browser, clock)
    assert not any(papers[0].replace("-", "") in str(row) for row in RecoveryCode.objects.values())
    one = entered("mina", OWN, leads="/second-factor")
    assert one.post("/second-factor", {"code": papers[0].upper().replace("-", " ")}).status_code == 302
    assert Line.objects.filter(what="factor.recover", by="mina").count() == 1
    again = entered("mina", OWN, leads="/second-factor")
    assert again.post("/second-factor", {"code": papers[0]}).status_code == 200
    others = entered("sato", OTHER)
    with_app(others, clock, "sato's phone")
    theirs = entered("sato", OTHER, leads="/second-factor")
    assert theirs.post("/second-factor", {"code": papers[1]}).status_code == 200  # a paper is one account's
    shown = one.post("/second-factors", {"act": "codes"}).content.decode()
    made = re.findall(r"<code>([a-z2-7-]{19})</code>", shown)
    assert len(set(made) - set(papers)) == 10
    old = entered("mina", OWN, leads="/second-factor")
    assert old.post("/second-factor", {"code": papers[2]}).status_code == 200  # those before the new ones ended


def test_guessing_codes_meets_a_limit_which_a_right_passphrase_does_not_lift(vault, clock):
    secret, _ = with_app(entered("mina", OWN), clock)
    clock.turn(minutes=2)
    answers = []
    for number in range(12):
        thief = entered("mina", OWN, leads="/second-factor")  # the passphrase again and again
        answers.append(thief.post("/second-factor", {"code": f"{number:06}"}).status_code)
    assert answers == [200] * 5 + [429] * 7
    assert thief.post("/second-factor", {"code": counted(secret, clock.at.timestamp())}).status_code == 429
    keeper = entered("keeper", KEEPER)
    assert keeper.post("/accounts", {"act": "forgive", "account": "mina"}).status_code == 302
    clock.turn(minutes=1)
    mina = entered("mina", OWN, leads="/second-factor")
    assert mina.post("/second-factor", {"code": counted(secret, clock.at.timestamp())}).status_code == 302


def test_a_session_from_before_the_log_in_is_worth_nothing_after_it(vault, clock):
    """Session fixation: the key that somebody planted, and the key of the half-open session, open nothing."""
    from django.conf import settings

    secret, _ = with_app(entered("mina", OWN), clock)
    clock.turn(minutes=2)
    victim = client()
    victim.get("/log-in")
    victim.cookies[settings.SESSION_COOKIE_NAME] = "plantedplantedplantedplantedplan"
    victim.post("/log-in", {"username": "mina", "password": OWN})
    half_open = victim.cookies[settings.SESSION_COOKIE_NAME].value
    assert half_open != "plantedplantedplantedplantedplan"
    victim.post("/second-factor", {"code": counted(secret, clock.at.timestamp())})
    assert logged_in(victim)
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != half_open
    for key in ("plantedplantedplantedplantedplan", half_open):
        thief = client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert not logged_in(thief)


def test_a_half_open_log_in_ends_with_time_with_the_passphrase_and_with_the_account(vault, clock):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    secret, _ = with_app(entered("mina", OWN), clock)
    clock.turn(minutes=2)
    slow = entered("mina", OWN, leads="/second-factor")
    clock.turn(minutes=6)
    assert slow.post("/second-factor", {"code": counted(secret, clock.at.timestamp())})["Location"] == "/log-in"
    changed = entered("mina", OWN, leads="/second-factor")
    accounts.reset(owner(vault, clock.at), "mina")
    assert changed.post("/second-factor", {"code": counted(secret, clock.at.timestamp())})["Location"] == "/log-in"
    assert client().get("/second-factor")["Location"] == "/log-in"


def test_whoever_was_logged_in_here_is_not_when_another_begins_to_log_in(vault, clock):
    with_app(entered("mina", OWN), clock)
    browser = entered("sato", OTHER)
    assert browser.post("/log-in", {"username": "mina", "password": OWN})["Location"] == "/second-factor"
    assert not logged_in(browser)


def test_setting_one_up_ends_the_sessions_that_came_in_without(vault, clock):
    thief, mina = entered("mina", OWN), entered("mina", OWN)
    with_app(mina, clock)
    assert not logged_in(thief)
    assert logged_in(mina)


def test_an_account_of_which_one_is_asked_gets_to_no_page_without(vault, clock):
    keeper = entered("keeper", KEEPER)
    assert keeper.post("/accounts", {"act": "require-second", "account": "mina"}).status_code == 302
    mina = entered("mina", OWN)
    for address in ("/", "/persons", "/search?q=a", "/own-sessions", "/why", "/sources/x", "/imports"):
        assert mina.get(address)["Location"] == "/second-factors", address
    assert mina.post("/vouch", {"account": "sato"})["Location"] == "/second-factors"
    assert "needs a second factor" in mina.get("/second-factors").content.decode()
    with_app(mina, clock)
    assert logged_in(mina)
    one = re.search(r'name="factor" value="(\d+)"', mina.get("/second-factors").content.decode())[1]
    refused = mina.post("/second-factors", {"factor": one})
    assert refused.status_code == 400
    assert "this is its last" in refused.content.decode()
    assert logged_in(entered("sato", OTHER))
    assert keeper.post("/accounts", {"act": "require-all"}).status_code == 302
    assert keeper.get("/accounts")["Location"] == "/second-factors"  # the keeper too
    assert entered("sato", OTHER).get("/persons")["Location"] == "/second-factors"


def test_removing_one_asks_the_passphrase_again(vault, clock):
    mina = entered("mina", OWN)
    with_app(mina, clock)
    clock.turn(minutes=11)
    one = {"factor": "1"}
    for address in ("/second-factors", "/second-factors/code", "/second-factors/passkey"):
        assert mina.post(address, one)["Location"] == f"/confirm?next={address}"
    mina.post("/confirm", {"password": OWN})
    assert mina.post("/second-factors", one).status_code == 200
    assert logged_in(entered("mina", OWN))  # the passphrase alone again


def test_nobody_removes_another_accounts_factor(vault, clock):
    from corroborate_node.core.models import Factor

    with_app(entered("mina", OWN), clock)
    sato = entered("sato", OTHER)
    answer = sato.post("/second-factors", {"factor": str(Factor.objects.get().pk)})
    assert answer.status_code == 400
    assert Factor.objects.count() == 1


def test_a_lost_factor_is_taken_away_by_two_people_and_by_no_one_alone(vault, clock):

    secret, _ = with_app(entered("mina", OWN), clock)
    keeper, sato, other = entered("keeper", KEEPER), entered("sato", OTHER), client()
    assert keeper.post("/accounts", {"act": "lost-second", "account": "mina"}).status_code == 302
    assert entered("mina", OWN, leads="/second-factor")  # nothing has changed yet
    alone = keeper.post("/lost-second-factors", {"account": "mina"})
    assert alone.status_code == 400
    assert "nobody is second to themselves" in alone.content.decode()
    assert other.post("/lost-second-factors", {"account": "mina"})["Location"].startswith("/log-in")
    clock.turn(minutes=2)
    mina = entered("mina", OWN, leads="/second-factor")
    mina.post("/second-factor", {"code": counted(secret, clock.at.timestamp())})
    assert "Somebody says that your second factors are lost" in mina.get("/second-factors").content.decode()
    assert mina.post("/lost-second-factors", {"account": "mina"}).status_code == 400
    mina.post("/second-factors", {"act": "not-lost"})
    assert sato.post("/lost-second-factors", {"account": "mina"}).status_code == 400  # its holder said no
    keeper.post("/accounts", {"act": "lost-second", "account": "mina"})
    answer = sato.post("/lost-second-factors", {"account": "mina"})
    assert answer.status_code == 400  # the keeper alone vouched: a third person must have
    assert "vouched" in answer.content.decode()


def test_two_people_of_whom_a_third_has_vouched_take_it_away(vault, clock):
    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts, factors
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk
    from corroborate_node.core.models import Line

    desks = {one.get_username(): Desk(vault, actor_of(one), clock.at) for one in get_user_model().objects.all()}
    with_app(entered("mina", OWN), clock)
    accounts.vouch(desks["lee"], "sato")
    factors.ask_reset(desks["kim"], "mina")
    assert entered("sato", OTHER).post("/lost-second-factors", {"account": "mina"}).status_code == 200
    assert logged_in(entered("mina", OWN))
    kinds = {line.what for line in Line.objects.filter(kind="act")}
    assert {"factor.reset", "factor.reset-confirm", "factor.add-code"} <= kinds
    with pytest.raises(NotAllowed, match="this is for"):
        factors.ask_reset(desks["sato"], "mina")


def test_a_keeper_who_resets_the_passphrase_is_not_in(vault, clock):
    with_app(entered("mina", OWN), clock)
    shown = entered("keeper", KEEPER).post("/accounts", {"act": "reset", "account": "mina"}).content.decode()
    one_time = re.search(r"<code>([a-z2-7-]{24})</code>", shown)[1]
    assert entered("mina", one_time, leads="/second-factor").get("/choose-passphrase")["Location"].startswith("/log-in")


def test_what_is_kept_is_sealed_for_one_account_and_moves_to_no_other(vault, clock):
    from corroborate.errors import VaultDamaged
    from corroborate_node.core import factors
    from corroborate_node.core.models import Factor

    secret, _ = with_app(entered("mina", OWN), clock)
    row = Factor.objects.get()
    assert secret not in bytes(row.sealed)
    user = type(row.user).objects.get(username="sato")
    Factor.objects.update(user=user)
    with pytest.raises(VaultDamaged):
        factors.shows_code(
            vault, user, counted(secret, clock.at.timestamp() + 90), "", clock.at + timedelta(seconds=90)
        )
