"""A grant from its making to its end: by commands of the member, by pages of the reader, to the last byte."""

import csv
import io
import json
import zipfile

import pytest
from tests.access import world
from tests.access.world import BODY, MAY, MAY_NOT, PURPOSE, READER, WITNESS, by, ran, refused, tried
from tests.promises.test_p06_no_trace_of_a_witness_s_name import _held
from tests.releasing import FIRST, SECOND

from corroborate_node import api


@pytest.fixture
def vault(tmp_path):
    return world.made(tmp_path)


@pytest.fixture
def opened(vault):
    with api.open_vault(vault, world.PASSPHRASE) as found:
        yield found


def pages(client) -> dict[str, str]:
    """Every page that a reader is led to, from the first on."""
    import re

    found, wait = dict[str, str](), ["/access"]
    while wait:
        address = wait.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = found[address] = answer.content.decode()
        led = {one.replace("&amp;", "&") for one in re.findall(r'(?:href|src)="(/access[^"#]*)', text)}
        wait += [one for one in led if one not in found and one not in wait and "item=" not in one]
    return found


def test_the_story_by_commands(tmp_path, vault):
    asked = (
        "--reader",
        READER,
        "--body",
        BODY,
        "--purpose",
        PURPOSE,
        "--until",
        world.until(),
        "--with-names",
        "--vault",
        vault,
    )
    preview = ran("access", "grant", *asked, "--download", "--yes", *by(tmp_path, FIRST))
    assert all(name in preview for name in MAY)
    assert not any(name in preview for name in MAY_NOT)
    listed = json.loads(ran("access", "list", "--json", "--vault", vault))
    assert [(one["reader"], one["body"], one["state"]) for one in listed] == [(READER, BODY, "waits")]
    assert "nobody has confirmed it yet" in refused("access", "link", 1, "--vault", vault)
    assert "second to themselves" in refused("access", "confirm", 1, "--vault", vault, *by(tmp_path, FIRST))
    assert "this is for" in refused("access", "confirm", 1, "--vault", vault)
    ran("access", "confirm", 1, "--vault", vault, *by(tmp_path, SECOND))
    handed = json.loads(ran("access", "link", 1, "--address", "https://vault.example.org/", "--json", "--vault", vault))
    assert handed["link"].startswith("https://vault.example.org/access/open/")
    with api.open_vault(vault, world.PASSPHRASE):
        client = world.browser_of()
        address = handed["link"].removeprefix("https://vault.example.org")
        assert client.post(address, {"word": handed["word"].replace("-", " ").upper()}).status_code == 302
        shown = pages(client)
        assert client.post("/access/questions", {"text": "Where was this?"}).status_code == 302
    assert {"/access/people", "/access/records", "/access/registers/torture", "/access/questions"} <= set(shown)
    seen = json.loads(ran("access", "seen", 1, "--json", "--vault", vault))
    assert [one["what"] for one in seen][-1] == "grant.enter"
    assert {"access", "access-people", "access-records", "access-register", "grant.ask"} <= {
        one["what"] for one in seen
    }
    people = next(one for one in seen if one["what"] == "access-people")
    assert sum(one.startswith("person_") for one in people["records"]) == len(MAY)
    question = json.loads(ran("access", "show", 1, "--json", "--vault", vault))["questions"][0]
    assert question["text"] == "Where was this?"
    ran("access", "answer", question["question"], "--text", "In the north.", "--vault", vault, *by(tmp_path, SECOND))
    with api.open_vault(vault, world.PASSPHRASE):
        assert "In the north." in client.get("/access/questions").content.decode()
    ran("access", "revoke", 1, "--vault", vault)
    with api.open_vault(vault, world.PASSPHRASE):
        assert client.get("/access").status_code == 403
    assert json.loads(ran("access", "show", 1, "--json", "--vault", vault))["state"] == "revoked"
    assert "revoked already" in refused("access", "revoke", 1, "--vault", vault)


def test_the_reader_sees_whom_consent_lets_that_body_see_and_nobody_else(opened):
    client = world.come_in(opened, world.granted(opened))
    text = "".join(pages(client).values())
    assert all(name in text for name in MAY)
    assert not any(name in text for name in MAY_NOT)


def test_a_register_says_what_was_done_in_the_readers_language(opened):
    """Its cells are those of files, which are in English."""
    client = world.come_in(opened, world.granted(opened))
    for language, done in (("ko", "고문"), ("ja", "拷問"), ("es", "Tortura"), ("en", "Torture")):
        page = client.get("/access/registers/torture", headers={"accept-language": language}).content.decode()
        assert f'<span lang="{language}">{done}</span>' in page
        findings = client.get("/access/findings", headers={"accept-language": language}).content.decode()
        assert ("draft" in findings) == (language == "en")


def test_without_identities_no_name_is_on_any_page_and_no_second_person_is_asked(opened):
    from corroborate_node.grants.models import Grant

    number = world.granted(opened, names=False)
    assert Grant.objects.get(number=number).needs_second is False
    shown = pages(world.come_in(opened, number))
    assert not any(name in text for name in (*MAY, *MAY_NOT, WITNESS) for text in shown.values())
    assert "/access/people" not in shown


def test_no_page_names_a_record_by_its_id_which_would_say_when_it_was_made(opened):
    text = "".join(pages(world.come_in(opened, world.granted(opened))).values())
    assert "claim_" not in text
    assert "person_" not in text


def test_every_page_carries_reader_number_and_time(opened):
    shown = pages(world.come_in(opened, world.granted(opened)))
    for address, text in shown.items():
        assert f"{READER}, {BODY} · grant 1 · 20" in text, address
        assert "UTC" in text, address


def test_every_page_that_was_seen_is_shown_to_the_member(opened):
    from corroborate_node.core.models import Line

    client = world.come_in(opened, world.granted(opened))
    shown = pages(client)
    lines = Line.objects.filter(actor="investigator", kind="view")
    assert lines.count() == len(shown) - 1  # the mark is drawn on each, and is none
    member = world.as_member()
    text = member.get("/grants/1").content.decode()
    assert "people who are named" in text
    assert READER in text


def test_what_is_taken_along_is_marked_and_is_checked_offline(opened, tmp_path):
    client = world.come_in(opened, world.granted(opened))
    packed = client.post("/access/take", {"form": "package"})
    assert packed["Content-Type"] == "application/zip"
    (tmp_path / "taken.zip").write_bytes(packed.content)
    verdict = tried("verify", tmp_path / "taken.zip", "--json")
    assert json.loads(verdict.stdout)["verdict"] in ("valid", "incomplete"), verdict.output
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        told = b"".join(archive.read(one) for one in archive.namelist())
    assert f"{READER}, {BODY} · grant 1".encode() in told or f"{READER}, {BODY} \\u00b7 grant 1".encode() in told
    assert not any(name.encode() in told for name in MAY_NOT)
    paper = client.post("/access/take", {"form": "dossier"})
    assert paper["Content-Type"] == "application/pdf"
    import pypdfium2

    document = pypdfium2.PdfDocument(paper.content)
    for at in range(len(document)):
        assert f"{READER}, {BODY} · grant 1" in document[at].get_textpage().get_text_range(), at


def test_a_changed_byte_of_what_was_taken_along_is_found(opened, tmp_path):
    client = world.come_in(opened, world.granted(opened))
    content = client.post("/access/take", {"form": "package"}).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(tmp_path / "x.zip", "w") as changed:
        for name in archive.namelist():
            told = archive.read(name)
            changed.writestr(name, told.replace(MAY[0].encode(), MAY[1].encode()))
    assert json.loads(tried("verify", tmp_path / "x.zip", "--json").stdout)["verdict"] == "invalid"


def test_who_may_only_look_takes_nothing_along(opened):
    client = world.come_in(opened, world.granted(opened, download=False))
    assert "/access/take" not in client.get("/access").content.decode()
    assert client.post("/access/take", {"form": "package"}).status_code == 404


@pytest.mark.in_a_file  # on PostgreSQL no table holds it before either
def test_a_withdrawal_closes_it_at_once_erases_what_was_asked_and_tells_its_reader(vault, tmp_path, found_in):
    with api.open_vault(vault, world.PASSPHRASE) as opened:
        client = world.come_in(opened, world.granted(opened))
        text = client.get("/access/people").content.decode()
        assert MAY[0] in text
        client.post("/access/questions", {"text": f"Is {MAY[0]} alive? {WITNESS} may know"})
        from corroborate_node.grants import granting
        from corroborate_node.grants.models import Question

        granting.answer(world.desks(opened, world.now())[1], Question.objects.get().pk, f"{WITNESS} was asked")
        assert _held(WITNESS)
        from corroborate_node.records import queries

        source = next(one.source for one in queries.claims() if getattr(one.value, "text", "") == MAY[0])
        witness = [one.id for one in queries.sources().values() if one.title == WITNESS]
    for one in {source, *witness}:
        tried("withdraw", one, "--vault", vault)
    with api.open_vault(vault, world.PASSPHRASE) as opened:
        answer = client.get("/access/people")
        assert answer.status_code == 403
        assert MAY[0] not in answer.content.decode()
        assert _held(WITNESS) == []
        assert _held(MAY[0]) == []
        member = world.as_member().get("/grants/1").content.decode()
        assert MAY[0] not in member
        assert WITNESS not in member
    assert found_in(vault, WITNESS) == []
    notes = ran("release", "show", 1, "--json", "--vault", vault)
    assert json.loads(notes)["recalls"] == ["waits"]  # the release was given: to the reader


def test_a_consent_that_ends_closes_it_at_the_next_click(vault, tmp_path):
    """As a list ends it that is read again, in which somebody now says no."""
    with api.open_vault(vault, world.PASSPHRASE) as opened:
        client = world.come_in(opened, world.granted(opened))
        assert client.get("/access/people").status_code == 200
    rows = [[cell.replace("공개동의", "공개동의 철회") for cell in row] for row in world.ROWS]
    with (tmp_path / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    ran("import", tmp_path / "list.csv", "--vault", vault, "--rejected", tmp_path / "more.csv")
    with api.open_vault(vault, world.PASSPHRASE):
        assert client.get("/access/people").status_code == 403
    assert json.loads(ran("access", "show", 1, "--json", "--vault", vault))["state"] == "closed"


def test_on_the_day_after_its_last_it_is_over(opened):
    from datetime import timedelta

    from corroborate_node.grants.models import Grant, Visit

    client = world.come_in(opened, world.granted(opened, days=0))
    assert client.get("/access").status_code == 200
    day = world.now().date() - timedelta(1)
    Grant.objects.update(begins=day, until=day)
    assert client.get("/access").status_code == 403
    assert Visit.objects.filter(ended=None).exists()  # not the visit ended: the grant


def test_what_is_typed_wrong_is_refused_with_what_to_do(vault):
    asked = ["--reader", READER, "--purpose", PURPOSE, "--vault", vault, "--yes"]
    past = [*asked, "--until", "2020-01-01", "--body", BODY]
    assert "2020-01-01" in refused("access", "grant", *past)
    assert "--body" in refused("access", "grant", *asked, "--until", world.until())
    assert "366 days" in refused("access", "grant", *asked, "--until", world.until(600), "--body", BODY)
    assert "access list" in refused("access", "show", 9, "--vault", vault)
    assert "access show" in refused("access", "answer", 9, "--text", "x", "--vault", vault)
    assert json.loads(ran("access", "list", "--json", "--vault", vault)) == []
    assert json.loads(ran("release", "list", "--json", "--vault", vault)) == []  # and no release was left behind
