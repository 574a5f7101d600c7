"""`corroborate statement`: a joint text that members sign byte for byte."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corroborate.coalition import Choice, Round, Version, compare, sign
from corroborate.coalition.statements import CHOICES
from corroborate.custody import Verifier, write_file
from corroborate.errors import InputRefused, NotAllowed
from corroborate_cli.vaults import now, passphrase_of, vault_options

if TYPE_CHECKING:
    from corroborate.coalition.final import Verdict

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"{path} is not UTF-8 (byte {error.start}); members sign the bytes of a UTF-8 file"
        ) from error


@click.group()
def command() -> None:
    """Joint statements: digest, compare, sign, verify. A name stands only under the exact bytes it signed.

    Example: corroborate statement digest joint.txt
    """


@command.command()
@click.argument("text", type=_FILE)
def digest(text: Path) -> None:
    """Print the SHA-256 that members sign.

    Example: corroborate statement digest joint.txt
    """
    _text(text)
    click.echo(Version("statement", 1, text.read_bytes()).digest.hex)


@command.command(name="compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.pass_context
def compare_(context: click.Context, before: Path, after: Path) -> None:
    """Show what changed between two texts; exit code 1 when anything did.

    Example: corroborate statement compare first.txt second.txt
    """
    changes = compare(_text(before), _text(after))
    same = before.read_bytes() == after.read_bytes()
    for line in changes:
        click.echo(line)
    click.echo("The same bytes." if same else "Another text: sign-ons to the first do not stand under the second.")
    context.exit(0 if same else 1)


@command.command(name="sign")
@click.argument("text", type=_FILE)
@vault_options
@click.option("--statement", "name", required=True, help="The statement's name, such as access-and-truth.")
@click.option("--language", default="en", show_default=True, help="Of the text (ISO 639-1).")
@click.option("--choice", type=click.Choice(CHOICES), default="with us", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The sign-on's file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def sign_(
    text: Path, folder: Path, passphrase_file: Path | None, name: str, language: str, choice: Choice, out: Path,
    yes: bool,
) -> None:  # fmt: skip
    """Sign the exact bytes of TEXT with this vault's own key.

    Example: corroborate statement sign joint.txt --statement access-and-truth --vault our-vault --out our.sign-on
    """
    from corroborate_node import api

    _text(text)
    version = Version(name, 1, text.read_bytes(), language)
    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        if not yes:
            click.confirm(f"{vault.name}: {choice}, to {name} in {language}, SHA-256 {version.digest}?", abort=True)
        note = sign(vault.signer, version, choice, now())
    write_file(out, note)
    click.echo(f"Signed: {out}. Send it to the secretariat; it is not secret.")


@command.command(name="answer")
@click.argument("request", type=_FILE)
@vault_options
@click.option("--choice", help="Such as “with us”; without it, what is asked is shown and nothing is signed.")
@click.option("--reason", default="", help="Of a position; an objection needs one.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The signed answer's file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def answer_(
    request: Path, folder: Path, passphrase_file: Path | None, choice: str | None, reason: str, out: Path | None,
    yes: bool,
) -> None:  # fmt: skip
    """Answer a hub's REQUEST (to sign, approve, choose or take a position) with this vault's own key.

    Example: corroborate statement answer access.request --choice "with us" --vault our-vault --out our.signed
    """
    from corroborate.coalition.requests import LARGEST, Request, answer

    with request.open("rb") as file:
        asked = Request.read(file.read(LARGEST + 1))
    click.echo(f"{asked.sender} asks ({asked.kind}), about these exact words:\n\n{asked.text}\n", err=True)
    if asked.digest is not None:
        click.echo(f"SHA-256 {asked.digest}", err=True)
    if choice is None or out is None:
        raise click.UsageError(f"give --choice (one of: {', '.join(asked.choices)}) and --out; nothing was signed")
    from corroborate_node import api

    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        if not yes:
            click.confirm(f"{vault.name}: {choice}?", abort=True, err=True)
        note = answer(vault.signer, asked, choice, now(), reason)
    write_file(out, note)
    click.echo(f"Signed: {out}. Hand it in at the hub; it is not secret.")


@command.command(name="remind")
@click.argument("name")
@click.option("--hub", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Its folder.")
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line is the hub's passphrase. Otherwise CORROBORATE_PASSPHRASE, or a question.",
)
@click.option("--send", is_flag=True, help="Send them through the mail server in the hub's corroborate.toml.")
@click.option("--mail-password-file", type=_FILE, help="Its first line is the mail account's password.")
@click.option("--keep-password", is_flag=True, help="Keep that password in the hub's encrypted database.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def remind_(
    context: click.Context, name: str, folder: Path, passphrase_file: Path | None, send: bool,
    mail_password_file: Path | None, keep_password: bool, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print the e-mail to each member that has not spoken to the statement NAME; with --send, send them.

    Each goes to the member's own address in the register alone, and no more than once a day. The password of the mail
    account is asked for, or kept in the hub's database; it has no place in corroborate.toml.

    Exit code 1 when a letter could not be sent.

    Example: corroborate statement remind access-and-truth --hub hub --send
    """
    from corroborate_node import api

    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        from corroborate_node.coalition.campaign import mailing

        found, server, done = api.letters(vault, name, now())
        shown = [
            {"member": one.member, "to": one.address, "subject": one.subject, "body": one.body,
             "sent_today": one.member in done}
            for one in found
        ]  # fmt: skip
        if not as_json:
            for one in found:
                today = " (sent today already)" if one.member in done else ""
                click.echo(f"To: {one.name} <{one.address or 'no single address in the register'}>{today}")
                click.echo(f"Subject: {one.subject}\n\n{one.body}\n--\n")
        if not send:
            if as_json:
                click.echo(json.dumps({"letters": shown, "results": []}, ensure_ascii=False))
            return
        if server is None:
            raise NotAllowed(f"no mail server is configured: add [mail] to {folder / 'corroborate.toml'}")
        due = [one for one in found if one.address and one.member not in done]
        click.echo(f"{len(due)} letters, through {server.host}:{server.port} ({server.tls}), from {server.sender}:",
                   err=True)  # fmt: skip
        for one in due:
            click.echo(f"  {one.name} <{one.address}>", err=True)
        if due and not yes:
            click.confirm("Send them?", abort=True, err=True)
        password = ""
        if due and server.user and (mail_password_file is not None or not mailing.kept_password()):
            password = (
                passphrase_of(mail_password_file) if mail_password_file is not None
                else click.prompt(f"Password of {server.user} at {server.host}", hide_input=True, err=True)
            )  # fmt: skip
        results = api.remind(vault, name, now(), password=password, keep_password=keep_password)
    if as_json:
        told = [{"member": one.letter.member, "to": one.letter.address, "outcome": one.outcome, "why": one.why}
                for one in results]  # fmt: skip
        click.echo(json.dumps({"letters": shown, "results": told}, ensure_ascii=False))
    else:
        for each in results:
            why = f": {each.why}" if each.why else ""
            click.echo(f"{each.outcome:<11} {each.letter.name} <{each.letter.address}>{why}")
    context.exit(1 if any(one.outcome in ("failed", "unknown", "not tried") for one in results) else 0)


@command.command(name="final")
@click.argument("page", type=_FILE)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="HTML, text or PDF by name."
)
def final_(page: Path, out: Path) -> None:
    """Write a final text PAGE (HTML or plain) in another form: .html, .txt or .pdf. An invalid page is refused.

    Example: corroborate statement final statement.html --out statement.pdf
    """
    from corroborate.coalition.final import Final, statement_html, statement_text, verify_statement
    from corroborate.errors import NotVerified

    content = page.read_bytes()
    verdict = verify_statement(content)
    if verdict.verdict == "invalid":
        raise NotVerified(f"{page} is not valid: {verdict.failures[0]}")
    found = Final.from_block(content.decode("utf-8"))
    if out.suffix == ".pdf":
        from corroborate.coalition.printed import statement_pdf
        from corroborate.figures.fonts import folder

        made = statement_pdf(found, folder())
    elif out.suffix in (".html", ".txt"):
        made = statement_html(found) if out.suffix == ".html" else statement_text(found)
    else:
        raise click.UsageError("--out ends in .html, .txt or .pdf")
    write_file(out, made)
    click.echo(out)


def verify_page(path: Path, keys: Path | None, as_json: bool) -> int | None:
    """Print the verdict on a final text and return the exit code; None when the file is no final text."""
    from corroborate.coalition.final import LARGEST, is_statement, verify_statement

    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if not is_statement(content):
        return None
    verdict = verify_statement(content, None if keys is None else _keys(keys))
    if as_json:
        click.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    else:
        _report(path.name, verdict)
    return {"valid": 0, "invalid": 1, "incomplete": 3}[verdict.verdict]


def _keys(path: Path) -> dict[str, Verifier]:
    lines = [line.strip() for line in _text(path).splitlines() if line.strip() and not line.startswith("#")]
    return {key.name: key for key in map(Verifier.parse, lines)}


def _report(name: str, verdict: "Verdict") -> None:
    checked = verdict.checked
    click.echo(f"{verdict.verdict.upper()}: {name}")
    if "sha256" in checked:
        click.echo(f"  “{checked['title']}”, version {checked['version']}, SHA-256 {checked['sha256']}")
    if "signed_by_key" in checked:
        click.echo(f"  signed by key: {checked['signed_by_key']}, on paper: {checked['on_paper']}, "
                   f"withdrawn: {checked['withdrawn']}, quotes: {checked['quotes']}")  # fmt: skip
        click.echo(f"  published by {checked['publisher']}; keys: {checked['keys']}")
        prints, names = checked["fingerprints"], checked["shown_otherwise"]
        assert isinstance(prints, dict)  # noqa: S101 - for the type checker
        assert isinstance(names, dict)  # noqa: S101 - for the type checker
        for member, digits in prints.items():
            click.echo(f"  key {member}: {digits}")
        for shown, key in names.items():
            click.echo(f"  “{shown}” is shown for the key named {key}")
        if checked["keys"] == "the page's own":
            click.echo("  Compare these digits with what the members publish: the page cannot vouch for its own keys.")
    for failure in verdict.failures:
        click.echo(f"  - {failure}")


@command.command(name="verify")
@click.argument("text", type=_FILE)
@click.argument("sign_ons", nargs=-1, type=_FILE)
@click.option("--statement", "name", help="The statement's name, to check loose sign-ons.")
@click.option("--language", default="en", show_default=True)
@click.option("--keys", type=_FILE, help="Verifier keys of the members that you trust, one a line.")
@click.option("--deadline", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="UTC.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify_(
    context: click.Context, text: Path, sign_ons: tuple[Path, ...], name: str | None, language: str,
    keys: Path | None, deadline: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """Check a final text (HTML or plain), or loose SIGN_ONS against the exact bytes of TEXT. Offline.

    Exit codes: 0 valid, 1 invalid or one sign-on refused, 3 incomplete (some signed on paper).

    Example: corroborate statement verify statement.html

    Example: corroborate statement verify joint.txt a.sign-on b.sign-on --statement access-and-truth --keys members.txt
    """
    if not sign_ons:
        code = verify_page(text, keys, as_json)
        if code is None:
            raise InputRefused(
                f"{text} is no final text with a signature block; to check loose sign-ons, give their files, "
                "--statement and --keys"
            )
        context.exit(code)
    if name is None or keys is None:
        raise click.UsageError("loose sign-ons need --statement and --keys")
    round_ = Round(_keys(keys), deadline=deadline.replace(tzinfo=UTC) if deadline else None)
    round_ = round_.propose(Version(name, 1, text.read_bytes(), language))
    round_, answers = round_.receive_all([path.read_bytes() for path in sign_ons], now())
    refused = {str(path): one.refused for path, one in zip(sign_ons, answers, strict=True) if one.refused}
    standing = [
        {"member": one.member, "state": one.state, "at": one.at.isoformat() if one.at else None}
        for one in round_.standing()
    ]
    if as_json:
        click.echo(json.dumps({"standing": standing, "refused": refused}, ensure_ascii=False))
    else:
        for one in standing:
            click.echo(f"{one['state']:<10} {one['member']}")
        for file, why in refused.items():
            click.echo(f"refused    {file}: {why}")
    context.exit(1 if refused else 0)
