"""What private linkage told reaches Review: judged by key or by command, undone, counted, and erased with its source.

In the middle of it both sides and the unit change their signing keys as planned, by the commands that do it.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.private.conftest import Chance
from tests.releasing import released

from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.translation import RoomWords
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches
from corroborate_node.records import queries as records_queries
from corroborate_node.review import held, models

PASSPHRASE, OWN = "a passphrase for three nodes", "a passphrase of one's own"
LISTS = {"ours": "A", "theirs": "C"}
NODES = ("ours", "theirs", "hub")


def ran(*words, code=0):
    done = CliRunner().invoke(group, list(map(str, words)), env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert (done.exit_code == 0) == (code == 0), (words, done.output, done.exception)
    return done.stdout if code == 0 else f"{done.output}{done.exception}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two vaults of lists of the same invented people and a hub, all three enrolled with each other."""
    folder, now = tmp_path_factory.mktemp("reaching"), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    lists = write_lists(make_world(11, 120), folder / "lists")
    api.create_vault(folder / "hub", "the hub", PASSPHRASE, hub=True)
    for seed, (place, name) in enumerate(LISTS.items()):
        api.create_vault(folder / place, f"the {place}", PASSPHRASE, account_passphrase=OWN)
        with api.open_vault(folder / place, PASSPHRASE) as vault:
            table = read_table(lists.files[name])
            rows = person_entries(table, checked_mapping(table, {}), name, latest=2020).entries
            taken = batches.from_rows(rows, name, recorder="test", at=now, agreed=True, entropy=Chance(seed))
            records_actions.receive(owner(vault, now), taken.entities, taken.sources, taken.consents, taken.claims)
    notes = []
    signers = {}
    for place in NODES:
        with api.open_vault(folder / place, PASSPHRASE) as vault:
            signers[place] = vault.signer
    for place, signer in signers.items():
        note = propose(Enrolment(f"the {place}", f"the {place}", signer.verifier(), now), signer)
        for other in signers.values():
            if other != signer:
                note = countersign(note, other, " ".join(fingerprint_words(signer.verifier())))
        notes.append(note)
    for place in NODES:
        with api.open_vault(folder / place, PASSPHRASE) as vault:
            for note in notes:
                log_actions.admit(owner(vault, now), note)
    return folder


def again(folder, place, name):
    """A file that a node sent before its key changed, signed with its key of now."""
    ran("private", "sign-again", folder / name, "--vault", folder / place, "--out", folder / f"{name}.again")
    (folder / f"{name}.again").replace(folder / name)


def rotated(folder, place):
    """A planned change of one node's key, which the two others follow."""
    note = folder / f"{place}.rotation{len(list(folder.glob('*.rotation*')))}"
    ran("log", "rotate", "--vault", folder / place, "--out", note)
    for other in NODES:
        if other != place:
            ran("log", "follow", note, "--vault", folder / other)


@pytest.fixture(scope="module")
def learnt(folder):
    """What our side learnt, with a planned change of key before each trip of a file."""
    at = {name: ("--vault", folder / name) for name in NODES}
    unit = ran("private", "card", *at["hub"]).splitlines()[0]
    keys = {name: ran("private", "card", *at[name]).split(" ")[0] for name in LISTS}
    note = folder / "agreement"
    ran("private", "offer", *at["ours"], "--unit", unit, "--reveal", "fields", "--out", folder / "offer")
    rotated(folder, "ours")
    accepting = ("--vault", folder / "theirs", "--key", keys["ours"], "--out", folder / "half", "--yes")
    assert "the-ours has replaced" in ran("private", "accept", folder / "offer", *accepting, code=1)
    again(folder, "ours", "offer")
    ran("private", "accept", folder / "offer", *accepting)
    rotated(folder, "theirs")
    again(folder, "theirs", "half")
    ran("private", "countersign", folder / "half", "--offer", folder / "offer", *at["ours"], "--key", keys["theirs"],
        "--out", note)  # fmt: skip
    for name, other in (("ours", "the-theirs"), ("theirs", "the-ours")):
        with api.open_vault(folder / name, PASSPHRASE) as vault:
            assert (
                released(
                    vault, datetime.now(UTC).replace(microsecond=0), audience="coalition", body=other, linking="fields"
                )
                == 1
            )
        ran("private", "encode", note, "--release", 1, *at[name], "--out", folder / f"{name}.encoding")
    rotated(folder, "hub")
    rotated(folder, "ours")
    matching = (note, folder / "theirs.encoding", folder / "ours.encoding", *at["hub"], "--out", folder / "results")
    assert "the file is signed with a key that the-ours has replaced" in ran("private", "match", *matching, code=1)
    assert "did not send this file" in ran(
        "private", "sign-again", folder / "ours.encoding", *at["theirs"], "--out", folder / "false", code=1
    )
    again(folder, "ours", "ours.encoding")
    done = json.loads(
        ran("private", "match", note, folder / "theirs.encoding", folder / "ours.encoding", *at["hub"],
            "--out", folder / "results", "--json")
    )  # fmt: skip
    rotated(folder, "theirs")
    for name, result in zip(LISTS, done["results"], strict=True):
        ran("private", "decide", note, result, "--release", 1, *at[name], "--out", folder / f"{name}.answer")
    rotated(folder, "ours")
    again(folder, "ours", "ours.answer")  # our key changed after it was made
    found = json.loads(ran("private", "learn", note, folder / "theirs.answer", *at["ours"], "--json"))
    assert len(found) > 5
    return found


def learnt_again(folder):
    return json.loads(ran("private", "learn", folder / "agreement", "--vault", folder / "ours", "--json"))


def test_each_of_them_waits_with_a_number_and_is_judged_and_undone_by_command(folder, learnt):
    assert all(one["pair"] and one["judged"] == "" for one in learnt)
    at = ("--vault", folder / "ours", "--by", "M. Seo")
    number = learnt[0]["pair"]
    made = json.loads(ran("private", "judge", number, "same", *at, "--why", "one birth, one camp", "--json"))
    assert {one["pair"]: one["judged"] for one in learnt_again(folder)}[number] == "same"
    ran("private", "judge", number, "unsure", *at, "--why", "on second thoughts")
    assert {one["pair"]: one["judged"] for one in learnt_again(folder)}[number] == "unsure"
    ran("private", "undo", *at)
    assert {one["pair"]: one["judged"] for one in learnt_again(folder)}[number] == ""
    assert "no standing judgement" in ran("private", "undo", *at, "--judgement", made["judgement"], code=1)
    assert "no person 99999" in ran("private", "judge", 99999, "same", *at, "--why", "none", code=1)
    assert "not judged" in ran("private", "learn", folder / "agreement", "--vault", folder / "ours")


def test_with_the_last_source_of_our_person_what_they_told_is_erased(folder, learnt):
    told = next(one for one in learnt_again(folder) if one["fields"])
    person = told["people"][0]
    with api.open_vault(folder / "ours", PASSPHRASE) as vault:
        now = datetime.now(UTC).replace(microsecond=0)
        for source in {claim.source for claim in list(records_queries.claims()) if claim.subject in told["people"]}:
            records_actions.withdraw(owner(vault, now), source, now.date())
    assert person not in json.dumps(learnt_again(folder))
    out = ("--vault", folder / "ours", "--out", folder / "no")  # what was said no to is not given a second time
    assert "withdrawn since" in ran("private", "sign-again", folder / "ours.answer", *out, code=1)


def test_what_an_earlier_version_learnt_reaches_review_once_and_who_was_withdrawn_never(folder, learnt):
    """Pairs as a version before Review left them: in the answer alone."""
    note, place = folder / "agreement", ("--vault", folder / "ours")
    with api.open_vault(folder / "ours", PASSPHRASE) as vault:
        models.PrivatePair.objects.all().delete()
        answer = models.PrivateAnswer.objects.get()
        gone = {**answer.learnt[0], "people": ["person_" + "0" * 32]}  # erased since: nothing of them stands here
        number = len(answer.learnt)
        answer.learnt = [*answer.learnt, gone]
        answer.save()
    assert all(one["pair"] is None for one in learnt_again(folder))
    found = json.loads(ran("private", "learn", note, *place, "--to-review", "--json"))
    assert sum(one["pair"] is not None for one in found) == number
    assert json.loads(ran("private", "learn", note, *place, "--to-review", "--json")) == found
    with api.open_vault(folder / "ours", PASSPHRASE) as vault:
        now = datetime.now(UTC).replace(microsecond=0)
        held.withdrawn(owner(vault, now), [], "withdrawn")
        assert len(models.PrivateAnswer.objects.get().learnt) == number


def test_what_was_told_can_be_forgotten_whole(folder, learnt):
    note, place = folder / "agreement", ("--vault", folder / "theirs")
    told = json.loads(ran("private", "learn", note, folder / "ours.answer", *place, "--json"))
    assert f"{len(told)} people were forgotten" in ran("private", "forget", note, *place, "--yes")
    assert json.loads(ran("private", "learn", note, *place, "--json")) == []
    assert "nothing is kept here" in ran("private", "forget", note, *place, "--yes", code=1)


@pytest.fixture
def standing(folder, learnt):
    """What our side learnt, with the numbers of now: what came before may have brought them to Review anew. Asked in a
    process of its own, since the browser's loop runs in this one."""
    words = ["private", "learn", str(folder / "agreement"), "--vault", str(folder / "ours"), "--json"]
    env = {**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE}
    done = subprocess.run([sys.executable, "-m", "corroborate_cli", *words], env=env, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def address(folder, standing, served):  # asked before the vault is served: one process has it open
    with served(folder / "ours", PASSPHRASE) as address:
        yield address


def entered(browser, address, **context):
    page = browser.new_context(**context).new_page()
    page.goto(f"{address}/review/held")
    page.fill("#id_username", "keeper")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector(".review")
    page.wait_for_load_state()  # a key pressed before the script has run does nothing
    return page


@pytest.mark.browser
def test_a_reviewer_judges_them_by_keyboard_and_sees_what_was_agreed_and_no_record_of_theirs(
    standing, browser, address, violations
):
    page = entered(browser, address, locale="ko-KR", viewport={"width": 1280, "height": 900})
    words = RoomWords("ko", "corroborate_node", "review")
    assert page.inner_text("h1") == words["held_question"]
    shown = page.inner_text("main")
    first = next(one for one in standing if page.url.endswith(f"/review/held/{one['pair']}"))
    assert "the-theirs" in shown
    assert f"{first['difference']:.3f}" in shown
    assert "0.455" in shown
    assert words["reveal_fields"] in shown
    sex = {"f": "여", "m": "남"}
    told = [sex.get(value, value) for values in first["fields"].values() for value in values]
    assert [value for value in told if value not in shown] == []
    before = int(re.search(r"\d+", page.inner_text("[role=status]"))[0])
    with page.expect_navigation():
        page.keyboard.press("y")
    assert int(re.findall(r"\d+", page.inner_text("[role=status]"))[-1]) == before - 1
    with page.expect_navigation():
        page.keyboard.press("z")
    assert words["undone"] in page.inner_text("[role=status]")
    with page.expect_navigation():
        page.keyboard.press("n")
    page.goto(f"{address}/review/history")
    row = page.locator("tr", has_text="the-theirs").inner_text().split()
    told = int(row[1])
    assert [int(one) for one in row[1:]] == [told, 0, 1, 0, told - 1]
    for width, path in ((360, "/review/held"), (1280, "/review/history"), (360, "/review/history")):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page = entered(browser, address, locale="en-GB", viewport={"width": 360, "height": 800}, bypass_csp=True)
    assert violations(page) == []


@pytest.mark.browser
def test_without_a_script_the_same_buttons_do_it(learnt, browser, address):
    page = entered(browser, address, locale="en-GB", java_script_enabled=False)
    with page.expect_navigation():
        page.click("button[value=unsure]")
    assert "Judged: Unsure" in page.inner_text("[role=status]")
    with page.expect_navigation():
        page.click("form[action='/review/held/undo'] button")
    assert "as it was before" in page.inner_text("[role=status]")
