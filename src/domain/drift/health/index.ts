import { contractChecks } from './contract-checks.js'
import { duplicateCheck } from './duplicates.js'
import { freshnessChecks } from './freshness.js'
import { outlierChecks } from './outliers.js'
import type { HealthRequest } from './policy.js'
import { rangeChecks } from './ranges.js'
import type { HealthCheck, HealthResult } from './result.js'
import { rowOutlierCheck } from './row-outliers.js'
import { schemaChecks } from './schema.js'
import { volumeChecks } from './volume.js'

export type { HealthRequest, SchemaFacts } from './policy.js'
export { healthProblems } from './problems.js'
export { healthReference } from './reference.js'
export type { HealthCheck, HealthResult } from './result.js'

const MOST_NAMED = 3

/**
 * Whether the current data is well formed, whatever its distribution: each rule of the policy is a check, or one a
 * column. A check that there is too little data for is `inconclusive`, which the reason says and which does not lower
 * the status. Missing cells are judged with the columns. No rule and no contract: no check, and a pass.
 */
export function healthChecks(request: HealthRequest): HealthResult {
  const { policy, schema, contract, current } = request
  const { duplicates, freshness, volume, ranges } = policy
  const checks = [
    ...(policy.schema === undefined || schema === undefined
      ? []
      : schemaChecks(schema, policy.schema.level)),
    ...(volume === undefined ? [] : volumeChecks(request, volume)),
    ...(freshness === undefined ? [] : freshnessChecks(request, freshness)),
    ...(duplicates === undefined ? [] : [duplicateCheck(request, duplicates)]),
    ...(ranges === undefined ? [] : rangeChecks(request, ranges)),
    ...outliersOf(request),
    ...(contract === undefined
      ? []
      : contractChecks(contract.expectations, contract.files ?? [current])),
  ]
  return { status: statusOf(checks), reason: reasonOf(checks), checks }
}

function outliersOf(request: HealthRequest): readonly HealthCheck[] {
  const { outliers } = request.policy
  if (outliers === undefined || request.reference === undefined) return []
  if (outliers.method === 'isolation-forest') return [rowOutlierCheck(request, outliers)]
  return outlierChecks(request, outliers)
}

function statusOf(checks: readonly HealthCheck[]): HealthResult['status'] {
  if (checks.some(({ status }) => status === 'fail')) return 'fail'
  return checks.some(({ status }) => status === 'warn') ? 'warn' : 'pass'
}

function reasonOf(checks: readonly HealthCheck[]): string {
  if (checks.length === 0) return 'no check of the data itself was asked for'
  const broken = checks.filter(({ status }) => status === 'fail' || status === 'warn')
  const unknown = checks.filter(({ status }) => status === 'inconclusive').length
  const rest = unknown === 0 ? '' : `, ${unknown} could not be judged`
  if (broken.length === 0)
    return `${checks.length - unknown} of ${checks.length} checks hold${rest}`
  // Failures are named before warnings.
  const worst = [...broken].sort((a, b) => a.status.localeCompare(b.status)).slice(0, MOST_NAMED)
  const more = broken.length > MOST_NAMED ? ` and ${broken.length - MOST_NAMED} more` : ''
  const named = worst.map(({ id, detail }) => `${id} (${detail})`).join('; ')
  return `${broken.length} of ${checks.length} checks do not hold${rest}: ${named}${more}`
}
