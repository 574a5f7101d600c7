#!/usr/bin/env python3
"""Verify an evidence package, offline. Needs Python 3.9 or newer and the package `cryptography`; nothing else.

    python verify.py [PACKAGE] [--policy FILE] [--json]

PACKAGE is the folder, or a ZIP of it. Exit codes: 0 valid, 1 invalid, 2 incomplete or not readable.

This file stands alone on purpose: it shares no code with the program that wrote the package, so that
a fault in one is not repeated by the other. Read it; it is short. The steps are numbered in `verify`.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST_FILE, MOST_FILES, LARGEST_PACKAGE = 1 << 31, 200_000, 1 << 34  # refuse what would only fill a disk
TAG_MANIFESTS = {"tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}
SIGNATURE = "signature.note"


class Bad(Exception):
    """Something that does not fit, in words for the reader."""


# -- reading a folder or a ZIP file ------------------------------------------------------------------------------


class Folder:
    def __init__(self, path):
        self.path = path
        self.names = []
        for found in sorted(path.rglob("*")):
            if found.is_symlink():
                raise Bad(f"{found.relative_to(path)} is a link to somewhere else")
            if found.is_file() and "__pycache__" not in found.parts:
                self.names.append(found.relative_to(path).as_posix())

    def read(self, name):
        return (self.path / name).read_bytes()


class Zip:
    def __init__(self, path):
        self.file = zipfile.ZipFile(path)
        infos = [info for info in self.file.infolist() if not info.is_dir()]
        if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > LARGEST_PACKAGE:
            raise Bad("the ZIP file unpacks to more than any package of ours")
        if any(info.file_size > 1 << 20 and info.file_size > 200 * max(info.compress_size, 1) for info in infos):
            raise Bad("the ZIP file is packed so tightly that it looks made to fill a disk")
        names = [info.filename for info in infos]
        if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
            raise Bad("the ZIP file holds paths that lead out of it")
        if len(set(names)) != len(names):
            raise Bad("the ZIP file holds two files of one name")
        tops = {name.split("/", 1)[0] for name in names}
        self.top = tops.pop() + "/" if "bagit.txt" not in names and len(tops) == 1 else ""
        self.names = sorted(name[len(self.top) :] for name in names)

    def read(self, name):
        return self.file.read(self.top + name)


# -- notes, checkpoints and proofs: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof ----------------


def decode(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Bad(f"{text[:40]!r} is no base64") from error
    if base64.b64encode(raw).decode() != text:  # spare bits set: two spellings of one signature
        raise Bad(f"{text[:40]!r} is no canonical base64")
    return raw


class Key:
    def __init__(self, text):
        try:
            self.name, identifier, encoded = text.strip().split("+", 2)
        except ValueError as error:
            raise Bad(f"{text[:60]!r} is no verifier key") from error
        raw = decode(encoded)
        self.text, self.kind, self.public = text.strip(), raw[:1], raw[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if self.id.hex() != identifier or self.kind not in (b"\x01", b"\x04") or len(self.public) != 32:
            raise Bad(f"the verifier key of {self.name} is damaged")

    @property
    def fingerprint(self):
        number = int.from_bytes(hashlib.sha256(self.text.encode()).digest(), "big") % 10**40
        return " ".join(f"{number:040}"[at : at + 4] for at in range(0, 40, 4))


def signatures(note, keys):
    """Text of a note, and for each known key that signed it the seconds of its cosignature (or None)."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Bad("a signed note is not UTF-8") from error
    if len(note) > 1 << 20 or any(ord(letter) < 32 and letter != "\n" for letter in whole):
        raise Bad("a signed note is too long or holds control characters")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Bad("a signed note has no signatures")
    text += "\n"
    signed = {}
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("\u2014 ([^\\s+]+) (\\S+)", line)
        if found is None:
            raise Bad("a signed note holds a line that is no signature")
        raw = decode(found[2])
        for key in keys:
            if key.name == found[1] and key.id == raw[:4]:
                signed[key] = check_signature(key, text, raw[4:])
    return text, signed


def check_signature(key, text, raw):
    message, seconds = text.encode(), None
    if key.kind == b"\x04":
        seconds, raw = int.from_bytes(raw[:8], "big"), raw[8:]
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
    except (InvalidSignature, ValueError) as error:
        raise Bad(f"the signature of {key.name} does not hold") from error
    return seconds


class Policy:
    def __init__(self, content):
        try:
            lines = content.decode("utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise Bad("the policy is not UTF-8") from error
        self.logs, self.witnesses, groups, quorum = [], {}, {}, "none"
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "log" and len(words) == 2:
                self.logs.append(Key(words[1]))
            elif words[0] == "witness" and len(words) == 3:
                self.witnesses[words[1]] = Key(words[2])
            elif words[0] == "group" and len(words) > 3 and set(words[3:]) <= set(self.witnesses):
                count = {"all": str(len(words) - 3), "any": "1"}.get(words[2], words[2])
                if not count.isdigit():
                    raise Bad(f"the policy's line {line!r} is not understood")
                groups[words[1]] = (int(count), words[3:])
            elif words[0] == "quorum" and len(words) == 2:
                quorum = words[1]
            else:
                raise Bad(f"the policy's line {line!r} is not understood")
        if len(self.logs) != 1:
            raise Bad(f"the policy names {len(self.logs)} logs, not one")
        if quorum != "none" and quorum not in groups:
            raise Bad(f"the policy has no group {quorum!r}")
        self.log = self.logs[0]
        nobody: list[str] = []
        quorum_of = groups[quorum] if quorum != "none" else (0, nobody)
        self.quorum = quorum_of[0]
        self.counted: list[str] = quorum_of[1]
        publics = [self.log.public, *(self.witnesses[name].public for name in self.counted)]
        if len(set(publics)) != len(publics):
            raise Bad("a key stands twice in the policy: a log cannot witness itself")
        self.checked = {}

    def checkpoint(self, note):
        """Size, root and witnesses' times of a checkpoint that fulfils the policy."""
        if note not in self.checked:
            witnesses = {name: self.witnesses[name] for name in self.counted}
            text, signed = signatures(note, [self.log, *witnesses.values()])
            lines = text.split("\n")
            if len(lines) < 4 or lines[0] != self.log.name or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
                raise Bad("a checkpoint is not of this log, or not a checkpoint")
            if self.log not in signed:
                raise Bad(f"{self.log.name} has not signed its checkpoint")
            times = {name: signed[key] for name, key in witnesses.items() if signed.get(key) is not None}
            if len(times) < self.quorum:
                raise Bad(f"{len(times)} witnesses have cosigned the checkpoint; the policy asks for {self.quorum}")
            self.checked[note] = (int(lines[1]), decode(lines[2]), times)
        return self.checked[note]


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


def check_proof(content, policy, entry_of):
    """Check a .tlog-proof; ``entry_of`` makes the entry from the salt that the proof carries. Returns the index."""
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
    index, proof = int(lines[1][6:]), [decode(line) for line in lines[2:]]
    size, root, _ = policy.checkpoint(note)
    if inclusion_root(entry_of(salt), index, size, proof) != root:
        raise Bad("its proof does not lead to the signed root: it is not what was sealed")
    return index


def commitment(record, salt):
    if len(salt) != 32:
        raise Bad("its salt is missing")
    return hashlib.sha256(b"corroborate/seal/v1\n" + salt + len(record).to_bytes(8, "big") + record).digest()


# -- the package: BagIt 1.0 (RFC 8493) with an index of items ------------------------------------------------------


def manifest(content, name):
    listed = {}
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Bad(f"{name} is not UTF-8") from error
    if lines.pop() != "":
        raise Bad(f"{name} does not end with a line end")
    for line in lines:
        digest, gap, path = line.partition("  ")
        if not gap or not path or path in listed or path.startswith("/") or ".." in path.split("/"):
            raise Bad(f"{name} holds a line that cannot be read")
        listed[path] = digest
    return listed


def verify(path, outside_policy=None):
    """Verdict, what was checked, and what failed. ``outside_policy``: bytes of a policy the reader trusts."""
    failures: list[str] = []
    missing: list[str] = []
    checked = {"package": Path(path).name}
    try:
        package = Zip(path) if Path(path).is_file() else Folder(Path(path))
        _verify(package, outside_policy, checked, failures, missing)
    except Bad as error:
        failures.append(str(error))
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        failures.append(f"the package cannot be read: {error}")
    verdict = "invalid" if failures else "incomplete" if missing else "valid"
    return {"verdict": verdict, "checked": checked, "failures": failures + missing}


def _verify(package, outside_policy, checked, failures, missing):
    names = set(package.names)

    # 1. The bag: every file is listed with both digests, and nothing else is there.
    needed = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt", *TAG_MANIFESTS, SIGNATURE}
    for name in sorted(needed - names):
        raise Bad(f"{name} is missing: this is no package of ours, or a damaged one")
    if package.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        failures.append("bagit.txt: changed")
    whole = set()
    for algorithm in ("sha256", "sha512"):
        payload = manifest(package.read(f"manifest-{algorithm}.txt"), f"manifest-{algorithm}.txt")
        tags = manifest(package.read(f"tagmanifest-{algorithm}.txt"), f"tagmanifest-{algorithm}.txt")
        listed = {**payload, **tags}
        for name in sorted(set(listed) - names):
            missing.append(f"{name}: listed, and not there")
        extra = names - set(listed) - TAG_MANIFESTS - {SIGNATURE}
        failures.extend(f"{name}: there, and not listed in the {algorithm} manifest" for name in sorted(extra))
        for name in sorted(set(listed) & names):
            content = package.read(name)
            if len(content) > LARGEST_FILE or hashlib.new(algorithm, content).hexdigest() != listed[name]:
                failures.append(f"{name}: changed ({algorithm} differs)")
            else:
                whole.add(name)
    checked["files"] = len(names)

    # 2. The policy: whose signatures count. One from outside is worth more than the one in the package.
    own = package.read("data/policy.txt") if "data/policy.txt" in names else b""
    policy = Policy(own if outside_policy is None else outside_policy)
    checked["policy"] = "the package's own" if outside_policy is None else "given by the reader"
    checked["log"] = policy.log.name
    checked["quorum"] = f"{policy.quorum} of {len(policy.counted)}"
    checked["fingerprints"] = {key.name: key.fingerprint for key in [policy.log, *policy.witnesses.values()]}

    # 3. The packer's signature binds the manifests, and so every byte.
    text, signed = signatures(package.read(SIGNATURE), [policy.log])
    digests = [hashlib.sha256(package.read(name)).hexdigest() for name in sorted(TAG_MANIFESTS)]
    if policy.log not in signed:
        raise Bad(f"{SIGNATURE}: {policy.log.name} has not signed this package")
    if text != "\n".join(["corroborate/package/v1", policy.log.name, *digests]) + "\n":
        failures.append(f"{SIGNATURE}: signs other manifests than these")

    # 4. Each item was sealed: bytes and salt -> commitment -> entry -> root -> signature -> witnesses.
    try:
        index = json.loads(package.read("data/index.json"))
        items = [(str(item["path"]), str(item["proof"]), item.get("commitment")) for item in index["items"]]
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise Bad("data/index.json: cannot be read") from error
    proven, withheld = 0, 0
    for name, proof, bare in items:
        if proof not in names or (bare is None and name not in names):
            continue  # named above as missing, or below as unlisted
        try:
            if bare is None:
                record = package.read(name)
                check_proof(package.read(proof), policy, lambda salt, record=record: commitment(record, salt))
                proven += 1
            else:
                check_proof(package.read(proof), policy, lambda _, bare=bare: bytes.fromhex(bare))
                withheld += 1
        except (Bad, ValueError) as error:
            failures.append(f"{name}: {error}")
    unlisted = {name for name in names if name.startswith("data/items/")} - {name for name, _, _ in items}
    failures.extend(f"{name}: there, and not in the index" for name in sorted(unlisted))
    lost = [name for name, proof, bare in items if proof not in names or (bare is None and name not in names)]
    named = {line.split(":", 1)[0] for line in missing}
    missing.extend(f"{name}: in the index, and not there" for name in lost if name not in named)
    checked["items"], checked["withheld"] = proven, withheld
    checkpoints = list(policy.checked.values())
    if checkpoints:
        size, root, times = checkpoints[-1]
        checked["log_size"], checked["root"] = size, base64.b64encode(root).decode()
        checked["witnessed"] = {name: datetime.fromtimestamp(at, UTC).isoformat() for name, at in sorted(times.items())}
    if not items:
        failures.append("data/index.json: names no item")


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Verify an evidence package, offline.")
    parser.add_argument("package", nargs="?", default=str(Path(__file__).parent), help="folder or ZIP file")
    parser.add_argument("--policy", help="a policy that came to you by another way than the package")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    if not Path(given.package).exists():
        print(f"{given.package} is not there. Give the package's folder or ZIP file.", file=sys.stderr)
        return 2
    try:
        outside = Path(given.policy).read_bytes() if given.policy else None
    except OSError as error:
        print(f"The policy cannot be read: {error}", file=sys.stderr)
        return 2
    result = verify(given.package, outside)
    print(json.dumps(result, indent=1, ensure_ascii=False) if given.json else report(result))
    return {"valid": 0, "invalid": 1, "incomplete": 2}[result["verdict"]]


def report(result):
    checked, lines = result["checked"], [f"{result['verdict'].upper()}: {result['checked']['package']}"]
    if "items" in checked:
        lines.append(f"  items proven: {checked['items']}, withheld: {checked['withheld']}, files: {checked['files']}")
    if "log_size" in checked:
        lines.append(f"  log {checked['log']}, {checked['log_size']} entries, root {checked['root']}")
        lines += [f"  witnessed by {name} at {at}" for name, at in checked["witnessed"].items()]
    if "policy" in checked:
        lines.append(f"  policy: {checked['policy']}, {checked['quorum']} witnesses asked for")
        lines += [f"  key {name}: {digits}" for name, digits in checked["fingerprints"].items()]
        if checked["policy"] == "the package's own":
            lines.append("  Compare these digits with what the members publish: the package cannot vouch for itself.")
    lines += [f"  - {failure}" for failure in result["failures"]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
