import type { DriftSection } from '../../config/drift.js'
import { distanceRule } from '../../domain/drift/policy.js'
import type { JobContext } from '../../runtime/job.js'

const USUAL = { numeric: 'wasserstein-normalised', categorical: 'jensen-shannon' } as const

/** One threshold alone may change the distance that columns are judged by: which it is then, and how to keep the other. */
export function tellDistances({
  settings,
  log,
}: Pick<JobContext<DriftSection>, 'settings' | 'log'>): void {
  for (const kind of ['numeric', 'categorical'] as const) {
    const { name, threshold } = distanceRule(settings, kind)
    if (name === USUAL[kind]) continue
    log.info(
      `drift.thresholds: ${kind} columns are judged by ${name} over ${threshold}, and no longer by ${USUAL[kind]}: give that a threshold, too, to keep it.`,
    )
  }
}
