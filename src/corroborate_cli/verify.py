"""`corroborate verify`: the same code and the same answer as the verifier inside a package."""

import json
from pathlib import Path

import click

from corroborate.custody import verify
from corroborate.custody.verdicts import MEANS
from corroborate.translation import in_language
from corroborate_cli.signed_release import verify_release
from corroborate_cli.speaking import language
from corroborate_cli.statement_files import verify_page
from corroborate_cli.waiting import waiting

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.option("--policy", multiple=True, type=_FILE, help="A policy you trust; again for another member's log.")
@click.option("--checkpoint", "checkpoints", multiple=True, type=_FILE,
              help="A checkpoint of the log that you hold from elsewhere; again for more.")  # fmt: skip
@click.option(
    "--keys",
    multiple=True,
    type=_FILE,
    help="A change of the log's key (a rotation or revocation) that you hold from elsewhere; again for more.",
)
@click.option("--authority", "authorities", multiple=True, type=_FILE,
              help="A certificate of a timestamp authority that you trust; again for more.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    context: click.Context,
    package: Path,
    policy: tuple[Path, ...],
    checkpoints: tuple[Path, ...],
    keys: tuple[Path, ...],
    authorities: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Verify a package (a folder or a ZIP file), a signed release.json, or a statement's final text. Offline.

    Exit codes: 0 valid, 1 invalid, 2 asked for wrongly, 3 incomplete. Without keys that came to you by another way
    than the package itself (--policy), the best answer for a package is incomplete. A final text is judged by the keys
    that it brings, and its answer says so: a forger writes keys as well, so compare their digits with what the members
    publish, or give the keys that you trust (--keys MEMBERS, a verifier key a line).

    A release.json is incomplete until you give the key that signed it (--keys FILE).

    Example: corroborate verify demo/package --policy trusted-policy.txt
    """
    if package.is_file() and (code := verify_page(package, keys, as_json)) is not None:
        context.exit(code)
    if package.is_file() and (code := verify_release(package, keys, as_json)) is not None:
        context.exit(code)
    policies = [one.read_bytes() for one in policy] or None
    held, changes, known = ([one.read_bytes() for one in some] for some in (checkpoints, keys, authorities))
    with waiting("reading files") as tell:
        result = verify.verify(package, policies, held, keys=changes, tell=tell, authorities=known)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        if language() != "en":
            verdict = in_language(result["verdict"], language())
            click.echo(f"{verdict}: {in_language(MEANS[result['verdict']], language())}\n")
        click.echo(verify.report(result))
    context.exit(verify.EXIT_CODES[result["verdict"]])
