"""Reference values for the canary's e-processes, from first principles with mpmath 1.4.1 (50 digits).

python make.py > values.json
"""
import json
from mpmath import mp, mpf, exp, log, loggamma, sqrt, ncdf, quad, inf, npdf

mp.dps = 50


def grid(low, high, count=25):
    return [mpf(low) * (mpf(high) / mpf(low)) ** (mpf(k) / (count - 1)) for k in range(count)]


def q(theta, w):
    return theta * w / (theta * w + 1 - w)


def weights(alternatives, centre, spread):
    """A bell on the logarithm with 80 % of the weight, the rest even."""
    bells = [exp(-((log(theta) - log(centre)) / spread) ** 2 / 2) for theta in alternatives]
    return [mpf('0.8') * bell / sum(bells) + mpf('0.2') / len(bells) for bell in bells]


def rate(intervals, ratio, direction):
    ratio = mpf(ratio)
    if direction == 'increase':
        alternatives = grid(ratio * mpf('1.1'), ratio * 8)
        mixture = weights(alternatives, 2 * ratio, mpf('0.35'))
    else:
        alternatives = grid(mpf('0.5') * min(mpf(1), ratio), ratio * mpf('0.9'))
        mixture = weights(alternatives, min(mpf(1), mpf('0.9') * ratio), mpf('0.2'))
    values = []
    wealth = [mpf(1)] * 25
    for nc, xc, ns, xs in intervals:
        if nc > 0 and ns > 0:
            w = mpf(nc) / (nc + ns)
            for k, theta in enumerate(alternatives):
                wealth[k] *= (q(theta, w) / q(ratio, w)) ** xc * ((1 - q(theta, w)) / (1 - q(ratio, w))) ** xs
        values.append(float(sum(p * value for p, value in zip(mixture, wealth))))
    return values


def sample_ratio(counts, weights, k=100):
    total = mpf(sum(weights))
    n = sum(counts)
    value = loggamma(k) - loggamma(k + n)
    for count, weight in zip(counts, weights):
        share = mpf(weight) / total
        value += loggamma(k * share + count) - loggamma(k * share) - count * log(share)
    return float(exp(value))


def half_normal(s, v, rho):
    """Mixture over lambda >= 0 by numerical integration, not by the closed form under test."""
    s, v, rho = mpf(s), mpf(v), mpf(rho)
    density = lambda l: 2 * sqrt(rho) * npdf(l * sqrt(rho))
    peak = max(s / (v + rho), mpf(0))
    width = 1 / sqrt(v + rho)
    points = [mpf(0), peak + width, peak + 6 * width, peak + 40 * width]
    return float(quad(lambda l: exp(l * s - l * l * v / 2) * density(l), points))


def sign(canary, stable, share=mpf('0.5')):
    alternatives = [share + (1 - share) * mpf(k) / 20 for k in range(1, 20)]
    return float(sum((p / share) ** canary * ((1 - p) / (1 - share)) ** stable for p in alternatives) / 19)


intervals = [[50, 1, 950, 9], [100, 3, 900, 8], [0, 0, 1000, 12], [250, 0, 750, 0], [500, 14, 500, 6]]
print(json.dumps({
    'intervals': intervals,
    'increase': rate(intervals, 1, 'increase'),
    'increaseFrom1.5': rate(intervals, '1.5', 'increase'),
    'decreaseFrom1.5': rate(intervals, '1.5', 'decrease'),
    'sampleRatio': [
        {'counts': c, 'weights': w, 'eValue': sample_ratio(c, w)}
        for c, w in [([50, 950], [5, 95]), ([90, 910], [5, 95]), ([3400, 3300, 3300], [1, 1, 1]), ([1, 0], [10, 90])]
    ],
    'halfNormal': [{'sum': s, 'variance': v, 'rho': r, 'eValue': half_normal(s, v, r)}
                   for s, v, r in [(0, 10, 3), (8, 10, 3), (-5, 10, 3), (30, 60, 12)]],
    'sign': [{'canaryOnly': c, 'stableOnly': s, 'eValue': sign(c, s)} for c, s in [(0, 0), (9, 1), (5, 5), (40, 12)]],
}, indent=1))
