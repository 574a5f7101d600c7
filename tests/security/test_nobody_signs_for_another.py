"""Nobody signs for another: what one account, one key or one thief tries on a hub, through its pages and acts."""

import html
import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.member_keys import beneath, spoken
from tests.pressing import press

from corroborate.coalition import memberships, requests
from corroborate.coalition.final import verify_statement
from corroborate.coalition.key_proofs import WAIT
from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, countersign, propose
from corroborate.custody.keys import revoke, rotate
from corroborate.custody.roster import Departure, depart
from corroborate.errors import NotAllowed
from corroborate.values import Digest
from corroborate_node import api

VAULT, OWN = "the words of the hub", "the words of their own"
NAMES = ("새봄인권기록회", "Casa de la Memoria", "Geneva Watch", "新潟の会")
TEXT = "Open the camps\n\nLet monitors in.\n"
NOW = datetime.now(UTC).replace(microsecond=0)
SIGNERS = {name: Signer(name.replace(" ", "-"), bytes([at]) * 32) for at, name in enumerate(NAMES, 1)}


ENTERED: dict[str, object] = {}


def entered(name):
    """An account's browser, logged in once: stretching a passphrase takes long."""
    from django.test import Client

    if name not in ENTERED:
        one = Client(HTTP_HOST="127.0.0.1")
        assert one.post("/log-in", {"username": name, "password": OWN}).status_code == 302
        ENTERED[name] = one
    return ENTERED[name]


def upload(content: bytes, name: str = "key.note"):
    file = io.BytesIO(content)
    file.name = name
    return file


def enrolment(name: str, signer: Signer, *others: Signer, at: datetime = NOW) -> bytes:
    note = propose(Enrolment(name, name, signer.verifier(), at), signer)
    for other in others:
        note = countersign(note, other, spoken(signer))
    return note


@pytest.fixture(scope="module")
def made(tmp_path_factory, account, recorded_key):
    """A hub with four members; all but the last have a key on record, by two people a month ago."""
    folder = tmp_path_factory.mktemp("nobody") / "hub"
    api.create_vault(folder, "Secretariat", VAULT, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, VAULT) as vault:
        for name in ("office", "office2"):
            account(vault, name, OWN, "secretariat")
        keeper = entered("keeper")
        for name in NAMES:
            row = {"kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member", "name": name}
            assert keeper.post("/members", row).status_code == 302
        for name in NAMES[:3]:
            recorded_key(vault, label(name), SIGNERS[name], NOW - timedelta(days=30))
        account(vault, "saebom", OWN, "representative", scope=label(NAMES[0]))
        for name in ("office", "office2", "saebom"):
            entered(name)
        yield vault
    ENTERED.clear()


@pytest.fixture
def hub(made):
    """The same for each test: what one does is taken back."""
    from django.db import transaction

    from corroborate_node.coalition.campaign import queries

    with transaction.atomic():
        yield made
        transaction.set_rollback(True)
    queries._last.clear()
    queries._shown.clear()


def label(name: str) -> str:
    from corroborate_node.coalition.campaign.models import Member

    return Member.objects.get(name=name).id


def member(name: str) -> memberships.Membership:
    from corroborate_node.coalition.campaign import queries

    return queries.register()[label(name)]


def key_of(name: str):
    return member(name).key(datetime.now(UTC).date())


def act(who, name: str, did: str, /, **given) -> str:
    answer = who.post(f"/members/{label(name)}", {"act": did, **given})
    return html.unescape(f"{answer.status_code} {answer.content.decode()}")


def hand_in(who, *notes: bytes) -> str:
    files = [upload(note, f"{at}.signed") for at, note in enumerate(notes)]
    return html.unescape(who.post("/hand-in", {"answers": files}).content.decode())


def test_the_secretariat_alone_puts_no_key_over_a_member_s(hub):
    """What it did before: paste a key of its own, sign with it, publish, and the page verified."""
    office, thief = entered("office"), Signer("새봄인권기록회", b"\x66" * 32)
    act(office, NAMES[0], "key", key=str(thief.verifier()), proof=upload(enrolment(NAMES[0], thief)))
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    asked = requests.Request.read(office.get("/statements/joint/request").content)
    said = hand_in(office, requests.answer(thief, asked, "with us", NOW))
    assert "by no key of a member that we know" in said
    assert key_of(NAMES[0]) == SIGNERS[NAMES[0]].verifier()
    office.post("/statements/joint", {"act": "publish"})
    page = office.get("/statements/joint/final.html").content
    assert verify_statement(page).checked.get("signed_by_key", 0) == 0


NEW = Signer("새봄인권기록회", b"\x55" * 32)
FIRST = Signer("新潟の会", b"\x55" * 32)  # the last member's, which has none yet


def seen_by(who) -> str:
    return html.unescape(who.get("/").content.decode())


def test_a_pasted_key_line_is_no_proof(hub):
    office = entered("office")
    for given in (
        {"key": str(NEW.verifier())},
        {"proof": upload(str(NEW.verifier()).encode())},
        {"proof": upload(b"")},
    ):
        assert act(office, NAMES[3], "key", **given).startswith("400 ")
    assert "this file proves no key" in act(office, NAMES[3], "key", proof=upload(str(NEW.verifier()).encode()))
    assert member(NAMES[3]).introduced is None


def test_no_act_takes_a_key_an_authority_or_an_admission_without_its_proof(hub):
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core.desk import owner

    desk, today = owner(hub, NOW), NOW.date()
    note = enrolment(NAMES[3], FIRST)
    for event in (
        memberships.KeyIntroduced(label(NAMES[3]), note, today, "nobody"),
        memberships.KeySeconded(label(NAMES[3]), spoken(NEW), today, "nobody"),
        memberships.SignatoryNamed(label(NAMES[0]), memberships.Signatory("X", "", today), None, "nobody"),
    ):
        with pytest.raises(NotAllowed, match="with their proof"):
            actions.on_register(desk, event)


def test_two_people_hear_a_key_s_words_and_it_waits_a_week_in_which_the_member_can_refuse(hub):
    office, office2, saebom = entered("office"), entered("office2"), entered("saebom")
    assert act(office, NAMES[0], "key", proof=upload(enrolment(NAMES[0], NEW))).startswith("302 ")
    assert "put forward as yours" in seen_by(saebom)
    assert "another person" in act(office, NAMES[0], "heard", heard=spoken(NEW))
    assert "not the words" in act(office2, NAMES[0], "heard", heard=spoken(SIGNERS[NAMES[0]]))
    assert act(office2, NAMES[0], "heard", heard=spoken(NEW)).startswith("302 ")
    assert key_of(NAMES[0]) == SIGNERS[NAMES[0]].verifier()
    one, day = member(NAMES[0]), datetime.now(UTC).date() + WAIT
    assert (one.key(day - timedelta(days=1)), one.key(day)) == (SIGNERS[NAMES[0]].verifier(), NEW.verifier())
    page = html.unescape(saebom.get(f"/members/{label(NAMES[0])}").content.decode())
    assert NEW.verifier().fingerprint in page
    assert SIGNERS[NAMES[0]].verifier().fingerprint in page
    assert "first-hand, second-hand" in page  # who stood by the key that it has
    assert act(saebom, NAMES[0], "not-theirs").startswith("302 ")
    assert member(NAMES[0]).key(day) == SIGNERS[NAMES[0]].verifier()
    assert act(saebom, NAMES[1], "not-theirs").startswith(("400 ", "403 "))


def test_a_key_that_waits_does_not_sign_and_the_member_s_own_vault_says_whose_it_is(hub):
    office, office2 = entered("office"), entered("office2")
    act(office, NAMES[0], "key", proof=upload(enrolment(NAMES[0], NEW)))
    act(office2, NAMES[0], "heard", heard=spoken(NEW))
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    asked = requests.Request.read(office.get("/statements/joint/request").content)
    assert "by no key of a member" in hand_in(office, requests.answer(NEW, asked, "with us", NOW))
    about = requests.Request.read(office.get(f"/members/{label(NAMES[0])}/key-request").content)
    mine, other = SIGNERS[NAMES[0]], SIGNERS[NAMES[1]]
    assert "speaks from" in hand_in(office, requests.answer(NEW, about, "ours", NOW))  # not for itself
    assert (
        "not said by the key" in hand_in(office, requests.answer(other, about, "ours", NOW))
        or key_of(NAMES[0]) == mine.verifier()
    )
    hand_in(office, requests.answer(mine, about, "not ours", NOW))
    assert member(NAMES[0]).waiting(NOW.date()) is None
    assert act(office, NAMES[0], "key", proof=upload(enrolment(NAMES[0], NEW))).startswith("302 ")
    hand_in(office, requests.answer(mine, about, "ours", NOW))
    assert key_of(NAMES[0]) == NEW.verifier()


def test_one_hand_cannot_be_both_people(hub, account):
    """A secretary who makes the second account holds its passphrase."""
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    maker = accounts.known("keeper")
    accounts.add(Desk(hub, actor_of(maker), NOW), "puppet", ["secretariat"])
    accounts.choose(Desk(hub, actor_of(accounts.known("puppet")), NOW), OWN, lambda _: False)
    office = entered("keeper")
    act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], FIRST)))
    assert member(NAMES[3]).introduced is not None
    assert "another person is needed" in act(entered("puppet"), NAMES[3], "heard", heard=spoken(NEW))
    act(entered("puppet"), NAMES[0], "key", proof=upload(enrolment(NAMES[0], NEW)))
    assert key_of(NAMES[0]) == SIGNERS[NAMES[0]].verifier()


def test_a_rotation_that_the_old_key_signed_is_followed_at_once_and_the_member_is_told(hub):
    saebom = entered("saebom")
    note = rotate(SIGNERS[NAMES[0]], NEW, 0, NOW)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, note)
    assert key_of(NAMES[0]) == NEW.verifier()
    assert "A key of yours was recorded" in seen_by(saebom)
    assert "taken in: <strong>0</strong>" in hand_in(
        saebom, rotate(SIGNERS[NAMES[0]], Signer(NEW.name, b"q" * 32), 0, NOW)
    )


def test_an_ended_key_names_no_successor_and_a_revocation_takes_two_members(hub):
    office = entered("office")
    assert act(office, NAMES[0], "end-key").startswith("302 ")
    thief = SIGNERS[NAMES[0]]
    assert "names no successor" in hand_in(office, rotate(thief, NEW, 0, NOW))
    note = revoke(thief.verifier(), NEW, 0, NOW)
    assert "0 other members have signed" in hand_in(office, note)
    note = beneath(note, SIGNERS[NAMES[1]])
    assert "1 other member has signed" in hand_in(office, note)
    hand_in(office, beneath(note, SIGNERS[NAMES[2]]))
    assert key_of(NAMES[0]) is None
    assert "another person" in act(office, NAMES[0], "heard", heard=spoken(NEW))
    assert act(entered("office2"), NAMES[0], "heard", heard=spoken(NEW)).startswith("302 ")
    assert key_of(NAMES[0]) == NEW.verifier()
    assert "is, or was, the one of" in act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], thief)))


def test_nobody_ends_a_key_to_write_a_letter_in_its_place(hub):
    office = entered("office")
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    act(office, NAMES[0], "end-key")
    assert key_of(NAMES[0]) is not None  # one person silences nobody in an open round
    act(entered("office2"), NAMES[0], "end-key")
    assert "letters on paper count again from" in letter(office, NAMES[0])


def letter(who, name: str, content: bytes = b"a letter", **more: str) -> str:
    form = {"act": "paper", "member": label(name), "choice": "with us", "signed": f"{datetime.now(UTC):%Y-%m-%d}",
            "digits": Digest.of(TEXT.encode()).hex[:32], "scan": upload(content, "letter.png"), **more}  # fmt: skip
    answer = who.post("/statements/joint", form)
    return html.unescape(f"{answer.status_code} {answer.content.decode()}")


def test_a_letter_names_its_version_is_no_older_than_it_and_is_one_letter(hub):
    office, office2 = entered("office"), entered("office2")
    row = {"kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member", "name": "Fifth House"}
    office.post("/members", row)
    first, second = "Open the camps\n\nNow.\n", TEXT
    office.post("/statements", {"name": "joint", "text": first, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    office.post("/statements/joint", {"act": "draft", "text": second})
    old = Digest.of(first.encode()).hex
    assert "names version 1, and version 2 stands" in letter(office, NAMES[3], digits=old[:32])
    assert "begins with these digits" in letter(office, NAMES[3], digits="0" * 32)
    assert "at least 32 digits" in letter(office, NAMES[3], digits=old[:31])
    day = datetime.now(UTC).date() - timedelta(days=1)
    assert "that was put up on" in letter(office, NAMES[3], signed=str(day))
    assert letter(office, NAMES[3], letter="But not the second demand").startswith("302 ")
    assert "one scan is one letter" in letter(office, "Fifth House")
    confirm = {"act": "confirm", "member": label(NAMES[3])}
    assert "open the scan first" in office2.post("/statements/joint", confirm).content.decode()
    assert office2.get(f"/scans/{Digest.of(b'a letter')}").status_code == 200
    assert office2.post("/statements/joint", confirm).status_code == 302
    assert "But not the second demand" in office.get("/statements/joint").content.decode()


def test_a_file_of_one_member_is_no_proof_for_another(hub):
    office = entered("office")
    said = act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[0], NEW)))
    assert "this file says that it is of 새봄인권기록회" in said
    act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], FIRST)))
    assert "is, or was, the one of" in act(office, NAMES[1], "key", proof=upload(enrolment(NAMES[1], FIRST)))
    assert "another key waits" in act(
        office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], Signer("x", b"x" * 32)))
    )


def test_two_other_members_stand_by_a_first_key_at_once(hub):
    office = entered("office")
    note = enrolment(NAMES[3], FIRST, SIGNERS[NAMES[0]], SIGNERS[NAMES[1]])
    assert act(office, NAMES[3], "key", proof=upload(note)).startswith("302 ")
    assert key_of(NAMES[3]) == FIRST.verifier()
    assert "signed by two other members" in office.get(f"/members/{label(NAMES[3])}").content.decode()


def affiliated(name: str, affiliation: str, role: str, seed: bytes, recorded_key, hub) -> Signer:
    """An individual beside an organisation, with a key of its own on record."""
    row = {"kind": "individual", "country": "es", "joined": "2012", "role": role, "name": name,
           "affiliation": affiliation, "capacity": "personal"}  # fmt: skip
    assert entered("keeper").post("/members", row).status_code == 302
    one = Signer(name.replace(" ", "-"), seed * 32)
    recorded_key(hub, label(name), one, NOW - timedelta(days=30))
    return one


def test_two_seats_of_one_organisation_are_one_voice_however_its_name_is_written(hub, recorded_key):
    office, casa = entered("office"), SIGNERS[NAMES[1]]
    for at, (name, affiliation) in enumerate((
        ("Mina Holm", "Casa de la Memoria, Madrid"), ("Rosa Diaz", "casa de la memoria"),
        ("Ivo Lenz", "CasadelaMemoria Bogotá"), ("Ana Ruiz", "Оffice of Casa de la Memoria"),
    )):  # fmt: skip
        seat = affiliated(name, affiliation, "member", bytes([0x40 + at]), recorded_key, hub)
        key = Signer("x", bytes([0x60 + at]) * 32)
        said = act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], key, casa, seat)))
        assert said.startswith("302 "), said
        assert key_of(NAMES[3]) is None
        assert act(office, NAMES[3], "not-theirs").startswith("302 ")


def test_a_supporter_or_an_observer_is_no_second_member_for_a_key(hub, recorded_key):
    office = entered("office")
    for at, role in enumerate(("supporter", "observer")):
        seat = affiliated(f"Lone {role}", "Nobody's House", role, bytes([0x50 + at]), recorded_key, hub)
        key = Signer("x", bytes([0x70 + at]) * 32)
        act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], key, SIGNERS[NAMES[1]], seat)))
        assert key_of(NAMES[3]) is None
        act(office, NAMES[3], "not-theirs")
    alone = affiliated("Lone member", "Nobody's House", "member", b"\x52", recorded_key, hub)
    act(office, NAMES[3], "key", proof=upload(enrolment(NAMES[3], FIRST, SIGNERS[NAMES[1]], alone)))
    assert key_of(NAMES[3]) == FIRST.verifier()


def test_an_enrolment_by_two_members_over_a_key_that_is_there_waits_and_the_member_says_no(hub):
    casa, saebom = entered("office"), entered("saebom")
    note = enrolment(NAMES[0], NEW, SIGNERS[NAMES[1]], SIGNERS[NAMES[2]])
    assert "taken in: <strong>1</strong>" in hand_in(casa, note)
    assert key_of(NAMES[0]) == SIGNERS[NAMES[0]].verifier()
    assert member(NAMES[0]).coming(NOW.date()) == (NEW.verifier(), NOW.date() + WAIT)
    assert str(NOW.date() + WAIT) in seen_by(saebom)
    other = enrolment(NAMES[0], Signer("y", b"y" * 32), SIGNERS[NAMES[1]], SIGNERS[NAMES[2]])
    assert "another key waits" in hand_in(casa, other)
    assert act(saebom, NAMES[0], "not-theirs").startswith("302 ")
    assert member(NAMES[0]).coming(NOW.date()) is None
    assert act(casa, NAMES[0], "end-key").startswith("302 ")  # nor where a secretary ended its key a moment before
    hand_in(casa, note)
    assert key_of(NAMES[0]) is None
    assert member(NAMES[0]).coming(NOW.date()) is not None


def test_an_old_signature_that_is_sent_again_says_that_it_no_longer_counts(hub):
    office = entered("office")
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    asked = requests.Request.read(office.get("/statements/joint/request").content)
    note = requests.answer(SIGNERS[NAMES[0]], asked, "with us", NOW)
    for _ in range(2):
        assert "taken in: <strong>1</strong>" in hand_in(office, note)
    office.post("/statements/joint", {"act": "draft", "text": TEXT.replace("in.", "in!")})
    again = hand_in(office, note)
    assert "taken in: <strong>0</strong>" in again
    assert "version 1, which was changed since" in again


def test_a_country_is_chosen_and_not_cut_to_two_letters(hub):
    office = entered("office")
    row = {"kind": "organisation", "joined": "2011-12", "role": "member"}
    for number, (typed, code) in enumerate((("Argentina", "AR"), ("대한민국", "KR"), ("ar", "AR"), ("", ""))):
        answer = office.post("/members", {**row, "name": f"House {number}", "country": typed})
        assert answer.status_code == 302, typed
        assert member(f"House {number}").details.country == code
    for typed in ("Atlantis", "XX", "Arg"):
        answer = office.post("/members", {**row, "name": "House of Nowhere", "country": typed})
        assert answer.status_code == 400, typed
    assert '<option value="AR">' in office.get("/members").content.decode()


def test_an_account_acts_for_a_member_by_its_name_as_by_its_label(hub, account):
    from corroborate_node.coalition.campaign.models import Representative

    account(hub, "memoria", OWN, "representative", scope=NAMES[1])
    assert Representative.objects.get(user__username="memoria").member_id == label(NAMES[1])


def test_no_act_of_the_secretariat_says_what_a_member_s_key_says(hub):
    """What a member approves comes in as its note and no other way, whatever an act is handed."""
    from corroborate.coalition import lifecycle
    from corroborate.coalition.declarations import Declaration
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core.desk import owner

    office = entered("office")
    office.post("/statements", {"name": "forged", "text_language": "en", "text": TEXT})
    office.post("/statements/forged", {"act": "translate", "language": "ko", "translator": "T", "text": "수용소\n"})
    office.post("/statements/forged", {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"})
    signer, who = SIGNERS[NAMES[0]], label(NAMES[0])
    said = Declaration("translation", who, {
        "statement": "forged", "language": "ko", "sha256": Digest.of("수용소\n".encode()).hex,
        "of": Digest.of(TEXT.encode()).hex, "choice": "approves",
    }, NOW, b"never signed", signer.verifier())  # fmt: skip
    for event in (
        lifecycle.TranslationApproved(said), lifecycle.QuoteApproved(said), lifecycle.Confirmed(who, "x", NOW),
        lifecycle.TakenBack(who, Digest.of(b"x"), "sign-on"), lifecycle.Decided("x", "taken", "x"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="come in on their own way"):
            actions.on_statement(owner(hub, NOW), "forged", event)


def test_a_thief_s_file_of_answers_says_nothing_once_the_key_was_ended(hub):
    """All of a member's answers in one file are as good as its key, and no better."""
    from corroborate.coalition import packets

    office, saebom = entered("office"), entered("saebom")
    office.post("/statements", {"name": "stolen", "text_language": "en", "text": TEXT})
    office.post("/statements/stolen", {"act": "translate", "language": "ko", "translator": "T", "text": "수용소\n"})
    office.post("/statements/stolen", {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"})
    asked = packets.Packet.read(saebom.get("/statements/stolen/request").content)
    file = packets.write_answers(packets.answers(SIGNERS[NAMES[0]], asked, "with us", [0], NOW))
    act(office, NAMES[0], "end-key")
    act(entered("office2"), NAMES[0], "end-key")
    answer = hand_in(office, file)
    assert "taken in: <strong>0</strong>; refused: <strong>2</strong>" in answer
    row = next(one for one in office.get("/statements/stolen/round").content.decode().split("<tr>") if NAMES[0] in one)
    assert "has not spoken" in row
    assert "approved" not in row


def test_a_file_of_answers_speaks_for_no_other_member(hub):
    """Whoever carries it, and whatever its name or its folder in a ZIP says."""
    import zipfile

    from corroborate.coalition import packets

    office = entered("office")
    office.post("/statements", {"name": "carried", "text_language": "en", "text": TEXT})
    office.post("/statements/carried", {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"})
    asked = packets.Packet.read(office.get("/statements/carried/packet").content)
    file = packets.write_answers(packets.answers(SIGNERS[NAMES[1]], asked, "with us", [], NOW))
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w") as archive:
        archive.writestr(f"{label(NAMES[0])}/our.signed", file)
    assert "taken in: <strong>1</strong>" in hand_in(office, sent.getvalue())
    rows = {name: one for one in office.get("/statements/carried/round").content.decode().split("<tr>")
            for name in NAMES[:2] if f">{name}</a>" in one}  # fmt: skip
    assert "has not spoken" in rows[NAMES[0]]
    assert "signed" in rows[NAMES[1]]


def test_an_admission_by_mistake_is_undone_by_two_people_and_by_no_one_hand(hub):
    from corroborate_node.coalition.campaign.models import Happened, Member

    office, office2, last = entered("office"), entered("office2"), NAMES[3]
    who = label(last)
    assert "nobody has said yet" in act(office2, last, "unadmit")
    assert act(office, last, "mistaken").startswith("302")
    assert "nobody is second to themselves" in act(office, last, "unadmit")
    assert act(entered("saebom"), last, "unadmit").startswith("400")
    assert Member.objects.filter(id=who).exists()
    assert act(office2, last, "unadmit").startswith("302")
    assert not Member.objects.filter(id=who).exists()
    assert last not in office.get("/members").content.decode()
    kept = Happened.objects.filter(stream=f"member/{who}").values_list("what", "by")
    assert ("Unadmitted", "office2") in kept


def test_nobody_who_has_a_key_or_ever_spoke_is_undone(hub):
    office, office2 = entered("office"), entered("office2")
    assert "let it leave instead" in act(office, NAMES[1], "mistaken")  # it has a key
    office.post("/statements", {"name": "spoken", "text": TEXT, "text_language": "en"})
    office.post("/statements/spoken", {"act": "open", "deadline": "2099-01-01 18:00"})
    act(office, NAMES[3], "mistaken")
    form = {"act": "paper", "member": label(NAMES[3]), "choice": "with us", "signed": f"{NOW:%Y-%m-%d}",
            "digits": Digest.of(TEXT.encode()).hex[:32], "scan": upload(b"its own letter", "scan.png")}  # fmt: skip
    assert office.post("/statements/spoken", form).status_code == 302
    assert "has spoken here" in act(office2, NAMES[3], "unadmit")
    assert act(office, NAMES[3], "not-mistaken").startswith("302")
    assert member(NAMES[3]).mistaken == ""


def row_of(name: str, **more: str) -> dict[str, str]:
    return {"kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member", "name": name, **more}


def test_one_secretary_renames_no_member_that_has_a_key_or_spoke(hub):
    """What one did before: call a member that signed by another's name, at once."""
    office, office2, new = entered("office"), entered("office2"), "Casa de la Verdad"
    who = label(NAMES[1])
    assert office.post(f"/members/{who}", {"act": "correct", **row_of(new), "country": "ar"}).status_code == 302
    assert member(NAMES[1]).details.country == "KR", "what stands beside a name of its own waits too"
    page = office.get(f"/members/{who}").content.decode()
    assert new in page and "A name waits for a second person" in page
    assert "nobody is second to themselves" in act(office, NAMES[1], "second-name", name=new)
    assert act(entered("saebom"), NAMES[1], "second-name", name=new).startswith("400")
    assert "another name waits by now" in act(office2, NAMES[1], "second-name", name="Casa")
    assert member(NAMES[1]).details.name == NAMES[1]
    assert "A name waits for a second person" in office2.get("/").content.decode()
    assert act(office, NAMES[1], "not-called").startswith("302")
    assert "no name of" in act(office2, NAMES[1], "second-name", name=new)
    office.post(f"/members/{who}", {"act": "correct", **row_of(new)})
    assert act(office2, NAMES[1], "second-name", name=new).startswith("302")
    assert label(new) == who


def test_a_published_text_keeps_what_stood_beside_a_name_and_two_put_a_member_there(hub, recorded_key):
    """What one secretary did before: put a member that said nothing beside a name under a text that was published."""
    from corroborate_node.coalition.campaign.models import Notice

    office, office2 = entered("office"), entered("office2")
    seat = affiliated("Mina Holm", "Universidad de Sevilla", "member", b"\x31", recorded_key, hub)
    office.post("/statements", {"name": "beside", "text": TEXT, "text_language": "en"})
    office.post("/statements/beside", {"act": "open", "deadline": "2099-01-01 18:00"})
    asked = requests.Request.read(office.get("/statements/beside/request").content)
    hand_in(office, requests.answer(seat, asked, "with us", NOW))
    for one in (office, office2):
        press(one, "/statements/beside", "close")
    office.post("/statements/beside", {"act": "publish"})

    def shown():
        return office.get("/statements/beside/final.html").content.decode()

    assert "Mina Holm, Universidad de Sevilla" in shown()
    row = {"act": "correct", "kind": "individual", "name": "Mina Holm", "capacity": "personal"}
    where = f"/members/{label('Mina Holm')}"
    assert office.post(where, {**row, "country": "no", "affiliation": "Instituto"}).status_code == 302
    assert member("Mina Holm").details.affiliation == "Universidad de Sevilla", "she has a key: it waits"
    assert office2.post(where, {**row, "country": "no", "affiliation": "Instituto"}).status_code == 302
    assert member("Mina Holm").details.affiliation == "Instituto"
    assert "Mina Holm, Universidad de Sevilla" in shown()
    assert "Instituto" not in shown()
    beside = {**row, "country": "no", "affiliation": NAMES[2].upper()}
    assert office.post(where, beside).status_code == 302
    assert member("Mina Holm").details.affiliation == "Instituto"
    told = Notice.objects.filter(what="beside waits", about=f"Instituto → {NAMES[2].upper()}").values_list(
        "member_id", flat=True
    )
    assert set(told) == {label("Mina Holm"), label(NAMES[2])}
    assert "nobody is second to themselves" in html.unescape(office.post(where, beside).content.decode())
    assert "What is to stand beside this name waits" in office2.get("/").content.decode()
    assert office2.get(where).status_code == 200
    assert office2.post(where, beside).status_code == 302
    assert member("Mina Holm").details.affiliation == NAMES[2].upper()
    assert "Mina Holm, Universidad de Sevilla" in shown()
    assert NAMES[2].upper() not in shown()


def test_a_statement_shows_each_signature_under_the_name_that_was_signed(hub):
    office, office2 = entered("office"), entered("office2")
    office.post("/statements", {"name": "named", "text": TEXT, "text_language": "en"})
    office.post("/statements/named", {"act": "open", "deadline": "2099-01-01 18:00"})
    form = {"act": "paper", "member": label(NAMES[3]), "choice": "with us", "signed": f"{datetime.now(UTC):%Y-%m-%d}",
            "digits": Digest.of(TEXT.encode()).hex[:32], "scan": upload(b"signed by hand", "scan.png")}  # fmt: skip
    assert office.post("/statements/named", form).status_code == 302
    assert office2.get(f"/scans/{Digest.of(b'signed by hand')}").status_code == 200
    confirmed = {"act": "confirm", "member": label(NAMES[3])}
    assert office2.post("/statements/named", confirmed).status_code == 302
    who = label(NAMES[3])
    office.post(f"/members/{who}", {"act": "correct", **row_of("Another House")})
    assert member(NAMES[3]).details.name == NAMES[3], "it spoke on paper: two rename it"
    assert act(office2, NAMES[3], "second-name", name="Another House").startswith("302")
    for one in (office, office2):
        press(one, "/statements/named", "close")
    office.post("/statements/named", {"act": "publish"})
    page = office.get("/statements/named/final.html").content.decode()
    assert NAMES[3] in page and "Another House" not in page


def test_one_secretary_admits_nobody_who_is_called_as_a_member_is(hub):
    """A second member of one name, without a key, would sign on paper beside the first."""
    from corroborate_node.coalition.campaign import queries
    from corroborate_node.coalition.campaign.models import Member

    office, office2 = entered("office"), entered("office2")
    like = "Geneva-Wаtch"  # Cyrillic а
    assert office.post("/members", row_of(like)).status_code == 302
    who = Member.objects.get(name=like).id
    office.post("/statements", {"name": "twice", "text": TEXT, "text_language": "en"})
    office.post("/statements/twice", {"act": "open", "deadline": "2099-01-01 18:00"})
    assert like not in office.get("/statements/twice/round").content.decode()
    form = {"act": "paper", "member": who, "choice": "with us", "signed": f"{datetime.now(UTC):%Y-%m-%d}",
            "digits": Digest.of(TEXT.encode()).hex[:32], "scan": upload(b"letter", "scan.png")}  # fmt: skip
    assert office.post("/statements/twice", form).status_code == 400
    for flag in queries.register()[who].flags:
        office.post(f"/members/{who}", {"act": "clear", "flag": flag})
    assert not queries.register()[who].is_member(NOW.date()), "a doubt that one person cleared admits nobody"
    assert "nobody is second to themselves" in act(office, like, "second-name", name=like)
    assert act(office2, like, "second-name", name=like).startswith("302")
    assert like in office.get("/statements/twice/round").content.decode()


def test_a_member_without_a_key_that_never_spoke_is_renamed_into_no_other_member(hub):
    office = entered("office")
    assert act(office, NAMES[3], "correct", **row_of(NAMES[0])).startswith("302")
    assert member(NAMES[3]).renaming is not None
    assert act(office, NAMES[3], "correct", **row_of("新潟の友の会")).startswith("302")
    assert label("新潟の友の会")


def open_round(office, name: str = "joint") -> None:
    office.post("/statements", {"name": name, "text": TEXT, "text_language": "en"})
    assert office.post(f"/statements/{name}", {"act": "open", "deadline": "2099-01-01 18:00"}).status_code == 302


def answered(choice: str, at: datetime, reason: str = "") -> bytes:
    asked = requests.Request.read(entered("office").get("/statements/joint/request").content)
    return requests.answer(SIGNERS[NAMES[0]], asked, choice, at, reason)


def stands(name: str) -> str:
    from corroborate_node.coalition.campaign import queries

    state = queries.state("joint", queries.register(), datetime.now(UTC).date())
    return next(one.state for one in state.round.responses() if one.member == label(name))


def take_back_last(name: str) -> str:
    """What an account handed in last."""
    from corroborate_node.coalition.campaign.models import Happened

    last = Happened.objects.filter(stream__startswith="delivery/", what="Delivered", by=name).order_by("-id").first()
    address = f"/hand-in/{last.stream.removeprefix('delivery/')}"
    return html.unescape(entered(name).post(address, {"act": "undo"}).content.decode())


def test_a_word_that_a_member_replaced_does_not_come_back_by_taking_the_newer_one_back(hub):
    office = entered("office")
    open_round(office)
    old, new = answered("with us", NOW - timedelta(seconds=50)), answered("abstains", NOW, "It names a source of ours")
    hand_in(office, new)
    take_back_last("office")
    assert stands(NAMES[0]) == "silent"
    assert "has said something later" in hand_in(office, old)
    assert stands(NAMES[0]) == "silent"
    changed = TEXT.replace("in.", "in!")
    office.post("/statements/joint", {"act": "draft", "text": changed})  # also not to a later version, if it is older
    assert "has said something later" in hand_in(office, answered("with us", NOW - timedelta(seconds=40)))
    office.post("/statements/joint", {"act": "draft", "text": TEXT})
    assert "before it was changed and put back" in hand_in(office, new)
    again = answered("abstains", datetime.now(UTC) + timedelta(seconds=1), "It names a source of ours")
    assert "taken in: <strong>1</strong>" in hand_in(office, again)
    assert stands(NAMES[0]) == "abstains"


def test_what_a_member_hands_in_itself_is_taken_back_by_nobody_who_was_faster(hub):
    office, saebom = entered("office"), entered("saebom")
    open_round(office)
    note = answered("with us", NOW)
    hand_in(office, note)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, note)
    assert "saebom handed this in as well" in take_back_last("office")
    assert stands(NAMES[0]) == "signed"
    hand_in(office, note)  # nor by handing it in again
    assert "nothing of this delivery can be taken back" in take_back_last("office")
    assert office.post("/statements/joint", {"act": "close"}).status_code == 302
    assert stands(NAMES[0]) == "signed"


def test_one_secretary_takes_no_member_out_of_an_open_round_and_it_is_told(hub):
    office, office2, saebom = entered("office"), entered("office2"), entered("saebom")
    open_round(office)
    today = datetime.now(UTC).date()
    yesterday = str(today - timedelta(days=1))
    assert "for no day before" in act(office, NAMES[0], "leave", on=yesterday)
    assert act(office, NAMES[0], "leave", on=str(today)).startswith("302 ")
    assert f"Somebody says that you leave on {today}" in seen_by(saebom)
    assert "another person is needed" in act(office, NAMES[0], "leave", on=str(today))
    assert member(NAMES[0]).left is None
    assert "waits for a second person" in office2.get(f"/members/{label(NAMES[0])}").content.decode()
    assert "That it leaves waits for a second person" in seen_by(office2)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, answered("with us", datetime.now(UTC)))
    assert act(office2, NAMES[0], "return").startswith("302 ")
    assert member(NAMES[0]).leaving is None
    assert "recorded that you are a member" in seen_by(saebom)
    act(office, NAMES[0], "leave", on=str(today))
    assert act(office2, NAMES[0], "leave", on=str(today)).startswith("302 ")
    assert member(NAMES[0]).left == today
    assert f"recorded that you leave the coalition on {today}" in seen_by(saebom)
    assert act(office, NAMES[0], "return").startswith("302 ")
    assert act(office, NAMES[0], "return").startswith("302 ")  # said twice, it is one return


def test_where_no_round_is_open_one_person_records_a_departure_and_the_member_is_told(hub):
    office, saebom = entered("office"), entered("saebom")
    today = datetime.now(UTC).date()
    assert "for no day before" in act(office, NAMES[0], "leave", on=str(today - timedelta(days=1)))
    assert act(office, NAMES[0], "leave", on=str(today)).startswith("302 ")
    assert member(NAMES[0]).left == today
    assert f"recorded that you leave the coalition on {today}" in seen_by(saebom)


def test_a_member_leaves_by_its_own_key_also_while_a_round_is_open_and_by_no_other(hub):
    office = entered("office")
    open_round(office)
    key = SIGNERS[NAMES[0]]
    said = Departure(key.verifier(), NOW)
    assert "has not signed for its own leaving" in hand_in(office, depart(said, SIGNERS[NAMES[1]]))
    stranger = Signer("stranger", b"s" * 32)
    assert "is of no member that we know" in hand_in(office, depart(Departure(stranger.verifier(), NOW), stranger))
    # it may have been given to the log of another coalition: its own account brings it
    assert "the own account of 새봄인권기록회 hands this in" in hand_in(office, depart(said, key))
    assert member(NAMES[0]).left is None
    for _ in range(2):
        assert "taken in: <strong>1</strong>" in hand_in(entered("saebom"), depart(said, key))
    assert member(NAMES[0]).left == datetime.now(UTC).date()
    act(office, NAMES[0], "return")
    assert member(NAMES[0]).left is not None  # its own key said so: one person alone does not say otherwise
    assert "somebody says that you are back" in seen_by(entered("saebom"))
    assert "nobody is second to themselves" in act(office, NAMES[0], "return")
    act(entered("office2"), NAMES[0], "return")
    assert member(NAMES[0]).left is None
    assert "came back since it wrote this" in hand_in(office, depart(said, key))
    assert member(NAMES[0]).left is None


def test_a_departure_that_another_brings_takes_nobody_out_where_no_round_is_open_either(hub):
    gone = depart(Departure(SIGNERS[NAMES[0]].verifier(), NOW - timedelta(hours=30)), SIGNERS[NAMES[0]])
    assert "may have been given to another's log" in hand_in(entered("office"), gone)
    assert member(NAMES[0]).left is None
    assert "recorded that you leave" not in seen_by(entered("saebom"))


@pytest.mark.parametrize("days", [3, 31, 400])
def test_an_old_departure_takes_no_member_out_of_an_open_round(hub, days):
    """Its notes are no secret: of before it came back in the log, of before its key stood here, or for another log."""
    office, saebom = entered("office"), entered("saebom")
    open_round(office)
    key = SIGNERS[NAMES[0]]
    old = depart(Departure(key.verifier(), NOW - timedelta(days=days)), key)
    for who in (office, saebom):
        said = hand_in(who, old)
        assert f"this note is of {(NOW - timedelta(days=days)).date()}" in said
        assert "the secretariat records that on the member's page" in said
    assert member(NAMES[0]).left is None
    assert "recorded that you leave" not in seen_by(saebom)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, answered("abstains", NOW))
    yesterday = depart(Departure(key.verifier(), NOW - timedelta(days=1)), key)
    assert "the own account of 새봄인권기록회 hands this in" in hand_in(office, yesterday)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, yesterday)
    assert member(NAMES[0]).left == datetime.now(UTC).date()


def test_a_departure_of_before_the_key_stood_here_is_not_counted_though_it_is_of_yesterday(hub):
    office, saebom = entered("office"), entered("saebom")
    old, new = SIGNERS[NAMES[0]], Signer("새봄인권기록회", b"\x57" * 32)
    change = rotate(old, new, 0, NOW)
    assert "taken in: <strong>1</strong>" in hand_in(saebom, change)
    assert key_of(NAMES[0]) == new.verifier()
    gone = depart(Departure(new.verifier(), NOW - timedelta(days=1)), new)
    assert "older than 2 days, or than the key" in hand_in(office, gone)
    assert member(NAMES[0]).left is None


def test_a_namesake_is_marked_in_the_list_whatever_doubt_was_cleared(hub):
    """What one secretary did before: take in a second organisation of a member's name, and clear the doubt about it."""
    from corroborate_node.coalition.campaign.models import Member

    office = entered("office")
    row = {"kind": "organisation", "country": "ch", "joined": "2024-12", "role": "member", "name": NAMES[2]}
    assert office.post("/members", row).status_code == 302
    [twin] = [one.id for one in Member.objects.filter(name=NAMES[2]) if one.id != member_id(NAMES[2])]
    for flag in flags(twin):
        assert office.post(f"/members/{twin}", {"act": "clear", "flag": flag}).status_code == 302
    assert flags(twin) == ()
    page = html.unescape(office.get("/members").content.decode())
    assert page.index("A name waits for a second person") > page.rindex(f">{NAMES[2]}</a>")


def member_id(name: str) -> str:
    from corroborate_node.coalition.campaign.models import Member

    return Member.objects.filter(name=name).order_by("place").first().id


def flags(label_: str) -> tuple[str, ...]:
    from corroborate_node.coalition.campaign import queries

    return queries.register()[label_].flags
