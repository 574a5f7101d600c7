"""What of a row is encrypted by us where the database does not do it: on PostgreSQL. In SQLCipher the whole file is.

Each model says it in ``veil``. *Sealed* is encrypted under the key of the source that said it, and goes for good when
that key is destroyed. *Blind* is what rows are found by: each text has one writing under the vault's index key, so that
equal ones can be asked for. What is neither stays readable, and is listed in ``docs/explanation/databases.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps

VAULT = ""  # whose key seals what no single source said: the vault's own


@dataclass(frozen=True, slots=True)
class Veil:
    """``sealed``: names of columns by the path that leads from a row to its source's id (or ``VAULT``)."""

    sealed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blind: tuple[str, ...] = ()

    def owner_of(self, column: str) -> str | None:
        """The path to the id under whose key a column is sealed; None: it is not."""
        return next((path for path, columns in self.sealed.items() if column in columns), None)


# Models that are Django's own: who has an account here, and what would let somebody in
_DJANGO = {
    "auth.User": Veil({VAULT: ("password", "first_name", "last_name", "email")}, blind=("username",)),
    "auth.Group": Veil(blind=("name",)),
    "sessions.Session": Veil({VAULT: ("session_data",)}, blind=("session_key",)),
}
_NONE = Veil()


@cache
def veil_of(model: Any) -> Veil:
    """What of a model's rows is encrypted by us; of a model as an earlier migration knew it, what is today."""
    today = apps.all_models[model._meta.app_label].get(model._meta.model_name, model)
    own: Veil = getattr(today, "veil", _NONE)
    return _DJANGO.get(model._meta.label, own)


__all__ = ["VAULT", "Veil", "veil_of"]
