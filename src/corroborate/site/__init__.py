"""The public site: static pages from one release, in the coalition's languages, without script or outside request."""

import json
import shutil
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from corroborate.custody import write_file
from corroborate.disclosure import Release
from corroborate.errors import InputRefused
from corroborate.figures import Figure, estimate_figure, members_figure, overlap_figure, sensitivity_figure
from corroborate.values import Digest

LANGUAGES = (("en", "English"), ("ko", "한국어"), ("ja", "日本語"))
PAGES = (
    ("home", "index"), ("statements", "statements"), ("demands", "demands"), ("members", "members"),
    ("timeline", "timeline"), ("estimate", "estimate"), ("findings", "findings"), ("testimony", "testimony"),
    ("verify", "verify"), ("press", "press"),
)  # fmt: skip
MANIFEST = "manifest.json"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found


def _figures(release: Release) -> dict[str, Figure]:
    figures = [members_figure(release.members)]
    if release.estimate is not None:
        figures.append(estimate_figure(release.estimate))
        if len(release.estimate.sensitivity) > 1:
            figures.append(sensitivity_figure(release.estimate))
        if release.overlap is not None:
            figures.append(overlap_figure(release.overlap))
    return {figure.name: figure for figure in figures}


def site_files(release: Release, base_url: str = "") -> dict[str, bytes]:
    """Every file of the site by its path. The same release gives the same bytes. ``base_url``: for the site map."""
    environment = Environment(
        loader=PackageLoader("corroborate.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    figures = _figures(release)
    files = {f"pictures/{name}.svg": figure.svg.encode() for name, figure in figures.items()}
    files["style.css"] = resources.files(__package__).joinpath("style.css").read_bytes()
    listed = [(key, f"{name}.html") for key, name in PAGES]
    for language, _ in LANGUAGES:

        def word(key: str, language: str = language) -> str:
            one = _words()[key]
            return one.get(language, one["en"])

        for _, name in PAGES:
            page = environment.get_template(f"{name}.html").render(
                r=release, lang=language, w=word, root="../", here=f"{name}.html", pages=listed, tongues=LANGUAGES,
                figures=figures,
            )  # fmt: skip
            files[f"{language}/{name}.html"] = page.encode()
    # the front door at the root sends to the English pages; without script, a link and a refresh do
    files["index.html"] = environment.get_template("front.html").render(r=release, tongues=LANGUAGES).encode()
    files |= _statements(release)
    identity = Digest.of(release.coalition.encode()).hex[:16]
    files["feed.atom"] = environment.get_template("feed.atom").render(r=release, identity=identity).encode()
    files["robots.txt"] = b"User-agent: *\nAllow: /\n"
    if base_url:
        links = "".join(
            f"<url><loc>{base_url.rstrip('/')}/{path}</loc></url>" for path in sorted(files) if path.endswith(".html")
        )
        schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
        files["sitemap.xml"] = f'<?xml version="1.0"?><urlset xmlns="{schema}">{links}</urlset>\n'.encode()
    hashes = {path: Digest.of(content).hex for path, content in sorted(files.items())}
    files[MANIFEST] = json.dumps(hashes, indent=1, sort_keys=True).encode() + b"\n"
    return files


def _statements(release: Release) -> dict[str, bytes]:
    """The exact texts, the signatures under them, and the members' keys: all that is needed to check them."""
    files: dict[str, bytes] = {}
    keys: dict[str, None] = {}
    for statement in release.statements:
        for version in statement.versions:
            files[f"statements/{statement.name}.{version.number}.txt"] = version.text.encode()
        signed = [one for one in statement.sign_ons if one.state == "signed"]
        for number, one in enumerate(signed, start=1):
            files[f"statements/{statement.name}.{number}.sign-on"] = one.note.encode()
        keys |= dict.fromkeys(one.verifier for one in statement.sign_ons)
    files["statements/keys.txt"] = "".join(f"{key}\n" for key in keys).encode()
    return files


def publish(release: Release, folder: Path, base_url: str = "") -> int:
    """Write the site; unchanged files are left untouched, files of a former site that are no longer in it are removed.

    Returns how many files changed. A folder that holds something else than a site is refused.
    """
    manifest = folder / MANIFEST
    before: dict[str, str] = {}
    if manifest.exists():
        before = json.loads(manifest.read_text(encoding="utf-8"))
    elif folder.exists() and any(folder.iterdir()):
        raise InputRefused(f"{folder} holds something that is no site of ours: choose another folder")
    files = site_files(release, base_url)
    changed = 0
    for path, content in sorted(files.items()):
        target = folder / path
        if target.exists() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, content)
        changed += 1
    for path in sorted(set(before) - set(files)):
        (folder / path).unlink(missing_ok=True)
    for empty in [one for one in folder.iterdir() if one.is_dir() and not any(one.iterdir())]:
        shutil.rmtree(empty)
    return changed


__all__ = ["LANGUAGES", "PAGES", "publish", "site_files"]
