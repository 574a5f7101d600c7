"""What an outsider with one key, one account or the seat of one secretary tries on a round at a hub, through its pages:
to lose a word, to add one, to close a mouth, or to have its own read as another member's."""

import html
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

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
    """Close and publish."""
    assert act(client, name, act="close").status_code == 302
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
