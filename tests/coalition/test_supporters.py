"""Supporters of the public: asked twice, counted apart from members, erased whole, read from sheets of forms."""

import csv
import email
import email.policy
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from corroborate.coalition import lifecycle, requests, supporters
from corroborate.custody import Signer
from corroborate.errors import InvalidValue, NotVerified
from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the hub", "a passphrase for its people"
MEMBER = Signer("Geneva-Watch", b"\x05" * 32)
TEXT = "Open the camps\n\nLet monitors in.\n"
ANA, BO = "ana@people.example", "bo@people.example"


@pytest.fixture(scope="module")
def hub(tmp_path_factory, recorded_key):
    folder = tmp_path_factory.mktemp("supporters") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions, queries
        from corroborate_node.core.desk import owner

        office = _client("keeper")
        office.post("/members", {"name": "Geneva Watch", "kind": "organisation", "country": "CH", "joined": "2011",
                                 "role": "member"})  # fmt: skip
        at = datetime.now(UTC).replace(microsecond=0)
        recorded_key(vault, "Geneva-Watch", MEMBER, at)
        for name in ("joint", "draft"):
            office.post("/statements", {"name": name, "text_language": "en", "text": TEXT})
        office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"})
        asked = requests.Request.read(office.get("/statements/joint/request").content)
        note = io.BytesIO(requests.answer(MEMBER, asked, "with us", at))
        note.name = "answer.signed"
        office.post("/hand-in", {"answers": [note]})
        assert office.post("/statements/joint", {"act": "close"}).status_code == 302
        shown = queries.state("joint", queries.register(), at.date()).asked_to_close
        closes = lifecycle.Closed(at, shown=shown)
        actions.on_statement(owner(vault, at), "joint", closes)  # another person: before the deadline
        assert office.post("/statements/joint", {"act": "publish"}).status_code == 302
        yield vault


def _client(account: str = ""):
    from django.test import Client

    one = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.1" if account else "192.0.2.9")
    if account:
        login = one.post("/log-in", {"username": account, "password": OWN})
        assert login.status_code == 302, login.content.decode()
    return one


@pytest.fixture(scope="module")
def logged_in(hub):
    return _client("keeper")


@pytest.fixture
def office(logged_in):
    from corroborate_node.coalition.supporters import models
    from corroborate_node.core.models import WrongTry

    for one in (models.Call, models.Supporter, models.List, models.Erased, WrongTry):
        one.objects.all().delete()
    client = logged_in
    called = client.post("/statements/joint/supporters", {"act": "call", "page": "https://hub.example.org"})
    assert called.status_code == 302, called.content.decode()
    return client


def _ask(address: str, name: str = "Ana López", **more: str):
    given = {"name": name, "kind": "individual", "address": address, "country": "ES", "agreed": "on", **more}
    form = {f"support-{key}": value for key, value in given.items() if value}
    return _client().post("/support/joint", {"act": "support", **form})


def _letters(office, act: str = "letters") -> dict[str, str]:
    """Address -> code, from the drafts as a mail program reads them."""
    answer = office.post("/statements/joint/supporters", {"act": act})
    assert answer.status_code == 200, answer.content.decode()
    found = {}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        for name in archive.namelist():
            if name.endswith(".eml"):
                mail = email.message_from_bytes(archive.read(name), policy=email.policy.default)
                body = mail.get_content()
                link = re.search(r"https://hub\.example\.org(/support/joint/([a-z2-7]{20}))\s", body)
                assert link, body
                found[mail["To"].addresses[0].addr_spec] = link[2]
        rows = list(csv.DictReader(io.StringIO(archive.read("letters.csv").decode())))
        assert sorted(one["address"] for one in rows) == sorted(found)
    return found


def _number() -> int:
    page = _client().get("/support/joint").content.decode()
    return int(re.search(r"Supporters of the public</dt>\s*<dd[^>]*><strong>(\d+)</strong>", page)[1])


def test_nobody_is_counted_before_they_confirm_by_the_code_of_their_letter(office):
    first = _ask(ANA, shown="on", words="For my brother")
    assert first.status_code == 200, first.content.decode()
    assert (_number(), "Ana" in _client().get("/support/joint").content.decode()) == (0, False)
    code = _letters(office)[ANA]
    look = _client().get(f"/support/joint/{code}").content.decode()
    assert ANA in look
    assert "waits for you to confirm" in look
    assert _number() == 0, "a mail program that follows links confirms nothing"
    assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    page = _client().get("/support/joint").content.decode()
    assert _number() == 1
    assert "Ana López" in page
    assert "For my brother" in page
    members = re.search(r"Members of the coalition that signed</dt>\s*<dd[^>]*><strong>(\d+)</strong>", page)
    assert members[1] == "1", "counted apart from members"
    assert ANA not in _client().get(f"/support/joint/{code}").content.decode(), "the address goes with confirming"
    assert office.post("/statements/joint/supporters", {"act": "letters"}).status_code == 400, "nobody waits"


LIKE_MEMBERS = [
    ("新潟の会 事務局", "", ""), ("新潟の会東京支部", "", ""), ("Mori Ken", "新潟の会 代表", ""),
    ("Geneva_Watch_Office", "", ""),
    ("GenevaWatchOffice", "", ""), ("Watch Geneva", "", ""), ("새봄인권기록회대표", "", ""),
    ("HRDB secretariat", "", ""),
    ("Our GenevaWatch", "", ""),
    ("Ana", "", "Geneva Watch and others sign this too"),
    ("Ito", "", "新潟の会も署名します"),
]  # fmt: skip


def test_who_names_a_member_in_any_field_is_counted_and_not_shown_before_somebody_looked(office):
    for name, short in (("新潟の会", ""), ("새봄인권기록회", ""), ("Human Rights Desk of Bern", "HRDB")):
        given = {"name": name, "abbreviation": short, "kind": "organisation", "country": "JP", "joined": "2011"}
        office.post("/members", {**given, "role": "member"})
    honest = [
        ("Ana López", "Amnesty, Geneva", "For my brother"),
        ("Watchmakers of Geneva", "", ""),
        ("田中", "新潟市", ""),
    ]
    for at, (name, house, said) in enumerate([*LIKE_MEMBERS, *honest]):
        more = {"affiliation": house, "words": said}
        _ask(f"person{at}@example.org", name, shown="on", **more)
    for code in _letters(office).values():
        assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    page = _client().get("/support/joint").content.decode()
    assert _number() == len(LIKE_MEMBERS) + len(honest)
    shown = page[page.index("Supporters who let their names be shown") :]
    assert [name for name, house, said in LIKE_MEMBERS if re.search(rf"{name}\W", shown) and name != "Ana"] == []
    assert "sign this too" not in shown
    assert "署名します" not in shown
    assert all(name in shown for name, *_ in honest)

    desk = office.get("/statements/joint/supporters").content.decode()
    assert desk.count("it holds the name of a member") == len(LIKE_MEMBERS)
    entry = re.search(r'name="entry" value="([^"]+)"', desk[desk.index("Watch Geneva") :])[1]
    assert office.post("/statements/joint/supporters", {"act": "show", "entry": entry}).status_code == 302
    assert "Watch Geneva" not in _client().get("/support/joint").content.decode(), "a second person says so too"
    assert office.post("/statements/joint/supporters", {"act": "show", "entry": "none"}).status_code == 400


def test_a_code_can_be_typed_from_paper_in_groups(office):
    _ask(ANA)
    code = _letters(office)[ANA]
    typed = supporters.printed_code(code).upper().replace("-", " ")
    answer = _client().post("/support/joint", {"act": "code", "code-code": typed})
    assert answer.headers["Location"] == f"/support/joint/{code}"


def test_who_gave_no_leave_is_counted_and_named_nowhere(office):
    _ask(BO, "Bo Quiet")
    _client().post(f"/support/joint/{_letters(office)[BO]}", {"act": "confirm"})
    assert _number() == 1
    assert "Bo Quiet" not in _client().get("/support/joint").content.decode()


def test_an_address_is_counted_once_and_nobody_is_told_whether_it_is_here(office):
    first, second = _ask(ANA), _ask("ANA@people.example", "Somebody Else")
    mask = re.compile(rb'value="[^"]{40,}"')  # tokens of forms
    assert mask.sub(b"", first.content) == mask.sub(b"", second.content)
    codes = _letters(office)
    assert list(codes) == [ANA]
    assert "Somebody Else" not in _client().get(f"/support/joint/{codes[ANA]}").content.decode()


def test_erased_whole_with_a_receipt_that_the_hubs_key_signs(office, hub):
    from corroborate_node.coalition.supporters import models

    _ask(ANA, "Ana Needle", shown="on", affiliation="Needle House", words="needle words")
    code = _letters(office)[ANA]
    _client().post(f"/support/joint/{code}", {"act": "confirm"})
    entry = models.Supporter.objects.get().pk
    page = _client().post(f"/support/joint/{code}", {"act": "erase"}).content.decode()
    import html

    receipt = html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.S)[1]).encode()
    said = supporters.read_receipt(receipt, hub.signer.verifier())
    assert (said["statement"], said["entry"]) == ("joint", entry)
    with pytest.raises(NotVerified):
        supporters.read_receipt(receipt, MEMBER.verifier())
    assert _number() == 0
    assert _client().get(f"/support/joint/{code}").status_code == 400
    from django.apps import apps

    for model in apps.get_models():
        rows = repr(list(model.objects.values()))
        assert not re.search(r"needle|people\.example", rows, re.I), model
    needles = [one for one in hub.folder.rglob("*") if one.is_file() and b"Needle" in one.read_bytes()]
    assert needles == []


def test_no_address_stands_in_the_journal_the_log_or_on_the_site(office, hub, tmp_path):
    from corroborate.site import SiteOptions, publish
    from corroborate_node.core.desk import owner
    from corroborate_node.release.supplying import supplied

    _ask(ANA, "Ana Needle", shown="on")
    _client().post(f"/support/joint/{_letters(office)[ANA]}", {"act": "confirm"})
    journal = office.get("/journal").content.decode()
    assert "support.confirm" in journal
    from datetime import date

    from corroborate.disclosure import Order, Records, release

    made = release(
        Order("Joint", "Secretariat", "public", date(2026, 11, 30)), Records(),
        supplied(owner(hub, datetime.now(UTC).replace(microsecond=0))),
    )  # fmt: skip
    assert made.statements[0].supporters == 1
    publish(made, tmp_path / "site", SiteOptions())
    page = (tmp_path / "site" / "en" / "statements" / "joint.html").read_text(encoding="utf-8")
    assert "Supporters of the public who confirmed: 1." in page
    for one in (*hub.log.rglob("*"), *(tmp_path / "site").rglob("*")):
        if one.is_file():
            assert not re.search(rb"people\.example|Needle", one.read_bytes()), one
    assert not re.search(r"people\.example|Needle", journal)


def test_the_public_sees_nothing_that_is_not_published_and_nothing_else_of_the_hub(office):
    anybody = _client()
    assert anybody.get("/support/draft").status_code == 404
    assert anybody.get("/support/nothing").status_code == 404
    assert (
        office.post("/statements/draft/supporters", {"act": "call", "page": "https://hub.example"}).status_code == 404
    )
    for path in ("/statements/joint", "/statements/joint/supporters", "/members", "/"):
        answer = anybody.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/log-in")
    assert "/statements" not in anybody.get("/support/joint").content.decode().replace("/support/", "")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("address", "no address", "is no e-mail address"),
        ("address", "a@b.example, c@d.example", "is no e-mail address"),
        ("address", "a@b.example\r\nBcc: c@d.example", "is no e-mail address"),
        ("name", "Win at www.prizes.example", "a name holds no address of a page"),
        ("name", "Ana\u202eanA", "nobody can see"),
        ("agreed", "", "aria-invalid"),
        ("country", "XX", "aria-invalid"),
    ],
)
def test_what_cannot_stand_is_refused_where_it_was_typed_and_nothing_is_lost(office, field, value, said):
    given = {"address": ANA, "name": "Ana López", "words": "kept as typed", **{field: value}}
    answer = _ask(given.pop("address"), given.pop("name"), **given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said.casefold() in page.casefold()
    assert "kept as typed" in page
    assert office.post("/statements/joint/supporters", {"act": "letters"}).status_code == 400


def test_many_tries_of_one_machine_wait_and_log_in_stays_free(office):
    answers = [_ask(f"p{at}@people.example").status_code for at in range(24)]
    assert answers[:20] == [200] * 20
    assert 429 in answers
    wrong = [_client().get(f"/support/joint/{'a' * 20}").status_code for _ in range(3)]
    assert set(wrong) <= {400, 429}
    from django.test import Client

    same = Client(headers={"host": "localhost"}, REMOTE_ADDR="192.0.2.9")
    assert same.post("/log-in", {"username": "keeper", "password": OWN}).status_code == 302


def test_who_does_not_confirm_in_time_is_forgotten(office, hub):
    from corroborate_node.coalition.supporters import actions, models

    _ask(ANA)
    code = _letters(office)[ANA]
    at = datetime.now(UTC).replace(microsecond=0)
    late = at + supporters.WAITS + timedelta(minutes=1)
    with pytest.raises(InvalidValue, match="no longer"):
        actions.found(hub, "joint", code, late)
    assert actions.forget_unconfirmed(at) == 0
    assert actions.forget_unconfirmed(late) == 1
    assert models.Supporter.objects.count() == 0


PYTITION = """first_name,last_name,phone,email,subscribed_to_mailinglist,confirmed
Ana,López,,ana@people.example,False,True
Bo,Quiet,555,bo@people.example,False,False
=cmd|x,Evil,,evil@people.example,False,False
Geneva Watch,,,office@gw.example,False,True
No,Address,,,False,False
ana,lópez,,ANA@people.example,False,True
"""
KOREAN = """타임스탬프,이메일 주소,단체 이름,성명,국가,성명서에 서명하십니까?
2026. 8. 1,han@people.example,산명인권연대,한별솔,한국,네
"""


def _sheet(office, content: bytes, name: str) -> str:
    file = io.BytesIO(content)
    file.name = name
    form = {"act": "read", "read-sheet": file, "read-language": "ko"}
    answer = office.post("/statements/joint/supporters", form)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_sheet_of_a_petition_is_shown_row_by_row_taken_in_and_taken_back(office):
    where = _sheet(office, PYTITION.encode(), "petition.csv")
    page = office.get(where).content.decode()
    assert _number() == 0, "nothing counts before it is taken in"
    for said in ("is a member: it speaks by its own key", "no e-mail address", "of one body", "has not confirmed"):
        assert said in page
    assert office.post(where, {"act": "take"}).status_code == 302
    assert _number() == 1
    assert "Of these confirmed on another form 1" in re.sub(
        r"\s+", " ", re.sub("<[^>]+>", "", _client().get("/support/joint").content.decode())
    )
    codes = _letters(office)
    assert sorted(codes) == ["bo@people.example", "evil@people.example"]
    _client().post(f"/support/joint/{codes['bo@people.example']}", {"act": "confirm"})
    again = io.BytesIO(PYTITION.encode())
    again.name = "petition.csv"
    refused = office.post("/statements/joint/supporters", {"act": "read", "read-sheet": again, "read-language": "en"})
    assert "taken in already" in refused.content.decode()
    assert office.post(where, {"act": "undo"}).status_code == 302
    assert _number() == 1, "Bo has confirmed since, by an own word"


def test_letters_speak_the_language_that_was_chosen_and_korean_forms_are_read(office):
    where = _sheet(office, KOREAN.encode(), "form.csv")
    office.post(where, {"act": "take"})
    answer = office.post("/statements/joint/supporters", {"act": "letters"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        mail = email.message_from_bytes(archive.read("00001.eml"), policy=email.policy.default)
    assert "지지한다고" in mail.get_content()
    assert "산명인권연대" not in mail.get_content(), "no typed word goes out by a letter"
    assert "수용소" not in mail["Subject"]  # the title stays as it was signed


def test_who_was_erased_comes_back_by_no_sheet_but_by_its_own_word(office):
    _ask(ANA)
    code = _letters(office)[ANA]
    _client().post(f"/support/joint/{code}", {"act": "erase"})
    where = _sheet(office, PYTITION.encode(), "petition.csv")
    assert "was erased here, at its own wish" in office.get(where).content.decode()
    office.post(where, {"act": "take"})
    assert _number() == 0
    _ask(ANA)
    assert ANA in _letters(office)


def test_the_sheet_of_those_who_confirmed_holds_no_address_and_is_read_again_as_it_was(office):
    _ask(ANA, "=Ana López", words="@sum")
    _client().post(f"/support/joint/{_letters(office)[ANA]}", {"act": "confirm"})
    content = office.post("/statements/joint/supporters", {"act": "export"}).content
    assert b"people.example" not in content
    assert b"\n=" not in content
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert row["Your name"] == "'=Ana López"
    found = supporters.read_supporters(content, "back.csv", [])
    assert [(one.confirmed, one.refused) for one in found.rows] == [(True, "")]


def test_somebody_without_the_letter_is_erased_on_a_wish_from_the_address(office, hub):
    _ask(ANA)
    _client().post(f"/support/joint/{_letters(office)[ANA]}", {"act": "confirm"})
    answer = office.post("/statements/joint/supporters", {"act": "erase", "erase-address": "Ana@People.example"})
    assert supporters.read_receipt(answer.content, hub.signer.verifier())["statement"] == "joint"
    assert _number() == 0


def test_when_it_ends_nobody_new_is_asked_and_who_waits_can_still_confirm(office):
    _ask(ANA)
    code = _letters(office)[ANA]
    assert office.post("/statements/joint/supporters", {"act": "end"}).status_code == 302
    assert "no longer asked for" in _client().get("/support/joint").content.decode()
    assert _ask(BO).status_code == 400
    assert _client().post(f"/support/joint/{code}", {"act": "confirm"}).status_code == 302
    assert _number() == 1
