import type { SignalsSection } from '../../config/deploy/signals.js'
import type { SqlSignals } from '../../config/deploy/sql.js'
import type { EngineConnection, EngineName } from '../../config/drift/engine.js'
import type { Workspace } from '../../files/workspace.js'
import type { QueryEngine } from '../../ports/engine.js'
import type { LogReaders } from '../../ports/log-readers.js'
import type { Signals } from '../../ports/signals.js'
import { combineSignals } from './combine-signals.js'

/** What the analysis wants of single answers. */
export interface AnswersWanted {
  /** The output that is the prediction; undefined: `prediction`, else the first. */
  readonly output: string | undefined
  /** How far predicted numbers may differ, relative to the larger. */
  readonly tolerance: number
  /** Latencies that are looked at, milliseconds. */
  readonly overs: readonly number[]
  /** Where copies are compared: the time above which an answer is slow, milliseconds. */
  readonly slowMs?: number | undefined
}

/** What logs of single answers are read by. */
export interface AnswersContext {
  readonly wanted: AnswersWanted
  readonly workspace: Pick<Workspace, 'glob' | 'relative'>
  readonly readers: LogReaders
  readonly openEngine: (
    name: Exclude<EngineName, 'embedded'>,
    connection: EngineConnection,
  ) => Promise<QueryEngine>
}

interface Around {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Counts from wherever they come, with the answers of the query or log that the settings name; these count where nothing else does. */
export async function withAnswers(
  counts: Signals | undefined,
  settings: Pick<SignalsSection, 'predictions' | 'sql'>,
  context: Context,
): Promise<Signals | undefined> {
  const queried = settings.sql && (await openSql(settings.sql, wantedOf(counts, context)))
  const counted = counts && queried ? combineSignals(counts, queried) : (counts ?? queried)
  if (settings.predictions === undefined) return counted
  const { openPredictions } = await import('./predictions/open-predictions.js')
  const { answers, ...around } = wantedOf(counted, context)
  const logged = await openPredictions(settings.predictions, { ...around, ...answers })
  return counted === undefined ? logged : combineSignals(counted, logged)
}

type Context = Around & { readonly answers: AnswersContext }

/** Where another place counts, latencies are counted there. */
function wantedOf(counts: Signals | undefined, context: Context): Context {
  const { answers } = context
  if (counts === undefined) return context
  return { ...context, answers: { ...answers, wanted: { ...answers.wanted, overs: [] } } }
}

async function openSql(settings: SqlSignals, { signal, answers }: Context): Promise<Signals> {
  const { createSqlSignals } = await import('./sql/sql-signals.js')
  const { recordReader } = await import('./predictions/record.js')
  const { latencyBounds } = await import('./predictions/bounds.js')
  const { output, overs } = answers.wanted
  return createSqlSignals({
    settings,
    openEngine: () => answers.openEngine(settings.engine, settings.connection),
    readRecord: recordReader({ ...settings, output, numbersAreTexts: false }),
    bounds: settings.columns.latency === undefined ? [] : latencyBounds(overs),
    needsTimes: overs.length > 0,
    comparison: answers.wanted,
    signal,
  })
}
