import * as z from 'zod'
import { type Limits, list, text } from './verdict-limits.js'

/** A slice that the search found. */
export function found(limits: Limits) {
  return z.object({
    conditions: list(
      z.object({ column: text(limits.name), value: text(limits.name).nullable() }),
      limits.conditions,
    ),
    n: z.number(),
    candidate: z.number().nullable(),
    baseline: z.number().nullable(),
    difference: z.number(),
    low: z.number(),
    high: z.number(),
    pValue: z.number(),
    adjustedPValue: z.number(),
  })
}

/** One row and one column for each class, in both tables: else it is no confusion table. */
function confusion(limits: Limits) {
  const table = list(list(z.number(), limits.classes), limits.classes)
  return z
    .object({
      classes: list(text(limits.name), limits.classes),
      candidate: table,
      baseline: table.nullable(),
    })
    .refine(
      ({ classes, candidate, baseline }) =>
        [candidate, baseline ?? candidate].every(
          (rows) =>
            rows.length === classes.length && rows.every((row) => row.length === classes.length),
        ),
      { message: 'a confusion table has a row and a column for each class' },
    )
}

function calibration(limits: Limits) {
  const bins = list(
    z.object({
      meanScore: z.number(),
      observed: z.number(),
      n: z.number(),
      low: z.number(),
      high: z.number(),
    }),
    limits.bins,
  )
  return z.object({ candidate: bins, baseline: bins.nullable() })
}

function histogram(limits: Limits) {
  const counts = list(z.number(), limits.bins)
  return z
    .object({
      edges: list(z.number(), limits.bins + 1),
      candidate: counts,
      baseline: counts.nullable(),
    })
    .refine(
      ({ edges, candidate, baseline }) =>
        candidate.length === Math.max(0, edges.length - 1) &&
        (baseline === null || baseline.length === candidate.length),
      { message: 'a histogram has one more edge than counts' },
    )
}

function disagreement(limits: Limits) {
  const ids = list(text(limits.name), limits.ids)
  return z.object({
    bothRight: z.number(),
    candidateOnly: z.number(),
    baselineOnly: z.number(),
    bothWrong: z.number(),
    candidateOnlyIds: ids,
    baselineOnlyIds: ids,
    examples: examples(limits).optional(),
  })
}

function examples(limits: Limits) {
  const row = z.record(text(limits.name), text(limits.reason).nullable())
  const within = (most: number) => (value: object) => Object.keys(value).length <= most
  return z
    .record(
      text(limits.name),
      row.refine(within(limits.columns), { message: 'an example has too many columns' }),
    )
    .refine(within(2 * limits.ids), { message: 'there are too many examples' })
}

function groupRate(limits: Limits) {
  const rate = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable()
  return z.object({
    column: text(limits.name),
    group: text(limits.name).nullable(),
    n: z.number(),
    rate: text(limits.name),
    candidate: rate,
    baseline: rate,
  })
}

/** What a reviewer looks at beside the checks. */
export function diagnosticsSchema(limits: Limits) {
  return z.object({
    confusion: confusion(limits).nullable(),
    calibration: calibration(limits).nullable(),
    scores: z.object({ positive: histogram(limits), negative: histogram(limits) }).nullable(),
    errors: histogram(limits).nullable(),
    disagreement: disagreement(limits).nullable(),
    groups: list(groupRate(limits), limits.groups),
  })
}
