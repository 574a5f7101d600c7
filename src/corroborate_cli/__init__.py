"""The `corroborate` command: one file a command."""
