"""`corroborate publish`: a release as a public site, and the check of a mirror of one."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from corroborate.custody import Verifier
from corroborate.disclosure import Release, SignedRelease
from corroborate.errors import InputRefused, NotAllowed
from corroborate.site import SiteOptions, check_site, publish
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.dossier import signed_of
from corroborate_cli.speaking import echo, say, worded
from corroborate_node.coalition import publishing
from corroborate_node.release import giving

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--release", help="Number of a release of the vault or hub, or the file release.json of one.")
@click.option("--hub", "--vault", "hub", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The hub: it signs the manifest, and shows its demands, actions, votes. Or the vault.")  # fmt: skip
@click.option("--passphrase-file", type=_FILE, help="Of the hub. Otherwise CORROBORATE_PASSPHRASE, or a question.")
@click.option("--base-url", default="", help="Where it will stand, for site map and feeds (https://…).")
@click.option("--contact", default="", help="For security.txt: mailto:… or https://….")
@click.option("--takes-testimony", multiple=True, metavar="MEMBER",
              help="A member, as the register writes it, who said that it takes testimony; again for "
              "more.")  # fmt: skip
@click.option("--check", is_flag=True, help="Check FOLDER, a copy of a site, against its signed manifest.")
@click.option("--key", "keys", multiple=True,
              help="A verifier key, or a file that holds it, that you compared by voice: with --check the hub's; with "
              "a release.json that of who signed it, where the hub does not know it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(
    context: click.Context, folder: Path, release: str | None, hub: Path | None, passphrase_file: Path | None,
    base_url: str, contact: str, takes_testimony: tuple[str, ...], check: bool, keys: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Write the public site of a release to FOLDER: static pages in English, Korean, Japanese and Spanish.

    Only a release for the public is published. A hub's own release shows what is public at the hub, and no figures; a
    member's release.json shows its figures too, beside what is public at the hub. A release.json that was changed, that
    nobody signed, or whose key the hub does not know and --key does not give, is refused, and so is one under a key
    that was replaced. So is one that shows another to have said of a finding what no key of the hub's register and log
    bears out. Members, statements and the name over the site are those of the hub: what a file tells of other
    statements is left out. Files that did not change are left untouched. With --check, FOLDER is somebody's copy: each
    file is compared with the manifest that the hub signed; exit code 1 when one differs.

    Example: corroborate publish site --release release.json --hub hub

    Example: corroborate publish mirror --check --key hub-key.txt
    """
    if check:
        context.exit(_check(folder, keys, as_json))
    if release is None:
        raise click.UsageError(worded("Give the release to publish (--release NUMBER or FILE), or --check a copy."))
    options = SiteOptions(base_url, contact, takes_testimony=takes_testimony)
    made = None if release.isdecimal() else _public(release)
    if hub is None:
        if made is None:
            raise click.UsageError(worded("A release by its number is a vault's or hub's: give it with --hub DIR."))
        changed, signed = publish(made.release, folder, options), False
    else:
        compared = [key for one in keys for key in _keys(one)]
        changed, signed = _of_node(hub, passphrase_file, release, made, folder, options, compared)
    if not signed:
        say("Not signed: a mirror's origin cannot be checked. Give the hub's vault with --hub.", err=True)
    if as_json:
        click.echo(json.dumps({"index": str(folder / "index.html"), "changed": changed, "signed": signed}))
    else:
        say(
            ("{folder} ({changed} file changed)", "{folder} ({changed} files changed)"),
            folder=folder / "index.html",
            changed=changed,
        )


def _public(said: str) -> SignedRelease:
    found = signed_of(said)
    if found.release.audience != "public":
        raise NotAllowed(
            "this release is for {body}, not for the public", body=found.release.body or found.release.audience
        )
    return found


def _of_node(
    node: Path,
    passphrase_file: Path | None,
    number: str,
    made: SignedRelease | None,
    folder: Path,
    options: SiteOptions,
    compared: Sequence[Verifier],
) -> tuple[int, bool]:
    """Write the site with a node: how many files changed, and whether its manifest is signed. ``compared``: keys of
    signers that a person vouches for."""
    with opened(node, passphrase_file) as vault:
        options = replace(options, key=vault.signer.verifier(), sign=vault.signer.line) if vault.hub else options
        if made is None or not vault.hub:  # a vault's own file: as it was made, and as its consents stand today
            desk = desk_of(vault, None, None)
            return giving.site(desk, giving.number_of(desk, number), folder, options).changed, vault.hub
        desk = desk_of(vault, None, None)
        options = replace(options, coalition=vault.name, figures_by=made.key.name)
        shown = publishing.as_published(desk, made, compared)
        _left_out(made.release, shown)
        return publish(shown, folder, options), vault.hub


def _left_out(made: Release, shown: Release) -> None:
    kept = {one.name for one in shown.statements}
    if names := [one.name for one in made.statements if one.name not in kept]:
        say(
            "Left out, for a hub shows the statements that it published itself: {names}.",
            names=", ".join(names),
            err=True,
        )


def _check(folder: Path, given: tuple[str, ...], as_json: bool) -> int:
    if not given:
        raise click.UsageError(
            worded("Give the hub's key, which you compared by voice or in person (--key KEY or FILE).")
        )
    found = check_site(folder, [key for one in given for key in _keys(one)])
    if as_json:
        click.echo(json.dumps({
            "whole": found.whole, "on": found.on, "signed_by": list(found.signed_by), "files": found.files,
            "changed": list(found.changed), "missing": list(found.missing), "extra": list(found.extra),
        }, ensure_ascii=False))  # fmt: skip
        return 0 if found.whole else 1
    for word in ("changed", "missing", "extra"):
        for name in getattr(found, word):
            click.echo(f"{word:<8} {name}")
    signers = ", ".join(found.signed_by)
    echo(
        Sentence(
            (
                "Whole: {files} file as published on {on}, signed by {signers}.",
                "Whole: {files} files as published on {on}, signed by {signers}.",
            ),
            files=found.files,
            on=found.on,
            signers=signers,
        )
        if found.whole
        else Sentence("Not the site that {signers} signed on {on}: see above.", signers=signers, on=found.on)
    )
    return 0 if found.whole else 1


def _keys(text: str) -> list[Verifier]:
    """A key itself, or every key in a file, one a line; a card's first word is its key."""
    file = Path(text)
    if len(text) < 255 and file.is_file():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise InputRefused(
                "{of_file} is not UTF-8: it should hold verifier keys, one a line", of_file=file
            ) from error
        return [Verifier.parse(line.split()[0]) for line in lines if line.strip() and not line.startswith("#")]
    return [Verifier.parse(text)]
