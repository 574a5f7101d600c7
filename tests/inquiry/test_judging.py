"""Elements of crimes, judged by two lawyers independently: on the page, by command, and by a program's token."""

import json
from itertools import product

from tests.importing.commanding import WORDS, ran

from corroborate_node import api

TORTURE, CONTEXT = "cah.torture.1", "cah.torture.context"
ASSESS = f"/findings/{TORTURE}/assess"
JUDGED = {"act": "assess", "conclusion": "meets", "standard": "proof.reasonable_grounds", "reasons": "세 사람이 보았다"}


def matrix(vault, *more):
    cells = json.loads(ran("findings", "matrix", "--vault", vault, "--json", *more))["cells"]
    return {one["element"]: one for one in cells}


def test_two_lawyers_judge_without_reading_one_another(vault, three, entered):
    with api.open_vault(vault, WORDS):
        duri, dasot, reader = entered("duri"), entered("dasot"), entered("set")
        assert duri.post(ASSESS, {**JUDGED, "reasons": ""}).status_code == 400
        assert duri.post(ASSESS, JUDGED).status_code == 302
        assert "세 사람이 보았다" in duri.get(f"/findings/{TORTURE}").content.decode()
        for page in (f"/findings/{TORTURE}", ASSESS, "/findings"):
            seen = dasot.get(page).content.decode()
            assert "세 사람이 보았다" not in seen, "the second does not read the first before judging"
            assert "기준에 이름" not in seen
        assert "판단\n(1)" in dasot.get("/").content.decode(), "that it waits for a second judgement stands in the menu"
        assert "판단\n(1)" not in duri.get("/").content.decode()
        second = {**JUDGED, "conclusion": "open", "reasons": "둘은 들은 말이다", "gaps": "본 사람이 없다"}
        assert dasot.post(ASSESS, {**second, "gaps": ""}).status_code == 400
        assert dasot.post(ASSESS, second).status_code == 302
        assert "세 사람이 보았다" in dasot.get(f"/findings/{TORTURE}").content.decode()
        page = reader.get(f"/findings/{TORTURE}").content.decode()
        assert "판단이 서로 다름" in page
        assert "duri" not in page, "who may not see who people are sees what was judged, and not the words of it"
        assert "세 사람이 보았다" not in page
        assert reader.get(ASSESS).status_code == 403
        assert reader.post(ASSESS, JUDGED).status_code == 403
        assert entered("net").get(f"/findings/{TORTURE}").status_code == 200
        assert "판단이 서로 다름" not in entered("net").get(f"/findings/{TORTURE}").content.decode()
    found = matrix(vault)[TORTURE]
    assert found["state"] == "differ"
    assert {one["by"] for one in found["assessments"]} == {"duri", "dasot"}


def test_an_element_that_no_act_speaks_to_is_met_only_on_evidence_that_a_person_set_beside_it(vault, three):
    given = ("--conclusion", "meets", "--reasons", "an order", "--vault", vault, "--json")
    assert "nothing here speaks" in ran("findings", "assess", CONTEXT, *given, code=1)
    claim = json.loads(ran("findings", "show", TORTURE, "--vault", vault, "--json"))["said"][0]["claim"]
    beside = ("--speaks", "for", "--weight", "strong", "--because", "명령을 직접 들음", "--vault", vault, "--json")
    made = json.loads(ran("findings", "weigh", CONTEXT, claim, *beside))
    done = json.loads(ran("findings", "assess", CONTEXT, *given))
    found = matrix(vault)[CONTEXT]
    assert (found["for"], found["independent"], found["state"]) == (1, 1, "one_assessor")
    assert "one_origin" in found["doubts"]
    assert found["evidence"][0]["because"] == "명령을 직접 들음"
    ran("findings", "take-back", made["id"], "--vault", vault)
    found = matrix(vault)[CONTEXT]
    assert found["doubts"] == ["nothing_for", "changed"], "that it rests on nothing any more is said beside it"
    ran("findings", "take-back", done["id"], "--vault", vault)
    assert matrix(vault)[CONTEXT]["state"] == "untouched"
    assert "no judgement of yours" in ran("findings", "take-back", done["id"], "--vault", vault, code=1)
    assert "neither a judgement" in ran("findings", "take-back", "claim_1", "--vault", vault, code=1)
    unknown = ("--conclusion", "meets", "--reasons", "x", "--vault", vault, "--standard", "proof.certain")
    assert "proof.certain" in ran("findings", "assess", CONTEXT, *unknown, code=1)
    assert "no claim" in ran("findings", "weigh", CONTEXT, "claim_nothing", *beside, code=1)
    assert "no element" in ran("findings", "weigh", "cah.nothing", claim, *beside, code=1)


def test_what_was_set_beside_an_element_goes_with_a_withdrawn_source(vault, three):
    said = json.loads(ran("findings", "show", TORTURE, "--vault", vault, "--json"))["said"][0]
    beside = ("--speaks", "for", "--weight", "some", "--because", "지워질 말", "--vault", vault)
    ran("findings", "weigh", CONTEXT, said["claim"], *beside)
    ran("withdraw", said["source"], "--vault", vault)
    assert matrix(vault)[CONTEXT]["evidence"] == []
    with api.open_vault(vault, WORDS):
        from corroborate_node.inquiry.models import Weighed

        assert [row.why for row in Weighed.objects.all()] == [""]


def test_a_case_has_a_matrix_of_its_own(vault, three, entered):
    ran("cases", "add", "Ours", three[0], "--vault", vault)
    ran("findings", "assess", TORTURE, "--conclusion", "meets", "--reasons", "x", "--case", "Ours", "--vault", vault)
    assert (matrix(vault)[TORTURE]["for"], matrix(vault)[TORTURE]["state"]) == (3, "untouched")
    own = matrix(vault, "--case", "Ours")[TORTURE]
    assert (own["for"], own["state"]) == (1, "one_assessor")
    assert "no case" in ran("findings", "matrix", "--case", "Nobody's", "--vault", vault, "--json", code=1)
    with api.open_vault(vault, WORDS):
        near = entered("net").get("/findings").content.decode()
        assert '<td data-heading="진술">1</td>' in near
        assert entered("net").get("/findings?case=case_nothing").status_code == 404


def test_the_matrix_takes_few_queries(vault, three, entered):
    with api.open_vault(vault, WORDS):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        duri = entered("duri")
        duri.post(ASSESS, JUDGED)
        duri.get("/cases")  # that the account is here is written down once a minute
        # twenty of the page, and two by which the journal keeps who saw it; at first what is kept until the log grows
        # is read too: claims and sources beside the elements, and what happened before courts
        for page, most in product(("/findings", f"/findings/{TORTURE}"), (23, 22)):
            with CaptureQueriesContext(connection) as asked:
                assert duri.get(page).status_code == 200
            sql = [one["sql"][:110] for one in asked if one["sql"] not in ("BEGIN IMMEDIATE", "COMMIT")]
            assert len(sql) <= most, "\n".join(sql)


def test_a_judgement_whose_sources_all_took_their_leave_stands_on_nothing_and_says_so(vault, three):
    ran("findings", "assess", TORTURE, "--conclusion", "meets", "--reasons", "x", "--vault", vault)
    for source in three:
        ran("withdraw", source, "--vault", vault)
    found = matrix(vault)[TORTURE]
    assert (found["for"], found["independent"]) == (0, 0)
    assert found["doubts"] == ["nothing_for", "changed"]
    again = ("--conclusion", "meets", "--reasons", "x", "--vault", vault)
    assert "nothing here speaks" in ran("findings", "assess", TORTURE, *again, code=1)


def test_doctor_holds_ties_and_judgements_against_their_seals_and_names_a_circle(vault, three):
    said = json.loads(ran("findings", "show", TORTURE, "--vault", vault, "--json"))["said"][0]
    ran("findings", "assess", TORTURE, "--conclusion", "meets", "--reasons", "x", "--vault", vault)
    beside = ("--speaks", "for", "--weight", "some", "--because", "y", "--vault", vault)
    ran("findings", "weigh", CONTEXT, said["claim"], *beside)
    made = json.loads(ran("ties", "add", three[0], "related", three[1], "--because", "z", "--vault", vault, "--json"))
    ran("ties", "take-back", made["id"], "--vault", vault)
    looked = {one["about"]: one for one in json.loads(ran("doctor", "--vault", vault, "--json"))}
    assert looked["judgements"]["found"] == "3 ties and judgements of elements are what was sealed"
    assert looked["independence"]["state"] == "good"
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.inquiry.checks import checks
        from corroborate_node.inquiry.models import Assessment
        from corroborate_node.records.models import Source

        Source.objects.filter(id=three[0]).update(derives_from=[three[1]])  # as a faulty file might bring it
        Source.objects.filter(id=three[1]).update(derives_from=[three[0]])
        Assessment.objects.update(conclusion="falls_short")  # behind the program's back
        found = {one.about: one for one in checks(opened)}
    assert found["independence"].state == "advice"
    assert three[0] in found["independence"].found
    assert (found["judgements"].state, "not what was sealed" in found["judgements"].found) == ("wrong", True)


def test_what_is_judged_anew_after_reading_another_counts_as_no_independent_judgement(vault, three, entered):
    """Judging anything, reading the other, judging again so as to agree; taking the first back makes it no better."""
    with api.open_vault(vault, WORDS):
        duri, dasot = entered("duri"), entered("dasot")
        assert duri.post(ASSESS, JUDGED).status_code == 302
        assert dasot.post(ASSESS, {**JUDGED, "conclusion": "open", "gaps": "x"}).status_code == 302
        assert dasot.post(ASSESS, {**JUDGED, "reasons": "나도 그렇게 본다"}).status_code == 302
        page = duri.get(f"/findings/{TORTURE}").content.decode()
        assert "다른 사람의 판단을 볼 수 있게 된 뒤" in page
        assert "그 전에는:\n아직 말할 수 없다" in page, "what was judged before that stands beside it"
    told = json.loads(ran("findings", "matrix", "--vault", vault, "--json"))
    assert [(one["elements"], one["agreed"]) for one in told["agreement"]] == [(1, 0)], "the first of each is compared"
    found = {one["by"]: one for one in matrix(vault)[TORTURE]["assessments"]}
    assert matrix(vault)[TORTURE]["state"] == "after_reading"
    assert (found["dasot"]["after_reading"], found["dasot"]["before_reading"]) == (True, "open")
    assert (found["duri"]["after_reading"], found["duri"]["before_reading"]) == (False, None)
    with api.open_vault(vault, WORDS):
        dasot = entered("dasot")
        assert dasot.post(ASSESS, {"act": "undo", "id": found["dasot"]["id"]}).status_code == 302
        assert dasot.post(ASSESS, JUDGED).status_code == 302
    told = json.loads(ran("findings", "matrix", "--vault", vault, "--json"))
    assert [(one["elements"], one["agreed"]) for one in told["agreement"]] == [(1, 0)]
    assert matrix(vault)[TORTURE]["state"] == "after_reading"


def test_what_is_corrected_before_anybody_else_judged_is_independent(vault, three, entered):
    with api.open_vault(vault, WORDS):
        duri, dasot = entered("duri"), entered("dasot")
        assert duri.post(ASSESS, {**JUDGED, "conclusion": "open", "gaps": "x"}).status_code == 302
        assert duri.post(ASSESS, JUDGED).status_code == 302
        assert dasot.post(ASSESS, JUDGED).status_code == 302
    told = json.loads(ran("findings", "matrix", "--vault", vault, "--json"))
    assert [(one["elements"], one["agreed"]) for one in told["agreement"]] == [(1, 1)]
    assert matrix(vault)[TORTURE]["state"] == "meets"


def test_the_owner_who_sees_all_judges_second_only_after_reading(vault, three, entered):
    with api.open_vault(vault, WORDS):
        assert entered("duri").post(ASSESS, JUDGED).status_code == 302
    ran("findings", "assess", TORTURE, "--conclusion", "meets", "--reasons", "x", "--vault", vault)
    told = json.loads(ran("findings", "matrix", "--vault", vault, "--json"))
    assert told["agreement"] == []
    assert matrix(vault)[TORTURE]["state"] == "after_reading"
