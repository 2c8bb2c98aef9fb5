"""The same statistics as drift-check, as a careful user of scipy and pandas would write them: scipy_pandas.py REFERENCE CURRENT OUTPUT"""

import numpy as np
import pandas as pd
from frames import read_pair, write
from scipy import stats
from scipy.spatial.distance import jensenshannon

MOST_CODES = 20
SMALLEST_SHARE = 1e-4


def psi(before, now):
    p, q = np.maximum(before, SMALLEST_SHARE), np.maximum(now, SMALLEST_SHARE)
    return ((q - p) * np.log(q / p)).sum()


def numbers(before, now):
    a, b = before.dropna().to_numpy(float), now.dropna().to_numpy(float)
    test = stats.ks_2samp(a, b, method="asymp")
    edges = np.unique(np.quantile(a, np.arange(1, 10) / 10))

    def shares(values):
        bins = np.searchsorted(edges, values, side="left")
        return np.bincount(bins, minlength=len(edges) + 1) / len(values)

    p, q = shares(a), shares(b)
    return {
        "statistic": test.statistic,
        "pValue": test.pvalue,
        "distance": stats.wasserstein_distance(a, b) / a.std(),
        "psi": psi(p, q),
        "js": jensenshannon(p, q, base=2),
    }


def categories(before, now):
    table = pd.concat([before.value_counts(), now.value_counts()], axis=1).fillna(0).to_numpy()
    test = stats.chi2_contingency(table.T, correction=False)
    p, q = table[:, 0] / table[:, 0].sum(), table[:, 1] / table[:, 1].sum()
    js = jensenshannon(p, q, base=2)
    return {"statistic": test[0], "pValue": test[1], "distance": js, "psi": psi(p, q), "js": js}


def is_quantity(column):
    if column.dtype.kind == "i":
        return column.nunique() > MOST_CODES
    return column.dtype.kind == "f"


reference, current = read_pair()
result = {}
for name in reference:
    compare = numbers if is_quantity(reference[name]) else categories
    result[name] = {key: float(x) for key, x in compare(reference[name], current[name]).items()}
write(result)
