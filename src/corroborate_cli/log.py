"""`corroborate log`: checkpoints, witnesses and proofs, as C2SP files."""

import click

from corroborate_cli.lazy import Place, lazy

PLACES = {
    "admit": Place("log_vault", "Take a countersigned enrolment into the list of members.", "admit"),
    "anew": Place("log_vault", "Go on under a new origin after entries were lost.", "anew"),
    "check": Place("log_files", "Check that a sealed record stands in a log, by its proof.", "check"),
    "checkpoint": Place("log_vault", "Sign the log as it is now.", "checkpoint"),
    "compare": Place("log_vault", "Compare what is known here of a member's log with the log it shows.", "compare"),
    "countersign": Place(
        "log_vault", "Sign for a newcomer, or for a new key, whose words you have heard.", "countersign"
    ),
    "enrol": Place("log_vault", "Write this vault's own enrolment.", "enrol"),
    "follow": Place("log_vault", "Follow another member's change of key.", "follow"),
    "leave": Place("log_vault", "Give up a seat among the members.", "leave"),
    "policy": Place("log_vault", "Print whose cosignatures count under checkpoints here.", "policy"),
    "prove": Place("log_files", "Prove that an entry stands in a log.", "prove"),
    "receive": Place("log_vault", "Put a witness's answer under the newest checkpoint.", "receive"),
    "request": Place("log_vault", "Ask a member for its cosignature, by a file.", "request"),
    "restored": Place("log_vault", "After a restore: sign nothing until members have answered.", "restored"),
    "revoke": Place("log_vault", "Replace a key that may be in other hands.", "revoke"),
    "rotate": Place("log_vault", "Give this vault's log a new key.", "rotate"),
    "seen": Place("log_vault", "Write what this vault cosigned last of a log.", "seen"),
    "stamp": Place("log_vault", "Ask a time-stamping authority, and keep its answer.", "stamp"),
    "submit": Place("log_vault", "Ask a member for its cosignature, over HTTP.", "submit"),
    "verify": Place("log_files", "Recompute a log on disk and check its checkpoint.", "verify_"),
    "witness": Place("log_vault", "Answer another member's request for a cosignature.", "witness"),
}


@click.group(cls=lazy(PLACES))
def command() -> None:
    """The vault's log: sign a checkpoint, witness another member's, prove an entry, verify a log on disk.

    Example: corroborate log verify our-vault/log --policy policy.txt
    """
