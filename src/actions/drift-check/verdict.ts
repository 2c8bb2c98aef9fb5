import { type Decision, worst } from '../../domain/decision.js'
import { operationalDecision } from '../../domain/drift/monitoring/operational-result.js'
import type { ColumnStatus } from '../../domain/drift/predicate.js'
import type { Extras, Judged } from './judged.js'

/** What all findings together come to. */
export interface Verdict {
  readonly decision: Decision
  /** In words. */
  readonly reason: string
}

interface Part {
  readonly decision: Decision
  readonly reason: string
}

/** The columns' decision, and what the other findings add to it: none of them can make it milder. */
export function verdictOf({ last, extras }: Judged, levels: Levels): Verdict {
  const parts = partsOf(extras, levels)
  const telling = parts.filter(({ decision }) => decision !== 'pass')
  return {
    decision: worst([last.body.decision, ...parts.map(({ decision }) => decision)]),
    reason: [last.body.reason, ...whyOpen(last.body), ...telling.map(({ reason }) => reason)].join(
      '; ',
    ),
  }
}

/** Why columns could not be judged, by the commonest reason where there are several: reasons differ by their numbers. */
function whyOpen({ columns, decision }: Judged['last']['body']): readonly string[] {
  if (decision === 'pass') return []
  const open = columns.filter(({ status }) => status === 'inconclusive')
  const kinds = new Map<string, string[]>()
  for (const { reason } of open) {
    const kind = reason.replaceAll(/\d[\d.,]*/g, '0')
    kinds.set(kind, [...(kinds.get(kind) ?? []), reason])
  }
  const [most] = [...kinds.values()].sort((a, b) => b.length - a.length)
  if (most === undefined) return []
  const count = kinds.size === 1 ? '' : ` (${most.length} of ${open.length})`
  return [`not judged${count}: ${most[0]}`]
}

/** What the settings say that a finding means. */
export interface Levels {
  readonly multivariate: 'fail' | 'warn'
  readonly performance: 'fail' | 'warn'
}

/** What only warns cannot block by being open; but what could not be judged is no reason to pass. */
function decided(status: ColumnStatus, level: 'fail' | 'warn'): Decision {
  if (status === 'drifted') return level
  if (status === 'stable') return 'pass'
  return level === 'fail' ? 'inconclusive' : 'warn'
}

function partsOf(
  { multivariate, performance, health, operational }: Extras,
  levels: Levels,
): Part[] {
  const parts: Part[] = []
  if (multivariate !== undefined) {
    const decision = decided(multivariate.status, levels.multivariate)
    parts.push({ decision, reason: multivariate.reason })
  }
  if (performance !== undefined) {
    const decision = decided(performance.status, levels.performance)
    parts.push({ decision, reason: `performance: ${performance.reason}` })
  }
  if (health !== undefined)
    parts.push({ decision: health.status, reason: `health: ${health.reason}` })
  if (operational !== undefined && operational.length > 0) {
    const decision = operationalDecision(operational)
    const telling = operational.filter(({ status }) => status !== 'pass')
    const reason = telling.map(({ name, reason: words }) => `${name} ${words}`).join('; ')
    parts.push({ decision, reason: reason === '' ? 'operational numbers are well' : reason })
  }
  return parts
}
