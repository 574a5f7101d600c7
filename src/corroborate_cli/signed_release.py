"""`corroborate verify release.json`: whether a release is whole, and under whose key it was signed. Offline."""

import json
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import click

from corroborate.coalition.likeness import reads_like
from corroborate.custody import Verifier
from corroborate.disclosure import (
    Checked,
    SignedRelease,
    StandShown,
    StatementShown,
    check_release,
    read_signed,
    title_is_signed,
)
from corroborate.disclosure.shown import FORMAT
from corroborate.errors import CorroborateError, InputRefused
from corroborate.translation import Sentence
from corroborate_cli.speaking import echo, say
from corroborate_cli.statement_files import keys_of

VALID, INVALID, INCOMPLETE = 0, 1, 3
_CHECKED = {
    "valid": Sentence("its signature holds"),
    "in part": Sentence(
        "its signature holds for the finding alone: the title and the dissent beside it are not signed"
    ),
    "unknown": Sentence("its key was not given"),
    "beside": Sentence("its signature holds for the finding alone: it is shown under words that are none of ours"),
    "revoked": Sentence("only whoever made the release says that its key was revoked"),
}


def verify_release(path: Path, keys: Iterable[Path], as_json: bool) -> int | None:
    """Print the verdict on a release.json and return the exit code; None when the file is none.

    Valid: whole, and signed with a key of ``keys``. Incomplete: whole, and signed with a key that nobody vouched for.
    """
    content = path.read_bytes()
    if not _is_release(content, path):
        return None
    trusted = {key for one in keys for key in keys_of(one)}
    try:
        found = read_signed(content)
    except CorroborateError as error:
        return _invalid(path, error, as_json)
    given = found.key in trusted
    try:
        checked = check_release(found.release, trusted)
    except CorroborateError as error:
        return _invalid(path, error, as_json)
    known = given and checked.proved  # the maker vouches for the file, and not for what others said
    if as_json:
        said: dict[str, Any] = {
            "verdict": "valid" if known else "incomplete",
            "file": path.name,
            "title": found.release.title,
            "on": found.release.on.isoformat(),
            "signed_by": found.key.name,
            "fingerprint": str(found.key.fingerprint),
            "stands": [_said(one, proof) for one, proof in checked.stands],
            "statements": [_named(one, proof) for one, proof in checked.statements],
            "signed_by_nobody": _unsigned(found),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _report(path.name, found.key, given, whole=known)
        _stands(checked.stands)
        for statement, proof in checked.statements:
            _names(statement, proof)
        if unsigned := _unsigned(found):
            say(
                "  Told by whoever made the release, and no member signed them: {listed}.",
                listed=reduce(
                    lambda one, more: Sentence("{one}; {more}", one=one, more=more),
                    [_UNSIGNED[one] for one in unsigned],
                ),
            )
    return VALID if known else INCOMPLETE


_UNSIGNED = {
    "members": Sentence("the list of members"),
    "coalition": Sentence("the name of the coalition"),
    "kinds": Sentence("who is an organisation and who an individual"),
    "actions": Sentence("actions"),
    "demands": Sentence("demands, how they were read, and who asked for access"),
    "dissent": Sentence("the dissent written beside findings"),
}


def _unsigned(found: SignedRelease) -> list[str]:
    """What a release says of members that none of them signed under a key. A coalition that is called as the key is
    that signed the release speaks in its own name."""
    made = found.release
    heard = [one for statement in made.statements for one in statement.sign_ons if one.state != "silent"]
    told = {
        "members": bool(made.members),
        "coalition": not reads_like(made.coalition, found.key.name),
        "kinds": bool(made.members or heard),
        "actions": any(one.members for one in made.actions),
        "demands": any(one.voice or one.access for one in made.demands),
        "dissent": any(one.dissent for one in made.findings),
    }
    return [name for name, there in told.items() if there]


def _invalid(path: Path, error: CorroborateError, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"verdict": "invalid", "file": path.name, "reason": str(error)}, ensure_ascii=False))
    else:
        say("INVALID: {name}: {error}", name=path.name, error=error)
    return INVALID


def _report(name: str, key: Verifier, known: bool, *, whole: bool) -> None:
    if known and not whole:
        say(
            "INCOMPLETE: {name}: whole, and signed with a key that you gave; not all that it shows others to have said "
            "is proved by a key that you gave (--keys FILE).",
            name=name,
        )
    elif known:
        say("VALID: {name}: whole, and signed with a key that you gave.", name=name)
    else:
        say("INCOMPLETE: {name}: whole, and signed, with a key that you did not give (--keys FILE).", name=name)
    say("  signed by {signer}, key {fingerprint}", signer=key.name, fingerprint=key.fingerprint)
    if not known:
        say("  Compare these digits with theirs by voice. A file cannot say whose key it is.")


def _said(one: StandShown, checked: str) -> dict[str, Any]:
    return {
        "finding": one.finding,
        "member": one.member,
        "choice": one.choice,
        "words": one.words,
        "current": one.current,
        "revoked": one.revoked,
        "checked": checked,
    }


def _stands(stands: Sequence[tuple[StandShown, str]]) -> None:
    """Who stands under which finding, and whether a key that was given says so."""
    for one, checked in stands:
        say(
            "  {finding}: {member} {choice}, {state}; {checked}",
            finding=one.finding,
            member=one.member,
            choice=one.choice,
            state=_state(one),
            checked=_CHECKED[checked],
        )
        if one.words:
            say("  {shown}, with these words: “{said}”", shown=one.member, said=one.words)


def _named(one: StatementShown, found: Checked) -> dict[str, Any]:
    words = {each.shown: each.words for each in one.sign_ons}
    said = [
        {
            "member": each.member,
            "state": each.state,
            "checked": each.proof,
            "key": each.key,
            "words": words[each.member],
        }
        for each in found.names
    ]
    return {
        "statement": one.name,
        "title": one.title,
        "title_signed": title_is_signed(one),
        "names": said,
        "doubts": list(found.doubts),
    }


_PROVED = {
    "valid": Sentence("its signature holds"),
    "unknown": Sentence("its key was not given"),
    "another name": Sentence("signed with the key of another name: ask whether it is theirs"),
    "on paper": Sentence("on paper: no key proves it"),
    "unproved": Sentence("nothing that it signed is here: only whoever made the release says so"),
}


def _names(one: StatementShown, found: Checked) -> None:
    """Who said what of a statement, and what proves it."""
    words = {each.shown: each.words for each in one.sign_ons}
    for each in found.names:
        say(
            "  {finding}: {member} {choice}, {state}; {checked}",
            finding=each.statement,
            member=each.member,
            choice=each.state,
            state=Sentence("key {key}", key=each.key or "–"),
            checked=_PROVED[each.proof],
        )
        if words[each.member]:
            say("  {shown}, with these words: “{said}”", shown=each.member, said=words[each.member])
    for doubt in found.doubts:
        echo(f"  {one.name}, {doubt}")
    if found.names and not title_is_signed(one):
        say("  {statement}: its title is not the text's own first line, and nobody signed it", statement=one.name)


def _state(one: StandShown) -> Sentence:
    if one.revoked:
        return Sentence("under a key that was revoked since")
    return Sentence("this very finding") if one.current else Sentence("an earlier version of it")


def _is_release(content: bytes, path: Path) -> bool:
    """Whether a file is a release. Raises InputRefused for another JSON file, which nothing here verifies."""
    if content.lstrip()[:1] != b"{":
        return False
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and found.get("format") == FORMAT:
        return True
    raise InputRefused(
        "{path} is neither a package nor a whole release.json: a site is checked with corroborate publish SITE "
        "--check, a package is a folder or a ZIP file",
        path=path,
    )
