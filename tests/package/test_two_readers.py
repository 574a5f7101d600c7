"""The library and the verifier that stands alone are two implementations: they read every note alike."""

import base64
import io
import itertools
import re
import stat
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from corroborate.custody import COSIGNATURE_V1, Note, Policy, Signer, Verifier
from corroborate.custody import verify as verifier
from corroborate.custody.keys import KeyChange
from corroborate.custody.notes import ML_DSA_44
from corroborate.errors import CorroborateError

POST_QUANTUM = Verifier("pq.example/w", ML_DSA_44, bytes(range(256)) * 5 + bytes(32))


def line(key, raw):
    return f"\u2014 {key.name} {base64.b64encode(key.id + raw).decode()}\n".encode()


def both(policy, note, log):
    """What each makes of a checkpoint: its size and its witnesses' times, or None where it is refused."""
    try:
        checked = policy.check(note)
        ours = (checked.checkpoint.size, {name: int(at.timestamp()) for name, at in checked.times.items()})
    except CorroborateError:
        ours = None
    try:
        size, _, times, _, _ = verifier.Policy(policy.text().encode()).checkpoint(note, log)
        alone = (size, times)
    except verifier.Bad:
        alone = None
    assert ours == alone
    return ours


@pytest.fixture
def world(coalition):
    log = coalition.Log([coalition.record(1), coalition.record(2)])
    witnesses = {"b": coalition.FIRST.verifier(COSIGNATURE_V1), "q": POST_QUANTUM}
    return coalition, log, Policy(coalition.OWNER.verifier(), witnesses, 1)


def test_a_cosignature_of_a_kind_that_nobody_can_check_yet_neither_counts_nor_spoils(world):
    """C2SP tlog-cosignature: a policy may name an ML-DSA-44 witness before its readers know that kind."""
    coalition, log, policy = world
    note = log.checkpoint(witnesses=[coalition.FIRST])
    unknown = line(POST_QUANTUM, bytes(8) + bytes(2420))
    assert both(policy, note + unknown, log.owner.name) == both(policy, note, log.owner.name) is not None
    assert both(policy, log.checkpoint(witnesses=[]) + unknown, log.owner.name) is None


def test_a_line_of_a_known_key_that_does_not_hold_spoils_the_note_wherever_it_stands(world):
    coalition, log, policy = world
    good = log.checkpoint(witnesses=[coalition.FIRST])
    text, _, lines = good.partition(b"\n\n")
    for key, length in ((coalition.OWNER.verifier(), 64), (coalition.FIRST.verifier(COSIGNATURE_V1), 72)):
        bad = line(key, bytes(length))
        for places in itertools.permutations([*lines.splitlines(keepends=True), bad]):
            assert both(policy, text + b"\n\n" + b"".join(places), log.owner.name) is None


def test_of_two_cosignatures_of_one_witness_the_first_line_gives_its_time(world):
    coalition, log, policy = world
    text = Note.parse(log.checkpoint()).text
    times = [datetime(2014, 2, 17, tzinfo=UTC) + timedelta(days=day) for day in (0, 3)]
    for order in (times, times[::-1]):
        lines = "".join(coalition.FIRST.cosignature_line(text, at) for at in order).encode()
        found = both(policy, log.checkpoint(witnesses=[]) + lines, log.owner.name)
        assert found == (2, {"b": int(order[0].timestamp())})


def test_a_line_under_another_name_or_of_another_key_is_a_stranger_s(world):
    coalition, log, policy = world
    note, text = log.checkpoint(witnesses=[]), Note.parse(log.checkpoint()).text
    renamed = Signer("x.example/log", coalition.FIRST.seed)
    other = Signer(coalition.FIRST.name, bytes([77]) * 32)
    for stranger in (renamed, other):
        cosigned = stranger.cosignature_line(text, coalition.WHEN).encode()
        assert both(policy, note + cosigned, log.owner.name) is None
        assert both(policy, log.checkpoint(witnesses=[coalition.FIRST]) + cosigned, log.owner.name) is not None
    as_log = coalition.FIRST.line(text).encode()  # a witness's signature as a log is no cosignature
    assert both(policy, note + as_log, log.owner.name) is None


def test_the_forms_of_a_signature_line_are_the_same_for_both(world):
    coalition, log, policy = world
    note = log.checkpoint(witnesses=[coalition.FIRST])
    text, _, lines = note.partition(b"\n\n")
    for changed in (
        lines, lines.replace(b"\xe2\x80\x94 ", b""), lines.replace(b"\xe2\x80\x94 ", b"- "), lines[:-1], lines + b"\n",
        lines.replace(b"\n", b"\r\n"), lines + b"\xe2\x80\x94 x AAAAAA==\n", lines + b"\xe2\x80\x94 x AAAAAAA=\n",
        lines + b"\xe2\x80\x94 x\n", lines + b"\xe2\x80\x94  AAAAAAA=\n", lines + b"\xe2\x80\x94 x+y AAAAAAA=\n",
        lines + b"\xe2\x80\x94 x AAAAAAB=\n", lines + b"\xe2\x80\x94 x AAAA AAA=\n", b"", b"\n", lines + b" \n",
        lines + b"\xe2\x80\x94 x AAAA-_A=\n", lines + b"\xe2\x80\x94 x AAAAAAA\n",
    ):  # fmt: skip
        both(policy, text + b"\n\n" + changed, log.owner.name)
    assert both(policy, lines, log.owner.name) is None  # lines under no text at all
    assert both(policy, b"\n\n" + lines, log.owner.name) is None
    assert both(policy, text + b"\n\n" + lines, log.owner.name) is not None


BAD_POLICIES = {
    "no log": lambda a, b, c: f"witness W {b}\nquorum W\n",
    "the log's own key as its witness": lambda a, b, c: f"log {a}\nwitness W {c}\nquorum W\n",
    "one witness under two names": lambda a, b, c: f"log {a}\nwitness W {b}\nwitness V {b}\ngroup G 2 W V\nquorum G\n",
    "one log twice": lambda a, b, c: f"log {a}\nlog {a}\nquorum none\n",
    "no quorum": lambda a, b, c: f"log {a}\nwitness W {b}\n",
    "two quorums": lambda a, b, c: f"log {a}\nwitness W {b}\nquorum none\nquorum W\n",
    "a quorum nobody named": lambda a, b, c: f"log {a}\nwitness W {b}\nquorum V\n",
    "a witness twice in one group": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup G 2 W W\nquorum G\n",
    "a witness in two groups": lambda a, b, c: (
        f"log {a}\nwitness W {b}\ngroup G 1 W\ngroup H 1 W\ngroup T 2 G H\nquorum T\n"
    ),
    "more than there are": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup G 2 W\nquorum G\n",
    "fewer than one": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup G 0 W\nquorum G\n",
    "a group of nobody": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup G 1\nquorum G\n",
    "a witness with a log's kind of key": lambda a, b, c: f"log {a}\nwitness W {a}\nquorum W\n",
    "a log with a witness's kind of key": lambda a, b, c: f"log {b}\nquorum none\n",
    "a witness called none": lambda a, b, c: f"log {a}\nwitness none {b}\nquorum none\n",
    "a group called none": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup none 1 W\nquorum none\n",
    "a name twice": lambda a, b, c: f"log {a}\nwitness W {b}\ngroup W 1 W\nquorum W\n",
    "a group before its witness": lambda a, b, c: f"log {a}\ngroup G 1 W\nwitness W {b}\nquorum G\n",
    "an unknown word": lambda a, b, c: f"log {a}\nthreshold 1\nquorum none\n",
    "a word too many": lambda a, b, c: f"log {a} https://x/ more\nquorum none\n",
    "a damaged key": lambda a, b, c: f"log {str(a).replace('+', '+0', 1)}\nquorum none\n",
}


@pytest.mark.parametrize("case", BAD_POLICIES)
def test_a_policy_under_which_somebody_might_count_twice_or_that_says_nothing_is_refused_by_both(coalition, case):
    keys = (
        coalition.OWNER.verifier(),
        coalition.FIRST.verifier(COSIGNATURE_V1),
        coalition.OWNER.verifier(COSIGNATURE_V1),
    )
    text = BAD_POLICIES[case](*keys)
    with pytest.raises(CorroborateError):
        Policy.parse(text)
    with pytest.raises(verifier.Bad):
        verifier.Policy(text.encode())


def test_a_change_of_key_that_names_wrong_keys_is_refused_by_both(coalition):
    policy = verifier.Policy(coalition.Log([coalition.record(1)]).policy().text().encode())
    new = Signer(coalition.OWNER.name, bytes([90]) * 32)
    for old, heir, words in (
        (coalition.OWNER.verifier(), coalition.OWNER.verifier(), "takes another key"),
        (coalition.OWNER.verifier(), coalition.FIRST.verifier(), "keeps its name"),
        (coalition.OWNER.verifier(COSIGNATURE_V1), new.verifier(), "names a key that signs no log"),
        (coalition.OWNER.verifier(), new.verifier(COSIGNATURE_V1), "names a key that signs no log"),
    ):
        text = f"corroborate key change v1\nwhy rotation\nold {old}\nnew {heir}\nsize 3\nat 2014-02-17T09:00:00Z\n"
        note = f"{text}\n{coalition.OWNER.line(text)}{coalition.FIRST.line(text)}{new.line(text)}".encode()
        with pytest.raises(verifier.Bad, match=words):
            verifier.Change(note, policy)
        with pytest.raises(CorroborateError):
            KeyChange.parse(text)


def test_the_program_says_on_stderr_what_it_could_not_find_and_explains_each_option(capsys, tmp_path):
    assert verifier.main([str(tmp_path / "nothing.zip")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nothing.zip is not there. Give " in said.err
    (tmp_path / "package").mkdir()
    for option in ("--policy", "--checkpoint", "--keys"):
        assert verifier.main([str(tmp_path / "package"), option, str(tmp_path / "lost")]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "cannot be read" in said.err
        assert "lost" in said.err
    with pytest.raises(SystemExit):
        verifier.main(["--help"])
    helped = " ".join(capsys.readouterr().out.split())
    for option in ("package", "--policy POLICY", "--checkpoint CHECKPOINT", "--keys KEYS", "--json"):
        found = re.search(rf" {option} ([a-z]+ [a-z]+ .*?)(?= --|$)", helped.partition("arguments:")[2])
        assert found, (option, helped)


def test_a_package_that_cannot_be_opened_at_all_is_named_in_its_verdict(coalition):
    files = coalition.make()
    result = coalition.judge({**files, "bagit.txt": b"x" * (verifier.LARGEST_TEXT + 1)})
    assert result["verdict"] == "invalid"
    assert result["checked"]["package"] == "package.zip"
    assert result["failures"] == ["bagit.txt: longer than it could be"]


def test_links_special_and_locked_files_in_a_zip_are_refused_and_an_operating_system_s_litter_is_not(coalition):
    files = coalition.make()

    def judged(name, kind=0, flag=0):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for one, content in {**{f"p/{n}": c for n, c in files.items()}, name: b"x"}.items():
                info = zipfile.ZipInfo(one)
                if one == name:
                    info.create_system, info.external_attr = 3, kind << 16
                archive.writestr(info, content)
        content = bytearray(packed.getvalue())
        if flag:  # in the directory, where readers look
            at = content.rindex(b"PK\x01\x02")
            content[at + 8] |= flag
        return verifier.verify(io.BytesIO(bytes(content)), coalition.elsewhere(files))

    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR):
        result = judged("p/data/attachments/x", kind | 0o644)
        assert result["verdict"] == "invalid"
        assert "data/attachments/x" in result["failures"][0]
        assert "not listed" not in result["failures"][0]
    assert judged("p/data/attachments/x", flag=1)["verdict"] == "invalid"
    assert "not listed" not in judged("p/data/attachments/x", flag=1)["failures"][0]
    assert judged("p/data/attachments/x", stat.S_IFREG | 0o644)["failures"] == [
        "data/attachments/x: there, and not listed"
    ]
    for litter in (".DS_Store", "data/items/.DS_Store", "Thumbs.db"):
        result = judged(f"p/{litter}")
        assert result["verdict"] == "valid", result
        assert any(litter in note for note in result["checked"]["notes"])


def test_an_index_longer_than_is_read_at_once_is_read_whole(coalition):
    files = coalition.make(organisation="A long name, " * 100_000 + "of one group")
    assert len(files["data/index.json"]) > 1 << 20
    assert coalition.judge(files)["verdict"] == "valid"
