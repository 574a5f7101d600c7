"""The help of every command, and what the library of commands says, in the language of the terminal."""

import os
import re
import subprocess
import sys
from functools import cache

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate import translation
from corroborate_cli import helping, translations

OTHERS = [code for code, _ in translation.COMPLETE[1:]]


@cache
def run(*arguments, language):
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "corroborate_cli", *arguments],
        env={**keep, "CORROBORATE_LANGUAGE": language, "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("language", OTHERS)
def test_what_click_reads_is_what_the_translators_wrote(language):
    path = translations._po("corroborate_cli", language, "click")
    made = polib.mofile(str(path.parent / "LC_MESSAGES" / "messages.mo"))
    written = polib.pofile(str(path)).translated_entries()
    assert {(one.msgid, one.msgstr, *one.msgstr_plural.values()) for one in made} == {
        (one.msgid, one.msgstr, *one.msgstr_plural.values()) for one in written
    }


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("command", [("--help",), ("import", "-h"), ("statement", "sign", "--help"), ("keys", "-h")])
def test_help_is_whole_in_each_language(language, command):
    english, other = run(*command, language="en"), run(*command, language=language)
    assert (english.returncode, other.returncode) == (0, 0)
    names = re.findall(r"^  (--?[a-z][\w-]*|[a-z]+)(?=, -|  )", english.stdout, re.MULTILINE)
    for name in names:
        assert name in other.stdout
    prose = {line.strip() for line in english.stdout.splitlines() if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", line)}
    left = [one for one in prose if one in other.stdout and "corroborate " not in one]
    assert left == []


@pytest.mark.parametrize("language", OTHERS)
def test_misuse_is_told_in_each_language_and_ends_with_2(language):
    wrong = (("nosuch",), ("import",), ("demo", "--size", "x"))
    for asked in wrong:
        said = run(*asked, language=language)
        assert said.returncode == 2
        assert said.stderr != run(*asked, language="en").stderr
        assert not re.search(r"\b(Usage|Missing|No such|Invalid|does not exist|Try)\b", said.stderr), said.stderr


@given(st.text("こんにちは、世界。 word 金正日 (CSV) ", max_size=200), st.integers(10, 80))
def test_lines_are_no_wider_than_asked_and_lose_nothing(text, width):
    lines = helping.broken(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert helping.columns(line) <= width or " " not in line
    if not re.search(r"(^|[ a-z()A-Z、。])[、。]", text):  # a mark stays with the letter before it
        assert not any(one.startswith(("、", "。")) for one in lines)
