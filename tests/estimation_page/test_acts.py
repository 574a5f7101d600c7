"""Estimates in a vault: what is counted, that the numbers are those of the command, and what a seal holds."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.copies import copied
from tests.estimation_page.conftest import AT, PASSPHRASE

from corroborate.custody import Policy, Proof, seal
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.records import Clusters, Consent
from corroborate.values import Digest, OverlapTable, new_id
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.estimates import api as estimates
from corroborate_node.estimates import queries
from corroborate_node.estimates.options import Options
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries
from corroborate_node.release import making, summaries

TWO = "north,south,count\n1,0,50\n0,1,40\n1,1,22\n"
STRATA = (
    "place,north,south,count\nShore,1,0,50\nShore,0,1,40\nShore,1,1,22\nHill,1,0,30\nHill,0,1,44\nHill,1,1,25\n"
    "Vale,1,0,3\n"
)
FOUR = "a,b,c,d,count\n1,0,0,0,400\n0,1,0,0,300\n1,1,0,0,90\n0,0,1,1,60\n0,0,1,0,250\n1,0,1,0,40\n0,1,0,1,33\n"
DAY = timedelta(days=1)


@pytest.fixture
def vault(counted, tmp_path):
    copied(counted[0], tmp_path / "vault", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


@pytest.fixture(scope="module")
def made_empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase="her own words, twelve")
    return folder


@pytest.fixture
def empty(made_empty, tmp_path):
    copied(made_empty, tmp_path / "vault", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


def chosen(vault, *titles):
    return tuple(one.id for one in queries.owner_lists() if one.title in titles)


def by_command(folder, files, *words):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = CliRunner().invoke(group, ["estimate", *(str(folder / name) for name in files), *words, "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def tables_of(id_):
    from corroborate_node.estimates import queries

    return {f"{one['name']}.csv": one["csv"] for one in queries.owner_run(id_).tables}


def test_the_lists_are_those_that_were_taken_in_with_their_rows(vault, counted):
    assert {one.title: one.rows for one in queries.owner_lists()} == {n: len(rows) for n, rows in counted[1].items()}


def test_a_list_of_a_withdrawn_name_or_of_nobody_is_not_offered(empty):
    assert queries.owner_lists() == []


def test_who_stands_on_which_lists_is_what_reviewers_judged(vault, counted):
    _, entries, people = counted
    asked = Options(chosen(vault, "A", "C"))
    made = estimates.estimate(vault, asked, "", "keeper", AT)
    table = OverlapTable.parse(tables_of(made["id"])["overlap.csv"])
    listed = {people[name, one.row]: name for name in ("A", "C") for one in entries[name]}
    clusters = Clusters.of(sorted(set(people.values())), records_queries.judgements())
    both = sum({listed.get(one) for one in members} >= {"A", "C"} for members in clusters.members)
    assert table.counts[1, 1] == both > 20
    assert table.on("A") == made["counted"]["lists"][0]["people"] <= len(entries["A"])


@pytest.mark.parametrize("joining", ["judged", "drawn"])
def test_the_numbers_are_those_of_the_command_for_the_same_table_and_seed(vault, tmp_path, joining):
    asked = Options(chosen(vault, "A", "C"), joining=joining, seed=7, level=0.9)
    made = estimates.estimate(vault, asked, "", "keeper", AT)
    files = tables_of(made["id"])
    words = ["--draws"] if joining == "drawn" else []
    found = by_command(tmp_path, files, *words, "--seed", "7", "--level", "0.9")
    assert len(files) == (20 if joining == "drawn" else len(files))
    for key in ("documented", "estimate", "at_least", "sensitivity", "band", "warnings", "digest", "seed"):
        assert made["result"][key] == found[key], key


def test_strata_of_a_given_table_are_those_of_the_command_and_a_thin_one_is_refused_by_name(empty, tmp_path):
    made = estimates.estimate(empty, Options(table=STRATA, by=("place",)), "", "keeper", AT)
    found = by_command(tmp_path, {"t.csv": STRATA}, "--stratify-by", "place")
    assert found.pop("places")  # a run keeps what stands in the places of its sentences beside its result
    assert made["result"] == found
    assert "Vale" in made["result"]["parts"]["refused"][0]


def test_the_vaults_own_strata_hold_everybody_once(vault):
    whole = estimates.estimate(vault, Options(chosen(vault, "A", "C")), "", "keeper", AT)
    apart = estimates.estimate(vault, Options(chosen(vault, "A", "C"), by=("sex",)), "", "keeper", AT)
    assert apart["state"] in ("done", "refused")
    assert apart["counted"]["people"] == whole["counted"]["people"]


def test_the_same_inputs_and_seed_find_the_first_run_and_another_seed_does_not(vault):
    asked = Options(chosen(vault, "A", "C"))
    first = estimates.estimate(vault, asked, "first", "keeper", AT)
    assert estimates.estimate(vault, asked, "second", "other", AT + DAY)["id"] == first["id"]
    assert estimates.estimate(vault, replace(asked, seed=1), "third", "keeper", AT)["id"] != first["id"]
    assert (
        estimates.estimate(vault, Options(table=TWO), "t", "keeper", AT)["id"]
        == (estimates.estimate(vault, Options(table=TWO.replace("\n1,0,50", "") + "1,0,50\n"), "t", "keeper", AT)["id"])
    )
    assert len(estimates.runs(vault)) == 3
    estimates.discard(vault, first["id"], AT)
    assert estimates.estimate(vault, asked, "again", "keeper", AT + 2 * DAY)["id"] != first["id"]


def test_a_judgement_changes_what_is_counted_and_so_it_is_counted_anew(vault):
    asked = Options(chosen(vault, "A", "C"))
    first = estimates.estimate(vault, asked, "", "keeper", AT)
    taken = [one for one in records_queries.judgements() if one.withdrawn is None]
    from django.contrib.auth import get_user_model

    from corroborate_node.estimates import queries

    keeper = get_user_model().objects.get()
    assert queries.since(keeper, queries.owner_run(first["id"])) == {}
    for one in taken[:60]:
        records_actions.take_back(owner(vault, AT), one.id)
    assert queries.since(keeper, queries.owner_run(first["id"])) == {"judgement": 60}
    second = estimates.estimate(vault, asked, "", "keeper", AT + DAY)
    assert second["id"] != first["id"]
    assert second["counted"]["people"] > first["counted"]["people"]
    said = {one["what"] for one in estimates.compare(vault, [first["id"], second["id"]])["different"]}
    assert {"Documented", "SHA-256 of the table", "judgements that stand"} <= said
    assert "Lists" not in said


def test_a_period_counts_those_taken_in_it_and_says_how_many_are_left_out(vault):
    lists = chosen(vault, "A", "C")
    whole = estimates.estimate(vault, Options(lists), "", "keeper", AT)["counted"]
    part = estimates.estimate(vault, Options(lists, since=1990, until=1999), "", "keeper", AT)["counted"]
    rest = estimates.estimate(vault, Options(lists, since=1900, until=1989), "", "keeper", AT)["counted"]
    assert 0 < part["people"] < whole["people"]
    assert part["undated"] == rest["undated"] > 0
    assert part["outside"] > 0


def test_whose_source_does_not_let_it_be_counted_before_them_is_not_counted(vault):
    lists = chosen(vault, "A", "C")
    own = estimates.estimate(vault, Options(lists), "", "keeper", AT)["counted"]
    assert own["unallowed"] == 0
    from corroborate_node.records.models import Consent as Kept
    from corroborate_node.records.models import Source

    rows = list(Source.objects.filter(part_of__title="C").values_list("id", flat=True)[:40])
    Kept.objects.filter(source_id__in=rows, audience="public").update(withdrawn=AT.date())
    public = estimates.estimate(vault, Options(lists, audience="public"), "", "keeper", AT)["counted"]
    assert public["unallowed"] >= 40
    assert public["lists"][1]["entries"] < own["lists"][1]["entries"]
    still = estimates.estimate(vault, Options(lists, audience="coalition"), "", "keeper", AT)["counted"]
    assert still["lists"] == own["lists"]


def test_silence_is_no(empty):
    from corroborate.importers import checked_mapping, person_entries, read_table
    from corroborate_node.records import batches

    for name, names in (("one", "김철수 리영희 박민호"), ("two", "최은경 정대현 강순옥")):
        file = empty.folder / f"{name}.csv"
        file.write_text("name\n" + "\n".join(names.split()) + "\n", encoding="utf-8")
        table = read_table(file)
        rows = person_entries(table, checked_mapping(table, {}), name, latest=2020).entries
        taken = batches.from_rows(rows, name, recorder="test", at=AT)
        records_actions.receive(owner(empty, AT), taken.entities, taken.sources, taken.consents, taken.claims)
    lists = tuple(one.id for one in queries.owner_lists())
    made = estimates.estimate(empty, Options(lists, audience="public"), "", "keeper", AT)
    assert (made["state"], made["result"]["refused"]) == ("refused", "nobody on these lists is left to count")
    made = estimates.estimate(empty, Options(lists), "", "keeper", AT)
    assert "no person is on two lists" in made["result"]["refused"]
    assert made["counted"]["people"] == 6
    assert made["result"]["remedy"]
    with pytest.raises(NotAllowed, match="refusal"):
        estimates.seal(empty, made["id"], "keeper", AT)


def test_what_was_sealed_verifies_by_itself_and_a_changed_digit_does_not(empty):
    made = estimates.estimate(empty, Options(table=TWO, table_name="two.csv"), "North and south", "keeper", AT)
    told = estimates.seal(empty, made["id"], "director", AT)
    with pytest.raises(InvalidValue, match="no signed checkpoint"):
        estimates.sealed_record(empty, made["id"], AT)
    log_actions.checkpoint(owner(empty, AT))
    with pytest.raises(NotAllowed, match="no release shows this estimate"):
        estimates.sealed_record(empty, made["id"], AT)
    number = making.make(owner(empty, AT), making.Asked("own", estimate=True))
    record, proof = estimates.sealed_record(empty, made["id"], AT)
    (given,) = summaries.one_release(owner(empty, AT), number).given
    assert (given.form, given.digest) == ("estimate", Digest.of(record).hex)
    read = Proof.parse(proof)
    assert read.index == told["sealed"]["index"]
    policy = Policy.parse(f"log {empty.signer.verifier()}\nquorum none\n")
    assert read.check(seal(record, read.extra).entry, policy).checkpoint.size == read.index + 1
    with pytest.raises(NotVerified):
        read.check(seal(record.replace(b'"documented":112', b'"documented":113'), read.extra).entry, policy)
    for name, content in (
        ("e.json", record),
        ("e.tlog-proof", proof),
        ("changed.json", record.replace(b"112", b"113")),
    ):
        (empty.folder.parent / name).write_bytes(content)
    (empty.folder.parent / "policy").write_text(f"log {empty.signer.verifier()}\nquorum none\n", encoding="utf-8")
    for name, code in (("e.json", 0), ("changed.json", 1)):
        files = [str(empty.folder.parent / one) for one in (name, "e.tlog-proof", "policy")]
        done = CliRunner().invoke(group, ["log", "check", *files[:2], "--policy", files[2], "--json"])
        assert (done.exit_code, b"valid" in done.stdout_bytes) == (code, code == 0), done.output
    inside = json.loads(record)
    assert inside["result"] == made["result"]
    assert inside["inputs"]["tables"] == [{"name": "overlap", "sha256": made["result"]["digest"]}]
    assert (inside["title"], inside["inputs"]["table"]) == ("North and south", "two.csv")
    assert "1,1,22" not in record.decode()  # no overlap cell stands in it
    assert [one.found for one in fixity.everything(empty) if one.about == "estimates"] == ["1 is what was sealed"]
    from corroborate_node.estimates.models import Sealed

    Sealed.objects.update(content=record.replace(b"director", b"somebody"))
    assert [one.state for one in fixity.everything(empty) if one.about == "estimates"] == ["wrong"]
    assert estimates.run(empty, made["id"])["sealed"]["holds"] is False


def test_the_sealed_one_is_what_pages_name_and_withdrawn_it_leaves_a_scar(empty):
    first = estimates.estimate(empty, Options(table=TWO), "", "keeper", AT)
    assert records_queries.kept("estimate") is None
    estimates.seal(empty, first["id"], "keeper", AT)
    second = estimates.estimate(empty, Options(table=TWO, seed=2), "", "keeper", AT)
    sealed = estimates.seal(empty, second["id"], "keeper", AT)
    assert records_queries.kept("estimate")["sealed"]["id"] == second["id"]
    size = log_queries.whole_tree().size
    with pytest.raises(InvalidValue, match="say why"):
        estimates.withdraw(empty, second["id"], "keeper", "  ", AT)
    with pytest.raises(NotAllowed, match="is sealed"):
        estimates.discard(empty, second["id"], AT)
    assert log_queries.whole_tree().size == size
    gone = estimates.withdraw(empty, second["id"], "director", "list south was copied from north", AT + DAY)
    assert log_queries.whole_tree().size == size + 1
    assert gone["sealed"]["index"] == sealed["sealed"]["index"]
    assert gone["sealed"]["why"] == "list south was copied from north"
    assert gone["sealed"]["holds"]
    assert gone["result"] == second["result"]
    assert records_queries.kept("estimate")["sealed"]["id"] == first["id"]
    for act in (lambda: estimates.seal(empty, second["id"], "keeper", AT),
                lambda: estimates.withdraw(empty, second["id"], "keeper", "again", AT)):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    estimates.withdraw(empty, first["id"], "keeper", "both", AT)
    assert records_queries.kept("estimate") is None
    assert [one for one in fixity.everything(empty) if one.state == "wrong"] == []


def test_a_result_about_fewer_than_ten_people_stays_in_the_vault(empty):
    made = estimates.estimate(empty, Options(table=STRATA, by=("place",)), "", "keeper", AT)
    estimates.seal(empty, made["id"], "keeper", AT)
    log_actions.checkpoint(owner(empty, AT))
    with pytest.raises(NotAllowed, match="fewer than 10"):
        estimates.sealed_record(empty, made["id"], AT)


def test_a_cancelled_run_stays_cancelled_and_its_process_ends(empty):
    from corroborate_node.estimates import actions, models
    from corroborate_node.estimates import states as in_state

    run = actions.ask(owner(empty, AT), Options(table=FOUR), "")
    other = actions.ask(owner(empty, AT), Options(table=TWO), "")
    for _ in range(200):
        if models.Run.objects.get(id=run.id).share > 0.2:
            break
        time.sleep(0.1)
    actions.cancel(owner(empty, AT), run)
    for _ in range(300):
        if models.Run.objects.get(id=other.id).state == in_state.DONE:
            break
        time.sleep(0.1)
    assert models.Run.objects.get(id=other.id).state == in_state.DONE  # the next went on
    run.refresh_from_db()
    assert (run.state, run.result) == (in_state.CANCELLED, None)
    with pytest.raises(NotAllowed, match="not under way"):
        actions.cancel(owner(empty, AT), run)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # what is asked of it here
def test_a_run_that_breaks_ends_as_failed_and_those_after_it_go_on(empty):
    from corroborate_node.estimates import actions, models
    from corroborate_node.estimates import states as in_state

    actions.ask(owner(empty, AT), Options(table=FOUR, seed=9), "")  # those after it wait
    broken = actions.ask(owner(empty, AT), Options(table=FOUR), "")
    models.Run.objects.filter(id=broken.id).update(tables=[{"name": "overlap", "csv": "no table", "digest": ""}])
    worse = actions.ask(owner(empty, AT), Options(table=FOUR, seed=3), "")
    models.Run.objects.filter(id=worse.id).update(asked={"nonsense": 1})
    good = actions.ask(owner(empty, AT), Options(table=TWO), "")
    for _ in range(2400):
        if models.Run.objects.get(id=good.id).state == in_state.DONE:
            break
        time.sleep(0.1)
    states = dict(models.Run.objects.values_list("id", "state"))
    assert (states[worse.id], states[good.id]) == (in_state.FAILED, in_state.DONE)
    assert states[broken.id] in (in_state.FAILED, in_state.REFUSED)


CRASH = """
import os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from corroborate_node import api
from corroborate_node.core.desk import owner
with api.open_vault(Path(sys.argv[1]), sys.argv[2]) as vault:
    from corroborate_node.estimates import actions, models
    from corroborate_node.estimates import states as in_state
    from corroborate_node.estimates.options import Options
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    runs = [actions.ask(owner(vault, at), Options(table=sys.argv[4], seed=seed), "") for seed in (1, 2)]
    while models.Run.objects.get(id=runs[0].id).share <= 0.2:
        time.sleep(0.05)
    from corroborate_node.core.jobs import jobs
    print(jobs.process_id, flush=True)
    os._exit(9) if sys.argv[3] == "crash" else None
"""


@pytest.mark.parametrize("how", ["crash", "close"])
def test_what_was_under_way_when_the_vault_closed_is_interrupted_and_its_process_is_gone(tmp_path, how):
    api.create_vault(tmp_path / "vault", "새봄인권기록회", PASSPHRASE)
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(tmp_path / "vault"), PASSPHRASE, how, FOUR],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == (9 if how == "crash" else 0), done.stderr
    for _ in range(100):
        if not os.path.exists(f"/proc/{done.stdout.strip()}"):  # noqa: PTH110 - of the system, no file of ours
            break
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{done.stdout.strip()}")  # noqa: PTH110
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        assert [one["state"] for one in estimates.runs(vault)] == ["interrupted", "interrupted"]
        from corroborate_node.estimates import actions, queries

        first = queries.owner_run(estimates.runs(vault)[0]["id"])
        new = actions.again(owner(vault, datetime.now(UTC)), first)
        actions.cancel(owner(vault, AT), new)
        assert first.id not in [one["id"] for one in estimates.runs(vault)]


def test_a_discarded_result_is_brought_back_as_it_was(empty):
    from corroborate_node.estimates import actions, queries

    made = estimates.estimate(empty, Options(table=TWO), "kept", "keeper", AT)
    estimates.discard(empty, made["id"], AT)
    assert estimates.runs(empty) == []
    with pytest.raises(NotAllowed):
        estimates.seal(empty, made["id"], "keeper", AT)
    actions.restore(owner(empty, AT), queries.owner_run(made["id"]))
    assert estimates.run(empty, made["id"]) == made


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "choose lists"),
        ({"lists": ("source_1",)}, "one list alone"),
        ({"lists": ("source_1", "source_1")}, "one list alone"),
        ({"lists": ("source_1", "source_2"), "table": TWO}, "one of the two"),
        ({"table": TWO, "since": 1990}, "no dates"),
        ({"table": "a,b,count\n1,0,x\n"}, "no whole number"),
        ({"table": "a,b,count\n0,0,3\n"}, "on no list"),
        ({"table": "a,b,count\n1,0,-3\n"}, "negative"),
        ({"table": "a,b\n1,0\n"}, "last column"),
        ({"table": TWO, "by": ("place",)}, "no column place"),
        ({"table": "a,b,count\n" + "1,0,1\n" * 200_000}, "larger than 1 MB"),
        ({"lists": ("a", "b"), "by": ("shoe size",)}, "no strata"),
        ({"lists": ("a", "b"), "by": ("sex",), "joining": "drawn"}, "one of them"),
        ({"lists": ("a", "b"), "since": 2000, "until": 1990}, "before it begins"),
        ({"lists": ("a", "b"), "since": 19}, "no year"),
        ({"lists": ("a", "b"), "audience": "named body"}, "no audience"),
        ({"lists": ("a", "b"), "seed": -1}, "no seed"),
        ({"lists": ("a", "b"), "level": 1.0}, "no level"),
    ],
)
def test_what_cannot_be_estimated_as_asked_is_refused_with_the_reason(wrong, said):
    with pytest.raises(InvalidValue, match=said):
        Options(**wrong)


def test_a_list_that_is_not_here_and_a_hub_are_refused(empty, tmp_path):
    with pytest.raises(InvalidValue, match="no list"):
        estimates.estimate(empty, Options(("source_1", "source_2")), "", "keeper", AT)
    with pytest.raises(InvalidValue, match="longer than"):
        estimates.estimate(empty, Options(table=TWO), "x" * 201, "keeper", AT)
    with pytest.raises(InvalidValue, match="no estimate estimate_0 in"):
        estimates.run(empty, "estimate_0")


def test_a_hub_estimates_nobody(tmp_path):
    api.create_vault(tmp_path / "hub", "Hub", PASSPHRASE, hub=True)
    with api.open_vault(tmp_path / "hub", PASSPHRASE) as hub, pytest.raises(NotAllowed, match="hub"):
        estimates.estimate(hub, Options(table=TWO), "", "keeper", AT)


def test_nobody_without_an_account_sees_any_and_no_page_asks_more_than_twenty_times(vault):
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from corroborate_node.estimates import queries

    ids = [estimates.estimate(vault, Options(table=TWO, seed=seed), "", "keeper", AT)["id"] for seed in range(4)]
    estimates.seal(vault, ids[0], "keeper", AT)
    assert list(queries.runs(AnonymousUser())) == queries.lists_here(AnonymousUser()) == []
    assert queries.run(AnonymousUser(), ids[0]) is None
    client = Client(HTTP_HOST="localhost")
    compared = "&".join(f"run={one}" for one in ids)
    paths = ["", "/new", f"/{ids[0]}", f"/{ids[1]}", f"/compare?{compared}", ".json", f"/{ids[0]}.json",
             f"/{ids[0]}/progress", f"/compare.json?{compared}"]  # fmt: skip
    for path in [*paths, f"/{ids[0]}/sealed.json"]:
        assert client.get(f"/estimates{path}").status_code == 302
    client.force_login(get_user_model().objects.get(username="keeper"))
    for path in paths:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(f"/estimates{path}")
        assert answer.status_code == 200, path
        assert len(asked) <= 20, (path, [one["sql"] for one in asked])
    assert f"/estimates/{ids[0]}" in client.get("/estimate").content.decode()
    told = client.get(f"/estimates/{ids[0]}.json").json()
    assert told == estimates.run(vault, ids[0])
    assert client.get(f"/estimates/compare.json?{compared}").json() == estimates.compare(vault, ids)
    answer = client.post("/estimates/new", {"from": "lists", "lists": ["x"]}, headers={"Accept": "application/json"})
    assert (answer.status_code, "Choose one of those listed" in answer.json()["refused"]) == (400, True)
    assert client.get("/estimates/estimate_0").status_code == 404
    assert client.get(f"/estimates/{ids[0]}/seal").status_code == 405


def test_a_consent_is_asked_on_the_day_of_the_run(vault):
    from corroborate_node.records.models import Consent as Kept
    from corroborate_node.records.models import Source

    rows = Source.objects.filter(part_of__title="A")
    Kept.objects.filter(source__in=rows).delete()
    given = Consent(new_id("consent", milliseconds=1, randomness=bytes(10)), rows[0].id, frozenset({"count"}), "own",
                    (AT + 30 * DAY).date())  # fmt: skip
    from corroborate_node.records.rows import consent_row

    consent_row(given).save()
    asked = Options(chosen(vault, "A", "C"))
    before = estimates.estimate(vault, asked, "", "keeper", AT)
    after = estimates.estimate(vault, asked, "", "keeper", AT + 40 * DAY)
    assert [one["counted"]["lists"][0]["entries"] for one in (before, after)] == [0, 1]


LIGHT = """
import sys
from pathlib import Path
from corroborate_node import api
with api.open_vault(Path(sys.argv[1]), sys.argv[2]):
    import corroborate_node.urls
    print([one for one in ("splink", "duckdb", "numba", "scipy", "pyarrow") if one in sys.modules])
"""


def test_pages_need_nothing_of_what_only_analysis_installs(made_empty, tmp_path):
    copied(made_empty, tmp_path / "vault", PASSPHRASE)
    said = [sys.executable, "-c", LIGHT, str(tmp_path / "vault"), PASSPHRASE]
    assert subprocess.run(said, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_program_asks_waits_seals_and_withdraws_by_json(empty):
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    client = Client(HTTP_HOST="localhost", headers={"accept": "application/json"})
    client.force_login(get_user_model().objects.get(username="keeper"))
    file = SimpleUploadedFile("two.csv", TWO.encode())
    made = client.post("/estimates/new", {"from": "table", "title": "by JSON", "table": file, "seed": "4"}).json()
    path = f"/estimates/{made['id']}"
    for _ in range(400):
        if not client.get(f"{path}/progress").json()["under_way"]:
            break
        time.sleep(0.1)
    done = client.get(f"{path}.json").json()
    assert (done["state"], done["asked"]["seed"], done["result"]["documented"]) == ("done", 4, 112)
    assert client.post(f"{path}/seal").json()["sealed"]["holds"] is True
    again = client.post(f"{path}/seal")
    assert (again.status_code, "already" in again.json()["refused"]) == (400, True)
    assert client.post(f"{path}/withdraw", {"why": ""}).status_code == 400
    assert client.post(f"{path}/withdraw", {"why": "a test"}).json()["sealed"]["why"] == "a test"
    assert client.post(f"{path}/discard").status_code == 400
    broken = client.post("/estimates/new", {"from": "table", "table": SimpleUploadedFile("x", b"\xff\xfe\x00")})
    assert "UTF-8" in broken.json()["refused"]
    strata = client.post("/estimates/new", {"from": "table", "table": SimpleUploadedFile("s.csv", STRATA.encode())})
    assert "the columns place hold more than 0 and 1" in strata.json()["refused"]
