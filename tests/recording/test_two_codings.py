"""Two people code one source apart; nobody reads either coding before both are done; a third settles what differs."""

import json

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import SENT, begun, recorded, token

from corroborate_node import api

FIRST = {
    "acts-0-what": "고문", "acts-0-whom": "이나라", "acts-0-when": "1998", "acts-0-at": "12:30",
    "acts-1-what": "구타", "acts-1-whom": "이나라", "acts-1-when": "1999", "acts-1-at": "20:00",
}  # fmt: skip
SECOND = {
    "acts-0-what": "torture", "acts-0-whom": "이나라", "acts-0-when": "1998년", "acts-0-at": "12:30",
    "acts-1-what": "강제노동", "acts-1-whom": "이나라", "acts-1-when": "1999", "acts-1-at": "20:00",
    "acts-2-what": "구타", "acts-2-whom": "박하늘뷁", "acts-2-at": "33:00",
}  # fmt: skip


def coded(browser, address, sent):
    """Begin one's own coding, type it, and say that it is done."""
    draft = browser.post(address, {"act": "begin"}).headers["location"]
    version = token(browser.get(draft), "version")
    assert browser.post(draft, {**sent, "version": version, "act": "keep"}).status_code == 302
    assert browser.post(address, {"act": "done"}).status_code == 302
    return draft


@pytest.fixture
def doubled(vault, entered, account):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "sun", "a documenter's own passphrase", "coordinator")
        hana, duri, sun = entered("hana"), entered("duri"), entered("sun")
        source = recorded(hana, begun(hana), SENT).rpartition("/")[2]
        made = sun.post("/record/double", {"act": "assign", "source": source, "first": "hana", "second": "duri"})
        assert made.status_code == 302, made.content.decode()
        yield hana, duri, sun, made.headers["location"], source


def test_two_code_apart_are_compared_and_a_third_settles_it(doubled):
    hana, duri, sun, address, source = doubled
    assert "면담 12" in duri.get("/").content.decode()
    draft = coded(hana, address, FIRST)
    assert hana.get(draft).status_code == 404
    for other in (duri, sun, hana):
        page = other.get(address).content.decode()
        assert "20:00" not in page and "1999" not in page
    again = hana.post(address, {"act": "reopen"})
    assert again.status_code == 302  # while the other is not done
    assert hana.post(address, {"act": "done"}).status_code == 302
    coded(duri, address, SECOND)
    assert hana.post(address, {"act": "reopen"}).status_code == 400  # both can be read now
    page = sun.get(address).content.decode()
    for words in ("20:00", "강제노동", "박하늘뷁", "α"):
        assert words in page
    sent = {"act": "resolve", "why": "다시 들었다", "base": "second", "place-0": "first", "place-1": "second",
            "place-2": "neither"}  # fmt: skip
    assert hana.post(address, sent).status_code == 400  # neither of the two who coded
    assert sun.post(address, {**sent, "why": ""}).status_code == 400
    done = sun.post(address, sent)
    draft = sun.get(done.headers["location"]).content.decode()
    assert "고문" in draft and "강제노동" in draft and "박하늘뷁" not in draft
    assert "다시 들었다" in duri.get(address).content.decode()
    from corroborate_node.log.models import LogEntry
    from corroborate_node.recording.models import Doubled, Draft

    assert LogEntry.objects.filter(kind="double-coding").count() == 1
    from tests.recording.conftest import _now

    from corroborate_node.core.desk import owner
    from corroborate_node.core.opened import current
    from corroborate_node.records import actions

    actions.withdraw(owner(current(), _now()), source, _now().date())
    assert not Doubled.objects.exists() and not Draft.objects.exists()
    assert LogEntry.objects.get(kind="double-coding").salt is None  # its seal says nothing of who coded what any more


def test_the_commands_show_alpha_by_field(doubled, vault, tmp_path):
    hana, duri, _sun, address, _source = doubled
    coded(hana, address, FIRST)
    from tests.recording.conftest import _now

    from corroborate_node.core.desk import owner
    from corroborate_node.core.opened import current
    from corroborate_node.http_api import answers
    from corroborate_node.recording import doubling

    desk, id_ = owner(current(), _now()), address.rpartition("/")[2]
    assert answers.double_compared(desk, doubling.one(desk, id_))["units"] == []
    coded(duri, address, SECOND)
    found = answers.double_compared(desk, doubling.one(desk, id_))
    alpha = {one["field"]: one for one in found["agreement"]}
    assert (alpha["what"]["agreed"], alpha["what"]["units"]) == (1, 3)  # 고문 and torture are one term
    assert alpha["when"]["alpha"] == 1
    assert -1 < alpha["what"]["alpha"] < 1
    assert found["units"][0]["differs"] == []
    assert json.dumps(found)


def test_one_of_two_codings_is_recorded_by_nobody_alone(doubled):
    hana, _duri, _sun, address, _source = doubled
    draft = hana.post(address, {"act": "begin"}).headers["location"]
    for act in ("record", "submit"):
        fields = {**FIRST, "people-0-names": "이나라", "people-0-known": "new"}
        page = hana.post(draft, {**fields, "version": token(hana.get(draft), "version"), "act": "look"})
        assert token(page, "looked") and 'value="record"' not in page.content.decode()
        fields |= {"version": token(page, "version"), "looked": token(page, "looked")}
        assert hana.post(draft, {**fields, "act": act}).status_code == 400


def test_by_command(vault, entered, account, tmp_path):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "sun", "a documenter's own passphrase", "coordinator")
        hana = entered("hana")
        source = recorded(hana, begun(hana), SENT).rpartition("/")[2]
    (tmp_path / "own").write_text("a documenter's own passphrase\n", encoding="utf-8")
    as_ = {
        name: ("--as", name, "--account-file", tmp_path / "own", "--vault", vault) for name in ("hana", "duri", "sun")
    }
    (tmp_path / "a.yaml").write_text("acts: [{what: 고문, whom: 이나라, at: '1'}]\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("acts: [{what: 구타, whom: 이나라, at: '1'}]\n", encoding="utf-8")
    one = json.loads(ran("double", "assign", source, "hana", "duri", "--json", "--vault", vault))
    ran("double", "code", one["id"], tmp_path / "a.yaml", *as_["hana"])
    assert json.loads(ran("double", "show", one["id"], "--json", "--vault", vault))["units"] == []
    ran("double", "code", one["id"], tmp_path / "b.yaml", *as_["duri"])
    assert "what" in ran("double", "show", one["id"], "--vault", vault)
    done = ran("double", "resolve", one["id"], "second", "--why", "heard again", "--json", *as_["sun"])
    assert json.loads(done)["state"] == "draft"
    assert json.loads(ran("double", "list", "--json", "--vault", vault))[0]["resolved_by"] == "sun"


def test_what_is_coded_beside_the_acts_is_compared_field_by_field_and_its_differences_are_shown(doubled):
    hana, duri, sun, address, _source = doubled
    both = {"held-0-who": "이나라", "held-0-facility": "개천교화소"}
    both |= {"people-0-names": "이나라", "people-0-known": "new"}
    coded(hana, address, {**FIRST, **both, "held-0-from": "1987년", "held-0-ended": "석방뷁", "people-0-sex": "여"})
    coded(duri, address, {
        **SECOND, **both, "held-0-from": "1987", "held-0-ended": "탈출뷁", "people-0-sex": "여",
        "missing-0-who": "박하늘뷁", "missing-0-when": "1978",
    })  # fmt: skip
    from tests.recording.conftest import _now

    from corroborate_node.core.desk import owner
    from corroborate_node.core.opened import current
    from corroborate_node.http_api import answers
    from corroborate_node.recording import doubling

    desk, id_ = owner(current(), _now()), address.rpartition("/")[2]
    found = answers.double_compared(desk, doubling.one(desk, id_))
    alpha = {one["field"]: (one["agreed"], one["units"]) for one in found["agreement"]}
    assert alpha["held.row"] == (1, 1)
    assert alpha["held.from"] == (1, 1)  # 1987년 and 1987 are one year
    assert alpha["held.ended"] == (0, 1)
    assert alpha["missing.row"] == (0, 1)
    assert {(one["part"], one["field"]) for one in found["others"]} == {("held", "ended"), ("missing", "")}
    page = sun.get(address).content.decode()
    for words in ("석방뷁", "탈출뷁", "박하늘뷁"):
        assert words in page
