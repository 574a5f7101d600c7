"""A sealed file is shown, and nothing of it runs, lies on a disk, or is handed to whoever may not see it."""

import json

import pytest
from tests.files.conftest import NAME, lies, pdf_of_a_stranger, pixels_of, png_of, wav_of
from tests.importing.commanding import WORDS, ran

from corroborate.sealed import CHUNK
from corroborate_node import api


def parts_of(page: str) -> str:
    """The address of what a page shows of its file."""
    return page.split('src="/files/')[1].split('"')[0].replace("&amp;", "&").split("#")[0]


def test_pages_of_a_pdf_are_pictures_and_its_words_can_be_read(kept, entered, vault):
    file, source = kept(pdf_of_a_stranger(), "said.pdf")
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        assert f'href="/files/{file}"' in browser.get(f"/sources/{source}").content.decode()
        page = browser.get(f"/files/{file}").content.decode()
        assert ("1 / 2" in page or "2" in page) and "said.pdf" in page
        answer = browser.get(f"/files/{parts_of(page)}")
        assert answer["Content-Type"] == "image/png"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
        width, height, rows = pixels_of(answer.content)
        assert width == height == 1200
        assert any(one == (0, 0, 0) for row in rows[150:300] for one in row), "the name is drawn"
        assert NAME in browser.get(f"/files/{file}?as=text").content.decode()
        second = browser.get(f"/files/{file}?page=2&as=text").content.decode()
        assert "A second page" in second
        assert NAME not in second
        assert "A second page" in browser.get(f"/files/{file}?page=77&as=text").content.decode()


def test_each_file_that_was_seen_stands_in_the_journal_and_parts_are_given_to_whoever_opened_it(kept, entered, vault):
    file, _ = kept(png_of(40, 30), "seen.png")
    with api.open_vault(vault, WORDS):
        from corroborate_node.core.models import Touched

        first, second = entered("hana"), entered("duri")
        address = f"/files/{parts_of(first.get(f'/files/{file}').content.decode())}"
        assert Touched.objects.filter(object=file, line__kind="view", line__by="hana").count() == 1
        assert first.get(address).status_code == 200
        assert second.get(address).status_code == 302, "another's ticket opens nothing"
        assert first.get(address.split("?")[0]).status_code == 302
        assert entered("set").get(f"/files/{file}").status_code == 403
        assert entered("net").get(f"/files/{file}").status_code == 404, "her account is limited to another case"
        assert entered("net").get(address).status_code == 404
        assert first.get("/files/file_nothing").status_code == 404


def test_a_recording_is_played_by_stretches_that_are_decrypted_in_memory(kept, entered, vault):
    content = wav_of(60)
    assert len(content) > 10 * CHUNK
    file, _ = kept(content, "voice.wav")
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        page = browser.get(f"/files/{file}?at=1:05")
        assert "media-src 'self'" in page["Content-Security-Policy"]
        assert "#t=65" in page.content.decode()
        address = f"/files/{parts_of(page.content.decode())}"
        for asked, start, stop in (
            ("bytes=0-", 0, len(content)),
            ("bytes=0-0", 0, 1),
            (f"bytes={CHUNK - 3}-{CHUNK + 2}", CHUNK - 3, CHUNK + 3),
            (f"bytes={CHUNK}-{2 * CHUNK - 1}", CHUNK, 2 * CHUNK),
            (f"bytes={len(content) - 5}-", len(content) - 5, len(content)),
            ("bytes=-7", len(content) - 7, len(content)),
            ("bytes=5-99999999999", 5, len(content)),
            ("bytes=3-4,9-12", 0, len(content)),
        ):
            answer = browser.get(address, headers={"range": asked})
            assert answer.status_code == 206, asked
            assert answer["Content-Range"] == f"bytes {start}-{stop - 1}/{len(content)}"
            assert answer.content == content[start:stop], asked
            assert answer["Content-Type"] == "audio/wav"
        for wrong in (f"bytes={len(content)}-", "bytes=9-3", "bytes=-"):
            refused = browser.get(address, headers={"range": wrong})
            assert refused.status_code == 416, wrong
            assert refused["Content-Range"] == f"bytes */{len(content)}"


def test_a_sealed_recording_that_was_changed_is_not_played(kept, entered, vault):
    before = lies(vault)
    file, _ = kept(wav_of(30), "voice.wav")
    [sealed] = lies(vault) - before
    path = vault / "sealed" / sealed[:2] / sealed
    lying = bytearray(path.read_bytes())
    lying[CHUNK + 500] ^= 1
    path.write_bytes(lying)
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = f"/files/{parts_of(browser.get(f'/files/{file}').content.decode())}"
        assert browser.get(address, headers={"range": f"bytes=0-{CHUNK - 1}"}).status_code == 206
        with pytest.raises(Exception, match="changed or cut in part 2"):
            browser.get(address, headers={"range": f"bytes={CHUNK}-"})


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("그날 밤 우리는 강을 건넜다.\n".encode(), "note.txt", "강을 건넜다"),
        ("그날 밤 우리는 강을 건넜다. 겨울이었고 눈이 왔다.\n".encode("cp949"), "old.txt", "강을 건넜다"),
        (b"<script>alert(1)</script><b>said</b>", "page.html", "&lt;script&gt;alert(1)"),
        (b"\x00\x01\x02" * 500, "data.bin", "이런 종류의"),
        (b"%PDF-1.7\nnothing follows", "cut.pdf", "PDF"),
    ],
)
def test_whatever_a_file_is_called_its_content_decides_and_nothing_of_it_runs(
    kept, entered, vault, content, name, words
):
    file, _ = kept(content, name)
    with api.open_vault(vault, WORDS):
        page = entered("hana").get(f"/files/{file}").content.decode()
        assert words in page
        assert "<script>alert" not in page


def test_the_original_leaves_as_an_attachment_for_whoever_may_and_the_journal_says_so(kept, entered, vault):
    content = b"<html><script>parent.x=1</script>" * 5000
    file, _ = kept(content, "말한 것.html")
    with api.open_vault(vault, WORDS):
        from corroborate_node.core.models import Touched

        answer = entered("hana").get(f"/files/{file}/original")
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert Touched.objects.filter(object=file, line__kind="export").count() == 1
        assert entered("set").get(f"/files/{file}/original").status_code == 403


def test_a_withdrawn_file_is_not_shown(kept, entered, vault):
    file, source = kept(png_of(20, 20), "gone.png")
    with api.open_vault(vault, WORDS):
        assert entered("hana").get(f"/files/{file}").status_code == 200
    ran("withdraw", source, "--vault", vault)
    with api.open_vault(vault, WORDS):
        assert entered("hana").get(f"/files/{file}").status_code == 404
        assert json.dumps(file) not in entered("hana").get(f"/sources/{source}").content.decode()
