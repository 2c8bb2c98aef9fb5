"""What all rivals are given: both samples, read by pandas from Parquet or CSV, and which columns are what."""

import json
import sys

import pandas as pd


def read_pair():
    reference, current = sys.argv[1:3]
    read = pd.read_csv if reference.endswith(".csv") else pd.read_parquet
    return read(reference), read(current)


def numeric(frame):
    return [name for name in frame if name.startswith("n")]


def categorical(frame):
    return [name for name in frame if name.startswith("c")]


def write(result):
    with open(sys.argv[3], "w") as file:
        json.dump(result, file, default=str)
