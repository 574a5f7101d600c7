"""Names that a reader would take for one another, and names that may be of one body.

The table of look-alikes is Unicode's (UTS 39, confusables.txt), as the package ``confusable-homoglyphs`` carries it. It
holds neither small capitals and phonetic letters of Latin, nor letters that are drawn as a dot or a dash between words,
nor the old and new forms of Chinese characters: those are named here.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, combinations

import yaml

from corroborate.values.signs import UNSEEN

# Letters of Latin by their Unicode names: ɢ, ɛ, ɐ, ŧ, 🅶, 🇬. Each is read as the letter that its name ends in.
_LATIN = re.compile(
    r"(?:(?:NEGATIVE (?:CIRCLED|SQUARED) )?LATIN (?:EPIGRAPHIC )?(?:CAPITAL |SMALL )?|REGIONAL INDICATOR SYMBOL )"
    r"LETTER (?:(?:SMALL CAPITAL|SIDEWAYS|TURNED|REVERSED|INVERTED|OPEN|CLOSED|SCRIPT|INSULAR|DOTLESS|BARRED|LONG"
    r"|STRETCHED|TOP HALF|BOTTOM HALF|VOLAPUK|BLACKLETTER|HALF|MIDDLE-WELSH) )*([A-Z])(?: (?:WITH|ROTUNDA|OPEN)\b.*)?"
)
# Phonetic letters whose names tell a Greek letter, or a sound, after the plain letter that they are drawn like.
_DRAWN = "aɑɒ bƅɓ cɔ eəɚɝɞʚ fɸʄ hɥ iɩɪ jʝ lɭɮ nŋ oɷɵ pþƿʘ qʠ rɼɾ sƨʂʃ tʇʈ uʊʉ vʋ xχ yʎɣɤ zʒʓƹ dðƌ"
_SOUNDS = {form: group[0] for group in _DRAWN.split() for form in group[1:]}
# Letters to Unicode, and drawn as a dot, a tick or a dash: the middle dot of Korean, of Chinese; signs of tones
_NO_LETTER = re.compile(
    "[\u318d\u119e\u11a2\ua78f\u1427\u02b9-\u02df\u02ec-\u02ff\u0374\u037a\u0559\u07f4\u07f5\ua717-\ua721\ua788-\ua78c]"
)
# strokes that are drawn as a dash or a bar, unless they stand among letters of their own script
_STROKE = re.compile(r"(?<![\u3041-\u30ff])\u30fc|(?<=[\uac00-\ud7a3a-zA-Z])[\u3161\u3163\u4e00\u4e28\u4e36\u4e3f]")
_OF = str.maketrans("ノ之乃丿", "のののの")  # one small word of Japanese names, as it is written with either letter


@cache
def _forms() -> dict[int, str]:
    """Each form of a Chinese character that has several -> the one that stands for all."""
    text = resources.files(__package__).joinpath("kanji.yaml").read_text(encoding="utf-8")
    return {ord(form): group[0] for group in yaml.safe_load(text)["forms"].split() for form in group[1:]}


@lru_cache(maxsize=1 << 12)
def _latin(letter: str) -> str:
    """The plain letter that a letter of Latin is drawn after; any other letter as it is."""
    if letter.isascii():
        return letter
    found = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return found[1].lower() if found else _SOUNDS.get(letter, letter)


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
    prototypes = _prototypes()
    drawn = unicodedata.normalize("NFKC", _STROKE.sub("", _NO_LETTER.sub("", UNSEEN.sub("", name)))).translate(_OF)
    written = _NO_LETTER.sub("", drawn.translate(_forms()))
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
    return re.sub(r"[\W_]+", "", bare)  # spaces too: 한국 인권 is taken for 한국인권


def reads_like(name: str, other: str) -> bool:
    """Whether a reader would take one of two names for the other."""
    looks = skeleton(name)
    return bool(looks) and looks == skeleton(other)


_BETWEEN = re.compile(r"[\W_]+")
_HEAD = re.compile(r"[,，、;；(（/|–—]|\s-\s")  # before it stands the body's own name, after it a place or a person
_SHORTEST = 3  # letters: a shorter name stands in many others that are not it
_LITTLE = "al and at da das de del der des di die do du el en et for fur in la las le les los of the to und"
_RUN = 8  # letters that stand in others only by meaning it, also where no blank is between them


@cache
def _small() -> frozenset[str]:
    return frozenset(map(skeleton, _LITTLE.split()))


def one_body(name: str, other: str) -> bool:
    """Whether two names may be those of one organisation: they read alike, one stands within the other ("Casa de la
    Memoria, Madrid"), also with its words in another order or without the small ones ("Memoria, Casa de la"), or one is
    the other's initials. Errs towards one: it is asked where two voices are needed. Knows no translations."""
    one, two = skeleton(name), skeleton(other)
    if not one or not two:
        return False
    if one == two or _stands_in(name, other) or _stands_in(other, name) or _same_head(name, other):
        return True
    return _same_words(name, other) or two in _initials(name) or one in _initials(other)


def _same_words(name: str, other: str) -> bool:
    """Whether every word of weight of one name stands in the other, in any order; a single word says too little."""
    less, more = sorted((_weighty(name), _weighty(other)), key=len)
    return len(less) > 1 and less <= more


def _weighty(name: str) -> frozenset[str]:
    words = {skeleton(word) for word in _BETWEEN.split(name)}
    return frozenset(words - _small() - {""})


def _initials(name: str) -> frozenset[str]:
    """The first letters of a name's words, of all of them and of those of weight; none for a single word."""
    words = [word for word in _BETWEEN.split(name) if word]
    heavy = [word for word in words if skeleton(word) not in _small()]
    first = (skeleton("".join(word[0] for word in some)) for some in (words, heavy) if len(some) > 1)
    return frozenset(first)


def _same_head(name: str, other: str) -> bool:
    one, two = (skeleton(_HEAD.split(each.strip(), maxsplit=1)[0]) for each in (name, other))
    return len(one) >= _SHORTEST and one == two


def _stands_in(name: str, other: str) -> bool:
    """Whether a name stands in another as words of it; where words have no blank between them, at all."""
    looks, whole = skeleton(name), skeleton(other)
    if len(looks) < _SHORTEST or looks not in whole:
        return False
    if not looks.isascii() or len(looks) >= _RUN:
        return True
    words = [skeleton(word) for word in _BETWEEN.split(other)]
    return any(looks in accumulate(words[first:]) for first in range(len(words)))


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
