"""The matrix: what may be judged, what is refused, which doubts stand beside it, and how far two assessors agree."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from corroborate.cases import Lineup, Tie
from corroborate.cases.matrix import Assessment, Evidence, StandsOn, agreement, checked, matrix
from corroborate.errors import InvalidValue
from corroborate.records import Claim, Source, Term
from corroborate.values import new_id

AT = datetime(2026, 1, 1, tzinfo=UTC)
TORTURE, CONTEXT = "cah.torture.1", "cah.torture.context"


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


def lineup(*told, ties=(), derives=None):
    """`told`: (number of the source, how it is known, whether it speaks for it)."""
    numbers = sorted({at for at, _, _ in told} | set(derives or ()))
    sources = {
        made("source", at): Source(
            made("source", at), "witness", f"W{at}", tuple(made("source", one) for one in (derives or {}).get(at, ()))
        )
        for at in numbers
    }
    claims = [
        Claim(
            made("claim", at), made("act", at), "violation" if for_ else "no_violation",
            Term("violations", "integrity.torture"), made("source", source), "row 1", basis, "x", AT,
        )
        for at, (source, basis, for_) in enumerate(told)
    ]  # fmt: skip
    return Lineup.of(claims, sources, {}, [Tie(kind, made("source", a), made("source", b)) for kind, a, b in ties])


def evidence(source, speaks="for", element=CONTEXT, claim=99, basis="saw"):
    return Evidence("e", element, made("claim", claim), made("source", source), basis, speaks, "some", "why", "a")


def judged(by="a", conclusion="meets", standard="proof.reasonable_grounds", element=TORTURE, on=(2, 0, 2), **more):
    words = {"reasons": "three saw it", "gaps": "", "contrary": "", **more}
    return Assessment(f"{by}-{element}", element, by, conclusion, standard, at=AT, on=StandsOn(*on), **words)


def cell_of(found, element=TORTURE):
    return next(one for one in found if one.finding.element == element)


TWO = ((1, "saw", True), (2, "saw", True))


@pytest.mark.parametrize(
    ("told", "more", "doubts"),
    [
        (TWO, {}, ()),
        ((), {}, ("nothing_for",)),
        (((1, "saw", True),), {}, ("one_origin",)),
        (((1, "heard", True), (2, "heard", True)), {}, ("hearsay",)),
        ((*TWO, (3, "saw", False)), {}, ("denied",)),
        (TWO, {"ties": [("same_interpreter", 1, 2)]}, ("one_origin", "shaped")),
        ((*TWO, (3, "saw", True)), {"derives": {1: (2,), 2: (1,)}}, ("one_origin", "circular")),
    ],
)  # fmt: skip
def test_doubts_stand_beside_an_element(told, more, doubts):
    assert cell_of(matrix(lineup(*told, **more))).doubts == doubts


def test_evidence_that_a_person_sets_beside_an_element_is_counted_as_weighed():
    line = lineup(*TWO)
    assert cell_of(matrix(line), CONTEXT).on == StandsOn(0, 0, 0)
    assert cell_of(matrix(line, [evidence(1), evidence(2, claim=98)]), CONTEXT).on == StandsOn(2, 0, 2)
    anew = evidence(1, "against", TORTURE, claim=0)  # the program read it as for
    assert cell_of(matrix(line, [anew])).on == StandsOn(1, 1, 1)


def test_two_assessors_agree_differ_or_cannot_be_compared():
    line = lineup(*TWO)

    def state(*ones):
        return cell_of(matrix(line, (), ones)).state

    assert state() == "untouched"
    assert state(judged("a")) == "one_assessor"
    assert state(judged("a"), judged("b")) == "agreed"
    assert state(judged("a"), judged("b", "falls_short")) == "differ"
    assert state(judged("a"), judged("b", standard="proof.balance")) == "two_standards"
    assert cell_of(matrix(line, (), [judged("a"), judged("b")])).conclusion == "meets"
    assert cell_of(matrix(line, (), [judged("a")])).conclusion is None, "one person's word settles nothing"


def test_that_the_evidence_has_changed_since_is_said():
    assert "changed" in cell_of(matrix(lineup(*TWO, (3, "saw", True)), (), [judged()])).doubts
    assert "changed" not in cell_of(matrix(lineup(*TWO), (), [judged()])).doubts


@pytest.mark.parametrize(
    ("assessment", "why"),
    [
        (judged(reasons="  "), "say why"),
        (judged(on=(0, 0, 0)), "nothing here speaks for this element"),
        (judged(on=(2, 0, 0)), "goes round in a circle"),
        (judged(on=(2, 1, 2)), "something speaks against this element"),
        (judged(conclusion="open"), "say what is missing"),
    ],
)
def test_what_cannot_be_judged_so_is_refused_with_its_reason(assessment, why):
    with pytest.raises(InvalidValue, match=why):
        checked(assessment)


def test_what_can_be_judged_is_kept_as_it_is():
    for one in (
        judged(),
        judged(on=(2, 1, 2), contrary="he was not there"),
        judged(conclusion="open", gaps="nobody saw the order", on=(0, 0, 0)),
        judged(conclusion="falls_short", on=(0, 0, 0)),
    ):
        assert checked(one) is one


@pytest.mark.parametrize("word", ["proven", "proved", "beyond doubt", ""])
def test_no_conclusion_says_that_something_is_proven(word):
    with pytest.raises(InvalidValue, match="no conclusion"):
        judged(conclusion=word)


def test_an_unknown_standard_is_refused():
    with pytest.raises(InvalidValue, match="standards"):
        judged(standard="proof.certain")


def test_agreement_by_hand():
    """Ten elements: both meet 4, both short 3, a meets and b short 2, the other way round 1. Seen 0.7, by chance
    0.6 × 0.5 + 0.4 × 0.5 = 0.5: kappa 0.4."""
    cells = [("meets", "meets")] * 4 + [("falls_short", "falls_short")] * 3
    cells += [("meets", "falls_short")] * 2 + [("falls_short", "meets")]
    ones = [
        replace(judged(by, conclusion), element=f"element {at}")
        for at, pair in enumerate(cells)
        for by, conclusion in zip("ab", pair, strict=True)
    ]
    [found] = agreement(ones)
    assert (found.elements, found.agreed) == (10, 7)
    assert found.kappa == pytest.approx(0.4)


def test_the_page_never_says_that_anything_is_proven():
    """In the room's own words and what they are called in three other languages."""
    import re
    from pathlib import Path

    import polib
    import yaml

    import corroborate_node

    root = Path(corroborate_node.__file__).parent
    attested = "reliably attested"  # the name of a standard of the Human Rights Council
    said = list(yaml.safe_load((root / "inquiry/words.yaml").read_text(encoding="utf-8")).values())
    for package, room in (("corroborate_node", "inquiry"), ("corroborate", "cases"), ("corroborate", "vocabulary")):
        for file in (root.parent / package / "locale").glob(f"*/{room}.po"):
            entries = [one for one in polib.pofile(str(file)) if attested not in one.msgid]
            said += [text for entry in entries for text in (entry.msgid, entry.msgstr)]
    assert len(said) > 500
    proven = re.compile(
        r"\b(is|are|was|been|stands|now) prove[nd]\b|^proven|입증됨|입증되었|증명됨|증명되었|"
        r"立証された|立証済|証明された|証明済|"
        r"\b(está|queda|quedó|fue|ha sido) (com)?probad[oa]\b",
        re.I,
    )
    assert [text for text in said if proven.search(text)] == []


def test_claims_of_torture_speak_to_torture_under_other_law_too_and_to_no_mode_of_liability():
    line = lineup(*TWO)
    other = {one.finding.element: one for one in matrix(line, under="torture")}
    assert other["cat.torture.1"].on == StandsOn(2, 0, 2)
    assert other["cat.torture.official"].on == StandsOn(0, 0, 0)
    assert {one.on.for_ for one in matrix(line, under="modes")} == {0}
    assert {one.finding.crime.partition(".")[0] for one in matrix(line)} == {"cah"}
