"""Alibi Detect's TabularDrift: alibi_detect_tabular.py REFERENCE CURRENT OUTPUT

It wants one matrix of numbers without missing values: categories become codes and missing cells a value of their own, which is what a
user has to do.
"""

import numpy as np
import pandas as pd
from alibi_detect.cd import TabularDrift
from frames import categorical, read_pair, write

MISSING = -999

reference, current = read_pair()
columns = list(reference)
texts = set(categorical(reference))
before = np.empty((len(reference), len(columns)))
now = np.empty((len(current), len(columns)))
categories = {}
for place, name in enumerate(columns):
    if name in texts:
        both = pd.concat([reference[name], current[name]]).fillna("<null>")
        known = pd.Index(both.unique())
        before[:, place] = known.get_indexer(reference[name].fillna("<null>"))
        now[:, place] = known.get_indexer(current[name].fillna("<null>"))
        categories[place] = list(range(len(known)))
    else:
        before[:, place] = reference[name].fillna(MISSING)
        now[:, place] = current[name].fillna(MISSING)
detector = TabularDrift(before, p_val=0.05, categories_per_feature=categories)
found = detector.predict(now, drift_type="feature")["data"]
whole = detector.predict(now, drift_type="batch")["data"]
features = zip(columns, found["p_val"], found["distance"], found["is_drift"])
write(
    {
        "columns": {name: [float(p), float(d), int(drift)] for name, p, d, drift in features},
        "batch": int(whole["is_drift"]),
    }
)
