"""Promise 10: every exchange is a file, and what we publish loads nothing from elsewhere."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pyrage
import pytest

from corroborate.coalition import demands, register, timeline
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Release, Results, release
from corroborate.dossier import dossier_bytes
from corroborate.exchange import read_bundle, write_bundle
from corroborate.site import publish

LOADING = {"src", "srcset", "data", "poster", "background"}


class _Loads(HTMLParser):
    """What a page fetches by itself, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADING or (tag == "link" and name == "href"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")


@pytest.fixture(scope="module")
def made() -> Release:
    order = Order("Release", "Coalition", "public", date(2026, 11, 24))
    return release(order, Records(), Results(members=register(), demands=demands(), timeline=timeline()))


def test_no_page_loads_anything_from_elsewhere_and_every_inner_link_leads_somewhere(made: Release, tmp_path: Path):
    publish(made, tmp_path / "site")
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert pages
    for page in pages:
        found = _Loads()
        found.feed(page.read_text(encoding="utf-8"))
        for address in [*found.loads, *found.links]:
            if address in found.links and re.match(r"https?:|mailto:|#", address):
                continue
            assert not re.match(r"[a-z]+:|//|/", address), f"{page.name}: {address}"
            target = page.parent / address.partition("#")[0]
            assert target.exists(), f"{page.name}: {address}"
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", sheet.read_text(encoding="utf-8"))


def test_the_same_release_gives_the_same_site_byte_for_byte(made: Release, tmp_path: Path):
    for name in ("one", "two"):
        publish(made, tmp_path / name)
    first, second = (
        {
            str(path.relative_to(tmp_path / name)): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert first == second


def test_the_first_page_and_its_style_weigh_at_most_150_kilobytes(made: Release, tmp_path: Path):
    publish(made, tmp_path / "site")
    styles = sum(path.stat().st_size for path in (tmp_path / "site").rglob("*.css"))
    assert (tmp_path / "site" / "index.html").stat().st_size + styles <= 150_000


def test_the_dossier_is_the_same_bytes_each_time_and_opens_nothing_outside(made: Release):
    pdf = dossier_bytes(made)
    assert pdf == dossier_bytes(made)
    assert not re.search(rb"/(?:Launch|JavaScript|GoToR|EmbeddedFile|SubmitForm)\b", pdf)


def test_an_exchange_is_one_file(made: Release, tmp_path: Path):
    ours, sender = pyrage.x25519.Identity.generate(), Signer("a.example", b"\x01" * 32)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    stick = tmp_path / "stick.age"
    stick.write_bytes(
        write_bundle({"release.json": made.to_json()}, sender, [str(ours.to_public())], at, "bundle_" + "0" * 32)
    )
    received = read_bundle(stick.read_bytes(), str(ours), [sender.verifier()])
    assert Release.from_json(received.files["release.json"]) == made
