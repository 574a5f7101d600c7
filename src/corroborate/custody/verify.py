#!/usr/bin/env python3
"""Verify an evidence package, offline. Needs Python 3.9 or newer and the package `cryptography`; nothing else.

    python verify.py [PACKAGE] [--policy FILE]... [--checkpoint FILE]... [--keys FILE]... [--authority FILE]... [--json]

PACKAGE is the folder, or a ZIP of it. Exit codes: 0 valid, 1 invalid, 2 asked for wrongly, 3 incomplete. Without a
policy from elsewhere the best answer is *incomplete*: a forger writes a policy as well.

This file stands alone on purpose: it shares no code with the program that wrote the package, so that
a fault in one is not repeated by the other. Read it; the steps are numbered in `_verify`. It follows
BagIt 1.0 (RFC 8493), C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof and tlog-policy, the
Merkle proofs of RFC 9162, and RFC 3161 for timestamps. It trusts nothing that stands in the package:
whoever made the package may lie in every byte of it.
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Python would look for modules beside this file first, and a package could bring a hashlib.py of its own.
    del sys.path[0]

import argparse
import base64
import hashlib
import json
import os
import re
import stat
import struct
import time
import unicodedata
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import unquote

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.x509.oid import ExtendedKeyUsageOID
except ImportError:  # pragma: no cover - a reader's machine without it
    sys.exit("This needs Python's package `cryptography`: python -m pip install cryptography")

LARGEST_TEXT = 1 << 26  # bytes of a file that is read whole: manifests, index, policy, proofs
LARGEST_RECORD = 1 << 20  # bytes of a JSON record that is read as such; longer ones are only hashed
LARGEST_PACKAGE, MOST_FILES, DEEPEST = 1 << 38, 500_000, 4
LAST_SECOND = 253_402_300_799  # of the year 9999
ALGORITHMS = ("sha256", "sha512")
PAYLOAD = ("manifest-sha256.txt", "manifest-sha512.txt")
TAG_MANIFESTS = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")
SIGNATURE, INDEX, POLICY, HISTORY = "signature.note", "data/index.json", "data/policy.txt", "data/history.json"
CRATE = "ro-crate-metadata.json"
PLACES = (INDEX, POLICY, HISTORY, "data/prov.json", "README.txt", "verify.py", CRATE)  # beside NEEDED and folders
KEYS = "data/keys/"  # notes by which the log's key changed, each with the proof that the log holds it
COUNTERSIGNERS = 2  # other organisations that must have signed the revocation of a key
NEEDED = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt", *TAG_MANIFESTS, SIGNATURE)
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode categories: controls, direction marks, lone surrogates, line ends
AGE = b"age-encryption.org/v1"
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what operating systems leave in folders unasked
ADDED = "left there by an operating system, no part of the package"
ZIP_FAULTS = (zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError)


class Bad(Exception):
    """Something that does not fit, in words for the reader."""


class Unknown(Bad):
    """Something that this verifier cannot judge."""


# -- reading a folder or a ZIP file: names with sizes, and a way to open each ------------------------------------


def check_names(files, folders=()):
    """Refuse names that could lead out, that two systems read differently, or that a reader could mistake."""
    seen: dict = {}
    for name in files:
        _check_name(name, seen, is_file=True)
    for name in folders:
        _check_name(name, seen, is_file=False)


def _check_name(name, seen, *, is_file):
    """On some systems A.txt and a.txt are one file: the names of files and of all folders above them must differ."""
    folded = name.casefold() if name.isascii() else unicodedata.normalize("NFC", name).casefold()
    what = (name, is_file)
    if seen.setdefault(folded, what) != what:
        raise Bad(f"{name!r}: its name is too much like {seen[folded][0]!r}")
    above, _, last = name.rpartition("/")
    hidden = not (last.isascii() and last.isprintable()) and any(unicodedata.category(c) in HIDDEN for c in last)
    if hidden or len(name) > 1024 or re.search(r'[\\:*?"<>|%]', last):
        raise Bad(f"{name!r}: its name holds characters that no package of ours uses")
    if not last or last != last.strip() or last.endswith("."):
        raise Bad(f"{name!r}: its name leads out of the package, or is read differently elsewhere")
    if "/" in name and seen.get(above.casefold()) != (above, False):
        _check_name(above, seen, is_file=False)


class Folder:
    """A package as a folder. Links and special files are refused: what they show is not in the package."""

    def __init__(self, path):
        self.path = path
        self.paths: dict = {}
        self.remarks: list = []
        sizes: dict = {}
        self._list(path, "", sizes)
        check_names(sizes)
        self.paths = {composed(name): name for name in sizes}
        self.sizes = {composed(name): size for name, size in sizes.items()}

    def _list(self, folder, prefix, sizes):
        for found in sorted(os.scandir(folder), key=lambda entry: entry.name):
            name, about = prefix + found.name, found.stat(follow_symlinks=False)
            if stat.S_ISDIR(about.st_mode):
                if name.count("/") > 40:
                    raise Bad(f"{name!r}: folders within folders without end")
                self._list(found.path, name + "/", sizes)
            elif not stat.S_ISREG(about.st_mode):
                raise Bad(f"{name!r}: a link or a special file, not a file of the package")
            elif is_litter(name):
                self.remarks.append(f"{name}: {ADDED}")
            else:
                sizes[name] = about.st_size
            if len(sizes) > MOST_FILES:
                raise Bad("the folder holds more files than any package of ours")

    def open(self, name):
        return (self.path / self.paths[name]).open("rb")

    def close(self):
        return None


def composed(name):
    """One spelling of a name: some systems hand a file's accents and Hangul back taken apart (NFD)."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


class Within:
    """A package that lies in another one."""

    def __init__(self, outer, prefix):
        self.outer, self.prefix, self.remarks = outer, prefix, []
        self.sizes = {name[len(prefix) :]: size for name, size in outer.sizes.items() if name.startswith(prefix)}

    def open(self, name):
        return self.outer.open(self.prefix + name)


class Watched:
    """A package whose reader is told how many of its files were opened."""

    def __init__(self, source, tell):
        self.source, self.tell, self.opened = source, tell, set()
        self.sizes, self.remarks = source.sizes, source.remarks

    def open(self, name):
        self.opened.add(name)
        self.tell(len(self.opened), len(self.sizes))
        return self.source.open(name)


# -- a ZIP file, read more strictly than by anybody who unpacks it -------------------------------------------------
#
# Unpackers differ: one believes the list at the end, one the headers before each file, one an extra field, one looks
# for a second archive in front of the first. So nothing may stand in the file that one of them could take for
# another name, size or place: the first header begins the file, each entry begins where the one before it ended, the
# list follows at once, and the record that names the list is the end. PKWARE's APPNOTE 6.3.10 numbers the fields.

HARMLESS = {  # extra fields that hold times and owners alone, as Info-ZIP, Windows and macOS write them
    0x000A: "times of Windows", 0x5455: "times", 0x5855: "times and owner", 0x7855: "owner", 0x7875: "owner",
}  # fmt: skip
UNICODE_NAME, ZIP64, FULL, FULL16 = 0x7075, 0x0001, 0xFFFFFFFF, 0xFFFF
ENCRYPTED, STREAMED, UTF8_NAME = 1, 8, 0x800  # flags; 2 and 4 say how hard the packer tried
PAGES = (  # in which systems write a name that is not marked as UTF-8
    "cp437", "cp850", "cp852", "cp866", "cp932", "cp949", "cp936", "cp950", "cp1250", "cp1251", "cp1252", "mac_roman",
)  # fmt: skip
AGAIN = "unpack it, look at the files, and zip them again"


class Damaged(Bad, ValueError):
    """A file in a ZIP file that does not unpack to what the ZIP file says."""


class Entry:
    """One entry of the list at the end of a ZIP file: where its header is, and how many bytes it is and becomes."""

    def __init__(self, fixed, raw, extra):
        (
            made_by, self.needed, self.flags, self.method, self.when, self.crc, self.packed, self.size, _, _, _, _, _,
            attributes, self.at,
        ) = fixed  # fmt: skip
        self.raw, self.system, self.attributes, self.disk = raw, made_by >> 8, attributes, fixed[11]
        self.begins = 0
        self.name, self.readings = read_name(raw, self.flags)
        self.is_folder = self.name.endswith("/")
        fields = extra_fields(extra, self.name)
        sizes = [("size", FULL), ("packed", FULL), ("at", FULL), ("disk", FULL16)]
        wanted = [key for key, full in sizes if getattr(self, key) == full]
        for key, value in zip(wanted, long_fields(fields, wanted, self.name)):  # noqa: B905
            setattr(self, key, value)
        check_unicode_name(fields, raw, self.name)

    def check(self):
        kind, what = stat.S_IFMT(self.attributes >> 16), repr(self.name)
        if kind not in (0, stat.S_IFDIR if self.is_folder else stat.S_IFREG) or self.flags & ENCRYPTED:
            raise Bad(f"{what}: a link, a special file, or encrypted within the ZIP file")
        if self.attributes & 0x448 or (self.attributes & 0x10 and not self.is_folder):  # label, device, reparse, folder
            raise Bad(f"{what}: the ZIP file calls it no plain file, so that some programs unpack it as another thing")
        if self.needed & 0xFF > 63:  # of APPNOTE: programs that know no such version unpack nothing of it
            raise Bad(f"{what}: asks for a program that does not exist")
        if self.method not in (0, 8):
            raise Bad(f"{what}: compressed in a way that no package of ours uses")
        if self.flags & ~(STREAMED | UTF8_NAME | 6) or self.system not in (0, 3, 10, 11, 14, 19) or self.disk:
            raise Bad(f"{what}: packed in a way that programs read differently; {AGAIN}")
        if self.method == 0 and self.packed != self.size:
            raise Bad(f"{what}: the ZIP file gives it two sizes")
        if self.is_folder and (self.size or self.packed > 2):
            raise Bad("the ZIP file holds a folder with a content")


def read_name(raw, flags):
    """A name, and all other names as which a program may read its bytes."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & UTF8_NAME:
            raise Bad(f"{raw[:80]!r}: a name in the ZIP file is no UTF-8") from None
        name = raw.decode("cp437")
    readings = set()
    if not raw.isascii() and not flags & UTF8_NAME:
        for page in PAGES:
            try:
                readings.add(raw.decode(page))
            except UnicodeDecodeError:
                continue
    return name, readings - {name}


def extra_fields(extra, name):
    """The extra fields of one header by their numbers."""
    found: dict = {}
    at = 0
    while at < len(extra):
        number, length = struct.unpack_from("<HH", extra, at) if at + 4 <= len(extra) else (None, 0)
        if number is None or at + 4 + length > len(extra) or number in found:
            raise Bad(f"{name!r}: its extra fields in the ZIP file are damaged; {AGAIN}")
        if number not in HARMLESS and number not in (UNICODE_NAME, ZIP64):
            raise Bad(f"{name!r}: an extra field in the ZIP file ({number:#06x}) can change what is unpacked; {AGAIN}")
        found[number] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def check_unicode_name(fields, raw, name):
    """Info-ZIP's second name (0x7075) may only repeat the first: Info-ZIP and others unpack to the second."""
    field = fields.get(UNICODE_NAME)
    if field is not None and (field[:1] != b"\x01" or field[1:5] != _crc(raw) or field[5:] != name.encode()):
        raise Bad(
            f"{name!r}: an extra field in the ZIP file (0x7075) gives it another name, under which other programs "
            f"unpack it: what you would see is not what was checked; {AGAIN}"
        )


def _crc(raw):
    return struct.pack("<I", zlib.crc32(raw))


def long_fields(fields, wanted, name):
    """The sizes and places that do not fit into a header's own fields (APPNOTE 4.5.3): those, and no others."""
    form = "<" + "".join("I" if key == "disk" else "Q" for key in wanted)
    held = fields.get(ZIP64, b"")
    if len(held) != struct.calcsize(form) or bool(wanted) != (ZIP64 in fields):
        raise Bad(f"{name!r}: the ZIP file gives it two sizes or two places; {AGAIN}")
    return struct.unpack(form, held)


def _exactly(file, at, length):
    file.seek(at)
    content = file.read(length)
    if len(content) != length:
        raise Bad("the ZIP file is cut off")
    return content


def zip_list(file):
    """Where the list of entries begins, its bytes, and how many entries it has. The list ends where the end begins."""
    length = file.seek(0, 2)
    if length < 22:
        raise Bad("it is neither a folder nor a ZIP file")
    ending = _exactly(file, length - 22, 22)
    if not ending.startswith(b"PK\x05\x06") or ending[20:] != b"\0\0":
        if ending.startswith(b"PK\x05\x06") or _ends_earlier(file, length):
            raise Bad(f"something stands after the end of the ZIP file, or it has a comment; {AGAIN}")
        raise Bad("it is no ZIP file, or it is cut off")
    disk, first, here, count, size, begins, _ = struct.unpack_from("<4H2IH", ending, 4)
    end = length - 22
    locator = _exactly(file, end - 20, 20) if end >= 76 else b""
    if locator.startswith(b"PK\x06\x07"):
        end -= 76
        of_disk, place, disks = struct.unpack_from("<IQI", locator, 4)
        record = struct.unpack("<4sQHHIIQQQQ", _exactly(file, end, 56))
        short, long = (disk, first, here, count, size, begins), record[4:]
        full = (FULL16, FULL16, FULL16, FULL16, FULL, FULL)
        fits = record[:2] == (b"PK\x06\x06", 44) and (of_disk, place, disks) == (0, end, 1)
        if not fits or any(a not in (b, c) for a, b, c in zip(short, long, full)):  # noqa: B905
            raise Bad(f"the ZIP file has two ends that differ; {AGAIN}")
        disk, first, here, count, size, begins = long
    if (disk, first) != (0, 0) or here != count or begins + size != end:
        raise Bad(f"the ZIP file is not in one piece: something stands before its files or before its end; {AGAIN}")
    if count > MOST_FILES or size > 1 << 28:
        raise Bad("the ZIP file holds more files than any package of ours")
    return begins, _exactly(file, begins, size), count


def _ends_earlier(file, length):
    return b"PK\x05\x06" in _exactly(file, max(0, length - 66_000), min(length, 66_000))


def zip_entries(file):
    """All entries, in the order in which they lie in the file. Raises Bad where two programs could read two things."""
    end, listed, count = zip_list(file)
    found, at = [], 0
    for _ in range(count):
        if listed[at : at + 4] != b"PK\x01\x02" or at + 46 > len(listed):
            raise Bad("the list of the ZIP file is damaged")
        fixed = struct.unpack_from("<HHHHIIIIHHHHHII", listed, at + 4)
        names, extras, comment = fixed[8:11]
        at += 46 + names + extras + comment
        if comment or at > len(listed):
            raise Bad(f"an entry of the ZIP file has a comment, or is cut off; {AGAIN}")
        found.append(Entry(fixed, listed[at - extras - names : at - extras], listed[at - extras : at]))
    if at != len(listed):
        raise Bad(f"something stands after the list of the ZIP file; {AGAIN}")
    found.sort(key=lambda one: one.at)
    expected = 0
    for one, following in zip(found, [*(one.at for one in found[1:]), end]):  # noqa: B905
        one.check()
        if one.at != expected:
            raise Bad(f"something stands before {one.name!r} in the ZIP file, or two files share bytes; {AGAIN}")
        _local(file, one, following)
        expected = following
    if expected != end:
        raise Bad(f"something stands in the ZIP file that its list does not name; {AGAIN}")
    return found


def _local(file, entry, following):
    """The header before a file says what the list says, and the file ends where the next one begins."""
    what = f"{entry.name!r}: the ZIP file describes it twice, and differently; {AGAIN}"
    header = _exactly(file, entry.at, 30)
    needed, flags, method, when, crc, packed, size, names, extras = struct.unpack_from("<HHHIIIIHH", header, 4)
    raw, extra = _exactly(file, entry.at + 30, names), _exactly(file, entry.at + 30 + names, extras)
    if (
        header[:4] != b"PK\x03\x04"
        or needed & 0xFF > 63
        or (flags, method, when, raw) != (entry.flags, entry.method, entry.when, entry.raw)
    ):
        raise Bad(what)
    fields = extra_fields(extra, entry.name)
    check_unicode_name(fields, raw, entry.name)
    if FULL in (size, packed) or ZIP64 in fields:
        if (size, packed) != (FULL, FULL):
            raise Bad(what)
        size, packed = long_fields(fields, ["size", "packed"], entry.name)
    streamed = flags & STREAMED
    for said, listed in ((crc, entry.crc), (packed, entry.packed), (size, entry.size)):
        if said != listed and (said or not streamed):
            raise Bad(what)
    if streamed and not entry.method and entry.size:  # without a size before it, who reads on must guess where it ends
        raise Bad(f"{entry.name!r}: the ZIP file does not say before it where it ends; {AGAIN}")
    entry.begins = entry.at + 30 + names + extras
    _descriptor(file, entry, following, what)


def _descriptor(file, entry, following, what):
    """After a file whose header left them out stand its checksum and sizes, of 4 or 8 bytes, with a mark or without."""
    after = entry.begins + entry.packed
    if not entry.flags & STREAMED:
        if after != following:
            raise Bad(f"something stands after {entry.name!r} in the ZIP file, or two files share bytes; {AGAIN}")
        return
    if not 12 <= following - after <= 24:
        raise Bad(what)
    held = _exactly(file, after, following - after)
    held = held[4:] if len(held) in (16, 24) and held.startswith(b"PK\x07\x08") else held
    forms = [struct.pack(form, entry.crc, entry.packed, entry.size) for form in ("<III", "<IQQ") if _short(form, entry)]
    if held not in forms:
        raise Bad(what)


def _short(form, entry):
    return "Q" in form or max(entry.packed, entry.size) <= FULL


class Packed:
    """Reads one file of a ZIP file, and refuses it at its end when it is not what the ZIP file said."""

    def __init__(self, file, entry):
        self.file, self.entry = file, entry
        self.at, self.left = entry.begins, entry.packed
        self.crc = self.given = 0
        self.inflate = zlib.decompressobj(-15) if entry.method else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def _more(self, most):
        """Up to that many bytes; none at the end."""
        if self.inflate is None:
            return self._raw(most)
        while not self.inflate.eof:
            held = self.inflate.unconsumed_tail or self._raw(1 << 16)
            made = self.inflate.decompress(held, most)
            if made or (not held and not self.inflate.eof):
                return made
        return b""

    def _raw(self, most):
        self.file.seek(self.at)
        part = self.file.read(min(most, self.left))
        self.at, self.left = self.at + len(part), self.left - len(part)
        return part

    def read(self, most=-1):
        parts, wanted = [], self.entry.size + 1 if most < 0 else most
        while wanted > 0:
            part = self._more(min(wanted, 1 << 20))
            if not part:
                self._end()
                break
            self.crc, self.given, wanted = zlib.crc32(part, self.crc), self.given + len(part), wanted - len(part)
            if self.given > self.entry.size:
                raise Damaged("it is longer than the ZIP file says")
            parts.append(part)
        return b"".join(parts)

    def _end(self):
        rest = self.left or (self.inflate is not None and (self.inflate.unused_data or not self.inflate.eof))
        if rest or self.given != self.entry.size:
            raise Damaged("it does not unpack to the length that the ZIP file says")
        if self.crc != self.entry.crc:
            raise Damaged("Bad CRC-32: it does not unpack to what the ZIP file says")


class Zip:
    """A package as a ZIP file, not unpacked. ``path`` may be an open file as well."""

    def __init__(self, path, most):
        self.owned = not hasattr(path, "read")
        self.file = Path(path).open("rb") if self.owned else path  # noqa: SIM115 - closed by `close`
        try:
            self._read(most)
        except BaseException:
            self.close()
            raise

    def _read(self, most):
        entries = zip_entries(self.file)
        if sum(one.size for one in entries) > most:
            raise Bad("the ZIP file unpacks to more than is read here, or than any package of ours")
        if any(one.size > 1 << 20 and one.size > 200 * max(one.packed, 1) for one in entries):
            raise Bad("the ZIP file is packed so tightly that it looks made to fill a disk")
        if len({one.name for one in entries}) != len(entries):
            raise Bad("the ZIP file holds two files of one name")
        files = [one for one in entries if not one.is_folder]
        folders = {one.name[:-1] for one in entries if one.is_folder}
        check_names([one.name for one in files], folders)
        _check_readings(entries)
        unmarked = [one.name for one in entries if one.readings]
        self.remarks = []
        if unmarked:
            more = f" and {len(unmarked) - 1} more" if len(unmarked) > 1 else ""
            no = "not marked as UTF-8 in the ZIP file; some programs unpack them under other names"
            self.remarks.append(f"{unmarked[0]}{more}: {no}")
        self._sort(files, folders)

    def _sort(self, files, folders):
        """What the package holds, and what the system that zipped it added."""
        added = [one for one in files if is_litter(one.name)]
        ours = [one for one in files if not is_litter(one.name)]
        for one in added:  # nobody reads them, and yet they must end where the ZIP file says
            with Packed(self.file, one) as file:
                while file.read(1 << 20):
                    pass
        tops = {one.name.split("/", 1)[0] for one in ours}
        within = all("/" in one.name for one in ours) and len(tops) == 1
        self.top = tops.pop() + "/" if within else ""
        used = {one.name[:at] for one in files for at, letter in enumerate(one.name) if letter == "/"}
        self.remarks += [f"{name}: {ADDED}" for name in sorted(self._inside(one.name) for one in added)]
        self.remarks += [f"{name}/: an empty folder, no part of the package" for name in sorted(folders - used)]
        self.entries = {composed(one.name[len(self.top) :]): one for one in ours}
        self._spell([one for one in ours if one.readings])
        self.sizes = {name: one.size for name, one in self.entries.items()}

    def _inside(self, name):
        return name[len(self.top) :] if name.startswith(self.top) else name

    def _spell(self, unmarked):
        """A Korean Windows writes its own code page: of all readings of such a name, take the one that is listed."""
        lists = [self.entries[name] for name in PAYLOAD if name in self.entries and unmarked]
        listed: set = set()
        for one in lists:
            if one.size <= LARGEST_TEXT:
                text = self.open_entry(one).read().decode("utf-8", "replace")
                listed |= {composed(line.partition("  ")[2]) for line in text.split("\n")}
        for one in unmarked:
            inside = [reading.split("/", 1)[-1] if self.top else reading for reading in sorted(one.readings)]
            other = next((name for name in map(composed, inside) if name in listed), None)
            own = composed(one.name[len(self.top) :])
            if own not in listed and other is not None and other not in self.entries:
                self.entries[other] = self.entries.pop(own)

    def open_entry(self, entry):
        return Packed(self.file, entry)

    def open(self, name):
        return self.open_entry(self.entries[name])

    def close(self):
        if self.owned:
            self.file.close()


def _check_readings(entries):
    """A name without its encoding is read in several ways: none of them may be another file's name."""
    taken: dict = {one.name.casefold(): one for one in entries}
    for one in entries:
        for reading in one.readings:
            if taken.setdefault(reading.casefold(), one) is not one:
                raise Bad(f"{one.name!r}: some programs would unpack it in the place of another file; {AGAIN}")


def is_litter(name):
    """What operating systems leave in folders and ZIP files unasked."""
    last = name.rsplit("/", 1)[-1]
    return last in LITTER or last.startswith("._") or name.startswith("__MACOSX/")


# -- notes, checkpoints and proofs: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof ----------------


def decode(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Bad(f"{text[:40]!r} is no base64") from error
    if base64.b64encode(raw).decode() != text:  # spare bits set: two spellings of one signature
        raise Bad(f"{text[:40]!r} is no canonical base64")
    return raw


def digits(raw: bytes) -> str:
    """Ten groups of four digits, to be read aloud."""
    number = f"{int.from_bytes(hashlib.sha256(raw).digest(), 'big') % 10**40:040}"
    return " ".join(number[at : at + 4] for at in range(0, 40, 4))


# The points of small order of Curve25519 in all their encodings, without the sign bit. Under such a "key" a
# signature that anybody can make holds for any text.
_PRIME = 2**255 - 19
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = {0, 1, _PRIME - 1, _PRIME, _PRIME + 1, _EIGHTH, _PRIME - _EIGHTH}


class Key:
    """A verifier key: ``name+id+base64(kind, public key)``. Kind 1 signs logs, kind 4 cosigns; others never count."""

    def __init__(self, text):
        try:
            self.name, identifier, encoded = text.split("+", 2)
        except ValueError as error:
            raise Bad(f"{text[:60]!r} is no verifier key") from error
        raw = decode(encoded)
        self.text, self.kind, self.public = text, raw[:1], raw[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if not self.name or self.id.hex() != identifier or not self.public:
            raise Bad(f"the verifier key of {self.name} is damaged")
        if self.kind in (b"\x01", b"\x04"):
            point = int.from_bytes(self.public, "little") & ((1 << 255) - 1)
            if len(self.public) != 32 or point in SMALL_ORDER:
                raise Bad(f"the verifier key of {self.name} is none that anybody could keep secret")

    @property
    def fingerprint(self):
        return digits(self.text.encode())


def signatures(note, keys):
    """Text of a note, how many signed it, and for each known key the seconds of its cosignature (or None)."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Bad("a signed note is not UTF-8") from error
    if len(note) > 1 << 20 or any(ord(letter) < 32 and letter != "\n" for letter in whole):
        raise Bad("a signed note is too long or holds control characters")
    text, gap, block = whole.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise Bad("a signed note has no signatures")
    text, lines = text + "\n", block[:-1].split("\n")
    signed: dict = {}
    for line in lines:
        found = re.fullmatch("\u2014 ([^\\s+]+) (\\S+)", line)
        raw = decode(found[2]) if found else b""
        if found is None or len(raw) < 5:
            raise Bad("a signed note holds a line that is no signature")
        for key in keys:
            if key.name == found[1] and key.id == raw[:4] and key.kind in (b"\x01", b"\x04"):
                signed.setdefault(key, check_signature(key, text, raw[4:]))
    return text, len(lines), signed


def check_signature(key, text, raw):
    message, seconds = text.encode(), None
    if key.kind == b"\x04":
        seconds, raw = int.from_bytes(raw[:8], "big"), raw[8:]
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        if seconds > LAST_SECOND:
            raise Bad(f"the cosignature of {key.name} is of no time in any calendar")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
    except (InvalidSignature, ValueError) as error:
        raise Bad(f"the signature of {key.name} does not hold") from error
    return seconds


def read_checkpoint(text):
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not re.fullmatch(r"(0|[1-9][0-9]{0,18})", lines[1]):
        raise Bad("a checkpoint has not its three lines: origin, size, root")
    root = decode(lines[2])
    if len(root) != 32:
        raise Bad("the root in a checkpoint is not 32 bytes long")
    return lines[0], int(lines[1]), root


class Policy:
    """Whose signatures count (C2SP tlog-policy): logs, witnesses, groups of either, and one quorum.

    A log whose key changed keeps its name, so a name may have several keys. Stricter than the specification: a key is
    never both a log's and a witness's, and nobody is in two groups.
    """

    def __init__(self, content):
        try:
            lines = content.decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise Bad("the policy is not UTF-8") from error
        self.logs: list = []
        self.witnesses: dict = {}
        self.groups: dict = {}
        self.checked: dict = {}
        quorums: list = []
        for line in lines:
            words = [word for word in re.split(r"[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                self._read(words, line, quorums)
        if len(quorums) != 1:
            raise Bad(f"the policy names {len(quorums)} quorums, not one")
        self.quorum = quorums[0]
        publics = [key.public for key in self.logs] + [key.public for key in self.witnesses.values()]
        if not self.logs or len(set(publics)) != len(publics):
            raise Bad("the policy names no log, or one key twice: a log cannot witness itself, nor anybody twice")
        self.least, self.counted = (0, []) if self.quorum == "none" else self._members(self.quorum)

    def _read(self, words, line, quorums):
        known = {**self.witnesses, **self.groups}
        grouped = [name for _, members in self.groups.values() for name in members]
        if words[0] == "log" and len(words) in (2, 3):
            self.logs.append(Key(words[1]))
            fits = self.logs[-1].kind == b"\x01"
        elif words[0] == "witness" and len(words) in (3, 4):
            fits = words[1] not in known and words[1] != "none"
            self.witnesses[words[1]] = Key(words[2])
            fits = fits and self.witnesses[words[1]].kind != b"\x01"
        elif words[0] == "group" and len(words) > 3:
            members = words[3:]
            count = {"all": str(len(members)), "any": "1"}.get(words[2], words[2])
            fits = words[1] not in known and words[1] != "none" and set(members) <= set(known)
            fits = fits and len({*members, *grouped}) == len(members) + len(grouped)
            fits = fits and bool(re.fullmatch(r"[1-9][0-9]{0,3}", count))
            fits = fits and int(count) <= len(members)
            self.groups[words[1]] = (int(count), members) if fits else (1, [])
        else:
            fits = words[0] == "quorum" and len(words) == 2 and (words[1] == "none" or words[1] in known)
            quorums += words[1:]
        if not fits:
            raise Bad(f"the policy's line {line[:80]!r} is not understood")

    def _members(self, name):
        """How many members of a group are asked for, and its witnesses by name, in groups within groups as well."""
        if name in self.witnesses:
            return 1, [name]
        least, members = self.groups[name]
        found = []
        for member in members:
            found += [one for one in self._members(member)[1] if one not in found]
        return least, found

    def _fulfilled(self, name, signed):
        if name == "none" or name in self.witnesses:
            return name == "none" or name in signed
        least, members = self.groups[name]
        return sum(self._fulfilled(member, signed) for member in members) >= least

    def checkpoint(self, note, log):
        """Size, root, witnesses' times, text and signing key of a checkpoint of that log which fulfils the policy."""
        if (note, log) not in self.checked:
            keys = self.keys_of(log)
            text, _, signed = signatures(note, [*keys, *self.witnesses.values()])
            origin, size, root = read_checkpoint(text)
            signer = next((key for key in keys if key in signed), None)
            if origin != log or signer is None:
                raise Bad(f"{log} has not signed the checkpoint, or it is of another log")
            times = self.times(signed)
            if not self.fulfilled(times):
                raise Bad(f"{len(times)} witnesses have cosigned the checkpoint; the policy asks for {self.asked}")
            self.checked[note, log] = (size, root, times, text, signer)
        return self.checked[note, log]

    def times(self, signed):
        """By witness: the second at which it cosigned."""
        return {name: signed[key] for name, key in self.witnesses.items() if signed.get(key) is not None}

    def fulfilled(self, signed):
        return self._fulfilled(self.quorum, signed)

    def voices(self, signed):
        """How many organisations are among some witnesses: all seats of one are one group under the quorum."""
        tops = self.groups[self.quorum][1] if self.quorum in self.groups else list(self.witnesses)
        return sum(bool(set(self._members(top)[1]) & set(signed)) for top in tops)

    def keys_of(self, log):
        return [key for key in self.logs if key.name == log]

    @property
    def asked(self):
        if self.quorum == "none":
            return "0 of 0"
        plain = self.quorum in self.witnesses or set(self.groups[self.quorum][1]) <= set(self.witnesses)
        return f"{self.least} of {len(self.counted)}" if plain else f"{self.quorum}, of {len(self.counted)} in groups"


# -- the keys of a log over time: notes of ours (docs/reference/custody-files.md, "Key change") ----------------------

_CHANGE = re.compile(
    "corroborate key change v1\nwhy (rotation|revocation)\nold ([^ \n]+)\nnew ([^ \n]+)\n"
    "size (0|[1-9][0-9]{0,18})\nat ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n"
)


class Change:
    """From one key of a log to the next. Checkpoints of up to ``size`` entries stand under the old key, others do not.

    A rotation is signed by both keys. A revocation is signed by the new one and by two other organisations, since
    whoever stole the old key would otherwise name its heir; they are found among the policy's witnesses.
    """

    def __init__(self, note, policy):
        peers = {name: _of_log(key) for name, key in policy.witnesses.items() if key.kind == b"\x04"}
        self.text, _, _ = signatures(note, [])
        found = _CHANGE.fullmatch(self.text)
        if found is None:
            raise Bad("is no change of a log's key")
        self.why, self.old, self.new, self.size = found[1], Key(found[2]), Key(found[3]), int(found[4])
        try:
            at = datetime.strptime(found[5], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        except ValueError as error:
            raise Bad("is of no time in any calendar") from error
        self.at = int(at.timestamp())
        if self.old.name != self.new.name or self.old.public == self.new.public:
            raise Bad("a log keeps its name when its key changes, and takes another key")
        if (self.old.kind, self.new.kind) != (b"\x01", b"\x01"):
            raise Bad("names a key that signs no log")
        _, _, signed = signatures(note, [self.old, self.new, *peers.values()])
        if self.new not in signed or (self.why == "rotation" and self.old not in signed):
            raise Bad("is not signed by the keys that it names")
        heard = policy.voices([name for name, key in peers.items() if key in signed])
        self.heard = self.why == "rotation" or heard >= COUNTERSIGNERS
        if not self.heard and policy.voices(policy.witnesses) >= COUNTERSIGNERS:
            raise Bad(f"{heard} other organisations have signed this revocation; it takes {COUNTERSIGNERS}")


def _of_log(key):
    """The key with which a witness signs as a member: of the same pair as the one with which it cosigns."""
    raw = b"\x01" + key.public
    identifier = hashlib.sha256(key.name.encode() + b"\n" + raw).digest()[:4].hex()
    return Key(f"{key.name}+{identifier}+{base64.b64encode(raw).decode()}")


class Keys:
    """Which key of a log counts for which checkpoint. The policy names the newest key first.

    ``given``: notes that the reader has from elsewhere. ``carried``: notes of the package by the names of their files.
    """

    def __init__(self, policy, log, given, carried):
        self.policy, self.log, self.newest = policy, log, policy.keys_of(log)[0]
        self.changes: dict = {}  # by the text of the key that each replaces
        self.carried, self.missing, self.heeded = [], [], 0
        for note in given:
            change = _change("a change of key that was given", note, policy)
            if change.old.name == log:
                self._add("a change of key that was given", change)
                self.heeded += 1
        outside = {change.new.text for change in self.changes.values()}
        for name, note in carried:
            change = _change(name, note, policy)
            if change.new.text not in outside and change.new.text not in [key.text for key in policy.keys_of(log)]:
                raise Bad(f"{name}: names a key that the policy does not know")
            self._add(name, change)
            self.carried.append((name, note, change))
        for name, _, change in self.carried:
            self._follow(name, change, outside)

    def _add(self, name, change):
        if self.changes.setdefault(change.old.text, change).text != change.text:
            raise Bad(f"{name}: another note gives the same key another heir or another end. Keep both as proof.")
        if not change.heard:
            self.missing.append(f"{name}: the policy knows no two organisations that could have signed this revocation")

    def _follow(self, name, change, outside):
        """No cut-off lies before an earlier one, no key comes back, and the last key is one known from elsewhere."""
        seen = {change.old.text}
        while change.new.text in self.changes:
            following = self.changes[change.new.text]
            if following.size < change.size or following.new.text in seen:
                raise Bad(f"{name}: the changes of the key contradict one another")
            seen.add(change.new.text)
            change = following
        if change.new.text not in {self.newest.text, *outside}:
            self._lacks()

    def _lacks(self):
        lacks = f"{KEYS}: does not say until when an earlier key of {self.log} counted; ask for its changes of key"
        self.missing += [] if lacks in self.missing else [lacks]

    def check(self, signer, size, times):
        """Whether a key stands for a checkpoint of that size which these witnesses cosigned at these seconds."""
        change = self.changes.get(signer.text)
        if change is None:
            if signer.text != self.newest.text:
                self._lacks()
            return
        if size > change.size:
            raise Bad(f"the key that signed was replaced at {change.size} entries; this checkpoint has {size}")
        before = [name for name, at in times.items() if at < change.at]
        if change.why == "revocation" and not (before and self.policy.fulfilled(before)):
            raise Bad("the key that signed was revoked, and no quorum had cosigned before that")

    def revoked(self, signer):
        change = self.changes.get(signer.text)
        return change is not None and change.why == "revocation"


def _change(name, note, policy):
    try:
        return Change(note, policy)
    except Bad as error:
        raise Bad(f"{name}: {error}") from error


# -- Merkle proofs --------------------------------------------------------------------------------------------------


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_root(entry, index, size, proof):
    """RFC 9162, section 2.1.3.2: the root to which the proof leads."""
    if not 0 <= index < size:
        raise Bad(f"there is no entry {index} in a log of {size}")
    at, last, current = index, size - 1, hashlib.sha256(b"\x00" + entry).digest()
    for part in proof:
        if last == 0:
            raise Bad("a proof is too long")
        if at & 1 or at == last:
            current = node(part, current)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            current = node(current, part)
        at, last = at >> 1, last >> 1
    if last:
        raise Bad("a proof is too short")
    return current


def consistency_roots(old, size, proof, old_root):
    """RFC 9162, section 2.1.4.2: the old and the new root to which the proof leads. Size 0 proves nothing."""
    if not 0 < old < size:
        raise Bad(f"no proof leads from {old} entries to {size}")
    parts = list(proof) if old & (old - 1) else [old_root, *proof]
    if not parts:
        raise Bad("a proof is empty")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = parts[0]
    for part in parts[1:]:
        if last == 0:
            raise Bad("a proof is too long")
        if at & 1 or at == last:
            first, second = node(part, first), node(part, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, part)
        at, last = at >> 1, last >> 1
    if last:
        raise Bad("a proof is too short")
    return first, second


def read_proof(content):
    """Salt, index, hashes and checkpoint of a .tlog-proof."""
    head, gap, note = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Bad("a proof is not plain text") from error
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Bad("a proof is of an unknown form")
    salt = decode(lines.pop(1)[6:]) if lines[1:2] and lines[1].startswith("extra ") else b""
    if len(lines) < 2 or not re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1]):
        raise Bad("a proof names no index")
    proof = [decode(line) for line in lines[2:]]
    if len(proof) > 63 or any(len(part) != 32 for part in proof):
        raise Bad("a proof holds something that is no hash")
    return salt, int(lines[1][6:]), proof, note


# -- trusted time: RFC 3161 tokens in DER -------------------------------------------------------------------------

_HASHES = {
    "608648016503040201": hashes.SHA256,
    "608648016503040202": hashes.SHA384,
    "608648016503040203": hashes.SHA512,
}
_TST_INFO, _DIGEST = "2a864886f70d010910" + "0104", "2a864886f70d010904"  # id-ct-TSTInfo, messageDigest


def der(data):
    """The elements of a DER value: [(tag, content, whole)]."""
    found, at = [], 0
    while at < len(data):
        start, tag, length = at, data[at], data[at + 1] if at + 1 < len(data) else 255
        at += 2
        if length > 127:
            count = length & 127
            if not 0 < count < 5 or at + count > len(data):
                raise Unknown("not in the form of RFC 3161")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > len(data):
            raise Unknown("not in the form of RFC 3161")
        found.append((tag, data[at : at + length], data[start : at + length]))
        at += length
    return found


def read_stamp(raw):
    """A token's parts: kind and digest of what was stamped, time, what is signed, the signature, the certificates."""
    try:
        outer = der(der(raw)[0][1])
        if outer[0][0] == 0x30:  # a whole response: its status, and then the token
            outer = der(outer[1][1])
        signed = der(der(outer[1][1])[0][1])
        kind, content = der(signed[2][1])
        info = der(content[1])[0][1]
        fields = der(der(info)[0][1])
        imprint = der(fields[2][1])
        time = datetime.strptime(fields[4][1].decode("ascii")[:14], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
        signer = [one for one in der(der(signed[-1][1])[0][1]) if one[0] != 0xA1]
        attributes = next(one for one in signer if one[0] == 0xA0)
        said = [der(der(one[1])[1][1])[0][1] for one in der(attributes[1]) if der(one[1])[0][1].hex() == _DIGEST]
        if kind[1].hex() != _TST_INFO or len(said) != 1:
            raise Unknown("not in the form of RFC 3161")
        return {
            "kind": _HASHES[der(imprint[0][1])[0][1].hex()], "digest": imprint[1][1], "time": time, "info": info,
            "by": _HASHES[der(signer[2][1])[0][1].hex()], "said": said[0], "attributes": attributes[2],
            "signature": signer[-1][1],
            "certificates": [one[2] for tag, part, _ in signed[3:] if tag == 0xA0 for one in der(part)],
        }  # fmt: skip
    except (IndexError, KeyError, ValueError, StopIteration, OverflowError) as error:
        raise Unknown("not in the form of RFC 3161, or with algorithms this verifier does not know") from error


CERTIFICATE_FAULTS = (
    ValueError, TypeError, UnsupportedAlgorithm, x509.ExtensionNotFound, x509.DuplicateExtension, x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)  # fmt: skip


def hashed(kind, content):
    digest = hashes.Hash(kind())
    digest.update(content)
    return digest.finalize()


def read_certificates(content):
    try:
        if b"-----BEGIN" not in content:
            return [x509.load_der_x509_certificate(content)]
        ends = b"-----END CERTIFICATE-----"
        parts = [part[part.index(b"-----BEGIN") :] + ends for part in content.split(ends) if b"-----BEGIN" in part]
        return [x509.load_pem_x509_certificate(part) for part in parts]
    except CERTIFICATE_FAULTS as error:
        raise Bad("is no certificate in PEM or DER") from error


def _issued(certificate, issuer):
    """Whether an issuer, itself allowed to issue, signed a certificate."""
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, AttributeError, *CERTIFICATE_FAULTS):
        return False


def stands(certificate, others, trusted, time, steps=5):
    """Whether a certificate is one that the reader trusts, or leads to one over others that came with it (RFC 5280)."""
    day = time.replace(tzinfo=None)
    if certificate in trusted:
        return True
    try:
        starts, ends = _validity(certificate)
    except CERTIFICATE_FAULTS:
        return False
    if not steps or not starts <= day <= ends:
        return False
    if any(_issued(certificate, one) for one in trusted):
        return True
    return any(_issued(certificate, one) and stands(one, others, trusted, time, steps - 1) for one in others)


def _validity(certificate):
    """First and last moment in UTC; the names of these fields changed between versions of `cryptography`."""
    if hasattr(certificate, "not_valid_before_utc"):
        pair = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
        return tuple(one.replace(tzinfo=None) for one in pair)
    return certificate.not_valid_before, certificate.not_valid_after


def check_stamp(raw, text):
    """Time of a token for a checkpoint's text, and its authority as the certificate in the token names it."""
    time, authority, _, _ = stamped_by(raw, text)
    return time, authority


def stamped_by(raw, text):
    """Time of a token for a checkpoint's text, the name in the certificate that signed it, that, and all others."""
    stamp = read_stamp(raw)
    if hashed(stamp["kind"], text) != stamp["digest"]:
        raise Bad("is a timestamp of something else than this checkpoint")
    if hashed(stamp["by"], stamp["info"]) != stamp["said"]:
        raise Bad("is a timestamp whose signature does not hold")
    keys, others = [], []
    for one in stamp["certificates"]:
        try:
            certificate = x509.load_der_x509_certificate(one)
            others.append(certificate)
            uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            if ExtendedKeyUsageOID.TIME_STAMPING in uses:
                keys.append((certificate.public_key(), certificate.subject.rfc4514_string(), certificate))
        except CERTIFICATE_FAULTS:
            continue
    if not keys:
        raise Unknown("without its authority's certificate, or with one this verifier cannot read")
    bound = b"\x31" + stamp["attributes"][1:]  # RFC 5652, section 5.4: signed as a SET
    for key, authority, certificate in keys:
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(stamp["signature"], bound, padding.PKCS1v15(), stamp["by"]())
            elif isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(stamp["signature"], bound, ec.ECDSA(stamp["by"]()))
            else:
                raise Unknown("signed in a way this verifier does not know")
            return stamp["time"], authority, certificate, others
        except InvalidSignature:
            continue
    raise Bad("is a timestamp whose signature does not hold")


# -- the package: BagIt 1.0 (RFC 8493) with an index of items ------------------------------------------------------


LEVELS = 64  # of JSON within JSON: how many more a program reads depends on its language and its machine
LARGEST_WHOLE = 2**53 - 1  # a whole number beyond this is another one in JavaScript
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def one_reading(pairs):
    """A key that stands twice is read in two ways by two readers; so are two that differ in their Unicode form."""
    if len({composed(key) for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    for key, value in pairs:
        _whole_text(key)
        _whole_text(value)
    return dict(pairs)


def _whole_text(value):
    """Half a character (a lone surrogate) is shown as one thing here and as another there."""
    values = value if isinstance(value, list) else [value]
    for one in values:
        if isinstance(one, list):
            _whole_text(one)
        elif isinstance(one, str) and not one.isascii() and any("\ud800" <= letter <= "\udfff" for letter in one):
            raise ValueError("half a character")
    return value


def _number(text):
    found = int(text) if len(text) < 18 else LARGEST_WHOLE + 1
    if abs(found) > LARGEST_WHOLE:
        raise ValueError("a whole number beyond 2**53, which readers round differently")
    return found


def _fraction(text):
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError("a number too large for a reader")
    return found


def _no_number(text):
    raise ValueError(f"{text} is no number")


def _levels(content):
    if content.count(b"[") + content.count(b"{") <= LEVELS:
        return
    level = 0
    for mark in re.findall(rb"[][{}]", _STRING.sub(b"", content)):
        level += 1 if mark in b"[{" else -1
        if level > LEVELS:
            raise ValueError(f"more than {LEVELS} levels")


def read_json(content):
    """JSON that every reader reads alike (I-JSON, RFC 7493, and a little stricter), or a ValueError."""
    _levels(content)
    return _whole_text(
        json.loads(
            content.decode("utf-8"),
            object_pairs_hook=one_reading,
            parse_constant=_no_number,
            parse_int=_number,
            parse_float=_fraction,
        )
    )


JSON_FAULTS = (ValueError, RecursionError)


class Bag:
    """The files of one package, and what its manifests say of each. A file is read once."""

    def __init__(self, source):
        self.source, self.sizes, self.listed, self.done = source, source.sizes, {}, set()
        self.failures, self.missing, self.notes = [], [], []
        self.kept = {name: self._whole(name) for name in NEEDED if name in self.sizes}
        self.notes += source.remarks

    def _whole(self, name):
        if self.sizes[name] > LARGEST_TEXT:
            raise Bad(f"{name}: longer than it could be")
        try:
            with self.source.open(name) as file:
                return file.read(LARGEST_TEXT + 1)
        except ZIP_FAULTS as error:
            raise Bad(f"{name}: cannot be read ({error})") from error

    def list_all(self):
        """Both manifests and both tag manifests, and every name that stands in only some of them."""
        lists = {}
        for algorithm in ALGORITHMS:
            lists[algorithm] = {
                **self._manifest(f"manifest-{algorithm}.txt", algorithm, payload=True),
                **self._manifest(f"tagmanifest-{algorithm}.txt", algorithm, payload=False),
            }
        every = sorted(set(lists["sha256"]) | set(lists["sha512"]))
        for name in every:
            if name not in lists["sha256"] or name not in lists["sha512"]:
                self.failures.append(f"{name}: listed in one manifest and not in the other")
                continue
            if name not in self.sizes:
                self.missing.append(f"{name}: listed, and not there")
            self.listed[name] = (lists["sha256"].pop(name), lists["sha512"].pop(name))
        for name in sorted(set(self.sizes) - set(every) - {*TAG_MANIFESTS, SIGNATURE}):
            self.failures.append(f"{name}: there, and not listed")

    def _manifest(self, name, algorithm, *, payload):
        found = {}
        try:
            lines = self.kept[name].decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise Bad(f"{name}: is not UTF-8") from error
        if lines.pop() != "":
            raise Bad(f"{name}: does not end with a line end")
        length = 2 * hashlib.new(algorithm).digest_size
        for line in lines:
            fits = re.fullmatch("([0-9a-f]+)  (.+)", line)
            path = composed(fits[2]) if fits else ""
            if not fits or len(fits[1]) != length or path in found or path.startswith("data/") != payload:
                raise Bad(f"{name}: holds a line that cannot be read, {line[:90]!r}")
            found[path] = bytes.fromhex(fits[1])
        try:
            check_names([path for path in found if path not in self.sizes])
        except Bad as error:
            raise Bad(f"{name}: {error}") from error
        return found

    def check(self, name, commitment=None, *, keep=False):
        """Read a file once, against both digests. Its bytes when ``keep``, else b"" ; None when it does not fit."""
        self.done.add(name)
        if name not in self.listed or name not in self.sizes:
            return None  # named already
        made, size, kept = [hashlib.new(algorithm) for algorithm in ALGORITHMS], 0, []
        hashers = [*made, commitment] if commitment is not None else made
        try:
            with self.source.open(name) as file:
                while part := file.read(1 << 20):
                    size += len(part)
                    for hasher in hashers:
                        hasher.update(part)
                    if keep:
                        kept.append(part)
        except ZIP_FAULTS as error:
            self.failures.append(f"{name}: cannot be read ({error})")
            return None
        differ = [hasher.name for hasher, said in zip(made, self.listed[name]) if hasher.digest() != said]  # noqa: B905
        if differ or size != self.sizes[name]:
            self.failures.append(f"{name}: changed ({' and '.join(differ) or 'its length'} differs)")
            return None
        return b"".join(kept)

    def text(self, name):
        """Bytes of a file that is read whole, or None when it is not there or does not fit."""
        if self.sizes.get(name, 0) > LARGEST_TEXT:
            self.failures.append(f"{name}: longer than it could be")
            return None
        return self.check(name, keep=True)


def verify(path, outside_policy=None, checkpoints=(), most=LARGEST_PACKAGE, keys=(), tell=None, authorities=()) -> dict:
    """Verdict, what was checked, and what failed.

    ``path``: folder, ZIP file, or an open ZIP file. ``outside_policy``: bytes of a policy that the reader trusts, or
    a list of them for packages of several members. ``checkpoints``: bytes of checkpoints that the reader holds.
    ``most``: bytes that a ZIP file may unpack to. ``keys``: bytes of changes of a log's key that the reader holds.
    ``authorities``: bytes of certificates (PEM or DER) of timestamp authorities, or of those who certify them, that the
    reader trusts. ``tell``: called with the numbers of files opened and of all, for who waits.
    """
    opened = hasattr(path, "read")
    name = getattr(path, "name", "package") if opened else Path(os.path.abspath(path)).name  # noqa: PTH100
    policies = [outside_policy] if isinstance(outside_policy, bytes) else outside_policy
    try:
        trusted = None if policies is None else [Policy(one) for one in policies]
    except Bad as error:
        return _result(name, {}, [f"the policy that was given: {error}"], [])
    try:
        known = [certificate for one in authorities for certificate in read_certificates(one)]
    except Bad as error:
        return _result(name, {}, [f"the authority that was given: {error}"], [])
    try:
        folder = not opened and Path(path).is_dir()
        if not folder and _begins(path) == AGE:
            return _result(name, {}, [], ["it is encrypted: open it first (age -d -i YOUR-KEY FILE > package.zip)"])
        source = Folder(Path(path)) if folder else Zip(path, most)
    except Bad as error:
        return _result(name, {}, [str(error)], [])
    except ZIP_FAULTS as error:
        return _result(name, {}, [f"it cannot be read as a folder or a ZIP file: {error}"], [])
    told = source if tell is None else Watched(source, tell)
    try:
        result = _verify_source(name, told, (trusted, checkpoints, keys, known), 0)
    finally:
        source.close()
    for what, given in (("compared", checkpoints), ("heeded", keys)):
        if _count(what, result["checked"]) < len(given):
            result["failures"].append(_GIVEN[what])
            result["verdict"] = "incomplete" if result["verdict"] == "valid" else result["verdict"]
    return result


_GIVEN = {
    "compared": "a checkpoint that was given is of no log in this package, so nothing was compared",
    "heeded": "a change of key that was given is of no log in this package, so it ended nothing",
}


def _begins(path):
    if hasattr(path, "read"):
        begins = path.read(len(AGE))
        path.seek(0)
        return begins
    with Path(path).open("rb") as file:
        return file.read(len(AGE))


def _count(what, checked):
    return checked.get(what, 0) + sum(_count(what, one["checked"]) for one in checked.get("packages", {}).values())


def _result(name, checked, failures, missing) -> dict:
    verdict = "invalid" if failures else "incomplete" if missing else "valid"
    return {"verdict": verdict, "checked": {"package": name, **checked}, "failures": failures + missing}


def _verify_source(name, source, outside, depth) -> dict:
    checked: dict = {}
    try:
        bag = Bag(source)
    except Bad as error:
        return _result(name, checked, [str(error)], [])
    try:
        _verify(bag, checked, outside, depth)
    except Bad as error:
        bag.failures.append(str(error))
    if bag.notes:
        checked["notes"] = bag.notes
    return _result(name, checked, bag.failures, bag.missing)


def _verify(bag, checked, outside, depth):
    trusted, checkpoints, given_keys, authorities = outside  # what the reader brings
    # 1. The bag: what should be there is there, and nothing else is.
    text, signers = _bag(bag, checked)
    origin, *_ = _signed_words(text)

    # 2. The policy: whose signatures count. One from outside is worth more than the one in the package.
    own = bag.text(POLICY)
    index = _index(bag, checked)
    policy = _policy(bag, own, trusted, origin)
    checked["policy"] = "the package's own" if trusted is None else "given by the reader"
    checked["log"], checked["quorum"] = origin, policy.asked
    checked["fingerprints"] = _by_name([*policy.keys_of(origin), *policy.witnesses.values()])
    history = Keys(policy, origin, given_keys, _keys_in(bag))
    checked["heeded"] = history.heeded

    # 3. The packer's signature binds the manifests, and so every byte.
    _packer(bag, policy.keys_of(origin), history, text, signers)
    checked["package_number"] = digits(text.encode())

    # 4. Each item was sealed: bytes and salt -> commitment -> entry -> root -> signature -> witnesses.
    items = Items(bag, policy, origin, history)
    for item in index["items"]:
        items.check(item)
    for item in index["items"]:
        if "file" in item:
            items.check_file(item, items.named)
    if items.files:
        checked["sealed_files"] = len(items.files)
    items.finish(checked, index)
    _key_list(bag, checked, items)
    bag.missing += history.missing

    # 5. The log is the one that the reader knows: not an older copy, and not another history.
    checked["compared"] = sum(_compare(bag, items, note) for note in checkpoints)

    # 6. Timestamps, where authorities were asked.
    _stamps(bag, checked, items, authorities)

    # 7. Packages within this one, each by its own log and its own rules.
    _within(bag, checked, index, outside, depth)

    # 8. What the package says of itself, in several places, is one and the same; nothing else is in it.
    _metadata(bag, checked, index, policies_of(policy, trusted))
    _unsealed(bag, index)

    # 9. All other files, and what nobody named.
    _others(bag, checked, index, items, history)

    # 10. Who vouches for it at all.
    _vouched(bag, index, policy, trusted)
    _own_code(bag, checked)


def _bag(bag, checked):
    """What the packer signed, and how many signatures stand under it."""
    for name in NEEDED:
        if name not in bag.kept:
            raise Bad(f"{name}: missing, so this is no package of ours, or a damaged one")
    checked["files"] = len(bag.sizes)
    if bag.kept["bagit.txt"] != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        bag.failures.append("bagit.txt: changed")
    text, signers, _ = signatures_of(bag.kept[SIGNATURE], [])
    _, *named = _signed_words(text)
    made = [hashlib.sha256(bag.kept[name]).hexdigest() for name in TAG_MANIFESTS]
    changed = [name for name, digest, said in zip(TAG_MANIFESTS, made, named) if digest != said]  # noqa: B905
    bag.failures += [f"{name}: is not the one that {SIGNATURE} signs" for name in changed]
    bag.list_all()
    for name in sorted(name for name in bag.listed if not name.startswith("data/")):
        bag.check(name)
    return text, signers


def _signed_words(text):
    """The log's name, and the digests that a packer's signature is about."""
    return (text.split("\n")[1:] + [""] * 3)[:3]


def _packer(bag, keys, history, text, signers):
    origin, *named = _signed_words(text)
    _, _, signed = signatures_of(bag.kept[SIGNATURE], keys)
    if not signed or signers != 1:
        bag.failures.append(f"{SIGNATURE}: not signed by {origin}, or not by it alone")
    if any(history.revoked(key) for key in signed):
        no = "its titles and attachments may be another's; ask for the package signed anew"
        bag.missing.append(f"{SIGNATURE}: the key that signed was revoked, so {no}")
    if text != "\n".join(["corroborate/package/v1", origin, *named]) + "\n":
        bag.failures.append(f"{SIGNATURE}: is no signature of a package")


def _within(bag, checked, index, outside, depth):
    inner = checked["packages"] = {}
    for name in index["packages"]:
        if depth + 1 == DEEPEST:
            raise Bad(f"data/packages/{name}: packages within packages without end")
        within = Within(bag.source, f"data/packages/{name}/")
        inner[name] = _verify_source(name, within, outside, depth + 1)
        said = [f"data/packages/{name}/{failure}" for failure in inner[name]["failures"]]
        (bag.failures if inner[name]["verdict"] == "invalid" else bag.missing).extend(said)
    if not inner:
        del checked["packages"]


def _others(bag, checked, index, items, history):
    for name in sorted(set(bag.listed) - bag.done):
        bag.check(name)
    items.named |= {name for note, _, _ in history.carried for name in (note, f"{note[:-5]}.tlog-proof")}
    kinds = ("data/items/", "data/proofs/", "data/packages/", KEYS)
    prefixes = tuple(f"data/packages/{name}/" for name in index["packages"])
    for name in sorted(bag.sizes):
        if name.startswith(kinds) and name not in items.named and not (prefixes and name.startswith(prefixes)):
            bag.failures.append(f"{name}: there, and not in the index")
    loose = [name for name in bag.sizes if name.startswith("data/attachments/") and name not in items.files]
    checked["attachments"] = len(loose)
    if not index["items"] and not index["packages"]:
        bag.failures.append(f"{INDEX}: names neither an item nor a package")


def _vouched(bag, index, policy, trusted):
    if index["items"] and policy.quorum == "none":
        note = "nobody but the packer itself vouches for the log: its policy asks for no witness"
        (bag.missing if trusted is None else bag.notes).append(f"{POLICY}: {note}")
    if trusted is None:
        bag.missing.append(f"{POLICY}: {UNCONFIRMED}")


UNCONFIRMED = (
    "nobody has confirmed these keys, and a forger writes keys as well. Compare the digits with what the members "
    "publish, or have them read to you; when they agree, give the policy with --policy"
)


def policies_of(policy, trusted):
    return [policy] if trusted is None else trusted


def same_name(name):
    """A name as two readers would take it for the same one; a log's key bears its organisation's, with - for blanks."""
    shown = "".join(
        letter for letter in unicodedata.normalize("NFKC", name) if unicodedata.category(letter) not in HIDDEN
    )
    return re.sub(r"[\s+-]+", "-", shown.strip()).casefold()


def _metadata(bag, checked, index, policies):
    """The package's own words about itself. Nobody but the packer stands behind them: they may not differ, nor borrow
    another member's name; who the packer is, only the log's key says."""
    organisation, created = str(index.get("organisation", "")), str(index.get("created", ""))
    day = created[:10]
    if organisation:
        names = {same_name(key.name) for policy in policies for key in (*policy.logs, *policy.witnesses.values())}
        own = same_name(checked["log"]) == same_name(organisation)
        checked["named_by"] = "its log" if own and checked["policy"] != "the package's own" else "itself"
        if not own and same_name(organisation) in names:
            bag.failures.append(
                f"{INDEX}: the log {checked['log']} calls itself {organisation}, which is another member"
            )
    said = []
    for name, read in (
        ("bag-info.txt", _bag_info),
        ("README.txt", _readme),
        (CRATE, _crate),
        ("data/prov.json", _prov),
    ):
        fits = name in bag.sizes and name in bag.listed and not any(one.startswith(f"{name}:") for one in bag.failures)
        content = bag.text(name) if fits else None
        if content is not None:
            try:
                said += [(name, *one) for one in read(bag, content, organisation, day)]
            except (Bad, AttributeError, KeyError, TypeError, *JSON_FAULTS) as error:
                bag.failures.append(f"{name}: cannot be read ({error})")
    for name, what, value, wanted in said:
        if value != wanted:  # who packed it when is what readers quote; a wrong length misleads catalogues alone
            told = bag.notes if "length" in what else bag.failures
            told.append(f"{name}: says {str(value)[:90]!r} of {what}, where {INDEX} or the files say {wanted!r}")


def _bag_info(bag, content, organisation, day):
    lines = [line.split(": ", 1) for line in content.decode("utf-8").split("\n") if line]
    if any(len(line) != 2 for line in lines) or len({line[0].casefold() for line in lines}) != len(lines):
        raise Bad("holds a line twice, or one that says nothing")
    info = dict(lines)
    sizes = [size for name, size in bag.sizes.items() if name.startswith("data/")]
    yield "who packed it", info.get("Source-Organization"), " ".join(organisation.split())
    yield "the day of packing", info.get("Bagging-Date"), day
    whole = not any(name.startswith("data/") for name in set(bag.listed) - set(bag.sizes))
    if "Payload-Oxum" in info and whole:
        yield "its own length", info["Payload-Oxum"], f"{sum(sizes)}.{len(sizes)}"


def _readme(bag, content, organisation, day):
    text = content.decode("utf-8")
    line = f"\n{organisation}, {day}"
    yield (
        "who packed it, and when",
        line.strip() if line in text else text.partition("\n")[2].partition("\n")[0],
        line.strip(),
    )


def _crate(bag, content, organisation, day):
    graph = {one["@id"]: one for one in read_json(content)["@graph"]}
    yield "who packed it", graph["#organisation"]["name"], organisation
    yield "the day of packing", graph["./"]["datePublished"], day
    for address, one in graph.items():
        name = composed(unquote(address))
        if one.get("@type") == "File" and name in bag.sizes:
            yield f"the length of {name}", one.get("contentSize", ""), str(bag.sizes[name])
        elif one.get("@type") == "File" and name not in bag.listed:
            yield f"the length of {name}", one.get("contentSize", ""), "nothing: it is not listed"


def _prov(bag, content, organisation, day):
    yield "who packed it", read_json(content)["agent"]["cor:organisation"]["prov:label"], organisation


def _unsealed(bag, index):
    """Files that a package has no place for: signed by the packer, sealed by nobody, and easily taken for evidence."""
    if "fetch.txt" in bag.sizes or "fetch.txt" in bag.listed:
        bag.failures.append("fetch.txt: asks other programs to fetch files from elsewhere, which nobody checks here")
    kinds = ("data/items/", "data/proofs/", "data/attachments/", "data/timestamps/", "data/packages/", KEYS)
    known = {*NEEDED, *PLACES, "fetch.txt"}
    for name in sorted(set(bag.sizes) - known):
        if not name.startswith(kinds):
            bag.failures.append(f"{name}: neither sealed nor an attachment; a package has no place for it")


def _by_name(keys):
    """Fingerprints by name; a name with several keys, as after a change of keys, has them numbered."""
    found: dict = {}
    for key in keys:
        again = sum(name == key.name or name.startswith(key.name + " (") for name in found)
        found[f"{key.name} ({again + 1})" if again else key.name] = key.fingerprint
    return found


def signatures_of(note, keys):
    try:
        return signatures(note, keys)
    except Bad as error:
        raise Bad(f"{SIGNATURE}: {error}") from error


def _index(bag, checked):
    """The index, checked for its form, since the packer may have written anything into it."""
    content = bag.text(INDEX)
    if content is None:
        raise Bad(f"{INDEX}: without it nothing more can be checked")
    try:
        index = read_json(content)
        fits = isinstance(index, dict) and isinstance(index.get("items"), list) and index.get("version") == 1
        index.setdefault("packages", [])
        fits = fits and isinstance(index["packages"], list)
        fits = fits and all(isinstance(name, str) and "/" not in name for name in index["packages"])
        fits = fits and len(set(index["packages"])) == len(index["packages"])
        for item in index["items"]:
            fits = fits and all(isinstance(item[key], str) for key in ("path", "proof"))
            fits = fits and re.fullmatch(r"[0-9a-f]{64}", item.get("commitment", "0" * 64)) is not None
            fits = fits and re.fullmatch(r"data/items/[A-Za-z0-9][A-Za-z0-9._-]*", item["path"]) is not None
            fits = fits and item["proof"] == f"data/proofs/{item['path'][11:]}.tlog-proof"
            fits = fits and _names_a_file(item)
    except (AttributeError, KeyError, TypeError, *JSON_FAULTS) as error:
        raise Bad(f"{INDEX}: cannot be read ({error})") from error
    if not fits:
        raise Bad(f"{INDEX}: not in a form that this verifier knows")
    for key in ("organisation", "created", "scope", "software", "invented"):
        if key in index:
            checked[key] = index[key]
    return index


def _names_a_file(item):
    """Whether what an item says of the file that belongs to it is in its form, where it says anything."""
    file, copy = item.get("file"), item.get("copy")
    if copy is not None and (file is None or not isinstance(copy, dict) or set(copy) != {"kind", "of"}):
        return False
    if copy is not None and not (isinstance(copy["kind"], str) and re.fullmatch(r"data/items/entry_\d+", copy["of"])):
        return False
    plain_ = r"data/attachments/[A-Za-z0-9][A-Za-z0-9._-]*"
    return file is None or ("commitment" not in item and re.fullmatch(plain_, file) is not None)


def _policy(bag, own, trusted, origin):
    if trusted is None:
        if own is None:
            raise Bad(f"{POLICY}: without it nothing more can be checked")
        try:
            trusted = [Policy(own)]
        except Bad as error:
            raise Bad(f"{POLICY}: {error}") from error
    for policy in trusted:
        if policy.keys_of(origin):
            return policy
    raise Bad(f"{SIGNATURE}: made for the log {origin!r}, which no policy used here names")


class Items:
    """What the items and their proofs give."""

    def __init__(self, bag, policy, log, history):
        self.bag, self.policy, self.log, self.history = bag, policy, log, history
        self.named, self.entries, self.proven, self.withheld, self.late = set(), {}, 0, 0, []
        self.digests = {}  # item -> the digest and the length that its record names
        self.files = {}  # attachment -> the item that names its digest
        self.newest = None  # what Policy.checkpoint says of the one checkpoint that all proofs lead to

    def check(self, item):
        name, proof, bare = item["path"], item["proof"], item.get("commitment")
        if name in self.named or proof in self.named:
            raise Bad(f"{name}: stands twice in the index")
        self.named |= {name, proof}
        absent = [one for one in ((proof,) if bare else (name, proof)) if one not in self.bag.sizes]
        listed = {one.split(":", 1)[0] for one in self.bag.missing} if absent else set()
        self.bag.missing += [f"{one}: in the index, and not there" for one in absent if one not in listed]
        if bare and name in self.bag.sizes:
            self.bag.failures.append(f"{name}: there, though the index says it is withheld")
        if absent:
            return
        content = self.bag.text(proof)
        try:
            if content is None:
                return
            salt, index, hashes_, note = read_proof(content)
            size, root = self.checkpoint(note)
        except Bad as error:
            self.bag.failures.append(f"{proof}: {error}")
            return
        try:
            entry = bytes.fromhex(bare) if bare else self._commitment(name, salt)
            if entry is None:
                return
            if bare and name != f"data/items/entry_{index}":
                raise Bad(f"is withheld, and yet has a name; it is no more than entry {index}")
            if inclusion_root(entry, index, size, hashes_) != root:
                raise Bad("its proof does not lead to the signed root: it is not what was sealed")
            if self.entries.setdefault(index, name) != name:
                raise Bad(f"is the same entry of the log as {self.entries[index]}, shown twice")
        except Bad as error:
            self.bag.failures.append(f"{name}: {error}")
            return
        self.proven, self.withheld = (self.proven, self.withheld + 1) if bare else (self.proven + 1, self.withheld)

    def check_file(self, item, names):
        """The file that belongs to an item: its bytes are those whose digest and length the sealed record names."""
        name, file, copy = item["path"], item["file"], item.get("copy")
        if file in self.files:
            self.bag.failures.append(f"{file}: two items call it theirs")
        self.files[file] = name
        if copy is not None and copy["of"] not in names:
            self.bag.failures.append(f"{name}: is said to be a copy of {copy['of']}, which is not in the index")
        if file not in self.bag.sizes:
            if file not in self.bag.listed:
                self.bag.missing.append(f"{file}: in the index, and not there")
            return
        if self.bag.check(file) is None:
            return  # named already
        if self.digests.get(name) != (self.bag.listed[file][0].hex(), self.bag.sizes[file]):
            self.bag.failures.append(f"{file}: is not the file of which {name} has the digest")

    def checkpoint(self, note):
        """Size and root of a checkpoint that counts; all proofs of a package lead to the same one."""
        found = self.policy.checkpoint(note, self.log)
        size, root, times, _, signer = found
        if self.newest is None:
            self.history.check(signer, size, times)
            self.newest = found
        if found != self.newest:
            raise Bad("leads to another checkpoint than the proofs before it")
        return size, root

    def _commitment(self, name, salt):
        """SHA-256(domain, salt, length, record): what the log holds of a record."""
        if len(salt) != 32:
            raise Bad("its salt is missing")
        size = self.bag.sizes[name]
        sealed = hashlib.sha256(b"corroborate/seal/v1\n" + salt + size.to_bytes(8, "big"))
        record = name.endswith(".json") and size <= LARGEST_RECORD
        content = self.bag.check(name, sealed, keep=record)
        if content is None:
            return None
        if record:
            self._read(name, content)
        elif name.endswith(".json"):
            self.bag.notes.append(f"{name}: sealed as it is, and too long to be read here for what it says")
        return sealed.digest()

    def _read(self, name, content):
        try:
            record = read_json(content)
        except JSON_FAULTS as error:
            raise Bad(f"is no JSON that every reader reads alike ({error})") from error
        if not isinstance(record, dict):
            return
        self.digests[name] = (record.get("digest"), record.get("size"))
        if "id" in record and f"data/items/{record['id']}.json" != name:
            raise Bad(f"holds the record {str(record['id'])[:80]!r}, which is not what its file is called")
        if isinstance(record.get("recorded_at"), str):
            self.late.append((record["recorded_at"][:40], name))

    def finish(self, checked, index):
        checked["items"], checked["withheld"] = self.proven, self.withheld
        if self.newest is None:
            return
        size, root, times, _, _ = self.newest
        checked["log_size"], checked["root"] = size, base64.b64encode(root).decode()
        moments = {name: datetime.fromtimestamp(at, timezone.utc) for name, at in sorted(times.items())}
        checked["witnessed"] = {name: at.isoformat() for name, at in moments.items()}
        if moments:
            last = max(moments.values())
            after = [name for time, name in self.late if _later(time, last)]
            for name in after[:20]:
                self.bag.notes.append(f"{name}: says it was recorded after the log was witnessed; a clock was wrong")
            if len(after) > 20:
                self.bag.notes.append(f"{len(after) - 20} more items say so")
            if _later(last.isoformat(), _moment(index.get("created")) or last):
                self.bag.notes.append("the packer's clock was a day or more behind the witnesses'")


def _moment(text):
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found


def _later(text, than):
    """Whether a time is more than a day later: a day is left for zones and clocks."""
    found = _moment(text)
    return found is not None and found - than > timedelta(days=1)


def _compare(bag, items, note):
    """Compare with a checkpoint that the reader holds from elsewhere, if it is one of this log: whether it was."""
    log, policy = items.log, items.policy
    keys = policy.keys_of(log)
    try:
        text, _, signed = signatures(note, [*keys, *policy.witnesses.values()])
        origin, size, root = read_checkpoint(text)
        signer = next((key for key in keys if key in signed), None)
        if origin == log and signer is None:
            raise Bad(f"{log} has not signed it")
        if signer is not None:  # a thief's checkpoint under a key that was given up proves nothing against the log
            items.history.check(signer, size, policy.times(signed))
    except Bad as error:
        raise Bad(f"the checkpoint that was given: {error}") from error
    if origin != log or items.newest is None:
        return False
    have, have_root, _, _, _ = items.newest
    if size > have:
        bag.failures.append(f"{INDEX}: this package is older than the log you hold ({have} entries; you know {size})")
    elif size == have:
        if root != have_root:
            bag.failures.append(f"{INDEX}: {log} has signed two histories of {size} entries. Keep both as proof.")
    else:
        _continues(bag, size, root, have, have_root)
    return True


def _continues(bag, size, root, have, have_root):
    content = bag.text(HISTORY) if HISTORY in bag.sizes else None
    try:
        steps = {} if content is None else {one["size"]: one["proof"] for one in read_json(content)["checkpoints"]}
        proof = [decode(part) for part in steps[size]] if size in steps else None
    except (KeyError, TypeError, Bad, *JSON_FAULTS) as error:
        raise Bad(f"{HISTORY}: cannot be read ({error})") from error
    if proof is None:
        bag.missing.append(f"{HISTORY}: does not say how the log went on from the {size} entries you know; ask for it")
        return
    try:
        held = consistency_roots(size, have, proof, root) == (root, have_root)
    except Bad as error:
        raise Bad(f"{HISTORY}: {error}") from error
    if not held:
        bag.failures.append(f"{HISTORY}: the log does not begin with the {size} entries you know. Keep both as proof.")


def _keys_in(bag):
    """The notes in the package by which the log's key changed, in the order of their names."""
    names = sorted(name for name in bag.sizes if name.startswith(KEYS) and name.endswith(".note"))
    return [(name, note) for name in names if (note := bag.text(name)) is not None]


def _key_list(bag, checked, items):
    """Each change of key in the package stands in the log like a record, so that the witnesses have it as well."""
    found = []
    for name, note, change in items.history.carried:
        proof, proven = f"{name[:-5]}.tlog-proof", False
        at = datetime.fromtimestamp(change.at, timezone.utc).isoformat()
        if proof in bag.sizes:
            proven = _key_proof(bag, items, name, note, proof)
        elif items.newest is not None and items.newest[0] > change.size:
            bag.missing.append(f"{proof}: without it nothing shows that the log holds this change of key")
        found.append({"why": change.why, "size": change.size, "at": at, "proven": proven})
    if found:
        checked["keys"] = found


def _key_proof(bag, items, name, note, proof):
    content = bag.text(proof)
    if content is None:
        return False
    try:
        salt, index, hashes_, checkpoint = read_proof(content)
        size, root = items.checkpoint(checkpoint)
    except Bad as error:
        bag.failures.append(f"{proof}: {error}")
        return False
    sealed = b"corroborate/seal/v1\n" + salt + len(note).to_bytes(8, "big") + note
    try:
        if len(salt) != 32 or inclusion_root(hashlib.sha256(sealed).digest(), index, size, hashes_) != root:
            raise Bad("its proof does not lead to the signed root: the log does not hold this change of key")
    except Bad as error:
        bag.failures.append(f"{name}: {error}")
        return False
    return True


def _stamps(bag, checked, items, authorities):
    found = []
    for name in sorted(name for name in bag.sizes if name.startswith("data/timestamps/")):
        raw = bag.text(name)
        if raw is None:
            continue
        try:
            if items.newest is None:
                raise Unknown("there is no checkpoint that it could be of")
            time, authority, certificate, others = stamped_by(raw, items.newest[3].encode())
            confirmed = stands(certificate, others, authorities, time)  # anybody makes an authority of any name
        except Unknown as error:
            bag.notes.append(f"{name}: kept, and not judged: {error}")
        except Bad as error:
            bag.failures.append(f"{name}: {error}")
        else:
            found.append({"file": name, "time": time.isoformat(), "authority": authority, "confirmed": confirmed})
    if found:
        checked["timestamps"] = found


def _own_code(bag, checked):
    """A package's verify.py may be another version than the one at work, and may be a liar: say which one worked."""
    try:
        own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    except OSError:  # pragma: no cover - run from within an archive
        return
    checked["verifier"] = own
    if "verify.py" in bag.listed and bag.listed["verify.py"][0].hex() != own:
        bag.notes.append("verify.py: the package's own verifier is another than the one that gives this answer")


# -- what a reader sees ---------------------------------------------------------------------------------------------


def plain(text: object) -> str:
    """A line that stays one line, whatever a package wrote into a name: no line ends, no control of the screen."""
    return "".join("\ufffd" if unicodedata.category(letter) in HIDDEN else letter for letter in str(text))


def report(result: dict) -> str:
    """The verdict in lines for people."""
    return "\n".join(_lines(result, ""))


def _lines(result, indent):
    checked = result["checked"]
    lines = [f"{result['verdict'].upper()}: {checked['package']}"]
    if "organisation" in checked:
        made_up = ", INVENTED: nobody in it exists" if checked.get("invented") else ""
        by_log = checked.get("named_by") == "its log"
        named = "of" if by_log else "calls itself"
        lines.append(f"  {named} {checked['organisation']}, says it was packed {checked.get('created')}{made_up}")
    if "package_number" in checked:
        lines.append(f"  number of this package: {checked['package_number']}")
    if "items" in checked:
        counts = f"  items proven: {checked['items']}, withheld: {checked['withheld']}, files: {checked['files']}"
        more = checked.get("attachments")
        counts += f", files of sealed records: {checked['sealed_files']}" if checked.get("sealed_files") else ""
        lines.append(counts + (f", attachments (signed, never sealed): {more}" if more else ""))
    if "log_size" in checked:
        lines.append(f"  log {checked['log']}, {checked['log_size']} entries, root {checked['root']}")
        lines += [f"  witnessed by {name} at {at}" for name, at in checked["witnessed"].items()]
    lines += ["  " + stamp_line(one) for one in checked.get("timestamps", [])]
    lines += [
        f"  key changed by {one['why']} after {one['size']} entries, {one['at']}" for one in checked.get("keys", [])
    ]
    if "policy" in checked:
        lines.append(f"  policy: {checked['policy']}, {checked['quorum']} witnesses asked for")
        lines += [f"  key {name}: {number}" for name, number in checked["fingerprints"].items()]
        if checked["policy"] == "the package's own":
            lines.append("  Compare these digits with what the members publish: the package cannot vouch for itself.")
    lines += [f"  note: {note}" for note in checked.get("notes", [])]
    lines += [f"  - {failure}" for failure in result["failures"]]
    lines = [indent + plain(line) for line in lines]
    for inner in checked.get("packages", {}).values():
        lines += _lines({**inner, "failures": []}, indent + "    ")
    return lines


def stamp_line(one: dict) -> str:
    if one["confirmed"]:
        return f"timestamp {one['time']} of {one['authority']}, by the certificate that you gave"
    return (
        f"timestamp {one['time']} of an authority that calls itself {one['authority']}: nobody checked who that is "
        "(--authority FILE), so it is no evidence yet"
    )


EXIT_CODES = {"valid": 0, "invalid": 1, "incomplete": 3}  # 2: asked for wrongly


def _waiting():
    """How far it is, after the first second, where standard error is a terminal."""
    if not sys.stderr.isatty():
        return None
    began, last = time.monotonic(), 0.0

    def tell(done, of):
        nonlocal last
        now = time.monotonic()
        if now - began > 1 and (now - last > 0.1 or done == of):
            last = now
            print(f"\r{done} of {of} files", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return tell


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Verify an evidence package, offline.")
    parser.add_argument("package", nargs="?", default=str(Path(__file__).parent), help="folder or ZIP file")
    parser.add_argument(
        "--policy", action="append", help="a policy that came to you by another way than the package; again for more"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a checkpoint of the log that you hold from elsewhere"
    )
    parser.add_argument(
        "--keys", action="append", default=[], help="a change of the log's key that you hold from elsewhere; again"
    )
    parser.add_argument(
        "--authority", action="append", default=[], help="a certificate of a timestamp authority that you trust; again"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a screen that cannot show Hangul still shows the verdict
    if not Path(given.package).exists():
        print(f"{given.package} is not there. Give the package's folder or ZIP file.", file=sys.stderr)
        return 2
    try:
        policies = [Path(one).read_bytes() for one in given.policy] if given.policy else None
        checkpoints, keys, authorities = (
            [Path(one).read_bytes() for one in some] for some in (given.checkpoint, given.keys, given.authority)
        )
    except OSError as error:
        print(f"What you gave cannot be read: {error}", file=sys.stderr)
        return 2
    result = verify(given.package, policies, checkpoints, keys=keys, tell=_waiting(), authorities=authorities)
    print(json.dumps(result, indent=1, ensure_ascii=False) if given.json else report(result))
    return EXIT_CODES[result["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
