"""An analyst's day by the Python client, against a vault that is served: lists, pairs, an estimate, findings."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from corroborate.client import Client, Refused
from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of one alone"
HEAD = "Name,Violation,Date of arrest,Place\n"
LISTS = {
    "List A": f"{HEAD}Kim Invented,torture,1997,Hoeryong\nRi Made Up,torture,1998,Sinuiju\n",
    "List B": f"{HEAD}Kim In Vented,torture,1997,Hoeryong\nPak Dreamt,torture,1999,Chongjin\n",
}
TABLE = "A,B,C,count\n1,0,0,120\n0,1,0,90\n0,0,1,70\n1,1,0,40\n1,0,1,30\n0,1,1,20\n1,1,1,15\n"


def run(folder, *arguments):
    done = CliRunner().invoke(group, [*arguments, "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account, program):
    folder = tmp_path_factory.mktemp("analysis") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    for title, rows in LISTS.items():
        file = folder.parent / f"{title}.csv"
        file.write_text(rows, encoding="utf-8")
        run(folder, "import", str(file))
    with api.open_vault(folder, VAULT) as opened:
        account(opened, "ana", OWN, "analyst", "reviewer")
        account(opened, "rob", OWN, "reviewer")
        account(opened, "facts", OWN, "analyst")
        tokens = {name: program(opened, name).secret for name in ("ana", "rob", "facts")}
    return folder, tokens


@pytest.fixture(scope="module")
def clients(vault, served):
    with served(vault[0], VAULT) as address:
        yield {name: Client(address, token) for name, token in vault[1].items()}


def test_an_analysts_day(clients):
    ana, rob = clients["ana"], clients["rob"]
    assert {one["title"]: one["rows"] for one in ana.lists()} == {"List A": 2, "List B": 2}

    # Pairs that a script of their own proposes; two reviewers, the second blind
    people = {one["name"]: one["id"] for one in ana.people()}
    left, right = people["Kim Invented"], people["Kim In Vented"]
    made = ana.act("pair.load", pairs=[{"left": left, "right": right, "probability": 0.8}], origin="our script")
    assert made == {"new": 1, "before": 0}
    [waiting] = ana.pairs()
    assert {one["property"]: one["likeness"] for one in ana.pair(waiting["pair"])["contrasts"]}["name"]
    ana.judge(waiting["pair"], "same", "one person in two spellings")
    [second] = rob.pairs(second=True)
    assert rob.pair(second["pair"], second=True)["judgements"] == []
    rob.judge(second["pair"], "same", "same year, same place")
    assert {one["by"] for one in rob.judgements()} == {"ana", "rob"}
    assert [(one["pairs"], one["agreed"]) for one in ana.agreement()] == [(1, 1)]

    # An estimate is asked for, watched and ended; the same by its inputs is found again
    lists = [one["id"] for one in ana.lists()]
    asked = ana.act("estimate.make", title="Two lists", lists=lists, seed=7)
    assert ana.estimate(asked["id"])["asked"]["lists"] == lists
    assert [one["id"] for one in ana.estimates()] == [asked["id"]]
    with pytest.raises(Refused, match="one list alone says nothing"):
        ana.act("estimate.make", title="One list", lists=lists[:1])

    assert {one["kind"] for one in ana.findings()} >= {"conduct"}
    assert ana.log()["size"] > 0
    assert list(ana.alarms()) == []


def test_an_analyst_s_program_sees_facts_and_no_names(clients):
    facts = clients["facts"]
    with pytest.raises(Refused) as refused:
        list(facts.people())
    assert (refused.value.status, refused.value.code) == (403, "out-of-scope")
    for asked in ("/pairs", "/consents", "/drafts", "/members", "/journal"):
        with pytest.raises(Refused) as refused:
            facts._asked("POST" if asked == "/journal" else "GET", asked, {} if asked == "/journal" else None)
        assert refused.value.status in (403, 404), asked
    source = next(iter(facts.sources()))
    record = json.dumps(facts.record(source["id"]), ensure_ascii=False)
    assert "Invented" not in record
    assert "Dreamt" not in record


@pytest.mark.long
def test_an_estimate_is_made_and_compared(clients):
    ana = clients["ana"]
    first = ana.make_estimate("A table", table=TABLE, table_name="invented", seed=1)
    other = ana.make_estimate("Another seed", table=TABLE, table_name="invented", seed=2)
    assert first["state"] == other["state"] == "done"
    assert first["result"]["documented"] == 385
    assert {one["what"] for one in ana.compare_estimates(first["id"], other["id"])["different"]}
    assert datetime.fromisoformat(first["at"]) <= datetime.now(UTC)
