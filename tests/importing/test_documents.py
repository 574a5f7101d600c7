"""Documents as their programs write them, read passage by passage with the place where a person finds each."""

import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from corroborate.errors import InputRefused
from corroborate.importers import read_table
from corroborate.importers.programs import read_export, recognised
from corroborate_cli.main import group


def passages(path: Path) -> list[dict]:
    done = CliRunner().invoke(group, ["program", str(path), "--json"])
    assert done.exit_code == 0, done.output
    [source] = json.loads(done.stdout)["sources"]
    return source["passages"]


@pytest.fixture
def word(tmp_path):
    document = docx.Document()
    document.core_properties.title = "면담 기록"
    document.add_heading("Interview 7", 1)
    document.add_paragraph("가상인은 1997년 봄에 끌려갔다.")
    document.add_paragraph("")
    document.add_paragraph("She was held for nineteen days.")
    table = document.add_table(rows=2, cols=2)
    table.cell(1, 0).text = "Fictman Alpha"
    path = tmp_path / "interview.docx"
    document.save(str(path))
    return path


def test_a_word_document_is_read_by_paragraph_and_cell(word):
    assert recognised(word) == "documents"
    assert [(one["where"], one["text"]) for one in passages(word)] == [
        ("paragraph 1", "Interview 7"), ("paragraph 2", "가상인은 1997년 봄에 끌려갔다."),
        ("paragraph 3", "She was held for nineteen days."), ("table 1, row 2, column 1", "Fictman Alpha"),
    ]  # fmt: skip
    assert read_export(word, "documents").sources[0].title == "면담 기록"


def test_what_was_deleted_in_a_word_document_is_not_said(tmp_path, word):
    """A tracked change keeps the old words in the file."""
    with zipfile.ZipFile(word) as members:
        files = {name: members.read(name) for name in members.namelist()}
    body = files["word/document.xml"].decode()
    gone = '<w:del w:id="1" w:author="x"><w:r><w:t>SECRET</w:t></w:r></w:del>'
    assert "<w:r><w:t>She was held" in body
    files["word/document.xml"] = body.replace("<w:r><w:t>She was", f"{gone}<w:r><w:t>She was").encode()
    path = tmp_path / "tracked.docx"
    with zipfile.ZipFile(path, "w") as members:
        for name, content in files.items():
            members.writestr(name, content)
    shown = json.dumps(passages(path))
    assert "She was held" in shown
    assert "SECRET" not in shown


def test_subtitles_keep_their_time_codes_and_who_speaks(tmp_path):
    srt = tmp_path / "talk.srt"
    srt.write_bytes("1\r\n00:00:01,000 --> 00:00:04,200\r\n<i>Fictman</i> was taken\r\nat night.\r\n\r\n"
                    "2\r\n01:02:03,000 --> 01:02:05,000\r\n네.\r\n".encode())  # fmt: skip
    assert [(one["where"], one["text"]) for one in passages(srt)] == [
        ("00:00:01 to 00:00:04", "Fictman was taken\nat night."), ("01:02:03 to 01:02:05", "네."),
    ]  # fmt: skip
    vtt = tmp_path / "talk.vtt"
    vtt.write_text("WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:04.000 align:start\n<v Witness B>They took him.\n")
    assert passages(vtt) == [{"where": "00:00:01 to 00:00:04", "text": "They took him.", "speaker": "Witness B"}]


def test_a_message_gives_its_text_its_date_and_the_names_of_its_attachments(tmp_path):
    message = EmailMessage()
    message["From"], message["To"] = "Field team <team@example.org>", "desk@example.org"
    message["Subject"], message["Date"] = "증언 at the quay", "Sat, 15 Jun 2019 17:00:00 +0900"
    message.set_content("첫 단락.\n\nSecond paragraph,\non two lines.\n", charset="utf-8")
    message.add_attachment(b"x", maintype="image", subtype="jpeg", filename="quay.jpg")
    path = tmp_path / "message.eml"
    path.write_bytes(bytes(message))
    assert recognised(path) == "documents"
    source = read_export(path, "documents").sources[0]
    assert (source.title, source.date, source.more["attachments"]) == (
        "증언 at the quay", "2019-06-15T08:00:00Z", ["quay.jpg"],
    )  # fmt: skip
    assert [one["where"] for one in passages(path)] == ["line 1", "lines 3 to 4"]


def test_a_text_is_read_when_it_is_said_to_be_one(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("First.\n\nSecond.\n", encoding="utf-8")
    assert recognised(path) is None  # a list may be a text as well
    done = CliRunner().invoke(group, ["program", str(path), "--from", "documents"])
    assert "[line 1] First." in done.output and "[line 3] Second." in done.output


def test_a_document_is_no_list_and_says_where_its_passages_are_shown(word):
    with pytest.raises(InputRefused, match=r"text document, not a table.*corroborate program"):
        read_table(word)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n\n"), ("a.eml", b"From: a\nTo: b\nDate: x\nSubject: s\n\n"),
     ("a.vtt", b"WEBVTT\n\n\x00\x00")],
)  # fmt: skip
def test_a_document_without_words_is_refused_in_a_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=name.replace(".", r"\.")):
        read_export(path, "documents")


def test_a_word_document_that_declares_entities_or_is_damaged_is_refused(tmp_path, word):
    with zipfile.ZipFile(word) as members:
        files = {name: members.read(name) for name in members.namelist()}
    for number, body in enumerate((b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a><b>")):
        path = tmp_path / f"bad{number}.docx"
        with zipfile.ZipFile(path, "w") as members:
            for name, content in files.items():
                members.writestr(name, body if name == "word/document.xml" else content)
        with pytest.raises(InputRefused, match=path.name):
            read_export(path, "documents")
