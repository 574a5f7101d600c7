"""What an outsider with one key, one account or the seat of one secretary tries on a round at a hub, through its pages:
to lose a word, to add one, to close a mouth, or to have its own read as another member's."""

import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.pressing import form_of, press

from corroborate.coalition import requests, statements
from corroborate.coalition.final import statement_html, verify_statement
from corroborate.custody import Signer
from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the hub", "a passphrase for its people"
KEYED, PAPER = ("새봄인권기록회", "Casa de la Memoria", "Geneva Watch"), "新潟の会"
SIGNERS = {name: Signer(name.replace(" ", "-"), bytes([at]) * 32) for at, name in enumerate(KEYED, 1)}
TEXT = "Open the camps\n\nLet monitors in, tell the families.\n"
STATEMENT = "/statements/"


def label(name):
    return name.replace(" ", "-")


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outside") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        yield vault


@pytest.fixture(scope="module")
def client(hub, recorded_key):
    from django.test import Client

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    at = datetime.now(UTC).replace(microsecond=0)

    def entered(account):
        one = Client(headers={"host": "localhost"})
        assert one.login(username=account, password=OWN)
        return one

    keeper = entered("keeper")
    for name in (*KEYED, PAPER):
        form = {"name": name, "kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member"}
        assert keeper.post("/members", form).status_code == 302
    for name, signer in SIGNERS.items():
        recorded_key(hub, label(name), signer, at - timedelta(days=30))
    people = {"office": ("secretariat", ""), "office2": ("secretariat", ""), "saebom": ("representative", KEYED[0]),
              "casa": ("representative", label(KEYED[1]))}  # fmt: skip
    for account, (role, member) in people.items():
        accounts.add(owner(hub, at), account, [role], member, None)
        accounts.choose(Desk(hub, actor_of(accounts.known(account)), at), OWN, lambda _: False)
        accounts.vouch(Desk(hub, actor_of(accounts.known("keeper")), at), account)
    return {account: entered(account) for account in people}


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())))


def start(client, name, text=TEXT, deadline="2099-01-01 12:00"):
    form = {"name": name, "text_language": "en", "text": text}
    assert client["office"].post("/statements", form).status_code == 302
    opened = {"act": "open", "deadline": deadline, "grouping": "country"}
    assert act(client, name, **opened).status_code == 302


def act(client, name, account="office", **form):
    return client[account].post(STATEMENT + name, form)


def state_of(name):
    from corroborate_node.coalition.campaign import queries

    return queries.state(name, queries.register(), datetime.now(UTC).date())


def stands(name, member):
    return next(one.state for one in state_of(name).round.responses() if one.member == label(member))


def hand_in(client, account, *notes):
    files = []
    for at, note in enumerate(notes):
        files.append(io.BytesIO(note))
        files[-1].name = f"{at}.signed"
    answer = client[account].post("/hand-in", {"answers": files})
    assert answer.status_code == 200
    return words_of(answer)


def signed(name, member, choice="with us", at=None, words=""):
    return statements.sign(SIGNERS[member], state_of(name).round.current, choice, at or datetime.now(UTC), words)


def over(client, name):
    """Close, before the deadline and so by two people, and publish."""
    for account in ("office", "office2"):
        assert press(client[account], STATEMENT + name, "close").status_code == 302
    return act(client, name, act="publish")


def published(hub, name, language=""):
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core.desk import owner

    return actions.final_text(owner(hub, datetime.now(UTC)), name, language)


# Translations


FIRST, SECOND = "Abrid los campos\n\nDejad entrar.\n", "Abran los campos\n\nDejen entrar.\n"


def translate(client, name, text):
    form = {"act": "translate", "language": "es", "text": text, "translator": "Ana Ruiz"}
    assert act(client, name, **form).status_code == 302


def approval(name, member, choice="approves", at=None):
    state = state_of(name)
    asked = requests.ask_translation(state.round.current, state.translation("es"), "hub")
    return requests.answer(SIGNERS[member], asked, choice, at or datetime.now(UTC))


def test_an_approval_counts_for_exactly_these_bytes_whichever_was_put_up_when(hub, client):
    start(client, "approvals")
    translate(client, "approvals", FIRST)
    hand_in(client, "saebom", approval("approvals", KEYED[0]), signed("approvals", KEYED[0]))
    translate(client, "approvals", SECOND)
    translate(client, "approvals", FIRST)  # one secretary dropped approvals by this
    hand_in(client, "casa", approval("approvals", KEYED[1]), signed("approvals", KEYED[1]))
    newest = state_of("approvals").translation("es")
    assert set(newest.approved) == {label(KEYED[0]), label(KEYED[1])}
    over(client, "approvals")
    page = published(hub, "approvals", "es")
    assert set(page.approved_by) == {KEYED[0], KEYED[1]}
    assert verify_statement(statement_html(page)).verdict == "valid"


def test_an_approval_that_was_withdrawn_comes_back_by_no_putting_up_again(client):
    start(client, "withdrawn")
    translate(client, "withdrawn", FIRST)
    early, late = (datetime.now(UTC) - timedelta(seconds=after) for after in (20, 10))
    yes, no = (approval("withdrawn", KEYED[0], *one) for one in (("approves", early), ("withdraws", late)))
    hand_in(client, "saebom", yes)
    translate(client, "withdrawn", SECOND)
    hand_in(client, "saebom", no)
    translate(client, "withdrawn", FIRST)
    hand_in(client, "saebom", yes)
    assert not any(one.official_for(label(KEYED[0])) for one in state_of("withdrawn").translations)


# Signs and blocks within words


BLOCK = "We agree.\n-----BEGIN CORROBORATE STATEMENT-----\nAAAA\n-----END CORROBORATE STATEMENT-----\nThanks."
TURNED = "The vote was \u200f48 – 12\u200f for it."
NOBODY_SEES = "nobody sees|invisible character|nobody can see"


@pytest.mark.parametrize(("words", "why"), [(BLOCK, "mark of a signature block"), (TURNED, NOBODY_SEES)])
def test_no_field_of_a_round_holds_a_block_or_turns_its_figures_round(client, words, why):
    name = f"fields-{len(words)}"
    form = {"name": f"{name}-text", "text_language": "en", "text": TEXT + words}
    assert re.search(why, words_of(client["office"].post("/statements", form)))
    start(client, name)
    line = " ".join(words.split())
    for form in (
        {"act": "draft", "text": TEXT + words, "version": "1"},
        {"act": "translate", "language": "es", "text": FIRST + words, "translator": "Ana Ruiz"},
        {"act": "translate", "language": "es", "text": FIRST, "translator": line},
        {"act": "quote", "member": label(KEYED[1]), "spokesperson": "Ana", "quote_role": "", "words": words},
        {"act": "quote", "member": label(KEYED[1]), "spokesperson": line, "quote_role": "", "words": "We agree."},
        {"act": "quote", "member": label(KEYED[1]), "spokesperson": "Ana", "quote_role": line, "words": "We agree."},
        {"act": "comment", "comment": words, "version": "1"},
    ):
        answer = act(client, name, **form)
        assert (answer.status_code, bool(re.search(why, words_of(answer)))) == (400, True), form
    note = written(name, KEYED[1], line)
    assert re.search(why, hand_in(client, "casa", note))
    assert stands(name, KEYED[1]) == "silent"


def written(name, member, words):
    """A sign-on by a program of one's own, that checks nothing."""
    from corroborate.coalition.declarations import declaration_text

    fields = {"statement": name, "language": "en", "sha256": state_of(name).round.current.digest.hex}
    said = declaration_text("sign-on with words", {**fields, "choice": "with us", "words": words}, datetime.now(UTC))
    return f"{said}\n{SIGNERS[member].line(said)}".encode()


def test_a_page_that_would_be_invalid_is_not_published(hub, client):
    from corroborate_node.coalition.campaign import models

    start(client, "own-page")
    hand_in(client, "saebom", signed("own-page", KEYED[0]))
    row = models.SignOn.objects.get(statement_id="own-page")
    row.words = "words that its member never signed"  # whatever came in by whatever hole
    row.save()
    answer = over(client, "own-page")
    assert (answer.status_code, "would be invalid" in words_of(answer)) == (400, True)
    assert state_of("own-page").phase == "closed"


def test_a_mark_of_direction_stands_beside_letters_of_its_direction_alone(client):
    start(client, "hebrew", text="Open the camps\n\nשלום\u200f! And abc\u200e, too.\n")
    for text in ("Open\n\nשלום \u200f48 – 12.\n", "Open\n\n\u200e(a).\n", "Open\n\nא\u200f4\n", "Open\n\na\u061cb\n"):
        answer = act(client, "hebrew", act="draft", text=text, version="1")
        assert (answer.status_code, "invisible character" in words_of(answer)) == (400, True)


def test_a_terminal_shows_marks_of_direction():
    from corroborate_cli.speaking import shown

    assert shown(TURNED) == "The vote was <U+200F>48 – 12<U+200F> for it."
    assert shown("a\u061cb\u200e") == "a<U+061C>b<U+200E>"


# Names that fell, and names after the fact


def draft(client, name, text):
    number = state_of(name).round.current.number
    assert act(client, name, act="draft", text=text, version=str(number)).status_code == 302


def test_an_earlier_text_put_back_asks_everybody_anew(hub, client):
    start(client, "back")
    first = signed("back", KEYED[0], at=datetime.now(UTC) - timedelta(seconds=60))
    kept = signed("back", KEYED[1], at=datetime.now(UTC) - timedelta(seconds=60))  # signed, and not handed in
    hand_in(client, "saebom", first)
    assert stands("back", KEYED[0]) == "signed"
    draft(client, "back", TEXT.replace("monitors", "all monitors"))
    draft(client, "back", TEXT)
    assert stands("back", KEYED[0]) == "lapsed"
    for note in (first, kept):
        assert "before it was changed and put back" in hand_in(client, "office", note)
    assert (stands("back", KEYED[0]), stands("back", KEYED[1])) == ("lapsed", "silent")
    sheet = client["office"].get("/statements/back/sign-ons.csv").content.decode()
    assert ("Do you sign" in sheet, ",Yes," in sheet) == (True, False)
    hand_in(client, "saebom", signed("back", KEYED[0], at=datetime.now(UTC) + timedelta(seconds=5)))
    assert stands("back", KEYED[0]) == "signed"
    over(client, "back")
    page = published(hub, "back")
    assert [one.signatory.name for one in page.signed] == [KEYED[0]]
    assert verify_statement(statement_html(page)).verdict == "valid"


def letter(client, name, choice="with us"):
    """A letter on paper, recorded by one of the secretariat and not yet confirmed."""
    scan = io.BytesIO(f"%PDF {name} {choice}".encode())
    scan.name = "letter.pdf"
    digits = state_of(name).round.current.digest.hex[:32]
    form = {"act": "paper", "member": label(PAPER), "choice": choice, "signed": str(datetime.now(UTC).date()),
            "digits": digits, "letter": "", "scan": scan}  # fmt: skip
    assert act(client, name, **form).status_code == 302
    return state_of(name).round.letters()[label(PAPER)]


def confirmed(client, name):
    waits = state_of(name).round.letters()[label(PAPER)]
    assert client["office2"].get(f"/scans/{waits.paper.scan.hex}").status_code == 200
    return act(client, name, "office2", act="confirm", member=label(PAPER), shown=waits.mark)


@pytest.mark.parametrize("until", ["closed", "published"])
def test_a_letter_confirmed_after_the_round_adds_no_name(hub, client, until):
    start(client, f"late-{until}")
    hand_in(client, "casa", signed(f"late-{until}", KEYED[1]))
    letter(client, f"late-{until}")
    if until == "published":
        over(client, "late-published")
        before = statement_html(published(hub, "late-published"))
    else:
        for account in ("office", "office2"):
            press(client[account], f"{STATEMENT}late-closed", "close")
    answer = confirmed(client, f"late-{until}")
    assert (answer.status_code, "adds no name to a text" in words_of(answer)) == (400, True)
    assert stands(f"late-{until}", PAPER) == "silent"
    if until == "published":
        assert statement_html(published(hub, "late-published")) == before


def test_a_withdrawal_on_paper_is_confirmed_after_publication_too(hub, client):
    start(client, "leaves-later")
    hand_in(client, "casa", signed("leaves-later", KEYED[1]))
    letter(client, "leaves-later")
    assert confirmed(client, "leaves-later").status_code == 302
    over(client, "leaves-later")
    letter(client, "leaves-later", "withdraws")
    assert confirmed(client, "leaves-later").status_code == 302
    assert [one.signatory.name for one in published(hub, "leaves-later").withdrawn] == [PAPER]


def news(name, about):
    from corroborate_node.coalition.campaign.models import Notice

    return list(Notice.objects.filter(member_id=label(name), link=about).order_by("id").values_list("what", flat=True))


def test_before_the_deadline_two_people_close_a_round_and_every_member_is_told(client):
    start(client, "early")
    for _ in range(2):  # once more by the same person closes nothing
        answer = act(client, "early", act="close")
    assert (answer.status_code, "another person is needed" in words_of(answer)) == (400, True)
    assert state_of("early").phase == "open"
    assert all(news(name, "/statements/early") == ["asked", "closing asked"] for name in (*KEYED, PAPER))
    assert "before its deadline: office" in words_of(client["office2"].get("/statements/early"))
    assert "closed at" not in hand_in(client, "saebom", signed("early", KEYED[0], "abstains", words="not so"))
    assert stands("early", KEYED[0]) == "abstains"
    assert act(client, "early", "saebom", act="close").status_code in (400, 403)
    assert press(client["office2"], "/statements/early", "close").status_code == 302
    assert state_of("early").phase == "closed"


def test_a_button_of_before_anybody_asked_closes_nothing(client):
    """One button asks and closes: which of the two it does is what the page showed when it was opened."""
    start(client, "as-shown")
    seen = client["office2"].get("/statements/as-shown")
    assert act(client, "as-shown", act="close").status_code == 302
    answer = client["office2"].post("/statements/as-shown", form_of(seen, "close"))
    assert (answer.status_code, "since you opened the page" in words_of(answer)) == (400, True)
    seen = client["office2"].get("/statements/as-shown")
    again = {"act": "extend", "deadline": "2099-02-01 12:00"}
    assert act(client, "as-shown", **again).status_code == 302
    assert client["office2"].post("/statements/as-shown", form_of(seen, "close")).status_code == 302, "it asks"
    assert (state_of("as-shown").phase, state_of("as-shown").closing) == ("open", "office2")
    assert client["office"].post("/statements/as-shown", form_of(seen, "close")).status_code == 400, "as of before"
    assert state_of("as-shown").phase == "open"
    assert press(client["office"], "/statements/as-shown", "close").status_code == 302
    assert state_of("as-shown").phase == "closed"


def undo(client, account):
    """Take the last delivery of an account back."""
    at = re.search(r"/hand-in/[0-9a-f]{16}", client[account].get("/hand-in").content.decode())[0]
    return words_of(client[account].post(at, {"act": "undo"}))


def test_who_carried_an_answer_silences_nobody_at_the_end_of_a_round(client):
    """What one secretary did before: take the delivery back, and the other closes before the member can answer."""
    start(client, "carried")
    hand_in(client, "office", signed("carried", KEYED[0], "abstains", words="it names a source of ours"))
    assert act(client, "carried", act="close").status_code == 302
    assert "once somebody asked to close it, what was carried for a member stays" in undo(client, "office")
    assert stands("carried", KEYED[0]) == "abstains"
    soon = f"{datetime.now(UTC) + timedelta(hours=20):%Y-%m-%d %H:%M}"
    start(client, "carried-late", deadline=soon)
    hand_in(client, "office", signed("carried-late", KEYED[0], "abstains"))
    assert "on the last day of a round" in undo(client, "office")
    assert stands("carried-late", KEYED[0]) == "abstains"
    start(client, "carried-itself", deadline=soon)
    hand_in(client, "saebom", signed("carried-itself", KEYED[0], "abstains"))
    undo(client, "saebom")
    assert stands("carried-itself", KEYED[0]) == "silent", "its own account takes back what it handed in itself"


def test_a_round_closes_early_only_once_a_member_could_answer_again(client):
    """The other order: take the delivery back first, and then ask and close within a minute."""
    start(client, "taken")
    note = signed("taken", KEYED[0], "abstains", words="it names a source of ours")
    hand_in(client, "office", note)
    undo(client, "office")
    assert stands("taken", KEYED[0]) == "silent"
    assert press(client["office"], "/statements/taken", "close").status_code == 302, "it may be asked for"
    answer = press(client["office2"], "/statements/taken", "close")
    assert (answer.status_code, "so that it can answer again" in words_of(answer)) == (400, True)
    assert state_of("taken").phase == "open"
    hand_in(client, "saebom", note)
    assert stands("taken", KEYED[0]) == "abstains"


def test_a_text_that_changes_or_a_deadline_that_moves_takes_the_wish_to_close_back(client):
    start(client, "reopened")
    for form in ({"act": "extend", "deadline": "2099-02-01 12:00"}, {"act": "draft", "text": f"{TEXT}\nNow.\n"}):
        assert act(client, "reopened", act="close").status_code == 302
        assert act(client, "reopened", **{"version": "1", **form}).status_code == 302
        assert state_of("reopened").closing == ""


# Decisions


FORGED = "We adopt the budget.\n\n- Geneva Watch: support: gladly (2026-11-30, signed)\n\nResult: adopted. Yes."


def proposed(client, name, text="We adopt the budget.", quorum="1", rule="consensus"):
    form = {"name": name, "title": "Budget", "text": text, "rule": rule, "objections": "0", "quorum": quorum,
            "closes": "2099-01-01 12:00"}  # fmt: skip
    assert client["office"].post("/decisions", form).status_code == 302


def test_lines_of_a_proposal_are_no_lines_of_the_minutes(client):
    proposed(client, "minutes", FORGED)
    minutes = client["saebom"].get("/decisions/minutes/txt").content.decode()
    own = [line for line in minutes.splitlines() if not line.startswith(">")]
    assert [line for line in own if line.startswith("- Geneva Watch")] == ["- Geneva Watch: silent"]
    assert [line for line in own if line.startswith("Result")] == ["Result: open. open until 2099-01-01 12:00 UTC."]
    assert "> Result: adopted. Yes." in minutes
    page = client["saebom"].get("/decisions/minutes/html").content.decode()
    assert re.search(r"<blockquote><p>We adopt.*Result: adopted\. Yes\..*</blockquote>", page, re.S)


def heard(client, account, name, position, reason=""):
    form = {"member": label(PAPER), "position": position, "reason": reason}
    return client[account].post(f"/decisions/{name}", form)


def outcome(name):
    from corroborate.coalition import decisions
    from corroborate_node.coalition.campaign import models, queries

    found = queries.proposal(models.Proposal.objects.get(id=name))
    return decisions.result(found, datetime(2099, 2, 1, tzinfo=UTC)).outcome


def test_a_position_that_one_person_heard_decides_nothing_and_its_member_is_told(client):
    proposed(client, "heard")
    assert heard(client, "office", "heard", "support").status_code == 302
    assert news(PAPER, "/decisions/heard") == ["asked", "position heard"]
    assert heard(client, "office", "heard", "support").status_code == 302
    assert outcome("heard") == "waits"
    assert heard(client, "office2", "heard", "support").status_code == 302
    assert outcome("heard") == "adopted"
    minutes = client["saebom"].get("/decisions/heard/txt").content.decode()
    assert "heard, recorded by office and office2" in minutes
    heard(client, "office", "heard", "object", "one alone would change it again")
    assert outcome("heard") == "waits"


def test_two_people_heard_a_position_only_where_both_wrote_the_same_reason(client):
    """What one wrote would else stand in the minutes as what two had heard."""
    from corroborate_node.coalition.campaign import models, queries

    proposed(client, "reasons")
    lie = "Geneva Watch took money, and the authors knew it"
    assert heard(client, "office", "reasons", "object", lie).status_code == 302
    answer = heard(client, "office2", "reasons", "object", "It wants more time to read")
    assert answer.status_code == 400
    assert f"office wrote down this reason: “{lie}”" in words_of(answer)
    assert outcome("reasons") == "waits"
    assert heard(client, "office", "reasons", "object", "It wants more time to read").status_code == 302
    assert heard(client, "office2", "reasons", "object", " It wants  more time to read ").status_code == 302
    [said] = queries.proposal(models.Proposal.objects.get(id="reasons")).said.values()
    assert (said.reason, said.recorded_by, said.confirmed_by) == ("It wants more time to read", "office", "office2")


def test_a_rule_that_was_changed_after_members_spoke_takes_no_word_with_it(client):
    """As whoever keeps the hub's database could: the members' notes name the rule that they were asked under."""
    from corroborate.coalition import decisions
    from corroborate_node.coalition.campaign import models, queries, stored

    proposed(client, "moved")
    row = models.Proposal.objects.get(id="moved")
    one = queries.proposal(row)
    note = requests.answer(SIGNERS[KEYED[0]], requests.ask_position(one, "hub"), "object", datetime.now(UTC), "Not so")
    hand_in(client, "office", note)
    assert "said of another proposal" not in words_of(client["saebom"].get("/decisions/moved"))
    row.refresh_from_db()
    row.body = stored.put(replace(queries.proposal(row), rule=decisions.Rule("consensus", 5)))
    row.save()
    shown = words_of(client["saebom"].get("/decisions/moved"))
    assert "said of another proposal, and does not count until it is said again ( consensus without objection" in shown
    minutes = client["saebom"].get("/decisions/moved/txt").content.decode()
    assert "signed, said of another proposal (consensus without objection, quorum 1, until " in minutes
    assert "Support 0, abstain 0, object 0" in minutes
    assert "under another rule" in hand_in(client, "office", note)
    asked = requests.ask_position(queries.proposal(row), "hub")
    hand_in(client, "office", requests.answer(SIGNERS[KEYED[0]], asked, "object", datetime.now(UTC), "Not so"))
    assert "object 1" in client["saebom"].get("/decisions/moved/txt").content.decode()


def test_a_position_that_changes_no_result_needs_no_second_person(client):
    from corroborate_node.coalition.campaign import models, queries

    proposed(client, "clear", rule="majority")
    one = queries.proposal(models.Proposal.objects.get(id="clear"))
    for member in KEYED:
        note = requests.answer(SIGNERS[member], requests.ask_position(one, "hub"), "support", datetime.now(UTC))
        hand_in(client, "office", note)
    assert heard(client, "office", "clear", "object", "not now").status_code == 302
    assert outcome("clear") == "adopted"
