"""A secretary's day by the Python client, against a hub that is served: register, a round, a decision, demands."""

import http.server
import re
import socket
import socketserver
import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests.pressing import Browser, press

from corroborate.client import Client, NoVault, Refused, Unreachable
from corroborate.coalition import requests
from corroborate.coalition.final import Final, verify_statement
from corroborate.custody import Signer, Verifier
from corroborate_node import api

HUB, KEEPER, OWN = "the words of the hub", "the words of its keeper", "words of one alone"
SPRING = Signer("새봄인권기록회", bytes([1]) * 32)
TEXT = "Open the camps\n\nLet monitors in and release all who are held.\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory, account, recorded_key, program):
    """The folder of a hub, a token of its secretary, the label of a member whose key is on record, and a token of
    another secretary."""
    from corroborate.coalition.memberships import Details
    from corroborate.values import PartialDate
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    folder = tmp_path_factory.mktemp("office") / "hub"
    api.create_vault(folder, "Secretariat", HUB, hub=True, account_passphrase=KEEPER)
    with api.open_vault(folder, HUB) as opened:
        at = datetime.now(UTC).replace(microsecond=0)
        details = Details("새봄인권기록회", "organisation", "KR")
        label = actions.admit(owner(opened, at), details, "member", PartialDate.parse("2011-12"))
        recorded_key(opened, label, SPRING, at)
        account(opened, "sora", OWN, "secretariat")
        secret = program(opened, "sora").secret
        account(opened, "hana", OWN, "secretariat")
        keeper = Desk(opened, actor_of(accounts.known("keeper")), at)
        accounts.vouch(keeper, "hana")
        other = program(opened, "hana").secret
    return folder, secret, label, other


@pytest.fixture(scope="module")
def clients(hub, served):
    with served(hub[0], HUB) as address:
        yield Client(address, hub[1], language="ko"), Client(address, hub[3]), address


@pytest.fixture(scope="module")
def client(clients):
    return clients[0]


def soon(days):
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0).isoformat()


def test_a_secretarys_day(client, clients, hub):
    spring, address = hub[2], clients[2]
    assert client.about()["roles"] == ["secretariat"]

    # Members
    holm = client.admit("2012-03", role="supporter", name="Mina Holm", kind="individual")
    client.act("member.keep", member=holm, event={"what": "correct", "details": {"name": "Mina Holm",
               "kind": "individual", "country": "NO"}})  # fmt: skip
    assert {one["id"]: one["country"] for one in client.members()} == {spring: "KR", holm: "NO"}
    assert client.member(spring)["keys"][0]["key"] == str(SPRING.verifier())

    # A round, from the first draft to a page that a stranger verifies
    made = client.start_statement("open-the-camps", TEXT)
    assert (made["phase"], made["title"]) == ("draft", "Open the camps")
    client.act("statement.comment", name="open-the-camps", comment="Say which camps.")
    [remark] = client.statement("open-the-camps")["comments"]
    assert remark["by"] == "sora"
    client.on_statement("open-the-camps", "resolve", comment=remark["id"])
    words = {"version": 1, "passage": "Let monitors in", "words": "Let all monitors in", "why": "all of them"}
    other = client.act("statement.suggest", name="open-the-camps", **words)["suggestion"]
    client.act("suggestion.decide", name="open-the-camps", suggestion=other, taken=False)
    [suggested] = client.statement("open-the-camps")["suggestions"]
    assert (suggested["by"], suggested["outcome"]) == ("sora", "declined")
    client.on_statement("open-the-camps", "draft", text=TEXT.replace("the camps", "every camp"))
    client.on_statement("open-the-camps", "translate", language="ko", translator="S. Kim", text="모든 수용소를 열라\n")
    opened = client.on_statement("open-the-camps", "open", deadline=soon(7))
    assert opened["phase"] == "open"
    assert {one["member"]: one["state"] for one in opened["responses"]}[spring] == "silent"
    asked = requests.Request.read(client.statement_file("open-the-camps", "request"))
    note = requests.answer(SPRING, asked, "with us", datetime.now(UTC))
    [outcome] = client.hand_in(("answer.signed", note))
    assert (outcome["kind"], outcome["member"], outcome["refused"]) == ("sign-on", spring, "")
    [other] = client.hand_in(("letter.txt", b"we are with you"))
    assert other["refused"] != ""
    asked = client.on_statement("open-the-camps", "close")
    assert asked["phase"] == "open", "before the deadline one asks, and another closes"
    with pytest.raises(Refused):
        client.on_statement("open-the-camps", "close")
    with pytest.raises(Refused, match="no token does it"):
        clients[1].on_statement("open-the-camps", "close")
    press(Browser(address, "hana", OWN), "/statements/open-the-camps", "close")
    done = client.on_statement("open-the-camps", "publish")
    assert done["phase"] == "published"
    page = client.final_text("open-the-camps", "txt")
    hub = Verifier.parse(Final.from_block(page.decode()).publisher)
    assert verify_statement(page, [SPRING.verifier(), hub]).verdict == "valid"

    # A question, demands, actions, votes
    client.act("decision.propose", id="next-year", title="Meet in Geneva?", text="We meet in March.",
               rule="consensus", closes=soon(3))  # fmt: skip
    client.act("decision.hear", id="next-year", member=holm, position="object", reason="too far")
    heard = client.decision("next-year")
    assert {one["member"]: (one["position"], one["recorded_by"]) for one in heard["positions"]}[holm] == (
        "object", "sora",
    )  # fmt: skip
    demand = client.demands()[0]
    client.act("demand.judge", demand=demand["id"], criterion=demand["criteria"][0]["id"], status="partly_met",
               by="the secretariat", on="2026-11", events=[{"on": "2026-11-02", "what": "Two monitors were let in",
               "source": "https://example.org/a"}])  # fmt: skip
    [again] = [one for one in client.demands() if one["id"] == demand["id"]]
    assert "the secretariat" in [one["by"] for one in again["criteria"][0]["readings"]]
    day = {"kind": "hearing", "members": ["새봄인권기록회"], "begins": "2026-11-02", "country": "KR"}
    action = client.act("action.enter", title="A vigil", demands=[demand["id"]], **day)
    assert [one["title"] for one in client.actions()["actions"]] == ["A vigil"]
    client.act("action.change", id=action["id"], title="A vigil of many", **day)
    assert client.actions()["actions"][0]["title"] == "A vigil of many"
    vote = {"state": "KR", "body": "HRC", "resolution": "A/HRC/RES/22/13", "on": "2013-03-21", "vote": "yes",
            "source": "A/HRC/22/2"}  # fmt: skip
    assert client.act("votes.take", votes=[vote]) == 1
    assert [one["vote"] for one in client.states()["votes"]] == ["yes"]


def test_nobody_signs_or_confirms_through_a_program(client, hub):
    """What a page lets a member's key or a second person do alone, no token does, whatever is written into it."""
    for name, given in (
        ("answer.sign", {}),
        ("request.answer", {"id_": "request", "choice": "with us", "approved": []}),
        ("paper.record", {}),
        ("paper.confirm", {"name": "open-the-camps", "member": hub[2]}),
        ("key.second", {"member": hub[2], "heard": "x"}),
        ("authority.record", {}),
        ("reminder.send", {"name": "open-the-camps"}),
    ):
        with pytest.raises(Refused) as refused:
            client.act(name, **given)
        assert (refused.value.status, refused.value.code) == (404, "no-address"), name
    for what in ("confirmed", "received", "recorded", "commented", "quote approved", "translation approved"):
        with pytest.raises(Refused) as refused:
            client.on_statement("open-the-camps", what, member=hub[2], by="another")
        assert (refused.value.status, refused.value.code) == (422, "invalid-request")
    for event in ({"what": "letter"}, {"what": "key", "key": "x"}, {"what": "clear", "flag": "x", "by": "another"}):
        with pytest.raises(Refused, match="|".join(("event", "by"))) as refused:
            client.act("member.keep", member=hub[2], event=event)
        assert refused.value.code == "invalid-request"
    with pytest.raises(Refused) as refused:
        client.act("statement.comment", name="open-the-camps", comment="x", by="another")
    assert refused.value.code == "invalid-request"


def test_errors_of_the_client_say_what_answers_and_what_to_do(client, hub, tmp_path):
    with pytest.raises(Refused, match="여기에 이 이름의 성명이 없습니다") as refused:
        client.statement("nothing-of-this-name")
    assert (refused.value.code, refused.value.status) == ("not-found", 404)
    address = client._base.removesuffix("/api/1")
    with pytest.raises(Refused) as refused:
        Client(address, "corroborate_nothing", language="es").about()
    assert (refused.value.code, refused.value.status) == ("no-token", 401)
    assert "ficha" in str(refused.value)
    waits = []
    with pytest.raises(Unreachable, match="nothing answers at"):
        Client("http://localhost:9", hub[1], pause=waits.append).about()
    assert waits == pytest.approx([0.3, 0.9, 2.7])


def test_what_answers_and_is_no_vault_is_called_so(hub):
    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = b"<html>hello</html>"
            self.send_response(404 if "journal" in self.path else 200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(NoVault, match="is no vault of ours"):
            Client(f"http://127.0.0.1:{server.server_port}", hub[1]).about()
    finally:
        server.shutdown()


def test_an_answer_is_handed_in_by_a_command(client, hub, tmp_path):
    from click.testing import CliRunner

    from corroborate_cli.main import group

    client.start_statement("by-command", TEXT)
    client.on_statement("by-command", "open", deadline=soon(7))
    asked = requests.Request.read(client.statement_file("by-command", "request"))
    (tmp_path / "our.sign-on").write_bytes(requests.answer(SPRING, asked, "with us", datetime.now(UTC)))
    (tmp_path / "letter.txt").write_text("we are with you", encoding="utf-8")
    (tmp_path / "token").write_text(f"{hub[1]}\n", encoding="utf-8")

    def handed(*names, code):
        files = [str(tmp_path / one) for one in names]
        more = ["--hub", client._base.removesuffix("/api/1"), "--token-file", str(tmp_path / "token")]
        done = CliRunner().invoke(group, ["statement", "hand-in", *files, *more])
        assert done.exit_code == code, (done.output, done.exception)
        return done.stdout

    assert "taken in, sign-on" in handed("our.sign-on", code=0)
    responses = client.statement("by-command")["responses"]
    assert {one["member"]: one["state"] for one in responses}[hub[2]] == "signed"
    assert "here already" in handed("our.sign-on", code=0)
    assert "letter.txt: refused" in handed("letter.txt", code=1)
    (tmp_path / "token").write_text("\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="holds no token"):
        handed("our.sign-on", code=0)


class Losing(socketserver.BaseRequestHandler):
    """A way to a node on which the first answer to a POST is lost, after the node has done what was asked."""

    upstream = ("127.0.0.1", 0)
    lost = 0

    def handle(self):
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += self.request.recv(65536)
        head, _, body = asked.partition(b"\r\n\r\n")
        length = int((re.search(rb"(?i)content-length: (\d+)", head) or [0, b"0"])[1])
        while len(body) < length:
            body += self.request.recv(65536)
        with socket.create_connection(type(self).upstream) as node:
            node.sendall(head + b"\r\n\r\n" + body)
            answer = b"".join(iter(lambda: node.recv(65536), b""))
        if head.startswith(b"POST") and not type(self).lost:
            type(self).lost = len(answer)
            return
        self.request.sendall(answer)


def test_what_was_sent_and_whose_answer_was_lost_is_done_once(client, hub):
    Losing.upstream = ("127.0.0.1", int(client._base.removesuffix("/api/1").rpartition(":")[2]))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Losing) as way:
        threading.Thread(target=way.serve_forever, daemon=True).start()
        far = Client(f"http://127.0.0.1:{way.server_address[1]}", hub[1])
        made = far.act("decision.propose", id="once", title="Once?", text="Once.", rule="majority", closes=soon(2))
        way.shutdown()
    assert Losing.lost > 0
    assert made == {"id": "once"}
    assert [one["id"] for one in client.decisions()].count("once") == 1
