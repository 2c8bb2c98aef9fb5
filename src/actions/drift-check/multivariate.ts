import { readRows, rowsIn } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { MultivariateResult } from '../../domain/drift/multivariate/result.js'
import { orFailure } from '../../domain/drift/unmeasured.js'
import { drawRows } from '../../domain/stats/draw-rows.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { type ExtrasInput, lastRows, usualRows } from './extras-input.js'

/** What all columns together say. */
export async function multivariateOf(
  { settings, signal }: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<MultivariateResult | undefined> {
  const { multivariate } = settings
  if (multivariate.tests.length === 0) return undefined
  const random = createRandom(settings.rows.seed)
  const most = multivariate['max-rows']
  const draw = (rows: Uint32Array | undefined, count: number): Uint32Array => {
    const drawn = drawRows(count, most, random)
    return rows === undefined ? drawn : drawn.map((at) => rows[at] ?? 0)
  }
  const window = await lastRows(input, signal)
  const usual = await usualRows(settings, input, signal)
  const columns = input.body.columns.flatMap(({ name, kind }) =>
    kind === 'numeric' || kind === 'categorical' ? [{ name, kind }] : [],
  )
  const found = await import('../../domain/drift/multivariate/problems.js')
  const problems = found.multivariateProblems(multivariate.columns, columns, input.body.findings)
  if (problems.settings.length > 0) throw new UserError(problems.settings)
  if (problems.data.length > 0) return unjudged(problems.data)
  const names = columns.map(({ name }) => name)
  const { reference, current } = input
  const rows = {
    reference: draw(usual, usual?.length ?? rowsIn(reference)),
    current: draw(window, window?.length ?? rowsIn(current)),
  }
  const drift = await import('../../domain/drift/multivariate/multivariate-drift.js')
  const samples = {
    reference: await readRows(reference, names, { rows: rows.reference, signal }),
    current: await readRows(current, names, { rows: rows.current, signal }),
  }
  const { alpha } = settings
  const { seed } = settings.rows
  const judged = orFailure(() =>
    drift.multivariateDrift({ settings: multivariate, ...samples, columns, alpha, seed }),
  )
  return 'failure' in judged ? unjudged([judged.failure]) : judged.value
}

/** What the current data has wrong never ends the check. */
function unjudged(reasons: readonly string[]): MultivariateResult {
  const reason = `all columns together could not be judged: ${reasons.join('; ')}`
  return { status: 'inconclusive', reason, columns: 0, leftOut: [], tests: [] }
}
