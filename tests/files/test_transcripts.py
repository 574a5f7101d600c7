"""What a recording says is written down beside it, sealed as passages with their time codes, and coded there."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files.conftest import lies, png_of, wav_of
from tests.importing.commanding import WORDS, ran

from corroborate.copies.spoken import Segment, as_typed, segments, vtt
from corroborate.errors import InvalidValue
from corroborate.importers.documents.read import read
from corroborate.tables import File
from corroborate_node import api

TYPED = """[00:00:01] 하나: 무엇을 보았습니까?

[00:00:03] 밤에 왔습니다. 넷이었습니다.
모두 총을 들었습니다.
0:05 끝.
"""


def test_a_typed_transcript_is_segments_with_times_and_speakers():
    assert segments(TYPED) == (
        Segment(1, "무엇을 보았습니까?", "하나"),
        Segment(3, "밤에 왔습니다. 넷이었습니다.\n모두 총을 들었습니다."),
        Segment(5, "끝."),
    )


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("no time\n", "before any time code"),
        ("[00:09] a\n[00:03] b", "line 2 goes back"),
        ("\n\nx [00:01] y", "line 3"),
    ],
)
def test_what_cannot_be_placed_is_said_with_its_line(typed, why):
    with pytest.raises(InvalidValue, match=why):
        segments(typed)


def passages(content: bytes) -> list[tuple[str, str, str]]:
    listed = read(File("x.vtt", content=content)).sources[0].more["passages"]
    return [(one["where"].split(" to ")[0], one["text"], one["speaker"]) for one in listed]


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.text("가나다 abc<>&-.,?!'\n", min_size=1, max_size=60)),
        min_size=1,
        max_size=12,
    )
)
def test_what_was_typed_comes_back_from_the_file_that_players_read(rows):
    said = tuple(
        Segment(at, "\n".join(line.strip() for line in words.split("\n") if line.strip()), "하나")
        for at, words in sorted(rows)
        if words.strip()
    )
    if said:
        found = passages(vtt(said).encode())
        assert [(one.locator, one.speaker) for one in said] == [(where, who) for where, _, who in found]
        assert as_typed(found).startswith(f"[{said[0].locator}] 하나: ")


def test_it_is_kept_while_it_is_typed_then_sealed_as_passages_and_a_copy(kept, entered, vault):
    file, source = kept(wav_of(6), "voice.wav")
    with api.open_vault(vault, WORDS):
        from corroborate_node.files.models import Derived, Typed
        from corroborate_node.records.models import Passage

        browser, address = entered("hana"), f"/files/{file}/transcript"
        page = browser.get(address).content.decode()
        assert "textarea" in page and "<audio" in page
        told = browser.post(
            address, {"act": "keep", "text": "[00:01] 반쯤", "source": source}, headers={"accept": "application/json"}
        )
        assert told.json()["kept"] is True
        assert "반쯤" in browser.get(address).content.decode()
        assert "반쯤" not in entered("duri").get(address).content.decode(), "nobody else sees what is not sealed"
        wrong = browser.post(address, {"act": "seal", "text": "no time", "source": source})
        assert wrong.status_code == 400
        assert "no time" in wrong.content.decode(), "nothing typed is lost"
        assert browser.post(address, {"act": "seal", "text": TYPED, "source": source}).status_code == 302
        rows = list(Passage.objects.filter(source_id=source).order_by("number"))
        assert [(one.locator, one.speaker) for one in rows] == [
            ("00:00:01", "하나"),
            ("00:00:03", ""),
            ("00:00:05", ""),
        ]
        assert Derived.objects.get().kind == "transcribed"
        assert not Typed.objects.exists()
        seen = browser.get(f"/files/{file}").content.decode()
        assert 'data-at="3"' in seen and "밤에 왔습니다" in seen
        coded = browser.post(
            f"/sources/{source}/passages/2",
            {"act": "code", "words": "넷이었습니다", "about": "new-party", "who": "그들", "property": "name",
             "value": "", "stance": "for", "basis": "saw", "term": ""},
        )  # fmt: skip
        assert coded.status_code == 302
        from corroborate_node.records.models import Claim

        assert Claim.objects.filter(source_id=source, locator__startswith="00:00:03").exists()
        assert "밤에" in browser.get("/search?q=밤에").content.decode()
    ran("doctor", "--vault", vault)


def test_a_file_of_subtitles_is_read_into_the_page_and_looked_over_first(kept, entered, vault):
    file, source = kept(wav_of(6), "voice.wav")
    with api.open_vault(vault, WORDS):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from corroborate_node.records.models import Passage

        browser, address = entered("hana"), f"/files/{file}/transcript"
        cues = b"1\n00:00:01,000 --> 00:00:02,000\nIt was winter.\n\n2\n00:00:04,500 --> 00:00:05,000\nThey came.\n"
        sent = {"act": "read", "text": "", "source": source, "file": SimpleUploadedFile("a.srt", cues)}
        assert browser.post(address, sent).status_code == 302
        assert "[00:00:04] They came." in browser.get(address).content.decode()
        assert not Passage.objects.filter(source_id=source).exists()
        bad = {
            "act": "read",
            "text": "[00:01] kept",
            "source": source,
            "file": SimpleUploadedFile("a.srt", b"\x00\x01"),
        }
        answer = browser.post(address, bad)
        assert answer.status_code == 400
        assert "[00:01] kept" in answer.content.decode()


def test_a_withdrawal_erases_what_was_typed_and_what_was_sealed(kept, entered, vault):
    before = lies(vault)
    file, source = kept(wav_of(6), "voice.wav")
    with api.open_vault(vault, WORDS):
        browser, address = entered("hana"), f"/files/{file}/transcript"
        browser.post(address, {"act": "seal", "text": TYPED, "source": source})
        browser.post(address, {"act": "keep", "text": "[00:09] 더", "source": source})
    ran("withdraw", source, "--vault", vault)
    assert lies(vault) == before
    with api.open_vault(vault, WORDS):
        from corroborate_node.files.models import Derived, Typed
        from corroborate_node.records.models import Passage

        assert not (Typed.objects.exists() or Derived.objects.exists() or Passage.objects.exists())


def test_a_picture_has_no_transcript_and_who_may_not_is_refused(kept, entered, vault):
    file, _ = kept(png_of(9, 9), "a.png")
    with api.open_vault(vault, WORDS):
        assert entered("hana").get(f"/files/{file}/transcript").status_code == 404
        assert entered("set").get(f"/files/{file}/transcript").status_code == 403


def test_a_program_on_the_machine_hears_a_recording_that_touches_no_disk(kept, entered, vault, tmp_path):
    file, _ = kept(wav_of(6), "voice.wav")
    program, own = tmp_path / "engine", tmp_path / "own.txt"
    program.write_text(
        '#!/bin/sh\ncase "$1" in /proc/self/fd/*) ;; *) exit 3 ;; esac\n'
        'head -c 4 "$1" | grep -q RIFF || exit 4\n'
        'printf "WEBVTT\\n\\n00:00:02.000 --> 00:00:03.000\\nheard by a program\\n"\n',
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    own.write_text("a documenter's own passphrase\n", encoding="utf-8")
    asked = ("files", file, "--as", "hana", "--account-file", own, "--vault", vault)
    ran(*asked, "--listen", program)
    with api.open_vault(vault, WORDS):
        assert "[00:00:02] heard by a program" in entered("hana").get(f"/files/{file}/transcript").content.decode()
    program.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    assert "ended with 7" in ran(*asked, "--listen", program, code=1)
    assert "could not hear" in ran(*asked, "--listen", tmp_path / "none", code=1)
