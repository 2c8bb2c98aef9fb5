"""Writes test/fixtures/monitors/evidently-*.json by real runs of Evidently 0.7.23.

python3 -m venv v && v/bin/pip install 'evidently==0.7.23' 'pandas<3'
v/bin/python test/reference/monitors/evidently_fixtures.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
OUT = Path(__file__).parents[2] / "fixtures" / "monitors"


def frame(rng, n, shift):
    return pd.DataFrame(
        {
            "age": rng.normal(40 + shift, 10, n),
            "naïve|<b>\n": rng.normal(0, 1, n),
            "country": rng.choice(["de", "fr", "it"], n, p=[0.5 - shift / 20, 0.3 + shift / 20, 0.2]),
            "constructor": rng.choice(["a", "b"], n),
        }
    )


def write(name, text):
    data = json.loads(text)
    (OUT / name).write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def small():
    rng = np.random.default_rng(7)
    return frame(rng, 300, 0), frame(rng, 300, 4)


def large():
    rng = np.random.default_rng(8)
    return frame(rng, 1500, 0), frame(rng, 1500, 4)


def new():
    from evidently import Report
    from evidently.metrics import DriftedColumnsCount, ValueDrift
    from evidently.presets import DataDriftPreset, DataSummaryPreset

    for name, (reference, current) in {"small": small(), "large": large()}.items():
        snapshot = Report([DataDriftPreset()]).run(current, reference)
        write(f"evidently-0.7-{name}.json", snapshot.json())
    reference, current = small()
    snapshot = Report([DataDriftPreset(num_method="ks", cat_method="psi", threshold=0.2)], include_tests=True).run(current, reference)
    write("evidently-0.7-tests.json", snapshot.json())
    snapshot = Report([ValueDrift(column="age"), DriftedColumnsCount(drift_share=0.3)]).run(current, reference)
    write("evidently-0.7-value-drift.json", snapshot.json())
    snapshot = Report([DataSummaryPreset()]).run(current, reference)
    write("evidently-0.7-summary.json", snapshot.json())


def legacy():
    from evidently.legacy.metric_preset import DataDriftPreset
    from evidently.legacy.metrics import ColumnDriftMetric
    from evidently.legacy.report import Report
    from evidently.legacy.test_preset import DataDriftTestPreset
    from evidently.legacy.test_suite import TestSuite

    for name, (reference, current) in {"small": small(), "large": large()}.items():
        report = Report(metrics=[DataDriftPreset()])
        report.run(reference_data=reference, current_data=current)
        write(f"evidently-0.4-{name}.json", report.json())
    reference, current = small()
    report = Report(metrics=[ColumnDriftMetric("age")])
    report.run(reference_data=reference, current_data=current)
    write("evidently-0.4-column.json", report.json())
    suite = TestSuite(tests=[DataDriftTestPreset()])
    suite.run(reference_data=reference, current_data=current)
    write("evidently-0.4-test-suite.json", suite.json())


OUT.mkdir(parents=True, exist_ok=True)
new()
legacy()
