"""A small coalition that packs: keys, logs, packages in memory, and what a forger can do with them."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from tests.hearing import sentences_heard

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Description,
    Item,
    Policy,
    Scope,
    Signer,
    Software,
    Tree,
    leaf_hash,
    package_files,
    seal,
    write_zip,
)
from corroborate.custody.verify import Bad, verify
from corroborate.errors import CorroborateError
from corroborate.values import canonical

WHEN = datetime(2014, 2, 17, 9, tzinfo=UTC)
OWNER, FIRST, SECOND, STRANGER = (Signer(f"{name}.example/log", bytes([n]) * 32) for n, name in enumerate("abcd", 1))
TAGS = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")


def record(number: int) -> bytes:
    """An invented claim."""
    return canonical(
        {
            "version": 1, "id": f"claim_{number:032x}", "subject": f"person_{number:032x}", "property": "testimony",
            "value": {"type": "text", "text": f"invented words {number}", "language": "en"},
            "source": f"src_{number:032x}", "locator": f"p. {number}", "basis": "saw", "recorder": "an invented person",
            "recorded_at": "2014-02-16T09:00:00+00:00",
        }
    )  # fmt: skip


class Log:
    """A member's sealed records, and the checkpoint that others cosigned."""

    def __init__(self, records, owner=OWNER, witnesses=(FIRST, SECOND), at=WHEN):
        self.owner, self.witnesses, self.at = owner, witnesses, at
        self.records = list(records)
        self.salts = [hashlib.sha256(owner.seed + one).digest() for one in self.records]
        self.seals = [seal(one, salt) for one, salt in zip(self.records, self.salts, strict=True)]
        self.tree = Tree([leaf_hash(one.entry) for one in self.seals])

    def checkpoint(self, size=None, witnesses=None):
        size = self.tree.size if size is None else size
        text = Checkpoint(self.owner.name, size, self.tree.root(size)).text()
        lines = [one.cosignature_line(text, self.at) for one in (self.witnesses if witnesses is None else witnesses)]
        return (text + "\n" + self.owner.line(text) + "".join(lines)).encode()

    def policy(self, quorum=2):
        keys = {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (FIRST, SECOND, STRANGER) if one != self.owner}
        keys = {name: key for name, key in keys.items() if name in "bc"} if self.owner == OWNER else keys
        return Policy(self.owner.verifier(), keys, quorum if keys else 0)

    def items(self, withheld=()):
        for at, (one, sealed) in enumerate(zip(self.records, self.seals, strict=True)):
            name = f"{json.loads(one)['id']}.json"
            if at in withheld:
                yield Item(f"entry_{at}", at, sealed.commitment)
            else:
                yield Item(
                    name, at, sealed.commitment, one, sealed.salt, "testimony", "an invented person", WHEN, WHEN,
                    use="quote", until=date(2030, 1, 1),
                )  # fmt: skip


def about(**more):
    base = {
        "title": "Some records", "organisation": "Invented Group", "created": WHEN,
        "software": Software("corroborate", "0.1.0", "0" * 64), "consent": "for OHCHR, as each source allowed",
        "invented": True, "scope": Scope("named body", "OHCHR", WHEN.date()),
    }  # fmt: skip
    return Description(**{**base, **more})


def make(log=None, withheld=(1,), policy=None, note=None, items=None, **more):
    """The files of a package."""
    log = log or Log([record(1), record(2), record(3)])
    items = list(log.items(withheld)) if items is None else items
    earlier = [Checkpoint(log.owner.name, size, log.tree.root(size)) for size in range(1, log.tree.size)]
    note = log.checkpoint() if note is None else note
    described = about(**{"earlier": earlier, **more})
    return package_files(items, log.tree, note, policy or log.policy(), log.owner, described)


def zipped(files, top="package"):
    packed = io.BytesIO()
    write_zip(packed, top, files)
    packed.name = "package.zip"
    packed.seek(0)
    return packed


def plain_zip(files):
    """The same without compression, which is quicker."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    packed.name = "package.zip"
    packed.seek(0)
    return packed


def judge(files, policy=b"", checkpoints=()):
    """The verdict for a reader who compared the policy by another way; ``policy=None``: one who did not."""
    return verify(plain_zip(files), elsewhere(files) if policy == b"" else policy, checkpoints)


def elsewhere(files):
    """The policies of a package and of those within it, as if they came by another way; None where one is broken."""
    found = [content for name, content in files.items() if name.endswith("data/policy.txt")]
    try:
        return [one for one in found if Policy.parse(one.decode())] or None
    except (CorroborateError, UnicodeDecodeError):
        return None


def remake(files, signer=None):
    """What a forger can do: all manifests made anew, and signed anew where the forger holds a key."""
    payload = {name: content for name, content in files.items() if name.startswith("data/")}
    made = ("manifest-", "tagmanifest-")
    tags = {n: c for n, c in files.items() if n not in payload and not n.startswith(made) and n != "signature.note"}

    def lines(of, algorithm):
        return "".join(f"{hashlib.new(algorithm, of[name]).hexdigest()}  {name}\n" for name in sorted(of)).encode()

    for algorithm in ("sha256", "sha512"):
        tags[f"manifest-{algorithm}.txt"] = lines(payload, algorithm)
    seals = {f"tagmanifest-{algorithm}.txt": lines(tags, algorithm) for algorithm in ("sha256", "sha512")}
    out = {**payload, **tags, **seals, "signature.note": files["signature.note"]}
    if signer is not None:
        digests = [hashlib.sha256(seals[name]).hexdigest() for name in TAGS]
        text = "\n".join(["corroborate/package/v1", signer.name, *digests]) + "\n"
        out["signature.note"] = f"{text}\n{signer.line(text)}".encode()
    return out


@pytest.fixture(scope="session")
def coalition():
    """Everything above, for tests."""
    return SimpleNamespace(
        WHEN=WHEN, OWNER=OWNER, FIRST=FIRST, SECOND=SECOND, STRANGER=STRANGER, Log=Log, record=record, about=about,
        make=make, zipped=zipped, judge=judge, remake=remake, plain_zip=plain_zip,
        elsewhere=elsewhere,
    )  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Whatever is refused, by the project or by the verifier alone, the reader is told why in a sentence."""
    with sentences_heard(Bad):
        return (yield)
