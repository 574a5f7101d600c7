"""Library and verifier read JSON alike, and refuse what two readers could take differently. Differential, seconds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import verify as verifier
from corroborate.errors import InvalidValue
from corroborate.values.one_reading import read_json

TWO_READINGS = {
    "a key twice": b'{"a":1,"a":2}',
    "a key twice, deep inside": b'{"x":[{"a":1,"b":0,"a":1}]}',
    "a key twice, once escaped": b'{"a":1,"\\u0061":2}',
    "keys that differ in form alone": '{"\u00e9":1,"e\u0301":2}'.encode(),
    "not a number": b'{"a":NaN}',
    "infinity": b"[Infinity]",
    "minus infinity": b"[-Infinity]",
    "too large": b'{"a":1e999}',
    "too small": b'{"a":-1e999}',
    "beyond what JavaScript counts": b'{"a":9007199254740993}',
    "of very many digits": b'{"a":' + b"1" * 5000 + b"}",
    "half a character": b'{"a":"\\ud800"}',
    "half a character in a key": b'{"\\udc00":1}',
    "half a character in a list": b'[["x",["\\ud83d x"]]]',
    "half a character alone": b'"\\ud800"',
    "too deep": b"[" * 65 + b"]" * 65,
    "far too deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a mark of byte order": b"\xef\xbb\xbf{}",
    "another encoding": '{"a":"é"}'.encode("utf-16"),
    "no UTF-8": b'{"a":"\xff"}',
    "a comma too many": b'{"a":1,}',
    "two values": b"{} {}",
    "nothing": b"",
}  # fmt: skip
ONE_READING = [b"{}", b"[" * 64 + b"]" * 64,
               b'{"a":9007199254740991}', b'{"a":"\\ud83d\\ude00"}', b"1e3", b"-0", b'"["',
               '{"이름":"가나","b":[true,null,1.5]}'.encode()]  # fmt: skip


def both(content):
    """What each reader makes of it; None where it is refused."""
    try:
        ours = (read_json(content),)
    except InvalidValue:
        ours = None
    try:
        alone = (verifier.read_json(content),)
    except verifier.JSON_FAULTS:
        alone = None
    assert ours == alone, content[:200]
    return ours


@pytest.mark.parametrize("kind", TWO_READINGS)
def test_what_two_readers_take_differently_is_refused_by_both(kind):
    assert both(TWO_READINGS[kind]) is None


@pytest.mark.parametrize("content", ONE_READING)
def test_what_every_reader_reads_alike_is_read_by_both(content):
    assert both(content) == (json.loads(content),)


PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b",", b":", b'"a"', b'"b"', b'"\\u0061"', b'"\\ud800"', b'"\\udc00"', b"\\", b'"', b"1",
     b"-", b"1e999", b"NaN", b"9007199254740992", b"null", b"0.1", b" ", '"é"'.encode(), '"e\u0301"'.encode(), b"\xff"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=24).map(b"".join))
def test_of_any_pieces_of_json_both_make_the_same(content):
    both(content)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=4)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
)


@given(VALUES, st.booleans())
def test_of_any_value_written_as_json_both_make_the_same(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    both(text.encode("utf-8", "surrogatepass"))


@given(VALUES, st.integers(0, 200), st.binary(max_size=3))
def test_of_any_value_with_bytes_put_in_both_make_the_same(value, at, more):
    whole = json.dumps(value).encode()
    both(whole[:at] + more + whole[at:])


@given(st.integers(55, 75), st.integers(0, 3))
def test_both_stop_at_the_same_level(levels, more):
    opened = b"".join(b"[" if number % 2 else b'{"a":' for number in range(levels))
    closed = b"".join(b"]" if number % 2 else b"}" for number in reversed(range(levels)))
    both(opened + b"1" + b" " * more + closed)
