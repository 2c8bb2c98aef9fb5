import { readFileSync } from 'node:fs'
import type { IntervalCounts } from '../../../../src/domain/stats/interval-counts.js'

interface CanaryReference {
  readonly intervals: readonly (readonly [number, number, number, number])[]
  readonly increase: readonly number[]
  readonly 'increaseFrom1.5': readonly number[]
  readonly 'decreaseFrom1.5': readonly number[]
  readonly sampleRatio: readonly { counts: number[]; weights: number[]; eValue: number }[]
  readonly halfNormal: readonly { sum: number; variance: number; rho: number; eValue: number }[]
  readonly sign: readonly { canaryOnly: number; stableOnly: number; eValue: number }[]
}

const url = new URL('../../../reference/canary/values.json', import.meta.url)

/** Values of mpmath 1.4.1 at 50 digits: test/reference/canary/make.py. */
export const reference: CanaryReference = JSON.parse(readFileSync(url, 'utf8'))

export const referenceIntervals: readonly IntervalCounts[] = reference.intervals.map(
  ([nc, xc, ns, xs]) => ({ canary: { n: nc, events: xc }, stable: { n: ns, events: xs } }),
)
