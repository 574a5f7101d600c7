"""What somebody could do here who should not: one test each, tried as that person would."""

import io
import re
from datetime import UTC, datetime

import pytest
from tests.security.test_made_before import PASSPHRASE, folder  # noqa: F401 - a fixture

from corroborate.errors import NotAllowed
from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import Digest, new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

VAULT, KEEPER, OTHER = "the words of the vault", "the words of its keeper", "the words of another person"
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path):
    api.create_vault(tmp_path / "new", "Member", VAULT, account_passphrase=KEEPER)
    with api.open_vault(tmp_path / "new", VAULT) as opened:
        yield opened


def entered(name, passphrase):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    assert one.post("/log-in", {"username": name, "password": passphrase}).status_code == 302
    return one


def made(kind, number):
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


def people(vault):
    """Two invented people, of whom one claim tells the name and one what was done; and the pair that they are."""
    from corroborate_node.records import models
    from corroborate_node.review import actions
    from corroborate_node.review.values import Proposed

    ids = []
    for at, name in ((1, "한별하나"), (2, "한별둘")):
        person = Entity(made("person", at), "person")
        source = Source(made("source", at), "witness", f"the witness of {name}", invented=True)
        claims = [
            Claim(made("claim", at), person.id, "name", read_name(name), source.id, "row 1", "saw", "a recorder", AT),
        ]
        records_actions.receive(owner(vault, AT), [person], [source], [], claims)
        ids.append(person.id)
    actions.load(owner(vault, AT), [Proposed(*ids, 0.9)], "a test")
    return models.Candidate.objects.get(), ids


def facts(vault):
    """An act that a paper tells of, whose title and place in it are a name; and a row of a list. The paper's id."""
    from corroborate.records import Text

    act = Entity(made("act", 9), "act")
    paper = Source(made("source", 9), "document", "Letter of 한별하나", invented=True)
    whole = Source(made("source", 7), "list", "A list of 2026", invented=True)
    row = Source(made("source", 8), "document", "", (whole.id,), invented=True, part_of=whole.id, number=7)
    where, there = "the letter's page 3, 한별하나", Text("고문소")
    place = Claim(made("claim", 9), act.id, "facility", there, paper.id, where, "document", "a recorder", AT)
    records_actions.receive(owner(vault, AT), [act], [paper, whole, row], [], [place])
    return paper.id


def test_an_account_without_a_role_or_with_another_judges_no_pair_and_seals_nothing(vault, account):
    pair, _ = people(vault)
    size = log_queries.whole_tree().size
    for name, roles in (("nobody", ()), ("reader", ("reader",)), ("analyst", ("analyst",)), ("keeps", ("keeper",))):
        account(vault, name, OTHER, *roles)
        browser = entered(name, OTHER)
        assert browser.get(f"/review/{pair.id}").status_code == 403
        answer = browser.post(f"/review/{pair.id}/judge", {"verdict": "same", "why": "as it looks"})
        assert answer.status_code == 403
    assert records_queries.judgements() == []
    assert log_queries.whole_tree().size == size
    account(vault, "reviews", OTHER, "reviewer")
    assert entered("reviews", OTHER).post(f"/review/{pair.id}/judge", {"verdict": "same"}).status_code == 302
    assert [one.by for one in records_queries.judgements()] == ["reviews"]


def test_an_account_cannot_judge_in_another_s_name(vault, account):
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk
    from corroborate_node.review import actions

    pair, _ = people(vault)
    desk = Desk(vault, actor_of(account(vault, "reviews", OTHER, "reviewer")), AT)
    assert actions.judge(desk, pair, "same", "why", by="keeper").by == "reviews"


def test_an_alarm_is_settled_by_its_roles_alone(vault, account):
    from corroborate_node.log import actions, models

    actions.alarm("damage", "a file", "it is not what was sealed", AT)
    for name, roles in (("nobody", ()), ("reader", ("reader",)), ("documents", ("documenter",))):
        account(vault, name, OTHER, *roles)
        answer = entered(name, OTHER).post("/alarms", {"alarm": "1", "how": "all is well"})
        assert answer.status_code == 403
    assert models.Alarm.objects.get().settled is None
    account(vault, "leads", OTHER, "coordinator")
    assert entered("leads", OTHER).post("/alarms", {"alarm": "1", "how": "made anew"}).status_code == 302
    assert models.Alarm.objects.get().settled is not None


def test_one_keeper_alone_is_not_two_people(tmp_path):
    """He makes a second account, logs in with it, and confirms what he recorded himself."""
    api.create_vault(tmp_path / "hub", "Secretariat", VAULT, hub=True, account_passphrase=KEEPER)
    with api.open_vault(tmp_path / "hub", VAULT) as hub:
        from corroborate_node.coalition.campaign import models
        from corroborate_node.core import accounts

        keeper = entered("keeper", KEEPER)
        keeper.post("/members", {"name": "Mina Holm", "kind": "individual", "joined": "2012", "role": "supporter"})
        page = keeper.post("/accounts", {"act": "add", "account": "second", "role": "secretariat"}).content.decode()
        one_time = page.partition("<code>")[2].partition("</code>")[0]
        second = entered("second", one_time)
        second.post("/choose-passphrase", {"new": OTHER, "again": OTHER})
        keeper.post("/statements", {"name": "open", "text": "Open the camps\n\nNow.\n", "text_language": "en"})
        keeper.post("/statements/open", {"act": "open", "deadline": "2099-01-01 18:00"})
        scan = io.BytesIO(b"a scan")
        scan.name = "letter.png"
        form = {"act": "paper", "member": "Mina-Holm", "choice": "with us", "scan": scan}
        form |= {"signed": f"{datetime.now(UTC):%Y-%m-%d}", "digits": Digest.of(b"Open the camps\n\nNow.\n").hex[:32]}
        assert keeper.post("/statements/open", form).status_code == 302
        assert models.Notice.objects.filter(member_id="Mina-Holm", what="on paper waits").count() == 1  # told at once
        confirm = {"act": "confirm", "member": "Mina-Holm"}
        answer = second.post("/statements/open", confirm)
        assert answer.status_code == 400
        assert "made or reset the other" in answer.content.decode()
        assert models.SignOn.objects.get().confirmed_by == ""
        # Somebody whose account the owner made, and the keeper never reset.
        third = accounts.add(owner(hub, datetime.now(UTC).replace(microsecond=0)), "third", ["secretariat"])
        browser = entered("third", third)
        browser.post("/choose-passphrase", {"new": OTHER, "again": OTHER})
        answer = browser.post("/statements/open", confirm)
        assert answer.status_code == 400
        assert "nobody has vouched" in answer.content.decode()  # the owner gave out both first passphrases
        fourth = accounts.add(owner(hub, datetime.now(UTC)), "fourth", [])
        vouching = entered("fourth", fourth)
        assert vouching.post("/vouch", {"account": "third"})["Location"] == "/choose-passphrase"
        vouching.post("/choose-passphrase", {"new": OTHER, "again": OTHER})
        assert vouching.post("/vouch", {"account": "third"}).status_code == 200
        seen = re.search(r"/scans/([0-9a-f]{64})", browser.get("/statements/open").content.decode())[1]
        assert browser.get(f"/scans/{seen}").status_code == 200
        assert browser.post("/statements/open", confirm).status_code == 302
        assert models.SignOn.objects.get().confirmed_by == "third"


def test_a_second_person_is_not_guessed_without_end(tmp_path):
    api.create_vault(tmp_path / "hub", "Secretariat", VAULT, hub=True, account_passphrase=KEEPER)
    with api.open_vault(tmp_path / "hub", VAULT) as hub:
        from corroborate_node.core import accounts

        accounts.add(owner(hub, AT), "second", ["secretariat"])
        keeper = entered("keeper", KEEPER)
        keeper.post("/members", {"name": "Holm Group", "kind": "organisation", "joined": "2012", "role": "supporter"})

        def letter(passphrase):
            scan = io.BytesIO(b"a scan")
            scan.name = "letter.png"
            form = {"act": "letter", "person": "Tom Lind", "person_role": "Chair", "since": "2026-01-01", "scan": scan}
            more = {"second": "second", "second_passphrase": passphrase}
            return keeper.post("/members/Holm-Group", {**form, **more}).content.decode()

        said = [letter(f"a guess {n}") for n in range(7)]
        assert ["too many wrong tries" in one for one in said] == [False] * 5 + [True] * 2


def test_who_may_not_see_people_sees_facts_without_them(vault, account):
    """No name in titles, locators, who recorded it or pictures; a list and its row are told, for they name nobody."""
    _, ids = people(vault)
    paper = facts(vault)
    for name, role in (("analyst", "analyst"), ("reader", "reader")):
        account(vault, name, OTHER, role)
        browser = entered(name, OTHER)
        assert browser.get("/persons").status_code == browser.get(f"/persons/{ids[0]}").status_code == 403
        page = browser.get(f"/sources/{made('source', 1)}")
        assert page.status_code == 200
        claim = made("claim", 1)
        shown = [page, browser.get(f"/custody/{claim}"), browser.get(f"/custody/{claim}.svg")]
        shown += [browser.get(f"/sources/{paper}"), browser.get(f"/acts/{made('act', 9)}")]
        assert [one.status_code for one in shown] == [200] * len(shown)
        for word in ("한별", "the witness of", "a recorder", "Letter of", "the letter's page"):
            assert not [one for one in shown if word in one.content.decode()], word
        assert "고문소" in shown[4].content.decode()  # the fact is told
        assert "A list of 2026 · 7" in browser.get(f"/sources/{made('source', 8)}").content.decode()
    account(vault, "lawyer", OTHER, "lawyer")
    assert "the witness of" in entered("lawyer", OTHER).get(f"/sources/{made('source', 1)}").content.decode()


def test_the_journal_can_be_shown_to_the_person_concerned(vault, account):
    from django.test import Client

    _, ids = people(vault)
    keeper = entered("keeper", KEEPER)
    keeper.get(f"/persons/{ids[0]}")
    keeper.get("/persons", {"q": "한별"})
    records_actions.withdraw(owner(vault, AT), made("source", 2), AT.date())
    shown = keeper.get("/journal", {"about": ids[0]}).content.decode()
    assert shown.count('<td data-heading="Who">keeper</td>') == 2  # the page, and the list that named this person
    assert "source.withdraw" in keeper.get("/journal", {"about": made("source", 2)}).content.decode()
    account(vault, "reads", OTHER, "reader")
    assert entered("reads", OTHER).get("/journal").status_code == 403
    assert Client(HTTP_HOST="127.0.0.1").get("/journal").status_code == 302


def test_an_account_of_a_vault_made_before_keeps_what_it_could_do_and_chooses_its_own_passphrase(folder):  # noqa: F811
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.core import accounts

        assert [(one.name, one.state, set(one.roles)) for one in accounts.all_shown(owner(vault, AT))] == [
            ("keeper", "waiting",
             {"keeper", "coordinator", "documenter", "analyst", "lawyer", "reviewer", "reader"}),
        ]  # fmt: skip
        browser = entered("keeper", PASSPHRASE)  # as before
        assert browser.get("/persons")["Location"] == "/choose-passphrase"
        refused = browser.post("/choose-passphrase", {"new": PASSPHRASE, "again": PASSPHRASE})
        assert refused.status_code == 200
        assert browser.post("/choose-passphrase", {"new": OTHER, "again": OTHER}).status_code == 302
        assert browser.get("/persons").status_code == 200
        with pytest.raises(NotAllowed, match="records name it"):
            accounts.add(owner(vault, AT), "keeper", [])


def test_who_corrected_a_claim_stands_in_no_package(vault, account, tmp_path):
    """A package shows its receiver each claim whole, its recorder too: an account's name is somebody's name."""
    from django.contrib.auth import get_user_model

    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk
    from corroborate_node.records import correcting, models
    from corroborate_node.release import giving, making

    at = datetime.now(UTC).replace(microsecond=0)
    person, source = Entity(made("person", 3), "person"), Source(made("source", 3), "document", "a paper")
    told = Claim(made("claim", 3), person.id, "facility", Text("요덕", "ko"), source.id, "row 1", "saw", "import", at)
    allowed = Consent(made("consent", 3), source.id, frozenset(("hold", "count", "quote", "name")), "public", at.date())
    records_actions.receive(owner(vault, at), [person], [source], [allowed], [told])
    account(vault, "needle Kim Docu", OTHER, "documenter")
    desk = Desk(vault, actor_of(get_user_model().objects.get(username="needle Kim Docu")), at)
    done = correcting.correct(desk, told.id, "개천", "the page says so")
    assert models.Correction.objects.get(id=done.id).by == "needle Kim Docu"  # here it is known
    log_actions.checkpoint(owner(vault, at))
    number = making.make(owner(vault, at), making.Asked("public", names=False))
    giving.package(owner(vault, at), number, tmp_path / "pack")
    files = [one for one in (tmp_path / "pack").rglob("*") if one.is_file()]
    assert any(done.new in one.name for one in files)
    assert not [one.name for one in files if b"needle" in one.read_bytes()]
