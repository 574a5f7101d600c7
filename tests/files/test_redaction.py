"""What is taken out of a copy is not in it: not in its words, its picture, its metadata or an earlier version."""

import io
import re
import wave
from pathlib import Path

import pypdfium2
import pytest
from tests.conftest import SHARED
from tests.files.conftest import (
    CAMERA,
    NAME,
    chunk,
    exif,
    lies,
    pdf_of_a_stranger,
    pixels_of,
    png_of,
    unpacked,
    wav_of,
)
from tests.importing.commanding import WORDS, ran

from corroborate.copies import burnt, kind_of, regions, stretches
from corroborate.errors import InputRefused, InvalidValue
from corroborate_node import api


def copy_of(content: bytes, out: str, **more) -> bytes:
    kind = kind_of(content[:4096])
    asked = stretches(out) if kind.shown == "sound" else regions(out)
    return burnt(kind, [content], asked, **more)[0]


def drawn(pdf: bytes, page: int, scale: float = 2):
    """A page as rows of pixels."""
    bitmap = pypdfium2.PdfDocument(pdf)[page - 1].render(scale=scale)
    return bitmap.to_numpy()[:, :, :3]


def test_a_redacted_pdf_holds_no_byte_of_what_was_beneath():
    original = pdf_of_a_stranger()
    assert NAME.encode() in original, "in an earlier version"
    made = copy_of(original, "1 0 0 100 35")
    inside = unpacked(made)
    for writing in (NAME.encode(), NAME.encode("utf-16-be"), NAME.encode("utf-16-le"), NAME.encode().hex().encode()):
        assert writing not in inside
        assert writing.upper() not in inside
    for word in (b"/Font", b"/Metadata", b"/Info", b"/Annots", b"/Prev", b"/EmbeddedFile", b"/AcroForm", b"BT", b"xmp"):
        assert word not in re.sub(rb"(?s)stream\n.*?endstream", b"", made), word
    assert made.count(b"%%EOF") == 1
    assert made.count(b"startxref") == 1
    document = pypdfium2.PdfDocument(made)
    assert len(document) == 2
    assert document[0].get_textpage().get_text_bounded() == ""
    before, after = drawn(original, 1), drawn(made, 1)
    high = before.shape[0]
    assert (before[: int(high * 0.34)] < 100).any(), "the name was drawn there"
    assert after[: int(high * 0.34)].max() == 0, "all of it is black, and nothing shines through"
    assert abs(after[int(high * 0.37) :].astype(int).mean() - before[int(high * 0.37) :].mean()) < 2, "the rest stands"
    assert abs(drawn(made, 2).astype(int).mean() - drawn(original, 2).mean()) < 2


def test_the_same_redaction_gives_the_same_bytes_and_none_gives_a_copy_without_metadata():
    original = pdf_of_a_stranger()
    assert copy_of(original, "1 0 0 100 35") == copy_of(original, "1 0 0 100 35")
    stripped = copy_of(original, "")
    assert NAME.encode() not in unpacked(stripped)
    assert len(pypdfium2.PdfDocument(stripped)) == 2


def test_in_a_picture_exactly_the_region_is_black_and_no_other_pixel_changes():
    noise = lambda x, y: ((x * 7 + y * 13) % 251 + 1, (x * 11) % 250 + 1, (y * 5) % 249 + 1)  # noqa: E731
    said = chunk(b"tEXt", b"Author\0" + NAME.encode()) + chunk(b"eXIf", CAMERA.encode())
    made = copy_of(png_of(97, 61, noise, said) + b"after the end: " + NAME.encode(), "1 20.3 10 33.3 50\n1 90 90 90 90")
    assert NAME.encode() not in unpacked(made)
    assert CAMERA.encode() not in made
    width, height, rows = pixels_of(made)
    assert (width, height) == (97, 61)
    for y in range(height):
        for x in range(width):
            black = (19 <= x < 52 and 6 <= y < 37) or (x >= 87 and y >= 54)
            assert rows[y][x] == ((0, 0, 0) if black else noise(x, y)), (x, y)


def test_a_picture_may_be_white_or_black_all_over():
    assert pixels_of(copy_of(png_of(5, 4, lambda x, y: (255, 255, 255)), ""))[2] == [[(255, 255, 255)] * 5] * 4
    assert pixels_of(copy_of(png_of(5, 4), "1 0 0 100 100"))[2] == [[(0, 0, 0)] * 5] * 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_as_it_was_taken_and_loses_what_its_camera_wrote(orientation):
    path = SHARED / "formats" / "archive" / "quay.jpg"
    if not path.is_file():
        pytest.skip("needs the shared photograph")
    plain = path.read_bytes()
    photo = plain[:2] + exif(orientation) + plain[2:]
    assert CAMERA.encode() in photo
    made = copy_of(photo, "1 0 0 50 50")
    for gone in (CAMERA.encode(), b"THUMBNAIL", b"Exif", b"eXIf", b"JFIF"):
        assert gone not in made
    width, height, rows = pixels_of(made)
    upright = pixels_of(copy_of(plain, ""))
    assert (width, height) == (upright[:2] if orientation < 5 else upright[1::-1])
    assert all(one == (0, 0, 0) for row in rows[: height // 2] for one in row[: width // 2])
    ends = {1: "xy", 2: "Xy", 3: "XY", 4: "xY", 5: "yx", 6: "yX", 7: "YX", 8: "Yx"}[orientation]
    for x, y in ((width - 3, height - 3), (width - 3, 2), (2, height - 3)):
        along = {"x": x, "X": width - 1 - x, "y": y, "Y": height - 1 - y}
        was_x, was_y = along[ends[0]], along[ends[1]]
        if orientation >= 5:
            was_x = {"yx": y, "yX": y, "YX": height - 1 - y, "Yx": height - 1 - y}[ends]
            was_y = {"yx": x, "yX": width - 1 - x, "YX": width - 1 - x, "Yx": x}[ends]
        assert rows[y][x] == upright[2][was_y][was_x], (orientation, x, y)


@pytest.mark.parametrize("tone", [False, True])
def test_stretches_of_a_recording_are_gone_and_the_rest_is_what_it_was(tone):
    original = wav_of(6)
    made = copy_of(original, "0:01 0:02.5\n00:00:04 --> 00:00:05", tone=tone)
    assert NAME.encode() not in made
    assert b"LIST" not in made
    with wave.open(io.BytesIO(original)) as one, wave.open(io.BytesIO(made)) as other:
        assert one.getparams() == other.getparams()
        before, after = one.readframes(48000), other.readframes(48000)
    loud = {b for a, b in zip(before[::2], after[::2], strict=True) if a == b}
    assert loud
    for start, stop in ((1.0, 2.5), (4.0, 5.0)):
        part = after[int(start * 16000) : int(stop * 16000)]
        assert (part.count(0) == len(part)) is not tone
        assert len({part[at : at + 16] for at in range(0, 16000, 16)}) <= 2, "a tone of one wave, which says nothing"
    for start, stop in ((0, 1.0), (2.5, 4.0), (5.0, 6.0)):
        assert after[int(start * 16000) : int(stop * 16000)] == before[int(start * 16000) : int(stop * 16000)]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_silence_is_silence_in_samples_of_every_width(width):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((2, width, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(1, 2 * width + 1)) * 8000)
    with wave.open(io.BytesIO(copy_of(out.getvalue(), "0 0.5"))) as made:
        silent = made.readframes(4000)
        assert set(silent) == ({128} if width == 1 else {0})
        assert 0 not in set(made.readframes(4000))


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("1 0 0 0 10", "wider"), ("0 0 0 1 1", "from 1"), ("1 100 0 1 1", "below 100"), ("1 nan 0 1 1", "from 0 to"),
        ("one two", "no region"), ("1 2 3 4", "no region"), ("3 0 0 10 10", "no page 3"), ("1 0 0 1e400 1", "from 0"),
    ],
)  # fmt: skip
def test_what_is_no_region_is_said_and_no_copy_is_made(out, why):
    with pytest.raises((InvalidValue, InputRefused), match=why):
        copy_of(pdf_of_a_stranger(), out)


@pytest.mark.parametrize("out", ["1:05", "2 1", "x y", "1:00 2:00", "9 10"])
def test_what_is_no_stretch_is_said_and_no_copy_is_made(out):
    with pytest.raises((InvalidValue, InputRefused)):
        copy_of(wav_of(6), out)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4 nothing",
        pdf_of_a_stranger()[:900],
        png_of(9, 9)[:40],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xff\xff\0\xff\xff\xff\x08\x02\0\0\0",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\xff\xd8\xff\xe0\0\x04ab",
        b"\x1aE\xdf\xa3 a film",
        b"nothing that is drawn",
    ],
)
def test_a_broken_or_hostile_file_gives_a_sentence_and_no_copy(content):
    with pytest.raises(InputRefused) as refused:
        copy_of(content, "")
    assert len(str(refused.value)) > 20


def test_a_pdf_of_a_stranger_that_unpacks_without_end_ends_with_its_process():
    bomb = Path(SHARED).parent / "cases" / "uploads" / "bomb-224kB.pdf"
    if not bomb.is_file():
        pytest.skip("needs the shared bomb")
    content = bomb.read_bytes()
    try:
        made = copy_of(content, "")
    except InputRefused as refused:
        assert "time or memory" in str(refused) or "damaged" in str(refused)
    else:
        assert made.startswith(b"%PDF-1.4")


# --- in a vault -------------------------------------------------------------------------------------------------------


def test_a_copy_is_made_on_the_page_kept_beside_its_original_and_erased_with_the_source(kept, entered, vault):
    before = lies(vault)
    original = pdf_of_a_stranger()
    file, source = kept(original, f"{NAME}.pdf")
    with api.open_vault(vault, WORDS):
        from corroborate_node.files.models import Derived

        browser = entered("hana")
        page = browser.get(f"/files/{file}/copy").content.decode()
        assert "textarea" in page and "/viewer.js" in page
        wrong = browser.post(f"/files/{file}/copy", {"act": "derive", "out": "1 2 3"})
        assert wrong.status_code == 400
        assert "1 2 3" in wrong.content.decode()
        done = browser.post(f"/files/{file}/copy", {"act": "derive", "out": "1 0 0 100 35"})
        assert done.status_code == 302, done.content.decode()
        row = Derived.objects.select_related("file", "original").get()
        assert (row.kind, row.original_id, row.by) == ("redacted", file, "hana")
        assert NAME not in row.file.name, "the copy's name tells nobody's"
        copy = browser.get(f"/files/{row.file_id}").content.decode()
        assert f'href="/files/{file}"' in copy
        assert "1 0 0 100 35" in copy
        assert f'href="/files/{row.file_id}"' in browser.get(f"/files/{file}").content.decode()
        taken = b"".join(browser.get(f"/files/{row.file_id}/original").streaming_content)
        assert NAME.encode() not in unpacked(taken)
        assert taken == copy_of(original, "1 0 0 100 35")
        assert b"".join(browser.get(f"/files/{file}/original").streaming_content) == original, "it never changes"
        again = browser.post(f"/files/{file}/copy", {"act": "derive", "out": "1 0 0 100 35"})
        assert again.status_code == 400
        assert entered("set").post(f"/files/{file}/copy", {"act": "derive"}).status_code == 403
    assert len(lies(vault) - before) == 2
    assert "copies of files" in ran("doctor", "--vault", vault)
    ran("withdraw", source, "--vault", vault)
    assert lies(vault) == before, "the copy's bytes are gone too"
    with api.open_vault(vault, WORDS):
        assert not Derived.objects.exists()
        assert entered("hana").get(f"/files/{row.file_id}").status_code == 404
    ran("doctor", "--vault", vault)


def test_a_copy_made_elsewhere_is_kept_and_a_copy_can_be_erased_alone(kept, entered, vault):
    file, _ = kept(b"\x1aE\xdf\xa3 V_VP9 a film", "film.webm")
    only = lies(vault)
    with api.open_vault(vault, WORDS):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from corroborate_node.files.models import Derived

        browser = entered("hana")
        address = f"/files/{file}/copy"
        sent = {
            "act": "add",
            "kind": "redacted",
            "file": SimpleUploadedFile("faces covered.webm", b"\x1aE\xdf\xa3 other"),
        }
        assert browser.post(address, sent).status_code == 302
        copy = Derived.objects.get().file_id
        same = {"act": "add", "kind": "redacted", "file": SimpleUploadedFile("x.webm", b"\x1aE\xdf\xa3 V_VP9 a film")}
        assert browser.post(address, same).status_code == 400, "that is the original"
        refused = browser.post(address, {"act": "derive", "out": ""})
        assert refused.status_code == 400
        assert len(lies(vault)) == len(only) + 1
        assert browser.get(f"/files/{file}/copy?erase={copy}").status_code == 200
        assert browser.post(address, {"act": "erase", "copy": copy}).status_code == 302
        assert browser.post(address, {"act": "erase", "copy": file}).status_code == 400, "an original stays"
        assert browser.get(f"/files/{file}").status_code == 200
    assert lies(vault) == only
