"""Who of our people a text may name: a broadcast, a list, an article. Locally, and nothing of the text is kept.

Candidates are words that can be a whole name by the rules of some tradition; those are looked up by their keys. A text
names a person only perhaps: names are shared, and a word that looks like a name may be none. How far is said in words.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from corroborate.languages import korean
from corroborate.languages.finding import asked_whole, folded, shown, words_heard
from corroborate.languages.names import name_forms
from corroborate.values import script_of
from corroborate.values.signs import UNSEEN
from corroborate_node.core.queries import visible
from corroborate_node.finding.models import NameKey
from corroborate_node.finding.naming import reason
from corroborate_node.records import queries

LONGEST = 200_000  # letters of a text
_SHARED = 200  # people of ours who share one name, from which on no more are named
BESIDE = 40  # letters of the text shown on each side of a name
_HEARD = 0.8  # that a name in kana is the one that it sounds like
_ALIKE = 0.5  # that a name whose words have the same consonants, in another script or case, is the same
_LEAST_SOUND = 5  # of a key of consonants: three of them
_LEAST = 0.1  # of a reading of a candidate, and of a name, both together
_COMMON = 0.02  # of ``korean.commonness``: names from here on are borne by very many people
_RARE = 0.002
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽЀ-Я][\w'’ʼ\-]*)"
_JOINING = r"(?:al|el|bin|ben|ibn|abu|de|del|la|las|los|da|dos|van|von|der|y)"
_LETTERS = re.compile(rf"{_CAPITAL}(?:,?[ \u00a0]+(?:{_JOINING}[ \-]+)?{_CAPITAL})+", re.U)
_HANGUL = re.compile(r"[가-힣]+(?: [가-힣]+)?")
# What follows a name that is written in two words: nothing, an ending, a title. 이 영수증 is a receipt
_ENDING = re.compile(
    "$|[은는이가을를와과도의만로께라나며에씨님군양]|으로|한테|하고|부터|까지|동무|동지|선생|여사|위원|반장|대장"
)
_HANZI = re.compile(r"[㐀-鿿豈-﫿]{2,}(?:[ 　][㐀-鿿]{1,3})?")
_JAPANESE = re.compile(r"(?=([㐀-鿿々]{1,3})([ぁ-ん]{1,5}))")
_KANA = re.compile(r"[ァ-ヶー]+(?:[・ 　][ァ-ヶー]+)+")
_SIGNS = r".·・‧∙•‐‑‒–—―_/|*~\-"
_BETWEEN = rf"(?:[ \u00a0\t　]{{1,3}}|[ \u00a0　]?[{_SIGNS}][ \u00a0　]?)"
_STANDING_APART = (
    *(
        re.compile(rf"(?<![{letters}])[{letters}](?:{_BETWEEN}[{letters}](?![{letters}]))*{_BETWEEN}[{letters}]")
        for letters in ("가-힣", "㐀-鿿", "ぁ-んァ-ヶー", "㐀-鿿ぁ-ん")
    ),
    re.compile(rf"(?<![가-힣])[가-힣]{{1,3}}(?:[ 　]?[{_SIGNS}][ 　]?[가-힣]{{1,3}})+"),  # 권.학국, 권학-국
)
_OF_A_WORD = re.compile(r"[가-힣㐀-鿿ァ-ヶー]")
_MOST_APART = 10  # letters of a name that stand apart
_BLANKS_FROM = 2  # places from the first letter to the last, where nothing but blanks stands between
_LONGEST_HANGUL = 5  # letters of a name in Hangul or Han
_ARABIC = re.compile(r"[ء-يٱپچژکگی]+(?: [ء-يٱپچژکگی]+)+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words of a text that may be a name. ``at``: where they begin, in letters from 0."""

    at: int
    text: str
    read: str = ""  # as it is looked up, where its letters stand apart in the text

    @property
    def name(self) -> str:
        return self.read or self.text


@dataclass(frozen=True, slots=True)
class Person:
    """One of our people whose name a text may hold."""

    id: str
    name: str
    why: str
    likely: float  # how likely both writings mean the same name, by the rules of names


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, and who of ours it may be. ``doubt``: ``weak``, ``some`` or ``strong``, and why."""

    at: int
    line: int  # from 1
    text: str
    before: str
    after: str
    people: tuple[Person, ...]
    doubt: str
    why: tuple[str, ...]  # keys of words


def _grams(found: re.Match[str], least: int, most: int) -> Iterator[Candidate]:
    """Every run of neighbouring words."""
    words = [(found.start() + one.start(), one.group()) for one in re.finditer(r"[^\s　\u00a0]+", found.group())]
    for first in range(len(words)):
        for size in range(least, most + 1):
            if first + size <= len(words):
                start, end = words[first][0], words[first + size - 1]
                yield Candidate(start, found.string[start : end[0] + len(end[1])].rstrip(",.;:"))


def _hangul(found: re.Match[str]) -> Iterator[Candidate]:
    """Beginnings of a word that can be a name: endings follow it unseen (김영수는, 리영수동무를)."""
    words = found.group().split(" ")
    for size in range(2, 6):
        if size <= len(words[0]) and korean.read_hangul(words[0][:size]):
            yield Candidate(found.start(), words[0][:size])
    if len(words) == 2 and len(words[0]) <= 2:
        for size in (1, 2, 3):
            spaced = f"{words[0]} {words[1][:size]}"
            if size <= len(words[1]) and korean.read_hangul(spaced) and _ENDING.match(words[1][size:]):
                yield Candidate(found.start(), spaced)


def _hanzi(found: re.Match[str]) -> Iterator[Candidate]:
    text = found.group()
    for first in range(len(text) - 1):
        for size in (2, 3, 4, 5):
            part = text[first : first + size].strip()
            if len(part) >= min(size, 2) and first + size <= len(text):
                yield Candidate(found.start() + first, part)


def _japanese(found: re.Match[str]) -> Iterator[Candidate]:
    """A family name in characters and a given name in hiragana; what follows it is hiragana too."""
    for size in range(1, len(found[2]) + 1):
        yield Candidate(found.start(1), found[1] + found[2][:size])


def _apart(text: str) -> Iterator[Candidate]:
    """Names whose letters stand apart, one by one: 권 학 국, 權·學·國, ヨ-コ-タ. Blanks alone say so from three letters
    on, since words of one syllable are common; an ending may follow the last."""
    for match in (one for pattern in _STANDING_APART for one in pattern.finditer(text)):
        places = [one.start() for one in re.finditer(r"[가-힣㐀-鿿ぁ-んァ-ヶー]", match.group())]
        begins = [at for at, place in enumerate(places) if not at or place - places[at - 1] > 1]
        for first in begins:
            for last in range(first + 1, min(first + _MOST_APART, len(places))):
                part = match.group()[places[first] : places[last] + 1]
                signs = bool(re.search(rf"[{_SIGNS}]", part))
                blanks = last - first >= _BLANKS_FROM and len(part) > 2 * (last - first)
                rest = text[match.start() + places[last] + 1 :][:3]
                if (signs or blanks) and (not _OF_A_WORD.match(rest) or _ENDING.match(rest)):
                    yield from _joined(match.start() + places[first], part)


def _joined(at: int, part: str) -> Iterator[Candidate]:
    letters = re.sub(rf"[ \u00a0\t　{_SIGNS}]+", "", part)
    if "가" <= letters[0] <= "힣":
        if len(letters) <= _LONGEST_HANGUL and korean.read_hangul(letters):
            yield Candidate(at, part, letters)
    elif "㐀" <= letters[0] <= "鿿":
        if len(letters) <= _LONGEST_HANGUL or "ぁ" <= letters[-1] <= "ん":
            yield Candidate(at, part, letters)
    else:
        for cut in range(2, len(letters) - 1):
            yield Candidate(at, part, f"{letters[:cut]} {letters[cut:]}")


def candidates(text: str) -> list[Candidate]:
    """Words of a running text that may be a whole name."""
    found = [one for match in _LETTERS.finditer(text) for one in _grams(match, 2, 4)]
    for at in range(len(text)):
        if "가" <= text[at] <= "힣" and (at == 0 or not "가" <= text[at - 1] <= "힣"):
            match = _HANGUL.match(text, at)
            found += list(_hangul(match)) if match else []
    found += [one for match in _HANZI.finditer(text) for one in _hanzi(match)]
    found += [one for match in _JAPANESE.finditer(text) for one in _japanese(match)]
    found += [one for match in _KANA.finditer(text) for one in _grams(match, 1, 3)]
    found += [one for match in _ARABIC.finditer(text) for one in _grams(match, 2, 4)]
    found += _apart(text)
    return list(dict.fromkeys(found))


def _keys(text: str) -> dict[str, float]:
    """Keys of a candidate with how likely it means each. What is not written in kana is heard as Japanese would write
    it, for names of ours in kana."""
    kana = script_of(text) == "Kana"
    found = {one.key: one.probability for one in name_forms(shown(text)) if kana or not one.key.startswith("m:")}
    heard = {key: _HEARD for key in asked_whole(text) if key.startswith("m:")}
    return heard | {key: probability for key, probability in found.items() if probability >= _LEAST}


def _sounding(text: str) -> str:
    """The key of the word of most consonants in a name in Latin or Cyrillic letters; empty where it has too few."""
    if script_of(text) not in ("Latn", "Cyrl") or any(len(word) == 1 for word in text.split()):
        return ""  # y María: a word beside the name
    sounds = words_heard(text)
    longest = max(sounds, key=len, default="")
    return longest if len(sounds) > 1 and len(longest) >= _LEAST_SOUND else ""


def _alike(user: Any, asked: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By candidate: our people whose name has words of the same consonants, where one of the two is in Cyrillic: names
    are written across these scripts in many ways, and in Cyrillic they are inflected."""
    keys = {text: key for text in asked if (key := _sounding(text))}
    found, cyrillic = (
        dict[str, list[tuple[str, str]]](),
        {key for text, key in keys.items() if script_of(text) == "Cyrl"},
    )
    for part in queries.batched(sorted(set(keys.values())), queries.BATCH):
        written = Q(name__text__gte="Ѐ", name__text__lt="Ԁ") | Q(key__in=[key for key in part if key in cyrillic])
        rows = visible(user, NameKey).filter(written, key__in=part).order_by("name_id")
        for key, person, text in rows.values_list("key", "name__person_id", "name__text"):
            found.setdefault(key, []).append((person, text))
    return {text: [one for one in found.get(key, ()) if _same_sounds(text, one[1])] for text, key in keys.items()}


def _same_sounds(asked: str, name: str) -> bool:
    scripts = {script_of(asked), script_of(name)}
    return "Cyrl" in scripts <= {"Cyrl", "Latn"} and set(words_heard(asked)) == set(words_heard(name))


def _ours(user: Any, keys: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """By key: our people with a name under it, and that name."""
    found = dict[str, list[tuple[str, str]]]()
    for part in queries.batched(keys, queries.BATCH):
        rows = visible(user, NameKey).filter(key__in=part)
        for key, person, text in rows.values_list("key", "name__person_id", "name__text").order_by("name_id"):
            found.setdefault(key, []).append((person, text))
    return found


def screen(user: Any, text: str) -> list[Mention]:
    """Names in a text that somebody of ours has, in the order of the text. Of names that overlap the longest counts."""
    text, whole = UNSEEN.sub("", text[:LONGEST]), text[:LONGEST]  # what nobody sees parts no name
    asked = [(one, _keys(one.name)) for one in candidates(text)]
    ours = _ours(user, sorted({key for _, keys in asked for key in keys}))
    alike = _alike(user, {one.name for one, _ in asked})
    named = [(one, people) for one, keys in asked if (people := _people(one.name, keys, ours, alike.get(one.name, ())))]
    named.sort(key=lambda pair: (-len(folded(pair[0].name)), pair[0].at))
    taken, found = set[int](), list[Mention]()
    for one, people in named:
        place = set(range(one.at, one.at + len(one.text)))
        if not place & taken:
            taken |= place
            found.append(_mention(text, one, people))
    if text != whole:
        places = [at for at, letter in enumerate(whole) if not UNSEEN.match(letter)]
        found = [replace(one, at=places[one.at]) for one in found]
    return sorted(found, key=lambda mention: mention.at)


def _people(
    text: str,
    keys: dict[str, float],
    ours: dict[str, list[tuple[str, str]]],
    alike: Sequence[tuple[str, str]],
) -> tuple[Person, ...]:
    found = {person: Person(person, name, "why_sounds", _ALIKE) for person, name in alike[:_SHARED]}
    kana = script_of(text) == "Kana"
    for key, probability in keys.items():
        for person, name in ours.get(key, ())[:_SHARED]:
            if key.startswith("m:") and not kana and script_of(name) != "Kana":
                continue
            its = max((one.probability for one in name_forms(shown(name)) if one.key == key), default=1.0)
            likely = round(probability * its, 3)
            same = folded(name) == folded(text)
            if likely >= _LEAST and (person not in found or likely > found[person].likely):
                found[person] = Person(person, name, "why_letters" if same else reason(text, name), likely)
    return tuple(sorted(found.values(), key=lambda one: (-one.likely, one.name, one.id)))


def _mention(text: str, one: Candidate, people: tuple[Person, ...]) -> Mention:
    end = one.at + len(one.text)
    doubt, why = _doubt(one.name, people)
    return Mention(
        one.at,
        text.count("\n", 0, one.at) + 1,
        one.text,
        text[max(0, one.at - BESIDE) : one.at],
        text[end : end + BESIDE],
        people,
        doubt,
        why,
    )


def _doubt(text: str, people: tuple[Person, ...]) -> tuple[str, tuple[str, ...]]:
    """How far a name alone says that it is one of ours: never surely. Common names, short ones, names that several of
    ours share, and spellings that can mean several names, say little."""
    forms = [one for one in name_forms(shown(text)) if one.key.startswith("k:") and one.family and one.given]
    common = max((korean.commonness(one.family or "", one.given or "") for one in forms), default=0.0)
    why = []
    if common >= _COMMON:
        why.append("doubt_common")
    if len(people) > 1:
        why.append("doubt_several")
    if people[0].likely < 0.6:
        why.append("doubt_spelling")
    if len(folded(text)) <= 2:
        why.append("doubt_short")
    if len(why) > 1 or "doubt_common" in why or "doubt_short" in why:
        return "weak", tuple(why)
    if why or common >= _RARE:
        return "some", tuple(why)
    return "strong", ("doubt_rare",)
