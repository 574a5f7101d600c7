"""The model's SQL in Spark's words, so that both engines answer each question alike.

What makes blocks and what is compared is written once, for DuckDB (``blocking.PARTS``, ``model.COMPARISONS``). sqlglot
translates it; what sqlglot leaves as it was, or takes to mean something else, stands here:

- Edit distances and Jaro-Winkler count bytes of UTF-8 on DuckDB and characters on Spark. Each byte is read as a
  character of its own (ISO 8859-1), which makes Spark count bytes too.
- Damerau-Levenshtein comes from the library that Splink brings for Spark; it agrees with DuckDB's.
- Jaro-Winkler from that library halves the number of letters out of place; DuckDB's, like Winkler's own program,
  leaves out the remainder. So it is spelled out (Jaro 1989, JASA 84; Winkler 1990, Proc. Survey Research Methods).
  The library's Jaro finds the same letters, so it is less by a sixth at most: what stays under the limit by more than
  that is sorted out by it, at a fiftieth of the cost.
"""

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark
from sqlglot.generator import Generator

from corroborate.linkage.entries import SCHEMA

_LISTS = frozenset(field.name for field in SCHEMA if str(field.type).startswith("list"))


def _let(name: str, value: str, then: str) -> str:
    """Spark has no let: the one element of a list, transformed."""
    return f"element_at(transform(array({value}), {name} -> {then}), 1)"


# v.l, v.r: two texts, neither empty. v.w: how far apart letters may stand and still meet. met.rest: v.l, with a mark
# that no byte is read as where a letter is met. met.met: the letters of v.r that met one, in their order.
_WINKLERS = 0.7
_MARK = "\u0100"
_AT = "locate(substring(v.r, n, 1), left(met.rest, n + v.w), greatest(n - v.w, 1))"
_MET = (
    f"aggregate(sequence(1, length(v.r)), named_struct('rest', v.l, 'met', ''), (met, n) -> if({_AT} = 0, met,"
    f" named_struct('rest', overlay(met.rest placing '{_MARK}' from {_AT} for 1),"
    " 'met', concat(met.met, substring(v.r, n, 1)))))"
)
_THEIRS = f"filter(split(v.l, ''), (c, i) -> substring(m.rest, i + 1, 1) = '{_MARK}')"
_MOVED = f"size(filter(zip_with(split(m.met, ''), {_THEIRS}, (x, y) -> x <> y), z -> z)) div 2"
_JARO = f"(length(m.met) / length(v.l) + length(m.met) / length(v.r) + (length(m.met) - {_MOVED}) / length(m.met)) / 3"
_BEGINNING = " + ".join(
    f"int(length(v.l) >= {n} and length(v.r) >= {n} and left(v.l, {n}) = left(v.r, {n}))" for n in range(1, 5)
)
_WINKLER = _let("s", _JARO, f"if(s > {_WINKLERS}D, s + ({_BEGINNING}) * 0.1D * (1 - s), s)")
_SIMILAR = _let("m", _MET, f"if(m.met = '', 0D, {_WINKLER})")


def _bytes(text: str) -> str:
    return f"decode(encode({text}, 'UTF-8'), 'ISO-8859-1')"


def _damerau(left: str, right: str) -> str:
    """The library takes a missing text for an empty one."""
    distance = f"damerau_levenshtein({_bytes(left)}, {_bytes(right)})"
    return f"if({left} is null or {right} is null, null, {distance})"


def _jaro_winkler(left: str, right: str) -> str:
    window = f"greatest(greatest(octet_length({left}), octet_length({right})) div 2 - 1, 0)"
    texts = f"named_struct('l', {_bytes(left)}, 'r', {_bytes(right)}, 'w', {window})"
    similar = _let("v", texts, f"if(v.l = '' or v.r = '', 0D, {_SIMILAR})")
    return f"if({left} is null or {right} is null, null, {similar})"


class _OnSpark(Spark):
    """Spark's SQL as sqlglot writes it, with what it lacks."""

    class Generator(Spark.Generator):  # type: ignore[misc, valid-type]
        TRANSFORMS = {  # noqa: RUF012 - sqlglot's own way
            **Spark.Generator.TRANSFORMS,
            exp.ArrayOverlaps: lambda self, e: f"arrays_overlap({self.sql(e.this)}, {self.sql(e.expression)})",
            exp.ArrayConcat: lambda self, e: (
                "concat(" + ", ".join(f"coalesce({self.sql(each)}, array())" for each in (e.this, *e.expressions)) + ")"
            ),
            exp.Length: lambda self, e: f"{'array_size' if _is_list(e.this) else 'length'}({self.sql(e.this)})",
            exp.Levenshtein: lambda self, e: (
                f"levenshtein({_bytes(self.sql(e.this))}, {_bytes(self.sql(e.expression))})"
            ),
            exp.GT: lambda self, e: _above(self, e),
            exp.JarowinklerSimilarity: lambda self, e: _jaro_winkler(self.sql(e.this), self.sql(e.expression)),
            exp.RegexpFullMatch: lambda self, e: (
                f"{self.sql(e.this)} rlike concat('^(?:', {self.sql(e.expression)}, ')$')"
            ),
            exp.Anonymous: lambda self, e: (
                _damerau(*map(self.sql, e.expressions))
                if e.name.lower() == "damerau_levenshtein"
                else self.anonymous_sql(e)
            ),
        }


def _above(generator: Generator, node: exp.GT) -> str:
    """``>``; before Jaro-Winkler is worked out, the library's Jaro asked. What begins alike counts from 0.7 only, so a
    greater limit is never reached from less."""
    whole = generator.binary(node, ">")
    if not isinstance(node.this, exp.JarowinklerSimilarity) or float(node.expression.name) < _WINKLERS:
        return whole
    left, right = generator.sql(node.this.this), generator.sql(node.this.expression)
    near = f"jaro_sim({_bytes(left)}, {_bytes(right)}) > {_WINKLERS - 1 / 6 - 1e-6:.6f}D"
    return f"(({left} = {right} or {near}) and {whole})"  # of two letters alike the library says that nothing is


def _is_list(expression: exp.Expression) -> bool:
    if isinstance(expression, exp.ArrayConcat | exp.ArrayDistinct):
        return True
    return isinstance(expression, exp.Column) and expression.name.removesuffix("_l").removesuffix("_r") in _LISTS


def on_spark(sql: str) -> str:
    """An expression of the model, in Spark's SQL."""
    tree = parse_one(sql, read="duckdb")
    return tree.transform(_dear_last).sql(dialect=_OnSpark)


def exploded(sql: str) -> tuple[str, bool]:
    """A part of a block in Spark's SQL, and whether it is a list of which each member is one."""
    tree = parse_one(sql, read="duckdb")
    many = isinstance(tree, exp.Explode | exp.Unnest)
    inner = (tree.this if isinstance(tree, exp.Explode) else tree.expressions[0]) if many else tree
    return inner.sql(dialect=_OnSpark), many


def _dear_last(node: exp.Expr) -> exp.Expr:
    if not isinstance(node, exp.And) or isinstance(node.parent, exp.And):
        return node
    terms = sorted(node.flatten(), key=lambda term: term.find(exp.JarowinklerSimilarity) is not None)
    return exp.and_(*terms, copy=False)
