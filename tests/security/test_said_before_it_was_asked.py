"""A note names a short name and words, and never the coalition that asked. What was signed before the question was put
here answers another hub's question, or an earlier year's, and is nobody's word on this one."""

from datetime import UTC, datetime, timedelta

from tests.security import test_a_round_from_outside as outside

from corroborate.coalition import decisions
from corroborate.coalition.decisions import Proposal, Rule, said_in
from corroborate.coalition.declarations import declare
from corroborate.coalition.statements import sign

hub, client = outside.hub, outside.client  # one hub for this file
SAEBOM, CASA, GENEVA = outside.KEYED
SIGNERS, OLD = outside.SIGNERS, 400
REFUSED = "speaks of another one, or to another coalition"


def ago(days):
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


def test_a_sign_on_of_before_the_text_was_put_up_here_is_none(client):
    outside.start(client, "joint")
    current = outside.state_of("joint").round.current
    for choice in ("with us", "withdraws"):
        assert REFUSED in outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, choice, ago(OLD)))
    assert outside.stands("joint", GENEVA) == "silent"
    outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(0)))
    assert outside.stands("joint", GENEVA) == "signed"


def test_a_text_that_an_earlier_version_put_up_counts_from_when_its_statement_came(client):
    from corroborate_node.coalition.campaign import models

    outside.start(client, "kept")
    row = models.Statement.objects.get(name="kept")
    row.body["round"].pop("put")
    row.save()
    current = outside.state_of("kept").round.current
    assert REFUSED in outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(OLD)))
    outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(0)))
    assert outside.stands("kept", GENEVA) == "signed"


def test_an_approval_of_before_a_quote_was_put_up_shows_no_quote(client):
    outside.start(client, "quoted")
    who = {"spokesperson": "J. Han", "quote_role": "director", "words": "We stand by every word."}
    form = {"act": "quote", "member": outside.label(GENEVA), **who}
    assert outside.act(client, "quoted", **form).status_code == 302

    def approval(days):
        (quote,) = outside.state_of("quoted").quotes
        fields = {"statement": "quoted", "spokesperson": "J. Han", "sha256": quote.digest.hex, "choice": "approves"}
        return declare(SIGNERS[GENEVA], "quote", fields, ago(days))

    assert REFUSED in outside.hand_in(client, "casa", approval(OLD))
    assert not outside.state_of("quoted").quotes[0].approved
    outside.hand_in(client, "casa", approval(0))
    assert outside.state_of("quoted").quotes[0].approved


def test_an_approval_of_before_a_translation_was_put_up_makes_it_official_for_nobody(client):
    outside.start(client, "rendered")
    outside.translate(client, "rendered", outside.FIRST)
    outside.hand_in(client, "casa", outside.approval("rendered", CASA, at=ago(OLD)))
    assert not outside.state_of("rendered").translation("es").approved
    outside.hand_in(client, "casa", outside.approval("rendered", CASA, at=ago(0)))
    assert outside.state_of("rendered").translation("es").official_for(outside.label(CASA))


def test_a_position_of_before_the_question_or_in_an_earlier_form_does_not_count(client):
    from corroborate_node.coalition.campaign import models, queries

    outside.proposed(client, "budget", rule="majority")

    def asked():
        return queries.proposal(models.Proposal.objects.get(id="budget"))

    old = decisions.take_position(SIGNERS[GENEVA], asked(), "support", "", ago(OLD))
    assert REFUSED in outside.hand_in(client, "casa", old)
    fields = {"proposal": "budget", "sha256": asked().digest.hex, "choice": "support", "reason": ""}
    for days, why in ((900, REFUSED), (0, "names neither the rule nor the closing time")):
        assert why in outside.hand_in(client, "casa", declare(SIGNERS[CASA], "position", fields, ago(days)))
    assert asked().counted == {}
    outside.hand_in(client, "casa", decisions.take_position(SIGNERS[GENEVA], asked(), "support", "", ago(0)))
    assert set(asked().counted) == {outside.label(GENEVA)}


def test_a_position_that_was_taken_in_before_this_was_asked_counts_no_more():
    opened = datetime(2027, 1, 1, tzinfo=UTC)
    one = Proposal("p", "P", "Words.", ("seoul",), Rule("majority"), opened, opened + timedelta(days=9))
    keys = {"seoul": SIGNERS[CASA].verifier()}
    old = decisions.take_position(SIGNERS[CASA], one, "support", "", opened - timedelta(days=2))
    said = said_in(decisions_read(old, keys))
    kept = Proposal(one.id, one.title, one.text, one.asked, one.rule, one.opened, one.closes, {"seoul": said})
    assert kept.counted == {}
    assert "does not count" in decisions.minutes_text(kept, {"seoul": "Seoul"}, opened + timedelta(days=10))


def decisions_read(note, keys):
    from corroborate.coalition.declarations import Keys, kind_of, read_declaration

    return read_declaration(note, kind_of(note), Keys.of(keys))


def test_who_may_sign_is_named_by_no_note_that_is_older_than_the_key_is_here(client):
    from corroborate_node.coalition.campaign import queries

    def named(days):
        fields = {"name": "Ed Old", "role": "director", "since": "2020-01-01", "choice": "names"}
        return declare(SIGNERS[GENEVA], "signatory", fields, ago(days))

    assert REFUSED in outside.hand_in(client, "casa", named(900))
    assert not queries.register()[outside.label(GENEVA)].signatories
    assert "taken in: 1" in outside.hand_in(client, "casa", named(0))
    assert [one.name for one in queries.register()[outside.label(GENEVA)].signatories] == ["Ed Old"]


def test_clocks_may_differ_by_a_day(client):
    outside.start(client, "clocks")
    current = outside.state_of("clocks").round.current
    outside.hand_in(client, "casa", sign(SIGNERS[CASA], current, "with us", ago(0.9)))
    assert outside.stands("clocks", CASA) == "signed"
    assert REFUSED in outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(1.1)))


def test_a_sign_on_of_before_the_round_was_opened_is_none_though_the_text_was_here(client):
    from corroborate_node.coalition.campaign import models

    form = {"name": "drafted", "text_language": "en", "text": outside.TEXT}
    assert client["office"].post("/statements", form).status_code == 302
    row = models.Statement.objects.get(name="drafted")
    row.body["round"]["put"] = {digest: ago(OLD).isoformat() for digest in row.body["round"]["put"]}
    row.save()
    opened = {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"}
    assert outside.act(client, "drafted", **opened).status_code == 302
    current = outside.state_of("drafted").round.current  # copied here from another coalition, whose members signed it
    assert REFUSED in outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(20)))
    assert outside.stands("drafted", GENEVA) == "silent"
    outside.hand_in(client, "casa", sign(SIGNERS[GENEVA], current, "with us", ago(0)))
    assert outside.stands("drafted", GENEVA) == "signed"
