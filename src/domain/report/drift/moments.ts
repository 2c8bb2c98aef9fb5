import type { Decision } from '../../decision.js'
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

/** In which windows of this run a column drifted. */
interface DriftedIn {
  readonly name: string
  /** For each window, the oldest first, this one last. */
  readonly drifted: readonly boolean[]
}

/** The columns that drifted in any window of this run: those that did most often first. */
export function driftedOverWindows(
  { earlier = [], columns }: DriftReport,
  most: number,
): readonly DriftedIn[] {
  if (earlier.length === 0) return []
  const now = new Set(columns.filter(({ drifted }) => drifted).map(({ name }) => name))
  const windows = [...earlier.map(({ drifted }) => new Set(drifted)), now]
  const names = new Set(windows.flatMap((drifted) => [...drifted]))
  const courses = [...names].map((name) => ({
    name,
    drifted: windows.map((drifted) => drifted.has(name)),
  }))
  const times = ({ drifted }: DriftedIn) => drifted.filter(Boolean).length
  return courses.toSorted((a, b) => times(b) - times(a)).slice(0, most)
}
