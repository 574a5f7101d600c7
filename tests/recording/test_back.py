"""What is taken back stands nowhere, what goes is said before, and it can be put back; what a survivor takes home says
what she said; a withdrawal leaves no trace by which a copy could be known."""

import hashlib
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import SENT, begun, recorded, token

from corroborate_node import api

MORE = {
    **SENT,
    "consent-ends": "2031-01-01", "consent-asked": "aloud뷁", "consent-language": "ko", "consent-given_by": "김뷔가",
    "people-0-birth": "65년쯤",
    "people-1-names": "농민뷔들", "people-1-kind": "group", "people-1-count": "12",
    "acts-1-what": "공개처형", "acts-1-whom": "농민뷔들", "acts-1-when": "98년 봄", "acts-1-stance": "for",
    "acts-1-basis": "saw", "acts-1-witnesses": "서뷔바",
}  # fmt: skip


@pytest.fixture
def open_vault(vault):
    with api.open_vault(vault, WORDS) as opened:
        yield opened


def parts_of(browser, source):
    entry = re.search(r"/entries/(entry_[0-9a-f]+)", browser.get(source).content.decode())[1]
    address = f"{source}/entries/{entry}"
    page = browser.get(address).content.decode()
    return address, page, re.findall(r'href="\?part=((?:act|person|party|detention)_[0-9a-f]+)"', page)


def test_a_time_in_detention_that_is_taken_back_is_on_no_page_and_comes_back_as_it_was(open_vault, entered):
    browser = entered("hana")
    source = recorded(browser, begun(browser), MORE)
    address, page, parts = parts_of(browser, source)
    from corroborate_node.records.models import Claim

    links = re.findall(r'<a href="\?part=[a-z]+_[0-9a-f]+">(.*?)</a>', page, re.DOTALL)
    assert len({re.sub(r"\s+", " ", re.sub("<[^>]*>", "", one)) for one in links}) == len(links)  # each by what it is
    person = Claim.objects.get(property="name", value__text="김뷔가").subject_id
    held = next(one for one in parts if one.startswith("detention_"))
    shown = (f"/persons/{person}", f"{source}/sheet")
    assert all("개천교화소" in browser.get(one).content.decode() for one in shown)
    asked = browser.get(f"{address}?part={held}").content.decode()
    assert asked.count("개천교화소") >= 2  # of the time, and of her
    assert Claim.objects.filter(superseded=True).count() == 0  # to be asked changes nothing
    before = browser.get(f"/persons/{person}").content.decode()
    assert browser.post(address, {"part": held}).status_code == 302
    assert not Claim.objects.filter(superseded=False, value__text="개천교화소").exists()
    assert "개천교화소" not in browser.get(f"{source}/sheet").content.decode()
    assert browser.post(address, {"part": held, "act": "put-back"}).status_code == 302
    assert browser.get(f"/persons/{person}").content.decode().count("개천교화소") == before.count("개천교화소")


def test_all_of_it_is_taken_back_and_put_back_by_command_and_names_are_found_again(vault, entered, tmp_path):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        source = recorded(browser, begun(browser), MORE)
        entry = parts_of(browser, source)[0].rpartition("/")[2]
        sheet = browser.get(f"{source}/sheet").content.decode()
    ran("interview", entry, "--take-back", "--vault", vault)
    assert "김뷔가" not in ran("search", "김뷔가", "--vault", vault).replace("“김뷔가”", "")
    refused = ran("interview", entry, "--take-back", "--vault", vault, code=1)
    assert "no entry" in refused
    ran("interview", entry, "--put-back", "--vault", vault)
    assert "김뷔가" in ran("search", "Kim Bwi Ga", "--vault", vault)
    assert "nothing of" in ran("interview", entry, "--put-back", "--vault", vault, code=1)
    with api.open_vault(vault, WORDS):
        assert entered("hana").get(f"{source}/sheet").content.decode().count("<li>") == sheet.count("<li>")
    assert "wrong" not in ran("doctor", "--vault", vault)


def test_the_sheet_says_what_she_said_and_warns_of_itself_and_its_short_form_names_nobody(open_vault, entered):
    browser = entered("hana")
    source = recorded(browser, begun(browser), MORE)
    sheet = browser.get(f"{source}/sheet?language=en").content.decode()
    told = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", sheet))
    assert "A group of people (12)" in told
    assert "98년 봄 (understood as 1998-03 – 1998-05)" in told
    assert "65년쯤 (understood as about 1965)" in told
    assert "witness: 서뷔바" in told
    assert "This paper names people" in told
    assert "/1998" not in told
    short = browser.get(f"{source}/sheet?language=en&form=short").content.decode()
    said = re.sub("<[^>]*>", "", short[short.index('class="sheet') :])
    for one in ("김뷔가", "박뷔나", "서뷔바", "최뷔다", "농민뷔들", "개천교화소", "면담 12", "98년"):
        assert one not in said
    assert source[-8:] in said
    for page in (source, parts_of(browser, source)[0]):
        assert "(12)" in browser.get(page).content.decode()


def test_the_page_of_a_source_shows_its_consent_whole(open_vault, entered):
    browser = entered("hana")
    source = recorded(browser, begun(browser), MORE)
    page = browser.get(source).content.decode()
    for words in ("2031-01-01", "aloud뷁", ">ko<", "김뷔가"):
        assert words in page


def test_after_a_withdrawal_no_page_or_command_shows_the_digest_of_what_was_erased(vault, entered):
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = b"a recording, invented"
    digest = hashlib.sha256(content).hexdigest()
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        sent = {**SENT, "version": "1", "act": "attach", "file": SimpleUploadedFile("rec.ogg", content)}
        assert browser.post(address, sent).status_code == 302
        source = recorded(browser, address, {**SENT, "version": token(browser.get(address), "version")})
        from corroborate_node.records.models import Claim

        person = Claim.objects.get(property="name", value__text="김뷔가").subject_id
        entry = parts_of(browser, source)[0]
        pages = (
            source,
            entry,
            f"/persons/{person}",
            f"{source}/sheet",
            f"/custody/{source[9:]}",
            "/journal",
            "/imports",
        )
        assert digest in browser.get(source).content.decode()
        assert browser.post(f"{source}/withdraw").status_code == 200
        for page in pages:
            answer = browser.get(page)
            assert digest not in answer.content.decode(), page
        assert browser.get(f"{source}/sheet").status_code == 200
        assert "철회" in browser.get(f"{source}/sheet").content.decode()
        assert (
            "기록한 사람" not in browser.get(source).content.decode()
            or "함께 지워" in browser.get(source).content.decode()
        )
    for command in (("show", source[9:], "--json"), ("journal",), ("imports", "list")):
        assert digest not in ran(*command, "--vault", vault), command


def test_one_file_that_is_laid_beside_twice_is_one(open_vault, entered):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = entered("hana")
    address = begun(browser)
    for name, status in (("rec.ogg", 302), ("again.ogg", 400)):
        sent = {"act": "attach", "file": SimpleUploadedFile(name, b"the same bytes")}
        answer = browser.post(address, sent)
        assert answer.status_code == status
    assert "rec.ogg" in answer.content.decode()
    from corroborate_node.recording.models import DraftFile

    assert DraftFile.objects.count() == 1
