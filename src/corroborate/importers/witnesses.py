"""Who told of a row: one witness who may have told of several, or somebody whom only the row itself can name."""

import re

from corroborate.languages.finding import folded
from corroborate.languages.persons import read_person

_CODE = re.compile(r"\d|\b[A-Z]\b")  # Interviewee 7, 탈북자 A
_SELF = frozenset(
    folded(one)
    for one in (
        "본인", "자신", "당사자", "피해자", "피해자 본인", "본인 증언", "본인 진술",
        "本人", "自分", "当事者", "被害者", "被害者本人", "受害者", "本人陈述",
        "self", "himself", "herself", "themself", "themselves", "the victim", "victim", "survivor", "the survivor",
        "the victim himself", "the victim herself", "own testimony", "own statement",
        "el mismo", "ella misma", "él mismo", "la misma", "víctima", "la víctima", "la propia víctima", "sobreviviente",
        "lui-même", "elle-même", "la victime", "victime", "сам", "сама", "потерпевший", "потерпевшая", "пострадавший",
        "пострадавшая", "сам потерпевший", "потерпілий", "потерпіла", "نفسه", "نفسها", "الضحية", "خودش", "قربانی",
    )
)  # fmt: skip


def is_one_witness(words: str) -> bool:
    """Whether words of a column of witnesses mean one and the same wherever they stand in a list: a name or a code.

    *His wife*, *the victim herself* and *a neighbour* are somebody else in each row: were they one source, one of them
    who takes her words back would take those of the others along.
    """
    if _CODE.search(words):
        return True
    person = read_person(words)
    return folded(words) not in _SELF and not person.kin and person.kind not in ("unnamed", "group")
