"""Demands by criterion, actions without duplicates, votes from files, letters: rules an outsider could dispute."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.coalition import (
    STATUSES,
    Access,
    Action,
    Addressee,
    Commitment,
    Contact,
    Event,
    Reading,
    Vote,
    calendar,
    demands,
    letters,
    merged,
    proposals,
    read_votes,
    status_of,
    timeline,
)
from corroborate.coalition.demands import check_as_of
from corroborate.disclosure import Order, Records, Release, Results, release, with_campaign
from corroborate.errors import InputRefused, InvalidValue
from corroborate.records import Consent
from corroborate.values import PartialDate
from corroborate.vocabulary import load

EVENT = Event("e.1", PartialDate.parse("2026-10-01"), "let in", "", "", "a source", "seen")
DAY = PartialDate.parse("2026-11-24")


def test_every_status_follows_from_its_criteria_and_equals_the_reviewed_table(shared):
    import csv

    rows = {row["id"]: row for row in csv.DictReader(shared("reference/demands.csv").open(encoding="utf-8"))}
    with shared("reference/additions_2026/timeline_additions.csv").open(encoding="utf-8", newline="") as file:
        later = {row["id"] for row in csv.DictReader(file)} | {event.id for event in timeline()}
    known = {one.id for one in demands()}
    assert set(rows) <= known
    assert known - set(rows) == {"demand.help_free_the_people"}, "the statement's nineteenth"
    for one in demands():
        assert status_of(each.status for each in one.criteria) == one.status
        assert {event.id for event in one.evidence} <= later
        if one.id in rows:
            assert one.status == rows[one.id]["status"]
            assert set(rows[one.id]["evidence_timeline_ids"].split(";")) <= {event.id for event in one.evidence}
            assert one.voice == rows[one.id]["voice"]
        for criterion in one.criteria:
            assert criterion.reading.by
            assert criterion.reading.evidence
            assert set(criterion.labels) == {"en", "ko", "ja", "es"}
    assert sum(event.road for event in timeline()) >= 10


@given(st.lists(st.sampled_from(sorted(STATUSES)), min_size=1, max_size=6))
def test_a_demand_is_met_only_when_every_criterion_that_counts_is(statuses: list[str]):
    counted = [one for one in statuses if one != "overtaken"]
    assert (status_of(statuses) == "met") == (bool(counted) and set(counted) == {"met"})
    assert (status_of(statuses) == "overtaken") == (not counted)
    assert status_of(statuses) == status_of(sorted(statuses))


def test_making_one_criterion_better_never_makes_the_demand_worse():
    order = ["not_met", "partly_met", "met"]
    for statuses in product(order, repeat=3):
        for at, one in enumerate(statuses):
            if one != "met":
                better = [*statuses[:at], order[order.index(one) + 1], *statuses[at + 1 :]]
                assert order.index(status_of(better)) >= order.index(status_of(statuses))


def test_a_new_reading_changes_the_status_and_keeps_the_earlier_one():
    one = next(each for each in demands() if each.id == "demand.access_special_rapporteur")
    judged = one.judged("let_in", Reading("met", "M. Kim", DAY, (EVENT,)))
    assert (judged.status, str(judged.as_of)) == ("met", "2026-11-24")
    assert [each.status for each in judged.criteria[0].readings] == ["not_met", "met"]
    assert EVENT in judged.evidence
    with pytest.raises(InvalidValue, match="no criterion"):
        one.judged("nothing", Reading("not_met", "M. Kim", DAY))


@pytest.mark.parametrize("status", ["met", "partly_met", "reversed", "overtaken"])
def test_nothing_is_said_to_have_changed_without_a_dated_event(status: str):
    with pytest.raises(InvalidValue, match="needs a dated event"):
        Reading(status, "M. Kim", DAY)


def test_a_reading_and_a_request_name_who_and_where():
    with pytest.raises(InvalidValue):
        Reading("not_met", " ", DAY)
    with pytest.raises(InvalidValue):
        Access(DAY, "Special Rapporteur", "asked", "refused", "")
    with pytest.raises(InvalidValue):
        Access(DAY, "Special Rapporteur", "asked", "perhaps", "a source")


def action(identifier: str, title: str = "Photographs of the missing", **more: object) -> Action:
    base = Action(identifier, "exhibition", title, ("Group A",), date(2026, 10, 1), date(2026, 10, 20), country="KR")
    return replace(base, **more)


def test_one_event_entered_twice_is_proposed_and_nothing_else_is():
    twice = [action("a"), action("b", "Photographs of the missing people", members=("Group B",))]
    assert [(one.first.id, one.second.id) for one in proposals(twice)] == [("a", "b")]
    later = {"begins": date(2026, 11, 1), "ends": date(2026, 11, 2)}
    others = [
        action("a"), action("b", **later), action("c", kind="vigil"), action("d", country="JP"),
        action("e", "Lecture on the law of the sea"),
    ]  # fmt: skip
    assert proposals(others) == ()
    assert proposals(twice, [frozenset(("a", "b"))]) == ()


def test_titles_without_spaces_between_words_are_compared_too():
    pair = [action("a", "사라진 사람들 사진전"), action("b", "사진전 ‘사라진 사람들’")]
    assert len(proposals(pair)) == 1


KO = {"language": "ko"}
TOUR = {"begins": date(2026, 10, 2)}


@pytest.mark.parametrize(
    ("one", "other", "proposed"),
    [
        ({}, {"title": "사라진 사람들 사진전", **KO}, "a common member, and titles in two languages"),
        ({"members": ("B",)}, {"title": "사라진 사람들 사진전", **KO}, "days and country, and titles in two languages"),
        (
            {"members": ("B",), "place": "Seoul"},
            {"title": "展示", "language": "ja", "place": "ソウル"},
            "two languages",
        ),
        ({"place": "Seoul "}, {"title": "Pictures", "place": "seoul", **TOUR}, "the same place and a common member"),
        (
            {"place": "Seoul", "members": ("B",)},
            {"title": "Pictures", "place": "Seoul"},
            "the same kind, days and place",
        ),
        ({"members": ("B",), "place": "Seoul"}, {"title": "Fotos", "language": "es", "place": "Busan"}, ""),
        ({"members": ("B",)}, {"title": "사라진 사람들 사진전", **KO, **TOUR}, ""),
        ({"members": ("B",), "country": ""}, {"title": "사진전", **KO}, ""),
        ({}, {"title": "Lecture on the law of the sea"}, ""),
        ({}, {"title": "사라진 사람들 사진전", **KO, "country": "JP"}, ""),
    ],
)
def test_one_event_is_proposed_across_languages_by_day_place_and_member(one, other, proposed):
    found = proposals([action("a", **one), action("b", **other)])
    assert len(found) == bool(proposed)
    assert all(proposed in each.why for each in found)


def test_a_year_that_nobody_knows_of_and_a_state_that_is_none_are_refused():
    today = date(2026, 11, 29)
    for begins, ends in ((date(2099, 1, 1), date(2099, 1, 2)), (date(1017, 1, 1), date(1017, 1, 1))):
        with pytest.raises(InvalidValue, match="an action lies between"):
            action("a", begins=begins, ends=ends).check_days(today)
    action("a").check_days(today)
    for made in (
        lambda: action("a", country="XX"),
        lambda: Vote("XX", "GA", "A/1", PartialDate.parse("2020"), "yes", "r"),
        lambda: Commitment("XX", "w", PartialDate.parse("2020"), "s"),
    ):
        with pytest.raises(InvalidValue, match="no country code"):
            made()


def test_each_faulty_line_of_votes_is_named_and_a_vote_that_has_not_come_is_one():
    wrong = "".join(f"KR,GA,A/{at},2020,maybe,r\n" for at in range(30)) + "KR,GA,A/99,2099,yes,r\n"
    with pytest.raises(InputRefused) as refused:
        read_votes((HEAD + wrong).encode(), date(2026, 11, 29))
    assert all(f"line {at}: " in str(refused.value) for at in range(2, 33))
    assert "2099 has not come yet" in str(refused.value)


def test_joining_keeps_both_names_and_loses_no_demand():
    one = merged(action("a", demands=("demand.x",)), action("b", members=("Group B",), demands=("demand.y",), place="Seoul"))  # fmt: skip  # noqa: E501
    assert one.members == ("Group A", "Group B")
    assert one.demands == ("demand.x", "demand.y")
    assert one.place == "Seoul"


@pytest.mark.parametrize(
    "wrong",
    [{"ends": date(2026, 9, 1)}, {"kind": "riot"}, {"title": " "}, {"members": ()}, {"country": "Korea"},
     {"address": "javascript:alert(1)"}, {"text": "x" * 2001}],
)  # fmt: skip
def test_an_action_that_cannot_be_is_refused(wrong: dict[str, object]):
    with pytest.raises(InvalidValue):
        action("a", **wrong)


@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(str.strip),
    st.integers(0, 400),
)
def test_a_calendar_has_short_lines_and_gives_its_titles_back(title: str, days: int):
    begins = date(2026, 1, 1)
    one = action("a", title, begins=begins, ends=begins + timedelta(days=days))
    text = calendar([one], "Actions", date(2026, 11, 24))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    line = next(each for each in whole.split("\r\n") if each.startswith("SUMMARY"))
    said = line.split(":", 1)[1]
    back = said.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert back == title or "\\" in title
    assert f"DTEND;VALUE=DATE:{begins + timedelta(days=days + 1):%Y%m%d}" in whole  # the end is the day after


HEAD = "state,body,resolution,date,vote,source\n"


def test_votes_are_read_as_people_write_them():
    text = (
        HEAD
        + "kr,HRC,A/HRC/RES/22/13,2013-03-21,without a vote,record\nJP,ga,A/RES/60/173,2005-12-16,In favour,record\n"
    )
    assert read_votes(b"\xef\xbb\xbf" + text.encode()) == (
        Vote("KR", "HRC", "A/HRC/RES/22/13", PartialDate.parse("2013-03-21"), "consensus", "record"),
        Vote("JP", "GA", "A/RES/60/173", PartialDate.parse("2005-12-16"), "yes", "record"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks the column"),
        ("state,vote\nKR,yes\n", "lacks the column body"),
        (HEAD, "holds no vote"),
        (HEAD + "KR,GA,A/1,2020,maybe,r\n", "line 2: 'maybe' is no vote"),
        (HEAD + "Korea,GA,A/1,2020,yes,r\n", "line 2: 'KOREA' is no country code"),
        (HEAD + "KR,GA,A/1,2020-13,yes,r\n", "line 2"),
        (HEAD + "KR,GA,A/1,2020,yes,\n", "names its resolution and its source"),
        (HEAD + "KR,GA,A/1,2020,yes,r\nKR,GA,A/1,2020,no,r\n", "line 3: KR stands twice"),
        (HEAD + "KR,GA,A/1,2020,yes,r,more\n", "more cells"),
        (HEAD + "KR,XX,A/1,2020,yes,r\n", "no body known here"),
        (HEAD + 'KR,GA,"A/1,2020,yes,r\n', "no CSV"),
        ("\0", "zero bytes"),
    ],
)
def test_a_faulty_file_of_votes_is_refused_with_its_line(text: str, said: str):
    with pytest.raises(InputRefused, match=said):
        read_votes(text.encode())


def test_a_file_in_another_encoding_says_so():
    with pytest.raises(InputRefused, match="not UTF-8"):
        read_votes("국가,표결\n".encode("cp949"))


def test_a_letter_is_filled_for_each_and_never_half():
    text = "Dear {name},\n\n{local}\n\nYou stood {vote}. {{Sic}}\n"
    two = [Addressee("A", {"vote": "in favour"}, ("We thank you.",)), Addressee("B", {"vote": "{local} as text"})]
    made = dict(letters(text, two))
    assert made["A"] == "Dear A,\n\nWe thank you.\n\nYou stood in favour. {Sic}\n"
    assert made["B"] == "Dear B,\n\nYou stood {local} as text. {Sic}\n"
    with pytest.raises(InvalidValue, match=r"nothing is known for \{vote\} in the letter to B"):
        letters(text, [two[0], Addressee("B", {})])
    for wrong in ("{address}", "{name.__class__}", "{name", "{0}", "{}"):
        with pytest.raises(InvalidValue):
            letters(wrong, two)


def consent(*uses: str, audience: str = "own", ends: date | None = None) -> Consent:
    return Consent("consent_" + "0" * 32, "source_" + "0" * 32, frozenset(uses), audience, date(2026, 1, 1), ends)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("consents", "own", "coalition"),
    [
        ((), False, False),
        ((consent("hold"),), True, False),
        ((consent("hold", "name"),), True, False),
        ((consent("hold", "name", audience="coalition"),), True, True),
        ((consent("name", audience="coalition"),), False, False),
        ((consent("hold", ends=date(2026, 2, 1)),), False, False),
    ],
)
def test_a_contact_is_known_only_as_far_as_that_person_allowed(consents, own, coalition):
    one = Contact("contact_1", "KR", "Somebody", "", "", consents)
    assert one.may("own", date(2026, 11, 24)) is own
    assert one.may("coalition", date(2026, 11, 24)) is coalition
    assert one.may("public", date(2026, 11, 24)) is False


def test_a_release_carries_the_campaign_there_and_back_and_has_no_place_for_a_contact():
    made = release(Order("R", "C", "public", date(2026, 11, 24)), Records(), Results(demands=demands()))
    votes = read_votes((HEAD + "KR,GA,A/1,2020,yes,r\n").encode())
    whole = with_campaign(made, demands(), [action("a")], votes, [])
    assert Release.from_json(whole.to_json()) == whole
    assert (len(whole.actions), len(whole.votes), whole.demands[0].criteria[0].id) == (1, 1, "none_in_public")
    assert b"contact" not in whole.to_json()


def test_a_release_of_an_earlier_version_can_still_be_read_and_an_unknown_part_cannot():
    import json

    made = release(Order("R", "C", "public", date(2026, 11, 24)), Records(), Results(demands=demands()))
    document = json.loads(made.to_json())
    del document["release"]["actions"], document["release"]["demands"][0]["criteria"]
    assert Release.from_json(json.dumps(document).encode()).actions == ()
    document["release"]["contacts"] = []
    with pytest.raises(InvalidValue, match="contacts"):
        Release.from_json(json.dumps(document).encode())
    del document["release"]["contacts"], document["release"]["title"]
    with pytest.raises(InvalidValue, match="title"):
        Release.from_json(json.dumps(document).encode())


def test_nothing_is_judged_as_of_a_day_before_the_newest_event_it_rests_on():
    for one in demands():
        rests = [*one.evidence, *(event for criterion in one.criteria for event in criterion.reading.evidence)]
        newest = max(str(event.date) for event in rests)
        assert newest <= str(one.as_of), one.id
        for criterion in one.criteria:
            assert all(str(event.date) <= str(criterion.reading.on) for event in criterion.reading.evidence)


def test_nothing_is_told_as_of_a_day_after_the_newest_page_that_was_looked_at():
    vocabulary = load("demands")
    checked = [date.fromisoformat(str(load(one).more["checked_to"])) for one in ("timeline", "proceedings")]
    for entry in vocabulary.entries.values():
        assert date.fromisoformat(str(entry.more["as_of"])) <= max(checked), entry.id
    events = [str(entry.more["date"]) for entry in load("timeline").entries.values()]
    assert max(events) <= load("timeline").more["checked_to"], "an event that nobody can have looked at"
    with pytest.raises(InvalidValue, match="after the newest page"):
        check_as_of("demand.x", PartialDate.parse("2026-11"), max(checked))


def test_the_nineteenth_demand_and_both_halves_of_ending_crimes_and_impunity_have_criteria():
    by_id = {one.id: one for one in demands()}
    assert {one.id for one in by_id["demand.help_free_the_people"].criteria} == {"no_return", "oppression_ended"}
    halves = {one.id: one.status for one in by_id["demand.end_culture_of_impunity"].criteria}
    assert halves["crimes_ended"] == "not_met"
    assert halves["proceedings_elsewhere"] == "partly_met"
