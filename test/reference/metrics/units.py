"""Reference values of metrics of ranking and generation: python units.py > units.json

numpy 2.4.6, scikit-learn 1.9.1, pytrec-eval-terrier 0.5.11 (versions are written into the file). Where scores tie, the reference
is the mean over all orders of the equal ones, by enumeration; pass@k is the code of Chen et al. 2021, figure 3, and the
share of k-subsets with a right sample, by enumeration.
"""

import itertools
import json
from importlib.metadata import version

import numpy as np
import pytrec_eval
import sklearn
import sklearn.metrics as sm

datasets, cases = {}, []
rng = np.random.default_rng(20250711)


def add(data, name, value, **options):
    cases.append({"data": data, "name": name, "value": float(value), **options})


def orders(scores):
    """All rankings that the scores allow."""
    groups = [np.flatnonzero(scores == s) for s in np.unique(scores)[::-1]]
    for parts in itertools.product(*[itertools.permutations(group) for group in groups]):
        yield np.array([i for part in parts for i in part])


def average_precision(ranked, k):
    hits = ranked > 0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits)[:k].sum() / hits.sum()) if hits.any() else 0.0


def reciprocal_rank(ranked, k):
    places = np.flatnonzero(ranked[:k] > 0)
    return 1 / (places[0] + 1) if len(places) else 0.0


def recall(ranked, k):
    return float((ranked[:k] > 0).sum() / (ranked > 0).sum()) if (ranked > 0).any() else 0.0


def over_orders(measure, labels, scores, k):
    return np.mean([measure(labels[order], k) for order in orders(scores)])


def queries(data, lists, w=None):
    datasets[data] = {
        "queries": [f"q{q}" for q, (y, _) in enumerate(lists) for _ in y],
        "labels": [float(v) for y, _ in lists for v in y],
        "scores": [float(v) for _, s in lists for v in s],
        **({} if w is None else {"weights": [float(w[q]) for q, (y, _) in enumerate(lists) for _ in y]}),
    }
    mean = lambda values: np.average(values, weights=w)
    for k in [None, 1, 3, 5, 50]:
        options = {} if k is None else {"k": k}
        ndcg = [sm.ndcg_score([y], [s], k=k) for y, s in lists]
        add(data, "ndcg", mean(ndcg), **options)
        add(data, "map", mean([over_orders(average_precision, y, s, k) for y, s in lists]), **options)
        add(data, "mrr", mean([over_orders(reciprocal_rank, y, s, k) for y, s in lists]), **options)
        if k is not None:
            add(data, "recall-at-k", mean([over_orders(recall, y, s, k) for y, s in lists]), **options)


def trec(data, lists):
    """Without ties, trec_eval itself (its ndcg has linear gains too)."""
    queries(data, lists)
    qrel = {f"q{q}": {f"d{i}": int(v) for i, v in enumerate(y)} for q, (y, _) in enumerate(lists)}
    run = {f"q{q}": {f"d{i}": float(v) for i, v in enumerate(s)} for q, (_, s) in enumerate(lists)}
    names = {
        "map": ("map", None), "map_cut_5": ("map", 5), "recip_rank": ("mrr", None), "ndcg": ("ndcg", None),
        "ndcg_cut_5": ("ndcg", 5), "recall_5": ("recall-at-k", 5),
    }
    measures = {"map", "map_cut.5", "recip_rank", "ndcg", "ndcg_cut.5", "recall.5"}
    found = pytrec_eval.RelevanceEvaluator(qrel, measures).evaluate(run)
    for theirs, (name, k) in names.items():
        value = np.mean([found[q][theirs] for q in qrel])
        add(data, name, value, **({} if k is None else {"k": k}))


def draw(n, ties, none=False):
    y = rng.choice([0, 0, 0, 1, 2, 3], n) * (0 if none else 1)
    s = rng.integers(0, 4, n).astype(float) if ties else rng.permutation(n) + 0.5
    return y, s


trec("no ties", [draw(n, False) for n in [2, 5, 12, 40, 7]])
trec("a query without relevant documents", [draw(6, False), draw(8, False, True), draw(9, False)])
queries("ties", [draw(n, True) for n in [2, 5, 8, 9, 7, 6]])
queries("weights", [draw(n, True) for n in [4, 6, 8]], np.array([0.3, 2.5, 1.0]))
queries("all tied", [(np.array([0, 1, 0, 2]), np.zeros(4)), (np.array([1, 1, 1]), np.ones(3))])
queries("graded fractions", [(np.array([0.5, 0, 2.25, 0]), np.array([0.1, 0.9, 0.5, 0.5]))])
# scikit-learn's documentation of ndcg_score, with its second run's ties.
doc = np.array([10, 0, 0, 1, 5])
queries("doc ndcg", [(doc, np.array([0.1, 0.2, 0.3, 4, 70]))])
queries("doc ndcg, other scores", [(doc, np.array([0.05, 1.1, 1.0, 0.5, 0.0]))])
queries("doc ndcg, ties", [(doc, np.array([1, 0, 0, 0, 1.0]))])


def estimator(n, c, k):
    """Chen et al. 2021, figure 3."""
    return 1.0 if n - c < k else 1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1))


def samples(data, counts, ks):
    datasets[data] = {
        "ids": [f"p{i}" for i, (n, _) in enumerate(counts) for _ in range(n)],
        "scores": [float(j < c) for n, c in counts for j in range(n)],
    }
    for k in ks:
        for n, c in counts:
            if n <= 10:
                share = np.mean([min(subset) < c for subset in itertools.combinations(range(n), k)])
                assert abs(share - estimator(n, c, k)) < 1e-12
        add(data, "pass-at-k", np.mean([estimator(n, c, k) for n, c in counts]), k=k)


samples("few samples", [(5, 0), (5, 1), (5, 4), (8, 3), (10, 10)], [1, 2, 5])
samples("200 samples", [(200, 0), (200, 1), (200, 17), (200, 150), (200, 200)], [1, 10, 100, 200])

outcomes = {"a": ["win", "tie"], "b": ["loss"], "c": ["win", "win", "loss"]}
value = {"win": 1, "tie": 0.5, "loss": 0}
datasets["outcomes"] = {"ids": [i for i, l in outcomes.items() for _ in l], "scores": [o for l in outcomes.values() for o in l]}
add("outcomes", "win-rate", np.mean([np.mean([value[o] for o in l]) for l in outcomes.values()]))
scores = [rng.normal(3, 2, n) for n in [1, 4, 2, 7]]
w = rng.uniform(0.1, 2, 4)
datasets["judge"] = {
    "ids": [i for i, s in enumerate(scores) for _ in s], "scores": [float(v) for s in scores for v in s],
    "weights": [float(w[i]) for i, s in enumerate(scores) for _ in s],
}
add("judge", "mean-score", np.average([s.mean() for s in scores], weights=w))
datasets["texts"] = {
    "ids": [1, 1, 2, 3], "labels": ["Paris", "Paris", "4", "naïve"], "predictions": ["Paris", "paris", "4 ", "naïve"],
}
add("texts", "exact-match", np.mean([0.5, 0, 1]))

versions = {
    "numpy": np.__version__, "scikit-learn": sklearn.__version__, "pytrec-eval-terrier": version("pytrec-eval-terrier"),
}
print(json.dumps({"versions": versions, "datasets": datasets, "cases": cases}))
