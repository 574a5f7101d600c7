"""A ZIP file from outside is read as another program reads it, or refused in a sentence; never more than was asked."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody.archives import unpacked
from corroborate.errors import InputRefused

NAMES = st.text(st.sampled_from("abc가é-_"), min_size=1, max_size=8).map(lambda name: f"{name}.txt")
FILES = st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=5)


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(content: bytes, *, files: int = 10, each: int = 1000, whole: int = 10_000) -> dict[str, bytes]:
    return dict(unpacked("answers.zip", content, files=files, each=each, whole=whole))


@given(files=FILES, how=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_what_python_s_own_reader_finds_is_found(files, how):
    content = zipped(files, how)
    with zipfile.ZipFile(io.BytesIO(content)) as other:
        assert read(content) == {one.filename: other.read(one) for one in other.infolist()}


@given(files=FILES, cut=st.integers(1, 60))
def test_a_file_that_was_cut_is_refused(files, cut):
    content = zipped(files)
    with pytest.raises(InputRefused, match=r"answers\.zip"):
        read(content[: max(0, len(content) - cut)])


@given(files=FILES, at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_byte_that_was_changed_gives_the_same_files_or_a_refusal(files, at, bit):
    """Whatever comes out is what went in: no other content passes. Names and times bear no digest in a ZIP file."""
    content = bytearray(zipped(files))
    content[at % len(content)] ^= 1 << bit
    try:
        found = read(bytes(content))
    except InputRefused:
        return
    assert sorted(found.values()) == sorted(files.values())


def test_more_files_or_bytes_than_are_read_are_refused_before_they_are_unpacked():
    many = zipped({f"{number}.txt": b"x" for number in range(11)})
    with pytest.raises(InputRefused, match="more than 10 files"):
        read(many)
    with pytest.raises(InputRefused, match="unpacks to more"):
        read(zipped({"a.txt": b"\0" * 10_001}))
    with pytest.raises(InputRefused, match="looks made to fill a disk"):
        read(zipped({"a.txt": bytes(1 << 22)}), whole=1 << 30)


def test_of_a_file_that_is_too_long_one_byte_more_is_read():
    assert read(zipped({"a.txt": b"y" * 500}), each=100) == {"a.txt": b"y" * 101}


def test_what_is_no_zip_is_refused():
    for content in (b"", b"PK", b"corroborate/answer/v1\n", b"%PDF-1.4"):
        with pytest.raises(InputRefused, match="cannot be read"):
            read(content)
