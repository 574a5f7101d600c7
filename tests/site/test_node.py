"""The campaign's work at a node: acts, pages by keyboard without a script, and what reaches the site and what never."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.releasing import desks

from corroborate.coalition import Action, Contact, Event, Reading, Vote
from corroborate.custody import Signer, Verifier
from corroborate.disclosure import Order, Records, Release, Results, release, signed_json, with_campaign
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import Consent
from corroborate.site import check_site
from corroborate.values import PartialDate
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.core.desk import owner

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ON = PartialDate.parse("2026-11-24")
PASSPHRASE = "long enough to hold"
OWN = "another that is long enough"
MARKUP = "<script>alert(1)</script><b>Group</b>"
NEEDLE = "Needle Person of the Mission"


def action(identifier: str, title: str, member: str) -> Action:
    return Action(identifier, "exhibition", title, (member,), date(2026, 10, 1), date(2026, 10, 3), country="KR",
                  demands=("demand.release_abductees",))  # fmt: skip


def contact(identifier: str, *uses: str) -> Contact:
    given = Consent("consent_" + "0" * 32, "source_" + "0" * 32, frozenset(uses), "own", date(2026, 1, 1))  # type: ignore[arg-type]
    return Contact(identifier, "KR", NEEDLE, "desk officer", "+82 2 000", (given,) if uses else ())


@pytest.fixture
def vault(tmp_path: Path):
    api.create_vault(tmp_path / "vault", "새봄인권기록회", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


def test_joining_two_entries_is_a_decision_that_can_be_taken_back_exactly(vault):
    from corroborate_node.coalition.advocacy import actions, queries

    for one in (action("a", "Photographs of the missing", "Group A"), action("b", "Photographs, missing", "Group B")):
        actions.enter(owner(vault, AT), one)
    before = advocacy_queries.campaign().actions
    assert len(queries.all_proposals()) == 1
    actions.merge(owner(vault, AT), "a", "b", "M. Kim")
    assert [one.members for one in advocacy_queries.campaign().actions] == [("Group A", "Group B")]
    assert queries.all_proposals() == ()
    with pytest.raises(NotAllowed):
        actions.merge(owner(vault, AT), "b", "a", "M. Kim")
    actions.unmerge(owner(vault, AT), "b")
    assert advocacy_queries.campaign().actions == before
    actions.keep_apart(owner(vault, AT), "b", "a", "M. Kim")
    assert queries.all_proposals() == ()


def test_an_action_is_changed_and_removed_and_what_stood_before_stays(vault):
    from corroborate_node.coalition.advocacy import actions, queries

    entered = action("a", "Photographs of the missing", "Group A")
    actions.enter(owner(vault, AT), entered)
    corrected = replace(entered, title="Photographs of the disappeared", place="Seoul", members=("Group A", "Group B"))
    assert actions.change(owner(vault, AT), corrected, "M. Kim")
    assert not actions.change(owner(vault, AT), corrected, "M. Kim")
    assert advocacy_queries.campaign().actions == (corrected,)
    actions.remove(owner(vault, AT), "a", "M. Kim")
    assert advocacy_queries.campaign().actions == ()
    here = owner(vault, AT)
    for act in (lambda: actions.change(here, entered, "K"), lambda: actions.remove(here, "a", "K")):
        with pytest.raises(NotAllowed, match="no action a"):
            act()
    assert [(one.what, was) for one, was in queries.before_of("a")] == [("removed", corrected), ("changed", entered)]
    actions.restore(owner(vault, AT), "a", "M. Kim")
    assert advocacy_queries.campaign().actions == (corrected,)
    with pytest.raises(NotAllowed, match="no removed action"):
        actions.restore(owner(vault, AT), "a", "M. Kim")


def test_a_joined_action_is_not_removed_under_another_and_a_removed_one_not_joined(vault):
    from corroborate_node.coalition.advocacy import actions

    for one in (action("a", "Photographs of the missing", "Group A"), action("b", "Photographs, missing", "Group B")):
        actions.enter(owner(vault, AT), one)
    actions.merge(owner(vault, AT), "a", "b", "M. Kim")
    with pytest.raises(NotAllowed, match="others were joined"):
        actions.remove(owner(vault, AT), "a", "K")
    with pytest.raises(NotAllowed, match="change its kind"):
        actions.change(owner(vault, AT), replace(action("b", "Photographs, missing", "Group B"), kind="vigil"), "K")
    actions.remove(owner(vault, AT), "b", "K")
    assert [one.members for one in advocacy_queries.campaign().actions] == [("Group A",)]
    actions.restore(owner(vault, AT), "b", "K")
    assert [one.members for one in advocacy_queries.campaign().actions] == [("Group A", "Group B")]
    actions.unmerge(owner(vault, AT), "b")
    actions.remove(owner(vault, AT), "b", "K")
    with pytest.raises(NotAllowed, match="two different actions"):
        actions.merge(owner(vault, AT), "a", "b", "K")


def test_acts_are_for_their_roles_and_pages_for_all_who_have_a_role(vault, account):
    from django.contrib.auth import get_user_model
    from django.test import Client

    from corroborate_node.coalition.advocacy import actions, queries

    for name, role in (("reader", "reader"), ("member", "documenter"), ("office", "coordinator")):
        account(vault, name, OWN, role)
    for one in (action("a", "Photographs of the missing", "Group A"), action("b", "Photographs, missing", "Group B")):
        actions.enter(owner(vault, AT), one)

    def answers(name: str) -> list[int]:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(get_user_model().objects.get(username=name))
        assert client.get("/demands/stop_torture").status_code == 200
        assert client.get("/states").status_code == 200
        return [
            client.post("/actions/new", {"title": "x"}).status_code,
            client.post("/actions/decide", {"first": "a", "second": "b", "do": "merge"}).status_code,
        ]

    assert answers("reader") == [403, 403]
    assert answers("member") == [400, 403]
    assert len(queries.all_proposals()) == 1
    assert answers("office") == [400, 302]
    assert queries.all_proposals() == ()


def test_an_action_is_changed_by_who_entered_it_and_the_secretariat_alone(vault, account):
    from django.contrib.auth import get_user_model
    from django.test import Client

    from corroborate_node.coalition.advocacy import actions

    clients = {}
    for name, role in (
        ("reader", "reader"),
        ("member", "documenter"),
        ("other", "documenter"),
        ("office", "coordinator"),
    ):
        account(vault, name, OWN, role)
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(get_user_model().objects.get(username=name))
    form = {"kind": "vigil", "title": "A vigil", "members": "Group A", "begins": "2026-10-01", "language": "en"}
    entered = clients["member"].post("/actions/new", form)
    path = f"{entered.url}/change"
    assert [clients[name].get(path).status_code for name in clients] == [403, 200, 404, 200]
    assert [clients[name].post(path, {"do": "remove"}).status_code for name in ("reader", "other")] == [403, 404]
    assert "Change or remove" not in clients["other"].get(entered.url).content.decode()
    assert clients["member"].post(path, {**form, "title": "", "do": "change"}).status_code == 400
    assert clients["member"].post(path, {**form, "title": MARKUP, "do": "change"}).status_code == 302
    page = clients["member"].get(entered.url).content.decode()
    assert "What stood before" in page
    assert "A vigil" in page
    assert "<script>alert" not in page
    assert "What stood before" not in clients["other"].get(entered.url).content.decode()
    assert clients["office"].post(path, {"do": "remove"}).status_code == 302
    assert clients["other"].get(entered.url).status_code == 404
    assert path in clients["member"].get("/actions").content.decode()
    assert path not in clients["other"].get("/actions").content.decode()
    assert clients["member"].post(path, {"do": "restore"}).status_code == 302
    assert clients["other"].get(entered.url).status_code == 200
    actions.enter(owner(vault, AT), action("a", "By command", "Group A"))
    assert clients["member"].get("/actions/a/change").status_code == 404


def test_a_reading_is_added_and_the_earlier_one_stays(vault):
    from corroborate_node.coalition.advocacy import actions

    event = Event("e.1", PartialDate.parse("2026-10-01"), "is let in", "", "", "a record", "seen")
    actions.judge(owner(vault, AT), "access_special_rapporteur", "let_in", Reading("met", "M. Kim", ON, (event,)))
    actions.judge(owner(vault, AT), "access_special_rapporteur", "let_in", Reading("reversed", "M. Kim", ON, (event,)))
    one = next(each for each in advocacy_queries.campaign().demands if each.id == "demand.access_special_rapporteur")
    assert one.status == "reversed"
    assert [each.status for each in one.criteria[0].readings] == ["not_met", "met", "reversed"]
    assert one.criteria[0].reading.evidence[0].what == "is let in"
    with pytest.raises(InvalidValue, match="no demand"):
        actions.judge(owner(vault, AT), "nothing", "let_in", Reading("not_met", "M. Kim", ON))


def test_votes_are_taken_in_once_and_a_contradiction_keeps_nothing(vault):
    from corroborate_node.coalition.advocacy import actions

    first = [Vote("KR", "GA", "A/1", ON, "yes", "r"), Vote("JP", "GA", "A/1", ON, "yes", "r")]
    assert actions.take_votes(owner(vault, AT), first) == 2
    assert actions.take_votes(owner(vault, AT), first) == 0
    with pytest.raises(NotAllowed, match="KR stands as 'in favour' on A/1"):
        other = [Vote("FR", "GA", "A/1", ON, "yes", "r"), Vote("KR", "GA", "A/1", ON, "no", "r")]
        actions.take_votes(owner(vault, AT), other)
    assert len(advocacy_queries.campaign().votes) == 2
    with pytest.raises(InvalidValue, match="has not come yet"):
        actions.take_votes(owner(vault, AT), [Vote("FR", "GA", "A/2", PartialDate.parse("2099"), "yes", "r")])
    with pytest.raises(NotAllowed, match="no vote on A/3"):
        actions.take_back_votes(owner(vault, AT), "A/3")
    assert actions.take_back_votes(owner(vault, AT), "A/1") == 2
    assert advocacy_queries.campaign().votes == ()
    assert actions.take_votes(owner(vault, AT), other) == 2, "a corrected file can be taken in"


def test_a_feed_says_when_an_action_changed_and_not_when_it_is_held(vault):
    from corroborate_node.coalition.advocacy import actions

    one = action("a", "Photographs of the missing", "Group A")
    actions.enter(owner(vault, AT), one)
    day = f"{AT:%Y-%m-%dT%H:%M:%SZ}"
    assert advocacy_queries.for_release(owner(vault, AT)).changed == {"a": day}
    later = AT + timedelta(hours=3)
    actions.change(owner(vault, later), replace(one, title="Photographs of those who are missing"))
    results = advocacy_queries.for_release(owner(vault, later))
    assert results.changed == {"a": f"{later:%Y-%m-%dT%H:%M:%SZ}"}
    made = release(Order("Joint", "Coalition", "public", later.date()), Records(), results)
    assert made.actions[0].changed == results.changed["a"]
    assert Release.from_json(made.to_json()) == made


def test_a_contact_needs_its_own_consent_and_is_erased_when_it_withdraws(vault):
    from corroborate_node.coalition.advocacy import actions, queries

    with pytest.raises(NotAllowed, match="has not allowed"):
        actions.add_contact(owner(vault, AT), contact("c1"), date(2026, 11, 24))
    actions.add_contact(owner(vault, AT), contact("c1", "hold"), date(2026, 11, 24))
    assert [one.name for one in queries.all_contacts(date(2026, 11, 24))] == [NEEDLE]
    assert queries.all_contacts(date(2026, 11, 24), "coalition") == []
    actions.write_paragraph(owner(vault, AT), "KR", "We remember your promise.")
    made = actions.letters_to(owner(vault, AT), "Dear {name}: {local}", ["KR", "JP"])
    assert dict(made) == {
        NEEDLE: f"Dear {NEEDLE}: We remember your promise.",
        "Government of Japan": "Dear Government of Japan: ",
    }
    actions.forget_contact(owner(vault, AT), "c1")
    assert queries.all_contacts(date(2026, 11, 24)) == []


def test_a_hub_keeps_no_contact(tmp_path: Path):
    api.create_vault(tmp_path / "hub", "Secretariat", PASSPHRASE, hub=True)
    with api.open_vault(tmp_path / "hub", PASSPHRASE) as hub:
        from corroborate_node.coalition.advocacy import actions

        with pytest.raises(NotAllowed, match="a hub holds no contacts"):
            actions.add_contact(owner(hub, AT), contact("c1", "hold"), date(2026, 11, 24))


def test_nobody_sees_a_row_without_an_account(vault):
    from corroborate_node.coalition.advocacy import actions, queries

    actions.enter(owner(vault, AT), action("a", "Photographs", "Group A"))
    actions.add_contact(owner(vault, AT), contact("c1", "hold"), date(2026, 11, 24))
    for user in (None, object()):
        assert queries.demands(user) == ()
        assert queries.actions(user) == ()
        assert queries.contacts(user, "KR", "own", date(2026, 11, 24)) == []


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(group, [str(one) for one in arguments], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def made_at(node: Path) -> str:
    """The number of a release of what is public at a node."""
    code, said = run("release", "make", "--audience", "public", "--campaign", "--no-names", "--json", "--vault", node)
    assert code == 0, said
    return str(json.loads(said)["release"])


def test_the_campaign_at_a_hub_stands_on_a_site_that_a_stranger_can_check(tmp_path: Path):
    hub = tmp_path / "hub"
    api.create_vault(hub, "Secretariat", PASSPHRASE, hub=True)
    votes = tmp_path / "votes.csv"
    votes.write_text("state,body,resolution,date,vote,source\nKR,GA,A/RES/1,2025-12-18,yes,record\n", encoding="utf-8")
    commands = [
        ("action", "enter", "--kind", "vigil", "--title", MARKUP, "--member", "Free NK Gulag", "--begins", "2026-12-10",
         "--country", "KR", "--demand", "close_kwanliso", "--vault", hub),
        ("target", "votes", votes, "--vault", hub),
        ("target", "commitment", "KR", "--what", "will raise it", "--on", "2026-10", "--source", "r", "--vault", hub),
        ("demand", "judge", "close_kwanliso", "closed", "--status", "partly_met", "--by", "M. Kim", "--on", "2026-11",
         "--new-event", "2026-10-01", "A camp is emptied", "a record", "--vault", hub),
        ("demand", "access", "access_special_rapporteur", "--on", "2026-10", "--by", "Special Rapporteur", "--what",
         "asked to visit", "--answer", "no_answer", "--source", "a record", "--vault", hub),
    ]  # fmt: skip
    for one in commands:
        code, said = run(*one)
        assert code == 0, said
    with api.open_vault(hub, PASSPHRASE) as opened:
        assert advocacy_queries.campaign().actions == (), "nobody of the member, and no second person, says so yet"
        from corroborate_node.coalition.advocacy import actions

        [entered] = advocacy_queries.all_actions()
        actions.confirm(desks(opened, datetime.now(UTC))[1], entered.id, advocacy_queries.mark(entered))
    decided = release(Order("R", "C", "public", date(2026, 11, 24)), Records(), Results())
    member = Signer("Member", bytes(range(32)))
    (tmp_path / "release.json").write_bytes(signed_json(decided.to_json(), member))
    code, said = run("publish", tmp_path / "site", "--release", tmp_path / "release.json", "--hub", hub, "--json")
    assert code == 1
    assert "nobody here knows the key with which Member signed" in said
    assert not (tmp_path / "site").exists()
    mine = Signer("Member", bytes(range(1, 33))).verifier()  # of the same name, and another key
    for given in ([], ["--key", str(mine)]):
        code, said = run("publish", tmp_path / "site", "--release", tmp_path / "release.json", "--hub", hub, *given)
        assert (code, "nobody here knows the key" in said) == (1, True)
    (tmp_path / "card.txt").write_text(f"{member.verifier()} sealing-key\n", encoding="utf-8")
    code, said = run("publish", tmp_path / "site", "--release", tmp_path / "release.json", "--hub", hub, "--key",
                     tmp_path / "card.txt", "--json")  # fmt: skip
    assert code == 0, said
    page = (tmp_path / "site/ko/demands/close-kwanliso.html").read_text(encoding="utf-8")
    assert "A camp is emptied" in page
    assert "M. Kim" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "asked to visit" in (tmp_path / "site/en/demands/access-special-rapporteur.html").read_text(encoding="utf-8")
    assert "will raise it" in (tmp_path / "site/en/states.html").read_text(encoding="utf-8")
    with api.open_vault(hub, PASSPHRASE) as opened:
        key = opened.signer.verifier()
    assert check_site(tmp_path / "site", [Verifier.parse(str(key))]).whole
    code, said = run("publish", tmp_path / "alone", "--release", made_at(hub), "--hub", hub)
    assert code == 0, said
    assert "Secretariat" in (tmp_path / "alone/ko/index.html").read_text(encoding="utf-8")
    assert (tmp_path / "alone/en/members/no-fence.html").exists()


def test_nothing_is_made_of_a_release_json_that_was_changed_unsigned_or_in_anothers_name(tmp_path: Path):
    hub, file = tmp_path / "hub", tmp_path / "release.json"
    api.create_vault(hub, "Secretariat", PASSPHRASE, hub=True)
    made = release(Order("R", "C", "public", date(2026, 11, 24)), Records(), Results()).to_json()
    as_the_hub = signed_json(made, Signer("Secretariat", bytes(range(32))))
    changed = signed_json(made, Signer("Member", bytes(range(32)))).replace(b'"title":"R"', b'"title":"S"')
    assert changed != signed_json(made, Signer("Member", bytes(range(32))))
    for content, said in ((changed, "the file was changed"), (made, "nobody signed"), (as_the_hub, "not signed with")):
        file.write_bytes(content)
        code, told = run("publish", tmp_path / "site", "--release", file, "--hub", hub)
        assert (code, said in told) == (1, True), told
        if content is not as_the_hub:
            code, told = run("dossier", tmp_path / "dossier.pdf", "--release", file)
            assert (code, said in told) == (1, True), told
    assert not (tmp_path / "site").exists()
    assert not (tmp_path / "dossier.pdf").exists()


def test_an_action_is_changed_and_removed_by_command(tmp_path: Path):
    hub = tmp_path / "hub"
    api.create_vault(hub, "Secretariat", PASSPHRASE, hub=True)
    made = run("action", "enter", "--kind", "vigil", "--title", "A vigil", "--member", "A", "--begins", "2026-12-10",
               "--vault", hub)  # fmt: skip
    name = made[1].split()[0]
    assert run("action", "change", name, "--by", "K", "--vault", hub)[0] == 2
    assert run("action", "change", name, "--by", "K", "--ends", "2026-01-01", "--vault", hub)[0] == 1
    assert run("action", "change", name, "--by", "K", "--title", "사라진 사람들", "--vault", hub) == (0, "Changed.\n")
    assert run("action", "remove", name, "--by", "K", "--vault", hub)[0] == 0
    assert json.loads(run("action", "list", "--json", "--vault", hub)[1])["actions"] == []
    assert run("action", "remove", name, "--by", "K", "--undo", "--vault", hub)[0] == 0
    assert "사라진 사람들" in run("action", "list", "--vault", hub)[1]
    kept = json.loads(run("action", "history", name, "--json", "--vault", hub)[1])
    assert [(one["what"], one["before"]["title"]) for one in kept] == [
        ("restored", "사라진 사람들"), ("removed", "사라진 사람들"), ("changed", "A vigil"),
    ]  # fmt: skip
    assert run("action", "remove", "none", "--by", "K", "--vault", hub)[0] == 1


def test_no_byte_of_a_site_holds_a_contact(tmp_path: Path):
    folder = tmp_path / "vault"
    api.create_vault(folder, "Member", PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE) as opened:
        from corroborate_node.coalition.advocacy import actions

        actions.add_contact(owner(opened, AT), contact("c1", "hold", "name"), date(2026, 11, 24))
        actions.write_paragraph(owner(opened, AT), "KR", f"A word for {NEEDLE}")
    code, said = run("publish", tmp_path / "site", "--release", made_at(folder), "--hub", folder)
    assert code == 0, said
    files = [one for one in (tmp_path / "site").rglob("*") if one.is_file()]
    assert len(files) > 300
    assert [one for one in files if NEEDLE.encode() in one.read_bytes()] == []


def test_one_invented_action_marks_the_whole_site(vault):
    from corroborate_node.coalition.advocacy import actions

    actions.enter(owner(vault, AT), action("a", "Photographs", "Group A"))
    made = release(Order("R", "C", "public", date(2026, 11, 24)), Records(), Results())
    for invented in (False, True):
        if invented:
            actions.enter(owner(vault, AT), action("b", "A hearing", "Group B"), invented=True)
        known = advocacy_queries.campaign()
        whole = with_campaign(
            made, known.demands, known.actions, known.votes, known.commitments, invented=known.invented
        )  # fmt: skip
        assert whole.invented is invented


REFUSED = [
    ("dated event", "demand judge close_kwanliso closed --status met --by K --on 2026"),
    ("no demand", "demand judge none x --status not_met --by K --on 2026"),
    ("no criterion", "demand judge close_kwanliso x --status not_met --by K --on 2026"),
    ("no demand", "action enter --kind vigil --title T --member M --begins 2026-12-10 --demand none"),
    ("two different actions", "action join a b --by K"),
    ("no country code", "target commitment ZZ --what w --on 2026 --source s"),
]


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("refusing") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True)
    return folder


@pytest.mark.parametrize(("said", "command"), REFUSED)
def test_commands_refuse_what_cannot_be(hub: Path, said: str, command: str):
    code, told = run(*command.split(), "--vault", hub)
    assert code == 1
    assert said in told


def test_what_was_refused_left_nothing_behind(hub: Path):
    run(*REFUSED[0][1].split(), "--vault", hub)
    with api.open_vault(hub, PASSPHRASE):
        known = advocacy_queries.campaign()
    assert (known.actions, known.votes, known.commitments) == ((), (), ())
    assert all(len(one.readings) == 1 for demand in known.demands for one in demand.criteria)


# In a browser


@pytest.fixture(scope="module")
def address(tmp_path_factory, served):
    folder = tmp_path_factory.mktemp("node") / "vault"
    make = f"from pathlib import Path; from corroborate_node import api; api.create_vault(Path({str(folder)!r}), '새봄인권기록회', {PASSPHRASE!r}, account_passphrase={OWN!r})"  # noqa: E501
    subprocess.run([sys.executable, "-c", make], check=True)
    with served(folder, PASSPHRASE) as address:
        yield address


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
    found = context.new_page()
    found.goto(f"{address}/")
    found.fill("#id_username", "keeper")
    found.fill("#id_password", OWN)
    found.click("main button[type=submit]")
    found.wait_for_url(f"{address}/")
    yield found
    context.close()


def enter(page, address: str, title: str, member: str) -> None:
    page.goto(f"{address}/actions/new")
    page.select_option("#kind", "exhibition")
    page.fill("#title", title)
    page.fill("#members", member)
    page.fill("#begins", "2026-10-01")
    page.select_option("#country", "KR")
    page.get_by_label("Release all abductees").check()
    page.get_by_role("button", name="Enter it").click()
    page.wait_for_url(f"{address}/actions/action_*")


@pytest.mark.browser
def test_pages_of_the_campaign_s_work_are_walked_on_a_phone(page, address, violations, tmp_path):
    page.goto(f"{address}/actions/new")
    page.get_by_role("button", name="Enter it").click()
    assert "Nothing was kept" in page.inner_text("[role=alert]")
    assert violations(page) == []
    enter(page, address, f"Photographs of the missing {MARKUP}", "Group A")
    assert MARKUP in page.inner_text("h1")
    enter(page, address, f"Photographs of the missing people {MARKUP}", f"Group B\n{MARKUP}")
    page.goto(f"{address}/actions")
    assert "entered twice" in page.inner_text("main")
    assert violations(page) == []
    page.get_by_role("button", name="One event: join them").click()
    page.wait_for_url(f"{address}/actions")
    assert page.locator("tbody tr").count() == 1
    page.click("tbody a")
    assert "Group B" in page.inner_text("main")
    page.get_by_role("button", name="Take this back").click()
    page.wait_for_url(f"{address}/actions")
    assert page.locator("tbody tr").count() == 2

    page.goto(f"{address}/demands/access_monitors")
    page.fill("#judge-by", "M. Kim")
    page.select_option("#judge-status", "met")
    page.get_by_role("button", name="Record this reading").click()
    assert "needs a dated event" in page.inner_text("[role=alert]")
    assert page.input_value("#judge-by") == "M. Kim"
    assert violations(page) == []
    page.select_option("#judge-evidence", "t.2017-05-03.30")
    page.get_by_role("button", name="Record this reading").click()
    page.wait_for_load_state()
    assert "met (2026" in page.inner_text(".facts")
    for name, value in {"on": "2026-10", "by": "Monitors", "what": "asked", "source": "a record"}.items():
        page.fill(f"#access-{name}", value)
    page.select_option("#access-answer", "refused")
    page.get_by_role("button", name="Record the request").click()
    page.wait_for_load_state()
    assert "Monitors" in page.inner_text("table")

    votes = tmp_path / "votes.csv"
    votes.write_text("state,body,resolution,date,vote,source\nKR,GA,A/1,2025,maybe,r\n", encoding="utf-8")
    page.goto(f"{address}/states")
    page.set_input_files("#file", votes)
    page.get_by_role("button", name="Take in").click()
    assert "line 2: 'maybe' is no vote" in page.inner_text("[role=alert]")
    votes.write_text("state,body,resolution,date,vote,source\nKR,GA,A/1,2025,yes,r\n", encoding="utf-8")
    page.set_input_files("#file", votes)
    page.get_by_role("button", name="Take in").click()
    assert "New votes taken in: 1" in page.inner_text("[role=status]")
    assert violations(page) == []

    page.goto(f"{address}/states/KR")
    page.click("text=Keep a contact")
    page.fill("#contact-name", NEEDLE)
    page.get_by_role("button", name="Keep it").click()
    assert "has not allowed to be kept" in page.inner_text("[role=alert]")
    assert violations(page) == []
    page.check("#contact-keep")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name=re.compile(f"Erase ?: ?{NEEDLE}")).count() == 1

    page.goto(f"{address}/letters")
    page.fill("#text", "Dear {name}, you stood {vote}. {local}")
    page.get_by_label("South Korea").check()
    page.get_by_role("button", name="Show the letters").click()
    assert f"Dear {NEEDLE}, you stood in favour on A/1 (2025)." in page.inner_text("article")
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep as a file").click()
    assert NEEDLE in Path(download.value.path()).read_text(encoding="utf-8")
    for path in ("demands", "demands/close_kwanliso", "actions", "actions/new", "states", "states/KR", "letters"):
        page.goto(f"{address}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


PAGES = ("demands", "demands/access_monitors", "actions", "actions/new", "states", "states/KR", "letters")


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "width"), [("ko-KR", 360), ("ja-JP", 1280)])
def test_demands_actions_and_states_speak_the_reader_s_language(browser, address, violations, foreign, locale, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, locale=locale)
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#id_username", "keeper")
    page.fill("#id_password", OWN)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    for path in PAGES:
        page.goto(f"{address}/{path}")
        assert page.get_attribute("html", "lang") == locale[:2]
        assert foreign(page) == [], path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        if kept := os.environ.get("CORROBORATE_PICTURES"):
            page.screenshot(path=f"{kept}/{path.replace('/', '-')}-{locale}.png", full_page=True)
    context.close()


@pytest.mark.browser
def test_without_logging_in_no_page_and_no_act_of_the_campaign_answers(browser, address):
    context = browser.new_context()
    page = context.new_page()
    for path in ("demands", "demands/close_kwanliso", "actions", "actions.ics", "actions/new", "states", "states/KR"):
        page.goto(f"{address}/{path}")
        assert "/log-in" in page.url
    answer = context.request.post(f"{address}/actions/decide", form={"do": "undo", "second": "action_1"})
    assert answer.status == 403
    context.close()


def test_the_demand_command_prints_what_programs_read():
    code, said = run("demand", "--json")
    one = json.loads(said)[0]
    assert code == 0
    assert {
        "id",
        "demand",
        "addressee",
        "since",
        "words",
        "status",
        "as_of",
        "evidence",
        "criteria",
        "citation",
    } <= set(one)
    code, said = run("demand", "show", "establish_coi")
    assert "A/HRC/25/63" in said
    assert code == 0
