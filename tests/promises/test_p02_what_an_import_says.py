"""Promise 2, before anything leaves: a screen, its recording and a file beside the list repeat no words of the list."""

import csv
from pathlib import Path

from click.testing import CliRunner
from tests.promises.test_p02_releases import PASSPHRASE

from corroborate_cli.main import group

NEEDLE = "김뷔별"
HEADS = ["성명", "성별", "생년월일", "나이", "혐의", "공개여부", "면담자 메모", "비고", "인원"]
# every kind of cell that is doubted or for which a row is left out, with somebody's name in it
ROWS = [
    [f"한별하 ({NEEDLE} 실명 쓰지 말 것)", "남", "1970", "", "고문", "공개동의", "", "", ""],
    [
        "한별하",
        f"여 {NEEDLE}",
        f"1970-13-45 {NEEDLE}",
        f"{NEEDLE} 쯤",
        f"{NEEDLE}의 일",
        "공개동의",
        "",
        "",
        f"{NEEDLE}",
    ],
    ["한별하", "남", "1970", "", "고문", f"공개동의 거부 {NEEDLE}", "", "", ""],
    ["한별하", "남", "1970", "", "고문을 당했는지 모른다고 " + NEEDLE, "공개동의", "", "", ""],
    ["한별하", "남", "1970", "", "고문", "공개동의", f"{NEEDLE}이 옆에 있었음", "", ""],
    ["한별하", "남", "1970", "", "고문", "공개동의", "", f"이름은 밝히지 말아 달라고 {NEEDLE}이 말함", ""],
    ["한별하", "남", "1970", "", "고문", "공개동의", "", f'동의 철회 2020 {NEEDLE}\'s "own" words', ""],
    [f"#{NEEDLE}", "", "", "", "", "", "", "", ""],
    ["한별하", "남", "1970", "", "고문", "공개동의", "", f"{NEEDLE} 공개동의", NEEDLE],
]


def _ran(*words: object) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    return f"{done.stdout}{done.stderr}{done.exception or ''}"


def _list(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADS, *ROWS])
    return path


def test_neither_screen_nor_list_of_rejected_rows_repeats_a_word_and_both_say_line_and_column(tmp_path, found_in):
    vault, list_, said, rejected = (tmp_path / one for one in ("vault", "list.csv", "said", "rejected.csv"))
    _list(list_)
    _ran("new", vault, "--name", "Member")
    told = [
        _ran("import", list_, "--dry-run"),
        _ran("import", list_, "--vault", vault, "--strict"),
        _ran("import", list_, "--vault", vault, "--rejected", rejected),
        _ran("consent", "reread", list_, "--vault", vault),
    ]
    said.write_text("\n".join(told), encoding="utf-8")
    assert "rows taken in as" in told[2]
    assert found_in(said, NEEDLE) == []
    assert found_in(rejected, NEEDLE) == []
    assert rejected.stat().st_mode & 0o777 == 0o600
    assert "Line 7 taken in with a doubt about 공개여부, 비고: the notes refuse" in told[0]
    assert "Line 8 left out: it may not be held" in told[0]
    assert "Line 6 has notes beside a yes, in 면담자 메모" in told[0]
    assert found_in(list_, NEEDLE)  # the search is no empty one


def test_rejected_rows_are_written_only_where_somebody_asks(tmp_path):
    vault = tmp_path / "vault"
    _ran("new", vault, "--name", "Member")
    said = _ran("import", _list(tmp_path / "list.csv"), "--vault", vault)
    assert "rows taken in as" in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["list.csv", "vault"]
