"""Reference values of the gate's metrics: python metrics.py > metrics.json

numpy 2.4.6, scikit-learn 1.9.1, fairlearn 0.15.0 (versions are written into the file).
"""

import json
import warnings

import fairlearn
import fairlearn.metrics as fm
import numpy as np
import sklearn
import sklearn.metrics as sm

warnings.filterwarnings("ignore")
cases = []


def add(name, value, **data):
    cases.append({"name": name, "value": float(value), **data})


def listed(**arrays):
    return {key: np.asarray(value).tolist() for key, value in arrays.items() if value is not None}


def ece(y, p, w, bins=15):
    """Naeini et al. 2015 with bins (low, high]; no package in this list has it."""
    w = np.ones(len(y)) if w is None else w
    edges = np.arange(bins + 1) / bins
    index = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, bins - 1)
    total = sum(
        abs(np.sum((w * (y - p))[index == b])) for b in range(bins) if np.any(index == b)
    )
    return total / np.sum(w)


def binary(rng, n, weights, ties, groups):
    y = (rng.random(n) < 0.35).astype(int)
    y[:2] = [0, 1]
    p = 1 / (1 + np.exp(-(1.5 * (y - 0.5) + rng.normal(size=n))))
    if ties:
        p = np.round(p, 1)
    hat = (p > 0.5).astype(int)
    w = rng.uniform(0.1, 3, n) if weights else None
    g = rng.integers(0, groups, n)
    base = listed(labels=y, predictions=hat, scores=p, weights=w, groups=g)
    kw = {"sample_weight": w}
    add("accuracy", sm.accuracy_score(y, hat, **kw), **base)
    add("balanced-accuracy", sm.balanced_accuracy_score(y, hat, **kw), **base)
    add("precision", sm.precision_score(y, hat, **kw), **base)
    add("recall", sm.recall_score(y, hat, **kw), **base)
    add("f1", sm.f1_score(y, hat, **kw), **base)
    add("auc", sm.roc_auc_score(y, p, **kw), **base)
    add("average-precision", sm.average_precision_score(y, p, **kw), **base)
    add("log-loss", sm.log_loss(y, p, **kw), **base)
    add("brier", sm.brier_score_loss(y, p, **kw), **base)
    add("expected-calibration-error", ece(y, p, w), **base)
    add("matthews", sm.matthews_corrcoef(y, hat, **kw), **base)
    add("cohen-kappa", sm.cohen_kappa_score(y, hat, **kw), **base)
    fair = {"sensitive_features": g, "sample_weight": w}
    add("demographic-parity-difference", fm.demographic_parity_difference(y, hat, **fair), **base)
    add("demographic-parity-ratio", fm.demographic_parity_ratio(y, hat, **fair), **base)
    add("disparate-impact", fm.demographic_parity_ratio(y, hat, **fair), **base)
    add("equalized-odds-difference", fm.equalized_odds_difference(y, hat, **fair), **base)
    add("equal-opportunity-difference", fm.equal_opportunity_difference(y, hat, **fair), **base)


def multi(rng, n, k, weights, unpredicted):
    y = rng.integers(0, k, n)
    hat = np.where(rng.random(n) < 0.6, y, rng.integers(0, k, n))
    if unpredicted:
        hat[hat == k - 1] = 0
    w = rng.uniform(0.1, 3, n) if weights else None
    names = np.array(["cat", "dog", "naïve|<b>", "10", "9", "x"])
    base = listed(labels=names[y], predictions=names[hat], weights=w)
    kw = {"sample_weight": w}
    add("accuracy", sm.accuracy_score(y, hat, **kw), **base)
    add("balanced-accuracy", sm.balanced_accuracy_score(y, hat, **kw), **base)
    add("matthews", sm.matthews_corrcoef(y, hat, **kw), **base)
    add("cohen-kappa", sm.cohen_kappa_score(y, hat, **kw), **base)
    for average in ["macro", "micro", "weighted"]:
        for name, score in [("precision", sm.precision_score), ("recall", sm.recall_score), ("f1", sm.f1_score)]:
            add(name, score(y, hat, average=average, **kw), average=average, **base)


def regression(rng, n, weights):
    y = rng.normal(10, 4, n)
    hat = y + rng.normal(0.3, 2, n)
    w = rng.uniform(0.1, 3, n) if weights else None
    base = listed(labels=y, predictions=hat, weights=w)
    kw = {"sample_weight": w}
    add("mae", sm.mean_absolute_error(y, hat, **kw), **base)
    add("mse", sm.mean_squared_error(y, hat, **kw), **base)
    add("rmse", sm.root_mean_squared_error(y, hat, **kw), **base)
    add("mape", sm.mean_absolute_percentage_error(y, hat, **kw), **base)
    add("r2", sm.r2_score(y, hat, **kw), **base)


rng = np.random.default_rng(20240607)
binary(rng, 60, False, False, 3)
binary(rng, 60, True, True, 2)
binary(rng, 40, False, True, 2)
multi(rng, 80, 4, False, False)
multi(rng, 80, 6, True, True)
regression(rng, 50, False)
regression(rng, 50, True)

# The documentation's own examples: scikit-learn 1.9 and fairlearn 0.15.
docs = dict(labels=[0, 0, 1, 1], scores=[0.1, 0.4, 0.35, 0.8])
add("auc", sm.roc_auc_score(docs["labels"], docs["scores"]), **docs)
add("average-precision", sm.average_precision_score(docs["labels"], docs["scores"]), **docs)
docs = dict(labels=[3, -0.5, 2, 7], predictions=[2.5, 0.0, 2, 8])
for name, score in [("mae", sm.mean_absolute_error), ("mse", sm.mean_squared_error), ("r2", sm.r2_score)]:
    add(name, score(docs["labels"], docs["predictions"]), **docs)
for name, score in [("rmse", sm.root_mean_squared_error), ("mape", sm.mean_absolute_percentage_error)]:
    add(name, score(docs["labels"], docs["predictions"]), **docs)
docs = dict(labels=[1.0, 0.0, 2.4, 7.0], predictions=[1.2, 0.1, 2.4, 8.0])
add("mape", sm.mean_absolute_percentage_error(docs["labels"], docs["predictions"]), **docs)
for hat in [[1, 2, 3], [2, 2, 2], [3, 2, 1]]:
    add("r2", sm.r2_score([1, 2, 3], hat), labels=[1, 2, 3], predictions=hat)
docs = dict(labels=[0, 1, 2, 3], predictions=[0, 2, 1, 3])
add("accuracy", sm.accuracy_score(docs["labels"], docs["predictions"]), **docs)
docs = dict(labels=[0, 1, 0, 0, 1, 0], predictions=[0, 1, 0, 0, 0, 1])
add("balanced-accuracy", sm.balanced_accuracy_score(docs["labels"], docs["predictions"]), **docs)
docs = dict(labels=[1, 1, 1, -1], predictions=[1, -1, 1, 1])
add("matthews", sm.matthews_corrcoef(docs["labels"], docs["predictions"]), **docs)
docs = dict(labels=["negative", "positive", "negative", "neutral", "positive"], predictions=["negative", "positive", "negative", "neutral", "negative"])
add("cohen-kappa", sm.cohen_kappa_score(docs["labels"], docs["predictions"]), **docs)
docs = dict(labels=[0, 1, 2, 0, 1, 2], predictions=[0, 2, 1, 0, 0, 1])
for average in ["macro", "micro", "weighted"]:
    for name, score in [("precision", sm.precision_score), ("recall", sm.recall_score), ("f1", sm.f1_score)]:
        add(name, score(docs["labels"], docs["predictions"], average=average), average=average, **docs)
# fairlearn's example of MetricFrame: selection rates of 0.8 and 0.4.
docs = dict(labels=[1, 1, 1, 1, 1, 0, 0, 1, 1, 0], predictions=[0, 1, 1, 1, 1, 0, 0, 0, 1, 1], groups=["Female"] * 5 + ["Male"] * 5)
fair = {"sensitive_features": docs["groups"]}
add("demographic-parity-difference", fm.demographic_parity_difference(docs["labels"], docs["predictions"], **fair), **docs)
add("demographic-parity-ratio", fm.demographic_parity_ratio(docs["labels"], docs["predictions"], **fair), **docs)
add("equal-opportunity-difference", fm.equal_opportunity_difference(docs["labels"], docs["predictions"], **fair), **docs)
# Probabilities of exactly 0 and 1 are clipped; a label of 0 divides by the smallest step.
edge = dict(labels=[1, 0, 1, 0], scores=[0.0, 1.0, 1.0, 0.25])
add("log-loss", sm.log_loss(edge["labels"], edge["scores"]), **edge)
edge = dict(labels=[0.0, 2.0], predictions=[1.0, 1.0])
add("mape", sm.mean_absolute_percentage_error(edge["labels"], edge["predictions"]), **edge)

versions = {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "fairlearn": fairlearn.__version__}
print(json.dumps({"versions": versions, "cases": cases}))
