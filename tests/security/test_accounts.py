"""Who comes in, and who may: an attacker's and a colleague's tries against accounts, through pages and commands."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate import translation
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OTHER = "the words of the vault", "the words of its keeper", "the words of another person"
NODE = Path(__file__).parents[2] / "src" / "corroborate_node"
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path):
    api.create_vault(tmp_path / "vault", "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(tmp_path / "vault", VAULT) as opened:
        yield opened


@pytest.fixture
def hub(tmp_path):
    api.create_vault(tmp_path / "hub", "Secretariat", VAULT, hub=True, account_passphrase=KEEPER)
    with api.open_vault(tmp_path / "hub", VAULT) as opened:
        yield opened


def client():
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1")


def entered(name, passphrase):
    """A browser after the log-in form, wherever it led."""
    one = client()
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    assert answer.status_code == 302, answer.content.decode()
    return one


def run(folder, *arguments, code=0):
    done = CliRunner().invoke(group, [*arguments, "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == code, (arguments, done.output, done.exception)
    return done.output + str(done.exception or "")  # errors of ours are printed by what runs the command


# Coming in


def test_the_passphrase_of_the_vault_opens_no_page_and_the_one_time_passphrase_opens_the_choice_alone(tmp_path):
    folder = tmp_path / "vault"
    made = CliRunner().invoke(
        group, ["new", str(folder), "--name", "Member", "--json"], env={"CORROBORATE_PASSPHRASE": VAULT}
    )
    one_time = json.loads(made.output)["one_time_passphrase"]
    with api.open_vault(folder, VAULT):
        assert client().post("/log-in", {"username": "keeper", "password": VAULT}).status_code == 200  # the form again
        browser = entered("keeper", one_time)
        for page in ("/", "/persons", "/accounts", "/log", "/members"):
            assert browser.get(page)["Location"] == "/choose-passphrase", page
        for typed, why in (
            (VAULT, "opens the vault itself"),
            ("short", "12 characters"),
            (one_time, "another passphrase"),
        ):
            refused = browser.post("/choose-passphrase", {"new": typed, "again": typed}).content.decode()
            assert why in refused
        assert browser.post("/choose-passphrase", {"new": KEEPER, "again": OTHER}).status_code == 200
        assert browser.post("/choose-passphrase", {"new": KEEPER, "again": KEEPER})["Location"] == "/"
        assert browser.get("/").status_code == 200
        assert client().post("/log-in", {"username": "keeper", "password": one_time}).status_code == 200
        entered("keeper", KEEPER)


def test_a_one_time_passphrase_is_worth_nothing_after_seven_days(vault):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    then = datetime.now(UTC).replace(microsecond=0) - timedelta(days=8)
    late = accounts.add(owner(vault, then), "mina", ["reader"])
    assert client().post("/log-in", {"username": "mina", "password": late}).status_code == 200


def test_forty_wrong_passphrases_meet_a_limit_that_a_restart_does_not_lift(tmp_path):
    folder = tmp_path / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT):
        one = client()
        codes = [
            one.post("/log-in", {"username": "keeper", "password": f"a wrong guess {n}"}).status_code for n in range(40)
        ]
        assert codes == [200] * 5 + [429] * 35
    with api.open_vault(folder, VAULT):
        answer = client().post("/log-in", {"username": "KEEPER ", "password": KEEPER})  # not even the right one
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "Too many wrong tries" in answer.content.decode()
    assert "Wrong tries forgotten: 5" in run(folder, "accounts", "forgive", "keeper")
    with api.open_vault(folder, VAULT):
        entered("keeper", KEEPER)


def test_one_address_that_tries_many_names_is_slowed_as_well(vault):
    codes = [
        client().post("/log-in", {"username": f"name {n}", "password": "a wrong guess"}).status_code for n in range(25)
    ]
    assert codes == [200] * 20 + [429] * 5


def test_waits_double_up_to_an_hour_and_end(vault):
    from corroborate_node.core.throttle import BY_ACCOUNT, waits

    assert waits([AT] * 4, BY_ACCOUNT) is None
    assert [waits([AT] * n, BY_ACCOUNT) - AT for n in (5, 6, 7, 40)] == [
        timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120), timedelta(hours=1),
    ]  # fmt: skip


def test_the_passphrase_is_asked_again_before_accounts_and_its_wrong_tries_count_too(vault):
    from corroborate_node.core import sessions

    browser = entered("keeper", KEEPER)
    assert browser.get("/accounts").status_code == 200
    session = browser.session
    session["passphrase given"] = (datetime.now(UTC) - sessions.RECENT - timedelta(seconds=5)).isoformat()
    session.save()
    assert browser.get("/accounts")["Location"] == "/confirm?next=/accounts"
    assert browser.post("/accounts", {"act": "add", "account": "x", "role": "reader"})["Location"].startswith(
        "/confirm"
    )
    codes = [browser.post("/confirm", {"password": f"wrong {n}"}).status_code for n in range(6)]
    assert codes == [200] * 5 + [429]
    run_ = browser.post("/confirm", {"password": KEEPER, "next": "https://elsewhere.example/"})
    assert run_.status_code == 429


# One is removed, blocked, replaced


def test_a_removed_a_blocked_and_a_replaced_account_open_no_page_and_their_sessions_end_at_once(vault, account):
    keeper = entered("keeper", KEEPER)
    for name, form in (("mina", {"act": "remove"}), ("yuki", {"act": "block"}), ("sora", {"act": "reset"}),
                       ("dari", {"act": "end-sessions"})):  # fmt: skip
        account(vault, name, OTHER, "documenter")
        theirs = entered(name, OTHER)
        assert theirs.get("/persons").status_code == 200
        assert keeper.post("/accounts", {**form, "account": name}).status_code in (200, 302)
        assert theirs.get("/persons")["Location"].startswith("/log-in"), name
        if name != "dari":
            assert client().post("/log-in", {"username": name, "password": OTHER}).status_code == 200
    assert keeper.post("/accounts", {"act": "unblock", "account": "yuki"}).status_code == 302
    entered("yuki", OTHER)
    entered("dari", OTHER)
    # Records name who was removed: nobody else gets the name.
    again = keeper.post("/accounts", {"act": "add", "account": "mina", "role": "reader"})
    assert again.status_code == 400
    assert "records name it" in again.content.decode()


def test_the_last_keeper_cannot_shut_everybody_out_from_a_page(vault):
    keeper = entered("keeper", KEEPER)
    for form in ({"act": "remove"}, {"act": "block"}, {"act": "roles", "role": "reader"}):
        answer = keeper.post("/accounts", {**form, "account": "keeper"})
        assert answer.status_code == 400
        assert "last keeper" in answer.content.decode()


def test_a_passphrase_taken_from_the_vault_opens_no_page_where_an_old_account_still_used_it(tmp_path):
    """An account of an earlier version logged in with the vault's passphrase."""
    folder, second = tmp_path / "vault", "second words of the vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT):
        from django.contrib.auth import get_user_model

        from corroborate_node.core.models import AccountState

        user = get_user_model().objects.get()
        user.set_password(VAULT)
        user.save()
        AccountState.objects.update(chosen=None)
    (tmp_path / "new").write_text(second + "\n")
    run(folder, "keys", "add", "--passphrase", "--new-passphrase-file", str(tmp_path / "new"))
    run(folder, "keys", "remove", "1")
    with api.open_vault(folder, second):
        assert client().post("/log-in", {"username": "keeper", "password": VAULT}).status_code == 200


def test_what_an_account_logs_in_with_is_refused_for_the_vault(tmp_path):
    from corroborate_node.core import vaults

    folder = tmp_path / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with pytest.raises(InvalidValue, match="an account logs in with this"):
        vaults.add_slot(folder, VAULT, KEEPER)
    with pytest.raises(InvalidValue, match="never the vault's"):
        api.create_vault(tmp_path / "other", "Member", VAULT, account_passphrase=VAULT)


def test_own_sessions_are_listed_and_ended(vault):
    here, there = entered("keeper", KEEPER), entered("keeper", KEEPER)
    shown = here.get("/own-sessions").content.decode()
    sessions = re.findall(r'name="session" value="([a-z0-9]+)"', shown)
    assert len(sessions) == 1  # the other one; one's own is left by logging out
    assert here.post("/own-sessions", {"session": sessions[0]}).status_code == 302
    assert there.get("/")["Location"].startswith("/log-in")
    assert here.get("/").status_code == 200


# Roles


def test_a_members_vault_has_many_accounts_each_with_roles(tmp_path):
    folder = tmp_path / "vault"
    api.create_vault(folder, "Member", VAULT)
    for name, role in (("mina", "documenter"), ("yuki", "analyst"), ("sora", "lawyer")):
        out = run(folder, "accounts", "add", name, "--role", role)
        assert re.search(r": ([a-z2-7]{4}-){4}[a-z2-7]{4}\n", out)
    found = {one["account"]: one["roles"] for one in json.loads(run(folder, "accounts", "list", "--json"))}
    assert found["yuki"] == ["analyst"]
    assert "no role 'secretariat' here" in run(folder, "accounts", "add", "x", "--role", "secretariat", code=1)


def test_whoever_has_the_lowest_number_left_becomes_keeper_of_nothing(vault, account):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    account(vault, "mina", OTHER, "reader")
    accounts.remove(owner(vault, AT), "keeper")
    browser = entered("mina", OTHER)
    assert browser.get("/accounts").status_code == 403
    with pytest.raises(NotAllowed, match="for the Keeper"):
        accounts.give_roles(_desk(vault, "mina"), "mina", ["keeper"])


def test_an_account_without_a_role_sees_and_does_nothing(vault, account):
    account(vault, "mina", OTHER)
    browser = entered("mina", OTHER)
    for page in (
        "/persons",
        "/log",
        "/findings",
        "/estimates",
        "/review",
        "/demands",
        "/accounts",
        "/journal",
        "/sign",
    ):
        assert browser.get(page).status_code == 403, page


def test_the_keepers_role_alone_reads_no_record(vault, account):
    account(vault, "mina", OTHER, "keeper")
    browser = entered("mina", OTHER)
    assert browser.get("/accounts").status_code == 200
    for page in (
        "/persons",
        "/persons/person_x",
        "/sources/src_x",
        "/acts/act_x",
        "/review",
        "/findings",
        "/estimates",
    ):
        assert browser.get(page).status_code == 403, page


def test_the_page_that_explains_a_decision_says_permission_roles_and_answer(vault, account):
    account(vault, "mina", OTHER, "analyst")
    browser = entered("mina", OTHER)
    refused = browser.get("/accounts").content.decode()
    assert 'href="/why?permission=account.keep"' in refused
    shown = browser.get("/why?permission=estimate.make").content.decode()
    assert "<strong>yes, as</strong> Analyst" in shown
    assert "Coordinator, Analyst" in shown
    assert "no</td>" in browser.get("/why?permission=identity.read").content.decode()
    # Somebody else's permissions are for who keeps accounts.
    assert "keeper" not in browser.get("/why?account=keeper").content.decode().split("<h2>")[1]


def _desk(vault, name, at=AT):
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    return Desk(vault, actor_of(get_user_model().objects.get(username=name)), at)


# Two people


def test_two_people_are_not_two_accounts_of_one(hub):
    """Whoever made an account, or reset it, holds its first passphrase and can be it; so can who is behind both."""
    from corroborate_node.core import accounts, persons
    from corroborate_node.core.desk import owner

    keeper = _desk(hub, "keeper")
    for name in ("second", "third"):
        accounts.add(keeper, name, ["secretariat", "keeper"])
    accounts.add(_desk(hub, "second"), "fourth", ["secretariat"])
    for name in ("fifth", "sixth"):
        accounts.add(owner(hub, AT), name, ["secretariat"])
    for one, other in (("keeper", "keeper"), ("keeper", "second"), ("second", "keeper"), ("keeper", "fourth")):
        with pytest.raises(NotAllowed, match="another person"):
            persons.two_people(one, other)
    for one, other in (("second", "third"), ("third", "fourth"), ("keeper", "fifth"), ("fifth", "sixth")):
        with pytest.raises(NotAllowed, match="nobody has vouched"):
            persons.two_people(one, other)
    for name in ("second", "third", "fourth", "fifth", "sixth"):
        with pytest.raises(NotAllowed, match="passphrase of your own"):
            accounts.vouch(_desk(hub, name), "sixth" if name == "fifth" else "fifth")
        accounts.choose(_desk(hub, name), f"the words of {name}", lambda _: False)

    of_one_hand = ("fourth", "third")  # the keeper can be each of them
    for one, other in (("keeper", "third"), ("third", "keeper"), ("fourth", "second"), ("third", "third"), of_one_hand):
        with pytest.raises(NotAllowed, match="nobody vouches"):
            accounts.vouch(_desk(hub, one), other)
    with pytest.raises(NotAllowed, match="own log-in"):
        accounts.vouch(owner(hub, AT), "third")

    accounts.vouch(_desk(hub, "fifth"), "third")
    persons.two_people("second", "third")
    persons.two_people("third", "second")
    persons.two_people("third", "fourth")
    with pytest.raises(NotAllowed, match="nobody has vouched"):
        persons.two_people("third", "fifth")  # who vouched is no third person to the two
    accounts.vouch(_desk(hub, "keeper"), "sixth")
    persons.two_people("fifth", "sixth")
    accounts.reset(owner(hub, AT + timedelta(hours=1)), "third")
    with pytest.raises(NotAllowed, match="nobody has vouched"):
        persons.two_people("second", "third")  # another held its passphrase since
    accounts.block(owner(hub, AT), "keeper")
    with pytest.raises(NotAllowed, match="nobody has vouched"):
        persons.two_people("fifth", "sixth")


# The journal


def test_the_journal_says_who_saw_whom_and_holds_no_name_and_no_searched_word(vault, account):
    browser = entered("keeper", KEEPER)
    browser.get("/persons", {"q": "김영희"})
    account(vault, "mina", OTHER)
    entered("mina", OTHER).get("/persons")
    from corroborate_node.core.models import Line, Touched

    stored = repr(list(Line.objects.values())) + repr(list(Touched.objects.values()))
    assert "김영희" not in stored
    kinds = {(one.by, one.kind, one.what) for one in Line.objects.all()}
    assert ("keeper", "search", "persons") in kinds
    assert ("mina", "refused", "identity.read") in kinds
    page = browser.post("/journal", {"asked": " 김영희 "}).content.decode()
    assert "searched" in page
    assert "No line of the journal fits" in browser.post("/journal", {"asked": "박철수"}).content.decode()


def test_every_word_of_these_pages_is_used_and_every_used_word_exists():
    from corroborate_node.core.access import forms
    from corroborate_node.core.permissions import table

    names = (
        "Confirm",
        "Choose",
        "Session",
        "Account",
        "Vouch",
        "Journal",
        "Why",
        "Second",
        "NewPasskey",
        "App",
        "Token",
    )
    every = [getattr(forms, f"{name}Form") for name in names]
    words = translation.english("corroborate_node", "core.access")
    for one in (*table().roles.values(), *table().permissions.values()):
        assert {"en", "ko", "ja"} <= set(one.words), one.name
    files = [*(NODE / "core" / "templates" / "core").iterdir(), NODE / "core" / "templates" / "log-in.html"]
    used = {name for file in files for name in re.findall(r"words\.(\w+)", file.read_text("utf-8"))}
    fields = {form.called.get(name, name) for form in every for name in form.base_fields}
    fields -= {"next", "username", "session", "answer"}
    choices = {"not_twice", "nobody", "every_permission", "sees_whole", "sees_cases", "vouch_who"}
    choices |= {f"kind_{kind}" for kind in ("view", "search", "act", "export", "refused")}  # by a filter of the journal
    assert used - {"language"} | fields | choices == set(words)
