"""What people write today: pandas, scikit-learn, a vectorised DeLong and numpy bootstraps.

python rival.py metrics|bca|f1 FOLDER [RESAMPLES]
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score

job, folder = sys.argv[1], Path(sys.argv[2])
resamples = int(sys.argv[3]) if len(sys.argv) > 3 else 2000


def delong(label, scores):
    """Sun & Xu 2014 by midranks; returns areas and their covariance."""
    positive = label == 1
    m, n = positive.sum(), (~positive).sum()
    areas, v10, v01 = [], [], []
    for score in scores:
        all_ranks = rankdata(score)
        inside = (all_ranks[positive] - rankdata(score[positive])) / n
        outside = 1 - (all_ranks[~positive] - rankdata(score[~positive])) / m
        areas.append(inside.mean())
        v10.append(inside)
        v01.append(outside)
    return np.array(areas), np.cov(v10) / m + np.cov(v01) / n


def joined():
    candidate = pd.read_parquet(folder / "candidate.parquet")
    baseline = pd.read_parquet(folder / "baseline.parquet")
    both = candidate.merge(baseline, on="id", suffixes=("", "_b"), validate="one_to_one")
    assert len(both) == len(candidate) and (both.label == both.label_b).all()
    return both


def metrics(both):
    y = both.label.to_numpy()
    found = {}
    for tag in ("", "_b"):
        p, s = both["prediction" + tag].to_numpy(), both["score" + tag].to_numpy()
        found[tag or "_c"] = [accuracy_score(y, p), roc_auc_score(y, s), log_loss(y, s), f1_score(y, p)]
    areas, covariance = delong(y, [both.score.to_numpy(), both.score_b.to_numpy()])
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    difference = areas[0] - areas[1]
    found["delong"] = [difference, difference / np.sqrt(variance)]
    return found


def bca(estimate, replicates, influence):
    """BCa ends at 95% with the acceleration from empirical influence values."""
    z0 = norm.ppf((replicates < estimate).mean())
    a = (influence**3).sum() / (6 * (influence**2).sum() ** 1.5)
    z = norm.ppf([0.025, 0.975])
    return np.quantile(replicates, norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))).tolist()


def f1_of(cells):
    """F1 difference from the counts of (label, prediction, baseline's prediction)."""
    cells = cells.reshape(2, 2, 2)
    c, b = cells.sum(axis=2), cells.sum(axis=1)
    return 2 * c[1, 1] / (2 * c[1, 1] + c[0, 1] + c[1, 0]) - 2 * b[1, 1] / (2 * b[1, 1] + b[0, 1] + b[1, 0])


def ece_of(bins, score, y, weights):
    count = np.bincount(bins, weights, 15)
    scores = np.bincount(bins, weights * score, 15)
    hits = np.bincount(bins, weights * y, 15)
    return np.abs(hits - scores).sum() / count.sum()


def bootstrap_all(both):
    y = both.label.to_numpy()
    cell = (4 * y + 2 * both.prediction + both.prediction_b).to_numpy()
    s, sb = both.score.to_numpy(), both.score_b.to_numpy()
    loss = -np.log(np.where(y == 1, s, 1 - s)) + np.log(np.where(y == 1, sb, 1 - sb))
    bins, bins_b = np.clip(np.ceil(s * 15) - 1, 0, 14).astype(int), np.clip(np.ceil(sb * 15) - 1, 0, 14).astype(int)
    n = len(y)
    ones = np.ones(n)

    def statistics(weights):
        f1 = f1_of(np.bincount(cell, weights, 8))
        ece = ece_of(bins, s, y, weights) - ece_of(bins_b, sb, y, weights)
        return f1, loss @ weights / n, ece

    random = np.random.default_rng(7)
    replicates = np.array(
        [statistics(np.bincount(random.integers(0, n, n), minlength=n).astype(float)) for _ in range(resamples)]
    )
    estimates = statistics(ones)
    # The log-loss is a mean, whose influence values are its deviations; they serve the others as well for the clock's sake.
    influence = loss - loss.mean()
    return [bca(estimates[k], replicates[:, k], influence) for k in range(3)]


def bootstrap_f1(both):
    """The loop over copies of rows that most scripts have, and 10,000 resamples."""
    y, p, b = (both[name].to_numpy() for name in ("label", "prediction", "prediction_b"))
    n = len(y)
    random = np.random.default_rng(7)

    def f1(truth, predicted):
        hit = np.count_nonzero(truth & predicted)
        return 2 * hit / (np.count_nonzero(truth) + np.count_nonzero(predicted))

    replicates = np.empty(resamples)
    started = time.perf_counter()
    for k in range(resamples):
        rows = random.integers(0, n, n)
        truth = y[rows]
        replicates[k] = f1(truth, p[rows]) - f1(truth, b[rows])
    seconds = time.perf_counter() - started
    shift = (p == y).astype(float) - (b == y)
    ends = bca(f1(y, p) - f1(y, b), replicates, shift - shift.mean())
    return {"ends": ends, "seconds": seconds}


both = joined()
answer = {"metrics": metrics(both)} if job != "f1" else {}
if job == "bca":
    answer["bca"] = bootstrap_all(both)
if job == "f1":
    columns = {name: both[name].tolist() for name in ("label", "prediction", "prediction_b")}
    (folder / "joined.json").write_text(json.dumps(columns))
    answer["f1"] = bootstrap_f1(both)
print(json.dumps(answer, default=float))
