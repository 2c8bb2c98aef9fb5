import * as z from 'zod'
import { Duration, PositiveDuration } from '../duration.js'

interface Language {
  /** What a query is, such as `NRQL that gives one number`. */
  readonly query: string
  /** How long after its end a stretch of time is whole, and how long one query may take. Milliseconds, seconds. */
  readonly lagMs: number
  /** Whether a query has to say itself which time it is of, by `{from}` and `{to}`. */
  readonly isTimed?: boolean
}

/** The queries that count what users met, in a service's own language; part of each section of signals that has them. */
export function countQueries({ query, lagMs, isTimed = false }: Language) {
  const text = z.string().min(1).max(10_000)
  const one = isTimed ? text.refine(hasTimes, 'must have {from} and {to} in it') : text
  const times = isTimed ? ', and from when (inclusive, `{from}`) to when (`{to}`)' : ''
  const filled = `${query}; \`{name}\` in it is filled in (what the target calls the version)${times}.`
  return {
    requests: one.describe(`Finished requests of a version: ${filled}`),
    errors: one
      .optional()
      .describe('Those of them that failed, likewise. Without it no request counts as failed.'),
    latency: z
      .array(
        z.strictObject({
          'up-to': PositiveDuration.describe('The bound, such as 200ms.'),
          count: one.describe('The requests that took no longer, likewise.'),
        }),
      )
      .min(1)
      .max(20)
      .refine(isAscending, 'must name each bound once, the smallest first')
      .optional()
      .describe(
        'Requests by how long they took. One bound is enough for a metric `latency` whose `over` is the same.',
      ),
    lag: Duration.default(lagMs).describe(
      'How long after its end a stretch of time is whole: nothing that counts it comes later.',
    ),
    'timeout-seconds': z.number().gt(0).max(300).default(30).describe('How long a query may take.'),
  }
}

function hasTimes(query: string): boolean {
  return query.includes('{from}') && query.includes('{to}')
}

function isAscending(bounds: readonly { readonly 'up-to': number }[]): boolean {
  return bounds.every(({ 'up-to': bound }, i) => bound > (bounds[i - 1]?.['up-to'] ?? 0))
}

/** The length of the intervals that a service keeps. */
export function step(milliseconds: number, what: string) {
  return PositiveDuration.default(milliseconds).describe(what)
}

/** What a section with such queries holds. */
export interface CountQueries {
  readonly requests: string
  readonly errors?: string | undefined
  readonly latency?: readonly { readonly 'up-to': number; readonly count: string }[] | undefined
}
