import type { DriftSection } from '../../config/drift.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { judgeFiles } from './judge-files.js'
import type { Judged } from './judged.js'
import { outcomeOf } from './outcome.js'
import type { SidePorts } from './sides.js'
import { verdictOf } from './verdict.js'

export interface DriftCheckPorts extends SidePorts {}

/** Compares the current data with the reference, column by column, and decides. */
export async function driftCheck(
  context: JobContext<DriftSection>,
  ports: DriftCheckPorts,
): Promise<JobOutcome> {
  const judged = await judge(context, ports)
  const { multivariate, performance } = context.settings
  const levels = { multivariate: multivariate.level, performance: performance?.level ?? 'fail' }
  const verdict = verdictOf(judged, levels)
  const acted = { triggers: [], annotations: [] }
  return outcomeOf(context, judged, { verdict, acted })
}

async function judge(context: JobContext<DriftSection>, ports: DriftCheckPorts): Promise<Judged> {
  const { settings } = context
  if (settings.reference === undefined) throw noReference()
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
