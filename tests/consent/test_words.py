"""What a list's words say about consent: only a known whole cell grants; a refusal with more words stays one."""

import csv
import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.records.consent import column_asks, read_consent, refusal_in, row_consent
from corroborate_cli.main import group

HERE = Path(__file__).parent
CELLS = list(csv.DictReader((HERE / "cells.csv").open(encoding="utf-8")))
WORDS = Path(__file__).parents[2] / "src/corroborate/records/consent/words.yaml"
TABLE = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text, lists, mappings only
ASKING = ["public", "공개여부", "公開可否", "¿Autoriza publicar?", "Согласие на публикацию", "موافقة على النشر"]


def _listed(part: str, *keys: str) -> list[str]:
    return [word for key in keys for words in TABLE[part][key].values() for word in words]


GRANTS, REFUSALS = _listed("cells", "yes", "publish"), _listed("cells", "no")


def _folder(tmp_path: Path, heading: str, cell: str):
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["Name", heading], ["Fictman Alpha", cell]])
    table = read_table(path)
    return person_entries(table, checked_mapping(table, {}), "list", latest=datetime.now(UTC).year)


@pytest.mark.parametrize("row", CELLS, ids=lambda row: f"{row['heading']}={row['cell']}")
def test_a_file_s_cell_is_understood(row: dict[str, str], tmp_path: Path):
    reading = _folder(tmp_path, row["heading"], row["cell"])
    assert bool(reading.entries) == (row["taken"] == "yes")
    if not reading.entries:
        assert "may not be held" in reading.rejected[0].reason
        assert row["cell"] in reading.rejected[0].reason
        return
    (entry,) = reading.entries
    assert entry.consent.name_public == (entry.publish is True) == (row["name_public"] == "yes")
    assert row["said"] == "no" or entry.notes


@pytest.mark.parametrize("heading", ASKING)
def test_every_word_of_yes_grants_where_publication_is_asked_and_no_word_of_no_does(heading: str):
    assert column_asks(heading) == "publication"
    for word in GRANTS:
        assert read_consent(heading, word).name_public, word
        for form in (word.upper(), f" {word}. ", unicodedata.normalize("NFD", word)):
            assert read_consent(heading, form).name_public, form
    for word in REFUSALS:
        assert read_consent(heading, word).answer == "no", word


@pytest.mark.parametrize(
    "heading", ["consent", "동의", "同意", "Согласие", "Consent to publish photo", "개인정보 동의"]
)
def test_no_word_grants_naming_where_publication_is_not_asked(heading: str):
    for word in GRANTS:
        assert not read_consent(heading, word).name_public, word


def test_no_grant_is_a_refusal_with_something_added():
    """Words of alphabets compared word by word; those that leave no spaces, letter by letter."""
    for refusal in REFUSALS:
        for grant in GRANTS:
            spaced = refusal.isascii() or unicodedata.name(refusal[0]).split()[0] in ("LATIN", "CYRILLIC", "ARABIC")
            inside = f" {refusal.lower()} " in f" {grant.lower()} " if spaced else refusal in grant
            assert not inside, (refusal, grant)


@given(st.sampled_from(ASKING), st.sampled_from(REFUSALS), st.text(max_size=12), st.text(max_size=12))
def test_decorating_a_refusal_never_grants(heading: str, refusal: str, before: str, after: str):
    for cell in (f"{before} {refusal} {after}", f"{refusal} {after}", f"{refusal}: {after}", f"({refusal}) {after}"):
        assert not read_consent(heading, cell).name_public, cell


@given(
    st.sampled_from(ASKING),
    st.sampled_from(REFUSALS),
    st.sampled_from(GRANTS),
    st.sampled_from([" ", ", ", "; ", " / ", ""]),
)
def test_a_refusal_beside_a_grant_never_grants(heading: str, refusal: str, grant: str, between: str):
    assert not read_consent(heading, f"{refusal}{between}{grant}").name_public
    assert not read_consent(heading, f"{grant}{between}{refusal}").name_public


@given(st.sampled_from(GRANTS), st.sampled_from(_listed("stems", "withdrawal", "against")))
def test_a_grant_with_a_word_of_doubt_condition_or_withdrawal_never_grants(grant: str, word: str):
    word = word.removesuffix("*")
    for cell in (f"{grant} {word}", f"{word} {grant}", f"{grant} ({word})"):
        assert not read_consent("public", cell).name_public, cell


@given(st.text(max_size=40), st.sampled_from(GRANTS))
def test_notes_never_grant(text: str, grant: str):
    for words in (text, grant, f"{text} {grant}"):
        assert not refusal_in(words).name_public
        assert not row_consent([], [words]).name_public


@pytest.mark.parametrize(
    ("words", "public", "taken"),
    [
        ("공개동의 철회 2019", False, True),
        ("동의 철회 2019", False, False),
        ("가족이 공개를 원하지 않음", False, True),
        ("익명 요청", False, True),
        ("공개처형을 목격하였다고 하나 확인되지 않음", True, True),
        ("匿名希望", False, True),
        ("公開は控えてほしいとのこと", False, True),
        ("mother asked us not to publish his name", False, True),
        ("not seen since the public trial", True, True),
        ("was refused permission to leave the county", True, True),
        ("consent withdrawn by letter", False, False),
        ("consent was never withdrawn", False, True),
        ("no quiere que se publique", False, True),
        ("отозвала согласие", False, False),
        ("не согласен на публикацию", False, True),
        ("لا يوافق على النشر", False, True),
        ("با انتشار مخالف است", False, True),
        ("tall, from Hoeryong", True, True),
    ],
)  # fmt: skip
def test_a_refusal_in_the_notes_holds_over_a_yes(words: str, public: bool, taken: bool):
    read = row_consent([("public", "yes", None)], [words])
    assert (read.name_public, read.taken) == (public, taken)
    assert public or read.doubts


def test_one_column_that_refuses_holds_over_another_that_grants():
    assert row_consent([("public", "yes", None), ("consent", "yes", None)]).name_public
    assert not row_consent([("public", "yes", None), ("consent", "no", None)]).name_public
    assert not row_consent([("public", "yes", None), ("Anonymous?", "yes", None)]).name_public
    assert not row_consent([("public", "yes", None), ("consent", "only with initials", None)]).name_public


@pytest.mark.parametrize(
    "heading",
    [
        "Public prosecutor",
        "Public execution",
        "Republic",
        "공개처형",
        "동의일",
        "Date of consent",
        "Published",
        "公開処刑",
    ],
)
def test_a_heading_about_something_else_asks_nothing(heading: str):
    assert column_asks(heading) is None


def test_a_word_that_is_struck_through_or_typed_with_look_alikes_is_not_known():
    for cell in ("ye\u0336s\u0336", "y\u0435s", "y e s", "\u202eyes"):
        assert not read_consent("public", cell).name_public


def test_the_dry_run_says_the_same_to_programs(tmp_path: Path):
    """Every cell above, a file for each heading, by the command that a person types."""
    for heading in sorted({row["heading"] for row in CELLS}):
        mine = [row for row in CELLS if row["heading"] == heading]
        path = tmp_path / "list.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            names = [f"Fictman {'abcdefghijklmnopqrstuvwxyz'[at].upper()}lpha" for at in range(len(mine))]
            csv.writer(out).writerows([["Name", heading], *([n, r["cell"]] for n, r in zip(names, mine, strict=True))])
        done = CliRunner().invoke(group, ["import", str(path), "--dry-run", "--json"])
        assert done.exit_code == 0, (heading, done.output)
        told = json.loads(done.stdout)
        rows = {one["line"]: one for one in told["rows"]}
        for line, row in enumerate(mine, 2):
            taken = line in rows
            assert taken == (row["taken"] == "yes") == (line not in {one["line"] for one in told["rejected"]}), row
            if taken:
                assert rows[line]["consent"] == {"name_public": row["name_public"] == "yes", "taken": True}, row
                assert row["said"] == "no" or rows[line]["doubts"], row


@pytest.mark.parametrize(
    ("heading", "yes"),
    [
        ("Keep name confidential", "Yes"), ("Anonymity requested?", "y"), ("Wishes to remain anonymous", "yes"),
        ("익명 처리 요청", "예"), ("신원보호 필요", "O"), ("氏名の匿名希望", "はい"), ("Solicita anonimato", "sí"),
        ("Souhaite l'anonymat", "oui"), ("Просит не называть имя", "да"), ("يطلب إخفاء الهوية", "نعم"),
    ],
)  # fmt: skip
def test_who_asks_for_secrecy_in_any_words_of_a_heading_is_not_named_though_another_column_says_public(
    heading: str, yes: str, tmp_path: Path
):
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(
            [["Name", "public", heading], ["Fictman Alpha", "yes", yes], ["Fictman Beta", "yes", ""]]
        )
    table = read_table(path)
    secret, other = person_entries(table, checked_mapping(table, {}), "list", latest=datetime.now(UTC).year).entries
    assert not secret.consent.name_public
    assert other.consent.name_public


@pytest.mark.parametrize("heading", ["Anonymous ID", "익명코드", "Name (anonymised)", "匿名番号"])
def test_a_column_of_codes_asks_nothing(heading: str):
    assert column_asks(heading) is None
