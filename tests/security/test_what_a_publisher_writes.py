"""A publisher with a key of its own, and an accomplice among the members, writes into every field of a final text and
of a release that no other member signs. What a reader would then take for another's word is not called valid; nothing
of it makes the check fail, run for hours, or write another answer over its own."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from corroborate.coalition import Version, sign
from corroborate.coalition import final as finals
from corroborate.coalition.countries import countries_named
from corroborate.coalition.declarations import declare
from corroborate.coalition.imitation import is_country
from corroborate.coalition.stands import stand
from corroborate.coalition.statements import as_text
from corroborate.custody import Signer
from corroborate.disclosure import Release, check_names, finding_digest, signed_json
from corroborate.disclosure.shown import (
    ActionShown,
    ElementShown,
    FinalShown,
    FindingShown,
    FoundShown,
    MemberShown,
    RecordShown,
    SignOnShown,
    StandShown,
    StatementShown,
    VersionShown,
)
from corroborate.disclosure.standing import check_stands
from corroborate.errors import InputRefused, NotVerified
from corroborate.site import SiteOptions, publish
from corroborate.values import Digest, canonical
from corroborate.vocabulary import load
from corroborate_cli.main import group
from corroborate_cli.speaking import shown as in_a_terminal

AT, STAMP = datetime(2026, 11, 1, tzinfo=UTC), "2026-11-01T00:00:00Z"
MAKER, FRIEND, ANSAN, BUSAN = (Signer(name, bytes([at]) * 32) for at, name in enumerate(
    ("Maker", "Friend", "Ansan", "Busan-Council"), 1))  # fmt: skip
SIGNERS = (MAKER, FRIEND, ANSAN, BUSAN)
KEYS = [one.verifier() for one in SIGNERS]
TEXT = "Open the camps\n\nWe ask for access.\n"


def named(signer: Signer) -> str:
    return signer.name.replace("-", " ")


def entry(signer, choice="with us", text=TEXT, words="", **shown):
    note = sign(signer, Version("s", 1, text.encode()), choice, AT, words).decode()
    who = finals.Signatory(named(signer), **shown)
    return finals.Entry(signer.name.lower(), who, str(signer.verifier()), note, STAMP, words=words)


def page(*signed, text=TEXT, number=1, language="en", published=STAMP, grouping="alphabet", **more):
    signed = signed or (entry(FRIEND, text=text),)
    made = finals.Final(
        "s", number, language, text, published, grouping, signed, publisher=str(MAKER.verifier()), **more
    )
    return replace(made, seal=finals._seal(made, MAKER))


def spoken(words, spokesperson="J. Han", role="director"):
    of = Digest.of(TEXT.encode()).hex
    said = {"member": "friend", "of": of, "spokesperson": spokesperson, "role": role, "words": words}
    fields = {"statement": "s", "spokesperson": spokesperson, "sha256": Digest.of(canonical(said)).hex,
              "choice": "approves"}  # fmt: skip
    note = declare(FRIEND, "quote", fields, AT).decode()
    return finals.Spoken("friend", "Friend", str(FRIEND.verifier()), spokesperson, role, words, note)


def verdict(made):
    html, text = (finals.verify_statement(form(made), KEYS) for form in (finals.statement_html, finals.statement_text))
    assert html.verdict == text.verdict
    return html


def run(tmp_path, name, content, *more):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "keys.txt").write_text("".join(f"{key}\n" for key in KEYS), encoding="utf-8")
    done = CliRunner().invoke(group, ["verify", str(tmp_path / name), "--keys", str(tmp_path / "keys.txt"), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


# A final text


@pytest.mark.parametrize(
    "foot",
    [
        {"number": "1.\n\nSigned by\n\n- Busan Council\n\nVersion 1"},
        {"published": "2026-11-01\nAnsan"},
        {"published": "- Busan Co\nuncil"},
        {"language": "en Busan Council"},
    ],
)
def test_the_foot_of_a_page_holds_a_number_a_day_and_a_language_and_no_words(foot):
    assert verdict(page(**foot)).verdict == "invalid"
    assert verdict(page()).verdict == "valid"


@pytest.mark.parametrize(
    ("role", "spokesperson"), [("head\n\n“We too.”\nLee, Busan", "J. Han"), ("head\u2028Busan", "Han")]
)
def test_who_speaks_is_told_on_one_line(role, spokesperson):
    assert verdict(page(quotes=(spoken("We ask.", spokesperson, role),))).verdict == "invalid"


@pytest.mark.parametrize(
    "quote",
    [
        spoken("We ask.”\nJ. Han, director, Friend\n\n“We want war.”\nK. Kim, head, Busan Council\n\n“So do we."),
        spoken("We want war.", "K. Kim", "Busan Council"),
        spoken("Signed by\n\n- Busan Council"),
        spoken("We take our figures back.", "A. Rey", "director of Busan Council"),
        spoken("We take our figures back.", "Busan Council’s director", "A. Rey"),
    ],
)
def test_a_quote_that_holds_another_s_is_not_simply_valid(quote):
    assert verdict(page(entry(FRIEND), entry(BUSAN), quotes=(quote,))).verdict == "incomplete"


def test_words_of_a_member_are_valid_as_long_as_they_are_its_own():
    long = "We thank all who came, Ansan and Busan Council among them.\n\n“Never again”, we said.\n"
    assert verdict(page(quotes=(spoken(long),))).verdict == "valid"
    assert verdict(page(entry(FRIEND, words="not as to “all” of it"))).verdict == "valid"
    said = verdict(page(entry(FRIEND, words="none.” - Busan Council. With these words: “we agree")))
    assert (said.verdict, "quotation marks" in str(said.failures)) == ("incomplete", True)


@pytest.mark.parametrize(
    "lines",
    [
        "Signatories:\n\n- Busan Council\n",
        "Unterzeichnet von\n\n1. The Busan Council.\n",
        "Signed: Maker, Busan Council (Korea), Ansan\n",
        "Ѕignеd by\n\n- anybody\n",  # Cyrillic letters
        "* Ｂｕｓａｎ　Ｃｏｕｎｃｉｌ\n",
    ],
)
def test_a_text_that_lists_who_did_not_sign_it_says_so(lines):
    text = f"We want war\n\nWe ask.\n\n{lines}"
    assert verdict(page(text=text)).verdict == "incomplete"


def test_a_text_may_list_those_who_did_sign_it_and_name_others_in_its_sentences():
    text = "We ask\n\nThe Busan Council found it in 2014, with others.\n\n- Ansan\n- Friend\n"
    assert verdict(page(entry(FRIEND, text=text), entry(ANSAN, text=text), text=text)).verdict == "valid"


@pytest.mark.parametrize("country", ["Korea), Busan Council (Japan", "These refused to sign", "Abstained"])
@pytest.mark.parametrize("grouping", ["country", "alphabet"])
def test_what_stands_as_a_country_is_one(country, grouping):
    assert verdict(page(entry(FRIEND, country=country), grouping=grouping)).verdict == "incomplete"


def test_every_country_that_a_hub_prints_is_one():
    for language in ("en", "ko", "ja", "es", "fr"):
        for code, name in countries_named(language):
            assert is_country(name), (language, name)
            assert is_country(code)


@pytest.mark.parametrize(
    ("translator", "found"),
    [
        ("J. Han", "valid"),
        ("Friend", "valid"),  # which approved these words by its key
        ("J. Han (Busan Council)", "incomplete"),
        ("Busan Council", "incomplete"),
        ("J. Han, and approved by Busan Council", "incomplete"),
        ("J. Han. Approved to the word by: all", "incomplete"),
    ],
)
def test_beside_the_translator_no_member_is_said_to_approve(translator, found):
    korean = "제목\n\n우리는 전쟁을 요구한다.\n"
    fields = {"statement": "s", "language": "ko", "sha256": Digest.of(korean.encode()).hex,
              "of": Digest.of(TEXT.encode()).hex, "choice": "approves"}  # fmt: skip
    note = declare(FRIEND, "translation", fields, AT).decode()
    made = replace(page(), language="ko", text=korean, original=TEXT, original_language="en", translator=translator,
                   approvals=(("friend", str(FRIEND.verifier()), note),))  # fmt: skip
    assert verdict(replace(made, seal=finals._seal(made, MAKER))).verdict == found


def test_a_translation_lists_nobody_who_signed_the_original_alone():
    french = "Ouvrez les camps\n\n{}\n\n- Busan Council\n"
    assert verdict(unofficial(french.format("Ont approuvé ces mots :"))).verdict == "incomplete"
    listing = TEXT + "\n- Busan Council\n"
    made = replace(unofficial(french.format("Nous :")), original=listing, signed=(entry(BUSAN, text=listing),))
    assert verdict(replace(made, seal=finals._seal(made, MAKER))).verdict == "valid"


MARKUP = "<!DOCTYPE html><style>*{font-size:0}h1,li{font-size:2rem}</style><h1>We want war</h1><li>Busan</li>\n\nx\n"


def unofficial(text):
    made = replace(page(entry(ANSAN), entry(BUSAN)), language="fr", text=text, original=TEXT, original_language="en",
                   translator="J. Han")  # fmt: skip
    return replace(made, seal=finals._seal(made, MAKER))


@pytest.mark.parametrize(("name", "code"), [("s.html", 1), ("s.HTM", 1), ("s", 3), ("s.txt", 0), ("s.TXT", 0)])
def test_a_plain_text_that_a_browser_would_draw_is_valid_only_where_none_draws_it(name, code, tmp_path):
    assert run(tmp_path, name, finals.statement_text(unofficial(MARKUP))).exit_code == code
    assert run(tmp_path, "page.html", finals.statement_html(unofficial(MARKUP))).exit_code == 0


def test_the_keys_of_a_final_text_may_come_in_several_files(tmp_path):
    content = finals.statement_html(page(entry(ANSAN), entry(BUSAN)))
    (tmp_path / "maker.txt").write_text(f"{MAKER.verifier()}\n", encoding="utf-8")
    (tmp_path / "page.html").write_bytes(content)
    (tmp_path / "members.txt").write_text(f"{ANSAN.verifier()}\n{BUSAN.verifier()}\n", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("maker.txt", "members.txt")]
    for order in (files, files[::-1]):
        given = [word for file in order for word in ("--keys", file)]
        assert CliRunner().invoke(group, ["verify", str(tmp_path / "page.html"), *given]).exit_code == 0


def test_digits_are_told_by_the_name_on_the_page_and_not_by_the_publisher_s_label(tmp_path):
    made = page(replace(entry(FRIEND), label="Busan Council"))
    told = run(tmp_path, "s.html", finals.statement_html(made)).output
    assert "Busan" not in told
    assert f"Friend: {FRIEND.verifier().fingerprint}" in told


@pytest.mark.parametrize("part", ["text", "original", "statement", "deep"])
def test_a_block_that_holds_no_text_is_invalid_and_no_error(part):
    made = page()
    record = json.loads(made.content()) | {"seal": made.seal}
    depths = range(440, 520, 3) if part == "deep" else [0]
    for depth in depths:
        inner: object = "a"
        for _ in range(depth):
            inner = [inner]
        held = record | ({"signed": [record["signed"][0] | {"paper": {"a": inner}}]} if depth else {part: "\ud800"})
        block = base64.b64encode(json.dumps(held).encode()).decode()
        content = f"-----BEGIN CORROBORATE STATEMENT-----\n{block}\n-----END CORROBORATE STATEMENT-----\n".encode()
        assert finals.verify_statement(content, KEYS).verdict == "invalid"


def test_marks_without_end_over_one_letter_are_refused_before_they_are_put_in_order():
    began, marks = time.monotonic(), "a" + "\u0301\u0316" * 60_000
    with pytest.raises(InputRefused):
        as_text(marks)
    assert verdict(page(text=f"T\n{marks}\n")).verdict == "invalid"
    assert verdict(page(quotes=(spoken(marks),))).verdict == "invalid"
    assert time.monotonic() - began < 10
    assert as_text("e\u0301 שָׁ ཧཱུྃ") == "é שָׁ ཧཱུྃ\n".encode()


# A release


def under(signer, state="signed", **more):
    choice = {"signed": "with us", "abstains": "abstains", "withdrawn": "withdraws"}[state]
    words = more.get("words", "")
    note = sign(signer, Version("s", 1, TEXT.encode()), choice, AT, words).decode()
    return replace(SignOnShown(signer.name.lower(), str(signer.verifier()), state, Digest.of(TEXT.encode()).hex, STAMP,
                               note, name=named(signer)), **more)  # fmt: skip


def statement(*sign_ons, **more):
    versions = (VersionShown(1, Digest.of(TEXT.encode()).hex, TEXT),)
    return replace(StatementShown("s", "Open the camps", "en", versions, sign_ons), **more)


def released(*statements, **more):
    return Release("T", "Maker", "public", "", date(2026, 11, 1), False, statements=statements, **more)


def told(tmp_path, made, content=b""):
    done = run(tmp_path, "release.json", content or signed_json(made.to_json(), MAKER), "--json")
    return json.loads(done.stdout)


def handed_on(made, form=finals.statement_html):
    return FinalShown(made.language, made.title, made.text, form(made).decode(), made.translator, made.approved_by)


@pytest.mark.parametrize("heading", [
    "Signatories", "Supported by", "Also signed by", "Co-signed by", "Signed by (3)", "On behalf of:", "서명 단체",
    "Signed by the following organisations:", "署名団体一覧", "Firmado por", "También firman:", "Ѕignatories",
    "Signed by: Human Rights Watch, Amnesty International",
])  # fmt: skip
def test_a_heading_of_signatories_within_the_text_is_told(heading, tmp_path):
    text = f"{TEXT}\n{heading}\n\n- Human Rights Watch\n- Amnesty International\n"
    done = run(tmp_path, "page.html", finals.statement_html(page(entry(FRIEND, text=text), text=text)), "--json")
    found = json.loads(done.output)
    assert (found["verdict"], "reads like this page's own" in str(found)) == ("incomplete", True)


@pytest.mark.parametrize(
    "line", ["We signed the treaty.", "Signed treaties", "What supporters of war say", "서명을 받아라"]
)
def test_a_line_that_heads_no_list_of_signatories_raises_no_doubt(line):
    text = f"{TEXT}\n{line}\n"
    assert verdict(page(entry(FRIEND, text=text), text=text)).verdict == "valid"


@pytest.mark.parametrize(
    "mark",
    [
        "”",
        "ˮ",
        "’’",
        "〞",
        "❞",
        '"',
        "＂",
        "″",
        "''",
        "»",
        "״",
        "〃",
        "」",
        "``",
        "’",
        "' '",
        "゛",
        "¨",
        "ᐦ",
        "ᐥ",
        "ꞋꞋ",
        "ߴߴ",
        "˵˵",
        "ٴٴ",
        "ᑊᑊ",
    ],
)
def test_a_reservation_ends_its_quotation_marks_by_no_sign_that_a_reader_takes_for_one(mark, tmp_path):
    words = f"We sign gladly.{mark} – Human Rights Watch (Switzerland). With these words: “Nobody else should be asked"
    done = run(tmp_path, "page.html", finals.statement_html(page(entry(FRIEND, words=words))), "--json")
    found = json.loads(done.output)
    assert (found["verdict"], "end the quotation marks" in str(found)) == ("incomplete", True)


@pytest.mark.parametrize(
    "words",
    ["We do not, and don't, say “no”", "the members’ rights", "«no», decimos", "우리는 「아니오」라고", 'not "as is"'],
)
def test_a_reservation_that_quotes_and_shortens_words_raises_no_doubt(words):
    assert verdict(page(entry(FRIEND, words=words))).verdict == "valid"


@pytest.mark.parametrize("words", ["We sign. Ansan", "We, with Busan-Council, sign", "BUSAN COUNCIL signs it too"])
def test_another_member_s_name_within_a_reservation_is_told(words, tmp_path):
    done = run(tmp_path, "page.html", finals.statement_html(page(entry(FRIEND, words=words))), "--json")
    found = json.loads(done.output)
    assert (found["verdict"], "named within words that it did not say" in str(found)) == ("incomplete", True)
    assert verdict(page(entry(FRIEND, words="We, Friend, sign"))).verdict == "valid"


TRANSLATED = "수용소를 열라\n\n우리는 접근을 요구한다.\n"


def translated(language, approved_as):
    digests = {"sha256": Digest.of(TRANSLATED.encode()).hex, "of": Digest.of(TEXT.encode()).hex}
    fields = {"statement": "s", "language": approved_as, "choice": "approves", **digests}
    approval = ("friend", str(FRIEND.verifier()), declare(FRIEND, "translation", fields, AT).decode())
    return page(entry(FRIEND), text=TRANSLATED, language=language, original=TEXT, original_language="en",
                translator="I. Kim", approvals=(approval,))  # fmt: skip


@pytest.mark.parametrize(("approved_as", "found"), [("ko", "valid"), ("ja", "invalid")])
def test_an_approval_counts_for_the_language_that_it_names(approved_as, found, tmp_path):
    made = translated("ko", approved_as)
    assert verdict(made).verdict == found
    done = run(tmp_path, "page.html", finals.statement_html(made), "--json")
    assert json.loads(done.output)["verdict"] == found


@pytest.mark.parametrize("name", ["Busan Council", "Busan\u200d Council", "Вusan Council", "BUSAN COUNCIL"])
def test_on_paper_a_name_that_looks_like_one_whose_key_the_reader_has_is_told(name, tmp_path):
    paper = {"scan": "0" * 64, "recorded_by": "first person", "confirmed_by": "second person"}
    made = page(entry(FRIEND), finals.Entry("b", finals.Signatory(name), "", "", STAMP, paper))
    assert "has a key that you gave, and did not sign with it here" in run(
        tmp_path, "page.html", finals.statement_html(made)
    ).output.replace("\n", " ")
    beside = page(entry(BUSAN), finals.Entry("b", finals.Signatory(name), "", "", STAMP, paper))
    assert verdict(beside).verdict == ("invalid" if name == "Busan Council" else "incomplete")


def test_a_release_that_says_what_was_signed_is_valid_and_tells_reservations(tmp_path):
    final = handed_on(page(entry(ANSAN, words="not as to 2002"), entry(BUSAN)))
    made = released(statement(under(ANSAN, words="not as to 2002"), under(BUSAN), finals=(final,)))
    found = told(tmp_path, made)
    assert (found["verdict"], found["signed_by_nobody"]) == ("valid", ["kinds"])
    assert found["statements"][0]["names"][0]["words"] == "not as to 2002"
    assert "not as to 2002" in run(tmp_path, "release.json", signed_json(made.to_json(), MAKER)).output


@pytest.mark.parametrize(
    "silent",
    [
        SignOnShown("busan", "", "silent", name="Busan Council", words="We want war"),
        replace(under(BUSAN, "abstains", words="This is false"), state="silent"),
    ],
)
def test_who_is_silent_says_nothing_and_nobody_who_spoke_is_made_silent(silent, tmp_path):
    assert told(tmp_path, released(statement(under(ANSAN), silent)))["verdict"] == "invalid"


def test_a_title_that_nobody_signed_over_names_is_not_simply_valid(tmp_path):
    assert told(tmp_path, released(statement(under(BUSAN), title="We want war")))["verdict"] == "incomplete"


@pytest.mark.parametrize("state", ["signed", "silent"])
def test_another_key_than_the_reader_s_is_not_given_as_a_member_s(state, tmp_path):
    false = str(Signer(BUSAN.name, b"\x77" * 32).verifier())
    silent = SignOnShown("busan", false, "silent", name="Busan Council")
    one = under(BUSAN, verifier=false) if state == "signed" else silent
    found = told(tmp_path, released(statement(under(ANSAN), one)))
    assert (found["verdict"], "another key" in str(found["statements"])) == ("incomplete", True)
    assert told(tmp_path, released(statement(under(ANSAN, member="busan-council"))))["verdict"] == "incomplete"


AGAINST = (entry(BUSAN, "abstains", words="No"),)


@pytest.mark.parametrize(
    ("listed", "final", "found"),
    [
        ((under(ANSAN), under(BUSAN, "withdrawn")), page(entry(ANSAN), entry(BUSAN)), "invalid"),
        (
            (under(ANSAN), under(BUSAN)),
            page(entry(ANSAN), abstained=(entry(BUSAN, "abstains", words="No"),)),
            "invalid",
        ),
        ((under(ANSAN),), page(entry(ANSAN), withdrawn=(entry(BUSAN, "withdraws"),)), "incomplete"),
        ((under(ANSAN), under(BUSAN, "abstains", words="No")), page(entry(ANSAN)), "incomplete"),
        ((under(ANSAN), under(BUSAN)), page(entry(ANSAN)), "incomplete"),
        ((under(ANSAN), under(BUSAN)), page(entry(ANSAN), entry(BUSAN), number=7), "invalid"),
    ],
)
def test_the_final_text_and_the_names_beside_it_say_the_same(listed, final, found, tmp_path):
    assert told(tmp_path, released(statement(*listed, finals=(handed_on(final),))))["verdict"] == found


def test_a_member_that_a_page_calls_as_the_register_does_raises_no_doubt_where_the_list_calls_it_as_its_key(tmp_path):
    made = page(entry(ANSAN), replace(entry(BUSAN), label="Busan Council"))
    by_key = under(BUSAN, member=BUSAN.name, name="")
    listed = statement(under(ANSAN, member=ANSAN.name), by_key, finals=(handed_on(made),))
    found = told(tmp_path, released(listed))
    assert (found["verdict"], found["statements"][0]["doubts"]) == ("valid", [])
    other = replace(listed, sign_ons=(listed.sign_ons[0], under(FRIEND, member=FRIEND.name, name="")))
    assert told(tmp_path, released(other))["verdict"] == "incomplete"
    withdrew = replace(listed, sign_ons=(listed.sign_ons[0], under(BUSAN, "withdrawn", member=BUSAN.name, name="")))
    assert told(tmp_path, released(withdrew))["verdict"] == "invalid"


def test_of_two_texts_of_one_statement_none_is_shown(tmp_path):
    twice = released(statement(under(BUSAN)), statement(under(BUSAN, "withdrawn")))
    assert told(tmp_path, twice)["verdict"] == "invalid"
    both = tuple(handed_on(one) for one in (page(entry(ANSAN)), page(entry(ANSAN), entry(BUSAN))))
    assert told(tmp_path, released(statement(under(ANSAN), finals=both)))["verdict"] == "invalid"


def test_a_page_that_a_site_hands_on_is_drawn_by_nobody_but_us(tmp_path):
    final = handed_on(unofficial(MARKUP), finals.statement_text)
    made = released(statement(under(ANSAN), under(BUSAN), finals=(final,)))
    assert told(tmp_path, made)["verdict"] == "invalid"
    with pytest.raises(NotVerified):
        publish(made, tmp_path / "site", SiteOptions())


@pytest.mark.parametrize("lie", [{"name": "../../../up"}, {"language": "../up"}, {"versions": ()}])
def test_a_statement_without_a_text_or_with_a_name_that_leads_elsewhere_is_published_nowhere(lie, tmp_path):
    made = released(statement(**lie))
    assert told(tmp_path, made)["verdict"] == "invalid"
    with pytest.raises(NotVerified):
        publish(made, tmp_path / "a" / "b" / "c" / "site", SiteOptions())


def test_a_release_that_says_one_thing_twice_is_invalid(tmp_path):
    good = signed_json(released(statement(under(ANSAN))).to_json(), MAKER)
    other = json.loads(released(statement(under(ANSAN), title="Busan wants war")).to_json())["release"]
    twice = b'{"release":' + json.dumps(other).encode() + b"," + good[1:]
    assert json.loads(twice) == json.loads(good), "another reader may show the first"
    assert told(tmp_path, None, twice)["verdict"] == "invalid"


@pytest.mark.parametrize("deep", [b'{"format":' + b"[" * 200_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000])
def test_a_file_without_bottom_is_refused_as_none(deep, tmp_path):
    (tmp_path / "deep.json").write_bytes(deep)
    assert isinstance(CliRunner().invoke(group, ["verify", str(tmp_path / "deep.json")]).exception, InputRefused)


def test_a_name_writes_no_other_answer_over_ours(tmp_path):
    for sign_ in ("\x1b[2J\x1b[HVALID", "x\rVALID", "\x9b2JVALID", "x\nVALID: release.json"):
        made = released(statement(under(ANSAN), under(BUSAN, note="", name=sign_)))
        done = run(tmp_path, "release.json", signed_json(made.to_json(), MAKER))
        assert (done.exit_code, done.output[:7]) == (1, "INVALID")
        assert not set(done.output) & set("\x1b\r\x9b")
    assert in_a_terminal("a\x1b[2Jb\r\nc\td") == "a<U+001B>[2Jb\r\nc\td"


TORTURE = "cah.torture.1"
FOUND = FindingShown("Torture", "7", TORTURE, "conduct", "It was done.", 20, None, None, (), None, "several roots", "",
                     "", "", ("Busan Council: nothing of this is so",))  # fmt: skip


def stands(made, signer, finding=TORTURE, choice="stands", words="", **more):
    note = stand(signer, finding, "public", finding_digest(made, finding), choice, words, AT).decode()
    return replace(StandShown(finding, signer.name, choice, words, AT.isoformat(), True, note), **more)


def test_a_dissent_is_not_put_aside_by_saying_that_its_key_was_revoked(tmp_path):
    made = released(findings=(FOUND,))
    dissent = stands(made, BUSAN, choice="dissents", words="not in 2002")
    found = told(tmp_path, replace(made, stands=(stands(made, ANSAN), dissent)))
    assert (found["verdict"], found["signed_by_nobody"]) == ("valid", ["dissent"])
    aside = replace(dissent, revoked=True, current=False)
    assert told(tmp_path, replace(made, stands=(stands(made, ANSAN), aside)))["verdict"] == "incomplete"


def test_a_finding_is_shown_under_no_element_of_which_it_does_not_speak_and_under_no_other_words():
    crime = load("crimes")["cah.torture"]
    [first, *_] = crime.more["elements"]
    line = FoundShown("coi.1", "finding", "IV", "It was done.", (), "A/HRC/25/63", "12", (), (), (), (), (first["id"],),
                      False, "", "seen", "en")  # fmt: skip
    element = ElementShown(crime.id, crime.label["en"], str(crime.more["article"]), first["id"], first["kind"],
                           first["text"], ("coi.1",))  # fmt: skip
    made = released(record=RecordShown((line,), (element,)))
    stood = replace(made, stands=(stands(made, BUSAN, "coi.1"),))

    def checked(**lie):
        record = replace(stood.record, elements=(replace(element, **lie),))
        return [said for _, said in check_stands(replace(stood, record=record), KEYS)]

    assert checked() == ["valid"]
    assert checked(title="Genocide") == checked(proposition="With intent to destroy.") == ["beside"]
    with pytest.raises(NotVerified):
        checked(element="genocide.intent")


def test_a_long_title_is_not_read_over_for_each_name(tmp_path):
    assert told(tmp_path, replace(released(statement(under(ANSAN))), title="x" * 5000))["verdict"] == "invalid"


def test_what_no_member_signs_of_actions_is_said(tmp_path):
    action = ActionShown("a", "vigil", "For war", ("Busan Council",), "2026-01-01", "2026-01-01", "en")
    made = released(statement(under(ANSAN)), actions=(action,))
    assert told(tmp_path, made)["signed_by_nobody"] == ["kinds", "actions"]
    assert "no member signed them" in run(tmp_path, "release.json", signed_json(made.to_json(), MAKER)).output
    check_names(made.statements[0], KEYS)


def test_a_list_of_members_and_a_coalition_s_name_that_nobody_signed_are_said_to_be_so(tmp_path):
    """Whoever has one member's key signs a release in the name of a coalition, with Human Rights Watch in its list."""
    forged = replace(
        released(), coalition="International Coalition", members=(MemberShown("Human Rights Watch", "organisation"),)
    )
    assert told(tmp_path, forged)["signed_by_nobody"] == ["members", "coalition", "kinds"]
    [line] = [
        one
        for one in run(tmp_path, "release.json", signed_json(forged.to_json(), MAKER)).output.splitlines()
        if "no member signed them" in one
    ]
    assert "the list of members; the name of the coalition; who is an organisation" in line


WHY = "The text was changed"


def test_why_a_member_took_its_name_back_stands_beside_it_and_is_told_by_the_check(tmp_path):
    """On the page, on paper and in the text; the words are part of what the member signed."""
    left = entry(BUSAN, "withdraws", words=WHY)
    made = page(entry(ANSAN), withdrawn=(left,), format=finals.FORMAT_TELLING)
    for name, content in (("s.html", finals.statement_html(made)), ("s.txt", finals.statement_text(made))):
        assert f"withdrawn on {STAMP[:10]}: “{WHY}”" in content.decode().partition("BEGIN CORROBORATE")[0]
        done = run(tmp_path, name, content)
        assert (done.exit_code, WHY in done.output) == (0, True), done.output
    other = page(entry(ANSAN), withdrawn=(replace(left, words="We changed our mind"),), format=finals.FORMAT_TELLING)
    assert "other words stand beside it" in run(tmp_path, "s.html", finals.statement_html(other)).output


def test_a_page_that_hides_why_a_member_took_its_name_back_is_not_valid(tmp_path):
    made = page(entry(ANSAN), withdrawn=(entry(BUSAN, "withdraws", words=WHY),))  # in the form of before
    done = run(tmp_path, "s.html", finals.statement_html(made))
    assert (done.exit_code, "does not show why" in done.output) == (3, True), done.output


def test_a_release_keeps_why_a_member_took_its_name_back_and_one_that_drops_it_is_not_valid(tmp_path):
    left = under(BUSAN, "withdrawn", words=WHY)
    final = handed_on(
        page(entry(ANSAN), withdrawn=(entry(BUSAN, "withdraws", words=WHY),), format=finals.FORMAT_TELLING)
    )
    kept = told(tmp_path, released(statement(under(ANSAN), left, finals=(final,))))
    assert kept["verdict"] == "valid"
    assert WHY in json.dumps(kept)
    dropped = told(tmp_path, released(statement(under(ANSAN), replace(left, words=""), finals=(final,))))
    assert dropped["verdict"] == "incomplete"
    assert "drops that" in json.dumps(dropped)


def test_who_is_an_organisation_is_the_publisher_s_word_and_the_page_and_the_check_say_so(tmp_path):
    made = page(entry(ANSAN), entry(BUSAN, kind="individual"), grouping="kind", format=finals.FORMAT_TELLING)
    done = run(tmp_path, "s.html", finals.statement_html(made))
    assert "no key says so" in finals.statement_html(made).decode()
    assert "no key says so" in finals.statement_text(made).decode()
    assert "kinds, countries and affiliations beside names: said by" in done.output
    found = json.loads(run(tmp_path, "s.html", finals.statement_html(made), "--json").stdout)
    assert found["checked"]["signed_by_nobody"][named(BUSAN)] == ["individual"]


def test_a_page_set_for_print_says_that_its_keys_were_compared_with_nothing(tmp_path):
    straw = Signer("Friend", b"s" * 32)  # of whoever made the page, under a member's name
    (tmp_path / "p.txt").write_bytes(finals.statement_text(page(entry(straw))))
    asked = ["statement", "final", str(tmp_path / "p.txt"), "--out", str(tmp_path / "p.pdf")]
    done = CliRunner().invoke(group, asked)
    assert done.exit_code == 0
    assert "compared with nothing" in done.output
    assert straw.verifier().fingerprint in done.output
