"""What linkage knows of a person: names and a few facts, never a source, a witness or a consent."""

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, cast

import numpy as np
import pyarrow as pa

from corroborate.languages.kinship import RELATIONS, Kin, kin_keys, read_kin
from corroborate.languages.names import SURE, NameForm, forms_of, heard_key, list_shares, partial_name, plain
from corroborate.languages.occupations import occupation_key, trade
from corroborate.languages.places import facility_key, place_key, spot
from corroborate.languages.sounds import skeleton, sound_of
from corroborate.languages.words import cleaned, name_words, without_burmese_titles, writes_burmese, writings
from corroborate.linkage.naming import MOST_WORDS, MOST_WRITINGS, TURNED, written
from corroborate.records import Claim
from corroborate.records.schema import compared
from corroborate.values import DateSpan, PartialDate, script_of

Kind = Literal["named", "partial", "unnamed", "group"]  # how a victim is known


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One row of one list. Years are earliest and latest; a missing fact is None."""

    list: str
    row: int
    names: tuple[str, ...]
    complete: bool = True  # whether the first name is whole
    sex: str | None = None  # f or m
    birth: tuple[int, int] | None = None
    place: str | None = None
    event: tuple[int, int] | None = None
    facility: str | None = None
    born_on: str | None = None  # eight digits, year first, as the source has them even where no calendar does
    family: str | None = None  # where the list keeps them apart; else the order is found out
    given: str | None = None
    region: str | None = None  # state, province
    occupation: str | None = None
    kin: tuple[Kin, ...] = ()  # people named beside this one
    kind: Kind = "named"  # an unnamed person or a group is compared with nobody
    age: tuple[int, int] | None = None  # least and greatest, in years, when the list was made or the person taken


PROPERTIES = compared()
"""Properties of claims that say something an entry is compared by."""
_NOT_WHOLE = re.compile(
    r"[○〇◯●*＊]|(?:^|[\s.,])[Xx]{1,3}(?=$|[\s.,])|^(?:[가-힣]|남궁|황보|제갈|사공|선우|서문|독고|동방)\s?(?:모|씨)$"
    r"|씨네|^(?:Mr|Mrs|Ms)\.|부부|(?<=[가-힣一-鿿])[?？]|[?？](?=[가-힣一-鿿])"
)
"""A part of a name is missing: a circle, X as a word, 모 behind a surname alone; inside a word both are letters."""


def entry_of(claims: Iterable[Claim], *, list_name: str = "", row: int = 0) -> PersonEntry:
    """What a person's claims say, as linkage compares people: the one way from claims to an entry.

    Of a property that is claimed twice the first claim counts; names count all. Claims that may not be compared are
    left out by the caller.
    """
    told = [one for one in claims if one.property in PROPERTIES]
    first = {one.property: one for one in reversed(told)}
    names = tuple(dict.fromkeys(str(one.value) for one in told if one.property in ("name", "alias")))
    kinds = {one.property: _said(one) for one in told if one.property == "victim_kind"}
    missing = bool(names) and _NOT_WHOLE.search(names[0]) is not None
    kind = cast(Kind, kinds.get("victim_kind") or ("partial" if missing else "named"))
    birth = first.get("birth_date")
    plain = ("sex", "origin", "facility", "occupation")
    texts = {name: _said(first[name]) if name in first else None for name in plain}
    kin = [each for one in told if one.property == "kin" for each in read_kin(_said(one))]
    return PersonEntry(
        list_name, row, names, kind == "named" and not missing, texts["sex"], _years(birth), texts["origin"],
        _years(first.get("event_date")), texts["facility"], _day(birth), occupation=texts["occupation"],
        kin=tuple(dict.fromkeys(kin)), kind=kind, age=_age(first.get("age")),
    )  # fmt: skip


def _said(claim: Claim) -> str:
    return str(getattr(claim.value, "text", claim.value))


def _years(claim: Claim | None) -> tuple[int, int] | None:
    if claim is None or not isinstance(claim.value, PartialDate | DateSpan):
        return None
    if isinstance(claim.value, DateSpan) and not claim.value.bounded:
        return None  # "before 1980" tells nobody apart
    return claim.value.earliest.year, claim.value.latest.year


def _day(claim: Claim | None) -> str | None:
    whole = claim is not None and isinstance(claim.value, PartialDate) and claim.value.day is not None
    return str(claim.value).replace("-", "") if claim is not None and whole else None


def _age(claim: Claim | None) -> tuple[int, int] | None:
    if claim is not None and _said(claim).endswith("+"):
        return None  # one end alone (over 60) would be the same as every older age
    years = [] if claim is None else [int(each) for each in re.findall(r"\d+", _said(claim))]
    return (min(years), max(years)) if years and max(years) <= 130 else None


@dataclass(frozen=True, slots=True)
class NameFeatures:
    """What is compared of a person's names."""

    keys: tuple[str, ...] = ()  # likely forms of the whole name
    weak: tuple[str, ...] = ()  # those, and the less likely ones
    heard: tuple[str, ...] = ()  # katakana: how a Japanese ear has a Korean name
    sounded: tuple[str, ...] = ()  # how a Japanese ear would have it
    key: str | None = None  # the likeliest
    family: str | None = None
    given: str | None = None
    part: str | None = None  # given name with ? for what is missing
    hanja: str | None = None
    parted: bool = True  # compared by given and family name; else by the sequence of its words

    @property
    def named(self) -> bool:
        """Whether any part of the given name is known."""
        return bool(self.given or self.part or self.keys)


_Shares = tuple[tuple[str, float], ...]
_Named = tuple[tuple[str, ...], bool, str | None, str | None]


def _first(names: _Named) -> tuple[str, bool]:
    """The first name as one text, and whether it is whole; kept apart, a comma says which is the family's."""
    texts, complete, family, given = names
    if family and given:
        apart = f"{family}, {given}" if script_of(family) == "Latn" else f"{family} {given}"
        return apart, complete
    return (texts[0] if texts else ""), complete and not (family or given)


def name_features(names: _Named, shares: _Shares, *, heard: bool = True) -> NameFeatures:
    """Read a person's names in the light of how their list romanises. ``heard``: whether any list has katakana, which
    the others then have to be compared with."""
    names = tuple(_bare(text) for text in names[0]), *names[1:]
    first, whole = _first(names)
    forms: list[NameForm] = list(forms_of(first, shares)) if whole else []
    hanja = None
    for text in names[0][1:] if first else names[0]:
        more = forms_of(text, shares)
        # a nickname reads as a name too: beside a first name in Hangul, other Hangul must share its surname or be none
        forms += [f for f in more if not f.key.startswith("k:") or script_of(text) != "Hang" or not forms]
    for form in forms:
        if form.key.startswith("h:"):
            hanja = hanja or form.key[2:]
    parted = [f for f in forms if f.given]
    best = next((f for f in parted if f.key.startswith("k:")), None) or (parted[0] if parted else None)
    sure = dict.fromkeys(f.key for f in forms if f.probability >= SURE and not f.key.startswith("m:"))
    weak = dict.fromkeys(f.key for f in forms if not f.key.startswith("m:"))
    katakana = dict.fromkeys(f.key for f in forms if f.key.startswith("m:"))
    sounded = dict.fromkeys(
        heard_key(f.family, f.given)
        for f in forms
        if heard and f.key.startswith("k:") and f.family and f.given and f.probability >= SURE
    )
    family, given, part = (best.family, best.given, None) if best else (None, None, None)
    if best is None:
        family, given, part = _partial(names, first)
        for text in names[0][1:] if family is None else ():
            found = partial_name(text)
            if found:
                family, part = found.family, found.given
                break
    told = (
        names[2] and names[3] and (best is None or not _korean(best, first, shares)) and script_of(first) not in _PARTED
    )
    if told:  # as the list keeps them apart, not as a reading would part them
        family, given = _age_as_written(names[2] or ""), _age_as_written(names[3] or "")
    return NameFeatures(
        tuple(sure), tuple(weak), tuple(katakana), tuple(sounded),
        (best.key if best else None) or next(iter(sure), None),
        family, given, part, hanja, _parted(names, first, best, shares),
    )  # fmt: skip


_PARTED = frozenset(("Hang", "Hani", "Kana"))
_KOREAN = 0.5  # of a list's names in Latin letters, read as Korean: from there on they are compared as Korean names


def _parted(names: _Named, first: str, best: NameForm | None, shares: _Shares) -> bool:
    """Whether a name is read into a given and a family name that can be relied on: Korean, Chinese and Japanese ones,
    and those that a list keeps apart."""
    texts, _, family, given = names
    if (family and given and script_of(first) == "Latn") or bool(family) != bool(given):
        return True
    if any(script_of(text) in _PARTED for text in texts):
        return True
    if best is None:
        return not (family and given) and (partial_name(first) is not None or not first)
    return _korean(best, first, shares)


def _korean(best: NameForm, first: str, shares: _Shares) -> bool:
    """Whether a name is taken for a Korean one: what it says, or the names of its list."""
    return best.key.startswith("k:") and (script_of(first) == "Cyrl" or dict(shares).get("korean", 1.0) >= _KOREAN)


def name_writings(names: _Named) -> tuple[str, ...]:
    """Each writing of a name as the words that are compared; none of those without letters or vowels of their own."""
    texts, _, family, given = names
    apart = (f"{family}, {given}",) if family and given else ()
    found = [name_words(one) for text in (*apart, *texts) if script_of(text) not in _PARTED for one in writings(text)]
    return tuple(dict.fromkeys(written(one.words, one.turned) for one in found if any(len(w) > 1 for w in one.words)))


def _bare(text: str) -> str:
    """Without marks that only lay out, full width made narrow."""
    return text if text.isascii() or all("가" <= c <= "힣" for c in text) else cleaned(text)


def _age_as_written(text: str) -> str | None:
    """A family or given name that a list keeps apart, as it is compared with one that stands alone."""
    return (plain(text) if script_of(text) == "Latn" else text.replace(" ", "").lower()) or None


def _partial(names: _Named, first: str) -> tuple[str | None, str | None, str | None]:
    _, _, family, given = names
    if family or given:
        alone = (family or given or "").strip()
        text = plain(alone) if script_of(alone) == "Latn" else alone.replace(" ", "").lower()
        return (text or None, None, None) if family else (None, text or None, None)
    found = partial_name(first)
    return (found.family, None, found.given) if found else (None, None, None)


_TEXT, _LIST, _INT, _REAL = pa.string(), pa.list_(pa.string()), pa.int32(), pa.float32()
SCHEMA = pa.schema([
    ("unique_id", pa.int32()), ("list", pa.int16()),
    ("keys", _LIST), ("weak", _LIST), ("heard", _LIST), ("sounded", _LIST),
    ("key", _TEXT), ("family", _TEXT), ("given", _TEXT), ("part", _TEXT), ("hanja", _TEXT), ("named", pa.bool_()),
    ("parted", pa.bool_()), ("writings", _LIST), ("words", _LIST), ("twos", _LIST),
    ("sex", _TEXT), ("born_on", _TEXT), ("birth_first", _INT), ("birth_last", _INT),
    ("place", _TEXT), ("province", _TEXT),
    ("lat", _REAL), ("lon", _REAL), ("event_first", _INT), ("event_last", _INT), ("facility", _TEXT), ("region", _TEXT),
    ("age_first", _INT), ("age_last", _INT), ("occupation", _TEXT), ("trade", _TEXT),
    ("father", _LIST), ("mother", _LIST), ("spouse", _LIST), ("kin", _LIST),  # keys of names; kin: of all of them
])  # fmt: skip


RAW = pa.schema([
    ("list", pa.int16()), ("names", _TEXT), ("sex", _TEXT), ("born_on", _TEXT),
    ("birth_first", _INT), ("birth_last", _INT), ("place", _TEXT), ("event_first", _INT), ("event_last", _INT),
    ("facility", _TEXT), ("region", _TEXT), ("occupation", _TEXT),
])  # fmt: skip
"""Entries as columns. ``names``: what ``coded`` makes of a row's names; the rest as in ``PersonEntry``. Columns
``kin`` (what ``coded_kin`` makes of the people named beside a row), ``age_first`` and ``age_last`` may follow."""
_BETWEEN = "\x1f"  # Unicode's unit separator: in no name


def coded(
    number: int, names: Sequence[str], complete: bool = True, family: str | None = None, given: str | None = None
) -> str:
    """A row's names as one text, with the number of its list: what is read once, however often it occurs."""
    return _BETWEEN.join((str(number), "1" if complete else "", family or "", given or "", *names))


def coded_kin(kin: Sequence[Kin]) -> str | None:
    """A row's kin as one text, or None when it names none."""
    return _BETWEEN.join(f"{one.relation}:{one.name}" for one in kin) or None


_PARENTS = {"father": ("father", "parent"), "mother": ("mother", "parent"), "spouse": ("spouse",), "kin": RELATIONS}


def _kin_named(relations: Sequence[str]) -> Callable[[str], list[str] | None]:
    """Keys of the kin of some relations: what two lists' spellings of a father's name have in common."""

    def read(text: str) -> list[str] | None:
        named = [one.partition(":") for one in text.split(_BETWEEN)]
        keys = dict.fromkeys(key for relation, _, name in named if relation in relations for key in kin_keys(name))
        return list(keys) or None

    return read


def _decoded(text: str) -> tuple[int, _Named]:
    number, complete, family, given, *names = text.split(_BETWEEN)
    return int(number), (tuple(name for name in names if name), complete == "1", family or None, given or None)


_LINKED = frozenset(("named", "partial"))


def _nobody(entry: PersonEntry) -> PersonEntry:
    """An entry of which nothing is compared: it keeps its place in the list."""
    return PersonEntry(entry.list, entry.row, (), kind=entry.kind)


def columns(lists: Mapping[str, Sequence[PersonEntry]]) -> pa.Table:
    """What is compared, one row an entry, lists in the order of their names and rows in the order given."""
    rows = [(at, e if e.kind in _LINKED else _nobody(e)) for at, name in enumerate(sorted(lists)) for e in lists[name]]

    def years(field: str, end: int) -> pa.Array:
        return pa.array([None if (v := getattr(e, field)) is None else v[end] for _, e in rows], _INT)

    texts = ("sex", "born_on", "place", "facility", "region", "occupation")
    made = {
        "list": [at for at, _ in rows],
        "names": [coded(at, e.names, e.complete, e.family, e.given) for at, e in rows],
        **{field: [getattr(e, field) for _, e in rows] for field in texts},
        "kin": [coded_kin(e.kin) for _, e in rows],
        **{
            f"age_{side}": [None if e.age is None else e.age[at] for _, e in rows]
            for at, side in enumerate(("first", "last"))
        },
        **{
            f"{field}_{side}": years(field, end)
            for field in ("birth", "event")
            for end, side in enumerate(("first", "last"))
        },
    }
    schema = RAW
    for name, kind in (("kin", _TEXT), ("age_first", _INT), ("age_last", _INT)):
        schema = schema.append(pa.field(name, kind))
    arrays = {field.name: pa.array(made[field.name], field.type) for field in schema}
    return features_of(pa.table(arrays, schema=schema))


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is made here by the million holds no cycle: looking for one again and again takes a quarter of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@_uncollected()
def features_of(raw: pa.Table) -> pa.Table:
    """Features of entries given as columns (``RAW``). Names and places are read once each, however often they occur,
    and kept so: their columns are dictionaries over the texts (``levels.plain`` makes ``SCHEMA`` of them)."""
    names = _encoded(raw["names"])
    told = [_decoded(text) for text in names.dictionary.to_pylist()]
    latin: dict[int, dict[str, None]] = {}
    for number, one in told:
        if one[1]:
            latin.setdefault(number, {})[_first(one)[0]] = None
    shares = {number: tuple(sorted(list_shares(_some(list(texts))).items())) for number, texts in latin.items()}
    even = tuple(sorted(list_shares(()).items()))
    heard = any(script_of(text) == "Kana" for _, one in told for text in one[0])
    read = [name_features(one, shares.get(number, even), heard=heard) for number, one in told]
    sequences = _sequences(told, read)

    def of_name(field: str, kind: pa.DataType) -> pa.Array:
        values = pa.array([getattr(one, field) or None for one in read], kind)
        return pa.DictionaryArray.from_arrays(names.indices, values)

    texts = {
        field: _encoded(raw[field])
        for field in ("place", "facility", "region", "occupation", "kin")
        if field in raw.column_names
    }

    def of_text(field: str, meaning: Callable[[str], object], kind: pa.DataType = _TEXT) -> pa.Array:
        if field not in texts:
            return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(raw), np.int32)), pa.nulls(1, kind))
        told = [None if text is None else meaning(text) for text in texts[field].dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(texts[field].indices, pa.array(told, kind))

    def spotted(attribute: str) -> Callable[[str], object]:
        return lambda text: getattr(spot(text), attribute, None)

    none = pa.chunked_array([pa.nulls(len(raw), _INT)])
    made = {
        "unique_id": pa.array(np.arange(len(raw)), pa.int32()),
        **{name: of_name(name, _LIST) for name in ("keys", "weak", "heard", "sounded")},
        **{name: of_name(name, _TEXT) for name in ("key", "family", "given", "part", "hanja")},
        "named": pa.DictionaryArray.from_arrays(
            names.indices,
            pa.array([bool(one.named or said) for one, said in zip(read, sequences, strict=True)], pa.bool_()),
        ),
        "parted": pa.DictionaryArray.from_arrays(names.indices, pa.array([one.parted for one in read], pa.bool_())),
        **{
            name: pa.DictionaryArray.from_arrays(names.indices, pa.array(values, _LIST))
            for name, values in (("writings", sequences), *_blocked_on(sequences, read))
        },
        "place": of_text("place", place_key), "province": of_text("place", spotted("province")),
        "lat": of_text("place", spotted("lat"), _REAL), "lon": of_text("place", spotted("lon"), _REAL),
        "facility": of_text("facility", facility_key), "region": of_text("region", place_key),
        "occupation": of_text("occupation", occupation_key), "trade": of_text("occupation", trade),
        **{name: of_text("kin", _kin_named(relations), _LIST) for name, relations in _PARENTS.items()},
        "list": raw["list"],
        **{name: _encoded(raw[name]) for name in ("sex", "born_on", "birth_first", "birth_last")},
        **{name: _encoded(raw[name]) for name in ("event_first", "event_last")},
        **{name: _encoded(raw[name] if name in raw.column_names else none) for name in ("age_first", "age_last")},
    }  # fmt: skip
    return pa.table({field.name: made[field.name] for field in SCHEMA})


def _sequences(told: Sequence[tuple[int, _Named]], read: Sequence[NameFeatures]) -> list[list[str] | None]:
    """Writings of each name as words; nothing where all names are compared by their parts."""
    if all(one.parted for one in read):
        return [None] * len(read)
    found = [list(name_writings(names)) for _, names in told]
    numbers = sorted({number for number, _ in told})
    for number in numbers:
        of_list = [at for at, (each, _) in enumerate(told) if each == number]
        if writes_burmese([tuple(found[at][0].split()) for at in of_list if found[at]]):
            for at in of_list:
                found[at] = [" ".join(without_burmese_titles(tuple(one.split()))) for one in found[at]]
    return [one or None for one in found]


def _blocked_on(
    sequences: Sequence[list[str] | None], read: Sequence[NameFeatures]
) -> tuple[tuple[str, list[list[str] | None]], ...]:
    """Skeletons of the words of each name, and of each two of them; of names that are compared by their words."""
    words: list[list[str] | None] = []
    twos: list[list[str] | None] = []
    for said, one in zip(sequences, read, strict=True):
        if said is None or one.parted:
            words.append(None)
            twos.append(None)
            continue
        each = [
            [skeleton(sound_of(w).sound) for w in text.removeprefix(TURNED).split()[:MOST_WORDS] if len(w) > 1]
            for text in said[:MOST_WRITINGS]
        ]
        words.append(list(dict.fromkeys(w for one_writing in each for w in one_writing)) or None)
        pairs = ("-".join(sorted(pair)) for one_writing in each for pair in combinations(one_writing, 2))
        twos.append(list(dict.fromkeys(pairs)) or None)
    return ("words", words), ("twos", twos)


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.combine_chunks()
    whole = whole if isinstance(whole, pa.Array) else whole.chunk(0)
    return whole.dictionary_encode(null_encoding="encode")


def _some(texts: list[str]) -> list[str]:
    """At most 3,000 names, evenly spaced: enough to learn how a list romanises."""
    return texts[:: max(1, len(texts) // 3_000)]
