"""Files made to harm: a sentence, never a traceback or a 500, and never much memory. By command and by page."""

import io
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from corroborate_node import api

PASSPHRASE = "invented words for a test"
OWN = "words of an invented keeper"
MOST = 300  # MB of the largest process that a command starts
CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "uploads"


def bomb_pdf(filters="/FlateDecode", times=1):
    """Some hundred kilobytes whose one page unpacks to 96 MB of drawing."""
    stream = b"BT /F 9 Tf (invented) Tj ET\n" * (96_000_000 // 28)
    for _ in range(times):
        stream = zlib.compress(stream, 9)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(stream)} /Filter [{filters}] >>\nstream\n".encode() + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + (b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out))
    )


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def changed(content, mark, at, more):
    place = content.index(mark) + at
    return content[:place] + more + content[place + len(more) :]


WORD = {
    "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    b'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    b'document.main+xml"/></Types>',
    "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'officeDocument" Target="word/document.xml"/></Relationships>',
}


def bomb_word():
    body = b"<w:p><w:r><w:t>invented</w:t></w:r></w:p>" * 2_000_000
    head = b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return zipped(**WORD, **{"word/document.xml": head + body + b"</w:body></w:document>"})


NOTE = zipped(note=b"a note")
HARMFUL = {
    "bomb.pdf": bomb_pdf,
    "bomb-twice.pdf": lambda: bomb_pdf("/FlateDecode /FlateDecode", 2),
    "cut.pdf": lambda: bomb_pdf()[:3000],
    "pdf.pdf": lambda: b"%PDF-1.4",
    "bomb.docx": bomb_word,
    "zeros.zip": lambda: zipped(zeros=bytes(300_000_000)),
    "offset.zip": lambda: changed(NOTE, b"PK\x01\x02", 42, struct.pack("<I", 0xFFFFFF00)),
    "deflate.zip": lambda: changed(NOTE, b"note", 4, b"\xff\xff\xff"),
    "cut.zip": lambda: NOTE[:40],
    "locked.zip": lambda: changed(changed(NOTE, b"PK\x01\x02", 8, b"\x01"), b"PK\x03\x04", 6, b"\x01"),
    "crc.zip": lambda: changed(NOTE, b"PK\x01\x02", 16, b"\0\0\0\0"),
    "two.zip": lambda: NOTE + NOTE,
    "open.html": lambda: b"<html><![<![<![",
    "open2.html": lambda: b"<html><!DOCTYPE [<!ENTITY x '",
    "deep.html": lambda: b"<html>" + b"<div>" * 600_000,
    "long.html": lambda: b"<html>" + b"<p>x</p>" * 3_000_000,
    "half.txt": lambda: b"\xff\xfe\x00",
    "nothing": lambda: b"",
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    place = tmp_path_factory.mktemp("uploads")
    for name, make in HARMFUL.items():
        (place / name).write_bytes(make())
    for path in CASES.glob("*") if CASES.is_dir() else ():
        (place / f"case-{path.name}").write_bytes(path.read_bytes())
    return place


MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "corroborate_cli", *sys.argv[1:]], capture_output=True, text=True)
print(json.dumps([done.returncode, done.stdout + done.stderr, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


@pytest.mark.parametrize("name", HARMFUL)
def test_a_command_answers_with_a_sentence_and_little_memory(name, files):
    import json

    for command in ("members", "verify"):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, command, files / name],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )  # fmt: skip
        code, said, kilobytes = json.loads(done.stdout)
        assert code in (1, 2, 3), (command, said)
        assert "Traceback" not in said
        assert len(said.strip()) > 20
        assert kilobytes < MOST << 10, (command, kilobytes)


def test_a_page_answers_with_a_sentence(files, tmp_path):
    """A hub's pages for handing notes in and for reading members, in this very process: its memory is measured too."""
    api.create_vault(tmp_path / "hub", "Invented Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(tmp_path / "hub", PASSPHRASE):
        from django.contrib.auth import get_user_model
        from django.test import Client

        browser = Client()
        browser.force_login(get_user_model().objects.order_by("id").first())
        for path in sorted(files.iterdir()):
            for page, field in (("/hand-in", "answers"), ("/members-read", "statement"), ("/verify", "package")):
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                with path.open("rb") as file:
                    answer = browser.post(page, {field: file}, HTTP_HOST="127.0.0.1")
                assert answer.status_code in (200, 400, 302), (path.name, page)
                assert b"Traceback" not in answer.content
                grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
                assert grown < MOST << 10, (path.name, page, grown)
