"""Which of the two wrappers Django gets. The open vault says where its rows lie; no setting does."""

from typing import Any

from django.utils.module_loading import import_string

from corroborate_node.core import opened

_FILE = "corroborate_node.core.sqlcipher.base.DatabaseWrapper"
_SERVED = "corroborate_node.core.postgresql.base.DatabaseWrapper"  # its driver is not in every installation


class DatabaseWrapper:
    """The wrapper for an alias: ``default`` is the open vault's, another one the place that its rows are moved to."""

    def __new__(cls, settings: dict[str, Any], alias: str) -> Any:
        vault = opened.of(alias)
        return import_string(_FILE if vault is None or vault.place is None else _SERVED)(settings, alias)
