"""On Spark the lists link as on DuckDB: the same pairs, weights and clusters. Spark runs in local mode, two workers."""

import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from corroborate.errors import EngineUnavailable, NotLinkable
from corroborate.invented import make_world, write_lists
from corroborate.linkage import ENGINES, Engine, Linkage, Options, PersonEntry, link
from corroborate_cli.lists import entry, read_list
from corroborate_cli.main import group

Lists = dict[str, list[PersonEntry]]


@pytest.fixture(scope="module")
def engine(tool) -> Iterator[Engine]:
    tool("java")
    if importlib.util.find_spec("pyspark") is None:
        message = "needs pyspark (make spark), which this machine has not"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with ENGINES["spark"]("local[2]", os.environ) as opened:
        assert opened is not None
        yield opened


def invented(folder: Path) -> Lists:
    """Lists in Hangul, hanja, katakana and Latin, with missing fields, slips and relatives."""
    made = write_lists(make_world(2011, 600), folder)
    return {
        name: [entry(row) for row in read_list(path, name, maps=(), encoding=None, latest=2020)[1].entries]
        for name, path in made.files.items()
    }


def australians(people: int, seed: int) -> Lists:
    """Two lists as long as FEBRL's, with its kinds of slips: letters swapped, changed, dropped; names the other way."""
    chance = random.Random(seed)
    syllables = re.findall("..", "maritobelenakasowitojamelisarobeharlendavige")

    def words(count: int, longest: int) -> list[str]:
        return ["".join(chance.choices(syllables, k=chance.randint(2, longest))).capitalize() for _ in range(count)]

    def slipped(text: str) -> str:
        if chance.random() > 0.15 or len(text) < 3:
            return text
        at = chance.randrange(len(text) - 1)
        other = chance.choice("abcdefghijklmnopqrstuvwxyz" if text[at].isalpha() else "0123456789")
        return chance.choice(
            (text[:at] + text[at + 1] + text[at] + text[at + 2 :], text[:at] + other + text[at + 1 :])
            + ((text[:at] + text[at + 1 :],) if text.isalpha() else ())
        )

    given, family, towns = words(300, 3), words(800, 4), words(400, 4)
    lists: Lists = {"a": [], "b": []}
    for row in range(people):
        day = f"{chance.randint(1930, 1995)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        person = (chance.choice(given), chance.choice(family), day, chance.choice(towns), chance.choice(["nsw", "qld"]))
        for name, entries in lists.items():
            first, last, born, place, region = map(slipped, person)
            if chance.random() < 0.1:
                first, last = last, first
            entries.append(PersonEntry(
                name, row, (f"{first} {last}",), birth=(int(born[:4]),) * 2, born_on=born, family=last, given=first,
                place=None if chance.random() < 0.05 else place, region=region))  # fmt: skip
    return lists


def assert_same(one: Linkage, other: Linkage) -> None:
    """Pairs, decisions, clusters, overlap and notices; and beneath them every compared pair, level and weight."""
    assert one == other
    assert one.evidence is not None
    assert other.evidence is not None
    mine, theirs = one.evidence.scored, other.evidence.scored
    assert mine.blocked == theirs.blocked
    assert mine.learned == theirs.learned
    assert np.array_equal(mine.left, theirs.left)
    assert np.array_equal(mine.right, theirs.right)
    assert mine.levels.keys() == theirs.levels.keys()
    for name in mine.levels:
        assert np.array_equal(mine.levels[name], theirs.levels[name]), name
        assert np.abs(mine.weights[name] - theirs.weights[name]).max() <= 1e-9, name


@pytest.mark.spark
def test_lists_in_four_scripts_link_on_spark_as_on_duckdb(engine: Engine, tmp_path: Path):
    lists = invented(tmp_path)
    here = link(lists)
    assert sum(pair.decision == "match" for pair in here.pairs) > 100
    assert_same(here, link(lists, options=Options(engine=engine)))


@pytest.mark.spark
def test_lists_of_febrls_size_link_on_spark_as_on_duckdb(engine: Engine):
    lists = australians(2_500, seed=3)
    few = Options(largest_block=12)
    here = link(lists, options=few)
    assert sum(pair.decision == "match" for pair in here.pairs) > 2_000
    assert_same(here, link(lists, options=Options(largest_block=12, engine=engine)))


@pytest.mark.spark
def test_a_crowd_of_one_name_is_refused_on_spark_too(engine: Engine):
    crowd = {name: [PersonEntry(name, row, ("김영수",)) for row in range(4_000)] for name in "ab"}
    with pytest.raises(NotLinkable) as here:
        link(crowd)
    with pytest.raises(NotLinkable) as there:
        link(crowd, options=Options(engine=engine))
    assert str(there.value) == str(here.value)


@pytest.mark.spark
def test_both_engines_measure_texts_alike(engine: Engine):
    """Names alike or not, in letters of one to three bytes, empty or missing."""
    from corroborate.linkage.spark_sql import on_spark

    chance, rows = random.Random(1), []
    for alphabet in ("ab", "abcde", "0123456789", "가영수철é"):
        for _ in range(1_500):
            one = "".join(chance.choices(alphabet, k=chance.randrange(9)))
            near = "".join(chance.sample(one, len(one))) if chance.random() < 0.5 else one[1:] + chance.choice(alphabet)
            rows.append((one, chance.choice((near, "".join(chance.choices(alphabet, k=chance.randrange(9)))))))
    rows += [(None, "ab"), ("ab", None), ("", "")]
    left, right = zip(*rows, strict=True)
    texts = pa.table({"n": range(len(rows)), **{
        name: pa.array(made) for side, each in (("l", left), ("r", right))
        for name, made in ((f"given_{side}", each), (f"keys_{side}", [list(text) if text else None for text in each]))
    }})  # fmt: skip
    asked = [
        *(f"jaro_winkler_similarity(given_l, given_r) > {limit}" for limit in (0.749999, 0.879999, 0.899999)),
        "levenshtein(given_l, given_r)", "damerau_levenshtein(given_l, given_r)", "list_has_any(keys_l, keys_r)",
        "len(keys_l)", "length(given_l)", "regexp_full_match(given_l, replace(given_r, 'a', '.'))",
        "regexp_matches(given_l, '^[a-z]')", "right(given_l, 1)", "rtrim(given_l, 'b')",
        "len(list_concat(keys_l, keys_r))",
    ]  # fmt: skip
    with duckdb.connect() as here:
        here.register("texts", texts)
        known = here.sql(f"select {', '.join(asked)} from texts order by n").fetchall()  # noqa: S608
        exact = here.sql("select jaro_winkler_similarity(given_l, given_r) from texts order by n").fetchall()
    session = engine.session.newSession()  # type: ignore[attr-defined]
    from corroborate.linkage.spark import functions

    functions(session)
    session.createDataFrame(texts).createOrReplaceTempView("texts")
    answers = [f"{on_spark(sql)} as a{at}" for at, sql in enumerate(asked)]
    answers.append(f"{on_spark('jaro_winkler_similarity(given_l, given_r)')} as similar")
    found = session.table("texts").orderBy("n").selectExpr(*answers).toArrow()
    for at, sql in enumerate(asked):
        differ = [row for row, a, b in zip(rows, known, found[f"a{at}"].to_pylist(), strict=True) if a[at] != b]
        assert differ == [], sql
    for (a,), b in zip(exact, found["similar"].to_pylist(), strict=True):
        assert (a is None) == (b is None)
        assert a is None or abs(a - b) <= 1e-15


@pytest.mark.spark
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's table of sockets")
def test_spark_on_this_machine_listens_on_loopback_only(engine: Engine):
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    java = [pid for pid in children if "java" in Path(f"/proc/{pid}/cmdline").read_text()]
    assert java
    sockets = {str(fd.readlink()) for fd in Path(f"/proc/{java[0]}/fd").iterdir() if fd.is_symlink()}
    listening = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in sockets
    ]
    assert listening
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert {row[1].split(":")[0] for row in listening} <= loopback


@pytest.mark.spark
def test_linking_leaves_a_session_as_it_was(engine: Engine):
    session = engine.session  # type: ignore[attr-defined]
    session.range(3).createOrReplaceTempView("entries")
    link(australians(50, seed=5), options=Options(engine=engine))
    assert session.table("entries").count() == 3
    assert [table.name for table in session.catalog.listTables()] == ["entries"]
    assert session.sparkContext._jsc.getPersistentRDDs().isEmpty()
    session.catalog.dropTempView("entries")


def two_lists(folder: Path) -> list[str]:
    for name, second in (("a", "박철민,1961"), ("b", "이은희,1948")):
        (folder / f"{name}.csv").write_text(f"name,birth\n김영수,1950\n{second}\n", encoding="utf-8")
    return ["link", str(folder / "a.csv"), str(folder / "b.csv"), "--out", str(folder / "out")]


@pytest.mark.spark
def test_the_command_writes_the_same_files_on_spark_and_leaves_nothing_else(engine: Engine, tmp_path: Path):
    """A process of its own: it starts a Spark, and ends it."""
    asked, temporary = two_lists(tmp_path), tmp_path / "temporary"
    temporary.mkdir()
    assert CliRunner().invoke(group, asked).exit_code == 0
    known = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    shutil.rmtree(tmp_path / "out")
    got = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", *asked, "--backend", "spark", "--spark-master", "local[2]"],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True,
    )  # fmt: skip
    assert got.returncode == 0, got.stderr
    assert "in clear" in got.stderr
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == known
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.csv", "b.csv", "out", "temporary"]
    assert list(temporary.iterdir()) == []


@pytest.mark.spark
def test_without_java_the_command_says_what_to_install(engine: Engine, tmp_path: Path):
    got = CliRunner().invoke(group, [*two_lists(tmp_path), "--backend", "spark"], env={"PATH": "", "JAVA_HOME": None})
    assert got.exit_code == 2
    assert "default-jre-headless" in got.output
    assert not (tmp_path / "out").exists()


@pytest.mark.spark
@pytest.mark.parametrize(("master", "environ", "said"), [
    ("nowhere", {}, "no address of Spark"), ("yarn --conf a=b", {}, "no address of Spark"),
    (None, {"SPARK_REMOTE": "sc://localhost"}, "SPARK_REMOTE"),
])  # fmt: skip
def test_an_address_that_cannot_be_is_refused(engine: Engine, master: str | None, environ: dict[str, str], said: str):
    with pytest.raises(EngineUnavailable, match=said), ENGINES["spark"](master, {**os.environ, **environ}):
        pass


@pytest.mark.spark
def test_a_session_in_use_is_neither_taken_nor_ended(engine: Engine):
    with pytest.raises(EngineUnavailable, match="already"), ENGINES["spark"]("local[2]", os.environ):
        pass
    assert engine.session.range(3).count() == 3  # type: ignore[attr-defined]


def test_without_pyspark_the_command_says_what_to_install(tmp_path: Path):
    without = "import sys; sys.modules['pyspark'] = None; from corroborate_cli.main import main; main()"
    got = subprocess.run(
        [sys.executable, "-c", without, *two_lists(tmp_path), "--backend", "spark"], capture_output=True, text=True
    )
    assert got.returncode == 2
    assert "corroborate-vault[analysis,spark]" in got.stderr
    assert not (tmp_path / "out").exists()


def test_an_address_of_spark_without_spark_is_misuse(tmp_path: Path):
    got = CliRunner().invoke(group, [*two_lists(tmp_path), "--spark-master", "local[2]"])
    assert got.exit_code == 2
    assert "--backend spark" in got.output
