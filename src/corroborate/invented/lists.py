"""Four groups' lists of an invented population, each in its own script, encoding and habits of error."""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from corroborate.custody import write_file
from corroborate.invented.tables import (
    ALL_PLACES,
    CAMPS,
    JAPANESE_FAMILIES,
    JAPANESE_GIVEN,
    OCCUPATIONS,
    PRISONS,
    SURNAMES,
    SYLLABLES,
    WORDS,
)
from corroborate.invented.world import LISTS, Person, World
from corroborate.tables.written import saved

HEADINGS = {
    "A": ("연번", "성명", "한자", "이명", "성별", "생년월일(나이)", "출신지", "체포당시 주소", "직업", "체포일자", "체포장소", "혐의",
          "수용시설", "수감기간", "가족관계", "생사", "진술자", "진술일", "공개여부", "비고", "지어냄"),
    "B": ("番号", "氏名", "ふりがな", "通名・本名", "性別", "生年月日", "失踪時年齢", "失踪年月日", "失踪場所", "職業", "身体の特徴",
          "状況", "区分", "届出人", "続柄", "連絡先", "公開可否", "備考", "架空"),
    "C": ("ID", "Name", "Aka", "Sex", "YOB", "Age then", "From", "Camp", "In", "Out", "Charge", "Kin of", "Reported by",
          "Source (pub.)", "Public", "Notes", "Invented"),
    "D": ("번호", "말한 사람(가명)", "누구", "별명", "나이쯤", "어디서 왔나", "어디서 봤나", "언제쯤", "무슨 일", "어떻게 알았나",
          "같이 있던 사람", "공개여부", "메모", "지어냄"),
}  # fmt: skip
MARK = {"A": "지어낸 사람", "B": "架空", "C": "invented", "D": "지어낸 사람"}
ENCODING = {"A": "cp949", "B": "cp932", "C": "utf-8-sig", "D": "utf-8"}
INITIAL = {"리": "이", "림": "임", "류": "유", "량": "양", "로": "노", "려": "여"}
INITIAL_RATE = {"A": 0.30, "B": 0.05, "C": 0.55, "D": 0.08}
HANJA_MISSING, HANJA_WRONG = {"A": 0.45, "B": 0.02}, {"A": 0.04, "B": 0.06}
INCOMPLETE = {"A": 0.03, "B": 0.01, "C": 0.05, "D": 0.38}
TYPING = {"A": 0.02, "B": 0.01, "C": 0.04, "D": 0.07}
BIRTH = {"A": (0.12, 0.14, 0.03, 0.01), "B": (0.02, 0.03, 0.01, 0.01), "C": (0.30, 0.15, 0.05, 0.01),
         "D": (0.70, 0.15, 0.10, 0.0)}  # absent, off by 1-2, off by 3-10, digits swapped  # fmt: skip
EVENT = {"A": (0.35, 0.08, 0.10), "B": (0.10, 0.02, 0.01), "C": (0.45, 0.10, 0.18), "D": (0.30, 0.35, 0.25)}
SEX_EMPTY = {"A": 0.02, "B": 0.0, "C": 0.06, "D": 0.18}
SEX_WRONG = {"A": 0.005, "B": 0.005, "C": 0.015, "D": 0.02}
OLD_PLACE = {"A": 0.25, "B": 0.60, "C": 0.20, "D": 0.30}
REPEATED = {"A": 0.06, "B": 0.02, "C": 0.05, "D": 0.0}
FOOTNOTE = {"A": 0.09, "B": 0.11, "C": 0.07, "D": 0.15}
WIDE = {"A": 0.03, "B": 0.40, "C": 0.005, "D": 0.02}
STRANGERS = {"A": 0.02, "B": 0.05, "C": 0.03, "D": 0.04}  # rows about nobody of the population
PUBLIC = {"A": 0.40, "B": 0.45, "C": 0.35, "D": 0.20}
COPIED = 0.15  # share of C's rows taken from A's printed book, its errors with them
VOWELS = str.maketrans("애에어오", "에애오어")
VARIANTS = {"峯": "峰", "裵": "裴", "廣": "広", "尙": "尚", "眞": "真", "黃": "黄", "鎭": "鎮"}


@dataclass
class _Writer:
    """One list while it is written: its rows, whom each is about, and every fault put in."""

    name: str
    chance: np.random.Generator
    rows: list[list[str]] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    faults: list[tuple[str, int, str, str, str, str]] = field(default_factory=list)
    said_birth: dict[str, int | None] = field(default_factory=dict)

    def luck(self, rate: float) -> bool:
        return bool(self.chance.random() < rate)

    def one(self, options: Sequence[str]) -> str:
        return options[int(self.chance.integers(len(options)))]

    def fault(self, column: str, kind: str, before: str, after: str) -> str:
        self.faults.append((self.name, len(self.rows) + 1, column, kind, before, after))
        return after

    def add(self, cells: list[str], person: str) -> None:
        self.rows.append([*cells, MARK[self.name]])
        self.about.append(person)


def hangul(person: Person) -> str:
    """Full name in the northern spelling."""
    return SURNAMES[person.surname].hangul + "".join(SYLLABLES[g].hangul for g in person.given)


def latin(person: Person, style: str, passport: int = 0) -> tuple[str, str]:
    """Family and given name in one romanisation: dprk, mr, stripped, rr or passport."""
    surname, given = SURNAMES[person.surname], [SYLLABLES[g] for g in person.given]
    if style == "dprk":
        return surname.dprk, " ".join(_plain(s.mr).capitalize() for s in given)
    if style in ("mr", "stripped"):
        family, rest = surname.mr, "-".join(s.mr for s in given).capitalize()
        return (family, rest) if style == "mr" else (_plain(family), _plain(rest))
    if style == "rr":
        return surname.rr, "-".join(s.rr for s in given).capitalize()
    return surname.passport[passport % len(surname.passport)], "-".join(s.passport for s in given).capitalize()


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) and c != "'")


def _korean_name(w: _Writer, person: Person, column: str) -> str:
    name = hangul(person)
    if name[0] in INITIAL and w.luck(INITIAL_RATE[w.name]):
        name = w.fault(column, "initial sound", name, INITIAL[name[0]] + name[1:])
    if len(name) > 1 and w.luck(TYPING[w.name]):
        place = 1 + int(w.chance.integers(len(name) - 1))
        other = SYLLABLES[int(w.chance.integers(len(SYLLABLES)))].hangul
        name = w.fault(column, "typing", name, name[:place] + other + name[place + 1 :])
    if w.luck(INCOMPLETE[w.name]):
        form = w.one(["{0}○{2}", "{0}모", "{0}씨네 둘째", "{0}○○"] if w.name == "D" else ["{0}○{2}", "{0}X{2}"])
        name = w.fault(column, "name incomplete", name, form.format(name[0], name[1:2], name[2:] or name[1:]))
    if w.luck(0.01):
        name = w.fault(column, "decomposed", name, unicodedata.normalize("NFD", name))
    elif w.luck(0.06 if w.name == "A" else 0.1):
        name = w.fault(column, "spacing", name, f"{name[0]} {name[1:]}")
    return name


def _birth(w: _Writer, person: Person) -> int | None:
    """The birth year this list has: absent, right or off. Said once, it is said again in a repeated row."""
    absent, near, far, swapped = BIRTH[w.name]
    if person.id in w.said_birth and w.luck(0.7):
        return w.said_birth[person.id]
    year: int | None = person.born
    drawn = float(w.chance.random())
    if drawn < absent:
        year = None
        w.fault("birth", "absent", str(person.born), "")
    elif drawn < absent + near:
        year = person.born + int(w.chance.choice([-2, -1, 1, 2]))
        w.fault("birth", "off by 1-2", str(person.born), str(year))
    elif drawn < absent + near + far:
        year = person.born + int(w.chance.choice([-1, 1])) * int(w.chance.integers(3, 11))
        w.fault("birth", "off by 3-10", str(person.born), str(year))
    elif drawn < absent + near + far + swapped:
        text = str(person.born)
        year = int(text[:2] + text[3] + text[2])
        w.fault("birth", "digits swapped", text, str(year))
    w.said_birth[person.id] = year
    return year


def _taken(w: _Writer, person: Person) -> tuple[date, str]:
    """The day and how exactly this list has it: day, year, decade or absent."""
    year, decade, absent = EVENT[w.name]
    drawn = float(w.chance.random())
    exact = "absent" if drawn < absent else "decade" if drawn < absent + decade else "year"
    if exact == "year" and drawn >= absent + decade + year:
        exact = "day"
    if exact != "day":
        w.fault("event", exact, str(person.taken), "")
    return date(person.taken, 1, 1) + timedelta(days=person.taken_day - 1), exact


def _footnote(w: _Writer, text: str) -> str:
    if text and w.luck(FOOTNOTE[w.name]):
        return w.fault(
            "", "footnote", text, text + w.one(["(?)", "※", "*2"] if w.name != "C" else ["(?)", "*", " n/k"])
        )
    if text and w.luck(WIDE[w.name]):
        return w.fault("", "full width", text, text.translate({c: c + 0xFEE0 for c in range(0x30, 0x3A)}))
    return text


def _sex(w: _Writer, person: Person, words: Mapping[str, Sequence[str]]) -> str:
    if w.luck(SEX_EMPTY[w.name]):
        return w.fault("sex", "absent", person.sex, "")
    sex = person.sex
    if w.luck(SEX_WRONG[w.name]):
        sex = w.fault("sex", "wrong", person.sex, "m" if person.sex == "f" else "f")
    first, *rest = words[sex]
    return w.one(rest) if rest and w.luck(0.1) else first


def _place(w: _Writer, at: int) -> str:
    place = ALL_PLACES[at]
    if place.old != place.hangul and w.luck(OLD_PLACE[w.name]):
        return w.fault("origin", "old name", place.hangul, place.old)
    return place.hangul


def _facility(person: Person, language: int) -> Sequence[str]:
    return {**CAMPS, **PRISONS}[person.facility][language] if person.facility else ("",)


def _words(person: Person, language: int, most: int, w: _Writer) -> str:
    chosen = [v for v in person.violations if v in WORDS][:most]
    return w.one([", ", "; ", " · "]).join(WORDS[v][language] for v in chosen)


def _row_a(w: _Writer, person: Person, _world: World) -> list[str]:
    name = _korean_name(w, person, "성명")
    written = person.hanja
    if w.luck(HANJA_MISSING["A"]):
        written = w.fault("한자", "hanja missing", written, "")
    elif w.luck(HANJA_WRONG["A"]):
        for before, after in VARIANTS.items():
            written = written.replace(before, after)
        w.fault("한자", "hanja variant", person.hanja, written)
    birth = _birth(w, person)
    day, exact = _taken(w, person)
    born = ""
    if birth is not None:
        form = w.one(["{y}", "{y}년생", "{y}.{m}.{d}", "{y}.{m}", "{age}세"])
        at = date(birth, 1, 1) + timedelta(days=person.born_day - 1)
        # 세는나이: counted from one, a year more at each new year
        born = form.format(y=birth, m=at.month, d=at.day, age=max(1, person.taken - birth + 1))
        if form == "{age}세" and exact == "absent":
            born = f"{birth}년생"
    when = {"day": w.one([f"{day.year}.{day.month}.{day.day}", f"{day.year}년 {day.month}월 {day.day}일"]),
            "year": w.one([f"{day.year}", f"{day.year}년", f"{day.year % 100:02}년 봄"]),
            "decade": f"{day.year // 10 % 10}0년대", "absent": w.one(["", "미상"])}[exact]  # fmt: skip
    home = _place(w, person.origin)
    public = w.luck(PUBLIC["A"])
    return ["", name, written, "", _sex(w, person, {"m": ("남", "男"), "f": ("여", "女")}), _footnote(w, born), home,
            home if w.luck(0.8) else "", OCCUPATIONS["ko"][person.occupation], _footnote(w, when), home,
            _words(person, 0, 4, w), w.one(_facility(person, 0)), "", "",
            {"dead": "사망", "alive": "생존", "unknown": "미상"}[person.fate], f"진술자{int(w.chance.integers(1, 400)):03}",
            f"{int(w.chance.integers(2003, 2015))}", "공개동의" if public else "", ""]  # fmt: skip


def _row_b(w: _Writer, person: Person, _world: World) -> list[str]:
    surname, given = SURNAMES[person.surname], [SYLLABLES[g] for g in person.given]
    korean = person.hanja
    family, own = (
        (JAPANESE_FAMILIES[person.japanese[0]], JAPANESE_GIVEN[person.japanese[1]]) if person.japanese else ("", "")
    )
    everyday = f"{family[0]}{own[0]}" if family else ""
    kana = (
        surname.on + "".join(s.on for s in given)
        if w.luck(0.5)
        else surname.kana + "・" + "".join(s.kana for s in given)
    )
    name, other = korean, everyday
    if person.stratum == "J2":
        name, kana, other = everyday, f"{family[1]} {own[1]}", ""
    elif everyday and w.luck(0.35):
        name, other = w.fault("氏名", "everyday name", korean, everyday), korean
        kana = f"{family[1]} {own[1]}"
    if w.luck(0.2) and "・" in kana:
        kana = w.fault("ふりがな", "half width", kana, _half_width(kana))
    if w.luck(HANJA_WRONG["B"]):
        for before, after in VARIANTS.items():
            name = name.replace(before, after)
    birth = _birth(w, person)
    day, exact = _taken(w, person)
    born = "" if birth is None else w.one([f"{birth}年", _era(birth), _era(birth)])
    when = {"day": w.one([f"{_era(day.year)}{day.month}月{day.day}日", f"{day.year}年{day.month}月{day.day}日",
                          f"{_short_era(day.year)}.{day.month}.{day.day}"]),
            "year": w.one([_era(day.year), f"{day.year}年", f"{_era(day.year)}夏"]),
            "decade": f"{day.year // 10 * 10}年代", "absent": "不明"}[exact]  # fmt: skip
    place = ALL_PLACES[person.origin]
    age = (
        ""
        if birth is None or exact == "absent" or w.luck(0.3)
        else str(max(0, person.taken - birth - int(w.luck(0.4))))
    )
    return ["", name, kana, other, _sex(w, person, {"m": ("男", "1"), "f": ("女", "2")}), _footnote(w, born), age,
            _footnote(w, when), w.one([place.kanji, place.kana]), OCCUPATIONS["ja"][person.occupation], "",
            _words(person, 1, 3, w), w.one(["A 証言あり", "B 疑い", "C 排除できない"]), f"届出人{int(w.chance.integers(1, 200)):03}",
            w.one(["兄", "姉", "母", "子", "弟"]), "", w.one(["可", "可", "可", "否", "否", "", ""]), ""]  # fmt: skip


def _row_c(w: _Writer, person: Person, _world: World) -> list[str]:
    style = w.one(["dprk", "mr", "stripped", "passport", "passport", "rr"])
    family, rest = latin(person, style, int(w.chance.integers(4)))
    if person.stratum == "J2" and person.japanese:
        family, rest = JAPANESE_FAMILIES[person.japanese[0]][2], JAPANESE_GIVEN[person.japanese[1]][2]
    if w.luck(0.3):
        rest = w.fault(
            "Name", "hyphen and spacing", rest, w.one([rest.replace("-", ""), rest.replace("-", " ").title()])
        )
    if w.luck(0.22):
        name = w.fault("Name", "order", f"{family} {rest}", f"{rest} {family}")
    else:
        name = w.one([f"{family} {rest}", f"{family.upper()} {rest}", f"{family}, {rest}"])
    if w.luck(TYPING["C"]) and len(rest) > 2:
        place = 1 + int(w.chance.integers(len(name) - 2))
        name = w.fault("Name", "typing", name, name[:place] + name[place + 1] + name[place] + name[place + 2 :])
    if w.luck(INCOMPLETE["C"]):
        name = w.fault("Name", "name incomplete", name, w.one([f"{family} X", f"{rest}", f"Mr. {family}"]))
    birth = _birth(w, person)
    day, exact = _taken(w, person)
    when = {"day": w.one([day.isoformat(), f"{day.month}/{day.day}/{day.year % 100:02}"]),
            "year": w.one([f"{day.year}", f"c. {day.year}", f"{w.one(['Spring', 'Autumn'])} {day.year}"]),
            "decade": f"{day.year // 10 * 10}s", "absent": w.one(["", "n/k"])}[exact]  # fmt: skip
    home = ALL_PLACES[person.origin]
    public = w.luck(PUBLIC["C"])
    return [f"NRP-{len(w.rows) + 1:05}", name, "", _sex(w, person, {"m": ("M", "m", "Male"), "f": ("F", "f", "Female")}),
            "" if birth is None else _footnote(w, str(birth)),
            str(max(0, person.taken - birth)) if birth is not None and w.luck(0.3) else "", home.latin,
            w.one(_facility(person, 1)), when, "", _words(person, 2, 3, w), "", f"Source {int(w.chance.integers(1, 300)):03}",
            w.one(["", "interview", "interview", "testimony vol. 2"]), "public: yes" if public else "", ""]  # fmt: skip


def _row_d(w: _Writer, person: Person, _world: World) -> list[str]:
    name = _korean_name(w, person, "누구")
    birth = _birth(w, person)
    day, exact = _taken(w, person)
    when = {"day": f"{day.year}년 {day.month}월", "year": w.one([f"{day.year}년", f"{day.year % 100:02}년쯤"]),
            "decade": f"{day.year // 10 % 10}0년대", "absent": w.one(["", "언젠지 모름"])}[exact]  # fmt: skip
    drawn = float(w.chance.random())
    how = "보았다" if drawn < 0.45 else "같이 있었다" if drawn < 0.65 else "들었다" if drawn < 0.95 else ""
    public = w.luck(PUBLIC["D"])
    return ["", f"증언자{int(w.chance.integers(1, 120)):03}", name, w.one(["", "", "키다리", "교원 아저씨"]),
            "" if birth is None else w.one([f"{birth}년생", f"{max(1, person.taken - birth + 1)}살"]) if exact in ("day", "year")
            else f"{birth}년생", f"{_place(w, person.origin)}에서 온", w.one(_facility(person, 0)), _footnote(w, when),
            _words(person, 0, 3, w), how, "", "공개동의" if public else "", ""]  # fmt: skip


def _half_width(kana: str) -> str:
    table = dict(zip("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンァィゥェォャュョッー・",
                     "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｧｨｩｪｫｬｭｮｯｰ･", strict=True))  # fmt: skip
    return "".join(table.get(c, c) for c in kana)


def _era(year: int) -> str:
    """The year in the Japanese calendar; era names change within 1912, 1926 and 1989, and the later one is written."""
    for name, start in (("平成", 1989), ("昭和", 1926), ("大正", 1912), ("明治", 1868)):
        if year >= start:
            return f"{name}{year - start + 1}年"
    return f"{year}年"


def _short_era(year: int) -> str:
    for name, start in (("H", 1989), ("S", 1926), ("T", 1912), ("M", 1868)):
        if year >= start:
            return f"{name}{year - start + 1}"
    return str(year)


_ROW: dict[str, Callable[[_Writer, Person, World], list[str]]] = {"A": _row_a, "B": _row_b, "C": _row_c, "D": _row_d}


def _stranger(chance: np.random.Generator, world: World, number: int) -> Person:
    """Someone who is not of the population: never taken, or made up by a teller."""
    one = world.people[int(chance.integers(world.population))]
    given = tuple(int(g) for g in chance.choice(len(SYLLABLES), 2, replace=False))
    surname = int(chance.integers(len(SURNAMES)))
    hanja = SURNAMES[surname].hanja + "".join(SYLLABLES[g].hanja[0] for g in given)
    return replace(one, id=f"none-{number:05}", surname=surname, given=given, hanja=hanja, violations=(), facility="")


def _list(world: World, at: int) -> _Writer:
    name = LISTS[at]
    w = _Writer(name, np.random.default_rng([world.seed, 10 + at]))
    on = np.flatnonzero(world.inclusion[:, at])
    order: list[Person] = []
    for index in on:
        person = world.people[int(index)]
        times = 1 + int(w.chance.poisson(0.9)) if name == "D" else 1 + int(w.luck(REPEATED[name]))
        order += [person] * times
    for number in range(round(len(on) * STRANGERS[name])):
        order.append(_stranger(w.chance, world, 1000 * at + number))
    families_together = w.chance.permutation(len(order)) if name in "CD" else range(len(order))
    for place in families_together:
        person = order[int(place)]
        w.add(_ROW[name](w, person, world), person.id if person.id.startswith("person") else "none")
    for number, row in enumerate(w.rows, start=1):
        if not row[0]:
            row[0] = str(number)
    return w


def _copy_book(world: World, a: _Writer, c: _Writer) -> None:
    """C took 15 % of its rows from A's printed book: A's dates and A's errors, and often no word of it."""
    first: dict[str, list[str]] = {}
    for row, person in zip(a.rows, a.about, strict=True):
        first.setdefault(person, row)
    for number, (row, person) in enumerate(zip(c.rows, c.about, strict=True), start=1):
        if person in first and c.luck(COPIED * 2):
            said = a.said_birth.get(person)
            before, row[4] = row[4], "" if said is None else str(said)
            row[13] = "Saebom, printed book" if c.luck(0.2) else ""
            c.faults.append(("C", number, "YOB", "copied from A", before, row[4]))


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the four lists and the truth about them stand. Rows count from 1 after the heading."""

    folder: Path
    files: Mapping[str, Path]
    rows: Mapping[str, int]


def write_lists(world: World, folder: Path) -> Lists:
    """Write the four members' files and ``truth/``. The same world gives the same bytes."""
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    writers = {name: _list(world, at) for at, name in enumerate(LISTS)}
    _copy_book(world, writers["A"], writers["C"])
    files = {}
    for name, w in writers.items():
        path = folder / f"{name.lower()}.csv"
        write_file(path, _encoded(_csv([HEADINGS[name], *w.rows]), ENCODING[name]))
        files[name] = path
    write_file(folder / "a.xlsx", _xlsx(writers["A"]))
    _truth(world, writers, folder / "truth")
    return Lists(folder, files, {name: len(w.rows) for name, w in writers.items()})


def _csv(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _encoded(text: str, encoding: str) -> bytes:
    """What a code page has not becomes a question mark, as in the programs such files come from."""
    return text.encode(encoding, errors="replace")


def _xlsx(w: _Writer) -> bytes:
    """A's own workbook: three sheets by year of entry, each with the heading repeated. Fixed times, so fixed bytes."""
    book = Workbook()
    book.remove(book.active)
    for start, end in ((2003, 2006), (2007, 2010), (2011, 2014)):
        sheet = book.create_sheet(f"{start}-{end}")
        sheet.append(list(HEADINGS["A"]))
        for row in w.rows:
            if start <= int(row[17]) <= end:
                sheet.append(row)
    return saved(book, datetime(2014, 12, 31))


def _truth(world: World, writers: Mapping[str, _Writer], folder: Path) -> None:
    """The truth, for judging a linkage and an estimate; never given to either."""
    people = [
        ("id", "stratum", "sex", "name", "hanja", "born", "taken", "origin", "facility", "family", "fate", "violations")
    ]
    people += [
        (p.id, p.stratum, p.sex, hangul(p), p.hanja, str(p.born), str(p.taken), ALL_PLACES[p.origin].hangul, p.facility,
         str(p.family), p.fate, ";".join(p.violations))
        for p in world.people
    ]  # fmt: skip
    tables: dict[str, list[Sequence[object]]] = {
        "persons": list(people),
        "kin": [("from", "to", "relation"), *world.kin],
        "inclusion": [("person", *LISTS), *(
            (p.id, *row.astype(int)) for p, row in zip(world.people, world.inclusion, strict=True))],
        "records": [("list", "row", "person"), *(
            (name, row, person) for name, w in writers.items() for row, person in enumerate(w.about, start=1))],
        "faults": [("list", "row", "column", "kind", "before", "after"), *(f for w in writers.values() for f in w.faults)],
        "zero_cells": [("list", "stratum"), *(("B", stratum) for stratum in ("K1", "K2", "P"))],
        "strata": [("stratum", "population"), *world.by_stratum.items()],
    }  # fmt: skip
    for name, rows in tables.items():
        write_file(folder / f"{name}.csv", _csv(rows).encode())
