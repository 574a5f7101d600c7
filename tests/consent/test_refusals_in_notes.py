"""A yes in its column, and a wish not to be named in the notes, in the words that people use: nothing is published."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.records.consent import row_consent
from corroborate_cli.main import group

BY_LANGUAGE = yaml.safe_load((Path(__file__).parent / "refusals.yaml").read_text(encoding="utf-8"))
REFUSALS = [(code, words) for code, some in BY_LANGUAGE.items() for words in some]
# a heading that asks for publication, one that holds notes, and a yes
LISTS = [("public", "notes", "yes"), ("이름 공개 동의", "비고", "예"), ("公開可否", "備考", "可")]
HARMLESS = [
    "tall, from Hoeryong",
    "함경북도 회령 출신, 키가 큼",
    "사망 원인이 밝혀지지 않음",
    "was refused permission to leave the county",
    "not seen since 2001",
    "他の囚人と共に連行された",
    "visto por última vez en 1998",
    "detenido en 1998 y sin aparecer hasta hoy",
    "в последний раз видели в 1998",
    "vue pour la dernière fois en 1998",
]


def _written(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.mark.parametrize(("asks", "notes", "yes"), LISTS, ids=lambda word: word)
def test_no_refusal_in_the_notes_of_a_list_is_published(asks: str, notes: str, yes: str, tmp_path: Path):
    names = (f"Fictman {first}{second}lpha" for first in ascii_uppercase for second in ascii_lowercase)
    rows = [(name, yes, words) for name, (_, words) in zip(names, REFUSALS, strict=False)]
    path = _written(tmp_path / "list.csv", ("Name", asks, notes), *rows, ("Fictman Omega", yes, "tall"))
    table = read_table(path)
    reading = person_entries(table, checked_mapping(table, {}), "list", latest=datetime.now(UTC).year)
    *refused, granted = reading.entries
    assert granted.publish
    assert len(refused) == len(REFUSALS)
    for (code, words), entry in zip(REFUSALS, refused, strict=True):
        assert entry.publish is False, (code, words)
        assert any(repr(words)[1:-1] in doubt for doubt in entry.notes), (code, words)
        assert (notes, words) in entry.told


@given(
    st.sampled_from(REFUSALS),
    st.text(max_size=20),
    st.sampled_from([" ", ". ", "; ", "\n", ", ", " — "]),
    st.sampled_from(HARMLESS),
)
@settings(deadline=None)
def test_nothing_written_around_a_refusal_lets_a_name_out(
    refusal: tuple[str, str], anything: str, between: str, more: str
):
    _, words = refusal
    for notes in (
        f"{more}{between}{words}",
        f"{words}{between}{more}",
        f"{anything} {words} {anything}",
        words.upper(),
    ):
        assert not row_consent([("public", "yes", None)], [notes]).name_public, notes


@pytest.mark.parametrize("words", HARMLESS)
def test_notes_about_something_else_refuse_nothing(words: str):
    assert row_consent([("public", "yes", None)], [words]).name_public


def test_a_refusal_of_the_name_alone_leaves_the_numbers_and_a_removal_does_not():
    yes = ("public", "yes", None)
    assert row_consent([yes], ["실명을 쓰지 말아 주세요"]).agreed
    assert not row_consent([yes], ["please remove her from the list"]).agreed
    assert not row_consent([yes], ["withdrew in 2024"]).agreed


def test_a_refusal_beside_the_name_holds(tmp_path: Path):
    path = _written(tmp_path / "list.csv", ("성명", "공개여부"), ("한별하 (실명 쓰지 말 것)", "예"), ("한별둘", "예"))
    done = CliRunner().invoke(group, ["import", str(path), "--dry-run", "--json"])
    assert [one["consent"]["name_public"] for one in json.loads(done.stdout)["rows"]] == [False, True]


def test_the_dry_run_says_the_line_that_a_person_sees_and_the_notes_beside_a_yes(tmp_path: Path):
    path = _written(
        tmp_path / "list.csv",
        ("이름", "이름 공개 동의", "비고"),
        ("한별하", "예", "하지만 이름은 밝히지 말아 달라고 함"),
        ("한별둘", "예", "키가 큼"),
        ("한별셋", "예", ""),
        ("", "예", ""),
    )
    said = CliRunner().invoke(group, ["import", str(path), "--dry-run"]).output
    assert "Line 2 taken in with a doubt about 이름 공개 동의, 비고: the notes refuse that the name be" in said
    assert "Line 3 has notes beside a yes, in 비고" in said
    assert "키가 큼" not in said
    assert "Line 5 left out" in said
    assert "Row " not in said
    told = json.loads(CliRunner().invoke(group, ["import", str(path), "--dry-run", "--json"]).stdout)
    assert told["notes_beside_a_yes"] == [{"sheet": None, "line": 3, "notes": ["키가 큼"]}]
    assert [one["told"] for one in told["rows"]] == [
        [{"heading": "비고", "words": "하지만 이름은 밝히지 말아 달라고 함"}],
        [{"heading": "비고", "words": "키가 큼"}],
        [],
    ]
    assert [one["line"] for one in told["doubtful"]] == [2]
    refused = CliRunner().invoke(group, ["import", str(path), "--dry-run", "--strict"])
    assert refused.exit_code != 0
    assert "in line 5" in str(refused.exception or "") + refused.output
