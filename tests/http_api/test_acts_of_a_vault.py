"""Acts with many parts, as programs ask for them at a member's vault; and what a program cannot do by them."""

import base64
import json
from datetime import UTC, datetime

import pytest

from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of one alone"
ENTRY = {
    "source": {"kind": "witness", "title": "Interview 12", "language": "ko", "met": "2026-11-03"},
    "consent": {"own": "hold; link; count", "right": "self", "given_by": "the witness"},
    "people": [{"names": "이가상; Ri Ka Sang", "speaks": "yes", "birth": "1961년생"}],
    "acts": [{"what": "고문", "whom": "이가상, 박가상", "when": "98년 봄", "where": "회령", "basis": "saw"}],
}


@pytest.fixture(scope="module")
def node(tmp_path_factory, account):
    from corroborate_node.core.desk import owner
    from corroborate_node.records import cases

    folder = tmp_path_factory.mktemp("acts") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(folder, VAULT) as opened:
        camp, other = (cases.begin(owner(opened, datetime.now(UTC)), name) for name in ("Camp 15", "Camp 22"))
        account(opened, "mina", OWN, "documenter")
        account(opened, "sol", OWN, "documenter")
        account(opened, "lead", OWN, "coordinator")
        account(opened, "near", OWN, "documenter", only=["Camp 15"])
        yield opened, camp, other


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def test_an_interview_is_recorded_coded_and_followed(node, rolled_back, program):
    mina = program(node[0], "mina")
    talk = {"name": "talk.txt", "content": encoded("Q: What happened?\n\nA: They beat Pak Ka Sang in Hoeryong.\n")}
    done = mina.act("record.enter", entry=ENTRY, transcript=talk, cases=["Camp 15"])
    assert done["source"].startswith("source_")
    names = {one["name"] for one in mina.get("/persons")["items"]}
    assert "이가상" in names
    passages = mina.get(f"/sources/{done['source']}/passages")["passages"]
    number = next(one["number"] for one in passages if "beat" in one["text"])
    coded = mina.act("passage.code", source=done["source"], number=number, words="Pak Ka Sang", property="name",
                     value="Pak Ka Sang", name="Pak Ka Sang")  # fmt: skip
    shown = mina.get(f"/sources/{done['source']}/passages/{number}")
    assert [one["coding"] for one in shown["codings"]] == [coded["id"]]
    steps = mina.get(f"/custody/{done['source']}")["steps"]
    assert any("sealed as entry" in one["what"] for one in steps)
    again = mina.refused("passage.code", 422, "invalid-value", source=done["source"], number=number,
                         property="name", value="Pak Ka Sang")  # fmt: skip
    assert "there is somebody of that name here" in again["detail"]
    assert mina.get("/cases/" + node[1])["sources"][0]["id"] == done["source"]


def test_a_draft_is_recorded_only_when_somebody_said_who_is_meant(node, rolled_back, program):
    """The page asks it of each name that is here already; a program is asked the same."""
    mina = program(node[0], "mina")
    mina.act("record.enter", entry=ENTRY)
    [known] = [one["id"] for one in mina.get("/persons")["items"] if one["name"] == "이가상"]
    draft = mina.act("draft.begin", kind="witness")["id"]
    typed = {**ENTRY, "source": {"kind": "witness", "title": "Interview 13"}, "acts": []}
    version = mina.act("draft.keep", draft=draft, typed=typed, version=mina.get(f"/drafts/{draft}")["version"])
    said = mina.refused("draft.record", 422, "invalid-value", draft=draft)
    assert "이가상" in said["values"]["names"]
    typed["people"] = [{**ENTRY["people"][0], "known": known}]
    mina.refused("draft.keep", 422, "invalid-value", draft=draft, typed=typed, version=version - 1)
    mina.act("draft.keep", draft=draft, typed=typed, version=version)
    done = mina.act("draft.record", draft=draft)
    assert known in done["entities"].values()
    assert mina.get("/drafts")["items"] == []


def test_a_draft_is_nobody_else_s(node, rolled_back, program):
    mina, sol = program(node[0], "mina"), program(node[0], "sol")
    draft = mina.act("draft.begin", kind="witness")["id"]
    assert sol.ask("GET", f"/drafts/{draft}").status_code == 404
    assert sol.get("/drafts")["items"] == []
    for act, more in (("draft.keep", {"typed": {}, "version": 1}), ("draft.record", {}), ("draft.discard", {}),
                      ("draft.detach", {"number": 1})):  # fmt: skip
        sol.refused(act, 422, "invalid-value", draft=draft, **more)
    assert mina.get(f"/drafts/{draft}")["version"] == 1


def test_words_are_taught_and_pairs_proposed(node, rolled_back, program):
    lead = program(node[0], "lead")
    assert lead.act("word.code", words="불망산에 묻음", acts=[{"term": "life.death_in_custody"}])["id"]
    [taught] = lead.get("/words")["taught"]
    assert (taught["words"], taught["acts"], taught["by"]) == (
        "불망산에 묻음",
        [["life.death_in_custody", "for"]],
        "lead",
    )
    lead.refused("word.code", 422, "invalid-value", words="x", acts=[{"term": "no.such"}])
    lead.act("record.enter", entry=ENTRY)
    ends = sorted(one["id"] for one in lead.get("/persons")["items"])[:2]
    pair = {"left": ends[0], "right": ends[1], "probability": 0.7}
    assert lead.act("pair.load", pairs=[pair], origin="a script") == {"new": 1, "before": 0}
    [waiting] = lead.get("/pairs")["items"]
    whole = lead.get(f"/pairs/{waiting['pair']}")
    assert {whole["left"], whole["right"]} == set(ends)
    assert any(one["property"] == "name" for one in whole["contrasts"])
    lead.act("pair.judge", pair=waiting["pair"], verdict="different", why="born apart")
    assert [one["verdict"] for one in lead.get("/judgements")["items"]] == ["different"]
    lead.refused("pair.load", 422, "invalid-value", pairs=[{**pair, "left": "person_nothing"}], origin="a script")


def test_a_contact_is_kept_only_as_that_person_allowed(node, rolled_back, program):
    lead = program(node[0], "lead")
    said = lead.refused("contact.keep", 403, "not-allowed", state="FR", name="A. Person", keep=False)
    assert "has not allowed to be kept" in said["detail"]
    made = lead.act("contact.keep", state="FR", name="A. Person", role="adviser", keep=True)["id"]
    assert [one["id"] for one in lead.get("/states/FR")["contacts"]] == [made]


def test_of_another_case_a_limited_account_s_program_finds_and_does_nothing(node, rolled_back, program):
    """The matrix of ids: whatever names a record, an act or an address, is looked up among what the account sees."""
    lead, near = program(node[0], "lead"), program(node[0], "near")
    talk = {"name": "talk.txt", "content": encoded("A: They beat Pak Ka Sang.\n")}
    done = lead.act("record.enter", entry=ENTRY, transcript=talk, cases=["Camp 22"])
    source, claim = done["source"], done["claims"][0]
    for path in (f"/records/{source}", f"/sources/{source}/passages", f"/sources/{source}/passages/1",
                 f"/custody/{source}", f"/custody/{claim}", f"/cases/{node[2]}",
                 *(f"/records/{one}" for one in done["entities"].values())):  # fmt: skip
        assert near.ask("GET", path).status_code == 404, path
    assert near.get("/persons")["items"] == []
    assert near.get("/sources")["items"] == []
    for act, given in (
        ("passage.code", {"source": source, "number": 1, "property": "name", "value": "x", "name": "x"}),
        ("source.withdraw", {"source": source, "on": "2026-11-28"}),
        ("record.take-back", {"entry": done["id"]}),
        ("claim.prefer", {"claim": claim, "because": "x"}),
    ):
        answer = near.ask("POST", f"/acts/{act}", given)
        assert answer.status_code in (403, 404, 422), (act, answer.content)
    assert near.ask("POST", f"/claims/{claim}/correction", {"to": "x", "because": "y"}).status_code in (403, 404, 422)
    assert len(lead.get(f"/records/{source}")["claims"]) > 0


def test_unknown_fields_deep_json_and_large_bodies_are_refused(node, rolled_back, program):
    mina = program(node[0], "mina")
    said = mina.refused("draft.begin", 422, "invalid-request", kind="witness", owner="lead")
    assert said["errors"] == [{"where": "owner", "what": "there is no such field"}]
    for content in ("[" * 100_000, '{"a":' * 5_000, "{", "\xff"):
        answer = mina_raw(mina, content)
        assert answer.status_code in (400, 422), answer.content[:200]
        assert answer["Content-Type"] == "application/problem+json"
    answer = mina_raw(mina, json.dumps({"kind": "x" * (1 << 20)}))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    mina.refused("draft.keep", 422, "invalid-request", draft="draft_x", version=1,
                 typed={"people": [{"names": "x"}] * 61})  # fmt: skip


def mina_raw(mina, content):
    from django.test import Client

    headers = {"authorization": f"Bearer {mina.secret}"}
    sent = Client(HTTP_HOST="localhost", headers=headers)
    return sent.generic("POST", "/api/1/acts/draft.begin", content, content_type="application/json")


def test_no_other_site_and_no_other_host_is_let_in(node, rolled_back, program):
    mina = program(node[0], "mina")
    answer = mina.ask("GET", "/about", Origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert mina.ask("OPTIONS", "/about").status_code == 405
    from django.test import Client

    other = Client(HTTP_HOST="evil.example", headers={"authorization": f"Bearer {mina.secret}"})
    assert other.get("/api/1/about").status_code == 400


def test_a_request_that_is_sent_again_is_done_once(node, rolled_back, program):
    from corroborate_node.http_api import repeating

    lead = program(node[0], "lead")
    key = {"Idempotency-Key": "one-and-the-same"}
    first = lead.ask("POST", "/acts/case.open", {"name": "Camp 16"}, **key)
    again = lead.ask("POST", "/acts/case.open", {"name": "Camp 16"}, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert [one["name"] for one in lead.get("/cases")["items"]].count("Camp 16") == 1
    other = lead.ask("POST", "/acts/case.open", {"name": "Camp 17"}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "key-used")
    repeating.ANSWERS._kept.clear()  # as after a restart
    gone = lead.ask("POST", "/acts/case.open", {"name": "Camp 16"}, **key)
    assert (gone.status_code, gone.json()["code"]) == (409, "done-before")
    refused = {"Idempotency-Key": "another-that-fails"}
    assert lead.ask("POST", "/acts/case.open", {"name": ""}, **refused).status_code == 422
    assert lead.ask("POST", "/acts/case.open", {"name": ""}, **refused).status_code == 422  # nothing was done by it
    assert lead.ask("POST", "/acts/case.open", {"name": "x"}, **{"Idempotency-Key": "a b"}).status_code == 422
    mine = program(node[0], "lead").ask("POST", "/acts/case.open", {"name": "Camp 18"}, **key)
    assert mine.status_code == 200, "another token's keys are its own"
    from corroborate_node.http_api.models import RequestDone

    assert "Camp" not in str(list(RequestDone.objects.values()))


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "you have no draft"),
        ("ko", "초안이 없습니다"),
        ("ja", "下書きはありません"),
        ("es", "no tiene ningún borrador"),
        ("ko-KR,en;q=0.5", "초안이 없습니다"),
        ("xx", "you have no draft"),
    ],
)
def test_errors_come_in_the_language_that_was_asked_for(node, rolled_back, program, language, detail):
    mina = program(node[0], "mina")
    answer = mina.ask("GET", "/drafts/draft_nothing", **{"Accept-Language": language})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (404, "not-found")
    assert detail in said["detail"]
    assert answer["Content-Language"] == language[:2].replace("xx", "en")
    assert answer["Vary"] == "Accept-Language"
    english = mina.ask("POST", "/acts/contact.keep", {"state": "F", "name": "x", "keep": True})
    other = mina.ask("POST", "/acts/contact.keep", {"state": "F"}, **{"Accept-Language": language})
    assert english.json()["code"] == other.json()["code"]


def test_no_name_stands_in_an_address(node):
    """What is looked for is sent in the body: no query of an address takes words."""
    from corroborate_node.http_api.urls import document

    open_words = {"language", "case", "kind", "form", "sha256", "run", "law"}  # of a language, an id, a choice
    for path, methods in document()["paths"].items():
        for method, one in methods.items():
            for given in one.get("parameters", ()):
                if given["in"] == "query" and given["schema"].get("type") == "string":
                    assert given["name"] in open_words, (path, method, given["name"])


def test_what_an_act_writes_into_the_journal_is_found_however_a_program_calls_it(node):
    """The ids of a line come from the act's arguments: in order, those with a name of their own by it."""
    import inspect

    from corroborate_node.every_act import every_act
    from corroborate_node.http_api.doing import BODIES, forms, why_not

    for one in every_act():
        objects = inspect.getclosurevars(one.function).nonlocals.get("objects")
        if objects is None or why_not(one):
            continue
        offered = None if one.name in BODIES else forms(one)
        kinds = list(inspect.signature(one.function).parameters.values())[1:]
        given = [each for each in kinds if offered is None or each.name in offered]
        placed = [each for each in given if each.kind is not each.KEYWORD_ONLY]
        named = {each.name: None for each in given if each.kind is each.KEYWORD_ONLY and offered is not None}
        inspect.signature(objects).bind(*placed, **named)  # raises TypeError where a request would fail
