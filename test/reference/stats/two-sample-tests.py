"""Reference values of the two-sample tests and distances of src/domain/stats.

Run: python two-sample-tests.py > two-sample-tests.json  (needs numpy, scipy, statsmodels, mpmath; versions are written out)
Samples are made by the recipe [size, seed, spread, shift, kind], which the test makes again: integers of a linear
congruential generator, as they are (`grid`) or as a heavy tail (`heavy`), in eighths.
"""
import json
import warnings

import mpmath
import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

warnings.simplefilter("ignore")


def sample(size, seed, spread, shift, kind):
    values = []
    state = seed
    for _ in range(size):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        value = (state >> 8) % spread
        if kind == "heavy":
            value = 1 / (value + 1) ** 2
        values.append((value + shift) / 8)
    return numpy.array(values)


def clean(result):
    statistic, p = float(result[0]), float(result[1])
    return None if not (numpy.isfinite(statistic) and numpy.isfinite(p)) else {"statistic": statistic, "pValue": p}


def attempt(make):
    try:
        return clean(make())
    except (ValueError, IndexError, ZeroDivisionError):
        return None


def anderson(a, b):
    result = stats.anderson_ksamp([a, b], variant="midrank")
    return result.statistic, result.pvalue


BIG = 1 << 20
PAIRS = [
    # tiny
    ([1, 3, BIG, 0, "grid"], [1, 5, BIG, 0, "grid"]),
    ([1, 3, BIG, 0, "grid"], [6, 5, BIG, 0, "grid"]),
    ([2, 3, BIG, 0, "grid"], [3, 5, BIG, 0, "grid"]),
    ([4, 7, BIG, 0, "grid"], [4, 9, BIG, 400000, "grid"]),
    ([5, 7, BIG, 0, "grid"], [5, 9, BIG, 0, "grid"]),
    ([6, 17, BIG, 0, "grid"], [9, 29, BIG, 200000, "grid"]),
    ([8, 31, BIG, 0, "grid"], [8, 2, BIG, 0, "grid"]),
    ([8, 31, BIG, 0, "grid"], [120, 2, BIG, 90000, "grid"]),
    ([12, 41, BIG, 0, "grid"], [15, 12, BIG, 0, "grid"]),
    ([19, 43, BIG, 0, "grid"], [20, 14, BIG, 300000, "grid"]),
    ([20, 47, BIG, 0, "grid"], [20, 16, BIG, 700000, "grid"]),
    ([10, 47, BIG, 0, "grid"], [10, 16, BIG, 9000000, "grid"]),
    # ties
    ([5, 3, 3, 0, "grid"], [5, 8, 3, 1, "grid"]),
    ([8, 3, 4, 0, "grid"], [8, 5, 4, 0, "grid"]),
    ([10, 3, 2, 0, "grid"], [14, 5, 2, 0, "grid"]),
    ([20, 3, 7, 0, "grid"], [18, 5, 7, 2, "grid"]),
    ([30, 3, 5, 0, "grid"], [30, 5, 5, 0, "grid"]),
    ([60, 3, 2, 0, "grid"], [90, 5, 3, 0, "grid"]),
    ([200, 3, 12, 0, "grid"], [300, 5, 12, 1, "grid"]),
    ([500, 13, 40, 0, "grid"], [500, 15, 40, 0, "grid"]),
    # ordinary
    ([21, 3, BIG, 0, "grid"], [21, 5, BIG, 0, "grid"]),
    ([24, 3, BIG, 0, "grid"], [30, 5, BIG, 100000, "grid"]),
    ([50, 71, BIG, 0, "grid"], [50, 73, BIG, 0, "grid"]),
    ([50, 71, BIG, 0, "grid"], [500, 73, BIG, 150000, "grid"]),
    ([100, 91, BIG, 0, "grid"], [100, 93, BIG, 200000, "grid"]),
    ([300, 23, 10000, 0, "grid"], [200, 25, 10000, 500, "grid"]),
    ([1000, 23, BIG, 0, "grid"], [1000, 25, BIG, 0, "grid"]),
    ([1000, 23, BIG, 0, "grid"], [1000, 25, BIG, 30000, "grid"]),
    ([1000, 23, BIG, 0, "grid"], [1000, 25, BIG + (BIG >> 2), -80000, "grid"]),
    ([5000, 33, 1000, 0, "grid"], [4000, 35, 1000, 10, "grid"]),
    # heavy tails
    ([40, 3, 1000, 0, "heavy"], [40, 5, 1000, 0, "heavy"]),
    ([300, 3, 50, 0, "heavy"], [200, 5, 50, 0, "heavy"]),
    ([300, 3, 100000, 0, "heavy"], [200, 5, 80000, 0, "heavy"]),
    # an offset far from 0
    ([60, 3, 1000, 80000000, "grid"], [70, 5, 1000, 80000100, "grid"]),
    # constant against not
    ([12, 3, 1, 0, "grid"], [12, 5, 3, 0, "grid"]),
]


def numeric(reference, current):
    a, b = sample(*reference), sample(*current)
    return {
        "reference": reference,
        "current": current,
        "andersonDarling": attempt(lambda: anderson(a, b)),
        "cramerVonMises": attempt(lambda: _pair(stats.cramervonmises_2samp(a, b))),
        "mannWhitney": attempt(lambda: _pair(stats.mannwhitneyu(a, b))),
        "tTest": attempt(lambda: _pair(stats.ttest_ind(a, b, equal_var=False))),
        "eppsSingleton": attempt(lambda: _pair(stats.epps_singleton_2samp(a, b))),
        "energy": float(stats.energy_distance(a, b)),
    }


def _pair(result):
    return result.statistic, result.pvalue


TABLES = [
    [[40, 60], [55, 45]],
    [[400, 600], [455, 545]],
    [[30, 70, 50], [25, 60, 80]],
    [[300, 200, 100, 50], [310, 190, 120, 40]],
    [[12, 7, 19, 8, 30], [9, 16, 12, 11, 22]],
    [[10000, 20000, 30000], [10100, 20100, 29000]],
    [[500000, 300000, 200000], [500900, 299500, 199600]],
    [[64, 128, 32, 16, 8, 8], [60, 130, 40, 10, 9, 7]],
]

TWO_BY_TWO = [
    [[3, 1], [1, 3]],
    [[0, 5], [5, 0]],
    [[8, 2], [1, 5]],
    [[10, 0], [8, 2]],
    [[0, 30], [4, 26]],
    [[100, 900], [130, 870]],
    [[7, 93], [7, 93]],
    [[1, 999], [9, 991]],
    [[2, 99998], [17, 999983]],
    [[500, 499500], [600, 499400]],
    [[250000, 750000], [251500, 748500]],
    [[20, 30], [300, 250]],
    [[5, 15], [15, 5]],
]


def kullback(table):
    shares = [numpy.maximum(numpy.array(row) / sum(row), 1e-4) for row in table]
    return float(max(0, numpy.sum(scipy.special.rel_entr(shares[0], shares[1]))))


def cramer(table):
    chi = stats.chi2_contingency(table, correction=False).statistic
    n = numpy.sum(table)
    r, k = numpy.shape(table)
    phi = max(0, chi / n - (k - 1) * (r - 1) / (n - 1))
    return float(numpy.sqrt(phi / (min(k - (k - 1) ** 2 / (n - 1), r - (r - 1) ** 2 / (n - 1)) - 1)))


def categorical(table):
    chi = stats.chi2_contingency(table, correction=False)
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    shares = [numpy.array(row) / sum(row) for row in table]
    return {
        "reference": table[0],
        "current": table[1],
        "chiSquare": {"statistic": float(chi.statistic), "pValue": float(chi.pvalue)},
        "gTest": {"statistic": float(g.statistic), "pValue": float(g.pvalue)},
        "kullbackLeibler": kullback(table),
        "lInfinity": float(numpy.max(numpy.abs(shares[0] - shares[1]))),
        "cramersV": cramer(table),
    }


def two_by_two(table):
    events = [table[0][0], table[1][0]]
    sizes = [sum(table[0]), sum(table[1])]
    odds, p = stats.fisher_exact(table)
    z, pz = proportions_ztest(events, sizes)
    return {
        "events": events,
        "sizes": sizes,
        "fisher": {"oddsRatio": float(odds) if numpy.isfinite(odds) else None, "pValue": float(p)},
        "z": {"statistic": float(z), "pValue": float(pz)},
    }


def anderson_darling_limit(z):
    """Marsaglia & Marsaglia 2004 (J. Statist. Softw. 9(2)), in 40 digits."""
    z = mpmath.mpf(z)
    total = mpmath.mpf(0)
    for j in range(60):
        c = (4 * j + 1) ** 2 * mpmath.pi**2 / (8 * z)
        integral = mpmath.quad(
            lambda w: mpmath.exp(z / (8 * (w * w + 1)) - c * w * w), [0, 0.5, 1, 3, mpmath.inf]
        )
        term = mpmath.binomial(mpmath.mpf(-1) / 2, j) * (4 * j + 1) * mpmath.exp(-c) * integral
        total += term
        if abs(term) < mpmath.mpf(10) ** -38:
            break
    return float(1 - mpmath.sqrt(2 * mpmath.pi) / z * total)


def cramer_von_mises_limit(x):
    """Csörgő & Faraway 1996, equation 1.3, in 40 digits."""
    x = mpmath.mpf(x)
    total = mpmath.mpf(0)
    for k in range(80):
        q = mpmath.mpf((4 * k + 1) ** 2) / (16 * x)
        term = (
            mpmath.gamma(k + mpmath.mpf(1) / 2)
            / mpmath.gamma(k + 1)
            * mpmath.sqrt(4 * k + 1)
            * mpmath.exp(-q)
            * mpmath.besselk(mpmath.mpf(1) / 4, q)
        )
        total += term
        if abs(term) < mpmath.mpf(10) ** -38:
            break
    return float(1 - total / (mpmath.pi**1.5 * mpmath.sqrt(x)))


def main():
    mpmath.mp.dps = 40
    print(
        json.dumps(
            {
                "versions": {
                    "scipy": scipy.__version__,
                    "numpy": numpy.__version__,
                    "statsmodels": statsmodels.__version__,
                    "mpmath": mpmath.__version__,
                },
                "numeric": [numeric(*pair) for pair in PAIRS],
                "categorical": [categorical(table) for table in TABLES],
                "twoByTwo": [two_by_two(table) for table in TWO_BY_TWO],
                "andersonDarlingLimit": [
                    {"x": x, "survival": anderson_darling_limit(x)} for x in (0.1, 0.3, 0.7, 1, 2, 4, 8, 15)
                ],
                "cramerVonMisesLimit": [
                    {"x": x, "survival": cramer_von_mises_limit(x)} for x in (0.02, 0.05, 0.1, 0.3, 0.7, 1, 2, 5)
                ],
            },
            indent=1,
        )
    )


main()
