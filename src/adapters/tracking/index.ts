import type { Tracker } from '../../ports/tracker.js'

export interface TrackerContext {
  /** Environment variables of the run: where the tracker is, and how to sign in. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Trackers by the name that settings use; loaded when named. */
const TRACKERS: Readonly<Record<string, (context: TrackerContext) => Promise<Tracker>>> = {
  mlflow: async (context) => (await import('./mlflow/tracker.js')).createMlflowTracker(context),
}

/** The tracker of that name; undefined when there is none. */
export async function openTracker(
  name: string,
  context: TrackerContext,
): Promise<Tracker | undefined> {
  return Object.hasOwn(TRACKERS, name) ? TRACKERS[name]?.(context) : undefined
}
