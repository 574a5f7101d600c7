"""A search is kept under a name, asked again, renamed and deleted: on the page without scripts and by command. It is
its keeper's alone, and the journal holds no word of it."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.finding.conftest import OWN, VAULT, ran

from corroborate_node import api

NEEDLE = "needlesought"


def test_a_search_is_kept_asked_again_renamed_and_deleted_by_command(made):
    asked = ("search", "영수", "--violation", "Torture", "--json")
    first = json.loads(ran(made, *asked, "--save", "torture, 영수"))
    assert json.loads(ran(made, "search", "--saved", "Torture,  영수", "--json")) == first
    (kept,) = json.loads(ran(made, "searches", "--json"))
    assert (kept["name"], kept["asks"]) == ("torture, 영수", {"q": "영수", "violation": "Torture"})
    assert "you have a saved search" in ran(made, *asked, "--save", "TORTURE, 영수", code=1)
    assert "there are: torture" in ran(made, "search", "--saved", "another", code=1)
    assert "by itself" in ran(made, "search", "영수", "--saved", "torture, 영수", code=2)
    assert "near it" in ran(made, "search", "--violation", "tortur", "--save", "wrong", code=1)
    assert "영수의 일" in ran(made, "searches", "--rename", "torture, 영수", "영수의 일")
    assert "No search is saved" in ran(made, "searches", "--delete", "영수의 일")


def test_what_is_kept_lies_in_the_vault_encrypted_and_goes_with_its_account(tmp_path, account):
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner
    from corroborate_node.finding import saving
    from corroborate_node.finding.models import Search

    api.create_vault(tmp_path / "v", "Member", VAULT)
    with api.open_vault(tmp_path / "v", VAULT) as vault:
        at = datetime.now(UTC).replace(microsecond=0)
        user = account(vault, "leaver", OWN, "documenter")
        saving.save(Desk(vault, actor_of(user), at), "kept", {"q": NEEDLE})
        accounts.remove(owner(vault, at), "leaver")
    assert not any(NEEDLE.encode() in file.read_bytes() for file in (tmp_path / "v").rglob("*") if file.is_file())
    with api.open_vault(tmp_path / "v", VAULT):
        assert not Search.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"), [("", "needs a name"), (" \n ", "needs a name"), ("a" * 101, "100 letters"), ("taken", "another")]
)
def test_a_name_that_will_not_do_is_said(house, name, said):
    from corroborate.errors import InvalidValue
    from corroborate_node.core.desk import owner
    from corroborate_node.finding import saving

    desk = owner(house.vault, house.vault_at)
    if not saving.searches(desk).exists():
        saving.save(desk, "taken", {"q": "somebody"})
    with pytest.raises(InvalidValue, match=said):
        saving.save(desk, name, {"q": "somebody"})
    with pytest.raises(InvalidValue, match="nothing to save"):
        saving.save(desk, "empty", {"q": " "})


def client(name):
    one = Client(HTTP_HOST="127.0.0.1")
    assert one.post("/log-in", {"username": name, "password": OWN}).status_code == 302
    return one


def test_the_page_keeps_renames_and_deletes_and_nobody_else_sees_it(house):
    from corroborate_node.core.models import Line, Touched
    from corroborate_node.finding.models import Search

    whole, ours = client("whole"), client("ours")
    body = whole.get("/search", {"q": NEEDLE, "violation": "integrity.torture", "from_": "1997"}).content.decode()
    assert 'name="question"' in body
    question = f"q={NEEDLE}&violation=integrity.torture&from_=1997"
    done = whole.post("/search/saved", {"act": "save", "name": "the winter", "question": question})
    assert (done.status_code, done.headers["location"]) == (302, f"/search?{question}")
    assert whole.post("/search/saved", {"act": "save", "name": "The Winter", "question": question}).status_code == 400
    assert whole.post("/search/saved", {"act": "save", "name": "", "question": question}).status_code == 400
    assert whole.post("/search/saved", {"act": "save", "name": "x", "question": "from_=spring"}).status_code == 400
    kept = Search.objects.get(name="the winter")
    assert kept.asked == {"q": NEEDLE, "violation": "integrity.torture", "from": "1997"}
    shown = whole.get("/search/saved").content.decode()
    assert f'href="/search?q={NEEDLE}&amp;violation=integrity.torture&amp;from_=1997"' in shown
    assert "the winter" in whole.get("/search").content.decode()
    for page in ("/search", "/search/saved"):
        assert "the winter" not in ours.get(page).content.decode()
    assert ours.post("/search/saved", {"act": "delete", "search": kept.pk}).status_code == 404
    assert ours.post("/search/saved", {"act": "rename", "name": "mine", "search": kept.pk}).status_code == 400
    assert whole.post("/search/saved", {"act": "rename", "name": "that winter", "search": kept.pk}).status_code == 302
    assert Search.objects.get(pk=kept.pk).name == "that winter"
    for line in Line.objects.filter(what__startswith="search."):
        assert NEEDLE not in line.what + line.asked
        assert {one.object for one in Touched.objects.filter(line=line)} <= {f"search_{n}" for n in range(1000)}
    assert whole.post("/search/saved", {"act": "delete", "search": kept.pk}).status_code == 302
    assert not Search.objects.filter(pk=kept.pk).exists()
    assert whole.post("/search/saved", {"act": "delete", "search": "no"}).status_code == 404
