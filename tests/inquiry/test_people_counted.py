"""Findings count everybody to whom an act was done, each once; a group stands beside them as it was told."""

import json

from tests.importing.commanding import WORDS, ran

from corroborate_node import api

TORTURE, LABOUR = "cah.torture.1", "cah.enslavement.1"
ENTRY = """
source: {title: Interview 7}
consent: {own: [hold, link, count]}
people:
  - names: 한가명
  - names: 오가명
  - names: 민가명
  - {names: 같은 방 여자들, kind: group, count: 20}
  - {names: 옆 방 사람들, kind: group}
acts:
  - {what: 고문, whom: "한가명, 오가명", when: 2004-04, where: 전거리교화소, basis: saw}
  - {what: 강제노동, whom: "한가명, 민가명, 같은 방 여자들", when: 2003, where: 전거리교화소, basis: saw}
"""
AGAIN = """
source: {title: Interview 8}
consent: {own: [hold, link, count]}
people: [{names: 리가명}]
acts: [{what: 강제노동, whom: "리가명", when: 2003, where: 전거리교화소, basis: saw}]
"""


def entered_here(vault, tmp_path, *entries):
    for entry in entries:
        (tmp_path / "entry.yaml").write_text(entry, encoding="utf-8")
        ran("interview", tmp_path / "entry.yaml", "--vault", vault)


def shown(vault, element):
    return json.loads(ran("findings", "show", element, "--vault", vault, "--json"))


def test_an_act_done_to_several_counts_each_of_them_and_names_the_group_beside_them(tmp_path, vault, three, entered):
    before = shown(vault, TORTURE)["finding"]
    assert (before["victims"], before["groups"]) == (3, [])
    entered_here(vault, tmp_path, ENTRY, AGAIN)
    torture, labour = shown(vault, TORTURE), shown(vault, LABOUR)
    assert (torture["finding"]["victims"], torture["finding"]["groups"]) == (5, [])
    assert len(torture["finding"]["for"]) == len(before["for"]) + 1, "one claim, of however many it tells"
    assert len(torture["people"]) == len({one["about"] for one in torture["said"]}) == 5
    assert (labour["finding"]["victims"], labour["finding"]["groups"]) == (3, [20])
    assert len(labour["people"]) == 4, "accounts of the group are laid side by side too"
    falls = {one["people"]: one["groups"] for one in labour["stands_on"]["falls"]}
    assert falls == {2: [20], 1: []}, "what the first alone tells of, and the second"
    assert "3 and a group of 20, as told" in ran("findings", "show", LABOUR, "--vault", vault)
    with api.open_vault(vault, WORDS):
        duri = entered("duri")
        page = duri.get(f"/findings/{LABOUR}").content.decode()
        assert "3, 그리고 20명이라고 한 무리 하나" in page
        assert "20명이라고 한 무리" in duri.get("/findings").content.decode()
        [group] = [one["about"] for one in labour["people"] if one["about"] not in _named(vault)]
        assert "20명이라고 한 무리" in duri.get(f"/findings/{LABOUR}/told-of/{group}").content.decode()


def _named(vault):
    from corroborate_node.records.models import Claim

    return set(Claim.objects.filter(property="name").values_list("subject_id", flat=True))


def test_groups_are_never_added_up(tmp_path, vault, three):
    entered_here(
        vault, tmp_path, ENTRY, ENTRY.replace('같은 방 여자들"', '옆 방 사람들"'), AGAIN.replace("리가명", "서가명")
    )
    found = shown(vault, LABOUR)["finding"]
    assert found["groups"] == [20, None]
    told = ran("findings", "show", LABOUR, "--vault", vault)
    assert "2 groups, as told (20, …), which may overlap" in told


def test_a_released_finding_counts_each_person_and_no_group(tmp_path, vault, three):
    people = [f"가명{letter}" for letter in "가나다라마바사아자차카"]
    entry = (
        "source: {title: Interview 9}\nconsent: {own: [hold, link, count]}\npeople:\n"
        + "".join(f"  - names: {one}\n" for one in people)
        + "  - {names: 다른 사람들, kind: group, count: 30}\n"
        + f'acts: [{{what: 강제노동, whom: "{", ".join(people)}, 다른 사람들"}}]\n'
    )
    entered_here(vault, tmp_path, entry)
    made = json.loads(ran("release", "make", "--audience", "own", "--vault", vault, "--json"))
    ran("release", "write", made["release"], "--json", tmp_path / "release.json", "--vault", vault)
    release = json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))["release"]
    [found] = [one for one in release["findings"] if one["element"] == LABOUR]
    assert found["victims"] == 11
