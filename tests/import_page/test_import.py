"""A list goes in by the pages: given, chosen, checked, narrowed, taken in. Nothing of it stays where it should not."""

import io
import re
import time
from datetime import UTC, datetime

import pytest

from corroborate_node import api

PASSPHRASE, KEEPER, OWN = "a passphrase for lists", "the keeper's own passphrase", "a documenter's own passphrase"
NEEDLE = "남궁바늘"
LIST = (
    "성명,생년,고향,동의(공개),비고,혈액형\n"
    + "".join(
        f"김{chr(0xAC00 + 28 * at)}수,19{40 + at % 50},청진,{'예' if at % 2 else '아니오'},,A\n" for at in range(30)
    )
    + f"{NEEDLE},1950,함흥,예,,B\n"
    + "최모름,언젠가,원산,예,,O\n"
    + ",1960,,,,\n"
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("imports") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
        account(opened, "ana", OWN, "analyst")
        yield opened


@pytest.fixture
def client(vault):
    from django.contrib.auth import get_user_model
    from django.test import Client

    def entered(name="hana"):
        one = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="ko")
        one.force_login(get_user_model().objects.get(username=name))
        return one

    return entered


def give(client, content, name="명단.csv"):
    answer = client.post("/imports", {"file": io.BytesIO(content) if isinstance(content, bytes) else content})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def file(text, name="명단.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def fields(page):
    """What a browser would send of the form of a page: every select and field with what is chosen now."""
    found = {}
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    title = re.search(r'name="title" value="([^"]*)"', page)
    return found | ({"title": title[1]} if title else {})


def waited(client, address):
    for _ in range(600):
        now = client.get(f"{address}/progress").json()
        if not now["under_way"]:
            return now["state"]
        time.sleep(0.05)
    raise AssertionError("it never ended")


def checked(client, text, **changes):
    address = give(client, file(text))
    sent = fields(client.get(f"{address}/columns").content.decode())
    answer = client.post(f"{address}/columns", {**sent, **changes, "act": "check"})
    assert answer.status_code == 302, answer.content.decode()
    assert waited(client, address) == "checked"
    return address, client.get(f"{address}/check").content.decode()


def select_of(page, label):
    """The name of the select that a label is for."""
    return re.search(rf'<label for="([^"]+)">{re.escape(label)}', page)[1]


def stored():
    from corroborate_node.records import models

    return models.Source.objects.count(), models.Claim.objects.count(), models.Consent.objects.count()


def test_a_list_is_given_chosen_checked_narrowed_and_taken_in(client, vault):
    from corroborate_node.records import models

    one, before = client(), stored()
    address = give(one, file(LIST))
    page = one.get(f"{address}/columns").content.decode()
    assert "김가수 · 김개수 · 김갸수" in page, "samples stand below each heading"
    sent = fields(page)
    blood = select_of(page, "혈액형")
    assert (sent[select_of(page, "성명")], sent[select_of(page, "고향")], sent[blood]) == ("name", "place", "-")
    answer = one.post(f"{address}/columns", {**sent, select_of(page, "고향"): "birth_place", "act": "choose"})
    page = one.get(answer["Location"]).content.decode()
    assert fields(page)[select_of(page, "고향")] == "birth_place"
    assert one.post(f"{address}/columns", {**fields(page), "act": "check"})["Location"] == address
    assert waited(one, address) == "checked"
    assert stored() == before, "nothing is taken in before somebody says so"
    page = one.get(address, follow=True).content.decode()
    assert "언젠가" in page, "a doubt stands beside its cell"
    yes = select_of(page, "동의(공개): 예")
    assert "이름 공개: 17" in page
    assert set(re.findall(r'<option value="([^"]*)"', page)) >= {"", "unnamed", "own", "out"}
    assert one.post(f"{address}/check", {**fields(page), yes: "unnamed", "act": "take"}).status_code == 302
    assert waited(one, address) == "done"
    page = one.get(address).content.decode()
    assert "32" in page
    sources, claims, consents = stored()
    assert sources == before[0] + 33
    assert claims > before[1] + 90
    assert consents > before[2]
    said = [f"{property_} {value}" for property_, value in models.Claim.objects.values_list("property", "value")]
    assert any(one.startswith("birth_place") and "함흥" in one for one in said)
    assert any(one.startswith("told") and "혈액형: B" in one for one in said), "what is kept as told is kept"
    assert not models.Consent.objects.filter(audience="public").exists(), "what was narrowed is published by nothing"


def test_after_it_is_taken_in_no_word_of_the_rows_stays_in_the_report_and_no_file_waits(client, vault):
    from corroborate_node.importing import models
    from corroborate_node.records.models import KeptFile

    one = client()
    address, page = checked(one, LIST.replace("남궁바늘", "남궁보고"), title="보고할 명단")
    row = models.Upload.objects.get(id=address.rsplit("/", 1)[1])
    assert row.address in vault.files.addresses()
    one.post(f"{address}/check", {**fields(page), "again": "new", "act": "take"})
    assert waited(one, address) == "done"
    kept = models.Upload.objects.get(id=row.id)
    assert (kept.address, kept.found) == ("", None)
    assert KeptFile.objects.filter(digest=row.digest, imports__number=kept.report["import"]).exists()
    written = f"{kept.report} {kept.choices} {kept.step}"
    assert all(word not in written for word in ("남궁보고", "언젠가", "최모름", "청진"))
    assert kept.report["taken"] == 32
    assert kept.report["left"][0]["places"] == [{"sheet": None, "line": 34}]


@pytest.mark.parametrize("form", ["utf-16", "cp949"])
def test_a_waiting_file_lies_nowhere_in_the_clear(client, vault, form):
    address = give(client(), file(LIST.encode(form)))
    client().get(f"{address}/columns")
    needles = [NEEDLE.encode(one) for one in ("utf-8", "utf-16-le", "cp949")]
    for path in vault.folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(needle in held for needle in needles), path


def test_a_word_of_consent_can_leave_its_rows_out(client):
    from corroborate_node.records import models

    one = client()
    address, page = checked(one, LIST.replace("수,", "철,").replace(NEEDLE, "남궁철"), title="다른 명단")
    before, asked = stored(), {"again": "new"} if 'name="again"' in page else {}
    sent = {**fields(page), **asked, select_of(page, "동의(공개): 아니오"): "out", "act": "take"}
    one.post(f"{address}/check", sent)
    assert waited(one, address) == "done"
    assert stored()[0] == before[0] + 1 + 17
    assert models.Consent.objects.filter(audience="public").exists()


def test_consent_is_never_widened_by_what_is_sent(client):
    one = client()
    address, page = checked(one, LIST)
    answer = one.post(f"{address}/check", {select_of(page, "동의(공개): 아니오"): "public", "act": "take"})
    assert answer.status_code == 400
    from corroborate_node.importing import models

    assert models.Upload.objects.get(id=address.rsplit("/", 1)[1]).state == "checked"


def test_a_file_that_cannot_be_read_says_so_and_waits_for_another_choice(client):
    one = client()
    address = give(one, file(b"PK\x03\x04 no workbook", "broken.xlsx"))
    page = one.get(f"{address}/columns")
    assert page.status_code == 200
    assert "이대로는 이 파일을 읽을 수 없습니다" in page.content.decode()
    address = give(one, file("a,b\n1,2\n"))
    page = one.get(f"{address}/columns").content.decode()
    assert "읽기 전에 답이 필요합니다" in page
    assert one.post(f"{address}/columns", {**fields(page), "act": "check"}).status_code == 302
    assert waited(one, address) == "failed"
    report = one.get(address).content.decode()
    assert "하지 못했습니다" in report
    assert "Traceback" not in report


def test_an_empty_file_and_no_file_are_refused_with_a_sentence(client):
    for sent in ({}, {"file": file("")}):
        answer = client().post("/imports", sent)
        assert answer.status_code == 400
        assert "error-summary" in answer.content.decode()


def test_two_columns_for_one_field_are_a_question(client):
    one = client()
    address = give(one, file("성명,별칭자,기타란\n김갑수,a,b\n"))
    page = one.get(f"{address}/columns").content.decode()
    both = {select_of(page, "별칭자"): "facility", select_of(page, "기타란"): "facility"}
    one.post(f"{address}/columns", {**fields(page), **both, "act": "choose"})
    assert "both taken for one field" in one.get(f"{address}/columns").content.decode()


def test_what_is_cancelled_is_not_taken_in(client, vault):
    from corroborate_node.importing import models
    from corroborate_node.importing.running import JOB

    one = client()
    address, _ = checked(one, LIST)
    id_, before = address.rsplit("/", 1)[1], stored()
    models.Upload.objects.filter(id=id_).update(state="waiting", phase="take")
    assert one.post(f"{address}/cancel").status_code == 302
    from corroborate_node.core.jobs import jobs

    jobs.carry_out(JOB, id_)
    assert stored() == before
    assert "들인 것은 없습니다" in one.get(address).content.decode()
    assert one.post(f"{address}/cancel").status_code == 400


def test_who_lost_the_permission_meanwhile_takes_nothing_in(client, vault, account):
    from corroborate_node.core.jobs import jobs
    from corroborate_node.core.models import Role
    from corroborate_node.importing import models
    from corroborate_node.importing.running import JOB

    account(vault, "duri", OWN, "documenter")
    address, _ = checked(client("duri"), LIST)
    id_, before = address.rsplit("/", 1)[1], stored()
    models.Upload.objects.filter(id=id_).update(state="waiting", phase="take")
    Role.objects.filter(user__username="duri").update(role="reader")
    jobs.carry_out(JOB, id_)
    row = models.Upload.objects.get(id=id_)
    assert (row.state, stored()) == ("failed", before)
    assert "this is for" in row.step


def test_a_discarded_list_is_erased(client, vault):
    from corroborate_node.importing import models

    one = client()
    address, _ = checked(one, LIST.replace("청진", "나진"))
    row = models.Upload.objects.get(id=address.rsplit("/", 1)[1])
    assert one.post(f"{address}/discard").status_code == 302
    kept = models.Upload.objects.get(id=row.id)
    assert (kept.state, kept.found, kept.address) == ("discarded", None, "")
    assert row.address not in vault.files.addresses()
    assert one.get(f"{address}/columns")["Location"] == address


def test_the_same_file_given_twice_outlives_the_first_discard(client, vault):
    from corroborate_node.importing import models

    one = client()
    first, second = give(one, file("성명\n김갑수\n")), give(one, file("성명\n김갑수\n"))
    one.post(f"{first}/discard")
    assert one.get(f"{second}/columns").status_code == 200
    one.post(f"{second}/discard")
    assert models.Upload.objects.exclude(address="").filter(size=len("성명\n김갑수\n".encode())).count() == 0


def test_an_analyst_sees_no_import(client):
    address = give(client(), file(LIST))
    ana = client("ana")
    for path in ("/imports", address, f"{address}/columns", f"{address}/check", f"{address}/progress"):
        assert ana.get(path).status_code == 403
    assert "/imports" not in ana.get("/").content.decode()


def test_who_asked_is_told_on_today_when_it_is_done(client):
    one = client()
    address, _ = checked(one, LIST)  # looked at
    from corroborate_node.importing import models

    models.Upload.objects.filter(by="hana").update(told=True)
    assert re.search(r'href="/imports"[^>]*>[^<(]*\(', one.get("/").content.decode()) is None
    sent = fields(one.get(f"{address}/columns").content.decode())
    one.post(f"{address}/columns", {**sent, "act": "check"})
    waited(one, address)
    assert re.search(r'href="/imports"[^>]*>들여오기\s*\(1\)', one.get("/").content.decode())


def test_a_limited_account_gives_lists_into_its_cases_and_sees_no_others(client, vault, account):
    from corroborate_node.core.desk import owner
    from corroborate_node.records import cases

    desk = owner(vault, datetime.now(UTC))
    case = cases.begin(desk, "갑 사건")
    account(vault, "sena", OWN, "documenter", only=[case])
    outside = give(client(), file(LIST))
    sena = client("sena")
    assert sena.get(outside).status_code == 404
    assert sena.post("/imports", {"file": file(LIST)}).status_code == 400
    answer = sena.post("/imports", {"file": file(LIST), "case": case})
    assert answer.status_code == 302
    assert sena.get(f"{answer['Location']}/columns").status_code == 200


@pytest.mark.long
def test_a_hundred_thousand_rows_are_previewed_in_two_seconds(client):
    one = client()
    address = give(one, file("성명,생년\n" + "".join(f"김{at},1950\n" for at in range(100_000))))
    began = time.perf_counter()
    assert one.get(f"{address}/columns").status_code == 200
    assert time.perf_counter() - began < 4  # twice the figure: the machine does other things
