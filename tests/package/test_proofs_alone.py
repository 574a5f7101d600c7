"""The verifier's own arithmetic, against the packer's and by hand: proofs, keys, digits, names. To the bit."""

import base64
import hashlib
import io

import pytest

from corroborate.custody import Tree, leaf_hash
from corroborate.custody.verify import (
    Bad,
    Key,
    check_names,
    consistency_roots,
    decode,
    der,
    digits,
    inclusion_root,
    one_reading,
    plain,
    read_checkpoint,
    read_proof,
    report,
    signatures,
    verify,
)  # fmt: skip
from corroborate.errors import CorroborateError

SIZES = range(1, 18)


def entry(number):
    return b"entry %d" % number


@pytest.fixture(scope="module")
def tree():
    return Tree([leaf_hash(entry(number)) for number in range(max(SIZES))])


def test_every_inclusion_proof_of_every_size_leads_to_the_root_and_to_no_other(tree):
    for size in SIZES:
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert inclusion_root(entry(index), index, size, proof) == tree.root(size)
            for wrong in (
                lambda i=index, s=size, p=proof: inclusion_root(entry(i + 1), i, s, p),
                lambda i=index, s=size, p=proof: inclusion_root(entry(i), (i + 1) % s, s, p),
                lambda i=index, s=size, p=proof: inclusion_root(entry(i), i, s, p[:-1]),
                lambda i=index, s=size, p=proof: inclusion_root(entry(i), i, s, [*p, bytes(32)]),
            ):
                try:
                    assert wrong() != tree.root(size) or size == 1
                except Bad:
                    continue


def test_a_proof_too_short_or_too_long_is_said_so(tree):
    with pytest.raises(Bad, match="too short"):
        inclusion_root(entry(0), 0, 8, tree.inclusion(0, 8)[:-1])
    with pytest.raises(Bad, match="too long"):
        inclusion_root(entry(0), 0, 8, [*tree.inclusion(0, 8), bytes(32)])
    with pytest.raises(Bad, match="no entry 8 in a log of 8"):
        inclusion_root(entry(0), 8, 8, [])
    with pytest.raises(Bad, match="no entry -1"):
        inclusion_root(entry(0), -1, 8, [])
    with pytest.raises(Bad, match="too short"):
        consistency_roots(3, 8, tree.consistency(3, 8)[:-1], tree.root(3))
    with pytest.raises(Bad, match="too long"):
        consistency_roots(3, 8, [*tree.consistency(3, 8), bytes(32)], tree.root(3))
    with pytest.raises(Bad, match="empty"):
        consistency_roots(3, 8, [], tree.root(3))


def test_every_consistency_proof_leads_to_both_roots_and_to_no_others(tree):
    for size in SIZES:
        for old in range(1, size):
            proof = tree.consistency(old, size)
            assert consistency_roots(old, size, proof, tree.root(old)) == (tree.root(old), tree.root(size))
            for at in range(len(proof)):
                bent = [*proof[:at], bytes(32), *proof[at + 1 :]]
                assert consistency_roots(old, size, bent, tree.root(old)) != (tree.root(old), tree.root(size))


@pytest.mark.parametrize(("old", "size"), [(0, 5), (5, 5), (6, 5), (-1, 5)])
def test_from_nothing_from_the_same_and_from_more_no_proof_leads(old, size):
    with pytest.raises(Bad, match="no proof leads"):
        consistency_roots(old, size, [bytes(32)], bytes(32))


def test_base64_has_one_spelling():
    assert decode("AAAA") == bytes(3)
    assert decode("+/8=") == b"\xfb\xff"
    for text in ("AAA", "AAB=", "AA==\n", " AAAA", "-_8=", "A", "AAAA=", "é"):
        with pytest.raises(Bad, match="base64"):
            decode(text)


def test_digits_are_the_last_forty_of_the_digest_as_the_packer_prints_them(coalition):
    key = coalition.OWNER.verifier()
    assert Key(str(key)).fingerprint == key.fingerprint
    number = str(int(hashlib.sha256(b"x").hexdigest(), 16) % 10**40).rjust(40, "0")
    assert digits(b"x").replace(" ", "") == number
    assert [len(group) for group in digits(b"x").split(" ")] == [4] * 10


def test_a_key_is_name_id_and_bytes_and_each_must_fit(coalition):
    text = str(coalition.OWNER.verifier())
    name, identifier, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded)
    assert (Key(text).name, Key(text).kind, Key(text).public) == (name, raw[:1], raw[1:])
    short = base64.b64encode(raw[:-1]).decode()
    for bad in (
        "",
        "a",
        "a+b",
        f"{name}+{identifier}",
        f"x{text}",
        f"{name}+00000000+{encoded}",
        f"{name}+{identifier}+AQ==",
        f"+{identifier}+{encoded}",
        f"{name}+{identifier}+{short}",
        f"{name}+{hashlib.sha256(name.encode() + chr(10).encode() + raw[:-1]).hexdigest()[:8]}+{short}",
    ):
        with pytest.raises(Bad):
            Key(bad)


def test_a_proof_is_read_line_by_line_and_anything_else_is_refused():
    hashed = base64.b64encode(bytes(32)).decode()
    head = "c2sp.org/tlog-proof@v1\n"
    salt, index, proof, note = read_proof(f"{head}extra AAAA\nindex 7\n{hashed}\n\nnote".encode())
    assert (salt, index, proof, note) == (bytes(3), 7, [bytes(32)], b"note")
    assert read_proof(f"{head}index 0\n\nnote".encode()) == (b"", 0, [], b"note")
    assert len(read_proof((head + "index 1\n" + f"{hashed}\n" * 63 + "\nnote").encode())[2]) == 63
    for text in (
        f"{head}index 7\n{hashed}",
        f"{head}\nnote",
        f"{head}index 07\n\nnote",
        f"{head}index -1\n\nnote",
        f"{head}index {10**19}\n\nnote",
        f"{head}index 1\nAAAA\n\nnote",
        f"{head}index 1\nextra AAAA\n\nnote",
        "c2sp.org/tlog-proof@v2\nindex 1\n\nnote",
        f"{head}index é\n\nnote",
        f"{head}extra A\nindex 1\n\nnote",
        head + "index 1\n" + f"{hashed}\n" * 64 + "\nnote",
        f"{head}Index 1\n\nnote",
    ):
        with pytest.raises(Bad):
            read_proof(text.encode())


def test_a_checkpoint_has_origin_size_and_root():
    root = base64.b64encode(bytes(32)).decode()
    assert read_checkpoint(f"log\n5\n{root}\n") == ("log", 5, bytes(32))
    assert read_checkpoint(f"log\n0\n{root}\nmore\n")[1] == 0
    for text in ("", "log\n5\n", f"\n5\n{root}\n", f"log\n05\n{root}\n", f"log\n-5\n{root}\n", "log\n5\nAAAA\n",
                 f"log\n{10**19}\n{root}\n", f"log\n5 \n{root}\n"):  # fmt: skip
        with pytest.raises(Bad):
            read_checkpoint(text)


def test_notes_are_read_as_the_packer_reads_them(coalition):
    from corroborate.custody import Note

    log = coalition.Log([coalition.record(1)])
    good = log.checkpoint()
    text, count, signed = signatures(good, [Key(str(log.owner.verifier()))])
    assert (text, count, list(signed.values())) == (good.decode().split("\n\n")[0] + "\n", 3, [None])
    for bad in (
        b"",
        b"text\n",
        b"text\n\n",
        good[:-1],
        good + b"x\n",
        good.replace(b"\n", b"\r\n"),
        good.replace(b"log\n", b"log\t\n"),
        good + "\u2014 name AAAA\n".encode(),
        good + "\u2014  AAAAAAAA\n".encode(),
        good + b"- name AAAAAAAA\n",
        good + "\u2014 na+me AAAAAAAA\n".encode(),
        b"\xff" + good,
        good + b"\0\n",
    ):
        with pytest.raises(Bad):
            signatures(bad, [])
        with pytest.raises(CorroborateError):
            Note.parse(bad)
    long = b"x" * (1 << 20) + b"\n" + good
    with pytest.raises(Bad, match="too long"):
        signatures(long, [])


def test_der_is_read_to_the_byte():
    assert der(b"") == []
    assert der(b"\x02\x01\x05\x04\x00") == [(2, b"\x05", b"\x02\x01\x05"), (4, b"", b"\x04\x00")]
    long = b"\x04\x81\x80" + bytes(128)
    assert der(long) == [(4, bytes(128), long)]
    longer = b"\x04\x82\x01\x00" + bytes(256)
    assert der(longer) == [(4, bytes(256), longer)]
    assert der(b"\x04\x81\x00") == [(4, b"", b"\x04\x81\x00")]
    for bad in (
        b"\x02",
        b"\x02\x02\x05",
        b"\x02\x80\x05",
        b"\x02\x85\0\0\0\0\1\x05",
        b"\x02\x82\x01",
        b"\x04\x81\x80" + bytes(127),
    ):
        with pytest.raises(Bad):
            der(bad)


def test_names_are_read_alike_on_every_system_or_refused():
    check_names(["a", "b/c", "b/d", "사진.txt", "b/é"], ["b", "e", "e/f"])
    check_names(["x" * 1024])
    for files, folders in (
        (["a", "A"], []),
        (["a/b", "A/c"], []),
        (["a", "a/b"], []),
        (["a"], ["a"]),
        (["a/b"], ["A"]),
        (["x" * 1025], []),
        (["é", "e\u0301"], []),
        (["a/é/x", "a/e\u0301/y"], []),
        (["ﬀ", "ff"], []),
        ([""], []),
        (["/"], []),
        ([" a"], []),
        (["a "], []),
        (["a."], []),
        ([".."], []),
        (["a/./b"], []),
        (["a//b"], []),
        (["a\u200bb"], []),
        (["a\u2028b"], []),
        (["a\ud800"], []),
        (["a\x7f"], []),
        (["."], []),
        (["a/../b"], []),
        (["con:"], []),
        (["a|b"], []),
        (["a<b"], []),
        (['a"b'], []),
        (["a?b"], []),
        (["a*b"], []),
        (["a\\b"], []),
        (["a%b"], []),
        (["a\u202eb/c"], []),
    ):
        with pytest.raises(Bad):
            check_names(files, folders)


def test_a_key_twice_in_json_is_refused():
    assert one_reading([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    with pytest.raises(ValueError, match="twice"):
        one_reading([("a", 1), ("a", 1)])


def test_what_a_reader_sees_stays_on_its_line():
    assert plain("a\nb\x1b[2J\u202e\u2028\ud800é한") == "a\ufffdb\ufffd[2J\ufffd\ufffd\ufffdé한"
    assert plain(7) == "7"


def test_the_report_says_all_that_was_checked(coalition, tmp_path):
    """Word for word: what a lawyer reads aloud in court is not left to chance."""
    from corroborate.custody import write_package

    inner = coalition.make(coalition.Log([coalition.record(5)], owner=coalition.STRANGER), withheld=())
    write_package(tmp_path / "inner", inner)
    files = coalition.make(attachments={"letter.txt": b"x"}, packages={"theirs": tmp_path / "inner"})
    result = verify(coalition.plain_zip(files))
    assert report(result).startswith("INCOMPLETE: package.zip")
    assert "  Compare these digits with what the members publish: the package cannot vouch for itself." in report(
        result
    ).split("\n")
    result = verify(coalition.plain_zip(files), coalition.elsewhere(files))
    checked = result["checked"]
    digits_of = checked["fingerprints"]
    assert report(result).split("\n")[:12] == [
        "VALID: package.zip",
        "  calls itself Invented Group, says it was packed 2014-02-17T09:00:00+00:00, INVENTED: nobody in it exists",
        f"  number of this package: {checked['package_number']}",
        f"  items proven: 2, withheld: 1, files: {len(files)}, attachments (signed, never sealed): 1",
        f"  log a.example/log, 3 entries, root {checked['root']}",
        "  witnessed by b at 2014-02-17T09:00:00+00:00",
        "  witnessed by c at 2014-02-17T09:00:00+00:00",
        "  policy: given by the reader, 2 of 2 witnesses asked for",
        f"  key a.example/log: {digits_of['a.example/log']}",
        f"  key b.example/log: {digits_of['b.example/log']}",
        f"  key c.example/log: {digits_of['c.example/log']}",
        "    VALID: theirs",
    ]
    assert checked["quorum"] == "2 of 2"
    assert checked["packages"]["theirs"]["checked"]["items"] == 1


def test_the_report_of_what_is_no_package_is_short():
    result = verify(io.BytesIO(b"nothing"))
    assert report(result).split("\n")[0] == "INVALID: package"
    assert set(result) == {"verdict", "checked", "failures"}
    assert result["checked"] == {"package": "package"}
