"""Which of the two wrappers Django gets. The open vault says where its rows lie; no setting does."""

from typing import Any

from corroborate_node.core import opened


def DatabaseWrapper(settings: dict[str, Any], alias: str) -> Any:  # noqa: N802 - Django looks for a class of this name
    """The wrapper for an alias: ``default`` is the open vault's, another one the place that its rows are moved to."""
    vault = opened.of(alias)
    if vault is None or vault.place is None:
        from corroborate_node.core.sqlcipher.base import DatabaseWrapper as Encrypted

        return Encrypted(settings, alias)
    from corroborate_node.core.postgresql.base import DatabaseWrapper as Served

    return Served(settings, alias)
