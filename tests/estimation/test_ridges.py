"""Steps along the ridge of many people's posterior: they leave it as it is, and are as long at any number of people."""

import numpy as np
import pytest

from corroborate.estimation import latent_classes, ridges
from corroborate.estimation.cells import Cells, canonical
from corroborate.estimation.collapsed import CLASSES

SPINA_BIFIDA = (60, 48, 4, 244, 111, 142, 12)  # Hook, Albright & Cross (1980)
KOSOVO = (306, 936, 123, 845, 31, 217, 32, 1131, 106, 228, 42, 177, 18, 181, 27)  # Ball and others (2002)
PRIOR = latent_classes.Prior(shape=2, rate=2)


def every_cell(counts):
    lists = (len(counts) + 1).bit_length() - 1
    codes = np.arange(1, 2**lists)
    return Cells(((codes[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))


def from_the_prior(chance, lists):
    """A point of the model, in the layout of ``collapsed``: sticks Beta(1, alpha), so that s is exponential."""
    reach = chance.random((lists, CLASSES))
    s = chance.exponential(size=CLASSES - 1) * PRIOR.rate / chance.gamma(PRIOR.shape)
    return np.concatenate([np.log(reach / (1 - reach)).ravel(), np.log(s)])


def shares(point, patterns):
    """Of each cell among the documented, 1 - q_0, and the classes' weights, written from the model's definition."""
    lists = patterns.shape[1]
    reach = 1 / (1 + np.exp(-point[: lists * CLASSES].reshape(lists, CLASSES)))
    left = np.exp(-np.concatenate([[0.0], np.cumsum(np.exp(point[lists * CLASSES :]))]))
    weight = np.append(left[:-1] - left[1:], left[-1])
    cells = np.prod(np.where(patterns[:, :, None] == 1, reach, 1 - reach), axis=1) @ weight
    return cells / cells.sum(), cells.sum(), weight


def test_the_slopes_of_the_shares_are_right():
    chance, table = np.random.default_rng(3), every_cell(KOSOVO)
    point, roots = from_the_prior(chance, 4), np.sqrt(table.counts)
    size, cells = len(point), len(roots)
    room, work = np.empty((16, CLASSES)), np.empty(size)

    def look(at, slopes):
        found = np.empty(cells)
        log_l, _, visible = ridges.look(
            at, table.patterns.astype(float), roots, PRIOR.as_array(), slopes, found, room, work, True
        )
        return log_l, visible, found

    slopes, unused = np.empty((size, cells)), np.empty((size, cells))
    log_l, visible, found = look(point, slopes)
    expected, documented, _ = shares(point, table.patterns)
    assert np.exp(found) == pytest.approx(expected, rel=1e-12)
    assert visible == pytest.approx(documented, rel=1e-12)
    assert log_l == pytest.approx(table.counts @ np.log(expected), rel=1e-12)
    numeric = [(look(point + step, unused)[2] - look(point - step, unused)[2]) / 2e-5 for step in 1e-5 * np.eye(size)]
    assert slopes / roots == pytest.approx(np.array(numeric), abs=1e-7)


@pytest.mark.parametrize("people", [200, 2_000_000])
@pytest.mark.parametrize("rounds", [1200, pytest.param(12_000, marks=pytest.mark.long)])
def test_steps_leave_the_posterior_as_it_is(people, rounds):
    """Geweke's test (2004, JASA 99) with independent draws: a point from the prior and a table from the point are a
    draw of both; after any steps that leave the posterior given the table as it is they still are. So what the steps
    change, averaged over many such draws, is nothing: ten figures, each within 4.5 standard errors."""
    chance, changed, moved = np.random.default_rng([people, 1]), [], []
    patterns, steps = every_cell([0] * 7).patterns, 40
    tally = np.zeros(4)

    def figures(point):
        cells, visible, weight = shares(point, patterns)
        small = np.sort(cells)[0] ** 0.25
        return np.array([
            point[0], point[0] ** 2, abs(point[15]), np.log(visible), np.log(1 - visible + 1e-12), weight[0],
            weight[1], weight @ weight, small, np.clip(point[-9:], -8, 8).sum(),
        ])  # fmt: skip

    for _ in range(rounds):
        point = from_the_prior(chance, 3)
        counts = chance.multinomial(people, shares(point, patterns)[0]).astype(float)
        before = figures(point)
        ridges.constrained_langevin(
            point, patterns.astype(float), counts, PRIOR.as_array(), 1.0, 0.5, steps,
            chance.standard_normal((steps, len(point) + 14)), chance.random((steps, 2)), tally,
        )  # fmt: skip
        changed.append(figures(point) - before)
        moved.append(abs(changed[-1][0]))
    assert tally[1] > 0.3 * tally[0]
    assert np.mean(moved) > 0.3  # the steps go somewhere
    error = np.std(changed, axis=0) / np.sqrt(rounds)
    assert (np.abs(np.mean(changed, axis=0)) < 4.5 * error).all()


def test_a_step_is_as_long_for_a_thousand_million_people_as_for_a_thousand():
    accepted, went = [], []
    for people in (10**3, 10**6, 10**9):
        table, _ = canonical(every_cell(np.round(np.array(SPINA_BIFIDA) * (people / 621))))
        chain = ridges.Chain(table, latent_classes.PLAIN.as_array(), np.random.default_rng(4))
        start = chain.found()
        chain.point, chain.pace, chain.tally[:] = start.copy(), 0.3, 0.0
        _, points = chain.walk(300)
        accepted.append(chain.tally[1] / chain.tally[0])
        went.append(np.abs(points[-1] - start).mean())
    assert min(accepted) > 0.3
    assert max(accepted) < 1.6 * min(accepted)
    assert min(went) > 0.3


def test_the_ridge_s_walk_finds_what_the_ordinary_one_finds():
    cells = every_cell(SPINA_BIFIDA)
    ordinary = latent_classes.sample(cells, seed=1)
    found = latent_classes.sample(cells, seed=1, turns=500, extensions=0, along_ridge=True)
    assert found.along_ridge
    assert found.r_hat < 1.05
    assert np.quantile(np.log(found.draws + 1), [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(np.log(ordinary.draws + 1), [0.1, 0.5, 0.9]), abs=0.15
    )


def test_a_seed_gives_the_same_bytes_along_the_ridge():
    cells = every_cell(SPINA_BIFIDA)
    one, other = (
        latent_classes.sample(cells, seed=5, turns=50, extensions=0, along_ridge=True).draws.tobytes() for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize("size", [1, 2, 7, 31])
def test_our_own_linear_algebra_says_what_numpy_says(size):
    """It is ours so that every machine gives the same bits, not because it knows better."""
    chance = np.random.default_rng(size)
    one, other = chance.normal(size=(2, size, size + 2))
    product = np.empty((size + 2, size + 2))
    ridges._product(one, other, product)
    np.testing.assert_allclose(product, one.T @ other + ridges.SLACK**2 * np.eye(size + 2), rtol=1e-12, atol=1e-12)
    definite = one @ one.T + np.eye(size)
    root, values = definite.copy(), chance.normal(size=size)
    logarithm = ridges._root(root)
    np.testing.assert_allclose(np.tril(root), np.linalg.cholesky(definite), rtol=1e-9, atol=1e-12)
    assert 2 * logarithm == pytest.approx(np.linalg.slogdet(definite).logabsdet)
    answer = values.copy()
    ridges._by_root(root, answer)
    np.testing.assert_allclose(answer, np.linalg.solve(definite, values), rtol=1e-9)
    general, answer = chance.normal(size=(size, size)), values.copy()
    assert ridges._solve(general.copy(), answer)
    np.testing.assert_allclose(answer, np.linalg.solve(general, values), rtol=1e-6)


def test_our_own_linear_algebra_says_where_there_is_no_answer():
    assert np.isnan(ridges._root(np.array([[1.0, 2.0], [2.0, 1.0]])))  # not positive definite
    assert not ridges._solve(np.zeros((2, 2)), np.ones(2))
