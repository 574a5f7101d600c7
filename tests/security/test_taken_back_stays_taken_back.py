"""What a member took back stays taken back, by the time of its last word. Whoever kept an older note hands it in again:
after the text was changed and put back, under another role, or before the word that ended it. It is nobody's word."""

import time
from datetime import UTC, datetime, timedelta

from tests.security import test_a_round_from_outside as outside

from corroborate.coalition import final
from corroborate.coalition.declarations import declare

hub, client = outside.hub, outside.client  # one hub for this file
SAEBOM, CASA, GENEVA = outside.KEYED
CHANGED = outside.TEXT.replace("monitors", "the monitors")
WORDS = "We, Geneva Watch, regret the harm that we did."


def ago(**time_):
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**time_)


def drafted(client, name, text):
    assert outside.act(client, name, act="draft", text_language="en", text=text).status_code == 302


def quoted(client, name):
    form = {"act": "quote", "member": outside.label(GENEVA), "spokesperson": "A. Rey", "quote_role": "", "words": WORDS}
    assert outside.act(client, name, **form).status_code == 302


def of_quote(name, choice, at):
    (quote,) = outside.state_of(name).quotes
    fields = {"statement": name, "spokesperson": "A. Rey", "sha256": quote.digest.hex, "choice": choice}
    return declare(outside.SIGNERS[GENEVA], "quote", fields, at)


def published(client, name):
    """The final text as strangers read it, once three members signed it."""
    from corroborate_node.coalition.campaign import queries
    from corroborate_node.core import opened

    time.sleep(1.1)  # notes count seconds, and an earlier text that is put back is signed anew
    for member in outside.KEYED:
        outside.hand_in(client, "office", outside.signed(name, member))
    assert outside.over(client, name).status_code == 302
    made = queries.published_finals(opened.current().signer, datetime.now(UTC))
    return final.statement_text(next(one for one in made if one.statement == name)).decode()


def test_a_quote_that_was_taken_back_is_in_no_text_that_is_changed_and_put_back(client):
    outside.start(client, "regret")
    quoted(client, "regret")
    yes, no = of_quote("regret", "approves", ago(hours=5)), of_quote("regret", "withdraws", ago(hours=1))
    for note in (yes, no):
        assert "taken in: 1" in outside.hand_in(client, "office", note)
    for text in (CHANGED, outside.TEXT):
        drafted(client, "regret", text)
    assert "before it was changed and put back" in outside.hand_in(client, "office", yes)
    assert not outside.state_of("regret").quotes[0].approved
    assert WORDS not in published(client, "regret")


def test_a_quote_that_is_taken_back_while_another_text_stands_is_taken_back(client):
    outside.start(client, "meanwhile")
    quoted(client, "meanwhile")
    yes, no = of_quote("meanwhile", "approves", ago(hours=5)), of_quote("meanwhile", "withdraws", ago(hours=1))
    drafted(client, "meanwhile", CHANGED)
    assert "taken in: 1" in outside.hand_in(client, "casa", no)
    drafted(client, "meanwhile", outside.TEXT)
    assert "before it was changed and put back" in outside.hand_in(client, "office", yes)
    assert WORDS not in published(client, "meanwhile")


def test_a_quote_beside_a_text_that_is_put_back_is_approved_anew_and_by_no_old_note(client):
    outside.start(client, "anew")
    quoted(client, "anew")
    yes = of_quote("anew", "approves", ago(hours=5))
    outside.hand_in(client, "office", yes)
    for text in (CHANGED, outside.TEXT):
        drafted(client, "anew", text)
    assert "asked to say so anew" in outside.hand_in(client, "office", yes)
    outside.hand_in(client, "casa", of_quote("anew", "approves", ago(seconds=-5)))
    assert WORDS in published(client, "anew")


def test_where_an_approval_of_a_translation_is_undone_no_older_one_speaks_in_its_place(client):
    outside.start(client, "rendered")
    outside.translate(client, "rendered", outside.FIRST)
    old, new = (outside.approval("rendered", GENEVA, at=ago(hours=hours)) for hours in (5, 2))
    assert "taken in: 1" in outside.hand_in(client, "casa", new)
    outside.undo(client, "casa")
    assert not outside.state_of("rendered").translation("es").official_for(outside.label(GENEVA))
    for text in (outside.SECOND, outside.FIRST):
        outside.translate(client, "rendered", text)
    assert "has said something later" in outside.hand_in(client, "casa", old)
    outside.hand_in(client, "casa", new)
    assert outside.state_of("rendered").translation("es").official_for(outside.label(GENEVA))


# Who may sign


def signatory(choice, at, role="director", name="Mina Holm", signer=GENEVA):
    fields = {"name": name, "role": role, "since": "2020-01-01", "choice": choice}
    return declare(outside.SIGNERS[signer], "signatory", fields, at)


def beside(client, name):
    """A person of the register who stands beside Geneva Watch, as two people of the secretariat wrote it down."""
    about = {"name": name, "kind": "individual", "country": "CH"}
    form = {**about, "country": "ch", "joined": "2020-12", "role": "member"}
    assert client["office"].post("/members", form).status_code == 302
    for account in ("office", "office2"):
        more = {"act": "correct", "affiliation": GENEVA, "capacity": "on behalf"}
        page = f"/members/{outside.label(name)}"
        assert client[account].post(page, {**about, **more}).status_code == 302


def speaks(name):
    from corroborate_node.coalition.campaign import queries

    return queries.register().speaks_for(outside.label(name), datetime.now(UTC).date())


def test_an_authority_that_ended_comes_back_by_no_older_note_of_another_role(client):
    beside(client, "Mina Holm")
    older, named = signatory("names", ago(seconds=9), "adviser"), signatory("names", ago(seconds=8))
    ends, anew = signatory("ends", ago(seconds=6)), signatory("names", ago(seconds=2), "treasurer")
    assert "taken in: 1" in outside.hand_in(client, "casa", named)
    assert speaks("Mina Holm")
    assert "taken in: 1" in outside.hand_in(client, "casa", ends)
    for note in (named, older):
        assert "this note is not newer" in outside.hand_in(client, "casa", note)
        assert not speaks("Mina Holm")
    assert "taken in: 1" in outside.hand_in(client, "casa", anew)  # it thought better of it, on the same day
    assert speaks("Mina Holm")


def test_the_end_of_an_authority_counts_also_where_it_comes_first(client):
    beside(client, "Tom Lind")
    named, ends = (
        signatory("names", ago(seconds=9), name="Tom Lind"),
        signatory("ends", ago(seconds=5), name="Tom Lind"),
    )
    assert "taken in: 1" in outside.hand_in(client, "casa", ends)
    assert "this note is not newer" in outside.hand_in(client, "casa", named)
    assert not speaks("Tom Lind")


def test_an_old_note_names_nobody_who_came_to_stand_beside_the_organisation_later(client):
    named = signatory("names", ago(days=20), name="Ed Old")
    outside.hand_in(client, "casa", named)
    beside(client, "Ed Old")
    other = signatory("names", ago(days=10), "adviser", name="Ed Old")  # handed in for the first time
    for note in (named, other):
        outside.hand_in(client, "casa", note)
        assert not speaks("Ed Old")
    assert "in a personal capacity" in outside.words_of(client["office"].get("/members/Ed-Old"))
    outside.hand_in(client, "casa", signatory("names", ago(seconds=0), name="Ed Old"))
    assert speaks("Ed Old")
