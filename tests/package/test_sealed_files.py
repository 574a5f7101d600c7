"""A file whose digest a sealed record names: the bytes in the package are those, or the package is refused."""

import hashlib
from dataclasses import replace

import pytest

from corroborate.values import canonical

FILE = b"%PDF-1.4 the bytes of an invented letter"
PATH = "data/attachments/file_a.pdf"


def sealed_file(number: int, content: bytes) -> bytes:
    """What a vault seals of a file: its digest and length, as a record of its own."""
    return canonical({"id": f"file_{number:032x}", "digest": hashlib.sha256(content).hexdigest(), "size": len(content)})


@pytest.fixture(scope="module")
def log(coalition):
    return coalition.Log([coalition.record(1), sealed_file(2, FILE), sealed_file(3, b"another"), coalition.record(4)])


def items_of(log, *, file="file_a.pdf", **more):
    """The items of the log, the fourth withheld; the second's file lies beside it."""
    items = [replace(one, use="", until=None) for one in log.items(withheld=(3,))]
    items[1] = replace(items[1], file=file, **more)
    return items


def judged(coalition, log, attachments, items=None):
    return coalition.judge(coalition.make(log, items=items or items_of(log), attachments=attachments))


def test_a_file_stands_with_the_record_that_names_its_digest(coalition, log):
    result = judged(coalition, log, {"file_a.pdf": FILE, "beside.txt": b"typed today"})
    assert result["verdict"] == "valid"
    # beside.txt is signed alone; the sealed file is counted apart from it
    assert (result["checked"]["sealed_files"], result["checked"]["attachments"]) == (1, 1)


@pytest.mark.parametrize("content", [b"", FILE[:-1], FILE + b" ", FILE.replace(b"invented", b"intended"), b"another"])
def test_other_bytes_signed_anew_by_their_owner_are_refused(coalition, log, content):
    result = judged(coalition, log, {"file_a.pdf": content})
    assert result["verdict"] == "invalid"
    assert any("is not the file of which" in failure for failure in result["failures"])


def test_bytes_changed_on_the_way_are_named_once(coalition, log):
    files = coalition.make(log, items=items_of(log), attachments={"file_a.pdf": FILE})
    result = coalition.judge({**files, PATH: FILE.replace(b"invented", b"intended")})
    assert result["verdict"] == "invalid"
    assert sum(PATH in failure for failure in result["failures"]) == 1


def test_a_file_that_is_not_there_leaves_the_package_incomplete(coalition, log):
    files = coalition.make(log, items=items_of(log), attachments={})
    result = coalition.judge(files)
    assert result["verdict"] == "incomplete"
    assert any(PATH in failure for failure in result["failures"])


def test_two_records_cannot_both_call_one_file_theirs(coalition, log):
    items = items_of(log)
    items[2] = replace(items[2], file="file_a.pdf")
    result = judged(coalition, log, {"file_a.pdf": FILE}, items)
    assert result["verdict"] == "invalid"
    assert any("two items call it theirs" in failure for failure in result["failures"])


def test_a_record_without_a_digest_has_no_file(coalition, log):
    items = [replace(one, use="", until=None) for one in log.items(withheld=(3,))]
    items[0] = replace(items[0], file="file_a.pdf")  # an interview, which seals no file
    result = judged(coalition, log, {"file_a.pdf": FILE}, items)
    assert result["verdict"] == "invalid"


def test_a_copy_names_an_entry_of_this_log(coalition, log):
    copied = items_of(log, copy="redacted", made_of=3)
    result = judged(coalition, log, {"file_a.pdf": FILE}, copied)
    assert result["verdict"] == "valid"
    files = coalition.make(log, items=copied, attachments={"file_a.pdf": FILE})
    readme = files["README.txt"].decode()
    assert "A copy (redacted) of what entry 3 of the log holds, which is withheld." in readme
    nowhere = judged(coalition, log, {"file_a.pdf": FILE}, items_of(log, copy="redacted", made_of=77))
    assert nowhere["verdict"] == "invalid"
    assert any("which is not in the index" in failure for failure in nowhere["failures"])
