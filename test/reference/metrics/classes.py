"""Reference values of metrics of several classes and of sets of classes: python classes.py > classes.json

numpy 2.4.6, scikit-learn 1.9.1 (versions are written into the file).
"""

import json
import warnings

import numpy as np
import sklearn
import sklearn.metrics as sm
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MultiLabelBinarizer

warnings.filterwarnings("ignore")
datasets, cases = {}, []


def add(data, name, value, **options):
    cases.append({"data": data, "name": name, "value": float(value), **options})


def top_label_ece(y, p, w, bins=15):
    """Guo et al. 2017: of the most probable class, bins (low, high]; no package in this list has it."""
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    index = np.clip(np.searchsorted(np.arange(bins + 1) / bins, confidence, side="left") - 1, 0, bins - 1)
    gaps = [abs(np.sum((w * (right - confidence))[index == b])) for b in range(bins)]
    return sum(gaps) / np.sum(w)


def hand_till(y, p, w, weighted):
    """Hand & Till 2001 with weights, pair by pair with scikit-learn's two-class area: its own one-vs-one takes no weights."""
    classes, values, shares = np.unique(y[w > 0]), [], []
    for i, a in enumerate(classes):
        for b in classes[i + 1 :]:
            both = ((y == a) | (y == b)) & (w > 0)
            one = sm.roc_auc_score(y[both] == a, p[both, a], sample_weight=w[both])
            other = sm.roc_auc_score(y[both] == b, p[both, b], sample_weight=w[both])
            values.append((one + other) / 2)
            shares.append(w[both].sum())
    return np.average(values, weights=shares if weighted else None)


def several(data, y, p, w=None, names=None):
    k = p.shape[1]
    names = np.arange(k) if names is None else np.asarray(names)
    datasets[data] = {
        "labels": names[y].tolist(), "classScores": p.tolist(), "classes": names.tolist(),
        **({} if w is None else {"weights": w.tolist()}),
    }
    kw, ones = {"sample_weight": w}, np.ones(len(y)) if w is None else w
    labels = np.arange(k)
    for average in ["macro", "weighted"]:
        auc = sm.roc_auc_score(np.eye(k)[y], p, average=average, **kw)
        add(data, "auc", auc, average=average, multiClass="one-vs-rest")
        # scikit-learn's multi_class takes only scores that add up to one; as columns against the rest it takes all.
        sums_to_one = np.allclose(p.sum(axis=1), 1)
        if sums_to_one:
            ovr = sm.roc_auc_score(y, p, multi_class="ovr", average=average, labels=labels, **kw)
            assert abs(auc - ovr) < 1e-12
        if w is None and sums_to_one:
            auc = sm.roc_auc_score(y, p, multi_class="ovo", average=average, labels=labels)
            assert abs(auc - hand_till(y, p, ones, average == "weighted")) < 1e-12
        add(data, "auc", hand_till(y, p, ones, average == "weighted"), average=average, multiClass="one-vs-one")
        one_hot = np.eye(k)[y]
        ap = sm.average_precision_score(one_hot, p, average=average, **kw)
        add(data, "average-precision", ap, average=average)
    add(data, "auc", sm.roc_auc_score(np.eye(k)[y], p, **kw))
    add(data, "average-precision", sm.average_precision_score(np.eye(k)[y], p, **kw))
    # Rows need not add up to one: scikit-learn warns, and computes with them as they are.
    add(data, "log-loss", sm.log_loss(y, p, labels=labels, **kw))
    add(data, "brier", sm.brier_score_loss(y, p, labels=labels, **kw))
    for top in range(1, k):
        add(data, "top-k-accuracy", sm.top_k_accuracy_score(y, p, k=top, labels=labels, **kw), k=top)
    add(data, "expected-calibration-error", top_label_ece(y, p, ones))


def sets(data, truth, guess, w=None):
    datasets[data] = {"labels": truth, "predictions": guess, **({} if w is None else {"weights": w.tolist()})}
    binarizer = MultiLabelBinarizer().fit(truth + guess)
    y, hat = binarizer.transform(truth), binarizer.transform(guess)
    kw = {"sample_weight": w}
    add(data, "accuracy", sm.accuracy_score(y, hat, **kw))
    for average in ["macro", "micro", "weighted", "samples"]:
        for name, score in [("precision", sm.precision_score), ("recall", sm.recall_score), ("f1", sm.f1_score)]:
            add(data, name, score(y, hat, average=average, zero_division=0, **kw), average=average)


rng = np.random.default_rng(20250711)


def probabilities(n, k, y, tenths):
    p = rng.dirichlet(np.ones(k), n) * 0.7 + 0.3 * np.eye(k)[y]
    return rng.multinomial(10, p) / 10 if tenths else p


for data, n, k, tenths, weights in [
    ("plain", 60, 3, False, False), ("ties", 80, 4, True, False), ("weights", 70, 3, False, True), ("both", 60, 5, True, True),
]:
    y = rng.integers(0, k, n)
    y[:k] = np.arange(k)
    w = np.where(rng.random(n) < 0.2, 0.0, rng.uniform(0.1, 3, n)) if weights else None
    if weights:
        w[:k] = 1.0
    several(data, y, probabilities(n, k, y, tenths), w, np.array(["a", "naïve|<b>", "zz", "zzz", "zzzz"])[:k])

for data, n, k, empty, w in [
    ("sets", 50, 4, 0.0, None), ("empty sets", 50, 5, 0.2, None), ("weighted sets", 60, 4, 0.1, rng.uniform(0, 3, 60)),
]:
    def draw():
        return [[] if rng.random() < empty else sorted({f"c{j}" for j in range(k) if rng.random() < 0.4}) for _ in range(n)]
    truth = draw()
    guess = [t if rng.random() < 0.4 else g for t, g in zip(truth, draw())]
    sets(data, truth, guess, w)

# The documentation's own examples of scikit-learn 1.9.
several("doc top-k", np.array([0, 1, 2, 2]), np.array([[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]]))
several("doc average precision", np.array([0, 0, 1, 1, 2, 2]),
        np.array([[0.7, 0.2, 0.1], [0.4, 0.3, 0.3], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7]]))
several("doc brier", np.array([0, 1, 2]), np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]]), None, ["eggs", "ham", "spam"])
X, y = load_iris(return_X_y=True)
several("doc iris", y, LogisticRegression(solver="newton-cholesky").fit(X, y).predict_proba(X))
datasets["doc log loss"] = {
    "labels": ["spam", "ham", "ham", "spam"], "positive": "spam", "classes": ["ham", "spam"],
    "classScores": [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]],
}
add("doc log loss", "log-loss", sm.log_loss(["spam", "ham", "ham", "spam"], datasets["doc log loss"]["classScores"]))
add("doc log loss", "brier", sm.brier_score_loss(["spam", "ham", "ham", "spam"], datasets["doc log loss"]["classScores"]))
datasets["doc brier of two"] = {"labels": [0, 1, 1, 0], "scores": [0.1, 0.9, 0.8, 0.3]}
add("doc brier of two", "brier", sm.brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]))
sets("doc multi-label f1", [[], ["a", "b", "c"], ["b", "c"]], [["b"], ["a", "b", "c"], ["a", "b"]])
sets("doc subset accuracy", [["b"], ["a", "b"]], [["a", "b"], ["a", "b"]])
for quantile, hat in [(0.1, [0, 2, 3]), (0.1, [1, 2, 4]), (0.9, [0, 2, 3]), (0.9, [1, 2, 4]), (0.9, [1, 2, 3])]:
    data = f"doc pinball {hat}"
    datasets[data] = {"labels": [1, 2, 3], "predictions": hat}
    add(data, "pinball", sm.mean_pinball_loss([1, 2, 3], hat, alpha=quantile), quantile=quantile)
y, hat, w = rng.normal(10, 4, 50), rng.normal(10, 4, 50), rng.uniform(0, 3, 50)
datasets["pinball"] = {"labels": y.tolist(), "predictions": hat.tolist(), "weights": w.tolist()}
for quantile in [0.05, 0.5, 0.9]:
    add("pinball", "pinball", sm.mean_pinball_loss(y, hat, sample_weight=w, alpha=quantile), quantile=quantile)

versions = {"numpy": np.__version__, "scikit-learn": sklearn.__version__}
print(json.dumps({"versions": versions, "datasets": datasets, "cases": cases}))
