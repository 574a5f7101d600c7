"""What a release lets go, in the shape of other programs, and read again from there. All people are invented."""

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.copies import copied
from tests.importing.commanding import WORDS, ran
from tests.releasing import released

from corroborate.importers.coding import coding_table
from corroborate.importers.programs import read_export, recognised
from corroborate_cli.vaults import now
from corroborate_node import api

LIST = """성명,다른 이름,성별,생년월일,사건 일시,사건 장소,피해 유형,가해자,공개 동의,비고
별하나,Byeol Hana,여,1987-03-09,2019-06-14,산명,고문,3rd Lagoon Battalion,동의,부두에서
한누리,,남,1979년,1997년 봄,Puerto Niebla,강제 실종,,동의,
쇄빙선,,남,1950,2001,쇄빙선마을,고문,쇄빙선장,비동의,쇄빙선 이야기
"""
NEEDLE = "쇄빙선"


@pytest.fixture
def made(vault, tmp_path) -> tuple[Path, int]:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    ran("import", tmp_path / "list.csv", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        return vault, released(opened, now(), audience="named body", body="OHCHR", title="Records")


def test_a_release_goes_to_other_programs_with_what_it_allows_and_nothing_else(made, tmp_path):
    folder, number = made
    out = {"ftm": tmp_path / "all.ftm.json", "uwazi": tmp_path / "import.csv", "bayanat": tmp_path / "actors.csv"}
    ran(
        "release",
        "write",
        number,
        *(part for form, path in out.items() for part in (f"--{form}", path)),
        "--vault",
        folder,
    )
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.is_file()}
    assert set(written) == {
        "list.csv",
        "all.ftm.json",
        "import.csv",
        "import.people.csv",
        "actors.csv",
        "actors.mapping.json",
    }
    assert not [name for name, text in written.items() if NEEDLE in text and name != "list.csv"]
    for form, path in out.items():
        assert recognised(path) == form
        found = read_export(path, form)
        people = {one.name: one for one in found.people}
        assert (people["별하나"].other_names, people["별하나"].birth) == (("Byeol Hana",), "1987-03-09"), form
        assert people["한누리"].birth == "1979", form
        named = {one.key: one.name for one in found.people}
        acts = {named[act.victims[0]]: act for act in found.acts}
        assert {one.term for one in coding_table().read(acts["별하나"].type).acts} == {"integrity.torture"}
        assert acts["별하나"].date == "2019-06-14"
        assert (acts["한누리"].date, acts["한누리"].date_end) == ("1997-03-01", "1997-05-31")
        assert acts["별하나"].perpetrators == (), form  # whom nobody decided to name goes to no named body
    shown = json.loads(ran("release", "show", number, "--vault", folder, "--json"))
    assert sorted(one["form"] for one in shown["given"]) == ["bayanat", "bayanat", "ftm", "uwazi", "uwazi"]


TERMS = ("고문", "강제 실종", "처형", "자의적 구금", "구타")


def said(folder: Path, only: set[str] | None = None) -> dict[str, set[tuple[str, str]]]:
    """By name of the person: what is said of them and of what was done to them, property and value."""
    with api.open_vault(folder, WORDS):
        from corroborate.records import Reference, Term
        from corroborate_node.records import queries

        claims = [one for one in queries.claims() if only is None or one.id in only]
    victims = {
        one.subject: one.value.entity for one in claims if one.property == "victim" and isinstance(one.value, Reference)
    }
    names = {one.subject: one.value.text for one in reversed(claims) if one.property == "name"}
    found: dict[str, set[tuple[str, str]]] = {}
    for one in claims:
        who = names.get(victims.get(one.subject, one.subject), "")
        value = one.value.id if isinstance(one.value, Term) else str(getattr(one.value, "text", one.value))
        if who and not isinstance(one.value, Reference):
            found.setdefault(who, set()).add((one.property, value))
    return found


def listed(number: int) -> str:
    """Names of every length, dates of every exactness, ages, kin, and words without a column."""
    days = ("1997", "1997-03", "1997-03-12", "2001년 봄", "약 1990년", "1980년 이전", "")
    lines = ["성명,다른 이름,성별,생년월일,사건 일시,사건 장소,피해 유형,가해자,공개 동의,출신지,직업,비고,신발"]
    lines += [
        f"가상{chr(0xAC00 + at % 500)}{chr(0xB098 + at // 500)},Gasang {at},{'남여'[at % 2]},19{50 + at % 40},"
        f"{days[at % 7]},지어낸마을 {at % 9},{TERMS[at % 5]},{f'소대장 {at}' if at % 3 else ''},동의,"
        f"지어낸군,농부,말 {at},{at}"
        for at in range(number)
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_claim_that_goes_comes_back_in_another_vault(vault, empty, tmp_path, monkeypatch, number):
    """To another program and from there into a second vault: as the same value, or in words beside it."""
    (tmp_path / "list.csv").write_text(listed(number), encoding="utf-8")
    ran("import", tmp_path / "list.csv", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        made = released(opened, now(), audience="named body", body="OHCHR", title="Records")
        from corroborate_node.release.models import ReleasedRecord

        goes = set(ReleasedRecord.objects.filter(release_id=made, why="").values_list("record", flat=True))
    out = {"ftm": tmp_path / "all.ftm.json", "uwazi": tmp_path / "import.csv", "bayanat": tmp_path / "actors.csv"}
    written = (part for form, path in out.items() for part in (f"--{form}", path))
    ran("release", "write", made, *written, "--vault", vault)
    before = said(vault, goes)
    assert len(before) == number
    for form, path in out.items():
        monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / f"marks-{form}"))
        second = copied(empty, tmp_path / form, WORDS)
        ran("import", path, "--vault", second)
        after = said(second)
        assert set(before) == {one for one in after if not one.startswith("소대장")}, form  # who are parties there
        lost = [
            (who, name, value)
            for who, claims in before.items()
            for name, value in claims
            if name != "told"
            and (name, value) not in after[who]  # words beside a value: of a heading here
            and not any(value in words for _, words in after[who])
        ]
        assert not lost, (form, Counter(name for _, name, _ in lost), lost[:5])
