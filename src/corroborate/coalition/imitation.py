"""Words that a reader would take for a page's own: for its headings, its lists of names, what stands under a quote.

A page that is drawn of whatever its publisher and one of its members write has to say where such words stand. Nobody is
accused: a text may list whom it thanks. But whoever reads is told that these names signed nothing there.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import yaml

from corroborate.coalition.countries import code_of, country_name
from corroborate.coalition.likeness import skeleton, width
from corroborate.errors import InvalidValue
from corroborate.vocabulary import country_names

_LINE = 200  # letters of a line that a reader takes for a heading or an entry of a list, and for no sentence
_SHORT = 3  # letters of a name, as abbreviations have them: found as a word of its own
_LONGEST = 2000  # letters of a line that may list names and nothing else
_BETWEEN = re.compile(r"[,;:/|()、，；：（）·•“”\"«»]|\s(?:and|y|e|et|und|및|と|&)\s|\s[-–—]\s")
_BEFORE = re.compile(r"^[\W\d_]*(?:the )?", re.IGNORECASE)  # before an entry: a dash, a number, a star
_ENDS = (".", "!", "?", "。", "！", "？", "…")


def looks(names: Iterable[str]) -> Mapping[str, str]:
    """Names by what they look like."""
    return {skeleton(name): name for name in names}


def _even(line: str) -> str:
    """Without the marks over letters, which count for nothing in a likeness, and take long to put in order."""
    return " ".join("".join(one for one in line if not unicodedata.combining(one)).split())


_MOST_WORDS, _MOST_LETTERS, _MOST_SIGNS = 12, 100, 24  # of such a line: of words, of letters, of Chinese letters
_BRACKETED = re.compile(r"[(\[（［][^)\]）］]*[)\]）］]")


@cache
def _over_names() -> Mapping[str, frozenset[str]]:
    """Words of headings over signatories, by what they look like."""
    text = resources.files("corroborate.coalition").joinpath("signing_headings.yaml").read_text(encoding="utf-8")
    return {key: frozenset(map(skeleton, said.split())) for key, said in yaml.safe_load(text).items()}


def is_heading(line: str, headings: Iterable[str]) -> bool:
    """Whether a line looks like one of these headings, given by what they look like, or heads a list of names."""
    even = _even(line)
    return len(even) <= _LINE and (skeleton(even) in headings or _heads_names(even))


def _heads_names(even: str) -> bool:
    """Whether a line, or what stands in it before a colon, heads a list of signatories: "Signed by (3)"."""
    head, colon, _ = even.replace("：", ":").partition(":")
    head = _BRACKETED.sub(" ", head).strip()
    if len(head) > _MOST_LETTERS or (not colon and head.endswith(_ENDS)):
        return False
    words = [look for part in re.split(r"[\W\d_]+", head) if (look := skeleton(part))]
    if not words or len(words) > _MOST_WORDS:
        return False
    known, whole = _over_names(), "".join(words)
    if known["signing"].union(known["around"]).issuperset(words):
        return not known["signing"].isdisjoint(words)
    return whole in known["alone"] or (len(head) <= _MOST_SIGNS and any(one in whole for one in known["within"]))


def listed(line: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Those of these names that a line gives as a list does, and not as a sentence does."""
    even = _even(line)
    if len(even) > _LONGEST:
        return ()
    if whole := next((names[look] for one in (even, _BEFORE.sub("", even)) if (look := skeleton(one)) in names), ""):
        return (whole,)
    _, colon, after = even.partition(":")
    parts = [part for part in _BETWEEN.split(after if colon and after.strip() else even) if part and part.strip()]
    found = [names.get(skeleton(_BEFORE.sub("", part)), "") for part in parts]
    is_list = len(even) <= _LINE and not even.endswith(_ENDS)
    return tuple(filter(None, found)) if is_list or all(found) else ()


def naming(words: str, names: Mapping[str, str], own: str) -> str:
    """The first of these names that words hold in whatever way; not one's own, nor one that stands within one's own."""
    even = _even(words)
    tokens = [look for part in re.split(r"\W+", even) if (look := skeleton(part))]
    mine, whole = skeleton(own), skeleton(even)
    without = whole.replace(mine, "\n") if mine else whole
    for look, name in names.items():
        if look and look != mine and look in without and (width(look) > _SHORT or look in tokens):
            return name
    return ""


# What a reader takes for one end of a quotation, beside what Unicode calls so (Pi, Pf): two of the first are one.
_SINGLE = "'`´‘’‚‛‹›ʹʻʼʽʾˈˊˋ˴՚՝׳′‵΄᾽᾿῾´ˋꞌ＇｀❛❜Ꞌߴߵ˵ٴᑊᐟᐠ"
_DOUBLE = '"¨゛ᐦᐥ″‶‴‷⁗˝ʺˮ˶״ײ〃＂\u030b\u030e᳓'
_OPEN, _CLOSE = "„⹂‚〝「『﹁﹃❝❛🙶《〈⟪", "〞〟」』﹂﹄❞❜🙷🙸》〉⟫"
_TWICE = re.compile(rf"([{_SINGLE}])\s?[{_SINGLE}]|,,|<<|>>")


def closes(words: str) -> bool:
    """Whether words end the quotation marks that the page sets around them, so that the rest is read as its own; by any
    sign that a reader takes for a closing one, and also by one that is opened and left to the page's own to close."""
    depth, single, before = 0, 0, " "
    even = _TWICE.sub(_one_mark, words)
    for at, one in enumerate(even):
        turn = _opens(one, before, even[at + 1 : at + 2] or " ", single)
        if one in _SINGLE:
            single += turn
        else:
            depth += turn
        if depth < 0 or single < 0:
            return True
        before = one
    return depth > 0


def check_quoted(member: str, words: str) -> None:
    """Raises InvalidValue for words that end the quotation marks around them: they are shown behind a name, among other
    names with words, and what comes after would be read as another member's."""
    if closes(words):
        raise InvalidValue(
            "the words of {member} end the quotation marks around them, and what follows would be read as another's: "
            "{words}",
            member=member,
            words=words[:200],
        )


def _one_mark(found: re.Match[str]) -> str:
    """Two single marks beside each other are read as one double; two that lean to one side keep that side."""
    return {"<<": "«", ">>": "»", ",,": "„"}.get(found[0], '"')


def _opens(one: str, before: str, after: str, single: int) -> int:
    """1 for a mark that opens, -1 for one that closes, 0 for a sign that is neither, an apostrophe among them.

    ``single``: how many single marks are open.
    """
    kind = unicodedata.category(one)
    known = one in _SINGLE or one in _DOUBLE or one in _OPEN or one in _CLOSE
    if not known and kind not in ("Pi", "Pf"):
        return 0
    apart = before.isspace() or before in "-–—:：" or unicodedata.category(before) in ("Ps", "Pi")
    ends = after.isspace() or unicodedata.category(after)[0] == "P"
    if one in _SINGLE and kind != "Pi":
        if apart and not ends:  # '90s, ’n’: one that leans back opens nothing
            return 0 if kind == "Pf" else 1
        if before.isalnum():  # don't, the members' rights; or the end of what a single mark opened
            return -1 if single and ends else 0
        return -1
    if one in _OPEN or one in _CLOSE or kind == "Pf":
        return 1 if one in _OPEN else -1
    if kind == "Pi":
        return -1 if ends and not apart else 1
    return 1 if apart and not ends else -1


def is_country(printed: str) -> bool:
    """Whether what is printed beside a name as its country is one."""
    names = country_names().get(printed, {}) or any(printed in one.values() for one in country_names().values())
    return bool(names) or code_of(printed) is not None or country_name(printed) != printed


__all__ = ["check_quoted", "closes", "is_country", "is_heading", "listed", "looks", "naming"]
