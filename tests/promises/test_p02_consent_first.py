"""Promise 2: nothing leaves beyond what its source allowed, for that audience, on that day. Silence is "no"."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.disclosure import Order, Records, Release, Results, release
from corroborate.dossier import dossier_bytes
from corroborate.records import AUDIENCES, USES, Audience, Claim, Consent, Source, Term
from corroborate.site import publish
from corroborate.values import Name, PartialDate, read_name

DAY = date(2026, 11, 24)
AT = datetime(2026, 1, 1, tzinfo=UTC)
BODY = "Commission of inquiry"


def _id(kind: str, number: int) -> str:
    return f"{kind}_{number:032x}"


def _name(number: int) -> Name:
    """A Hangul name that stands nowhere else in what is published."""
    return read_name("".join(chr(0xD000 + 64 * at + (number // 64**at) % 64) for at in range(3)))


def _person(number: int, source: str) -> list[Claim]:
    def claim(place: int, property_: str, value: Name | PartialDate | Term) -> Claim:
        return Claim(
            _id("claim", 10 * number + place), _id("person", number), property_, value, source, "row 1", "saw", "r", AT
        )  # fmt: skip

    return [
        claim(1, "name", _name(number)),
        claim(2, "birth_date", PartialDate(1950, 3, 12)),
        claim(3, "violation", Term("violations", "liberty.kwanliso")),
    ]


days = st.integers(-40, 40).map(lambda number: DAY + timedelta(days=number))


@st.composite
def consents(draw: st.DrawFn, source: str, number: int) -> Consent:
    audience: Audience = draw(st.sampled_from(AUDIENCES))
    return Consent(
        _id("consent", number),
        source,
        frozenset(draw(st.sets(st.sampled_from(USES)))),
        audience,
        draw(days),
        ends=draw(st.none() | days),
        withdrawn=draw(st.none() | days),
        body=draw(st.sampled_from([BODY, "Another body"])) if audience == "named body" else "",
    )


@st.composite
def holdings(draw: st.DrawFn) -> Records:
    claims, sources, given_ = [], {}, []
    for number in range(draw(st.integers(1, 6))):
        source = Source(_id("src", number), "witness", f"Witness who must stay unnamed {number}")
        sources[source.id] = source
        claims += _person(number, source.id)
        given_ += [draw(consents(source.id, 10 * number + at)) for at in range(draw(st.integers(0, 2)))]
    return Records(claims, sources, given_)


def _order(audience: Audience = "public", on: date = DAY) -> Order:
    return Order("Release", "Coalition", audience, on, BODY if audience == "named body" else "")


def _allowed(records: Records, number: int, order: Order) -> bool:
    """Told anew from the words of the promise, not from the program."""
    mine = [one for one in records.consents if one.source == _id("src", number)]
    width = {"own": 0, "coalition": 1, "public": 3}

    def reaches(one: Consent) -> bool:
        if order.audience == "named body":
            return one.audience == "public" or (one.audience == "named body" and one.body == order.body)
        if one.audience == "named body":
            return order.audience == "own"
        return width[order.audience] <= width[one.audience]

    return any(
        "name" in one.uses
        and reaches(one)
        and one.begins <= order.on
        and (one.ends is None or order.on <= one.ends)
        and (one.withdrawn is None or order.on < one.withdrawn)
        for one in mine
    )


@given(records=holdings(), audience=st.sampled_from(AUDIENCES), on=days)
@settings(max_examples=300)
def test_exactly_the_names_that_their_source_allows_leave(records: Records, audience: Audience, on: date):
    order = _order(audience, on)
    text = release(order, records, Results()).to_json().decode()
    for number in range(len(records.sources)):
        assert (_name(number).text in text) == _allowed(records, number, order)
    assert "must stay unnamed" not in text
    assert "1950" not in text


@given(records=holdings())
def test_a_withdrawal_takes_the_name_out_from_its_day_on(records: Records):
    taken_back = replace(records, consents=[replace(one, withdrawn=DAY) for one in records.consents])
    assert not release(_order(), taken_back, Results()).persons


@given(records=holdings())
def test_silence_is_no(records: Records):
    given_ = release(_order(), replace(records, consents=()), Results())
    assert not given_.persons
    assert given_.withheld


def test_one_source_s_leave_does_not_outweigh_another_s_withdrawal():
    """Two lists name one person; one of the witnesses took the leave back."""
    sources = {_id("src", at): Source(_id("src", at), "witness", "w") for at in (0, 1)}
    claims = [*_person(0, _id("src", 0)), *_person(1, _id("src", 1))]
    leave = [Consent(_id("consent", at), _id("src", at), frozenset(USES), "public", date(2020, 1, 1)) for at in (0, 1)]
    same = {_id("person", 1): _id("person", 0)}
    assert len(release(_order(), Records(claims, sources, leave, same), Results()).persons) == 1
    leave[1] = replace(leave[1], withdrawn=DAY)
    assert not release(_order(), Records(claims, sources, leave, same), Results()).persons


def _needles() -> tuple[Release, list[str], list[str]]:
    sources = {_id("src", at): Source(_id("src", at), "witness", f"Witness {at}") for at in range(40)}
    claims = [claim for at in range(40) for claim in _person(at, _id("src", at))]
    leave = [
        Consent(_id("consent", at), _id("src", at), frozenset({"name", "quote"}), "public", date(2020, 1, 1))
        for at in range(0, 40, 4)
    ]
    made = release(_order(), Records(claims, sources, leave), Results())
    return made, [_name(at).text for at in range(0, 40, 4)], [_name(at).text for at in range(40) if at % 4]


def test_no_byte_of_the_site_holds_a_name_without_leave(tmp_path: Path):
    made, _, silent = _needles()
    publish(made, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [name for name in silent if name.encode() in content], path.name


def test_no_text_of_the_dossier_holds_a_name_without_leave(tmp_path: Path):
    import pypdfium2

    made, allowed, silent = _needles()
    (tmp_path / "d.pdf").write_bytes(dossier_bytes(made))
    document = pypdfium2.PdfDocument(tmp_path / "d.pdf")
    text = "".join(document[at].get_textpage().get_text_range() for at in range(len(document)))
    document.close()
    assert not [name for name in silent if name in text]
    assert [name for name in allowed if name in text] == allowed
