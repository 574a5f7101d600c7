"""A documenter records by plain forms, without a script: from a draft to sealed claims, a release and a withdrawal."""

import json
import re
import unicodedata

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api

SENT = {
    "source-kind": "witness", "source-title": "면담 12", "source-place": "외딴집뷁", "source-present": "통역뷁",
    "consent-own": ["hold", "link", "count"], "consent-public": ["count", "quote"],
    "acts-0-what": "고문", "acts-0-whom": "김뷔가, 박뷔나", "acts-0-when": "98년 봄", "acts-0-basis": "saw",
    "acts-0-at": "12:30",
    "acts-0-by": "최뷔다", "acts-0-stance": "for",
    "people-0-names": "김뷔가; Kim Bwi Ga", "people-0-speaks": "on", "people-0-birth": "1961년생",
    "held-0-who": "김뷔가", "held-0-facility": "개천교화소", "held-0-from": "1987", "held-0-to": "1992-12",
}  # fmt: skip


def begun(browser, **asked):
    return browser.post("/record", {"kind": "witness", **asked}).headers["location"]


def token(answer, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def recorded(browser, address, sent):
    """Look over, then record what was looked over; the source's page."""
    version = token(browser.get(address), "version")
    looked = browser.post(address, {**sent, "version": version, "act": "look"})
    assert looked.status_code == 200, re.findall(r"<li><a href=.*?</li>", looked.content.decode())
    fields = {
        **sent,
        **dict(re.findall(r'<input type="text" name="(people-\d+-names)" value="([^"]+)"', looked.content.decode())),
    }
    again = browser.post(address, {
        **fields, "version": token(looked, "version"), "looked": token(looked, "looked"), "act": "record",
    })  # fmt: skip
    assert again.status_code == 302, again.content.decode()
    return again.headers["location"].partition("#")[0]


def claims(folder, id_):
    return json.loads(ran("show", id_, "--vault", folder, "--json"))["claims"]


def test_what_is_typed_is_looked_over_and_becomes_sealed_claims(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        source = recorded(browser, address, SENT)
        assert browser.get(address).status_code == 404  # the draft is gone
        page = browser.get(source).content.decode()
        for words in ("고문", "김뷔가", "박뷔나", "최뷔다", "개천교화소", "외딴집뷁", "hana"):
            assert words in page
        from corroborate_node.log.models import LogEntry
        from corroborate_node.records.models import Claim, Entity

        kinds = list(Entity.objects.order_by("kind").values_list("kind", flat=True))
        assert kinds == ["act", "detention", "involvement", "party", "person", "person"]
        sealed = set(LogEntry.objects.filter(kind="claim").exclude(salt=None).values_list("record", flat=True))
        assert sealed == set(Claim.objects.values_list("id", flat=True))
        assert set(Claim.objects.values_list("recorder", flat=True)) == {"recording"}  # a package shows it to strangers
        assert not any("외딴집뷁" in str(one) for one in Claim.objects.values_list("value", flat=True))
    assert "wrong" not in ran("doctor", "--vault", vault)
    found = ran("search", "Kim Bwi Ga", "--vault", vault)
    assert "김뷔가" in found


def test_nothing_is_recorded_that_was_not_looked_over_as_it_stands(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        first = browser.post(address, {**SENT, "version": "1", "act": "record"})
        assert first.status_code == 200
        changed = {**SENT, "acts-0-what": "구타", "version": token(first, "version"), "looked": token(first, "looked")}
        assert browser.post(address, {**changed, "act": "record"}).status_code == 200
        from corroborate_node.records.models import Claim

        assert not Claim.objects.exists()


def test_what_is_wrong_stands_beside_its_field_in_korean_and_nothing_typed_is_lost(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        wrong = {**SENT, "acts-0-whom": "", "consent-own": []}
        page = browser.post(address, {**wrong, "version": "1", "act": "look"})
        body = page.content.decode()
        assert page.status_code == 400
        assert 'href="#acts-0-whom"' in body
        assert "말한 사람이 보관을 허락하지 않았습니다" not in body or 'href="#consent-own"' in body
        assert "98년 봄" in body
        assert "외딴집뷁" in browser.get(address).content.decode()


def test_two_windows_do_not_lose_what_the_other_kept_in_silence(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        assert browser.post(address, {**SENT, "version": "1", "act": "keep"}).status_code == 302
        other = browser.post(address, {"source-title": "other window", "version": "1", "act": "keep"})
        assert other.status_code == 409
        assert "other window" in other.content.decode()
        assert "외딴집뷁" in browser.get(address).content.decode()


def test_somebody_who_is_here_in_another_script_is_asked_for_and_chosen(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        recorded(browser, begun(browser), SENT)
        address = begun(browser)
        sent = {**SENT, "people-0-names": "Kim Bwi Ga", "acts-0-whom": "Kim Bwi Ga", "held-0-who": "Kim Bwi Ga",
                "source-title": "면담 13", "acts-0-by": ""}  # fmt: skip
        asked = browser.post(address, {**sent, "version": "1", "act": "look"})
        assert asked.status_code == 400
        [person] = set(re.findall(r'<option value="(person_[0-9a-f]+)"', asked.content.decode()))
        chosen = {**sent, "people-0-known": person}
        recorded(browser, address, chosen)
        from corroborate_node.records.models import Claim

        assert Claim.objects.filter(subject_id=person, property="name").count() == 2  # as each source calls them
        assert Claim.objects.filter(target=person, property="victim").count() == 2


def test_drafts_are_of_their_account_alone_and_of_nobody_who_may_not_record(vault, entered):
    with api.open_vault(vault, WORDS):
        address = begun(entered("hana"))
        assert entered("duri").get(address).status_code == 404
        assert entered("duri").post(address, {**SENT, "act": "keep"}).status_code == 404
        assert address not in entered("duri").get("/record").content.decode()
        assert entered("set").get("/record").status_code == 403
        assert entered("set").get(address).status_code == 403
        assert entered("hana").get(address).status_code == 200


def test_a_limited_account_records_into_its_case_alone(vault, entered):
    with api.open_vault(vault, WORDS):
        whole, limited = entered("hana"), entered("net")
        theirs = recorded(whole, begun(whole), SENT)
        address = begun(limited)
        assert limited.post("/record", {"kind": "witness", "source": theirs.rpartition("/")[2]}).status_code == 400
        looked = limited.post(address, {**SENT, "version": "1", "act": "look"})
        assert looked.status_code == 200  # nobody of the other case is shown as alike
        assert "person_" not in looked.content.decode()
        case = re.search(r'<option value="(case_[0-9a-f]+)"', looked.content.decode())[1]
        ours = recorded(limited, address, {**SENT, "case": case})
        assert limited.get(ours).status_code == 200
        assert limited.get(theirs).status_code == 404
        people = limited.get("/record/people.json?q=김뷔가").json()["found"]
        assert len(people) == 1


def test_a_transcript_becomes_passages_and_its_file_is_kept_and_goes(vault, entered):
    from django.core.files.uploadedfile import SimpleUploadedFile

    said = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v 김뷔가>소대장 쇄빙선머리뷁이 때렸습니다.\n"
    with api.open_vault(vault, WORDS) as opened:
        browser = entered("hana")
        address = begun(browser)
        file = SimpleUploadedFile("면담.vtt", said.encode())
        assert browser.post(address, {"act": "attach", "file": file, "passages": "on"}).status_code == 302
        empty = browser.post(address, {"act": "attach", "file": SimpleUploadedFile("x.vtt", b"")})
        assert empty.status_code == 400
        source = recorded(browser, address, SENT)
        page = browser.get(source).content.decode()
        assert "쇄빙선머리뷁" in page
        assert "00:00:01 to 00:00:04" in page
        assert f"{source}/passages/1" in page
        assert len(list(opened.files.addresses())) == 1
        draft = begun(browser)
        other = SimpleUploadedFile("memo.txt", b"notes")
        browser.post(draft, {"act": "attach", "file": other})
        browser.post(draft, {"act": "discard"})
        assert len(list(opened.files.addresses())) == 1


def test_an_act_is_taken_back_on_the_page_and_stays_to_be_read(vault, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        source = recorded(browser, begun(browser), SENT)
        entry = re.search(r"/entries/(entry_[0-9a-f]+)", browser.get(source).content.decode())[1]
        address = f"{source}/entries/{entry}"
        page = browser.get(address).content.decode()
        parts = re.findall(r'name="part" value="((?:act|person|party|detention)_[0-9a-f]+)"', page)
        act, person = (next(one for one in parts if one.startswith(kind)) for kind in ("act_", "person_"))
        assert browser.post(address, {"part": person}).status_code == 400  # an act still tells of them
        assert browser.post(address, {"part": act}).status_code == 302
        from corroborate_node.records.models import Claim

        assert not Claim.objects.filter(subject_id=act, superseded=False).exists()
        assert Claim.objects.filter(subject_id=act, value__isnull=False).exists()
        assert browser.post(address, {"part": ""}).status_code == 302
        assert not Claim.objects.filter(superseded=False).exists()
        assert "김뷔가" not in browser.get("/persons").content.decode()
        assert browser.get(source).status_code == 200
    assert "wrong" not in ran("doctor", "--vault", vault)


def held(needle):
    """Tables of the open vault in which a text stands."""
    from django.db import connection

    wanted = {unicodedata.normalize(form, needle) for form in ("NFC", "NFD")}
    wanted |= {one.encode("ascii", "backslashreplace").decode() for one in wanted}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {one: cursor.execute(f'SELECT * FROM "{one}"').fetchall() for one in tables}  # noqa: S608
    said = {one: "\n".join(str(cell) for row in of for cell in row) for one, of in rows.items()}
    return {table for table, text in said.items() if any(one in text for one in wanted)}


@pytest.mark.in_a_file  # on PostgreSQL no table holds it before either
@pytest.mark.parametrize("needle", ["외딴집뷁", "통역뷁", "김뷔가", "최뷔다"])
def test_a_withdrawal_leaves_no_word_of_it_in_any_table_or_draft(vault, entered, needle):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        source = recorded(browser, begun(browser), SENT)
        draft = begun(browser, source=source.rpartition("/")[2])
        browser.post(draft, {**SENT, "version": "1", "act": "keep"})
        assert held(needle)
        assert browser.post(f"{source}/withdraw").status_code == 200
        assert held(needle) == set()
        assert browser.get(draft).status_code == 404
    assert "wrong" not in ran("doctor", "--vault", vault)


def test_a_release_carries_what_was_allowed_and_never_how_it_was_told(vault, entered, tmp_path):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        recorded(browser, begun(browser), SENT)
    number = json.loads(
        ran("release", "make", "--audience", "public", "--vault", vault, "--yes", "--no-names", "--json")
    )["release"]
    ran("log", "checkpoint", "--vault", vault)
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    told = "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in (tmp_path / "package").rglob("*")
        if path.is_file()
    )
    assert "integrity.torture" in told
    for kept in ("김뷔가", "Bwi", "최뷔다", "외딴집뷁", "통역뷁"):
        assert kept not in told
        assert kept.encode("ascii", "backslashreplace").decode() not in told
