"""`corroborate publish`: a release as a public site, and the check of a mirror of one."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from corroborate.coalition import Member, Round, register, timeline
from corroborate.coalition.final import Final
from corroborate.custody import Verifier
from corroborate.disclosure import Order, Records, Release, Results, with_campaign
from corroborate.disclosure import release as decide
from corroborate.errors import InputRefused, NotAllowed
from corroborate.site import SiteOptions, check_site, publish
from corroborate_cli.vaults import now, passphrase_of
from corroborate_node import api

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--release", "path", type=_FILE, help="What may be seen, as disclosure decided it (release.json).")
@click.option("--hub", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The hub: its key signs the manifest, and its demands, actions and votes are shown.")  # fmt: skip
@click.option("--passphrase-file", type=_FILE, help="Of the hub. Otherwise CORROBORATE_PASSPHRASE, or a question.")
@click.option("--base-url", default="", help="Where it will stand, for site map and feeds (https://…).")
@click.option("--contact", default="", help="For security.txt: mailto:… or https://….")
@click.option("--check", is_flag=True, help="Check FOLDER, a copy of a site, against its signed manifest.")
@click.option("--key", "keys", multiple=True, help="With --check: the hub's verifier key, or a file that holds it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(
    context: click.Context, folder: Path, path: Path | None, hub: Path | None, passphrase_file: Path | None,
    base_url: str, contact: str, check: bool, keys: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Write the public site of a release to FOLDER: static pages in English, Korean, Japanese and Spanish.

    Only a release for the public is published. Without one, the site shows what is public at the hub: members, demands,
    timeline, actions, votes, and no figures. Files that did not change are left untouched. With --check, FOLDER is
    somebody's copy: each file is compared with the manifest that the hub signed; exit code 1 when one differs.

    Example: corroborate publish site --release demo/release.json --hub demo/hub

    Example: corroborate publish mirror --check --key hub-key.txt
    """
    if check:
        context.exit(_check(folder, keys, as_json))
    if path is None and hub is None:
        raise click.UsageError("Give the release to publish (--release FILE), the hub (--hub DIR), or --check a copy.")
    release = None if path is None else Release.from_json(path.read_bytes())
    if release is not None and release.audience != "public":
        raise NotAllowed(f"this release is for {release.body or release.audience}, not for the public")
    if hub is None:
        assert release is not None  # noqa: S101 - for the type checker
        changed = publish(release, folder, SiteOptions(base_url, contact))
        click.echo("Not signed: a mirror's origin cannot be checked. Give the hub's vault with --hub.", err=True)
    else:
        with api.open_vault(hub, passphrase_of(passphrase_file)) as vault:
            known = api.campaign(vault)
            on = now().date()
            release = with_campaign(
                release or _of_hub(vault.name, on, api.coalition_members(vault), api.published_rounds(vault, on),
                                   api.published_finals(vault, now())),
                known.demands, known.actions, known.votes, known.commitments, invented=known.invented,
            )  # fmt: skip
            options = SiteOptions(base_url, contact, vault.signer.verifier(), vault.signer.line)
            changed = publish(release, folder, options)
    if as_json:
        click.echo(json.dumps({"index": str(folder / "index.html"), "changed": changed, "signed": hub is not None}))
    else:
        click.echo(f"{folder / 'index.html'} ({changed} files changed)")


def _of_hub(
    name: str, on: date, members: Sequence[Member], rounds: Sequence[tuple[str, Round]], finals: Sequence[Final]
) -> Release:  # fmt: skip
    """A release of what is public at a hub, without any evidence: its register (the founding one where it keeps none
    yet), its published statements, and the timeline."""
    order = Order(name, name, "public", on)
    results = Results(members=members or register(), rounds=rounds, finals=finals, timeline=timeline())
    return decide(order, Records(), results)


def _check(folder: Path, given: tuple[str, ...], as_json: bool) -> int:
    if not given:
        raise click.UsageError("Give the hub's key, which you compared by voice or in person (--key KEY or FILE).")
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
    click.echo(
        f"Whole: {found.files} files as published on {found.on}, signed by {signers}."
        if found.whole
        else f"Not the site that {signers} signed on {found.on}: see above."
    )
    return 0 if found.whole else 1


def _keys(text: str) -> list[Verifier]:
    """A key itself, or every key in a file, one a line."""
    file = Path(text)
    if len(text) < 255 and file.is_file():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise InputRefused(f"{file} is not UTF-8: it should hold verifier keys, one a line") from error
        return [Verifier.parse(line) for line in lines if line.strip() and not line.startswith("#")]
    return [Verifier.parse(text)]
