"""The one door out: small numbers stay hidden under subtraction, and a release goes to JSON and back."""

import json
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from corroborate.cases import findings
from corroborate.coalition import demands, register, timeline
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Release, Results, read_signed, release, signed_json
from corroborate.disclosure.small_numbers import LEAST, protect
from corroborate.errors import InvalidValue, NotVerified
from corroborate.records import Claim, Consent, Source, Term, Text
from corroborate.values import OverlapTable, PartialDate, read_name

DAY = date(2026, 11, 24)
ORDER = Order("Release", "Coalition", "public", DAY)
SOURCE = "src_" + "0" * 32
PERSON = "person_" + "0" * 32


def _claims(*values: tuple[str, object]) -> Records:
    claims = [
        Claim(f"claim_{at:032x}", PERSON, name, value, SOURCE, "row 1", "saw", "r", datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]
        for at, (name, value) in enumerate(values)
    ]
    leave = Consent("consent_" + "0" * 32, SOURCE, frozenset({"name", "quote", "count"}), "public", date(2020, 1, 1))
    return Records(claims, {SOURCE: Source(SOURCE, "witness", "w")}, [leave])


@pytest.mark.parametrize("seed", range(40))
def test_no_withheld_cell_follows_from_the_total_and_the_sizes_of_the_lists(seed: int):
    chance = random.Random(seed)
    lists = tuple("abcd"[: chance.choice((2, 3, 4))])
    patterns = [pattern for pattern in product((0, 1), repeat=len(lists)) if any(pattern)]
    table = OverlapTable(lists, {pattern: chance.choice((0, 3, 8, 15, 60, 400)) for pattern in patterns})
    shown = {cell.pattern: cell.count for cell in protect(table).cells}
    assert all(count is None or count >= LEAST for count in shown.values())
    hidden = {pattern for pattern, count in shown.items() if count is None}
    if hidden == set(patterns):
        return
    for at, side in [(at, side) for at in range(len(lists)) for side in (0, 1)]:
        inside = [pattern for pattern in hidden if pattern[at] == side]
        assert len(inside) != 1
        assert not 0 < sum(table.counts[pattern] for pattern in inside) < LEAST
    assert len(hidden) != 1


def test_a_table_without_small_cells_is_shown_whole():
    table = OverlapTable(("a", "b"), {(1, 0): 30, (0, 1): 40, (1, 1): 10})
    assert [cell.count for cell in protect(table).cells] == [40, 30, 10]


def test_fewer_than_ten_documented_give_neither_table_nor_estimate():
    given = {"documented": 9}
    table = OverlapTable(("a", "b"), {(1, 0): 3, (0, 1): 3, (1, 1): 3})
    made = release(ORDER, Records(), Results(estimate=given, overlap=table))
    assert made.estimate is None
    assert made.overlap is None
    assert "fewer than ten" in made.refused


def test_what_is_never_published_beside_a_name_is_not():
    made = release(
        ORDER,
        _claims(
            ("name", read_name("김영희")),
            ("name", read_name("金英姬")),
            ("birth_date", PartialDate(1951, 2, 3)),
            ("event_date", PartialDate(1987, 4)),
            ("origin", Text("회령")),
            ("testimony", Text("words of the witness")),
            ("violation", Term("violations", "liberty.kwanliso")),
            ("violation", Term("violations", "sexual.rape")),
        ),
        Results(),
    )
    text = replace(made, places=()).to_json().decode()  # public facts of camps name years and towns of their own
    assert [name.text for name in made.persons[0].names] == ["김영희"]
    assert {fact.property for fact in made.persons[0].facts} == {"event_date", "violation"}
    assert "1980s" in text
    for secret in ("金英姬", "1951", "1987", "회령", "words of the witness", "rape", PERSON, SOURCE):
        assert secret not in text


def test_findings_count_only_claims_that_may_be_counted():
    records = _claims(("name", read_name("김영희")), ("violation", Term("violations", "liberty.kwanliso")))
    found = findings(records.claims, records.sources)
    shown = release(ORDER, records, Results(findings=found)).findings
    assert any(one.claims_for != 0 for one in shown)
    silent = replace(records, consents=())
    assert not any(one.claims_for != 0 for one in release(ORDER, silent, Results(findings=found)).findings)


def test_claims_and_roots_of_one_to_nine_are_told_to_nobody_but_ourselves():
    """Few claims tell of few people, and few roots are few witnesses; which is which stays said in words."""
    records = _claims(("name", read_name("김영희")), ("violation", Term("violations", "liberty.kwanliso")))
    found = findings(records.claims, records.sources)
    for audience, few in (("own", False), ("coalition", True), ("public", True)):
        shown = release(replace(ORDER, audience=audience), records, Results(findings=found))
        one = next(each for each in shown.findings if each.claims_for != 0)
        counts = (one.claims_for, one.roots, *(kind.count for kind in one.root_kinds))
        assert all(count is None for count in counts) == few, (audience, one)
        assert one.claims_against == 0
        assert not (few and re.search(r"\d", one.hangs_on)), one.hangs_on
        assert all(kind.count is None for kind in shown.sources) == few
        assert Release.from_json(shown.to_json()).findings == shown.findings


def test_one_invented_source_marks_the_whole_release():
    invented = {SOURCE: Source(SOURCE, "list", "made", invented=True)}
    assert release(ORDER, Records(sources=invented), Results()).invented


def test_a_release_goes_to_json_and_back_unchanged():
    made = release(
        ORDER,
        _claims(("name", read_name("김영희"))),
        Results(members=register(), demands=demands(), timeline=timeline()),
    )
    assert made.members
    assert Release.from_json(made.to_json()) == made
    assert Release.from_json(made.to_json()).to_json() == made.to_json()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": "corroborate release v1"}', b"\xff", b"[" * 100_000]
)
def test_a_file_that_is_no_release_is_refused(content: bytes):
    with pytest.raises(InvalidValue):
        Release.from_json(content)


def test_a_release_with_a_field_of_another_kind_names_its_place():
    document = json.loads(release(ORDER, Records(), Results()).to_json())
    document["release"]["invented"] = "no"
    with pytest.raises(InvalidValue, match=r"release\.invented"):
        Release.from_json(json.dumps(document).encode())


SIGNER = Signer("Member", b"\x05" * 32)


def test_a_signed_release_is_read_and_names_its_key():
    made = release(ORDER, _claims(("name", read_name("김영희"))), Results())
    found = read_signed(signed_json(made.to_json(), SIGNER))
    assert (found.release, found.key) == (made, SIGNER.verifier())
    assert Release.from_json(signed_json(made.to_json(), SIGNER)) == made


def _changed(document: dict) -> None:
    document["release"]["title"] += "!"


def _unsigned(document: dict) -> None:
    del document["note"]


def _note_of_another(document: dict) -> None:
    other = release(replace(ORDER, title="Another"), Records(), Results())
    document["note"] = json.loads(signed_json(other.to_json(), SIGNER))["note"]


def _digest_mended(document: dict) -> None:
    document["note"] = document["note"].replace("sha256 ", "sha256 0", 1)


def _name_of_another(document: dict) -> None:
    document["note"] = document["note"].replace("Member", "Elsewhere")


def _without_signature(document: dict) -> None:
    document["note"] = document["note"].partition("\n\n")[0] + "\n"


def _with_words_of_no_release(document: dict) -> None:
    document["more"] = "read me"


def _note_of_numbers(document: dict) -> None:
    document["note"] = 7


@pytest.mark.parametrize(
    "change",
    [_changed, _unsigned, _note_of_another, _digest_mended, _name_of_another, _without_signature,
     _with_words_of_no_release, _note_of_numbers],
)  # fmt: skip
def test_a_release_json_that_was_changed_or_that_nobody_signed_is_refused(change):
    document = json.loads(signed_json(release(ORDER, Records(), Results()).to_json(), SIGNER))
    change(document)
    with pytest.raises((InvalidValue, NotVerified)):
        read_signed(json.dumps(document).encode())
