"""Other members' packages that travel in one of ours: each must hold by itself, and must have been given for the same
readers or for all. None of our own: what it shows was allowed on the day on which it was made, and may be erased since.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from corroborate.custody import verify
from corroborate.disclosure import AttachedShown
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate_node.core import opened


class _For(Protocol):
    @property
    def audience(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def include(self) -> Sequence[Path]: ...


def attached(asked: _For, on: date) -> tuple[AttachedShown, ...]:
    """The packages asked for, by name. Raises NotVerified, NotAllowed, InvalidValue."""
    found: dict[str, AttachedShown] = {}
    for path in asked.include:
        result = verify.verify(path)
        if result["verdict"] == "invalid" or not path.is_dir():
            why = result["failures"][0] if result["failures"] else "give it as a folder, unpacked"
            raise NotVerified("{name} is not taken in: {why}", name=path.name, why=why)
        if opened.current().signer.name in set(_logs(result["checked"])):
            raise NotAllowed(
                "{name} holds records of our own, as their sources allowed them on another day: "
                "leave it out, and release them anew",
                name=path.name,
            )
        index = json.loads((path / verify.INDEX).read_bytes())
        scope = (index["scope"]["audience"], index["scope"]["body"])
        if scope not in ((asked.audience, asked.body), ("public", "")):
            raise NotAllowed(
                "{name} was given for {scope}, not for {body}",
                name=path.name,
                scope=scope[1] or scope[0],
                body=asked.body or asked.audience,
            )
        _still(path.name, index, on)
        if path.name in found:
            raise InvalidValue("two of the packages are called {name}; give one another name", name=path.name)
        found[path.name] = AttachedShown(path.name, str(result["checked"]["package_number"]))
    return tuple(found.values())


def _still(name: str, index: dict[str, Any], on: date) -> None:
    if any(item.get("until") and item["until"] < on.isoformat() for item in index["items"]):
        raise NotAllowed("{name} holds items whose consent has ended by {on}", name=name, on=on.isoformat())


def _logs(checked: dict[str, Any]) -> Iterator[str]:
    """The logs whose records a package holds, those of the packages within it too."""
    yield checked["log"]
    for inner in checked.get("packages", {}).values():
        yield from _logs(inner["checked"])


def same(promised: Sequence[AttachedShown], given: Sequence[Path], on: date) -> dict[str, Path]:
    """The folders of the packages that a release names, each the one it named, as their consents hold on a day.

    Raises NotVerified, NotAllowed, InvalidValue.
    """
    folders = {one.name: one for one in given}
    if missing := sorted({one.name for one in promised} - set(folders)):
        raise InvalidValue(
            "the release has {missing} travel in the package: give its folder (--include)", missing=missing[0]
        )
    if more := sorted(set(folders) - {one.name for one in promised}):
        raise NotAllowed("{more} is no part of the release: make one with --include", more=more[0])
    for one in promised:
        result = verify.verify(folders[one.name])
        if result["verdict"] == "invalid" or result["checked"].get("package_number") != one.number:
            raise NotVerified("{name} is not the package that the release was made with", name=one.name)
        _still(one.name, json.loads((folders[one.name] / verify.INDEX).read_bytes()), on)
    return folders
