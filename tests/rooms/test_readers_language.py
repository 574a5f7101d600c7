"""What a reader of Spanish, Japanese or Korean sees: whole pages in their language, their numbers, their order; and a
form that is sent back as it stood changes nothing."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib import resources

import pytest

from corroborate.coalition import demands, requests
from corroborate.coalition.countries import countries_named
from corroborate.custody import Signer
from corroborate.estimation import estimate
from corroborate.translation import Sentence, in_language, number_in
from corroborate.values import JSON, OverlapTable
from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the node", "a passphrase for its people"
TONGUES = ("es", "ja", "ko")
SIGNER = Signer("Geneva-Watch", bytes([7]) * 32)
TABLE = "A,B,C,count\n1,0,0,120\n0,1,0,90\n0,0,1,70\n1,1,0,40\n1,0,1,30\n0,1,1,20\n1,1,1,15\n"


class Fields(HTMLParser):
    """What a browser would send of a form: a date field holds a day of ISO 8601 or nothing."""

    def __init__(self, act: str) -> None:
        super().__init__(convert_charrefs=True)
        self.act, self.sent, self.found, self._area, self._select = act, [], None, None, None

    def handle_starttag(self, tag, attrs):
        one = dict(attrs)
        if tag == "form":
            self.sent = []
        elif tag == "input" and one.get("name") and one.get("type") not in ("submit", "file"):
            value = one.get("value") or ""
            if one.get("type") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                value = ""
            if one.get("type") not in ("checkbox", "radio") or "checked" in one:
                self.sent.append((one["name"], value))
        elif tag == "textarea":
            self._area = (one["name"], "")
        elif tag == "select":
            self._select = one["name"]
        elif tag == "option" and "selected" in one:
            self.sent.append((self._select, one.get("value") or ""))
        elif tag == "button" and one.get("value") == self.act:
            self.found = [*self.sent, (one["name"], self.act)]

    def handle_data(self, data):
        if self._area:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.sent.append((self._area[0], self._area[1].removeprefix("\n")))
            self._area = None


def typed(page: str, act: str) -> dict[str, list[str]]:
    """The fields of the form whose button says ``act``, as they stand."""
    read = Fields(act)
    read.feed(page)
    assert read.found, f"no form with a button {act}"
    found: dict[str, list[str]] = {}
    for name, value in read.found:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture(scope="module")
def hub(tmp_path_factory, account):
    from django.test import Client

    folder = tmp_path_factory.mktemp("languages") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        account(vault, "office", OWN, "secretariat", "keeper")
        client = Client(headers={"host": "localhost"})
        assert client.login(username="office", password=OWN)
        yield vault, client


def page(client, address: str, language: str) -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


ACTION = {
    "kind": "vigil", "title": "촛불 모임", "members": "새봄인권기록회\n帰りを待つ会", "begins": "2026-10-20",
    "ends": "2026-11-02", "language": "ko", "country": "KR", "place": "서울", "text": "", "address": "",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", *TONGUES])
def test_a_change_form_sent_back_as_it_stands_changes_nothing(hub, language):
    from corroborate_node.coalition.advocacy import models

    _, client = hub
    made = client.post("/actions/new", ACTION)
    assert made.status_code == 302, made.content.decode()
    address = made["location"]
    before = models.Action.objects.values().get(id=address.rpartition("/")[2])
    sent = typed(page(client, f"{address}/change", language), "change")
    assert (sent["begins"], sent["ends"]) == (["2026-10-20"], ["2026-11-02"])
    assert client.post(f"{address}/change", sent).status_code == 302
    assert models.Action.objects.values().get(id=before["id"]) == before
    assert not models.ActionBefore.objects.filter(action_id=before["id"]).exists()


def test_no_mark_stands_apart_from_the_word_before_it(hub):
    _, client = hub
    client.post("/actions/new", ACTION)
    for language in ("en", *TONGUES):
        for address in ("/actions", "/journal", "/members", "/demands"):
            text = re.sub(r"<[^>]*>", "", page(client, address, language))
            assert re.findall(r"\w\s+[,:;、：](?=\s|\w)", text) == [], (language, address)


def test_an_abstention_from_an_earlier_text_is_no_signature(hub, recorded_key):
    vault, client = hub
    form = {"name": "Geneva Watch", "kind": "organisation", "country": "ch", "joined": "2011", "role": "member"}
    assert client.post("/members", form).status_code == 302
    recorded_key(vault, "Geneva-Watch", SIGNER, datetime.now(UTC).replace(microsecond=0))
    client.post("/statements", {"name": "open", "text_language": "en", "text": "Open the camps\n\nNow.\n"})
    client.post("/statements/open", {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"})
    asked = requests.Request.read(client.get("/statements/open/request").content)
    for at, (choice, many) in enumerate((("with us", "1"), ("abstains", "0"))):
        note = requests.answer(SIGNER, asked, choice, datetime.now(UTC) + timedelta(seconds=at))
        _handed_in(client, note)
        assert re.search(r'data-heading="Sign-ons">(\d+)<', page(client, "/statements", "en"))[1] == many
    sent = typed(page(client, "/statements/open", "en"), "draft")
    sent["text"] = ["Open the camps\n\nNow, and all of them.\n"]
    assert client.post("/statements/open", sent).status_code == 302
    shown = page(client, "/statements/open", "en")
    assert "answered another version" in shown
    assert "signed another version" not in shown
    assert "abstains, version 1" in page(client, "/members/Geneva-Watch", "en")
    assert "se abstiene, versión 1" in page(client, "/members/Geneva-Watch", "es")
    assert (
        "●" in re.search(r"<tr><td><a href=\"/members/Geneva-Watch\".*?</tr>", page(client, "/members", "en"), re.S)[0]
    )


def _handed_in(client, note: bytes) -> None:
    import io

    file = io.BytesIO(note)
    file.name = "answer.signed"
    assert client.post("/hand-in", {"answers": [file]}).status_code in (200, 302)


@pytest.mark.parametrize("language", TONGUES)
def test_a_demand_is_said_whole_in_the_readers_language(hub, language):
    _, client = hub
    for one in demands():
        shown = page(client, f"/demands/{one.id.removeprefix('demand.')}", language)
        english = [one.addressee, one.note, "Status of the demand", "compilers of this register",
                   *(each.what for each in one.evidence), *(each.by for each in one.access)]  # fmt: skip
        assert [said for said in english if said and (f">{said}<" in shown or f"{said} “" in shown)] == []
        assert one.words in shown.replace("&#x27;", "'").replace("&quot;", '"')  # the statement's own, in English


@pytest.mark.parametrize("language", TONGUES)
def test_an_estimate_is_said_whole_in_the_readers_language(hub, language):
    from corroborate_node.core.desk import owner
    from corroborate_node.records import actions as evidence

    vault, client = hub
    body: dict[str, JSON] = {**estimate_once(), "invented": True}
    evidence.keep(owner(vault, datetime.now(UTC).replace(microsecond=0)), "estimate", body, invented=True)
    shown = page(client, "/estimate", language)
    said = [body["tipping"], body["rule"], body["method"], *body["warnings"], *body["assumptions"], *body["changes"]]
    assert [one for one in said if str(one) in shown] == []
    for picture in ("estimate", "sensitivity"):
        drawn = page(client, f"/estimate/{picture}.svg", language)
        assert [one for one in ("documented", "at least", "headline", "odds ratio of", " to ") if one in drawn] == []
        assert number_in(f"{body['documented']:,}", language) in drawn


_ESTIMATED: list[dict[str, JSON]] = []


def estimate_once() -> dict[str, JSON]:
    if not _ESTIMATED:
        _ESTIMATED.append(estimate(OverlapTable.parse(TABLE)).as_json())
    return _ESTIMATED[0]


def test_numbers_are_written_as_the_language_writes_them():
    said = Sentence(
        "{many:,} rows, {share:.1%}, version {version} of {year}", many=12345, share=0.125, version=2, year=2026
    )
    assert str(said) == "12,345 rows, 12.5%, version 2 of 2026"
    assert in_language(said, "es") == "12.345 rows, 12,5%, version 2 of 2026"
    assert in_language(said, "ja") == str(said)
    assert [number_in("2,215.5", one) for one in ("en", "ko", "ja", "es")] == ["2,215.5"] * 3 + ["2.215,5"]


def test_countries_stand_where_a_reader_looks_for_them(hub):
    _, client = hub
    orders = {
        "es": ["Argentina", "Bélgica", "Bután", "España", "Estados Unidos", "Irán", "Irlanda", "México", "Mozambique"],
        "ja": [
            "アルゼンチン",
            "オーストラリア",
            "オランダ",
            "韓国",
            "北朝鮮",
            "スイス",
            "中国",
            "日本",
            "ブラジル",
            "ロシア",
        ],
        "ko": ["가나", "대한민국", "북한", "스위스", "일본", "중국", "프랑스"],
    }
    for language, order in orders.items():
        shown = page(client, "/actions/new", language)
        places = [shown.index(f">{name}<") for name in order]
        assert places == sorted(places), language
        assert len(countries_named(language)) == len({name for _, name in countries_named(language)})


def test_every_face_that_the_style_names_has_korean_and_japanese_letters():
    style = resources.files("corroborate_node.core").joinpath("static/style.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/|@font-face\s*\{[^}]*\}", "", style, flags=re.S))
    without = [
        where.strip()
        for where, said in rules
        for font in re.findall(r"(?<![-\w])font(?:-family)?:([^;]*)", said)
        if re.search("serif|system-ui", font) and "Corroborate KR" not in font and "svg" not in where
    ]
    assert without == []
