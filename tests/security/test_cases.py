"""Accounts that are limited to cases: whatever they ask, nothing of another case is in what they get.

Each record of the vault carries a word of its own, so that a leak is seen in the bytes of an answer.
"""

import json
import random
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from corroborate import records
from corroborate.values import Name
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.records import queries as records_queries

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "the words of their own"
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
ROLES = ("coordinator", "documenter", "analyst", "lawyer", "reviewer", "reader")
HEAD = "성명,성별,체포일,수용소,혐의,공개여부,증언자\n"


def ran(folder, *words, code=0):
    done = CliRunner().invoke(group, [*map(str, words), "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output + str(done.exception or "")


def entered(name, passphrase=OWN):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1", raise_request_exception=True)
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    assert answer.status_code == 302, answer.content.decode()
    return one


# At the command line, before the vault of the other tests is open


def test_cases_are_opened_filled_closed_and_said_by_commands(tmp_path):
    folder, lists = tmp_path / "vault", tmp_path / "명단.csv"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    lists.write_text(HEAD + "김아라,여,1997,수용소,고문,예,증인\n", encoding="utf-8")
    assert "there is no case" in ran(folder, "import", lists, "--case", "Camp 15", code=1)
    ran(folder, "cases", "new", "Camp 15")
    assert "already" in ran(folder, "cases", "new", "CAMP15", code=1)
    ran(folder, "import", lists)
    with api.open_vault(folder, VAULT):
        listed, witness = (next(one for one in records_queries.sources().values() if one.kind == kind)
                           for kind in ("list", "witness"))  # fmt: skip
    assert "filed in Camp 15: 3." in ran(folder, "cases", "add", "Camp 15", listed.id)
    assert "filed in Camp 15: 0." in ran(folder, "cases", "add", "Camp 15", witness.id)
    assert "no source source_x" in ran(folder, "cases", "add", "Camp 15", "source_x", code=1)
    assert "there is no case 'Camp 16'" in ran(
        folder, "accounts", "add", "mina", "--role", "reader", "--case", "Camp 16", code=1
    )
    ran(folder, "accounts", "add", "mina", "--role", "reader", "--case", "Camp 15")
    assert "not limited to cases" in ran(
        folder, "accounts", "add", "k", "--role", "keeper", "--case", "Camp 15", code=1
    )
    assert "keeper is not" in ran(folder, "accounts", "roles", "mina", "--role", "keeper", code=1)
    said = json.loads(ran(folder, "cases", "list", "--json"))
    assert [(one["case"], one["sources"], one["members"]) for one in said] == [("Camp 15", 3, ["mina"])]
    members = ran(folder, "cases", "members", "Camp 15")
    assert "mina  reader; sees Camp 15" in members
    assert "sees the whole vault" in members
    ran(folder, "accounts", "roles", "mina", "--role", "analyst")
    (mina,) = [one for one in json.loads(ran(folder, "accounts", "list", "--json")) if one["account"] == "mina"]
    assert mina["cases"] == ["Camp 15"]  # roles change, and the limit stays
    ran(folder, "cases", "close", "Camp 15")
    assert "closed" in ran(folder, "cases", "add", "Camp 15", listed.id, code=1)
    assert "closed" in ran(folder, "import", lists, "--case", "Camp 15", code=1)
    ran(folder, "cases", "close", "Camp 15", "--again")
    assert "taken out of Camp 15: 3." in ran(folder, "cases", "take-out", "Camp 15", listed.id)
    ran(folder, "accounts", "cases", "mina", "--whole-vault")
    assert "mina" not in ran(folder, "cases", "list")
    assert "Camp" not in ran(folder, "journal")  # by ids, as all else


# On pages


@pytest.fixture(scope="module")
def house(tmp_path_factory, account):
    """A vault with two lists, each in a case of its own, and a third in none; pairs within and across; releases."""
    place = tmp_path_factory.mktemp("cases")
    folder = place / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    for case, given in (("Ours", "김아라"), ("Theirs", "박보람"), ("", "최다솔")):
        rows = [
            f"{given}{n},여,1997-03-1{n},needle{given}수용소{n},고문,예,needle{given}증인{n}\n" for n in range(1, 4)
        ]
        (place / f"needle{given}명단.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        if case:
            ran(folder, "cases", "new", case)
        ran(folder, "import", place / f"needle{given}명단.csv", *(["--case", case] if case else []))
    with api.open_vault(folder, VAULT) as vault:
        for role in ROLES:
            account(vault, f"{role} Ours", OWN, role, only=["Ours"])
        account(vault, "everything Ours", OWN, *ROLES, only=["Ours"])
        account(vault, "everything whole", OWN, *ROLES)
        account(vault, "nothing at all", OWN, *ROLES, only=[])
        ids = paired(vault)
        yield SimpleNamespace(vault=vault, folder=folder, place=place, **ids)


def paired(vault):
    """Candidates of every two people, and who is of which list."""
    from django.db.models import Q

    from corroborate_node.core.desk import owner
    from corroborate_node.records.models import Claim, Entity, PersonName, Source
    from corroborate_node.release import making
    from corroborate_node.review import actions
    from corroborate_node.review.values import Proposed

    of = {"ours": "김아라", "theirs": "박보람", "none": "최다솔"}
    people = {key: sorted(PersonName.objects.filter(text__startswith=given).values_list("person_id", flat=True))
              for key, given in of.items()}  # fmt: skip
    named = {key: Q(title__contains=given) | Q(part_of__title__contains=given) for key, given in of.items()}
    sources = {key: set(Source.objects.filter(of_it).values_list("id", flat=True)) for key, of_it in named.items()}
    claims = {key: set(Claim.objects.filter(source_id__in=ids).values_list("id", flat=True))
              for key, ids in sources.items()}  # fmt: skip
    acts = {key: set(Entity.objects.filter(kind="act", claims__id__in=ids).values_list("id", flat=True))
            for key, ids in claims.items()}  # fmt: skip
    desk = owner(vault, datetime.now(UTC).replace(microsecond=0))
    everybody = [one for each in people.values() for one in each]
    pairs = [Proposed(a, b, 0.5) for at, a in enumerate(everybody) for b in everybody[at + 1 :]]
    actions.load(desk, pairs, "a test")
    numbers = {key: making.make(desk, making.Asked("public", title=f"needle release {key}", case=case))
               for key, case in (("ours", "Ours"), ("theirs", "Theirs"), ("none", ""))}  # fmt: skip
    return {"people": people, "sources": sources, "claims": claims, "acts": acts, "numbers": numbers}


def needles(house, *keys):
    """What must not stand in an answer to somebody who sees none of these lists."""
    words = {"ours": "김아라", "theirs": "박보람", "none": "최다솔"}
    found = {words[key] for key in keys} | {f"needle release {key}" for key in keys}
    for key in keys:
        found |= {*house.people[key], *house.sources[key], *house.claims[key], *house.acts[key]}
    return found


def addresses(house):
    """Every address of the node, each with every object that it can name; a new page is asked without being told."""
    from django.urls import get_resolver

    def walk(resolver, before=""):
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one, before + str(one.pattern))
            else:
                yield before + str(one.pattern)

    from corroborate_node.records.models import Candidate, Case, Consent, Judgement

    keys = ("ours", "theirs", "none")
    objects = [one for part in (house.people, house.sources, house.acts) for key in keys for one in sorted(part[key])]
    objects += [one for key in keys for one in sorted(house.claims[key])[:4]]
    objects += list(Consent.objects.order_by("id").values_list("id", flat=True)[:30:7])
    objects += list(Case.objects.values_list("id", flat=True))
    judged = list(Judgement.objects.values_list("id", flat=True))
    numbers = [*house.numbers.values(), *Candidate.objects.order_by("id").values_list("id", flat=True)]
    for pattern in sorted(set(walk(get_resolver()))):
        if "<" not in pattern:
            yield f"/{pattern}"
            continue
        head, _, rest = pattern.partition("<")
        kind, _, tail = rest.partition(">")
        filled = judged if "take-back" in pattern else numbers if kind.startswith("int:") else objects
        if tail.count("<"):
            filled, tail = filled[:3], re.sub(r"<[^>]*>", "en", tail)
        if head.startswith(("fonts", "members", "statements", "scans", "decisions", "witness", "estimate")):
            filled = filled[:2]
        for one in filled:
            yield f"/{head}{one}{tail}"


def test_what_is_of_another_case_is_not_found_as_what_never_was(house):
    browser = entered("everything Ours")
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    never = "f" * 32
    for form, theirs in (
        ("/persons/{}", house.people["theirs"][0]), ("/sources/{}", min(house.sources["theirs"])),
        ("/acts/{}", min(house.acts["theirs"])), ("/custody/{}", min(house.claims["theirs"])),
        ("/custody/{}.svg", min(house.claims["theirs"])), ("/sources/{}/withdraw", min(house.sources["none"])),
        ("/releases/{}", house.numbers["theirs"]), ("/releases/{}", house.numbers["none"]),
        ("/review/split/{}", house.people["theirs"][0]),
    ):  # fmt: skip
        kind = str(theirs).partition("_")[0]
        other = 9_999 if isinstance(theirs, int) else f"{kind}_{never}"
        for method in (browser.get, browser.post):
            answers = [method(form.format(one)) for one in (theirs, other)]
            assert answers[0].status_code == answers[1].status_code, (form, answers)
            bodies = [token.sub("", one.content.decode()).replace(str(each), "…")
                      for one, each in zip(answers, (theirs, other), strict=True)]  # fmt: skip
            assert bodies[0] == bodies[1], form
    assert browser.get(f"/persons/{house.people['ours'][0]}").status_code == 200


def test_on_the_page_of_releases_a_limited_account_asks_for_its_case_alone(house):
    from corroborate_node.records.models import Case

    ids = dict(Case.objects.filter(name__in=("Ours", "Theirs")).values_list("name", "id"))
    browser = entered("everything Ours")
    page = browser.get("/releases").content.decode()
    assert re.findall(r'<option value="(case_[0-9a-f]+)"', page) == [ids["Ours"]]
    assert "of the whole vault" not in page
    shown = browser.post("/releases", {"audience": "public", "case": ids["Ours"], "act": "show"})
    assert shown.status_code == 200
    assert "김아라1" in shown.content.decode()
    assert not [word for word in needles(house, "theirs", "none") if word in shown.content.decode()]
    for case in (ids["Theirs"], "", "nothing"):
        refused = browser.post("/releases", {"audience": "public", "case": case, "act": "make"})
        assert refused.status_code == 400, case
    whole = entered("everything whole").get("/releases").content.decode()
    assert "of the whole vault" in whole
    assert ids["Theirs"] in whole


def test_counts_searches_lists_and_queues_are_those_of_the_case(house):
    browser = entered("everything Ours")
    today = re.findall(r"<dd>([\d,]+)</dd>", browser.get("/").content.decode())
    assert today[:3] == ["3", str(len(house.sources["ours"])), str(len(house.claims["ours"]))]
    assert "<dt>Log</dt>" not in browser.get("/").content.decode()
    for asked, count in (("", 3), ("김아라", 3), ("라1", 1), ("박", 0), ("보람", 0), ("최다솔1", 0)):
        body = browser.get("/persons", {"q": asked}).content.decode()
        assert len(re.findall(r'href="/persons/person_', body)) == count, asked
    link = re.search(r'href="/review">(.*?)</a>', browser.get("/").content.decode(), re.DOTALL)
    assert "(3)" in link[1]
    findings = browser.get("/findings").content.decode()
    assert '<td data-heading="Claims">3</td>' in findings
    assert '<td data-heading="Claims">9</td>' in entered("everything whole").get("/findings").content.decode()


def test_random_accounts_see_exactly_what_a_model_in_memory_says(house, account):
    """Sources in no case, one or several; people told of by sources of different cases; accounts with any cases."""
    from django.contrib.auth import get_user_model

    from corroborate_node.core.desk import owner
    from corroborate_node.records import cases, models, queries
    from corroborate_node.records.actions import receive

    chance, desk = random.Random(1948), owner(house.vault, datetime.now(UTC).replace(microsecond=0))
    named = [f"case {n}" for n in range(3)]
    ids = {name: cases.begin(desk, name) for name in named}
    people = [f"person_{chance.randbytes(16).hex()}" for _ in range(8)]
    sources, told, said = {}, [], []
    for _ in range(24):
        one = records.Source(f"source_{chance.randbytes(16).hex()}", "document", "a paper")
        sources[one.id] = (one, frozenset(name for name in named if chance.random() < 0.4))
    for source in sources:
        for person in chance.sample(people, chance.randint(0, 3)):
            text = "".join(chance.choice("가나다라마바") for _ in range(3))
            id_, name = f"claim_{chance.randbytes(16).hex()}", Name(text, "Hang")
            claim = records.Claim(id_, person, "name", name, source, "row 1", "document", "a recorder", desk.at)
            said.append(claim)
            told.append((claim.id, person, text, source))
    receive(desk, [records.Entity(one, "person") for one in people], [one for one, _ in sources.values()], [], said)
    for id_, (_, filed) in sources.items():
        for name in filed:
            cases.add(desk, name, [id_])
    wanted = [frozenset(), *(frozenset(chance.sample(named, k)) for k in (1, 1, 2, 2, 3))]
    for number, may in enumerate(wanted):
        name = f"random {number}"
        account(house.vault, name, OWN, "coordinator", only=sorted(may))
        user = get_user_model().objects.get(username=name)
        seen = {id_ for id_, (_, filed) in sources.items() if filed & may}
        mine = [row for row in told if row[3] in seen]
        assert set(queries.sources_seen(user).values_list("id", flat=True)) == seen
        assert set(models.Claim.objects.filter(id__in=[one[0] for one in told]).values_list("id", flat=True)) >= {
            one[0] for one in mine
        }
        everyone = {one[1] for one in mine}
        assert set(queries.entities_seen(user, "person").values_list("id", flat=True)) == everyone
        assert sorted(queries.people(user).values_list("person_id", flat=True)) == sorted(everyone)
        assert queries.counts(user) == {"people": len(everyone), "sources": len(seen), "claims": len(mine)}
        shown = queries.names_of(user, people)
        assert set(shown) == everyone
        for person, text in shown.items():
            assert text in {one[2] for one in mine if one[1] == person}
        for person in people:
            assert {one.id for one in queries.claims_about(user, person)} == {
                one[0] for one in mine if one[1] == person
            }
        for part in ("가", "나다", "마바가"):
            found = set(queries.people(user, part).values_list("person_id", flat=True))
            assert found == {one[1] for one in mine if part in one[2]}
        assert set(queries.cases_seen(user).values_list("id", flat=True)) == {ids[one] for one in may}


def test_each_role_sees_the_same_within_its_case_as_the_role_sees_of_the_vault(house):
    """The matrix role × page × case: what a role may open it opens of its case, and of no other."""
    from corroborate_node.core.permissions import table

    pages = [
        ("/persons/{}", "people", "identity.read"), ("/acts/{}", "acts", "record.read"),
        ("/sources/{}", "sources", "record.read"), ("/sources/{}/withdraw", "sources", "source.withdraw"),
        ("/custody/{}", "claims", "record.read"),
    ]  # fmt: skip
    for role in ROLES:
        browser = entered(f"{role} Ours")
        for form, part, permission in pages:
            may = role in table()[permission].roles
            own, others = min(getattr(house, part)["ours"]), min(getattr(house, part)["theirs"])
            assert browser.get(form.format(own)).status_code == (200 if may else 403), (role, form)
            assert browser.get(form.format(others)).status_code == (404 if may else 403), (role, form)
        may = role in table()["release.read"].roles
        assert browser.get(f"/releases/{house.numbers['ours']}").status_code == (200 if may else 403)
        assert browser.get(f"/releases/{house.numbers['theirs']}").status_code == (404 if may else 403)
        for whole in ("/log", "/journal", "/accounts", "/estimates", "/estimate"):
            assert browser.get(whole).status_code == 403, (role, whole)


def test_a_limited_account_acts_in_its_cases_alone(house):
    from django.contrib.auth import get_user_model

    from corroborate.errors import InvalidValue, NotAllowed
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk
    from corroborate_node.every_act import every_act
    from corroborate_node.records import actions, cases
    from corroborate_node.release import giving, making, summaries

    user = get_user_model().objects.get(username="everything Ours")
    desk = Desk(house.vault, actor_of(user), datetime.now(UTC).replace(microsecond=0))
    for one in every_act():
        from corroborate_node.core.permissions import table

        assert not (table()[one.permission].whole and desk.may(one.permission)), one.name
    with pytest.raises(InvalidValue, match="no source"):
        actions.withdraw(desk, min(house.sources["theirs"]), desk.at.date())
    with pytest.raises(NotAllowed, match="some cases only"):
        making.preview(desk, making.Asked("public"))
    with pytest.raises(InvalidValue, match="no case"):
        making.preview(desk, making.Asked("public", case="Theirs"))
    with pytest.raises(NotAllowed):
        making.preview(desk, making.Asked("public", case="Ours", estimate=True))
    for act in (making.confirm, giving.current_release):
        with pytest.raises(InvalidValue, match="there is no release"):
            act(desk, house.numbers["theirs"])
    with pytest.raises(NotAllowed, match="say in which"):
        actions.receive(desk, [], [], [], [])
    with pytest.raises(NotAllowed, match="whole vault"):
        cases.begin(desk, "A case of my own")
    shown = making.preview(desk, making.Asked("public", case="ours"))
    assert {one.record for one in shown.release.items if one.kind == "claim"} == house.claims["ours"]
    assert {one.number for one in summaries.all_releases(desk)} == {house.numbers["ours"]}


def test_a_release_of_a_case_holds_that_case_and_no_other(house, tmp_path):
    from corroborate_node.release.models import Release

    for key, others in (("ours", ("theirs", "none")), ("theirs", ("ours", "none"))):
        row = Release.objects.get(number=house.numbers[key])
        decided = set(row.records.filter(kind="claim").values_list("record", flat=True))
        assert decided == house.claims[key]
        content = bytes(row.content).decode()
        words = {"ours": "김아라", "theirs": "박보람", "none": "최다솔"}
        assert words[key] in content
        assert not [word for word in needles(house, *others) if word in content]
    whole = Release.objects.get(number=house.numbers["none"])
    assert set(whole.records.filter(kind="claim").values_list("record", flat=True)) == set().union(
        *house.claims.values()
    )


@pytest.mark.parametrize("name", ["nothing at all", "everything Ours"])
def test_no_page_of_the_node_tells_a_limited_account_of_another_case(house, name):
    hidden = needles(house, "theirs", "none", *(() if name.endswith("Ours") else ("ours",)))
    browser, seen, asked = entered(name), 0, 0
    every = [one for one in addresses(house) if not one.startswith(("/log-out", "/log-in", "/choose", "/fonts"))]
    for method in (browser.get, browser.post):  # what is posted withdraws and judges: last
        for address in every:
            answer = method(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = body.decode("utf-8", "replace") + repr(sorted(answer.headers.items()))
            own = {word for word in hidden if word not in address}
            assert not [word for word in own if word in told], (address, answer.status_code)
            asked += 1
            seen += "김아라" in told
    assert asked > 150
    assert seen == 0 if name == "nothing at all" else seen >= 5
