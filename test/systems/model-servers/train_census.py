"""A small model of scikit-learn for MLServer: its folder, and examples with its own answers (python train_census.py folder)."""

import csv
import json
import sys
from pathlib import Path

import joblib
import numpy
from sklearn.linear_model import LogisticRegression

folder = Path(sys.argv[1])
draw = numpy.random.default_rng(7)
rows = draw.normal(size=(300, 3)).round(4)
labels = (rows @ [1.0, 0.5, -1.0] > 0).astype(int)
model = LogisticRegression().fit(rows, labels)
joblib.dump(model, folder / "model.joblib")

settings = {
    "name": "census",
    "implementation": "mlserver_sklearn.SKLearnModel",
    "inputs": [{"name": "features", "datatype": "FP64", "shape": [-1, 3]}],
    "outputs": [
        {"name": "predict", "datatype": "INT64", "shape": [-1, 1]},
        {"name": "predict_proba", "datatype": "FP64", "shape": [-1, 2]},
    ],
    "parameters": {"uri": "./model.joblib"},
}
(folder / "model-settings.json").write_text(json.dumps(settings))

with (folder / "golden.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["age", "hours", "capital", "label", "no", "yes"])
    examples = rows[:40]
    answers = zip(examples, model.predict(examples), model.predict_proba(examples))
    for row, label, shares in answers:
        writer.writerow([*row, label, *(repr(float(share)) for share in shares)])
