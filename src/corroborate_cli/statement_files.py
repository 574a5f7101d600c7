"""`corroborate statement` on files alone: digest, compare, write, verify."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from corroborate.coalition import Round, Version, compare
from corroborate.coalition.final import (
    LARGEST,
    Final,
    Verdict,
    is_html,
    is_statement,
    statement_html,
    statement_text,
    verify_statement,
)
from corroborate.custody import Verifier, write_file
from corroborate.errors import InputRefused, NotVerified
from corroborate.values import JSON
from corroborate_cli.moments import MOMENT
from corroborate_cli.speaking import echo, in_one_line, say, worded
from corroborate_cli.vaults import now

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def joint_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(
            "{path} is not UTF-8 (byte {start}); members sign the bytes of a UTF-8 file", path=path, start=error.start
        ) from error


@click.command()
@click.argument("text", type=_FILE)
def digest(text: Path) -> None:
    """Print the SHA-256 that members sign.

    Example: corroborate statement digest joint.txt
    """
    joint_text(text)
    echo(Version("statement", 1, text.read_bytes()).digest.hex)


@click.command(name="compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.pass_context
def compare_(context: click.Context, before: Path, after: Path) -> None:
    """Show what changed between two texts; exit code 1 when anything did.

    Example: corroborate statement compare first.txt second.txt
    """
    changes = compare(joint_text(before), joint_text(after))
    same = before.read_bytes() == after.read_bytes()
    for line in changes:
        echo(line)
    say("The same bytes.") if same else say("Another text: sign-ons to the first do not stand under the second.")
    context.exit(0 if same else 1)


@click.command(name="final")
@click.argument("page", type=_FILE)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML, text or PDF by name."
)
def final_(page: Path, out: Path) -> None:
    """Write a final text PAGE (HTML or plain) in another form: .html, .txt or .pdf. An invalid page is refused. Whose
    its keys are is not checked: their digits are printed, to be compared with what the members publish.

    Example: corroborate statement final statement.html --out statement.pdf
    """
    content = page.read_bytes()
    verdict = verify_statement(content)
    if verdict.verdict == "invalid":
        raise NotVerified("{page} is not valid: {failures}", page=page, failures=verdict.failures[0])
    found = Final.from_block(content.decode("utf-8"))
    if out.suffix == ".pdf":
        from corroborate.coalition.printed import statement_pdf  # sets type: slow to load
        from corroborate.figures.fonts import folder

        made = statement_pdf(found, folder())
    elif out.suffix in (".html", ".txt"):
        made = statement_html(found) if out.suffix == ".html" else statement_text(found)
    else:
        raise click.UsageError(worded("--out ends in .html, .txt or .pdf"))
    write_file(out, made)
    echo(out)
    say("The keys of this page were compared with nothing. Whoever made it chose them: compare what is below.")
    _say_keys(verdict)
    if verdict.verdict == "incomplete":
        for failure in verdict.failures:
            echo(f"  - {' '.join(failure.split())}")


def _say_keys(verdict: Verdict) -> None:
    """Each key of a page by its digits, and where it bears another name than the one that is shown for it."""
    prints, names = verdict.checked["fingerprints"], verdict.checked["shown_otherwise"]
    assert isinstance(prints, dict) and isinstance(names, dict)  # noqa: S101 - for the type checker
    for member, digits in prints.items():
        say("  key {member}: {digits}", member=member, digits=digits)
    for shown, key in names.items():
        say("  “{shown}” is shown for the key named {key}", shown=shown, key=key)


def verify_page(path: Path, keys: Sequence[Path], as_json: bool) -> int | None:
    """Print the verdict on a final text and return the exit code; None when the file is no final text."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if content.startswith(b"%PDF-"):
        raise InputRefused(
            "{path} is the text for print, which carries no signatures: verify the HTML or plain text that was "
            "published beside it, and compare the SHA-256 at its foot",
            path=path,
        )
    if not is_statement(content):
        return None
    given = [key for one in keys for key in keys_of(one)] if keys else None
    verdict = _as_it_opens(path, content, verify_statement(content, given))
    if as_json:
        click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    else:
        _report(path.name, verdict)
    return {"valid": 0, "invalid": 1, "incomplete": 3}[verdict.verdict]


_TEXT = (".txt", ".text")
_BROWSED = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".xml", ".svg", ".mht", ".mhtml")
_MARKUP = re.compile(rb"<[a-zA-Z!/?]")


def _as_it_opens(path: Path, content: bytes, found: Verdict) -> Verdict:
    """A final text in its plain form may hold markup, which is words and nothing else. In a file that a browser opens
    as a page it would be drawn, over the words that were checked."""
    drawn = not is_html(content) and path.suffix.lower() not in _TEXT and _MARKUP.search(content) is not None
    if found.verdict == "invalid" or not drawn:
        return found
    if path.suffix.lower() in _BROWSED:
        why = f"it is the plain text, which a browser would draw as a page by its name: rename it {path.stem}.txt"
        return replace(found, verdict="invalid", failures=(why, *found.failures))
    why = f"it is the plain text, and holds what a browser would draw: rename it {path.name}.txt, and read that"
    return replace(found, verdict="incomplete", failures=(*found.failures, why))


def keys_of(path: Path) -> tuple[Verifier, ...]:
    """The keys of a file, one a line. One name may have two: a member's before, and its key of now."""
    lines = [line.strip() for line in joint_text(path).splitlines() if line.strip() and not line.startswith("#")]
    return tuple(map(Verifier.parse, lines))


def _by_name(path: Path) -> dict[str, Verifier]:
    found: dict[str, Verifier] = {}
    for key in keys_of(path):
        if found.setdefault(key.name, key) != key:
            raise InputRefused(
                "{path} has two keys of {name}: in a round a member speaks with one", path=path, name=key.name
            )
    return found


def _report_words(checked: Mapping[str, JSON]) -> None:
    """What stands beside names, and under which text they stand."""
    words, translation = checked["words"], checked["translation"]
    if checked["abstained"]:
        say("  abstained, with their reasons: {number}", number=checked["abstained"])
    if isinstance(words, dict):
        for shown, said in words.items():
            say("  {shown}, with these words: “{said}”", shown=shown, said=said)
    if isinstance(translation, dict):
        approved = translation["approved_by"]
        listed = ", ".join(map(str, approved)) if isinstance(approved, list) and approved else "-"
        say(
            "  a translation, SHA-256 {sha256}, of the original in {original_language}, SHA-256 {of}, which is what "
            "was signed; approved by: {listed}",
            sha256=translation["sha256"],
            of=translation["of"],
            original_language=translation["original_language"],
            listed=listed,
        )


def _report(name: str, verdict: Verdict) -> None:
    checked = verdict.checked
    echo(f"{verdict.verdict.upper()}: {name}")
    if "sha256" in checked:
        say(
            "  “{title}”, version {version}, SHA-256 {sha256}",
            title=" ".join(str(checked["title"]).split())[:200],
            version=checked["version"],
            sha256=checked["sha256"],
        )
    if "signed_by_key" in checked:
        say(
            "  signed by key: {signed_by_key}, on paper: {on_paper}, withdrawn: {withdrawn}, quotes: {quotes}",
            signed_by_key=checked["signed_by_key"],
            on_paper=checked["on_paper"],
            withdrawn=checked["withdrawn"],
            quotes=checked["quotes"],
        )
        _report_words(checked)
        say("  published by {publisher}; keys: {keys}", publisher=checked["publisher"], keys=checked["keys"])
        _say_keys(verdict)
        if checked["signed_by_nobody"]:
            say(
                "  kinds, countries and affiliations beside names: said by {publisher}, and signed by nobody else",
                publisher=checked["publisher"],
            )
        if checked["keys"] == "the page's own":
            say("  Compare these digits with what the members publish: the page cannot vouch for its own keys.")
    for failure in verdict.failures:
        echo(f"  - {' '.join(failure.split())}")


@click.command(name="verify")
@click.argument("text", type=_FILE)
@click.argument("sign_ons", nargs=-1, type=_FILE)
@click.option("--statement", "name", help="The statement's name, to check loose sign-ons.")
@click.option("--language", default="en", show_default=True)
@click.option("--keys", type=_FILE, help="Verifier keys that you trust, one a line: the members' and the publisher's.")
@click.option("--deadline", type=MOMENT, help="2026-03-01T18:00+09:00, or with a named zone; else UTC.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify_(
    context: click.Context,
    text: Path,
    sign_ons: tuple[Path, ...],
    name: str | None,
    language: str,
    keys: Path | None,
    deadline: datetime | None,
    as_json: bool,
) -> None:
    """Check a final text (HTML or plain), or loose SIGN_ONS against the exact bytes of TEXT. Offline.

    Exit codes: 0 valid, 1 invalid or one sign-on refused, 3 incomplete (some signed on paper).

    Example: corroborate statement verify statement.html

    Example: corroborate statement verify joint.txt a.sign-on b.sign-on --statement access-and-truth --keys members.txt
    """
    if not sign_ons:
        code = verify_page(text, [keys] if keys else [], as_json)
        if code is None:
            raise InputRefused(
                "{words} is no final text with a signature block; to check loose sign-ons, give their files, "
                "--statement and --keys",
                words=text,
            )
        context.exit(code)
    if name is None or keys is None:
        raise click.UsageError(worded("loose sign-ons need --statement and --keys"))
    round_ = Round(_by_name(keys), deadline=deadline)
    round_ = round_.propose(Version(name, 1, text.read_bytes(), language))
    round_, answers = round_.receive_all([path.read_bytes() for path in sign_ons], now())
    refused = {str(path): one.refused for path, one in zip(sign_ons, answers, strict=True) if one.refused}
    responses = [
        {"member": one.member, "state": one.state, "at": one.at.isoformat() if one.at else None}
        for one in round_.responses()
    ]
    if as_json:
        click.echo(json.dumps({"responses": responses, "refused": refused}, ensure_ascii=False))
    else:
        for one in responses:
            echo(in_one_line(f"{one['state']:<10} {one['member']}"))
        for file, why in refused.items():
            say("refused    {of_file}: {why}", of_file=file, why=why)
    context.exit(1 if refused else 0)
