import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Judgement = { status: z.enum(['drifted', 'stable', 'inconclusive']), reason: z.string() }
const Amount = z.number().nullable()
const Valued = z.object({ value: z.number(), low: Amount, high: Amount }).nullable()
const Time = z.union([z.string(), z.number()]).nullable()

const Realised = z.object({
  ...Judgement,
  reference: Valued,
  current: Valued,
  difference: Amount,
  interval: z
    .object({
      of: z.enum(['difference', 'ratio']),
      level: z.number(),
      low: z.number(),
      high: z.number(),
      method: z.string(),
    })
    .nullable(),
  pValue: Amount,
  adjustedPValue: Amount,
})

const Estimated = z.object({
  ...Judgement,
  current: Valued,
  difference: Amount,
  trust: z.enum(['trusted', 'not-trusted', 'unverified']),
  heldOut: z
    .object({ estimated: z.number(), realised: z.number(), low: z.number(), high: z.number() })
    .nullable(),
})

const Metric = z.object({
  ...Judgement,
  name: z.string(),
  direction: z.enum(['higher', 'lower']),
  average: z.string().nullable(),
  margin: z.object({ value: z.number(), relative: z.boolean() }),
  basis: z.enum(['realised', 'estimated', 'none']),
  realised: Realised,
  estimated: Estimated.nullable(),
})

const Window = z.object({
  label: z.string(),
  start: Time,
  end: Time,
  rows: z.number(),
  labelled: z.number(),
  metrics: z.array(
    z.object({ ...Judgement, name: z.string(), realised: Valued, estimated: Valued }),
  ),
})

const Sequential = z.object({
  ...Judgement,
  metric: z.string(),
  method: z.string(),
  alpha: z.number(),
  reference: z.object({ value: z.number(), high: z.number() }),
  bound: z.number(),
  looks: z.array(
    z.object({ label: z.string(), n: z.number(), loss: Amount, logEValue: z.number() }),
  ),
  alarm: z.object({ label: z.string(), window: z.number() }).nullable(),
})

const Check = z.object({
  n: z.number(),
  error: z.number(),
  noiseFloor: z.number(),
  binsPValue: z.number(),
  spiegelhalterPValue: z.number(),
  calibrated: z.boolean(),
})

/** A column's comparison, of which a report needs this much. */
const Columns = z.object({
  ...Judgement,
  columns: z.array(z.object({ ...Judgement, name: z.string() })),
})

const Sides = z.object({ reference: z.number(), current: z.number() })

/** What a drift statement says of predictions, labels and performance. */
export const DriftPerformanceResult = z.object({
  ...Judgement,
  task: z.enum(['classification', 'regression']),
  level: z.enum(['fail', 'warn']),
  confidence: z.number(),
  alpha: z.number(),
  rows: Sides,
  labelled: Sides,
  labelCoverage: z.object({ reference: Amount, current: Amount }),
  classes: z.array(z.string()),
  positive: z.string().nullable(),
  metrics: z.array(Metric),
  windows: z.array(Window),
  sequential: Sequential.nullable(),
  calibration: z
    .object({ method: z.enum(['none', 'isotonic']), scores: Check, heldOut: Check.nullable() })
    .nullable(),
  predictions: Columns,
  labels: Columns.nullable(),
  covariates: z.object({ ...Judgement, driftedShare: Amount }).nullable(),
  concept: z.object({
    ...Judgement,
    loss: z.string().nullable(),
    realised: Amount,
    expected: Amount,
    low: Amount,
    high: Amount,
    pValue: Amount,
    distance: Amount,
    threshold: z.number(),
    explainedByLabels: z.boolean(),
  }),
  explanation: z.string(),
  notes: z.array(z.string()),
})
export type DriftPerformanceResult = DeepReadonly<z.output<typeof DriftPerformanceResult>>
