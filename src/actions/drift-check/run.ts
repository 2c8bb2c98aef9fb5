import type { DriftSection } from '../../config/drift.js'
import { driftMarkdown } from '../../domain/report/drift/markdown.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { type ActingPorts, act } from './acting.js'
import type { EnginePorts } from './engine/judge-engine.js'
import { judgeFiles } from './judge-files.js'
import type { ImportPorts } from './judge-imported.js'
import type { Judged } from './judged.js'
import { type MonitoringPorts, operationalOf, publishMetrics } from './monitoring.js'
import { outcomeOf, predicateOf, tellJudged, tellOpen } from './outcome.js'
import { keepHistory, overTime } from './over-time.js'
import type { SidePorts } from './sides.js'
import { tellDistances } from './tell-distances.js'
import { verdictOf } from './verdict.js'
import { checkWrittenPaths } from './written-paths.js'

export interface DriftCheckPorts
  extends SidePorts,
    EnginePorts,
    ImportPorts,
    MonitoringPorts,
    ActingPorts {}

/** Compares the current data with the reference, column by column, decides, and sets off what the settings name. */
export async function driftCheck(
  context: JobContext<DriftSection>,
  ports: DriftCheckPorts,
): Promise<JobOutcome> {
  const { multivariate, performance } = context.settings
  checkWrittenPaths(context)
  if (context.settings.source === 'data') tellDistances(context)
  // First: a query that no server can evaluate is a mistake in the settings, which is told before anything is judged.
  const operational = await operationalOf(context, ports)
  const found = await judge(context, ports)
  const { judged: lasting, history, entries } = overTime(context, found)
  const judged: Judged = { ...lasting, history, extras: { ...lasting.extras, operational } }
  const levels = { multivariate: multivariate.level, performance: performance?.level ?? 'fail' }
  const verdict = verdictOf(judged, levels)
  tellJudged(context, judged)
  tellOpen(context, judged)
  const silent = { triggers: [], annotations: [] }
  const markdown = driftMarkdown(predicateOf(context.settings, judged, { verdict, acted: silent }))
  // Before anything is set off: what fired for a window that the history then lacks could never be confirmed.
  keepHistory(context, entries)
  const acted = await act(context, ports, { judged, verdict, markdown })
  await publishMetrics(context, ports, { judged, verdict })
  return outcomeOf(context, judged, { verdict, acted })
}

async function judge(context: JobContext<DriftSection>, ports: DriftCheckPorts): Promise<Judged> {
  const { settings } = context
  if (settings.source !== 'data') {
    const { judgeImported } = await import('./judge-imported.js')
    return judgeImported(context, ports, settings.source)
  }
  if (settings.reference === undefined) throw noReference()
  if (settings.engine !== 'embedded') {
    return (await import('./engine/judge-engine.js')).judgeEngine(context, ports)
  }
  return judgeFiles(context, ports)
}

function noReference(): UserError {
  return new UserError({
    code: 'MW-DRIFT-013',
    where: 'drift.reference',
    what: 'there is nothing to compare the current data with.',
    fix: 'Name what the model was trained on: files, a profile, or registry:<alias>.',
  })
}
