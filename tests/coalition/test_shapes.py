"""Statements and sign-on sheets in the shapes that they are published in. All names are invented."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from corroborate.coalition.members import read_list
from corroborate.coalition.reading import read_statement
from corroborate.errors import InputRefused
from corroborate_cli.main import group

HERE = Path(__file__).parent
SHAPES = yaml.safe_load((HERE / "shapes.yaml").read_text(encoding="utf-8"))
STATEMENTS = sorted(path for path in (HERE / "statements").iterdir() if not path.name.endswith(".json"))


def run(*arguments: object) -> str:
    done = CliRunner().invoke(group, ["members", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda path: path.name)
def test_every_name_of_a_statement_is_read_as_printed_and_nothing_else(statement):
    truth = json.loads(statement.with_name(f"{statement.name}.truth.json").read_text(encoding="utf-8"))
    found = json.loads(run(statement, "--json"))
    assert [[one["name"], one["kind"], one["country_printed"] or ""] for one in found] == [
        [name, kind, "" if country == "International" else country] for name, kind, country in truth
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_of_other_shapes_are_read(shape):
    members = read_list(SHAPES[shape]["text"]).members
    assert [[one.name, one.kind, one.country] for one in members] == SHAPES[shape]["names"]


def test_a_name_with_a_comma_inside_is_flagged():
    members = read_list(SHAPES["spanish sentence"]["text"]).members
    assert [bool(one.flag) for one in members] == [False, False, True, False]


def test_where_the_list_begins_is_said_and_can_be_said(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Letter\n\nWe ask.\n\nFriends of the cause\nAid House\nBridge Network\nGoodbye\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="--from and --to"):
        read_statement(path.read_bytes(), path.name)
    said = json.loads(run(path, "--from", 6, "--to", 7, "--json"))
    assert [(one["name"], one["lines"]) for one in said] == [("Aid House", [6, 6]), ("Bridge Network", [7, 7])]
    assert "lines 6 to 7" in run(path, "--from", 6, "--to", 7)


def test_a_count_in_the_heading_that_does_not_agree_is_said():
    text = "참여단체(총 4개 단체)\n가상인권시민연합, 꾸며낸센터, 허구네트워크\n"
    assert "counts 4, and 3 were read" in read_list(text).notices[0]
    assert not read_list(text.replace("4개", "3개")).notices


SIGNED = [
    ("Harbour Families’ Circle", "Noor Feldspar, Spokesperson"), ("산명인권연대", "한별솔, 대표"),
    ("Colectivo Niebla", "José Ñusta Quillavento, Coordinación"), ("شبكة قصر الندى", "ليلى وادي النجم, منسقة"),
]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["google-forms.en-US.csv", "google-forms.ko.csv", "google-forms.xlsx", "microsoft-forms.xlsx",
             "action-network.petition-signatures.csv"],
)  # fmt: skip
def test_a_form_s_answers_name_each_body_once_by_its_last_answer(name):
    path = HERE / "sheets" / name
    found = read_statement(path.read_bytes(), name)
    assert [(one.name, one.signed_by) for one in found.members] == SIGNED
    assert "the later counts" in " ".join(found.notices)


def test_a_subscriber_is_no_signatory_and_who_left_a_mailing_is_said():
    name = "mailchimp.audience_export.zip"
    found = read_statement((HERE / "sheets" / name).read_bytes(), name)
    assert [(one.name, one.signed_by) for one in found.members] == [SIGNED[0], SIGNED[1], SIGNED[3]]
    said = " ".join(found.notices)
    assert "Colectivo Niebla" in said and "unsubscribed" in said
    assert not any("@" in json.dumps(one.as_json()) for one in found.members)


def test_an_answer_that_says_no_is_no_signature():
    sheet = 'Timestamp,Organization,Do you sign?\n1,Aid House,Yes\n2,Bridge Network,"No, contact us first"\n'
    found = read_statement(sheet.encode(), "answers.csv")
    assert [one.name for one in found.members] == ["Aid House"]
    assert "Bridge Network" in found.notices[0]


def test_a_sheet_for_signing_has_its_bodies_and_countries():
    found = json.loads(run(HERE / "sheets" / "signon.xlsx", "--json"))
    assert [(one["name"], one["country"]) for one in found] == [("Fable Rights Watch", "CA"), ("가상인권연합", "KR")]
