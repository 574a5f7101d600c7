"""Signed notes and checkpoints: what two readers might read differently is refused; a signature has one spelling."""

import base64
import json

import pytest

from corroborate.custody import COSIGNATURE_V1, ED25519, Checkpoint, Note, Signer, Verifier
from corroborate.custody.notes import ML_DSA_44, MOST_SIGNATURES
from corroborate.errors import InvalidValue, NotVerified

from .worlds import AT, FIRST, OWNER, signed, tree_of

ORDER = (1 << 252) + 27742317777372353535851937790883648493  # of Ed25519's group (RFC 8032, section 5.1)
PRIME = (1 << 255) - 19
TEXT = "example.com/log\n1\n" + base64.b64encode(bytes(32)).decode() + "\n"


def raw_of(line: str) -> bytes:
    return base64.b64decode(line.rsplit(" ", 1)[1])


def line_of(name: str, raw: bytes) -> str:
    return f"\u2014 {name} {base64.b64encode(raw).decode()}\n"


def test_the_same_signature_with_s_plus_the_group_s_order_is_refused():
    raw = raw_of(OWNER.line(TEXT))
    for multiple in range(1, 16):
        s = int.from_bytes(raw[36:], "little") + multiple * ORDER
        if s < 1 << 256:
            forged = raw[:36] + s.to_bytes(32, "little")
            with pytest.raises(NotVerified):
                Note.parse((TEXT + "\n" + line_of(OWNER.name, forged)).encode()).check([OWNER.verifier()])


def _low_order() -> list[bytes]:
    """All encodings, the non-canonical ones among them, of the eight points whose order divides 8."""
    d = -121665 * pow(121666, -1, PRIME) % PRIME

    def add(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
        (x1, y1), (x2, y2) = one, other
        k = d * x1 * x2 * y1 * y2 % PRIME
        x, y = (x1 * y2 + x2 * y1) * pow(1 + k, -1, PRIME), (y1 * y2 + x1 * x2) * pow(1 - k, -1, PRIME)
        return x % PRIME, y % PRIME

    def x_of(y: int) -> int:
        square = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
        x = pow(square, (PRIME + 3) // 8, PRIME)
        return x if (x * x - square) % PRIME == 0 else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME

    def times(number: int, point: tuple[int, int]) -> tuple[int, int]:
        total = (0, 1)
        while number:
            total = add(total, point) if number & 1 else total
            point, number = add(point, point), number >> 1
        return total

    # Any point of the curve, multiplied by the large prime order, falls into the small subgroup.
    curve = [(x_of(y), y) for y in range(3, 40) if (x_of(y) ** 2 * (d * y * y + 1) - (y * y - 1)) % PRIME == 0]
    candidates = {times(ORDER, point) for point in curve}
    encoded = []
    for x, y in candidates:
        for value in (y, y + PRIME):
            if value < 1 << 255:
                signs = {x & 1} if x else {0, 1}
                encoded += [(value | sign << 255).to_bytes(32, "little") for sign in signs]
    return encoded


def test_keys_under_which_anybody_can_sign_are_refused():
    found = _low_order()
    assert len(found) == 14
    assert (1).to_bytes(32, "little") in found
    for public in found:
        for kind in (ED25519, COSIGNATURE_V1):
            with pytest.raises(InvalidValue, match="anybody"):
                Verifier("x", kind, public)


@pytest.mark.parametrize("y", [PRIME, PRIME + 2, PRIME + 18, (1 << 255) - 1])
def test_a_key_in_a_second_spelling_is_refused(y):
    with pytest.raises(InvalidValue):
        Verifier("x", ED25519, y.to_bytes(32, "little"))


def test_key_ids_bind_name_and_kind():
    ids = {key.id for key in (Verifier(n, k, OWNER.verifier().public) for n in ("a", "b") for k in (1, 4))}
    assert len(ids) == 4


@pytest.mark.parametrize(
    "text",
    ["", "a", "a+b", "a+b+c+d", "a+00000000+", "a+00000000+AQ==", "a b+00000000+AQ==", "+00000000+AQ==",
     "a+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(text):
    with pytest.raises(InvalidValue):
        Verifier.parse(text)


def test_a_plus_in_a_key_s_base64_is_read():
    for seed in range(64):
        key = Signer("plus", bytes([seed]) * 32).verifier()
        if "+" in str(key).split("+", 2)[2]:
            assert Verifier.parse(str(key)) == key
            return
    pytest.fail("no key with a plus among 64")


def test_a_key_of_another_length_or_kind_is_refused():
    for kind, public in ((ED25519, bytes(31)), (ML_DSA_44, bytes(32)), (0x02, bytes([9]) * 32)):
        with pytest.raises(InvalidValue):
            Verifier("x", kind, public)
    with pytest.raises(InvalidValue, match="32 bytes"):
        Signer("x", bytes(31))
    with pytest.raises(InvalidValue, match="name"):
        Signer("two words", bytes([1]) * 32)


def test_ml_dsa_lines_and_keys_are_passed_over():
    key = Verifier("pq.example/w", ML_DSA_44, bytes(range(256)) * 5 + bytes(32))
    assert Verifier.parse(str(key)) == key
    note = signed(tree_of(3), FIRST) + line_of(key.name, key.id + bytes(8) + bytes(2420)).encode()
    assert set(Note.parse(note).check([OWNER.verifier(), key])) == {OWNER.verifier()}


def test_signatures_of_strangers_are_passed_over_and_a_known_key_s_bad_one_spoils_the_note():
    good = signed(tree_of(3))
    stranger = Signer(OWNER.name, bytes([9]) * 32)  # the same name, another key
    text = Note.parse(good).text
    assert OWNER.verifier() in Note.parse(good + stranger.line(text).encode()).check([OWNER.verifier()])
    bad = line_of(OWNER.name, OWNER.verifier().id + bytes(64)).encode()
    with pytest.raises(NotVerified):
        Note.parse(text.encode() + b"\n" + bad).check([OWNER.verifier()])


def test_at_least_sixteen_signatures_are_read_and_far_more_are_refused():
    text = Note.parse(signed(tree_of(3))).text
    lines = [Signer(f"w{n}", bytes([n + 1]) * 32).cosignature_line(text, AT) for n in range(MOST_SIGNATURES + 1)]
    keys = [Signer(f"w{n}", bytes([n + 1]) * 32).verifier(COSIGNATURE_V1) for n in range(20)]
    assert len(Note.parse((text + "\n" + "".join(lines[:20])).encode()).check(keys)) == 20
    Note.parse((text + "\n" + "".join(lines[:MOST_SIGNATURES])).encode())
    with pytest.raises(InvalidValue, match="too many"):
        Note.parse((text + "\n" + "".join(lines)).encode())


BAD = {
    "CRLF": lambda n: n.replace(b"\n", b"\r\n"),
    "tab": lambda n: n.replace(b"log\n3", b"log\t\n3"),
    "nul": lambda n: b"\0" + n,
    "not UTF-8": lambda n: b"\xff" + n,
    "surrogate": lambda n: b"\xed\xa0\x80" + n,
    "oversize": lambda n: b"a" * (1 << 20) + n,
    "no line end": lambda n: n[:-1],
    "no empty line": lambda n: n.replace(b"\n\n", b"\n"),
    "hyphen": lambda n: n.replace(b"\xe2\x80\x94", b"-"),
    "no dash": lambda n: n.replace(b"\xe2\x80\x94 ", b""),
    "signatures alone": lambda n: n.split(b"\n\n")[1],
    "no name": lambda n: n.replace(b"\x94 a.example/log", b"\x94 "),
    "two spaces": lambda n: n.replace(b"log ", b"log  "),
    "name with plus": lambda n: n.replace(b"\x94 a", b"\x94 +a"),
    "no-break space in a name": lambda n: n.replace(b"\x94 a", b"\x94 \xc2\xa0a"),
    "no base64": lambda n: n.replace(b"=\n", b"*\n").replace(b"==", b"=*"),
    "short": lambda n: n.split(b"\n\n")[0] + b"\n\n\xe2\x80\x94 a AAAA\n",
    "url-safe base64": lambda n: n[: n.rindex(b" ") + 1] + b"-_" + n[n.rindex(b" ") + 3 :],
}  # fmt: skip


@pytest.mark.parametrize("change", BAD)
def test_what_two_readers_might_read_differently_is_refused(change):
    note = signed(tree_of(3))
    changed = BAD[change](note)
    assert changed != note
    with pytest.raises(InvalidValue):
        Note.parse(changed)


def test_a_signature_of_one_byte_is_a_line_and_one_of_none_is_not():
    text = Note.parse(signed(tree_of(3))).text
    assert Note.parse((text + "\n" + line_of("x", bytes(5))).encode()).signatures[0].raw == bytes(1)
    with pytest.raises(InvalidValue, match="signature of x is too short"):
        Note.parse((text + "\n" + line_of("x", bytes(4))).encode())


def test_spare_bits_of_base64_are_refused():
    note = signed(tree_of(3), FIRST).decode()
    head, _, last = note.rstrip("\n").rpartition(" ")
    assert last.endswith("=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(last.rstrip("=")) - 1
    other = last[:at] + letters[letters.index(last[at]) ^ 1] + last[at + 1 :]
    with pytest.raises(InvalidValue, match="canonical"):
        Note.parse(f"{head} {other}\n".encode())


def test_the_text_ends_at_the_last_empty_line():
    text = "one\n\ntwo\n"
    note = Note.parse(f"{text}\n{OWNER.line(text)}".encode())
    assert note.text == text
    assert OWNER.verifier() in note.check([OWNER.verifier()])


ROOT = base64.b64encode(bytes(32)).decode()


NO_CHECKPOINTS = [
    "", "o\n", "o\n1\n", f"\n1\n{ROOT}\n", f"o\n01\n{ROOT}\n", f"o\n-1\n{ROOT}\n", f"o\n+1\n{ROOT}\n",
    f"o\n1_0\n{ROOT}\n", f"o\n\u0661\n{ROOT}\n", f"o\n9223372036854775808\n{ROOT}\n", f"o\n1\n{ROOT[:-4]}\n",
    f"o\n1\n{ROOT}", f"o\n1\n{ROOT}\n\n", f"o\n1\n{ROOT}\n\nx\n", f"o\n 1\n{ROOT}\n", "o\n1\nAAAA\n",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_CHECKPOINTS)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(InvalidValue):
        Checkpoint.parse(text)


def test_a_checkpoint_with_extension_lines_is_read_and_the_largest_size_too():
    assert Checkpoint.parse(f"o\n{(1 << 63) - 1}\n{ROOT}\nmore\nand more\n").size == (1 << 63) - 1


def test_a_cosignature_states_its_time_and_another_length_or_time_is_refused():
    note = Note.parse(signed(tree_of(3), FIRST))
    assert note.check([FIRST.verifier(COSIGNATURE_V1)])[FIRST.verifier(COSIGNATURE_V1)] == AT
    raw = raw_of(FIRST.cosignature_line(note.text, AT))
    for changed in (raw[:-1], raw[:11] + bytes([raw[11] ^ 1]) + raw[12:], raw[:4] + b"\xff" * 8 + raw[12:]):
        with pytest.raises(NotVerified):
            Note(note.text, Note.parse((note.text + "\n" + line_of(FIRST.name, changed)).encode()).signatures).check(
                [FIRST.verifier(COSIGNATURE_V1)]
            )


def test_a_cosignature_is_no_signature_of_a_log_nor_the_reverse():
    text = Note.parse(signed(tree_of(3))).text
    key = OWNER.verifier(COSIGNATURE_V1)
    as_cosignature = line_of(OWNER.name, key.id + bytes(8) + raw_of(OWNER.line(text))[4:])
    with pytest.raises(NotVerified):
        Note.parse((text + "\n" + as_cosignature).encode()).check([key])


def test_signers_never_print_their_seed():
    assert "0101" not in repr(OWNER)
    assert repr(OWNER) == "Signer('a.example/log', …)"


def test_the_example_of_tlog_cosignature_is_read(shared):
    # The specification's example: the log's line is made up there, its names and forms are what readers must take.
    vectors = json.loads(shared("tlog/notes_some.json").read_text())
    assert Note.parse(vectors["c2sp_example"]["note"].encode()).text == "This is an example message.\n"
