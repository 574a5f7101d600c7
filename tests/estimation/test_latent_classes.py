"""Latent classes: the compiled density against a plain one, calibration, symmetries, and refusals."""

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp

from corroborate.errors import NotEstimable
from corroborate.estimation import collapsed, latent_classes
from corroborate.estimation.cells import Cells
from corroborate.estimation.collapsed import CLASSES

KOSOVO = (306, 936, 123, 845, 31, 217, 32, 1131, 106, 228, 42, 177, 18, 181, 27)  # Ball and others (2002)


def every_cell(counts):
    lists = (len(counts) + 1).bit_length() - 1
    codes = np.arange(1, 2**lists)
    return Cells(((codes[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))


@pytest.fixture(scope="module")
def kosovo():
    return latent_classes.sample(every_cell(KOSOVO), seed=1)


def compiled(point, cells, prior, heat, level, slope):
    lists, size = cells.lists, len(point)
    room = np.empty((len(cells.counts) + 2 * lists + 7, CLASSES))
    return collapsed.density(
        point, cells.patterns.astype(float), cells.counts, prior, heat, level, 2.0, slope, np.empty(CLASSES), room,
        np.empty(size), True,
    )  # fmt: skip


def plain(point, cells, prior):
    """log L and log prior, written from the model's definition."""
    shape, rate, on, off = prior
    logits = point[: cells.lists * CLASSES].reshape(cells.lists, CLASSES)
    chance, s = 1 / (1 + np.exp(-logits)), np.exp(point[cells.lists * CLASSES :])
    left = np.exp(-np.concatenate([[0.0], np.cumsum(s)]))
    weight = np.append(left[:-1] - left[1:], left[-1])
    q = [np.sum(weight * np.prod(np.where(row[:, None], chance, 1 - chance), axis=0)) for row in cells.patterns == 1]
    none = np.sum(weight * np.prod(1 - chance, axis=0))
    log_l = np.sum(cells.counts * np.log(q)) - cells.documented * np.log(1 - none)
    log_prior = (
        np.sum(on * np.log(chance) + off * np.log(1 - chance))
        + point[cells.lists * CLASSES :].sum() - (shape + CLASSES - 1) * np.log(rate + s.sum())
    )  # fmt: skip
    return log_l, log_prior


def test_the_compiled_density_is_the_model_s_and_its_slope_is_right():
    chance, cells = np.random.default_rng(7), every_cell(KOSOVO)
    prior = np.array([0.25, 0.5, 1.5, 2.0])
    for _ in range(3):
        point, level = 2 * chance.standard_normal(CLASSES * 5 - 1), 12 + chance.standard_normal(CLASSES)
        slope, unused = np.empty(len(point)), np.empty(len(point))
        log_l, log_prior, _, _ = compiled(point, cells, prior, 0.7, level, slope)
        assert (log_l, log_prior) == pytest.approx(plain(point, cells, prior), rel=1e-10)

        def value(p, level=level, unused=unused):
            log_l, log_prior, log_level, _ = compiled(p, cells, prior, 0.7, level, unused)
            return 0.7 * log_l + log_prior + log_level

        steps = 1e-5 * np.eye(len(point))
        numeric = [(value(point + step) - value(point - step)) / 2e-5 for step in steps]
        assert slope == pytest.approx(numeric, rel=1e-4, abs=1e-3)


def test_exp_and_log_of_our_own_are_exact_to_the_last_digits():
    numbers = np.random.default_rng(0).uniform(0, 700, 2000)
    assert max(abs(collapsed._exp_of_minus(x) / np.exp(-x) - 1) for x in numbers) < 1e-15
    assert max(abs(collapsed._log(x) - np.log(x)) for x in np.concatenate([numbers, 1 / numbers])) < 3e-15


def test_kosovo_is_lcmcr_s_within_monte_carlo_error(kosovo):
    # R's LCMCR, K 10, a = b = 0.25: 9,257 / 10,468 / 13,982 from about 140 effective draws
    assert kosovo.converged
    assert kosovo.heats == 1
    assert np.median(kosovo.draws) + 4400 == pytest.approx(10468, abs=250)


def test_a_seed_gives_the_same_bytes_and_another_the_same_posterior(kosovo):
    again = latent_classes.sample(every_cell(KOSOVO), seed=1)
    assert again.draws.tobytes() == kosovo.draws.tobytes()
    other = latent_classes.sample(every_cell(KOSOVO), seed=2)
    assert other.draws.tobytes() != kosovo.draws.tobytes()
    assert np.median(other.draws) == pytest.approx(np.median(kosovo.draws), rel=0.04)


def test_neither_order_nor_a_list_that_names_nobody_changes_a_draw(kosovo):
    cells, chance = every_cell(KOSOVO), np.random.default_rng(0)
    lists, rows = chance.permutation(4), chance.permutation(15)
    patterns = np.insert(cells.patterns[:, lists][rows], 2, 0, axis=1)
    assert latent_classes.sample(Cells(patterns, cells.counts[rows]), seed=1).draws.tobytes() == kosovo.draws.tobytes()


def test_tempering_finds_the_same_posterior():
    cells = every_cell([40, 30, 6, 20, 5, 7, 3])
    cold = latent_classes.sample(cells, seed=3)
    hot = latent_classes.sample(cells, seed=4, tempered=True)
    assert hot.heats > 1
    assert hot.converged
    assert np.quantile(hot.draws, [0.25, 0.5, 0.75]) == pytest.approx(
        np.quantile(cold.draws, [0.25, 0.5, 0.75]), rel=0.1
    )


def test_people_seen_by_the_same_chance_are_found_again():
    """Independent lists of reach 0.5, 0.4, 0.3: 1,000 people, cells as expected."""
    reach = np.array([0.5, 0.4, 0.3])
    cells = every_cell([0] * 7)
    shares = np.prod(np.where(cells.patterns == 1, reach, 1 - reach), axis=1)
    drawn = latent_classes.sample(Cells(cells.patterns, np.round(1000 * shares)), seed=5)
    low, high = np.quantile(drawn.draws, [0.025, 0.975]) + round(1000 * shares.sum())
    assert low < 1000 < high


def test_identical_lists_leave_nearly_nobody_unlisted():
    drawn = latent_classes.sample(Cells(np.array([[1, 1, 1]]), np.array([500.0])), seed=6)
    assert np.quantile(drawn.draws, 0.975) <= 1


@pytest.mark.parametrize("people", [1, 10**9])
def test_one_person_and_a_thousand_million_are_walked_without_a_fault(people):
    cells = every_cell([people, people // 2, people // 9, people // 3, people // 20, people // 30, people // 90])
    drawn = (
        latent_classes.sample(cells, seed=7, turns=200, extensions=0)
        if people > 1
        else latent_classes.sample(Cells(np.array([[1, 1, 0]]), np.array([1.0])), seed=7, turns=200, extensions=0)
    )
    assert np.isfinite(drawn.draws).all()
    assert (drawn.draws >= 0).all()
    assert np.isfinite(drawn.log_l).all()


def test_one_list_is_refused():
    with pytest.raises(NotEstimable, match="fewer than two lists"):
        latent_classes.sample(Cells(np.array([[1, 0]]), np.array([9.0])), seed=0)


def test_separate_modes_are_named():
    chance = np.random.default_rng(0)
    draws = np.concatenate([chance.poisson(900, (3, 500)), chance.poisson(9000, (1, 500))]).astype(float)
    split = latent_classes.Sample(draws, 2.9, 5, 20, np.full((4, 500), -12.5), np.zeros((4, 1, 29)), (0, 1), 9)
    assert [mode.chains for mode in split.modes] == [(0, 1, 2), (3,)]
    assert "separate modes" in split.refusal
    assert "3 of 4 chains" in split.refusal


def test_chains_with_as_many_people_but_another_fit_are_told_apart():
    chance = np.random.default_rng(0)
    draws = chance.poisson(900, (4, 500)).astype(float)
    log_l = chance.normal(0, 2, (4, 500)) - np.array([[1000.0], [1000], [3700], [1000]])
    split = latent_classes.Sample(draws, 1.9, 5, 20, log_l, np.empty((4, 0, 29)), (0, 1), 1, True, exact=-980.0)
    assert sorted(mode.chains for mode in split.modes) == [(0, 1, 3), (2,)]
    assert {round(mode.deviance, -2) for mode in split.modes} == {0, 5400}


def test_chains_apart_that_still_wander_are_not_said_to_be_modes():
    chance = np.random.default_rng(0)
    draws = chance.poisson(np.array([[900.0], [900], [900], [9000]]) * np.geomspace(1, 3, 500)).astype(float)
    split = latent_classes.Sample(draws, 2.9, 5, 20, np.full((4, 500), -12.5), np.empty((4, 0, 29)), (0, 1), 1, True)
    assert len(split.modes) == 2
    assert "still wander" in split.refusal
    assert "the posterior of the latent class model has separate modes" not in split.refusal


def test_replicated_tables_look_like_the_one_seen(kosovo):
    cells = every_cell(KOSOVO)
    copies = latent_classes.replicated(kosovo, cells, np.random.default_rng(0))
    assert (copies.sum(axis=1) == 4400).all()
    low, high = np.quantile(copies, [0.005, 0.995], axis=0)
    assert ((low <= cells.counts) & (cells.counts <= high)).mean() > 0.9


def test_each_chain_s_ranks_are_spread_over_all_bins(kosovo):
    ranks = latent_classes.rank_plot(kosovo, bins=20)
    assert ranks.shape == (4, 20)
    assert ranks.sum() == kosovo.draws.size
    assert (ranks.sum(axis=0) == kosovo.draws.size / 20).all()
    assert ranks.min() > 0.5 * kosovo.draws.shape[1] / 20


def test_a_doubled_prior_moves_kosovo_little():
    found = latent_classes.prior_sensitivity(every_cell(KOSOVO), seed=1)
    assert set(found) == set(latent_classes.DOUBLED)
    for drawn in found.values():
        assert np.median(drawn.draws) + 4400 == pytest.approx(10450, rel=0.1)


def prior_draw(chance, lists, prior):
    alpha = chance.gamma(prior.shape) / prior.rate
    sticks = np.append(chance.beta(1, alpha, CLASSES - 1), 1.0) if alpha > 1e-8 else np.eye(CLASSES)[0]
    weights = sticks * np.concatenate([[1.0], np.cumprod(1 - sticks[:-1])])
    return weights, chance.beta(prior.on, prior.off, (CLASSES, lists))


@pytest.mark.parametrize("rounds", [50, pytest.param(400, marks=pytest.mark.long)])
def test_the_posterior_of_the_unlisted_is_calibrated(rounds):
    """Simulation-based calibration (Talts and others 2018) with 200 documented people on three lists: classes from the
    prior, cells given that they are documented, the unlisted negative binomial. 10 bins, chi-square of 9 degrees of
    freedom, refused above its 99.9 % point, 27.9. Chains thinned to nearly independent draws."""
    chance, prior, documented, ranks = np.random.default_rng(1972), latent_classes.Prior(shape=2, rate=2), 200, []
    cells = every_cell([0] * 7)
    for round_ in range(rounds):
        weights, reach = prior_draw(chance, 3, prior)
        within = np.prod(np.where(cells.patterns[:, None, :] == 1, reach, 1 - reach), axis=2)
        shares = within @ weights
        counts = chance.multinomial(documented, shares / shares.sum())
        truth = chance.poisson(chance.gamma(documented, (1 - shares.sum()) / shares.sum()))
        if not all(counts @ cells.patterns > 0):
            continue
        drawn = latent_classes.sample(
            Cells(cells.patterns, counts.astype(float)), seed=round_, prior=prior, turns=500, extensions=0
        ).draws[:, 9::10]
        below, ties = int((drawn < truth).sum()), int((drawn == truth).sum())
        ranks.append(below + chance.integers(ties + 1))
    values = drawn.size + 1
    assert latent_classes.chi_square_of_ranks(ranks, 10, values) < 27.9


def test_a_flat_likelihood_gives_back_the_prior():
    """At heat zero nothing is left of the table: the number of classes in use is the prior's. Weight of class 1 under
    alpha = 2 of known law: E = 1/(1 + alpha) averaged over the gamma."""
    prior = latent_classes.Prior(shape=4.0, rate=2.0)
    chain = latent_classes._Chain(every_cell([3, 2, 1, 2, 1, 1, 1]), prior, np.array([1e-9]), np.random.default_rng(2))
    chain.walk(50)
    firsts = []
    for _ in range(2000):
        chain._turns(chain.heats, np.empty((2, 2)), np.empty((2, *chain.stiffness.shape)), -1)
        firsts.append(chain.weights[0, 0])
    alphas = np.random.default_rng(3).gamma(4.0, 0.5, 200_000)
    assert np.mean(firsts) == pytest.approx(np.mean(1 / (1 + alphas)), abs=0.04)


def test_the_negative_binomial_of_the_unlisted_comes_from_the_prior_one_over_n():
    # sum over N of 1/N * N! / (n! (N - n)!) * (1 - q)^n q^(N - n) is 1/n for every q: nothing is left of q but (1-q)^n
    n, q = 30, 0.4
    unlisted = np.arange(0, 2000)
    total = n + unlisted
    terms = gammaln(total + 1) - gammaln(n + 1) - gammaln(unlisted + 1) - np.log(total) + n * np.log(1 - q)
    assert logsumexp(terms + unlisted * np.log(q)) == pytest.approx(-np.log(n))
