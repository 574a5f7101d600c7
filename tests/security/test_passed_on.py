"""A record that came from several members: whoever passes it on gives it no wider terms than its owner does, in
whatever order they come, though nothing in it proves whose it is."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.conftest import found_in
from tests.exchange.members import members
from tests.exchange.test_records_on_sticks import through_the_door
from tests.exchange.test_terms_bind import COUNTED, MEMBERS_ONLY, NAMED, _id, _records
from tests.security.test_between_members import by_hand, hand_of

from corroborate.custody import statements
from corroborate.exchange.narrowest import narrowest
from corroborate.exchange.records import Handed, Head, Terms, write_records
from corroborate.records import USES
from corroborate_cli.vaults import now
from corroborate_node.release.giving import RECORDS

ALL, COUNT = frozenset(USES), frozenset({"hold", "count"})
BEGAN = date(2026, 1, 1)
__all__ = ["found_in"]


def terms(sources, *, counted="own", everybody="public"):
    """The first may be counted and not named; of the others all is allowed."""
    for at, one in enumerate(sources):
        if at == 0 and counted != "public":
            yield Terms(one.id, ALL, "own", BEGAN)
            yield Terms(one.id, COUNT, "public", BEGAN)
        else:
            yield Terms(one.id, ALL, everybody, BEGAN)


def passes(stick, sender, file, number, *, wide, claims=slice(None)):
    """A member hands the three records to Busan, which takes in whatever is new of it."""
    entities, sources, _, told = _records()
    head = Head(sender, _id("release", number), number, "t", "coalition", "", BEGAN, None)
    told = told[claims]
    used = [one for one in sources if one.id in {each.source for each in told}]
    about = [one for one in entities if one.id in {each.subject for each in told}]
    all_ = terms(sources, counted="public" if wide else "own")
    said = tuple(one for one in all_ if one.source in {each.id for each in used})
    handed = Handed(head, tuple(about), tuple(used), said, tuple(told))
    by_hand(stick, sender, "Busan", file, {RECORDS: write_records(handed)})
    bundle = json.loads(stick.receive("Busan", file, "--json"))["bundle"]
    stick.ran("exchange", "inbox", "accept", bundle, "--yes", "--vault", stick["Busan"])


def told_to_everybody(stick, name):
    out = stick.folder / f"{name}.json"
    stick.ran("log", "checkpoint", "--vault", stick["Busan"])
    number = through_the_door(stick, "Busan", "--audience", "public")
    stick.ran("release", "write", number, "--json", out, "--vault", stick["Busan"])
    return out


def test_the_owner_s_later_word_narrows_what_another_passed_on_first(tmp_path_factory, found_in):
    """Chiba passes Ansan's records on as for everybody; then Ansan's own release says that one of them is not named."""
    stick = members(tmp_path_factory.mktemp("first") / "all", "Ansan", "Busan", "Chiba")
    passes(stick, "Chiba", "1.age", 77, wide=True)
    assert found_in(told_to_everybody(stick, "before"), COUNTED), "the search is no empty one"
    passes(stick, "Ansan", "2.age", 1, wide=False)
    after = told_to_everybody(stick, "after")
    assert found_in(after, COUNTED) == []
    assert found_in(after, NAMED)
    doctor = json.loads(stick.tried("doctor", "--json", "--vault", stick["Busan"]).stdout)
    assert [one for one in doctor if one["state"] == "wrong"] == []


def test_who_passes_on_more_of_an_owner_s_record_widens_nothing(tmp_path_factory, found_in):
    """Ansan first, narrowly; Chiba then, with wide terms; and Ansan's newer release once more narrower: each time
    Busan relies on no more than Ansan says. An ended consent of Ansan's ends it for what Chiba sent too."""
    stick = members(tmp_path_factory.mktemp("then") / "all", "Ansan", "Busan", "Chiba")
    passes(stick, "Ansan", "1.age", 1, wide=False, claims=slice(0, 2))
    passes(stick, "Chiba", "2.age", 77, wide=True)  # the third is new here, and came from Chiba alone
    after = told_to_everybody(stick, "after")
    assert found_in(after, COUNTED) == []
    assert found_in(after, NAMED) and found_in(after, MEMBERS_ONLY)
    passes(stick, "Ansan", "3.age", 2, wide=True)  # the owner allows more: what was passed on does, too
    assert found_in(told_to_everybody(stick, "wider"), COUNTED)
    with hand_of(stick, "Ansan") as vault:
        lines = [("log", "Ansan"), ("release", _id("release", 2)), ("number", "2"), ("reason", "consent")]
        lines += [("at", statements.write_time(now())), *(("erase", one.id) for one in _records()[1][1:])]
        note = statements.signed(statements.write("corroborate recall v1", lines), vault.signer)
    by_hand(stick, "Ansan", "Busan", "4.age", {"recalls/1-1.note": note})
    stick.receive("Busan", "4.age")
    ended = told_to_everybody(stick, "ended")
    assert found_in(ended, NAMED) == [] and found_in(ended, MEMBERS_ONLY) == []
    assert found_in(ended, COUNTED)


SAID = st.lists(
    st.builds(
        lambda uses, reach, begins, ends, refuses: Terms(
            _id("source", 1), frozenset(uses), reach, BEGAN + timedelta(begins),
            None if ends is None else BEGAN + timedelta(begins + ends), refuses=refuses,
        ),
        st.sets(st.sampled_from(USES)), st.sampled_from(["own", "coalition", "public"]), st.integers(0, 5),
        st.none() | st.integers(0, 5), st.booleans(),
    ),
    max_size=4,
)  # fmt: skip


def _allows(said, use, reach, on):
    order = ("own", "coalition", "public")
    return any(
        use in one.uses and order.index(one.reach) >= order.index(reach) and one.begins <= on <= (one.ends or date.max)
        for one in said
    )


@given(st.lists(SAID, min_size=2, max_size=4), st.sampled_from(USES), st.sampled_from(["own", "coalition", "public"]),
       st.integers(0, 12))  # fmt: skip
def test_what_all_allow_is_what_each_of_them_does(said, use, reach, day):
    on, all_ = BEGAN + timedelta(day), narrowest(said)
    assert _allows(all_, use, reach, on) == all(_allows(one, use, reach, on) for one in said)
    assert any(one.refuses for one in all_) == any(each.refuses for one in said for each in one)


def test_a_member_with_thousands_of_permissions_for_one_source_holds_nobody_up():
    from corroborate.errors import InvalidValue

    many = [Terms(_id("source", 1), ALL, "own", BEGAN + timedelta(at)) for at in range(5000)]
    with pytest.raises(InvalidValue, match="no more than 60 are compared"):
        narrowest([many, many])
