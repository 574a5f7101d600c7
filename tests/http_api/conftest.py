"""Programs at the door of a node: tokens of accounts, and what a request answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest

OWN = "words of one alone"


def desk(vault, name, at=None):
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    return Desk(vault, actor_of(get_user_model().objects.get(username=name)), at or datetime.now(UTC))


class Program:
    """A program with a token of an account, at the door itself: no server, the same addresses."""

    def __init__(self, vault, account, scopes=None):
        from corroborate_node.core import tokens

        here = desk(vault, account)
        given = [one.name for one in tokens.offered(here)] if scopes is None else scopes
        self.secret = tokens.make(here, "a program", given, here.at + timedelta(days=1))

    def ask(self, method, path, given=None, **headers):
        from django.test import Client

        sent = Client(HTTP_HOST="localhost", headers={"authorization": f"Bearer {self.secret}", **headers})
        body = "" if given is None else json.dumps(given)
        return sent.generic(method, f"/api/1{path}", body, content_type="application/json")

    def get(self, path):
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def act(self, name, /, **given):
        answer = self.ask("POST", f"/acts/{name}", given)
        assert answer.status_code == 200, (name, answer.content)
        return answer.json()["result"]

    def refused(self, name, status, code, /, **given):
        """The act is refused so; what was said."""
        answer = self.ask("POST", f"/acts/{name}", given)
        said = json.loads(answer.content)
        assert (answer.status_code, said["code"]) == (status, code), said
        return said


@pytest.fixture(scope="session")
def program():
    return Program


@pytest.fixture
def rolled_back():
    """What a test does to a vault is undone after it."""
    from django.db import transaction

    from corroborate_node.http_api.door import RATES

    RATES._by_token.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
