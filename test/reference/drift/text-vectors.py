"""Writes text-vectors.json: areas of classifiers over texts and vectors, and statistics beside them.

Made with Python 3.11, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6:
    python text-vectors.py > text-vectors.json
"""

import json
import random

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

draw = random.Random(11)
OPENING = ["Bonjour", "Hello there", "Hi", "Guten Tag", "Dear team", "Hey", "Привет", "Hola"]
SUBJECT = ["my parcel", "the invoice", "your app", "the driver", "our account", "die Rechnung", "la commande", "посылка"]
VERB = ["arrived late", "was charged twice", "keeps crashing", "looks great", "never came", "ist kaputt", "est en retard", "не пришла"]
TAIL = ["please help", "thank you", "since the last update", "on Monday", "after I called", "danke", "merci", "спасибо"]


def sentence(extra):
    parts = [draw.choice(OPENING), draw.choice(SUBJECT), draw.choice(VERB), draw.choice(TAIL)]
    if draw.random() < extra:
        parts.append(draw.choice(["I want a refund", "cancel my contract", "the new design is slow"]))
    return ", ".join(parts) + f" (case {draw.randrange(400)})"


def mean_area(features, labels, make):
    areas = []
    for seed in range(10):
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(features, labels):
            model = make().fit(features[train], labels[train])
            areas.append(roc_auc_score(labels[test], model.decision_function(features[test])))
    return float(np.mean(areas))


def texts():
    reference = [sentence(0.1) for _ in range(250)]
    current = [sentence(0.4) for _ in range(250)]
    vectorizer = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    features = vectorizer.fit_transform(reference + current)
    labels = np.array([0] * 250 + [1] * 250)
    auc = mean_area(features, labels, lambda: LogisticRegression(C=1, max_iter=1000))
    words = lambda text: len(vectorizer.build_tokenizer()(text))
    ks = stats.ks_2samp([words(t) for t in reference], [words(t) for t in current])
    wasserstein = stats.wasserstein_distance([len(t) for t in reference], [len(t) for t in current])
    return {
        "reference": reference,
        "current": current,
        "auc": auc,
        "features": len(vectorizer.vocabulary_),
        "words": {"statistic": float(ks.statistic), "pValue": float(ks.pvalue)},
        "charactersWasserstein": float(wasserstein / np.std([len(t) for t in reference])),
    }


def vectors():
    generator = np.random.default_rng(5)
    mix = generator.normal(size=(6, 6))
    reference = np.round(generator.normal(size=(150, 6)) @ mix + 2, 3)
    current = np.round((generator.normal(size=(120, 6)) + [0.6, 0, 0, -0.4, 0, 0]) @ mix + 2, 3)
    joined = StandardScaler().fit_transform(np.vstack([reference, current]))
    norms = np.linalg.norm(joined, axis=1, keepdims=True)
    features = StandardScaler().fit_transform(np.hstack([joined, norms]))
    labels = np.array([0] * 150 + [1] * 120)
    a, b = reference.mean(axis=0), current.mean(axis=0)
    ks = stats.ks_2samp(np.linalg.norm(reference, axis=1), np.linalg.norm(current, axis=1))
    return {
        "reference": reference.tolist(),
        "current": current.tolist(),
        "auc": mean_area(features, labels, lambda: LogisticRegression(C=1, max_iter=1000)),
        "cosine": float(scipy.spatial.distance.cosine(a, b)),
        "euclidean": float(np.linalg.norm(a - b) / np.sqrt(reference.var(axis=0).sum())),
        "norms": {"statistic": float(ks.statistic), "pValue": float(ks.pvalue)},
    }


print(json.dumps({
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
    "texts": texts(),
    "vectors": vectors(),
}, ensure_ascii=False))
