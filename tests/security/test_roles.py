"""The matrix of roles: no act without a permission, a way in and a line; no page open to whom it is not for."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corroborate.errors import NotAllowed
from corroborate_cli.main import COMMANDS
from corroborate_node import api

VAULT, KEEPER = "the words of the vault", "the words of its keeper"
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
NODE = Path(__file__).parents[2] / "src" / "corroborate_node"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"


@pytest.fixture(scope="module", params=[False, True], ids=["vault", "hub"])
def node(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("roles") / "node"
    api.create_vault(folder, "Somebody", VAULT, hub=request.param, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        yield opened


def patterns(resolver, before=""):
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def test_every_address_says_which_permission_opens_it(node):
    from django.urls import get_resolver

    found = dict(patterns(get_resolver()))
    assert [path for path, one in found.items() if not hasattr(one.callback, "permission")] == []
    open_ = {path for path, one in found.items() if one.callback.permission is None}
    assert open_ == {
        "style.css", "fonts/<slug:language>.otf", "favicon.ico", "log-in", "log-out", "language",
        "second-factor", "second-factor/passkey.js", "api/1/openapi.json", "api/1/<path:rest>",
        "support/<str:name>", "support/<str:name>/<slug:code>", "witness/add-checkpoint", "access/open/<str:secret>",
        "witness/<slug:digest>/checkpoint", "my-words", "my-words/leave",
    }  # fmt: skip


def test_every_act_has_a_permission_and_ways_in_that_exist(node):
    from django.urls import get_resolver

    from corroborate_node.core.permissions import table
    from corroborate_node.every_act import every_act

    pages = {one.name for _, one in patterns(get_resolver())}
    for one in every_act():
        assert one.permission in table().permissions, one.name
        assert one.ways, one.name
        for way in one.ways:
            kind, _, name = way.partition(" ")
            by_api = {"/witness/add-checkpoint", "/releases/{number}/files", "/mailbox"}
            known = {"page": pages, "command": COMMANDS, "job": {"checks", "backups", "mailbox"}, "api": by_api}[kind]
            assert name.split(" ")[0] in known, (one.name, way)


def test_every_function_that_is_an_act_is_in_the_registry(node):
    from corroborate_node.every_act import every_act

    named = {name for file in NODE.rglob("*.py") if file.name not in ("acts.py",)
             for name in re.findall(r'^@act\(\s*"([^"]+)"', file.read_text("utf-8"), re.MULTILINE)}  # fmt: skip
    assert named == {one.name for one in every_act()}


def test_every_permission_is_asked_somewhere(node):
    from django.urls import get_resolver

    from corroborate_node.core.permissions import table
    from corroborate_node.every_act import every_act

    asked = {one.permission for one in every_act()} | {one.callback.permission for _, one in patterns(get_resolver())}
    code = "".join(file.read_text("utf-8") for file in NODE.rglob("*.py"))
    asked |= {name for name in table().permissions if f'"{name}"' in code}
    assert set(table().permissions) - asked == set()


def test_the_reference_is_what_the_program_does(node):
    from corroborate_node.every_act import reference

    assert REFERENCE.read_text("utf-8") == reference()


def test_no_role_does_what_the_table_does_not_give_it(node):
    """Each role, of the whole vault or limited to cases, each act: refused before anything is read or written, or let
    in as far as its arguments."""
    from corroborate_node.core.actors import Account, CodeHolder, Investigator, Nobody
    from corroborate_node.core.desk import Desk
    from corroborate_node.core.models import Line
    from corroborate_node.core.permissions import roles_on, table
    from corroborate_node.every_act import every_act

    here = {role.name for role in roles_on(node.hub)}
    refused = 0
    seats = [(role, cases) for role in table().roles for cases in (None, frozenset[str](), frozenset({"case_x"}))]
    for role, cases in seats:
        desk = Desk(node, Account(99, f"a {role}", frozenset({role}), cases), AT)
        for one in every_act():
            asked = table()[one.permission]
            may = (role in here and role in asked.roles) or asked.everyone
            may = may and (cases is None or not asked.whole)
            assert desk.may(one.permission) is may, (role, one.name)
            if not may:
                with pytest.raises(NotAllowed, match="this is for"):
                    one.function(desk)
                refused += 1
    for actor in (Nobody(), Investigator("grant_1", "an investigator"), CodeHolder("src_1")):
        for one in every_act():
            with pytest.raises(NotAllowed):
                one.function(Desk(node, actor, AT))
            refused += 1
    assert Line.objects.filter(kind="refused").count() == refused


def test_a_model_that_names_no_permission_shows_nobody_a_row(node):
    from django.apps import apps
    from django.contrib.auth import get_user_model

    from corroborate_node.core.permissions import table
    from corroborate_node.core.queries import visible

    keeper = get_user_model().objects.get()
    assert visible(keeper, get_user_model()).count() == 0
    ours = [model for model in apps.get_models() if model.__module__.startswith("corroborate_node")]
    for model in ours:
        if model._meta.app_label != "core":
            assert model.reading in table().permissions, model


def test_pages_write_nothing_of_anybody_on_stderr(node, capfd):
    import logging

    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    client.get("/persons/Needle-Person/nothing")
    client.get("/statements/Needle-Statement")
    client.post("/log-in", {"username": "Needle-Name", "password": "Needle-Secret"}, HTTP_HOST="needle.example")
    logging.getLogger("django.request").error("Internal Server Error: /persons/Needle", exc_info=(
        ValueError, ValueError("Needle in an error"), None))  # fmt: skip
    said = capfd.readouterr()
    assert "eedle" not in said.err + said.out
    assert "A page failed: ValueError" in said.err
