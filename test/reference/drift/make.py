"""Writes the reference values of the drift statistics: python make.py > reference.json

Needs scipy and numpy; the versions used are written into the file. Samples are stored only where they are small;
larger ones follow the recipe that test/unit/domain/stats/reference-samples.ts repeats, in exact arithmetic.
"""

import json
import sys
import warnings

import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")


def sample(n, seed, spread, shift):
    """Linear congruential integers in [0, spread), shifted: the same in every language, ties included."""
    state, out = seed, []
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        out.append((state // 65536) % spread + shift)
    return np.array(out, dtype=float) / 8


def bins(reference, current):
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, 11)[1:-1]))
    counts = []
    for values in (reference, current):
        which = np.searchsorted(edges, values, side="left")
        counts.append(np.bincount(which, minlength=len(edges) + 1).astype(float))
    return edges, counts


def cells(reference, current):
    r, c = reference / reference.sum(), current / current.sum()
    fr, fc = np.maximum(r, 1e-4), np.maximum(c, 1e-4)
    return {
        "psi": float(((fc - fr) * np.log(fc / fr)).sum()),
        "jensenShannon": float(jensenshannon(r, c, base=2)),
        "hellinger": float(np.sqrt(((np.sqrt(r) - np.sqrt(c)) ** 2).sum() / 2)),
        "totalVariation": float(np.abs(r - c).sum() / 2),
    }


def numeric(recipe):
    a, b = sample(*recipe["reference"]), sample(*recipe["current"])
    ks = stats.ks_2samp(a, b)
    edges, counts = bins(a, b)
    return {
        **recipe,
        "ks": {"statistic": float(ks.statistic), "pValue": float(ks.pvalue)},
        "wasserstein": float(stats.wasserstein_distance(a, b)),
        "normalisedWasserstein": float(stats.wasserstein_distance(a, b) / np.std(a)),
        "edges": edges.tolist(),
        "counts": [c.tolist() for c in counts],
        **cells(*counts),
    }


def categorical(reference, current):
    r, c = np.array(reference, float), np.array(current, float)
    seen = (r + c) > 0
    test = stats.chi2_contingency(np.array([r[seen], c[seen]]), correction=False)
    return {
        "reference": reference,
        "current": current,
        "chiSquare": {"statistic": float(test.statistic), "degreesOfFreedom": int(test.dof), "pValue": float(test.pvalue)},
        **cells(r, c),
    }


NUMERIC = [
    ((5, 1, 1000, 0), (7, 2, 1000, 0)),
    ((8, 3, 1000, 0), (8, 4, 1000, 400)),
    ((30, 5, 32768, 0), (30, 6, 32768, 3000)),
    ((200, 7, 32768, 0), (300, 8, 32768, 0)),
    ((200, 9, 32768, 0), (300, 10, 32768, 9000)),
    ((997, 11, 32768, 0), (1009, 12, 32768, 1200)),
    ((1000, 13, 16, 0), (800, 14, 16, 1)),
    ((5000, 15, 32768, 0), (4999, 16, 32768, 500)),
    ((10000, 17, 32768, 0), (10000, 18, 32768, 300)),
    ((10000, 19, 32768, 0), (9000, 20, 32768, 0)),
    ((10001, 21, 32768, 0), (20, 22, 32768, 0)),
    ((10001, 23, 32768, 0), (60, 24, 32768, 3000)),
    ((30000, 25, 32768, 0), (140, 26, 32768, 9000)),
    ((10001, 35, 32768, 0), (10001, 36, 32768, 500)),
    ((10003, 37, 32768, 0), (10003, 38, 32768, 500)),
    ((20000, 27, 32768, 0), (20000, 28, 32768, 0)),
    ((20000, 29, 32768, 0), (30000, 30, 32768, 400)),
    ((70000, 31, 97, 0), (69000, 32, 97, 1)),
    ((31, 33, 11, 0), (40, 34, 11, 0)),
]
CATEGORICAL = [
    ([10, 20, 30], [12, 18, 33]),
    ([500, 300, 200], [400, 350, 250]),
    ([100, 0, 50], [90, 10, 50]),
    ([100, 5, 50], [90, 0, 50]),
    ([1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1]),
    ([9000, 1000], [8000, 2000]),
    ([70000, 30000, 5, 0], [69000, 31000, 0, 7]),
    (list(range(1, 201)), list(range(200, 0, -1))),
    (list(range(1001, 3001)), list(range(1021, 3021))),
]

KOLMOGOROV = [
    (n, x)
    for n in (1, 2, 5, 10, 30, 64, 99, 140, 141, 200, 500, 1000, 5000, 10000, 35000, 100000, 500000, 2000000)
    for z in (0.1, 0.19, 0.3, 0.45, 0.6, 0.8, 0.868, 1.0, 1.2, 1.4, 1.48, 1.6, 1.99, 2.01, 2.5, 3.5, 5.0, 9.0, 15.0, 19.0)
    for x in (z / n**0.5,)
    if x < 1 and (n < 500000 or z in (0.6, 1.0, 1.48, 1.6, 2.5, 5.0))
] + [(n, t / n) for n in (3, 10, 100, 1000) for t in (0.4, 0.6, 0.9, 1.0, n - 1.0, n - 0.5)]

GAMMA = [
    (a, x)
    for a in (0.5, 1.0, 1.5, 5.0, 20.5, 100.0, 999.5, 50000.0)
    for x in (a * 1e-3, a * 0.3, a * 0.9, a, a + 0.99, a + 1.01, a * 1.1, a * 2, a + 8 * a**0.5 + 20)
]

SMIRNOV = [(1, 0.3), (2, 0.5), (7, 0.2), (50, 0.3), (1000, 0.01), (1000, 0.05), (200000, 0.004), (3000000, 0.0007)]

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "numpy": np.__version__},
        "numeric": [numeric({"reference": r, "current": c}) for r, c in NUMERIC],
        "categorical": [categorical(r, c) for r, c in CATEGORICAL],
        "kolmogorov": [{"n": n, "x": x, "survival": float(stats.kstwo.sf(x, n))} for n, x in KOLMOGOROV],
        "smirnov": [{"n": n, "x": x, "survival": float(special.smirnov(n, x))} for n, x in SMIRNOV],
        "gamma": [
            {"a": a, "x": x, "upper": float(special.gammaincc(a, x)), "lower": float(special.gammainc(a, x))}
            for a, x in GAMMA
        ],
    },
    sys.stdout,
    indent=1,
)
print()
