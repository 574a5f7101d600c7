"""`corroborate statement` with the key of a vault, or from a hub: sign, answer, remind."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from corroborate.coalition import Version, packets, requests, sign
from corroborate.coalition.statements import CHOICES
from corroborate.custody import write_file
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.hubs import client_of, hub_options
from corroborate_cli.speaking import echo, in_one_line, say, worded
from corroborate_cli.statement_files import joint_text
from corroborate_cli.vaults import now, passphrase_of, vault_options
from corroborate_node import api
from corroborate_node.coalition.campaign import mailing
from corroborate_node.coalition.campaign.answering import answers as answering
from corroborate_node.core.desk import owner

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="sign")
@click.argument("text", type=_FILE)
@vault_options
@click.option("--statement", "name", help="Of a text: the statement's name, such as access-and-truth.")
@click.option("--language", default="en", show_default=True, help="Of the text (ISO 639-1).")
@click.option(
    "--choice", help="Of a text: “with us” unless another is given. Of a request: without it nothing is signed."
)
@click.option("--words", default="", help="Its reservation, or why it abstains: signed, and shown beside the name.")
@click.option(
    "--approve", multiple=True, help="Of a request: the language of a translation that is approved to the word."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The signed answer's file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def sign_(
    text: Path, folder: Path, passphrase_file: Path | None, name: str | None, language: str, choice: str | None,
    words: str, approve: tuple[str, ...], out: Path | None, yes: bool,
) -> None:  # fmt: skip
    """Sign the exact bytes of TEXT with this vault's own key; or take a hub's request in, and answer it.

    A request without --choice waits on the vault's page Sign, with its exact words.

    Example: corroborate statement sign joint.txt --statement access-and-truth --vault our-vault --out our.sign-on

    Example: corroborate statement sign access-and-truth.2.request --vault our-vault
    """
    with text.open("rb") as file:
        content = file.read(packets.LARGEST + 1)
    if is_request(content):
        _received(packets.Packet.read(content), folder, passphrase_file, choice, words, approve, out, yes)
        return
    if name is None or out is None:
        raise click.UsageError(worded("a text is signed with --statement and --out"))
    chosen = next((one for one in CHOICES if one == (choice or "with us")), None)
    if chosen is None or approve:
        raise click.UsageError(worded("a text is signed with one of: {listed}", listed=", ".join(CHOICES)))
    joint_text(text)
    version = Version(name, 1, text.read_bytes(), language)
    with opened(folder, passphrase_file) as vault:
        if not yes:
            click.confirm(
                worded(
                    "{name}: {choice}, to {name2} in {language}, SHA-256 {digest}?",
                    name=vault.name,
                    choice=chosen,
                    name2=name,
                    language=language,
                    digest=version.digest,
                ),
                abort=True,
            )
        note = sign(vault.signer, version, chosen, now(), words)
    write_file(out, note)
    say("Signed: {out}. Send it to the secretariat; it is not secret.", out=out)


def is_request(content: bytes) -> bool:
    """Whether a file is a hub's request, and not a text to sign."""
    return content.lstrip()[:1] == b"{" and (
        packets.FORMAT.encode() in content[:200] or requests.FORMAT.encode() in content[:200]
    )


def _shown(packet: packets.Packet) -> None:
    """The exact words of a request, and all else that an answer signs, on the screen."""
    for one in packet.requests:
        say(
            "This file says that {sender} asks ({kind}), about these exact words:\n\n{words}\n",
            sender=in_one_line(one.sender),
            kind=one.kind,
            words=one.text,
            err=True,
        )
        if one.original and one.original != packet.first.text:
            translated = one.kind == "translation"
            if translated:
                say("The original, of which these words are a translation:\n\n{words}\n", words=one.original, err=True)
            else:
                say("The text beside which these words are said:\n\n{words}\n", words=one.original, err=True)
        for name, value in one.fields.items():
            echo(f"{name}: {in_one_line(value)}", err=True)
        if one.digest is not None:
            say("SHA-256 {digest}", digest=one.digest, err=True)


def _places(packet: packets.Packet, approve: Sequence[str]) -> list[int]:
    """Which of a request's approvals are meant, by the language of a translation or the name of who is quoted."""
    named = [one.fields.get("language" if one.kind == "translation" else "spokesperson") for one in packet.others]
    if unknown := [one for one in approve if one not in named]:
        raise InvalidValue(
            "this request asks for no approval of {unknown}; it asks for: {listed}",
            unknown=unknown[0],
            listed=", ".join(str(one) for one in named) or "-",
        )
    if doubled := [one for one in approve if named.count(one) > 1]:
        raise InvalidValue(
            "this request asks for two approvals that are called {doubled}: give yours on the page Sign",
            doubled=doubled[0],
        )
    return [named.index(one) for one in approve]


def _received(
    packet: packets.Packet,
    folder: Path,
    passphrase_file: Path | None,
    choice: str | None,
    words: str,
    approve: Sequence[str],
    out: Path | None,
    yes: bool,
) -> None:
    """Take a request in; with a choice, answer it."""
    _shown(packet)
    places = _places(packet, approve)
    if choice is not None and out is None:
        raise click.UsageError(worded("give --out, where the answer is to be written; nothing was signed"))
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        kept = answering.receive(desk, packet.to_json())
        if choice is None or out is None:
            say(
                "It waits on this vault's page Sign (corroborate serve). Or answer it here: --choice (one of: "
                "{listed}) and --out. Nothing was signed.",
                listed=", ".join(packet.first.choices),
            )
            return
        if not yes:
            approved = ", ".join(approve) or "-"
            click.confirm(
                worded("{name}: {choice}, approving {approved}?", name=vault.name, choice=choice, approved=approved),
                abort=True,
                err=True,
            )
        file = answering.answer(desk, kept.id, choice, places, words)
        write_file(out, file)
    say("Signed: {out}. Hand it in at the hub; it is not secret.", out=out)


@click.command(name="answer")
@click.argument("request", type=_FILE)
@vault_options
@click.option("--choice", help="Such as “with us”; without it, what is asked is shown and nothing is signed.")
@click.option(
    "--reason",
    default="",
    help="Of a position, where an objection needs one; of a sign-on, its reservation.",
)
@click.option("--approve", multiple=True, help="The language of a translation that is approved to the word.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The signed answer's file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def answer_(
    request: Path,
    folder: Path,
    passphrase_file: Path | None,
    choice: str | None,
    reason: str,
    approve: tuple[str, ...],
    out: Path | None,
    yes: bool,
) -> None:
    """Answer a hub's REQUEST (to sign, approve, choose or take a position) with this vault's own key.

    Example: corroborate statement answer access.request --choice "with us" --vault our-vault --out our.signed
    """
    with request.open("rb") as file:
        packet = packets.Packet.read(file.read(packets.LARGEST + 1))
    if choice is None or out is None:
        _shown(packet)
        raise click.UsageError(
            worded(
                "give --choice (one of: {listed}) and --out; nothing was signed",
                listed=", ".join(packet.first.choices),
            )
        )
    _received(packet, folder, passphrase_file, choice, reason, approve, out, yes)


def _print(one: mailing.Letter, sent_today: bool) -> None:
    address = one.address or Sentence("no single address in the register")
    if sent_today:
        say("To: {name} <{address}> (sent today already)", name=one.name, address=address)
    else:
        say("To: {name} <{address}>", name=one.name, address=address)
    say("Subject: {subject}\n\n{body}\n--\n", subject=one.subject, body=one.body)


def _announce(due: Sequence[mailing.Letter], server: mailing.Server) -> None:
    say(
        (
            "{number} letter, through {host}:{port} ({tls}), from {sender}:",
            "{number} letters, through {host}:{port} ({tls}), from {sender}:",
        ),
        err=True,
        number=len(due),
        host=server.host,
        port=server.port,
        tls=server.tls,
        sender=server.sender,
    )
    for one in due:
        echo(in_one_line(f"  {one.name} <{one.address}>"), err=True)


@click.command(name="remind")
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
    with looked_into(folder, passphrase_file) as vault:
        found, server, done = api.letters(vault, name, now())
        shown = [
            {"member": one.member, "to": one.address, "subject": one.subject, "body": one.body,
             "sent_today": one.member in done}
            for one in found
        ]  # fmt: skip
        for one in found if not as_json else ():
            _print(one, one.member in done)
        if not send:
            if as_json:
                click.echo(json.dumps({"letters": shown, "results": []}, ensure_ascii=False))
            return
        if server is None:
            raise NotAllowed("no mail server is configured: add [mail] to {folder}", folder=folder / "corroborate.toml")
        due = [one for one in found if one.address and one.member not in done]
        _announce(due, server)
        if due and not yes:
            click.confirm(worded("Send them?"), abort=True, err=True)
        password = ""
        if due and server.user and (mail_password_file is not None or not mailing.kept_password()):
            password = (
                passphrase_of(mail_password_file) if mail_password_file is not None
                else click.prompt(
                    worded("Password of {user} at {host}", user=server.user, host=server.host),
                    hide_input=True, err=True,
                )
            )  # fmt: skip
        results = api.remind(vault, name, now(), password=password, keep_password=keep_password)
    if as_json:
        told = [{"member": one.letter.member, "to": one.letter.address, "outcome": one.outcome, "why": one.why}
                for one in results]  # fmt: skip
        click.echo(json.dumps({"letters": shown, "results": told}, ensure_ascii=False))
    else:
        for each in results:
            why = f": {each.why}" if each.why else ""
            echo(in_one_line(f"{each.outcome:<11} {each.letter.name} <{each.letter.address}>{why}"))
    context.exit(1 if any(one.outcome in ("failed", "unknown", "not tried") for one in results) else 0)


@click.command(name="hand-in")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@hub_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def hand_in(context: click.Context, files: tuple[Path, ...], hub: str, token_file: Path, as_json: bool) -> None:
    """Hand in at a hub what members signed: FILES of answers, or ZIPs of many, as on its page Hand in answers.

    The token is for note.hand_in. Each answer proves itself, and what became of it is said. Exit code 1 where one was
    refused.

    Example: corroborate statement hand-in our.sign-on --hub https://hub.example --token-file hub.token
    """
    found = client_of(hub, token_file).hand_in(*((one.name, one.read_bytes()) for one in files))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    for one in [] if as_json else found:
        file, member = in_one_line(one["file"]), in_one_line(one["member"])
        if one["refused"]:
            say("{file}: refused: {why}", file=file, why=in_one_line(one["refused"]))
        elif one["fresh"]:
            say("{file}: taken in, {kind} of {member}", file=file, kind=one["kind"], member=member)
        else:
            say("{file}: it was here already", file=file)
    context.exit(any(one["refused"] for one in found))
