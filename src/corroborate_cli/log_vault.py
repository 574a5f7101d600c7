"""`corroborate log` on an open vault: sign, witness, enrol, rotate, stamp, restore."""

from pathlib import Path

import click

from corroborate.coalition import memberships
from corroborate.coalition.countersigning import Asked, Kind, asked_by, countersigned
from corroborate.custody import Note, Verifier, write_file
from corroborate.custody.enrolment import Enrolment, fingerprint_words, propose
from corroborate.custody.keys import KeyChange
from corroborate.custody.roster import is_departure
from corroborate.errors import InvalidValue, NotVerified
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import marks_option, now, passphrase_of, vault_options
from corroborate_cli.witnesses import newest, post
from corroborate_cli.written import FILE, LOG, OUT, out_option, printed, written
from corroborate_node import api
from corroborate_node.coalition.campaign.queries import register
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log_queries
from corroborate_node.log import rollback
from corroborate_node.records.anew import begin_anew


def _words(out: Path, key: Verifier) -> None:
    """What is read aloud of a new key, and never sent along with its file."""
    words = " ".join(fingerprint_words(key))
    say(
        "{out}\nRead aloud, never send along: {words}\nOr in digits: {fingerprint}",
        out=out,
        words=words,
        fingerprint=key.fingerprint,
    )


def _asked(vault: Vault, note: bytes, *kinds: Kind) -> Asked:
    """What a file asks this vault to sign, said in words: before anything is signed, and also where nobody is asked."""
    roster, day = log_queries.whole_roster(), now().date()
    standing = [(name, one.key) for one in roster.present for name in (one.organisation, one.voice, one.key.name)]
    for member in register().members.values():
        key = member.key(day)
        standing += [] if key is None else [(name, key) for name in memberships.names_of(member)]
    asked = asked_by(note, vault.signer.verifier(), roster, standing, kinds)
    for line in asked.words():
        echo(line, err=True)
    return asked


def _agreed(yes: bool) -> None:
    if not yes and not click.confirm(worded("Sign this, under your organisation's key?"), err=True):
        say("Nothing was signed.", err=True)
        raise SystemExit(1)


_YES = click.option("--yes", is_flag=True, help="Do not ask: you have read what the file says.")


@click.command()
@vault_options
@marks_option
@click.option("--ask", "witnesses", multiple=True, metavar="URL",
              help="A witness that is asked first what it cosigned last of this log; again for more.")  # fmt: skip
@click.option("--if-due", is_flag=True, help="Only when one of the fixed times has passed since the last one.")
@click.option("--hour", "hours", multiple=True, type=click.IntRange(0, 23), default=(3,), show_default=True,
              help="A fixed time, full hour UTC, for --if-due; again for more.")  # fmt: skip
@click.option("--out", type=OUT, help="File for the note; otherwise printed.")
def checkpoint(
    folder: Path,
    passphrase_file: Path | None,
    marks: Path,
    witnesses: tuple[str, ...],
    if_due: bool,
    hours: tuple[int, ...],
    out: Path | None,
) -> None:
    """Sign the log as it is now. With --if-due, from a timer: always at the same hours, so that a log tells little.

    Nothing is signed when more was signed before than this vault knows, on this machine or by what a witness says:
    then its folder is an older copy.

    Example: corroborate log checkpoint --vault our-vault --out ours.checkpoint
    """
    with opened(folder, passphrase_file, marks=marks) as vault:
        if if_due and not api.checkpoint_due(vault, sorted(set(hours)), now()):
            say("not due yet")
            return
        for url in witnesses:
            if (held := newest(url, vault.signer.name)) is not None:
                log_actions.hear(owner(vault, now()), [held], url)
        note = log_actions.checkpoint(owner(vault, now()))
    printed(out, note)


@click.command()
@click.argument("witness")
@vault_options
@click.option("--old", type=click.IntRange(min=0), help="The size that the witness says it cosigned last.")
@out_option("the request")
def request(witness: str, folder: Path, passphrase_file: Path | None, old: int | None, out: Path) -> None:
    """Ask the member whose verifier key is WITNESS to cosign the newest checkpoint (C2SP tlog-witness, as a file).

    Example: corroborate log request KEY --vault our-vault --out for-them.request
    """
    with looked_into(folder, passphrase_file) as vault:
        content = log_actions.ask_witness(vault, Verifier.parse(witness), old)
    written(out, content)


@click.command()
@click.argument("url")
@click.argument("witness")
@vault_options
def submit(url: str, witness: str, folder: Path, passphrase_file: Path | None) -> None:
    """Ask the witness at URL, whose verifier key is WITNESS, over HTTP, and put its answer under the checkpoint.

    The same request and answer as on a stick. This is the only command that calls another machine: the one you name.

    Example: corroborate log submit https://their-node.example/witness KEY --vault our-vault
    """
    key = Verifier.parse(witness)
    with looked_into(folder, passphrase_file) as vault:
        status, body = post(url, log_actions.ask_witness(vault, key))
        if status == 409 and body.strip().isdigit():  # it cosigned another size last: ask from there
            if (held := newest(url, vault.signer.name)) is not None:
                log_actions.hear(
                    owner(vault, now()), [held], url
                )  # signed by us and newer: this copy is old, and stands back
            status, body = post(url, log_actions.ask_witness(vault, key, int(body)))
        if status != 200:
            raise NotVerified(
                "not cosigned ({status}): {body}", status=status, body=body.decode("utf-8", "replace").strip()[:300]
            )
        note = log_actions.take_answer(owner(vault, now()), body)
    say(
        ("{number} cosignature under the checkpoint", "{number} cosignatures under the checkpoint"),
        number=len(Note.parse(note).signatures) - 1,
    )


@click.command()
@click.argument("request", type=FILE)
@vault_options
@click.option("--key", help="The log's verifier key, where it is not enrolled here: you vouch for it.")
@out_option("the answer")
@click.pass_context
def witness(
    context: click.Context, request: Path, folder: Path, passphrase_file: Path | None, key: str | None, out: Path
) -> None:
    """Answer another member's REQUEST: cosign its checkpoint if it goes on from the one cosigned before.

    The answer is what C2SP tlog-witness says over HTTP. Where the log asks from another size than was cosigned last,
    the answer is that size, and exit code 1: the log asks again with --old.

    Example: corroborate log witness from-them.request --vault our-vault --out for-them.answer
    """
    also = [Verifier.parse(key)] if key else []
    with opened(folder, passphrase_file) as vault:
        answer = log_actions.answer(owner(vault, now()), request.read_bytes(), also=also)
    if answer.status in (200, 409):
        write_file(out, answer.body)
        echo(str(out))
    if answer.status != 200:
        say("Not cosigned ({status}): {body}", status=answer.status, body=answer.body.decode().strip(), err=True)
        context.exit(1)


@click.command()
@click.argument("answer", type=FILE)
@vault_options
def receive(answer: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Put a witness's ANSWER under the newest checkpoint.

    Example: corroborate log receive from-them.answer --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        note = log_actions.take_answer(owner(vault, now()), answer.read_bytes())
    say(
        ("{number} cosignature under the checkpoint", "{number} cosignatures under the checkpoint"),
        number=len(Note.parse(note).signatures) - 1,
    )


@click.command()
@vault_options
@click.option("--voice", help="The person or organisation behind this seat; otherwise the vault's organisation.")
@out_option("the enrolment")
def enrol(folder: Path, passphrase_file: Path | None, voice: str | None, out: Path) -> None:
    """Write this vault's own enrolment, to be countersigned by two members who have heard its words.

    Example: corroborate log enrol --vault our-vault --out ours.enrolment
    """
    with opened(folder, passphrase_file) as vault:
        key = vault.signer.verifier()
        content = propose(Enrolment(vault.name, voice or vault.name, key, now()), vault.signer)
    write_file(out, content)
    _words(out, key)


@click.command()
@click.argument("enrolment", type=FILE)
@vault_options
@click.option("--heard", required=True, help="The words or digits as the newcomer read them out to you.")
@click.option("--revocation", is_flag=True, help="You know that the file ends a member's key, and mean it.")
@click.option("--beside", default="", help="The name of an organisation that has a key, for another key of it.")
@_YES
@out_option("the countersigned enrolment")
def countersign(
    enrolment: Path, folder: Path, passphrase_file: Path | None, heard: str, revocation: bool, beside: str, yes: bool,
    out: Path,
) -> None:  # fmt: skip
    """Sign for a newcomer, or for the new key of a member who revokes an old one: whose words you have heard.

    In person or by voice, never from the same message as the file. What the file says is said in words, and you are
    asked.

    Example: corroborate log countersign theirs.enrolment --heard "acorn …" --vault our-vault --out signed.enrolment
    """
    note = enrolment.read_bytes()
    with opened(folder, passphrase_file) as vault:
        asked = _asked(vault, note, "enrolment", "revocation")
        content = countersigned(note, vault.signer, asked, heard, ends=revocation, beside=beside)
        _agreed(yes)
    written(out, content)


@click.command()
@click.argument("enrolment", type=FILE)
@vault_options
def admit(enrolment: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Take a countersigned ENROLMENT into this vault's list of members.

    Example: corroborate log admit signed.enrolment --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        found = log_actions.admit(owner(vault, now()), enrolment.read_bytes())
    say("{organisation} is enrolled as a voice of {voice}", organisation=found.organisation, voice=found.voice)


@click.command()
@vault_options
@marks_option
@out_option("the note, for every other member")
def rotate(folder: Path, passphrase_file: Path | None, marks: Path, out: Path) -> None:
    """Give this vault's log a new key, signed by the old one and by itself. Each member runs `log follow` on the note.

    Example: corroborate log rotate --vault our-vault --out ours.rotation
    """
    passphrase = passphrase_of(passphrase_file)
    with opened(folder, secret=passphrase, marks=marks) as vault:
        content = log_actions.rotate_key(owner(vault, now()), passphrase)
    written(out, content)


@click.command()
@vault_options
@out_option("the note, to be countersigned by two members")
def revoke(folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Replace a key that may be in other hands. Two members countersign the note; then all run `log follow`, you too.

    Example: corroborate log revoke --vault our-vault --out ours.revocation
    """
    passphrase = passphrase_of(passphrase_file)
    with opened(folder, secret=passphrase) as vault:
        content = log_actions.revoke_key(owner(vault, now()), passphrase)
    write_file(out, content)
    key = KeyChange.parse(Note.parse(content).text).new
    _words(out, key)


@click.command()
@vault_options
@click.option("--of", default="", help="The log of a member whose key is lost; without it, this vault's own seat.")
@click.option("--also", type=FILE, help="Sign another member's note that a seat was given up, as the second.")
@_YES
@out_option("the note, for every member")
def leave(folder: Path, passphrase_file: Path | None, of: str, also: Path | None, yes: bool, out: Path) -> None:
    """Give up a seat among the members. Whoever gave it up vouches for nobody, and comes back by a new enrolment.

    One's own key is enough. Where it is lost, two members of other voices say so: one with --of, the other with
    --also, which says in words whose seat it is, and asks. Then all run `log follow` on the note.

    Example: corroborate log leave --vault our-vault --out ours.departure
    """
    with opened(folder, passphrase_file) as vault:
        note = _second(vault, also.read_bytes(), yes) if also else log_actions.leave(owner(vault, now()), of)
    written(out, note)


def _second(vault: Vault, note: bytes, yes: bool) -> bytes:
    asked = _asked(vault, note, "departure")
    content = countersigned(note, vault.signer, asked)
    _agreed(yes)
    return content


@click.command()
@click.argument("note", type=FILE)
@vault_options
def follow(note: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Follow another member's change of key in the file NOTE: a rotation, or a revocation that two members signed;
    or its leaving.

    Whoever signed is counted by the key it has here today. A note that came too early or too late is signed again.

    Example: corroborate log follow theirs.rotation --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        content = note.read_bytes()
        key = log_actions.change_key(owner(vault, now()), content)
    if is_departure(content):
        say("{name} left", name=key.name)
    else:
        say("{name} signs with {key} now", name=key.name, key=key)


@click.command()
@vault_options
@click.confirmation_option(prompt="Are the entries truly lost, and no newer backup to be found?")
def anew(folder: Path, passphrase_file: Path | None) -> None:
    """Go on under a new origin after entries were lost. Its first entry names where the old log ended.

    Example: corroborate log anew --vault our-vault
    """
    passphrase = passphrase_of(passphrase_file)
    with looked_into(folder, secret=passphrase) as vault:
        name = begin_anew(owner(vault, now()), passphrase)
    say("The log goes on as {name}. Enrol it as you did the first: corroborate log enrol", name=name)


@click.command()
@vault_options
@click.option("--faulty", default=0, show_default=True, type=click.IntRange(min=0), help="How many may lie.")
def policy(folder: Path, passphrase_file: Path | None, faulty: int) -> None:
    """Print whose cosignatures count under this vault's checkpoints (C2SP tlog-policy), from its list of members.

    Example: corroborate log policy --vault our-vault > policy.txt
    """
    with looked_into(folder, passphrase_file) as vault:
        echo(log_queries.policy(vault, faulty).text(), nl=False)


@click.command()
@click.argument("log", type=LOG)
@vault_options
@click.pass_context
def compare(context: click.Context, log: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Compare what this vault has cosigned and heard of a member's log with the LOG folder that the member shows.

    Example: corroborate log compare their-log --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        fitted, raised = log_actions.compare_tiles(owner(vault, now()), log)
    say(
        ("{fitted} checkpoint fits, {raised} do not", "{fitted} checkpoints fit, {raised} do not"),
        fitted=fitted,
        raised=raised,
    )
    context.exit(bool(raised))


@click.command()
@vault_options
@click.option("--request", "asked", type=OUT, help="Write an RFC 3161 request for the newest checkpoint to this file.")
@click.option("--token", type=FILE, help="Keep an authority's answer.")
@click.option(
    "--root", "roots", multiple=True, type=FILE, help="An authority's root certificate (PEM); again for more."
)
def stamp(
    folder: Path, passphrase_file: Path | None, asked: Path | None, token: Path | None, roots: tuple[Path, ...]
) -> None:
    """Ask a time-stamping authority about the newest checkpoint, and keep its answer, raw, whatever it holds.

    Example: corroborate log stamp --token answer.tsr --root authority.pem --vault our-vault
    """
    if (asked is None) == (token is None):
        raise click.UsageError(worded("Give either --request or --token."))
    with opened(folder, passphrase_file) as vault:
        if asked is not None:
            write_file(asked, api.stamp_request(vault))
            echo(str(asked))
        if token is not None:
            found = api.take_token(vault, token.read_bytes(), now(), [path.read_bytes() for path in roots])
            click.echo(
                f"{found.state}: {found.at or 'no time'}, {found.authority or 'authority unknown'} {found.found}"
            )


@click.command()
@click.argument("origin")
@vault_options
@out_option("the checkpoint")
def seen(origin: str, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Write what this vault cosigned last of the log ORIGIN: for its owner after a restore, or for a monitor.

    Example: corroborate log seen Committee --vault our-vault --out theirs.checkpoint
    """
    with looked_into(folder, passphrase_file):
        found = log_queries.seen(origin)
    if not found.note:
        raise InvalidValue("this vault never cosigned a log {origin}", origin=origin)
    written(out, found.note)


@click.command()
@vault_options
@marks_option
@click.option("--from", "organisation", help="The organisation that answered.")
@click.option("--note", type=FILE, help="The newest checkpoint of ours that it cosigned.")
@click.option("--nothing", is_flag=True, help="It says that it never cosigned our log.")
def restored(
    folder: Path, passphrase_file: Path | None, marks: Path, organisation: str | None, note: Path | None, nothing: bool
) -> None:
    """After a restore: sign nothing until enough members said what they cosigned last.

    Without options it notes that this vault came back from a backup. With --from and --note (or --nothing) it takes in
    one member's answer and says whether the vault may sign again.

    Example: corroborate log restored --from "Committee" --note theirs.checkpoint --vault our-vault
    """
    if organisation is not None and (note is None) != nothing:
        raise click.UsageError(worded("Give --note or --nothing with --from."))
    with looked_into(folder, passphrase_file, marks=marks) as vault:
        if organisation is None:
            log_actions.restored(owner(vault, now()))
            say("This vault signs nothing until the other members have answered.")
            return
        found = log_actions.hear_answer(owner(vault, now()), organisation, None if note is None else note.read_bytes())
        if found.may_sign:
            rollback.mark(vault, marks)  # what nobody cosigned is given up
    say("{state}: {found}", state=found.state, found=found.found)
