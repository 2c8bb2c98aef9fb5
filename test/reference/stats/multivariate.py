"""Reference values of the routines behind multivariate drift, by numpy, scipy and scikit-learn.

Run: python multivariate.py > multivariate.json   (versions are written into the file)

The discrepancy is summed by definition over all pairs.
"""
import json
import platform

import numpy as np
import scipy
import scipy.stats as st
import sklearn
from scipy.spatial.distance import cdist, pdist
from sklearn.decomposition import PCA

rng = np.random.default_rng(17)


def eigen():
    for name, matrix in [
        ("a correlation matrix", np.corrcoef(rng.normal(size=(8, 50)))),
        ("equal eigenvalues", np.diag([2.0, 2.0, 2.0, 5.0])),
        ("of rank one", np.outer([1.0, 2, 3], [1, 2, 3])),
        ("zero", np.zeros((3, 3))),
        ("negative eigenvalues", np.round((lambda a: a + a.T)(rng.normal(size=(12, 12))), 6)),
        ("badly scaled", np.diag([1e12, 1.0, 1e-12]) + 1e-13),
        ("already tridiagonal", np.diag([1.0, 2, 3, 4]) + np.diag([1.0, 0, 1], 1) + np.diag([1.0, 0, 1], -1)),
    ]:
        values, vectors = np.linalg.eigh(matrix)
        yield {
            "name": name,
            "size": len(matrix),
            "matrix": matrix.ravel().tolist(),
            "values": values[::-1].tolist(),
            "vectors": vectors.T[::-1].ravel().tolist(),
        }


def mmd():
    for n, m, columns, shift in [(12, 15, 3, 0.0), (20, 9, 2, 1.5), (7, 8, 40, 0.3)]:
        x = np.round(rng.normal(size=(n, columns)), 3)
        y = np.round(rng.normal(size=(m, columns)) + shift, 3)
        pooled = np.vstack([x, y])
        bandwidth = np.median(pdist(pooled))
        k = np.exp(-(cdist(pooled, pooled) ** 2) / (2 * bandwidth**2))
        xx, yy, xy = k[:n, :n], k[n:, n:], k[:n, n:]
        statistic = (
            (xx.sum() - n) / (n * (n - 1)) + (yy.sum() - m) / (m * (m - 1)) - 2 * xy.mean()
        )
        yield {
            "values": pooled.ravel().tolist(),
            "columns": columns,
            "first": n,
            "statistic": float(statistic),
            "bandwidth": float(bandwidth),
        }


def components():
    for rows, columns in [(60, 5), (40, 8)]:
        mix = rng.normal(size=(columns, columns))
        learned = np.round(rng.normal(size=(rows, columns)) @ mix, 4)
        other = np.round(rng.normal(size=(10, columns)) @ mix + 0.2, 4)
        mean, scale = learned.mean(axis=0), learned.std(axis=0)
        z, w = (learned - mean) / scale, (other - mean) / scale
        model = PCA(n_components=0.65, svd_solver="full").fit(z)
        rest = w - model.inverse_transform(model.transform(w))
        yield {
            "rows": rows,
            "columns": columns,
            "learned": learned.ravel().tolist(),
            "other": other.ravel().tolist(),
            "kept": int(model.n_components_),
            "explained": float(model.explained_variance_ratio_.sum()),
            "errors": np.sqrt((rest**2).sum(axis=1)).tolist(),
            "byColumn": (rest**2).mean(axis=0).tolist(),
        }


def spearman():
    for n, decimals in [(30, 5), (50, 0), (400, 1)]:
        x = np.round(rng.normal(size=n), decimals)
        y = np.round(0.6 * x + rng.normal(size=n), decimals)
        yield {
            "x": x.tolist(),
            "y": y.tolist(),
            "ranks": st.rankdata(x).tolist(),
            "rho": float(st.spearmanr(x, y).statistic),
        }


def spearman_variance():
    """The influence function by definition over all pairs of rows."""
    for name, x, y in [
        ("normal", *(lambda a: (a, 0.7 * a + rng.normal(size=60)))(rng.normal(size=60))),
        ("a product of spreads", *(lambda a: (a, a * rng.normal(size=80)))(rng.normal(size=80))),
        ("ties", rng.integers(0, 4, size=50).astype(float), rng.integers(0, 2, size=50).astype(float)),
    ]:
        x, y = np.round(x, 4), np.round(y, 4)
        above = lambda a: (a[None, :] > a[:, None]) + 0.5 * (a[None, :] == a[:, None])
        u, v = above(x).mean(axis=0) - 0.5, above(y).mean(axis=0) - 0.5

        def part(a, b, p, q):
            return p * q + (above(a) * q[None, :]).mean(axis=1) + (above(b) * p[None, :]).mean(axis=1)

        sx, sy = (u * u).mean(), (v * v).mean()
        rho = (u * v).mean() / np.sqrt(sx * sy)
        values = part(x, y, u, v) / np.sqrt(sx * sy) - rho / 2 * (
            part(x, x, u, u) / sx + part(y, y, v, v) / sy
        )
        yield {
            "name": name,
            "x": x.tolist(),
            "y": y.tolist(),
            "rho": float(st.spearmanr(x, y).statistic),
            "variance": float(values.var()),
        }


def cramer():
    """Bergsma (2013), from scipy's chi-square, with the sample's own leave-one-out variance of the square by brute force."""

    def square(table):
        table = table[table.sum(1) > 0][:, table.sum(0) > 0]
        n = table.sum()
        r, c = table.shape
        phi = st.chi2_contingency(table, correction=False).statistic / n - (r - 1) * (c - 1) / (n - 1)
        r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
        return phi / min(r - 1, c - 1)

    for table in [[[30, 10, 5], [8, 25, 9]], [[20, 20], [21, 19]], [[9, 1, 0], [2, 8, 0], [1, 1, 12]]]:
        table = np.array(table)
        n = table.sum()
        left = []
        for (i, j), count in np.ndenumerate(table):
            if count == 0:
                continue
            less = table.copy()
            less[i, j] -= 1
            left += [square(less)] * count
        left = np.array(left)
        yield {
            "table": table.tolist(),
            "v": float(np.sqrt(max(0, square(table)))),
            "square": float(square(table)),
            "variance": float((n - 1) / n * ((left - left.mean()) ** 2).sum()),
        }


def ratio():
    """Correlation ratio of numbers by group, with Kelley's correction, and its leave-one-out variance by brute force."""

    def square(values, groups):
        names = np.unique(groups)
        within = sum(((values[groups == g] - values[groups == g].mean()) ** 2).sum() for g in names)
        total = ((values - values.mean()) ** 2).sum()
        n = len(values)
        return 1 - within / total * (n - 1) / (n - len(names))

    for n, effect in [(25, 0.0), (40, 1.0)]:
        groups = rng.integers(0, 3, size=n)
        values = np.round(rng.normal(size=n) + effect * groups, 3)
        left = np.array([square(np.delete(values, i), np.delete(groups, i)) for i in range(n)])
        yield {
            "values": values.tolist(),
            "groups": groups.tolist(),
            "square": float(square(values, groups)),
            "variance": float((n - 1) / n * ((left - left.mean()) ** 2).sum()),
        }


print(
    json.dumps(
        {
            "versions": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "scikit-learn": sklearn.__version__,
            },
            "eigen": list(eigen()),
            "mmd": list(mmd()),
            "components": list(components()),
            "spearman": list(spearman()),
            "cramer": list(cramer()),
            "ratio": list(ratio()),
            "spearmanVariance": list(spearman_variance()),
        }
    )
)
