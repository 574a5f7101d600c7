"""What the estimate becomes if the lists share a blind spot: the assumption no list can check, made visible."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corroborate.translation import Sentence

Floats = NDArray[np.float64]
ODDS_RATIOS = (0.25, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class Point:
    """Median and interval, in people, if the interaction of the highest order were this odds ratio.

    ``hidden_share``: the same said otherwise: the share of all victims who would have to be out of every list's reach,
    beyond those the overlaps show; zero for odds ratios up to one.
    """

    odds_ratio: float
    median: float
    low: float
    high: float
    hidden_share: float = 0.0


def curve(
    unlisted: Floats, documented: float, level: float, ratios: Sequence[float] = ODDS_RATIOS
) -> tuple[Point, ...]:
    """The estimate as a function of the highest-order interaction, as an odds ratio.

    Every estimate from J lists rests on one untestable assumption: that the interaction of all J together is nothing.
    With dummy coding, the alternating sum of the logarithms of all 2^J cells is that interaction u up to its sign:
    log m(0…0) = - sum over the other cells x of (-1)^|x| log m(x) + (-1)^J u. So the people on no list are
    exp((-1)^J u) times what the overlaps show: an odd number of lists turns the sign. To spare readers that sign, the
    odds ratio here is exp((-1)^J u) itself, the direction in which people hide: for two lists the odds ratio of being
    on both; for three, how many times larger the odds ratio of two lists is among those the third missed than among
    those it names. At 4, four times as many people are out of every list's reach as the overlaps show.

    Gerritse, van der Heijden & Bakker (2015), Journal of Official Statistics 31; Aleshin-Guendel, Sadinle & Wakefield
    (2024), Biometrics 80, on the identifying assumption. Where the headline's method puts an interaction of its own
    into the cell of zeros (latent classes do), the odds ratio is relative to it: 1 is the headline, always. See
    docs/decisions/0004-blind-spot-as-odds-ratio.md.
    """
    tail = (1 - level) / 2
    low, median, high = np.quantile(unlisted, [tail, 0.5, 1 - tail])
    return tuple(
        Point(
            round(ratio, 4),
            float(documented + ratio * median),
            float(documented + ratio * low),
            float(documented + ratio * high),
            hidden_share(ratio, float(median), documented),
        )
        for ratio in ratios
    )


def hidden_share(ratio: float, unlisted: float, documented: float, reach: float = 0.0) -> float:
    """Share of all victims in a hidden group that makes the unlisted ``ratio`` times as many.

    ``reach``: how likely a hidden person is to be named by a list, next to everybody else's chance (0: never). The
    lists find of such a group ``reach`` times as many as of others, and the overlaps already count those and their
    like, so N = N(overlaps) / (1 - share (1 - reach)). Zero where the ratio is at most one; above 1 it cannot be.
    """
    if ratio <= 1 or unlisted <= 0:
        return 0.0
    shown = documented + unlisted
    return float((1 - shown / (documented + ratio * unlisted)) / (1 - reach))


def ratio_for(people: float, unlisted: float, documented: float) -> float | None:
    """The odds ratio at which the middle estimate is so many people; None where no ratio does it."""
    if unlisted <= 0 or people <= documented:
        return None
    return (people - documented) / unlisted


def tipping(unlisted: Floats, documented: float, at: Sequence[float] = ()) -> str:
    """In words: what the lists would have to be for the number to fall below, or rise above, given numbers of people.

    Without ``at``: below halfway between the documented and the headline, and above twice the headline.
    """
    median = float(np.median(unlisted))
    if median <= 0:
        return "No unlisted people are estimated, so no odds ratio changes the number."
    middle = documented + median
    tips = [_tip(people, middle, median, documented) for people in at or (documented + median / 2, 2 * middle)]
    return Sentence(
        " ".join(f"{{tip{number}}}" for number in range(len(tips))), **{f"tip{i}": one for i, one in enumerate(tips)}
    )


def _tip(people: float, middle: float, unlisted: float, documented: float) -> str:
    ratio = ratio_for(people, unlisted, documented)
    if ratio is None:
        return Sentence(
            "No blind spot takes the number below {people:,.0f}: {documented:,.0f} are documented.",
            people=people,
            documented=documented,
        )
    if people < middle:
        return Sentence(
            "To fall below {people:,.0f}, the lists would have to avoid one another's people more than the overlaps "
            "show: an odds ratio of the highest order under {ratio:.2g}, {ratio:.2g} times as many unlisted as the "
            "headline has.",
            people=people,
            ratio=ratio,
        )
    share, half = (hidden_share(ratio, unlisted, documented, reach) for reach in (0.0, 0.5))
    if half < 0.95:
        return Sentence(
            "To rise above {people:,.0f}, the lists would have to share a blind spot with an odds ratio over "
            "{ratio:.2g}: {share:.0%} of all victims out of every list's reach, or {half:.0%} half as well reached as "
            "the others.",
            people=people,
            ratio=ratio,
            share=share,
            half=half,
        )
    return Sentence(
        "To rise above {people:,.0f}, the lists would have to share a blind spot with an odds ratio over {ratio:.2g}: "
        "{share:.0%} of all victims out of every list's reach.",
        people=people,
        ratio=ratio,
        share=share,
    )
