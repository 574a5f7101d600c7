"""Each result has its three parts wherever it is read, and a report needs nothing but itself."""

import io
import json
import re

import pytest
from click.testing import CliRunner
from rich.console import Console

from corroborate.disclosure import estimate_shown
from corroborate.errors import InvalidValue
from corroborate.estimation import ASSUMPTIONS_IN, Settings, estimate
from corroborate.figures import (
    coverage_figure,
    estimate_figure,
    people,
    posterior_figure,
    ranks_figure,
    sensitivity_figure,
    strata_figure,
)
from corroborate.values import OverlapTable
from corroborate_cli.estimate import show
from corroborate_cli.main import group

COUNTS = {(1, 0, 0): 240, (0, 1, 0): 220, (0, 0, 1): 210, (1, 1, 0): 44, (1, 0, 1): 42, (0, 1, 1): 38, (1, 1, 1): 8}


@pytest.fixture(scope="module")
def table():
    return OverlapTable(("HRW", "OSCE", "ABA"), COUNTS)


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("estimate")
    (folder / "overlap.csv").write_text(table.to_csv(), encoding="utf-8")
    asked = ["estimate", str(folder / "overlap.csv"), "--report", str(folder / "out" / "page.html")]
    read = CliRunner().invoke(group, [*asked, "--json"])
    assert read.exit_code == 0, read.output
    plain = io.StringIO()
    show(estimate(table, settings=Settings(turns=400, changes=False)), Console(file=plain, width=100))
    return plain.getvalue(), json.loads(read.stdout), (folder / "out" / "page.html").read_text(encoding="utf-8")


def test_json_has_the_keys_that_programs_read(run):
    _, found, _ = run
    assert {
        "documented", "estimate", "at_least", "sensitivity", "method", "methods", "diagnostics", "warnings",
    } <= set(found)  # fmt: skip
    assert set(found["estimate"]) == {"median", "mean", "low", "high", "level"}
    assert {"odds_ratio", "median", "low", "high"} <= set(found["sensitivity"][0])
    assert {"r_hat", "ess"} <= set(found["diagnostics"])
    assert [one["odds_ratio"] for one in found["sensitivity"]][::8] == [0.25, 4]
    at_one = next(one for one in found["sensitivity"] if one["odds_ratio"] == 1)
    assert at_one["median"] == found["estimate"]["median"]
    assert found["intervals"]["0.95"] == [found["estimate"]["low"], found["estimate"]["high"]]
    assert abs(sum(found["histogram"]["shares"]) - 0.99) < 0.02
    assert found["unit"] == "people"


def test_the_schema_says_what_is_printed_and_nothing_else(run, pytestconfig):
    schema = json.loads((pytestconfig.rootpath / "docs/reference/estimate.schema.json").read_text(encoding="utf-8"))
    kinds = {"string": str, "number": int | float, "integer": int, "array": list, "object": dict, "null": type(None)}

    def check(value, rule, where):
        if "$ref" in rule:
            rule = schema["$defs"][rule["$ref"].rsplit("/", 1)[1]]
        if "const" in rule:
            assert value == rule["const"], where
            return
        names = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        assert any(isinstance(value, kinds[name]) for name in names), where
        if isinstance(value, dict):
            known, others = rule.get("properties", {}), rule.get("additionalProperties", True)
            assert set(rule.get("required", ())) <= set(value), where
            assert others is not False or set(value) <= set(known), where
            for key, one in value.items():
                if part := known.get(key, others if isinstance(others, dict) else None):
                    check(one, part, f"{where}.{key}")
        if isinstance(value, list):
            assert rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)), where
            for at, one in enumerate(value):
                check(one, rule.get("items", {"type": list(kinds)}), f"{where}[{at}]")

    check(run[1], schema["$defs"]["estimate"], "estimate")
    check({"refused": "why", "remedy": "what"}, schema["$defs"]["refusal"], "refusal")


def test_no_small_cell_stands_in_what_programs_read(run):
    _, found, page = run
    assert "cells" in found["fit"]
    assert "seen" not in json.dumps(found)
    assert page.count("withheld") >= 2  # the cell of four, and one that would give it away


def test_terminal_and_page_say_all_three_parts(run):
    plain, found, page = run
    said = " ".join(plain.split())
    for part in (
        "1. At least:",
        "2. Headline",
        "3. If the lists share a blind spot: from",
        "To fall below",
        "It assumes",
    ):
        assert part in said
    for part in ("At least", "if nobody was out of every list", "if the lists share a blind spot", "To fall below"):
        assert part in page
    assert people(found["band"]["high"]) in page


def test_the_page_loads_nothing_and_says_what_it_stands_on(run):
    _, found, page = run
    assert not re.search(r"(?:src|href)\s*=|https?://(?!www\.w3\.org/2000/svg)|<script|@import|url\(", page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert found["digest"] in page
    for name in ("estimate", "sensitivity", "posterior", "ranks", "overlap"):
        assert name  # each figure has its words and its numbers
    assert page.count("<svg") == page.count("The same as a table") == 5
    for language in ("en", "ko", "ja"):
        assert len(ASSUMPTIONS_IN[language]) == 3
        assert all(line[:20] in page for line in ASSUMPTIONS_IN[language][1:2])


def test_figures_refuse_what_they_cannot_draw_and_say_what_they_drew():
    with pytest.raises(InvalidValue):
        posterior_figure([1, 2], [0.5, 0.5], 1, 1)
    with pytest.raises(InvalidValue):
        ranks_figure([])
    assert "chain" in ranks_figure([[5, 5], [4, 6]]).table[0]
    assert strata_figure([]).table == (("stratum", "people", "low", "high"),)


def test_sensitivity_is_drawn_with_the_documented_and_the_tipping_point_in_words(table):
    found = estimate(table, settings=Settings(turns=400, extensions=1, changes=False))
    shown = estimate_shown(found.as_json())
    figure = sensitivity_figure(shown)
    assert "1/4" in figure.svg
    assert "2/3" in figure.svg
    assert f"documented {people(found.documented)}" in figure.svg
    assert found.tipping in figure.alt
    assert figure.svg == sensitivity_figure(shown).svg
    assert "at least" in estimate_figure(shown).svg


def test_what_is_refused_is_refused_in_words_with_a_remedy_and_exit_code_one(tmp_path):
    bad = {
        "one.csv": ("A,count\n1,5\n", "one list alone"),
        "none.csv": ("A,B,count\n1,0,0\n0,1,0\n1,1,0\n", "names nobody"),
        "apart.csv": ("A,B,C,count\n1,0,0,5\n0,1,0,5\n0,0,1,6\n", "no person is on two lists"),
        "inside.csv": ("A,B,C,count\n1,1,0,5\n1,0,0,5\n0,0,1,9\n", "everybody on B is also on A"),
        "zeros.csv": ("A,B,count\n0,0,5\n1,1,3\n", "people on no list cannot have been counted"),
        "bytes.csv": (b"A,B,count\n1,1,\xff\n", "is no whole number of people"),
    }
    for name, (text, reason) in bad.items():
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        read = CliRunner().invoke(group, ["estimate", str(path), "--json", "--report", str(tmp_path / "x.html")])
        assert read.exit_code == 1, name
        printed = json.loads(read.stdout)
        assert reason in printed["refused"], name
        assert printed["remedy"], name
    assert not (tmp_path / "x.html").exists()


def test_the_picture_of_coverage_hides_no_bad_row():
    figure = coverage_figure([("good", 1.0, 0.95, 1.0), ("hidden fifth", 0.9996, 0.0, 1.0)])
    assert "the interval did worst in hidden fifth: 0.0%" in figure.alt
    assert "at least was safe in 99.9% or more" in figure.alt
    assert figure.table[2] == ("hidden fifth", "99.9%", "0.0%", "100.0%")
    with pytest.raises(InvalidValue):
        coverage_figure([])
