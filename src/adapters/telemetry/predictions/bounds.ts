import { UserError } from '../../../errors.js'

/** Milliseconds; what histograms of HTTP servers commonly have. */
const USUAL = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** Upper bounds of the buckets into which raw latencies are counted: those that the analysis looks at are among them. */
export function latencyBounds(looked: readonly number[]): readonly number[] {
  return [...new Set([...USUAL, ...looked])].sort((a, b) => a - b)
}

/** Where the analysis looks at latency, and it is not said where that is: none would be slow. */
export function noTimes(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-328',
    where,
    what: 'the metric latency is looked at, and it is not said how long answers took.',
    fix: 'Name it with columns.latency (of a query that counts: select over_<milliseconds>), or leave the metric out.',
  })
}
