"""Reference values of penalised logistic regression, by scikit-learn.

Run: python logistic.py > logistic.json   (numpy, scikit-learn; versions are written into the file)
"""
import json
import platform

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(5)


def fit(x, y, penalty):
    model = LogisticRegression(C=1 / penalty, solver="lbfgs", tol=1e-8, max_iter=100000)
    model.fit(x, y)
    return {
        "intercept": float(model.intercept_[0]),
        "weights": model.coef_[0].tolist(),
        "scores": model.decision_function(x)[:10].tolist(),
    }


def dense(name, x, y, penalty):
    return {
        "name": name,
        "rows": x.shape[0],
        "columns": x.shape[1],
        "values": x.ravel().tolist(),
        "labels": y.tolist(),
        "penalty": penalty,
        **fit(x, y, penalty),
    }


def sparse(name, rows, columns, per_row, penalty):
    x = sp.random(rows, columns, density=per_row / columns, random_state=3, format="csr")
    truth = rng.normal(size=columns) * 3
    y = (rng.random(rows) < 1 / (1 + np.exp(-(x @ truth)))).astype(int)
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "offsets": x.indptr.tolist(),
        "indices": x.indices.tolist(),
        "values": x.data.tolist(),
        "labels": y.tolist(),
        "penalty": penalty,
        **fit(x, y, penalty),
    }


def cases():
    x = np.round(rng.normal(size=(120, 4)), 3)
    y = (rng.random(120) < 1 / (1 + np.exp(-(x @ [1, -2, 0, 0.5] - 0.7)))).astype(int)
    yield dense("four columns", x, y, 1.0)
    yield dense("four columns, hardly a penalty", x, y, 0.01)
    yield dense("four columns, nearly nothing but the penalty", x, y, 1000.0)
    separable = np.round(rng.normal(size=(40, 2)), 3)
    yield dense("separable", separable, (separable[:, 0] > 0.1).astype(int), 0.1)
    rare = np.round(rng.normal(size=(150, 3)), 3)
    labels = np.zeros(150, dtype=int)
    labels[:4] = 1
    yield dense("four positives", rare, labels, 1.0)
    copies = np.column_stack([rare[:, 0], rare[:, 0], 5 * rare[:, 1] + 2])
    yield dense("a column twice", copies, (rare[:, 0] + rare[:, 2] > 0).astype(int), 0.5)
    yield sparse("sparse, fewer columns than rows", 150, 40, 6, 1.0)
    yield sparse("sparse, more columns than rows", 60, 200, 12, 0.1)


print(
    json.dumps(
        {
            "versions": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scikit-learn": sklearn.__version__,
            },
            "cases": list(cases()),
        }
    )
)
