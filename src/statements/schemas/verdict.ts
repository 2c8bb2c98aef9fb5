import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'
import { diagnosticsSchema, found } from './verdict-diagnostics.js'
import { type Limits, list, NONE, STRICT, text } from './verdict-limits.js'

export const DecisionSchema = z.enum(['pass', 'warn', 'fail', 'inconclusive'])

function slice(limits: Limits) {
  const part = { column: text(limits.name), value: text(limits.name).nullable() }
  return z
    .object({ ...part, and: z.array(z.object(part)).max(limits.conditions).optional() })
    .nullable()
}

const Interval = (limits: Limits) =>
  z.object({
    of: z.enum(['difference', 'candidate', 'ratio']),
    level: z.number(),
    low: z.number(),
    high: z.number(),
    method: text(limits.name),
  })

const Test = (limits: Limits) =>
  z.object({
    name: text(limits.name),
    statistic: z.number().nullable(),
    pValue: z.number(),
    adjustedPValue: z.number(),
  })

const Claim = z.object({ boundary: z.number(), pValue: z.number(), adjustedPValue: z.number() })

function check(limits: Limits) {
  return z.object({
    id: text(limits.reason),
    metric: text(limits.name),
    slice: slice(limits),
    level: z.enum(['fail', 'warn']),
    n: z.number(),
    candidate: z.number().nullable(),
    baseline: z.number().nullable(),
    difference: z.number().nullable(),
    interval: Interval(limits).nullable(),
    test: Test(limits).nullable(),
    claim: Claim.nullable(),
    rule: z.record(text(limits.name), z.unknown()),
    status: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
    direction: z.enum(['better', 'worse', 'same']).nullable().default(null),
    reason: text(limits.reason),
    neededExamples: z.number().nullable().optional(),
  })
}

/** A rule's values as they are written: nothing that a small verdict could hide much in. */
const scalarRule = z
  .record(text(STRICT.name), z.union([z.boolean(), z.number(), text(STRICT.name), z.null()]))
  .refine((rule) => Object.keys(rule).length <= STRICT.conditions, {
    message: `a rule has at most ${STRICT.conditions} keys`,
  })

function samples() {
  return z.object({
    candidate: z.number(),
    baseline: z.number().nullable(),
    joined: z.number(),
    abstained: z.object({ candidate: z.number(), baseline: z.number().nullable() }).optional(),
  })
}

function baseline(limits: Limits) {
  return z.object({
    source: text(limits.reason),
    digest: text(limits.name).nullable().optional(),
    ageDays: z.number().nullable().optional(),
    maxAgeDays: z.number().optional(),
  })
}

function sliceSummary(limits: Limits) {
  return z.object({
    column: text(limits.reason),
    values: z.number(),
    judged: z.number(),
    skipped: z.number(),
    minSize: z.number(),
  })
}

function policy() {
  return z.object({
    confidence: z.number(),
    correction: z.enum(['none', 'bonferroni', 'holm', 'benjamini-hochberg']),
    seed: z.number().nullable(),
  })
}

function policySource(limits: Limits) {
  return z.object({
    ref: z.enum(['base', 'head']),
    commit: text(limits.name).nullable(),
    path: text(limits.reason),
    changes: list(text(limits.reason), limits.lines),
  })
}

const Override = z.object({
  by: z.string(),
  reason: z.string(),
  at: z.string(),
  url: z.string().nullable(),
  commit: z.string(),
})

function sliceSearch(limits: Limits) {
  return z.object({
    score: text(limits.name),
    against: z.enum(['difference', 'rest']),
    columns: list(text(limits.name), limits.columns),
    tested: z.number(),
    minSize: z.number(),
    rate: z.number(),
    found: list(found(limits), limits.found),
    depth: z.number().optional(),
    skipped: list(
      z.object({
        column: text(limits.name),
        reason: z.enum(['too-many-values', 'too-many-columns']),
      }),
      limits.checks,
    ).optional(),
  })
}

/** What every verdict holds, within the limits. */
function parts(limits: Limits) {
  return {
    decision: DecisionSchema,
    failOn: z.enum(['inconclusive', 'fail', 'never']),
    task: z.enum(['classification', 'regression', 'ranking', 'generation']),
    samples: samples(),
    predictions: z.object({ path: text(limits.reason), sha256: text(limits.name) }).nullable(),
    metricsFile: z.object({ path: text(limits.reason), sha256: text(limits.name) }).nullish(),
    baseline: baseline(limits).nullable(),
    policySource: policySource(limits).optional(),
    diagnostics: diagnosticsSchema(limits).optional(),
    sliceSearch: sliceSearch(limits).optional(),
    change: z
      .object({
        commit: text(limits.name).nullable(),
        pullRequest: z.number().int().nullable(),
      })
      .optional(),
    inputs: list(
      z.object({ predicateType: text(limits.name), digest: text(limits.name) }),
      limits.conditions,
    ).optional(),
  }
}

/** What a verdict statement says. */
export const VerdictPredicate = z.object({
  ...parts(NONE),
  checks: z.array(check(NONE)),
  slices: z.array(sliceSummary(NONE)).default([]),
  policy: policy().optional(),
  overrides: z.array(Override).optional(),
})
export type VerdictPredicate = DeepReadonly<z.output<typeof VerdictPredicate>>

/**
 * What a verdict from someone else's run may say: every text, list and number is bounded, so that it can be shown on a pull
 * request. Overrides are left out, since only this repository can record them; so is anything that is not named here.
 * A decision that is kinder than the verdict's own checks is refused.
 */
export const UntrustedVerdict = z
  .object({
    ...parts(STRICT),
    checks: list(check(STRICT).extend({ rule: scalarRule }), STRICT.checks),
    slices: list(sliceSummary(STRICT), STRICT.columns),
    policy: policy(),
  })
  .refine(({ decision, checks }) => severity(decision) >= Math.max(0, ...checks.map(required)), {
    message: 'the decision is kinder than the checks',
    path: ['decision'],
  })
export type UntrustedVerdict = DeepReadonly<z.output<typeof UntrustedVerdict>>

function severity(decision: z.output<typeof DecisionSchema>): number {
  return ['pass', 'warn', 'inconclusive', 'fail'].indexOf(decision)
}

/** The least severe decision that a check allows. */
function required({ level, status }: { readonly level: string; readonly status: string }): number {
  if (status === 'pass' || status === 'skipped') return 0
  if (level === 'warn') return severity('warn')
  return status === 'fail' ? severity('fail') : severity('inconclusive')
}
