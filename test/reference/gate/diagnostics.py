"""Reference values of the gate's diagnostics on real predictions: python diagnostics.py FOLDER > diagnostics.json

FOLDER holds the census data (employment_MA_2018.parquet, predictions.parquet). The candidate is the stored model, the
baseline a logistic regression on age and schooling, its probabilities rounded so that there are ties.
numpy, scikit-learn and scipy versions are written into the file.
"""

import json
import sys

import numpy as np
import pandas as pd
import sklearn
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix

folder = sys.argv[1]
data = pd.read_parquet(f"{folder}/employment_MA_2018.parquet")
data = data.merge(pd.read_parquet(f"{folder}/predictions.parquet"), on="id").iloc[:3001]
y = data.employed.to_numpy()
features = data[["AGEP", "SCHL"]].to_numpy()
model = LogisticRegression().fit(features, y)
candidate = data.predicted_probability.to_numpy().astype(float).round(6)
baseline = model.predict_proba(features)[:, 1].round(2)


def curve(p):
    share, mean = calibration_curve(y, p, n_bins=10, strategy="quantile")
    return {"observed": share.tolist(), "meanScore": mean.tolist()}


def confusion(p):
    return confusion_matrix(y, p >= 0.5).tolist()


def scores(p, label):
    return np.histogram(p[y == label], bins=np.arange(21) / 20)[0].tolist()


errors = {"candidate": candidate - y, "baseline": baseline - y}
low = min(np.quantile(e, 0.005, method="lower") for e in errors.values())
high = max(np.quantile(e, 0.995, method="higher") for e in errors.values())
fd = np.histogram_bin_edges(errors["candidate"], bins="fd")

urns = [
    [x, n, marked, total]
    for x, n, marked, total in [
        (3, 50, 10, 1000),
        (0, 50, 10, 1000),
        (50, 50, 400, 1000),
        (12, 60, 100, 500),
        (300, 1000, 25000, 100000),
        (5, 5, 5, 10),
        (40, 100, 100, 140),
        (60, 100, 100, 140),
    ]
]
midp = [
    float(stats.hypergeom.sf(x, total, marked, n) + stats.hypergeom.pmf(x, total, marked, n) / 2)
    for x, n, marked, total in urns
]

rng = np.random.default_rng(3)
a, b = rng.exponential(1.2, 60), rng.exponential(1, 300)
welch = stats.ttest_ind(a, b, equal_var=False, alternative="greater")
ci = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
paired = stats.ttest_1samp(a - b[:60], 0, alternative="greater")
pci = stats.ttest_1samp(a - b[:60], 0).confidence_interval(0.9)

json.dump(
    {
        "versions": {
            "numpy": np.__version__,
            "sklearn": sklearn.__version__,
            "scipy": __import__("scipy").__version__,
        },
        "labels": y.tolist(),
        "candidate": candidate.tolist(),
        "baseline": baseline.tolist(),
        "calibration": {"candidate": curve(candidate), "baseline": curve(baseline)},
        "confusion": {"candidate": confusion(candidate), "baseline": confusion(baseline)},
        "scores": {
            name: {"positive": scores(p, 1), "negative": scores(p, 0)}
            for name, p in {"candidate": candidate, "baseline": baseline}.items()
        },
        "freedmanDiaconisWidth": float(fd[1] - fd[0]),
        "hypergeometric": {"urns": urns, "midP": midp},
        "means": {
            "slice": a.tolist(),
            "rest": b.tolist(),
            "welch": {"pValue": welch.pvalue, "low": ci.low, "high": ci.high},
            "paired": {"pValue": paired.pvalue, "low": pci.low, "high": pci.high},
        },
    },
    sys.stdout,
)
