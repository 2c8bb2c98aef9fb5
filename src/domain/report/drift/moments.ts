import type { Decision } from '../../decision.js'
import type { ColumnCourse } from '../../drift/history/over-time.js'
import type { ColumnStatus } from '../../drift/predicate.js'
import type { DriftReport } from './shown.js'

/** One result of several in time. */
export interface Moment {
  /** Both ends of the window, or what the run is called. */
  readonly window: string
  readonly state: 'judged' | 'no-data' | 'late'
  readonly decision: Decision
  readonly driftedShare: number
}

/** The windows of the history, or else those of this run, the oldest first; one alone is no course of time. */
export function momentsOf(drift: DriftReport): readonly Moment[] {
  const { history, earlier = [] } = drift
  if (history !== undefined && history.windows.length > 1) return history.windows
  if (earlier.length === 0) return []
  const before = earlier.map((one) => ({ ...one, state: 'judged' as const }))
  return [...before, { ...drift, state: drift.state ?? 'judged' }].map(
    ({ window, state, decision, driftedShare }, index) => ({
      window: window ?? `window ${index + 1}`,
      state,
      decision,
      driftedShare,
    }),
  )
}

/** What became of columns, window by window. */
interface Courses {
  /** The windows' names, the oldest first, this one last. */
  readonly windows: readonly string[]
  readonly columns: readonly ColumnCourse[]
}

/** The columns that drifted in any window that is known, of the history or of this run: those that did most often first. */
export function coursesOf(drift: DriftReport, most: number): Courses {
  const { history } = drift
  if (history?.courses === undefined) return coursesOfRun(drift, most)
  return {
    windows: history.windows.map(({ window }) => window),
    columns: history.courses.slice(0, most),
  }
}

/** Statements of earlier releases know the windows of their own run alone. */
function coursesOfRun(drift: DriftReport, most: number): Courses {
  const { earlier = [], columns } = drift
  if (earlier.length === 0) return { windows: [], columns: [] }
  const now = new Set(columns.filter(({ drifted }) => drifted).map(({ name }) => name))
  const before = earlier.map(({ drifted }) => new Set(drifted))
  const windows = [...before, now]
  const known = new Map(columns.map(({ name, status }) => [name, status]))
  const unconfirmed = columns.filter(({ status }) => status === 'unconfirmed')
  const names = new Set([
    ...windows.flatMap((drifted) => [...drifted]),
    ...unconfirmed.map(({ name }) => name),
  ])
  const courses = [...names].map((name) => ({
    name,
    statuses: [
      ...before.map((drifted): ColumnStatus | null => (drifted.has(name) ? 'drifted' : null)),
      known.get(name) ?? null,
    ],
  }))
  return {
    windows: [...earlier, drift].map(({ window }) => window ?? '–'),
    columns: courses.toSorted((a, b) => timesMoved(b) - timesMoved(a)).slice(0, most),
  }
}

/** In how many windows a column drifted, for once or for good. */
export function timesMoved({ statuses }: Pick<ColumnCourse, 'statuses'>): number {
  return statuses.filter((status) => status === 'drifted' || status === 'unconfirmed').length
}
