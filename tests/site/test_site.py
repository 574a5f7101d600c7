"""The public site: four languages, nothing from elsewhere, the same bytes each time, a mirror that can be checked."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from corroborate.coalition import Action, Round, Version, Vote, demands, register, sign, timeline
from corroborate.custody import Signer
from corroborate.disclosure import MemberShown, Order, Records, Release, Results, release, signed_json
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotVerified
from corroborate.site import LANGUAGES, MANIFEST, NOTE, SiteOptions, check_site, publish, site_files
from corroborate.site.searching import Entry, index, terms
from corroborate.site.words import slug, words
from corroborate.translation import COMPLETE, english
from corroborate.values import PartialDate
from corroborate.vocabulary import country_names, links_of, load
from corroborate_cli.main import group

ROOT = Path(__file__).parents[2]
SITE = ROOT / "src/corroborate/site"
HUB = Signer("Secretariat", b"\x07" * 32)
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
SIGNED = SiteOptions("https://coalition.example", "mailto:security@coalition.example", HUB.verifier(), HUB.line)


def decided(markup: str = "") -> Release:
    signers = {name: Signer(name, bytes([at]) * 32) for at, name in enumerate(("Free-NK-Gulag", "Kontras", "ABC"), 1)}
    text = f"Let monitors in.\n\nTell the families. {markup}\n".encode()
    round_ = Round({name: one.verifier() for name, one in signers.items()}).propose(Version("joint", 1, text))
    for one in signers.values():
        round_ = round_.receive(sign(one, round_.current, "with us", AT), AT)
    actions = [
        Action("action_1", "exhibition", f"사라진 사람들 {markup}", ("Free NK Gulag",), date(2026, 10, 1),
               date(2026, 10, 20), "ko", "KR", f"서울 {markup}", ("demand.release_abductees",), f"사진 {markup}"),
    ]  # fmt: skip
    votes = [Vote("KR", "GA", f"A/RES/1 {markup}", PartialDate.parse("2025-12-18"), "yes", f"record {markup}")]
    order = Order(f"What is known {markup}", f"Coalition {markup}", "public", date(2026, 11, 24))
    return release(order, Records(), Results(
        members=register(), demands=demands(), timeline=timeline(), rounds=((f"Joint {markup}", round_),),
        actions=actions, votes=votes,
    ))  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Release:
    return decided()


@pytest.fixture(scope="module")
def site(made: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    publish(made, folder, SIGNED)
    return folder


class Read(HTMLParser):
    """A page as a link checker sees it: what it loads, where it leads, which places it has, in which language."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.handlers += [name] if name.startswith("on") or name == "style" else []
            if name == "id":
                self.ids.add(value or "")
            elif name in ("src", "srcset", "poster", "data") or (tag == "link" and name == "href"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Read]:
    return {page: Read(page) for page in sorted(site.rglob("*.html"))}


def test_every_link_leads_to_a_file_and_a_place_that_are_there(pages: dict[Path, Read]):
    assert len(pages) > 250
    registers = [entry for name in ("places", "timeline") for entry in load(name).entries.values()]
    public = {one.address for entry in registers for one in links_of(entry.source, str(entry.more.get("symbol", "")))}
    broken = []
    for page, read in pages.items():
        for address in [*read.loads, *read.links]:
            if address in public and address in read.links:  # what a reader opens, and no page loads
                continue
            if re.match(r"https://(?:www\.fidh\.org|coalition\.example)/", address) and address in read.links:
                continue
            path, _, place = unquote(address).partition("#")
            target = (page.parent / path).resolve() if path else page
            if re.match(r"[a-z]+:|/", address) or not target.is_file():
                broken.append(f"{page.name}: {address}")
            elif place and target in pages and place not in pages[target].ids:
                broken.append(f"{page.name}: no place {address}")
    assert broken == []


def test_no_page_has_a_tracker_a_handler_or_an_inline_style_and_one_script_alone_runs(pages: dict[Path, Read]):
    for page, read in pages.items():
        assert read.handlers == [], page
        assert not {"iframe", "object", "embed", "form"} & set(read.tags) or page.name == "search.html"
        loaded = [one for one in read.loads if one.endswith(".js")]
        assert loaded == (["search-index.js", "../search.js"] if page.name == "search.html" else []), page


def test_each_language_has_the_same_pages(site: Path):
    trees = [{one.relative_to(site / code).as_posix() for one in (site / code).rglob("*")} for code, _ in LANGUAGES]
    assert [code for code, _ in LANGUAGES] == ["en", "ko", "ja", "es"]
    assert all(one == trees[0] for one in trees)


def test_the_same_input_gives_the_same_bytes_and_leaves_unchanged_files_untouched(made: Release, tmp_path: Path):
    assert site_files(made, SIGNED) == site_files(Release.from_json(made.to_json()), SIGNED)
    first = publish(made, tmp_path / "site", SIGNED)
    times = {one: one.stat().st_mtime_ns for one in (tmp_path / "site").rglob("*") if one.is_file()}
    assert first == len(times)
    assert publish(made, tmp_path / "site", SIGNED) == 0
    assert {one: one.stat().st_mtime_ns for one in times} == times
    other = replace(made, members=made.members[1:])
    changed = publish(other, tmp_path / "site", SIGNED)
    assert 0 < changed < len(times) / 4
    assert not (tmp_path / "site/en/members" / f"{slug(made.members[0].name)}.html").exists()


def test_a_missing_translation_is_shown_as_missing(made: Release):
    bare = replace(made, demands=tuple(
        replace(one, labels=tuple(label for label in one.labels if label.language != "ja")) for one in made.demands
    ))  # fmt: skip
    page = site_files(bare)["ja/demands/stop-torture.html"].decode()
    assert (
        '<h1><span lang="en">End torture</span> <span class="missing">[まだ日本語になっていません]</span></h1>' in page
    )
    assert "拷問をやめること" in site_files(made)["ja/demands/stop-torture.html"].decode()


def used_words() -> set[str]:
    """Keys that templates ask for by a literal."""
    environment, found = Environment(autoescape=True), set[str]()
    for template in sorted((SITE / "templates").iterdir()):
        tree = environment.parse(template.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            target = call.node
            name = target.node if isinstance(target, nodes.Getattr) and target.attr == "plain" else target
            if isinstance(name, nodes.Name) and name.name == "w" and isinstance(call.args[0], nodes.Const):
                found.add(call.args[0].value)
    return found


def test_every_word_that_a_page_asks_for_is_there_in_four_languages_with_the_same_gaps_to_fill():
    assert len(used_words()) > 100
    said = english("corroborate", "site")
    assert used_words() <= set(said)
    for key in said:
        assert [words(language).said(key)[1] for language, _ in COMPLETE] == ["en", "ko", "ja", "es"], key
        gaps = [set(re.findall(r"\{\w+\}", words(language)[key])) for language, _ in COMPLETE]
        assert all(each == gaps[0] for each in gaps), key


def test_our_fonts_list_every_letter_of_our_own_korean_and_japanese():
    for name, language in (("korean", "ko"), ("japanese", "ja")):
        have = set((SITE / "fonts" / f"{name}.txt").read_text(encoding="utf-8"))
        texts = [words(language)[key] for key in english("corroborate", "site")]
        texts += [one[language] for one in country_names().values()]
        for vocabulary in ("demands", "timeline", "places"):
            texts += [entry.label.get(language, "") for entry in load(vocabulary).entries.values()]
        needed = {letter for text in texts for letter in text if ord(letter) > 0x2E7F}
        assert needed <= have, "make the fonts anew: src/corroborate/site/fonts/README.md"


def test_a_name_in_letters_that_our_words_lack_has_a_font_on_the_site(made: Release):
    name = "뷁튿숲훠麒麟嚆矢ヴォ"  # letters that none of the site's own words use
    renamed = replace(made, members=(replace(made.members[0], name=name), *made.members[1:]))
    files = site_files(renamed)
    held: set[int] = set()
    for path, content in files.items():
        if path.endswith(".woff2"):
            held |= set(TTFont(io.BytesIO(content)).getBestCmap())
    ours = set((SITE / "fonts/korean.txt").read_text("utf-8") + (SITE / "fonts/japanese.txt").read_text("utf-8"))
    assert set(name) - ours
    for path, content in files.items():
        if path.endswith(".html"):
            eastern = {one for one in content.decode() if "\u2e80" <= one <= "\uffef"}
            assert {one for one in eastern if ord(one) not in held} == set(), path
    assert b"fonts/more-korean.woff2" in files["style.css"]


def test_html_and_script_in_any_field_is_shown_as_text(tmp_path: Path):
    strange = decided(MARKUP)
    member = MemberShown(f"Group {MARKUP}", "organisation", "KR", "Asia", MARKUP, MARKUP)
    publish(replace(strange, members=(member, *strange.members)), tmp_path / "site", SIGNED)
    for page in sorted((tmp_path / "site").rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert Read(page).handlers == []
        for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S):
            json.loads(data)
    for feed in (tmp_path / "site").rglob("*.atom"):
        root = ElementTree.fromstring(feed.read_bytes())  # noqa: S314 - our own bytes
        assert any(MARKUP in (one.text or "") for one in root.iter("{http://www.w3.org/2005/Atom}title"))
    assert "<img src=x" not in (tmp_path / "site/en/search-index.js").read_text(encoding="utf-8")


def test_nothing_that_was_not_released_is_in_any_byte(tmp_path: Path):
    """A needle in every part of a vault that a public release must not carry."""
    from corroborate.records import Claim, Consent, Source
    from corroborate.values import new_id, read_name

    def made_id(kind: str) -> str:
        return new_id(kind, milliseconds=1, randomness=b"0123456789")

    needle = "바늘이름"
    source = Source(made_id("source"), "witness", f"Witness {needle}")
    claim = Claim(made_id("claim"), made_id("person"), "name", read_name(needle), source.id, needle, "saw", needle, AT)
    consent = Consent(made_id("consent"), source.id, frozenset({"hold", "count"}), "public", date(2026, 1, 1))
    order = Order("Release", "Coalition", "public", date(2026, 11, 24))
    publish(release(order, Records([claim], {source.id: source}, [consent]), Results()), tmp_path / "site", SIGNED)
    for one in (tmp_path / "site").rglob("*"):
        assert not one.is_file() or needle.encode() not in one.read_bytes(), one


def test_the_first_page_and_all_it_needs_weigh_at_most_150_kilobytes(site: Path):
    for code, _ in LANGUAGES:
        page = site / code / "index.html"
        needed = {(page.parent / one).resolve() for one in Read(page).loads if not one.endswith((".html", ".atom"))}
        font = {"ko": ["korean"], "ja": ["japanese"]}.get(code, [])
        needed |= {site / f"fonts/{name}.woff2" for name in [*font, "tongues"]}
        assert page.stat().st_size + sum(one.stat().st_size for one in needed) <= 150_000, code


def test_a_mirror_is_whole_or_the_check_names_what_differs(site: Path, tmp_path: Path):
    mirror = tmp_path / "mirror"
    shutil.copytree(site, mirror)
    assert check_site(mirror, [HUB.verifier()]).whole
    (mirror / "en/verify.html").write_bytes((mirror / "en/verify.html").read_bytes().replace(b"SHA256SUMS", b"NOTHING"))
    (mirror / "en/press.html").unlink()
    (mirror / "en/added.html").write_text("<p>Send your testimony here</p>", encoding="utf-8")
    found = check_site(mirror, [HUB.verifier()])
    assert not found.whole
    assert (found.changed, found.missing, found.extra) == (
        ("en/verify.html",), ("en/press.html",), ("en/added.html",)
    )  # fmt: skip


@given(st.sampled_from([MANIFEST, NOTE]), st.data())
def test_no_byte_of_the_manifest_or_its_note_can_change_unseen(name: str, data: st.DataObject):
    import tempfile

    files = site_files(Release("R", "C", "public", "", date(2026, 1, 1), True), SIGNED)
    content = bytearray(files[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        for each in (MANIFEST, NOTE):
            (Path(folder) / each).write_bytes(content if each == name else files[each])
        with pytest.raises(CorroborateError):
            check_site(Path(folder), [HUB.verifier()])


def test_a_mirror_signed_by_another_key_or_by_none_is_refused(made: Release, site: Path, tmp_path: Path):
    with pytest.raises(NotVerified, match="no key that was given"):
        check_site(site, [Signer("Secretariat", b"\x09" * 32).verifier()])
    publish(made, tmp_path / "unsigned")
    with pytest.raises(NotVerified, match="no signed manifest"):
        check_site(tmp_path / "unsigned", [HUB.verifier()])


def test_coreutils_alone_can_compare_the_files(site: Path, tool):
    done = subprocess.run([tool("sha256sum"), "-c", "--quiet", "SHA256SUMS"], cwd=site, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", ["../../letter.txt", "/etc/letter.txt", "en/../../letter.txt", "C:/letter.txt"])
def test_a_former_manifest_that_leads_out_of_its_folder_removes_nothing(path: str, made: Release, tmp_path: Path):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    folder = tmp_path / "a" / "site"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({path: "0" * 64}), encoding="utf-8")
    with pytest.raises(InvalidValue, match="no file of a site"):
        publish(made, folder)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_a_folder_with_other_things_is_left_alone(made: Release, tmp_path: Path):
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(InputRefused, match="no site of ours"):
        publish(made, tmp_path)


@pytest.mark.parametrize("wrong", [{"base_url": "javascript:alert(1)"}, {"contact": "write to me"}])
def test_addresses_that_are_none_are_refused(wrong: dict[str, str]):
    with pytest.raises(InvalidValue):
        SiteOptions(**wrong)


def test_the_site_map_the_feeds_and_security_txt_say_what_their_standards_ask(site: Path):
    urls = ElementTree.fromstring((site / "sitemap.xml").read_bytes())  # noqa: S314 - our own bytes
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = {one.text for one in urls.iter(f"{space}loc")}
    assert {f"https://coalition.example/{one.relative_to(site).as_posix()}" for one in site.rglob("*.html")} == places
    atom = "{http://www.w3.org/2005/Atom}"
    for feed in site.rglob("*.atom"):
        root = ElementTree.fromstring(feed.read_bytes())  # noqa: S314 - our own bytes
        for entry in [root, *root.iter(f"{atom}entry")]:
            for name in ("id", "title", "updated"):
                assert (entry.findtext(f"{atom}{name}") or "").strip(), feed
        ids = [entry.findtext(f"{atom}id") for entry in root.iter(f"{atom}entry")]
        assert len(ids) == len(set(ids))
    fields = dict(line.split(": ", 1) for line in (site / ".well-known/security.txt").read_text().splitlines())
    assert fields["Contact"] == "mailto:security@coalition.example"
    assert fields["Expires"] == "2027-11-24T00:00:00Z"


# What a reader types, and the page that must be found; the script in the browser is held to the same in test_look.py
def find(asked: str, entries: list[Entry]) -> set[str]:
    document = json.loads(index(entries).decode().removeprefix("window.searchIndex=").removesuffix(";\n"))
    found: set[int] | None = None
    for term in terms(asked):
        here = {posting >> 1 for posting in document["terms"].get(term, [])}
        found = here if found is None else found & here
    return {document["pages"][at][1] for at in found or ()}


@given(st.text(alphabet="고문강제노동처형가나다拷問強制収容所アイウabcé ", min_size=2, max_size=20))
def test_every_pair_of_hangul_kana_or_han_letters_of_a_title_finds_it(title: str):
    entries = [Entry(title, "here.html", "k"), Entry("zzz", "other.html", "k")]
    for at in range(len(title) - 1):
        pair = title[at : at + 2]
        if re.fullmatch("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2}", pair):
            assert "here.html" in find(pair, entries)


def test_case_and_accents_do_not_hide_a_word():
    assert find("INVESTIGACIÓN", [Entry("Comisión de investigacion", "a.html", "k")]) == {"a.html"}


def written(folder: Path, made: Release) -> Path:
    path = folder / "release.json"
    path.write_bytes(signed_json(made.to_json(), HUB))
    return path


def run(*arguments: object) -> Iterator[object]:
    done = CliRunner().invoke(group, [str(one) for one in arguments])
    return iter((done.exit_code, done.output + str(done.exception or "")))


def test_the_command_publishes_and_checks(made: Release, site: Path, tmp_path: Path):
    code, said = run("publish", tmp_path / "site", "--release", written(tmp_path, made), "--json")
    assert code == 0
    assert "Not signed" in str(said)
    (tmp_path / "key.txt").write_text(f"{HUB.verifier()}\n", encoding="utf-8")
    code, said = run("publish", site, "--check", "--key", tmp_path / "key.txt", "--json")
    assert code == 0
    assert json.loads(str(said))["signed_by"] == ["Secretariat"]
    mirror = tmp_path / "mirror"
    shutil.copytree(site, mirror)
    (mirror / "ko/index.html").write_text("<p>다른 글</p>", encoding="utf-8")
    code, said = run("publish", mirror, "--check", "--key", str(HUB.verifier()))
    assert code == 1
    assert "changed  ko/index.html" in str(said)
    code, said = run("publish", mirror, "--check")
    assert code == 2
    inner = written(tmp_path, replace(made, audience="coalition"))
    code, said = run("publish", tmp_path / "other", "--release", inner)
    assert code == 1
    assert not (tmp_path / "other").exists()
