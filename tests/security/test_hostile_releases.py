"""A release.json comes from anybody. Whatever one field of it holds, who draws, publishes or verifies it is answered in
a sentence; and what is no address of the web is no link."""

import json
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corroborate.coalition import demands, register, timeline
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Release, Results, release, signed_json
from corroborate.disclosure.releases import estimate_shown
from corroborate.errors import CorroborateError
from corroborate.public_record import commission, populations, proceedings
from corroborate.values import canonical
from corroborate_cli.main import group

MAKER = Signer("Maker", b"\x01" * 32)
NUMBERS = {"median": 300, "low": 250, "high": 400, "note": ""}
ESTIMATE = {
    "documented": 120, "at_least": 140, "method": "two lists", "estimate": {**NUMBERS, "level": 0.95},
    "methods": {"two lists": NUMBERS, "three lists": NUMBERS}, "without": {"list A": NUMBERS}, "assumptions": ["a"],
    "sensitivity": [{"odds_ratio": ratio, **NUMBERS} for ratio in (0.5, 1, 2)], "tipping": "", "warnings": ["w"],
    "diagnostics": {"r_hat": 1.01, "ess": 400},
}  # fmt: skip


def document(made):
    """As few rows of each list as hold every kind of field."""
    found = json.loads(made.to_json())
    shown = found["release"]
    for name in ("places", "members", "timeline", "actions", "votes"):
        shown[name] = shown[name][:2]
    shown["demands"] = [one for one in shown["demands"] if one["access"]][:1]
    if shown["record"]:
        lines = shown["record"]
        lines["elements"] = lines["elements"][:2]
        there = {id_ for one in lines["elements"] for id_ in one["found"]}
        lines["found"] = [one for one in lines["found"] if one["id"] in there]
        for name in ("populations", "areas", "proceedings"):
            lines[name] = lines[name][:2]
    return found


def real():
    """A release of the public record, and one of figures with what a hub does."""
    order = Order("T", "Maker", "public", datetime(2026, 11, 1, tzinfo=UTC).date())
    common = {"members": register(), "demands": demands(), "timeline": timeline()}
    record = Results(**common, found=commission(), populations=populations(), proceedings=proceedings())
    yield document(release(order, Records(), record))
    action = {"id": "a", "kind": "vigil", "title": "T", "members": ["Maker"], "begins": "2026-01-01",
              "ends": "2026-01-01", "language": "en", "address": "https://example.org/x"}  # fmt: skip
    vote = {"state": "CU", "body": "GA", "resolution": "79/1", "on": "2024-12-17", "vote": "no", "source": "s"}
    promise = {"state": "CU", "what": "w", "on": "2024", "source": "s", "demand": "", "kept": "open"}
    found = document(release(order, Records(), Results(**common)))
    estimate = json.loads(canonical(written_estimate()))
    found["release"] |= {"actions": [action], "votes": [vote], "commitments": [promise], "estimate": estimate}
    yield json.loads(Release.from_json(canonical(found)).to_json())


def written_estimate():
    from corroborate.disclosure.shown import written

    return written(estimate_shown(ESTIMATE))


RELEASES = list(real())


def places(value, at=()):
    """Every scalar of a document by its place."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [one for key, part in parts for one in places(part, (*at, key))]
    return found if isinstance(value, dict | list) else [at]


def kind_of(place):
    return tuple("*" if isinstance(part, int) else part for part in place)


SCALARS = [
    (number, place)
    for number, made in enumerate(RELEASES)
    for place in {kind_of(one): one for one in places(made["release"])}.values()
]
ODD = [
    "much",
    "",
    "\x00",
    "-1",
    "2023-13",
    "javascript:alert(1)",
    -1,
    0,
    1.5,
    1e308,
    2**70,
    10**400,
    True,
    None,
    [],
    {},
]


def mutated(number, place, odd):
    made = json.loads(json.dumps(RELEASES[number]))
    within = made["release"]
    for part in place[:-1]:
        within = within[part]
    within[place[-1]] = odd
    return made


def signed(made):
    """Signed by whoever made it; where no such JSON can be canonical, as it is."""
    try:
        return signed_json(canonical(made), MAKER)
    except (CorroborateError, ValueError, OverflowError):
        return json.dumps(made).encode()


def answered(folder, content):
    """What the three commands say of a file: none of them ends otherwise than in a sentence."""
    (folder / "release.json").write_bytes(content)
    file = str(folder / "release.json")
    for words in (["verify", file], ["dossier", str(folder / "x.pdf"), "--release", file],
                  ["publish", str(folder / "site"), "--release", file]):  # fmt: skip
        done = CliRunner().invoke(group, words)
        assert done.exception is None or isinstance(done.exception, SystemExit | CorroborateError), (words, done)
        yield done


@pytest.mark.parametrize("odd", ODD, ids=lambda one: repr(one)[:20])
def test_each_kind_of_field_is_read_or_refused_with_its_place_whatever_it_holds(odd):
    for number, place in SCALARS:
        content = json.dumps(mutated(number, place, odd)).encode()
        try:
            Release.from_json(content)
        except CorroborateError as error:
            assert str(error)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.sampled_from(SCALARS), odd=st.sampled_from(ODD))
def test_what_is_read_of_a_release_is_drawn_published_and_verified_or_refused_in_a_sentence(where, odd, tmp_path):
    assert len(list(answered(tmp_path, signed(mutated(*where, odd))))) == 3


def test_a_release_as_it_was_made_is_drawn_published_and_verified(tmp_path):
    for number, made in enumerate(RELEASES):
        (tmp_path / str(number)).mkdir()
        verified, drawn, published = answered(tmp_path / str(number), signed(made))
        assert (verified.exit_code, drawn.exit_code, published.exit_code) == (3, 0, 0), (drawn, published)


def test_an_odds_ratio_that_is_a_word_is_refused_by_verify_too(tmp_path):
    content = signed(mutated(1, ("estimate", "sensitivity", 0, "name"), "much"))
    verified, drawn, published = answered(tmp_path, content)
    assert (verified.exit_code, "INVALID" in verified.output) == (1, True)
    for done in (drawn, published):
        assert "estimate.sensitivity" in str(done.exception), done


def test_only_an_address_of_the_web_is_a_link_of_the_dossier_and_the_site(tmp_path):
    """Who opens a dossier or a mirror runs nothing that a release brings as an address."""

    def led(value):
        if isinstance(value, dict):
            return {key: "javascript:alert(3)" if key == "address" else led(part) for key, part in value.items()}
        return [led(one) for one in value] if isinstance(value, list) else value

    for number, made in enumerate(RELEASES):
        file = tmp_path / f"{number}.json"
        file.write_bytes(signed({**made, "release": led(made["release"])}))
        page, site = tmp_path / f"{number}.html", tmp_path / f"site{number}"
        for words in (["dossier", str(page)], ["publish", str(site)]):
            done = CliRunner().invoke(group, [*words, "--release", str(file)])
            assert done.exit_code == 0, done
        drawn = [page, *site.rglob("*.html"), *site.rglob("*.atom")]
        bad = [one.name for one in drawn if re.search(r"href=.?javascript:", one.read_text(encoding="utf-8"))]
        assert bad == []
        assert any("javascript:alert(3)" in one.read_text(encoding="utf-8") for one in drawn), "as words it stands"
