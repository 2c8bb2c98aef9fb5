import { rowsOfWindows, timesIn } from '../../comparison/read-rows.js'
import { writeProfile } from '../../comparison/summaries/profile-file.js'
import { profileSource } from '../../comparison/summaries/profile-source.js'
import type { DriftSection } from '../../config/drift.js'
import { comparedByName } from '../../domain/drift/policy.js'
import { driftProblems } from '../../domain/drift/problems.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { extrasOf, freshnessOf } from './extras.js'
import { judgeWindows } from './judge-windows.js'
import type { Judged, JudgedWindow } from './judged.js'
import { type OpenedSide, type OpenedSides, openSides } from './open-sides.js'
import type { SidePorts } from './sides.js'
import { nothingToJudge, refuseFuture, refuseLongWindow } from './window-state.js'
import { warnOfFuture, warnOfUntimed, windowsToJudge } from './windows.js'

/** Compares files, here: reads all samples, a column at a time, in threads where that is worth it. */
export async function judgeFiles(
  context: JobContext<DriftSection>,
  ports: SidePorts,
): Promise<Judged> {
  if (context.settings.time !== undefined) refuseLongWindow(context.settings.time)
  const sides = await context.log.group('Reading', () => openSides(context, ports))
  try {
    refuseUnfit(context.settings, sides)
    warnOfSame(context, sides)
    const judged = await judgeOpened(context, sides)
    await saveProfile(context, sides)
    return judged
  } finally {
    await sides.crew.close()
  }
}

function refuseUnfit(settings: DriftSection, { reference, others, current }: OpenedSides): void {
  const references = [reference, ...others.map(({ side }) => side)]
  const problems = references.flatMap((one) =>
    driftProblems(settings, one.columns, current.columns),
  )
  if (problems.length > 0) throw new UserError(problems)
  for (const one of references) requireRows(settings, one)
  for (const one of references) if (one.raw === undefined) refuseRowsOfProfile(settings, one)
  if (settings.time === undefined) requireRows(settings, current)
}

/** What is compared with itself never drifts; unless other rows of it are chosen on each side, that is a mistake. */
function warnOfSame({ settings, log }: JobContext<DriftSection>, sides: OpenedSides): void {
  const { rows, time } = settings
  const chosen = [rows.reference, rows.current].some((filter) => Object.keys(filter).length > 0)
  if (chosen || time !== undefined) return
  const usual = new Set(sides.reference.files.map(({ digest }) => digest.sha256))
  const same = sides.current.files.filter(({ digest }) => usual.has(digest.sha256))
  const [first] = same
  if (first === undefined) return
  const more = same.length > 1 ? ` and ${same.length - 1} more` : ''
  log.warn(
    `drift: ${JSON.stringify(first.name)}${more} of the current data is in the reference, too, byte for byte: what is compared with itself does not drift.`,
  )
}

/** What chooses rows of the reference would choose rows of the current data alone. */
function refuseRowsOfProfile({ rows, time }: DriftSection, { where }: OpenedSide): void {
  const chosen = [rows.where, rows.reference].some((filter) => Object.keys(filter).length > 0)
  const seasonal = time !== undefined && time.season !== 'none'
  if (!chosen && !seasonal) return
  throw new UserError({
    code: 'MW-DRIFT-038',
    where,
    what: `a profile has no rows, and ${chosen ? 'drift.rows' : 'drift.time.season'} chooses some.`,
    fix: chosen
      ? 'Make a profile of these rows alone and filter the current data with drift.rows.current, or name the data itself.'
      : 'Name the data itself as the reference, or leave the season out.',
  })
}

function requireRows({ rows }: DriftSection, side: OpenedSide): void {
  if (side.rows > 0) return
  const own = side.where === 'drift.current' ? rows.current : rows.reference
  const chosen = conditionsIn({ ...rows.where, ...own })
  throw new UserError({
    code: 'MW-DRIFT-010',
    where: side.where,
    what: `${side.files.map(({ name }) => name).join(', ')}: there is no row${chosen === '' ? '' : ` that counts: none has ${chosen}`}.`,
    fix: 'Name files that hold data, and check drift.rows.',
  })
}

/** `country: "XX", age: {"min":60}`, short enough for a line. */
function conditionsIn(filter: DriftSection['rows']['where']): string {
  const shown = Object.entries(filter).map(
    ([name, condition]) => `${name}: ${JSON.stringify(condition)}`,
  )
  const text = shown.join(', ')
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}

async function judgeOpened(context: JobContext<DriftSection>, sides: OpenedSides): Promise<Judged> {
  const { settings, signal } = context
  const { time } = settings
  const common = { subject: sides.current.files, reference: sides.reference.files }
  if (time === undefined) {
    const [body] = await judgeWindows(context, sides, undefined)
    if (body === undefined) throw new TypeError('all data is one window')
    const last = { window: undefined, body }
    const extras = await extrasOf(context, { ...sides, windows: undefined, body })
    return { state: 'judged', last, earlier: [], ...common, extras }
  }
  const { source } = sides.current
  const found = await timesIn(source, signal)
  warnOfUntimed(context.log, found)
  const { newest, oldest } = found
  const now = context.now().getTime()
  refuseFuture(time.end, { newest, now })
  const windows = windowsToJudge({ time, newest, oldest, now })
  warnOfFuture(context.log, windows, now)
  const rows = windows && (await rowsOfWindows(source, windows, signal))
  if (windows === undefined || (rows?.at(-1)?.length ?? 0) === 0) {
    const state = windows === undefined && newest !== undefined ? 'late' : 'no-data'
    const window = windows?.at(-1)
    const last = {
      window,
      body: nothingToJudge(settings, sides.reference.rows, { state, window }),
    }
    // A feed that has stopped is what freshness is for.
    const { body } = last
    const extras = await freshnessOf(context, { ...sides, windows: undefined, body })
    return { state, last, earlier: [], ...common, extras }
  }
  const bodies = await judgeWindows(context, sides, windows)
  const judged: JudgedWindow[] = bodies.map((body, i) => {
    const current = rows?.[i]?.length ?? 0
    const full = { ...body, rows: { ...body.rows, current } }
    const window = windows[i]
    const empty = nothingToJudge(settings, body.rows.reference, { state: 'no-data', window })
    return { window, body: current === 0 ? empty : full }
  })
  const last = judged.at(-1)
  if (last === undefined) throw new TypeError('there is at least one window')
  const extras = await extrasOf(context, { ...sides, windows, body: last.body })
  return { state: 'judged', last, earlier: judged.slice(0, -1), ...common, extras }
}

const SKETCH_MEMORY = 500_000_000
/** Categories of fewer rows may tell who somebody is. */
const FEWEST_ROWS = 10

/** Writes the profile of the reference that `save-profile` asks for. */
async function saveProfile(
  { settings, workspace, log, dryRun }: JobContext<DriftSection>,
  { reference, crew }: OpenedSides,
): Promise<void> {
  const name = settings['save-profile']
  if (name === undefined || dryRun) return
  if (reference.raw === undefined) throw alreadyProfile(name)
  const path = workspace.resolve(name, 'drift.save-profile')
  const ignored = new Set(settings.columns.ignore)
  const columns = reference.columns.map((one) => one.name).filter((one) => !ignored.has(one))
  const options = { columns, memory: SKETCH_MEMORY, seed: settings.rows.seed, threads: 1 }
  const isWhole = reference.source.kind === 'files'
  const profile = await profileSource(crew, reference.raw, {
    ...options,
    isWhole,
    minCount: FEWEST_ROWS,
    times: comparedByName(settings),
  })
  writeProfile(path, profile)
  log.info(`Profile of the reference: ${name}`)
}

function alreadyProfile(name: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-033',
    where: 'drift.save-profile',
    what: `${JSON.stringify(name)} cannot be made: the reference is a profile already.`,
    fix: 'Leave the key out, or copy the profile.',
  })
}
