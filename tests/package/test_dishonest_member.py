"""Each way in which a member who holds its own key, or somebody on the way, could cheat with a package, tried.

What happened is written down in docs/explanation/custody.md, by the names of these tests.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from corroborate.custody import COSIGNATURE_V1, Checkpoint, Item, Policy, Signer, write_package
from corroborate.custody.verify import SMALL_ORDER, Bad, Key, report, verify
from corroborate.errors import InvalidValue, NotVerified


@pytest.fixture(scope="module")
def log(coalition):
    return coalition.Log([coalition.record(1), coalition.record(2), coalition.record(3)])


@pytest.fixture(scope="module")
def files(coalition, log):
    return coalition.make(log)


def refused(result, *words):
    assert result["verdict"] == "invalid", result
    text = "\n".join(result["failures"])
    assert all(word in text for word in words), text


def item(files, number=0):
    return sorted(name for name in files if name.startswith("data/items/"))[number]


def edited(files, name, change):
    """A JSON file of the package changed by the member itself."""
    value = json.loads(files[name])
    change(value)
    return {**files, name: (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()}


# What was sealed


def test_a_record_edited_after_sealing_and_signed_again_is_refused(coalition, files):
    name = item(files)
    changed = {**files, name: files[name].replace(b"invented words 1", b"invented words 9")}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), name, "not what was sealed")


def test_another_salt_or_index_or_hash_in_a_proof_is_refused(coalition, files):
    name = next(n for n in files if n.startswith("data/proofs/claim"))
    lines = files[name].decode().split("\n")
    for at in range(1, lines.index("")):
        for other in ("", lines[at][:-3] + ("AA=" if lines[at][-3:] != "AA=" else "BA="), lines[at] + "\n" + lines[at]):
            changed = "\n".join([*lines[:at], other, *lines[at + 1 :]]).encode()
            result = coalition.judge(coalition.remake({**files, name: changed}, coalition.OWNER))
            assert result["verdict"] == "invalid", (at, other)
            assert any("claim" in failure for failure in result["failures"])


def test_a_withheld_record_cannot_be_claimed_for_another_commitment(coalition, files):
    def other(index):
        next(one for one in index["items"] if "commitment" in one)["commitment"] = "ab" * 32

    refused(coalition.judge(coalition.remake(edited(files, "data/index.json", other), coalition.OWNER)), "entry_1")


def test_a_record_shown_twice_to_look_like_two_is_refused(coalition, log):
    items = list(log.items())
    twice = Item("claim_again.txt", 0, items[0].commitment, items[0].record, items[0].salt)
    refused(coalition.judge(coalition.make(log, items=[*items, twice])), "shown twice")


def test_a_record_shown_under_another_records_name_is_refused(coalition, log):
    items = list(log.items())
    renamed = Item("claim_other.json", 0, items[0].commitment, items[0].record, items[0].salt)
    refused(coalition.judge(coalition.make(log, items=[renamed, *items[1:]])), "not what its file is called")


def test_a_record_sealed_so_that_two_readers_read_it_differently_is_refused(coalition):
    """The member seals, honestly, a text in which one key stands twice: some programs take the first, some the last."""
    two_faced = b'{"id":"claim_' + b"0" * 32 + b'","value":"she was released","value":"she was shot"}'
    log = coalition.Log([two_faced, coalition.record(2)])
    refused(coalition.judge(coalition.make(log, withheld=())), "reads alike")


# The log and its witnesses


def test_a_log_that_nobody_witnessed_is_not_valid(coalition):
    log = coalition.Log([coalition.record(1)], witnesses=())
    alone = Policy(coalition.OWNER.verifier(), {}, 0)
    result = coalition.judge(coalition.make(log, policy=alone, withheld=()), None)
    assert result["verdict"] == "incomplete"
    assert "nobody but the packer" in result["failures"][0]
    assert coalition.judge(coalition.make(log, policy=alone, withheld=()), alone.text().encode())["verdict"] == "valid"


@pytest.mark.parametrize("witnesses", [(), ("FIRST",), ("FIRST", "FIRST"), ("FIRST", "STRANGER"), ("FIRST", "OWNER")])
def test_without_a_quorum_the_checkpoint_is_refused(coalition, log, witnesses):
    note = log.checkpoint(witnesses=[getattr(coalition, name) for name in witnesses])
    with pytest.raises(NotVerified):
        coalition.make(log, note=note)
    files = coalition.make(log)
    genuine = log.checkpoint()
    changed = {n: c.replace(genuine, note) if n.startswith("data/proofs") else c for n, c in files.items()}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "the policy asks for 2 of 2")


def test_a_past_made_anew_and_signed_anew_is_refused_without_new_cosignatures(coalition, files):
    """The member changes a record, seals all anew, signs the new log, and keeps the old cosignatures under it."""
    forged = coalition.Log([coalition.record(9), coalition.record(2), coalition.record(3)])
    old = coalition.Log([coalition.record(1), coalition.record(2), coalition.record(3)]).checkpoint()
    new = forged.checkpoint(witnesses=())
    note = new + b"".join(line + b"\n" for line in old.split(b"\n\n")[1].split(b"\n")[1:-1])
    made = coalition.make(forged)
    changed = {n: c.replace(forged.checkpoint(), note) if n.startswith("data/proofs") else c for n, c in made.items()}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "signature of b.example/log does not hold")


def test_witnesses_of_straw_are_found_out_by_the_readers_own_policy(coalition):
    """The member invents two witnesses, gives them good names and their keys a policy. Only the reader's own helps."""
    straw = [Signer(one.name, bytes([77 + n]) * 32) for n, one in enumerate((coalition.FIRST, coalition.SECOND))]
    log = coalition.Log([coalition.record(1)], witnesses=straw)
    policy = Policy(coalition.OWNER.verifier(), {one.name[0]: one.verifier(COSIGNATURE_V1) for one in straw}, 2)
    files = coalition.make(log, policy=policy, withheld=())
    trusted = coalition.Log([coalition.record(1)]).policy().text().encode()
    result = coalition.judge(files, None)
    assert result["verdict"] == "incomplete"
    assert "nobody has confirmed these keys" in result["failures"][0]
    assert "cannot vouch for itself" in report(result)
    refused(coalition.judge(files, trusted), "0 witnesses have cosigned")
    genuine = coalition.judge(coalition.make(withheld=()))["checked"]["fingerprints"]
    assert set(genuine.values()) & set(result["checked"]["fingerprints"].values()) == {genuine["a.example/log"]}


def test_a_policy_in_which_a_key_counts_twice_is_refused(coalition, files):
    own, first = coalition.OWNER, coalition.FIRST
    for lines in (
        [f"witness x {own.verifier(COSIGNATURE_V1)}", "quorum x"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", f"witness y {Signer('y', first.seed).verifier(COSIGNATURE_V1)}",
         "group g 2 x y", "quorum g"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", "group g 2 x x", "quorum g"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", "group g any x", "group h 2 g x", "quorum h"],
        [f"witness x {first.verifier()}", "quorum x"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", "group g 0 x", "quorum g"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", "quorum x", "quorum none"],
        [f"witness x {first.verifier(COSIGNATURE_V1)}", f"witness x {coalition.SECOND.verifier(COSIGNATURE_V1)}",
         "quorum x"],
        [f"witness none {first.verifier(COSIGNATURE_V1)}", "quorum none"],
        [],
    ):  # fmt: skip
        policy = "\n".join([f"log {own.verifier()}", *lines]).encode() + b"\n"
        assert coalition.judge(files, policy)["verdict"] == "invalid", lines


def test_organisations_are_groups_and_two_seats_of_one_count_once(coalition):
    """Groups within groups (C2SP tlog-policy): one of each pair, of both pairs."""
    first, second, third = coalition.FIRST, coalition.SECOND, coalition.STRANGER
    log = coalition.Log([coalition.record(1)])
    keys = {name: one.verifier(COSIGNATURE_V1) for name, one in (("b", first), ("c", second), ("d", third))}
    head = [f"log {coalition.OWNER.verifier()}", *(f"witness {name} {key}" for name, key in keys.items())]
    for lines, witnesses, verdict in (
        (["group one any b d", "group both all one c", "quorum both"], (first, second), "valid"),
        (["group one any b d", "group both all one c", "quorum both"], (first, third), "invalid"),
        (["group one any b d", "group both all one c", "quorum both"], (third, second), "valid"),
        (["group any-two 2 b c d", "quorum any-two"], (first, third), "valid"),
        (["quorum c"], (first,), "invalid"),
        (["quorum c"], (second,), "valid"),
    ):
        files = coalition.make(log, withheld=())
        note = log.checkpoint(witnesses=witnesses)
        genuine = log.checkpoint()
        files = {n: c.replace(genuine, note) if n.startswith("data/proofs") else c for n, c in files.items()}
        policy = ("\n".join([*head, *lines]) + "\n").encode()
        result = coalition.judge(coalition.remake(files, coalition.OWNER), policy)
        assert result["verdict"] == verdict, (lines, witnesses, result)


def test_a_witness_whose_key_is_of_small_order_is_refused(coalition):
    """Under the neutral point, one signature of zeros holds for every text: such a witness would be anybody."""
    for point in SMALL_ORDER:
        for sign in (0, 1 << 255):
            raw = b"\x04" + ((point % 2**255) | sign).to_bytes(32, "little")
            identifier = hashlib.sha256(b"weak.example\n" + raw).hexdigest()[:8]
            with pytest.raises(Bad, match="none that anybody could keep secret"):
                Key(f"weak.example+{identifier}+{base64.b64encode(raw).decode()}")


def test_a_cosignature_of_the_year_292_billion_is_refused_without_a_crash(coalition, log):
    text = Checkpoint(log.owner.name, log.tree.size, log.tree.root()).text()
    seconds = 2**63
    signed = coalition.FIRST.sign_bytes(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    raw = coalition.FIRST.verifier(COSIGNATURE_V1).id + seconds.to_bytes(8, "big") + signed
    line = f"\u2014 {coalition.FIRST.name} {base64.b64encode(raw).decode()}\n".encode()
    note = log.checkpoint(witnesses=()) + line
    files = coalition.make(log)
    genuine = log.checkpoint()
    changed = {n: c.replace(genuine, note) if n.startswith("data/proofs") else c for n, c in files.items()}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "no time in any calendar")


def test_proofs_under_two_checkpoints_are_refused(coalition, log, files):
    """A member who keeps two logs may not take one item from each."""
    other = coalition.Log([coalition.record(7), coalition.record(3)])
    name = next(n for n in reversed(files) if n.startswith("data/items/"))
    changed = {**files, f"data/proofs/{name[11:]}.tlog-proof": coalition.make(other, withheld=())[
        f"data/proofs/{name[11:]}.tlog-proof"]}  # fmt: skip
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "another checkpoint")


def test_a_history_shown_to_one_reader_and_another_to_the_next_are_found_out(coalition, log, files):
    """Both cosigned by a quorum that colludes. Each reader alone sees a valid package; holding the other's, not."""
    other = coalition.Log([coalition.record(1), coalition.record(2), coalition.record(8)])
    assert coalition.judge(coalition.make(other))["verdict"] == "valid"
    refused(coalition.judge(coalition.make(other), checkpoints=[log.checkpoint()]), "two histories")
    longer = coalition.Log([*other.records, coalition.record(4)])
    assert coalition.judge(coalition.make(longer))["verdict"] == "valid"
    refused(coalition.judge(coalition.make(longer), checkpoints=[log.checkpoint()]), "does not begin with")


def test_an_older_package_sent_again_is_named_to_who_holds_a_newer_checkpoint(coalition, log, files):
    newer = coalition.Log([*log.records, coalition.record(4)])
    refused(coalition.judge(files, checkpoints=[newer.checkpoint()]), "older than the log you hold")
    assert coalition.judge(files, checkpoints=[log.checkpoint()])["verdict"] == "valid"


def test_who_holds_an_older_checkpoint_sees_that_the_log_went_on_from_it(coalition, log):
    newer = coalition.make(coalition.Log([*log.records, coalition.record(4)]))
    for size in (1, 2, 3):
        result = coalition.judge(newer, checkpoints=[log.checkpoint(size)])
        assert (result["verdict"], result["checked"]["compared"]) == ("valid", 1), result
    without = coalition.make(coalition.Log([*log.records, coalition.record(4)]), earlier=())
    assert coalition.judge(without, checkpoints=[log.checkpoint()])["verdict"] == "incomplete"


def test_a_checkpoint_of_another_log_is_not_passed_over_in_silence(coalition, files):
    other = coalition.Log([coalition.record(1)], owner=coalition.STRANGER)
    result = coalition.judge(files, checkpoints=[other.checkpoint()])
    assert result["verdict"] == "incomplete"
    assert "nothing was compared" in result["failures"][-1]
    forged = coalition.Log([coalition.record(1)], owner=Signer("a.example/log", b"z" * 32))
    refused(coalition.judge(files, checkpoints=[forged.checkpoint()]), "has not signed it")
    refused(coalition.judge(files, checkpoints=[b"no note"]), "the checkpoint that was given")


def test_a_package_cannot_show_a_history_that_its_log_does_not_have(coalition, log):
    with pytest.raises(InvalidValue, match="does not go on"):
        coalition.make(log, earlier=[Checkpoint(log.owner.name, 2, b"x" * 32)])


# The package around the records


@pytest.mark.parametrize("signer", ["STRANGER", "FIRST"])
def test_a_package_signed_by_somebody_else_is_refused(coalition, files, signer):
    refused(coalition.judge(coalition.remake(files, getattr(coalition, signer))), "signature.note")
    impostor = Signer("a.example/log", b"q" * 32)
    refused(coalition.judge(coalition.remake(files, impostor)), "signature.note", "not signed by a.example/log")


def test_a_second_signature_under_the_package_is_refused(coalition, files):
    text = files["signature.note"].decode().split("\n\n")[0] + "\n"
    note = files["signature.note"] + coalition.STRANGER.line(text).encode()
    refused(coalition.judge({**files, "signature.note": note}), "not by it alone")


def test_a_checkpoint_cannot_pass_for_a_packages_signature_nor_the_reverse(coalition, log, files):
    refused(coalition.judge({**files, "signature.note": log.checkpoint(witnesses=())}), "signature.note")
    name = next(n for n in files if n.startswith("data/proofs"))
    changed = {**files, name: files[name].replace(log.checkpoint(), files["signature.note"])}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), name)


INDEX = [
    ("version", 2), ("version", "1"), ("version", None), ("items", []), ("items", {}), ("items", None), ("items", [1]),
    ("items", [{}]), ("packages", ["../package"]), ("packages", ["nothing"]), ("packages", 5), ("packages", [["a"]]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), INDEX)
def test_no_field_of_the_index_can_be_bent(coalition, files, field, value):
    changed = edited(files, "data/index.json", lambda index: index.update({field: value}))
    assert coalition.judge(coalition.remake(changed, coalition.OWNER))["verdict"] == "invalid"


@pytest.mark.parametrize("field", ["path", "proof", "commitment"])
@pytest.mark.parametrize("value", ["README.txt", "data/items/../policy.txt", "data/items/x", 7, None, "", "ab" * 32])
def test_no_field_of_an_item_in_the_index_can_be_bent(coalition, files, field, value):
    for number in (0, 1):
        changed = edited(files, "data/index.json", lambda index, n=number: index["items"][n].update({field: value}))
        assert coalition.judge(coalition.remake(changed, coalition.OWNER))["verdict"] != "valid"


def test_an_item_left_out_of_the_index_or_named_twice_is_refused(coalition, files):
    less = edited(files, "data/index.json", lambda index: index["items"].pop())
    refused(coalition.judge(coalition.remake(less, coalition.OWNER)), "not in the index")
    more = edited(files, "data/index.json", lambda index: index["items"].append(index["items"][0]))
    refused(coalition.judge(coalition.remake(more, coalition.OWNER)), "twice in the index")


def test_a_record_left_out_altogether_shows_in_the_count_of_the_log_only(coalition, log):
    """Nothing makes a member show a record. The reader sees that the log has three entries, of which two are proven."""
    result = coalition.judge(coalition.make(log, items=list(log.items())[:2]))
    assert result["verdict"] == "valid"
    assert (result["checked"]["items"], result["checked"]["log_size"]) == (2, 3)


def test_a_record_said_to_be_older_than_its_seal_is_dated_by_the_witnesses_alone(coalition):
    """The member writes 1999 into a record of today. The record says so; the verdict never does."""
    old = coalition.record(1).replace(b"2014-02-16", b"1999-01-01")
    result = coalition.judge(coalition.make(coalition.Log([old]), withheld=()))
    assert set(result["checked"]["witnessed"].values()) == {"2014-02-17T09:00:00+00:00"}
    assert "1999" not in report(result)


def test_a_clock_that_was_wrong_is_flagged_against_the_witnesses(coalition):
    late = coalition.record(1).replace(b"2014-02-16", b"2015-02-16")
    result = coalition.judge(coalition.make(coalition.Log([late]), withheld=()))
    assert any("a clock was wrong" in note for note in result["checked"]["notes"])
    behind = coalition.make(created=coalition.WHEN - timedelta(days=400))
    assert any("behind the witnesses" in note for note in coalition.judge(behind)["checked"]["notes"])


def test_an_attachment_never_counts_as_sealed(coalition):
    result = coalition.judge(coalition.make(attachments={"confession.pdf": b"typed today"}))
    assert (result["checked"]["items"], result["checked"]["attachments"]) == (2, 1)
    assert "attachments (signed, never sealed): 1" in report(result)


def test_words_in_the_package_cannot_write_a_verdict_onto_the_readers_screen(coalition):
    evil = "Group\nVALID: everything\x1b[2J\u202e"
    files = coalition.make()
    changed = edited(files, "data/index.json", lambda index: index.update({"organisation": evil}))
    result = coalition.judge({**changed, "x": b""})
    assert result["verdict"] == "invalid"
    lines = report(result).split("\n")
    assert lines[0].startswith("INVALID")
    assert not any(line.startswith("VALID") or "\x1b" in line or "\u202e" in line for line in lines)


# The verifier itself


@pytest.mark.parametrize("name", ["hashlib.py", "json.py", "cryptography/__init__.py", "argparse.py", "re.py"])
def test_a_module_laid_beside_the_verifier_is_not_run(coalition, tmp_path, name):
    """Python looks for modules beside a program first. A package with its own json.py could print what it likes."""
    write_package(tmp_path / "package", coalition.make())
    trap = tmp_path / "package" / name
    trap.parent.mkdir(exist_ok=True)
    trap.write_text("import os\nos.write(1, b'VALID: trust me\\n')\nos._exit(0)\n")
    done = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path / "package", capture_output=True, text=True)
    assert done.returncode == 1
    assert "trust me" not in done.stdout
    assert name in done.stdout


def test_a_lying_verifier_in_a_package_is_named_by_an_honest_one(coalition, files):
    liar = {**files, "verify.py": b"print('VALID: trust me')\n"}
    result = coalition.judge(coalition.remake(liar, coalition.OWNER))
    assert any("another than the one that gives this answer" in note for note in result["checked"]["notes"])
    assert coalition.judge(files)["checked"].get("notes") is None


def test_a_package_within_a_package_cannot_hide_behind_the_outer_one(coalition, tmp_path):
    inner = coalition.make(coalition.Log([coalition.record(5)], owner=coalition.STRANGER), withheld=())
    write_package(tmp_path / "inner", inner)
    outer = coalition.make(packages={"theirs": tmp_path / "inner"})
    result = coalition.judge(outer)
    assert result["verdict"] == "valid", result
    assert result["checked"]["packages"]["theirs"]["checked"]["items"] == 1
    name = "data/packages/theirs/" + item(inner)
    changed = coalition.remake({**outer, name: outer[name].replace(b"words 5", b"words 6")}, coalition.OWNER)
    refused(coalition.judge(changed), name)
    hidden = edited(outer, "data/index.json", lambda index: index.update(packages=[]))
    refused(coalition.judge(coalition.remake(hidden, coalition.OWNER)), "data/packages/theirs")
    lost = {n: c for n, c in outer.items() if n != name}
    result = coalition.judge(coalition.remake(lost, coalition.OWNER))
    assert result["verdict"] == "incomplete"
    assert any(name in failure for failure in result["failures"])


def test_a_readers_policies_are_chosen_by_log_and_an_unknown_log_is_refused(coalition, tmp_path):
    theirs = coalition.Log([coalition.record(5)], owner=coalition.STRANGER)
    write_package(tmp_path / "inner", coalition.make(theirs, withheld=()))
    outer = coalition.make(packages={"theirs": tmp_path / "inner"})
    ours = coalition.Log([coalition.record(1)]).policy().text().encode()
    both = [ours, theirs.policy().text().encode()]
    assert coalition.judge(outer, both)["verdict"] == "valid"
    refused(coalition.judge(outer, [ours]), "which no policy used here names")


def test_packages_of_several_members_lie_in_one_that_holds_no_records_of_its_own(coalition, tmp_path):
    for name, owner in (("first", coalition.OWNER), ("second", coalition.STRANGER)):
        write_package(tmp_path / name, coalition.make(coalition.Log([coalition.record(5)], owner=owner), withheld=()))
    joint = {name: tmp_path / name for name in ("first", "second")}
    files = coalition.make(items=[], note=None, packages=joint)
    result = coalition.judge(files)
    assert result["verdict"] == "valid"
    assert [one["checked"]["items"] for one in result["checked"]["packages"].values()] == [1, 1]
    write_package(tmp_path / "joint", files)
    nested = coalition.judge(coalition.make(packages={"joint": tmp_path / "joint"}))
    assert nested["verdict"] == "valid"
    assert nested["checked"]["packages"]["joint"]["checked"]["packages"]["second"]["verdict"] == "valid"


def test_packages_within_packages_without_end_are_refused(coalition, tmp_path):
    files = coalition.make()
    for depth in range(4):
        write_package(tmp_path / str(depth), files)
        files = coalition.make(packages={"more": tmp_path / str(depth)})
    refused(coalition.judge(files), "without end")


# How it lies on the disk


def test_links_and_special_files_are_refused(coalition, tmp_path):
    import os

    write_package(tmp_path / "package", coalition.make())
    name = item(coalition.make())
    outside = tmp_path / "outside.json"
    shutil.move(tmp_path / "package" / name, outside)
    (tmp_path / "package" / name).symlink_to(outside)
    refused(verify(tmp_path / "package"), "a link")
    (tmp_path / "package" / name).unlink()
    shutil.move(outside, tmp_path / "package" / name)
    (tmp_path / "folder").mkdir()
    (tmp_path / "package" / "data" / "more").symlink_to(tmp_path / "folder")
    refused(verify(tmp_path / "package"), "a link")
    (tmp_path / "package" / "data" / "more").unlink()
    os.mkfifo(tmp_path / "package" / "data" / "pipe")
    refused(verify(tmp_path / "package"), "special file")


def test_what_an_operating_system_leaves_in_a_folder_is_noted_and_is_no_part_of_it(coalition, tmp_path):
    write_package(tmp_path / "package", coalition.make())
    (tmp_path / "package" / "data" / ".DS_Store").write_bytes(b"x")
    result = verify(tmp_path / "package", (tmp_path / "package/data/policy.txt").read_bytes())
    assert result["verdict"] == "valid"
    assert "data/.DS_Store" in result["checked"]["notes"][0]


@pytest.mark.parametrize(
    "name",
    [
        "../out", "/out", "data/../../out", "data\\out", "C:out", "data//out", "data/./out", "data/out.", "data/out ",
        "data/a\u202eb", "data/a\nb", "data/POLICY.txt", "Data/x", "data/policy.txt/x", "da%2Fx", "data/a\u0301",
    ],
)  # fmt: skip
def test_names_that_lead_out_or_look_like_others_are_refused(coalition, files, name):
    extra = {"data/\u00e1": b"x"} if name == "data/a\u0301" else {}
    result = coalition.judge({**files, **extra, name: b"x"})
    assert result["verdict"] == "invalid"
    assert "items" not in result["checked"]  # refused before anything was read


def test_a_copy_of_the_same_package_gives_the_same_number(coalition, files):
    number = coalition.judge(files)["checked"]["package_number"]
    assert coalition.judge(coalition.make())["checked"]["package_number"] == number
    assert coalition.judge(coalition.make(created=datetime(2014, 3, 1, tzinfo=coalition.WHEN.tzinfo)))["checked"][
        "package_number"] != number  # fmt: skip


# What is left of the verifier's ways, each once


def test_a_key_of_a_kind_to_come_is_read_and_never_counts(coalition, files):
    """Room for ML-DSA-44: its key may stand in a policy; as long as nobody can check it, it fulfils nothing."""
    raw = b"\x06" + bytes(1312)
    identifier = hashlib.sha256(b"later.example\n" + raw).hexdigest()[:8]
    later = f"witness later later.example+{identifier}+{base64.b64encode(raw).decode()}"
    head = f"log {coalition.OWNER.verifier()}\nwitness b {coalition.FIRST.verifier(COSIGNATURE_V1)}\n{later}\n"
    assert coalition.judge(files, f"{head}group g any b later\nquorum g\n".encode())["verdict"] == "valid"
    refused(coalition.judge(files, f"{head}quorum later\n".encode()), "the policy asks for 1 of 1")


def test_a_log_whose_key_changed_is_verified_under_both_of_its_keys(coalition):
    """Its checkpoint is of the old key, its package of the new one, and the policy names both."""
    new = Signer(coalition.OWNER.name, b"n" * 32)
    log = coalition.Log([coalition.record(1)])
    files = coalition.make(log, withheld=())
    policy = log.policy().text().replace("\nwitness", f"\nlog {new.verifier()}\nwitness", 1)
    files = coalition.remake({**files, "data/policy.txt": policy.encode()}, new)
    result = coalition.judge(files)
    assert result["verdict"] == "valid", result
    assert {"a.example/log", "a.example/log (2)"} <= set(result["checked"]["fingerprints"])
    refused(coalition.judge(files, log.policy().text().encode()), "not signed by a.example/log")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("data/policy.txt", b"\xff", "the policy is not UTF-8"),
        ("data/policy.txt", b"what is this\n", "is not understood"),
        ("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt: changed"),
        ("data/index.json", b'{"version":1,"version":1}', "stands twice"),
        ("data/history.json", b"{}", ""),
    ],
)
def test_what_a_packer_signs_is_read_as_strictly_as_anything_else(coalition, files, name, content, word):
    result = coalition.judge(coalition.remake({**files, name: content}, coalition.OWNER))
    if word:
        refused(result, word)
    else:
        assert result["verdict"] == "valid"


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("manifest-sha256.txt", lambda c: b"\xff" + c, "is not UTF-8"),
        ("manifest-sha256.txt", lambda c: c[:-1], "line end"),
        ("manifest-sha512.txt", lambda c: c + c.split(b"\n")[0] + b"\n", "cannot be read"),
        ("manifest-sha512.txt", lambda c: c + b"0" * 128 + b"  data/../x\n", "leads out"),
        ("manifest-sha512.txt", lambda c: c + b"0" * 128 + b"  x\n", "cannot be read"),
        ("manifest-sha256.txt", lambda c: c + b"0" * 128 + b"  data/x\n", "cannot be read"),
        ("manifest-sha256.txt", lambda c: c + b"0" * 64 + b"  data/x\n", "in one manifest and not in the other"),
    ],
)
def test_a_manifest_has_one_form(coalition, files, name, change, word):
    refused(coalition.judge({**files, name: change(files[name])}), name, word)


def test_a_signature_over_something_else_is_no_signature_of_a_package(coalition, files):
    lines = files["signature.note"].decode().split("\n\n")[0].split("\n")
    for bent in ([*lines, "more"], ["corroborate/package/v2", *lines[1:]], lines[:3]):
        text = "\n".join(bent) + "\n"
        note = f"{text}\n{coalition.OWNER.line(text)}".encode()
        refused(coalition.judge({**files, "signature.note": note}), "signature.note")


def test_a_proof_without_its_salt_is_refused(coalition, files):
    name = next(n for n in files if n.startswith("data/proofs/claim"))
    lines = files[name].split(b"\n")
    bare = b"\n".join([lines[0], *lines[2:]])
    refused(coalition.judge(coalition.remake({**files, name: bare}, coalition.OWNER)), "its salt is missing")


def test_a_file_at_the_place_of_a_withheld_record_is_refused(coalition, files):
    changed = {**files, "data/items/entry_1": b"{}"}
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "though the index says it is withheld")


def test_a_withheld_record_with_a_name_is_refused(coalition, files):
    """A name such as confession-of-somebody would be free text that nothing binds."""
    proof = files["data/proofs/entry_1.tlog-proof"]
    changed = {n: c for n, c in files.items() if n != "data/proofs/entry_1.tlog-proof"}
    changed["data/proofs/confession.tlog-proof"] = proof
    path = {"path": "data/items/confession", "proof": "data/proofs/confession.tlog-proof"}
    changed = edited(changed, "data/index.json", lambda index: index["items"][1].update(path))
    refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "is withheld, and yet has a name")


def test_of_many_wrong_clocks_twenty_are_named_and_the_rest_counted(coalition):
    late = [coalition.record(n).replace(b"2014-02-16", b"2015-02-16") for n in range(23)]
    notes = coalition.judge(coalition.make(coalition.Log(late), withheld=()))["checked"]["notes"]
    assert len(notes) == 21
    assert notes[-1] == "3 more items say so"
    one_day = coalition.record(1).replace(b"2014-02-16T09:00:00", b"2014-02-18T09:00:00")
    assert "notes" not in coalition.judge(coalition.make(coalition.Log([one_day]), withheld=()))["checked"]
    second_more = coalition.record(1).replace(b"2014-02-16T09:00:00", b"2014-02-18T09:00:01")
    assert coalition.judge(coalition.make(coalition.Log([second_more]), withheld=()))["checked"]["notes"]
    no_time = coalition.record(1).replace(b"2014-02-16T09:00:00+00:00", b"some day")
    assert "notes" not in coalition.judge(coalition.make(coalition.Log([no_time]), withheld=()))["checked"]


def test_a_broken_history_is_said_so_to_who_asks_for_it(coalition, log):
    newer = coalition.make(coalition.Log([*log.records, coalition.record(4)]))
    for steps, word in (
        ([{"size": 3, "proof": ["no"]}], "cannot be read"), ([{"size": 3, "proof": []}], "empty"),
        ([{"size": 3}], "cannot be read"), (7, "cannot be read"),
        ([{"size": 3, "proof": [base64.b64encode(bytes(32)).decode()] * 9}], "too long"),
    ):  # fmt: skip
        content = json.dumps({"checkpoints": steps}).encode()
        files = coalition.remake({**newer, "data/history.json": content}, coalition.OWNER)
        refused(coalition.judge(files, checkpoints=[log.checkpoint()]), "data/history.json", word)


def test_a_token_in_a_package_without_records_is_kept_and_not_judged(coalition, tmp_path):
    inner = coalition.make(coalition.Log([coalition.record(5)], owner=coalition.STRANGER), withheld=())
    write_package(tmp_path / "theirs", inner)
    packages = {"theirs": tmp_path / "theirs"}
    files = coalition.make(items=[], timestamps={"token.tsr": b"x"}, packages=packages)
    assert "no checkpoint" in coalition.judge(files)["checked"]["notes"][0]


def test_a_checkpoint_that_the_log_did_not_sign_is_refused_however_many_cosigned_it(coalition, log, files):
    """Witnesses may have been led to cosign it; without the log's own line it is nobody's."""
    text = log.checkpoint().decode().split("\n\n")[0] + "\n"
    cosigned = [one.cosignature_line(text, coalition.WHEN) for one in (coalition.FIRST, coalition.SECOND)]
    impostor = Signer("a.example/log", b"i" * 32)
    genuine = log.checkpoint()
    for note in (f"{text}\n{''.join(cosigned)}", f"{text}\n{impostor.line(text)}{''.join(cosigned)}"):
        new = note.encode()
        changed = {n: c.replace(genuine, new) if n.startswith("data/proofs") else c for n, c in files.items()}
        refused(coalition.judge(coalition.remake(changed, coalition.OWNER)), "a.example/log has not signed the check")


def test_a_token_that_was_changed_on_its_way_is_named(coalition):
    files = coalition.make(timestamps={"token.tsr": b"as it came"})
    assert coalition.judge(files)["verdict"] == "valid"
    refused(
        coalition.judge({**files, "data/timestamps/token.tsr": b"as it went"}), "data/timestamps/token.tsr: changed"
    )


# What a package says of itself


def crate(files, change):
    return edited(files, "ro-crate-metadata.json", change)


def test_a_package_that_borrows_another_members_name_is_refused(coalition, log):
    """The first line of a verdict is what people quote: it may not be written by whoever packed."""
    for name in ("b.example/log", "B.EXAMPLE/LOG", "b.example/\u200blog"):
        refused(coalition.judge(coalition.make(log, organisation=name)), "which is another member")
    result = coalition.judge(coalition.make(log, organisation="a.example/log"))
    assert result["checked"]["named_by"] == "its log"
    assert "  of a.example/log, says it was packed" in report(result)
    result = coalition.judge(coalition.make(log, organisation="Ministry of Truth"))
    assert result["checked"]["named_by"] == "itself"
    assert "  calls itself Ministry of Truth, says it was packed" in report(result)
    assert "calls itself a.example/log" in report(
        coalition.judge(coalition.make(log, organisation="a.example/log"), None)
    )


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("bag-info.txt", b"Source-Organization: Invented Group", b"Source-Organization: Another Group"),
        ("bag-info.txt", b"Bagging-Date: 2014-02-17", b"Bagging-Date: 2011-02-17"),
        ("README.txt", b"\nInvented Group, 2014-02-17", b"\nAnother Group, 2014-02-17"),
        ("README.txt", b"\nInvented Group, 2014-02-17", b"\nInvented Group, 2011-02-17"),
        ("ro-crate-metadata.json", b'"name": "Invented Group"', b'"name": "Another Group"'),
        ("ro-crate-metadata.json", b'"datePublished": "2014-02-17"', b'"datePublished": "2011-02-17"'),
        ("data/prov.json", b'"prov:label": "Invented Group"', b'"prov:label": "Another Group"'),
        ("data/index.json", b'"organisation": "Invented Group"', b'"organisation": "Another Group"'),
        ("data/index.json", b'"created": "2014', b'"created": "2011'),
    ],
)
def test_what_a_package_says_of_itself_is_the_same_wherever_it_says_it(coalition, files, name, before, after):
    assert before in files[name]
    changed = coalition.remake({**files, name: files[name].replace(before, after)}, coalition.OWNER)
    refused(coalition.judge(changed), name if name != "data/index.json" else "bag-info.txt", "where data/index.json")


def test_a_false_length_for_catalogues_is_noted(coalition, files):
    def lie(value):
        for one in value["@graph"]:
            if one["@id"] == "data/index.json":
                one["contentSize"] = "1"

    result = coalition.judge(coalition.remake(crate(files, lie), coalition.OWNER))
    assert any("'1' of the length of data/index.json" in note for note in result["checked"]["notes"])
    result = coalition.judge(
        coalition.remake(
            {**files, "bag-info.txt": re.sub(rb"Oxum: \d+", b"Oxum: 7", files["bag-info.txt"])}, coalition.OWNER
        )
    )
    assert any("of its own length" in note for note in result["checked"]["notes"])


@pytest.mark.parametrize(
    "name", ["fetch.txt", "data/more.json", "data/evidence/letter.pdf", "NOTES.md", "data/claims/x.json"]
)
def test_a_file_that_is_neither_sealed_nor_an_attachment_has_no_place(coalition, files, name):
    content = b"https://example.org/x 5 data/x\n" if name == "fetch.txt" else b"a letter"
    refused(coalition.judge(coalition.remake({**files, name: content}, coalition.OWNER)), name)


@pytest.mark.parametrize(
    "text", ['"a":1e999', '"a":NaN', '"a":"\\ud800"', '"a":1,"a":2', '"\u00e9":1,"e\u0301":2', '"a":9007199254740993']
)
def test_a_sealed_record_that_two_readers_read_differently_is_refused(coalition, text):
    record = ('{"id":"claim_x",' + text + "}").encode()
    log = coalition.Log([record, coalition.record(2)])
    refused(coalition.judge(coalition.make(log, withheld=())), "claim_x.json", "reads alike")
