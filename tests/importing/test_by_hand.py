"""What a documenter types means what the same words mean in a list, and nothing is guessed of who somebody is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.importers.by_hand import ROWS, read
from corroborate.importers.coding import coding_table
from corroborate.records import Term, Text
from corroborate.values import Name, PartialDate

ON = date(2026, 11, 29)
HELD = {"own": ["hold", "link", "count"]}


def codes(words):
    return coding_table().read(words).acts


def reading(**typed):
    return read({"source": {"title": "Interview 12"}, "consent": HELD, **typed}, codes, on=ON)


def subject(found, called):
    return next(one for one in found.entry.subjects if one.called == called)


def said(one, property_):
    return [each.value for each in one.said if each.property == property_]


@pytest.mark.parametrize(
    ("what", "whom", "when", "term", "day"),
    [
        ("고문", "이가상", "98년 봄", "integrity.torture", "1998-03-01/1998-05-31"),
        ("torture", "Ri Ka Sang", "1998-03", "integrity.torture", "1998-03"),
        ("拷問", "李佳相", "1998年3月", "integrity.torture", "1998-03"),
        ("tortura", "María Inventada", "3/1998", "integrity.torture", "1998-03"),
    ],
)
def test_an_act_is_coded_as_the_same_words_of_a_list_are(what, whom, when, term, day):
    found = reading(acts=[{"what": what, "whom": whom, "when": when, "basis": "saw", "at": "12:30"}])
    assert found.problems == ()
    act, victim = subject(found, what), subject(found, whom)
    assert (act.kind, victim.kind) == ("act", "person")
    assert said(act, "violation") == [Term("violations", term)]
    assert [str(one) for one in said(act, "date")] == [day]
    assert [one.key for one in said(act, "victim")] == [victim.key]
    assert {(one.locator, one.basis) for one in act.said} == {("12:30", "saw")}
    assert isinstance(said(victim, "name")[0], Name)


def test_whoever_only_had_a_part_in_an_act_or_told_of_it_is_counted_with_nobody():
    found = reading(
        people=[{"names": "이가상", "speaks": "yes"}],
        acts=[{"what": "고문", "whom": "박가상", "by": "김가상", "witnesses": "최가상"}],
    )
    kinds = {one.called: one.kind for one in found.entry.subjects if one.kind in ("person", "party")}
    assert kinds == {"박가상": "person", "이가상": "party", "김가상": "party", "최가상": "party"}
    parts = [(said(one, "degree")[0].text, said(one, "person")[0].key) for one in found.entry.subjects
             if one.kind == "involvement"]  # fmt: skip
    assert parts == [("perpetrator", subject(found, "김가상").key), ("witness", subject(found, "최가상").key)]


@pytest.mark.parametrize(
    ("act", "field", "code"),
    [
        ({"what": "강제송환", "stance": "seen", "basis": "saw"}, "stance", "seen"),
        ({"what": "공개처형을 목격함"}, "what", "seen_words"),
        ({"what": "witnessed torture"}, "what", "seen_words"),
        ({"what": "형이 고문당함"}, "what", "another"),
        ({"what": "threatened with torture"}, "stance", "threat_words"),
        ({"what": "고문당하지 않음"}, "stance", "denied"),
        ({"what": "고문당하지 않음", "stance": "threatened"}, "stance", "denied"),
    ],
)
def test_no_victim_becomes_a_witness_and_no_witness_a_victim_by_a_word_that_can_be_misread(act, field, code):
    found = reading(acts=[{"whom": "도가상", "when": "2003-02", "where": "투먼", **act}])
    assert found.entry is None
    assert [(one.part, one.field) for one in found.problems if one.code == code] == [("acts", field)]


def test_an_act_that_whoever_tells_it_saw_is_an_act_at_its_own_place():
    found = reading(
        people=[{"names": "이가상", "speaks": "yes"}],
        acts=[{"what": "강제송환", "whom": "도가상", "when": "2003-02", "where": "투먼", "basis": "saw"}],
    )
    act = subject(found, "강제송환")
    assert [said(act, name) for name in ("place", "date")] == [[Text("투먼")], [PartialDate(2003, 2)]]
    assert said(act, "victim")[0].key == subject(found, "도가상").key
    assert {one.basis for one in act.said} == {"saw"}
    assert not any(one.property in ("witnessed", "origin") for each in found.entry.subjects for one in each.said)
    assert (found.counted["act"], found.counted["threat"], found.counted["denied"]) == (1, 0, 0)


def test_a_denied_act_is_none_and_a_threat_is_said_of_whoever_was_threatened():
    found = reading(acts=[
        {"what": "처형", "stance": "threatened", "whom": "이가상", "when": "1998", "where": "투먼", "at": "p. 3"},
        {"what": "고문", "stance": "against", "whom": "이가상"},
    ])  # fmt: skip
    person, act = subject(found, "이가상"), subject(found, "고문")
    assert [(one.value.id, one.locator) for one in person.said if one.property == "threatened"] == [
        ("life.execution", "p. 3")
    ]
    assert {Text("date: 1998"), Text("event_place: 투먼")} <= set(said(person, "told"))
    assert said(act, "violation") == []
    assert said(act, "no_violation") == [Term("violations", "integrity.torture")]
    assert (found.counted["act"], found.counted["threat"], found.counted["denied"]) == (0, 1, 1)
    assert [(one.field, one.code) for one in found.notes] == [("stance", "threat")]


def test_a_doubt_stands_at_the_field_that_raises_it():
    found = reading(people=[{"names": "이가상", "birth": "65년쯤", "age": "서른쯤"}])
    assert found.notes
    assert {one.field for one in found.notes} <= {"birth", "age"}


@pytest.mark.parametrize("by", ["보위부", "회령 보위부", "the police", "la policía"])
def test_an_office_where_a_person_is_asked_for_is_said(by):
    found = reading(acts=[{"what": "고문", "whom": "이가상", "by": by}])
    assert [one.field for one in found.notes if one.code == "unit"] == ["by"]


def test_words_that_are_no_date_or_act_are_kept_and_said():
    found = reading(acts=[{"what": "뒷산으로 데려감", "whom": "이가상", "when": "감자 캐기 전"}])
    act = subject(found, "뒷산으로 데려감")
    assert {one.code for one in found.notes} == {"date", "uncoded"}
    assert said(act, "told") == [Text("violation: 뒷산으로 데려감"), Text("date: 감자 캐기 전")]


def test_a_group_has_a_count_and_a_time_in_detention_its_ends():
    found = reading(
        people=[{"names": "농민들", "kind": "group", "count": "12"}],
        held=[{"who": "농민들", "facility": "개천교화소", "from": "1987", "to": "1992-12", "ended": "석방"}],
    )
    group = subject(found, "농민들")
    assert (said(group, "victim_kind"), said(group, "count")) == ([Text("group")], [Text("12")])
    span = next(one for one in found.entry.subjects if one.kind == "detention")
    assert (said(span, "begin"), said(span, "end")) == ([PartialDate(1987)], [PartialDate(1992, 12)])
    assert said(span, "person")[0].key == group.key


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"consent": {}}, "no_hold"),
        ({"consent": {"own": ["hold"], "named body": ["count"]}}, "body"),
        ({"consent": {"own": ["hold"], "begins": "spring"}}, "day"),
        ({"consent": {"own": ["hold"], "whose": "Nobody Here"}}, "whose"),
        ({"consent": {"own": ["sell"]}}, "use"),
        ({"source": {}}, "no_title"),
        ({"source": {"title": "x", "kind": "list"}}, "source_kind"),
        ({"acts": [{"what": "고문"}]}, "no_whom"),
        ({"acts": [{"whom": "이가상"}]}, "no_what"),
        ({"acts": [{"what": "고문당하지 않음", "whom": "이가상"}]}, "denied"),
        ({"acts": [{"what": "고문", "whom": "이가상", "basis": "saw", "heard_from": "이웃"}]}, "not_heard"),
        ({"people": [{"names": "이가상"}, {"names": "이가상"}]}, "twice"),
        ({"people": [{"names": "농민들", "kind": "group", "count": "0"}]}, "count"),
        ({"consent": {"own": ["count"], "coalition": ["hold"], "public": ["hold", "name"]}}, "no_hold"),
        ({"people": [{"names": "이가상", "kind": "other"}], "acts": [{"what": "고문", "whom": "이가상"}]}, "party"),
        ({"held": [{"who": "이가상"}]}, "held"),
        ({"kin": [{"of": "이가상"}]}, "kin"),
        ({"acts": [{"colour": "red"}]}, "fields"),
        ({"acts": "torture"}, "no_rows"),
    ],
)
def test_what_cannot_be_recorded_says_where_and_what_to_do(typed, code):
    if "acts" not in typed and "people" not in typed:
        typed = {"people": [{"names": "이가상"}], **typed}
    found = reading(**typed)
    assert found.entry is None
    assert code in {one.code for one in found.problems}
    assert all(str(one) for one in found.problems)


WORDS = st.text(max_size=12) | st.sampled_from(["이가상", "고문", "1998", "hold", "person_x", "; ,", "yes", "12"])


@given(st.fixed_dictionaries({}, optional={
    "source": st.dictionaries(st.sampled_from(["title", "kind", "id", "at"]), WORDS),
    "consent": st.dictionaries(st.sampled_from(["own", "public", "begins", "whose", "right"]), WORDS),
    **{part: st.lists(st.dictionaries(st.sampled_from(fields), WORDS), max_size=3) for part, fields in ROWS.items()},
}))  # fmt: skip
def test_whatever_is_typed_is_an_entry_or_says_what_stands_in_the_way(typed):
    found = read(typed, codes, on=ON)
    assert (found.entry is None) == bool(found.problems)


@pytest.mark.parametrize("words", ["1998년 4월 15일(음력)", "around March 1979"])
def test_a_date_that_is_read_with_a_doubt_is_said_to_be(words):
    """A lunar day is up to fifty days off."""
    found = reading(acts=[{"what": "고문", "whom": "이가상", "when": words}])
    assert [(one.part, one.field, one.code) for one in found.notes] == [("acts", "when", "read_as")]
