"""Reference values on real data: python census.py /path/to/census > census.json

American Community Survey, Massachusetts (public domain), as described beside the data: 1200 persons of 2018 with the model's
predictions, the metrics of scikit-learn and fairlearn with the survey-like weights drawn here. numpy 2.4.6, pandas 3.1.1,
scikit-learn 1.9.1, fairlearn 0.15.0 (versions are written into the file).
"""

import json
import sys
import warnings

import fairlearn
import fairlearn.metrics as fm
import numpy as np
import pandas as pd
import sklearn
import sklearn.metrics as sm

warnings.filterwarnings("ignore")


def values_of(y, hat, p, age, guess, sex, race, w):
    """Every metric as [name, value, options, data]."""
    kw = {"sample_weight": w}
    two = dict(labels=y, predictions=hat, scores=p)
    for name, score in [
        ("accuracy", sm.accuracy_score), ("balanced-accuracy", sm.balanced_accuracy_score), ("precision", sm.precision_score),
        ("recall", sm.recall_score), ("f1", sm.f1_score), ("matthews", sm.matthews_corrcoef), ("cohen-kappa", sm.cohen_kappa_score),
    ]:
        yield name, score(y, hat, **kw), {}, two
    for average in ["macro", "micro", "weighted"]:
        yield "f1", sm.f1_score(y, hat, average=average, **kw), {"average": average}, two
    for name, score in [
        ("auc", sm.roc_auc_score), ("average-precision", sm.average_precision_score), ("log-loss", sm.log_loss), ("brier", sm.brier_score_loss),
    ]:
        yield name, score(y, p, **kw), {}, two
    for group in [sex, race]:
        fair = {"sensitive_features": group, **kw}
        data = {**two, "groups": group}
        for name, score in [
            ("demographic-parity-difference", fm.demographic_parity_difference), ("demographic-parity-ratio", fm.demographic_parity_ratio),
            ("disparate-impact", fm.demographic_parity_ratio), ("equalized-odds-difference", fm.equalized_odds_difference),
            ("equal-opportunity-difference", fm.equal_opportunity_difference),
        ]:
            yield name, score(y, hat, **fair), {}, data
    numbers = dict(labels=age, predictions=guess)
    for name, score in [
        ("mae", sm.mean_absolute_error), ("mse", sm.mean_squared_error), ("rmse", sm.root_mean_squared_error),
        ("mape", sm.mean_absolute_percentage_error), ("r2", sm.r2_score),
    ]:
        yield name, score(age, guess, **kw), {}, numbers
    yield "pinball", sm.mean_pinball_loss(age, guess, alpha=0.8, **kw), {"quantile": 0.8}, numbers


def main(folder):
    people = pd.read_parquet(f"{folder}/employment_MA_2018.parquet")
    joined = people.merge(pd.read_parquet(f"{folder}/predictions.parquet"), on="id", suffixes=("", "_model"))
    joined = joined.sort_values("id")
    races = joined["RAC1P"].where(joined["RAC1P"].isin([1, 2, 6]), 0)
    rows = joined.assign(race=races).iloc[:: max(1, len(joined) // 1200)].head(1200)
    rng = np.random.default_rng(7)
    columns = dict(
        y=rows["employed"].to_numpy(), hat=rows["prediction"].to_numpy(), p=rows["predicted_probability"].to_numpy().astype(float),
        # A rough guess of the age from schooling and marriage, so that there is a regression on real numbers.
        age=rows["AGEP"].to_numpy().astype(float), guess=(2.0 * rows["SCHL"] + 8.0 * (rows["MAR"] != 5)).to_numpy().astype(float),
        sex=rows["SEX"].to_numpy(), race=rows["race"].to_numpy(),
    )
    weights = np.where(rng.random(len(rows)) < 0.1, 0.0, rng.uniform(0.2, 5, len(rows)))
    keep = {id(v): k for k, v in columns.items()}
    cases = []
    for w in [None, weights]:
        for name, value, options, data in values_of(**columns, w=w):
            named = {key: keep[id(array)] for key, array in data.items()}
            cases.append({"name": name, "value": float(value), "columns": {**named, **({} if w is None else {"weights": "w"})}, **options})
    versions = {
        "numpy": np.__version__, "pandas": pd.__version__, "scikit-learn": sklearn.__version__, "fairlearn": fairlearn.__version__,
    }
    listed = {key: array.tolist() for key, array in {**columns, "w": weights}.items()}
    print(json.dumps({"versions": versions, "columns": listed, "cases": cases}))


main(sys.argv[1])
