"""The files of private linkage: what is found, who learns what, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.private.conftest import AT, ONE, OTHER, UNIT, Chance, identifier, signed

from corroborate.errors import CorroborateError, InputRefused, NotAllowed, NotVerified
from corroborate.linkage import PersonEntry, private
from corroborate.linkage.private.matching import blocked
from corroborate.values import Digest


def person(row, *names, birth=1970, place="회령", event=1999, sex="m", facility="22호"):
    return PersonEntry("x", row, names, True, sex, (birth, birth), place, (event, event), facility)


OURS = (
    person(0, "리영수"),
    person(1, "박금순", sex="f", birth=1951, place="청진"),
    person(2, "최성철", birth=1980, place="함흥", event=2003, facility=None),
    person(3, "김○수"),
)
THEIRS = (
    person(0, "Yi Yŏng-su"),
    person(1, "崔成哲", birth=1980, place="함흥", event=2003, facility=None),
    person(2, "Kim Chol-ho", birth=1930, place="평양", event=1966, facility=None),
)


def encoded(entries, agreed, signer, seed, number=1):
    made, whose = private.encode(entries, agreed, Chance(seed))
    return private.send_encoding(made, agreed, signer, AT, identifier("encoding", number)), whose


@pytest.fixture(scope="module")
def trip(agreement):
    """Both encodings, the unit's results, and each side's view of its own."""
    ours, whose = encoded(OURS, agreement.one, ONE, 1)
    theirs, whose_other = encoded(THEIRS, agreement.other, OTHER, 2)
    found = private.match_files(agreement.note, [theirs, ours], UNIT, AT, identifier("run"), Chance(3))
    run, handed = private.read_handed(found.results[0], agreement.one, Digest.of(ours), len(whose))
    run_other, handed_other = private.read_handed(
        found.results[1], agreement.other, Digest.of(theirs), len(whose_other)
    )
    return locals()


def told(trip, decided):
    sent = private.reveal_file(
        trip["handed_other"], trip["run_other"], decided, trip["agreement"].other, OTHER, AT, identifier("reveal"),
        Chance(4),
    )  # fmt: skip
    _, learnt = private.read_learnt(sent, trip["handed"], trip["run"], trip["agreement"].one)
    return {trip["whose"][one.row]: one for one in learnt}


def test_the_same_people_meet_across_scripts_and_nobody_else(trip):
    learnt = told(trip, [None if at is None else private.Shown("held") for at in trip["whose_other"]])
    assert set(learnt) == {0, 2}
    assert all(one.difference <= 0.46 and one.fields == {} for one in learnt.values())


def test_a_side_is_told_only_of_the_pairs_that_the_other_lets_it_know(trip):
    yes = private.Shown("fields", {"name": ("Yi Yŏng-su",)})
    decided = [None if at is None else yes if at == 0 else private.Shown("nothing") for at in trip["whose_other"]]
    learnt = told(trip, decided)
    assert set(learnt) == {0}
    assert learnt[0].fields == {"name": ("Yi Yŏng-su",)}


def test_before_the_other_side_answers_a_row_with_a_partner_looks_like_one_without(trip):
    handed = trip["handed"]
    for column in (handed.secrets, handed.tokens, handed.differences):
        assert len(set(column)) == len(column)
        assert len({len(one) for one in column}) == 1
    shared = set(handed.secrets) & set(trip["handed_other"].secrets)
    assert len(shared) == len(trip["found"].pairs) == 2


def test_facts_about_people_whom_the_other_does_not_hold_stay_shut(trip):
    everything = [
        None if at is None else private.Shown("fields", {"name": (THEIRS[at].names[0],)}) for at in trip["whose_other"]
    ]
    learnt = told(trip, everything)
    names = {name for one in learnt.values() for name in one.fields["name"]}
    assert names == {"Yi Yŏng-su", "崔成哲"}


def test_sizes_are_rounded_up_with_rows_of_nobody(agreement, trip):
    assert len(trip["whose"]) == len(trip["whose_other"]) == 20
    assert sum(at is not None for at in trip["whose"]) == 4  # 김○수 too: it may be somebody's whole name
    table = private.encoding_table(private.encode(OURS, agreement.one, Chance(1))[0])
    assert table.column_names == ["filters"]
    assert table.num_rows == 20


def test_no_name_nor_key_stands_in_any_file(trip):
    for file in (trip["ours"], trip["theirs"], *trip["found"].results):
        for name in ("리영수", "Yong", "최성철", "k:i-og-su"):
            assert name.encode() not in file


def test_composite_keys_leave_the_same_pairs_and_are_checked(agreement):
    with_keys = signed(schema=private.Schema(round_to=20, keys=16))
    ours, theirs = (private.encode(each, with_keys.one, Chance(seed))[0] for each, seed in ((OURS, 1), (THEIRS, 2)))
    assert ours.keys.shape == (20, 16, 8)
    assert 2 <= len(blocked(ours, theirs)) < 20
    pairs = private.match(ours, theirs, with_keys.one.agreement)
    every = private.match(
        *(private.encode(each, agreement.one, Chance(seed))[0] for each, seed in ((OURS, 1), (THEIRS, 2))),
        agreement.one.agreement,
    )
    assert len(pairs) == len(every) == 2


@settings(max_examples=25)
@given(st.integers(0, 1_000_000), st.integers(1, 255))
def test_no_changed_byte_of_an_encoding_is_taken(trip, at, flip):
    changed = bytearray(trip["ours"])
    changed[at % len(changed)] ^= flip
    with pytest.raises(CorroborateError):
        private.match_files(
            trip["agreement"].note, [bytes(changed), trip["theirs"]], UNIT, AT, identifier("run"), Chance(3)
        )


def refused(trip, encodings, *, at=AT, unit=UNIT, note=None):
    return private.match_files(note or trip["agreement"].note, encodings, unit, at, identifier("run"), Chance(3))


def test_what_the_linkage_unit_refuses(trip):
    ours, theirs = trip["ours"], trip["theirs"]
    with pytest.raises(NotVerified, match="one of each side"):
        refused(trip, [ours, ours])
    with pytest.raises(InputRefused, match="none of private linkage"):
        refused(trip, [b"PAR1 and so on", theirs])
    with pytest.raises(NotVerified, match="not this node"):
        refused(trip, [ours, theirs], unit=ONE)
    with pytest.raises(NotAllowed, match="ended on"):
        refused(trip, [ours, theirs], at=AT + timedelta(days=99))
    another = signed(nearness=300)
    with pytest.raises(NotVerified, match="another agreement"):
        refused(trip, [ours, theirs], note=another.note)
    with pytest.raises(NotVerified, match="another schema"):
        refused(trip, [ours, theirs], note=signed(schema=private.Schema(round_to=30)).note)
    with pytest.raises(NotVerified, match="here one of 'encoding'"):
        sent = private.write_sent(
            "reveal", pa.table({}), trip["agreement"].one.agreement, identifier=identifier("reveal"), at=AT, signer=ONE,
            to=private.card(UNIT),
        )  # fmt: skip
        refused(trip, [sent, theirs])


def test_an_encoding_that_was_not_padded_or_has_another_width_is_refused(agreement, trip):
    made, _ = private.encode(OURS, agreement.one, Chance(1))
    for wrong in (
        replace(made, filters=made.filters[:7], keys=made.keys[:7]),
        replace(made, filters=made.filters[:, :2]),
    ):
        sent = private.send_encoding(wrong, agreement.one, ONE, AT, identifier("encoding"))
        with pytest.raises(NotVerified, match=r"not padded|another width"):
            refused(trip, [sent, trip["theirs"]])


def test_a_stranger_who_holds_the_agreement_cannot_encode_in_a_sides_name(agreement, trip):
    made, _ = private.encode(OURS, agreement.one, Chance(1))
    sent = private.send_encoding(made, agreement.one, UNIT, AT, identifier("encoding"))
    with pytest.raises(NotVerified, match="signed by unit"):
        refused(trip, [sent, trip["theirs"]])


def test_a_result_or_an_answer_of_another_run_is_refused(agreement, trip):
    again, whose = encoded(OURS, agreement.one, ONE, 7, 2)
    with pytest.raises(NotVerified, match="another encoding"):
        private.read_handed(trip["found"].results[0], agreement.one, Digest.of(again), len(whose))
    with pytest.raises(NotVerified, match="sealed to another node"):
        private.read_handed(trip["found"].results[1], agreement.one, Digest.of(trip["ours"]), 20)
    second = private.match_files(agreement.note, [again, trip["theirs"]], UNIT, AT, identifier("run", 2), Chance(8))
    run, handed = private.read_handed(second.results[0], agreement.one, Digest.of(again), len(whose))
    decided = [None for _ in trip["whose_other"]]
    old = private.reveal_file(
        trip["handed_other"], trip["run_other"], decided, agreement.other, OTHER, AT, identifier("reveal"), Chance(4)
    )
    with pytest.raises(NotVerified, match="another run"):
        private.read_learnt(old, handed, run, agreement.one)


def test_a_list_too_large_to_compare_row_by_row_is_refused_before_memory_goes(agreement):
    made, _ = private.encode(OURS, agreement.one, Chance(1))
    large = replace(made, filters=made.filters[[0]].repeat(30_000, 0))
    with pytest.raises(InputRefused, match="agree on composite blocking keys"):
        private.match(large, large, agreement.one.agreement)


def test_a_block_that_explodes_is_refused_before_memory_goes():
    with_keys = signed(schema=private.Schema(round_to=20, keys=1))
    made, _ = private.encode(OURS, with_keys.one, Chance(1))
    large = replace(made, filters=made.filters[[0]].repeat(5_000, 0), keys=made.keys[[0]].repeat(5_000, 0))
    with pytest.raises(InputRefused, match="one key stands in too many rows"):
        private.match(large, large, with_keys.one.agreement)
