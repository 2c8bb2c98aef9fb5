"""Makes two samples of which is known how they differ: python data.py FOLDER ROWS_REFERENCE ROWS_CURRENT [--csv]

Writes reference.parquet and current.parquet (and .csv with --csv): 20 numeric columns n00..n19 and 10 categorical ones c00..c09,
always the same for the same numbers of rows. Numbers are rounded to six decimals, so that both formats hold the same doubles.
truth.json says what differs in which column. Needs numpy and pyarrow.
"""

import argparse
import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

SEED = 20240601
CHUNK = 1_000_000
ROW_GROUP = 131_072

CHANGED = {
    "n01": "mean 0.01 standard deviations up: significant at a million rows, and of no moment",
    "n02": "mean 0.1 standard deviations up",
    "n03": "mean 0.5 standard deviations up",
    "n04": "standard deviation 1 to 1.3",
    "n06": "lognormal, sigma 0.5 to 0.6",
    "n08": "uniform to beta(1.2, 1)",
    "n10": "exponential, scale 1 to 1.2",
    "n12": "Poisson, 3 to 3.5",
    "n15": "share of nulls 5 % to 20 %, nothing else",
    "n17": "two modes, weights 0.5 to 0.6",
    "n19": "Student's t of 3 to 2 degrees of freedom",
    "c01": "shares (0.5, 0.3, 0.2) to (0.4, 0.35, 0.25)",
    "c03": "share 0.30 to 0.35",
    "c05": "Zipf, exponent 1 to 1.3",
    "c06": "a new category of 0.5 %",
    "c07": "a category vanished",
    "c09": "share of nulls 1 % to 10 %, nothing else",
}


def zipf(levels, exponent):
    weights = 1.0 / np.arange(1, levels + 1) ** exponent
    return weights / weights.sum()


def names(prefix, count):
    return [f"{prefix}{i}" for i in range(count)]


class Maker:
    """Draws the columns of one chunk, in one order of draws."""

    def __init__(self, rng, rows, is_current):
        self.rng = rng
        self.rows = rows
        self.is_current = is_current
        self.columns = {}

    def pick(self, before, now):
        return now if self.is_current else before

    def normal(self):
        return self.rng.standard_normal(self.rows)

    def numbers(self, name, values, nulls=0.0):
        mask = (self.rng.random(self.rows) < nulls) if nulls else None
        self.columns[name] = pa.array(values, mask=mask)

    def decimals(self, name, values, nulls=0.0):
        self.numbers(name, np.round(values, 6), nulls)

    def categories(self, name, levels, shares, nulls=0.0):
        codes = self.rng.choice(len(levels), size=self.rows, p=shares).astype(np.int32)
        mask = self.rng.random(self.rows) < nulls if nulls else None
        coded = pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), pa.array(levels))
        self.columns[name] = coded.cast(pa.string())

    def two_modes(self, weight):
        first = self.rng.random(self.rows) < weight
        return np.where(first, self.normal() - 2, self.normal() + 2)

    def table(self):
        self.numeric()
        self.categorical()
        return pa.table(self.columns)

    def numeric(self):
        rng, rows, pick = self.rng, self.rows, self.pick
        self.decimals("n00", self.normal())
        self.decimals("n01", self.normal() + pick(0, 0.01))
        self.decimals("n02", self.normal() + pick(0, 0.1))
        self.decimals("n03", self.normal() + pick(0, 0.5))
        self.decimals("n04", self.normal() * pick(1, 1.3))
        self.decimals("n05", rng.lognormal(0, 0.5, rows))
        self.decimals("n06", rng.lognormal(0, pick(0.5, 0.6), rows))
        self.decimals("n07", rng.random(rows))
        self.decimals("n08", rng.beta(1.2, 1, rows) if self.is_current else rng.random(rows))
        self.decimals("n09", rng.exponential(1, rows))
        self.decimals("n10", rng.exponential(pick(1, 1.2), rows))
        self.numbers("n11", rng.poisson(3, rows).astype(np.int64))
        self.numbers("n12", rng.poisson(pick(3, 3.5), rows).astype(np.int64))
        self.numbers("n13", rng.integers(0, 1_000_000, rows))
        self.decimals("n14", self.normal(), 0.05)
        self.decimals("n15", self.normal(), pick(0.05, 0.20))
        self.decimals("n16", self.two_modes(0.5))
        self.decimals("n17", self.two_modes(pick(0.5, 0.6)))
        self.decimals("n18", np.where(rng.random(rows) < 0.6, 0.0, rng.exponential(1, rows)))
        self.decimals("n19", rng.standard_t(pick(3, 2), rows))

    def categorical(self):
        pick = self.pick
        three = [0.5, 0.3, 0.2]
        five = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
        levels = names("b", 5)
        self.categories("c00", names("a", 3), three)
        self.categories("c01", names("a", 3), pick(three, [0.4, 0.35, 0.25]))
        self.categories("c02", ["no", "yes"], [0.7, 0.3])
        self.categories("c03", ["no", "yes"], pick([0.7, 0.3], [0.65, 0.35]))
        self.categories("c04", names("city", 20), zipf(20, 1.0))
        self.categories("c05", names("city", 20), zipf(20, pick(1.0, 1.3)))
        self.categories("c06", levels + pick([], ["NEW"]), pick(five, np.append(five * 0.995, 0.005)))
        self.categories("c07", levels, pick(five, np.array([0.4, 0.3, 0.15, 0.15, 0.0])))
        self.categories("c08", names("sku", 1000), zipf(1000, 0.5))
        self.categories("c09", names("d", 10), np.full(10, 0.1), pick(0.01, 0.10))


def write(base, rows, is_current, as_csv):
    writer = None
    text = None
    for start in range(0, rows, CHUNK):
        rng = np.random.Generator(np.random.PCG64([SEED, int(is_current), start]))
        table = Maker(rng, min(CHUNK, rows - start), is_current).table()
        writer = writer or pa.parquet.ParquetWriter(base + ".parquet", table.schema, compression="snappy")
        writer.write_table(table, row_group_size=ROW_GROUP)
        if as_csv:
            text = text or pa.csv.CSVWriter(base + ".csv", table.schema)
            text.write_table(table)
    writer.close()
    if text:
        text.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("reference", type=int)
    parser.add_argument("current", type=int)
    parser.add_argument("--csv", action="store_true")
    asked = parser.parse_args()
    os.makedirs(asked.folder, exist_ok=True)
    for name, rows in (("reference", asked.reference), ("current", asked.current)):
        write(os.path.join(asked.folder, name), rows, name == "current", asked.csv)
    with open(os.path.join(asked.folder, "truth.json"), "w") as file:
        json.dump(CHANGED, file, indent=1)


main()
