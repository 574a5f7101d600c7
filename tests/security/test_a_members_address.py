"""At a member's address its key's words are heard, and its letters are asked for. Nobody alone moves it, the old one is
told, and whoever hears the words of a key sees that the address is new."""

import html
import io
import re
from datetime import UTC, datetime

from tests.coalition import test_mail
from tests.member_keys import spoken
from tests.security import test_a_round_from_outside as outside

from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, propose

hub, client = outside.hub, outside.client  # one hub for this file
box, served = test_mail.box, test_mail.served
NIIGATA = outside.PAPER
OLD, NEW = "office@niigata.example", "niigata@evil.example"
THIEF = Signer(NIIGATA, b"\x66" * 32)


def register():
    from corroborate_node.coalition.campaign import queries

    return queries.register()[outside.label(NIIGATA)]


def told():
    from corroborate_node.coalition.campaign import models

    return list(models.Notice.objects.filter(member_id=outside.label(NIIGATA)).values_list("what", flat=True))


def correct(client, contact, account="office"):
    form = {"act": "correct", "name": NIIGATA, "kind": "organisation", "country": "KR", "contact": contact}
    return client[account].post(f"/members/{outside.label(NIIGATA)}", form).status_code


def page(client, account="office2"):
    return html.unescape(client[account].get(f"/members/{outside.label(NIIGATA)}").content.decode())


def put_forward(client):
    proof = io.BytesIO(propose(Enrolment(NIIGATA, NIIGATA, THIEF.verifier(), datetime.now(UTC)), THIEF))
    proof.name = "key.signed"
    form = {"act": "key", "proof": proof}
    assert client["office"].post(f"/members/{outside.label(NIIGATA)}", form).status_code == 302


def heard(client):
    form = {"act": "heard", "heard": spoken(THIEF)}
    return client["office2"].post(f"/members/{outside.label(NIIGATA)}", form)


def test_nobody_alone_moves_an_address_and_the_member_is_told_at_the_old_one(hub, client, box, served):
    test_mail.mail(hub, served())
    assert correct(client, OLD) == 302  # the first one since it was taken in
    assert register().details.contact == ""
    assert "contact waits" in told()
    assert correct(client, OLD) == 400  # the same person
    assert correct(client, OLD, "office2") == 302
    assert register().details.contact == OLD
    assert correct(client, NEW) == 302
    assert (register().details.contact, register().moving.contact) == (OLD, NEW)
    assert correct(client, NEW) == 400  # the same person
    assert "contact waits" in told()
    assert NEW in page(client)
    assert NEW not in page(client, "saebom")
    assert correct(client, NEW, "office2") == 302
    assert register().details.contact == NEW
    assert "contact" in told()
    assert [to for to, *_ in box.taken] == [[OLD], [OLD]]
    test_mail.mail(hub, 9)


def test_no_key_is_heard_while_the_address_is_new_and_who_hears_it_sees_that(client):
    put_forward(client)
    shown = page(client)
    assert "Its address was changed" in shown
    assert "Its address was given by office, office2" in shown
    assert OLD in shown
    answer = heard(client)
    assert answer.status_code == 400
    assert "no key of it is heard before" in outside.words_of(answer)
    assert register().coming(datetime.now(UTC).date()) is None


def test_the_history_says_what_was_corrected_and_no_address(client):
    shown = page(client, "saebom").partition("History")[2]
    assert "corrected: Contact of the office (never published) (office2)" in re.sub(
        r"\s+", " ", re.sub("<[^>]+>", "", shown)
    )
    assert OLD not in shown
    assert NEW not in shown


def test_an_address_that_waits_is_refused(client):
    assert correct(client, "third@niigata.example") == 302
    assert client["office2"].post(f"/members/{outside.label(NIIGATA)}", {"act": "not-so"}).status_code == 302
    assert register().moving is None
    assert register().details.contact == NEW


def test_a_members_own_account_changes_its_address_at_once_and_no_other_s(client):
    from corroborate_node.coalition.campaign import queries

    label = outside.label(outside.KEYED[1])
    form = {"act": "address", "contact": "casa@memoria.example"}
    assert client["casa"].post(f"/members/{label}", form).status_code == 302
    one = queries.register()[label]
    assert one.details.contact == "casa@memoria.example"
    assert one.moved(datetime.now(UTC).date()) is None
    assert client["saebom"].post(f"/members/{label}", form | {"contact": "saebom@evil.example"}).status_code == 400
    assert queries.register()[label].details.contact == "casa@memoria.example"
