"""Which pairs are compared at all: entries that share a block, and no block so large that it eats the machine.

A block is what a few entries are likely to share if they are one person: a form of the whole name; or part of a name with
a date or a place. Blocks that hold too many entries are left out, the largest first, until the pairs fit the budget; what
that leaves without any block is said, and refused when it is most of the lists.
"""

from dataclasses import dataclass

import duckdb

from corroborate.errors import NotLinkable


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be compared."""

    largest_block: int = 3_000  # entries
    pairs_each: int = 8  # compared pairs an entry, on average over all entries
    least_pairs: int = 1_000_000  # small lists may compare this many in any case
    lost: float = 0.5  # share of the named entries that may lose all their blocks before linking is refused


# Each rule: what it is called, and the columns that make a block of it (lists are taken apart). The first is by name.
RULES: tuple[tuple[str, str, str], ...] = (
    ("whole name", "unnest(weak)", "true"),
    ("hanja", "hanja", "hanja is not null"),
    ("sound in Japanese", "unnest(list_concat(heard, sounded))", "(select bool_or(len(heard) > 0) from entries)"),
    ("given name and birth", "given || '|' || coalesce(born_on, birth_first::varchar)", "birth_first = birth_last or born_on is not null"),
    ("given name and birth year", "given || '|' || birth_first", "birth_first = birth_last"),
    ("family name and day of birth", "family || '|' || born_on", "true"),
    ("day of birth and sex or region", "born_on || '|' || coalesce(region, sex, '')", "true"),
    ("given name and place", "given || '|' || place", "true"),
    ("family name, place and birth year", "family || '|' || place || '|' || birth_first", "birth_first = birth_last"),
    ("family name, place and year of the event", "family || '|' || place || '|' || event_first", "event_first = event_last"),
    ("family name, facility and birth year", "family || '|' || facility || '|' || birth_first", "birth_first = birth_last"),
    ("part of a name, and place", "family || '|' || right(coalesce(part, given), 1) || '|' || place", "right(coalesce(part, given), 1) <> '?'"),
    ("part of a name, and facility", "family || '|' || right(coalesce(part, given), 1) || '|' || facility", "right(coalesce(part, given), 1) <> '?'"),
    ("family name and birth year", "family || '|' || birth_first", "birth_first = birth_last"),
    ("family name and place", "family || '|' || place", "true"),
    ("beginnings of both names", "left(given, 3) || '|' || left(family, 3)", "regexp_matches(given, '^[a-z]')"),
    ("beginning of the given name, month and day of birth", "left(given, 1) || '|' || right(born_on, 4)", "true"),
    ("beginning of the family name, month and day of birth", "left(family, 1) || '|' || right(born_on, 4)", "true"),
    ("given name", "given", "true"),  # rare ones only, where the lists are long: the budget leaves the large blocks out
    ("family name", "family", "true"),
    ("place", "place", "true"),
    ("place and birth year", "place || '|' || birth_first || '|' || coalesce(sex, '')", "birth_first = birth_last"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blocked:
    """How many pairs will be compared, and which blocks were left out."""

    pairs: int
    notices: tuple[str, ...]
    by_rule: tuple[tuple[str, int], ...]  # pairs each rule would give alone


def run(engine: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Carry out a statement to its end: the engine holds the connection until its answer is read."""
    engine.execute(sql).fetchall()


def block(engine: duckdb.DuckDBPyConnection, count: int, budget: Budget) -> Blocked:
    """Make the table ``pairs`` (join_key_l < join_key_r, match_key) from ``entries``. Raises NotLinkable for an explosion."""
    split = [  # a list is taken apart before it is hashed
        f"select id, {at}::utinyint as rule, hash({at}, made) as block from "
        f"(select unique_id as id, {made} as made from entries where {when}) where made is not null"
        for at, (_, made, when) in enumerate(RULES)
    ]
    run(
        engine,
        f"create or replace temp table blocks as select distinct id, rule, block from ({' union all '.join(split)})",
    )
    run(
        engine,
        "create or replace temp table sizes as select rule, block, count(*) as n, any_value(id) as example from blocks"
        " group by rule, block having count(*) > 1",
    )
    most = max(budget.least_pairs, budget.pairs_each * count)
    by_size = engine.execute("select n, count(*) as blocks from sizes group by n order by n").fetchall()
    largest, total = 1, 0
    for n, blocks in by_size:
        total += blocks * n * (n - 1) // 2
        if n > budget.largest_block or total > most:
            break
        largest = n
    notices = _left_out(engine, count, largest, budget)
    by_rule = engine.execute(
        "select rule, sum(n * (n - 1) // 2)::bigint from sizes where n <= ? group by rule order by rule", [largest]
    ).fetchall()
    run(
        engine,
        "create or replace temp table kept as select id, block from blocks semi join"
        f" (select rule, block from sizes where n <= {largest}) using (rule, block)",
    )
    run(
        engine,
        "create or replace table pairs as select distinct a.id as join_key_l, b.id as join_key_r, '0' as match_key"
        " from kept a join kept b on a.block = b.block and a.id < b.id",
    )
    for name in ("blocks", "sizes", "kept"):
        run(engine, f"drop table {name}")
    pairs = engine.execute("select count(*) from pairs").fetchall()[0]
    return Blocked(int(pairs[0]), tuple(notices), tuple((RULES[r][0], int(n)) for r, n in by_rule))


def _left_out(engine: duckdb.DuckDBPyConnection, count: int, largest: int, budget: Budget) -> list[str]:
    large = engine.execute(
        f"select s.rule, s.n, e.key, e.family, e.given, e.place from sizes s join entries e on e.unique_id = s.example"
        f" where s.n > {largest} order by s.n desc, s.rule limit 200"
    ).fetchall()
    if not large:
        return []
    named = engine.execute("select count(*) from entries where named").fetchall()[0]
    lost = engine.execute(
        "select count(*) from entries e where named and not exists (select 1 from blocks b left join sizes s"
        f" using (rule, block) where b.id = e.unique_id and coalesce(s.n, 1) <= {largest})"
    ).fetchall()[0]
    rule, n, key, family, given, place = large[0]
    what = key if RULES[rule][0] == "whole name" else ", ".join(x for x in (family, given, place) if x)
    if lost[0] > budget.lost * named[0]:
        raise NotLinkable(
            f"{n:,} entries share the block “{RULES[rule][0]}: {what}”, and {lost[0]:,} of {named[0]:,} entries have no"
            f" other: comparing them would take {n * (n - 1) // 2:,} pairs. Give a field that tells them apart (given name,"
            " birth, place: --map birth=COLUMN), or link one region or year at a time"
        )
    said = [f"{n:,} entries share the key {key}: not compared by it" for r, n, key, *_ in large if r == 0][:5]
    others = sum(1 for r, *_ in large if r != 0)
    if others:
        said.append(f"{others:,} other blocks of more than {largest:,} entries were left out")
    if lost[0]:
        said.append(f"{lost[0]:,} entries stand in no block small enough: they were compared with nobody")
    return said
