"""How words tell of an act: done to the person, denied, seen, threatened, done to somebody else, or not sure.

The words of acts themselves are the caller's: it says where they stand, and asks what stands around them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from corroborate.languages.reviewed import reviewed
from corroborate.translation import Sentence

Said = Literal["for", "against", "seen", "another", "threatened"]
Script = Literal["words", "ko", "ja", "cyrillic", "arabic"]
LANGUAGES: dict[Script, tuple[str, ...]] = {
    "words": ("en", "es", "fr"),
    "ko": ("ko",),
    "ja": ("ja", "zh"),
    "cyrillic": ("ru", "uk"),
    "arabic": ("ar", "fa"),
}
"""In which languages words of one script are looked for. Korean, Japanese and Chinese stand without spaces."""
TIGHT: frozenset[Script] = frozenset(("ko", "ja"))
HIDDEN = "▮"  # stands for the words of another act while marks around one are looked for


@dataclass(frozen=True, slots=True)
class Manner:
    """How one act is told. ``said`` is empty where the words do not say; ``why`` then is the reason for a person."""

    said: tuple[Said, ...]
    kin: str = ""
    heard: bool = False
    why: str = ""


class _Every(dict[str, dict[str, re.Pattern[str]]]):
    """Language -> marks. Those of a language are compiled when it is first met."""

    def __missing__(self, language: str) -> dict[str, re.Pattern[str]]:
        rows: dict[str, str] = reviewed(__package__, "telling")[language]
        made = {name: re.compile(body.replace("%KIN%", rows["kin"])) for name, body in rows.items()}
        self[language] = made
        return made


@cache
def _marks() -> _Every:
    return _Every()


_AMERICAN = (
    (r"labour", "labor"),
    (
        r"\b(\w*(?:steril|organ|mobil|critic|brutal|author|victim|terror|recogn|central|national|human|penal|colon|legal"
        r"|character|hospital|apolog|revolution|scrutin|stigmat|traumat|ostrac|radical|marginal|sodom|anonym|sensit))is(?=ed|ing|ation|es\b|e\b)",
        r"\1iz",
    ),
    (r"programme", "program"),
    (r"centre", "center"),
    (r"offence", "offense"),
    (r"favour", "favor"),
    (r"behaviour", "behavior"),
    (r"travell", "travel"),
    (r"aeroplane", "airplane"),
    (r"\bca(?:n not|nt)\b", "cannot"),
    (r"(?<![:=-] )(?<![:=-])\bno\.? ?(?=\d)", "number "),
)
_NORTHERN = (
    ("로동", "노동"),
    ("랍치", "납치"),
    ("녀성", "여성"),
    ("녀자", "여자"),
    ("련행", "연행"),
    ("력사", "역사"),
    ("령아", "영아"),
    ("뢰물", "뇌물"),
)


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """Words as acts are looked for in them: half-width, lower case, Latin letters without marks, American spelling."""
    text = unicodedata.normalize("NFKC", text).lower()
    bare = "".join(
        c
        for c in unicodedata.normalize("NFD", text)
        if not "\u0300" <= c <= "\u036f" and c not in "\u200b\u200c\u200d\u2060\ufeff"
    )
    bare = unicodedata.normalize("NFC", bare)
    if _ARABIC.search(bare):
        bare = bare_arabic(bare)
    bare = (
        re.sub(r"[\"“”„«»`()\[\]{}<>「」『』【】〔〕]", " ", bare)
        if not re.search(r"[가-힣ぁ-ヿ一-龥]", bare)
        else re.sub(r"[\"“”„«»`]", "", bare)
    )
    bare = re.sub(r"(?<=[a-z])['’‘](?=[a-z])", " ", bare)
    bare = re.sub(r"[-_‐‑–—]+", " ", bare).replace("'", " ")
    for british, american in _AMERICAN:
        bare = re.sub(british, american, bare)
    return re.sub(r"[ \t\u3000]+", " ", bare).strip()


_ARABIC = re.compile(r"[\u0620-\u06ff]")
_ONE_ARABIC = str.maketrans("أإآٱىيةؤئك", "ااااییهویک")


def bare_arabic(text: str) -> str:
    """Arabic and Persian letters in one form, without signs for vowels: both alphabets write one word."""
    return re.sub(r"[\u064b-\u0652\u0640]", "", text).translate(_ONE_ARABIC)


@lru_cache(maxsize=100_000)
def tight(text: str) -> str:
    """Korean and Japanese words without spaces, in the spelling of the South."""
    bare = re.sub(r"[ \t\u3000]+", "", text)
    for northern, southern in _NORTHERN:
        bare = bare.replace(northern, southern)
    return bare


def scripts_of(text: str) -> tuple[Script, ...]:
    """In which ways a text has to be read."""
    found: list[Script] = []
    if re.search(r"[a-z]{2}", text):
        found.append("words")
    if re.search(r"[\u0400-\u04ff]{2}", text):
        found.append("cyrillic")
    if re.search(r"[\u0620-\u06ff]{2}", text):
        found.append("arabic")
    if re.search(r"[가-힣]", text):
        found.append("ko")
    if re.search(r"[ぁ-ヿ一-龥々]", text):
        found.append("ja")
    return tuple(found)


Span = tuple[int, int]


def clauses(text: str, script: Script, acts: Sequence[Span]) -> list[Span]:
    """Parts of a text in which one mark can hold. Words of acts are never cut, nor a list of nothing but acts."""
    cuts: set[int] = set()
    for language in LANGUAGES[script]:
        for found in _marks()[language]["split"].finditer(text):
            between = any(end == found.start() for _, end in acts) and any(start == found.end() for start, _ in acts)
            between = between and not _TURNS.search(found[0])
            if not between and not any(start < found.end() and found.start() < end for start, end in acts):
                cuts.add(found.end())
    if script == "words":
        for found in re.finditer(
            r"\b(?:and|y)(?= (?:was|were|is|had|has been|got|later|then|also|subsequently|not|never|no|fue|fueron|no|nunca)\b)",
            text,
        ):
            cuts.add(found.start())
    ends = sorted(cuts | {0, len(text)})
    return [(a, b) for a, b in pairwise(ends) if a < b]


_TURNS = re.compile(r"\b(?:but|however|although|though|pero|sino|aunque)\b")  # what follows is told otherwise


def _hidden(text: str, start: int, end: int, acts: Sequence[Span]) -> str:
    """A part of the text in which other acts are one sign each."""
    parts, at = [], start
    for first, last in sorted(acts):
        if first >= end or last <= start:
            continue
        parts += [text[at : max(first, at)], HIDDEN]
        at = max(at, last)
    parts.append(text[at:end])
    return "".join(parts)


def manner(
    text: str, script: Script, act: Span, clause: Span, acts: Sequence[Span], *, watched: Sequence[Span] = ()
) -> Manner:
    """How an act is told. ``acts``: where words of acts stand; ``watched``: those that say that somebody was made to
    watch."""
    others = [one for one in acts if one != act]
    before, after = _hidden(text, clause[0], act[0], others), _hidden(text, act[1], clause[1], others)
    told = _hidden(text, _sentence(text, act[0]), act[0], others)
    if script not in TIGHT:
        forced = any(end <= act[0] and start >= clause[0] for start, end in watched)
        languages = LANGUAGES[script]
        found = _in_words(before, after, text[clause[0] : act[0]], forced, languages)
        if script == "words" and _any([_marks()["en"]], "denied_whole", text[clause[0] : act[1]]):
            return Manner(("against",))
    else:
        languages = LANGUAGES[script][:1]
        forced = any(clause[0] <= start <= clause[1] for start, _ in watched)
        found = _in_endings(before, after, text[act[1] : clause[1]], _marks()[script], forced)
        if script == "ja" and found.said == ("for",) and not _KANA.search(text):
            found = _in_words(before, after, text[clause[0] : act[0]], forced, ("zh",))
    if found.said != ("for",):
        return found
    return next((other for one in languages if (other := _of_kin(told, _marks()[one])) is not None), found)


_KANA = re.compile(r"[ぁ-ヿ]")


def _sentence(text: str, at: int) -> int:
    """Where the sentence of a place begins."""
    return max((found.end() for found in _ENDS.finditer(text, 0, at)), default=0)


_ENDS = re.compile(r"[.;|/\n。]")


def _of_kin(told: str, marks: dict[str, re.Pattern[str]]) -> Manner | None:
    """Whose act it is, by the last subject that stands before it: kin, whom the sentence goes on to tell of. None where
    the person is the subject, or no subject is named."""
    found = [
        one
        for one in marks["kin_subject"].finditer(told)
        if not marks["not_kin"].search(told[: one.start("who")].rstrip())
    ]
    if not found:
        return None
    subject = found[-1]
    between = _SAME_SUBJECT.sub(HIDDEN, told[subject.end("who") :])
    if marks["own_subject"].search(between) or marks["subject_ends"].search(between):
        return None
    if HIDDEN in between and re.search(rf"{HIDDEN}[^{HIDDEN}]*[,、]", between):
        return Manner((), subject["who"], why=Sentence("it is not clear of whom it is told"))
    return Manner(("another",), subject["who"])


_SAME_SUBJECT = re.compile(
    rf"{HIDDEN}(?:을|를)?(?:되어|되여|돼서|되고|당하여|당해서|당하고|받고|받아|され(?:て)?|て|し)"
)


_Marks = Sequence[dict[str, re.Pattern[str]]]


def _nearest(marks: _Marks, name: str, text: str) -> re.Match[str] | None:
    """The last mark before an act, in any of the languages."""
    found = [one for each in marks for one in each[name].finditer(text)]
    return max(found, key=lambda one: one.end(), default=None)


def _any(marks: _Marks, name: str, text: str) -> re.Match[str] | None:
    return next((one for each in marks if (one := each[name].search(text))), None)


def _follows(marks: _Marks, name: str, text: str) -> bool:
    return any(each[name].match(text) for each in marks)


def _scope(text: str, mark: re.Match[str]) -> Literal["holds", "ends", "unsure"]:
    """Whether a mark before an act still holds for it: a list carries it on, a comma may end it."""
    between = text[mark.end() :]
    if re.match(r"\s*(?:and\b|y\b|,|;|\+|&)", between) and HIDDEN not in between:
        return "ends"
    if HIDDEN not in between:
        return "holds"
    if re.search(r"\b(?:or|nor|ni|o|u)\b", between) or "," not in between:
        return "holds"
    return "unsure"


def _in_words(before: str, after: str, raw_before: str, watched: bool, languages: Sequence[str]) -> Manner:
    """Languages in which most marks stand before the act."""
    marks = [_marks()[one] for one in languages]
    after = _LISTED.sub("", after)
    heard = bool(_any(marks, "heard", before) or _any(marks, "heard", after))
    unsure = _any(marks, "unsure", before) or _any(marks, "unsure", after)
    if unsure is not None and not (heard and "report" in unsure[0]):
        return Manner((), why=Sentence("{unsure!r} leaves open whether it was done", unsure=unsure[0].strip()))
    kin = next((found for each in marks if (found := _kin(before, after, each))), "")
    denied = _denied(before, after, marks)
    seen, threatened = _seen(before, after, marks), _threatened(raw_before, after, marks)
    if denied == "holds":
        of_another = kin and not seen and not threatened
        return Manner((), kin, why=Sentence("it is denied of somebody else")) if of_another else Manner(("against",))
    if denied == "unsure" or seen == "unsure":
        return Manner((), why=Sentence("it is not clear how far what stands before it goes"))
    if seen or watched:
        return Manner(("seen", "another") if kin else ("seen",), kin)
    if threatened:
        return Manner(("threatened",))
    return Manner(("another",), kin) if kin else Manner(("for",), heard=heard)


_Held = Literal["", "holds", "unsure"]
_LISTED = re.compile(rf"^(?:\s*(?:,|&|/|\b(?:and|or|y|o|ni|nor)\b)+\s*{HIDDEN})+")
_ENDS_IN_NO = re.compile(
    r"[:=]\s*(?:no|none|never|nil|false|nunca|ningun[oa])\W*$|\b(?:did not|never|didn t|no) (?:occur|happen|take place|ocurri|sucedi|existi)\w*"
)


def _seen(before: str, after: str, marks: _Marks) -> _Held:
    if _follows(marks, "seen_after", after):
        return "holds"
    found = _nearest(marks, "seen_before", before)
    held = "ends" if found is None else _scope(before, found)
    return "" if held == "ends" else held


def _threatened(raw: str, after: str, marks: _Marks) -> bool:
    if _follows(marks, "threat_after", after):
        return True
    found = _nearest(marks, "threat_before", raw)
    return found is not None and re.match(r"\s*(?:and\b|y\b|,|&|\+)", raw[found.end() :]) is None


def _denied(before: str, after: str, marks: _Marks) -> _Held:
    """Whether an act is denied, or may be: a comma may end a denial, *or* carries it on."""
    if _follows(marks, "denied_after", after) or _ENDS_IN_NO.search(after):
        return "holds"
    found = _nearest(marks, "denied_before", before)
    held = "ends" if found is None else _scope(before, found)
    if held == "unsure":
        return "holds" if re.search(r"\b(?:or|nor|ni|o)\b", after) else "unsure"
    return "" if held == "ends" else held


def _kin(before: str, after: str, marks: dict[str, re.Pattern[str]]) -> str:
    if (found := marks["kin_before"].search(before)) is not None:
        words = found.groupdict()
        kin = words.get("kin") or words.get("kin2") or ""
        at = found.start("kin") if words.get("kin") else found.start("kin2")
        if not marks["not_kin"].search(before[:at].rstrip()) and not marks["not_kin"].search(before):
            return kin
    if (found := marks["kin_after"].search(after)) is not None:
        return next((word for word in found.groups() if word), "")
    return ""


def _in_endings(before: str, after: str, raw_after: str, marks: dict[str, re.Pattern[str]], forced: bool) -> Manner:
    """Korean and Japanese: marks stand in the endings after the act, other acts in between."""
    tail = _AND_OTHERS.sub("", after)
    denied = any(marks["denied_after"].match(one) for one in (tail, after)) or bool(
        marks["denied_before"].search(before)
    )
    heard = marks["heard"].search(after) is not None
    unsure = marks["unsure"].search(after)
    if unsure is not None and not heard:
        return Manner((), why=Sentence("{unsure!r} leaves open whether it was done", unsure=unsure[0]))
    kin = _kin(before, after, marks)
    seen = marks["seen"].search(after)
    listed = re.match(rf"[,、]\s*{HIDDEN}", after) is not None
    if listed and (seen or marks["threat"].search(tail) or marks["fear"].search(tail)):
        return Manner((), why=Sentence("it is not clear whether it was done, or seen or threatened as what follows it"))
    if (seen is not None and marks["seen_not"].search(after) is None) or marks["seen"].search(before) or forced:
        if seen is not None and _NOT_SEEN.match(after[seen.end() :]):
            return Manner(("against",))
        return Manner(("seen", "another") if kin else ("seen",), kin)
    if marks["threat"].search(raw_after) or marks["fear"].search(raw_after):
        return Manner(("against",) if denied else ("threatened",))
    if denied:
        return Manner((), kin, why=Sentence("it is denied of somebody else")) if kin else Manner(("against",))
    if _NEAR_DENIAL.search(after[:14].split(HIDDEN)[0]):
        return Manner((), why=Sentence("a denial stands near it, and may be of it"))
    return Manner(("another",), kin) if kin else Manner(("for",), heard=heard)


_NEAR_DENIAL = re.compile(
    r"없|않|아니|아님|못[했하함받]|안[함됨했받]|부인(?!이|은|을)|면했|뻔했|なかった|ない|なし|ず$|ません|否定|否認|免れ"
)
_AND_OTHERS = re.compile(rf"^(?:(?:과|와|이나|나|및|도|은|는|と|や|も|・|、|,|·|또는|または|か)?{HIDDEN})+")
_NOT_SEEN = re.compile(
    r"(?:하|지|한|했|된|し|た|て)*(?:지|적|일|たこと|こと)?(?:이|은|도|는|は|も|が)?(?:않|못|없|いな|な(?:い|か|し))"
)
