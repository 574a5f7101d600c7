"""A round of many: its page is a part of the list, never an old one, and nobody falls between two parts."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.member_keys import person

from corroborate.coalition import lifecycle, memberships, statements
from corroborate.custody import Signer
from corroborate.values import Digest, PartialDate
from corroborate_node import api
from corroborate_node.core import opened
from corroborate_node.core.desk import owner

PASSPHRASE = "a passphrase for the hub"
OWN = "a passphrase for its keeper"
MANY = 310
NOW = datetime.now(UTC).replace(microsecond=0)
KEY = Signer("Member-7", b"\x07" * 32)


@pytest.fixture(scope="module")
def client(tmp_path_factory, recorded_key):
    folder: Path = tmp_path_factory.mktemp("large") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as hub:
        from django.test import Client

        from corroborate_node.coalition.campaign import actions

        keeper = owner(hub, NOW)
        names = [f"Member {at}" for at in range(MANY - 2)] + ["Twin", "Twin"]
        rows = [(memberships.Details(name, "organisation"), "member", PartialDate.parse("2012"), False, "")
                for name in names]  # fmt: skip
        labels = actions.admit_all(keeper, rows)
        recorded_key(hub, "Member-7", KEY, NOW)
        actions.second_name(person(hub, "second-hand", NOW), labels[-1], "Twin")  # a namesake is asked once two say so
        actions.start(keeper, "large", b"Open the camps\n\nLet monitors in.\n", "en")
        actions.on_statement(keeper, "large", lifecycle.Opened(NOW, NOW + timedelta(days=3)))
        one = Client(headers={"host": "localhost"})
        assert one.login(username="keeper", password=OWN)
        yield one


def rows(client, number: int) -> list[str]:
    page = client.get(f"/statements/large?page={number}").content.decode()
    table = page.partition('id="sign-ons"')[2].partition("</table>")[0]
    return re.findall(r'href="/members/([^"]+)"', table)


def test_every_member_stands_on_exactly_one_page(client):
    pages = [rows(client, number) for number in range(1, 5)]
    assert [len(one) for one in pages] == [100, 100, 100, MANY - 300]
    assert len({label for one in pages for label in one}) == MANY
    first = client.get("/statements/large").content.decode()
    assert "1 / 4" in first
    assert 'href="?page=2#sign-ons"' in first
    assert f"<strong>{MANY}</strong>" in first
    assert len(first) < 60_000


def paper(client, member: str) -> str:
    scan = io.BytesIO(b"a scan of " + member.encode())
    scan.name = "letter.png"
    form = {"act": "paper", "member_name": member, "choice": "with us", "scan": scan,
            "signed": f"{datetime.now(UTC):%Y-%m-%d}",
            "digits": Digest.of(b"Open the camps\n\nLet monitors in.\n").hex[:32]}  # fmt: skip
    return client.post("/statements/large", form)


def test_a_name_is_typed_where_a_list_would_be_too_long_and_what_waits_stands_first(client):
    assert paper(client, "Member 250").status_code == 302
    assert rows(client, 1)[0] == "Member-250"
    twins, none = paper(client, "Twin"), paper(client, "Nobody")
    assert (twins.status_code, "2 members are called" in twins.content.decode()) == (400, True)
    assert "Twin, Twin-2" in twins.content.decode()
    assert paper(client, "Twin-2").status_code == 302
    assert rows(client, 1)[:2] == ["Member-250", "Twin-2"]
    assert (none.status_code, "no member is called" in none.content.decode()) == (400, True)


def test_the_page_shows_a_sign_on_as_soon_as_it_is_there(client):

    from corroborate_node.coalition.campaign import actions

    def signed() -> bool:
        return "signed: <strong>1</strong>" in client.get("/statements/large").content.decode()

    assert not signed()
    version = statements.Version("large", 1, b"Open the camps\n\nLet monitors in.\n")
    actions.take_in(owner(opened.current(), NOW), [("a", statements.sign(KEY, version, "with us", NOW))])
    assert signed()
    note = statements.sign(KEY, version, "withdraws", NOW + timedelta(seconds=2))
    actions.take_in(owner(opened.current(), NOW + timedelta(seconds=2)), [("a", note)])
    assert not signed()
