"""Questions about what is encrypted, put so that the database can answer them, or answered here.

- A text that is blind is asked for by its one writing. What else is asked of it (that it begins with, contains, comes
  after) is asked of every text of the column here, and the database is given the writings of those that fit.
- What is sealed is opened here, row by row of those that the rest of the question leaves, and the database is given
  their keys.
- An order by either is made here, and handed over as the place of each.

The same questions of the ORM so mean the same on both databases. Whoever watches the server at work learns which rows
answer a question and in which order they are shown, and no word of them. An expression that would have the database
read what is sealed is refused, never answered wrongly.
"""

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import lookups
from django.db.models.expressions import Col, Combinable, Func, OrderBy, Ref
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat, ConcatPair
from django.db.models.sql import compiler as plain
from django.db.models.sql.where import AND, WhereNode

from corroborate_node.core.postgresql.writing import blind, empty, owner_of, sealed
from corroborate_node.core.veils import VAULT, veil_of

# What a function may do with what is sealed: hand it on whole
_WHOLE = (Coalesce, Concat, ConcatPair, Cast)
_NARROWING = ("exact", "in", "isnull", "gt", "gte", "lt", "lte")
Test = Callable[[Any, Any], bool]


def _text(test: Callable[[str, str], bool], *, small: bool = False) -> Test:
    def asked(value: Any, than: Any) -> bool:
        if not isinstance(value, str):
            return False
        return test(value.lower(), str(than).lower()) if small else test(value, str(than))

    return asked


_TESTS: dict[str, Test] = {
    "exact": lambda value, than: bool(value == than),
    "in": lambda value, than: value in than,
    "iexact": _text(lambda value, than: value == than, small=True),
    "contains": _text(lambda value, than: than in value),
    "icontains": _text(lambda value, than: than in value, small=True),
    "startswith": _text(str.startswith),
    "istartswith": _text(str.startswith, small=True),
    "endswith": _text(str.endswith),
    "iendswith": _text(str.endswith, small=True),
    "gt": _text(lambda value, than: value > than),
    "gte": _text(lambda value, than: value >= than),
    "lt": _text(lambda value, than: value < than),
    "lte": _text(lambda value, than: value <= than),
}


class NotAnswered(TypeError):
    """A question that the database cannot answer of what is encrypted: a fault of the program, found by its tests."""


def _column(node: Any) -> Any | None:
    """The column that an expression is, where something of it is encrypted."""
    if not isinstance(node, Col):
        return None
    veil = veil_of(node.target.model)
    names = {node.target.name, node.target.attname}
    hidden = names & set(veil.blind) or any(names & set(columns) for columns in veil.sealed.values())
    return node if hidden else None


def _is_blind(column: Any) -> bool:
    return column.target.attname in veil_of(column.target.model).blind


def _path(node: Any) -> tuple[Any | None, list[str]]:
    """An encrypted column and the keys that lead into its JSON; None: it is no such expression."""
    keys = list[str]()
    while isinstance(node, KeyTransform):
        keys.insert(0, str(node.key_name))
        node = node.lhs
    return _column(node), keys


def _within(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


class Veiled(plain.SQLCompiler):
    """What every compiler does: looks at each part of a question before it becomes SQL."""

    connection: Any  # a wrapper of ours, which has the sealer

    def compile(self, node: Any) -> tuple[str, Any]:
        if isinstance(node, WhereNode):
            where: Any = node  # compiled as any expression is, and none to Django's types
            self._above.append(where)
            try:
                return super().compile(where)
            finally:
                self._above.pop()
        if isinstance(node, lookups.Lookup):
            node = self._asked(node)
        elif isinstance(node, OrderBy):
            node = self._ordered(node)
        elif isinstance(node, Func | KeyTransform) and not isinstance(node, (*_WHOLE, _Placed)):
            self._refuse(node)
        return super().compile(node)

    @property
    def _above(self) -> list[Any]:
        found: list[Any] = self.__dict__.setdefault("_wheres", [])
        return found

    def _refuse(self, node: Any) -> None:
        for part in node.get_source_expressions():
            if _path(part)[0] is not None and not isinstance(part, OrderBy):
                raise NotAnswered(f"{type(node).__name__} of {part} would have the database read what is encrypted")

    # --- conditions ---------------------------------------------------------------------------------------------------

    def _asked(self, node: Any) -> Any:
        column, keys = _path(node.lhs)
        if column is None:
            return node
        if node.lookup_name == "isnull" and not keys:
            return node
        if isinstance(node.rhs, Combinable) or hasattr(node.rhs, "resolve_expression"):
            return self._compared(node, column)
        if not keys and node.lookup_name == "exact" and empty(node.rhs):
            return node
        if _is_blind(column):
            return self._blindly(node, column)
        return self._opened(node, column, keys)

    def _compared(self, node: Any, column: Any) -> Any:
        """A column with another expression: the same column of other rows, whose writings are the same."""
        rhs = node.rhs
        other = rhs if isinstance(rhs, Col) else None
        if other is None and hasattr(rhs, "query"):
            rhs = rhs.query
        if other is None and getattr(rhs, "select", None):
            other = rhs.select[0]
        same = isinstance(other, Col) and other.target == column.target
        if _is_blind(column) and same and node.lookup_name in ("exact", "in"):
            return node
        raise NotAnswered(f"{node.lookup_name} of {column} with another expression")

    def _blindly(self, node: Any, column: Any) -> Any:
        sealer, field = self.connection.sealer, column.target
        new = copy.copy(node)
        if node.lookup_name == "exact":
            new.rhs = blind(sealer, field, node.rhs)
            return new
        if node.lookup_name == "in":
            new.rhs = [blind(sealer, field, one) for one in node.rhs]
            return new
        test = _TESTS[node.lookup_name]
        words = self._words(column)
        return _among(column, [written for text, written in words.items() if test(text, node.rhs)])

    def _words(self, column: Any) -> dict[str, str]:
        """Every text of a blind column, and its writing."""
        field = column.target
        name = f"{field.model._meta.db_table}.{field.column}"
        known: dict[str, str] | None = self.connection.sealer.words(name)
        if known is not None:
            return known
        every = field.model._base_manager.using(self.using).order_by().values_list(field.name, flat=True).distinct()
        found: dict[str, str] = self.connection.sealer.learn(name, (one for one in every if one))
        return found

    def _opened(self, node: Any, column: Any, keys: Sequence[str]) -> Any:
        """What is sealed: opened of the rows that the question's other conditions leave."""
        test = _TESTS[node.lookup_name]
        than = set(node.rhs) if node.lookup_name == "in" else node.rhs
        rows = self._rows(column, self._above[-1] if self._above else None)
        return _among(
            Col(column.alias, column.target.model._meta.pk),
            [key for key, value in rows if test(_within(value, keys), than)],
        )

    def _rows(self, column: Any, where: Any) -> list[tuple[Any, Any]]:
        """Keys and opened values of a sealed column, narrowed by the plain conditions that stand beside."""
        model, field = column.target.model, column.target
        found = model._base_manager.using(self.using)
        if where is not None and where.connector == AND and not where.negated:
            for one in where.children:
                lhs: Any = getattr(one, "lhs", None)
                beside = isinstance(lhs, Col) and lhs.alias == column.alias and _column(lhs) is None
                if beside and one.lookup_name in _NARROWING and _plain(one.rhs):
                    found = found.filter(**{f"{lhs.target.attname}__{one.lookup_name}": one.rhs})
        found = found.filter(**{f"{field.name}__isnull": False})
        if field.empty_strings_allowed and field.get_internal_type() != "JSONField":
            found = found.exclude(**{field.name: ""})
        return list(found.values_list("pk", field.name))

    # --- order --------------------------------------------------------------------------------------------------------

    def _ordered(self, node: Any) -> Any:
        inner = node.expression
        inner = inner.get_source_expressions()[0] if isinstance(inner, Ref) else inner
        column = _column(inner)
        if column is None:
            return node
        new = copy.copy(node)
        if _is_blind(column):
            words = self._words(column)
            places = {words[text]: at for at, text in enumerate(sorted(words), start=1)}
            new.expression = _Placed(column, places)
            return new
        top = self.query.where if isinstance(self.query.where, WhereNode) else None
        rows = sorted(self._rows(column, top), key=lambda row: row[1])
        known = {value: at for at, value in reversed(list(enumerate((value for _, value in rows), start=1)))}
        new.expression = _Placed(
            Col(column.alias, column.target.model._meta.pk), {str(key): known[value] for key, value in rows}
        )
        return new


def _plain(value: Any) -> bool:
    return not hasattr(value, "resolve_expression") and not hasattr(value, "as_sql")


def _among(column: Any, values: list[Any]) -> Any:
    return lookups.In(column, values)


class _Placed(Func):
    """The place of a row in an order that was made here: of its key, or of its writing. What is empty comes first."""

    def __init__(self, column: Any, places: dict[str, int]) -> None:
        super().__init__(column)
        self._places = places

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        sql, params = plain.SQLCompiler.compile(compiler, self.source_expressions[0])
        return f"COALESCE((%s::jsonb ->> ({sql})::text)::bigint, 0)", [json.dumps(self._places), *params]


class SQLCompiler(Veiled):
    pass


class SQLDeleteCompiler(Veiled, plain.SQLDeleteCompiler):
    pass


class SQLAggregateCompiler(Veiled, plain.SQLAggregateCompiler):
    pass


class SQLInsertCompiler(Veiled, plain.SQLInsertCompiler):
    def pre_save_val(self, field: Any, obj: Any) -> Any:
        value = super().pre_save_val(field, obj)
        veil = veil_of(field.model)
        if field.attname in veil.blind:
            return blind(self.connection.sealer, field, value)
        path = veil.owner_of(field.attname)
        return value if path is None else sealed(self.connection.sealer, field, owner_of(obj, path), value)


class SQLUpdateCompiler(Veiled, plain.SQLUpdateCompiler):
    query: Any  # of an update: with the values that it sets

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        given = self.query.values
        self.query.values = [(field, model, self._written(field, value)) for field, model, value in given]
        try:
            return super().as_sql()
        finally:
            self.query.values = given

    def _written(self, field: Any, value: Any) -> Any:
        veil = veil_of(field.model)
        path = veil.owner_of(field.attname)
        if path is None and field.attname not in veil.blind:
            return value
        if hasattr(value, "resolve_expression"):
            raise NotAnswered(f"{field} is encrypted: it cannot be set from an expression")
        if path is None:
            return blind(self.connection.sealer, field, value)
        if empty(value):
            return value
        return sealed(self.connection.sealer, field, self._owner(path), value)

    def _owner(self, path: str) -> str:
        """Whose key what is set is sealed under: of all rows that are set, the same one."""
        if path == VAULT:
            return VAULT
        rows = self.query.model._base_manager.using(self.using).all()
        rows.query.where = self.query.where.clone()
        owners = list(rows.values_list(path, flat=True).distinct()[:2])
        if len(owners) > 1:
            raise NotAnswered(f"rows of several sources of {self.query.model.__name__} are set to one sealed value")
        return str(owners[0]) if owners else VAULT


__all__ = ["NotAnswered", "SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler"]
__all__ += ["SQLUpdateCompiler"]
