"""The public site: static pages from one release, in the coalition's languages, without outside request or tracker.

The same release gives the same bytes. Every page is right without a script; one script searches, on the reader's own
device. A manifest that the hub signs makes any mirror checkable (:func:`check_site`).
"""

from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

from corroborate.custody import write_file
from corroborate.disclosure import Release, check_release
from corroborate.errors import InputRefused, unwritten
from corroborate.registers import register_files
from corroborate.site.letters import fonts_of
from corroborate.site.manifest import (
    MANIFEST,
    NOTE,
    SUMS,
    Mirror,
    check_site,
    manifest_of,
    note_text,
    read_manifest,
    sums_of,
)
from corroborate.site.pages import PAGES, Contents, SiteOptions, calendar_of, environment, render
from corroborate.site.searching import Entry, index
from corroborate.site.words import Speech
from corroborate.translation import LANGUAGES
from corroborate.values import Digest

FONTS = tuple(f"fonts/{name}" for name in ("OFL.txt", "japanese.woff2", "korean.woff2", "tongues.woff2"))
ASSETS = ("style.css", "search.js", "icon.svg", *FONTS)
SECURITY = ".well-known/security.txt"


def site_files(release: Release, options: SiteOptions | None = None) -> dict[str, bytes]:
    """Every file of the site by its path, the signed manifest among them. The same input gives the same bytes."""
    options = options or SiteOptions()
    check_release(release)  # first: nothing is drawn of what others did not say
    release = replace(release, coalition=options.coalition or release.coalition)
    texts = _statements(release)
    contents = Contents.of(release)
    identity = Digest.of(release.coalition.encode()).hex[:16]
    files = {f"pictures/{name}.svg": figure.svg.encode() for name, figure in contents.figures.items()}
    for name in ASSETS:
        files[name] = resources.files(__package__).joinpath(name).read_bytes()
    for language, _ in LANGUAGES:
        entries: list[Entry] = []
        for path, content, entry in render(contents, Speech(language), options):
            files[path] = content
            if path.endswith(".html") and not path.endswith("/search.html"):
                entries.append(entry)
        files[f"{language}/search-index.js"] = index(entries)
    speeches = [Speech(one) for one, _ in LANGUAGES]
    front = environment().get_template("front.html").render(r=release, tongues=LANGUAGES, speeches=speeches)
    files["index.html"] = front.encode()
    files |= fonts_of({path: content for path, content in files.items() if path.endswith(".html")})
    files |= texts
    files |= {f"data/{name}": content for name, content in register_files(release).items()}
    files["actions.ics"] = calendar_of(release, identity)
    files["robots.txt"] = _robots(options)
    if options.contact:
        files[SECURITY] = _security(release, options)
    if options.base_url:
        files["sitemap.xml"] = _sitemap([path for path in files if path.endswith(".html")], options)
    files[SUMS] = sums_of(files)
    manifest = manifest_of(files)
    files[MANIFEST] = manifest
    if options.sign is not None:
        text = note_text(manifest, release.on.isoformat())
        files[NOTE] = f"{text}\n{options.sign(text)}".encode()
    return files


def _statements(release: Release) -> dict[str, bytes]:
    """The exact texts, the signatures under them, and the members' keys: all that is needed to check them."""
    files: dict[str, bytes] = {}
    keys: dict[str, None] = {}
    for statement in release.statements:
        stem = f"statements/{statement.name}.{statement.language}"
        for version in statement.versions:
            files[f"{stem}.{version.number}.txt"] = version.text.encode()
        for final in statement.finals:
            files[f"statements/{statement.name}.{final.language}.html"] = final.html.encode()
        signed = [one for one in statement.sign_ons if one.signed]
        for number, one in enumerate(signed, start=1):
            if not one.on_paper:
                files[f"{stem}.{number}.sign-on"] = one.note.encode()
        keys |= dict.fromkeys(one.verifier for one in statement.sign_ons if one.verifier)
    files["statements/keys.txt"] = "".join(f"{key}\n" for key in keys).encode()
    return files


def _robots(options: SiteOptions) -> bytes:
    more = f"Sitemap: {options.address('sitemap.xml')}\n" if options.base_url else ""
    return f"User-agent: *\nAllow: /\n{more}".encode()


def _security(release: Release, options: SiteOptions) -> bytes:
    """RFC 9116. It runs out a year after the release, so that a site nobody tends says so."""
    lines = [
        f"Contact: {options.contact}",
        f"Expires: {release.on + timedelta(days=365)}T00:00:00Z",
        f"Preferred-Languages: {', '.join(language for language, _ in LANGUAGES)}",
    ]
    if options.base_url:
        lines.append(f"Canonical: {options.address(SECURITY)}")
    return "".join(f"{line}\n" for line in lines).encode()


def _sitemap(pages: list[str], options: SiteOptions) -> bytes:
    """Each page with its other languages (sitemaps.org, and the xhtml:link that search engines read there)."""
    rows = []
    codes = {code for code, _ in LANGUAGES}
    for path in sorted(pages):
        language, _, rest = path.partition("/")
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(options.address(f"{code}/{rest}"))}"/>'
            for code, _ in LANGUAGES
            if rest and language in codes and language != code
        )
        rows.append(f"<url><loc>{escape(options.address(path))}</loc>{others}</url>\n")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    return f'{head}xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{"".join(rows)}</urlset>\n'.encode()


def publish(release: Release, folder: Path, options: SiteOptions | None = None) -> int:
    """Write the site; unchanged files are left untouched, files of a former site that are no longer in it are removed.

    Returns how many files changed. A folder that holds something else than a site is refused. The manifest is written
    last: a site that was cut off half-way does not pass its own check.
    """
    manifest = folder / MANIFEST
    before: dict[str, str] = {}
    if manifest.exists():
        before = read_manifest(manifest.read_bytes())
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputRefused("{folder} holds something that is no site of ours: choose another folder", folder=folder)
    files = site_files(release, options)
    changed = 0
    last = {name: files.pop(name) for name in (MANIFEST, NOTE) if name in files}
    try:
        for path, content in sorted(files.items()):
            changed += _write(folder / path, content)
        for path in sorted(set(before) - set(files)):
            (folder / path).unlink(missing_ok=True)
        if NOTE not in last:  # a former signature does not stand under another site
            (folder / NOTE).unlink(missing_ok=True)
        for empty in sorted((one for one in folder.rglob("*") if one.is_dir()), reverse=True):
            if not any(empty.iterdir()):
                empty.rmdir()
    except OSError as error:
        raise unwritten(f"the site ({error.filename})", error) from error
    for name, content in last.items():
        target = folder / name
        if not target.exists() or target.read_bytes() != content:
            write_file(target, content)
            changed += 1
    return changed


def _write(target: Path, content: bytes) -> bool:
    if target.is_symlink():  # never through a link to somewhere else
        target.unlink()
    elif target.exists() and target.stat().st_size == len(content) and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return True


__all__ = ["LANGUAGES", "MANIFEST", "NOTE", "PAGES", "Mirror", "SiteOptions", "check_site", "publish", "site_files"]
