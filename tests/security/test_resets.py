"""A hub's account gets a new passphrase from two people, and neither of them can come in with it; an old passphrase,
and what was opened with it, opens nothing afterwards."""

import re
from datetime import UTC, datetime

import pytest

from corroborate.errors import NotAllowed
from corroborate_node import api

VAULT, OWN, NEXT = "the words of the hub", "words of their own here", "the next words of theirs"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("resets") / "hub"
    api.create_vault(folder, "Secretariat", VAULT, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, VAULT) as opened:
        from corroborate_node.core import accounts
        from corroborate_node.core.desk import owner

        at = datetime.now(UTC).replace(microsecond=0)
        for name in ("office", "second", "third"):
            accounts.add(owner(opened, at), name, ["secretariat"])
            accounts.choose(_desk(opened, name), OWN, lambda _: False)
        accounts.vouch(_desk(opened, "third"), "second")
        yield opened


def _desk(vault, name):
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    at = datetime.now(UTC).replace(microsecond=0)
    return Desk(vault, actor_of(get_user_model().objects.get(username=name)), at)


def _entered(name, passphrase=OWN):
    from django.test import Client

    from corroborate_node.core.models import WrongTry

    WrongTry.objects.all().delete()
    one = Client(headers={"host": "localhost"})
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    return one if answer.status_code == 302 else None


def _half(page: bytes) -> str:
    return re.search(r"<code>((?:[a-z2-7]{4}-){2}[a-z2-7]{4})</code>", page.decode())[1]


def test_a_keeper_alone_gets_into_no_chosen_account_of_a_hub(hub):
    keeper, office = _entered("keeper"), _entered("office")
    first = _half(keeper.post("/accounts", {"act": "reset", "account": "office"}).content)
    assert office.get("/").status_code == 200, "nothing has changed yet"
    assert _entered("office") is not None
    assert _entered("office", first) is None
    alone = keeper.post("/lost-second-factors", {"act": "passphrase", "account": "office"})
    assert alone.status_code == 400
    assert "nobody is second to themselves" in alone.content.decode()
    own = office.post("/lost-second-factors", {"act": "passphrase", "account": "office"})
    assert "nobody confirms a new passphrase of their own" in own.content.decode()
    assert "Somebody asks for a new passphrase of yours: keeper" in re.sub(
        r"\s+", " ", office.get("/own-sessions").content.decode()
    )
    assert office.post("/own-sessions", {"act": "not-asked"}).status_code == 302
    gone = _entered("second").post("/lost-second-factors", {"act": "passphrase", "account": "office"})
    assert "nobody asked in the last week" in gone.content.decode()


def test_two_people_give_a_new_one_in_halves_and_the_old_one_opens_nothing_sessions_too(hub):
    from corroborate_node.core import persons

    keeper, office, second = _entered("keeper"), _entered("office"), _entered("second")
    first = _half(keeper.post("/accounts", {"act": "reset", "account": "office"}).content)
    other = _half(second.post("/lost-second-factors", {"act": "passphrase", "account": "office"}).content)
    assert office.get("/")["Location"].startswith("/log-in"), "its sessions have ended"
    for wrong in (OWN, first, other, f"{other}-{first}"):
        assert _entered("office", wrong) is None
    holder = _entered("office", f"{first}-{other}")
    assert holder.get("/members")["Location"] == "/choose-passphrase"
    assert holder.post("/choose-passphrase", {"new": NEXT, "again": NEXT}).status_code == 302
    assert _entered("office", NEXT) is not None
    assert _entered("office", f"{first}-{other}") is None
    for hand in ("keeper", "second"):
        with pytest.raises(NotAllowed, match="another person"):
            persons.two_people("office", hand)  # the two together held it


def test_who_could_be_the_keeper_is_no_second_person(hub):
    from corroborate_node.core import accounts

    accounts.add(_desk(hub, "keeper"), "made by keeper", ["secretariat"])
    accounts.choose(_desk(hub, "made by keeper"), OWN, lambda _: False)
    accounts.reset(_desk(hub, "keeper"), "third")
    with pytest.raises(NotAllowed, match="another person is needed"):
        accounts.confirm_reset(_desk(hub, "made by keeper"), "third")


def test_whoever_changes_their_own_passphrase_ends_every_other_session_and_the_old_one(hub):
    here, there = _entered("third"), _entered("third")
    assert here.post("/confirm", {"password": OWN}).status_code == 302
    assert here.post("/choose-passphrase", {"new": NEXT, "again": NEXT}).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/")["Location"].startswith("/log-in")
    assert _entered("third") is None
    assert _entered("third", NEXT) is not None


def test_after_a_reset_by_two_a_keeper_alone_still_gets_no_more_than_half(hub):
    _added(hub, "brana")
    keeper, second = _entered("keeper"), _entered("second")
    first = _half(keeper.post("/accounts", {"act": "reset", "account": "brana"}).content)
    other = _half(second.post("/lost-second-factors", {"act": "passphrase", "account": "brana"}).content)
    again = _half(keeper.post("/accounts", {"act": "reset", "account": "brana"}).content)
    assert _entered("brana", again) is None
    assert _entered("brana", f"{first}-{other}") is not None, "nothing changes before a second person confirms"
    for mine in (again, first):
        assert keeper.post("/lost-second-factors", {"act": "passphrase", "account": "brana"}).status_code == 400
        assert _entered("brana", mine) is None


def test_after_the_owners_reset_too(hub):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    _added(hub, "cela")
    accounts.reset(owner(hub, datetime.now(UTC).replace(microsecond=0)), "cela")
    half = _half(_entered("keeper").post("/accounts", {"act": "reset", "account": "cela"}).content)
    assert _entered("cela", half) is None


def test_who_never_came_in_is_handed_a_whole_new_one_by_the_keeper_as_often_as_it_takes(hub):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    accounts.add(owner(hub, datetime.now(UTC).replace(microsecond=0)), "never", ["secretariat"])
    for _ in range(2):
        secret = accounts.reset(_desk(hub, "keeper"), "never")
        assert _entered("never", secret) is not None


def test_with_an_own_new_passphrase_the_tokens_of_programs_end(hub):
    from datetime import timedelta

    from django.test import Client

    from corroborate_node.core import tokens

    _added(hub, "dora")
    desk = _desk(hub, "dora")
    token = tokens.make(desk, "a program", ["statement.read"], desk.at + timedelta(days=20))
    program = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    assert program.get("/api/1/statements").status_code == 200
    holder = _entered("dora")
    assert holder.post("/choose-passphrase", {"new": NEXT, "again": NEXT}).status_code == 302
    assert program.get("/api/1/statements").status_code == 401


def test_a_removed_account_waits_for_no_new_passphrase(hub):
    from corroborate_node.core import accounts

    _added(hub, "ela")
    accounts.reset(_desk(hub, "keeper"), "ela")
    accounts.remove(_desk(hub, "keeper"), "ela")
    assert "ela" not in [name for name, _, _ in accounts.resets(_desk(hub, "keeper").at)]


def _added(vault, name):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    accounts.add(owner(vault, datetime.now(UTC).replace(microsecond=0)), name, ["secretariat"])
    accounts.choose(_desk(vault, name), OWN, lambda _: False)
