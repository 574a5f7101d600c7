"""The common campaign on a hub: register, statements, decisions, notices; on a vault: the member's own signature."""
