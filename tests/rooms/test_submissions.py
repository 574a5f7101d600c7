"""A submission is written only when the procedure has what it requires, and refuses nothing that we know of."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from corroborate.custody import Signer
from corroborate.disclosure import NameShown, Order, PersonShown, Records, Results, release, signed_json
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.submissions import (
    Earlier,
    Filing,
    bound_by,
    checked,
    form,
    missing,
    refusals,
    rules_of,
    tracked_in,
    words_in,
    write,
)
from corroborate.vocabulary import load

BODY = "Commission of inquiry"
MADE = release(Order("R", "Coalition", "named body", date(2026, 11, 24), BODY, True), Records(), Results())


@pytest.mark.parametrize("procedure", load("procedures").entries)
def test_every_procedure_has_a_form_that_asks_for_something(procedure: str):
    assert form(procedure).fields


def test_nothing_is_written_while_a_required_answer_is_missing():
    asked = form("coi.call_for_submissions")
    assert "consent" in {one.id for one in missing(asked, {"facts": "who, what, when"})}
    with pytest.raises(NotAllowed, match="still asks for"):
        write(MADE, asked, {"facts": "who, what, when"})


def test_the_text_holds_every_answer_and_says_when_its_people_are_invented():
    asked = form("coi.call_for_submissions")
    answers = {one.id: f"answer to {one.id}" for one in asked.fields if one.required}
    text = write(MADE, asked, answers)
    assert all(answer in text for answer in answers.values())
    assert "INVENTED" in text


def test_what_was_released_to_the_coalition_alone_is_not_filed():
    asked = form("coi.call_for_submissions")
    answers = {one.id: "answer" for one in asked.fields}
    inner = release(Order("R", "Coalition", "coalition", date(2026, 11, 24)), Records(), Results())
    with pytest.raises(NotAllowed, match="coalition"):
        write(inner, asked, answers)


def test_an_answer_to_a_field_that_the_form_has_not_is_refused():
    with pytest.raises(InvalidValue, match="no field"):
        missing(form("coi.call_for_submissions"), {"fax": "1"})


# --- what is refused --------------------------------------------------------------------------------------------------

ON = date(2026, 11, 29)
NAMED = PersonShown((NameShown("홍길동", "Hang", "ko"),), (), 1)


def made_for(body: str, *people: PersonShown):
    found = release(Order("R", "Coalition", "named body", ON, body), Records(), Results())
    return replace(found, persons=people)


def whole(procedure: str, **more: str) -> dict[str, str]:
    return {one.id: "answer" for one in form(procedure).fields if one.required} | more


def refused(procedure: str, answers: dict[str, str], made, filing: Filing) -> str:
    return "\n".join(refusals(checked(form(procedure), answers, made, filing)))


@pytest.mark.parametrize("procedure", load("procedures").entries)
def test_every_procedure_has_rules_that_are_known_and_an_address_to_open(procedure: str):
    rules = rules_of(procedure)
    assert rules.address.startswith("https://")
    assert set(rules.names) <= {one.id for one in form(procedure).fields}
    assert set(rules.excludes) <= set(load("procedures").entries)
    assert not rules.treaty or bound_by(rules.treaty)


def test_a_name_goes_to_no_body_that_its_consent_does_not_reach():
    answers = whole("wgeid.case", victim_full_name="홍길동", date="1997-03")
    assert "may not be named" in refused("wgeid.case", answers, made_for("WGEID"), Filing(ON))
    assert refused("wgeid.case", answers, made_for("WGEID", NAMED), Filing(ON)) == ""
    assert refused("wgeid.case", answers | {"victim_full_name": "Person 1"}, made_for("WGEID"), Filing(ON)) == ""
    assert "is for WGAD" in refused("wgeid.case", answers, made_for("WGAD", NAMED), Filing(ON))


@pytest.mark.parametrize(
    ("procedure", "state", "says"),
    [
        ("ccpr.op1", "KP", "not bound by ICCPR-OP1"),
        ("ccpr.op1", "", "say which State"),
        ("ccpr.op1", "XX", "look it up"),
        ("cat.art22", "CN", "has not accepted complaints"),
        ("cat.shadow", "KP", "not bound by CAT"),
        ("icc.article15", "KP", "not bound by Rome Statute"),
        ("ilo.observations", "KP", "not bound by ILO C29"),
        ("ccpr.op1", "KR", ""),
        ("cat.art22", "KR", ""),
        ("icc.article15", "JP", ""),
        ("ilo.observations", "CN", ""),
    ],
)
def test_the_state_must_be_bound(procedure: str, state: str, says: str):
    answers = whole(procedure) | dict.fromkeys(rules_of(procedure).names, "Person 1")
    found = refused(procedure, answers, made_for(form(procedure).body), Filing(ON, state=state, deadline=ON))
    assert says in found and (says or not found)


def test_a_text_over_its_limit_is_refused_and_a_joint_one_may_be_longer():
    words = " ".join(["word"] * 3000)
    made, later = made_for("OHCHR, for the UPR Working Group"), date(2028, 10, 1)
    answers = whole("upr.stakeholder", developments=words)
    assert "at most" in refused("upr.stakeholder", answers, made, Filing(ON, deadline=later))
    assert refused("upr.stakeholder", answers, made, Filing(ON, deadline=later, joint=True)) == ""
    pages = whole("hrc.complaint", facts=" ".join(["word"] * 8000))
    assert "15 pages" in refused("hrc.complaint", pages, made_for("Working Group on Communications"), Filing(ON))


def test_words_of_japanese_and_korean_are_counted_as_they_are_written():
    assert words_in(["three plain words"]) == 3
    assert words_in(["중국에서 송환된 사람"]) == 3
    assert words_in(["拷問を受けた"]) == 6


def test_a_last_day_that_is_past_is_refused_and_a_call_asks_for_its_day():
    made = made_for("OHCHR, for the UPR Working Group")
    answers = whole("upr.stakeholder")
    assert "the last day was 2026-11-28" in refused(
        "upr.stakeholder", answers, made, Filing(ON, deadline=date(2026, 11, 28))
    )
    assert "its own last day" in refused("upr.stakeholder", answers, made, Filing(ON))
    assert refused("upr.stakeholder", answers, made, Filing(ON, deadline=ON)) == ""
    closed = refused(
        "coi.call_for_submissions", whole("coi.call_for_submissions"), made_for("Commission of inquiry"), Filing(ON)
    )
    assert "closed" in closed and "ohchr.repository" in closed


def test_another_language_than_it_takes_and_two_people_on_one_form_are_refused():
    answers = whole("wgeid.case", victim_full_name="Person 1; Person 2", date="1997")
    found = refused("wgeid.case", answers, made_for("WGEID"), Filing(ON, language="ko"))
    assert "not in ko" in found and "one form is for 1 person" in found
    old = whole("wgeid.case", victim_full_name="Person 1", date="1944")
    assert "nothing before 1945-10-24" in refused("wgeid.case", old, made_for("WGEID"), Filing(ON))


@pytest.mark.parametrize(
    ("day", "says"), [("2009-07-22", "nothing before 2009-07-23"), ("2008", "2008"), ("2011-02", "")]
)
def test_a_disappearance_that_began_before_the_state_joined_is_no_urgent_action(day: str, says: str):
    answers = whole("ced.art30", victim="Person 1", date=day)
    made = made_for("Committee on Enforced Disappearances")
    found = refused("ced.art30", answers, made, Filing(ON, state="JP"))
    assert says in found and (says or not found)
    assert "look it up" in refused("ced.art30", answers, made, Filing(ON, state="XX"))


def test_one_person_before_two_bodies_that_exclude_each_other_is_warned_of():
    answers = whole("wgeid.case", victim_full_name="홍길동", date="1997")
    before = Earlier("ced.art30", ("홍길동",))
    found = checked(form("wgeid.case"), answers, made_for("WGEID", NAMED), Filing(ON, earlier=(before,)))
    assert any("exclude one another" in one.what for one in found if one.kind == "warning")
    other = checked(
        form("wgeid.case"), answers, made_for("WGEID", NAMED), Filing(ON, earlier=(Earlier("ced.art30", ("임꺽정",)),))
    )
    assert not any("exclude" in one.what for one in other)


def test_what_was_recalled_is_said_to_whoever_files():
    found = checked(form("wgad.case"), whole("wgad.case", identity="Person 1"), made_for("WGAD"), Filing(ON))
    assert any("recalled" in one.what for one in found) and refusals(found) == ()


# --- by the command ---------------------------------------------------------------------------------------------------


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corroborate_cli", "submission", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


@pytest.fixture
def signed(tmp_path):
    path = tmp_path / "release.json"
    key = Signer("Coalition", bytes(range(32)))
    path.write_bytes(signed_json(made_for("WGEID", NAMED).to_json(), key))
    return path


def test_a_submission_is_written_sent_answered_and_its_days_stand_in_a_calendar(tmp_path, signed):
    answers = tmp_path / "answers.yaml"
    told = whole("wgeid.case", victim_full_name="홍길동", date="1997-03", place="Chongjin")
    answers.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    folder = tmp_path / "to-wgeid"
    done = ran("make", folder, "wgeid.case", "--release", signed, "--answers", answers, "--on", "2026-11-29")
    assert done.returncode == 0, done.stderr
    text = (folder / "submission.txt").read_text(encoding="utf-8")
    assert all(part in text for part in ("홍길동", "Chongjin", "1997-03", "WGEID"))
    again = ran("make", folder, "wgeid.case", "--release", signed, "--answers", answers)
    assert again.returncode == 1 and "never written over" in again.stderr
    assert ran("answered", folder, "Registered.").returncode == 1
    sent = ran(
        "sent", folder, "--by", "A lawyer", "--reference", "G/SO-1", "--answer-due", "2027-01-28", "--on", "2026-11-30"
    )
    assert sent.returncode == 0, sent.stderr
    assert ran("calendar", folder, "--out", tmp_path / "days.ics", "--on", "2026-11-30").returncode == 0
    days = (tmp_path / "days.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20270128\r\n" in days and days.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in days.split(b"\r\n"))
    assert ran("answered", folder, "Registered.", "--on", "2027-01-10").returncode == 0
    kept = tracked_in(folder)
    assert (kept.sent, kept.reference, kept.answered, kept.answer) == (
        "2026-11-30",
        "G/SO-1",
        "2027-01-10",
        "Registered.",
    )
    (folder / "submission.txt").write_text(text + "one word more", encoding="utf-8")
    changed = ran("sent", folder, "--by", "A lawyer")
    assert changed.returncode == 1 and "was changed" in changed.stderr and "Traceback" not in changed.stderr


def test_what_check_refuses_is_not_written(tmp_path, signed):
    answers = tmp_path / "answers.yaml"
    answers.write_text("victim_full_name: 임꺽정\ndate: 1997\n", encoding="utf-8")
    done = ran("make", tmp_path / "out", "wgeid.case", "--release", signed, "--answers", answers)
    assert done.returncode == 1 and "may not be named" in done.stdout and not (tmp_path / "out").exists()
    faults = json.loads(ran("check", "wgeid.case", "--release", signed, "--answers", answers, "--json").stdout)[
        "faults"
    ]
    assert any(one["kind"] == "refused" and "no answer to" in one["what"] for one in faults)


def test_the_command_refuses_an_urgent_action_about_what_began_too_early(tmp_path):
    release_file, answers = tmp_path / "release.json", tmp_path / "answers.yaml"
    made = made_for("Committee on Enforced Disappearances")
    release_file.write_bytes(signed_json(made.to_json(), Signer("Coalition", bytes(range(32)))))
    answers.write_text(json.dumps(whole("ced.art30", victim="Person 1", date="1977-11-15")), encoding="utf-8")
    done = ran("check", "ced.art30", "--release", release_file, "--answers", answers, "--state", "JP")
    assert done.returncode == 1 and "nothing before 2009-07-23 is taken" in done.stdout


@pytest.mark.parametrize("content", [b"- a\n- b\n", b"a: [", b"\xff\xfe", b"fax: 1\n", b""])
def test_answers_that_cannot_be_read_are_said_so(tmp_path, signed, content):
    answers = tmp_path / "answers.yaml"
    answers.write_bytes(content)
    done = ran("check", "wgeid.case", "--release", signed, "--answers", answers)
    assert done.returncode == 1 and "Traceback" not in done.stderr and (done.stderr or done.stdout)
