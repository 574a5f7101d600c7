"""Korean names: from any script and spelling back to the Hangul it can stand for.

The rules are in ``korean.yaml`` (how each sound is spelled in each system, with sources and examples) and in
``hanja_readings.txt`` (how hanja read, from the order of KS X 1001). They are turned round once: a spelling gives the
syllables that it can stand for, and how common the spelling is for each. Only syllables that some hanja reads, or that
names in Korean words use, are considered: that is what keeps ``Yong`` from being seven other things.

The initial-sound rule (Korean orthography of 1988, articles 10 to 12; the North does not have it) is undone at the head
of surname and given name: 리영수 and 이영수, 류은희 and 유은희, 김련희 and 김연희 have one canonical form.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from corroborate.languages.reviewed import reviewed

System = Literal["hangul", "hanja", "south", "north", "marked", "yale", "cyrillic"]
_LEADS = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
_VOWELS = tuple("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
_TAILS = ("", "ㄱ", "ㄱ", "ㄱ", "ㄴ", "ㄴ", "ㄴ", "ㄷ", "ㄹ", "ㄱ", "ㅁ", "ㄹ", "ㄹ", "ㄹ", "ㅂ", "ㄹ", "ㅁ", "ㅂ", "ㅂ", "ㄷ",
          "ㄷ", "ㅇ", "ㄷ", "ㄷ", "ㄱ", "ㄷ", "ㅂ", "ㄷ")  # what each written tail sounds like  # fmt: skip
_WITH_Y = frozenset((2, 3, 6, 7, 12, 17, 20))  # ㅑㅒㅕㅖㅛㅠㅣ
_WORD, _SHOWN = re.compile(r"[a-zŏŭ'а-яё]+"), re.compile(r"[^\W\d_']+(?:['’][^\W\d_]+)*")
_LEAST = 0.04  # readings this much less common than the likeliest one are not kept
_PLAIN_TAILS = {"ㄱ": 1, "ㄴ": 4, "ㄹ": 8, "ㅁ": 16, "ㅂ": 17, "ㅇ": 21}  # a tail of one sound, by its number
_BY_EAR = 0.3  # of names written as they sound, against as their syllables are written
_CALLED = 0.05  # of two-syllable given names such as 숙이, read as 숙 called with -이; of three (영숙이) nearly all are
_FAMILY_LAST = 0.5  # of names in Latin letters whose order nothing tells, against family first


@dataclass(frozen=True, slots=True)
class Reading:
    """Korean syllables that a written name can stand for, canonical: family, given, by which system, how common."""

    family: str
    given: str
    system: System
    weight: float

    @property
    def key(self) -> str:
        return "k:" + "-".join((self.family, *self.given))


@cache
def rules() -> dict[str, Any]:
    """The rules as reviewed."""
    found: dict[str, Any] = reviewed(__package__, "korean")
    return found


def _split(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def _join(lead: int, vowel: int, tail: int) -> str:
    return chr(0xAC00 + lead * 588 + vowel * 28 + tail)


@lru_cache(maxsize=20_000)
def initial(syllable: str) -> str:
    """A syllable as the South writes it at the head of a word: ㄹ and ㄴ fall before i and y, else ㄹ becomes ㄴ."""
    if not "가" <= syllable <= "힣":
        return syllable
    lead, vowel, tail = _split(syllable)
    if lead == 5:
        lead = 11 if vowel in _WITH_Y else 2
    elif lead == 2 and vowel in _WITH_Y:
        lead = 11
    return _join(lead, vowel, tail)


def canonical(family: str, given: str) -> tuple[str, str]:
    """Undo the initial-sound rule: 리, 룡수 -> 이, 용수; and inside a name 렬, 률 -> 열, 율 (article 11, its note) and 룡,
    련 -> 용, 연, which the South's spelling keeps but people in the South often do not."""
    inner = "".join({"렬": "열", "률": "율", "룡": "용", "련": "연"}.get(s, s) for s in given[1:])
    return initial(family[:1]) + family[1:], (initial(given[0]) + inner if given else "")


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("hanja_readings.txt").read_text(encoding="utf-8")
    counts = re.findall(r"([가-힣])(\d+)", "\n".join(line for line in text.split("\n") if not line.startswith("#")))
    order = (bytes((high, low)).decode("euc_kr") for high in range(0xCA, 0xFE) for low in range(0xA1, 0xFF))
    found: dict[str, tuple[str, ...]] = {}
    for reading, count in counts:
        for _ in range(int(count)):
            hanja = unicodedata.normalize("NFC", next(order))  # the second place of a hanja has a code of its own
            found[hanja] = (*found.get(hanja, ()), reading)
    for pair in rules()["variants"].split():
        found.setdefault(pair[0], found[pair[1]])
    return found


def readings_of(character: str) -> tuple[str, ...]:
    """Korean readings of one hanja; empty for one that is not in KS X 1001 and no known variant."""
    return _readings().get(character, ())


@cache
def _variants() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in rules()["variants"].split()}


def hanja_form(text: str) -> str:
    """Characters without spaces, variants replaced by the form that KS X 1001 has: 広 -> 廣."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_variants())


@cache
def syllables() -> tuple[str, ...]:
    """Syllables that names are made of: readings of hanja, and words."""
    read = {reading for each in _readings().values() for reading in each}
    return tuple(sorted(read | set(rules()["native"].split()) | {initial(s) for s in read}))


@cache
def _frequency() -> tuple[dict[str, float], dict[str, float]]:
    """How common a surname is (by its rank, Zipf's law) and a syllable of a given name: what tells likely readings."""
    surnames: dict[str, float] = {}
    for rank, surname in enumerate(rules()["surnames"], start=1):
        surnames.setdefault(canonical(surname, "")[0], 0.3 / rank**1.1)
    common: dict[str, float] = {}
    for weight, line in zip((1.0, 0.6, 0.2), rules()["common"], strict=True):
        for syllable in line.split():
            common.setdefault(syllable, weight)
            common.setdefault(initial(syllable), weight)
    return surnames, common


def _likely(family: str, given: str) -> float:
    surnames, common = _frequency()
    chance = surnames.get(family, 1e-4)
    for syllable in given:
        chance *= common.get(syllable, 0.01)
    return chance


def _weighted(cell: object) -> list[tuple[str, float]]:
    text = str(cell)
    if text == "":
        return [("", 1.0)]
    return [(s, float(w) if w else 1.0) for s, _, w in (part.partition(":") for part in text.split())]


Table = dict[str, dict[str, float]]  # spelling -> canonical syllable -> how common


@cache
def _spellings(system: System) -> Table:
    """All spellings of all syllables in one system, turned round."""
    return _spelled(system, syllables())


def _spelled(system: System, every: tuple[str, ...]) -> Table:
    column = {"north": "north", "marked": "mr", "yale": "yale", "cyrillic": "cyrillic", "south": "passport"}[system]
    table: Table = {}

    def add(spelling: str, syllable: str, weight: float) -> None:
        at = table.setdefault(spelling, {})
        at[syllable] = max(weight, at.get(syllable, 0.0))

    given = rules()
    for syllable in every:
        lead, vowel, tail = _split(syllable)
        rows = [given["leads"][_LEADS[lead]], given["vowels"][_VOWELS[vowel]], given["tails"][_TAILS[tail]]]
        columns = [column, "revised"] if system == "south" else [column]
        whole = given["whole"].get(syllable) if system == "south" else None
        for name in columns:
            if whole is not None and name != "revised":
                for spelling, weight in _weighted(whole):
                    add(spelling, syllable, weight)
                continue
            for a, x in _weighted(rows[0][name]):
                for b, y in _weighted(rows[1][name]):
                    for c, z in _weighted(rows[2][name]):
                        common = x * y * z * (1.0 if name == column else 0.3)
                        if a == "sh" and not b.startswith(("i", "y", "e", "w", "u")):
                            continue
                        if (c and b.endswith(("h", "r"))) or (not c and b in ("u", "yu", "eu") and vowel in (4, 6)):
                            continue  # ah, oh, ur only where no tail follows; u for ㅓ only where one does
                        if whole is None or name != "revised" or a + b + c not in table:
                            add(a + b + c, syllable, common)
    return table


@cache
def _surnames() -> dict[str, dict[str, float]]:
    """Spelling of a surname in the South's passports -> canonical surname -> how common."""
    table: Table = {}
    for surname, cell in rules()["surnames"].items():
        for spelling, weight in _weighted(cell):
            at = table.setdefault(spelling.lower(), {})
            family = canonical(surname, "")[0]
            at[family] = max(weight, at.get(family, 0.0))
    return table


@cache
def families() -> frozenset[str]:
    """Surnames that we know, canonical."""
    return frozenset(canonical(name, "")[0] for name in rules()["surnames"])


def _two_syllable(text: str) -> bool:
    return (text[:2] in families() and len(text) > 2 and text[:2] not in ("선우",)) or text[:2] in (
        "남궁",
        "황보",
        "제갈",
        "독고",
    )


def read_hangul(text: str) -> Reading | None:
    """A whole name in Hangul, or None: 김영수, 리 영수, 남궁영. One to three given syllables; the surname is known."""
    words = text.split()
    whole = "".join(words)
    if not re.fullmatch(r"[가-힣]{2,5}", whole):
        return None
    size = 2 if len(whole) >= 3 and canonical(whole[:2], "")[0] in families() and _two_syllable(whole) else 1
    family, given = canonical(whole[:size], whole[size:])
    if family not in families() or not 1 <= len(given) <= 3:
        return None
    return Reading(family, given, "hangul", 1.0)


def called(one: Reading) -> tuple[Reading, ...]:
    """A name as one speaks of somebody one knows: 김영숙이, 김영숙아 and 김영희야 are 김영숙 and 김영희, besides themselves."""
    given, ending = one.given[:-1], one.given[-1]
    rule = rules()["calling"].get(ending)
    if not given or rule is None or (_split(given[-1])[2] > 0) != (rule["after"] == "closed"):
        return (one,)
    likely = 1.0 if len(given) == 2 else _CALLED
    return (one, Reading(one.family, canonical("", given)[1], "hangul", likely))


def read_hanja(text: str) -> tuple[Reading, ...]:
    """Every Korean reading of a whole name in hanja. 金 is 김 as a surname and 금 in a given name."""
    whole, table = hanja_form(text), _readings()
    if not 2 <= len(whole) <= 4 or any(c not in table for c in whole):
        return ()
    found: dict[tuple[str, str], None] = {}
    for family_reading in ("김",) if whole[0] == "金" else table[whole[0]]:
        partial = [""]
        for c in whole[1:]:
            partial = [p + r for p in partial for r in table[c] if c != "金" or r == "금"]
        for given in partial[:8]:
            found[canonical(family_reading, given)] = None
    known = [one for one in found if one[0] in families()]
    return tuple(Reading(family, given, "hanja", 1.0) for family, given in known or list(found)[:1])


def _words_of(table: Table, word: str, most: int) -> list[tuple[str, float]]:
    """All ways to read a word as up to ``most`` syllables."""
    found: dict[str, float] = {}

    def read(at: int, so_far: str, weight: float) -> None:
        if at == len(word):
            found[so_far] = max(weight, found.get(so_far, 0.0))
            return
        if len(so_far) == most:
            return
        for end in range(min(at + 7, len(word)), at, -1):
            for syllable, common in table.get(word[at:end], {}).items():
                if weight * common >= 1e-4:
                    read(end, so_far + syllable, weight * common)

    read(0, "", 1.0)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:24]


@lru_cache(maxsize=400_000)
def _given_word(system: System, word: str) -> tuple[tuple[str, float], ...]:
    # Two syllables are the rule: a reading as three is kept only beside nothing shorter.
    found = _words_of(_spellings(system), word, 2) or _words_of(_spellings(system), word, 3)
    return tuple(found)


@lru_cache(maxsize=100_000)
def _family_word(system: System, word: str) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    if system == "south":
        found = dict(_surnames().get(word, {}))
    for family, weight in _words_of(_spellings(system), word, 1):
        one = canonical(family, "")[0]
        if one in families():
            found[one] = max(found.get(one, 0.0), weight * (0.02 if system == "south" else 1.0))
    if not found and system in ("north", "marked"):  # 남궁 and the like are spelled alike in all systems
        found = {f: w for f, w in _surnames().get(word, {}).items() if len(f) == 2}
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:6])


@lru_cache(maxsize=400_000)
def _given_words(system: System, words: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    partial: list[tuple[str, float]] = [("", 1.0)]
    for word in words:
        here = [(s, w) for s, w in _given_word(system, word) if len(words) == 1 or len(s) == 1]
        partial = [(a + s, x * w) for a, x in partial for s, w in here][:32]
    return tuple((given, weight) for given, weight in partial if 1 <= len(given) <= 3)


@lru_cache(maxsize=100_000)
def _families(system: System, word: str) -> tuple[tuple[str, float], ...]:
    """Surnames that a word can stand for and how likely each is, as spelled and as common."""
    found = dict(_family_word(system, word))
    if system in ("north", "marked"):  # Lee, Park and Choi stand before any spelling of the given name
        for family, weight in _family_word("south", word):
            found.setdefault(family, 0.2 * weight)
    return tuple((family, weight * _likely(family, "")) for family, weight in found.items())


@lru_cache(maxsize=400_000)
def _givens(system: System, words: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Given names, canonical, that words can stand for, the likeliest first, as spelled and as common."""
    _, common = _frequency()
    found: dict[str, float] = {}
    for given, weight in _given_words(system, words):
        one = canonical("", given)[1]
        likely = weight * math.prod(common.get(syllable, 0.01) for syllable in one)
        found[one] = max(likely, found.get(one, 0.0))
    for given, weight in _by_ear(system, words):
        one = canonical("", given)[1]
        likely = weight * math.prod(common.get(syllable, 0.01) for syllable in one)
        found[one] = max(likely, found.get(one, 0.0))
    return tuple(sorted(found.items(), key=lambda i: (-i[1], i[0])))


@cache
def _liaison() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Tail and lead as heard -> as they may be written."""
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for row in rules()["liaison"]:
        (tail, lead), (written, onset) = row["heard"].split(), row["written"].split()
        found[tail, lead] = (*found.get((tail, lead), ()), (written, onset))
    return found


@cache
def _heard_spellings(system: System) -> Table:
    """Spellings of syllables as they may be heard beside others, those that no name has by itself included (뱅, 녹)."""
    known = frozenset(syllables())
    heard = {
        changed
        for syllable in known
        for lead, vowel, tail in (_split(syllable),)
        for changed in (
            _join(2 if lead == 5 else lead, vowel, {1: 21, 17: 16}.get(tail, tail)),  # ㄹ as ㄴ; ㄱ as ㅇ, ㅂ as ㅁ
            _join(lead, vowel, {1: 21, 17: 16}.get(tail, tail)),
            _join(5 if lead == 2 else lead, vowel, 8 if tail == 4 else tail),  # ㄴ as ㄹ
        )
    }
    return _spelled(system, tuple(sorted(known | heard)))


_MEET = re.compile("ng'?[nm]|m'?[nm]|l'?[lr]|r[lr]|н[нм]|м[нм]|л[лр]|льл")


@lru_cache(maxsize=200_000)
def _by_ear(system: System, words: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Given names of two syllables whose sound, and not whose writing, is spelled: Baengnok for 백록, Illam for 일남."""
    if system == "yale" or len(words) > 2 or _MEET.search("".join(words)) is None:
        return ()
    table = _heard_spellings(system)
    if len(words) == 1:
        pairs = [(given, weight) for given, weight in _words_of(table, words[0], 2) if len(given) == 2]
    else:
        one, other = (table.get(word, {}) for word in words)
        pairs = [(a + b, x * y) for a, x in one.items() for b, y in other.items()]
    known, found = frozenset(syllables()), dict[str, float]()
    for given, weight in pairs:
        (lead, vowel, tail), (onset, nucleus, coda) = _split(given[0]), _split(given[1])
        for end, start in _liaison().get((_TAILS[tail], _LEADS[onset]), ()):
            written = _join(lead, vowel, _PLAIN_TAILS[end]) + _join(_LEADS.index(start), nucleus, coda)
            if set(written) <= known:
                found[written] = max(found.get(written, 0.0), weight * _BY_EAR)
    return tuple(sorted(found.items(), key=lambda i: (-i[1], i[0])))


def marked(text: str) -> str:
    """Latin or Cyrillic letters, lower case, with the breves of McCune-Reischauer; other marks go."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("ʼ", "'").replace("`", "'")
    text = text.replace("ǒ", "ŏ").replace("ǔ", "ŭ").replace("ō", "ŏ").replace("ū", "ŭ")
    out = []
    for c in text:
        if c in "ŏŭйё":
            out.append(c)
        else:
            out.append("".join(p for p in unicodedata.normalize("NFKD", c) if not unicodedata.combining(p)))
    return "".join(out)


def _orders(text: str) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """(family, given words, how likely this order is) of a name in letters. Capitals and commas tell the family."""
    plain = marked(text)
    if "," in plain:
        family, _, rest = plain.partition(",")
        words = tuple(_WORD.findall(rest))
        if words:
            yield family.strip().replace(" ", ""), words, 1.0
        return
    shown = _SHOWN.findall(text)
    words = tuple(_WORD.findall(plain))
    if len(words) < 2 or len(words) > 4:
        return
    capital = [len(w) > 1 and w.isupper() for w in shown]
    first_capital = len(capital) == len(words) and capital[0] and not capital[-1]
    last_capital = len(capital) == len(words) and capital[-1] and not capital[0]
    joined = "-" in text
    hyphen = joined and re.fullmatch(r"\s*[^\s-]+-[^\s-]+\s+[^\s-]+\s*", text) is not None  # Yong-su Kim
    if joined and re.fullmatch(r"\s*[^\s-]+\s+[^\s-]+-[^\s-]+\s*", text):  # Kim Yong-su
        first_capital = True
    if not last_capital and not hyphen:
        yield words[0], words[1:], 1.0
    if not first_capital:
        yield words[-1], words[:-1], 1.0 if last_capital or hyphen else _FAMILY_LAST


@lru_cache(maxsize=200_000)
def read_letters(text: str) -> tuple[Reading, ...]:
    """Korean names that a name in Latin or Cyrillic letters can stand for, the likeliest first within each system.

    ``south`` holds Revised Romanization and what passports do; ``north`` the North's own and McCune-Reischauer without
    marks; ``marked`` McCune-Reischauer whole. A name in a mixture of systems gives nothing under any: spellings of the
    given name and the surname are allowed to differ, since many keep ``Lee`` or ``Park`` in any system.
    """
    plain = marked(text)
    systems: tuple[System, ...]
    if not plain.isascii() and re.search(r"[а-я]", plain):
        systems = ("cyrillic",)
    elif not plain.isascii() and re.search("[ŏŭ]", plain):
        systems = ("marked",)
    elif "'" in plain:
        systems = ("marked", "north", "south")
    else:
        systems = ("south", "north")
    orders = tuple(_orders(text))
    best: dict[tuple[System, str, str], float] = {}
    for system in systems:
        _read_in(system, orders, best)
    if "south" in systems and "marked" not in systems and (not best or "c" in plain or "wu" in plain or "ey" in plain):
        _read_in("yale", orders, best)  # it shares most short words with the others: asked where it shows, or they fail
    most = max(best.values(), default=0.0)
    return tuple(
        Reading(family, given, system, weight / most)
        for (system, family, given), weight in sorted(best.items(), key=lambda i: (-round(i[1] / most, 9), i[0]))
        if weight >= _LEAST * most
    )[:16]


def _read_in(
    system: System, orders: tuple[tuple[str, tuple[str, ...], float], ...], best: dict[tuple[System, str, str], float]
) -> None:
    """Add what a name can stand for in one system, where it is commoner than what is held already."""
    most = max(best.values(), default=0.0)
    for family_word, given_words, order in orders:
        words, word = given_words, family_word
        if system != "marked":
            words, word = tuple(w.replace("'", "") for w in given_words), family_word.replace("'", "")
        if "" in words or not word:
            continue
        givens = _givens(system, words) if (families := _families(system, word)) else ()
        for family, common in families:
            for given, weight in givens:
                chance = order * weight * common
                if chance < _LEAST * most:
                    break  # the rest is rarer still
                most = max(most, chance)
                one = (system, family, given)
                if chance > best.get(one, 0.0):
                    best[one] = chance


Shares = Mapping[str, float]  # system -> share of a list's names that are written in it
EVEN: Shares = {"south": 0.5, "north": 0.4, "yale": 0.1}


def system_shares(names: Iterable[tuple[Reading, ...]], *, rounds: int = 12, weight: float = 4.0) -> Shares:
    """In which systems a list writes its names, learned from the names that one system explains better.

    Expectation maximisation of a mixture over systems, with ``weight`` names' worth of ``EVEN`` as its prior. ``Song``
    in a list of ``Young`` and ``Hyun`` is 송; in a list of ``Yong`` and ``Hyok`` it is 성 as well.
    """
    told = [one for one in names if one and one[0].system in EVEN]
    by_name = []
    for readings in told:
        sums: dict[str, float] = {}
        for reading in (r for r in readings if r.system in EVEN):
            sums[reading.system] = sums.get(reading.system, 0.0) + reading.weight
        by_name.append(sums)
    kinds = Counter(tuple(sorted((s, round(w, 2)) for s, w in sums.items())) for sums in by_name)
    shares = dict(EVEN)
    for _ in range(rounds):
        counts = {system: weight * share for system, share in EVEN.items()}
        for sums_, times in kinds.items():
            total = sum(shares[s] * w for s, w in sums_)
            for s, w in sums_:
                counts[s] += times * shares[s] * w / total if total else 0.0
        whole = sum(counts.values())
        shares = {system: count / whole for system, count in counts.items()}
    return shares


def weighed(readings: tuple[Reading, ...], shares: Shares) -> tuple[tuple[str, str, float], ...]:
    """(family, given, probability) of a name in a list that writes in these shares of systems, likeliest first."""
    if len(readings) == 1 and readings[0].system not in shares:
        return ((readings[0].family, readings[0].given, 1.0),)
    found: dict[tuple[str, str], float] = {}
    for one in readings:
        at = (one.family, one.given)
        found[at] = found.get(at, 0.0) + one.weight * shares.get(one.system, 1.0)
    total = sum(found.values())
    return tuple((f, g, w / total) for (f, g), w in sorted(found.items(), key=lambda i: (-i[1], i[0]))) if total else ()


def family_of(word: str) -> str | None:
    """The surname that a word in Latin letters is most likely to be."""
    found: dict[str, float] = {}
    for system in ("marked", "south", "north"):
        for family, weight in _family_word(system, word):
            found[family] = max(found.get(family, 0.0), weight * _frequency()[0].get(family, 0.0))
    return max(sorted(found), key=lambda one: found[one], default=None)


def loss(family: str, given: str) -> str:
    """What a Japanese ear keeps of a Korean name, as letters: 김영수 -> kimuyonsu; voicing, ㅓ/ㅗ and ㄴ/ㅇ are lost."""
    out = []
    table = rules()
    for syllable in family + given:
        lead, vowel, tail = _split(syllable)
        heard = table["vowels"][_VOWELS[vowel]]["kana"]
        end = {"ㄱ": "ku", "ㄴ": "n", "ㄷ": "", "ㄹ": "ru", "ㅁ": "mu", "ㅂ": "pu", "ㅇ": "n", "": ""}[_TAILS[tail]]
        out.append(table["leads"][_LEADS[lead]]["kana"] + heard + end)
    return "".join(out)


def revised(family: str, given: str) -> str:
    """Revised Romanization, syllable by syllable, for reading aloud and for comparing spellings."""

    def one(syllable: str) -> str:
        if not "가" <= syllable <= "힣":
            return syllable
        lead, vowel, tail = _split(syllable)
        table = rules()
        first = str(table["leads"][_LEADS[lead]]["revised"]).split(" ")[0]
        return first + str(table["vowels"][_VOWELS[vowel]]["revised"]) + str(table["tails"][_TAILS[tail]]["revised"])

    return " ".join(("".join(map(one, family)), "".join(map(one, given)))).strip()


def read_given(text: str) -> tuple[tuple[str, float], ...]:
    """Given names, canonical, that letters without a surname can stand for (Yong-su, Youngsu), with how likely each is
    beside the likeliest; at most eight."""
    plain = marked(text)
    words = tuple(_WORD.findall(plain))
    if not 1 <= len(words) <= 3:
        return ()
    systems: tuple[System, ...] = ("south", "north")
    if re.search("[а-я]", plain):
        systems = ("cyrillic",)
    elif re.search("[ŏŭ]", plain):
        systems = ("marked",)
    found: dict[str, float] = {}
    for system in systems:
        asked = words if system == "marked" else tuple(word.replace("'", "") for word in words)
        for given, weight in _givens(system, asked) if "" not in asked else ():
            found[given] = max(weight, found.get(given, 0.0))
    most = max(found.values(), default=0.0)
    likely = sorted(((given, weight / most) for given, weight in found.items()), key=lambda one: (-one[1], one[0]))
    return tuple(one for one in likely if one[1] >= _LEAST)[:8]


def commonness(family: str, given: str) -> float:
    """How common a canonical name is beside others, by its surname's rank and its syllables: 김영수 about 0.3, a name that
    nearly nobody has about 1e-6. A scale to compare names by, no share of people."""
    return _likely(family, given)
