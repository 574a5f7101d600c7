"""What was promised to whoever told something, and until when it is kept: on Today when due, on their sheet, kept or
not; erased with the source."""

import json
from datetime import UTC, datetime, timedelta

from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import SENT, begun, recorded

from corroborate_node import api
from corroborate_node.core import sessions

NEEDLE = "판결뷁소식"


def text(page):
    return page.content.decode()


def test_a_promise_and_a_period_stand_on_today_when_they_are_due_and_on_the_sheet(vault, entered, monkeypatch):
    today = datetime.now(UTC).date()
    with api.open_vault(vault, WORDS):
        hana = entered("hana")
        source = recorded(hana, begun(hana), SENT)
        page = f"{source}/deadlines"
        far, near = today + timedelta(days=90), today + timedelta(days=5)
        for kind, day, what in (("feedback", near, NEEDLE), ("erase", far, "")):
            sent = {"act": "set", "kind": kind, "on": day.isoformat(), "what": what}
            assert hana.post(page, sent).status_code == 302
        assert hana.post(page, {"act": "set", "kind": "feedback", "on": "2020-01-01", "what": "x"}).status_code == 400
        assert hana.post(page, {"act": "set", "kind": "feedback", "on": far.isoformat()}).status_code == 400
        shown = text(hana.get("/"))
        assert "지킬 약속" in shown and "지울 출처" not in shown
        assert NEEDLE in text(hana.get(f"{source}/sheet"))
        later = datetime.now(UTC) + timedelta(days=100)
        with monkeypatch.context() as clock:
            clock.setattr(sessions, "now", lambda: later)
            browser = entered("hana")
            shown = text(browser.get("/"))
            assert "지울 출처" in shown and "늦음" in shown
        assert "면담 12" not in text(entered("net").get("/"))  # of another case
        from corroborate_node.deadlines.models import Deadline
        from corroborate_node.records.models import Claim

        assert Claim.objects.exclude(value=None).exists()  # nothing is erased by itself
        one = Deadline.objects.get(kind="feedback")
        assert hana.post(page, {"act": "not-kept", "deadline": one.id, "how": ""}).status_code == 400
        assert hana.post(page, {"act": "kept", "deadline": one.id, "how": "전화로 알림"}).status_code == 302
        assert "지킬 약속" not in text(hana.get("/"))
        assert "지켰음" in text(hana.get(f"{source}/sheet"))
        assert entered("set").get(page).status_code == 403
        id_ = source.rpartition("/")[2]
    ran("withdraw", id_, "--vault", vault)
    for path in vault.rglob("*"):
        assert not path.is_file() or NEEDLE.encode() not in path.read_bytes()


def test_by_command(vault, entered):
    with api.open_vault(vault, WORDS):
        hana = entered("hana")
        source = recorded(hana, begun(hana), SENT).rpartition("/")[2]
    day = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    ran("deadlines", source, "--promise", "what the court said", "--on", day, "--vault", vault)
    ran("deadlines", source, "--keep-until", "ask", "--on", day, "--vault", vault)
    found = json.loads(ran("deadlines", "--json", "--vault", vault))
    assert {(one["kind"], one["then"], one["on"]) for one in found} == {
        ("feedback", "", day),
        ("retention", "ask", day),
    }
    promised = next(one["id"] for one in found if one["kind"] == "feedback")
    ran("deadlines", "--settle", promised, "--how", "she was told", "--not-kept", "--vault", vault)
    kept = {one["kind"]: one["kept"] for one in json.loads(ran("deadlines", source, "--json", "--vault", vault))}
    assert kept == {"retention": None, "feedback": False}
