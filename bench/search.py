"""Search in an encrypted vault: p50 and p95, in milliseconds, of each kind of question.

As somebody waits, and of the processor alone, which tells more on a machine that others use.

    python bench/search.py [ROWS] [--keep FOLDER]

``ROWS`` rows of an invented list: each a person, a source of its own and two consents; of every fifth an act with what
was done, when and where; of every twentieth somebody's own words. 1,000,000 rows are the size of the goal: more than
two million records. With ``--keep`` the vault stays and is asked again by the next run. A question is what the page
asks: all five kinds, and the lines of the first answers; `page` is the whole page, by HTTP within the process. Nobody
in it exists.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from corroborate.languages import korean
from corroborate.records import Claim, Consent, Entity, Reference, Source, Term, Text
from corroborate.values import PartialDate, new_id, read_name
from corroborate.vocabulary import load
from corroborate_node import api

AT = datetime(2026, 1, 1, tzinfo=UTC)
ON = date(2026, 6, 1)
PASSPHRASE = "a passphrase to measure"
OWN = "an account's own passphrase"
BLOCK = 10_000
EACH = 40  # questions of a kind, unless --each says otherwise
ARABIC = ["محمد", "أحمد", "علي", "خالد", "عمر", "يوسف", "مريم", "فاطمة", "ليلى", "سامر"]
HOUSES = ["الشامي", "الحلبي", "حداد", "نجار", "الخطيب", "العلي", "منصور", "درويش", "قاسم", "البيطار"]
CYRILLIC = ["Сергей", "Иван", "Ольга", "Анна", "Пётр", "Юрий", "Елена", "Дмитрий", "Наталья", "Олег"]
FAMILIES = ["Кузнецов", "Иванов", "Шевченко", "Морозов", "Бондаренко", "Лисицын", "Жуков", "Щербаков", "Юдин", "Ким"]
LATIN = ["José", "María", "Ana", "Luis", "Jorge", "Inés", "Raúl", "Lucía", "Óscar", "Sofía"]
APELLIDOS = ["García", "Núñez", "Pérez", "Rojas", "Muñoz", "Salazar", "Ibáñez", "Quispe", "Zapata", "Mejía"]
KANA = ["サトウ ケンイチ", "タナカ メグミ", "スズキ ハジメ", "ヤマダ ハナコ"]
PLACES = ["청진", "회령", "평양", "신의주", "함흥", "Chongjin", "원산", "해주", "Hoeryong", "사리원", "강계", "혜산"]
WORDS = [
    "겨울",
    "광장",
    "공개처형",
    "곡괭이",
    "창고",
    "기차",
    "밤",
    "사람들",
    "보았다",
    "끌려갔다",
    "들었다",
    "트럭",
    "강",
    "마을",
    "아이",
    "어머니",
]
ENGLISH = [
    "she",
    "was",
    "beaten",
    "with",
    "a",
    "leather",
    "belt",
    "in",
    "the",
    "cellar",
    "of",
    "the",
    "old",
    "school",
    "for",
    "nineteen",
    "days",
]


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


WHOLE = made("source", 1 << 40)  # the list


class World:
    """Invented people, the same for the same seed."""

    def __init__(self) -> None:
        surnames, given = korean._frequency()
        self.surnames, self.given = surnames, given
        self.hanja = {
            reading: letter
            for letter, readings in korean._readings().items()
            for reading in readings
            if len(letter) == 1
        }

    def korean(self, chance: random.Random) -> tuple[str, str]:
        family = chance.choices(list(self.surnames), list(self.surnames.values()))[0]
        return family, "".join(chance.choices(list(self.given), list(self.given.values()), k=2))

    def name(self, number: int) -> str:
        """The name of a person, in the writing of the list: mostly Hangul."""
        chance = random.Random(number)
        script = chance.random()
        if script > 0.9:
            given, house = chance.choice([(ARABIC, HOUSES), (CYRILLIC, FAMILIES), (LATIN, APELLIDOS)])
            more = f" {chance.choice(house)}" if given is not CYRILLIC else ""
            return (
                f"{chance.choice(given)} {chance.choice(house)}{more}"
                if chance.random() < 0.99
                else chance.choice(KANA)
            )
        family, own = self.korean(chance)
        if script > 0.85:
            return "".join(self.hanja.get(letter, letter) for letter in family + own)
        if script > 0.75:
            return spelled(family, own, chance.randrange(3))
        return family + own


def spelled(family: str, own: str, way: int) -> str:
    revised = korean.revised(family, own).title()
    surname, _, given = revised.partition(" ")
    return [revised, f"{given.replace(' ', '')} {surname}", revised.upper().replace("-", " ")][way]


def rows_of(world: World, first: int, count: int, terms: list[str]) -> tuple[list, list, list, list]:
    entities, sources, consents, claims = [], [], [], []
    for number in range(first, first + count):
        chance = random.Random(-number)
        person, source = made("person", number), made("source", number)
        entities.append(Entity(person, "person"))
        sources.append(Source(source, "document", "", (WHOLE,), True, WHOLE, number + 1))
        for at, (uses, audience) in enumerate(_agreed(chance)):
            consents.append(
                Consent(made("consent", 2 * number + at), source, uses, audience, AT.date(), subject=person)
            )

        def claim(at: int, subject: str, name: str, value: object, source=source, number=number) -> None:
            id_ = made("claim", 8 * number + at)
            claims.append(Claim(id_, subject, name, value, source, f"line {number}", "saw", "b", AT))

        claim(0, person, "name", read_name(world.name(number)))
        if number % 5 == 0:
            act = made("act", number)
            entities.append(Entity(act, "act"))
            claim(1, act, "victim", Reference(person))
            claim(2, act, "violation", Term("violations", chance.choice(terms)))
            claim(3, act, "date", PartialDate(chance.randrange(1990, 2026), chance.randrange(1, 13)))
            claim(4, act, "place", Text(chance.choice(PLACES)))
        if number % 20 == 0:
            words = chance.sample(WORDS, 5) + chance.sample(ENGLISH, 5) + [f"w{chance.randrange(100_000)}"]
            claim(5, person, "testimony", Text(" ".join(words)))
    return entities, sources, consents, claims


def _agreed(chance: random.Random) -> Iterator[tuple[frozenset[str], str]]:
    yield frozenset({"hold", "link", "count"}), "coalition"
    if chance.random() < 0.3:
        yield frozenset({"count", "quote"}), "public"
    elif chance.random() < 0.001:
        yield frozenset({"name"}), "public"


def fill(count: int) -> float:
    """Store the rows as an import stores them, without their seals; the seconds that it took."""
    from django.db import connection

    from corroborate_node.core.storing import insert, storing
    from corroborate_node.finding import indexing
    from corroborate_node.records import models, rows

    terms = [one for one in load("violations").entries if "." in one]
    world, started = World(), time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -4000000")  # while it is filled; each question has what a vault has
    for first in range(0, count, BLOCK):
        entities, sources, consents, claims = rows_of(world, first, min(BLOCK, count - first), terms)
        if not first:
            sources.append(Source(WHOLE, "list", "bench", (), True))
        with storing():
            insert(models.Entity, map(rows.entity_row, entities))
            insert(models.Source, map(rows.source_row, sources))
            insert(models.Consent, map(rows.consent_row, consents))
            insert(models.Claim, map(rows.claim_row, claims))
            rows.insert_names(rows.name_rows(claims, {one.id for one in entities if one.kind == "person"}))
            indexing.taken_in(claims, sources)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -2000")
    connection.close()
    return time.perf_counter() - started


def questions(count: int) -> dict[str, list[dict[str, str]]]:
    """Questions by kind; names are those of people who are there, most in another writing than the list's."""
    world, chance = World(), random.Random(7)
    people = [chance.randrange(count) for _ in range(4000)]
    named = [(one, world.korean(random.Random(one)), world.name(one)) for one in people]
    hangul = [name for _, _, name in named if "가" <= name[0] <= "힣"]
    pairs = [korean_of(world, one) for one, _, name in named if "가" <= name[0] <= "힣"]
    other = {script: [name for _, _, name in named if low <= name[0] <= high] for script, low, high in SCRIPTS}
    initial = {"이": "리", "유": "류", "임": "림", "노": "로", "양": "량", "나": "라", "여": "려"}
    north = [initial[name[0]] + name[1:] for name in hangul if name[0] in initial]
    asked = {
        "Hangul, whole": hangul,
        "Hangul, given name": [name[1:] for name in hangul],
        "Hangul, one syllable": [name[0] for name in hangul],
        "Hangul, North and South": north,
        "hanja": ["".join(world.hanja.get(one, one) for one in name) for name in hangul],
        "Latin for Hangul": [spelled(*pair, at % 3) for at, pair in enumerate(pairs)],
        "Latin, given name": [spelled(*pair, 0).split()[-1] for pair in pairs],
        "Arabic": other["Arabic"],
        "Latin for Arabic": ["Mohammed al-Shami", "Ahmad Haddad", "Layla Mansour", "Omar Najjar"] * 10,
        "Cyrillic": other["Cyrillic"],
        "Latin for Cyrillic": ["Sergey Kuznetsov", "Olga Morozova", "Ivan Zhukov", "Yuri Lisitsyn"] * 10,
        "Latin, accents left out": ["Jose Nunez", "Raul Munoz", "Ines Ibanez", "Oscar Mejia", "Maria Perez Rojas"] * 8,
        "letters, two": ["ki", "le", "영", "수", "سا", "ов", "ga", "mo"] * 5,
        "words": ["공개처형", "공개 처형 광장", "leather belt", "cellar", "beaten nineteen", "끌려갔다 밤"] * 7,
        "word, rare": [f"w{random.Random(-one // 20 * 20).randrange(100_000)}" for one in people],
        "place": [*PLACES, "함경북도", "Pyongyang", "North Hamgyong"] * 3,
        "nothing has it": ["qqqqxxxx", "젌쏀뷁", "zzyzx brrrr", "見附郎", "Ъхщъ"] * 8,
    }  # fmt: skip
    made_ = {kind: [{"q": one} for one in every[:EACH]] for kind, every in asked.items()}
    for name, value in FILTERS.items():
        made_[f"name and {name}"] = [{"q": one, name: value} for one in hangul[:EACH]]
        made_[f"common name and {name}"] = [{"q": one, name: value} for one in ["김", "이영", "Kim", "영수"] * 10]
        made_[f"{name} alone"] = [{name: value}] * EACH
        made_[f"words and {name}"] = [{"q": one, name: value} for one in ["공개처형", "leather belt"] * 20]
    made_["rare name, rare filter"] = [{"q": one, "consent": "name:public"} for one in hangul[:EACH]]
    made_["common name, rare filter"] = [{"q": "김", "consent": "name:public"}] * EACH
    return made_


SCRIPTS = (("Arabic", "ء", "ي"), ("Cyrillic", "А", "я"))
FILTERS = {
    "violation": "life", "place": "함경북도", "from": "2001", "source-kind": "document", "consent": "quote:public",
    "list": WHOLE,
}  # fmt: skip


def korean_of(world: World, number: int) -> tuple[str, str]:
    chance = random.Random(number)
    chance.random()
    return world.korean(chance)


def ask(user: object, given: dict[str, str]) -> None:
    """What the page of search asks of the vault for one question."""
    from corroborate_node.finding import queries
    from corroborate_node.finding.criteria import KINDS, criteria_of
    from corroborate_node.finding.views import FIRST

    look = queries.Look(user, criteria_of(given), ON)
    for kind in KINDS:
        queries.lines(user, kind, queries.answers(look, kind).found[:FIRST], look.asked.words)


def timed(function: object, every: list[object]) -> dict[str, float]:
    times, worked = [], []
    for one in every:
        started, began = time.perf_counter(), time.process_time()
        function(one)  # type: ignore[operator]
        times.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.process_time() - began))
        if sum(times) > 20_000:
            break  # a kind that takes so long is too slow, by however much
    return {name: _at(values, share) for name, values, share in (
        ("p50", times, 0.5), ("p95", times, 0.95), ("processor p50", worked, 0.5), ("processor p95", worked, 0.95),
    )}  # fmt: skip


def _at(values: list[float], share: float) -> float:
    return round(sorted(values)[max(0, int(len(values) * share) - 1)], 1)


@contextmanager
def vault_of(rows: int, keep: Path | None) -> Iterator[tuple[Path, float]]:
    with tempfile.TemporaryDirectory() as other:
        folder, seconds = (keep or Path(other)) / "vault", 0.0
        if not folder.exists():
            api.create_vault(folder, "Bench", PASSPHRASE, account_passphrase=OWN)
            with api.open_vault(folder, PASSPHRASE):
                seconds = fill(rows)
        yield folder, seconds


def measured(rows: int, only: str, each: int) -> dict[str, object]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    user = get_user_model().objects.get(username="keeper")
    every = {kind: asked[:each] for kind, asked in questions(rows).items() if only in kind}
    ask(user, {"q": "김영수"})  # what is read once: the rules of names
    found: dict[str, object] = {}
    for kind, asked in every.items():
        found[kind] = timed(lambda one: ask(user, one), asked)
        print(f"{kind}: {found[kind]}", file=sys.stderr, flush=True)
    client = Client(headers={"host": "localhost"})
    assert client.login(username="keeper", password=OWN)
    pages = [one for kind, asked in every.items() if "and" not in kind for one in asked[:4]]
    found["page"] = timed(lambda one: client.get("/search", one), list(islice(pages, 100)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--each", type=int, default=EACH, help="questions of a kind, at most 40")
    parser.add_argument("--only", default="", help="kinds of question with these letters in their name")
    asked = parser.parse_args()
    with vault_of(asked.rows, asked.keep) as (folder, seconds), api.open_vault(folder, PASSPHRASE):
        found: dict[str, object] = {"rows": asked.rows}
        if seconds:
            found["indexed and stored a second, without seals"] = round(asked.rows / seconds)
        print(json.dumps(found | measured(asked.rows, asked.only, asked.each), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
