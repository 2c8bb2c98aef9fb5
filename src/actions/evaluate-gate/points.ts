import { statSync } from 'node:fs'
import type { GateSection } from '../../config/gate.js'
import type { Points, PointValues } from '../../domain/gate/points/point-values.js'
import type { JobContext } from '../../runtime/job.js'
import type { Recorded } from '../../statements/record.js'
import { TrainingPredicate } from '../../statements/schemas/training.js'
import { readPointsFile } from './baseline/points.js'

/** The candidate's own numbers, and the file that they are from; undefined for those of the training. */
export interface CandidatePoints {
  readonly values: PointValues
  readonly file: { readonly path: string; readonly sha256: string } | undefined
}

/** Reads gate.metrics, else the metrics of the training; and what the training took. */
export function readCandidatePoints(context: JobContext<GateSection>): CandidatePoints {
  const { settings, workspace, record } = context
  const recorded = record.read('training')
  const parsed = TrainingPredicate.safeParse(recorded?.statement.predicate)
  const training =
    parsed.success && recorded !== undefined ? budgetsOf(context, parsed.data, recorded) : undefined
  if (settings.metrics === undefined) {
    const candidate = parsed.success ? parsed.data.metrics : {}
    return { values: { candidate, training }, file: undefined }
  }
  const path = workspace.resolve(settings.metrics, 'gate.metrics')
  const { points, sha256 } = readPointsFile(path, settings.metrics)
  return { values: { candidate: points, training }, file: { path, sha256 } }
}

/** What is known of it: a number that nobody measured is not there, and a rule on it says so. */
function budgetsOf(
  context: JobContext<GateSection>,
  { durationSeconds, resources, cost }: TrainingPredicate,
  recorded: Recorded,
): Points {
  const known: Readonly<Record<string, number | null | undefined>> = {
    'duration-seconds': durationSeconds,
    cost,
    'model-size-bytes': modelSize(context, recorded),
    'peak-rss-bytes': resources.peakRssBytes,
    'peak-gpu-memory-bytes': resources.peakGpuMemoryBytes,
  }
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value] as const] : [],
    ),
  )
}

/** Bytes of the files that the training wrote; undefined when one of them is not here. */
function modelSize(
  { workspace }: JobContext<GateSection>,
  { statement }: Recorded,
): number | undefined {
  let total = 0
  for (const { name } of statement.subject) {
    const found = statSync(workspace.resolve(name, 'training.json'), { throwIfNoEntry: false })
    if (found === undefined) return undefined
    total += found.size
  }
  return total
}
