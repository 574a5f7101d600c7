"""The second engine: a Spark that a member already runs, or Spark's local mode on this machine.

Names, dates and places of the lists are sent to Spark's workers and stand in their memory in clear, so the cluster must
be the member's own. What Spark writes to its local folders is encrypted where the session is made here. Nothing of ours
runs on the workers: they need neither Python nor Corroborate.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DoubleType
from splink.backends.spark import similarity_jar_location

from corroborate.errors import EngineUnavailable
from corroborate.linkage.blocking import PARTS, RULES, Blocked, Budget, few, largest_kept, left_out
from corroborate.linkage.engine import Compared
from corroborate.linkage.levels import Ints, condition, plain
from corroborate.linkage.scoring import present
from corroborate.linkage.spark_sql import exploded, on_spark

_MASTER = re.compile(r"local(\[[\d*, ]+\])?|yarn|(spark|k8s)://.+")
_LOG = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
logger.python.name = org.apache.spark.api.python.PythonGatewayServer
logger.python.level = error
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = Spark: %c{1}%n
"""  # which part of Spark complains, and not of what: a message may hold a value of a row


@dataclass(frozen=True, slots=True)
class Spark:
    """Finds and compares pairs on a session: one that ``spark`` made, or your own, whose tables, views and functions
    stay as they are."""

    session: SparkSession

    def compare(self, table: pa.Table, budget: Budget) -> Compared:
        comparisons = present(table)
        with _explained("Spark stopped"), ExitStack() as until_done:
            work = _Work(self.session.newSession(), until_done)
            work.take("entries", work.session.createDataFrame(plain(table)))
            blocked = few(len(table), budget)
            pairs = _ALL_PAIRS
            if blocked is None:
                cut, notices, by_rule = _block(work, table, budget)
                blocked, pairs = Blocked(0, tuple(notices), tuple(by_rule), cut), _pairs(cut)
            rows = work.ask(_levels(pairs, comparisons, table.column_names))
        left, right = rows["l"].to_numpy(), rows["r"].to_numpy()
        order = np.lexsort((right, left))
        levels = {name: rows[name].to_numpy()[order] for name in comparisons}
        return Compared(left[order], right[order], levels, replace(blocked, pairs=len(rows)))


@contextmanager
def spark(master: str | None, environ: Mapping[str, str]) -> Iterator[Spark]:
    """Spark at ``master`` (``local[2]``, ``spark://host:7077``, ``yarn``). Without one, as Spark's own configuration in
    ``environ`` has it, or else on this machine, where nothing listens but on its loopback address.

    Raises EngineUnavailable where there is no Java, or no Spark answers, or one is in use: hand that over as ``Spark``.
    """
    if master is not None and _MASTER.fullmatch(master) is None:
        raise EngineUnavailable(
            "{master!r} is no address of Spark (spark://host:7077, k8s://..., yarn, local[2])", master=master
        )
    if "SPARK_REMOTE" in environ:
        raise EngineUnavailable(
            "SPARK_REMOTE names a Spark Connect server, to which the functions that linkage needs cannot be sent: unset"
            " it, and give the address of the cluster itself"
        )
    if not _java(environ):
        raise EngineUnavailable(
            "Spark needs Java 17 or newer, and there is none here. Install it (on Debian: apt install"
            " default-jre-headless), or set JAVA_HOME"
        )
    if SparkSession.getActiveSession() is not None:
        raise EngineUnavailable("this process has a Spark session already: give it as the engine, Spark(session)")
    configured = not {"SPARK_HOME", "SPARK_CONF_DIR"}.isdisjoint(environ)
    if master is None and not configured:
        master = "local[*]"
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).setLevel(logging.CRITICAL)  # they write the question, and values, to stderr
    with tempfile.TemporaryDirectory(prefix="corroborate-spark-") as folder:
        with _explained(f"no Spark answers at {master or 'the address that its configuration gives'}"):
            session = _session(master, Path(folder), quiet=not configured)
        try:
            yield Spark(session)
        finally:
            session.stop()


def _java(environ: Mapping[str, str]) -> bool:
    home = environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else environ.get("PATH")) is not None


def _session(master: str | None, folder: Path, quiet: bool) -> SparkSession:
    settings = {
        "spark.io.encryption.enabled": "true",  # of what is spilled and shuffled
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.maxResultSize": "0",  # pairs grow with the lists; the budget bounds them
    }
    if master is not None:
        settings["spark.master"] = master
    if quiet:
        log = folder / "log4j2.properties"
        log.write_text(_LOG, encoding="ascii")
        settings["spark.driver.extraJavaOptions"] = f"-Dlog4j2.configurationFile={log}"
    if master is not None and master.startswith("local"):
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.authenticate": "true",
            "spark.network.crypto.enabled": "true",
            "spark.driver.memory": "4g",
            "spark.sql.shuffle.partitions": "8",
            "spark.local.dir": str(folder),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
    builder = SparkSession.builder.appName("corroborate")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Spark's errors as one of ours: their kind, and not their text, which may hold a value of a row."""
    try:
        yield
    except PySparkException as error:
        raise EngineUnavailable(
            "{what} ({getcondition})", what=what, getcondition=error.getCondition() or type(error).__name__
        ) from error
    except Py4JError as error:
        cause = getattr(error, "java_exception", None)
        raise EngineUnavailable(
            "{what} ({which})", what=what, which=cause.getClass().getName() if cause else type(error).__name__
        ) from error


def functions(session: SparkSession) -> None:
    """Give a session the functions that the model asks for and Spark has not."""
    session.sql(f"add jar '{similarity_jar_location()}'")
    for name, theirs in (("damerau_levenshtein", "LevDamerauDistance"), ("jaro_sim", "JaroSimilarity")):
        session.udf.registerJavaFunction(name, f"uk.gov.moj.dash.linkage.{theirs}", DoubleType())


class _Work:
    """Tables of one comparison, in a session of their own, until it is done."""

    def __init__(self, session: SparkSession, until_done: ExitStack) -> None:
        self.session, self._until_done = session, until_done
        functions(session)

    def take(self, name: str, rows: DataFrame) -> None:
        """Keep rows that are asked for more than once, under a name."""
        kept = rows.persist()
        self._until_done.callback(kept.unpersist)
        kept.createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        self.take(name, self.session.sql(sql))

    def ask(self, sql: str) -> pa.Table:
        return self.session.sql(sql).toArrow()


def _block(work: _Work, table: pa.Table, budget: Budget) -> tuple[int, list[str], list[tuple[str, int]]]:
    """Make the tables ``blocks`` and ``sizes``, the same blocks as ``blocking.block`` has. Gives how many entries the
    largest block has that is kept, what is said of the others, and the pairs that each rule would give alone."""
    work.keep("blocks", _blocks())
    work.keep("sizes", "select rule, block, count(*) as n, max(id) as id from blocks group by rule, block")
    sizes = work.ask("select rule, n, count(*) as blocks, max(id) as id from sizes group by rule, n").to_pylist()
    counts: dict[int, int] = {}
    for each in sizes:
        counts[each["n"]] = counts.get(each["n"], 0) + each["blocks"]
    cut = largest_kept(counts, len(table), budget)
    by_rule = {each["rule"]: 0 for each in sorted(sizes, key=lambda each: each["rule"])}
    for each in sizes:
        by_rule[each["rule"]] += each["blocks"] * each["n"] * (each["n"] - 1) // 2 if each["n"] <= cut else 0
    worst = max(((each["n"], -each["rule"], each["id"]) for each in sizes), default=(0, 0, 0))
    notices = left_out(table, cut, _smallest(work, len(table)), worst, budget) if worst[0] > cut else []
    return cut, notices, [(RULES[rule][0], pairs) for rule, pairs in by_rule.items()]


def _smallest(work: _Work, entries: int) -> Ints:
    """How many entries the least block of each entry holds."""
    least = work.ask("select b.id, min(n) as n from blocks b join sizes using (rule, block) group by b.id")
    found = np.full(entries, np.iinfo(np.int32).max, dtype=np.int32)
    found[least["id"].to_numpy()] = least["n"].to_numpy()
    return found


def _blocks() -> str:
    """The blocks of each entry, as one question: a rule gives an array of hashes, empty where a part is missing."""
    made = {name: exploded(sql) for name, sql in PARTS.items()}
    number = {name: f"part_{at}" for at, name in enumerate(made)}
    values = ", ".join(f"{sql} as {number[name]}" for name, (sql, _) in made.items())
    rules = []
    for _, parts in RULES:
        found = (
            f"array(xxhash64({', '.join(f'each_{number[part]}' if made[part][1] else number[part] for part in parts)}))"
        )
        for part in parts:
            if made[part][1]:
                found = f"flatten(transform({number[part]}, each_{number[part]} -> {found}))"
        rules.append(f"if({' and '.join(f'{number[part]} is not null' for part in parts)}, {found}, array())")
    return (
        f"select id, rule, block from (select unique_id as id, {values} from entries)"
        f" lateral view posexplode(array({', '.join(rules)})) r as rule, each lateral view explode(each) b as block"
    )


_ALL_PAIRS = (
    "with pairs as (select a.unique_id as l, b.unique_id as r from entries a cross join entries b"
    " where a.unique_id < b.unique_id)"
)


def _pairs(cut: int) -> str:
    """The pairs in blocks that are kept, l < r, each once."""
    return (
        "with kept as (select b.id, rule, block from blocks b join sizes using (rule, block)"
        f" where n between 2 and {cut}),"
        " pairs as (select distinct a.id as l, b.id as r from kept a join kept b using (rule, block) where a.id < b.id)"
    )


def _levels(pairs: str, comparisons: tuple[str, ...], columns: list[str]) -> str:
    """Pairs, and the level of each comparison."""
    left, right = (", ".join(f"{name} as {name}_{side}" for name in columns) for side in "lr")
    levels = "".join(f", cast({on_spark(condition(name))} as tinyint) as {name}" for name in comparisons)
    return (
        f"{pairs} select l, r{levels} from pairs join (select {left} from entries) on l = unique_id_l"
        f" join (select {right} from entries) on r = unique_id_r"
    )
