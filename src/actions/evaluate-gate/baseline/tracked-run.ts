import { basename, join } from 'node:path'
import { columnNeeds } from '../../../domain/gate/needs.js'
import { pointOf } from '../../../domain/gate/points/point-name.js'
import { comparesModels } from '../../../domain/gate/policy.js'
import { keptPredictionsNames } from '../../../domain/lineage/kept-predictions.js'
import { UserError } from '../../../errors.js'
import type { TrackedRun, Tracker } from '../../../ports/tracker.js'
import { digestOf } from '../../../statements/canonical.js'
import { type Predictions, readPredictions } from '../predictions.js'
import type { Baseline, BaselineRequest } from './baseline.js'
import { withTemporaryFolder } from './temporary.js'

/** Folders of a run's artifacts in which predictions are looked for. */
const FOLDERS = ['', 'evaluation', 'eval', 'predictions']

/** `run:<id>`: predictions among the artifacts of a tracked run, and its metrics for rules on `metrics:`. */
export async function readTrackedRun(request: BaselineRequest): Promise<Baseline> {
  const { context, name: id } = request
  const { settings } = context
  const tracker = await openTracker(request)
  const run = await tracker.run(id)
  if (run === undefined) throw noRun(settings.tracker, id)
  const path = await findPredictions(tracker, id, settings.predictions)
  if (path === undefined && needsPredictions(request)) throw noPredictions(run)
  const predictions =
    path === undefined ? undefined : await fetchPredictions(request, { tracker, run, path })
  return {
    predictions,
    points: run.metrics,
    source: `${settings.baseline} (${settings.tracker})`,
    digest: predictions === undefined ? numbersDigest(run) : `sha256:${predictions.sha256}`,
    madeAt: run.startedAt,
  }
}

async function openTracker({ context, ports }: BaselineRequest): Promise<Tracker> {
  const name = context.settings.tracker
  const tracker = await ports.openTracker(name, context.signal)
  if (tracker !== undefined) return tracker
  throw new UserError({
    code: 'MW-GATE-112',
    where: 'gate.tracker',
    what: `there is no tracker ${JSON.stringify(name)}.`,
    fix: 'Use mlflow.',
  })
}

async function findPredictions(
  tracker: Tracker,
  id: string,
  wanted: string,
): Promise<string | undefined> {
  const names = [basename(wanted), ...keptPredictionsNames.map((name) => basename(name))]
  for (const folder of FOLDERS) {
    const files = await tracker.files(id, folder)
    for (const name of names) {
      const found = files.find(({ path }) => basename(path) === name)
      if (found !== undefined) return found.path
    }
  }
  return undefined
}

/** Whether some rule compares examples; rules on `metrics:` compare numbers. */
function needsPredictions({ context }: BaselineRequest): boolean {
  const { rules } = context.settings
  const compared = rules.filter(
    (rule) => comparesModels(rule) && pointOf(rule.metric) === undefined,
  )
  return compared.length > 0 && Object.values(columnNeeds(compared)).length > 0
}

interface Found {
  readonly tracker: Tracker
  readonly run: TrackedRun
  readonly path: string
}

function fetchPredictions(
  { context }: BaselineRequest,
  { tracker, run, path }: Found,
): Promise<Predictions> {
  const { settings, signal } = context
  return withTemporaryFolder(async (folder) => {
    const target = join(folder, basename(path))
    await tracker.download(run.id, path, target)
    const shownAs = `${settings.tracker} run ${run.id}: ${path}`
    return readPredictions({ path: target, shownAs }, settings, signal)
  })
}

/** Of a run without predictions: what its numbers are. */
function numbersDigest({ id, metrics }: TrackedRun): string {
  return digestOf({ id, metrics })
}

function noRun(tracker: string, id: string): UserError {
  return new UserError({
    code: 'MW-GATE-113',
    where: 'gate.baseline',
    what: `${tracker} has no run ${JSON.stringify(id)}.`,
    fix: 'Correct the id in run:<id>: the tracker shows it on the page of the run.',
  })
}

function noPredictions({ id }: TrackedRun): UserError {
  return new UserError({
    code: 'MW-GATE-114',
    where: 'gate.baseline',
    what: `the run ${id} has no predictions among its artifacts, and a rule compares examples.`,
    fix: 'Log the file of predictions as an artifact of the run, or compare its metrics by rules on metrics:<name>.',
  })
}
