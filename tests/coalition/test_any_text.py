# ruff: noqa: E501 - a table of pieces reads better whole
"""Whatever text is given as a statement ends in names or in a sentence, and within seconds."""

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corroborate.coalition.members import read_list
from corroborate.coalition.reading import read_statement
from corroborate.errors import InputRefused

PIECES = [
    "Signatories:", "Signed,", "Firman:", "참여단체(총 3개)", "【賛同団体】（五十音順）", "Organizations:", "개인:", "Japan", "JAPAN (3)",
    "- Aid House (Norway)", "1. Light, South Korea", "Ada Fictman, Director, Aid House", "Dr. ", "van der X, H.J.", "(", ")",
    "- ", "•", "、", "A, B and C", "가상인권연합, 허구센터, 꾸며낸모임", "", "", "www.x.example", "Contact: a@x.example", "x" * 350,
    "written statement submitted by A, a non-governmental organization in special consultative status", "以上", "（", "–", ";",
]  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=14),
    st.sampled_from(["\n", "\r\n", " "]),
)
def test_any_lines_end_in_names_or_in_a_sentence(lines, end):
    try:
        found = read_list(end.join(lines))
    except InputRefused as refused:
        assert str(refused)
    else:
        assert found.members and all(one.name.strip() for one in found.members)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.csv", "a.xlsx", "a.html"]))
def test_any_bytes_end_in_names_or_in_a_sentence(content, name):
    try:
        read_statement(content, name)
    except InputRefused as refused:
        assert str(refused)


def test_long_lines_and_long_texts_do_not_keep_anybody_waiting():
    began = time.process_time()
    for text in ("Signatories:\n" + "(" * 20_000, "Signed by: " + "A, " * 10_000, "- " * 20_000, "a: " * 20_000,
                 "Signatories:\n- " + "x (" * 90 + "\n- y"):  # fmt: skip
        try:
            read_list(text)
        except InputRefused:
            continue
    assert time.process_time() - began < 20
