"""The same person in several lists: compare, weigh, then match one to one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.errors import NotLinkable
from corroborate.linkage.assignment import Clustering, cluster
from corroborate.linkage.blocking import Budget
from corroborate.linkage.calibration import Calibration
from corroborate.linkage.card import Card
from corroborate.linkage.engine import Engine
from corroborate.linkage.entries import PersonEntry, columns
from corroborate.linkage.learning import odds_of, pairs_of
from corroborate.linkage.levels import filled
from corroborate.linkage.model import BORN_APART, KIN, ONE_SYLLABLE, OTHER_FAMILY, OTHER_SEX, OWN_BIRTH, label_of
from corroborate.linkage.relatives import Counting, agreeing, counting, named_as_kin, vowels_mixed_up
from corroborate.linkage.scoring import Scored, score
from corroborate.translation import Sentence
from corroborate.values import OverlapTable

Place = tuple[str, int]  # list, row
_TWINS = -1.0  # log2 odds at most of two who may be twins: a reviewer looks, the program does not decide
_NOTHING = -60.0  # log2 odds of what is not counted
# log2 odds at most of a pair of which one has no given name: in the invented lists 97 of a hundred that are compatible
# with one person only are that person
_PARTIAL = 5.0
_SHOWN_PARTIAL = 0.3  # of those: a name that four may have is no work for a reviewer
_SHOWN = 0.01  # probability from which a pair is reported, and taken to be uncertain when clusterings are drawn


@dataclass(frozen=True, slots=True)
class Options:
    """How to link. Weights are log2 of the Bayes factor. Probabilities are calibrated only where a ``calibration``,
    fitted to reviewers' judgements, is given."""

    threshold: float = (
        0.5  # match probability, rivals taken into account, from which a pair is said to be the same person
    )
    largest_block: int = 3_000  # entries; larger blocks are not compared, and said
    pairs_each: int = 4  # compared pairs an entry, on average, each pair counted once
    seed: int = 1  # of the random pairs from which chance agreement is estimated
    threads: int = 2
    calibration: Calibration | None = None
    card: Card | None = None  # a model to link by; learned from the lists where none is given
    deduplicated: bool = False  # no list has a person twice: entries of one list are not compared
    engine: Engine | None = None  # that finds and compares the pairs; DuckDB on this machine where none is given


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two entries and how likely they are one person. ``decision``: match, possible (a reviewer should look), or
    relative: surname, place, date or parents agree and the given name does not, or one names the other as kin, so they
    are kin at most."""

    left: Place
    right: Place
    weight: float
    probability: float
    decision: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries that others join and that cannot be one person: a list's people are matched one to one."""

    left: Place
    right: Place
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pairs as columns, to explain one or draw clusterings. Entries are numbered as in ``places``."""

    places: tuple[Place, ...]
    named: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weight: NDArray[np.float64]  # with the prior: log2 of the odds
    probability: NDArray[np.float64]
    relative: NDArray[np.bool_]
    scored: Scored
    prior: tuple[float, float]  # log2 of the odds, before anything is compared: entries of two lists, and of one
    clustering: Clustering
    counts: Counting  # what of each pair's agreement counts for one person
    partial: NDArray[np.bool_]  # by pair: one has no given name, so that it is possible at most


@dataclass(frozen=True, slots=True)
class Linkage:
    """Pairs, clusters over all lists (every entry stands in one), the overlap table, and what was left out."""

    pairs: tuple[ScoredPair, ...]
    clusters: tuple[tuple[Place, ...], ...]
    overlap: OverlapTable
    notices: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    calibrated: bool = False
    evidence: Evidence | None = field(default=None, compare=False, repr=False)


def link(lists: Mapping[str, Sequence[PersonEntry]], *, options: Options | None = None) -> Linkage:
    """Deduplicate each list, match the lists one to one, and cluster over all of them.

    Fellegi-Sunter weights as Splink's, with rarity of names and places; chance agreement (u) by random pairs,
    agreement among entries of one person (m) by expectation maximisation, that of names stated. A pair needs evidence
    from the given name: relatives arrested together share surname, place and date, and are not one person; what they
    share is not counted unless the given name agrees. Entries of one list that match are one person; then a person of
    one list is matched with at most one of another, so that the sum of weights is greatest. Deterministic for the same
    input and options.
    """
    options = options or Options()
    if not lists or not any(entry.names for rows in lists.values() for entry in rows):
        raise NotLinkable("the lists hold no names")
    table = columns(lists)
    names = sorted(lists)
    places = tuple((name, entry.row) for name in names for entry in lists[name])
    if len(set(places)) != len(places):
        twice = next(place for place, n in Counter(places).items() if n > 1)
        raise NotLinkable(
            "row {twice} of list {twice2} is given twice: rows of a list need numbers of their own",
            twice=twice[1],
            twice2=twice[0],
        )
    if not (filled(table["key"]) | filled(table["writings"])).any():
        raise NotLinkable("no entry holds a whole name that we can read")
    evidence, notices = weigh(table, places, options)
    found = evidence.clustering
    shown = np.flatnonzero(evidence.probability >= np.where(evidence.partial, _SHOWN_PARTIAL, _SHOWN))
    shown = shown[np.lexsort((evidence.right[shown], evidence.left[shown], -evidence.weight[shown]))]
    pairs = tuple(
        ScoredPair(
            places[evidence.left[at]],
            places[evidence.right[at]],
            round(float(evidence.weight[at]), 4),
            round(float(evidence.probability[at]), 6),
            "match" if found.matched[at] else "relative" if evidence.relative[at] else "possible",
        )
        for at in shown.tolist()
    )
    groups = _groups(found.label, places)
    notices += _nameless(lists, evidence.named)
    conflicts = tuple(
        Conflict(places[evidence.left[at]], places[evidence.right[at]], round(float(evidence.probability[at]), 6))
        for at in found.conflicts
    )
    overlap = overlap_of(
        found.label, table["list"].to_numpy(), evidence.named, [names.index(n) for n in lists], tuple(lists)
    )
    return Linkage(pairs, groups, overlap, tuple(notices), conflicts, options.calibration is not None, evidence)


def _nameless(lists: Mapping[str, Sequence[PersonEntry]], named: NDArray[np.bool_]) -> list[str]:
    """What is said of entries without a name, of groups, and of those of whom a part of a name is left."""
    kinds = Counter(entry.kind for rows in lists.values() for entry in rows)
    said: list[str] = []
    if unnamed := kinds["unnamed"]:
        said.append(
            Sentence(
                (
                    "{unnamed:,} entry is a victim without a name: linked with nobody, and in no overlap",
                    "{unnamed:,} entries are victims without a name: linked with nobody, and in no overlap",
                ),
                unnamed=unnamed,
            )
        )
    if groups := kinds["group"]:
        said.append(
            Sentence(
                (
                    "{groups:,} entry is a group of people without names: linked with nobody, and in no overlap",
                    "{groups:,} entries are groups of people without names: linked with nobody, and in no overlap",
                ),
                groups=groups,
            )
        )
    if nameless := int((~named).sum()) - unnamed - groups:
        said.append(
            Sentence(
                (
                    "{nameless:,} entry holds no given name: nobody can say whose it is, so it stands in no overlap",
                    (
                        "{nameless:,} entries hold no given name: nobody can say whose they are, so they "
                        "stand in no overlap"
                    ),
                ),
                nameless=nameless,
            )
        )
    return said


def card_of(linkage: Linkage) -> Card:
    """The model that a linkage was made by. NotLinkable for one that was not kept with its evidence."""
    if linkage.evidence is None or linkage.evidence.scored.taught is None:
        raise NotLinkable("this linkage was not kept with its evidence")
    return Card(linkage.evidence.scored.taught, linkage.evidence.prior)


def dedupe(name: str, entries: Sequence[PersonEntry], *, options: Options | None = None) -> Linkage:
    """Entries of one list that are the same person."""
    return link({name: entries}, options=options)


def weigh(table: pa.Table, places: tuple[Place, ...], options: Options) -> tuple[Evidence, list[str]]:
    """Score, estimate the prior, and match one to one. The columnar form of ``link``: it makes no object a pair."""
    budget = Budget(options.largest_block, options.pairs_each)
    scored = score(table, budget=budget, seed=options.seed, threads=options.threads, engine=options.engine,
                   between=options.deduplicated, card=options.card)  # fmt: skip
    left, right = scored.left, scored.right
    syllable = agreeing(scored.levels, "given", ONE_SYLLABLE, len(left))
    spelled = vowels_mixed_up(table, left, right, syllable & agreeing(scored.levels, "birth", OWN_BIRTH, len(left)))
    counts = counting(scored.levels, len(left), named_as_kin(table, left, right), spelled)
    bayes, relative, partial = _bayes(scored, counts)
    list_of = table["list"].to_numpy()
    prior = _prior(scored, np.where(partial, _NOTHING, bayes), list_of) if options.card is None else options.card.prior
    within = list_of[scored.left] == list_of[scored.right]
    weight = bayes + np.where(within, prior[1], prior[0])
    weight = np.where(counts.twins, np.minimum(weight, _TWINS), weight)
    weight = np.where(partial, np.minimum(weight, _PARTIAL), weight)
    probability = 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))
    if options.calibration is not None:
        probability = options.calibration.apply(weight)
        weight = np.log2(np.clip(probability, 1e-12, 1 - 1e-12) / (1 - np.clip(probability, 1e-12, 1 - 1e-12)))
    clustering = cluster(scored.left, scored.right, weight, list_of, options.threshold, partial)
    named = np.array(table["named"].to_numpy(zero_copy_only=False), dtype=bool)
    evidence = Evidence(
        places, named, scored.left, scored.right, weight, clustering.probability, relative, scored, prior, clustering,
        counts, partial,
    )  # fmt: skip
    return evidence, list(scored.blocked.notices)


def _bayes(scored: Scored, counts: Counting) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Sum of weights, pairs of relatives at most, and pairs of which one has no given name.

    Without evidence of the person's own, what kin share is not counted for a match. Where a given name is missing on
    one side (김○○, Mr. Kim) nothing says that the two are kin and not one: everything counts, all who are as
    compatible share the odds (``assignment``), and the pair is possible at most. Of another family, sex or birth
    years away nobody is compatible.
    """
    total = np.zeros(len(scored.left))
    kin = np.zeros(len(scored.left), dtype=bool)
    none = np.full(len(scored.left), -1, np.int8)
    given = np.maximum(scored.levels.get("given", none), scored.levels.get("name", none))
    unlike = agreeing(scored.levels, "family", OTHER_FAMILY, len(total)) | agreeing(
        scored.levels, "sex", OTHER_SEX, len(total)
    )
    unlike |= agreeing(scored.levels, "birth", BORN_APART, len(total))
    nameless = (given < 0) & ~counts.own
    partial = nameless & ~counts.apart & ~unlike
    for name, weights in scored.weights.items():
        values = np.nan_to_num(weights.astype(float), nan=0.0)
        if name in KIN:
            kin |= values > 0
        total += np.where(counts.of(name) | partial, values, np.minimum(values, 0.0))
    total[nameless & ~partial] = _NOTHING
    return total, (kin & ~counts.own & ~partial) | counts.apart, partial


def _prior(scored: Scored, bayes: NDArray[np.float64], list_of: NDArray[np.int16]) -> tuple[float, float]:
    """log2 of the prior odds that entries of two lists, and of one, are one person, so that the expected number of
    matches is what the pairs themselves say.

    An entry is at most one person of another list, whoever of its partners it is; of its own list it may be several.
    """
    if not len(bayes):
        return -20.0, -20.0
    within = list_of[scored.left] == list_of[scored.right]
    between, one = pairs_of(list_of)
    entries = len(list_of)
    return (
        _expected(scored, bayes, ~within, 0.1 * entries, between, entries),
        _expected(scored, bayes, within, 0.05 * entries, one, entries, several=True),
    )


def _expected(
    scored: Scored,
    bayes: NDArray[np.float64],
    which: NDArray[np.bool_],
    matches: float,
    pairs: float,
    entries: int,
    several: bool = False,
) -> float:
    odds = np.exp2(np.clip(bayes[which], -60, 60))
    every = np.bincount(scored.left[which], odds, entries) + np.bincount(scored.right[which], odds, entries)
    prior = odds_of(matches, pairs)
    for _ in range(50):
        prior = odds_of(matches, pairs)
        likely = (odds if several else every) * 2.0**prior
        new = (1.0 if several else 0.5) * float((likely / (1 + likely)).sum())
        if abs(new - matches) < 1e-6 * entries:
            break
        matches = max(new, 0.5)
    return prior


def _groups(label: NDArray[np.int64], places: tuple[Place, ...]) -> tuple[tuple[Place, ...], ...]:
    groups: dict[int, list[Place]] = {}
    for at, one in enumerate(label.tolist()):
        groups.setdefault(one, []).append(places[at])
    return tuple(tuple(sorted(group)) for group in groups.values())


def overlap_of(
    label: NDArray[np.int64],
    list_of: NDArray[np.int16],
    named: NDArray[np.bool_],
    order: Sequence[int],
    lists: tuple[str, ...],
) -> OverlapTable:
    """People by the lists that name them. Clusters without any given name are left out. ``order``: the number of each
    of ``lists`` in ``list_of``."""
    size = int(label.max()) + 1 if len(label) else 0
    on = np.zeros((size, len(lists)), dtype=np.int64)
    known = np.zeros(size, dtype=bool)
    for at, number in enumerate(order):
        on[label[list_of == number], at] = 1
    known[label[named]] = True
    patterns, counts = np.unique(on[known], axis=0, return_counts=True)
    return OverlapTable(
        lists, {tuple(int(x) for x in row): int(n) for row, n in zip(patterns, counts, strict=True) if row.any()}
    )


@dataclass(frozen=True, slots=True)
class Weight:
    """One bar of a pair's waterfall: what was compared, how it agreed, and its weight (log2 of the Bayes factor)."""

    comparison: str
    agreement: str
    weight: float
    counted: bool = True  # false: shared by kin, and not counted for want of evidence of the person's own


def waterfall(linkage: Linkage, left: Place, right: Place) -> tuple[Weight, ...]:
    """From the prior to the sum: what each comparison of two entries added. NotLinkable for a pair not compared."""
    evidence = linkage.evidence
    if evidence is None:
        raise NotLinkable("this linkage was not kept with its evidence")
    number = {place: at for at, place in enumerate(evidence.places)}
    if left not in number or right not in number:
        raise NotLinkable("no entry {which} in these lists", which=left if left not in number else right)
    a, b = sorted((number[left], number[right]))
    found = np.flatnonzero((evidence.left == a) & (evidence.right == b))
    if not len(found):
        raise NotLinkable("{left} and {right} share no block, so they were never compared", left=left, right=right)
    at, scored = int(found[0]), evidence.scored
    within = left[0] == right[0]
    said = "any two entries of one list" if within else "any two entries of two lists"
    bars = [Weight("prior", said, round(evidence.prior[within], 3))]
    partial = bool(evidence.partial[at])
    for name in scored.weights:
        level = int(scored.levels[name][at])
        label = "not known" if level < 0 else label_of(name, level)
        value = float(np.nan_to_num(scored.weights[name][at]))
        bars.append(Weight(name, label, round(value, 3), value <= 0 or partial or bool(evidence.counts.of(name)[at])))
    return tuple(bars)
