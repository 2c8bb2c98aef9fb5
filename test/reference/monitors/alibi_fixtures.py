"""Writes test/fixtures/monitors/alibi-*.json by real runs of Alibi Detect 0.13.0.

python3 -m venv v && v/bin/pip install 'alibi-detect==0.13.0'
v/bin/python test/reference/monitors/alibi_fixtures.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
from alibi_detect.cd import ChiSquareDrift, CVMDrift, FETDrift, KSDrift, TabularDrift

warnings.filterwarnings("ignore")
OUT = Path(__file__).parents[2] / "fixtures" / "monitors"


class NumpyEncoder(json.JSONEncoder):
    def default(self, value):
        return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else super().default(value)


def write(name, result):
    (OUT / name).write_text(json.dumps(result, indent=1, cls=NumpyEncoder) + "\n", encoding="utf-8")


rng = np.random.default_rng(7)
reference = np.column_stack([rng.normal(40, 10, 500), rng.normal(0, 1, 500), rng.integers(0, 3, 500)])
current = np.column_stack([rng.normal(46, 10, 500), rng.normal(0, 1, 500), rng.integers(0, 3, 500)])
tabular = TabularDrift(reference, p_val=0.05, categories_per_feature={2: None})
write("alibi-tabular-batch.json", tabular.predict(current))
write("alibi-tabular-feature.json", tabular.predict(current, drift_type="feature"))
write("alibi-tabular-bare.json", tabular.predict(current, return_p_val=False, return_distance=False))
fdr = KSDrift(reference[:, :2], p_val=0.05, correction="fdr")
write("alibi-ks-fdr.json", fdr.predict(current[:, :2]))
write("alibi-chi-square.json", ChiSquareDrift(reference[:, 2:], p_val=0.05).predict(current[:, 2:], drift_type="feature"))
write("alibi-cvm.json", CVMDrift(reference[:, 0], p_val=0.05).predict(current[:, 0]))
try:
    from alibi_detect.cd import MMDDrift

    write("alibi-mmd.json", MMDDrift(reference, backend="pytorch").predict(current))
except Exception as problem:  # torch or tensorflow is not installed
    print(f"no MMD: {problem}")
