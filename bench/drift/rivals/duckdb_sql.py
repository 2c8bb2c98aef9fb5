"""The same statistics in DuckDB's SQL: duckdb_sql.py REFERENCE CURRENT OUTPUT. P-values, which it has not, are left out."""

import json
import os
import sys

import duckdb

reference, current, output = sys.argv[1:4]
database = duckdb.connect(config={"threads": os.cpu_count()})
for name, path in (("before", reference), ("now", current)):
    quoted = path.replace("'", "''")
    if path.endswith(".csv"):
        # Parsed once, not once a column.
        database.execute(f"create temp table {name} as from read_csv('{quoted}')")
    else:
        database.execute(f"create view {name} as from read_parquet('{quoted}')")

CATEGORIES = """
with a as (select {x} k, count(*)::double n from before group by all),
b as (select {x} k, count(*)::double n from now group by all),
t as (select coalesce(a.n, 0) p, coalesce(b.n, 0) q, k from a full join b using (k) where k is not null),
s as (select sum(p) ps, sum(q) qs from t),
u as (select k, p, q, p / ps pp, q / qs qq, greatest(p / ps, 1e-4) pe, greatest(q / qs, 1e-4) qe, (p / ps + q / qs) / 2 m,
  (p + q) * ps / (ps + qs) e1, (p + q) * qs / (ps + qs) e2 from t, s)
select sum((p - e1) ** 2 / e1 + (q - e2) ** 2 / e2) statistic, sum((qe - pe) * ln(qe / pe)) psi,
  sqrt(greatest(0, sum(if(pp > 0, pp * log2(pp / m), 0) + if(qq > 0, qq * log2(qq / m), 0)) / 2)) js,
  list(k) filter (p = 0) fresh, list(k) filter (q = 0) gone,
  (select coalesce(sum(n) filter (k is null), 0) / sum(n) from a) nulls_before,
  (select coalesce(sum(n) filter (k is null), 0) / sum(n) from b) nulls_now from u
"""

NUMBERS = """
with e as (select count({x})::double na, stddev_pop({x}) sd, 1 - count({x}) / count(*) nulls_before from before),
f as (select count({x})::double nb, 1 - count({x}) / count(*) nulls_now from now),
g as (select x, count(*) filter (s = 0) a, count(*) filter (s = 1) b from
  (select {x}::double x, 0 s from before union all select {x}::double, 1 from now) where x is not null group by x),
h as (select x, sum(a) over w / na fa, sum(b) over w / nb fb, lead(x) over w - x dx from g, e, f
  window w as (order by x rows unbounded preceding)),
k as (select unnest(list_distinct(quantile_cont({x}::double, [.1, .2, .3, .4, .5, .6, .7, .8, .9]))) edge from before),
l as (select edge, (select max(fa) from h where x <= edge) ca, (select max(fb) from h where x <= edge) cb from k
  union all select 'inf'::double, 1, 1),
m as (select ca - coalesce(lag(ca) over (order by edge), 0) p, coalesce(cb, 0) - coalesce(lag(cb) over (order by edge), 0) q from l)
select (select max(abs(fa - fb)) from h) statistic, (select sum(abs(fa - fb) * dx) from h) / sd distance,
  (select sum((greatest(q, 1e-4) - greatest(p, 1e-4)) * ln(greatest(q, 1e-4) / greatest(p, 1e-4))) from m) psi,
  (select sqrt(greatest(0, sum(if(p > 0, p * log2(2 * p / (p + q)), 0) + if(q > 0, q * log2(2 * q / (p + q)), 0)) / 2)) from m) js,
  nulls_before, nulls_now from e, f
"""


def row(query):
    found = database.execute(query)
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone()))


result = {}
for name, kind, *_ in database.execute("describe before").fetchall():
    quoted = '"' + name.replace('"', '""') + '"'
    is_text = kind in ("VARCHAR", "BOOLEAN")
    if kind == "BIGINT":
        [(levels,)] = database.execute(f"select count(distinct {quoted}) from before").fetchall()
        is_text = levels <= 20
    result[name] = row((CATEGORIES if is_text else NUMBERS).format(x=quoted))
with open(output, "w") as file:
    json.dump(result, file)
