"""Names that a reader would take for one another, and names that may be of one body.

The table of look-alikes is Unicode's (UTS 39, confusables.txt), as the package ``confusable-homoglyphs`` carries it. It
holds neither small capitals and phonetic letters of Latin, nor letters that are drawn as a dot or a dash between words,
nor the old and new forms of Chinese characters, nor digits and signs that stand for letters: those are named here.
Letters that are told apart in some typefaces and not in others (I, l, i and 1; O and 0; rn and m) are one here, and a
Korean word in Chinese characters is the word that it reads as. All of that errs towards one: it is asked where a second
person looks.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, combinations, islice, product

import yaml

from corroborate.languages import korean
from corroborate.values.signs import UNSEEN

# Letters of Latin by their Unicode names: ɢ, ɛ, ɐ, ŧ, 🅶, 🇬. Each is read as the letter that its name ends in.
_LATIN = re.compile(
    r"(?:(?:NEGATIVE (?:CIRCLED|SQUARED) )?LATIN (?:EPIGRAPHIC )?(?:CAPITAL |SMALL )?|REGIONAL INDICATOR SYMBOL )"
    r"LETTER (?:(?:SMALL CAPITAL|SIDEWAYS|TURNED|REVERSED|INVERTED|OPEN|CLOSED|SCRIPT|INSULAR|DOTLESS|BARRED|LONG"
    r"|STRETCHED|TOP HALF|BOTTOM HALF|VOLAPUK|BLACKLETTER|HALF|MIDDLE-WELSH) )*([A-Z])(?: (?:WITH|ROTUNDA|OPEN)\b.*)?"
)
# Phonetic letters whose names tell a Greek letter, or a sound, after the plain letter that they are drawn like.
_DRAWN = (
    "aɑɒ bƅɓ cɔᑕ⊂ eəɚɝɞʚ fɸʄ hɥͰͱ iɩɪ jʝ lɭɮ nŋпη∩ oɷɵ pþƿʘ qʠ rɼɾ sƨʂʃ tʇʈ uʊʉ vʋ xχ yʎɣɤ zʒʓƹ dðƌ lլ hի nղ pըր tե"
)
_SOUNDS = {form: group[0] for group in _DRAWN.split() for form in group[1:]}
# Letters to Unicode, and drawn as a dot, a tick or a dash: the middle dot of Korean, of Chinese; signs of tones
_NO_LETTER = re.compile(
    "[\u318d\u119e\u11a2\ua78f\u1427\u02b9-\u02df\u02ec-\u02ff\u0374\u037a\u0559\u07f4\u07f5\ua717-\ua721\ua788-\ua78c]"
)
# strokes that are drawn as a dash or a bar, unless they stand among letters of their own script
_STROKE = re.compile(r"(?<![\u3041-\u30ff])\u30fc|(?<=[\uac00-\ud7a3a-zA-Z])[\u3161\u3163\u4e00\u4e28\u4e36\u4e3f]")
# the zero of Chinese dates, drawn as a circle between other letters; among those of Latin it is an O
_CIRCLE = re.compile(r"(?<=[^\W\da-zA-Z])\u3007|\u3007(?=[^\W\da-zA-Z])")
# letters of Greek and Cyrillic in whose place a reader of Latin sees another, where they stand beside letters of Latin
_POSED = re.compile(r"(?<=[a-zA-Z])[ΛΔДлΣΞЭЗЯИЙШЩΨЧΘФЦ]|[ΛΔДлΣΞЭЗЯИЙШЩΨЧΘФЦ](?=[a-zA-Z])")
_POSES = dict(zip("ΛΔДлΣΞЭЗЯИЙШЩΨЧΘФЦ", "aaaaeeeernnwwwyoou", strict=True))
_MONEY = str.maketrans("¢$€£¥§", "cselys")  # signs that part no words: as letters, always
# signs that are read as a letter within a word, and part words elsewhere: both are asked
_EITHER = str.maketrans("!¡|¦@+○◯●◦°", "llllatooooo")
_SIGN = re.compile("[!¡|¦@+○◯●◦°]")
_NEITHER = dict.fromkeys(_EITHER, " ")
# one sign for letters and digits that some typefaces draw alike; those that two others draw together are these two
_ALIKE = str.maketrans("1|i034578u", "llloeastbv") | str.maketrans({"m": "rn", "w": "vv", "d": "cl"})
_PARTS = re.compile(r"[^\w|]+|_+")  # what parts words; a bar is drawn like a letter
_PAIR = re.compile("rn|vv|cl")
_MOST_READINGS = 32  # of one name in Chinese characters that Koreans read in several ways
_OF = str.maketrans("ノ之乃丿", "のののの")  # one small word of Japanese names, as it is written with either letter


@cache
def _forms() -> dict[int, str]:
    """Each form of a Chinese character that has several -> the one that stands for all."""
    text = resources.files(__package__).joinpath("kanji.yaml").read_text(encoding="utf-8")
    return {ord(form): group[0] for group in yaml.safe_load(text)["forms"].split() for form in group[1:]}


@cache
def _readings() -> dict[int, tuple[str, ...]]:
    """Each Chinese character -> how Koreans read it, as at the head of a word; of several forms, those of each form."""
    forms, found = _forms(), dict[int, dict[str, None]]()
    for code in (*range(0x4E00, 0xA000), *forms):
        one = forms.get(code, chr(code))
        read = dict.fromkeys(map(korean.initial, korean.readings_of(chr(code))))
        found[ord(one)] = {**found.get(ord(one), {}), **read}
    return {code: tuple(read) for code, read in found.items() if read}


@cache
def _words_of_korean() -> dict[int, str]:
    """Chinese characters -> the syllable that they are read as, else the form that stands for all; syllables -> as the
    South writes them at the head of a word, since the North, and whoever joins words, does not (련합, 연합)."""
    table = {ord(one): read for one in map(chr, range(0xAC00, 0xD7A4)) if (read := korean.initial(one)) != one}
    table |= {code: read[0] for code, read in _readings().items()}
    return table | {code: table.get(ord(one), one) for code, one in _forms().items()}


@lru_cache(maxsize=1 << 12)
def _latin(letter: str) -> str:
    """The plain letter that a letter of Latin is drawn after; any other letter as it is."""
    if letter.isascii():
        return letter
    found = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return found[1].lower() if found else _SOUNDS.get(letter, letter)


@cache
def _drawn() -> dict[int, str]:
    """Letters that Unicode holds to be a form of another, and that are drawn like one of Latin: the lunate sigma ϲ is a
    c to whoever reads it, and no σ."""
    found = {}
    for letter, seen in _prototypes().items():
        same = unicodedata.normalize("NFKC", letter)
        if same != letter and not same.isascii() and seen.isascii() and seen.isalnum():
            found[ord(letter)] = seen
    return found


@cache
def _prototypes() -> dict[str, str]:
    """Each letter that looks like others -> one letter that stands for all of them."""
    from confusable_homoglyphs import confusables  # a table of 0.9 MB: read only when a name is compared

    parent: dict[str, str] = {}
    table: dict[str, list[dict[str, str]]] = confusables.confusables_data

    def root(letter: str) -> str:
        while parent.setdefault(letter, letter) != letter:
            letter = parent[letter]
        return letter

    for letter, others in table.items():
        for other in others:
            if len(letter) == len(other["c"]) == 1:
                low, high = sorted((root(letter), root(other["c"])))
                parent[high] = low
    return {letter: root(letter) for letter in parent}


@lru_cache(maxsize=1 << 16)
def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton are told apart by no reader. Not a name; never shown."""
    if name.isascii():
        return _PARTS.sub("", UNSEEN.sub("", name).translate(_MONEY).casefold()).translate(_ALIKE)
    prototypes = _prototypes()
    seen = _CIRCLE.sub("", _STROKE.sub("", _NO_LETTER.sub("", UNSEEN.sub("", name)))).translate(_MONEY)
    seen = _POSED.sub(lambda found: _POSES[found[0]], seen)
    drawn = unicodedata.normalize("NFKC", seen.translate(_drawn())).translate(_OF)
    written = _NO_LETTER.sub("", drawn.translate(_words_of_korean()))
    # capitals first: Cyrillic М looks like M, and its small form like no small letter of Latin
    capitals = (
        seen if not letter.isascii() and (seen := prototypes.get(letter, "")).isascii() and seen.isalpha() else letter
        for letter in map(_latin, written)
    )
    plain = "".join(capitals).casefold()
    apart = map(_latin, unicodedata.normalize("NFD", plain))
    looks = "".join(prototypes.get(letter, letter) for letter in apart)
    looks = "".join(letter if letter == (read := _latin(letter)) else prototypes.get(read, read) for letter in looks)
    bare: str = "".join(letter for letter in looks if not unicodedata.combining(letter))
    # spaces too: 한국 인권 is taken for 한국인권. Letter by letter, so that words joined look as their looks joined
    return _PARTS.sub("", bare).translate(_ALIKE)


def width(look: str) -> int:
    """How many letters there are in what a name looks like, where two that are drawn as one are one."""
    return len(_PAIR.sub("_", look))


@lru_cache(maxsize=1 << 15)
def readings(name: str) -> tuple[str, ...]:
    """Every way in which a name may be read: a sign in it as a letter, or as what parts words; Chinese characters in
    each of their Korean readings. Most names are read in one way."""
    found = [name]
    if _SIGN.search(name):
        found += dict.fromkeys((name.translate(_EITHER), name.translate(_NEITHER)))
    if name.isascii() or not _of_several().search(name):
        return tuple(found)
    known, forms = _readings(), _forms()
    each = (known.get(ord(forms.get(ord(one), one)), (one,)) for one in name)
    return tuple(dict.fromkeys((*found, *map("".join, islice(product(*each), _MOST_READINGS)))))


@cache
def _of_several() -> re.Pattern[str]:
    """Chinese characters that Koreans read in several ways."""
    forms = _forms()
    several = {code for code, read in _readings().items() if len(read) > 1}
    several |= {code for code, one in forms.items() if ord(one) in several}
    return re.compile(f"[{''.join(map(chr, several))}]")


@lru_cache(maxsize=1 << 15)
def looks(name: str) -> frozenset[str]:
    """What a name looks like in each of its readings; empty for one of signs alone."""
    return frozenset(map(skeleton, readings(name))) - {""}


def reads_like(name: str, other: str) -> bool:
    """Whether a reader would take one of two names for the other."""
    return not looks(name).isdisjoint(looks(other))


_BETWEEN = re.compile(r"[\W_]+")
_HEAD = re.compile(r"[,，、;；(（/|–—]|\s-\s")  # before it stands the body's own name, after it a place or a person
_SHORTEST = 3  # letters: a shorter name stands in many others that are not it
_LITTLE = "al and at da das de del der des di die do du el en et for fur in la las le les los of the to und"
_MOST_WORDS = 24  # of a name
_OF_WORDS = re.compile(r"(?<=[\u3041-\u9fff])[のノ之乃](?=[\u3041-\u9fff])")  # small too: 新潟会 for 新潟の会
_RUN = 8  # letters that stand in others only by meaning it, also where no blank is between them


@cache
def _small() -> frozenset[str]:
    return frozenset(map(skeleton, _LITTLE.split()))


@dataclass(frozen=True, slots=True)
class _Body:
    """What is compared of one name of a body."""

    look: str
    head: str  # before a comma, a bracket or a dash
    words: tuple[str, ...]
    heavy: frozenset[str]  # words of weight
    initials: frozenset[str]  # of all words and of those of weight; none for a single word
    found: bool  # whether it is looked for within words too
    enough: bool  # whether it has so many letters that it stands for something
    runs: frozenset[str]  # words that follow one another


@lru_cache(maxsize=1 << 14)
def _body(name: str) -> _Body:
    name = _OF_WORDS.sub("", name)
    plain = [word for word in _BETWEEN.split(name) if word]
    heavy = [word for word in plain if skeleton(word) not in _small()]
    first = (skeleton("".join(word[0] for word in some)) for some in (plain, heavy) if len(some) > 1)
    look, head = skeleton(name), skeleton(_HEAD.split(name.strip(), maxsplit=1)[0])
    words = tuple(map(skeleton, plain))
    return _Body(
        look,
        head if width(head) >= _SHORTEST else "",
        words,
        frozenset(map(skeleton, heavy)) - {""},
        frozenset(first),
        not look.isascii() or width(look) >= _RUN,
        width(look) >= _SHORTEST,
        frozenset(run for at in range(len(words)) for run in accumulate(words[at : at + _MOST_WORDS])),
    )


def one_body(name: str, other: str) -> bool:
    """Whether two names may be those of one organisation: they read alike, one stands within the other ("Casa de la
    Memoria, Madrid"), also with its words in another order or without the small ones ("Memoria, Casa de la"), or one is
    the other's initials. Errs towards one: it is asked where two voices are needed. Knows no translations."""
    one, two = _body(name), _body(other)
    if not one.look or not two.look:
        return False
    if one.look == two.look or (one.head and one.head == two.head):
        return True
    if _stands_in(one, two) or _stands_in(two, one) or _same_words(one.heavy, two.heavy):
        return True
    return two.look in one.initials or one.look in two.initials


def _same_words(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether every word of weight of one name stands in the other, in any order; a single word says too little."""
    less, more = (one, two) if len(one) <= len(two) else (two, one)
    return len(less) > 1 and less <= more


def _stands_in(one: _Body, other: _Body) -> bool:
    """Whether a name stands in another as words of it; where words have no blank between them, at all."""
    return one.enough and one.look in other.look and (one.found or one.look in other.runs)


def other_voices(seats: Sequence[Collection[str]], known: Sequence[Collection[str]] = ()) -> int:
    """How many voices there are among seats beside that of the first. Each seat: every name it has. Seats whose names
    may be of one body are one voice, and so are two that may both be of one in ``known``."""
    near = [{at for at, names in enumerate(known) if one_voice(seat, names)} for seat in seats]
    voice = list(range(len(seats)))
    for one, other in combinations(range(len(seats)), 2):
        if voice[one] != voice[other] and (near[one] & near[other] or one_voice(seats[one], seats[other])):
            voice = [voice[one] if each == voice[other] else each for each in voice]
    return len({*voice} - {voice[0]}) if seats else 0


def one_voice(names: Collection[str], others: Collection[str]) -> bool:
    """Whether any of one seat's names may be of one body with any of another's."""
    return any(one_body(one, other) for one in names for other in others)
