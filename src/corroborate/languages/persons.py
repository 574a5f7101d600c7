"""What a cell for a name says: a name, a part of one, somebody without one, a group, or nobody at all.

The words beside a name (titles, ages, the other script in brackets, an alias, how many more) are taken apart from it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Literal

from corroborate.languages import korean
from corroborate.languages.ages import read_years
from corroborate.languages.kinship import kin_of, kin_words
from corroborate.languages.numbers import korean_words, read_amount, vague_words
from corroborate.languages.reviewed import reviewed
from corroborate.translation import Sentence
from corroborate.values import Amount, Name, NamePart, Role, read_name, script_of

Kind = Literal["named", "partial", "unnamed", "group", "none"]


@dataclass(frozen=True, slots=True)
class Others:
    """People beside the one who is named; ``count`` is None where the source does not name one number, and ``amount``
    then says what it does."""

    count: int | None
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """How a victim is known. ``count``: how many people the cell stands for (None: a group whose size is not one
    number). ``amount``: what the cell says of it where that is no exact number."""

    kind: Kind
    names: tuple[Name, ...] = ()
    count: int | None = 1
    kin: str | None = None  # a description by kin: wife of Ri Chol Su
    others: Others | None = None
    sex: str | None = None
    age: str | None = None  # words beside the name that say an age, or a year of birth
    born: str | None = None
    beside: tuple[str, ...] = ()  # words that are no name and were not understood
    doubts: tuple[str, ...] = ()
    amount: Amount | None = None


def _table() -> dict[str, Any]:
    found: dict[str, Any] = reviewed(__package__, "persons")
    return found


def _set(*names: str) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        listed = _table()[name]
        words = [w for ws in listed.values() for w in ws] if isinstance(listed, dict) else listed
        found |= {folded(str(word)) for word in words}
    return frozenset(found)


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Lower case, half-width, without marks on letters and without spaces at the ends."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    text = re.sub(r"[\u0300-\u036f\u064b-\u0652\u0640\u200b-\u200f]", "", text)
    text = text.translate(str.maketrans("أإآىة", "اااىة"))
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True, slots=True)
class _Lexicon:
    unknown: frozenset[str]
    persons: frozenset[str]
    sexes: dict[str, str]
    around: frozenset[str]
    counts: dict[str, int]
    some: tuple[str, ...]
    nobody: frozenset[str]
    placeholders: frozenset[str]
    before: frozenset[str]
    after: tuple[str, ...]
    endings: dict[str, tuple[str, ...]]  # last letter -> titles after a name, the longest first


@cache
def _lexicon() -> _Lexicon:
    table = _table()
    after = tuple(sorted({folded(str(w)) for w in table["titles"]["after"]}, key=len, reverse=True))
    return _Lexicon(
        _set("unknown"),
        _set("persons"),
        {folded(str(w)): sex for sex, words in table["persons"].items() if sex for w in words},
        _set("around"),
        {folded(str(w)): int(n) for n, words in table["counts"].items() for w in words},
        tuple(sorted(_set("some"), key=len, reverse=True)),
        _set("nobody"),
        _set("placeholders"),
        frozenset(folded(str(w)).rstrip(".") for w in table["titles"]["before"]),
        after,
        {last: tuple(one for one in after if one[-1] == last) for last in {one[-1] for one in after}},
    )


_ERROR = re.compile(r"#(?:REF|N/A|NAME|VALUE|DIV/0|NULL|NUM|SPILL|CALC|GETTING_DATA)[!?]?|#+", re.I)
_HIDDEN = r"○〇◯△▲●■□×＊*?？_"
_NUMBERED = re.compile(r"^(?:\(?\d{1,4}[.)]|#\d{1,5}|no\.? ?\d{1,5}[.:)])\s+(?=[^\W\d])", re.I)
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])(?:[*†‡※¹²³⁰-⁹]+|\[\d{1,3}\])$")
_LETTER = re.compile(r"[^\W\d_]")
_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))
_QUOTED = re.compile(r"[\"'“‘`].*[\"'”’`]")
_WITHHELD = re.compile(
    rf"[{_HIDDEN}\s.\-]*[○〇◯△●*×]{{2,}}[{_HIDDEN}\s.\-]*|x{{1,5}}|[a-z]\s?(?:씨|군|양|さん|氏|모씨|某)"
)


@cache
def _kin_alone() -> re.Pattern[str]:
    return re.compile(kin_words())


@lru_cache(maxsize=200_000)
def read_person(text: str) -> Person:
    """Read one cell. Kinds are told by whole words: an X or a 모 inside a longer word is a letter."""
    written = text if text.isascii() else unicodedata.normalize("NFKC", text)
    written = " ".join(written.translate(_UNSEEN).split())
    written = _NUMBERED.sub("", written.strip(" ,;:\t"))
    if _QUOTED.fullmatch(written):
        written = written[1:-1].strip()
    plain = folded(written).strip(" .")
    words = _lexicon()
    if _plain_name(written):
        return Person("named", (read_name(unicodedata.normalize("NFC", written)),))
    if _nobody(written, plain, words):
        return Person("none", count=0)
    if plain in words.unknown or plain.strip("()[]") in words.unknown:
        return Person("unnamed")
    if "(" in plain and re.sub(r"\s*\([^()]*\)$", "", plain) in words.unknown:
        return _crowd(plain, plain, words)
    if not _is_title_case_name(written, words) and (household := _household(written, plain, words)) is not None:
        return household
    if _AND_KIN.search(written) and (first := _with_others(written, words)) is not None and first.kind == "named":
        return first
    if not _surname_and_mo(plain) and (kin_of(written) or _kin_alone().fullmatch(plain)):
        return _kin(written, kin_of(written) or plain, words)
    if plain in words.persons:
        return _crowd(plain, plain, words)
    if _WITHHELD.fullmatch(plain):
        return Person("unnamed")
    if (amount := _only_amount(written)) is not None:
        return _so_many(amount, None) if _says_people(written) else _number_alone(written)
    if all(token in words.placeholders for token in plain.split()):
        return Person("unnamed")
    return _of_an_age(plain) or _with_others(written, words) or _described(written, words) or _named(written, words)


_ONE_PERSON = (
    r"(?:(?:an?|the|one|un|una|unknown|unidentified|young|elderly|adult) )*"
    r"(?P<who>man|woman|boy|girl|male|female|person|child|lady|youth|hombre|mujer|nino|nina|muchacho|muchacha|persona)"
)
_SEX_OF = dict.fromkeys(("man", "boy", "male", "hombre", "nino", "muchacho"), "m") | dict.fromkeys(
    ("woman", "girl", "female", "lady", "mujer", "nina", "muchacha"), "f"
)
_HOW_OLD = (
    r"(?:(?:aged?|about|around|approx\.?|approximately|roughly|probably|ca\.?|c\.|de|unos|entre|between) ?|~)*"
    r"\d{1,3}(?: ?(?:-|–|~|to|or|and|a|y|o) ?\d{1,3})?"
)
_YEARS = r"[ -]?(?:years?|yrs?\.?|y/?o\.?|anos)(?:[ -](?:old|of age|de edad))?"
_AGED = (
    re.compile(rf"(?:an? )?(?P<age>{_HOW_OLD}{_YEARS})[ -]?{_ONE_PERSON}"),
    re.compile(rf"{_ONE_PERSON}(?:,| \(| of)? ?(?P<age>{_HOW_OLD}(?:{_YEARS})?)\)?"),
)


def _of_an_age(plain: str) -> Person | None:
    """*20-30 year old man*, *male, approx. 25*: somebody of whom no more is said than how old they were. The numbers
    are years, and count nobody."""
    for pattern in _AGED:
        if (found := pattern.fullmatch(plain)) is not None:
            age = found["age"].strip()
            if age.isdigit() and "," not in plain:
                return None  # man 3 is the third of some
            return Person("unnamed", sex=_SEX_OF.get(found["who"]), age=age if read_years(age) is not None else None)
    return None


# 한명옥과 자녀 2명: a name, and how many of their kin beside it; no description of somebody by kin
_AND_KIN = re.compile(r"[가-힣一-龥](?:과|와|및|と|及び)\s?[가-힣一-龥ぁ-ん]{1,4}\s?\d{1,2}\s?(?:명|인|분|名|人)$")


@cache
def _households() -> tuple[re.Pattern[str], ...]:
    """Families with how many they are; couples; brothers and sisters of whom nothing but their number is said."""
    number = rf"(?P<n>{_number_pattern()})"
    in_cjk = r"(?P<n>\d{1,3}|한|두|둘|세|셋|네|넷|다섯|여섯|일곱|여덟|아홉|열|[一二三四五六七八九十]{1,3})"
    members = r"(?: (?:people|persons|members|souls|personas|miembros|integrantes|personnes|membres|человек|людей|членов|осіб|[اأ]فراد|[اأ]شخاص))?"
    where = r"(?:,? (?:from|in|of|at|near|de|en|du|из|с|від|من|في) .+)?"
    kin = (
        r"brothers?|sisters?|siblings|twins|cousins|sons|daughters|children|parents|grandparents|relatives|spouses"
        r"|hermanos|hermanas|primos|primas|hijos|hijas|gemelos|gemelas|padres|familiares|freres|soeurs|cousins|fils|filles|enfants|jumeaux"
        r"|брата|братьев|братья|сестры|сестер|детей|сына|сыновей|дочери|дочерей|родственников|брати|дітей"
    )
    return (
        re.compile(rf"(?:the |an? |his |her |their |one )?(?:\w+ )?(?:family|household) of {number}{members}(?:,? .+)?"),
        re.compile(rf"(?:the |an? |his |her |their )?(?:\w+ )?family,? \(?{number}{members}\)?"),
        re.compile(rf"(?:una |la |su )?familia (?:entera )?de {number}{members}{where}"),
        re.compile(rf"(?:une |la |sa )?famille de {number}{members}{where}"),
        re.compile(rf"(?:семья|семьи|семью|родина|сім'я) (?:из|в|з|із) {_slavic_number()}{members}{where}"),
        re.compile(rf"(?:عائل[ةه]|[اأ]سر[ةه]) (?:مكون[ةه] |مؤلف[ةه] )?(?:من )?{number}{members}{where}"),
        re.compile(rf"{in_cjk}\s?(?:식구|가족|형제|자매|남매|인\s?가족|人家族|人兄弟|人姉妹)(?:\s?전원|\s?모두)?"),
        re.compile(rf"(?:일?가족|식구|온\s?가족|형제|자매|남매|兄弟|姉妹|一家|家族|親子|조카딸?|딸|아들|손자|손녀|자녀|자식|동생|사촌)\s?(?:모두\s|전원\s)?\(?{in_cjk}\s?(?:명|인|사람|人|名)?\)?(?:\s?(?:전원|모두|全員|全滅))?"),
        re.compile(rf"{number} (?:[a-z]+ ){{0,2}}(?:{kin}){where}"),
    )  # fmt: skip


def _slavic_number() -> str:
    """A number as it stands after *из*."""
    words = {"двух": 2, "трех": 3, "трьох": 3, "четырех": 4, "чотирьох": 4, "пяти": 5, "п'яти": 5, "шести": 6, "семи": 7,
             "восьми": 8, "девяти": 9, "десяти": 10}  # fmt: skip
    return "(?P<n>" + "|".join([r"\d{1,3}", *words]) + ")"


_OF_SEVERAL = {
    "двух": 2, "трех": 3, "трьох": 3, "четырех": 4, "чотирьох": 4, "пяти": 5, "п'яти": 5, "шести": 6, "семи": 7,
    "восьми": 8, "девяти": 9, "десяти": 10,
}  # fmt: skip
_COUPLE = re.compile(
    r"(?:the |an? )?(?:(?:married|elderly|old|young|middle-aged|unidentified|unknown|local|korean|chinese) ){0,2}couple"
    r"|(?:una |la )?pareja(?: de ancianos| joven| de edad| no identificada| desconocida)?|(?:un |el )?matrimonio(?: de ancianos| mayor)?"
    r"|(?:un |le )?couple(?: age| de vieillards| inconnu)?|(?:노|젊은|중년|신혼)?\s?부부|(?:老|若い|中年の)?夫婦|(?:супружеская )?пара|супруги|(?:ال)?(?:زوجان|زوجين|شقيقان|شقيقين|شقيقتان|[اأ]خوان|[اأ]ختان)"
)
_FAMILY_OF_A_NAME = re.compile(
    r"(?:la |the )?(?:[Ff]amilia|[Ff]amille|[Ff]amily|[Кк]емья|[Сс]емья|[Рр]одина) (?:(?:de(?: los| la)?|of) )?"
    r"(?P<of>[A-ZÁÉÍÓÚÑА-ЯІЇЄ][\w'’-]+(?: [A-ZÁÉÍÓÚÑА-ЯІЇЄ][\w'’-]+){0,2})"
)


def _household(written: str, plain: str, words: _Lexicon) -> Person | None:
    if _COUPLE.fullmatch(plain):
        return Person("group", count=2)
    for pattern in _households():
        if (found := pattern.fullmatch(plain)) is not None:
            count = _OF_SEVERAL.get(found["n"]) or _number(found["n"], words)
            if count and (
                more := re.match(
                    rf"\s?(?:or|to|o|ou|или|-|~|か|또는|내지)\s?({_number_pattern()})", plain[found.end("n") :]
                )
            ):
                return _so_many(Amount(count, max(count, _number(more[1], words) or count), False, written), None)
            return Person("group", count=count) if count != 1 else None
    if _FAMILY_OF_A_NAME.fullmatch(written):
        return Person("group", count=None, kin=written)
    return None


def _is_title_case_name(written: str, words: _Lexicon) -> bool:
    """An Man Suk: *an* stands before no consonant, and nobody writes *a man* with a third word in capitals, so that
    the first word is a surname, whatever stands behind a comma or in brackets."""
    written = re.split(r"\s*[,(（]", written, maxsplit=1)[0]
    if not re.fullmatch(r"An? [A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){0,2}|AN [A-Z'-]+(?: [A-Z'-]+){1,2}", written):
        return False
    article, *rest = written.lower().split()
    known = [one in words.persons or one in words.unknown or one in words.around for one in rest]
    consonant = rest[0][0] not in "aeiouh"
    return not all(known) and (consonant if article == "an" else len(rest) > 1 and not known[-1])


_IN_HANGUL, _IN_LATIN = re.compile(r"[가-힣]{3}"), re.compile(r"[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){1,3}")


def _plain_name(written: str) -> bool:
    """Whether a cell is a name and nothing beside it: most are, and need no taking apart."""
    if _IN_HANGUL.fullmatch(written):
        return (
            written[-1] not in "씨모님군양옹네들"
            and not (written[-1] == "명" and written[:-1] in korean_words())
            and not written.endswith("부부")
            and written not in _special()
            and _family(written[0])
        )
    return _IN_LATIN.fullmatch(written) is not None and _special().isdisjoint(written.lower().split())


@cache
def _special() -> frozenset[str]:
    """Words that say more than a name, or less."""
    words = _lexicon()
    every = words.unknown | words.persons | words.around | words.nobody | words.placeholders | words.before
    every |= set(words.after) | set(words.counts) | set(words.some) | set(re.split(r"[|()?:]+", kin_words()))
    tokens = {token for word in every for token in (word, *word.split())}
    return frozenset(tokens | {"and", "y", "et", "alias", "aka", "nee", "with", "con", "plus", "family", "of", "de"})


def _surname_and_mo(plain: str) -> bool:
    """이모 is an aunt, and Mr. Yi of whom no more is said: in a column of names the second."""
    return len(plain) == 2 and plain[1] == "모" and _family(plain[0])


_NO_ROW = re.compile(
    r"(?:please )?(?:delete|remove|ignore|test|dummy|sample|example)(?: (?:this|row|data|entry|record|name|person|case|me|line|\d+))+"
)


def _nobody(written: str, plain: str, words: _Lexicon) -> bool:
    if not plain or _ERROR.fullmatch(written) or plain in words.nobody or _NO_ROW.fullmatch(plain):
        return True
    if _LETTER.search(plain):
        return False
    return not re.search(r"[○〇◯△●×]{2}|\*{2}", written)


# groups and people without a name


_COUNTED = re.compile(
    r"(?:명|사람|분|名|人|位|个|個人)(?:$|[\s)]|[가-힣ぁ-ん一-龥]{1,3}$)|\d\s?인(?:$|\s)"
)  # a cell in hanja or Hangul that counts says what
_CJK = re.compile("[가-힣一-龥]")
_SPACED = re.compile("(?![약총])[가-힣] [가-힣]{2,3}")  # 한 일명: a surname, and a name behind it


_OF_PEOPLE = re.compile(
    r"\b(?:people|persons?|individuals?|victims?|prisoners|detainees|inmates|dead|killed|personas?|presos|detenidos|muertos|personnes?|victimes|человек\w*|людей)$"
    r"|^(?:(?:a|an|at|least|more|than|over|about|some|several|un|una|unos|unas|mas|de|varios|varias) )*(?:dozens?|hundreds?|thousands?|tens|scores?|several|many|numerous|countless|innumerable|decenas|docenas?|cientos|centenares|centenar|miles|varios|varias|muchos|muchas)\b"
)


def _only_amount(written: str) -> Amount | None:
    """Of a cell that says how many and nothing else: 수십 명, 20-30 people, at least five. 이명 is a name."""
    if _CJK.search(written) is None:
        return read_amount(written) if written.islower() else None
    if (
        _SPACED.fullmatch(written)
        or _COUNTED.search(written) is None
        or (
            len(written) < 4 and written.isalpha() and "가" <= written[0] <= "힣" and written[:-1] not in korean_words()
        )
    ):
        return None
    return read_amount(written)


def _says_people(written: str) -> bool:
    """Whether a number of people says that it is one: 20-30 people, dozens. About 30 may be an age, c. 1954 a year."""
    return _CJK.search(written) is not None or _OF_PEOPLE.search(folded(written)) is not None


def _number_alone(written: str) -> Person:
    doubt = Sentence("{words!r} stands for a name, and may be an age, a year or a number of people", words=written)
    return Person("unnamed", count=None, beside=(written,), doubts=(doubt,))


def _so_many(amount: Amount, sex: str | None) -> Person:
    if amount.named == 1:
        return Person("unnamed", sex=sex)
    if amount.highest == 0:
        return Person("none", count=0)
    amount = replace(amount, lowest=max(1, amount.lowest))  # the row tells of somebody
    return Person("group", count=amount.named, sex=sex, amount=None if amount.exact else amount)


def _number(text: str, words: _Lexicon) -> int | None:
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else words.counts.get(text)


@cache
def _number_pattern() -> str:
    listed = sorted(
        (w for w in _lexicon().counts if w not in ("일", "이", "삼", "사", "오", "육", "칠", "팔", "구", "십", "백")),
        key=len,
        reverse=True,
    )
    return r"(?:\d{1,4}|" + "|".join(map(re.escape, listed)) + ")"


@cache
def _others_patterns() -> tuple[re.Pattern[str], ...]:
    made = []
    for pattern in _table()["others"]:
        body = str(pattern)
        between = (
            r"\s*[,(]?\s*"
            if not re.match(r"\(\?:(?:and|y\||et\||и\|)|\(\?P<u>(?:등|et)|\(\?P<u>ら", body)
            else r"[\s,(]+"
        )
        if body.startswith("(?P<u>ら"):
            between = r"(?<=[\u4e00-\u9fff])"
        number = f"(?:{_hedged_number()})"
        made.append(re.compile(rf"(?P<name>.+?){between}{body.replace('#', number)}(?P<end>{_ENDS})?\)?\s*$", re.I))
    return tuple(made)


_ENDS = r"\s?(?:이상|이하|정도|가량|쯤|안팎|남짓|以上|以下|ほど|くらい|程度|前後|余り|or so|or more|o más|más o menos)"


_ABOUT_OTHERS = (
    r"(?:about|around|approximately|approx\.?|some|nearly|at least|more than|over|up to|no more than|~|약|대략|최소|적어도|최대|約|およそ"
    r"|少なくとも|最大|unos|unas|al menos|por lo menos|m[aá]s de|cerca de|hasta|environ|au moins|plus de|около|более)"
)
_VAGUE = frozenset(
    ("several", "dozens", "dozens of", "hundreds of", "hundreds", "a few", "varios", "varias", "decenas de")
)


@cache
def _hedged_number() -> str:
    """A number in digits or words, about it, from it to another one, or a word for several."""
    number = _number_pattern()
    vague = sorted((one for one in vague_words() if not one.isascii() or one in _VAGUE), key=len, reverse=True)
    return (
        rf"(?:{_ABOUT_OTHERS}\s?)?{number}(?:\s?(?:-|~|내지|か|또는|\bor\b|\bto\b|\bo\b|\bou\b)\s?{number})?(?:\s?여|余)?"
        rf"|{'|'.join(map(re.escape, vague))}"
    )


_MORE = re.compile(
    r"\d|外|他|ほか|ら$|외|등|포함|일행|일가|ら[\d数十二三]|과 |와 |및|\band\b|&|\+|\bplus\b|\bwith\b|et al|etc|\by\b|\bet\b|\bavec\b|\bcon\b|\sи\s|\sта\s|و|等|及|など|among|\bothers?\b",
    re.I,
)


def _with_others(written: str, words: _Lexicon) -> Person | None:
    """``Ri Chol Su and 4 others``, ``리철수 외 3명``, ``李哲洙ほか3名``, ``y otros 3``."""
    if not _MORE.search(written):
        return None
    for pattern in _others_patterns():
        found = pattern.fullmatch(written)
        if found is None:
            continue
        groups = found.groupdict()
        name = found["name"].strip(" ,(")
        amount = _beside_amount(groups.get("n") or groups.get("t") or "", groups.get("end") or "", words)
        if amount is not None and groups.get("t"):
            amount = replace(amount, lowest=max(0, amount.lowest - 1), highest=amount.highest and amount.highest - 1)
        count = None if amount is None else amount.named
        if not _LETTER.search(name) or folded(name) in words.around or folded(name) in words.counts:
            continue
        first = read_person(name)
        if first.kind in ("unnamed", "group"):
            total = None if count is None or first.count is None else first.count + count
            return replace(first, kind="group", count=total, amount=_together(first, amount))
        if first.kind == "none" or (count is not None and count < 1):
            continue
        unsure = None if amount is None or amount.exact else replace(amount, words=written)
        return replace(first, others=Others(count, unsure))
    return None


def _beside_amount(number: str, end: str, words: _Lexicon) -> Amount | None:
    """How many more stand beside somebody; a hedge may follow the word for people."""
    if (
        (known := _number(folded(number), words)) is not None
        and (number.isdigit() or folded(number) in words.counts)
        and not end
    ):
        return Amount(known, known)
    return next(filter(None, (read_amount(f"{number}{counter} {end}") for counter in ("", "명", "人") if number)), None)


def _together(first: Person, others: Amount | None) -> Amount | None:
    """Some people and others, where either number is no exact one."""
    own = first.amount or (None if first.count is None else Amount(first.count, first.count))
    if own is None or others is None or (own.exact and others.exact):
        return None
    highest = None if own.highest is None or others.highest is None else own.highest + others.highest
    return Amount(own.lowest + others.lowest, highest, own.approximate or others.approximate)


_COUNT_CJK = re.compile(
    r"(?:총\s?|약\s?|計|全)?(\d{1,4}|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|[一二三四五六七八九十两兩]{1,3})\s?여?\s?(?:명|인|분|구|名|人|体|사람|個人|位)(?:의|の)?"
)
_MANY = r"(?:\d[\d,]*|[한두세네서너덧댓대여섯다일곱예닐덟홉열아스무물른흔쉰순]+|수[십백천만]*|몇[십백천]?|여러|[십백천이삼사오육칠팔구]{2,}|[〇一二三四五六七八九十百千両两数几幾複]+)"
_AMOUNT_CJK = re.compile(
    r"(?:(?:약|총|대략|최소한?|적어도|최대|많아야|約|およそ|少なくとも|最低|最大|多くて|至少|计|計|全|한(?=\s?\d))\s?)*"
    rf"{_MANY}(?:\s?(?:~|-|,|、|내지|또는|か|から)\s?{_MANY})?\s?[여余多]?\s?(?:명|인|분|구|名|人|体|사람|個人|位)"
    r"(?:\s?(?:이상|이하|미만|초과|가량|정도|쯤|안팎|내외|남짓|넘게|以上|以下|未満|前後|ほど|くらい|程度|余り))?(?:의|の)?"
)
_COUNTER = re.compile("[명인분구람名人体位]")
_SOME_CJK = re.compile(r"(?:여러|몇|수십|수|다수|数十?|複数|多数|若干|几|多)\s?(?:명|인|분|名|人|사람)?(?:의|の)?")


def _described(written: str, words: _Lexicon) -> Person | None:
    if described := kin_of(written):
        return _kin(written, described, words)
    if script_of(written) in ("Hang", "Hani", "Kana") or re.search(r"[가-힣一-龥]", written):
        return _described_in_cjk(written, words)
    return _described_in_words(written, words)


def _kin(written: str, relation_words: str, words: _Lexicon) -> Person:
    """Wife of Ri Chol Su; two sons of him are a group."""
    plain = folded(written)
    count: int | None = 1
    if (
        found := re.match(rf"(?:the |his |her )?({_number_pattern()})\s+(?={re.escape(folded(relation_words))})", plain)
    ) or (found := _COUNT_CJK.search(written)):
        count = _number(found[1], words)
    elif re.search(
        r"(?:sons|daughters|children|brothers|sisters|parents|relatives|siblings|hijos|hijas|hermanos|padres|부모|형제|자매|가족|자녀들|아들들|딸들|兄弟|姉妹|両親|家族|子供たち|families|family|familia)$",
        folded(relation_words),
    ):
        count = None
    sex = {
        "wife": "f",
        "daughter": "f",
        "mother": "f",
        "sister": "f",
        "아내": "f",
        "처": "f",
        "딸": "f",
        "어머니": "f",
        "husband": "m",
        "son": "m",
        "father": "m",
        "brother": "m",
        "아들": "m",
        "남편": "m",
        "아버지": "m",
        "妻": "f",
        "娘": "f",
        "母": "f",
        "夫": "m",
        "息子": "m",
        "父": "m",
        "esposa": "f",
        "hija": "f",
        "madre": "f",
        "esposo": "m",
        "hijo": "m",
        "padre": "m",
    }.get(folded(relation_words))
    return Person("unnamed" if count == 1 else "group", count=count, kin=written, sex=sex)


def _described_in_words(written: str, words: _Lexicon) -> Person | None:
    """``five unknown men``, ``Unknown man 3``, ``three members of the Kim family``."""
    plain = folded(re.sub(r"[\"“”'`]", "", written))
    tokens = re.findall(r"[^\s,;:()\[\]/#]+", plain)
    if not tokens:
        return None
    known = [one.strip(".") in words.unknown or one in words.persons for one in tokens]
    if (amount := _leading_amount(plain, words)) is not None and not amount.exact and _only_people(plain, words):
        return _crowd(plain, plain, words)
    lead = None if _is_title_case_name(written, words) else _lead(tokens, words)
    if lead is not None:
        return _crowd(plain, " ".join(tokens[: lead + 1]), words)
    if found := re.fullmatch(
        r"(?:the |la |los |las )?(?:(.+?) )?(?:family|familia|famille|семья)(?: (?:de|of|de los|de la) (.+?))?(?:\s*\(?\s*(\d+)(?: \w+)?\)?)?",
        plain,
    ):
        return Person("group", count=int(found[3]) if found[3] else None)
    neutral = [
        k
        or one in words.around
        or one in words.counts
        or one.isdigit()
        or len(one.strip(".-")) <= 1
        or one in words.some
        for k, one in zip(known, tokens, strict=True)
    ]
    phrases = " " in plain and _phrases().search(plain) is not None
    if (any(known) or phrases) and (all(neutral) or phrases):
        return _crowd(plain, plain, words)
    return None


@cache
def _phrases() -> re.Pattern[str]:
    """Words for *unknown* that are several: whoever says one says no name."""
    several = sorted((phrase for phrase in _lexicon().unknown if " " in phrase), key=len, reverse=True)
    return re.compile(rf"(?:^|\s)(?:{'|'.join(map(re.escape, several))})(?:\s|$)")


_HEDGES = frozenset(
    "at least about approximately approx approx. around over more than nearly up to roughly almost estimated only unos unas al menos cerca environ около примерно".split()
)


def _lead(tokens: list[str], words: _Lexicon) -> int | None:
    """Where a description's first word for a person stands, after counts, articles and words for *unknown* alone."""
    said = False
    for at, token in enumerate(tokens):
        if token in words.persons and (said or at):
            return at if said else None
        if token.strip(".") in words.unknown or token in words.counts or token.isdigit() or token in words.some:
            said = True
        elif token in _HEDGES:
            continue
        elif token in (
            "a",
            "an",
            "the",
            "group",
            "of",
            "un",
            "una",
            "unos",
            "unas",
            "el",
            "la",
            "los",
            "las",
            "une",
            "des",
            "les",
        ):
            said = said or token in ("a", "an", "un", "una", "une", "group")
        elif token not in words.around:
            return None
    return None


_PLURAL = re.compile(
    r"\b(?:men|women|people|persons|individuals|victims|bodies|children|[a-z]{3,}(?:ers|ees|ors|ents|ians|[^s]es|os|as)|boys|girls|males|females|kids|adults|babies|infants|corpses|"
    r"monks|nuns|soldiers|guards|youths|relatives|members|siblings|officials|families|hommes|femmes|enfants|personnes|corps)\b"
    r"|люди|людей|мужчин[ыа]?\b(?<!мужчина)|женщин\b|женщины|дети|детей|тела\b|тел\b|заключенны[ех]|лица\b|люди|осіб|чоловіки|жінки"
    r"|رجال|نساء|اشخاص|ضحايا|جثث|معتقل[وي]ن|اطفال|مدني[وي]ن|شبان"
)


@cache
def _some_pattern() -> re.Pattern[str]:
    several = "|".join(re.escape(phrase) for phrase in _lexicon().some if phrase != "some")
    return re.compile(rf"(?:about |around |the |an? )*(?:{several})\b")


def _leading_amount(plain: str, words: _Lexicon) -> Amount | None:
    """How many a description says before its first word for a person: *at least 20 unknown men*, *dozens of monks*."""
    tokens = plain.split()
    end = next((at for at, one in enumerate(tokens) if one.strip(".,") in words.unknown or one in words.persons), 0)
    for at in range(min(end, 7), 0, -1):
        if not re.match(r"(?:year|yr|y\.?o|an[os]|month|лет|год)", tokens[at]) and (
            amount := read_amount(" ".join(tokens[:at]))
        ):
            return amount
    return None


def _only_people(plain: str, words: _Lexicon) -> bool:
    """Whether the words behind a number tell of people, and name nobody."""
    tokens = [token.strip(".,") for token in plain.split()]
    first = next(at for at, token in enumerate(tokens) if token in words.unknown or token in words.persons)
    return all(one in words.unknown or one in words.persons or one in words.around for one in tokens[first:])


def _crowd(plain: str, lead: str, words: _Lexicon) -> Person:
    """How many people a description stands for: a number before the word for a person counts, one behind it tells
    them apart (Unknown man 3)."""
    sex = next((words.sexes[token] for token in re.findall(r"[^\W\d_]+", lead) if token in words.sexes), None)
    if (amount := _leading_amount(plain, words)) is not None and not amount.exact:
        return _so_many(amount, sex)
    count: int | None = None
    number = re.match(
        rf"(?:an? group of |group of |grupo de |un grupo de |about |approx\.? |approximately |at least |around |roughly |up to |almost |some |over |more than |nearly |unknown |unidentified |the |los |las |hasta )*({_number_pattern()})\b(?!\s*(?:year|yr|y\.?o|ans|anos|years))",
        plain,
    )
    tail = re.search(r"[(×x]\s*(\d{1,4})\s*\)?$", plain)
    plural = _PLURAL.search(lead)
    some = _some_pattern().match(plain)
    if number and (number[1].isdigit() or number[1] not in ("a", "an", "un", "una", "une", "uno")):
        count = _number(number[1], words)
    elif plural and tail:
        count = int(tail[1])
    elif plural or some or re.search(r"\b(?:family|familia|famille|group|grupo|groupe|couple|pareja)\b", lead):
        return Person("group", count=2 if re.search(r"\b(?:couple|pareja)\b", lead) else None, sex=sex)
    else:
        count = 1
    return Person("group" if count != 1 else "unnamed", count=count, sex=sex)


@cache
def _cjk_words() -> re.Pattern[str]:
    listed = _lexicon().unknown | _lexicon().persons | _lexicon().around
    cjk = sorted((w for w in listed if re.search(r"[가-힣ぁ-ヿ一-龥]", w)), key=len, reverse=True)
    long = [w for w in cjk if len(w) > 1]
    han = [w for w in cjk if len(w) == 1 and not "가" <= w <= "힣"]
    return re.compile("|".join(map(re.escape, (*long, *han))))


# 세 남자, 군인들, 두 여자들: with a blank, since 이남자 and 한남자 may be names; 이 is "this", and 한 is "a"
_SO_MANY_OF = re.compile(
    r"(?:(?P<n>두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두|열세|열네|열다섯|스무)\s)?(?P<who>[가-힣]{2,}?)(?P<all>들)?"
)


def _described_in_cjk(written: str, words: _Lexicon) -> Person | None:
    """``이름을 모르는 남자 5명``, ``氏名不詳の男性``, ``김씨 일가 4명``, ``세 남자``, ``군인들``."""
    plain = folded(written)
    found = _SO_MANY_OF.fullmatch(plain)
    if found and (found["n"] or found["all"]) and found["who"] in words.persons:
        return Person(
            "group", count=_number(found["n"], words) if found["n"] else None, sex=words.sexes.get(found["who"])
        )
    if found := re.fullmatch(
        r"(?:[가-힣]{1,4}|[一-龥]{1,4})(?:씨네|씨|さん|氏)?\s?(?:의|の)?\s?(일가족?|가족들?|집안|부부|一家|家族|夫婦|家|モ子)\s?(?:전원|全員)?\s?\(?(?:(\d+|[一二三四五六七八九十두세네]|다섯|여섯)\s?(?:명|인|名|人)?)?\)?",
        plain,
    ):
        couple = found[1] in ("부부", "夫婦")
        return Person("group", count=_number(found[2], words) if found[2] else (2 if couple else None))
    if re.fullmatch(r"[가-힣]{2,3}", plain):
        return None  # a name may begin with the letters of a word: 남성은
    amount_found = _AMOUNT_CJK.search(plain) if _COUNTER.search(plain) and not _SPACED.fullmatch(plain) else None
    amount = amount_found and read_amount(amount_found[0].rstrip("의の"))
    count_found = amount_found if amount else _COUNT_CJK.search(plain)
    some = _SOME_CJK.search(plain) if count_found is None else None
    rest = plain.replace(count_found[0], " ") if count_found else plain
    if some and some[0].strip() not in ("수", "多"):
        rest = rest.replace(some[0], " ")
    matched = _cjk_words().findall(rest)
    left = _cjk_words().sub(" ", rest)
    left = " ".join(
        t for t in left.split() if t not in words.persons and t not in words.around and t not in words.unknown
    )
    left = re.sub(
        r"\(?\d{1,3}(?:세|살|歳|才|대|代)?\)?|[a-z](?![a-z])|[\s·.,()\-~#]|^[의이가은는을를]$|(?:で|を|が|は|に)",
        "",
        left,
    )
    left = re.sub(r"^[의이가은는을를로들인]+$", "", left)
    enough = any(one in words.unknown for one in matched) or len(plain) > 2 or count_found
    if left or not (matched or count_found or some) or not enough:
        return None
    if not (matched or any(t in words.persons for t in rest.split())) and not count_found:
        return None
    sex = next((words.sexes[one] for one in (*matched, *rest.split()) if one in words.sexes), None)
    if amount:
        return _so_many(amount, sex)
    count = _number(count_found[1], words) if count_found else (None if some or "들" in rest else 1)
    return Person("group" if count != 1 else "unnamed", count=count, sex=sex)


# names


_AGE_BESIDE = re.compile(
    r"(?:aged?|age:?|edad:?|나이:?|年齢:?|당시|当時|만|満|約|약|возраст:?)?\s*\d{1,3}\s*(?:세|살|歳|才|years? old|yrs?\.?(?: old)?|y\.?/?o\.?|years?|anos|ans|лет|года|років|months?|개월|か月|ヶ月|سنة|عاما|سال|岁|歲)\s*(?:경|쯤|가량|頃|くらい|de edad|approx\.?)?"
    r"|(?:aged?|age:?|edad:?|возраст:?|나이:?|年齢:?)\s*\d{1,3}|\d{1,2}0(?:s|대|代)",
    re.I,
)
_BORN_BESIDE = re.compile(
    r"(?:b\.|born(?: in| on)?|dob:?|n\.|nacid[oa](?: en)?|nee? en|ne\(e\) en|род\.|р\.|출생|생년|生年|昭和|\*)\s*[\d.\-/ 年月日년월일a-z]{4,20}|\d{4}\s*(?:년생|年生(?:まれ)?|년\s*출생|г\.?\s?р\.?|생)|\d{4}\s*-\s*\d{0,4}",
    re.I,
)
_SEX_BESIDE = {
    "m": "m",
    "f": "f",
    "male": "m",
    "female": "f",
    "남": "m",
    "여": "f",
    "남성": "m",
    "여성": "f",
    "남자": "m",
    "여자": "f",
    "男": "m",
    "女": "f",
    "男性": "m",
    "女性": "f",
    "♂": "m",
    "♀": "f",
    "man": "m",
    "woman": "f",
    "hombre": "m",
    "mujer": "f",
    "boy": "m",
    "girl": "f",
    "м": "m",
    "ж": "f",
}
_ALIAS = re.compile(
    r"^(?:a\.?k\.?a\.?|also known as|also called|also written|alias|or|nickname:?|called|known as|formerly|previously|born as|née|nee|né|real name:?|true name:?|alternate:?|conocid[oa] como|apodad[oa]|también|tambien|dit|dite|он же|она же|известен как|"
    r"일명|별명|별칭|이명|본명|가명|아명|필명|개명|구명|구성명|세례명|또는|혹은|通称|通名|別名|本名|旧姓|旧名|改名|愛称|あだ名|または|又は|المعروف ب|المكنى|الملقب ب|又名|化名|原名|曾用名)[:\s]*(?=\S)",
    re.I,
)


def _named(written: str, words: _Lexicon) -> Person:
    """A name, with what stands beside it taken off."""
    beside = _Beside()
    core = _off_brackets(written, beside, words)
    core, *called = _CALLED.split(core)
    beside.names += [one.strip() for one in called if one.strip()]
    core = _off_commas(core, beside, words)
    core = _off_tail(core, beside)
    names, titled = _in_scripts(core, words)
    kinds = [_kind(name, titled, words, beside) for name in names]
    if not names:
        return Person("unnamed" if beside.understood else "none", count=1 if beside.understood else 0)
    kind: Kind = "named" if any(one == "named" for one in kinds) else "partial"
    taken = tuple(_value(name, one, written, words) for name, one in zip(names, kinds, strict=True))
    more = tuple(read_name(text) for text in beside.names)
    if kind == "partial" and any(
        _kind(one.text, False, words, _Beside()) == "named" and len(one.text) > 1 for one in more
    ):
        kind = "named"
    if beside.placeholder:
        kind = "partial"
    return Person(
        kind,
        tuple({one.text: one for one in (*taken, *more)}.values()),
        1,
        beside.kin,
        beside.others,
        beside.sex,
        beside.age,
        beside.born,
        tuple(beside.words),
        tuple(beside.doubts),
    )


class _Beside:
    """What is found beside a name while it is taken apart."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.words: list[str] = []
        self.doubts: list[str] = []
        self.kin: str | None = None
        self.sex: str | None = None
        self.age: str | None = None
        self.born: str | None = None
        self.others: Others | None = None
        self.placeholder = False

    @property
    def understood(self) -> bool:
        return bool(self.kin or self.sex or self.age or self.born)


def _take(part: str, core: str, beside: _Beside, words: _Lexicon) -> bool:
    """Whether words beside a name were understood; they are kept in ``beside``."""
    part = part.strip(" .,;:")
    plain = folded(part)
    if not part:
        return True
    if plain in _SEX_BESIDE:
        beside.sex = _SEX_BESIDE[plain]
    elif _AGE_BESIDE.fullmatch(plain) or re.fullmatch(r"\d{1,2}", plain):
        beside.age = part
    elif _BORN_BESIDE.fullmatch(plain) or re.fullmatch(r"(?:1[89]|20)\d\d", plain):
        beside.born = part
    elif (alias := _ALIAS.match(part)) and _LETTER.search(part[alias.end() :]):
        beside.names.append(part[alias.end() :].strip(" '\"“”"))
    elif re.fullmatch(r"[?？]+", part):
        beside.doubts.append(Sentence("the source marks the name as doubtful"))
    elif plain in words.placeholders or re.fullmatch(
        r"(?:given|first|last|family|sur|full)\s?-?name (?:unknown|not known|withheld|unclear)|nombre (?:desconocido|reservado)|apellidos? desconocidos?|이름 ?(?:미상|모름|불명)|名(?:前)?(?:不明|不詳)",
        plain,
    ):
        beside.placeholder = True
    elif plain in words.before or plain.rstrip(".") in words.before or plain in words.after:
        beside.words.append(part)
    elif kin_of(part):
        beside.kin = part
    elif plain in words.unknown:
        beside.placeholder = True
    else:
        return False
    return True


def _off_brackets(written: str, beside: _Beside, words: _Lexicon) -> str:
    """Brackets and quotation marks: an age, a sex, another script, an alias; else words that are kept beside."""
    core = written
    for _ in range(4):
        found = re.search(
            r"\s*(?:[(（\[【〔「『<]([^()（）\[\]【】〔〕「」『』<>]*)[)）\]】〕」』>]|[\"“'‘]([^\"“”'‘’]{2,})[\"”'’](?=\s|$))\s*",
            core,
        )
        if found is None:
            break
        inside, outside = (
            (found[1] if found[1] is not None else found[2]).strip(),
            (core[: found.start()] + " " + core[found.end() :]).strip(),
        )
        if not outside:
            return inside
        for part in re.split(r"[,;，、]\s*|(?<=[남여男女])[/·]\s*", inside):
            if _take(part, outside, beside, words):
                continue
            mine, other = script_of(outside), script_of(part)
            word_like = _LETTER.search(part) and not re.search(r"\d", part) and len(part) <= 60
            if (
                (word_like and other not in (mine, "Zyyy"))
                or (word_like and found[2] is not None)
                or (
                    word_like
                    and other == mine
                    and mine == "Latn"
                    and part[:1].isupper()
                    and len(part.split()) >= 2
                    and all(w[:1].isupper() for w in part.split())
                )
            ):
                beside.names.append(part)
            elif not re.fullmatch(r"\d*", part):
                beside.words.append(part)
        core = outside
    return re.sub(r"[()（）\[\]]", " ", core).strip()


def _off_commas(core: str, beside: _Beside, words: _Lexicon) -> str:
    """What follows a comma: an age, a trade in lower case, an alias; *Lopez, Xavier* stays one name."""
    parts = [
        part.strip()
        for part in re.split(
            r"\s*[,;，、；]\s*|\s+-\s+|\s+/\s+|\s*\|\s*|(?<=[가-힣一-龥])/(?=[A-Za-z])|(?<=[A-Za-z])/(?=[가-힣一-龥])",
            core,
        )
    ]
    if len(parts) == 1:
        return core
    kept = [parts[0]]
    for part in parts[1:]:
        if not part or _take(part, parts[0], beside, words):
            continue
        other, mine = script_of(part), script_of(parts[0])
        if other not in (mine, "Zyyy") and not re.search(r"\d", part):
            beside.names.append(part)
        elif re.search(r"\d", part) or (other == "Latn" and part[:1].islower()) or other in ("Hang", "Hani", "Kana"):
            beside.words.append(part)
        else:
            kept.append(part)
    if len(kept) > 1 and (";" in core or " / " in core or len(kept) > 2):
        beside.names += kept[1:]
        beside.doubts.append(f"{core!r} may be several names")
        kept = kept[:1]
    return ", ".join(kept)


_AGE_AT_END = re.compile(rf"\s+(?:{_AGE_BESIDE.pattern})$|(?<=[가-힣一-龥])\d{{1,3}}(?:세|歳|才)$", re.I)


def _off_tail(core: str, beside: _Beside) -> str:
    """An age, a sex or a mark of doubt without brackets, and footnotes: ``리철수 47세``, ``Ri Chol Su 47 y.o.``"""
    core = _FOOTNOTE.sub("", core.strip()).strip(" .,;:-")
    if core.endswith("?") and _LETTER.search(core):
        core = core.rstrip("? ")
        beside.doubts.append(Sentence("the source marks the name as doubtful"))
    found = _AGE_AT_END.search(core)
    if found and _LETTER.search(core[: found.start()]):
        beside.age = beside.age or found[0].strip()
        core = core[: found.start()].strip(" ,")
    if (
        (found := re.search(r"\s+(남|여|男|女|[MF]|♂|♀|남성|여성|男性|女性)$", core))
        and len(core.split()) > 1
        and (found[1] not in "MF" or ("." not in core and beside.age))
    ):
        beside.sex = _SEX_BESIDE.get(found[1].lower(), _SEX_BESIDE.get(found[1]))
        core = core[: found.start()].strip()
    return core


def _in_scripts(core: str, words: _Lexicon) -> tuple[list[str], bool]:
    """The name without titles, or its writings in several scripts; and whether a title that stands before a surname
    (Mr, Mrs) was taken off."""
    core, titled = _off_titles(core, words)
    runs = re.findall(
        r"[가-힣○〇◯△*?·]+(?:\s+[가-힣○〇◯]+)*|[一-龥々]+(?:\s+[一-龥]+)*|[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ .,'’\-]*[A-Za-zÀ-ɏḀ-ỿ]|[ァ-ヿ・\s]{2,}|[Ѐ-ӿ][Ѐ-ӿ .'’\-]+",
        core,
    )
    scripts = {script_of(run) for run in runs if len(run.strip()) > 1}
    apart = len(runs) > 1 and len(scripts) == len(runs) and "Zyyy" not in scripts and scripts != {"Hani", "Kana"}
    hidden = re.search(r"[가-힣](?:[xX]{1,2}|[oO]{1,2})\b", core)
    if apart and not hidden and all(len(run.strip()) > 1 for run in runs):
        return [run.strip(" .,") for run in runs], titled
    return ([core] if _LETTER.search(core) else []), titled


_RESPECT = frozenset(
    (
        "선생",
        "선생님",
        "여사",
        "할머니",
        "할아버지",
        "아저씨",
        "교수",
        "목사",
        "신부",
        "박사",
        "장로",
        "회장",
        "사장",
        "변호사",
    )
)
_SURNAME_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "madam",
        "sr",
        "sra",
        "srta",
        "senor",
        "senora",
        "г-н",
        "г-жа",
        "господин",
        "госпожа",
        "monsieur",
        "mme",
        "mlle",
        "пан",
        "пані",
        "السيد",
        "السيدة",
        "herr",
        "frau",
    ]
)
_SOFT = frozenset(
    [
        "sister",
        "brother",
        "father",
        "pastor",
        "master",
        "private",
        "lord",
        "general",
        "judge",
        "justice",
        "major",
        "president",
        "minister",
        "hon",
        "fr",
        "don",
        "dona",
        "gen",
        "lt",
        "dame",
        "sir",
        "lic",
        "ing",
        "eng",
        "me",
        "ba",
        "late",
        "гр",
    ]
)


_CALLED = re.compile(r"\s+(?:a\.?k\.?a\.?|alias|also known as|née|nee|일명|通称|旧姓|alias:|t\.c\.c\.)\s+", re.I)


def _off_titles(core: str, words: _Lexicon) -> tuple[str, bool]:
    titled = False
    core = re.sub(r"^(?:the )?late (?=\S+ \S)", "", core, flags=re.I)
    if (late := re.match(r"고 (?=([가-힣])[가-힣]{2}$)", core)) and _family(late[1]):  # 고 박영수: who is dead
        core = core[late.end() :]
    if re.match(r"U [A-Z]", core) and not korean.read_letters(core):  # U Aung Ko Latt, of Myanmar: not U Chol Su
        core = core[2:]
    tokens = core.split()
    while len(tokens) > 1:
        plain = folded(tokens[0]).rstrip(".")
        dotted = tokens[0].endswith(".")
        if plain not in words.before and not (dotted and plain in ("m", "d", "г", "د")):
            break
        if plain in _SOFT and len(tokens) < 3 and not dotted:
            break
        titled = titled or plain in _SURNAME_TITLES
        tokens = tokens[1:]
    core = " ".join(tokens)
    plain = folded(core)
    for title in words.endings.get(plain[-1:], ()):
        if not plain.endswith(title) or len(plain) <= len(title):
            continue
        before = core[: len(core) - len(title)]
        if title.isascii() and before[-1:] not in (" ", ",", "."):
            continue
        name = before.strip(" ,.")
        length = len(re.sub(r"\s", "", name))
        short = len(title) == 1
        spaced = before.endswith(" ")
        if not _LETTER.search(name) or (title in ("군", "양", "옹", "君", "殿") and not spaced and length < 3):
            continue
        if not spaced and not short and length == 2 and "가" <= title[0] <= "힣" and title not in _RESPECT:
            continue
        if not spaced and not short and length == 1 and not (_family(name) and title in _RESPECT):
            continue
        return name, titled or title in ("씨", "님", "군", "양", "氏", "さん", "君", "くん", "様", "ちゃん")
    return core, titled


def _surname(text: str) -> bool:
    """Whether a word alone is a surname of Koreans."""
    script = script_of(text)
    if script == "Hang":
        return _family(text)
    if script == "Latn":
        return korean.family_of(text.lower()) is not None
    return script == "Hani" and len(text) == 1


def _kind(name: str, titled: bool, words: _Lexicon, beside: _Beside) -> Kind:
    """Named, or a part of a name: a word of it stands for one that is not known, or it is a surname alone."""
    tokens = name.split()
    whole = "".join(tokens)
    if any(folded(token).strip(",") in words.placeholders for token in tokens) and len(tokens) > 1:
        return "partial"
    if re.search(rf"[{_HIDDEN}]", name) or re.search(
        r"[가-힣](?:[xXoO]{1,3})(?![a-z])|^[xXoO]{1,2}(?=[가-힣])|[一-龥][xX]{1,2}\b", name
    ):
        return "partial"
    hidden = re.fullmatch(r"([가-힣]{1,2})(?:모|아무개)(?:씨|군|양|여인|녀|여사)?", whole)
    if hidden and _family(hidden[1]):
        return "partial"
    if re.fullmatch(r"[一-龥]{1,2}某(?:氏|女|男)?|[가-힣]{1,2}씨(?:네.*)?", whole):
        return "partial"
    if (
        len(tokens) > 1
        and re.fullmatch(r"[가-힣]{1,2}", tokens[0])
        and re.fullmatch(r"[oOxX]{1,3}", "".join(tokens[1:]))
    ):
        return "partial"
    if len(tokens) == 1 and (len(whole) == 1 or (titled and script_of(name) in ("Latn", "Cyrl", "Arab"))):
        return "partial"
    if titled and len(whole) <= 2 and (script_of(name) == "Hani" or _compound(whole)):
        return "partial"
    if (
        len(tokens) == 1
        and _surname(name)
        and (script_of(name) == "Latn" or len(whole) == 1 or (titled and _compound(whole)))
    ):
        return "partial"
    if re.fullmatch(r"(?:[A-ZА-Я]\.?[\s\-]?){1,4}", name):
        return "partial"
    return "named"


def _family(text: str) -> bool:
    return _compound(text) or (len(text) == 1 and "가" <= text <= "힣" and korean.initial(text) in korean.families())


def _compound(text: str) -> bool:
    return text in ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방", "망절", "어금", "장곡")


_PARTICLES = frozenset(
    [
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abu",
        "umm",
        "abd",
        "de",
        "del",
        "la",
        "las",
        "los",
        "van",
        "von",
        "der",
        "den",
        "da",
        "dos",
        "do",
        "di",
        "du",
        "le",
        "y",
        "bar",
        "bat",
        "ter",
    ]
)
_PATRONYMIC = re.compile(
    r".{2,}(?:ович|евич|ич|овна|евна|ична|инична|івна|ївна|ovich|evich|ovna|evna|ivna|оглы|кызы|uly|kyzy)", re.I
)


def _value(text: str, kind: Kind, written: str, words: _Lexicon) -> Name:
    """The value, with its words and their roles where one of them is more than a word of a name."""
    name = read_name(unicodedata.normalize("NFC", text))
    parts = tuple(_parts(name.text, kind, words))
    if {part.role for part in parts} <= {"word", "family", "given"} and kind == "named":
        parts = ()
    return Name(name.text, name.script, name.order, parts, written if written != name.text else "")


def _parts(text: str, kind: Kind, words: _Lexicon) -> Iterable[NamePart]:
    if script_of(text) in ("Hang", "Hani") and " " not in text:
        family = text[:2] if _compound(text[:2]) else text[:1]
        yield NamePart(family, "family")
        rest = text[len(family) :]
        if rest:
            hidden = kind == "partial" and (
                re.fullmatch(rf"[{_HIDDEN}xXoO]+|모.{{0,2}}|某.?|씨.*|아무개.?", rest) is not None
            )
            yield NamePart(rest, "placeholder" if hidden else "given")
        return
    for token in text.split():
        role: Role = "word"
        plain = folded(token).strip(".,")
        if kind == "partial" and (
            folded(token).strip(",") in words.placeholders or re.fullmatch(rf"[{_HIDDEN}]+", token)
        ):
            role = "placeholder"
        elif plain in _PARTICLES and token != text.split()[-1]:
            role = "particle"
        elif _PATRONYMIC.fullmatch(plain) and len(text.split()) >= 2 and token != text.split()[0]:
            role = "patronymic"
        yield NamePart(token, role)
