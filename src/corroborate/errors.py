"""Every error we raise on purpose.

CorroborateError
├─ InvalidValue       a value from outside cannot be read
├─ InputRefused       a file as a whole cannot be taken in
├─ NotLinkable        the lists have nothing by which people could be matched
├─ EngineUnavailable  the engine asked for is not installed, or cannot be reached
├─ ExtraMissing       an optional part of the installation is not there
├─ NotEstimable       the lists cannot carry the estimate asked for
├─ NotAllowed         a rule refuses the act (consent, sign-on, grant, role)
├─ NotVerified        a signature, proof or digest does not hold
├─ VaultError
│  ├─ NotAVault       the folder or file is not a vault of ours
│  ├─ WrongPassphrase no key slot opens
│  ├─ VaultBusy       another process has the vault open
│  ├─ StoreAway       the bucket of the sealed files does not answer, or refuses
│  └─ VaultDamaged    the database or a sealed file fails its integrity check
└─ StorageFull        no room left; nothing was half-written
   └─ NotWritten      the same for another reason: the disk fails, is gone, or may not be written to
"""

import errno
from collections.abc import Mapping
from typing import Any, Self

from corroborate.translation import Sentence, as_json, in_language, of_json


class CorroborateError(Exception):
    """What happened, and what the reader can do about it.

    ``text``: a sentence in English with places in braces; ``values``: what stands in them. It is put into the reader's
    language at the edge, where it is shown (:meth:`worded`, :meth:`advised`).
    """

    remedy = ""

    def __init__(self, text: str | tuple[str, str] = "", /, **values: object) -> None:
        self.sentence = text if isinstance(text, Sentence) and not values else Sentence(text, **values)
        super().__init__(str(self.sentence))

    def worded(self, language: str) -> str:
        """What happened, in a language."""
        return in_language(self.sentence, language)

    def as_json(self) -> dict[str, object]:
        """The error as JSON, for another process: ``refused``, a sentence."""
        return {"refused": as_json(self.sentence)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The error that another process told."""
        return cls(of_json(said["refused"]))

    def advising(self, remedy: str) -> Self:
        """The same error, where its reader is to do something else than its kind says. ``remedy``: a Sentence."""
        self.remedy = remedy
        return self

    def advised(self, language: str) -> str:
        """What the reader can do, in a language."""
        return in_language(self.remedy, language)


class InvalidValue(CorroborateError, ValueError):
    remedy = "Nothing was changed. Correct what was given, and try again."


class InputRefused(CorroborateError):
    remedy = "Nothing was changed. Correct the file, or give another one."


class NotLinkable(CorroborateError):
    remedy = "Map at least a name column in two lists (--map name=COLUMN)."


class EngineUnavailable(CorroborateError):
    remedy = "Link without --backend: DuckDB, which is always there, finds the same pairs."


# Modules that only an extra brings, by the extra that brings them. A test holds it to the project's own table.
EXTRAS = {
    "analysis": ("arviz_stats", "duckdb", "numba", "pyarrow", "rapidfuzz", "scipy", "splink"),
    "postgresql": ("psycopg",),
    "c2pa": ("c2pa",),
    "s3": ("botocore",),
    "spark": ("pyspark", "py4j"),
}


class ExtraMissing(CorroborateError):
    """A part of the program that this installation was made without."""

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(
            "this needs the part {extra!r} of the program, which is not installed here ({module} is missing)",
            extra=extra,
            module=module,
        )
        self.remedy = Sentence(
            "Install it: pip install 'corroborate-vault[{extra}]'. Nothing was changed.", extra=extra
        )

    @classmethod
    def of(cls, error: ModuleNotFoundError) -> "ExtraMissing | None":
        """What an import that failed says about the installation; None when the module belongs to no extra."""
        module = (error.name or "").partition(".")[0]
        return next((cls(extra, module) for extra, brought in EXTRAS.items() if module in brought), None)


class NotEstimable(CorroborateError):
    remedy = "Publish the number of people documented, and no estimate."


class NotAllowed(CorroborateError):
    remedy = "Nothing was changed."


class NotVerified(CorroborateError):
    remedy = "Do not rely on it; ask its sender for another copy and compare fingerprints by voice."


class VaultError(CorroborateError):
    remedy = "Check the vault's folder with `corroborate doctor`."


class NotAVault(VaultError):
    remedy = "Give the folder that `corroborate new` made (--vault DIR)."


class WrongPassphrase(VaultError):
    remedy = "Try again; Korean and Japanese passphrases must be typed with the same input method."


class VaultBusy(VaultError):
    remedy = (
        "While `corroborate serve` runs, every other command on its vault is refused. Do it on its pages, or end them "
        "with Ctrl-C where they were started, run this again, and start them again."
    )


class StoreAway(VaultError):
    remedy = (
        "See whether the network and the store work, and whether the key may list, read, write and erase there. "
        "Then do it again; nothing was half taken in."
    )


class VaultDamaged(VaultError):
    remedy = "Stop writing to it and restore the newest backup beside it (`corroborate restore`)."


class StorageFull(CorroborateError):
    remedy = "Free some space and run the command again; nothing was half-written."


class NotWritten(StorageFull):
    """Whoever only has to know that nothing was kept catches StorageFull, and this with it."""

    remedy = (
        "Free space does not help here: see whether the disk is still there, whether it fails, and whether you may "
        "write to the folder. Then run the command again; nothing was half-written."
    )


NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # on the disk, or within what this account may use of it


def unwritten(what: str, error: OSError) -> StorageFull:
    """The error for a file that could not be written: a full disk is told from all other faults."""
    kind = StorageFull if error.errno in NO_ROOM else NotWritten
    return kind("{what} could not be written: {why}", what=what, why=error.strerror or error)
