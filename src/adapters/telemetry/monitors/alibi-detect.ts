import * as z from 'zod'
import type {
  ImportedColumn,
  ImportedResult,
} from '../../../domain/drift/imported/imported-result.js'

const MOST_FEATURES = 1_000_000
const Numbers = z.union([z.number(), z.array(z.number().nullable()).max(MOST_FEATURES)]).nullish()
const Verdict = z.union([z.number(), z.boolean()])
const Names = z.array(z.string()).nullish()

/** What `predict` of a drift detector gives, as JSON. */
const Prediction = z.object({
  data: z.object({
    is_drift: z.union([Verdict, z.array(Verdict).max(MOST_FEATURES)]),
    distance: Numbers,
    p_val: Numbers,
    threshold: z.number().nullish(),
    /** Of online detectors. */
    test_stat: Numbers,
    feature_names: Names,
  }),
  meta: z
    .object({ name: z.string().nullish(), version: z.string().nullish(), feature_names: Names })
    .prefault({}),
  feature_names: Names,
})
type Prediction = z.output<typeof Prediction>

/** What a column is called that stands for all features together. */
const ALL = 'all features'

/**
 * The features that a detector of Alibi Detect judged. With `drift_type='feature'` it says of each whether it drifted;
 * with `'batch'` only of all together, and each feature is held to the same (corrected) threshold by which it did so. A
 * detector with one p-value (MMD, a classifier) gives one column, `all features`. Names of features are not in its
 * results: a list `feature_names` beside `data` is read, and otherwise they are `feature 0`, `feature 1`, …
 */
export function readAlibiDetect(json: unknown): ImportedResult | undefined {
  const prediction = Prediction.safeParse(json).data
  if (prediction === undefined) return undefined
  const { name, version } = prediction.meta
  return {
    source: { kind: 'alibi-detect', monitor: 'Alibi Detect', version: version ?? null },
    columns: columnsOf(prediction, name ?? null),
  }
}

function columnsOf(prediction: Prediction, detector: string | null): ImportedColumn[] {
  const { is_drift: isDrift, distance, p_val: pValue, test_stat: stat, threshold } = prediction.data
  const statistic = distance ?? stat
  const counts = [isDrift, statistic, pValue].flatMap((part) =>
    Array.isArray(part) ? [part.length] : [],
  )
  const features = Math.max(0, ...counts)
  const base = { kind: 'numeric' as const, test: detector, limit: threshold ?? null }
  if (features === 0) {
    const drifted = isTrue(isDrift)
    const numbers = { statistic: numberAt(statistic, 0), pValue: numberAt(pValue, 0) }
    return [{ ...base, ...numbers, name: ALL, drifted, stated: true }]
  }
  const names = namesOf(prediction)
  const columns = Array.from({ length: features }, (_, i) => {
    const p = numberAt(pValue, i)
    return {
      ...base,
      name: names[i] ?? `feature ${i}`,
      statistic: numberAt(statistic, i),
      pValue: p,
      drifted: Array.isArray(isDrift) ? isTrue(isDrift[i]) : inBatch(isDrift, p, threshold),
      stated: Array.isArray(isDrift),
    }
  })
  return columns
}

/** Without drift of the batch no feature has any; with some, those at or under the corrected threshold have. */
function inBatch(
  isDrift: number | boolean,
  pValue: number | null,
  threshold: number | null | undefined,
): boolean | null {
  if (!isTrue(isDrift)) return false
  return pValue === null || threshold === null || threshold === undefined
    ? null
    : pValue <= threshold
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'number' && value > 0)
}

function numberAt(values: z.output<typeof Numbers>, i: number): number | null {
  if (values === undefined || values === null) return null
  return (Array.isArray(values) ? values[i] : values) ?? null
}

function namesOf({ data, meta, feature_names: beside }: Prediction): readonly string[] {
  return beside ?? data.feature_names ?? meta.feature_names ?? []
}
