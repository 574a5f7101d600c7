"""People are found by every spelling of their names; acts, places and words by their words; by nobody who may not see
them, and by nothing once they are withdrawn."""

import json
import unicodedata
from datetime import date
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.finding.conftest import OWN, ran

LEE = {"리영수", "李英洙", "Lee Young-soo"}
RYU = {"Ryu Un-hui", "류은희"}
SPELLINGS = [
    *((one, LEE) for one in (
        "리영수", "이영수", "리 영수", "李英洙", "李 英洙", "Ri Yong Su", "Ri Yŏng-su", "Yi Yŏng-su", "Lee Young-soo",
        "LEE Youngsoo",
        "Young-soo Lee", "Lee, Young Soo", "Rhee Young Soo", "I Yeong-su",
        "Ли Ён Су", "リ・ヨンス", "ﾘ･ﾖﾝｽ", "Lee \u200bYoung-soo",
        "리\u200d영\u2060수", "ＬＥＥ Ｙｏｕｎｇ－ｓｏｏ", "Young‐soo", "영수", "英洙", "Youngsoo",
    )),
    *((one, RYU) for one in ("류은희", "유은희", "Ryu Un Hui", "Yoo Eun-hee", "Ryu Ŭn-hŭi", "RYU EUN HEE", "Рю Ын Хи")),
    ("محمد الشامي", {"محمد الشامي"}),
    ("Mohammed Al Shami", {"محمد الشامي"}), ("Muhammad ash-Shami", {"محمد الشامي"}),
    ("مُحَمَّد الشامي", {"محمد الشامي"}),
    ("Sergey Kuznetsov", {"Кузнецов Сергей"}), ("Кузнецов", {"Кузнецов Сергей"}),
    ("Kuznetsov", {"Кузнецов Сергей"}),
    ("横田めぐみ", {"横田めぐみ"}), ("めぐみ", {"横田めぐみ"}), ("Namgung Hyok", {"남궁혁"}),
]  # fmt: skip


def names(user, words):
    """Names of the people whom a question finds, in the writing that was found."""
    from corroborate_node.finding.criteria import criteria_of
    from corroborate_node.finding.queries import find

    return {one.name for one in find(user, "people", criteria_of({"q": words}), date(2026, 11, 29)).found if one.name}


# At the command line, before other tests have the vault open


def test_a_command_finds_each_kind_and_says_why(made):
    found = json.loads(ran(made, "search", "Ri Yong Su", "--json"))
    assert {one["title"] for one in found["people"]["found"]} == LEE
    assert {one["why"] for one in found["people"]["found"]} >= {"its romanisation or transcription"}
    found = json.loads(ran(made, "search", "청진", "--json"))
    assert len(found["acts"]["found"]) == 2  # 청진 and Chongjin
    assert found["places"]["number"] == 1
    found = json.loads(ran(made, "search", "leather belt", "--json"))
    (passage,) = found["passages"]["found"]
    assert "leather belt" in passage["title"]
    assert passage["where"] == "line 4"
    assert json.loads(ran(made, "search", "공개 처형", "--in", "passages", "--json"))["passages"]["number"] == 3


def test_filters_narrow_by_what_where_when_who_told_and_consent(made):
    def acts(*words):
        return [one["title"] for one in json.loads(ran(made, "search", *words, "--json"))["acts"]["found"]]

    assert len(acts("--violation", "Torture")) == 5
    assert acts("--place", "함경북도", "--from", "1997", "--to", "1997-12") == ["Torture; 1997-03; 청진; 요덕수용소"]
    assert len(acts("--place", "North Hamgyong")) == 3  # 청진, 회령, Chongjin
    assert acts("--from", "2001-05-02", "--to", "2001-05-02") == ["Torture; 2001-05-02; Chongjin; Camp 15"]
    assert acts("--from", "2001-05-03", "--to", "2001-06") == []
    people = json.loads(ran(made, "search", "영수", "--violation", "Torture", "--json"))["people"]["found"]
    assert {one["title"] for one in people} == {"리영수", "Lee Young-soo"}
    listed = next(one["id"] for one in json.loads(ran(made, "search", "명단Theirs", "--json"))["sources"]["found"])
    people = json.loads(ran(made, "search", "영수", "--list", listed, "--json"))["people"]["found"]
    assert [one["title"] for one in people] == ["Lee Young-soo"]
    named = json.loads(ran(made, "search", "남궁혁", "--consent", "name:public", "--json"))
    assert named["people"]["number"] == 0  # its row says no


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search",), "say what to look for"),
        (("search", "--violation", "tortur"), "near it"),
        (("search", "--from", "1999", "--to", "1998"), "before"),
        (("search", "--from", "spring"), "not a year"),
        (("search", "--consent", "sell:all"), "quote:public"),
        (("search", "--source-kind", "rumour"), "witness"),
        (("search", "a" * 501), "500 letters"),
        (("show", "person_nobody"), "no record person_nobody"),
        (("screen", "/"), "folder"),
    ],
)
def test_a_wrong_question_says_what_would_be_right(made, words, said):
    assert said in ran(made, *words, code=2 if words == ("search",) else 1)


def test_show_says_who_said_what_and_where(made):
    (person,) = json.loads(ran(made, "search", "남궁혁", "--json"))["people"]["found"]
    shown = json.loads(ran(made, "show", person["id"], "--json"))
    told = {one["property"]: one for one in shown["claims"]}
    assert told["name"]["value"] == "남궁혁"
    assert told["name"]["locator"] == "line 3"
    source = json.loads(ran(made, "show", told["name"]["source"], "--json"))
    assert {one["id"] for one in source["claims"]} >= {told["name"]["id"]}
    act = json.loads(ran(made, "show", told["victim"]["about"], "--json"))
    assert "Execution" in {one["value"] for one in act["claims"]}


def test_the_journal_keeps_that_a_search_was_made_and_no_word_of_it(made):
    ran(made, "search", "리영수")
    lines = json.loads(ran(made, "journal", "--asked", "리영수", "--json"))
    assert lines[0]["kind"] == "search"
    assert "리영수" not in json.dumps(json.loads(ran(made, "journal", "--json")), ensure_ascii=False)


# Over the open vault


@pytest.mark.parametrize(("asked", "people"), SPELLINGS)
def test_every_spelling_of_a_name_finds_it(house, asked, people):
    assert names(house.whole, asked) >= people


UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u200e\u00ad"


@given(
    st.sampled_from([one for one, _ in SPELLINGS]),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(UNSEEN)), max_size=3),
)
def test_composition_and_characters_that_are_not_seen_change_nothing(house, asked, form, unseen):
    written = unicodedata.normalize(form, asked)
    for at, letter in unseen:
        written = written[: min(at, len(written))] + letter + written[min(at, len(written)) :]
    assert names(house.whole, written) == names(house.whole, asked)


@cache
def common_syllables():
    from corroborate.languages import korean

    return sorted(one for one in korean.syllables() if korean.commonness("김", one) > 0.05)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first spelling reads the tables of names
@given(st.data())
def test_every_romanisation_of_the_rules_finds_the_hangul_it_stands_for(house, data):
    from corroborate.languages import korean
    from corroborate.languages.finding import asked_whole, keys_of_name

    syllables = common_syllables()
    family = data.draw(st.sampled_from("김이박최정강조윤장임한오서신권황안송류홍"))
    given_name = "".join(data.draw(st.sampled_from(syllables)) for _ in range(2))
    surname, own = korean.canonical(family, given_name)
    spelled = korean.revised(surname, own).title()
    assert asked_whole(spelled) & keys_of_name(family + given_name), (family + given_name, spelled)


QUESTIONS = (
    "리영수", "영수", "류은희", "belt", "공개처형", "torture", "처형", "청진", "신의주", "함흥",
    "명단", "needletheirs", "Camp 15",
    "남궁혁",
)  # fmt: skip


def everything(user, words):
    from corroborate_node.finding import queries
    from corroborate_node.finding.criteria import KINDS, criteria_of

    question = criteria_of({"q": words})
    answers = {kind: queries.find(user, kind, question, date(2026, 11, 29)) for kind in KINDS}
    return {kind: queries.lines(user, kind, one.found) for kind, one in answers.items()}


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_limited_account_finds_what_its_case_tells_and_no_more(house, words):
    from corroborate_node.records.models import Claim, Filed, Passage

    filed = set(Filed.objects.filter(case__name="Ours").values_list("source_id", flat=True))
    told = Claim.objects.filter(source_id__in=filed)
    known = set(told.values_list("subject_id", flat=True)) | set(told.values_list("id", flat=True)) | filed
    known |= set(Passage.objects.filter(source_id__in=filed).values_list("id", flat=True))
    whole, ours = everything(house.whole, words), everything(house.ours, words)
    for kind, lines in ours.items():
        assert {one.id for one in lines} <= {one.id for one in whole[kind]}
        if kind != "places":
            assert {one.id for one in lines} == {one.id for one in whole[kind]} & known
    assert "needletheirs" not in str(ours)
    assert not any(everything(house.none, words).values())


@pytest.mark.parametrize("words", QUESTIONS)
def test_who_may_not_see_names_finds_acts_and_no_name_passage_or_paper(house, words):
    found = everything(house.counts, words)
    assert found["people"] == []
    assert found["passages"] == []
    assert all(one.kind == "list" for one in found["sources"])
    assert {one.id for one in found["acts"]} <= {one.id for one in everything(house.whole, words)["acts"]}


def test_an_account_that_is_limited_finds_the_same_at_the_command_line(house):
    from corroborate_node.finding import telling
    from corroborate_node.records.models import PersonName

    theirs = PersonName.objects.get(text="Lee Young-soo")
    assert telling.record(house.ours, theirs.person_id) is None
    assert telling.record(house.whole, theirs.person_id).title == "Lee Young-soo"
    facts = telling.record(house.counts, theirs.person_id)
    assert facts.title == ""
    assert "Lee" not in str([one.value for one in facts.claims])


def test_what_is_withdrawn_is_found_by_no_word_and_leaves_none(house):
    from corroborate_node.core.desk import owner
    from corroborate_node.finding.models import NameKey, Place, Said, Word
    from corroborate_node.records import actions
    from corroborate_node.records.models import PersonName

    source = PersonName.objects.get(text="Кузнецов Сергей").claim.source_id
    before = NameKey.objects.count()
    assert Place.objects.filter(name="Хабаровск").exists()
    actions.withdraw(owner(house.vault, house.vault_at), source, date(2026, 11, 29))
    assert names(house.whole, "Kuznetsov") == set()
    assert NameKey.objects.count() < before
    assert not Place.objects.filter(name="Хабаровск").exists()
    assert not Said.objects.filter(source_id=source).exists()
    assert not Word.objects.filter(word="ха").exists()
    assert not Word.objects.filter(word="хабаровск").exists()


def test_a_corrected_name_is_found_by_the_new_one_and_again_when_undone(house):
    from corroborate_node.core.desk import owner
    from corroborate_node.records import correcting
    from corroborate_node.records.models import PersonName

    desk = owner(house.vault, house.vault_at)
    claim = PersonName.objects.get(text="남궁혁").claim_id
    correcting.correct(desk, claim, "선우뷔", "the tape says so")
    assert names(house.whole, "Namgung Hyok") == set()
    assert "선우뷔" in names(house.whole, "선우뷔")
    correcting.undo(desk, claim)
    assert names(house.whole, "Namgung Hyok") == {"남궁혁"}


def test_an_index_that_is_made_anew_finds_the_same(house):
    from corroborate_node.finding import indexing
    from corroborate_node.finding.models import NameKey, Word

    def whole():
        return {words: everything(house.whole, words) for words in QUESTIONS}

    keys, words, before = NameKey.objects.count(), Word.objects.count(), whole()
    indexing.anew()
    assert (NameKey.objects.count(), Word.objects.count()) == (keys, words)
    assert {q: {k: {one.title for one in v} for k, v in f.items()} for q, f in whole().items()} == {
        q: {k: {one.title for one in v} for k, v in f.items()} for q, f in before.items()
    }


NARROWED = (
    {}, {"violation": "life"}, {"place": "함경북도"}, {"from": "1999"}, {"to": "2001"}, {"from": "1999", "to": "2001"},
    {"source-kind": "document"}, {"consent": "quote:public"},
    {"violation": "integrity", "place": "청진", "consent": "hold:own", "source-kind": "document"},
)  # fmt: skip


@pytest.mark.parametrize(
    "words", ["", "리영수", "김", "Ri Yong Su", "belt leather", "영수 공개처형", "Кузнецов", "محمد", "a"]
)
@pytest.mark.parametrize("narrowed", NARROWED, ids=str)
@pytest.mark.parametrize("common", [0, 1_000])
@pytest.mark.in_a_file
def test_no_question_reads_a_table_from_end_to_end(house, monkeypatch, words, narrowed, common):
    """``common``: also where every word and name is common."""
    from django.db import connection

    from corroborate_node.finding import counting, queries
    from corroborate_node.finding.criteria import KINDS, criteria_of

    if not common:
        monkeypatch.setattr(counting, "COMMON", 1)
    statements = []

    def kept(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    question = criteria_of({"q": words, **narrowed})
    with connection.execute_wrapper(kept):
        for kind in KINDS:
            queries.lines(house.whole, kind, queries.find(house.whole, kind, question, date(2026, 11, 29)).found)
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = [row[3] for row in cursor.fetchall()]
            scans = [one for one in plan if one.startswith("SCAN") and "finding_place" not in one]
            assert not [one for one in scans if "evidence_" in one or "finding_" in one], (sql, plan)


@pytest.mark.parametrize("narrowed", NARROWED, ids=str)
def test_what_is_common_is_narrowed_to_the_same_answers_as_what_is_rare(house, monkeypatch, narrowed):
    from corroborate_node.finding import counting, queries
    from corroborate_node.finding.criteria import KINDS, criteria_of

    def found():
        given = [
            criteria_of({"q": words, **narrowed}) for words in ("리영수", "김", "영수", "처형", "torture", "Кузнецов")
        ]
        return [
            (kind, one.words, {each.id for each in queries.find(house.whole, kind, one, date(2026, 11, 29)).found})
            for kind in KINDS
            for one in given
        ]

    rare = found()
    monkeypatch.setattr(counting, "COMMON", 1)
    assert found() == rare


def test_the_page_finds_and_says_why(house):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    assert one.post("/log-in", {"username": "whole", "password": OWN}).status_code == 302
    body = one.get("/search", {"q": "Ri Yong Su"}, headers={"accept-language": "ko"}).content.decode()
    assert "李英洙" in body
    assert "한자의 음" in body
    assert one.get("/search", {"from_": "1999", "to": "1998"}).status_code == 400
    assert one.get("/search", {"q": "영수", "in": "people"}).status_code == 200
    assert one.get("/search").status_code == 200
    ours = Client(HTTP_HOST="127.0.0.1")
    ours.post("/log-in", {"username": "ours", "password": OWN})
    assert "Lee Young-soo" not in ours.get("/search", {"q": "Ri Yong Su"}).content.decode()
