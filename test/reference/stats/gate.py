"""Reference values of the evaluation gate's statistics.

Run: python gate.py > gate.json   (numpy, scipy, statsmodels, scikit-learn, mpmath; versions are written into the file)

Tango and Miettinen-Nurminen limits are found here by numerical maximisation of the likelihood in 30 digits, and not by
the closed forms that the product uses. (statsmodels 0.15.0 has no Tango limits, and its Miettinen-Nurminen limits for 56/70
and 48/80, 0.05255 and 0.34404, differ from the maximised likelihood's 0.05283 and 0.33817.) DeLong's variances are computed by definition from all pairs.
"""
import itertools
import json
import platform

import mpmath as mp
import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
from sklearn.metrics import roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

mp.mp.dps = 30
rng = np.random.default_rng(7)


def bisect(before, low, high):
    low, high = mp.mpf(low), mp.mpf(high)
    for _ in range(75):
        middle = (low + high) / 2
        if before(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def tango_score(b, c, n, delta):
    """(b - c - n delta) / sd with the nuisance probability at its maximum of the trinomial likelihood."""
    low, high = max(mp.mpf(0), -delta), (1 - delta) / 2

    def rising(q):
        slope = -2 * (n - b - c) / (1 - 2 * q - delta)
        slope += b / (q + delta) if b else 0
        slope += c / q if c else 0
        return slope > 0

    q = bisect(rising, low, high)
    return (b - c - n * delta) / mp.sqrt(n * (2 * q + delta * (1 - delta)))


def z_of(level):
    return mp.sqrt(2) * mp.erfinv(mp.mpf(level))


def tango(b, c, n, level):
    estimate = mp.mpf(b - c) / n
    z = z_of(level)
    low = bisect(lambda d: tango_score(b, c, n, d) > z, -1, estimate) if estimate > -1 else -1
    high = bisect(lambda d: tango_score(b, c, n, d) > -z, estimate, 1) if estimate < 1 else 1
    return float(low), float(high)


def mn_score(x1, n1, x0, n0, delta):
    low, high = max(mp.mpf(0), -delta), min(mp.mpf(1), 1 - delta)

    def rising(p):
        slope = mp.mpf(0)
        slope += x1 / (p + delta) if x1 else 0
        slope -= (n1 - x1) / (1 - p - delta) if n1 - x1 else 0
        slope += x0 / p if x0 else 0
        slope -= (n0 - x0) / (1 - p) if n0 - x0 else 0
        return slope > 0

    p0 = bisect(rising, low, high)
    p1 = p0 + delta
    n = mp.mpf(n1 + n0)
    variance = (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * n / (n - 1)
    return (mp.mpf(x1) / n1 - mp.mpf(x0) / n0 - delta) / mp.sqrt(variance)


def miettinen_nurminen(x1, n1, x0, n0, level):
    estimate = mp.mpf(x1) / n1 - mp.mpf(x0) / n0
    z = z_of(level)
    low = bisect(lambda d: mn_score(x1, n1, x0, n0, d) > z, -1, estimate) if estimate > -1 else -1
    high = bisect(lambda d: mn_score(x1, n1, x0, n0, d) > -z, estimate, 1) if estimate < 1 else 1
    return float(low), float(high)


def components(labels, scores):
    positive, negative = scores[labels == 1], scores[labels == 0]
    wins = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def delong(labels, scores, baseline, level):
    (p1, n1), (p2, n2) = components(labels, scores), components(labels, baseline)
    covariance = np.cov(p1, p2) / len(p1) + np.cov(n1, n2) / len(n1)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    difference = p1.mean() - p2.mean()
    z = scipy.stats.norm.isf((1 - level) / 2)
    statistic = difference / np.sqrt(variance)
    assert abs(p1.mean() - roc_auc_score(labels, scores)) < 1e-12
    return {
        "auc": p1.mean(), "baselineAuc": p2.mean(), "difference": difference, "variance": variance,
        "low": difference - z * np.sqrt(variance), "high": difference + z * np.sqrt(variance),
        "statistic": statistic, "pValue": 2 * scipy.stats.norm.sf(abs(statistic)), "standardError": np.sqrt(covariance[0, 0]),
    }


def delong_case(name, n, rate, digits, level=0.95):
    labels = (rng.random(n) < rate).astype(int)
    scores = np.round(labels * 0.8 + rng.normal(size=n), digits)
    baseline = np.round(0.6 * scores + 0.2 * labels + rng.normal(size=n), digits)
    return {"name": name, "level": level, "labels": labels.tolist(), "scores": scores.tolist(),
            "baselineScores": baseline.tolist(), **delong(labels, scores, baseline, level)}


def paired_case(differences, level):
    result = scipy.stats.ttest_1samp(differences, 0)
    interval = result.confidence_interval(level)
    return {"differences": list(map(float, differences)), "level": level, "mean": np.mean(differences), "statistic": result.statistic,
            "pValue": result.pvalue, "degreesOfFreedom": int(result.df), "low": interval.low, "high": interval.high,
            "standardError": scipy.stats.sem(differences)}


def sign_flip(differences):
    magnitudes = np.abs(differences)
    signs = np.array(list(itertools.product((-1, 1), repeat=len(differences))))
    return int((np.abs(signs @ magnitudes) >= abs(sum(differences)) - 1e-9).sum())


def bca_case(name, samples, statistic, resamples=499):
    result = scipy.stats.bootstrap(samples, statistic, n_resamples=resamples, method="BCa", vectorized=False, rng=np.random.default_rng(3))
    jackknife = []
    for j, sample in enumerate(samples):
        jackknife.append([float(statistic(*[np.delete(s, i) if k == j else s for k, s in enumerate(samples)])) for i in range(len(sample))])
    interval = result.confidence_interval
    return {"name": name, "level": 0.95, "estimate": float(statistic(*samples)), "replicates": result.bootstrap_distribution.tolist(),
            "jackknife": jackknife, "low": float(interval.low), "high": float(interval.high)}


# Heights of crossed minus self-fertilised maize in eighths of an inch (Darwin 1876; Fisher 1935, section 21).
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
P_VALUES = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04, 1.0, 0.0002, 0.2]
METHODS = {"bonferroni": "bonferroni", "holm": "holm", "benjamini-hochberg": "fdr_bh"}
small = rng.normal(0.3, 1, 25)
skewed = rng.exponential(size=40)

values = {
    "made_with": {
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__, "scikit-learn": sklearn.__version__, "mpmath": mp.__version__,
    },
    "wilson": [
        dict(zip(("successes", "n", "level", "low", "high"), (k, n, level, *map(float, proportion_confint(k, n, 1 - level, "wilson")))))
        for k, n, level in [(0, 10, 0.95), (10, 10, 0.95), (3, 17, 0.9), (480, 500, 0.95), (1, 1, 0.95), (81, 263, 0.99)]
    ],
    "mcnemar": [
        {"b": b, "c": c, "exactP": float(mcnemar([[5, b], [c, 5]], exact=True).pvalue),
         "midP": float(min(1, 2 * scipy.stats.binom.cdf(min(b, c), b + c, 0.5) - scipy.stats.binom.pmf(min(b, c), b + c, 0.5))),
         "statistic": float(mcnemar([[5, b], [c, 5]], exact=False, correction=True).statistic)}
        for b, c in [(1, 7), (10, 3), (25, 40), (0, 6), (1200, 1100), (59, 6)]
    ],
    "tango": [
        dict(zip(("candidateOnly", "baselineOnly", "n", "level", "low", "high"), (b, c, n, level, *tango(b, c, n, level))))
        for b, c, n, level in [(1, 7, 21, 0.95), (0, 0, 50, 0.95), (10, 3, 100, 0.9), (0, 6, 30, 0.95), (12, 12, 24, 0.95), (5, 0, 5, 0.95),
                               (250, 231, 10000, 0.95), (3, 0, 1000000, 0.99)]
    ],
    "tangoTest": [
        {"candidateOnly": b, "baselineOnly": c, "n": n, "margin": m, "statistic": float(tango_score(b, c, n, -mp.mpf(m))),
         "pValue": float(mp.ncdf(-tango_score(b, c, n, -mp.mpf(m))))}
        for b, c, n, m in [(1, 7, 21, 0.1), (0, 0, 50, 0.1), (43, 0, 86, 0.05), (20, 25, 500, 0.02), (25, 20, 500, 0.0)]
    ],
    "miettinenNurminen": [
        dict(zip(("x1", "n1", "x0", "n0", "level", "low", "high"), (x1, n1, x0, n0, level, *miettinen_nurminen(x1, n1, x0, n0, level))))
        for x1, n1, x0, n0, level in [(56, 70, 48, 80, 0.95), (9, 10, 3, 10, 0.95), (6, 7, 2, 7, 0.95), (5, 56, 0, 29, 0.95), (0, 10, 0, 10, 0.95),
                                      (10, 10, 0, 20, 0.95), (10, 10, 10, 10, 0.95), (900, 1000, 450, 520, 0.9)]
    ],
    "delong": [delong_case("continuous scores", 60, 0.4, 12), delong_case("many ties", 80, 0.3, 0), delong_case("few positives", 50, 0.1, 2, 0.9)],
    "pairedMean": [paired_case(small, 0.95), paired_case(np.array(DARWIN, float), 0.95), paired_case(np.array([1.0, 2.0]), 0.9)],
    "signFlip": [
        {"differences": d, "extreme": sign_flip(d), "patterns": 2 ** len(d)}
        for d in ([float(x) for x in DARWIN], [0.1, 0.2, 0.3, -0.1, 0.1], [round(float(x), 3) for x in small[:11]])
    ],
    "multiplicity": [{"method": name, "pValues": P_VALUES, "adjusted": multipletests(P_VALUES, method=method)[1].tolist()} for name, method in METHODS.items()],
    "bca": [
        bca_case("mean of a skewed sample", (skewed,), np.mean),
        bca_case("standard deviation", (small,), np.std),
        bca_case("ratio of the means of two samples", (skewed, small + 5), lambda x, y: np.mean(x) / np.mean(y)),
    ],
}
print(json.dumps(values, indent=1, default=float))
