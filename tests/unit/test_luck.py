"""Luck: the published answers of Philox, the moments of draws, candidates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trustabm.rules import luck

ALL = 0xFFFFFFFF

# Known answers published with Random123 (Salmon et al. 2011), philox4x32-10.
KNOWN = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL, ALL), (ALL, ALL, ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

DRAWS = 200_000


@pytest.mark.parametrize(("key", "counter", "words"), KNOWN)
def test_philox_gives_the_published_words(key, counter, words):
    assert tuple(int(w) for w in luck.philox(*key, *counter)) == words


def test_uniform_is_uniform_and_below_one():
    # The mean of 200,000 uniforms has standard error 0.00065: a shift of 0.003 is seen with
    # power > 0.99, and a true generator fails at 5 standard errors once in 1.7 million.
    u = np.array([luck.uniform(7, 3, luck.STOP, i) for i in range(DRAWS)])
    assert u.min() >= 0.0
    assert u.max() < 1.0
    assert abs(u.mean() - 0.5) < 5 * math.sqrt(1 / 12 / DRAWS)
    assert abs(u.var() - 1 / 12) < 5 * math.sqrt(1 / 180 / DRAWS)
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 5 / math.sqrt(DRAWS)
    counts = np.bincount((u * 64).astype(int), minlength=64)
    chi2 = ((counts - DRAWS / 64) ** 2).sum() / (DRAWS / 64)
    assert chi2 < 63 + 5 * math.sqrt(2 * 63)


def test_normal_is_standard():
    z = np.array([luck.normal(7, 3, luck.LASTING_TRUST, i) for i in range(DRAWS)])
    assert abs(z.mean()) < 5 / math.sqrt(DRAWS)
    assert abs(z.var() - 1) < 5 * math.sqrt(2 / DRAWS)
    assert abs((z**3).mean()) < 5 * math.sqrt(15 / DRAWS)
    assert abs((z**4).mean() - 3) < 5 * math.sqrt(96 / DRAWS)


@pytest.mark.parametrize("mean", [0.3, 2.0, 17.0])
def test_geometric_has_its_mean_and_variance(mean):
    w = np.array(
        [luck.geometric(luck.uniform(1, 0, luck.JAIL_WEEKS, i), mean) for i in range(DRAWS)]
    )
    assert w.min() == 0
    sd = math.sqrt(mean * (1 + mean))
    assert abs(w.mean() - mean) < 5 * sd / math.sqrt(DRAWS)
    assert w.var() == pytest.approx(sd**2, rel=0.05)


def test_geometric_of_no_wait_is_none():
    assert luck.geometric(0.999, 0.0) == 0


def test_every_part_of_the_key_matters_and_nothing_else():
    base = luck.uniform(5, 6, 7, 8, 9)
    assert base == luck.uniform(5, 6, 7, 8, 9)
    others = {
        luck.uniform(4, 6, 7, 8, 9),
        luck.uniform(5 + 2**40, 6, 7, 8, 9),
        luck.uniform(5, 5, 7, 8, 9),
        luck.uniform(5, 6, 6, 8, 9),
        luck.uniform(5, 6, 7, 7, 9),
        luck.uniform(5, 6, 7, 8, 8),
    }
    assert len(others | {base}) == 7


def test_purposes_are_all_different():
    public = {n: v for n, v in vars(luck).items() if n.isupper() and n[0] != "_"}
    numbers = [v for v in public.values() if isinstance(v, int)]
    for size in (luck.BLOCK, luck.TURNS, luck.ROOM, luck.CELLS):
        numbers.remove(size)
    assert len(numbers) == len(set(numbers))


def test_skips_are_the_whole_part_of_the_logarithm():
    rng = np.random.default_rng(1)
    edges = np.arange(2**luck.CELLS) << (32 - luck.CELLS)
    words = np.unique([*range(64), *edges, *edges[1:] - 1, *rng.integers(0, 2**32, 20_000)])
    for bound in (0.0005, 0.012, 0.06, 0.9):
        skip = 1 / math.log1p(-bound)
        # and where a whole number is met
        met = ((1 - bound) ** np.arange(1.0, 40) * 2**32).astype(np.int64)
        met = met[met > 0]
        for word in [*words.tolist(), *met.tolist(), *(met - 1).tolist()]:
            exact = int(math.log((word + 0.5) / 2**32) * skip)
            assert min(luck.skipped(word, skip), luck.BLOCK) == min(exact, luck.BLOCK)


def drawn(residents: int, week: int, bound: float = 0.02) -> list[int]:
    found = np.empty(luck.ROOM, np.int64)
    everyone: list[int] = []
    for block in range(-(-residents // luck.BLOCK)):
        many = luck.candidates(3, week, luck.CRIME_CANDIDATE, block, residents, bound, found)
        everyone += found[:many].tolist()
    return everyone


def test_candidates_come_at_the_bound_once_each_and_evenly():
    # 5,000 residents x 200 weeks: one million chances, standard error 0.7% of the rate.
    seen = np.zeros(5000)
    for week in range(200):
        who = drawn(5000, week)
        assert who == sorted(set(who))
        seen[who] += 1
    assert seen.sum() == pytest.approx(0.02 * 5000 * 200, rel=0.035)
    assert seen.var() == pytest.approx(200 * 0.02 * 0.98, rel=0.15)
    # No place within a block is favoured.
    place = np.arange(5000) % luck.BLOCK
    first, last = seen[place < 128].mean(), seen[place >= 896].mean()
    assert first == pytest.approx(last, rel=0.2)


def test_candidates_do_not_depend_on_the_size_of_the_town():
    for week in range(20):
        assert drawn(1500, week) == [i for i in drawn(4000, week) if i < 1500]


def test_everybody_is_a_candidate_where_the_bound_is_near_one():
    assert len(drawn(1024, 0, 0.999999)) >= 1020


def test_other_roots_have_other_towns_and_one_root_always_the_same():
    # Roots beside each other, and far apart, share no seed among a thousand replicates each.
    roots = (0, 1, 2, 7, 1000, 2**63 - 1)
    seeds = {root: [luck.seed_of(root, k) for k in range(1000)] for root in roots}
    assert len({s for each in seeds.values() for s in each}) == 6000
    assert all(0 <= s < 2**63 for each in seeds.values() for s in each)
    assert [each[0] for each in seeds.values()] == list(roots)
    # Worked out by hand: `printf '0 1' | b2sum -l 64`, as a number, halved.
    assert luck.seed_of(0, 1) == 0x7A871B123B94BC44 >> 1
