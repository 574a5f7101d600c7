"""The way in for programs, as an attacker tries it; and each role at each address, as at its page."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of one alone"
ROLES = ("keeper", "coordinator", "documenter", "analyst", "lawyer", "reviewer", "reader")
DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "api.json"


@pytest.fixture(scope="module")
def node(tmp_path_factory, account):
    from corroborate_node.records import cases

    folder = tmp_path_factory.mktemp("door") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        from corroborate_node.core.desk import owner

        at = datetime.now(UTC).replace(microsecond=0)
        camp, other = (cases.begin(owner(opened, at), name) for name in ("Camp 15", "Camp 22"))
        for role in ROLES[1:]:
            account(opened, role, OWN, role)
        account(opened, "limited", OWN, "documenter", only=["Camp 15"])
        yield opened, camp, other


@pytest.fixture
def vault(node):
    """The same vault for each test, as it was made: what a test did is rolled back."""
    from django.db import transaction

    from corroborate_node.http_api.door import RATES

    RATES._by_token.clear()
    with transaction.atomic():
        yield node[0]
        transaction.set_rollback(True)


def desk(vault, name, at=None):
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    return Desk(vault, actor_of(get_user_model().objects.get(username=name)), at or datetime.now(UTC))


def token_of(vault, name, scopes=None, days=1):
    from corroborate_node.core import tokens

    at = desk(vault, name)
    given = [one.name for one in tokens.offered(at)] if scopes is None else scopes
    return tokens.make(at, "a program", given, at.at + timedelta(days=days))


def client(token=None, **headers):
    from django.test import Client

    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return Client(HTTP_HOST="localhost", headers=headers, enforce_csrf_checks=True, raise_request_exception=True)


def problem(answer, status, code):
    assert answer["Content-Type"] == "application/problem+json", answer.content
    said = json.loads(answer.content)
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code), said
    assert set(said) >= {"type", "title", "detail", "remedy"}
    return said


def every_address():
    from corroborate_node.http_api.urls import document

    return [(path, method) for path, one in document()["paths"].items() for method in one]


def filled(path):
    numbers = {"number": "99999", "code": "XX", "kind": "text", "form": "txt"}
    if "/decisions/" in path:
        numbers["kind"] = "txt"
    return re.sub(r"\{(\w+)\}", lambda found: numbers.get(found[1], f"{found[1].strip('_')}_nothing"), path)


# Who comes in


def test_without_a_token_no_address_answers_and_a_log_in_of_the_pages_is_none(vault):
    from django.test import Client

    logged_in = Client(HTTP_HOST="localhost")
    assert logged_in.post("/log-in", {"username": "coordinator", "password": OWN}).status_code == 302
    assert logged_in.get("/").status_code == 200
    for path, method in every_address():
        for one in (client(), logged_in, client(authorization="Basic a2V5")):
            answer = one.generic(method.upper(), filled(path), "{}", content_type="application/json")
            problem(answer, 401, "no-token")
    assert client().get("/api/1/openapi.json").status_code == 200  # it says nothing of a vault


def test_a_token_that_is_over_revoked_or_of_a_blocked_account_opens_nothing(vault):
    from corroborate_node.core import accounts, factors, tokens
    from corroborate_node.core.desk import owner
    from corroborate_node.core.models import Token

    at = datetime.now(UTC)
    first = token_of(vault, "reader")
    assert client(first).get("/api/1/about").status_code == 200
    Token.objects.update(until=at - timedelta(seconds=1))
    problem(client(first).get("/api/1/about"), 401, "no-token")
    second = token_of(vault, "reader")
    tokens.revoke(desk(vault, "reader"), Token.objects.get(revoked=None, until__gt=at).pk)
    problem(client(second).get("/api/1/about"), 401, "no-token")
    for act in (accounts.block, accounts.reset, accounts.remove):
        name = {accounts.block: "reader", accounts.reset: "analyst", accounts.remove: "lawyer"}[act]
        held = token_of(vault, name)
        assert client(held).get("/api/1/about").status_code == 200
        act(owner(vault, at), name)
        problem(client(held).get("/api/1/about"), 401, "no-token")
    waits = token_of(vault, "reviewer")
    factors.require(owner(vault, at), "reviewer")  # of whom a second factor is asked, who has none
    problem(client(waits).get("/api/1/about"), 401, "no-token")


def test_guessing_tokens_is_slowed_by_machine(vault):
    answers = [client(f"corroborate_{number}").get("/api/1/about").status_code for number in range(25)]
    assert answers == [401] * 20 + [429] * 5


def test_a_token_is_slowed_after_many_requests_and_goes_on_later(vault, monkeypatch):
    from corroborate_node.http_api import door

    now = [0.0]
    monkeypatch.setattr(door, "RATES", door.Rates(3, lambda: now[0]))
    one = client(token_of(vault, "reader"))
    assert [one.get("/api/1/about").status_code for _ in range(5)] == [200] * 3 + [429] * 2
    assert one.get("/api/1/about")["Retry-After"] == "60"
    now[0] = 61.0
    assert one.get("/api/1/about").status_code == 200


def test_a_machine_is_slowed_whatever_tokens_it_has(vault, monkeypatch):
    from corroborate_node.http_api import door

    now = [0.0]
    monkeypatch.setattr(door, "MACHINES", door.Rates(4, lambda: now[0]))
    both = [client(token_of(vault, name)) for name in ("reader", "lawyer")]
    assert [one.get("/api/1/about").status_code for _ in range(3) for one in both] == [200] * 4 + [429] * 2
    now[0] = 61.0
    assert both[0].get("/api/1/about").status_code == 200


def test_what_is_kept_of_a_token_opens_nothing(vault):
    from corroborate_node.core.models import Token

    secret = token_of(vault, "reader")
    kept = Token.objects.values().get()
    assert secret not in str(kept)
    problem(client(kept["digest"]).get("/api/1/about"), 401, "no-token")


# What a token can be for


def test_a_token_is_for_nothing_that_its_account_may_not_and_never_for_the_account_itself(vault):
    for scope in ("account.keep", "record.receive", "account.own", "token.make", "release.confirm", "nothing"):
        with pytest.raises(InvalidValue, match="cannot be for"):
            token_of(vault, "reader", [scope])
    with pytest.raises(InvalidValue, match="90 days at most"):
        token_of(vault, "reader", days=91)
    with pytest.raises(NotAllowed):
        from corroborate_node.core import tokens
        from corroborate_node.core.desk import owner

        tokens.make(owner(vault, datetime.now(UTC)), "x", ["record.read"], datetime.now(UTC) + timedelta(days=1))


def test_a_token_loses_what_its_account_loses(vault):
    from corroborate_node.core import accounts
    from corroborate_node.core.desk import owner

    held = client(token_of(vault, "documenter"))
    assert held.get("/api/1/persons").status_code == 200
    accounts.give_roles(owner(vault, datetime.now(UTC)), "documenter", ["reader"])
    problem(held.get("/api/1/persons"), 403, "not-allowed")
    assert held.get("/api/1/sources").status_code == 200


def test_a_scope_narrows_what_is_seen_as_well_as_what_is_done(vault):
    """A token for facts alone finds no names, although its account sees them."""
    from corroborate_node.core import tokens

    bearer = tokens.bearer(token_of(vault, "documenter", ["record.read"]), datetime.now(UTC))
    assert bearer.user._actor.only == {"record.read"}
    from corroborate_node.core.queries import may

    assert (may(bearer.user, "record.read"), may(bearer.user, "identity.read")) == (True, False)


def test_each_role_at_each_address_may_what_the_table_says(vault):
    """The matrix: refused by the table, or let in as far as its arguments."""
    from corroborate_node.core.models import Line
    from corroborate_node.core.permissions import table
    from corroborate_node.http_api.urls import api as offered

    asked = {
        (f"/api/1{path}".replace("//", "/"), method.lower()): operation.view_func.permission
        for bound in offered._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert set(asked) == set(every_address())
    refused = 0
    for role in ROLES:
        name = "keeper" if role == "keeper" else role
        here, one = desk(vault, name), client(token_of(vault, name))
        for (path, method), permission in asked.items():
            if path == "/api/1/confirmation":
                continue
            answer = one.generic(method.upper(), filled(path), "{}", content_type="application/json")
            if not here.may(permission) or not _may_be_named(table()[permission]):
                assert answer.status_code == 403, (role, path, answer.content)
                refused += 1
            elif table()[permission].recent:
                problem(answer, 403, "passphrase-again")
            else:
                assert answer.status_code != 403 or b"this is for" not in answer.content, (role, path)
    assert Line.objects.filter(kind="refused", actor="token").count() >= refused > 100


def test_a_token_does_what_it_names_and_nothing_besides(vault):
    """The matrix of scopes: at each address, a token of the same account that names something else is refused."""
    from corroborate_node.http_api.urls import api as offered

    narrow = client(token_of(vault, "coordinator", ["today.read"]))
    refused = 0
    for path, view in ((path, view) for bound in offered._get_bound_routers()
                       for path, view in bound.path_operations.items()):  # fmt: skip
        for operation in view.operations:
            address = filled(f"/api/1{path}".replace("//", "/"))
            for method in operation.methods:
                answer = narrow.generic(method, address, "{}", content_type="application/json")
                if operation.view_func.permission != "today.read":
                    problem(answer, 403, "out-of-scope")
                    refused += 1
    assert refused > 130


def _may_be_named(permission):
    from corroborate_node.core.tokens import may_be_named

    return may_be_named(permission)


def test_a_limited_account_s_program_finds_nothing_of_another_case(vault, node, tmp_path):
    from corroborate_node.core.desk import owner
    from corroborate_node.importing import actions

    _, camp, other = node
    at = owner(vault, datetime.now(UTC).replace(microsecond=0))
    theirs = actions.give(at, "theirs.csv", b"Name\nKim Invented\n", other)
    ours = actions.give(at, "ours.csv", b"Name\nRi Invented\n", camp)
    one = client(token_of(vault, "limited"))
    assert [row["id"] for row in one.get("/api/1/uploads").json()["items"]] == [ours.id]
    problem(one.get(f"/api/1/uploads/{theirs.id}"), 404, "not-found")
    for act in ("check", "take-in", "cancel"):
        answer = one.post(f"/api/1/uploads/{theirs.id}/{act}", "{}", content_type="application/json")
        problem(answer, 404, "not-found")
    problem(one.delete(f"/api/1/uploads/{theirs.id}"), 404, "not-found")
    problem(one.post("/api/1/acts/import.undo", {"number": 1, "on": "2026-11-28"}, content_type="application/json"),
            422, "invalid-value")  # fmt: skip


def test_every_list_answers_page_by_page(vault):
    from corroborate_node.http_api.urls import document

    one, lists = client(token_of(vault, "coordinator")), 0
    for path, address in document()["paths"].items():
        answer = address.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        named = str(answer.get("application/json", {}).get("schema", {}).get("$ref", ""))
        if named.rpartition("/")[2].startswith("Page_") and "{" not in path:
            said = one.get(path).json()
            if said.get("code") not in ("not-found", "out-of-scope"):  # a hub's, or its members' own
                assert set(said) == {"items", "page", "more"}, (path, said)
                lists += 1
    assert lists >= 10
    assert {row["name"] for row in one.get("/api/1/cases").json()["items"]} == {"Camp 15", "Camp 22"}
    problem(one.get("/api/1/cases?page=0"), 422, "invalid-request")
    lines = one.post("/api/1/journal", {"by": "coordinator"}, content_type="application/json").json()["items"]
    assert {(line["kind"], line["actor"]) for line in lines} >= {("act", "account")}  # that it made this token
    given = {"pair": 1, "verdict": "same", "why": "x"}
    answer = one.post("/api/1/acts/pair.judge", given, content_type="application/json")
    problem(answer, 404, "not-found")


# What is offered


def test_the_document_is_valid_and_the_one_in_the_documentation():
    from openapi_spec_validator import validate

    from corroborate_node.starting import start

    start()
    from corroborate_node.http_api.urls import as_json

    said = json.loads(as_json(None).content)
    validate(said)
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == said
    assert all(one["summary"] for path in said["paths"].values() for one in path.values())


def test_every_act_is_an_address_or_says_why_not(vault):
    from corroborate_node.every_act import every_act
    from corroborate_node.http_api.addresses import OWN_ADDRESSES
    from corroborate_node.http_api.doing import BODIES, NEVER, why_not

    offered = {path.removeprefix("/api/1/acts/") for path, _ in every_address() if "/acts/" in path}
    acts = {one.name: one for one in every_act()}
    assert offered | {name for name, one in acts.items() if why_not(one)} == set(acts)
    assert not offered & {name for name, one in acts.items() if why_not(one)}
    assert set(NEVER) | set(OWN_ADDRESSES) | set(BODIES) <= set(acts)
    waiting = {name for name, one in acts.items() if "no form for programs yet" in why_not(one)}
    assert not waiting, "an act that a program may do has a form, or stands in NEVER with a sentence"


def test_every_page_is_an_address_or_says_why_not(vault):
    from django.urls import get_resolver

    from corroborate_node.http_api.pages import PAGES

    def names(resolver):
        for one in resolver.url_patterns:
            yield from names(one) if hasattr(one, "url_patterns") else [one.name]

    known = {one for one in names(get_resolver()) if one and not one.startswith("api-")}
    assert set(PAGES) == known
    addresses = {f"{method.upper()} {path.removeprefix('/api/1')}" for path, method in every_address()}
    for page, way in PAGES.items():
        assert way in addresses or way.startswith("not: "), (page, way)
