"""The model: which agreements of two entries are told apart, what each weighs, and what they are blocked on.

Fellegi and Sunter's (1969), in Splink's terms. Chances of each agreement by accident (u) come from random pairs of the
lists themselves; chances among entries of one person (m) by expectation maximisation, except for names: in any block
that does not use the name, relatives who share place and date look like the matches, and would teach the model that
names of one person differ. So the m of names are stated, from lists whose truth is known (FEBRL, the invented lists).
"""

from dataclasses import dataclass

from corroborate.linkage.naming import LEVELS as NAME_LEVELS


@dataclass(frozen=True, slots=True)
class Level:
    """One agreement: a condition in SQL, its label, a stated m and u (None: learned), and a column whose rarity
    counts."""

    sql: str
    label: str
    m: float | None = None
    rare: str | None = None
    u: float | None = None


_WHOLE = "coalesce(len(keys_l), 0) > 0 and coalesce(len(keys_r), 0) > 0"  # null where no reading is
_BOTH_LATIN = "regexp_matches({0}_l, '^[a-z]') and regexp_matches({0}_r, '^[a-z]')"
_SHARED = "list_has_any(keys_l, keys_r)"
_HEARD = "(list_has_any(heard_l, sounded_r) or list_has_any(sounded_l, heard_r) or list_has_any(heard_l, heard_r))"
_PART = (
    "(case when part_l is not null and part_r is not null then false"
    " when part_l is not null then {l} when part_r is not null then {r} else false end)"
).format(
    l="regexp_full_match(given_r, replace(part_l, '?', '.'))", r="regexp_full_match(given_l, replace(part_r, '?', '.'))"
)
# one of the first three characters differs; DuckDB's levenshtein counts bytes, and a syllable of Hangul has three
_ONE_APART = (
    "(length(given_l) = length(given_r) and length(given_l) >= 2 and (substring(given_l, 2) = substring(given_r, 2)"
    " or (substring(given_l, 1, 1) = substring(given_r, 1, 1) and substring(given_l, 3) = substring(given_r, 3))"
    " or (substring(given_l, 1, 2) = substring(given_r, 1, 2) and substring(given_l, 4) = substring(given_r, 4))))"
)
# Limits of Jaro-Winkler (0.88, 0.75, 0.9) stand a hair lower: many pairs of names reach them exactly, and how the last
# bit of such a sum is rounded differs between engines and machines.
GIVEN = (
    Level("given_l = given_r", "same given name", 0.74, "given"),
    Level(_SHARED, "whole names have a likely reading in common", 0.08),
    Level(_PART, "what is left of the given name fits", 0.03),
    Level(f"list_has_any(weak_l, weak_r) or {_HEARD}", "whole names have a possible reading in common", 0.02),
    Level(
        f"jaro_winkler_similarity(given_l, given_r) > 0.879999 and {_BOTH_LATIN.format('given')}",
        "nearly the same letters",
        0.085,
    ),
    Level("given_l = family_r or given_r = family_l", "given name stands as the family's", 0.006),
    Level(
        f"{_ONE_APART} and not ({_BOTH_LATIN.format('given')})",
        "one syllable differs",
        0.012,
    ),
    Level(
        f"jaro_winkler_similarity(given_l, given_r) > 0.749999 and {_BOTH_LATIN.format('given')}",
        "similar letters",
        0.012,
    ),
    Level("", "given names differ", 0.03),
)
FAMILY = (
    Level("family_l = family_r", "same family name", 0.8, "family"),
    Level(
        f"{_SHARED} or list_has_any(weak_l, weak_r) or {_HEARD}",
        "whole names have a reading in common",
        0.08,
        None,
        0.08,
    ),
    Level(
        f"jaro_winkler_similarity(family_l, family_r) > 0.879999 and {_BOTH_LATIN.format('family')}",
        "nearly the same letters",
        0.06,
    ),
    Level("given_l = family_r or given_r = family_l", "given name stands as the family's", 0.004),
    Level(
        f"jaro_winkler_similarity(family_l, family_r) > 0.749999 and {_BOTH_LATIN.format('family')}",
        "similar letters",
        0.012,
    ),
    Level("", "family names differ", 0.044),
)
# A given or a family name alone is compared with that of names which a list keeps apart, whatever their tradition.
_ALONE = "(parted_{0} and part_{0} is null and (given_{0} is null) <> (family_{0} is null))"
_BY_WORDS = f"not (parted_l and parted_r or {_ALONE.format('l')} or {_ALONE.format('r')}) or"
_NULL = {
    "given": f"{_BY_WORDS} not named_l or not named_r or"
    " (not (" + _WHOLE + ") and (given_l is null and part_l is null or given_r is null and part_r is null))",
    "family": f"{_BY_WORDS} (family_l is null or family_r is null) and not ({_WHOLE})",
    "hanja": f"{_BY_WORDS} hanja_l is null or hanja_r is null or not list_has_any(weak_l, weak_r)",
    "birth": "(birth_first_l is null and born_on_l is null) or (birth_first_r is null and born_on_r is null)",
    # where both say when they were born, that is compared
    "age": "age_first_l is null or age_first_r is null or birth_first_l is not null and birth_first_r is not null",
    "event": "event_first_l is null or event_first_r is null",
    "place": "place_l is null or place_r is null",
}
_GAP = "greatest({0}_first_l - {0}_last_r, {0}_first_r - {0}_last_l)"
_EXACT = "{0}_first_l = {0}_first_r and {0}_last_l = {0}_last_r and {0}_first_l = {0}_last_l"
_KM = "111.2 * sqrt(power(lat_l - lat_r, 2) + power((lon_l - lon_r) * cos(radians((lat_l + lat_r) / 2)), 2))"
# day and month swapped, or the same day of a neighbouring year
_SLIPPED = (
    "(substring(born_on_l, 1, 4) = substring(born_on_r, 1, 4) and substring(born_on_l, 5, 2) = substring(born_on_r, 7, 2)"
    " and substring(born_on_l, 7, 2) = substring(born_on_r, 5, 2))"
    f" or (substring(born_on_l, 5, 4) = substring(born_on_r, 5, 4) and {_GAP.format('birth')} <= 2)"
)
# Fifty days: what a lunar calendar's date, an Ethiopian, a Julian one is off when it is written down as another's; or
# a month named too early or too late.
_DAY = (
    "(try_cast(substring(born_on_{0}, 1, 4) as integer) * 365.25"
    " + try_cast(substring(born_on_{0}, 5, 2) as integer) * 30.44"
    " + try_cast(substring(born_on_{0}, 7, 2) as integer))"
)
_NEAR = f"abs({_DAY.format('l')} - {_DAY.format('r')}) <= 50"
# the first of January stands for "some time in that year" on too many lists
_ANNIVERSARY = "substring(born_on_l, 5, 4) = substring(born_on_r, 5, 4) and substring(born_on_l, 5, 4) <> '0101'"
COMPARISONS: dict[str, tuple[Level, ...]] = {
    "given": GIVEN,
    "family": FAMILY,
    # of people whose names sound alike, most write them with other characters
    "hanja": (Level("hanja_l = hanja_r", "same hanja", 0.9, None, 0.2), Level("", "other hanja", 0.1, None, 0.8)),
    "birth": (
        Level("born_on_l = born_on_r", "same day"),
        Level(f"damerau_levenshtein(born_on_l, born_on_r) = 1 or {_SLIPPED}", "a slip in the day, its month or its year"),
        Level(f"{_EXACT.format('birth')} and (born_on_l is null or born_on_r is null)", "same year"),
        Level(f"{_GAP.format('birth')} <= 0 and (born_on_l is null or born_on_r is null)", "spans meet"),
        Level(_ANNIVERSARY, "same month and day, another year"),
        Level(_NEAR, "within fifty days"),
        Level(f"{_GAP.format('birth')} <= 0", "same year, another day"),
        Level("damerau_levenshtein(born_on_l, born_on_r) = 2", "two digits of the day differ"),
        Level(f"{_GAP.format('birth')} <= 2", "two years off"),
        Level(f"{_GAP.format('birth')} <= 10", "ten years off"),
        Level("", "further off"),
    ),
    "age": (
        Level("age_first_l <= age_last_r and age_first_r <= age_last_l", "same age"),
        Level(f"{_GAP.format('age')} <= 1", "a year apart"),
        Level(f"{_GAP.format('age')} <= 3", "three years apart"),
        Level(f"{_GAP.format('age')} <= 8", "eight years apart"),
        Level("", "further apart"),
    ),
    "event": (
        Level(_EXACT.format("event"), "same year"),
        Level(f"{_GAP.format('event')} <= 0", "spans meet"),
        Level(f"{_GAP.format('event')} <= 1", "a year off"),
        Level("", "further off"),
    ),
    "place": (
        Level("place_l = place_r", "same place", None, "place"),
        Level("place_l = province_r or place_r = province_l", "one holds the other"),
        Level(f"lat_l is not null and lat_r is not null and {_KM} <= 40", "within 40 km"),
        Level("lat_l is null and lat_r is null and jaro_winkler_similarity(place_l, place_r) > 0.899999", "nearly the same letters"),
        Level("province_l = province_r", "same province"),
        Level("", "elsewhere"),
    ),
    "sex": (Level("sex_l = sex_r", "same sex"), Level("", "other sex")),
    "facility": (
        Level("facility_l = facility_r", "same facility"),
        Level("rtrim(facility_l, 'k') = rtrim(facility_r, 'k')", "same number, other kind"),
        Level("", "other facility"),
    ),
    "region": (
        Level("region_l = region_r", "same region"),
        Level("levenshtein(region_l, region_r) <= 2 and length(region_l) = length(region_r)", "letters swapped"),
        Level("", "other region"),
    ),
    "occupation": (
        Level("occupation_l = occupation_r", "same occupation"),
        Level("trade_l = trade_r", "same kind of work"),
        Level("", "other occupation"),
    ),
    "father": (Level("list_has_any(father_l, father_r)", "same father"), Level("", "other father")),
    "mother": (Level("list_has_any(mother_l, mother_r)", "same mother"), Level("", "other mother")),
    "spouse": (Level("list_has_any(spouse_l, spouse_r)", "same spouse"), Level("", "other spouse")),
}  # fmt: skip
NEEDS = {  # columns of the entries without which a comparison is left out
    "given": "key", "family": "family", "hanja": "hanja", "birth": "birth_first", "age": "age_first", "event": "event_first",
    "place": "place", "sex": "sex", "facility": "facility", "region": "region", "occupation": "occupation",
    "father": "father", "mother": "mother", "spouse": "spouse",
}  # fmt: skip
STATED = frozenset({"given", "family", "hanja"})  # comparisons whose m is stated, not learned
KIN = frozenset(
    {"family", "place", "event", "facility", "region", "father", "mother", "spouse"}
)  # what relatives taken together share
KIN_NAMED = frozenset({"father", "mother", "spouse"})  # counts for a match with the given name only: twins share a day
PARENTS = ("father", "mother")
# Brothers and sisters: parents agree, birth years are apart, and the given names only resemble each other.
BORN_APART, RESEMBLING = range(8, 11), range(2, 9)
ONE_SYLLABLE = range(6, 7)  # of the given name differs: how brothers, sisters and twins are named
OTHER_FAMILY, OTHER_SEX = range(4, 6), range(1, 2)  # none of these can be who has a part of a name left
# Levels that are evidence of one person; the rest could be a brother or sister.
OWN_GIVEN, OWN_BIRTH = range(6), range(2)
OWN_NEAR, SAME_FAMILY = range(5, 6), range(3)  # of one family name, and within fifty days: no mother bears twice


def gamma(comparison: str, level: int) -> int:
    """Splink's number of a level: the last, where nothing agrees, is 0."""
    return len(COMPARISONS[comparison]) - 1 - level


def unknown(comparison: str) -> str:
    """The condition in SQL under which two entries cannot be compared: a side is missing."""
    return _NULL.get(comparison, f"{comparison}_l is null or {comparison}_r is null")


# What is believed of m before a list teaches it, the best agreement first; lists that people made by hand.
BELIEVED: dict[str, tuple[float, ...]] = {
    "birth": (0.67, 0.115, 0.11, 0.03, 0.01, 0.015, 0.015, 0.012, 0.015, 0.006, 0.002),
    "age": (0.68, 0.19, 0.08, 0.035, 0.015),
    "event": (0.75, 0.12, 0.07, 0.06),
    "place": (0.70, 0.06, 0.06, 0.05, 0.06, 0.07),
    "sex": (0.985, 0.015),
    "facility": (0.8, 0.05, 0.15),
    "region": (0.9, 0.03, 0.07),
    "occupation": (0.6, 0.15, 0.25),
    "father": (0.85, 0.15),
    "mother": (0.85, 0.15),
    "spouse": (0.8, 0.2),
}


def label_of(comparison: str, level: int) -> str:
    """What a level says; ``level`` as Splink numbers it."""
    if comparison == "name":
        return NAME_LEVELS[len(NAME_LEVELS) - 1 - level]
    return COMPARISONS[comparison][len(COMPARISONS[comparison]) - 1 - level].label
