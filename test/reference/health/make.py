"""Writes the reference values of the data-health statistics: python make.py > reference.json

Needs scikit-learn, scipy and numpy; the versions used are written into the file.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._iforest import _average_path_length


def forest():
    """Two clusters, a heavy tail and a few rows far off; scores averaged over 20 forests of 100 trees."""
    rng = np.random.default_rng(20261123)
    rows = np.concatenate(
        [
            rng.normal([0, 0, 5], [1, 2, 0.5], (300, 3)),
            rng.normal([6, -4, 5], [0.5, 0.5, 0.5], (80, 3)),
            rng.standard_t(2, (20, 3)) * 6,
        ]
    ).round(3)
    scores = [
        -IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(rows).score_samples(rows)
        for seed in range(20)
    ]
    return {
        "rows": rows.tolist(),
        "scores": np.mean(scores, axis=0).round(6).tolist(),
        "spread": float(np.mean(np.std(scores, axis=0)).round(6)),
    }


def path_lengths():
    sizes = [1, 2, 3, 5, 10, 100, 256, 1000, 1000000]
    return [{"n": n, "length": float(value)} for n, value in zip(sizes, _average_path_length(np.array(sizes)))]


def scales():
    rng = np.random.default_rng(5)
    cases = {
        "odd": rng.normal(3, 2, 51).round(3),
        "even": rng.exponential(10, 40).round(3),
        "mad 0": np.array([1.0] * 30 + [2.0] * 12 + [5.0] * 8),
    }
    out = []
    for name, values in cases.items():
        out.append(
            {
                "name": name,
                "values": values.tolist(),
                "median": float(np.median(values)),
                "mad": float(stats.median_abs_deviation(values, scale="normal")),
            }
        )
    return out


def beyond():
    """P(at least k of m values beyond the range of n), the sum of the beta-binomial law with a = 2, b = n - 1."""
    cases = [(10, 10, 1), (10, 10, 4), (100, 50, 3), (1000, 1000, 1), (1000, 1000, 12), (50, 100000, 9000)]
    return [
        {"reference": n, "current": m, "beyond": k, "pValue": float(stats.betabinom.sf(k - 1, m, 2, n - 1))}
        for n, m, k in cases
    ]


def shares():
    cases = [(1, 50, 0.01), (5, 50, 0.01), (120, 10000, 0.01), (3, 3, 0.5)]
    return [
        {"count": k, "n": n, "limit": p, "pValue": float(stats.binom.sf(k - 1, n, p))} for k, n, p in cases
    ]


json.dump(
    {
        "made_with": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "forest": forest(),
        "pathLengths": path_lengths(),
        "scales": scales(),
        "beyond": beyond(),
        "shares": shares(),
    },
    sys.stdout,
    separators=(",", ":"),
)
