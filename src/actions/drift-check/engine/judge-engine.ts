import type { DriftSection } from '../../../config/drift.js'
import { decideColumns } from '../../../domain/drift/decide.js'
import type { DriftPredicateBody } from '../../../domain/drift/predicate.js'
import { UserError } from '../../../errors.js'
import type { QueryEngine } from '../../../ports/engine.js'
import type { JobContext } from '../../../runtime/job.js'
import { digestOf } from '../../../statements/canonical.js'
import type { Subject } from '../../../statements/statement.js'
import { seasonOf } from '../../../tabular/data-set/seasons.js'
import type { TimeWindow } from '../../../tabular/data-set/windows.js'
import { elsewhere, isElsewhere } from '../elsewhere.js'
import type { Judged, JudgedWindow } from '../judged.js'
import { nothingToJudge, refuseFuture, refuseLongWindow } from '../window-state.js'
import { windowsToJudge } from '../windows.js'
import { compareTables } from './compare-tables.js'
import { timesInTable } from './latest-time.js'
import type { EngineTable } from './open-table.js'
import { engineProblems } from './refusals.js'

export interface EnginePorts {
  /** The engine that the settings name. */
  readonly openEngine: () => Promise<QueryEngine>
}

/** Compares two tables where they are. What an engine cannot do is refused before anything is asked. */
export async function judgeEngine(
  { settings, signal, now, log }: JobContext<DriftSection>,
  ports: EnginePorts,
): Promise<Judged> {
  const problems = engineProblems(settings)
  if (problems.length > 0) throw new UserError(problems)
  if (settings.time !== undefined) refuseLongWindow(settings.time)
  const tables = {
    reference: tableOf(settings, 'reference'),
    current: tableOf(settings, 'current'),
  }
  const engine = await ports.openEngine()
  try {
    const asked: Asked = { engine, settings, signal, now: now().getTime(), ...tables }
    return await log.group(`Asking ${engine.name}`, () => judgeTables(asked))
  } finally {
    await engine.close()
  }
}

interface Asked {
  readonly engine: QueryEngine
  readonly settings: DriftSection
  readonly signal: AbortSignal
  readonly now: number
  readonly reference: EngineTable
  readonly current: EngineTable
}

function tableOf(settings: DriftSection, side: 'reference' | 'current'): EngineTable {
  const where = `drift.${side}`
  const [table, ...more] = settings[side] ?? []
  if (table === undefined || more.length > 0) {
    throw new UserError({
      code: 'MW-DRIFT-710',
      where,
      what: 'with an engine it is the name of one table.',
      fix: 'Name it as catalog.schema.table; a view can put several together.',
    })
  }
  return { where, table, filters: [settings.rows.where, settings.rows[side]] }
}

async function judgeTables(asked: Asked): Promise<Judged> {
  const { settings, engine, signal, current, now } = asked
  const { time } = settings
  if (time === undefined) {
    const body = await judgeWindow(asked, undefined)
    refuseEmpty(asked, body)
    return { state: 'judged', last: { window: undefined, body }, earlier: [], ...rest(asked, body) }
  }
  const timed = { ...current, time: { column: time.column } }
  const { newest, oldest } = await timesInTable(engine, timed, signal)
  refuseFuture(time.end, { newest, now })
  const windows = windowsToJudge({ time, newest, oldest, now })
  const judged: JudgedWindow[] = []
  for (const window of windows ?? [])
    judged.push({ window, body: await judgeWindow(asked, window) })
  const last = judged.at(-1)
  if (last === undefined || last.body.rows.current === 0) {
    const state = last === undefined && newest !== undefined ? 'late' : 'no-data'
    const window = last?.window
    const body = nothingToJudge(settings, last?.body.rows.reference ?? 0, { state, window })
    return { state, last: { window, body }, earlier: [], ...rest(asked, body) }
  }
  return { state: 'judged', last, earlier: judged.slice(0, -1), ...rest(asked, last.body) }
}

async function judgeWindow(
  { engine, settings, signal, reference, current }: Asked,
  window: TimeWindow | undefined,
): Promise<DriftPredicateBody> {
  const { time } = settings
  const ofWindow = time && window && { column: time.column, ...window }
  const kind = time?.season ?? 'none'
  const season =
    time === undefined || window === undefined || kind === 'none'
      ? undefined
      : { column: time.column, season: { kind, values: [seasonOf(window.start, kind)] } }
  const { comparisons, facts } = await compareTables({
    engine,
    policy: settings,
    reference: { ...reference, time: season },
    current: { ...current, time: ofWindow },
    signal,
  })
  const names = comparisons.map(({ plan }) => plan.name)
  const inputs = comparisons.filter(({ plan }) => !isElsewhere(settings, plan.name))
  const findings = [...facts.findings, ...elsewhere(settings, names)]
  return decideColumns(settings, inputs, { ...facts, findings })
}

function refuseEmpty({ reference, current }: Asked, { rows }: DriftPredicateBody): void {
  const empty = rows.reference === 0 ? reference : current
  if (rows.reference > 0 && rows.current > 0) return
  throw new UserError({
    code: 'MW-DRIFT-713',
    where: empty.where,
    what: `${empty.table}: there is no row that counts.`,
    fix: 'Name a table that holds data, and check drift.rows.',
  })
}

/** The rows stay in the engine: what the statement is about is named by what they counted to. */
function rest(
  { settings, reference, current }: Asked,
  { rows, columns }: DriftPredicateBody,
): Pick<Judged, 'subject' | 'reference' | 'extras'> {
  const subject = ({ table }: EngineTable, side: 'reference' | 'current'): Subject => ({
    name: `${settings.engine}:${table}`,
    digest: { sha256: digestOf({ table, side, rows: rows[side], columns }).replace('sha256:', '') },
  })
  return {
    subject: [subject(current, 'current')],
    reference: [subject(reference, 'reference')],
    extras: {},
  }
}
