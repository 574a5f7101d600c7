"""What one person at a hub types beside a demand, of a State or of a member without a key is shown as what that person
typed: on the hub's pages, through the API, and on the site that the hub signs. No text has another's page there, and
nobody counts as a member who is none."""

import json
import re
from datetime import UTC, datetime

import pytest
from tests.security import test_a_round_from_outside as outside

hub, client = outside.hub, outside.client  # one hub for this file
GENEVA, NIIGATA = outside.KEYED[2], outside.PAPER
LEAVES = f"{GENEVA} withdraws from the joint statement"
AGREED = f"Agreed with {GENEVA}, which asks for sanctions no longer"
ENTERED = {"en": "signed by nobody", "ko": "아무도 서명하지 않음", "ja": "署名はない", "es": "no firmado por nadie"}


def published(hub, folder):
    from corroborate.disclosure import Order, Records, release
    from corroborate.site import SiteOptions, publish
    from corroborate_node.core.desk import owner
    from corroborate_node.release.supplying import supplied

    now = datetime.now(UTC)
    publish(
        release(Order("T", "Secretariat", "public", now.date()), Records(), supplied(owner(hub, now))),
        folder, SiteOptions(),
    )  # fmt: skip
    return folder


def words_of(file):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", file.read_text(encoding="utf-8")))


def told(member):
    from corroborate_node.coalition.campaign.models import Notice

    return list(Notice.objects.filter(member_id=outside.label(member)).order_by("id").values_list("what", "about"))


@pytest.fixture(scope="module")
def typed(hub, client):
    """An event beside a demand, and a State's commitment, as one of the secretariat types them."""
    read = {"do": "judge", "judge-criterion": "none_in_public", "judge-status": "not_met", "judge-by": "office",
            "judge-on": "2026-11-29", "judge-event_on": "2026-11-28", "judge-event_what": LEAVES,
            "judge-event_source": "a letter"}  # fmt: skip
    assert client["office"].post("/demands/stop_public_executions", read).status_code == 302
    said = {"do": "commit", "commit-what": AGREED, "commit-on": "2026-11-01", "commit-source": "a letter",
            "commit-kept": "open"}  # fmt: skip
    assert client["office"].post("/states/KR", said).status_code == 302


def test_the_hub_says_who_typed_an_event_and_a_commitment(client, typed):
    for page, what in (("/demands/stop_public_executions", LEAVES), ("/states/KR", AGREED)):
        shown = outside.words_of(client["saebom"].get(page)).partition(what)[2][:200]
        assert "entered by office" in shown
        assert "signed by nobody" in shown


def test_so_does_the_api(client, hub, typed):
    from corroborate_node.coalition.advocacy import queries
    from corroborate_node.http_api import coalition_answers as answers

    criteria = [had for one in queries.campaign().demands for had in answers.demand(one)["criteria"]]
    events = [each for had in criteria for said in had["readings"] for each in said["evidence"]]
    assert {one["event"]: one["entered_by"] for one in events}[LEAVES]
    assert {one["entered_by"] for one in events if one["event"] != LEAVES} == {None}
    assert [answers.commitment(one)["entered_by"] for one in queries.campaign().commitments] == ["Secretariat"]


def test_the_site_marks_both_in_each_of_its_languages(hub, typed, tmp_path):
    site = published(hub, tmp_path / "site")
    for language, mark in ENTERED.items():
        ladder = words_of(site / language / "demands" / "stop-public-executions.html")
        for place in list(re.finditer(LEAVES, ladder)):
            assert mark in ladder[place.end() : place.end() + 160], ladder[place.end() : place.end() + 160]
        states = words_of(site / language / "states.html").partition(AGREED)[2]
        assert mark in states[:120], states[:120]


def test_a_member_is_told_of_a_vote_that_names_it(client):
    import io

    rows = f"resolution,body,date,state,vote,source\nA/RES/80/1 (as {GENEVA} asked),GA,2026-11-01,KR,yes,a record\n"
    file = io.BytesIO(rows.encode())
    file.name = "votes.csv"
    answer = client["office"].post("/states", {"file": file})
    assert "New votes taken in: 1" in outside.words_of(answer)
    assert ("named beside", f"A/RES/80/1 (as {GENEVA} asked)") in told(GENEVA)


def test_no_statement_is_put_up_whose_page_another_has(client):
    outside.start(client, "camps.2026")
    form = {"name": "camps-2026", "text_language": "en", "text": "Open the camps\n\nWe withdraw every figure.\n"}
    answer = client["office"].post("/statements", form)
    assert answer.status_code == 400
    assert "the page of camps.2026 on the site would be that of camps-2026, too" in outside.words_of(answer)


def test_two_statements_of_before_have_a_page_each(hub, client, tmp_path):
    """As an earlier version put them up: under a member's name stands the text that it signed, and not the other."""
    from corroborate_node.coalition.campaign.models import Statement

    outside.start(client, "food.2026", "Feed them\n\nLet the aid in.\n")
    first = Statement.objects.get(name="food.2026")
    Statement.objects.filter(name="food.2026").delete()  # so that the other one is put up, as it was then
    outside.start(client, "food-2026", "Feed them\n\nWe withdraw every figure.\n")
    first.save(force_insert=True)
    outside.hand_in(client, "saebom", outside.signed("food.2026", GENEVA))
    outside.hand_in(client, "saebom", outside.signed("food-2026", outside.KEYED[1]))
    for name in ("food.2026", "food-2026"):
        assert outside.over(client, name).status_code == 302
    site = published(hub, tmp_path / "site")
    for member, said in (("geneva-watch", "Let the aid in."), ("casa-de-la-memoria", "We withdraw every figure.")):
        page = (site / "en/members" / f"{member}.html").read_text(encoding="utf-8")
        [link] = re.findall(r'href="\.\./(statements/[^"]+)"', page)
        assert said in words_of(site / "en" / link)
    assert {"food-2026.html", "food-2026-2.html"} <= {one.name for one in (site / "en/statements").iterdir()}
    assert "statements/food-2026-2.html" in (site / "en" / "statements.html").read_text(encoding="utf-8")
    [latest] = set(re.findall(r'href="(statements/[^"]+)"', (site / "en" / "index.html").read_text(encoding="utf-8")))
    assert (site / "en" / latest).exists()


def test_a_position_that_one_person_wrote_down_stands_nowhere_as_said(client):
    from corroborate_node.coalition.campaign import models, queries
    from corroborate_node.http_api import coalition_answers as answers

    form = {"title": "The budget", "text": "We open an office.", "rule": "consensus", "objections": "0", "quorum": "1",
            "closes": "2099-01-01 12:00", "name": "budget"}  # fmt: skip
    answer = client["office"].post("/decisions", form)
    assert answer.status_code == 302, outside.words_of(answer)
    [at] = models.Proposal.objects.values_list("id", flat=True)
    said = {"member": outside.label(NIIGATA), "position": "support", "reason": "We want the office paid."}
    assert client["office"].post(f"/decisions/{at}", said).status_code == 302

    def place():
        from django.contrib.auth import get_user_model

        user, label, today = get_user_model().objects.get(username="office"), outside.label(NIIGATA), datetime.now(UTC)
        row, found = models.Member.objects.get(id=label), queries.places(user, label, today.date())
        whole = answers.member_whole(row, queries.register()[label], found, today.date(), contact=False)
        return next((one["what"], one["stands"]) for one in whole["places"] if one["kind"] == "position")

    assert place() == ("support (heard, written down by office)", False)
    page = outside.words_of(client["saebom"].get(f"/members/{outside.label(NIIGATA)}"))
    assert "support (heard, written down by office)" in page
    assert client["office2"].post(f"/decisions/{at}", said).status_code == 302
    assert place() == ("support (heard by two: office, office2)", True)


def test_who_is_no_member_is_counted_and_called_so_nowhere(hub, client, tmp_path):
    for name, role in (("Office of the Commissioner", "observer"), ("Friends of the Lake", "supporter")):
        form = {"name": name, "kind": "organisation", "country": "ch", "joined": "2020-12", "role": role}
        assert client["office"].post("/members", form).status_code == 302
    site = published(hub, tmp_path / "site")
    home = (site / "en/index.html").read_text(encoding="utf-8")
    data = json.loads(home.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert {one["name"] for one in data["member"]} == {*outside.KEYED, NIIGATA}
    assert "4 members in 1 countries" in words_of(site / "en/index.html")
    members = words_of(site / "en/members.html")
    assert "Members by country" in members
    assert "Friends of the Lake (supporter, not a member)" in members
    assert "Switzerland" not in members.partition("Name")[0]
