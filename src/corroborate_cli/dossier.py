"""`corroborate dossier`: a release as PDF, HTML or a Word file."""

from pathlib import Path

import click

from corroborate.disclosure import SignedRelease, check_release, read_signed
from corroborate.dossier import write_dossier
from corroborate.translation import LANGUAGES
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.statement_files import keys_of
from corroborate_cli.vaults import vault_options

language_option = click.option(
    "--language",
    type=click.Choice([code for code, _ in LANGUAGES]),
    default="en",
    show_default=True,
    help="Of the dossier's own words.",
)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--release", required=True, help="Number of a release of this vault, or the file release.json of one.")
@language_option
@click.option(
    "--keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With a release.json: keys of members that you trust, one a line; again for more.",
)
@vault_options
def command(
    out: Path, release: str, language: str, keys: tuple[Path, ...], folder: Path, passphrase_file: Path | None
) -> None:
    """Write the dossier of a release to OUT (PDF/A-2a, PDF/UA-1). The same release gives the same bytes.

    Where the name ends so, it is one page of HTML that loads nothing (.html), or a Word file to quote from (.docx).

    What sources and members wrote stays in their own language; so does what we have no words for.

    By its number a vault writes its own release, and keeps what was written. From a release.json whoever received it
    writes the same dossier, without a vault. One is refused that was changed, that nobody signed, or that shows others
    to have said what their own notes do not say.

    Made from a release.json it says beside each name that its key was not checked, but where you give the key (--keys).

    Example: corroborate dossier dossier.pdf --release 3 --language ko --vault our-vault
    """
    if not release.isdecimal():
        made = signed_of(release)
        write_dossier(made.release, out, language, made.key, {key for one in keys for key in keys_of(one)})
        echo(str(out))
        return
    from corroborate_cli.desks import desk_of, opened
    from corroborate_node.release import giving

    with opened(folder, passphrase_file) as vault:
        giving.write(desk_of(vault, None, None), int(release), "dossier", out, language=language)
    echo(str(out))


def signed_of(said: str) -> SignedRelease:
    """The release of a release.json, whose signature holds; whose it is, is said on stderr. One that shows others to
    have said what they did not sign is refused, as `corroborate verify` refuses it."""
    path = Path(said)
    if not path.is_file():
        raise click.UsageError(worded("{said} is neither the number of a release nor a file.", said=said))
    found = read_signed(path.read_bytes())
    check_release(found.release)
    say(
        "Signed by {name}, key {fingerprint}. Compare it with theirs by voice.",
        name=found.key.name,
        fingerprint=found.key.fingerprint,
        err=True,
    )
    say(
        "As its consents stood on {on}: a file cannot know what was taken back since. "
        "The vault that made it writes it anew by its number (--release NUMBER), and asks again.",
        on=found.release.on.isoformat(),
        err=True,
    )
    return found
