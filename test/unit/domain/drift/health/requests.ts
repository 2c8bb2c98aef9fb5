import { DriftHealth } from '../../../../../src/config/drift/health.js'
import {
  type HealthCheck,
  type HealthRequest,
  healthChecks,
  healthReference,
} from '../../../../../src/domain/drift/health/index.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Table } from '../../../../../src/domain/table/column.js'
import { DriftHealthResult } from '../../../../../src/statements/schemas/drift/health.js'

export const NOW = Date.UTC(2026, 2, 9, 12)

type Request = Partial<Omit<HealthRequest, 'policy' | 'reference'>> & {
  readonly current: Table
  readonly reference?: Table
}

/** What the checks of a configuration, written as users write it, say of a table; as it is in a statement. */
export function judge(section: unknown, { reference, ...request }: Request): DriftHealthResult {
  const policy = DriftHealth.parse(section)
  const result = healthChecks({
    now: NOW,
    alpha: 0.05,
    random: createRandom(7),
    ...request,
    policy,
    reference: reference && healthReference(reference, { over: policy.outliers?.over }),
  })
  return DriftHealthResult.parse(JSON.parse(JSON.stringify(result)))
}

/** The check of that name. */
export function named(result: DriftHealthResult, id: string): HealthCheck {
  const found = result.checks.find((check) => check.id === id)
  if (found === undefined)
    throw new Error(`no ${id} among ${result.checks.map((check) => check.id).join(', ')}`)
  return found
}
