"""Promise 4: a claim that was recorded wrongly is corrected beside the old one, by whom, when and why; and undone."""

import csv
import json

import pypdfium2
import pytest
from django.test import Client
from tests.promises.test_p02_from_the_list_to_the_bytes import PASSPHRASE, ran, through_the_door

from corroborate.errors import CorroborateError
from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.records import queries as records_queries

ROWS = [
    ["성명", "성별", "생년월일", "혐의", "공개여부"],
    ["김뷔가", "남", "1961-03-04", "고문", "공개동의"],
    ["김뷔나", "여", "1970", "고문", "공개동의"],
]


@pytest.fixture
def vault(tmp_path):
    with (tmp_path / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(ROWS)
    ran("new", tmp_path / "vault", "--name", "Member")
    ran("import", tmp_path / "list.csv", "--vault", tmp_path / "vault")
    ran("log", "checkpoint", "--vault", tmp_path / "vault")
    return tmp_path / "vault"


def _claim(vault, words: str):
    with api.open_vault(vault, PASSPHRASE):
        (found,) = [one for one in records_queries.claims() if str(getattr(one.value, "text", one.value)) == words]
    return found


def _people(vault) -> list[str]:
    with api.open_vault(vault, PASSPHRASE):
        return sorted(one.value.text for one in records_queries.claims() if one.property == "name")


def test_a_corrected_name_is_used_everywhere_and_the_old_one_stays_to_be_read(vault, tmp_path, found_in):
    old = _claim(vault, "김뷔가")
    before = through_the_door(vault, "--audience", "public")
    for form, file in (("--json", "before.json"), ("--dossier", "before.pdf")):
        ran("release", "write", before, form, tmp_path / file, "--vault", vault)
    done = json.loads(
        ran("correct", old.id, "--to", "김뷔각", "--because", "the page says 각", "--vault", vault, "--json")
    )
    assert _people(vault) == ["김뷔각", "김뷔나"]
    new = _claim(vault, "김뷔각")
    assert (new.id, new.source, new.locator, new.basis) == (done["new"], old.source, old.locator, old.basis)
    assert [(one["release"], bool(one["recall"])) for one in done["releases"]] == [(before, True)]
    said = ran("release", "write", before, "--json", tmp_path / "again.json", "--vault", vault, code=1)
    assert not (tmp_path / "again.json").exists(), said
    number = through_the_door(vault, "--audience", "public")
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", "김뷔각")
    assert not [one for one in found_in(tmp_path / "package", "김뷔가") if one.startswith(old.id)]
    ran("release", "recall", before, "--out", tmp_path / "notes", "--vault", vault)
    (note,) = [one.read_text(encoding="utf-8") for one in (tmp_path / "notes").iterdir()]
    assert "reason corrected" in note
    assert f"erase {old.id}" in note
    document = pypdfium2.PdfDocument(tmp_path / "before.pdf")
    text = "".join(document[at].get_textpage().get_text_range() for at in range(len(document)))
    document.close()
    listed = [
        one["names"][0]["text"] for one in json.loads((tmp_path / "before.json").read_bytes())["release"]["persons"]
    ]
    at = listed.index("김뷔가") + 1
    assert f"person {at} of {len(listed)}" in note
    assert f"{at}. 김뷔가" in text.replace("\r\n", "\n").replace(f"{at}.\n", f"{at}. ")
    assert found_in(tmp_path / "notes", "김뷔가") == found_in(tmp_path / "notes", "김뷔각") == []
    with api.open_vault(vault, PASSPHRASE) as opened:
        assert {one.about: one.state for one in fixity.everything(opened)}["seals"] == "good"


def test_undoing_gives_back_exactly_what_was(vault):
    before = _people(vault)
    old = _claim(vault, "1961-03-04")
    done = json.loads(ran("correct", old.id, "--to", "1961-04", "--because", "misread", "--vault", vault, "--json"))
    assert str(_claim(vault, "1961-04").value) == "1961-04"
    assert "counts again" in ran("correct", done["new"], "--undo", "--vault", vault)
    assert _claim(vault, "1961-03-04") == old
    assert _people(vault) == before
    again = ran("correct", old.id, "--to", "1962", "--because", "misread", "--vault", vault)
    assert "stands in the place" in again


@pytest.mark.parametrize(
    ("words", "to", "said"),
    [
        ("1961-03-04", "sometime", "no date that we can read"),
        ("1961-03-04", "1961-03-04", "says that already"),
        ("김뷔가", " ", "words are empty"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused_and_nothing_is_kept(vault, words, to, said):
    before = _claim(vault, words)
    with pytest.raises(CorroborateError, match=said):
        raise _refused(vault, before.id, to)
    assert _claim(vault, words) == before
    ran("correct", before.id, "--vault", vault, code=2)
    ran("correct", "claim_" + "0" * 32, "--to", "x", "--because", "y", "--vault", vault, code=1)


def _refused(vault, claim: str, to: str) -> CorroborateError:
    from click.testing import CliRunner

    from corroborate_cli.main import group

    words = ["correct", claim, "--to", to, "--because", "why", "--vault", str(vault)]
    done = CliRunner().invoke(group, words, env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert isinstance(done.exception, CorroborateError), done.output
    return done.exception


def test_a_withdrawal_erases_the_old_claim_the_new_one_and_the_reason(vault, tmp_path, found_in):
    old = _claim(vault, "김뷔가")
    ran("correct", old.id, "--to", "김뷔각", "--because", "김뷔달 says so", "--vault", vault)
    ran("withdraw", old.source, "--vault", vault)
    with api.open_vault(vault, PASSPHRASE):
        from corroborate_node.records import models

        assert [one.why for one in models.Correction.objects.all()] == [""]
        assert {one.value for one in models.Claim.objects.filter(source_id=old.source)} == {None}


def test_the_page_of_a_person_corrects_shows_both_and_undoes(vault):
    old = _claim(vault, "김뷔가")
    with api.open_vault(vault, PASSPHRASE) as opened:
        from datetime import UTC, datetime

        from tests.releasing import FIRST, desks

        desks(opened, datetime.now(UTC).replace(microsecond=0))
        client = Client(HTTP_HOST="127.0.0.1")
        assert client.login(username=FIRST[0], password=FIRST[1])
        person = f"/persons/{old.subject}"
        assert f"/claims/{old.id}/correct" in client.get(person).content.decode()
        address = f"/claims/{old.id}/correct"
        assert client.get(address).status_code == 200
        assert client.post(address, {"act": "correct", "to": "", "because": ""}).status_code == 400
        done = client.post(address, {"act": "correct", "to": "김뷔각", "because": "the page says 각"})
        assert done.status_code == 200
        page = client.get(person).content.decode()
        assert page.count("the page says 각") == 2
        assert "김뷔가" in page
        assert "김뷔각" in page
        assert "김뷔각" in client.get("/persons?q=뷔각").content.decode()
        assert client.post(address, {"act": "undo"}).status_code == 200
        assert "the page says 각" not in client.get(person).content.decode()
