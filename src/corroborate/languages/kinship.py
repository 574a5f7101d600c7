"""Kin whom a list names beside a person: who they are to the person, and their names as written."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

from corroborate.languages.names import SURE, name_forms, plain
from corroborate.values import script_of

Relation = Literal["father", "mother", "parent", "spouse", "sibling", "child", "kin"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)


_UNKNOWN = frozenset(
    ("미상", "불명", "모름", "없음", "不明", "不詳", "なし", "unknown", "n/k", "none", "nk", "not known", "-")
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A person named beside another. ``kin``: nothing says what they are to each other."""

    relation: Relation
    name: str


@cache
def _words() -> dict[str, tuple[Relation, Relation]]:
    """Word -> what the person named is, and what it is when the word is turned round (`son of`)."""
    text = resources.files(__package__).joinpath("kinship.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {
        str(word): (_relation(name), _relation(row["turned"])) for name, row in table.items() for word in row["words"]
    }


def _relation(text: str) -> Relation:
    return RELATIONS[RELATIONS.index(text)]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    longest = sorted(_words(), key=lambda word: (-len(word), word))
    any_ = "|".join(map(re.escape, longest))
    characters = "|".join(word for word in longest if script_of(word) == "Hani")
    return (
        re.compile(rf"(?:the\s+)?({any_})\s+of\s+(.+)", re.I),  # son of Ri Yong-su
        re.compile(rf"(.+?)(?:의|の)\s*({any_})"),  # 리영수의 아들, 李英洙の長男
        re.compile(rf"({any_})(?:'s name)?(?:\s*[:：=・(]\s*|\s+)(.+?)\)?", re.I),  # 父: 李英洙, 아버지 리영수
        re.compile(rf"({characters})([^\x00-\x7f]{{2,}})"),  # 父李英洙
    )


def read_kin(text: str) -> tuple[Kin, ...]:
    """The people whom a cell names as kin: ``아버지 리영수``, ``son of Ri Yong-su; brother Yong-ho``, ``父 李英洙``.

    A relation alone (``兄``: what the reporter is) names nobody. A name alone is somebody beside the person.
    """
    found: list[Kin] = []
    wide = unicodedata.normalize("NFKC", text)
    for part in re.split(r"[;、/\n]|(?<=[^\x00-\x7f])\s*[,·]", wide):
        one = _one(part.strip(" .,"))
        if one is not None and one not in found:
            found.append(one)
    return tuple(found)


def named_kin(columns: Iterable[tuple[str, str]], told: str | None = None) -> tuple[Kin, ...]:
    """Kin of a row: what columns of their own say (``("father", "리영수")``), and what a cell tells in words."""
    named = [Kin(_relation(relation), name) for relation, name in columns]
    return tuple(dict.fromkeys([*named, *read_kin(told or "")]))


def _one(part: str) -> Kin | None:
    words = _words()
    if not part or part.lower() in words:
        return None
    of, turned, plainly, joined = (pattern.fullmatch(part) for pattern in _patterns())
    if of:
        return Kin(words[of[1].lower()][1], of[2].strip())
    if turned:
        return Kin(words[turned[2]][1], turned[1].strip())
    if (said := plainly or joined) is not None:
        return Kin(words[said[1].lower()][0], said[2].strip())
    whole = any(not key.startswith("w:") for key in kin_keys(part))
    return Kin("kin", part) if whole else None


def kin_keys(name: str) -> tuple[str, ...]:
    """Keys under which writings of a kin's name meet; of a given name alone (``Mahmoud``), its letters. None for a
    cell that says that the name is not known."""
    if unicodedata.normalize("NFKC", name).strip(" .").lower() in _UNKNOWN:
        return ()
    keys = tuple(sorted(f.key for f in name_forms(name) if f.probability >= SURE and not f.key.startswith("m:")))
    if keys:
        return keys
    letters = plain(name).replace(" ", "") if script_of(name) == "Latn" else re.sub(r"\s+", "", name)
    alone = re.fullmatch(r"[a-z]{3,}|[^\W\d_]{2,4}", letters)
    return (f"w:{letters}",) if alone else ()


_MORE_KIN = {  # words of other languages, and plurals: only to see that a cell tells of somebody by kin
    "en": "wife wives husband son sons daughter daughters child children baby infant newborn mother father parents parent brother brothers sister sisters "
    "grandmother grandfather grandson granddaughter grandchild grandchildren uncle aunt nephew niece cousin cousins widow widower fiancee fiance girlfriend boyfriend relative relatives "
    "sibling siblings stepmother stepfather stepson stepdaughter in-law mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law twin twins kin family friend neighbour neighbor colleague companion bodyguard driver",
    "es": "esposa esposo mujer marido hijo hija hijos hijas madre padre padres hermano hermana hermanos hermanas abuelo abuela nieto nieta tio tia sobrino sobrina primo prima viuda viudo cunado cunada suegro suegra familiar familiares companero companera novia novio bebe",
    "fr": "epouse epoux femme mari fils fille enfant enfants mere pere frere soeur freres grand-mere grand-pere oncle tante neveu niece cousin cousine veuve",
    "ru": "жена муж сын дочь дети ребенок мать отец брат сестра братья бабушка дедушка дядя тетя внук внучка вдова родственник",
    "uk": "дружина чоловік син донька дочка діти мати батько брат сестра бабуся дідусь онук онука",
    "ar": "زوجة زوج ابن ابنة بنت ام والدة والد اخ اخت شقيق شقيقة جدة عم خال ارملة همسر پسر دختر مادر پدر برادر خواهر",
    "ko": "아내 안해 처 부인 남편 아들 딸 자녀 어머니 아버지 모친 부친 부모 형 누나 오빠 언니 동생 남동생 여동생 녀동생 형제 자매 누이 할머니 할아버지 조부 조모 손자 손녀 삼촌 고모 이모 조카 사위 며느리 장남 장녀 차남 차녀 맏아들 맏딸 막내 사촌 가족 친척 아기 갓난아기 어린아들 어린딸 자식 시어머니 시아버지 장인 장모 처남 매형 형수 이웃 친구 약혼자 약혼녀 조카딸 큰딸 작은딸 큰아들 작은아들 외아들 외동딸 외삼촌 시동생 처제 형부 매제 올케 시누이 손주",
    "ja": "妻 夫 息子 娘 母 父 母親 父親 両親 兄 弟 姉 妹 兄弟 姉妹 祖母 祖父 孫 叔父 伯父 叔母 伯母 甥 姪 従兄弟 長男 長女 次男 次女 三男 三女 子 子供 赤ん坊 家族 親族 友人 隣人 婚約者 義母 義父 義兄 義弟 未亡人",
    "zh": "妻子 丈夫 儿子 女儿 母亲 父亲 哥哥 弟弟 姐姐 妹妹 奶奶 爷爷",
}


@cache
def _kin_descriptions() -> re.Pattern[str]:
    def any_of(*languages: str) -> str:
        words = {word for language in languages for word in _MORE_KIN[language].split()}
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

    name = r"[^,;()\[\]（）]+"
    respect = ("할아버지", "할머니")  # 이영희 할머니 is she herself; 이영희의 할머니 is not
    beside = "|".join(word for word in any_of("ko").split("|") if word not in respect)
    number = r"(?:(?:the|his|her|their|a|an|una?|la|el|los|las|le|les|son|sa|ses|su|sus|unknown|unnamed|young|elder|eldest|older|younger|little|infant|pregnant|late|first|second|third|\d{1,2}|one|two|three|four|five|six|seven|dos|tres|cuatro|cinco|deux|trois|два|две|двое|трое|and|y)\s+)*"
    return re.compile(
        rf"{number}(?P<a>(?:(?:baby|infant|newborn|unborn|little)\s+)?(?:boy|girl|{any_of('en')}))(?:\s+(?:and|&)\s+(?:\w+\s+){{0,2}}(?:{any_of('en')}))*\s+of\s+{name}"
        rf"|{name}['’]s?\s+{number}(?P<b>{any_of('en')})(?:\s+\(?\d+\)?)?"
        rf"|(?:his|her|their|su|sus|son|sa)\s+(?P<c>{any_of('en', 'es', 'fr')})"
        rf"|{number}(?P<d>{any_of('es', 'fr')})\s+(?:de|del|d['’]|du)\s*{name}"
        rf"|{number}(?P<e>{any_of('ru', 'uk')})\s+{name}"
        rf"|(?P<f>{any_of('ar')})\s+{name}"
        rf"|{name}의\s*(?:\d{{1,2}}살\s*|두\s|세\s|네\s|어린\s|큰\s|작은\s|둘째\s|셋째\s)*(?P<g>{any_of('ko')})(?:들)?(?:\s*\d{{1,2}}\s*명)?"
        rf"|[가-힣]{{3,4}}\s(?:씨\s)?(?P<h>{beside}|모|부)(?:\s*\d{{1,2}}\s*명)?"
        rf"|{name}の(?P<i>{any_of('ja')})(?:たち|ら)?(?:\s*\d{{1,2}}\s*[人名])?"
        rf"|{name}的(?P<j>{any_of('zh')})",
        re.I,
    )


def kin_of(text: str) -> str | None:
    """The word for kin by which a whole cell tells of somebody without a name: ``wife of Ri Chol Su``, ``리철수의 아내``,
    ``李哲洙の妻``, ``esposa de``. None for a cell that is no such description."""
    plain_text = unicodedata.normalize("NFKC", text)
    decomposed = unicodedata.normalize("NFD", plain_text)
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))
    found = _kin_descriptions().fullmatch(bare.strip())
    return next((word for word in found.groups() if word), None) if found else None


@cache
def kin_words() -> str:
    """A pattern of every word for kin, alone: a cell that says so says no name."""
    words = {word for language in ("en", "es", "ko", "ja") for word in _MORE_KIN[language].split() if len(word) > 1}
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"
