"""The campaign on a hub, through its pages: roles, a whole round, misuse, and what no account can do."""

import html
import io
import re
import typing
import zipfile
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from tests.pressing import press

from corroborate import coalition
from corroborate.coalition import decisions, lifecycle, memberships, packets, requests, statements
from corroborate.coalition.final import Final, verify_statement
from corroborate.coalition.targets import BODIES, VOTES
from corroborate.custody import Signer, Verifier
from corroborate.records import AUDIENCES, USES, Basis
from corroborate.records.consent import Right
from corroborate.records.sources import SourceKind
from corroborate.registers.proceedings import NOTHING_LATER
from corroborate.values import Digest
from corroborate_node import api
from corroborate_node.coalition.campaign import queries as campaign_queries
from corroborate_node.coalition.campaign.rounds.lines import SHOWN

PASSPHRASE = "a passphrase for the hub"
OWN = "a passphrase for its people"
NAMES = ("새봄인권기록회", "新潟の会", "Geneva Watch")
SIGNERS = {name: Signer(name.replace(" ", "-"), bytes([at]) * 32) for at, name in enumerate(NAMES, 1)}
LABELS = {name: name.replace(" ", "-") for name in NAMES}
TEXT = "Open the camps\n\nLet monitors in, tell the families and release all who are held.\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        yield vault


@pytest.fixture(scope="module")
def client(hub, recorded_key):
    """Clients by account, logged in; the register and the accounts are made through the pages."""
    from django.test import Client

    def entered(account: str, password: str = OWN) -> Client:
        one = Client(headers={"host": "localhost"})
        assert one.login(username=account, password=password)
        return one

    keeper = entered("keeper")
    for name in NAMES:
        answer = keeper.post("/members", {"name": name, "kind": "organisation", "country": "kr", "joined": "2011-12",
                                          "role": "member", "contact": "Street 1", "founding": "on"})  # fmt: skip
        assert answer.status_code == 302, answer.content.decode()
        recorded_key(hub, LABELS[name], SIGNERS[name], datetime.now(UTC).replace(microsecond=0))
    keeper.post("/members", {"name": "Mina Holm", "kind": "individual", "joined": "2012", "role": "supporter",
                             "affiliation": "Aid House", "capacity": "on behalf"})  # fmt: skip
    people = {"office": "secretariat", "office2": "secretariat", "saebom": "representative"}
    for account, role in people.items():
        member = LABELS[NAMES[0]] if role == "representative" else ""
        form = {"act": "add", "account": account, "role": role, "scope": member}
        made = keeper.post("/accounts", form).content.decode()
        one_time = re.search(r"<code>([a-z2-7-]{24})</code>", made)[1]
        first = entered(account, one_time)
        assert first.post("/choose-passphrase", {"new": OWN, "again": OWN}).status_code == 302
    _vouched_for("office2", "saebom")
    return {"keeper": keeper, **{account: entered(account) for account in people}}


def _vouched_for(*names: str) -> None:
    """By somebody whose account the owner made: the keeper, who made both of the office, could be each of them."""
    from corroborate_node.core import accounts, opened
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    at = datetime.now(UTC).replace(microsecond=0)
    accounts.add(owner(opened.current(), at), "vouching", [])

    def desk() -> Desk:
        return Desk(opened.current(), actor_of(accounts.known("vouching")), at)

    accounts.choose(desk(), OWN, lambda _: False)
    for name in names:
        accounts.vouch(desk(), name)


def start(client, name: str, text: str = TEXT, *, opened: bool = True) -> None:
    assert client["office"].post("/statements", {"name": name, "text_language": "en", "text": text}).status_code == 302
    if opened:
        form = {"act": "open", "deadline": "2099-01-01 12:00", "grouping": "country"}
        assert client["office"].post(f"/statements/{name}", form).status_code == 302


def close(client, name: str) -> None:
    """Before the deadline, as two people do it."""
    for account in ("office", "office2"):
        assert press(client[account], f"/statements/{name}", "close").status_code == 302


def test_a_deadline_is_typed_on_a_clock_that_is_named_and_shown_in_utc(client):
    start(client, "clocks", opened=False)
    form = {"act": "open", "deadline": "2099-01-01T21:00", "deadline_zone": "Asia/Pyongjang", "grouping": "country"}
    refused = client["office"].post("/statements/clocks", form)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "No time zone is called so" in page
    assert 'value="2099-01-01T21:00"' in page  # nothing typed is lost
    twice = {**form, "deadline": "2026-11-01T01:30", "deadline_zone": "America/New_York"}
    assert "comes twice" in client["office"].post("/statements/clocks", twice).content.decode()
    empty = {**form, "deadline": ""}
    assert client["office"].post("/statements/clocks", empty).status_code == 400
    kept = client["office"].post("/statements/clocks", {**form, "deadline_zone": "Asia/Seoul"})
    assert kept.status_code == 302
    assert "2099-01-01 12:00 UTC" in client["office"].get("/statements/clocks").content.decode()
    later = {"act": "extend", "deadline": "2099-01-02T21:00+09:00", "deadline_zone": "UTC"}  # as a program may
    assert client["office"].post("/statements/clocks", later).status_code == 302
    assert "2099-01-02 12:00 UTC" in client["office"].get("/statements/clocks").content.decode()


def answered(client, path: str, signer: Signer, choice: str, *, seconds: int = 0, reason: str = "") -> bytes:
    asked = requests.Request.read(client["office"].get(path).content)
    return requests.answer(signer, asked, choice, datetime.now(UTC) + timedelta(seconds=seconds), reason)


def hand_in(client, *notes: bytes, account: str = "saebom") -> str:
    files = [io.BytesIO(note) for note in notes]
    for at, file in enumerate(files):
        file.name = f"answer-{at}.signed"
    return client[account].post("/hand-in", {"answers": files}).content.decode()


def row(client, name: str, member: str) -> str:
    page = client["office"].get(f"/statements/{name}").content.decode()
    return next(part for part in re.findall(r"<tr.*?</tr>", page, re.S) if f">{member}</a>" in part)


def test_a_whole_round_from_draft_to_a_page_that_a_stranger_verifies(client):
    start(client, "round")
    assert all("has not spoken" in row(client, "round", name) for name in NAMES)
    notes = [answered(client, "/statements/round/request", SIGNERS[name], "with us") for name in NAMES[:2]]
    stale = answered(client, "/statements/round/request", SIGNERS[NAMES[2]], "with us")
    assert "taken in: <strong>2</strong>" in hand_in(client, *notes)
    assert "signed" in row(client, "round", NAMES[0])
    changed = TEXT.replace(" and release", ", and release")
    assert client["office"].post("/statements/round", {"act": "draft", "text": changed}).status_code == 302
    assert "no longer stands" in row(client, "round", NAMES[0])
    assert "version 1, which was changed since" in hand_in(client, stale)
    notes = [answered(client, "/statements/round/request", SIGNERS[NAMES[0]], "with us", seconds=5)]
    hand_in(client, *notes, *notes)
    assert "asked again" not in client["saebom"].get("/").content.decode().split("News")[0]
    difference = client["saebom"].get("/statements/round/compare").content.decode()
    assert '<ins><span class="word" lang="en">added: </span>,</ins>' in difference
    close(client, "round")
    assert client["office"].post("/statements/round", {"act": "publish"}).status_code == 302
    for form in ("html", "txt"):
        page = client["saebom"].get(f"/statements/round/final.{form}").content
        members = [one.verifier() for one in SIGNERS.values()]
        assert verify_statement(page, members).verdict == "incomplete", "who made the page, only its own key says"
        verdict = verify_statement(page, [*members, Verifier.parse(Final.from_block(page.decode()).publisher)])
        assert (verdict.verdict, verdict.checked["signed_by_key"]) == ("valid", 1)
        assert verdict.checked["publisher"] == "Secretariat"
    assert client["saebom"].get("/statements/round/final.pdf").content.startswith(b"%PDF")


def test_what_was_published_can_go_through_disclosure(client, hub):
    from datetime import date

    from corroborate.disclosure import Order, Records, Results, release

    start(client, "shown")
    hand_in(client, answered(client, "/statements/shown/request", SIGNERS[NAMES[0]], "with us"))
    close(client, "shown")
    assert client["office"].post("/statements/shown", {"act": "publish"}).status_code == 302
    on = date(2099, 1, 2)
    results = Results(members=campaign_queries.public_members(), rounds=campaign_queries.published(on))
    decided = release(Order("T", "C", "public", on), Records((), {}, (), {}), results)
    shown = next(one for one in decided.statements if one.name == "shown")
    assert {one.member: one.state for one in shown.sign_ons}[LABELS[NAMES[0]]] == "signed"
    assert "Street 1" not in str(decided.to_json())


def test_no_account_of_the_hub_can_speak_for_a_member_with_a_key(client, hub):
    start(client, "speak")
    form = {"act": "paper", "member": LABELS[NAMES[0]], "choice": "with us", "digits": "0" * 8,
            "signed": "2026-01-01"}  # fmt: skip
    scan = io.BytesIO(b"a scan")
    scan.name = "letter.png"
    answer = client["keeper"].post("/statements/speak", {**form, "scan": scan})
    assert (answer.status_code, "its key alone" in answer.content.decode()) == (400, True)
    asked = requests.Request.read(client["keeper"].get("/statements/speak/request").content)
    forged = requests.answer(Signer(LABELS[NAMES[0]], hub.signer.seed), asked, "with us", datetime.now(UTC))
    assert "no key of a member" in hand_in(client, forged, account="keeper")
    assert "has not spoken" in row(client, "speak", NAMES[0])
    seeds = [signer.seed for signer in SIGNERS.values()]
    for path in hub.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(seed in content for seed in seeds)
    from django.apps import apps

    for model in apps.get_app_config("campaign").get_models():
        names = {field.name for field in model._meta.fields}
        assert not names & {"seed", "private", "secret"}


def test_paper_needs_its_scan_and_two_people_and_stays_sealed(client, hub):
    start(client, "paper")

    def letter(**more: str) -> dict[str, object]:
        scan = io.BytesIO(b"needle of a scanned letter")
        scan.name = "letter.png"
        return {
            "act": "paper",
            "member": "Mina-Holm",
            "choice": "with us",
            "signed": f"{datetime.now(UTC):%Y-%m-%d}",
            "digits": Digest.of(TEXT.encode()).hex[:32],
            "scan": scan,
            **more,
        }

    assert client["saebom"].post("/statements/paper", letter()).status_code == 400
    assert "by default" in client["office"].post("/statements/paper", letter(choice="")).content.decode()
    assert client["office"].post("/statements/paper", letter()).status_code == 302
    assert "waits for a second person" in row(client, "paper", "Mina Holm")
    confirm = {"act": "confirm", "member": "Mina-Holm"}
    assert "another person" in client["office"].post("/statements/paper", confirm).content.decode()
    assert "open the scan first" in client["office2"].post("/statements/paper", confirm).content.decode()
    seen = re.search(r"/scans/([0-9a-f]{64})", client["office2"].get("/statements/paper").content.decode())[1]
    assert client["office2"].get(f"/scans/{seen}").status_code == 200
    assert client["office2"].post("/statements/paper", confirm).status_code == 302
    assert "(on paper)" in row(client, "paper", "Mina Holm")
    before = html.unescape(client["office"].get("/statements/paper/final.html").content.decode())
    assert "no final text before the statement is published" in before
    close(client, "paper")
    assert client["office"].post("/statements/paper", {"act": "publish"}).status_code == 302
    page = client["office"].get("/statements/paper/final.html").content.decode()
    assert "Mina Holm, Aid House, in a personal capacity" in page
    digest = re.search(r"/scans/([0-9a-f]{64})", client["office"].get("/statements/paper").content.decode())
    assert digest is None  # once confirmed, the page no longer offers it
    for path in hub.folder.rglob("*"):
        if path.is_file():
            assert b"needle of a scanned letter" not in path.read_bytes()


def test_a_member_who_left_signs_nothing_new_and_keeps_what_it_signed(client):
    start(client, "before")
    hand_in(client, answered(client, "/statements/before/request", SIGNERS["新潟の会"], "with us"))
    today = datetime.now(UTC).date().isoformat()
    path = f"/members/{LABELS['新潟の会']}"
    assert client["office"].post(path, {"act": "leave", "on": today}).status_code == 302
    assert client["office2"].post(path, {"act": "leave", "on": today}).status_code == 302
    start(client, "after")
    note = answered(client, "/statements/after/request", SIGNERS["新潟の会"], "with us")
    assert "left on" in hand_in(client, note)
    assert "signed" in row(client, "before", "新潟の会")
    assert "新潟の会" not in re.sub(
        r"<header.*?</header>", "", client["office"].get("/statements/after").content.decode()
    )
    stance = answered(client, "/stance-request?on=statement&subject=after", SIGNERS["新潟の会"], "with us")
    assert "left on" in hand_in(client, stance)
    client["office"].post(path, {"act": "return"})


def test_a_decision_by_keys_and_its_minutes(client):
    form = {"name": "budget", "title": "Share the costs", "text": "Each pays a tenth.", "rule": "consensus",
            "objections": "0", "quorum": "2", "closes": "2099-01-01 12:00"}  # fmt: skip
    assert client["office"].post("/decisions", form).status_code == 302
    support = answered(client, "/decisions/budget/request", SIGNERS[NAMES[0]], "support")
    against = answered(client, "/decisions/budget/request", SIGNERS[NAMES[2]], "object", reason="Too much for us")
    assert "taken in: <strong>2</strong>" in hand_in(client, support, against)
    heard = {"member": LABELS[NAMES[1]], "position": "support", "reason": ""}
    assert "its key alone" in client["office"].post("/decisions/budget", heard).content.decode()
    minutes = client["saebom"].get("/decisions/budget/txt").content.decode()
    assert "- Geneva Watch: object: Too much for us" in minutes
    assert "Result: open" in minutes
    assert "<strong>Result: open.</strong>" in client["saebom"].get("/decisions/budget/html").content.decode()


def test_quotes_and_translations_are_approved_by_key_to_the_word(client):
    start(client, "words")
    form = {"act": "translate", "language": "ko", "translator": "이옮김", "text": "수용소를 열라\n\n감시를 허용하라."}
    assert client["office"].post("/statements/words", form).status_code == 302
    quote = {"act": "quote", "member": LABELS[NAMES[0]], "spokesperson": "홍 대변인", "words": "우리는 기다린다."}
    assert client["office"].post("/statements/words", quote).status_code == 302
    page = client["office"].get("/statements/words").content.decode()
    assert "unofficial: no member has approved it" in page
    assert "not approved; not shown" in page
    digest = re.search(r"/quote\?digest=([0-9a-f]{64})", page)[1]
    paths = ("/statements/words/translation?language=ko", f"/statements/words/quote?digest={digest}")
    stranger = answered(client, paths[1], SIGNERS[NAMES[2]], "approves")
    assert "cannot approve" in hand_in(client, stranger)
    notes = [answered(client, path, SIGNERS[NAMES[0]], "approves") for path in paths]
    notes.append(answered(client, "/statements/words/request", SIGNERS[NAMES[0]], "with us"))
    assert "taken in: <strong>3</strong>" in hand_in(client, *notes)
    close(client, "words")
    assert client["office"].post("/statements/words", {"act": "publish"}).status_code == 302
    korean = client["office"].get("/statements/words/final.html?language=ko").content
    assert "이 번역을 그대로 승인한 회원: 새봄인권기록회" in korean.decode()
    assert "우리는 기다린다." in korean.decode()
    assert verify_statement(korean).verdict == "valid"
    own = client["saebom"].get(f"/members/{LABELS[NAMES[0]]}").content.decode()
    for what in ("with us, version 1", "홍 대변인: “우리는 기다린다.”", "approves the translation into ko"):
        assert what in own


def test_everything_under_a_name_is_on_its_page_and_silence_is_nothing(client):
    answer = answered(client, "/stance-request?on=campaign&subject=abductions", SIGNERS[NAMES[2]], "apart")
    assert "taken in: <strong>1</strong>" in hand_in(client, answer)
    page = client["saebom"].get(f"/members/{LABELS[NAMES[2]]}").content.decode()
    assert "abductions" in page
    assert "apart" in page


def test_signatories_are_named_by_key_or_by_a_letter_that_two_people_saw(client):
    path = f"/members/{LABELS[NAMES[2]]}"
    note = answered(client, "/signatory-request?person=Mina+Holm&person_role=Director", SIGNERS[NAMES[2]], "names")
    assert "taken in: <strong>1</strong>" in hand_in(client, note)
    assert "by the organisation&#x27;s key" in client["office"].get(path).content.decode()

    def letter(second: str, passphrase: str = OWN) -> int:
        scan = io.BytesIO(b"needle of a letter of authority")
        scan.name = "letter.png"
        form = {"act": "letter", "person": "Tom Lind", "person_role": "Chair", "since": "2026-01-01", "scan": scan,
                "second": second, "second_passphrase": passphrase}  # fmt: skip
        return client["office"].post(path, form).status_code

    assert letter("office") == letter("saebom") == letter("office2", "a wrong passphrase") == 400
    assert "Tom Lind" not in client["office"].get(path).content.decode()
    assert letter("office2") == 302
    assert "Tom Lind" in client["office"].get(path).content.decode()


@pytest.mark.parametrize("path", ["/accounts", "/statements/round/letters"])
def test_a_representative_gets_none_of_the_office_s_pages(client, path):
    start(client, "round") if client["office"].get("/statements/round").status_code == 404 else None
    assert client["saebom"].get(path).status_code in (400, 403)


def test_a_representative_sees_no_other_member_s_office_address_and_changes_nothing(client):
    assert "Street 1" in client["saebom"].get(f"/members/{LABELS[NAMES[0]]}").content.decode()
    assert "Street 1" not in client["saebom"].get(f"/members/{LABELS[NAMES[2]]}").content.decode()
    before = client["office"].get("/members").content.decode().count("<tr>")
    answer = client["saebom"].post("/members", {"name": "Another", "joined": "2012", "role": "member"})
    assert answer.status_code == 400
    assert client["office"].get("/members").content.decode().count("<tr>") == before


def test_markup_in_names_texts_and_comments_is_shown_as_text(client):
    script = "<script>alert(1)</script>"
    client["office"].post("/members", {"name": f"Evil {script}", "joined": "2012", "role": "member"})
    start(client, "markup", f"{script}\n\n<img src=x onerror=alert(1)>\n")
    client["saebom"].post("/statements/markup", {"act": "comment", "version": "1", "comment": script})
    for path in ("/members", "/statements", "/statements/markup", "/"):
        page = client["office"].get(path).content.decode()
        assert "<script>" not in page
        assert "<img" not in page
    assert "&lt;script&gt;" in client["office"].get("/statements/markup").content.decode()


def test_look_alike_names_and_an_employer_without_authority_wait_for_a_person(client):
    client["office"].post("/members", {"name": "Genevа Watch", "joined": "2020", "role": "member"})
    page = client["office"].get("/members").content.decode()
    assert "looks like “Geneva Watch”" in page
    assert "which has not confirmed it" in page
    today = client["office"].get("/").content.decode()
    assert "To confirm in the register" in today


def test_a_text_of_two_megabytes_is_refused_with_its_limit_and_what_was_typed_is_kept(client):
    long = "a" * (300 << 10)
    answer = client["office"].post("/statements", {"name": "long", "text_language": "en", "text": long})
    assert (answer.status_code, "262,144" in answer.content.decode()) == (400, True)
    assert long in answer.content.decode()
    answer = client["office"].post("/statements", {"name": "long", "text_language": "en", "text": "a" * (2 << 20)})
    assert (answer.status_code, "262,144" in answer.content.decode()) == (400, True)
    assert client["office"].get("/statements/long").status_code == 404


def test_a_delivery_of_many_goes_in_at_once_and_a_bomb_is_refused(client):
    start(client, "many")
    note = answered(client, "/statements/many/request", SIGNERS[NAMES[0]], "with us")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(300):
            archive.writestr(f"{at}.signed", note)
    bomb = io.BytesIO(packed.getvalue())
    with zipfile.ZipFile(bomb, "a") as archive:
        archive.writestr("big.signed", b"0" * (64 << 20), zipfile.ZIP_DEFLATED)
    assert "looks made to fill a disk" in hand_in(client, bomb.getvalue())  # of such a file nothing is read
    assert "signed" not in row(client, "many", NAMES[0])
    page = hand_in(client, packed.getvalue())
    assert "taken in: <strong>300</strong>; refused: <strong>0</strong>" in page
    assert "signed" in row(client, "many", NAMES[0])


def test_members_read_from_a_statement_are_taken_in_only_once_confirmed(client):
    file = io.BytesIO(b"Signatories:\n- Fjord Aid (Norway)\n- Not a member\n")
    file.name = "statement.txt"
    page = client["office"].post("/members-read", {"statement": file}).content.decode()
    assert "Fjord Aid" in page
    assert "Fjord Aid" not in client["office"].get("/members").content.decode()
    form = {"confirmed": "yes", "take": ["0"], "name-0": "Fjord Aid", "kind-0": "organisation", "country-0": "NO",
            "joined": "2026"}  # fmt: skip
    assert client["office"].post("/members-read", form).status_code == 302
    listed = client["office"].get("/members?page=1").content.decode()
    assert "Fjord Aid" in listed
    assert "Not a member" not in listed


LETTER = """Joint letter to the delegation, Geneva, 3 March 2011

We welcome the report, and ask three things of the Council:
- Access for monitors
- An inquiry
- An end to impunity

We remain,

Harbour Rights Watch (Norway)
새벽 인권 모임
Mesa por la Memoria (Argentina)

Annex: how to reach us
office, third floor
"""


def test_where_the_names_stand_is_said_by_clicking_a_line(client):
    file = io.BytesIO(LETTER.encode())
    file.name = "letter.txt"
    page = client["office"].post("/members-read", {"statement": file}).content.decode()
    assert "Harbour Rights Watch (Norway)" in page  # a line to click on, whatever was taken for the list
    hidden = {name: html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in ("range", "text")}
    lines = hidden["text"].split("\n")
    first, last = (lines.index(one) + 1 for one in ("Harbour Rights Watch (Norway)", "Mesa por la Memoria (Argentina)"))
    sent = {**hidden, "text": hidden["text"].replace("\n", "\r\n")}  # as browsers send it
    for chosen in ({"first": ["", str(first)], "last": ""}, {"first": str(first), "last": ["", str(last)]}):
        page = client["office"].post("/members-read", sent | chosen).content.decode()
    names = re.findall(r'name="name-\d+" value="([^"]*)"', page)
    assert names == ["Harbour Rights Watch", "새벽 인권 모임", "Mesa por la Memoria"]
    assert f"{first}–{last}" in page
    assert "Access for monitors" not in "".join(names)
    refused = client["office"].post("/members-read", sent | {"first": "9999", "last": ""})
    assert "no line with letters stands" in html.unescape(refused.content.decode())
    assert "새벽 인권 모임" in refused.content.decode()  # the lines stay, to choose again


def mailing_outcomes():
    from corroborate_node.coalition.campaign.mailing import Outcome

    return Outcome


def test_every_word_of_the_pages_is_used_and_every_used_word_is_there():
    from corroborate.translation import english
    from corroborate_node.core import forms as spoken
    from corroborate_node.core.access.forms import LogInForm
    from corroborate_node.core.filters import CODED, TOLD
    from corroborate_node.core.rooms import rooms as entered
    from corroborate_node.people.views import KNOWN
    from corroborate_node.rooms import enter_all

    frame = english("corroborate_node", "core")
    rooms = ("core", "log", "release", "people", "inquiry", "coalition", "estimates")
    files = [
        file
        for room in rooms
        for file in Path(str(resources.files(f"corroborate_node.{room}"))).joinpath("templates").rglob("*.html")
    ]
    used = {found for file in files for found in re.findall(r"frame\.(\w+)", file.read_text("utf-8"))}
    used |= {*spoken._ERRORS.values(), *(f"group_{number}" for number in range(1, 7))}
    used |= {"how", "yes", "no", "known_all", "name", "time_zone", NOTHING_LATER}
    used |= set(LogInForm.called.values())
    kinds = [("kind", typing.get_args(SourceKind)), ("how", typing.get_args(Basis)), ("use", USES)]
    kinds += [("audience", AUDIENCES), ("value", CODED), ("known", KNOWN), ("right", typing.get_args(Right))]
    enter_all()
    used |= {link.word for room in entered() for link in room.links}
    used |= {f"{kind}_{one}".replace(" ", "_") for kind, some in kinds for one in some} | {"withdrawn_value"}
    used |= {f"told_{field}".replace(" ", "_") for field in TOLD}
    assert used - {"language", "html"} == set(frame)
    work = english("corroborate_node", "coalition.advocacy")
    folder = resources.files("corroborate_node.coalition.advocacy").joinpath("templates", "advocacy")
    used = {found for file in folder.iterdir() for found in re.findall(r"words\.(\w+)", file.read_text("utf-8"))}
    used |= {*coalition.STATUSES, *coalition.ANSWERS, *coalition.KINDS, *VOTES, *(f"body_{one}" for one in BODIES)}
    assert used - {"language"} - set(english("corroborate", "site")) - set(work) == set()
    words = english("corroborate_node", "coalition.campaign")
    folder = resources.files("corroborate_node.coalition.campaign").joinpath("templates", "campaign")
    used = {found for file in folder.iterdir() for found in re.findall(r"words\.(\w+)", file.read_text("utf-8"))}
    assert used - set(words) == set()
    events = {one.__name__ for one in typing.get_args(memberships.Event)} | {"Declaration"}
    keys = [f"happened_{one}" for one in events]
    keys += [f"phase_{one}" for one in typing.get_args(lifecycle.Phase)]
    keys += [f"state_{one}" for one in typing.get_args(statements.State)]
    keys += [f"outcome_{one}".replace(" ", "_") for one in typing.get_args(decisions.Outcome)]
    keys += [f"notice_{one}".replace(" ", "_") for one in typing.get_args(lifecycle.Notice) if one != "reminder"]
    keys += [choice.replace(" ", "_") for choices in requests._CHOICES.values() for choice in choices]
    keys += [f"mailed_{one}".replace(" ", "_") for one in typing.get_args(mailing_outcomes())]
    assert set(keys) - set(words) == set()
    for kind in ("country", "kind", "joined", "alphabet"):
        assert f"by_{kind}" in words


def test_pages_speak_the_reader_s_language(client):
    client["office"].post("/language", {"language": "ko", "back": "/statements"})
    page = client["office"].get("/statements").content.decode()
    assert '<html lang="ko" dir="ltr">' in page
    assert "<h1>성명</h1>" in page
    for path in ("/statements", "/findings", "/log", "/witnesses", "/verify"):
        page = client["office"].get(path).content.decode()
        assert '<html lang="ko" dir="ltr">' in page
        assert '<nav id="menu" class="menu" lang="ko" aria-label="페이지">' in page
        assert '<li><a href="/demands">요구</a></li>' in page
        assert ">Members<" not in page.partition("</header>")[0]
    for elsewhere in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        assert client["office"].post("/language", {"language": "en", "back": elsewhere}).headers["Location"] == "/"


def test_the_page_of_a_round_says_who_was_asked_opened_answered_and_what_is_missing(client):
    start(client, "whole")
    translated = {"act": "translate", "language": "ko", "translator": "T", "text": "수용소를 열라\n"}
    assert client["office"].post("/statements/whole", translated).status_code == 302
    assert client["saebom"].get("/statements/whole/round").status_code == 403
    client["saebom"].get("/statements/whole")
    page = client["office"].get("/statements/whole/round").content.decode()
    line = next(part for part in re.findall(r"<tr>.*?</tr>", page, re.S) if NAMES[0] in part)
    assert re.search(r'data-heading="Opened"><time', line)
    assert "its answer" in line
    packet = packets.Packet.read(client["saebom"].get("/statements/whole/request").content)
    file = packets.write_answers(packets.answers(SIGNERS[NAMES[0]], packet, "with us", [0], datetime.now(UTC), "But."))
    assert "taken in: <strong>2</strong>; refused: <strong>0</strong>" in hand_in(client, file)
    page = client["office"].get("/statements/whole/round").content.decode()
    line = next(part for part in re.findall(r"<tr>.*?</tr>", page, re.S) if NAMES[0] in part)
    assert "signed" in line
    assert ">But.</q>" in line
    assert "● approved" in line
    assert "its answer" not in line
    shown = {show: client["office"].get(f"/statements/whole/round?show={show}").content.decode() for show in SHOWN}
    listed = {show: sum(f">{name}</a>" in page for name in NAMES) for show, page in shown.items()}
    assert (listed["all"], listed["missing"], listed["signed"], listed["words"]) == (3, 2, 1, 1)
    assert client["office"].get("/statements/whole/round?show=nonsense&country=ZZ").status_code == 200


def test_the_zip_holds_for_each_member_what_it_needs_to_act(client):
    start(client, "carried")
    answer = client["office"].post("/statements/carried/letters-file", {"act": "missing"})
    sent = zipfile.ZipFile(io.BytesIO(answer.content))
    names = sent.namelist()
    assert f"{LABELS[NAMES[0]]}/carried.1.request" in names
    assert "Mina-Holm/carried.1.pdf" in names
    assert "Mina-Holm/carried.1.request" not in names  # it has no key: a request would lead it nowhere
    assert sent.read(f"{LABELS[NAMES[2]]}/carried.1.txt") == TEXT.encode()
    assert client["saebom"].post("/statements/carried/letters-file", {"act": "missing"}).status_code == 403
    assert "taken along as a file" in client["office"].get("/statements/carried/round").content.decode()
    sheet = client["office"].get("/statements/carried/sheets/Mina-Holm")
    assert sheet.content.startswith(b"%PDF")
    assert client["saebom"].get("/statements/carried/sheets/Mina-Holm").status_code == 404


def delivered(client, account: str, note: bytes) -> str:
    """The address of what a delivery did."""
    hand_in(client, note, account=account)
    return re.search(r"/hand-in/[0-9a-f]{16}", client[account].get("/hand-in").content.decode())[0]


def test_a_delivery_is_undone_by_who_handed_it_in_and_only_into_silence(client):
    start(client, "undone")
    note = answered(client, "/statements/undone/request", SIGNERS[NAMES[0]], "with us")
    first = delivered(client, "saebom", note)
    again = delivered(client, "office", note)
    refused = client["office"].post(again, {"act": "undo"}).content.decode()
    assert "nothing of this delivery can be taken back" in refused  # it changed nothing: another had handed it in
    assert "who handed this in" in client["office"].post(first, {"act": "undo"}).content.decode()
    assert "signed" in row(client, "undone", NAMES[0])
    assert "taken back" in client["saebom"].post(first, {"act": "undo"}).content.decode()
    assert "has not spoken" in row(client, "undone", NAMES[0])
    assert "was taken back by whoever handed it in" in client["saebom"].get("/").content.decode()
    assert "taken back already" in client["saebom"].post(first, {"act": "undo"}).content.decode()
    assert "taken in: <strong>1</strong>" in hand_in(client, note)  # it is handed in anew
    withdrawal = answered(client, "/statements/undone/request", SIGNERS[NAMES[0]], "withdraws", seconds=5)
    last = delivered(client, "saebom", withdrawal)
    assert "what it no longer says" in client["saebom"].post(last, {"act": "undo"}).content.decode()
    assert "withdrew" in row(client, "undone", NAMES[0])
    assert client["saebom"].get(again).status_code == 404  # of another


def test_a_file_that_says_it_holds_answers_and_does_not_is_refused_by_name(client):
    start(client, "broken")
    for content in (b'{"format": "corroborate answers v1", "notes": []}', b'{"format": "corroborate answers v1"'):
        page = hand_in(client, content)
        assert "this file is no signed answer" in page


def suggestions_on(client, name: str, account: str = "office") -> str:
    page = client[account].get(f"/statements/{name}").content.decode()
    return page.split('id="suggestions"')[1].split("<h2>")[0]


def test_a_suggestion_changes_nothing_until_the_secretariat_takes_it(client):
    start(client, "drafted", opened=False)
    other = {
        "act": "suggest",
        "version": "1",
        "passage": "tell the families",
        "words": "tell all families",
        "why": "All.",
    }
    assert client["saebom"].post("/statements/drafted", other).status_code == 302
    shown = suggestions_on(client, "drafted")
    who = f'saebom (acts for <span lang="ko">{NAMES[0]}</span>)'
    assert who in " ".join(shown.split())  # the account's name, and for whom it acts
    assert '<del><span class="word" lang="en">removed:' in shown
    assert "version 1" in client["office"].get("/statements/drafted").content.decode()
    number = re.search(r'name="suggestion" value="([^"]+)"', shown)[1]
    for act in ("take", "decline"):  # a member takes no suggestion, its own neither
        answer = client["saebom"].post("/statements/drafted", {"act": act, "suggestion": number})
        assert answer.status_code == 400
    assert (
        "alone withdraws it"
        in client["office"].post("/statements/drafted", {"act": "withdraw", "suggestion": number}).content.decode()
    )
    assert client["office"].post("/statements/drafted", {"act": "take", "suggestion": number}).status_code == 302
    page = client["office"].get("/statements/drafted").content.decode()
    assert "tell all families" in page.split('class="statement exact"')[1].split("</div>")[0]
    assert "taken: office" in suggestions_on(client, "drafted")
    assert "was decided by office" in client["saebom"].get("/").content.decode()
    assert (
        "decided already"
        in client["office"].post("/statements/drafted", {"act": "decline", "suggestion": number}).content.decode()
    )


def test_a_suggestion_names_a_passage_that_stands_once_in_the_text_of_now(client):
    start(client, "passages", opened=False)
    for passage, words, why in (("no such words", "x", "does not stand"), ("e", "x", "stands in the text"),
                                ("Open the camps", "Open the camps", "other words for it"),
                                ("Open", "Op\u202een", "let a reader see other words")):  # fmt: skip
        form = {"act": "suggest", "version": "1", "passage": passage, "words": words}
        page = client["saebom"].post("/statements/passages", form)
        assert page.status_code == 400, passage
        assert why in html.unescape(page.content.decode()) or passage == "Open", passage
    form = {"act": "suggest", "version": "1", "passage": "Let monitors in", "words": "Let them in"}
    assert client["saebom"].post("/statements/passages", form).status_code == 302
    changed = {"act": "draft", "text": TEXT.replace("Let monitors in", "Let observers in")}
    client["office"].post("/statements/passages", changed)
    assert "no longer stands in it once" in suggestions_on(client, "passages")
    stale = {**form, "passage": "tell the families", "words": "tell them"}
    assert "look at it, and suggest anew" in client["saebom"].post("/statements/passages", stale).content.decode()


def test_a_suggestion_that_is_taken_in_an_open_round_lets_every_name_fall(client):
    start(client, "fallen")
    hand_in(client, answered(client, "/statements/fallen/request", SIGNERS[NAMES[0]], "with us"))
    form = {"act": "suggest", "version": "1", "passage": "Let monitors in", "words": "Let them in"}
    client["saebom"].post("/statements/fallen", form)
    assert "signed" in row(client, "fallen", NAMES[0])
    number = re.search(r'name="suggestion" value="([^"]+)"', suggestions_on(client, "fallen"))[1]
    client["office"].post("/statements/fallen", {"act": "take", "suggestion": number})
    assert "no longer stands" in row(client, "fallen", NAMES[0])


def test_a_translation_stands_beside_its_original_with_what_changed_since(client):
    start(client, "besides", opened=False)
    client["office"].post(
        "/statements/besides", {"act": "translate", "language": "ko", "translator": "T", "text": "수용소\n"}
    )
    client["office"].post("/statements/besides", {"act": "draft", "text": TEXT.replace("the families", "all families")})
    page = client["saebom"].get("/statements/besides/beside?language=ko").content.decode()
    assert "of an earlier version" in page
    assert '<ins><span class="word" lang="en">added: </span>all</ins>' in page
    assert "수용소" in page
    assert client["saebom"].get("/statements/besides/beside?language=xx").status_code == 404


def test_who_spoke_is_written_as_forms_write_it_and_read_back_as_they_are_read(client):
    import csv

    from corroborate.coalition.sign_ons import is_sign_on_sheet, read_sign_ons

    start(client, "sheet")
    hand_in(client, answered(client, "/statements/sheet/request", SIGNERS[NAMES[0]], "with us", reason="=1+1"))
    hand_in(client, answered(client, "/statements/sheet/request", SIGNERS[NAMES[2]], "abstains"))
    assert client["saebom"].get("/statements/sheet/sign-ons.csv").status_code == 403
    content = client["office"].get("/statements/sheet/sign-ons.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert rows[0]["Comment"] == "'=1+1"
    assert "Street 1" not in content
    assert is_sign_on_sheet(list(rows[0]))
    found = read_sign_ons(list(rows[0]), enumerate(rows, 2))
    assert [(one.name, one.country) for one in found.members] == [(NAMES[0], "KR")]
    assert any(NAMES[2] in notice for notice in found.notices)
