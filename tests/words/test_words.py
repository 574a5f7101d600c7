"""What a coder says that words of lists mean, by the command and on the page: the next list is read so, what stands is
listed and changed by nobody else, and the words go when their list is withdrawn."""

import json
import re

import pytest
from click.testing import CliRunner
from tests.copies import copied
from tests.import_page.test_import import fields, file, give, waited

from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE, OWN = "the words of the vault", "a documenter's own passphrase"
NEEDLE = "불망산바늘골에 묻음"
LIST = f"성명,침해유형,체포일자\n김갑돌,{NEEDLE},1997년 3월\n이을순,{NEEDLE},1998\n박병철,구타,1999\n"


def ran(folder, *words: object, code: int = 0, **env: str) -> str:
    done = CliRunner().invoke(
        group, [*map(str, words), "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": PASSPHRASE, **env}
    )
    assert done.exit_code == code, (done.output, done.exception)
    return done.output if code == 0 else f"{done.output}{done.exception}"


@pytest.fixture(scope="module")
def filled(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("words")
    api.create_vault(folder / "vault", "새봄인권기록회", PASSPHRASE)
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    ran(folder / "vault", "import", folder / "list.csv", CORROBORATE_MARKS=str(folder / "marks"))
    with api.open_vault(folder / "vault", PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
        account(opened, "ana", OWN, "analyst")
    return folder / "vault"


@pytest.fixture
def vault(tmp_path, filled, monkeypatch):
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))  # copies of one vault would be older ones
    return copied(filled, tmp_path / "vault", PASSPHRASE)


def listed(folder) -> dict:
    return json.loads(ran(folder, "words", "list", "--json"))


def told(folder, property_: str) -> list[tuple[str, str]]:
    """Recorder and term of each claim of a property."""
    with api.open_vault(folder, PASSPHRASE):
        from corroborate_node.records import queries

        return [(one.recorder, one.value.id) for one in queries.claims() if one.property == property_]


def test_words_that_no_import_could_code_are_listed_with_where_they_stand(vault):
    (one,) = listed(vault)["waiting"]
    assert (one["words"], one["cells"], one["at"]) == (NEEDLE, 2, "line 2")


def test_a_correction_keeps_who_made_it_and_changes_nothing_until_it_is_asked_to(vault):
    said = ran(vault, "words", "code", NEEDLE, "life.death_in_custody")
    assert "2 cells wait to be coded so" in said
    assert NEEDLE not in said
    assert [term for _, term in told(vault, "violation")] == ["integrity.beating"]
    (one,) = listed(vault)["taught"]
    assert one["acts"] == [["life.death_in_custody", "for"]]
    assert one["by"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", one["on"])
    assert not listed(vault)["waiting"]


def test_what_stands_is_coded_when_it_is_asked_beside_the_old_and_once(vault):
    assert "Coded now for 2 people" in ran(vault, "words", "code", NEEDLE, "life.death_in_custody", "--apply")
    coded = told(vault, "violation")
    assert sorted(term for _, term in coded) == ["integrity.beating", *["life.death_in_custody"] * 2]
    assert {by for by, term in coded if term == "life.death_in_custody"} != {"import"}
    with api.open_vault(vault, PASSPHRASE):
        from corroborate_node.records import queries

        dates = [str(one.value) for one in queries.claims() if one.property == "date"]
    assert sorted(dates) == ["1997-03", "1998", "1999"]  # the acts that were added have the dates of their rows
    ran(vault, "words", "code", NEEDLE, "life.death_in_custody", "--apply")
    assert len(told(vault, "violation")) == 3


def test_words_may_tell_of_a_threat_of_somebody_seen_or_of_nothing(vault):
    ran(vault, "words", "code", NEEDLE, "integrity.torture", "--stance", "seen", "--apply")
    assert [term for _, term in told(vault, "witnessed")] == ["integrity.torture"] * 2
    assert "tell no act" in ran(vault, "words", "code", NEEDLE, "integrity.torture", "--stance", "none", code=1)
    ran(vault, "words", "code", NEEDLE, "--stance", "none")
    assert listed(vault)["taught"][0]["acts"] == []


def test_what_stands_and_would_be_read_otherwise_is_said_and_left(vault):
    said = ran(vault, "words", "code", "구타", "integrity.torture", "--apply")
    assert "stands, and is read so no longer: integrity.beating (for)" in said
    assert sorted(term for _, term in told(vault, "violation")) == ["integrity.beating", "integrity.torture"]


@pytest.mark.parametrize(
    ("words", "violation", "why"),
    [
        (NEEDLE, "integrity.tortur", "perhaps integrity.torture"),
        (NEEDLE, "no such thing", "no violation of the vocabulary"),
        (" ", "integrity.torture", "needs the words"),
        ("긴" * 501, "integrity.torture", "at most 500"),
    ],
)
def test_what_cannot_be_taught_is_said(vault, words, violation, why):
    assert why in ran(vault, "words", "code", words, violation, code=1)
    assert not listed(vault)["taught"]


def test_the_next_list_is_read_with_what_was_taught(vault, tmp_path):
    ran(vault, "words", "code", NEEDLE, "life.death_in_custody")
    (tmp_path / "next.csv").write_text(f"성명,침해유형\n최무순,{NEEDLE}\n", encoding="utf-8")
    assert "not understood" not in ran(vault, "import", tmp_path / "next.csv")
    assert ("import", "life.death_in_custody") in told(vault, "violation")
    assert not listed(vault)["waiting"]


def test_forgotten_words_wait_again_and_what_was_coded_stands(vault):
    ran(vault, "words", "code", NEEDLE, "life.death_in_custody", "--apply")
    ran(vault, "words", "forget", NEEDLE)
    assert len(listed(vault)["waiting"]) == 1
    assert len(told(vault, "violation")) == 3
    assert "were not taught" in ran(vault, "words", "forget", NEEDLE, code=1)


def test_words_go_with_the_list_that_taught_them(vault):
    (one,) = listed(vault)["waiting"]
    ran(vault, "words", "code", NEEDLE, "life.death_in_custody", "--apply")
    ran(vault, "words", "code", "우리말", "integrity.torture")  # taught by no list: it stays
    with api.open_vault(vault, PASSPHRASE):
        from corroborate_node.records import queries

        (whole,) = (each.id for each in queries.sources().values() if each.kind == "list")
    assert one["source"]
    ran(vault, "withdraw", whole)
    found = listed(vault)
    assert not found["waiting"]
    assert [each["words"] for each in found["taught"]] == ["우리말"]
    with api.open_vault(vault, PASSPHRASE):
        from corroborate_node.coding.models import Taught, Waiting

        assert not Waiting.objects.exists()
        assert not Taught.objects.filter(words__contains="바늘").exists()


def test_a_vault_of_an_earlier_version_is_looked_through_when_it_is_opened(vault):
    with api.open_vault(vault, PASSPHRASE):
        from corroborate_node.coding.models import Filled, Waiting

        Filled.objects.all().delete()
        Waiting.objects.all().delete()
    assert listed(vault)["waiting"][0]["cells"] == 2


@pytest.fixture
def client(vault):
    from django.contrib.auth import get_user_model
    from django.test import Client

    with api.open_vault(vault, PASSPHRASE):

        def entered(name="hana", language="ko"):
            one = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE=language)
            one.force_login(get_user_model().objects.get(username=name))
            return one

        yield entered


def test_a_coder_teaches_words_on_the_page_and_codes_what_stands(client):
    page = client().get("/words").content.decode()
    assert NEEDLE in page
    assert "읽지 못한 말" in page
    sent = {"act": "code", "words": NEEDLE, "violation": "구금 중 사망", "stance": "for"}
    answer = client().post("/words", sent)
    assert answer.status_code == 302
    changes = client().get(answer["Location"]).content.decode()
    assert changes.count("구금 중 사망 (이 사람이 당함)") >= 2
    assert client().post("/words", {"act": "apply", "words": NEEDLE}).status_code == 302
    assert "달라질 기록이 없습니다" in client().get(answer["Location"]).content.decode()
    assert client().post("/words", {"act": "forget", "words": NEEDLE}).status_code == 302


@pytest.mark.parametrize(
    "sent", [{"act": "code", "words": NEEDLE, "violation": "고무"}, {"act": "what", "words": NEEDLE}, {"act": "code"}]
)
def test_what_the_page_refuses_is_said_and_nothing_typed_is_lost(client, sent):
    answer = client().post("/words", sent)
    assert answer.status_code == 400
    assert sent.get("violation", "") in answer.content.decode()


def test_only_who_codes_sees_the_words(client):
    assert client("ana").get("/words").status_code == 403
    assert client("ana").post("/words", {"act": "code", "words": "a b c", "violation": "torture"}).status_code == 403


def test_the_next_list_given_on_the_page_is_read_with_what_was_taught(client):
    one = client()
    one.post("/words", {"act": "code", "words": NEEDLE, "violation": "life.death_in_custody", "stance": "for"})
    where = give(one, file(f"성명,침해유형\n최무순,{NEEDLE}\n"))
    one.post(f"{where}/columns", {**fields(one.get(f"{where}/columns").content.decode()), "act": "check"})
    assert waited(one, where) == "checked"
    from corroborate_node.importing.models import Upload

    assert Upload.objects.get().found["unread"] == 0
