"""A representative of one member on a hub: what it finds of another member, and what it can do in another's name."""

import io
import re
from datetime import UTC, datetime

import pytest

from corroborate.values import Digest
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the hub", "the words of its keeper", "the words of their own"
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
A, B = "House of Anna", "House of Boris"
NEEDLES = ("needle-street", "needle-before", "needle-scan", "needle-mail", "needle-letter", "needle-notice")


def entered(name, passphrase=OWN):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    assert answer.status_code == 302, answer.content.decode()
    return one


def upload(text):
    file = io.BytesIO(text.encode())
    file.name = "letter.png"
    return file


@pytest.fixture(scope="module")
def hub(tmp_path_factory, account):
    """Two members; of the second a contact, one before it, a sign-on on paper with its scan, a decision."""
    folder = tmp_path_factory.mktemp("representatives") / "hub"
    api.create_vault(folder, "Secretariat", VAULT, hub=True, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        from corroborate_node.coalition.campaign.models import Member

        keeper = entered("keeper", KEEPER)
        row = {"kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member"}
        for name, contact in ((A, "anna street"), (B, "needle-before")):
            assert keeper.post("/members", {**row, "name": name, "contact": contact}).status_code == 302
        label = {one.name: one.id for one in Member.objects.all()}
        form = {**row, "act": "correct", "name": B, "contact": "needle-street"}
        assert keeper.post(f"/members/{label[B]}", form).status_code == 302
        for name, member in (("anna", A), ("boris", B)):
            account(opened, name, OWN, "representative", scope=label[member])
        account(opened, "nobody", OWN, "representative", scope=label[A])
        from corroborate_node.coalition.campaign.models import Representative

        Representative.objects.filter(user__username="nobody").delete()
        keeper.post("/statements", {"name": "open", "text": "Open the camps\n\nNow.\n", "text_language": "en"})
        keeper.post("/statements/open", {"act": "open", "deadline": "2099-01-01 18:00"})
        form = {"act": "paper", "member": label[B], "choice": "with us", "signed": f"{datetime.now(UTC):%Y-%m-%d}",
                "digits": Digest.of(b"Open the camps\n\nNow.\n").hex[:32], "scan": upload("needle-scan")}  # fmt: skip
        assert keeper.post("/statements/open", form).status_code == 302
        yield opened, label


def walk(resolver, before=""):
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from walk(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


@pytest.mark.parametrize("name", ["nobody", "anna"])
def test_no_page_shows_a_representative_what_is_another_member_s_own(hub, name):
    from django.urls import get_resolver

    from corroborate_node.coalition.campaign.models import Member

    _, label = hub
    scan = re.search(r"/scans/([0-9a-f]{64})", entered("keeper", KEEPER).get("/statements/open").content.decode())
    objects = [*label.values(), "open", *([scan[1]] if scan else []), "1"]
    browser, asked = entered(name), 0
    assert scan is not None
    for method in (browser.get, browser.post):
        for pattern in sorted(set(walk(get_resolver()))):
            if pattern.startswith(("log-", "choose", "fonts")):
                continue
            for one in objects if "<" in pattern else [""]:
                address = "/" + re.sub(r"<[^>]*>", "en", re.sub(r"<[^>]*>", one, pattern, count=1))
                answer = method(address)
                body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
                    "utf-8", "replace"
                )
                assert not [word for word in NEEDLES if word in body], (address, answer.status_code)
                asked += 1
    assert asked > 150
    if name == "anna":
        assert "anna street" in browser.get(f"/members/{label[A]}").content.decode()
    assert Member.objects.count() == 2


def test_a_representative_changes_nothing_of_another_member(hub):
    from corroborate_node.coalition.campaign.models import Member, SignOn

    _, label = hub
    before = list(Member.objects.order_by("id").values())
    browser = entered("anna")
    for form in (
        {"act": "correct", "name": "House of Anna too", "kind": "organisation", "joined": "2011-12", "role": "member"},
        {"act": "leave", "on": "2026-01-01"}, {"act": "end-key"}, {"act": "steering", "since": "2026-01-01"},
        {"act": "letter", "person": "X", "person_role": "Y", "since": "2026-01-01", "scan": upload("a scan"),
         "second": "boris", "second_passphrase": OWN},
    ):  # fmt: skip
        for member in (label[A], label[B]):
            assert browser.post(f"/members/{member}", form).status_code in (400, 403), form
    for form in (
        {"act": "paper", "member": label[B], "choice": "silent", "signed": "2026-01-01", "scan": upload("another")},
        {"act": "confirm", "member": label[B]}, {"act": "close"}, {"act": "publish"},
    ):  # fmt: skip
        assert browser.post("/statements/open", form).status_code in (400, 403), form
    assert list(Member.objects.order_by("id").values()) == before
    assert SignOn.objects.get().confirmed_by == ""
    assert browser.get("/scans/" + "a" * 64).status_code == 403


def test_a_representative_enters_actions_of_its_own_member_alone(hub):
    from corroborate_node.coalition.advocacy.models import Action

    form = {"kind": "event", "title": "A vigil", "begins": "2026-03-01", "ends": "2026-03-01", "language": "en"}
    page = entered("anna").get("/actions/new").content.decode()
    kinds = re.findall(r'<option value="([a-z ]+)"', page.partition('name="kind"')[2])
    form["kind"] = kinds[0]
    for members in (B, f"{A}\n{B}", "Somebody else"):
        answer = entered("anna").post("/actions/new", {**form, "members": members})
        assert answer.status_code in (200, 400), answer
        assert "its own member" in answer.content.decode(), members
    assert entered("nobody").post("/actions/new", {**form, "members": A}).status_code in (200, 400)
    assert Action.objects.count() == 0
    assert entered("anna").post("/actions/new", {**form, "members": A}).status_code == 302
    row = Action.objects.get()
    change = {**form, "do": "change", "members": B, "title": "Another title"}
    assert "its own member" in entered("anna").post(f"/actions/{row.id}/change", change).content.decode()
    assert entered("boris").post(f"/actions/{row.id}/change", {**change, "members": B}).status_code in (
        200,
        400,
        403,
        404,
    )
    assert Action.objects.get().members == row.members
    assert entered("keeper", KEEPER).post("/actions/new", {**form, "members": f"{A}\n{B}"}).status_code == 302
