"""A ZIP that verifies is the ZIP that anybody unpacks: whatever unpackers read differently is refused.

The tools of three houses (Info-ZIP, 7-Zip, libarchive) unpack what the verifier accepted, and the bytes are compared.
"""

import io
import random
import shutil
import struct
import subprocess
import unicodedata
import zlib
from pathlib import Path

import pytest

from corroborate.custody import verify as verifier
from corroborate.custody.verify import verify

UNPACKERS = {
    "unzip": ["unzip", "-qq", "-o", "{zip}", "-d", "{out}"],
    "7z": ["7z", "x", "-bd", "-y", "-o{out}", "{zip}"],
    "bsdtar": ["bsdtar", "-xf", "{zip}", "-C", "{out}"],
    "bsdtar from a pipe": ["sh", "-c", "cat '{zip}' | bsdtar -xf - -C '{out}'"],
}
PACKERS = {
    "zip": ["zip", "-qr", "{zip}", "{top}"],
    "zip, in 64 bits": ["zip", "-qr", "-fz", "{zip}", "{top}"],
    "zip, without attributes": ["zip", "-qrX", "{zip}", "{top}"],
    "7z": ["7z", "a", "-bd", "-tzip", "{zip}", "{top}"],
    "bsdtar": ["bsdtar", "-a", "-cf", "{zip}", "{top}"],
}
SWAPPED = Path(__file__).parents[2].parent / "shared/cases/packages/swapped.zip"


def need(tool, words):
    """Debian's 7zip is called 7zz from one version on."""
    tool(*("bsdtar",) if "bsdtar" in " ".join(words) else ("7z", "7zz") if words[0] == "7z" else (words[0],))


def run(words, *, cwd, **places):
    subprocess.run(command(words, **places), cwd=cwd, check=True, capture_output=True, timeout=60)


def command(words, **places):
    program = words[0] if shutil.which(words[0]) else {"7z": "7zz"}.get(words[0], words[0])
    return [program, *(word.format(**places) for word in words[1:])]


@pytest.fixture(scope="module")
def package(coalition):
    """Files of a small package, one with a name in Hangul, and the policy that a reader has from elsewhere."""
    log = coalition.Log([coalition.record(1), coalition.record(2), coalition.record(3)])
    files = coalition.make(log, attachments={"가나.txt": b"invented", "b.txt": b"other bytes"})
    return files, log.policy().text().encode()


@pytest.fixture
def folder(package, tmp_path):
    for name, content in package[0].items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "package"


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", PACKERS)
def test_a_package_zipped_again_passes_and_unpacks_to_what_was_read(name, package, folder, tmp_path, tool):
    need(tool, PACKERS[name])
    run(PACKERS[name], cwd=folder.parent, zip=tmp_path / "again.zip", top="package")
    result = verify(tmp_path / "again.zip", package[1])
    assert result["verdict"] == "valid", result
    for unpacker, words in UNPACKERS.items():
        need(tool, words)
        out = tmp_path / unpacker
        out.mkdir()
        run(words, cwd=tmp_path, zip=tmp_path / "again.zip", out=out)
        assert contents(out / "package") == package[0]


def test_pythons_own_zip_passes(package, folder, tmp_path):
    shutil.make_archive(str(tmp_path / "again"), "zip", folder.parent, "package")
    assert verify(tmp_path / "again.zip", package[1])["verdict"] == "valid"


class Made:
    """A ZIP file by hand, as programs that are not on this machine write it, or as nobody honest does."""

    def __init__(self):
        self.body, self.list, self.count = b"", b"", 0

    def add(
        self, name, content, *, local_name=None, extra=b"", local_extra=None, flags=0, attributes=0o100644 << 16,
        made_by=0x315, comment=b"", method=8, local=None, streamed=None, between=b"", packed=None, listed=True,
        crc=None, size=None, local_flags=None,
    ):  # fmt: skip
        name = name if isinstance(name, bytes) else name.encode()
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        if packed is None:
            packed = deflater.compress(content) + deflater.flush() if method == 8 else content
        crc, size = zlib.crc32(content) if crc is None else crc, len(content) if size is None else size
        here = local or ((0, 0, 0) if flags & 8 else (crc, len(packed), size))
        own, local_extra = local_name or name, extra if local_extra is None else local_extra
        self.body += between
        at = len(self.body)
        self.body += struct.pack(
            "<4sHHHIIIIHH", b"PK\x03\x04", 20, flags if local_flags is None else local_flags, method, 0x5A210000,
            *here, len(own), len(local_extra),
        )  # fmt: skip
        self.body += own + local_extra + packed
        if flags & 8:
            self.body += (
                streamed if streamed is not None else struct.pack("<4sIII", b"PK\x07\x08", crc, len(packed), size)
            )
        if listed:
            self.list += struct.pack(
                "<4sHHHHIIIIHHHHHII", b"PK\x01\x02", made_by, 20, flags, method, 0x5A210000, crc, len(packed), size,
                len(name), len(extra), len(comment), 0, 0, attributes, at,
            )  # fmt: skip
            self.list += name + extra + comment
            self.count += 1
        return self

    def end(self, *, before=b"", gap=b"", after=b"", comment=b"", count=None, moved=0):
        ending = struct.pack(
            "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count or self.count, count or self.count, len(self.list),
            len(self.body) + len(gap) + moved, len(comment),
        )  # fmt: skip
        return before + self.body + gap + self.list + ending + comment + after


def made(files, top="package/", **options):
    found = Made()
    for name, content in files.items():
        found.add(top + name, content, **options)
    return found


def field(number, content):
    return struct.pack("<HH", number, len(content)) + content


def second_name(raw, name):
    return field(0x7075, b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name)


def as_macos(files):
    """Finder's Compress: streamed, times and owner in 0x5855, names in UTF-8 taken apart and without the mark."""
    found = Made()
    found.add("package/", b"", method=0, attributes=0o040755 << 16, extra=field(0x5855, bytes(8)),
              local_extra=field(0x5855, bytes(12)))  # fmt: skip
    for name, content in files.items():
        own = unicodedata.normalize("NFD", f"package/{name}")
        found.add(own, content, flags=8, extra=field(0x5855, bytes(8)), local_extra=field(0x5855, bytes(12)))
    found.add("package/.DS_Store", b"\0\0\0\1Bud1", flags=8, extra=field(0x5855, bytes(8)))
    found.add("__MACOSX/package/._README.txt", b"\0\5\x16\7", flags=8, extra=field(0x5855, bytes(8)))
    return found.end()


def as_windows(files):
    """Explorer in Korea: no extra fields, DOS attributes, names in the code page of the machine."""
    found = Made()
    for name, content in files.items():
        found.add(f"package/{name}".encode("cp949"), content, made_by=0x014, attributes=0x20)
    return found.add("package/Thumbs.db", b"\xd0\xcf", made_by=0x014, attributes=0x20).end()


@pytest.mark.parametrize(("make", "names"), [(as_macos, ("._README.txt", ".DS_Store")), (as_windows, ("Thumbs.db",))])
def test_what_macos_and_windows_write_passes_and_what_they_add_is_named(make, names, package):
    result = verify(io.BytesIO(make(package[0])), package[1])
    assert result["verdict"] == "valid", result
    for name in names:
        assert any(name in note and "no part of the package" in note for note in result["checked"]["notes"])


def one(name, content, **options):
    """The package with one file packed in its own way; the last one, so that its end is the list's beginning."""
    return lambda files: made({k: v for k, v in files.items() if k != name}).add(
        f"package/{name}", content if content is not None else files[name], **options
    )


README, ATTACHED = "README.txt", "data/attachments/b.txt"
TWIN = "package/data/attachments/가나.txt"
DISHONEST = {
    "bytes before the first file": lambda f: made(f).end(before=b"MZ"),
    "bytes before it, with the places mended": lambda f: shifted(made(f), b"#!/bin/sh\nexit\n"),
    "another archive before it": lambda f: made(f).end(before=made({README: b"another"}).end()),
    "another archive before it, with the places mended": lambda f: shifted(made(f), made({README: b"another"}).end()),
    "bytes after the end": lambda f: made(f).end(after=b"\n"),
    "another archive after it": lambda f: made(f).end() + made({**f, ATTACHED: b"another"}).end(),
    "a comment": lambda f: made(f).end(comment=b"read me"),
    "an archive in the comment": lambda f: made(f).end(comment=made({README: b"another"}).end()),
    "a comment of an entry": lambda f: one(README, None, comment=b"x")(f).end(),
    "bytes between two files": lambda f: one(README, None, between=b"hidden")(f).end(),
    "bytes before the list": lambda f: made(f).end(gap=b"hidden"),
    "a file in no list": lambda f: made(f).add("package/data/evil.txt", b"x", listed=False).end(),
    "a file in no list, of a name that is": lambda f: made(f).add(f"package/{ATTACHED}", b"x", listed=False).end(),
    "fewer entries than are listed": lambda f: made(f).end(count=3),
    "another name before the file": lambda f: one(README, None, local_name=b"package/READYOU.txt")(f).end(),
    "another length before the file": lambda f: one(README, None, local=(zlib.crc32(f[README]), 5, 5))(f).end(),
    "another checksum before the file": lambda f: one(README, b"x" * 9, method=0, local=(1, 9, 9))(f).end(),
    "other flags before the file": lambda f: one(README, None, local_flags=0x800)(f).end(),
    "a second name": lambda f: one(
        ATTACHED, None, extra=second_name(f"package/{ATTACHED}".encode(), b"package/data/attachments/c.txt")
    )(f).end(),
    "a second name before the file alone": lambda f: one(
        ATTACHED, None, extra=b"", local_extra=second_name(f"package/{ATTACHED}".encode(), b"package/c.txt")
    )(f).end(),
    "a second name with a wrong checksum": lambda f: one(
        ATTACHED, None, extra=second_name(b"another", f"package/{ATTACHED}".encode())
    )(f).end(),
    "an unknown extra field": lambda f: one(README, None, extra=field(0x6375, b"\x01\0\0\0\0x"))(f).end(),
    "a field of another system": lambda f: one(README, None, extra=field(0x756E, bytes(14)))(f).end(),
    "an extra field twice": lambda f: one(README, None, extra=field(0x5455, bytes(5)) * 2)(f).end(),
    "a damaged extra field": lambda f: one(README, None, extra=b"\x55\x54\xff\0x")(f).end(),
    "sizes in 64 bits that nothing asks for": lambda f: one(
        README, None, extra=field(1, struct.pack("<Q", 5))
    )(f).end(),
    "sizes in 64 bits before the file alone": lambda f: one(
        README, None, local_extra=field(1, struct.pack("<QQ", 5, 5)), extra=b""
    )(f).end(),
    "a stream that ends before its sizes do": lambda f: one(README, f[README], packed=hidden(f[README]))(f).end(),
    "streamed and not compressed": lambda f: one(README, None, method=0, flags=8)(f).end(),
    "a wrong record after the file": lambda f: one(README, None, flags=8, streamed=b"PK\x07\x08" + bytes(12))(f).end(),
    "a link": lambda f: one(README, None, attributes=0o120777 << 16)(f).end(),
    "a folder by its attributes": lambda f: one(README, None, attributes=0x10)(f).end(),
    "a label of a disk": lambda f: one(README, None, attributes=0x08)(f).end(),
    "packed on a system with versions": lambda f: one(README, None, made_by=0x214)(f).end(),
    "a path that leads out": lambda f: made(f).add("package/../../x", b"x").end(),
    "a path from the root": lambda f: made(f).add("/x", b"x").end(),
    "a drive": lambda f: made(f).add("C:x", b"x").end(),
    "a twin in capitals": lambda f: made(f).add("package/readme.TXT", b"x").end(),
    "a twin taken apart": lambda f: made(f)
    .add(unicodedata.normalize("NFD", TWIN), b"x", flags=0x800).end(),
    "a name twice": lambda f: made(f).add(f"package/{README}", b"x").end(),
    "a name that another code page reads as another file's": lambda f: made(f)
    .add("package/data/attachments/é.txt".encode(), b"1")
    .add("package/data/attachments/├⌐.txt", b"2", flags=0x800).end(),
    "hidden bytes in what macOS added": lambda f: made(f)
    .add("__MACOSX/._x", b"x" * 9, packed=hidden(b"x" * 9)).end(),
}  # fmt: skip


WHILE_READING = ("a stream that ends before its sizes do",)


def hidden(content):
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(content) + deflater.flush() + b"PK\x03\x04 hidden"


def shifted(found, before):
    """An archive behind something else, all its places mended: the list counts from the file's beginning."""
    at, moved = 0, b""
    while at < len(found.list):
        names, extras = struct.unpack_from("<HH", found.list, at + 28)
        place = struct.unpack_from("<I", found.list, at + 42)[0] + len(before)
        moved += found.list[at : at + 42] + struct.pack("<I", place) + found.list[at + 46 : at + 46 + names + extras]
        at += 46 + names + extras
    found.list = moved
    return found.end(before=before, moved=len(before))


def test_the_zip_made_by_hand_is_a_good_one_until_it_is_changed(package):
    assert verify(io.BytesIO(made(package[0], flags=0x800).end()), package[1])["verdict"] == "valid"


@pytest.mark.parametrize("kind", DISHONEST)
def test_what_two_unpackers_could_read_differently_is_refused_by_name(kind, package):
    result = verify(io.BytesIO(DISHONEST[kind](package[0])), package[1])
    assert result["verdict"] == "invalid"
    assert len(result["failures"]) == 1, result
    assert ("log" in result["checked"]) == (kind in WHILE_READING)  # all others before any file was read


def test_a_zip_whose_extra_fields_swap_two_records_is_refused():
    if not SWAPPED.exists():
        pytest.skip("the collection of cases is not on this machine")
    result = verify(SWAPPED)
    assert result["verdict"] == "invalid"
    assert "0x7075" in result["failures"][0]
    assert "claim_01a22374580870058c5df58ffd5c2f5f" in result["failures"][0]


def test_of_any_change_to_a_zip_what_is_valid_unpacks_alike_everywhere(package, tmp_path, tool):
    """Bytes of headers, list and end are changed by chance; what the verifier still accepts, each tool unpacks."""
    chance = random.Random(1948)
    files = {name: content for name, content in package[0].items() if name.isascii()}
    files = {name: files[name] for name in sorted(files)}
    accepted, tried, whole = 0, 300, made(files).end()
    for number in range(tried):
        changed = bytearray(whole)
        at = chance.randrange(len(whole) - 2500, len(whole)) if number % 2 else chance.choice(marks(whole))
        changed[min(at + chance.randrange(46), len(whole) - 1)] = chance.choice([0, 1, 2, 8, 0x20, 0x41, 0x80, 0xFF])
        try:
            read = verifier.Zip(io.BytesIO(bytes(changed)), 1 << 30)
            held = {name: read.open(name).read() for name in read.sizes}
        except (verifier.Bad, *verifier.ZIP_FAULTS):
            continue
        accepted += 1
        if accepted <= 12:
            same_everywhere(bytes(changed), held, read.top, tmp_path / str(number), tool)
    assert 10 < accepted < tried


def marks(whole):
    return [at for at in range(len(whole) - 4) if whole[at : at + 4] in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")]


def same_everywhere(content, held, top, place, tool):
    place.mkdir()
    (place / "a.zip").write_bytes(content)
    for name, words in UNPACKERS.items():
        need(tool, words)
        out = place / name
        out.mkdir()
        places = {"zip": place / "a.zip", "out": out}
        subprocess.run(command(words, **places), capture_output=True, timeout=60, check=False)
        for path, there in contents(out / top.rstrip("/") if top else out).items():
            assert there == held[path], (name, path)
