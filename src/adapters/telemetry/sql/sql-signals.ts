import type { SqlSignals } from '../../../config/deploy/sql.js'
import {
  createPairs,
  type PairComparison,
  type Pairs,
} from '../../../domain/rollout/compared-answers.js'
import type { QueryEngine, QueryResult } from '../../../ports/engine.js'
import type { Gained, Signals, Stretch } from '../../../ports/signals.js'
import { noTimes } from '../predictions/bounds.js'
import type { ReadRecord } from '../predictions/record.js'
import { createTally } from '../predictions/tally.js'
import { roleOf } from '../predictions/versions.js'
import { fillQuery } from './fill-query.js'
import { countsByVersion } from './version-rows.js'

export interface SqlSignalsOptions {
  readonly settings: SqlSignals
  readonly openEngine: () => Promise<QueryEngine>
  readonly readRecord: ReadRecord
  readonly bounds: readonly number[]
  /** Whether it must say how long answers took. */
  readonly needsTimes: boolean
  readonly comparison: PairComparison
  readonly signal: AbortSignal
}

/**
 * What users met, by a query for each stretch of time: counts by version, or a row for each answer. Rows are by their date: those that
 * come later than the lag are not counted any more. The engine is open only while it is asked.
 */
export function createSqlSignals(options: SqlSignalsOptions): Signals {
  const { settings, openEngine, signal } = options
  let pairs = createPairs(options.comparison)
  return {
    name: 'The query of predictions',
    lagMs: settings.lag,
    mark: async () => {
      pairs = createPairs(options.comparison)
    },
    between: async (stretch) => {
      const engine = await openEngine()
      try {
        const result = await engine.query(fillQuery(settings, engine.dialect, stretch), signal)
        const role = roleOf(stretch, settings.match)
        const gained =
          countsByVersion(result, role) ?? answersOf(result, { options, stretch, pairs })
        if (options.needsTimes && gained.latencyBounds.length === 0) {
          throw noTimes('deploy.signals.sql')
        }
        return gained
      } finally {
        await engine.close()
      }
    },
  }
}

interface Answers {
  readonly options: SqlSignalsOptions
  readonly stretch: Stretch
  readonly pairs: Pairs
}

function answersOf(result: QueryResult, { options, stretch, pairs }: Answers): Gained {
  const { settings, readRecord, bounds } = options
  const tally = createTally({
    roleOf: roleOf(stretch, settings.match),
    // The query says which time counts.
    notBefore: Number.NEGATIVE_INFINITY,
    takesUndated: true,
    notAfter: Number.POSITIVE_INFINITY,
    bounds,
    countsRejected: settings.columns.status !== undefined,
    pairs,
    copiesOnly: stretch.copiesOnly,
  })
  for (const row of result.rows) {
    const fields: Record<string, unknown> = {}
    for (const [i, name] of result.columns.entries()) fields[name] = row[i] ?? undefined
    const record = readRecord(fields)
    if (record === undefined) tally.addBad()
    else tally.add(record)
  }
  return tally.gained([])
}
