"""A draft is submitted, read by a second person, sent back, approved and sealed; and what an attacker tries instead."""

import json
import re

from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import SENT, begun, claims, recorded, token

from corroborate_node import api


def submitted(browser, address, sent=SENT, **more):
    """Look over, then hand it to a second person; the address of its page of review."""
    version = token(browser.get(address), "version")
    looked = browser.post(address, {**sent, "version": version, "act": "look"})
    fields = {
        **sent,
        **dict(re.findall(r'<input type="text" name="(people-\d+-names)" value="([^"]+)"', looked.content.decode())),
    }
    again = browser.post(address, {
        **fields, "version": token(looked, "version"), "looked": token(looked, "looked"), "act": "submit", **more,
    })  # fmt: skip
    assert again.status_code == 302, again.content.decode()
    return again.headers["location"]


def did(browser, address, act, **given):
    return browser.post(address, {"act": act, **given})


def looked(browser, address):
    return token(browser.get(address), "looked")


def texts(page):
    return page.content.decode()


def test_a_draft_goes_to_a_second_person_comes_back_is_mended_approved_and_sealed(vault, entered):
    with api.open_vault(vault, WORDS):
        hana, duri = entered("hana"), entered("duri")
        review = submitted(hana, begun(hana), reviewer="duri")
        address = review.replace("/reviews", "")
        assert "면담 12" in texts(duri.get("/"))  # Today says what waits
        page = texts(duri.get(review))
        for words in ("고문", "김뷔가", "98년 봄", "외딴집뷁", "최뷔다"):
            assert words in page
        assert hana.get(address).headers["location"] == review  # while it is read, it is not changed
        kept = hana.post(address, {**SENT, "source-title": "other", "version": "9", "act": "keep"})
        assert kept.status_code == 409

        back = did(duri, review, "return", text="어느 봄입니까?", place="acts-0")
        assert back.status_code == 302
        assert "어느 봄입니까?" in texts(hana.get(address))
        assert "면담 12" in texts(hana.get("/"))
        remark = token(hana.get(address), "remark")
        review = submitted(hana, address, {**SENT, "acts-0-when": "1998-04"})
        assert did(duri, review, "approve", looked=looked(duri, review)).status_code == 400  # what was asked is open
        assert did(hana, review, "settle", remark=remark).status_code == 302
        assert did(duri, review, "approve", looked=looked(duri, review)).status_code == 302

        from corroborate_node.records.models import Claim, Remark, Reviewed

        assert not Claim.objects.exists()
        done = did(hana, review, "seal")
        source = done.headers["location"].partition("#")[0]
        page = texts(hana.get(source))
        assert "hana" in page and "duri" in page
        assert Reviewed.objects.get().by == "duri"
        act = Claim.objects.get(property="violation").subject_id
        assert Remark.objects.get().place == act  # what was said of the row is said of the act
        assert "어느 봄입니까?" in texts(duri.get(f"{source}/remarks"))
        assert hana.get(address).status_code == 404 and duri.get(review).status_code == 404
    assert "wrong" not in ran("doctor", "--vault", vault)


def test_nobody_reviews_what_they_wrote_and_nothing_is_sealed_that_nobody_else_read(vault, entered):
    with api.open_vault(vault, WORDS):
        hana, duri = entered("hana"), entered("duri")
        address = begun(hana)
        review = submitted(hana, address)
        for act in ("approve", "return", "disapprove", "seal"):
            answer = did(hana, review, act, looked=looked(hana, review), text="good")
            assert answer.status_code == 400, act
        version = token(hana.get(address), "version") or "2"
        again = hana.post(address, {**SENT, "version": version, "act": "record", "looked": "0" * 64})
        assert again.status_code == 409
        from corroborate_node.records.models import Claim

        assert not Claim.objects.exists()
        assert did(duri, review, "approve", looked="0" * 64).status_code == 400  # not what stands there now
        stale = looked(duri, review)
        did(hana, review, "retract")
        submitted(hana, address, {**SENT, "acts-0-what": "구타"})
        assert did(duri, review, "approve", looked=stale).status_code == 400
        assert did(duri, review, "approve", looked=looked(duri, review)).status_code == 302
        did(hana, review, "retract")  # after the approval, too: then nothing of it stands
        assert did(hana, review, "seal").status_code in (400, 404)
        assert not Claim.objects.exists()


def test_who_made_another_account_is_no_second_person_to_it(vault, entered, account):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "sol", "a documenter's own passphrase", "documenter", vouched=False)
        account(opened, "mal", "a documenter's own passphrase", "documenter", vouched=False)
        sol, mal = entered("sol"), entered("mal")
        review = submitted(sol, begun(sol))
        answer = did(mal, review, "approve", looked=looked(mal, review))
        assert answer.status_code == 400


def test_who_sees_other_cases_or_may_not_review_sees_no_draft_of_another(vault, entered):
    with api.open_vault(vault, WORDS):
        hana, net, reader = entered("hana"), entered("net"), entered("set")
        review = submitted(hana, begun(hana))
        assert net.get(review).status_code == 404
        assert "면담 12" not in texts(net.get("/record/reviews"))
        assert did(net, review, "remark", text="x").status_code == 404
        assert reader.get(review).status_code == 403
        page = texts(net.get("/"))
        assert "면담 12" not in page


def test_where_a_second_person_always_reads_nobody_seals_alone(vault, entered, account):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "chong", "a documenter's own passphrase", "coordinator")
        chief, hana = entered("chong"), entered("hana")
        assert did(hana, "/record", "rule").status_code == 403
        assert did(chief, "/record", "rule").status_code == 302
        address = begun(hana)
        looked_over = hana.post(address, {**SENT, "version": "1", "act": "look"})
        assert 'value="record"' not in texts(looked_over) and 'value="submit"' in texts(looked_over)
        fields = {**SENT, "version": token(looked_over, "version"), "looked": token(looked_over, "looked")}
        people = re.findall(r'<input type="text" name="(people-\d+-names)" value="([^"]+)"', texts(looked_over))
        assert hana.post(address, {**fields, **dict(people), "act": "record"}).status_code == 400
        did(chief, "/record", "rule-lift")
        assert recorded(hana, begun(hana), SENT)


def test_what_was_sealed_is_corrected_by_a_new_claim_alone(vault, entered):
    with api.open_vault(vault, WORDS):
        hana, duri = entered("hana"), entered("duri")
        review = submitted(hana, begun(hana))
        did(duri, review, "approve", looked=looked(duri, review))
        did(duri, review, "seal")
        from corroborate_node.records.models import Claim, Entered

        assert Entered.objects.get().by == "hana"  # as whoever wrote it recorded it, whoever seals it
        one = Claim.objects.get(property="date")
        page = f"/claims/{one.id}/correct"
        assert hana.post(page, {"act": "correct", "to": "1998-04", "because": "heard again"}).status_code == 200
        one.refresh_from_db()
        assert one.superseded and one.value is not None


def test_a_source_s_comments_go_with_it(vault, entered):
    needle = "뷁쓇말"
    with api.open_vault(vault, WORDS):
        hana, duri = entered("hana"), entered("duri")
        source = recorded(hana, begun(hana), SENT)
        said = did(duri, f"{source}/remarks", "remark", text=f"{needle} 같은 사람?", asks="on")
        assert said.status_code == 302
        assert "면담 12" in texts(hana.get("/"))  # whoever recorded it is asked
        remark = token(hana.get(f"{source}/remarks"), "remark")
        assert did(hana, f"{source}/remarks", "settle", remark=remark).status_code == 302
        assert did(entered("net"), f"{source}/remarks", "settle", remark=remark).status_code == 404
        from corroborate_node.records.models import Remark

        assert Remark.objects.get().settled_by == "hana"
        source_id = source.rpartition("/")[2]
    ran("withdraw", source_id, "--vault", vault)
    with api.open_vault(vault, WORDS):
        assert not Remark.objects.exists()
    for path in vault.rglob("*"):
        assert not path.is_file() or needle.encode() not in path.read_bytes()


def test_the_commands_do_what_the_pages_do(vault, entered, tmp_path):
    for name in ("hana", "duri"):
        (tmp_path / name).write_text("a documenter's own passphrase\n", encoding="utf-8")
    given = {name: ("--as", name, "--account-file", tmp_path / name, "--vault", vault) for name in ("hana", "duri")}
    (tmp_path / "one.yaml").write_text(
        "source: {kind: witness, title: Interview 9}\nconsent: {own: hold}\n"
        "acts: [{what: 고문, whom: 이뷔라, when: '1999'}]\npeople: [{names: 이뷔라}]\n",
        encoding="utf-8",
    )
    one = json.loads(ran("drafts", "submit", tmp_path / "one.yaml", "--to", "duri", "--json", *given["hana"]))
    assert one["state"] == "submitted"
    draft = one["draft"]
    assert [each["id"] for each in json.loads(ran("drafts", "list", "--json", *given["duri"]))] == [draft]
    back = ("drafts", "return", draft, "--because", "which month?", "--place", "acts-0", "--json")
    assert json.loads(ran(*back, *given["duri"]))["state"] == "returned"
    found = json.loads(ran("drafts", "show", draft, "--json", *given["hana"]))
    assert found["remarks"][0]["text"] == "which month?"
    ran("drafts", "settle", draft, found["remarks"][0]["id"], *given["hana"])
    ran("drafts", "submit", draft, *given["hana"])
    read = json.loads(ran("drafts", "show", draft, "--json", *given["duri"]))["looked"]
    refused = ran("drafts", "approve", draft, "--looked", read, *given["hana"], code=1)
    assert "nobody reviews what they wrote themselves" in refused
    ran("drafts", "approve", draft, "--looked", read, *given["duri"])
    done = json.loads(ran("drafts", "seal", draft, "--json", *given["hana"]))
    assert claims(vault, next(id_ for id_ in done["new"].values() if id_.startswith("act_")))
    said = ran("comments", done["source"], "--json", "--vault", vault)
    assert json.loads(said)[0]["settled_by"] == "hana"
