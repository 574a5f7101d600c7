"""What a stranger could do on the open pages on which the public supports a text: a test each, tried as they would."""

import csv
import html
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from tests.coalition.test_supporters import (  # noqa: F401
    MEMBER,
    OWN,
    _ask,
    _client,
    _letters,
    _number,
    _sheet,
    hub,
    logged_in,
    office,
)

from corroborate.coalition import requests, supporters
from corroborate.errors import NotAllowed
from corroborate.values import Digest

THIEF, CARLA = "thief@evil.example", "carla@people.example"
LEAVE = {"shown": "on"}


def _public() -> str:
    return _client().get("/support/joint").content.decode()


def _from(machine: str, address: str, name: str = "Ana"):
    from django.test import Client

    form = {"name": name, "kind": "individual", "address": address, "agreed": "on"}
    client = Client(headers={"host": "localhost"}, REMOTE_ADDR=machine)
    return client.post("/support/joint", {"act": "support", **{f"support-{key}": value for key, value in form.items()}})


SPELLED = [
    "Geneva Watch",
    "geneva  watch",
    "GENEVA-WATCH",
    "Gen\u0435va Watch",
    "ɢᴇɴᴇᴠᴀ ᴡᴀᴛᴄʜ",
    "Gɛneva Watch",
    "Geneːva Watch",
    "Geneva VVatch",
    "Geneva Wat¢h",
]


@pytest.mark.parametrize("name", SPELLED)
def test_nobody_supports_under_the_name_of_who_signed(office, name):  # noqa: F811
    answer = _ask(THIEF, name, kind="organisation", words="We withdraw our signature", **LEAVE)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "is a member: it speaks by its own key" in page or "mixes letters" in page
    assert office.post("/statements/joint/supporters", {"act": "letters"}).status_code == 400


def test_nobody_takes_that_name_while_confirming_either(office):  # noqa: F811
    _ask(THIEF, "Somebody", **LEAVE)
    where = f"/support/joint/{_letters(office)[THIEF]}"
    form = {"act": "confirm", "own-name": "Geneva Watch", "own-kind": "organisation", "own-shown": "on"}
    answer = _client().post(where, form)
    assert answer.status_code == 400
    assert "it speaks by its own key" in answer.content.decode()
    assert _number() == 0


def test_a_name_that_holds_a_members_is_counted_and_not_shown(office):  # noqa: F811
    _ask(THIEF, "Geneva Watch (official)", **LEAVE)
    _ask("x@evil.example", "ɢᴇɴᴇᴠᴀ ᴡᴀᴛᴄʜ (official)", **LEAVE)
    _ask(CARLA, "Carla", affiliation="Director of Geneva Watch", **LEAVE)
    for code in _letters(office).values():
        assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    assert _number() == 3
    assert "(official)" not in _public()
    assert "Director" not in _public()


FOR_ALL = ["Watch, Geneva", "The Watch of Geneva", "All members of the coalition", "연대 사무국", "todos los miembros"]


@pytest.mark.parametrize("name", FOR_ALL)
def test_one_called_as_a_member_for_short_or_as_all_of_them_is_counted_and_not_shown(office, name):  # noqa: F811
    _ask(THIEF, name, kind="organisation", words="We stand by every word", **LEAVE)
    for code in _letters(office).values():
        assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    assert _number() == 1
    assert "every word" not in _public()


def test_the_sheet_of_supporters_says_of_a_member_s_name_that_the_member_did_not_say_it(office):  # noqa: F811
    """Whoever is handed the sheet asks nobody: before, it read as the support of a member, confirmed."""
    _ask(THIEF, "Geneva Watch Office", kind="organisation", words="We stand by every word", **LEAVE)
    _ask(CARLA, "Carla Reyes", **LEAVE)
    _ask("ana@people.example", "Ana", affiliation="Office of Geneva VVatch")
    for code in _letters(office).values():
        assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    content = office.post("/statements/joint/supporters", {"act": "export"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    said = {
        row["Name of organisation"] or row["Your name"]: (row["Show the name"], row["To look at"].partition(";")[0])
        for row in rows
    }
    doubt = "names a member, which did not say this"
    assert said == {"Geneva Watch Office": ("No", doubt), "Carla Reyes": ("Yes", ""), "Ana": ("No", doubt)}


def test_nobody_finds_out_whether_an_address_is_here_and_nobody_locks_its_holder_out(office):  # noqa: F811
    from corroborate_node.core.models import WrongTry

    _from("198.51.100.7", CARLA)
    known = [_from("203.0.113.1", CARLA).status_code for _ in range(9)]
    unknown = [_from("203.0.113.2", "nobody@people.example").status_code for _ in range(9)]
    assert known == unknown
    assert _from("198.51.100.7", CARLA).status_code == 200
    assert not WrongTry.objects.filter(place="support").exclude(whom="").exists(), "no address is counted"


def test_what_a_stranger_typed_with_my_address_is_mine_to_change_before_i_confirm(office):  # noqa: F811
    _ask(CARLA, "Carla Traitor", words="I love the ministry", affiliation="Ministry", **LEAVE)
    _ask(CARLA, "Carla Reyes")
    where = f"/support/joint/{_letters(office)[CARLA]}"
    page = _client().get(where).content.decode()
    assert "Carla Traitor" in page
    assert "Somebody else may have typed this" in page
    assert _client().post(where, {"act": "confirm", "own-name": "", "own-kind": "individual"}).status_code == 400
    mine = {"act": "confirm", "own-name": "Carla Reyes", "own-kind": "individual", "own-country": "ES",
            "own-affiliation": "", "own-words": "For my brother", "own-shown": "on"}  # fmt: skip
    assert _client().post(where, mine).status_code == 302
    shown = _public()
    assert "Carla Reyes" in shown
    assert "For my brother" in shown
    assert "Traitor" not in shown
    assert "inistry" not in shown


def test_leave_that_a_stranger_gave_for_me_is_mine_to_take_back(office):  # noqa: F811
    _ask(CARLA, "Carla Reyes", **LEAVE)
    where = f"/support/joint/{_letters(office)[CARLA]}"
    _client().post(where, {"act": "confirm", "own-name": "Carla Reyes", "own-kind": "individual"})
    assert (_number(), "Carla" in _public()) == (1, False)


@pytest.mark.parametrize("name", ["Win at evil.example/prize", "Bank.com Security", "Call +41 900 123456 now"])
def test_no_word_that_a_stranger_typed_goes_out_by_the_hubs_letters(office, name):  # noqa: F811
    import io
    import zipfile

    _ask(CARLA, name, affiliation="evil.example", words="evil.example")
    archive = office.post("/statements/joint/supporters", {"act": "letters"}).content
    with zipfile.ZipFile(io.BytesIO(archive)) as letters:
        for one in letters.namelist():
            content = letters.read(one).decode()
            assert name not in content
            assert "evil.example" not in content


def test_one_network_of_ipv6_is_one_machine(office):  # noqa: F811
    answers = [_from(f"2001:db8:7:7::{at:x}", f"p{at}@people.example").status_code for at in range(1, 25)]
    assert answers[:20] == [200] * 20
    assert 429 in answers
    assert _from("2001:db8:7:8::1", CARLA).status_code == 200, "the network beside it"


def test_neither_does_log_in_take_its_addresses_for_many_machines(hub):  # noqa: F811
    from django.test import Client

    from corroborate_node.core.models import WrongTry

    WrongTry.objects.all().delete()
    status = [
        Client(headers={"host": "localhost"}, REMOTE_ADDR=f"2001:db8:9:9::{at:x}")
        .post("/log-in", {"username": f"guess{at}", "password": "a wrong passphrase"})
        .status_code
        for at in range(1, 23)
    ]
    WrongTry.objects.all().delete()
    assert 429 in status


def test_who_fills_the_page_shuts_it_for_a_day_and_not_for_months(office, hub):  # noqa: F811
    from corroborate_node.coalition.supporters import actions, models
    from corroborate_node.core.desk import owner

    at = datetime.now(UTC).replace(microsecond=0)
    rows = [
        models.Supporter(id=f"supporter_{one}", statement="joint", mark=f"{one}", name="Flood", kind="individual",
                         language="en", asked=at, address="f@evil.example")
        for one in range(actions.MOST_WAITING)
    ]  # fmt: skip
    models.Supporter.objects.bulk_create(rows, batch_size=2000)
    models.Supporter.objects.filter(pk="supporter_7").update(lettered=at)
    desk = owner(hub, at).system("supporters")
    with pytest.raises(NotAllowed, match="come back tomorrow"):
        actions.ask(desk, "joint", supporters.Supporter("Carla Reyes"), CARLA)
    later = owner(hub, at + timedelta(days=1, minutes=1)).system("supporters")
    assert actions.ask(later, "joint", supporters.Supporter("Carla Reyes"), CARLA)
    assert models.Supporter.objects.count() == actions.MOST_WAITING
    assert models.Supporter.objects.filter(pk="supporter_7").exists(), "whose letter is out keeps its days"
    models.Supporter.objects.all().delete()


def test_the_name_of_a_member_that_left_is_counted_and_not_shown(office):  # noqa: F811
    from corroborate_node.coalition.campaign.models import Member

    row = {"name": "Lake Watch", "kind": "organisation", "country": "CH", "joined": "2011", "role": "member"}
    if not Member.objects.filter(name="Lake Watch").exists():
        assert office.post("/members", row).status_code == 302
        at = f"/members/{Member.objects.get(name='Lake Watch').id}"
        assert office.post(at, {"act": "leave", "on": str(datetime.now(UTC).date())}).status_code == 302
    _ask(THIEF, "Lake Watch", kind="organisation", words="We are back.", **LEAVE)
    _ask(CARLA, "Carla", affiliation="Lake Watch", words="We never left.", **LEAVE)
    for code in _letters(office).values():
        assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    assert _number() == 2
    assert "Lake Watch" not in _public()


LIE = "Levanten las sanciones\n\nLos campos no existen.\n"


@pytest.fixture
def in_spanish(office):  # noqa: F811
    """A secretary puts up a Spanish translation after the text was published, and nobody approves it."""
    form = {"act": "translate", "language": "es", "text_language": "es", "translator": "A. Ruiz", "text": LIE}
    assert office.post("/statements/joint", form).status_code == 302
    return office


def _in_spanish() -> str:
    from django.test import Client

    page = Client(headers={"host": "localhost", "accept-language": "es"}, REMOTE_ADDR="192.0.2.9").get("/support/joint")
    return html.unescape(page.content.decode())


def test_the_text_of_the_open_page_and_of_the_letter_is_the_one_that_members_signed(in_spanish):
    """Before, a reader of Spanish was shown a translation that denies the text, over *Members that signed*, and was
    asked by letter to support it, beside the digest of another text."""
    page = _in_spanish()
    assert re.search(r"<h1[^>]*>([^<]*)</h1>", page)[1] == "Open the camps"
    assert (
        page.index("Let monitors in.") < page.index("No oficial: ningún miembro") < page.index("Los campos no existen")
    )
    _ask(CARLA, "Carla")
    supporters_ = in_spanish.post("/statements/joint/supporters", {"act": "letters"})
    with zipfile.ZipFile(io.BytesIO(supporters_.content)) as archive:
        [row] = csv.DictReader(io.StringIO(archive.read("letters.csv").decode()))
    assert "sanciones" not in row["subject"] + row["body"]
    assert Digest.of(b"Open the camps\n\nLet monitors in.\n").hex in row["body"]


def test_a_translation_that_a_member_approved_stands_under_the_original_with_its_name(in_spanish, hub):  # noqa: F811
    path = "/statements/joint/translation?language=es"
    asked = requests.Request.read(in_spanish.get(path).content)
    note = io.BytesIO(requests.answer(MEMBER, asked, "approves", datetime.now(UTC).replace(microsecond=0)))
    note.name = "answer.signed"
    in_spanish.post("/hand-in", {"answers": [note]})
    page = _in_spanish()
    assert "Estas palabras fueron aprobadas por" in page
    assert "No oficial" not in page
    assert page.index("Let monitors in.") < page.index("Geneva Watch") < page.index("Los campos no existen")


SHEET = """Name of organisation,Your name,Affiliation,Country,Do you sign this text?,Comment,Confirmed,Show the name
"Geneva Watch (Switzerland)",,,Switzerland,Yes,"We, Geneva Watch, stand by every word.",Yes,Yes
,Mina Holm,Lake House,Spain,Yes,As director of Geneva Watch I say so,Yes,Yes
"""


def test_nobody_alone_has_a_member_speak_by_a_sheet_and_that_member_is_told(office, hub, account):  # noqa: F811
    """Before, the one who brought the sheet pressed *Show it*, and the public read it as the member's word."""
    from django.contrib.auth import get_user_model

    from corroborate_node.coalition.campaign.models import Notice
    from corroborate_node.coalition.supporters.models import Supporter

    for name in ("first", "second"):  # for both of whom the keeper vouched
        if not get_user_model().objects.filter(username=name).exists():
            account(hub, name, OWN, "secretariat")
    first, second = _client("first"), _client("second")
    where, page = _sheet(office, SHEET.encode(), "form.csv"), "/statements/joint/supporters"
    assert office.post(where, {"act": "take"}).status_code == 302
    told = Notice.objects.filter(member__name="Geneva Watch", what__startswith="support ")
    before, entries = told.count(), list(Supporter.objects.values_list("pk", flat=True))
    assert len(entries) == 2
    for entry in entries:
        assert first.post(page, {"act": "show", "entry": entry}).status_code == 302
        again = first.post(page, {"act": "show", "entry": entry})
        assert again.status_code == 400
        assert "nobody is second to themselves" in again.content.decode()
    assert "every word" not in _public()
    assert "As director" not in _public()
    assert told.count() == before + 2
    for entry in entries:
        assert second.post(page, {"act": "show", "entry": entry}).status_code == 302
    assert "every word" in _public()
    assert "As director" in _public()
    assert told.count() == before + 4
