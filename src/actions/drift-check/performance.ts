import { readRows, rowsOfWindows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { PerformanceResult, PerformanceWindow } from '../../domain/drift/performance/index.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { orFailure } from '../../domain/drift/unmeasured.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { takeRows } from '../../tabular/data-set/take-rows.js'
import type { ExtrasInput } from './extras-input.js'
import { windowName } from './windows.js'

/** What became of predictions and performance. What the current data lacks or has wrong leaves it open, and never ends the check. */
export async function performanceOf(
  { settings, signal }: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<PerformanceResult | undefined> {
  const { performance, alpha } = settings
  if (performance === undefined) return undefined
  const judge = await import('../../domain/drift/performance/index.js')
  const { prediction, score, label, scores = {} } = performance
  const names = [prediction, score, label, ...Object.values(scores)].filter(
    (name) => name !== undefined,
  )
  const reference = await readRows(input.reference, names, { signal })
  const current = await windowTables(input, names, signal)
  const known = {
    reference: [...input.types.reference.keys()],
    current: [...input.types.current.keys()],
  }
  const problems = judge.sortedProblems(performance, { reference, current, known })
  if (problems.settings.length > 0) throw new UserError(problems.settings)
  const request = { settings: performance, reference, current, alpha }
  if (problems.data.length > 0) {
    const reasons = problems.data.map(({ code, what }) => `${code}: ${what.replace(/\.$/, '')}`)
    return judge.unjudgedPerformance(request, reasons)
  }
  const covariates = covariatesOf(input.body)
  const random = createRandom(settings.rows.seed)
  const found = orFailure(() => judge.performanceDrift({ ...request, covariates, random }))
  return 'failure' in found ? judge.unjudgedPerformance(request, [found.failure]) : found.value
}

async function windowTables(
  { current, windows }: ExtrasInput,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly PerformanceWindow[]> {
  const whole = await readRows(current, names, { signal })
  if (windows === undefined) return [{ label: 'current', table: whole }]
  const rows = await rowsOfWindows(current, windows, signal)
  return windows.map((window, i) => ({
    label: windowName(window),
    ...window,
    table: takeRows(whole, rows[i] ?? new Uint32Array(0)),
  }))
}

function covariatesOf({ driftedShare, columns }: DriftPredicateBody) {
  if (columns.some(({ drifted }) => drifted)) return { status: 'drifted', driftedShare } as const
  const open = columns.every(({ status }) => status === 'inconclusive')
  return { status: open ? 'inconclusive' : 'stable', driftedShare } as const
}
