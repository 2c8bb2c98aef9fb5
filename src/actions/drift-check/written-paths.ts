import type { DriftSection } from '../../config/drift.js'
import type { JobContext } from '../../runtime/job.js'

/** Refuses a file outside of the working directory before anything is compared, not when it is to be written. */
export function checkWrittenPaths({
  settings,
  workspace,
}: Pick<JobContext<DriftSection>, 'settings' | 'workspace'>): void {
  const { metrics, guard } = settings
  const paths = [
    ['drift.metrics.textfile', metrics?.textfile],
    ['drift.history', settings.history],
    ['drift.save-profile', settings['save-profile']],
    ['drift.guard.record', guard.record],
  ] as const
  for (const [where, path] of paths) if (path !== undefined) workspace.resolve(path, where)
}
