"""Ties between sources, from the command and the page to what is counted, released, withdrawn and sealed."""

import json

from tests.importing.commanding import WORDS, ran

from corroborate_node import api

TORTURE = "cah.torture.1"


def shown(vault, element=TORTURE):
    return json.loads(ran("findings", "show", element, "--vault", vault, "--json"))


def add(vault, *words, code=0):
    return ran("ties", "add", *words, "--because", "한 통역이 두 면담을 옮겼다", "--vault", vault, "--json", code=code)


def test_three_interviews_are_three_origins_until_somebody_knows_better(vault, three):
    one, two, three_ = three
    assert shown(vault)["finding"]["independent"] == 3
    add(vault, one, "same_interpreter", two)
    found = shown(vault)["finding"]
    assert (found["independent"], found["apart"], len(found["roots"])) == (2, 3, 3)
    tie = json.loads(add(vault, three_, "told_by", one))
    found = shown(vault)
    assert (found["finding"]["independent"], found["finding"]["apart"]) == (1, 2)
    assert found["finding"]["support"] == "one root"
    assert found["stands_on"]["whole"] == min(one, two)
    assert "hangs" in ran("findings", "--vault", vault)
    ran("ties", "take-back", tie["id"], "--vault", vault)
    assert shown(vault)["finding"]["independent"] == 2
    listed = json.loads(ran("ties", "list", one, "--vault", vault, "--json"))
    assert sorted(bool(row["taken_back"]) for row in listed) == [False, True]


def test_what_a_person_said_goes_back_to_a_source_falls_with_it(vault, three):
    one, two, three_ = three
    add(vault, two, "quoted_from", one)
    add(vault, three_, "same_broker", one)
    gone = json.loads(ran("withdraw", one, "--vault", vault, "--json"))
    assert two in json.dumps(gone)
    assert shown(vault)["finding"]["victims"] == 1
    for row in json.loads(ran("ties", "list", three_, "--vault", vault, "--json")):
        assert row["because"] == "", "the words in which a withdrawn source was tied tell of it"


def test_a_circle_a_stranger_a_second_time_and_a_tie_without_reason_are_refused(vault, three):
    one, two, three_ = three
    add(vault, two, "told_by", one)
    add(vault, three_, "quoted_from", two)
    said = add(vault, one, "told_by", three_, code=1)
    assert "goes back to" in said
    assert f"{three_} → {two} → {one}" in said.replace("\n", " ")
    assert "said of the two already" in add(vault, two, "told_by", one, code=1)
    add(vault, one, "related", three_)
    assert "said of the two already" in add(vault, three_, "related", one, code=1)
    assert "no source" in add(vault, one, "related", "source_" + "0" * 32, code=1)
    assert "tied to itself" in add(vault, one, "related", one, code=1)
    assert "is no id" in add(vault, one, "related", "'; drop table", code=1)
    blank = ran("ties", "add", one, "same_broker", two, "--because", " ", "--vault", vault, code=1)
    assert "how you know" in blank
    assert "no tie" in ran("ties", "take-back", "tie_nothing", "--vault", vault, code=1)
    assert "no element" in ran("findings", "show", "cah.nothing", "--vault", vault, code=1)


def test_the_page_says_ties_and_takes_them_back_in_the_reader_s_words(vault, three, entered):
    one, two, _ = three
    with api.open_vault(vault, WORDS):
        hana = entered("hana")
        assert f"/sources/{one}/independence" in hana.get(f"/sources/{one}").content.decode()
        address = f"/sources/{one}/independence"
        given = {"act": "tie", "kind": "told_by", "other": two, "because": ""}
        refused = hana.post(address, given)
        assert refused.status_code == 400
        assert two in refused.content.decode(), "what was typed is not lost"
        assert hana.post(address, {**given, "because": "둘째 면담에서 들음"}).status_code == 302
        page = hana.get(address).content.decode()
        assert "둘째 면담에서 들음" in page
        assert "Interview 나" in page
        tie = page.split('name="tie" value="')[1].split('"')[0]
        other = hana.get(f"/sources/{two}/independence").content.decode()
        assert "둘째 면담에서 들음" in other
        circle = hana.post(f"/sources/{two}/independence", {**given, "other": one, "because": "x"})
        assert circle.status_code == 400
        assert hana.post(address, {"act": "untie", "tie": tie}).status_code == 302
        assert hana.post(address, {"act": "untie", "tie": tie}).status_code == 400
        assert hana.get("/sources/source_nothing/independence").status_code == 404


def test_who_may_not_see_who_people_are_sees_no_tie_and_makes_none(vault, three, entered):
    one, two, _ = three
    add(vault, one, "related", two)
    with api.open_vault(vault, WORDS):
        reader = entered("set")
        assert reader.get(f"/sources/{one}/independence").status_code == 403
        page = reader.get(f"/findings/{TORTURE}")
        assert page.status_code == 200
        assert "Interview" not in page.content.decode(), "what an interview is called may name somebody"
        near = entered("net")
        assert near.get(f"/sources/{one}/independence").status_code == 404
        page = near.get(f"/findings/{TORTURE}").content.decode()
        assert not any(each in page for each in three), "of another case nothing is told"


def test_the_page_of_a_finding_says_what_it_hangs_on(vault, three, entered):
    one, two, three_ = three
    for other in (two, three_):
        add(vault, other, "told_by", one)
    with api.open_vault(vault, WORDS):
        page = entered("hana").get(f"/findings/{TORTURE}").content.decode()
        assert "doubtful" in page
        assert page.count(f"/sources/{one}") >= 2
        assert entered("hana").get("/findings/cah.nothing").status_code == 404


def test_ties_are_sealed_and_written_into_the_journal(vault, three):
    one, two, _ = three
    made = json.loads(add(vault, one, "same_broadcast", two))
    lines = json.loads(ran("journal", "--vault", vault, "--json"))
    assert any(line["what"] == "source.tie" and made["id"] in line["objects"] for line in lines)
    with api.open_vault(vault, WORDS):
        from corroborate_node.log.models import LogEntry

        assert LogEntry.objects.filter(kind="tie", record=made["id"]).count() == 1
