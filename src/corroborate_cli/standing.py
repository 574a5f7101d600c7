"""`corroborate findings stand|hear`: a member's own word under a finding, and what others signed."""

import json
from pathlib import Path
from typing import Any, cast

import click

from corroborate.coalition.stands import CHOICES, Choice
from corroborate.custody import Verifier
from corroborate.disclosure import (
    FindingShown,
    SignedRelease,
    check_seen,
    finding_digest,
    findings_of,
    read_signed,
    reader_of,
)
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.judging import InWords
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_cli.written import FILE, out_option, written
from corroborate_node.core.rooms import before
from corroborate_node.inquiry import standing
from corroborate_node.log import queries as log


@click.command("stand")
@click.argument("release", type=FILE)
@click.argument("findings", nargs=-1, required=True)
@click.option("--choice", type=InWords(CHOICES, "stand"), required=True, help="What your organisation says of them.")
@click.option("--words", default="", help="As to what and why; needed of who dissents. It stands beside the finding.")
@out_option("the signed notes")
@click.option("--yes", is_flag=True, help="Do not ask: you have read the findings, and know whose key signed them.")
@vault_options
@account_options
def stand(
    release: Path,
    findings: tuple[str, ...],
    choice: str,
    words: str,
    out: Path,
    yes: bool,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
) -> None:
    """Sign, under this organisation's own key, that it stands under FINDINGS of RELEASE, abstains or dissents.

    RELEASE is the signed release.json behind a dossier. What is signed is exactly the finding as it stands there: when
    one figure of it changes, the name stands under it no more. `withdraws` takes back what was said before.

    Example: corroborate findings stand release.json cah.torture.1 --choice stands --out ours.signed --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        before(desk)
        found, said = read_signed(release.read_bytes()), cast(Choice, choice)
        made = found.release
        _shown(found, findings, vault.signer.verifier())
        if not yes and not click.confirm(worded("Sign this, under your organisation's key?"), err=True):
            say("Nothing was signed.", err=True)
            raise SystemExit(1)
        written(out, standing.sign(desk, made, [(one, said, words) for one in findings]))
    say("Hand it to whoever makes the dossier.")


def _shown(found: SignedRelease, findings: tuple[str, ...], own: Verifier) -> None:
    """What is about to be signed: every figure of it, for whom it is, and whose key signed the release.

    Raises InvalidValue for a finding that the release does not show."""
    made = found.release
    check_seen(made)
    say("Release: {title}", title=made.title, err=True)
    say("For: {reader}", reader=reader_of(made), err=True)
    say("Signed by {name}, key {fingerprint}", name=found.key.name, fingerprint=found.key.fingerprint, err=True)
    if found.key not in (own, log.present().get(found.key.name)):
        say("No member that this vault knows has this key: compare its digits by voice first.", err=True)
    for one in findings:
        finding_digest(made, one)
        shown = findings_of(made)[one]
        if isinstance(shown, FindingShown):
            echo(Sentence("{finding}: {what}", finding=one, what=shown.proposition), err=True)
            say(
                "  claims for {for_}, against {against}; independent roots {roots}; people {people}; {support}",
                for_=_figure(shown.claims_for),
                against=_figure(shown.claims_against),
                roots=_figure(shown.roots),
                people=_figure(shown.victims),
                support=shown.support,
                err=True,
            )
            for words in shown.dissent:
                say("  dissent beside it: {words}", words=words, err=True)
        else:
            echo(Sentence("{finding}: {what}", finding=one, what=shown.what), err=True)
            echo(f"  {shown.document}, {shown.paragraphs}", err=True)


def _figure(number: int | None) -> str:
    return "< 10" if number is None else f"{number:,}"


@click.command("hear")
@click.argument("notes", nargs=-1, required=True, type=FILE)
@vault_options
@account_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def hear(
    notes: tuple[Path, ...],
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Take in NOTES that members signed under findings. Each is checked with its member's key and kept.

    The next release shows each name beside the finding that it was signed under, and says of which finding it fell.

    Example: corroborate findings hear ours.signed theirs.signed --vault our-vault
    """
    taken: list[str] = []
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        for path in notes:
            taken += standing.hear(desk, path.read_bytes())
        stands: list[Any] = [
            {
                "finding": one.finding,
                "reader": one.reader,
                "member": one.member,
                "choice": one.choice,
                "words": one.words,
                "at": one.at.isoformat(),
                "sha256": one.digest.hex,
                "revoked": one.revoked,
            }
            for one in standing.current()
        ]
    if as_json:
        click.echo(json.dumps({"taken": taken, "stands": stands}, ensure_ascii=False))
        return
    say(("{n} note is new.", "{n} notes are new."), n=len(taken))
    for one in stands:
        echo(f"  {one['finding']}, {one['reader']}: {one['member']} {one['choice']} {one['words']}".rstrip())
