"""Predictions of two models on the same examples, the baseline's rows in another order: python data.py FOLDER ROWS"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder, rows = Path(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(20260101)
label = (random.random(rows) < 0.3).astype(np.int64)
signal = 1.4 * label + random.normal(size=rows)


def model(noise):
    score = 1 / (1 + np.exp(-(signal + noise * random.normal(size=rows) - 0.9)))
    return score, (score > 0.5).astype(np.int64)


def write(name, noise, order):
    score, prediction = model(noise)
    columns = {"id": np.arange(rows), "label": label, "prediction": prediction, "score": score}
    pq.write_table(pa.table({key: value[order] for key, value in columns.items()}), folder / name)


folder.mkdir(parents=True, exist_ok=True)
write("candidate.parquet", 0.30, np.arange(rows))
write("baseline.parquet", 0.35, random.permutation(rows))
