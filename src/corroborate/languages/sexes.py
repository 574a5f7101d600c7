"""Words for the sex of a person, in the languages of lists."""

import re
from functools import cache, lru_cache
from typing import Literal

from corroborate.languages.persons import folded

Sex = Literal["m", "f"]
_WORDS: dict[Sex, str] = {
    "m": "m male man boy men mr masculine he him ♂ 1 masculino hombre varon nino macho h homme garcon masculin mannlich 남 남자 남성 사내 남아 소년 아들 男 男性 男子 男の子 男児 雄 "
    "м муж мужской мужчина мужчины мальчик мужского ч чол чоловік чоловіча чоловічий хлопець ذكر رجل مذكر ذ مرد پسر مذکر آقا kyar ကျား ကျာ",
    "f": "f female woman girl women w mrs ms feminine she her ♀ 2 femenino femenina mujer nina hembra femme fille feminin weiblich 여 여자 여성 녀 녀자 녀성 여아 소녀 딸 女 女性 女子 女の子 女児 婦人 "
    "ж жен женский женщина женщины девочка женского жін жінка жіноча жіночий дівчина انثي انثى امراه امراة مونث مؤنث زن دختر خانم မ",
}
NOT_SAID = frozenset(
    [
        "unknown",
        "unk",
        "n/a",
        "na",
        "-",
        "?",
        "미상",
        "불명",
        "모름",
        "不明",
        "不詳",
        "desconocido",
        "inconnu",
        "неизвестно",
        "невідомо",
        "مجهول",
        "غير",
        "معروف",
        "نامعلوم",
        "not",
        "known",
        "none",
        "x",
        "u",
    ]
)


@cache
def _table() -> dict[str, Sex]:
    return {folded(word): sex for sex, words in _WORDS.items() for word in words.split()}


@lru_cache(maxsize=1_000)
def read_sex(text: str) -> Sex | None:
    """The sex that a whole cell says; None for another word, and for one that says that it is not known."""
    plain = re.sub(r"[\s.()\[\]（）:]+", "", folded(text))
    return _table().get(plain)
