"""A note that a member gave is about one text, of one coalition, of one day. Whoever has the file hands it in again:
beside another text, at another hub, after a later word, or with a key that its owner gave up since. Nothing of that is
the member's word."""

import html
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.http_api.conftest import Program
from tests.security import test_a_round_from_outside as outside
from tests.security.test_what_a_publisher_writes import (
    ANSAN,
    AT,
    FOUND,
    FRIEND,
    KEYS,
    MAKER,
    TORTURE,
    entry,
    page,
    released,
    run,
    spoken,
    stands,
)

from corroborate.coalition import final as finals
from corroborate.coalition import requests
from corroborate.coalition.declarations import declare
from corroborate.coalition.statements import Version, sign
from corroborate.custody import Signer, keys, statements
from corroborate.custody.enrolment import Enrolment, propose
from corroborate.disclosure import finding_digest, signed_json
from corroborate.errors import InputRefused, InvalidValue
from corroborate_cli.main import group

hub, client = outside.hub, outside.client  # one hub for this file
SAEBOM, CASA, GENEVA = outside.KEYED
OTHER = "Close the camps' roads\n\nSend everybody back.\n"
STRANGE = Version("camps", 1, OTHER.encode())


def long_ago(days):
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


def refused(answer, why):
    return "refused: 1" in answer.replace(" : ", ": ") and why in answer


def test_a_quote_stands_beside_the_text_that_its_member_read_and_no_other(tmp_path):
    quote = spoken("We stand by every word of this text.")
    true = run(tmp_path, "true.html", finals.statement_html(page(quotes=(quote,))))
    assert true.exit_code == 0
    moved = run(tmp_path, "moved.html", finals.statement_html(page(text=OTHER, quotes=(quote,))))
    assert moved.exit_code == 1
    assert "beside another text" in moved.output


def test_a_quote_that_names_no_text_is_not_valid():
    plain = finals.Quote("friend", "J. Han", "director", "We stand by every word of this text.")
    fields = {"statement": "s", "spokesperson": "J. Han", "sha256": plain.digest.hex, "choice": "approves"}
    note = declare(FRIEND, "quote", fields, long_ago(9)).decode()
    shown = finals.Spoken("friend", "Friend", str(FRIEND.verifier()), "J. Han", "director", plain.words, note)
    for text in (OTHER, page().text):
        found = finals.verify_statement(finals.statement_html(page(text=text, quotes=(shown,))), KEYS)
        assert found.verdict == "incomplete"
        assert any("nobody signed that it is beside this text" in line for line in found.failures)


def test_a_quote_falls_with_the_text_and_its_member_is_asked_anew(client):
    outside.start(client, "quoted")
    who = {"spokesperson": "J. Han", "quote_role": "director", "words": "We stand by every word of this text."}
    form = {"act": "quote", "member": outside.label(SAEBOM), **who}
    assert outside.act(client, "quoted", **form).status_code == 302

    def approval():
        (quote,) = outside.state_of("quoted").quotes
        fields = {"statement": "quoted", "spokesperson": "J. Han", "sha256": quote.digest.hex, "choice": "approves"}
        return declare(outside.SIGNERS[SAEBOM], "quote", fields, datetime.now(UTC))

    first = approval()
    outside.hand_in(client, "casa", first)
    assert outside.state_of("quoted").quotes[0].approved
    draft = {"act": "draft", "text_language": "en", "text": OTHER}
    assert outside.act(client, "quoted", **draft).status_code == 302
    assert not outside.state_of("quoted").quotes[0].approved
    assert "not the words of any quote" in outside.hand_in(client, "casa", first)
    outside.hand_in(client, "casa", approval())
    assert outside.state_of("quoted").quotes[0].approved


def test_a_withdrawal_from_another_text_takes_no_name_away(client, tmp_path):
    outside.start(client, "camps")
    outside.hand_in(client, "casa", outside.signed("camps", GENEVA, at=long_ago(1)))
    note = sign(outside.SIGNERS[GENEVA], STRANGE, "withdraws", datetime.now(UTC), "It names our sources.")
    assert "withdraws from another text" in outside.hand_in(client, "casa", note)
    assert outside.stands("camps", GENEVA) == "signed"
    for name, content in (("text", outside.TEXT.encode()), ("note", note)):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "keys").write_text(f"{outside.SIGNERS[GENEVA].verifier()}\n")
    asked = ["statement", "verify", tmp_path / "text", tmp_path / "note", "--statement", "camps", "--keys"]
    done = CliRunner().invoke(group, [str(one) for one in (*asked, tmp_path / "keys")])
    assert "withdrawn  " not in done.output
    assert "withdraws from another text" in done.output


def statement_of(name):
    from corroborate_node.coalition.campaign import queries
    from corroborate_node.core import opened

    found = queries.published_finals(opened.current().signer, datetime.now(UTC))
    return next(finals.statement_html(one).decode() for one in found if one.statement == name)


def test_a_final_text_lists_nobody_as_withdrawn_from_it_who_withdrew_from_another(client):
    outside.start(client, "changed")
    outside.hand_in(client, "casa", outside.signed("changed", GENEVA, "withdraws", words="It names our sources."))
    draft = {"act": "draft", "text_language": "en", "text": OTHER}
    assert outside.act(client, "changed", **draft).status_code == 302
    outside.hand_in(client, "casa", outside.signed("changed", CASA))
    assert outside.over(client, "changed").status_code == 302
    made = statement_of("changed")
    assert "Casa de la Memoria" in made
    assert "It names our sources" not in made


def test_a_page_that_lists_a_withdrawal_from_another_text_is_not_valid(tmp_path):
    aside = entry(ANSAN, "withdraws", text=OTHER)
    found = run(tmp_path, "w.html", finals.statement_html(page(withdrawn=(aside,))))
    assert found.exit_code == 3
    assert "Ansan withdrew from another text than this one" in found.output
    assert run(tmp_path, "v.html", finals.statement_html(page(withdrawn=(entry(ANSAN, "withdraws"),)))).exit_code == 0


def test_a_key_that_the_log_knows_as_revoked_comes_to_no_member_by_an_old_file(client, hub):
    from corroborate_node.core.desk import owner
    from corroborate_node.log import actions as log

    member, day = "新潟の会", timedelta(days=1)
    stolen, heir = (Signer(member, bytes([at]) * 32) for at in (71, 72))

    def enrolled(name, signer, at, *seconds):
        note = propose(Enrolment(name, name, signer.verifier(), at), signer)
        for one in seconds:
            note = statements.countersigned(note, one, Enrolment)
        return note

    first, second = outside.SIGNERS[SAEBOM], outside.SIGNERS[CASA]
    old = enrolled(member, stolen, long_ago(300), first, second)
    for note in (enrolled(SAEBOM, first, long_ago(400)), enrolled(CASA, second, long_ago(390), first), old):
        log.admit(owner(hub, datetime.now(UTC)), note)
    revoked = keys.revoke(stolen.verifier(), heir, 1, datetime.now(UTC) - 100 * day)
    for one in (first, second):
        revoked = statements.countersigned(revoked, one, keys.KeyChange)
    log.change_key(owner(hub, datetime.now(UTC)), revoked)
    outside.start(client, "stolen")
    assert "this key was revoked or replaced" in outside.hand_in(client, "casa", old)
    thief = sign(stolen, outside.state_of("stolen").round.current, "with us", datetime.now(UTC))
    assert "refused: 1" in outside.hand_in(client, "casa", thief)
    assert outside.stands("stolen", member) == "silent"


def test_who_may_sign_is_ended_by_no_note_of_before_it_was_named(client):
    from corroborate_node.coalition.campaign import queries

    def said(choice, days):
        fields = {"name": "Mina Holm", "role": "director", "since": "2026-01-01", "choice": choice}
        return declare(outside.SIGNERS[GENEVA], "signatory", fields, long_ago(days))

    def until():
        return [one.until for one in queries.register()[outside.label(GENEVA)].signatories]

    assert "taken in: 1" in outside.hand_in(client, "casa", said("names", 10))
    assert "named Mina Holm anew" in outside.hand_in(client, "casa", said("ends", 15))
    assert until() == [None]
    assert "taken in: 1" in outside.hand_in(client, "casa", said("ends", 5))
    assert None not in until()


def test_a_stance_of_before_a_statement_was_here_is_not_about_it(client):
    def stance(days):
        fields = {"on": "statement", "subject": "later", "choice": "with us"}
        return declare(outside.SIGNERS[GENEVA], "stance", fields, long_ago(days))

    assert "it speaks of another one" in outside.hand_in(client, "casa", stance(0))
    outside.start(client, "later")
    assert "it speaks of another one" in outside.hand_in(client, "casa", stance(3))
    assert "taken in: 1" in outside.hand_in(client, "casa", stance(0))


@pytest.mark.parametrize("ends", ["”", '"', "’’", "ˮ"])
def test_no_words_under_a_finding_are_drawn_as_another_member_s(tmp_path, ends):
    words = f"We agree{ends}), Busan-Council (“We verified each of these ourselves"
    made = released(findings=(FOUND,))
    with pytest.raises(InvalidValue, match="end the quotation marks around them"):
        stands(made, ANSAN, words=words)
    fields = {"finding": TORTURE, "reader": "public", "sha256": finding_digest(made, TORTURE).hex, "choice": "stands"}
    note = declare(ANSAN, "finding as shown", {**fields, "words": words}, AT).decode()  # by a program of one's own
    made = replace(made, stands=(replace(stands(made, ANSAN), words=words, note=note),))
    (tmp_path / "r.json").write_bytes(signed_json(made.to_json(), MAKER))
    for form in ("d.pdf", "d.html"):
        done = CliRunner().invoke(group, ["dossier", str(tmp_path / form), "--release", str(tmp_path / "r.json")])
        assert "end the quotation marks around them" in str(done.exception)
        assert not (tmp_path / form).exists()


def stance_asked(client, name):
    """What a member's vault reads of a hub's question about a statement."""
    answer = client["casa"].get(f"/stance-request?on=statement&subject={name}")
    return requests.Request.read(answer.content)


def shown_of(client, about):
    page = client["saebom"].get(f"/members/{outside.label(GENEVA)}")
    rows = [outside.words_of(Told(one)) for one in page.content.decode().split("<tr>")]
    return [one for one in rows if about in one]


def test_a_stance_is_on_the_text_that_its_member_read_and_on_no_other(client):
    outside.start(client, "moved")
    asked, said = stance_asked(client, "moved"), outside.SIGNERS[GENEVA]
    assert asked.text == outside.TEXT
    first = requests.answer(said, asked, "with us", datetime.now(UTC))
    assert "taken in: 1" in outside.hand_in(client, "casa", first)
    (row,) = shown_of(client, "statement moved")
    assert "said of version" not in row
    assert "does not stand" not in row
    assert outside.act(client, "moved", act="draft", text_language="en", text=OTHER).status_code == 302
    late = requests.answer(
        said, asked, "with us", datetime.now(UTC) + timedelta(seconds=5)
    )  # it read what stood before
    assert "taken in: 1" in outside.hand_in(client, "casa", late)
    for row in shown_of(client, "statement moved"):
        assert "with us: said of version 1, which was changed since" in row
        assert "does not stand" in row


def test_a_stance_on_what_another_hub_calls_alike_stands_nowhere(client):
    outside.start(client, "joint-here")
    elsewhere = requests.ask_stance_on(Version("joint-here", 1, OTHER.encode()), "Another coalition")
    note = requests.answer(outside.SIGNERS[GENEVA], elsewhere, "with us", datetime.now(UTC))
    assert "speaks of another text" in outside.hand_in(client, "casa", note)
    assert shown_of(client, "statement joint-here") == []
    fields = {"on": "statement", "subject": "joint-here", "choice": "with us"}  # as vaults of an earlier version sign
    old = declare(outside.SIGNERS[GENEVA], "stance", fields, datetime.now(UTC))
    assert "taken in: 1" in outside.hand_in(client, "casa", old)
    (row,) = shown_of(client, "statement joint-here")
    assert "with us: said without naming a text" in row
    assert "does not stand" in row
    true = requests.answer(outside.SIGNERS[GENEVA], stance_asked(client, "joint-here"), "with us", long_ago(0.01))
    assert "taken in: 1" in outside.hand_in(client, "casa", true)  # an older word that names its text
    assert any("does not stand" not in row for row in shown_of(client, "statement joint-here"))
    away = declare(outside.SIGNERS[GENEVA], "stance", {**fields, "choice": "apart"}, datetime.now(UTC))
    outside.hand_in(client, "casa", away)  # it takes back, whichever text it meant
    assert all("does not stand" in row for row in shown_of(client, "statement joint-here"))


def test_a_vault_answers_no_question_about_a_statement_that_shows_no_text():
    asked = requests.ask_stance("statement", "joint", "Joint", "hub").to_json()
    with pytest.raises(InputRefused, match="ask the hub for it again"):
        requests.Request.read(asked)


def test_a_stance_on_what_is_not_kept_here_says_so(client):
    for on in ("campaign", "finding", "publication"):
        fields = {"on": on, "subject": "never-here", "choice": "with us"}
        note = declare(outside.SIGNERS[GENEVA], "stance", fields, datetime.now(UTC))
        assert "taken in: 1" in outside.hand_in(client, "casa", note)
        assert "of something that is not known here" in shown_of(client, f"{on} never-here")[0]


class Told:
    """A part of a page, read as the whole is."""

    def __init__(self, part):
        self.content = part.encode()


def test_a_quote_that_nobody_approved_is_read_by_its_member_and_the_secretariat_alone(hub, client):
    outside.start(client, "unsaid")
    programs = {account: Program(hub, account) for account in client}
    words = "We regret everything, they say."
    form = {"act": "quote", "member": outside.label(CASA), "spokesperson": "A. Rey", "quote_role": "", "words": words}
    assert outside.act(client, "unsaid", **form).status_code == 302
    (quote,) = outside.state_of("unsaid").quotes
    addresses = ("/statements/unsaid", f"/members/{outside.label(CASA)}")
    request = f"/statements/unsaid/quote?digest={quote.digest}"

    def read(account):
        read_on = [words in html.unescape(client[account].get(one).content.decode()) for one in addresses]
        by_program = [words in json.dumps(programs[account].get(one)) for one in addresses]
        return {*read_on, *by_program, client[account].get(request).status_code == 200}

    assert (read("casa"), read("office"), read("saebom")) == ({True}, {True}, {False})
    fields = {"statement": "unsaid", "spokesperson": "A. Rey", "sha256": quote.digest.hex, "choice": "approves"}
    outside.hand_in(client, "casa", declare(outside.SIGNERS[CASA], "quote", fields, datetime.now(UTC)))
    assert read("saebom") == {True}


def test_a_name_stands_as_it_was_signed_without_the_short_one_that_a_register_adds(client):
    outside.start(client, "called")
    page = f"/members/{outside.label(SAEBOM)}"
    renamed = {"act": "correct", "kind": "organisation", "country": "KR", "name": "Saebom Archive",
               "abbreviation": "Geneva Alliance"}  # fmt: skip
    assert client["office"].post(page, renamed).status_code == 302
    seconded = {"act": "second-name", "name": "Saebom Archive (Geneva Alliance)"}
    assert client["office2"].post(page, seconded).status_code == 302
    outside.hand_in(client, "saebom", outside.signed("called", SAEBOM))
    assert outside.over(client, "called").status_code == 302
    made = statement_of("called")
    assert "Saebom Archive" in made
    assert "Geneva Alliance" not in made


def test_of_a_new_name_and_a_signature_of_one_time_the_earlier_happening_counts(hub, client):
    from corroborate_node.coalition.campaign import models, queries

    outside.start(client, "at-once")
    page = f"/members/{outside.label(CASA)}"
    about = {"act": "correct", "kind": "organisation", "country": "KR", "name": "Casa Nueva"}
    assert client["office"].post(page, about).status_code == 302
    assert client["office2"].post(page, {"act": "second-name", "name": "Casa Nueva"}).status_code == 302
    outside.hand_in(client, "casa", outside.signed("at-once", CASA))
    came = models.Happened.objects.filter(stream="statement/at-once", what="Received").latest("id")
    named = models.Happened.objects.filter(stream=f"member/{outside.label(CASA)}", what="NameSeconded")
    named.update(at=came.at)  # as two people at one second
    names = queries.names_signed(outside.state_of("at-once"), queries.register())
    assert names[outside.label(CASA)] == "Casa Nueva"
