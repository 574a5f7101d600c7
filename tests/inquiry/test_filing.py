"""One command and one plan write all that a case is filed as; what consents or rules refuse is said with its reason."""

import json
from datetime import UTC, datetime

import pytest
import yaml
from click.testing import CliRunner
from tests.importing.commanding import WORDS, ran
from tests.releasing import FIRST, SECOND, desks

from corroborate.disclosure import read_signed
from corroborate.errors import InvalidValue
from corroborate.submissions import example, form, read_plan, tracked_in
from corroborate_cli.main import group
from corroborate_node import api

NAMING = """
source: {title: Interview of Park}
consent: {own: [hold, link, count, quote, name], named body: [hold, link, count, quote, name], body: OHCHR Seoul}
people: [{names: 박누리솔}]
acts: [{what: 강제실종, whom: 박누리솔, when: 1998-03}]
"""
REPOSITORY = {"procedure": "ohchr.repository", "answers": {"submitter": "A member", "consent": "as the release says"}}
WGEID = {
    "procedure": "wgeid.case",
    "answers": {
        "victim_full_name": "Person 1", "date": "1998-03", "place": "Hoeryong", "forces": "State security",
        "action_taken": "none was possible", "submitter": "A member",
    },
}  # fmt: skip


def filed(folder, plan, vault, *more, code=0):
    """What the command printed as JSON; ``code`` as it ended."""
    path = folder / "plan.yaml"
    path.write_text(plan if isinstance(plan, str) else yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    words = ("file", folder / "out", "--plan", path, "--vault", vault, "--json", *more)
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": WORDS})
    assert done.exit_code == code, (done.output, done.exception)
    return json.loads(done.stdout) if done.stdout else str(done.exception)


def plan(*texts, **more):
    return {"confidential": {"body": "OHCHR"}, "public": {}, "submissions": list(texts), **more}


@pytest.fixture
def naming(tmp_path, vault):
    """The vault with a witness who lets one body know the name, and two people who may release."""
    (tmp_path / "entry.yaml").write_text(NAMING, encoding="utf-8")
    ran("interview", tmp_path / "entry.yaml", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
    for name, words in (FIRST, SECOND):
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    return vault


def by_two(folder):
    return [
        "--as", FIRST[0], "--account-file", folder / f"{FIRST[0]}.txt",
        "--second", SECOND[0], "--second-file", folder / f"{SECOND[0]}.txt",
    ]  # fmt: skip


def test_one_command_writes_two_dossiers_and_a_submission_each_of_a_release_of_its_own(tmp_path, vault):
    done = filed(tmp_path, plan(WGEID), vault)
    assert not done["refused"]
    assert len(set(done["releases"].values())) == 3
    out = tmp_path / "out"
    for part, body in (("confidential", "OHCHR"), ("public", "")):
        assert (out / part / "dossier.en.pdf").read_bytes().startswith(b"%PDF")
        assert read_signed((out / part / "release.json").read_bytes()).release.body == body
    folder = out / "submissions" / "wgeid.case"
    assert tracked_in(folder).people == ("Person 1",)
    assert "State security" in (folder / "submission.txt").read_text(encoding="utf-8")
    given = json.loads(ran("release", "show", done["releases"]["wgeid.case"], "--vault", vault, "--json"))["given"]
    assert {one["form"] for one in given} == {"submission", "json"}
    assert tracked_in(folder).digest in {one["sha256"] for one in given}


def test_a_submission_says_from_how_many_independent_origins_it_is_known(tmp_path, naming):
    filed(tmp_path, plan(REPOSITORY), naming)
    text = (tmp_path / "out" / "submissions" / "ohchr.repository" / "submission.txt").read_text(encoding="utf-8")
    assert "fewer than ten claims, from fewer than ten independent origins. The person" in text


def test_the_same_command_again_writes_nothing_twice_and_releases_nothing_anew(tmp_path, vault):
    first = filed(tmp_path, plan(WGEID), vault)
    before = {one: one.stat().st_mtime_ns for one in (tmp_path / "out").rglob("*.pdf")}
    assert filed(tmp_path, plan(WGEID), vault) == first
    assert {one: one.stat().st_mtime_ns for one in (tmp_path / "out").rglob("*.pdf")} == before
    assert len(json.loads(ran("release", "list", "--vault", vault, "--json"))) == 3
    assert "by another plan" in filed(tmp_path, plan(), vault, code=1)


def test_what_is_refused_says_why_and_the_rest_is_written(tmp_path, vault):
    late = {"procedure": "coi.call_for_submissions", "answers": {"author_contact": "A", "mandate_link": "1",
            "consent": "c"}}  # fmt: skip
    bare = {"procedure": "upr.stakeholder", "answers": {}}
    named = {**WGEID, "answers": {**WGEID["answers"], "victim_full_name": "김뷔가"}}
    done = filed(tmp_path, plan(late, bare, named), vault, code=1)
    assert set(done["refused"]) == {"coi.call_for_submissions", "upr.stakeholder", "wgeid.case"}
    assert "closed" in done["refused"]["coi.call_for_submissions"]
    assert "no answer to" in done["refused"]["upr.stakeholder"]
    assert "may not be named" in done["refused"]["wgeid.case"]
    assert set(done["written"]) == {"confidential", "public"}
    assert not (tmp_path / "out" / "submissions" / "wgeid.case").exists()


def test_a_name_in_free_text_is_refused_and_in_another_script_to_be_looked_at(tmp_path, naming):
    told = {**WGEID, "answers": {**WGEID["answers"], "circumstances": "박누리솔 was taken away."}}
    done = filed(tmp_path, plan(told), naming, code=1)
    assert "whom the release does not name" in done["refused"]["wgeid.case"]
    told["answers"]["circumstances"] = "The family asked for Pak Nurisol."
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(plan(told)), encoding="utf-8")
    words = ("file", tmp_path / "latin", "--plan", tmp_path / "plan.yaml", "--vault", naming)
    again = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": WORDS})
    assert again.exit_code == 0
    assert "'Pak Nurisol'" in again.stderr


def test_who_lets_one_body_know_a_name_is_named_to_it_alone_and_two_people_look_first(tmp_path, naming):
    asked = plan({**REPOSITORY, "names": True}, {**WGEID, "names": True})
    waiting = filed(tmp_path, asked, naming, *by_two(tmp_path)[:4], code=1)
    assert "nobody has confirmed" in waiting["refused"]["ohchr.repository"]
    assert "wgeid.case" in waiting["written"]  # to this body nobody may be named: nothing needs a second person
    number = waiting["releases"]["ohchr.repository"]
    done = filed(tmp_path, asked, naming, *by_two(tmp_path))
    assert not done["refused"]
    assert done["releases"]["ohchr.repository"] == number
    texts = {one: (tmp_path / "out" / "submissions" / one / "release.json").read_text(encoding="utf-8")
             for one in ("ohchr.repository", "wgeid.case")}  # fmt: skip
    assert "박누리솔" in texts["ohchr.repository"]
    assert "박누리솔" not in texts["wgeid.case"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "asks for nothing"),
        ("- 1", "no parts"),
        ("public: {colour: red}", "has no colour"),
        ("confidential: {}", "for which body"),
        ("public: {names: true}", "for everybody"),
        ("public: {languages: [xx]}", "languages"),
        ("submissions: [{procedure: none.such}]", "none.such"),
        ("submissions: [{procedure: wgeid.case, answers: {fax: '1'}}]", "fax"),
        ("submissions: [{procedure: wgeid.case, deadline: soon}]", "a deadline is a day"),
        ("submissions: [{procedure: wgeid.case}, {procedure: wgeid.case}]", "twice"),
        ("public: [", "no YAML"),
        ("\ud800", "no YAML"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused_with_what_is_wrong(text, why):
    with pytest.raises(InvalidValue, match=why):
        read_plan(text.encode("utf-8", "surrogatepass"))


def test_a_plan_made_by_the_command_asks_a_person_for_what_no_release_answers(tmp_path, vault):
    out = tmp_path / "plan.yaml"
    ran("submission", "plan", "ohchr.repository", "ccpr.shadow", "--state", "kp", "--out", out)
    made = read_plan(out.read_bytes())
    assert made.submissions[1].state == "KP"
    assert "facts" not in made.submissions[0].answers
    assert {"submitter", "consent"} <= set(made.submissions[0].answers)
    assert example(["wgeid.case"], "WGEID")
    done = filed(tmp_path, out.read_text(encoding="utf-8"), vault, code=1)
    assert form("ohchr.repository").title in done["refused"]["ohchr.repository"]
    assert set(done["written"]) == {"confidential", "public"}


def test_norway_is_no_denial():
    assert read_plan(b"submissions: [{procedure: wgeid.case, state: NO}]").submissions[0].state == "NO"


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, vault):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    assert "holds something else" in filed(tmp_path, plan(), vault, code=1)
    assert (tmp_path / "out" / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_vault_releases_no_public_record(tmp_path, vault):
    done = filed(tmp_path, plan(record=True), vault, code=1)
    assert "by a hub" in done["refused"]["public"]
