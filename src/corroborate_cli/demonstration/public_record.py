"""`corroborate demo --public-record`: a case on published material, at a hub, which holds what is public alone."""

import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from corroborate.custody import write_file
from corroborate.disclosure import RecordShown, Release, read_signed
from corroborate.errors import InputRefused
from corroborate.registers import register_files
from corroborate.translation import LANGUAGES, Sentence
from corroborate_cli.demonstration.chance import Chance
from corroborate_cli.demonstration.passphrases import of_keeper
from corroborate_cli.demonstration.progress import Progress
from corroborate_cli.desks import opened
from corroborate_cli.release import site_options
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.release import giving, making

MARK, INVENTED = "public-record.json", "demo.json"
NAME = Sentence("Public record: human rights in the DPRK")
TITLE = Sentence("What the commission of inquiry found, and what became of it")


@dataclass(frozen=True, slots=True)
class Settings:
    """``clock``: a fixed time, and with it fixed keys, for tests."""

    folder: Path
    clock: datetime | None = None


def run(settings: Settings, progress: Progress) -> dict[str, Any]:
    """The hub, its signed release, dossiers, registers and site. Returns the summary that ``--json`` prints."""
    folder = _fresh(settings.folder)
    at = (settings.clock or datetime.now(UTC)).replace(microsecond=0)
    entropy = os.urandom if settings.clock is None else Chance("the public record")
    passphrase = "public record" if settings.clock else "-".join(secrets.token_hex(2) for _ in range(4))
    with progress.step("hub", "Making a hub, which holds what is public alone"):
        number = _release(folder, passphrase, at, entropy)
    with progress.step("publish", "Writing dossiers, registers and site from one release"):
        paths = _write(folder, passphrase, at, number)
        made = read_signed(paths["release"].read_bytes()).release
        (folder / "registers").mkdir()
        for name, content in register_files(made).items():
            write_file(folder / "registers" / name, content)
    write_file(folder / "plan.yaml", resources.files(__package__).joinpath("plan_record.yaml").read_bytes())
    paths["registers"], paths["hub"] = folder / "registers", folder / "hub"
    summary = _summary(made) | {
        "paths": {name: str(path) for name, path in paths.items()},
        "seconds": dict(progress.seconds),
    }
    write_file(folder / MARK, json.dumps(summary, ensure_ascii=False, indent=1).encode() + b"\n")
    write_file(folder / "passphrase.txt", f"{passphrase}\n{of_keeper(passphrase)}\n".encode())
    return {**summary, "passphrase": passphrase}


def _fresh(folder: Path) -> Path:
    """An empty folder: a former public record is replaced, anything else is left alone."""
    for place in (folder, *folder.absolute().parents):
        if _is_invented(place):
            raise InputRefused(
                "{place} holds the invented demonstration, and the public record is never mixed with it: choose a "
                "folder outside it",
                place=place,
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not (folder / MARK).exists():
            raise InputRefused(
                "{folder} holds something that is no public record: choose another folder", folder=folder
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("{}\n", encoding="utf-8")
    return folder


def _is_invented(folder: Path) -> bool:
    """Whether a folder holds a demonstration, whole or begun."""
    try:
        found = json.loads((folder / INVENTED).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and (not found or found.get("invented") is True)


def _release(folder: Path, passphrase: str, at: datetime, entropy: Callable[[int], bytes]) -> int:
    """The release of everything that is public, made by the same door as everybody's."""
    hub = folder / "hub"
    api.create_vault(hub, str(NAME), passphrase, hub=True, account_passphrase=of_keeper(passphrase), entropy=entropy)
    with opened(hub, secret=passphrase, marks=folder / "marks") as vault:
        desk = owner(vault, at, entropy)
        number = making.make(desk, making.Asked("public", title=str(TITLE), record=True))
        log_actions.checkpoint(desk)
    return number


def _write(folder: Path, passphrase: str, at: datetime, number: int) -> dict[str, Path]:
    paths = {"release": folder / "release.json", "site": folder / "site"}
    with opened(folder / "hub", secret=passphrase, marks=folder / "marks") as vault:
        desk, signer = owner(vault, at), vault.signer
        giving.write(desk, number, "json", paths["release"])
        for language, _ in LANGUAGES:
            paths[f"dossier.{language}"] = folder / f"dossier.{language}.pdf"
            giving.write(desk, number, "dossier", paths[f"dossier.{language}"], language=language)
        giving.site(desk, number, paths["site"], site_options(vault))
        write_file(folder / "hub-key.txt", f"{signer.verifier()}\n".encode())
    return paths


def _summary(made: Release) -> dict[str, Any]:
    record = made.record or RecordShown()
    return {
        "invented": False,
        "lines": dict(Counter(one.kind for one in record.found)),
        "crimes": len({one.crime for one in record.elements}),
        "elements": len(record.elements),
        "elements_spoken_to": sum(bool(one.found) for one in record.elements),
        "places": dict(Counter(one.status for one in made.places)),
        "events": len(made.timeline),
        "demands": dict(Counter(one.code for one in made.demands)),
        "not_read": [one.id for one in record.found if one.checked == "recalled"],
    }
