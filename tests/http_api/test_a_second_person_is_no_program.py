"""Of two people the second is there to look at what the first did: what such an act asks of a person, no token does."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from corroborate.coalition.memberships import Details
from corroborate.values import PartialDate
from corroborate_node import api

WORDS, OWN = "the words of the hub", "words of one alone"
NAMES = ("Casa de la Memoria", "Geneva Watch", "Niigata")
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def hub(tmp_path_factory, account):
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    folder = tmp_path_factory.mktemp("second") / "hub"
    api.create_vault(folder, "Secretariat", WORDS, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, WORDS) as opened:
        at = datetime.now(UTC).replace(microsecond=0)
        for name in NAMES:
            actions.admit(owner(opened, at), Details(name, "organisation"), "member", PartialDate.parse("2011-12"))
        for name in ("office", "office2"):
            account(opened, name, OWN, "secretariat")
            accounts.vouch(Desk(opened, actor_of(accounts.known("keeper")), at), name)
        yield opened


@pytest.fixture
def program_of(hub, program, rolled_back):
    return lambda name: program(hub, name)


def entered(name):
    one = Client(HTTP_HOST="localhost")
    assert one.post("/log-in", {"username": name, "password": OWN}).status_code == 302
    return one


def label(name):
    from corroborate_node.coalition.campaign.models import Member

    return Member.objects.get(name=name).id


def opened_round(page):
    assert page.post("/statements", {"name": "one", "text_language": "en", "text": "T\n\nW.\n"}).status_code == 302
    given = {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"}
    assert page.post("/statements/one", given).status_code == 302


def phase():
    from corroborate_node.coalition.campaign.models import Statement

    return Statement.objects.get(name="one").phase


def left(name):
    from corroborate_node.coalition.campaign.models import Member

    return Member.objects.get(name=name).left


CLOSE = ("statement.carry", {"name": "one", "event": {"what": "close"}})


def leave():
    return "member.keep", {"member": label(NAMES[1]), "event": {"what": "leave", "on": str(datetime.now(UTC).date())}}


def heard():
    return "decision.hear", {"id": "p1", "member": label(NAMES[2]), "position": "support"}


def said():
    from corroborate_node.coalition.campaign import queries
    from corroborate_node.coalition.campaign.models import Proposal

    return queries.proposal(Proposal.objects.get(id="p1")).said


def test_a_program_asks_to_close_a_round_and_only_a_person_closes_it(program_of):
    page = entered("office2")
    opened_round(page)
    program_of("office").act(CLOSE[0], **CLOSE[1])  # the first person's part
    refused = program_of("office2").refused(CLOSE[0], 403, "not-allowed", **CLOSE[1])
    assert "a person confirms on the page what they saw there" in refused["detail"]
    assert phase() == "open"


def test_a_program_takes_no_member_out_of_an_open_round_as_the_second(program_of):
    opened_round(entered("office"))
    act, given = leave()
    program_of("office").act(act, **given)
    program_of("office2").refused(act, 403, "not-allowed", **given)
    assert left(NAMES[1]) is None


def test_a_program_makes_no_position_one_that_two_people_heard(program_of):
    asked = {"id": "p1", "title": "T", "text": "words", "rule": "majority", "closes": TOMORROW}
    program_of("office").act("decision.propose", **asked)
    act, given = heard()
    program_of("office").act(act, **given)
    program_of("office2").refused(act, 403, "not-allowed", **given)
    assert said()[label(NAMES[2])].confirmed_by == ""


def test_every_act_asks_for_a_second_person_in_one_place():
    """So that the next act of two people takes no program's word either."""
    source = Path(api.__file__).parent
    texts = {path.name: path.read_text() for path in source.rglob("*.py") if path.name != "persons.py"}
    alone = [name for name, text in texts.items() if re.search(r"two_people\(.*, desk\.by\)|owner_behind\(desk", text)]
    assert alone == [], "these ask persons.two_people of whoever sits here, and not persons.second"
