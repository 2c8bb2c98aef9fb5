"""Reference values of the distribution functions, from mpmath with 40 digits.

Run: python special.py > special.json   (mpmath, scipy; the versions used are written into the file)
"""
import json
import platform

import mpmath as mp
import scipy
import scipy.stats

mp.mp.dps = 40


def t_cdf(t, df):
    t, df = mp.mpf(t), mp.mpf(df)
    tail = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return tail if t <= 0 else 1 - tail


def t_quantile(p, df):
    """One root of the distribution function in 40 digits, started from scipy's double."""
    p = mp.mpf(p)
    upper = p > mp.mpf(1) / 2
    tail = 1 - p if upper else p
    start = mp.mpf(float(scipy.stats.t.isf(float(tail), df)))
    scale = mp.findroot(lambda s: t_cdf(-start * s, df) / tail - 1, (1, 1 + mp.mpf(10) ** -9), tol=1e-40)
    return start * scale if upper else -start * scale


def binomial_pmf(k, n, p):
    p = mp.mpf(p)
    return mp.binomial(n, k) * p**k * (1 - p) ** (n - k)


def binomial_cdf(k, n, p):
    return mp.fsum(binomial_pmf(i, n, p) for i in range(k + 1))


NORMAL = [-38, -20, -9.3, -6, -5.7, -5.6, -3, -1.96, -0.68, -0.6, -0.1, 0, 0.3, 0.675, 1, 3, 5, 8, 20]
QUANTILES = [1e-300, 1e-100, 1e-16, 1e-8, 1e-4, 0.001, 0.025, 0.05, 0.074, 0.076, 0.2, 0.5, 0.7, 0.9, 0.975, 0.999]
LOG_GAMMA = [1e-10, 0.1, 0.5, 1.5, 2.5, 3, 7.25, 9.99, 10, 10.5, 55, 1e3, 1e6, 1e12]
BETA = [
    (0.1, 0.5, 0.5), (0.5, 2, 3), (0.9, 20, 2), (0.01, 0.05, 8), (0.3, 100, 250), (0.28, 100, 250), (0.5, 5000, 5100),
    (0.47, 5000, 5000), (1e-5, 0.5, 40), (0.999, 30, 0.5), (0.2, 1, 1), (0.002, 0.5, 3000),
]
T = [(-40, 1), (-3, 1), (0.2, 1), (-2, 2.5), (2.1, 5), (-8, 9), (-0.001, 14), (1.7, 30.5), (-5, 300), (-1.645, 900), (-30, 12)]
T_QUANTILES = [(p, df) for df in (0.5, 1, 2, 3.3, 9, 14, 30, 120) for p in (1e-10, 0.001, 0.025, 0.3, 0.4999, 0.6, 0.975)]
BINOMIAL = [
    (0, 10, 0.5), (3, 10, 0.5), (5, 10, 0.5), (10, 10, 0.3), (2, 17, 0.01), (40, 100, 0.5), (450, 1000, 0.5),
    (1, 3000, 0.001), (2900, 6000, 0.5), (60, 6000, 0.02),
]

print(
    json.dumps(
        {
            "made_with": {"python": platform.python_version(), "mpmath": mp.__version__, "scipy": scipy.__version__, "digits": mp.mp.dps},
            "normal": [{"x": x, "cdf": float(mp.ncdf(x)), "sf": float(mp.ncdf(-mp.mpf(x)))} for x in NORMAL],
            "normalQuantile": [
                # 1 - p is exact in 40 digits for the double p that the test uses.
                {"p": p, "x": float(mp.sqrt(2) * mp.erfinv(2 * mp.mpf(p) - 1)) if p > 1e-20 else float(-mp.findroot(lambda x: mp.log(mp.ncdf(-x)) - mp.log(mp.mpf(p)), mp.sqrt(-2 * mp.log(p))))}
                for p in QUANTILES
            ],
            "logGamma": [{"x": x, "value": float(mp.loggamma(x))} for x in LOG_GAMMA],
            "incompleteBeta": [
                {"x": x, "a": a, "b": b, "value": float(mp.betainc(a, b, 0, mp.mpf(x), regularized=True))} for x, a, b in BETA
            ],
            "studentT": [{"t": t, "df": df, "cdf": float(t_cdf(t, df))} for t, df in T],
            "studentTQuantile": [{"p": p, "df": df, "t": float(t_quantile(p, df))} for p, df in T_QUANTILES],
            "binomial": [
                {"k": k, "n": n, "p": p, "pmf": float(binomial_pmf(k, n, p)), "cdf": float(binomial_cdf(k, n, p))}
                for k, n, p in BINOMIAL
            ],
        },
        indent=1,
    )
)
