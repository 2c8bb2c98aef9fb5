"""Reference values of the gate's methods for clusters, ratios, several classes, folds and planning.

Run: python gate-methods.py > gate-methods.json   (numpy, scipy, statsmodels, scikit-learn, mpmath; versions are written into the file)

Score intervals of ratios are found by numerical maximisation of the likelihood in 30 digits, Fieller's sets by searching the
t test's p-value, areas under ROC curves and their structural components by definition over all pairs, and power by scipy's
noncentral t, by quadrature or by sums over all outcomes: never by the closed forms that the product uses.
"""
import itertools
import json
import math
import platform
from fractions import Fraction

import mpmath as mp
import numpy as np
import scipy
import scipy.stats as st
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.integrate import quad
from scipy.optimize import brentq
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import ttost_paired

mp.mp.dps = 30
rng = np.random.default_rng(11)


def bisect(before, low, high, steps=90):
    low, high = mp.mpf(low), mp.mpf(high)
    for _ in range(steps):
        middle = (low + high) / 2
        if before(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def z_of(level):
    return mp.sqrt(2) * mp.erfinv(mp.mpf(level))


# --- means -----------------------------------------------------------------------------------------------------------

def fit_mean(values, weights=None, clusters=None):
    """Intercept-only (weighted) least squares. For one parameter statsmodels' correction (n - 1) / (n - k) G / (G - 1)
    of the cluster sandwich is G / (G - 1), and HC1 is n / (n - 1)."""
    model = sm.WLS(values, np.ones(len(values)), weights=np.ones(len(values)) if weights is None else weights)
    if clusters is None:
        return model.fit(cov_type="HC1", use_t=True)
    return model.fit(cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": True, "df_correction": True}, use_t=True)


def clustered_case(name, values, weights, clusters, level):
    fit = fit_mean(values, weights, clusters)
    low, high = fit.conf_int(1 - level)[0]
    return {"name": name, "values": list(values), "weights": None if weights is None else list(weights),
            "clusters": None if clusters is None else [int(c) for c in clusters], "level": level,
            "mean": fit.params[0], "standardError": fit.bse[0], "low": low, "high": high,
            "degreesOfFreedom": (len(values) if clusters is None else len(set(clusters))) - 1}


def cluster_flip(values, weights, clusters, boundary):
    codes = sorted(set(clusters))
    sums = [sum(w * (v - boundary) for v, w, c in zip(values, weights, clusters) if c == code) for code in codes]
    observed = sum(sums)
    flipped = [sum(s * u for s, u in zip(signs, sums)) for signs in itertools.product((1, -1), repeat=len(sums))]
    share = lambda test: sum(map(test, flipped)) / len(flipped)
    return {"values": list(values), "weights": list(weights), "clusters": [int(c) for c in clusters], "boundary": boundary,
            "pValue": share(lambda s: abs(s) >= abs(observed) - 1e-9), "below": share(lambda s: s <= observed + 1e-9),
            "above": share(lambda s: s >= observed - 1e-9)}


def ratio_case(name, candidate, baseline, weights, clusters, level):
    def t_of(ratio):
        fit = fit_mean(candidate - ratio * baseline, weights, clusters)
        return fit.tvalues[0]
    w = np.ones(len(candidate)) if weights is None else weights
    estimate = np.average(candidate, weights=w) / np.average(baseline, weights=w)
    df = (len(candidate) if clusters is None else len(set(clusters))) - 1
    t = st.t.ppf((1 + level) / 2, df)
    low = brentq(lambda r: t_of(r) - t, estimate - 50, estimate - 1e-9, xtol=1e-13, rtol=1e-14) if t_of(estimate - 50) > t else None
    high = brentq(lambda r: t_of(r) + t, estimate + 1e-9, estimate + 50, xtol=1e-13, rtol=1e-14) if t_of(estimate + 50) < -t else None
    tested = 1.1
    return {"name": name, "candidate": list(candidate), "baseline": list(baseline), "weights": None if weights is None else list(weights),
            "clusters": None if clusters is None else [int(c) for c in clusters], "level": level, "ratio": estimate, "low": low, "high": high,
            "tested": tested, "statistic": t_of(tested), "below": st.t.cdf(t_of(tested), df)}


def unpaired_ratio_of_means(one, other, level):
    v1, v0 = np.var(one, ddof=1) / len(one), np.var(other, ddof=1) / len(other)
    m1, m0 = np.mean(one), np.mean(other)
    r = m1 / m0
    df = (v1 + r * r * v0) ** 2 / (v1 ** 2 / (len(one) - 1) + (r * r * v0) ** 2 / (len(other) - 1))
    t = st.t.ppf((1 + level) / 2, df)
    f = lambda x: (m1 - x * m0) / math.sqrt(v1 + x * x * v0)
    return {"candidate": list(one), "baseline": list(other), "level": level, "degreesOfFreedom": df,
            "low": brentq(lambda x: f(x) - t, r - 5, r, xtol=1e-14), "high": brentq(lambda x: f(x) + t, r, r + 5, xtol=1e-14)}


def welch_case(one, other, level):
    result = st.ttest_ind(one, other, equal_var=False)
    interval = result.confidence_interval(level)
    return {"candidate": list(one), "baseline": list(other), "level": level, "statistic": result.statistic, "pValue": result.pvalue,
            "degreesOfFreedom": result.df, "low": interval.low, "high": interval.high}


# --- ratios of proportions ---------------------------------------------------------------------------------------------

def paired_ratio_score(a, b, c, n, ratio):
    """(p1 - r p0) over its standard deviation, sqrt(r (p10 + p01) / n), where p1 = r p0 at the maximum of the multinomial
    likelihood over P(both) and P(baseline only) with P(candidate only) = (r - 1) P(both) + r P(baseline only)."""
    d = n - a - b - c
    log = lambda k, p: k * mp.log(p) if k else mp.mpf(0)

    def best_w(u):
        # Given P(both) = u the likelihood in w = P(baseline only) is concave.
        low = max(mp.mpf(0), (1 - ratio) * u / ratio)
        high = (1 - ratio * u) / (1 + ratio)

        def rising(w):
            v, rest = (ratio - 1) * u + ratio * w, 1 - ratio * u - (1 + ratio) * w
            slope = (b * ratio / v if b else 0) + (mp.mpf(c) / w if c else 0) - (d * (1 + ratio) / rest if d else 0)
            return slope > 0
        return bisect(rising, low, high, 55)

    def value(u):
        w = best_w(u)
        v, rest = (ratio - 1) * u + ratio * w, 1 - ratio * u - (1 + ratio) * w
        tiny = mp.mpf(10) ** -60
        return log(a, max(u, tiny)) + log(b, max(v, tiny)) + log(c, max(w, tiny)) + log(d, max(rest, tiny))

    low, high = mp.mpf(0), min(mp.mpf(ratio), 1 / mp.mpf(ratio))
    golden = (mp.sqrt(5) - 1) / 2
    for _ in range(74):
        x, y = high - golden * (high - low), low + golden * (high - low)
        if value(x) >= value(y):
            high = y
        else:
            low = x
    u = (low + high) / 2
    w = best_w(u)
    v = (ratio - 1) * u + ratio * w
    return (a + b - ratio * (a + c)) / mp.sqrt(n * ratio * (v + w))


def paired_ratio_limits(a, b, c, n, level):
    z = z_of(level)
    estimate = mp.mpf(a + b) / (a + c) if a + c else mp.mpf(10) ** 6
    low = mp.exp(bisect(lambda x: paired_ratio_score(a, b, c, n, mp.exp(x)) > z, -12, mp.log(estimate), 42)) if a + b else mp.mpf(0)
    high = mp.exp(bisect(lambda x: paired_ratio_score(a, b, c, n, mp.exp(x)) > -z, mp.log(estimate) if a + b else -25, 12, 42)) if a + c else None
    return low, high


def unpaired_ratio_score(x1, n1, x0, n0, ratio):
    def rising(p):
        slope = mp.mpf(0)
        for x, n, q, dq in ((x1, n1, ratio * p, ratio), (x0, n0, p, 1)):
            slope += (x / q if x else 0) * dq - ((n - x) / (1 - q) if n > x else 0) * dq
        return slope > 0
    p = bisect(rising, 0, min(mp.mpf(1), 1 / mp.mpf(ratio)), 110)
    q = ratio * p
    variance = (q * (1 - q) / n1 + ratio ** 2 * p * (1 - p) / n0) * mp.mpf(n1 + n0) / (n1 + n0 - 1)
    return (mp.mpf(x1) / n1 - ratio * mp.mpf(x0) / n0) / mp.sqrt(variance)


def unpaired_ratio_limits(x1, n1, x0, n0, level):
    z = z_of(level)
    estimate = (mp.mpf(x1) / n1) / (mp.mpf(x0) / n0) if x0 else mp.mpf(10) ** 6
    low = mp.exp(bisect(lambda x: unpaired_ratio_score(x1, n1, x0, n0, mp.exp(x)) > z, -14, mp.log(estimate), 60)) if x1 else mp.mpf(0)
    high = mp.exp(bisect(lambda x: unpaired_ratio_score(x1, n1, x0, n0, mp.exp(x)) > -z, mp.log(estimate) if x1 else -25, 14, 60)) if x0 else None
    return low, high


# --- areas under ROC curves --------------------------------------------------------------------------------------------

def wins(x, y):
    return float(x > y) + 0.5 * float(x == y)


def components(labels, scores):
    positives = [s for s, l in zip(scores, labels) if l == 1]
    negatives = [s for s, l in zip(scores, labels) if l == 0]
    v10 = np.array([np.mean([wins(x, y) for y in negatives]) for x in positives])
    v01 = np.array([np.mean([wins(x, y) for x in positives]) for y in negatives])
    return v10, v01


def unpaired_area(labels, scores):
    v10, v01 = components(labels, scores)
    return v10.mean(), v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)


def multi_area(labels, scores, method, average, mass):
    """The area as a functional of the rows' weights `mass`, by all pairs of rows: its derivative is the influence."""
    k = scores.shape[1]
    of = lambda c: [i for i in range(len(labels)) if labels[i] == c]
    size = lambda rows: sum(mass[i] for i in rows)
    area = lambda positives, negatives, j: sum(mass[p] * mass[q] * wins(scores[p, j], scores[q, j]) for p in positives for q in negatives) / (size(positives) * size(negatives))
    if method == "one-vs-rest":
        parts = [(area(of(c), [i for i in range(len(labels)) if labels[i] != c], c), size(of(c))) for c in range(k)]
    else:
        parts = [((area(of(a), of(b), a) + area(of(b), of(a), b)) / 2, size(of(a)) + size(of(b))) for a, b in itertools.combinations(range(k), 2)]
    weights = [w if average == "weighted" else 1.0 for _, w in parts]
    return float(np.average([p for p, _ in parts], weights=weights))


def influence(labels, scores, method, average):
    n, step = len(labels), 1e-4
    out = np.zeros(n)
    for i in range(n):
        up, down = np.full(n, 1.0 / n), np.full(n, 1.0 / n)
        up[i] += step / n
        down[i] -= step / n
        out[i] = (multi_area(labels, scores, method, average, up) - multi_area(labels, scores, method, average, down)) / (2 * step)
    return out


def class_variance(labels, phi):
    """Inside each class with m / (m - 1), and between the classes."""
    total = 0.0
    for c in set(labels):
        part = phi[np.array(labels) == c]
        total += len(part) * part.var(ddof=1) + len(part) * part.mean() ** 2
    return total


def multi_case(n, k, method, average):
    labels = [i % k if i < 2 * k else int(rng.integers(k)) for i in range(n)]
    make = lambda strength: np.round(sp(np.eye(k)[labels] * strength + rng.normal(size=(n, k))), 2)
    sp = lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    one, other = make(1.5), make(0.8)
    phi, psi = influence(labels, one, method, average), influence(labels, other, method, average)
    even = np.full(n, 1.0 / n)
    values = [multi_area(labels, s, method, average, even) for s in (one, other)]
    for s, value in zip((one, other), values):
        exact = s / s.sum(axis=1, keepdims=True)
        if method == "one-vs-one" or average == "macro":
            # scikit-learn insists on rows that add up to 1, which moves a rounded score a little.
            found = roc_auc_score(labels, exact, multi_class="ovr" if method == "one-vs-rest" else "ovo", average=average)
            assert abs(found - value) < 0.02, (found, value)
    centred = sp(np.eye(k)[labels] * 1.5 + rng.normal(size=(n, k)))
    return {"labels": labels, "method": method, "average": average, "scores": one.T.tolist(), "baselineScores": other.T.tolist(),
            "auc": values[0], "baselineAuc": values[1], "candidateVariance": class_variance(labels, phi), "baselineVariance": class_variance(labels, psi),
            "variance": class_variance(labels, phi - psi),
            "sklearn": {"scores": centred.T.tolist(), "auc": roc_auc_score(labels, centred, multi_class="ovr" if method == "one-vs-rest" else "ovo", average=average)}}


def area_case(n, m, level):
    make = lambda size, lift: (lambda labels: (labels, [round(float(x), 1) for x in rng.normal(size=size) + lift * np.array(labels)]))([int(i % 3 == 0) for i in range(size)])
    (labels, scores), (others, base) = make(n, 1.2), make(m, 0.7)
    (a, va), (b, vb) = unpaired_area(labels, scores), unpaired_area(others, base)
    z = float(z_of(level))
    f = lambda r: (a - r * b) / math.sqrt(va + r * r * vb)
    return {"labels": labels, "scores": scores, "baselineLabels": others, "baselineScores": base, "level": level, "auc": a, "baselineAuc": b,
            "candidateVariance": va, "baselineVariance": vb, "statistic": (a - b) / math.sqrt(va + vb), "pValue": 2 * st.norm.sf(abs(a - b) / math.sqrt(va + vb)),
            "low": a - b - z * math.sqrt(va + vb), "high": a - b + z * math.sqrt(va + vb),
            "ratioLow": brentq(lambda r: f(r) - z, 0, a / b, xtol=1e-15), "ratioHigh": brentq(lambda r: f(r) + z, a / b, 20, xtol=1e-15)}


def paired_area_case(n, level):
    labels = [int(i % 4 == 0) for i in range(n)]
    shared = rng.normal(size=n) + np.array(labels)
    one, other = np.round(shared + rng.normal(size=n), 1), np.round(shared * 0.5 + rng.normal(size=n), 1)
    (p1, q1), (p0, q0) = components(labels, one), components(labels, other)
    covariance = np.cov(p1, p0)[0, 1] / len(p1) + np.cov(q1, q0)[0, 1] / len(q1)
    va, vb = (p.var(ddof=1) / len(p) + q.var(ddof=1) / len(q) for p, q in ((p1, q1), (p0, q0)))
    a, b, z = p1.mean(), p0.mean(), float(z_of(level))
    f = lambda r: (a - r * b) / math.sqrt(va - 2 * r * covariance + r * r * vb)
    return {"labels": labels, "scores": one.tolist(), "baselineScores": other.tolist(), "level": level, "candidateVariance": va, "baselineVariance": vb,
            "covariance": covariance, "low": brentq(lambda r: f(r) - z, 0, a / b, xtol=1e-15), "high": brentq(lambda r: f(r) + z, a / b, 20, xtol=1e-15)}


# --- folds, equivalence -------------------------------------------------------------------------------------------------

def nadeau_bengio(d, share, level):
    d = np.array(d)
    error = math.sqrt((1 / len(d) + share / (1 - share)) * d.var(ddof=1))
    t = st.t.ppf((1 + level) / 2, len(d) - 1)
    return {"differences": d.tolist(), "testShare": share, "level": level, "mean": d.mean(), "standardError": error, "statistic": d.mean() / error,
            "pValue": 2 * st.t.sf(abs(d.mean() / error), len(d) - 1), "low": d.mean() - t * error, "high": d.mean() + t * error}


def five_by_two(d):
    d = np.array(d)
    s2 = ((d - d.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    t, f = d[0, 0] / math.sqrt(s2.mean()), (d ** 2).sum() / (2 * s2.sum())
    return {"differences": d.tolist(), "statistic": t, "pValue": 2 * st.t.sf(abs(t), 5), "f": f, "fPValue": st.f.sf(f, 10, 5)}


def tost(x, y, lower, upper):
    p, (t1, p1, _), (t2, p2, _) = ttost_paired(np.array(x), np.array(y), lower, upper)
    d = np.array(x) - np.array(y)
    return {"estimate": d.mean(), "standardError": d.std(ddof=1) / math.sqrt(len(d)), "degreesOfFreedom": len(d) - 1, "lower": lower, "upper": upper,
            "lowerP": p1, "upperP": p2, "pValue": p}


# --- power --------------------------------------------------------------------------------------------------------------

def t_power(n, mean, sd, lower, upper, level):
    df = n - 1
    t = st.t.ppf((1 + level) / 2, df)
    if upper is None:
        return float(st.nct.sf(t, df, (mean - lower) * math.sqrt(n) / sd))
    root = math.sqrt(n) / sd
    density = lambda u: st.chi.pdf(u * math.sqrt(df), df) * math.sqrt(df)
    inner = lambda u: max(0.0, st.norm.cdf((upper - mean) * root - t * u) - st.norm.cdf(t * u - (mean - lower) * root)) * density(u)
    edge = min(10.0, (upper - lower) * root / (2 * t))
    return quad(inner, 0, edge, limit=500, epsabs=1e-13)[0]


def tango_score(b, c, n, delta):
    low, high = max(0.0, -delta), (1 - delta) / 2
    def slope(q):
        return -2 * (n - b - c) / (1 - 2 * q - delta) + (b / (q + delta) if b else 0) + (c / q if c else 0)
    lo, hi = low, high
    for _ in range(80):
        mid = (lo + hi) / 2
        if slope(mid) > 0:
            lo = mid
        else:
            hi = mid
    q = (lo + hi) / 2
    return (b - c - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta)))


def paired_power(n, discordance, difference, lower, upper, level):
    z = float(z_of(level))
    p10, p01 = (discordance + difference) / 2, (discordance - difference) / 2
    total = 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            p = st.multinomial.pmf([b, c, n - b - c], n, [p10, p01, 1 - p10 - p01])
            if p < 1e-13 or not tango_score(b, c, n, lower) > z:
                continue
            if upper is not None and not tango_score(b, c, n, upper) < -z:
                continue
            total += p
    return total


def proportion_power(n, expected, floor, level):
    z = float(z_of(level))
    shown = [k for k in range(n + 1) if (k - n * floor) / math.sqrt(n * floor * (1 - floor)) > z]
    return float(st.binom.pmf(shown, n, expected).sum())


x40 = np.round(rng.normal(2, 1, 40), 3)
w40 = np.round(rng.uniform(0.2, 3, 40), 2)
c40 = rng.integers(0, 9, 40)
base40 = np.round(x40 * 0.8 + rng.normal(0.3, 0.5, 40), 3)
MULTI = [(30, 3, "one-vs-rest", "macro"), (31, 4, "one-vs-rest", "weighted"), (32, 3, "one-vs-one", "macro"), (30, 4, "one-vs-one", "weighted")]
PAIRED = [(1, 1, 7, 21), (40, 5, 12, 80), (43, 0, 1, 44), (0, 3, 9, 30), (20, 0, 0, 25), (6, 0, 4, 10), (0, 5, 0, 12), (0, 0, 4, 9), (450, 31, 22, 520)]
UNPAIRED = [(56, 70, 48, 80), (9, 10, 3, 10), (5, 56, 0, 29), (0, 20, 4, 25), (10, 10, 10, 10), (900, 1000, 450, 520)]
PAIRED_N = [(120, 0.2, 0.0, -0.1, None, 0.95), (80, 0.3, 0.12, 0.0, None, 0.9), (90, 0.15, 0.01, -0.12, 0.12, 0.9), (60, 0.05, -0.01, -0.1, None, 0.95)]
T_POWER = [(10, 0.6, 1.0, 0.0, None, 0.95), (2, 3.0, 1.0, 0.0, None, 0.9), (200, 0.05, 0.5, -0.05, None, 0.95), (35, 0.02, 0.3, -0.2, 0.2, 0.9), (3, 0.0, 0.1, -1.0, 1.0, 0.9)]


def paired_row(a, b, c, n, level=0.95, ratio=0.9):
    low, high = paired_ratio_limits(a, b, c, n, level)
    return {"both": a, "candidateOnly": b, "baselineOnly": c, "n": n, "level": level, "low": low, "high": high, "ratio": ratio,
            "statistic": paired_ratio_score(a, b, c, n, mp.mpf(ratio))}


def unpaired_row(x1, n1, x0, n0, level=0.95, ratio=0.8):
    low, high = unpaired_ratio_limits(x1, n1, x0, n0, level)
    newcombe = confint_proportions_2indep(x1, n1, x0, n0, compare="diff", method="newcomb", alpha=1 - level)
    return {"x1": x1, "n1": n1, "x0": x0, "n0": n0, "level": level, "low": low, "high": high, "ratio": ratio,
            "statistic": unpaired_ratio_score(x1, n1, x0, n0, mp.mpf(ratio)), "newcombe": {"low": newcombe[0], "high": newcombe[1]}}


values = {
    "made_with": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
                  "scikit-learn": sklearn.__version__, "mpmath": mp.__version__},
    "clusteredMean": [
        clustered_case("plain", x40, None, None, 0.95), clustered_case("weights", x40, w40, None, 0.9),
        clustered_case("clusters", x40, None, c40, 0.95), clustered_case("weights and clusters", x40, w40, c40, 0.99),
        clustered_case("two clusters", x40[:6], None, np.array([4, 4, 9, 9, 9, 4]), 0.95)],
    "clusterSignFlip": [cluster_flip(x40.tolist(), w40.tolist(), c40.tolist(), b) for b in (2.0, 1.6, 2.5)],
    "ratioOfMeans": [ratio_case("paired", x40, base40, None, None, 0.95), ratio_case("weights and clusters", x40, base40, w40, c40, 0.9),
                     ratio_case("negative baseline", x40, -base40, None, None, 0.95), ratio_case("clusters", base40, x40, None, c40, 0.95)],
    "ratioOfMeansUnpaired": [unpaired_ratio_of_means(x40, base40[:17], 0.95), unpaired_ratio_of_means(x40[:5] + 3, base40 + 1, 0.9)],
    "welch": [welch_case(x40, base40[:17], 0.95), welch_case(x40[:3], base40 * 4, 0.9)],
    "pairedRatio": [paired_row(*row) for row in PAIRED] + [paired_row(40, 5, 12, 80, 0.9, 1.3)],
    "unpairedRatio": [unpaired_row(*row) for row in UNPAIRED],
    "delongUnpaired": [area_case(40, 31, 0.95), area_case(25, 60, 0.9)],
    "delongRatio": [paired_area_case(60, 0.95), paired_area_case(45, 0.9)],
    "multiClass": [multi_case(*row) for row in MULTI],
    "nadeauBengio": [nadeau_bengio([0.01, 0.03, -0.01, 0.02, 0.04, 0.0, 0.015, 0.01, 0.02, 0.03], 0.1, 0.95), nadeau_bengio([1.0, 2.0], 0.5, 0.9)],
    "fiveByTwo": [five_by_two([[0.02, 0.05], [0.01, -0.02], [0.03, 0.04], [0.05, 0.01], [0.0, 0.02]]), five_by_two(np.round(rng.normal(0.1, 0.1, (5, 2)), 3))],
    "equivalence": [tost(x40, base40, -0.3, 0.4), tost(x40[:8], base40[:8], -1, 1)],
    "passAtK": [{"n": n, "c": c, "k": k, "value": float(1 - Fraction(math.comb(n - c, k), math.comb(n, k)))}
                for n, c, k in [(10, 3, 1), (10, 3, 5), (200, 1, 100), (200, 199, 1), (5, 0, 2), (5, 5, 5), (1000000, 3, 7), (100000, 5, 99990), (20, 12, 12), (10000, 4000, 3)]],
    "fisherF": [{"x": x, "df1": a, "df2": b, "value": st.f.sf(x, a, b)} for x, a, b in [(4.74, 10, 5), (0.3, 10, 5), (1e4, 10, 5), (1e-6, 10, 5), (2.2, 3, 70)]],
    "proportionPower": [{"n": n, "expected": e, "bound": f, "level": v, "power": proportion_power(n, e, f, v)}
                        for n, e, f, v in [(100, 0.95, 0.9, 0.95), (400, 0.93, 0.9, 0.9), (381, 0.999, 0.99, 0.95), (10, 1.0, 0.5, 0.95)]],
    "pairedProportionsPower": [dict(zip(("n", "discordance", "difference", "lower", "upper", "level", "power"), (*row, paired_power(*row)))) for row in PAIRED_N],
    "studentPower": [dict(zip(("n", "mean", "sd", "lower", "upper", "level", "power"), (*row, t_power(*row)))) for row in T_POWER],
}
print(json.dumps(values, indent=1, default=float))
