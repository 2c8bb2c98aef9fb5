"""Reference values of drift's performance estimates: python make.py > reference.json

scikit-learn's isotonic regression; NannyML's confidence-based estimates of ROC AUC and of the binary metrics written out in numpy from its
documentation ("Estimation of Performance of the Monitored Model") beside the exact expectation over pairs of different rows, by counting
all pairs; Spiegelhalter's z and Hosmer and Lemeshow's chi-square written out. numpy and scikit-learn versions are in the file.
"""

import json

import numpy as np
import sklearn
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import auc


def nannyml_auc(p):
    """The documented estimate: expected confusion tables at each threshold of distinct scores, area by trapezoids."""
    thresholds = np.append(np.sort(p), 1)
    tp = np.cumsum(thresholds[::-1])[::-1]
    fp = np.cumsum((1 - thresholds)[::-1])[::-1]
    fn = np.cumsum(np.insert(thresholds, 0, 0)[:-1])
    tn = np.cumsum(np.insert(1 - thresholds, 0, 0)[:-1])
    return auc(fp / (fp + tn), tp / (tp + fn))


def exact_auc(s, p):
    """Expected right pairs over expected pairs of different rows."""
    right = (s[:, None] > s[None, :]) + 0.5 * (s[:, None] == s[None, :])
    pairs = p[:, None] * (1 - p)[None, :]
    np.fill_diagonal(pairs, 0)
    return (right * pairs).sum() / pairs.sum()


def main():
    rng = np.random.default_rng(20240501)
    n = 200
    s = np.round(rng.beta(2, 3, n), 2)
    y = (rng.random(n) < s**1.5).astype(int)
    iso = IsotonicRegression(out_of_bounds="clip").fit(s, y)
    at = np.linspace(-0.2, 1.2, 29)
    p = np.clip(s**1.5, 1e-6, 1 - 1e-6)
    pred = (s >= 0.5).astype(int)
    tp, fp = (p * pred).sum(), ((1 - p) * pred).sum()
    fn, tn = (p * (1 - pred)).sum(), ((1 - p) * (1 - pred)).sum()
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    distinct = np.unique(rng.beta(2, 3, n))
    z = ((y - p) * (1 - 2 * p)).sum() / np.sqrt(((1 - 2 * p) ** 2 * p * (1 - p)).sum())
    draws = rng.random((20000, n)) < p
    rights = (draws == pred).mean(axis=1)
    f1s = 2 * (draws & (pred == 1)).sum(axis=1) / (draws.sum(axis=1) + pred.sum())
    aucs = []
    ranks = stats.rankdata(s)
    for d in draws[:5000]:
        k = d.sum()
        aucs.append((ranks[d].sum() - k * (k + 1) / 2) / (k * (n - k)))
    print(
        json.dumps(
            {
                "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
                "scores": s.tolist(),
                "labels": y.tolist(),
                "probabilities": p.tolist(),
                "isotonic": {"at": at.tolist(), "values": iso.predict(at).tolist(), "fitted": iso.predict(s).tolist()},
                "expected": {
                    "accuracy": (tp + tn) / n,
                    "precision": precision,
                    "recall": recall,
                    "f1": 2 * precision * recall / (precision + recall),
                    "log-loss": float(-(p * np.log(s) + (1 - p) * np.log(1 - s)).mean()),
                    "brier": float((p * (1 - s) ** 2 + (1 - p) * s**2).mean()),
                    "auc": exact_auc(s, p),
                },
                "deviations": {"accuracy": rights.std(), "f1": f1s.std(), "auc": np.std(aucs)},
                "distinct": {"scores": distinct.tolist(), "nannyml": nannyml_auc(distinct), "exact": exact_auc(distinct, distinct)},
                "spiegelhalter": {"z": z, "pValue": 2 * stats.norm.sf(abs(z))},
            },
            indent=1,
        )
    )


main()
