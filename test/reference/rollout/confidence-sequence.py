"""Confidence sequences by confseq 0.0.11 (https://github.com/gostevehoward/confseq), its C++ part compiled.

    PYTHONPATH=<confseq>/src python confidence-sequence.py > confidence-sequence.json
"""
import json
import numpy as np
from confseq import boundaries, quantiles

# betting.py imports plotting packages at its head; only its two functions are needed.
import sys, types
np.float_ = np.float64  # its name before NumPy 2
for name in ('matplotlib', 'matplotlib.pyplot', 'multiprocess', 'pandas'):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules['matplotlib'].pyplot = sys.modules['matplotlib.pyplot']
from confseq.betting import betting_cs

rng = np.random.default_rng(5)
means = []
for values, alpha in [
    (rng.beta(2, 5, 30), .05), (rng.beta(10, 30, 300), .1),
    ((rng.random(80) < .07).astype(float), .05), (np.ones(40), .05), (np.full(25, .5), .2),
]:
    values = np.round(values, 6)
    low, high = betting_cs(values, alpha=alpha)
    means.append(dict(values=values.tolist(), alpha=alpha, low=float(low[-1]), high=float(high[-1])))

bounds = []
for n, p, alpha, t in [(100, .5, .05, 100), (400, .9, .05, 200), (1000, .99, .1, 1000), (300, .25, .01, 50), (40, .95, .05, 100)]:
    v = n * p * (1 - p)
    up = boundaries.beta_binomial_mixture_bound(v, alpha, t * p * (1 - p), p, 1 - p, alpha, False)
    down = boundaries.beta_binomial_mixture_bound(v, alpha, t * p * (1 - p), 1 - p, p, alpha, False)
    bounds.append(dict(n=n, quantile=p, alpha=alpha, sharpestAt=t, up=float(up), down=float(down)))

tests = []
for shift, na, nb, p, t, decimals in [(0, 60, 80, .5, 100, 6), (.8, 100, 120, .5, 100, 6), (.5, 300, 200, .9, 300, 6), (1, 200, 200, .75, 100, 1), (-1.5, 90, 150, .25, 100, 1)]:
    a = np.round(rng.standard_normal(na), decimals)
    b = np.round(rng.standard_normal(nb) + shift, decimals)
    value = quantiles.quantile_ab_p_value(a, b, p, t, .05)
    tests.append(dict(one=a.tolist(), other=b.tolist(), quantile=p, alpha=.05, sharpestAt=t, pValue=float(value)))

normal = []
for n, deviation, alpha, t in [(10, 1, .05, 100), (500, 2.5, .05, 100), (2000, .3, .01, 500)]:
    v = n * deviation**2
    radius = boundaries.normal_mixture_bound(v, alpha, t * deviation**2, alpha, False) / n
    normal.append(dict(n=n, deviation=deviation, alpha=alpha, sharpestAt=t, radius=float(radius)))
print(json.dumps(dict(confseq='0.0.11', means=means, bounds=bounds, tests=tests, normal=normal)))
