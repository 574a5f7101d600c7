"""Whose signatures count (C2SP tlog-policy): the specification's example, its limits, and the quorum's arithmetic."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import COSIGNATURE_V1, Group, Policy, Seat, Signer, needed, policy_of
from corroborate.errors import InvalidValue, NotVerified

from .worlds import AT, FIRST, OWNER, SECOND, THIRD, policy, signed, tree_of

X = [Signer(f"x{n}.example", bytes([20 + n]) * 32) for n in (1, 2, 3)]
Y = [Signer(f"y{n}.example", bytes([30 + n]) * 32) for n in (1, 2, 3)]
EXAMPLE = f"""log {OWNER.verifier()}

witness X1 {X[0].verifier(COSIGNATURE_V1)}
witness X2 {X[1].verifier(COSIGNATURE_V1)}
\twitness  X3\t{X[2].verifier(COSIGNATURE_V1)} https://x3.example/
group X-witnesses 2 X1 X2 X3
# a comment
   # and another, 주석
witness Y1 {Y[0].verifier(COSIGNATURE_V1)}
witness Y2 {Y[1].verifier(COSIGNATURE_V1)}
witness Y3 {Y[2].verifier(COSIGNATURE_V1)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_the_specification_asks_two_of_x_and_one_of_y():
    found = Policy.parse(EXAMPLE)
    assert found.asked == "2 of 2"
    tree = tree_of(5)
    for chosen in itertools.product([False, True], repeat=6):
        xs, ys = (
            [s for s, c in zip(X, chosen[:3], strict=True) if c],
            [s for s, c in zip(Y, chosen[3:], strict=True) if c],
        )
        note = signed(tree, *xs, *ys)
        if len(xs) >= 2 and ys:
            assert found.check(note).checkpoint.size == 5
        else:
            with pytest.raises(NotVerified, match="policy asks for"):
                found.check(note)


def test_a_policy_is_written_as_it_is_read():
    found = Policy.parse(EXAMPLE)
    assert Policy.parse(found.text()) == found
    assert Policy.parse(policy(2).text().encode()) == policy(2)
    assert Policy.parse(policy(0).text()) == policy(0)
    assert policy(0).asked == "nobody"


def test_a_single_witness_can_be_the_quorum():
    found = Policy.parse(f"log {OWNER.verifier()}\nwitness W {FIRST.verifier(COSIGNATURE_V1)}\nquorum W\n")
    assert found.check(signed(tree_of(2), FIRST)).times == {"W": AT}
    assert found.asked == "W"
    with pytest.raises(NotVerified):
        found.check(signed(tree_of(2)))


LOG, WITNESS = f"log {OWNER.verifier()}\n", f"witness W {FIRST.verifier(COSIGNATURE_V1)}\n"
BAD = {
    "no quorum": LOG + WITNESS,
    "two quorums": LOG + WITNESS + "quorum W\nquorum none\n",
    "no log": WITNESS + "quorum W\n",
    "unknown quorum": LOG + WITNESS + "quorum V\n",
    "quorum before its witness": LOG + "quorum W\n" + WITNESS,
    "group before its witness": LOG + "group G 1 W\n" + WITNESS + "quorum G\n",
    "name twice": LOG + WITNESS + WITNESS + "quorum W\n",
    "group's name twice": LOG + WITNESS + "group W 1 W\nquorum W\n",
    "duplicate key under another name": LOG + WITNESS + WITNESS.replace("witness W", "witness V") + "quorum W\n",
    "the log's own key": LOG + f"witness W {OWNER.verifier(COSIGNATURE_V1)}\nquorum W\n",
    "a log's kind of key for a witness": LOG + f"witness W {FIRST.verifier()}\nquorum W\n",
    "a witness's kind of key for a log": f"log {OWNER.verifier(COSIGNATURE_V1)}\nquorum none\n",
    "two logs of different names": LOG + f"log {SECOND.verifier()}\nquorum none\n",
    "the same log twice": LOG + LOG + "quorum none\n",
    "none as a member": LOG + WITNESS + "group G 1 none\nquorum G\n",
    "none as a name": LOG + WITNESS.replace(" W ", " none ") + "quorum none\n",
    "group of nobody": LOG + WITNESS + "group G 1\nquorum G\n",
    "zero of": LOG + WITNESS + "group G 0 W\nquorum G\n",
    "leading zero": LOG + WITNESS + "group G 01 W\nquorum G\n",
    "more than there are": LOG + WITNESS + "group G 2 W\nquorum G\n",
    "member twice": LOG + WITNESS + "group G 2 W W\nquorum G\n",
    "in two groups": LOG + WITNESS + "group G 1 W\ngroup H 1 W\nquorum H\n",
    "arabic digits": LOG + WITNESS + "group G \u0661 W\nquorum G\n",
    "control character": LOG + "#\x07\nquorum none\n",
    "CRLF": (LOG + "quorum none\n").replace("\n", "\r\n"),
    "unknown line": LOG + "threshold 2\nquorum none\n",
    "no-break space": LOG + "quorum\u00a0none\n",
    "too long": "#" * (1 << 21),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_policy_is_refused(case):
    for text in (BAD[case], BAD[case].encode()):
        with pytest.raises(InvalidValue):
            Policy.parse(text)


def test_a_policy_that_is_not_utf8_is_refused():
    with pytest.raises(InvalidValue, match="UTF-8"):
        Policy.parse(b"# \xff\n")


def test_a_number_with_groups_is_refused():
    with pytest.raises(InvalidValue):
        Policy(OWNER.verifier(), {"W": FIRST.verifier(COSIGNATURE_V1)}, 1, {"G": Group(1, ("W",))})
    with pytest.raises(InvalidValue, match="stand before"):
        Policy(OWNER.verifier(), {"W": FIRST.verifier(COSIGNATURE_V1)}, "G", {"G": Group(1, ("V",))})
    with pytest.raises(InvalidValue, match="given twice"):
        Policy(OWNER.verifier(), {"W": FIRST.verifier(COSIGNATURE_V1)}, "W", {"W": Group(1, ("W",))})
    with pytest.raises(InvalidValue, match="no group"):
        Policy(OWNER.verifier(), {}, "G")


def test_a_checkpoint_of_another_log_or_unsigned_is_refused():
    with pytest.raises(NotVerified, match=r"is of b\.example"):
        policy().check(signed(tree_of(3), SECOND, THIRD, owner=FIRST))
    impostor = Signer(OWNER.name, bytes([7]) * 32)
    with pytest.raises(NotVerified, match="has not signed"):
        policy().check(signed(tree_of(3), SECOND, THIRD, owner=impostor))


@given(st.integers(1, 40), st.data())
def test_two_quorums_share_more_organisations_than_may_lie(n, data):
    f = data.draw(st.integers(0, n - 1))
    k = needed(n, f)
    assert f + 1 <= 2 * k - n  # the least that two sets of k of n share
    assert 2 * (k - 1) - n < f + 1 or k == 1  # and no smaller quorum would do


@pytest.mark.parametrize(("n", "f"), [(0, 0), (1, 1), (3, -1), (3, 3)])
def test_no_quorum_withstands_everybody(n, f):
    with pytest.raises(InvalidValue):
        needed(n, f)


def test_own_seats_never_count_and_several_seats_of_one_are_one():
    seats = [Seat(FIRST.verifier(COSIGNATURE_V1), "Group B"), Seat(SECOND.verifier(COSIGNATURE_V1), "Group B"),
             Seat(THIRD.verifier(COSIGNATURE_V1), "Group C"), Seat(X[0].verifier(COSIGNATURE_V1), "Group A"),
             Seat(Y[0].verifier(COSIGNATURE_V1), "Group D")]  # fmt: skip
    found = policy_of(OWNER.verifier(), "Group A", seats)
    assert found.asked == "2 of 3"
    tree = tree_of(4)
    with pytest.raises(NotVerified):  # both seats of B are one voice
        found.check(signed(tree, FIRST, SECOND))
    with pytest.raises(NotVerified):  # A's own other seat is none
        found.check(signed(tree, FIRST, X[0]))
    assert found.check(signed(tree, SECOND, THIRD))
    assert Policy.parse(found.text()) == found
    with pytest.raises(InvalidValue):
        policy_of(OWNER.verifier(), "Group A", [seats[3]])


def test_a_log_s_earlier_key_counts_where_the_policy_names_it():
    new = Signer(OWNER.name, bytes([77]) * 32)
    found = Policy(new.verifier(), policy().witnesses, 1, earlier=(OWNER.verifier(),))
    assert found.check(signed(tree_of(3), FIRST)).checkpoint.size == 3
    assert found.check(signed(tree_of(3), FIRST, owner=new)).checkpoint.size == 3
    assert Policy.parse(found.text()) == found


def test_a_policy_s_words_may_be_parted_by_any_spaces_and_may_name_addresses():
    key = FIRST.verifier(COSIGNATURE_V1)
    plain = Policy(OWNER.verifier(), {"W": key}, "G", {"G": Group(1, ("W",))})
    spaced = (
        f"\t log \t{OWNER.verifier()}\thttps://a.example/\t\nwitness\tW {key}  https://b.example/\n group G any\tW \n"
    )
    assert Policy.parse(f"# log\n{spaced}\n\nquorum\t G") == plain
    assert Policy.parse(plain.text()) == plain
    for count in ("1", "any", "all"):
        assert Policy.parse(plain.text().replace("group G 1", f"group G {count}")) == plain


@pytest.mark.parametrize("word", ["log", "witness", "group", "quorum", "all", "any", "none"])
def test_a_policy_s_words_are_in_small_letters(word):
    text = EXAMPLE + ("" if word != "none" else "quorum none\n")
    text = text.replace("quorum X-and-Y\n", "") if word == "none" else text
    assert Policy.parse(text)
    with pytest.raises(InvalidValue):
        Policy.parse(text.replace(f"{word} ", f"{word.upper()} ").replace("quorum none", "quorum NONE"))


@pytest.mark.parametrize("count", ["1000000", "1_0", "+1", "1.0", "", "\u00b2", "ALL"])
def test_a_count_is_a_plain_number(count):
    with pytest.raises(InvalidValue):
        Policy.parse(LOG + WITNESS + f"group G {count} W\nquorum G\n")


@pytest.mark.parametrize("quorum", [4, 100])
def test_more_than_there_are_cannot_be_asked_for(quorum):
    with pytest.raises(InvalidValue, match=f"{quorum} of 3 witnesses cannot be asked for"):
        policy(quorum)
    for least, members in ((0, ("W",)), (2, ("W",)), (1, ())):
        with pytest.raises(InvalidValue, match=f"{least} of {len(members)} witnesses"):
            Group(least, members)


@pytest.mark.parametrize("quorum", [0, 1, 2, 3])
def test_a_number_of_witnesses_is_asked_for_whichever_they_are(quorum):
    found, tree = policy(quorum), tree_of(3)
    assert found.asked == (f"{quorum} of 3" if quorum else "nobody")
    for chosen in itertools.product([False, True], repeat=3):
        those = [one for one, there in zip((FIRST, SECOND, THIRD), chosen, strict=True) if there]
        names = [one.name[0] for one in those]
        assert found.fulfilled(names) == (len(those) >= quorum)
        assert found.fulfilled([*names, "x", "members"]) == (len(those) >= quorum)  # names that witness nothing
        note = signed(tree, *those)
        if len(those) >= quorum:
            assert found.check(note).times == dict.fromkeys(names, AT)
        else:
            with pytest.raises(
                NotVerified, match=f"{len(those)} witness(es have| has) cosigned; the policy asks for {quorum} of 3"
            ):
                found.check(note)


@pytest.mark.parametrize("name", ["none", "", "a b", "a\tb", "a\nb", "a\x00b"])
def test_what_is_no_name_names_no_witness_and_no_group(name):
    key = FIRST.verifier(COSIGNATURE_V1)
    with pytest.raises(InvalidValue):
        Policy(OWNER.verifier(), {name: key}, "none")
    with pytest.raises(InvalidValue):
        Policy(OWNER.verifier(), {"W": key}, "none", {name: Group(1, ("W",))})
    with pytest.raises(InvalidValue):
        Policy(OWNER.verifier(), {"W": key}, name if name != "none" else "None")


def test_a_log_s_own_keys_witness_nothing_and_an_earlier_key_is_of_the_same_log():
    for earlier, witness in (((), OWNER), ((Signer(OWNER.name, FIRST.seed).verifier(),), FIRST)):
        with pytest.raises(InvalidValue, match="stands twice"):
            Policy(OWNER.verifier(), {"W": witness.verifier(COSIGNATURE_V1)}, 1, earlier=earlier)
    with pytest.raises(InvalidValue, match="is another log"):
        Policy(OWNER.verifier(), {}, 0, earlier=(SECOND.verifier(),))
    with pytest.raises(InvalidValue, match="is another log"):
        Policy(OWNER.verifier(), {}, 0, earlier=(Signer(OWNER.name, FIRST.seed).verifier(COSIGNATURE_V1),))
    with pytest.raises(InvalidValue, match="no key for cosignatures"):
        Policy(OWNER.verifier(), {"W": FIRST.verifier()}, 1)


@pytest.mark.parametrize(("n", "f", "k"), [(1, 0, 1), (2, 0, 2), (3, 0, 2), (3, 1, 3), (4, 1, 3), (5, 1, 4), (7, 2, 5)])
def test_how_many_are_needed(n, f, k):
    # More than (n + f) / 2: Malkhi and Reiter (1998); with n = 3 f + 1 it is the well-known 2 f + 1.
    assert needed(n, f) == k
