"""Records that a hostile member signed: what they could do to records of others, tried as that member would."""

from datetime import UTC, date, datetime

import pytest

from corroborate.errors import InvalidValue, NotVerified
from corroborate.exchange.records import Handed, Head, Terms, read_records, write_records
from corroborate.records import USES, Claim, Consent, Entity, Leaving, Permissions, Source
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions, imports, models, queries, received

AT, DAY, ALL = datetime(2026, 11, 28, 9, tzinfo=UTC), date(2026, 1, 1), frozenset(USES)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "new"
    api.create_vault(folder, "Chiba", "the words of the vault")
    with api.open_vault(folder, "the words of the vault") as opened:
        yield opened


@pytest.fixture
def desk(vault):
    """What a test records is gone after it."""
    from django.db import transaction

    with transaction.atomic():
        yield owner(vault, AT)
        transaction.set_rollback(True)


def made(kind, number):
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


PERSON = Entity(made("person", 1), "person")


def said(number, words, source, about=PERSON, property_="name"):
    return Claim(made("claim", number), about.id, property_, read_name(words), source.id, "1", "saw", "J. Han", AT)


def witness(number, **more):
    return Source(made("source", number), "witness", f"interview {number}", **more)


def handed(member, sources, claims, terms=None, number=1):
    head = Head(member, made("release", 90 + number), number, "t", "coalition", "", DAY, None)
    people = {one.subject: Entity(one.subject, "person") for one in claims}
    terms = [Terms(one.id, ALL, "public", DAY) for one in sources] if terms is None else terms
    return Handed(head, tuple(people.values()), tuple(sources), tuple(terms), tuple(claims))


def take_in(desk, records):
    bundle = made("bundle", 9)
    return received.take_in(desk, records, received.Origin(records.head.sender, bundle, "0" * 64))


def names():
    told = models.Claim.objects.filter(property="name").exclude(value=None).select_related("source__from_member")
    return {(one.value["text"], getattr(getattr(one.source, "from_member", None), "member", "")) for one in told}


def test_what_a_member_says_in_somebody_s_own_right_opens_only_what_that_member_sent(desk):
    """Busan sends her leave for everybody before Ansan's interview with her comes."""
    theirs, mine = witness(2), witness(1)
    own = Terms(theirs.id, ALL, "public", DAY, subject=PERSON.id, right="self")
    take_in(desk, handed("Busan", [theirs], [said(2, "가짜", theirs)], [own]))
    take_in(desk, handed("Ansan", [mine], [said(1, "진짜", mine), said(3, "몸", mine, property_="told")]))
    body = next(one for one in queries.claims() if one.property == "told")
    leaving = Leaving.of(Permissions.of(queries.consents(), "public", AT.date()), queries.claims())
    assert not leaving.own("quote", body)
    assert not leaving.allows("quote", body)
    ours = witness(4)
    asked = Consent(made("consent", 4), ours.id, ALL, "public", DAY, subject=PERSON.id, right="self")
    actions.receive(desk, [], [ours], [asked], [said(4, "진짜", ours)])
    leaving = Leaving.of(Permissions.of(queries.consents(), "public", AT.date()), queries.claims())
    assert leaving.allows("quote", body)  # we asked her ourselves


def test_terms_of_somebody_of_whom_the_records_tell_nothing_are_refused():
    one = witness(1)
    stranger = Terms(one.id, ALL, "public", DAY, subject=made("person", 7), right="self")
    with pytest.raises(InvalidValue, match="of whom they tell nothing"):
        read_records(write_records(handed("Busan", [one], [said(1, "이름", one)], [stranger])))


def test_a_member_s_recall_falls_on_nothing_of_another_and_nothing_of_ours(desk):
    whole = Source(made("source", 8), "list", "our list")
    actions.receive(desk, [], [whole], [], [])
    row = Source(made("source", 9), "list", "", (), part_of=whole.id, number=3)
    busans, mine = handed("Busan", [whole, row], [said(9, "행인", row)]), witness(1)
    take_in(desk, busans)
    assert [one.from_member.member for one in models.Source.objects.filter(number=3)] == ["Busan"]
    assert not models.Source.objects.filter(part_of=whole.id).exists()  # it stands in a list of Busan's
    take_in(desk, handed("Busan", [mine], [said(1, "사본", mine)]))
    take_in(desk, handed("Ansan", [mine], [said(2, "원본", mine)]))  # comes as a version of Busan's copy
    ours = Source(made("source", 5), "witness", "ours", (mine.id,))
    actions.receive(desk, [], [ours], [], [said(5, "우리", ours)])
    assert received.erase(desk, "Busan", [row.id, mine.id], AT.date()).claims == 2
    assert names() == {("원본", "Ansan"), ("우리", "")}


def test_undoing_what_one_member_sent_leaves_what_another_sent(desk):
    mine = witness(1)
    first = take_in(desk, handed("Busan", [mine], [said(1, "사본", mine)]))
    take_in(desk, handed("Ansan", [mine], [said(2, "원본", mine)]))
    imports.undo(desk, first.number, AT.date())
    assert names() == {("원본", "Ansan")}


def test_a_false_record_under_another_s_id_does_not_keep_the_right_one_out(desk):
    mine = witness(1)
    false = take_in(desk, handed("Busan", [mine], [said(1, "가짜", mine)]))
    right = handed("Ansan", [mine], [said(1, "진짜", mine)])
    with pytest.raises(InvalidValue, match=f"{made('claim', 1)} is here already, from Busan, and says something else"):
        take_in(desk, right)
    assert names() == {("가짜", "Busan")}
    imports.undo(desk, false.number, AT.date())
    assert take_in(desk, right).claims == 1
    assert names() == {("진짜", "Ansan")}
    with pytest.raises(InvalidValue, match="all of it is here already"):
        take_in(desk, right)
    assert received.erase(desk, "Busan", [made("claim", 1), mine.id], AT.date()).claims == 0
    assert received.erase(desk, "Ansan", [made("claim", 1)], AT.date()).claims == 1  # by the id that it has there
    assert names() == set()


def test_newer_terms_of_the_same_member_replace_those_that_are_here(desk):
    mine = witness(1)
    claims = [said(1, "이름", mine)]
    take_in(desk, handed("Ansan", [mine], claims))
    may = lambda use: Permissions.of(queries.consents(), "public", AT.date()).allows(use, mine.id)  # noqa: E731
    assert may("name")
    narrower = [Terms(mine.id, frozenset({"count"}), "public", DAY)]
    with pytest.raises(InvalidValue):  # of the same release, or an older one, nothing changes
        take_in(desk, handed("Ansan", [mine], claims, narrower))
    assert may("name")
    take_in(desk, handed("Ansan", [mine], claims, narrower, number=2))
    assert may("count")
    assert not may("name")
    take_in(desk, handed("Busan", [mine], claims, number=3))  # another member's wider ones change nothing
    assert not may("name")


def test_of_several_members_who_let_us_have_a_record_the_narrowest_decides(desk):
    mine = witness(1)
    claims = [said(1, "이름", mine)]
    take_in(desk, handed("Ansan", [mine], claims))
    may = lambda use: Permissions.of(queries.consents(), "public", AT.date()).allows(use, mine.id)  # noqa: E731
    take_in(desk, handed("Busan", [mine], claims, [Terms(mine.id, frozenset({"count"}), "public", DAY)]))
    assert may("count")
    assert not may("name")


def test_what_a_member_s_consent_allowed_leaves_no_more_when_it_ends_until_new_terms_come(desk):
    mine = witness(1)
    take_in(desk, handed("Ansan", [mine], [said(1, "이름", mine)]))
    may = lambda: Permissions.of(queries.consents(), "public", AT.date()).allows("count", mine.id)  # noqa: E731
    assert received.rely_no_more(desk, "Busan", [mine.id], 1).sources == 0
    assert may()
    assert received.rely_no_more(desk, "Ansan", [mine.id], 1).claims == 1
    assert not may()
    assert names() == {("이름", "Ansan")}  # it stays to be read
    take_in(desk, handed("Ansan", [mine], [said(1, "이름", mine)], number=2))
    assert may()
    assert received.rely_no_more(desk, "Ansan", [mine.id], 1).sources == 0  # a late one, of the release before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"number":1,', b'"number":1e999,'),
        (b'"number":1,', b'"number":%d,' % (1 << 70)),
        (b'"interview 1"', b'"\\ud800"'),
        (b"2026-11-28T09:00:00+00:00", b"0001-01-01T00:00:00+14:00"),
        (b"\n{", b"\n" + b"[" * 200_000 + b"]" * 200_000 + b"\n{"),
    ],
)
def test_records_that_nobody_can_keep_are_refused_with_the_line(old, new):
    mine = witness(1)
    content = write_records(handed("Busan", [mine], [said(1, "이름", mine)]))
    assert old in content
    with pytest.raises(InvalidValue, match="of the records cannot be read"):
        read_records(content.replace(old, new, 1))


def a_bundle(number, sender="Busan", id_=6):
    from corroborate.exchange import Bundle, Place

    place = None if number is None else Place(number, "0" * 64 if number > 1 else "")
    return Bundle(made("bundle", id_), sender, AT, {}, place=place)


def carried(bundle, digest="1" * 64):
    from corroborate_node.log.models import Carried

    number, before = (None, "") if bundle.place is None else (bundle.place.number, bundle.place.before)
    return Carried.objects.create(
        bundle=bundle.id, direction="in", other=bundle.sender, digest=digest, files=0, at=AT, number=number,
        before=before, made=AT,
    )  # fmt: skip


def test_a_number_that_leaves_thousands_missing_is_refused(desk):
    from corroborate_node.exchange import pairs

    carried(a_bundle(1))
    pairs.refuse_a_gap(a_bundle(4000))
    with pytest.raises(NotVerified, match="the number 1000000000"):
        pairs.refuse_a_gap(a_bundle(10**9))


def test_no_number_after_numbers_is_an_alarm(desk):
    from corroborate_node.exchange import pairs

    assert pairs.arrived(carried(a_bundle(None)), AT)[0] == 0
    carried(a_bundle(1, id_=7), "2" * 64)
    raised, said_ = pairs.arrived(carried(a_bundle(None, id_=8), "3" * 64), AT)
    assert raised == 1
    assert "without a number after bundle 1" in str(said_[0])


def test_an_id_that_another_sender_used_before_keeps_no_bundle_out(desk):
    from corroborate_node.exchange import inbox

    carried(a_bundle(1, "Busan"))
    assert inbox.kept_as(a_bundle(2, "Busan")) == made("bundle", 6)
    assert inbox.kept_as(a_bundle(1, "Ansan")) != made("bundle", 6)
