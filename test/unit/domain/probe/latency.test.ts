import { describe, expect, it } from '@jest/globals'
import { judgeLatency, leastRequests } from '../../../../src/domain/probe/latency.js'
import { binomialPmf } from '../../../../src/domain/stats/special/binomial.js'

const BOUND = { quantile: 0.95, under: 100 }

function measured(n: number, over: number, failures: readonly string[] = []) {
  const milliseconds = Array.from({ length: n }, (_, i) => (i < over ? 200 : 50))
  return { milliseconds, failures, concurrency: 4 }
}

const verdict = (n: number, over: number, confidence = 0.95) =>
  judgeLatency(measured(n, over), [BOUND], confidence).status

describe('the latency under a small load', () => {
  // scipy 1.17.1: binom.cdf(0, 58, .05) = 0.05104, binom.cdf(0, 59, .05) = 0.04849.
  it('is shown to be under a bound for 95% by 59 requests, and not by 58', () => {
    expect(leastRequests(0.95, 0.95)).toBe(59)
    expect(verdict(59, 0)).toBe('pass')
    expect(verdict(58, 0)).toBe('unclear')
  })

  // scipy 1.17.1: binom.cdf(4, 200, .05) = 0.02645, binom.cdf(5, 200, .05) = 0.06234; binom.sf(14, 200, .05) = 0.07813,
  // binom.sf(15, 200, .05) = 0.04436.
  it.each([
    [4, 'pass'],
    [5, 'unclear'],
    [10, 'unclear'],
    [15, 'unclear'],
    [16, 'fail'],
  ])('of 200 requests, with %i over the bound of p95, is: %s', (over, status) => {
    expect(verdict(200, over)).toBe(status)
  })

  it('is wrongly passed by at most 5% of the servers that are just at the bound, for any number of requests', () => {
    for (const n of [10, 59, 100, 200, 1000]) {
      let passed = 0
      let failed = 0
      for (let over = 0; over <= n; over++) {
        const share = binomialPmf(over, n, 0.05)
        if (verdict(n, over) === 'pass') passed += share
        if (verdict(n, over) === 'fail') failed += share
      }
      expect(passed).toBeLessThanOrEqual(0.05)
      expect(failed).toBeLessThanOrEqual(0.05)
    }
  })

  it('is not under it where requests take just as long as the bound says and no longer: these are not over', () => {
    const exact = { milliseconds: new Array(59).fill(100), failures: [], concurrency: 1 }
    expect(judgeLatency(exact, [BOUND], 0.95).status).toBe('pass')
  })

  it('shares what it may be wrong by among several bounds', () => {
    const bounds = [BOUND, { quantile: 0.5, under: 100 }]
    expect(judgeLatency(measured(59, 0), bounds, 0.95).status).toBe('unclear')
    expect(judgeLatency(measured(72, 0), bounds, 0.95).status).toBe('pass')
  })

  it('says what was seen, how sure that is, and how many requests would be needed', () => {
    expect(judgeLatency(measured(20, 1), [BOUND], 0.95).text).toBe(
      '20 requests, 4 at a time: p95 was 50 ms (1 of 20 over 100 ms), which shows neither with 95% confidence: fewer than 59 requests can never tell.',
    )
    expect(judgeLatency(measured(100, 0), [BOUND], 0.95).text).toBe(
      '100 requests, 4 at a time: p95 was 50 ms (0 of 100 over 100 ms), under 100 ms with 95% confidence.',
    )
  })

  it('fails by one request that failed, however quick the others were', () => {
    const check = judgeLatency(measured(500, 0, ['it broke.']), [BOUND], 0.95)
    expect(check).toEqual({
      name: 'latency',
      status: 'fail',
      text: '1 of 501 requests, 4 at a time, failed: it broke.',
    })
  })

  it('is unclear where nothing was measured', () => {
    expect(verdict(0, 0)).toBe('unclear')
  })
})
