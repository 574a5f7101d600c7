"""What stands beside a person's name is read as where that person speaks for: no one person puts a member there, also
not while that member is away, and nobody has the authority of somebody else of the same name."""

from datetime import UTC, datetime, timedelta

from tests.security import test_a_round_from_outside as outside

from corroborate.coalition.declarations import declare

hub, client = outside.hub, outside.client  # one hub for this file
SAEBOM, CASA, GENEVA = outside.KEYED
PERSON = {"kind": "individual", "country": "CH"}


def member(label):
    from corroborate_node.coalition.campaign import queries

    return queries.register()[label]


def speaks(label):
    from corroborate_node.coalition.campaign import queries

    return queries.register().speaks_for(label, datetime.now(UTC).date())


def admitted(client, name):
    form = {"name": name, "joined": "2020-12", "role": "member", **PERSON, "country": "ch"}
    assert client["office"].post("/members", form).status_code == 302


def on(client, label, account="office", **form):
    answer = client[account].post(f"/members/{outside.label(label)}", form)
    assert answer.status_code == 302, outside.words_of(answer)


def named(client, person, seconds=1):
    fields = {"name": person, "role": "director", "since": "2026-01-01", "choice": "names"}
    note = declare(outside.SIGNERS[GENEVA], "signatory", fields, datetime.now(UTC) - timedelta(seconds=seconds))
    assert "taken in: 1" in outside.hand_in(client, "casa", note)


def beside(client, person, account="office"):
    about = {"name": person, "affiliation": GENEVA, "capacity": "on behalf", **PERSON}
    on(client, person, account, act="correct", **about)


def test_one_person_puts_no_member_beside_a_name_while_it_is_away(client):
    admitted(client, "Mina Holm")
    on(client, GENEVA, act="leave", on=str(datetime.now(UTC).date()))
    beside(client, "Mina Holm")
    on(client, GENEVA, act="return")
    assert member("Mina-Holm").details.affiliation == ""
    assert member("Mina-Holm").beside.affiliation == GENEVA
    admitted_beside = {"name": "Tom Lind", "joined": "2020-12", "role": "member", "affiliation": GENEVA,
                       "capacity": "personal", "kind": "individual", "country": "ch"}  # fmt: skip
    on(client, GENEVA, act="leave", on=str(datetime.now(UTC).date()))
    assert client["office"].post("/members", admitted_beside).status_code == 302
    on(client, GENEVA, act="return")
    assert member("Tom-Lind").details.affiliation == ""


def test_who_bears_the_name_of_a_signatory_has_no_authority_until_the_organisation_names_it_anew(client):
    admitted(client, "Ana Ruiz")
    named(client, "Ana Ruiz", 60)  # another one of this name, who stood beside nobody here
    beside(client, "Ana Ruiz")
    beside(client, "Ana Ruiz", "office2")
    assert member("Ana-Ruiz").details.affiliation == GENEVA
    assert not speaks("Ana-Ruiz")
    named(client, "Ana Ruiz", 60)  # the same note, handed in again by whoever kept it
    assert not speaks("Ana-Ruiz")
    named(client, "Ana Ruiz")
    assert speaks("Ana-Ruiz")
    assert len([one for one in member(outside.label(GENEVA)).signatories if one.name == "Ana Ruiz"]) == 1
