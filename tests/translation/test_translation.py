"""Words in four languages, from the PO files that translators use to what somebody reads."""

import os
import pickle
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate import translation
from corroborate.errors import CorroborateError, InputRefused, InvalidValue
from corroborate.translation import COMPLETE, NO_READER, PACKAGES, Sentence, in_language, of_environment, places
from corroborate_cli import translations
from corroborate_node.estimates.wording import InWords

SOURCES = Path(translation.__file__).parents[1]
OTHERS = [code for code, _ in COMPLETE[1:]]
FILES = sorted(SOURCES.glob("*/locale/*/*.po"))
MARK = re.compile(r"`[^`]*`|(?<![\w-])--[a-z][a-z-]*")


def fields(text):
    parts = string.Formatter().parse(text)
    return sorted({(name, spec, conversion or "") for _, name, spec, conversion in parts if name})


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_code_has_words_in_every_language(language):
    missing = {
        f"{package}/{room}": [one.text for one in texts]
        for package in PACKAGES
        for room, texts in translations.lacking(package, language).items()
    }
    assert missing == {}, "translate these in src/*/locale, or python -m corroborate_cli.translations --missing"


def test_the_po_files_are_those_of_the_code():
    for package in PACKAGES:
        said = translations.messages(package)
        for language in OTHERS:
            folder = SOURCES / package / "locale" / language
            assert {one.stem for one in folder.glob("*.po")} == set(said)
            for room, texts in said.items():
                entries = polib.pofile(str(folder / f"{room}.po"))
                written = {(one.msgctxt or "", one.msgid_plural or one.msgid) for one in entries}
                stale = written ^ {(one.key, one.text) for one in texts}
                assert not stale, f"{folder / room}: run python -m corroborate_cli.translations"


@pytest.mark.parametrize("path", FILES, ids=lambda one: "/".join(one.parts[-4:]))
def test_a_translation_keeps_every_place_and_every_command(path):
    for one in polib.pofile(str(path)):
        for said in filter(None, (one.msgstr, *one.msgstr_plural.values())):
            if not one.msgctxt or "{" in one.msgid:
                assert fields(said) in (fields(one.msgid_plural or one.msgid), fields(one.msgid)), one.msgid
            assert set(MARK.findall(one.msgid)) <= set(MARK.findall(said)), one.msgid


def test_no_translation_claims_a_reader_that_it_did_not_have():
    page = (SOURCES.parent / "docs/reference/translations.md").read_text(encoding="utf-8")
    assert page == translations.reference(), "python -m corroborate_cli.translations --reference writes it"


@pytest.mark.parametrize("path", FILES, ids=lambda one: "/".join(one.parts[-4:]))
def test_each_translation_says_who_read_it_or_that_nobody_has(path):
    silent = [one.msgid for one in polib.pofile(str(path), wrapwidth=0) if one.msgstr and not one.tcomment]
    assert silent == [], "python -m corroborate_cli.translations marks them"
    read = [one.tcomment for one in polib.pofile(str(path), wrapwidth=0) if one.tcomment != NO_READER]
    assert all(re.fullmatch(r"Read by \S.*, \d{4}-\d\d-\d\d", one) for one in read), read


values = st.one_of(st.integers(), st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))


@given(st.dictionaries(st.sampled_from(["name", "number", "listed"]), values, min_size=1))
def test_a_sentence_in_english_is_what_format_makes_of_it(given_):
    text = " and ".join(f"{{{name}}}" for name in given_)
    sentence = Sentence(text, **given_)
    assert sentence == text.format(**given_) == in_language(sentence, "en")
    assert pickle.loads(pickle.dumps(sentence)).values == sentence.values  # noqa: S301 - ours
    error = InvalidValue(text, **given_)
    assert str(error) == str(sentence)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert (type(again), str(again)) == (InvalidValue, str(error))


def test_an_error_that_another_process_told_is_the_same_error_here():
    error = InputRefused("{name}: line {number} has {cells} cells", name="list.csv", number=7, cells=3)
    heard = InputRefused.from_json(error.as_json())
    assert str(heard) == str(error) == "list.csv: line 7 has 3 cells"
    assert heard.sentence.text == error.sentence.text


def test_braces_of_a_source_are_no_places():
    assert str(InvalidValue("{name} cannot be read", name="{0} {x!r} {}")) == "{0} {x!r} {} cannot be read"
    assert in_language(Sentence("{name} stands twice", name="{twice}"), "ko").count("{twice}") == 1
    assert str(CorroborateError("a text with {braces} and no values")) == "a text with {braces} and no values"


def test_a_document_keeps_what_it_needs_to_be_read_in_another_language():
    inner = Sentence("The list {name} names nobody and is left out.", name="북쪽")
    document = {"warnings": [inner], "why": Sentence("{what}; {n:,} others", what=inner, n=1200)}
    found = places(document)
    assert found[str(inner)] == {"text": inner.text, "values": {"name": "북쪽"}}
    korean = InWords("ko", found)[str(inner)]
    assert "북쪽" in korean and "names nobody" not in korean
    assert InWords("en", found)[str(inner)] == str(inner)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "es_AR.UTF-8"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_US", "CORROBORATE_LANGUAGE": "ja"}, "ja"),
        ({"LC_ALL": "", "LANG": "ja"}, "ja"),
    ],
)
def test_commands_speak_the_terminals_language(environment, language):
    assert of_environment(environment) == language


def _run(sources, *arguments, language):
    keep = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "corroborate_cli", *arguments],
        env={
            **keep,
            "PYTHONPATH": str(sources),
            "CORROBORATE_LANGUAGE": language,
            "CORROBORATE_PASSPHRASE": "of no vault",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_translators_change_is_what_a_command_says_without_any_further_step(tmp_path):
    sources = tmp_path / "src"
    shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns("__pycache__"))
    asked = ("search", "김", "--vault", str(tmp_path / "nothing"))
    before = _run(sources, *asked, language="ko")
    assert before.returncode == 1
    assert "오류" in before.stderr and "Traceback" not in before.stderr
    path = sources / "corroborate_cli/locale/ko/commands.po"
    file = polib.pofile(str(path))
    next(one for one in file if one.msgid == "Error: {what}").msgstr = "번역가가 고친 말: {what}"
    file.save(str(path))
    after = _run(sources, *asked, language="ko")
    assert after.stderr.startswith("번역가가 고친 말: ")
    assert before.stderr.partition(": ")[2] == after.stderr.partition(": ")[2]
    assert _run(sources, *asked, language="en").stderr.startswith("Error: ")


def test_a_po_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path):
    """Cut off in the middle (here: files may be no larger than 4 KB), the translations that were there are there."""
    path = tmp_path / "room.po"
    before = 'msgid ""\nmsgstr "Language: ko\\n"\n\nmsgid "Yes"\nmsgstr "예"\n'
    path.write_text(before, encoding="utf-8")
    code = (
        "import resource, signal, sys; from pathlib import Path; import polib\n"
        "from corroborate_cli.translations import saved\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "path = Path(sys.argv[1]); catalogue = polib.pofile(str(path))\n"
        "catalogue.extend(polib.POEntry(msgid=f'A sentence {at}', msgstr='말') for at in range(500))\n"
        "saved(catalogue, path)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert path.read_text(encoding="utf-8") == before
