"""What stands beside a person's name is read as where that person speaks for: no one person puts a member there, also
not while that member is away, and nobody has the authority of somebody else of the same name."""

import html
import re
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


def naming(person, seconds=1):
    fields = {"name": person, "role": "director", "since": "2026-01-01", "choice": "names"}
    return declare(outside.SIGNERS[GENEVA], "signatory", fields, datetime.now(UTC) - timedelta(seconds=seconds))


def named(client, person, note=b""):
    assert "taken in: 1" in outside.hand_in(client, "casa", note or naming(person))


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
    earlier = naming("Ana Ruiz", 60)
    named(client, "Ana Ruiz", earlier)  # another one of this name, who stood beside nobody here
    beside(client, "Ana Ruiz")
    beside(client, "Ana Ruiz", "office2")
    assert member("Ana-Ruiz").details.affiliation == GENEVA
    assert not speaks("Ana-Ruiz")
    named(client, "Ana Ruiz", earlier)  # the same note, handed in again by whoever kept it
    assert not speaks("Ana-Ruiz")
    named(client, "Ana Ruiz")
    assert speaks("Ana-Ruiz")
    assert len([one for one in member(outside.label(GENEVA)).signatories if one.name == "Ana Ruiz"]) == 1


# Kind, country, affiliation, capacity and site of a member that has a key, spoke, or is asked


STATE = "Ministry of State Security"


def told(label, what):
    from corroborate_node.coalition.campaign.models import Notice

    return list(Notice.objects.filter(member_id=label, what=what).order_by("id").values_list("about", flat=True))


def stands_by(client, account, label):
    page = client[account].get(f"/members/{label}").content.decode()
    [mark] = re.findall(r'name="shown" value="([0-9a-f]+)"', page) or [""]
    return client[account].post(f"/members/{label}", {"act": "beside", "shown": mark})


def test_nobody_alone_says_what_a_member_with_a_key_is_and_where(client):
    """What one secretary did before, in an open round: a member stood under the text as a ministry's person."""
    label = outside.label(CASA)
    about = {"name": CASA, "kind": "individual", "country": "KP", "affiliation": STATE, "capacity": "personal",
             "site": "https://evil.example"}  # fmt: skip
    before = member(label).details
    on(client, CASA, act="correct", **about)
    assert member(label).details == before
    assert f"– → {STATE}" in told(label, "beside waits")[-1]
    assert "organisation → individual; KR → KP" in told(label, "beside waits")[-1]
    page = html.unescape(client["casa"].get(f"/members/{label}").content.decode())
    assert "waits for the member's own account, or for a second person" in page
    assert STATE in page
    assert stands_by(client, "office", label).status_code == 400, "nobody is second to themselves"
    assert stands_by(client, "saebom", label).status_code == 400, "nor is another member"
    on(client, CASA, "office2", act="not-so")
    assert member(label).beside is None
    assert stands_by(client, "casa", label).status_code == 400
    assert member(label).details == before


def test_a_member_s_own_account_lets_a_correction_stand_as_its_page_showed_it(client):
    label = outside.label(CASA)
    on(client, CASA, act="correct", name=CASA, kind="organisation", country="AR")
    seen = re.findall(r'name="shown" value="([0-9a-f]+)"', client["casa"].get(f"/members/{label}").content.decode())[0]
    on(client, CASA, act="correct", name=CASA, kind="organisation", country="CL")
    on(client, CASA, act="correct", name="Casa Nueva", kind="organisation", country="KR")
    answer = client["casa"].post(f"/members/{label}", {"act": "beside", "shown": seen})
    assert "something else waits beside this name by now" in outside.words_of(answer)
    assert stands_by(client, "casa", label).status_code == 302
    assert (member(label).details.country, member(label).beside) == ("CL", None)
    assert member(label).renaming.name == "Casa Nueva", "of its name nothing was said"
    on(client, CASA, act="not-called")
    assert told(label, "beside")[-1].startswith("KR → CL")


def test_an_organisation_stands_beside_no_other(client):
    form = {"act": "correct", "name": CASA, "kind": "organisation", "country": "CL", "affiliation": STATE}
    answer = client["office"].post(f"/members/{outside.label(CASA)}", form)
    assert answer.status_code == 400
    assert "an affiliation is an individual's" in outside.words_of(answer)


def test_who_is_asked_in_an_open_round_is_corrected_by_two_and_who_is_not_is_told(client):
    admitted(client, "Ida Berg")
    form = {"name": "Ida Berg", "kind": "individual", "country": "NO", "affiliation": "Institute of Peace"}
    on(client, "Ida Berg", act="correct", **form)  # she has no key, said nothing, and is asked nothing
    assert member("Ida-Berg").details.country == "NO"
    assert told("Ida-Berg", "corrected") == ["CH → NO; – → Institute of Peace"]  # both in Europe
    outside.start(client, "asked-of-ida")
    on(client, "Ida Berg", act="correct", **form | {"affiliation": STATE})
    assert member("Ida-Berg").details.affiliation == "Institute of Peace"
    on(client, "Ida Berg", "office2", act="correct", **form | {"affiliation": STATE})
    assert member("Ida-Berg").details.affiliation == STATE
